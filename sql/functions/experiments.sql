-- Experiments, and what people say about them.

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_set_experiment(name text, is_local boolean DEFAULT false)
RETURNS text LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_set_experiment';
COMMENT ON FUNCTION pg_catalog.gaiops_set_experiment(text, boolean) IS
'Makes an experiment if need be and sets gaiops.experiment to it, for the session or, with is_local, for the transaction; returns the name';
