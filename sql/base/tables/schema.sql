-- The schema must be ours: a plain CREATE SCHEMA fails where somebody else has
-- made one beforehand, instead of adopting it.
CREATE SCHEMA gaiops;
COMMENT ON SCHEMA gaiops IS 'Records, registry and settings of LLM operations (extension genaiops)';
-- Partitions are read through their tables; beside these they would only be in the way.
CREATE SCHEMA gaiops_partitions;
COMMENT ON SCHEMA gaiops_partitions IS 'Partitions of tables of schema gaiops, to be read there (extension genaiops)';
-- Tools list what is in a schema, whether it can be read or not.
CREATE SCHEMA gaiops_private;
COMMENT ON SCHEMA gaiops_private IS 'What only the owner of the extension reads (extension genaiops)';

DO $$
BEGIN
	IF (SELECT d.encoding FROM pg_catalog.pg_database d
		WHERE d.datname = pg_catalog.current_database()) <> pg_catalog.pg_char_to_encoding('UTF8') THEN
		RAISE EXCEPTION USING
			ERRCODE = 'feature_not_supported',
			MESSAGE = 'extension "genaiops" needs a database with encoding UTF8',
			HINT = 'Create a database WITH ENCODING ''UTF8'' TEMPLATE template0.';
	END IF;
END
$$;
