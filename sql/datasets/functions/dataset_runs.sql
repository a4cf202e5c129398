-- Which runs worked on datasets.

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_log_input(
	dataset text, revision integer DEFAULT NULL, run_id uuid DEFAULT NULL)
RETURNS integer LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_log_input';
COMMENT ON FUNCTION pg_catalog.gaiops_log_input(text, integer, uuid) IS
	'Logs that a run, by default the current one, works on a revision of a dataset, by default the latest, '
	'and returns the revision; a rollback does not undo it';
