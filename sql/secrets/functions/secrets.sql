CREATE OR REPLACE FUNCTION pg_catalog.gaiops_create_secret(name text, value text)
RETURNS text
AS 'MODULE_PATHNAME', 'gaiops_create_secret'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION pg_catalog.gaiops_create_secret(text, text) IS
	'Seals a key under a new name, or stores a reference (env:NAME or file:/path, '
	'superusers only), and returns the name';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_create_secret_from_file(name text, path text)
RETURNS text
AS 'MODULE_PATHNAME', 'gaiops_create_secret_from_file'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION pg_catalog.gaiops_create_secret_from_file(text, text) IS
	'Seals the content of a file on the server, less one newline at its end, under a new name, and returns the name';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_alter_secret(name text, value text)
RETURNS text
AS 'MODULE_PATHNAME', 'gaiops_alter_secret'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION pg_catalog.gaiops_alter_secret(text, text) IS
	'Replaces the value of a secret, as gaiops_create_secret() takes it, and returns the name';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_alter_secret_from_file(name text, path text)
RETURNS text
AS 'MODULE_PATHNAME', 'gaiops_alter_secret_from_file'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION pg_catalog.gaiops_alter_secret_from_file(text, text) IS
	'Replaces the value of a secret by the content of a file on the server, and returns the name';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_drop_secret(name text)
RETURNS void
AS 'MODULE_PATHNAME', 'gaiops_drop_secret'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION pg_catalog.gaiops_drop_secret(text) IS
	'Removes a secret that no endpoint refers to; returns nothing';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_rotate_master_key()
RETURNS text
AS 'MODULE_PATHNAME', 'gaiops_rotate_master_key'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION pg_catalog.gaiops_rotate_master_key() IS
	'Adds a master key to the key ring file, reseals the secrets of this database under it, and returns its id';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_list_secrets(
	OUT name text, OUT kind text, OUT key_id text, OUT reference text,
	OUT created_at timestamptz, OUT updated_at timestamptz, OUT created_by name)
RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE ROWS 10 SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT s.name, s.kind, s.key_id, s.reference, s.created_at, s.updated_at, s.created_by
	FROM gaiops_private.secrets AS s
	ORDER BY s.name
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_list_secrets() IS 'Returns what is known of every secret but its value';
