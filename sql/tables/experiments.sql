-- Experiments are written by the writer alone, so that one made by a call
-- survives that call's rollback and no user transaction holds its key.
CREATE TABLE gaiops.experiments (
	name        text PRIMARY KEY,
	created_at  timestamptz NOT NULL,
	created_by  name NOT NULL
);
COMMENT ON TABLE gaiops.experiments IS 'What calls are grouped by; every span belongs to one experiment';
COMMENT ON COLUMN gaiops.experiments.name IS 'Name, as in gaiops_set_experiment()';
COMMENT ON COLUMN gaiops.experiments.created_at IS 'When it was first used';
COMMENT ON COLUMN gaiops.experiments.created_by IS 'Database role that first used it';
SELECT pg_catalog.pg_extension_config_dump('gaiops.experiments', '');
