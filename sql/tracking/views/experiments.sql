CREATE OR REPLACE VIEW gaiops.experiments WITH (security_invoker = true) AS
	SELECT e.name, d.description, d.goal, d.owner, coalesce(d.tags, '{}') AS tags, e.created_at,
		e.created_by::text COLLATE "default",
		d.updated_at, d.updated_by::text COLLATE "default"
	FROM gaiops.experiment_names AS e
	LEFT JOIN gaiops.experiment_details AS d ON d.experiment = e.name;
COMMENT ON VIEW gaiops.experiments IS 'What calls are grouped by; every span and run belongs to one experiment';
COMMENT ON COLUMN gaiops.experiments.name IS 'Name, as in gaiops_set_experiment()';
COMMENT ON COLUMN gaiops.experiments.description IS 'What it is about; NULL if not said';
COMMENT ON COLUMN gaiops.experiments.goal IS 'What is to be reached; NULL if not said';
COMMENT ON COLUMN gaiops.experiments.owner IS 'Who answers for it; NULL if not said';
COMMENT ON COLUMN gaiops.experiments.tags IS 'Tags, a JSON object of strings';
COMMENT ON COLUMN gaiops.experiments.created_at IS 'When it was first used';
COMMENT ON COLUMN gaiops.experiments.created_by IS 'Database role that first used it';
COMMENT ON COLUMN gaiops.experiments.updated_at IS
	'When description, goal, owner or tags were last said; NULL if never';
COMMENT ON COLUMN gaiops.experiments.updated_by IS 'Database role that said it; NULL if nobody did';
