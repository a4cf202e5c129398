-- Reading what was said, for the views.  Nothing here raises an error, whatever
-- was stored.

CREATE OR REPLACE FUNCTION gaiops.answer_text(body text)
RETURNS text
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'gaiops_answer_text';
COMMENT ON FUNCTION gaiops.answer_text(text) IS
	'Takes the body of an answer; returns the text of its first choice, its refusal if it has no text, or NULL';

CREATE OR REPLACE FUNCTION gaiops.message_text(message jsonb)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE jsonb_typeof(message -> 'content')
		WHEN 'string' THEN message ->> 'content'
		WHEN 'array' THEN (
			SELECT string_agg(part ->> 'text', E'\n' ORDER BY n)
			FROM jsonb_array_elements(message -> 'content') WITH ORDINALITY AS p (part, n)
			WHERE jsonb_typeof(part -> 'text') = 'string')
	END
$$;
COMMENT ON FUNCTION gaiops.message_text(jsonb) IS 'Takes a chat message; returns its text, NULL if it has none';

-- Of json, which prints as it was written: jsonb spells 1e300 with all its digits.
CREATE OR REPLACE FUNCTION gaiops.inputs_text(inputs json)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT CASE
		WHEN json_typeof(inputs) = 'string' THEN inputs #>> '{}'
		WHEN json_typeof(inputs -> 'message') = 'string' THEN inputs ->> 'message'
		WHEN json_typeof(inputs -> 'messages') = 'array' THEN coalesce((
			SELECT gaiops.message_text(message::jsonb)
			FROM json_array_elements(inputs -> 'messages') WITH ORDINALITY AS m (message, n)
			WHERE message ->> 'role' = 'user'
			ORDER BY n DESC LIMIT 1), inputs ->> 'messages')
		ELSE inputs::text
	END
$$;
COMMENT ON FUNCTION gaiops.inputs_text(json) IS
	'Takes what was given to a call or span; returns the message of the user, the last one '
	'if there are several, or all of it as text';

CREATE OR REPLACE FUNCTION gaiops.preview(whole text)
RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT left(btrim(regexp_replace(left(whole, 1000), E'\\s+', ' ', 'g')), 200)
$$;
COMMENT ON FUNCTION gaiops.preview(text) IS 'Takes a text; returns its first 200 characters in one line';

CREATE OR REPLACE FUNCTION gaiops.request_attributes(request jsonb)
RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE WHEN jsonb_typeof(request) = 'object' THEN jsonb_strip_nulls(jsonb_build_object(
		'gen_ai.request.temperature', request -> 'temperature',
		'gen_ai.request.top_p', request -> 'top_p',
		'gen_ai.request.top_k', request -> 'top_k',
		'gen_ai.request.max_tokens', coalesce(request -> 'max_completion_tokens', request -> 'max_tokens'),
		'gen_ai.request.frequency_penalty', request -> 'frequency_penalty',
		'gen_ai.request.presence_penalty', request -> 'presence_penalty',
		'gen_ai.request.seed', request -> 'seed',
		'gen_ai.request.choice.count', request -> 'n',
		'gen_ai.request.stop_sequences', CASE jsonb_typeof(request -> 'stop')
			WHEN 'string' THEN jsonb_build_array(request -> 'stop')
			WHEN 'array' THEN request -> 'stop' END)) END
$$;
COMMENT ON FUNCTION gaiops.request_attributes(jsonb) IS
	'Takes the body of a request; returns its parameters as OpenTelemetry attributes, NULL if it is no object';

CREATE OR REPLACE FUNCTION gaiops.is_other_model(asked text, answering text)
RETURNS boolean
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'gaiops_is_other_model';
COMMENT ON FUNCTION gaiops.is_other_model(text, text) IS
	'Takes the model that was asked for and the one that said it answered; returns whether they are different ones, '
	'a provider or date in the name aside';
