CREATE OR REPLACE FUNCTION gaiops.endpoint_url(base text)
RETURNS text
AS 'MODULE_PATHNAME', 'gaiops_endpoint_url'
LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION gaiops.endpoint_url(text) IS
	'Takes the base URL of an endpoint and returns the URL that requests are posted to; '
	'raises unless an endpoint may have it';

CREATE OR REPLACE FUNCTION gaiops.url_origin(base text)
RETURNS text
AS 'MODULE_PATHNAME', 'gaiops_url_origin'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION gaiops.url_origin(text) IS
	'Takes the base URL of an endpoint and returns its scheme, host and port, '
	'alike for URLs that lead to the same server; NULL for what is no URL';

CREATE OR REPLACE FUNCTION gaiops.raise_unknown_endpoint(name text)
RETURNS void
AS 'MODULE_PATHNAME', 'gaiops_raise_unknown_endpoint'
LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION gaiops.raise_unknown_endpoint(text) IS
	'Takes the name of an endpoint and raises that it does not exist, naming those that do';

CREATE OR REPLACE FUNCTION gaiops.provider_of_url(url text)
RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE
		WHEN url = 'builtin:echo' THEN 'builtin'
		WHEN host ~ '[.]openai[.]azure[.](com|us|cn)$' THEN 'azure.ai.openai'
		WHEN host ~ '[.]services[.]ai[.]azure[.](com|us|cn)$' THEN 'azure.ai.inference'
		WHEN host = 'api.anthropic.com' THEN 'anthropic'
		WHEN host ~ '^bedrock-runtime[.][a-z0-9-]+[.]amazonaws[.]com$' THEN 'aws.bedrock'
		WHEN host ~ '^bedrock-mantle[.][a-z0-9-]+[.]api[.]aws$' THEN 'bedrock_mantle'
		WHEN host = 'codestral.mistral.ai' THEN 'codestral'
		WHEN host IN ('api.cohere.com', 'api.cohere.ai') THEN 'cohere'
		WHEN host = 'api.deepseek.com' THEN 'deepseek'
		WHEN host = 'generativelanguage.googleapis.com' THEN 'gcp.gemini'
		WHEN host ~ '^([a-z0-9-]+-)?aiplatform[.]googleapis[.]com$' THEN 'gcp.vertex_ai'
		WHEN host = 'api.groq.com' THEN 'groq'
		WHEN host = 'api.mistral.ai' THEN 'mistral_ai'
		WHEN host = 'api.perplexity.ai' THEN 'perplexity'
		WHEN host = 'api.x.ai' THEN 'x_ai'
		ELSE 'openai'
	END
	FROM (SELECT substring(lower(url COLLATE "C") FROM '^https?://([^/?:]+)') AS host) AS h
$$;
COMMENT ON FUNCTION gaiops.provider_of_url(text) IS
	'Takes the base URL of an endpoint and returns the provider by its host, "openai" if nothing else is known';

CREATE OR REPLACE FUNCTION gaiops.check_duration(argument text, duration interval)
RETURNS interval
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF duration < interval '1 ms' OR duration > interval '1 h' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('argument "%s" is out of range', argument),
			DETAIL = format('It is %s; it must be from 1 ms to 1 hour.', duration);
	END IF;
	RETURN make_interval(secs => extract(epoch FROM duration)::double precision);
END
$$;
COMMENT ON FUNCTION gaiops.check_duration(text, interval) IS
	'Takes an argument''s name and value and returns the value in seconds; raises unless it is from 1 ms to 1 hour';

CREATE OR REPLACE FUNCTION gaiops.check_params(params jsonb)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	reserved CONSTANT text[] := ARRAY['model', 'messages', 'gaiops'];
	key text;
BEGIN
	PERFORM gaiops.check_object('params', params, '{"temperature": 0.2, "max_tokens": 500}');
	FOREACH key IN ARRAY reserved LOOP
		IF params ? key THEN
			RAISE EXCEPTION USING
				ERRCODE = 'invalid_parameter_value',
				MESSAGE = format('argument "params" must not have the key "%s"', key),
				DETAIL = 'The model and the messages are not parameters of an endpoint.',
				HINT = CASE key WHEN 'model' THEN 'Use the argument "model".' ELSE 'Leave it out.' END;
		END IF;
	END LOOP;
	IF params -> 'stream' NOT IN ('false', 'null') THEN
		RAISE EXCEPTION USING
			ERRCODE = 'feature_not_supported',
			MESSAGE = 'streamed answers are not supported yet',
			HINT = 'Leave out "stream", or give false.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_params(jsonb) IS
	'Takes default parameters of an endpoint and returns nothing; '
	'raises unless they are an object without keys of our own';

CREATE OR REPLACE FUNCTION gaiops.header_problem(name text, value jsonb)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE
		WHEN name !~ '^[!#$%&''*+.^_`|~0-9A-Za-z-]{1,255}$'
			THEN 'The name of a header has 1 to 255 letters, digits and characters of !#$%&''*+-.^_`|~.'
		WHEN lower(name COLLATE "C") = 'authorization'
			THEN 'A key is given by the argument "secret", which names a secret.'
		WHEN lower(name COLLATE "C") IN ('accept', 'accept-encoding', 'connection', 'content-encoding',
			'content-length', 'content-type', 'expect', 'host', 'idempotency-key', 'keep-alive',
			'proxy-authorization', 'proxy-connection', 'te', 'traceparent', 'trailer',
			'transfer-encoding', 'upgrade')
			THEN 'This header is set by the server.'
		WHEN jsonb_typeof(value) <> 'string'
			THEN 'The value of a header must be a string.'
		WHEN value #>> '{}' ~ E'[\\u0001-\\u001f\\u007f-\\u009f]'
			THEN 'The value of a header must not have control characters.'
		WHEN value #>> '{}' !~ '^[^ ](.*[^ ])?$'
			THEN 'The value of a header must not be empty, nor begin or end with a space.'
		WHEN octet_length(value #>> '{}') > 8192
			THEN 'The value of a header has at most 8192 bytes.'
	END
$$;
COMMENT ON FUNCTION gaiops.header_problem(text, jsonb) IS
	'Takes an extra header of an endpoint and returns what is wrong with it, or NULL; '
	'never repeats the value, which may be a key';

CREATE OR REPLACE FUNCTION gaiops.check_headers(headers jsonb)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	bad record;
BEGIN
	PERFORM gaiops.check_object('headers', headers, '{"x-team": "search", "x-portkey-api-key": "secret:portkey"}');
	SELECT h.key, gaiops.header_problem(h.key, h.value) AS problem INTO bad
		FROM jsonb_each(headers) AS h
		WHERE gaiops.header_problem(h.key, h.value) IS NOT NULL
		ORDER BY h.key COLLATE "C" LIMIT 1;
	IF NOT FOUND THEN
		SELECT max(h.key) AS key, 'It is there twice: upper and lower case are the same.' AS problem INTO bad
			FROM jsonb_object_keys(headers) AS h (key)
			GROUP BY lower(h.key COLLATE "C") HAVING count(*) > 1 LIMIT 1;
	END IF;
	IF FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('header "%s" is not acceptable', left(bad.key, 64)),
			DETAIL = bad.problem;
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_headers(jsonb) IS
	'Takes extra headers of an endpoint and returns nothing; raises unless each may be sent';

CREATE OR REPLACE FUNCTION gaiops.endpoint_secrets(endpoint gaiops.endpoints)
RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT array_agg(u.name ORDER BY u.name COLLATE "C")
	FROM (
		SELECT (endpoint).secret WHERE (endpoint).secret IS NOT NULL
		UNION
		SELECT substring(h.value FROM '^secret:(.*)$')
		FROM jsonb_each_text((endpoint).headers) AS h
		WHERE starts_with(h.value, 'secret:')
	) AS u (name)
$$;
COMMENT ON FUNCTION gaiops.endpoint_secrets(gaiops.endpoints) IS
	'Takes a row of gaiops.endpoints and returns the names of the secrets it refers to, or NULL';

CREATE OR REPLACE FUNCTION gaiops.without_secrets(endpoint gaiops.endpoints)
RETURNS gaiops.endpoints
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	endpoint.secret := NULL;
	endpoint.headers := (
		SELECT coalesce(jsonb_object_agg(h.key, h.value), '{}')
		FROM jsonb_each(endpoint.headers) AS h
		WHERE NOT starts_with(h.value #>> '{}', 'secret:'));
	RETURN endpoint;
END
$$;
COMMENT ON FUNCTION gaiops.without_secrets(gaiops.endpoints) IS
	'Takes a row of gaiops.endpoints and returns it without its secret and the headers that stand for one';

-- What else is in the headers may be a key in clear, and a warning goes to the log.
CREATE OR REPLACE FUNCTION gaiops.warn_of_lost_secrets(was gaiops.endpoints, url text)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	kept CONSTANT jsonb := (gaiops.without_secrets(was)).headers;
	lost CONSTANT jsonb := was.headers - ARRAY(SELECT jsonb_object_keys(kept));
	places text := (
		SELECT string_agg(p.place, ', ' ORDER BY p.header COLLATE "C" NULLS FIRST) FROM (
			SELECT NULL AS header, format('secret "%s"', was.secret) AS place WHERE was.secret IS NOT NULL
			UNION ALL
			SELECT h.key, format('secret "%s" in header "%s"', substring(h.value FROM '^secret:(.*)$'), h.key)
				FROM jsonb_each_text(lost) AS h) AS p);
BEGIN
	IF places IS NOT NULL THEN
		RAISE WARNING USING
			MESSAGE = format('endpoint "%s" has lost its secrets', was.name),
			DETAIL = format('It now leads to %s. Given for %s were %s.',
				gaiops.url_origin(url), gaiops.url_origin(was.url), places),
			HINT = format('To have them sent there, too, run: SELECT gaiops_alter_endpoint(%L%s%s).', was.name,
				CASE WHEN was.secret IS NOT NULL THEN format(', secret => %L', was.secret) END,
				CASE WHEN lost = '{}' THEN ''
					WHEN kept = '{}' THEN format(', headers => %L', lost)
					ELSE format(', headers => (SELECT headers || %L FROM gaiops.endpoints WHERE name = %L)',
						lost, was.name) END);
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.warn_of_lost_secrets(gaiops.endpoints, text) IS
	'Takes what is left out of a row of gaiops.endpoints when it is moved, and its new base URL, and returns nothing; '
	'if secrets are among it, warns which they are, where they were, and how to give them again';

-- The rows are locked, so that a secret is not dropped before we commit.
CREATE OR REPLACE FUNCTION gaiops.lock_endpoint_secrets(endpoint gaiops.endpoints)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	wanted text;
BEGIN
	FOREACH wanted IN ARRAY coalesce(gaiops.endpoint_secrets(endpoint), '{}') LOOP
		PERFORM FROM gaiops_private.secrets AS s WHERE s.name = wanted FOR KEY SHARE;
		IF NOT FOUND THEN
			RAISE EXCEPTION USING
				ERRCODE = 'undefined_object',
				MESSAGE = format('secret "%s" does not exist', left(wanted, 255)),
				HINT = 'Create it with gaiops_create_secret().';
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION gaiops.lock_endpoint_secrets(gaiops.endpoints) IS
	'Takes a row for gaiops.endpoints and returns nothing; keeps the secrets it refers to from being dropped, '
	'and raises if one does not exist';

CREATE OR REPLACE FUNCTION gaiops.check_endpoint_text(endpoint gaiops.endpoints)
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	problem text := CASE
		WHEN endpoint.model ~ E'[\\u0001-\\u001f\\u007f-\\u009f]' OR octet_length(endpoint.model) > 400
			THEN 'A model has at most 400 bytes and no control characters.'
		WHEN endpoint.provider !~ '^[A-Za-z0-9_.-]{1,100}$'
			THEN 'A provider has 1 to 100 letters, digits, underscores, dots and hyphens.'
	END;
BEGIN
	IF endpoint.name !~ '^[A-Za-z0-9_.-]{1,255}$' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('invalid name "%s" of an endpoint', left(endpoint.name, 255)),
			DETAIL = 'A name has 1 to 255 letters, digits, underscores, dots and hyphens.';
	END IF;
	PERFORM gaiops.endpoint_url(endpoint.url);
	IF problem IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('endpoint "%s" is not acceptable', endpoint.name),
			DETAIL = problem;
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_endpoint_text(gaiops.endpoints) IS
	'Takes a row for gaiops.endpoints and returns nothing; raises unless its name, URL, '
	'model and provider are acceptable';

CREATE OR REPLACE FUNCTION gaiops.check_endpoint(endpoint gaiops.endpoints)
RETURNS gaiops.endpoints
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_endpoint_text(endpoint);
	PERFORM gaiops.check_params(endpoint.params::jsonb);
	PERFORM gaiops.check_headers(endpoint.headers);
	endpoint.timeout := gaiops.check_duration('timeout', endpoint.timeout);
	endpoint.connect_timeout := gaiops.check_duration('connect_timeout', endpoint.connect_timeout);
	PERFORM gaiops.check_range('max_retries', endpoint.max_retries, 0, 10);
	IF endpoint.max_response_bytes NOT BETWEEN 1024 AND 1073741824 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'argument "max_response_bytes" is out of range',
			DETAIL = format('It is %s; it must be from 1024 (1 kB) to 1073741824 (1 GB).', endpoint.max_response_bytes);
	END IF;
	PERFORM gaiops.lock_endpoint_secrets(endpoint);
	endpoint.updated_at := now();
	endpoint.updated_by := gaiops.caller();
	RETURN endpoint;
END
$$;
COMMENT ON FUNCTION gaiops.check_endpoint(gaiops.endpoints) IS
	'Takes a row for gaiops.endpoints and returns it as it may be stored; raises otherwise';

CREATE OR REPLACE FUNCTION gaiops.inner_create_endpoint(
	name text, url text, model text, secret text, provider text, params gaiops.ordered_json,
	headers gaiops.ordered_json, connect_timeout interval, timeout interval, max_retries integer,
	max_response_bytes bigint, description text)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	e gaiops.endpoints;
BEGIN
	PERFORM gaiops.check_given('name', name);
	PERFORM gaiops.check_given('url', url);
	e.name := name;
	e.url := url;
	e.model := coalesce(nullif(model, ''), CASE WHEN url = 'builtin:echo' THEN 'builtin-echo' END);
	e.secret := nullif(secret, '');
	e.provider := coalesce(nullif(provider, ''), gaiops.provider_of_url(url));
	e.params := coalesce(params, '{}');
	e.headers := coalesce(headers, '{}');
	e.connect_timeout := coalesce(connect_timeout, '5 s');
	e.timeout := coalesce(timeout, '60 s');
	e.max_retries := coalesce(max_retries, 2);
	e.max_response_bytes := coalesce(max_response_bytes, 16777216);
	e.description := nullif(description, '');
	e.created_at := now();
	e.created_by := gaiops.caller();
	e := gaiops.check_endpoint(e);
	INSERT INTO gaiops.endpoints VALUES (e.*) ON CONFLICT DO NOTHING;
	IF NOT FOUND THEN
		PERFORM gaiops.raise_duplicate('endpoint', name, 'Change it with gaiops_alter_endpoint().');
	END IF;
	RETURN e.name;
END
$$;
COMMENT ON FUNCTION gaiops.inner_create_endpoint(
	text, text, text, text, text, gaiops.ordered_json, gaiops.ordered_json, interval, interval, integer, bigint,
	text) IS
	'Takes the arguments of gaiops_create_endpoint() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_create_endpoint(
	name text,
	url text,
	model text DEFAULT NULL,
	secret text DEFAULT NULL,
	provider text DEFAULT NULL,
	params gaiops.ordered_json DEFAULT '{}',
	headers gaiops.ordered_json DEFAULT '{}',
	connect_timeout interval DEFAULT '5 s',
	timeout interval DEFAULT '60 s',
	max_retries integer DEFAULT 2,
	max_response_bytes bigint DEFAULT 16777216,
	description text DEFAULT NULL)
RETURNS text
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_create_endpoint(
	text, text, text, text, text, gaiops.ordered_json, gaiops.ordered_json, interval, interval, integer, bigint,
	text) IS
	'Takes the name of a new endpoint, its base URL and options and returns the name';

CREATE OR REPLACE FUNCTION gaiops.inner_alter_endpoint(
	name text, url text, model text, secret text, provider text, params gaiops.ordered_json,
	headers gaiops.ordered_json, connect_timeout interval, timeout interval, max_retries integer,
	max_response_bytes bigint, description text)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	wanted CONSTANT text := name;
	e gaiops.endpoints;
	lost gaiops.endpoints;
BEGIN
	PERFORM gaiops.check_given('name', wanted);
	SELECT * INTO e FROM gaiops.endpoints AS t WHERE t.name = wanted FOR NO KEY UPDATE;
	IF NOT FOUND THEN
		PERFORM gaiops.raise_unknown_endpoint(wanted);
	END IF;
	-- Keys go where they were given for, so that nobody has one sent elsewhere unseen.
	IF gaiops.url_origin(coalesce(url, e.url)) IS DISTINCT FROM gaiops.url_origin(e.url) THEN
		lost := e;
		lost.secret := CASE WHEN secret IS NULL THEN e.secret END;
		lost.headers := CASE WHEN headers IS NULL THEN e.headers ELSE '{}' END;
		e := gaiops.without_secrets(e);
	END IF;
	-- What followed from the old URL follows from the new one.
	e.provider := coalesce(nullif(provider, ''), CASE
		WHEN provider = '' OR e.provider = gaiops.provider_of_url(e.url)
		THEN gaiops.provider_of_url(coalesce(url, e.url))
		ELSE e.provider END);
	e.url := coalesce(url, e.url);
	e.model := nullif(coalesce(model, e.model), '');
	IF e.url = 'builtin:echo' THEN
		e.model := coalesce(e.model, 'builtin-echo');
	ELSIF model IS NULL THEN
		e.model := nullif(e.model, 'builtin-echo');
	END IF;
	e.secret := nullif(coalesce(secret, e.secret), '');
	e.params := coalesce(params, e.params);
	e.headers := coalesce(headers, e.headers);
	e.connect_timeout := coalesce(connect_timeout, e.connect_timeout);
	e.timeout := coalesce(timeout, e.timeout);
	e.max_retries := coalesce(max_retries, e.max_retries);
	e.max_response_bytes := coalesce(max_response_bytes, e.max_response_bytes);
	e.description := nullif(coalesce(description, e.description), '');
	e := gaiops.check_endpoint(e);
	UPDATE gaiops.endpoints AS t SET
		url = e.url, model = e.model, provider = e.provider, secret = e.secret,
		params = e.params, headers = e.headers,
		connect_timeout = e.connect_timeout, timeout = e.timeout,
		max_retries = e.max_retries, max_response_bytes = e.max_response_bytes,
		description = e.description, updated_at = e.updated_at, updated_by = e.updated_by
		WHERE t.name = wanted;
	PERFORM gaiops.warn_of_lost_secrets(lost, e.url);
	RETURN wanted;
END
$$;
COMMENT ON FUNCTION gaiops.inner_alter_endpoint(
	text, text, text, text, text, gaiops.ordered_json, gaiops.ordered_json, interval, interval, integer, bigint,
	text) IS
	'Takes the arguments of gaiops_alter_endpoint() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_alter_endpoint(
	name text,
	url text DEFAULT NULL,
	model text DEFAULT NULL,
	secret text DEFAULT NULL,
	provider text DEFAULT NULL,
	params gaiops.ordered_json DEFAULT NULL,
	headers gaiops.ordered_json DEFAULT NULL,
	connect_timeout interval DEFAULT NULL,
	timeout interval DEFAULT NULL,
	max_retries integer DEFAULT NULL,
	max_response_bytes bigint DEFAULT NULL,
	description text DEFAULT NULL)
RETURNS text
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_alter_endpoint(
	text, text, text, text, text, gaiops.ordered_json, gaiops.ordered_json, interval, interval, integer, bigint,
	text) IS
	'Takes the name of an endpoint and what to change of it (NULL leaves as is, but a new scheme, '
	'host or port takes the secrets away; an empty text removes the secret, model or description) and returns the name';

CREATE OR REPLACE FUNCTION gaiops.inner_drop_endpoint(name text)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	wanted CONSTANT text := name;
BEGIN
	PERFORM gaiops.check_given('name', wanted);
	DELETE FROM gaiops.endpoints AS t WHERE t.name = wanted;
	IF NOT FOUND THEN
		PERFORM gaiops.raise_unknown_endpoint(wanted);
	END IF;
	RETURN wanted;
END
$$;
COMMENT ON FUNCTION gaiops.inner_drop_endpoint(text) IS
	'Takes the arguments of gaiops_drop_endpoint() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_drop_endpoint(name text)
RETURNS text
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_drop_endpoint(text) IS
	'Takes the name of an endpoint, removes it and returns the name; what was recorded of its calls stays';

-- There is no foreign key: see the table.
CREATE OR REPLACE FUNCTION gaiops.keep_used_secret()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	users text := (
		SELECT string_agg(format('"%s"', n.name), ', ')
		FROM (
			SELECT e.name FROM gaiops.endpoints AS e
			WHERE OLD.name = ANY (gaiops.endpoint_secrets(e))
			ORDER BY e.name LIMIT 10
		) AS n);
BEGIN
	IF users IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'dependent_objects_still_exist',
			MESSAGE = format('secret "%s" is used by endpoints', OLD.name),
			DETAIL = format('It is sent by %s.', users),
			HINT = 'Give them another secret, or none, with gaiops_alter_endpoint() first.';
	END IF;
	RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$$;
COMMENT ON FUNCTION gaiops.keep_used_secret() IS
	'Trigger function: raises when a secret is removed that an endpoint refers to';

CREATE OR REPLACE TRIGGER keep_used_secret BEFORE DELETE OR UPDATE OF name ON gaiops_private.secrets
FOR EACH ROW EXECUTE FUNCTION gaiops.keep_used_secret();
COMMENT ON TRIGGER keep_used_secret ON gaiops_private.secrets IS 'Keeps a secret that an endpoint refers to';
