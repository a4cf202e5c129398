-- Named routes to models.  A row holds no key: secret names a row of
-- gaiops_private.secrets, and so does a header whose value is secret:NAME.  The
-- functions see to it that there is such a row; a foreign key would make
-- pg_restore --jobs fail, which loads the tables of an extension in any order.
CREATE TABLE gaiops.endpoints (
	name                text COLLATE "C" PRIMARY KEY
		CHECK (name ~ '^[A-Za-z0-9_.-]{1,255}$'),
	url                 text NOT NULL,
	model               text CHECK (model <> ''),
	provider            text NOT NULL CHECK (provider <> ''),
	secret              text COLLATE "C",
	params              json NOT NULL CHECK (json_typeof(params) = 'object'),
	headers             jsonb NOT NULL CHECK (jsonb_typeof(headers) = 'object'),
	connect_timeout     interval NOT NULL,
	timeout             interval NOT NULL,
	max_retries         integer NOT NULL,
	max_response_bytes  bigint NOT NULL,
	description         text,
	created_at          timestamptz NOT NULL,
	created_by          name NOT NULL,
	updated_at          timestamptz NOT NULL,
	updated_by          name NOT NULL
);
CREATE INDEX endpoints_secret_idx ON gaiops.endpoints (secret) WHERE secret IS NOT NULL;
COMMENT ON TABLE gaiops.endpoints IS
	'Named routes to models, as gaiops_chat() takes them; written by gaiops_create_endpoint() and its kin';
COMMENT ON COLUMN gaiops.endpoints.name IS 'Name that calls use';
COMMENT ON COLUMN gaiops.endpoints.url IS 'Base URL of the gateway, or builtin:echo';
COMMENT ON COLUMN gaiops.endpoints.model IS 'Model asked of the gateway; NULL sends the endpoint''s own name';
COMMENT ON COLUMN gaiops.endpoints.provider IS
	'Provider, named as in OpenTelemetry gen_ai.provider.name; prices are looked up by it';
COMMENT ON COLUMN gaiops.endpoints.secret IS 'Secret sent as bearer token, by name; NULL sends none';
COMMENT ON COLUMN gaiops.endpoints.params IS 'Default parameters of requests; a call''s own win';
COMMENT ON COLUMN gaiops.endpoints.headers IS 'Extra request headers; the value secret:NAME stands for a secret';
COMMENT ON COLUMN gaiops.endpoints.connect_timeout IS 'Longest time to connect';
COMMENT ON COLUMN gaiops.endpoints.timeout IS 'Longest time of a whole call, retries included';
COMMENT ON COLUMN gaiops.endpoints.max_retries IS 'Most attempts after the first';
COMMENT ON COLUMN gaiops.endpoints.max_response_bytes IS 'Largest answer that is read, decompressed';
COMMENT ON COLUMN gaiops.endpoints.description IS 'What it is for';
COMMENT ON COLUMN gaiops.endpoints.created_at IS 'When it was created';
COMMENT ON COLUMN gaiops.endpoints.created_by IS 'Database role that created it';
COMMENT ON COLUMN gaiops.endpoints.updated_at IS 'When it was last changed';
COMMENT ON COLUMN gaiops.endpoints.updated_by IS 'Database role that changed it';
SELECT pg_catalog.pg_extension_config_dump('gaiops.endpoints', '');
