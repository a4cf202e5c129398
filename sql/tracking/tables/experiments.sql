-- Experiments are written by the writer alone, so that one made by a call
-- survives that call's rollback and no user transaction holds its key.  What
-- people say about one is ordinary data, and in a table of its own.
CREATE TABLE gaiops.experiment_names (
	name        text PRIMARY KEY,
	created_at  timestamptz NOT NULL,
	created_by  name NOT NULL
);
COMMENT ON TABLE gaiops.experiment_names IS 'What calls are grouped by; read gaiops.experiments';
COMMENT ON COLUMN gaiops.experiment_names.name IS 'Name, as in gaiops_set_experiment()';
COMMENT ON COLUMN gaiops.experiment_names.created_at IS 'When it was first used';
COMMENT ON COLUMN gaiops.experiment_names.created_by IS 'Database role that first used it';
SELECT pg_catalog.pg_extension_config_dump('gaiops.experiment_names', '');

CREATE TABLE gaiops.experiment_details (
	experiment   text PRIMARY KEY,
	description  text,
	goal         text,
	owner        text,
	tags         jsonb NOT NULL,
	updated_at   timestamptz NOT NULL,
	updated_by   name NOT NULL
);
COMMENT ON TABLE gaiops.experiment_details IS 'What people say about experiments; read gaiops.experiments';
COMMENT ON COLUMN gaiops.experiment_details.experiment IS 'Experiment by name';
COMMENT ON COLUMN gaiops.experiment_details.description IS 'What it is about; NULL if not said';
COMMENT ON COLUMN gaiops.experiment_details.goal IS 'What is to be reached; NULL if not said';
COMMENT ON COLUMN gaiops.experiment_details.owner IS 'Who answers for it; NULL if not said';
COMMENT ON COLUMN gaiops.experiment_details.tags IS 'Tags, a JSON object of strings';
COMMENT ON COLUMN gaiops.experiment_details.updated_at IS 'When this was last said';
COMMENT ON COLUMN gaiops.experiment_details.updated_by IS 'Database role that said it';
SELECT pg_catalog.pg_extension_config_dump('gaiops.experiment_details', '');
