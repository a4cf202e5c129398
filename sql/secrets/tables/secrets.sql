-- Keys of gateways.  A sealed row is of no use without the key ring file, which
-- is outside the database; so the rows may be dumped.

CREATE TABLE gaiops_private.secrets (
	name        text COLLATE "C" PRIMARY KEY
		CHECK (name ~ '^[A-Za-z0-9_.-]{1,255}$'),
	kind        text NOT NULL CHECK (kind IN ('sealed', 'env', 'file')),
	sealed      bytea,
	key_id      text,
	reference   text,
	created_at  timestamptz NOT NULL DEFAULT now(),
	updated_at  timestamptz NOT NULL DEFAULT now(),
	created_by  name NOT NULL,
	CHECK ((kind = 'sealed') = (sealed IS NOT NULL)),
	CHECK ((kind = 'sealed') = (key_id IS NOT NULL)),
	CHECK ((kind = 'sealed') = (reference IS NULL))
);

COMMENT ON TABLE gaiops_private.secrets IS
	'Keys that are sent to gateways: sealed, or by reference to where the server finds them';
COMMENT ON COLUMN gaiops_private.secrets.name IS 'Name that endpoints refer to';
COMMENT ON COLUMN gaiops_private.secrets.kind IS
	'sealed, env (an environment variable of the server) or file (a file on the server)';
COMMENT ON COLUMN gaiops_private.secrets.sealed IS 'Value sealed under a master key; NULL for a reference';
COMMENT ON COLUMN gaiops_private.secrets.key_id IS
	'Master key in the key ring file that opens the value; NULL for a reference';
COMMENT ON COLUMN gaiops_private.secrets.reference IS 'Environment variable or absolute path; NULL for a sealed value';
COMMENT ON COLUMN gaiops_private.secrets.created_at IS 'Time of gaiops_create_secret()';
COMMENT ON COLUMN gaiops_private.secrets.updated_at IS 'Time of the last change or resealing';
COMMENT ON COLUMN gaiops_private.secrets.created_by IS 'Role that created the secret, by name';

SELECT pg_catalog.pg_extension_config_dump('gaiops_private.secrets', '');
