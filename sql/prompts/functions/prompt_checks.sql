-- What the arguments of the functions for prompts may be.

-- Beginning like an array of objects, in JSON or as drivers send a list, is enough to look
-- closer: few templates do.
CREATE OR REPLACE FUNCTION gaiops.is_message_array(template text)
RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF starts_with(template, '{"{') THEN
		template := format('[%s]', array_to_string(template::text[], ','));
	END IF;
	IF template !~ E'^\\s*\\[\\s*\\{' THEN
		RETURN false;
	END IF;
	-- Several, one behind the other, are what || makes of json.
	RETURN (
		SELECT bool_and(jsonb_typeof(e) = 'object' AND (e ? 'role' OR e -> 'type' = '"placeholder"'))
		FROM jsonb_array_elements(format('[%s]', regexp_replace(template, E'\\]\\s*\\[', '],[', 'g'))::jsonb) AS a,
			jsonb_array_elements(a) AS e);
EXCEPTION
	-- It is no JSON, or none that jsonb can hold.
	WHEN data_exception OR program_limit_exceeded THEN
		RETURN false;
END
$$;
COMMENT ON FUNCTION gaiops.is_message_array(text) IS
	'Takes a template and returns whether it is a JSON array of messages, or several, given as a text by mistake';

CREATE OR REPLACE FUNCTION gaiops.check_prompt_template(template text)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_given('template', template);
	PERFORM gaiops.check_size('template', template, 1048576);
	IF gaiops.is_message_array(template) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'argument "template" is a JSON array of messages',
			DETAIL = 'An untyped literal is taken for the template of a text prompt.',
			HINT = 'To register a chat prompt, give messages => ''...''::json; to put arrays together, '
				'cast both to jsonb.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_prompt_template(text) IS
	'Takes the template of a text prompt and returns nothing; raises unless it is a text of at most 1 MB';

CREATE OR REPLACE FUNCTION gaiops.placeholder_problem(placeholder jsonb)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE
		WHEN (jsonb_typeof(placeholder -> 'name') = 'string'
				AND placeholder ->> 'name' ~ '^[A-Za-z_][A-Za-z0-9_]*$') IS NOT TRUE
			THEN 'The "name" of a placeholder has letters, digits and underscores, and no digit first.'
		WHEN placeholder - 'type' - 'name' <> '{}'
			THEN 'A placeholder has a "type" and a "name" and nothing else.'
	END
$$;
COMMENT ON FUNCTION gaiops.placeholder_problem(jsonb) IS
	'Takes a placeholder among messages and returns what is wrong with it, or NULL';

CREATE OR REPLACE FUNCTION gaiops.message_problem(message jsonb)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT CASE
		WHEN jsonb_typeof(message) <> 'object'
			THEN 'It is not an object.'
		WHEN message -> 'type' = '"placeholder"'
			THEN gaiops.placeholder_problem(message)
		WHEN (jsonb_typeof(message -> 'role') = 'string' AND message ->> 'role' <> '') IS NOT TRUE
			THEN 'Its "role" must be a string that is not empty.'
		WHEN jsonb_typeof(message -> 'content') = 'string'
			THEN NULL
		WHEN jsonb_typeof(message -> 'content') = 'array'
			THEN (
				SELECT format('Part %s of its "content" is not an object with a "type".', min(p.number))
				FROM jsonb_array_elements(message -> 'content') WITH ORDINALITY AS p (part, number)
				WHERE jsonb_typeof(p.part -> 'type') IS DISTINCT FROM 'string'
				HAVING count(*) > 0)
		WHEN coalesce(message -> 'content', 'null') = 'null' AND jsonb_typeof(message -> 'tool_calls') = 'array'
			THEN NULL
		ELSE 'Its "content" must be a string or an array of parts; beside "tool_calls" it may be null.'
	END
$$;
COMMENT ON FUNCTION gaiops.message_problem(jsonb) IS
	'Takes a message of a chat prompt and returns what is wrong with it, or NULL';

CREATE OR REPLACE FUNCTION gaiops.check_prompt_messages(messages jsonb)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	example CONSTANT text := 'For example [{"role": "system", "content": "You are polite."}, '
		'{"type": "placeholder", "name": "history"}].';
	bad record;
BEGIN
	PERFORM gaiops.check_given('messages', messages);
	IF jsonb_typeof(messages) <> 'array' OR messages = '[]' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'argument "messages" must be a JSON array of messages',
			DETAIL = CASE messages WHEN '[]' THEN 'It is empty.'
				ELSE format('It is of type %s.', jsonb_typeof(messages)) END,
			HINT = example;
	END IF;
	SELECT m.number, gaiops.message_problem(m.message) AS problem INTO bad
		FROM jsonb_array_elements(messages) WITH ORDINALITY AS m (message, number)
		WHERE gaiops.message_problem(m.message) IS NOT NULL
		ORDER BY m.number LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('message %s of argument "messages" is not acceptable', bad.number),
			DETAIL = bad.problem,
			HINT = example;
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_prompt_messages(jsonb) IS
	'Takes the messages of a chat prompt and returns nothing; raises unless they are an array of messages '
	'and placeholders of at most 1 MB';

-- OpenAI's formats are known by their type; anything else is a bare JSON Schema,
-- which has one of its own, several, or none.
CREATE OR REPLACE FUNCTION gaiops.response_format_problem(response_format jsonb)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE
		WHEN f.type = '"json_schema"' THEN CASE
			WHEN jsonb_typeof(f.named) IS DISTINCT FROM 'object'
				THEN 'Its "type" is json_schema, but it has no object "json_schema".'
			WHEN (jsonb_typeof(f.named -> 'name') = 'string'
				AND f.named ->> 'name' ~ '^[A-Za-z0-9_-]{1,64}$') IS NOT TRUE
				THEN 'The "name" of its "json_schema" must have 1 to 64 letters, digits, underscores and hyphens.'
			WHEN jsonb_typeof(f.named -> 'schema') <> 'object'
				THEN 'The "schema" of its "json_schema" must be an object.' END
		WHEN NOT (f.type IN ('"text"', '"json_object"') OR f.type <> '[]'
				AND '["object", "array", "string", "number", "integer", "boolean", "null"]' @> f.type)
			THEN 'Its "type" must be text, json_object or json_schema; that of a JSON Schema object, array, string, '
				'number, integer, boolean, null, or an array of these.'
	END
	FROM (SELECT response_format -> 'type', response_format -> 'json_schema') AS f (type, named)
$$;
COMMENT ON FUNCTION gaiops.response_format_problem(jsonb) IS
	'Takes the response format of a prompt, an object, and returns what is wrong with it, or NULL';

CREATE OR REPLACE FUNCTION gaiops.check_response_format(response_format jsonb)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	problem CONSTANT text := gaiops.response_format_problem(response_format);
BEGIN
	PERFORM gaiops.check_object('response_format', response_format, '{"type": "json_object"}, or a JSON Schema');
	IF problem IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'argument "response_format" is not acceptable',
			DETAIL = problem,
			HINT = 'For example {"type": "json_schema", "json_schema": {"name": "answer", '
				'"schema": {"type": "object"}}}, or the JSON Schema alone.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_response_format(jsonb) IS
	'Takes the response format of a prompt, or NULL, and returns nothing; '
	'raises unless it is one of OpenAI''s or may be a JSON Schema';

CREATE OR REPLACE FUNCTION gaiops.model_config_problem(key text, value jsonb)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE
		WHEN key IN ('model', 'messages', 'stream', 'gaiops', 'response_format')
			THEN CASE key
				WHEN 'response_format' THEN 'It is an argument of its own.'
				ELSE 'A prompt says nothing about it: it is given with the call.' END
		WHEN key = 'temperature' AND (v.number >= 0) IS NOT TRUE
			THEN 'It must be a number, at least 0.'
		WHEN key = 'top_p' AND (v.number BETWEEN 0 AND 1) IS NOT TRUE
			THEN 'It must be a number from 0 to 1.'
		WHEN key IN ('max_tokens', 'max_completion_tokens', 'top_k')
				AND (v.number >= 1 AND v.number = trunc(v.number)) IS NOT TRUE
			THEN 'It must be an integer, at least 1.'
		WHEN key IN ('frequency_penalty', 'presence_penalty') AND v.number IS NULL
			THEN 'It must be a number.'
		WHEN key IN ('provider', 'model_name') AND jsonb_typeof(value) <> 'string'
			THEN 'It must be a string.'
		WHEN key = 'stop_sequences' AND (jsonb_typeof(value) = 'array'
				AND NOT jsonb_path_exists(value, 'strict $[*] ? (@.type() != "string")')) IS NOT TRUE
			THEN 'It must be an array of strings.'
		WHEN key = 'extra_params' AND jsonb_typeof(value) <> 'object'
			THEN 'It must be an object.'
	END
	FROM (SELECT CASE jsonb_typeof(value) WHEN 'number' THEN value::numeric END) AS v (number)
$$;
COMMENT ON FUNCTION gaiops.model_config_problem(text, jsonb) IS
	'Takes a parameter of a prompt''s model_config and returns what is wrong with it, or NULL';

CREATE OR REPLACE FUNCTION gaiops.check_model_config(model_config jsonb)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	bad record;
BEGIN
	PERFORM gaiops.check_object('model_config', model_config, '{"temperature": 0.2, "max_tokens": 500}');
	SELECT p.path, gaiops.model_config_problem(p.key, p.value) AS problem INTO bad
		FROM (
			SELECT o.key AS path, o.key, o.value FROM jsonb_each(model_config) AS o
			UNION ALL
			SELECT 'extra_params.' || e.key, e.key, e.value
			FROM jsonb_each(CASE jsonb_typeof(model_config -> 'extra_params')
				WHEN 'object' THEN model_config -> 'extra_params' ELSE '{}' END) AS e
		) AS p
		WHERE gaiops.model_config_problem(p.key, p.value) IS NOT NULL
		ORDER BY p.path COLLATE "C" LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('"%s" of argument "model_config" is not acceptable', bad.path),
			DETAIL = bad.problem,
			HINT = 'For example {"temperature": 0.2, "max_tokens": 500}.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_model_config(jsonb) IS
	'Takes the parameters of a prompt, or NULL, and returns nothing; raises unless a call may have them';

CREATE OR REPLACE FUNCTION gaiops.check_import(called text)
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_writable(called);
	IF current_setting('transaction_isolation') IN ('repeatable read', 'serializable') THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_transaction_state',
			MESSAGE = format('cannot import prompts at isolation level %s',
				upper(current_setting('transaction_isolation'))),
			DETAIL = 'What others have registered since the transaction began would not be seen.',
			HINT = 'Import at READ COMMITTED.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_import(text) IS
	'Takes the name of the function that was called and returns nothing; raises in a transaction that may not write, '
	'or would not see what others register';
