-- Records of datasets as lines of JSON.  Runs as the caller, who may read the tables.

-- A line has no line feed within.  In strings there is none that is not escaped.
CREATE OR REPLACE FUNCTION gaiops.json_line(members text[])
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT '{' || translate(array_to_string(members, ', '), E'\n\r', '  ') || '}'
$$;
COMMENT ON FUNCTION gaiops.json_line(text[]) IS
	'Takes members of an object, NULL where one is not said; '
	'returns the object as a line of JSON, NULL without an array';

CREATE OR REPLACE FUNCTION gaiops.record_line(
	inputs json, expectations json, outputs json, tags json, key text, split text, source json)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT gaiops.json_line(ARRAY['"key": ' || to_json(key), '"tags": ' || tags,
		'"split": ' || to_json(split), '"inputs": ' || inputs,
		'"source": ' || source, '"outputs": ' || outputs, '"expectations": ' || expectations])
$$;
COMMENT ON FUNCTION gaiops.record_line(json, json, json, json, text, text, json) IS
	'Takes what a record consists of; returns it as a line of JSON, without what is NULL';

CREATE OR REPLACE FUNCTION gaiops.join_json_arrays(first json, second json)
RETURNS json
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT ('[' || coalesce(string_agg(e.element::text, ', ' ORDER BY a.n, e.n), '') || ']')::json
	FROM (VALUES (1, first), (2, second)) AS a (n, elements)
		CROSS JOIN LATERAL json_array_elements(a.elements) WITH ORDINALITY AS e (element, n)
$$;
COMMENT ON FUNCTION gaiops.join_json_arrays(json, json) IS
	'Takes two arrays, NULL where there is none; returns one with the elements of both';

-- In PL/pgSQL, as what follows, which is faster for many records.
CREATE OR REPLACE FUNCTION gaiops.question_messages(inputs json)
RETURNS json
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	said CONSTANT jsonb := inputs;
	asked CONSTANT text := gaiops.record_question(said);
	question json;
BEGIN
	-- Messages in which no text is asked may ask with a picture; a question beside them is one.
	IF jsonb_typeof(said -> 'message') IS DISTINCT FROM 'string' AND gaiops.messages_problem(said -> 'messages') IS NULL
		AND asked IS NOT DISTINCT FROM gaiops.record_question(jsonb_build_object('messages', said -> 'messages'))
	THEN
		question := inputs -> 'messages';
	ELSIF asked IS NOT NULL THEN
		question := jsonb_build_array(jsonb_build_object('role', 'user', 'content', asked));
	END IF;
	IF question IS NOT NULL AND jsonb_typeof(said -> 'system') = 'string' THEN
		question := gaiops.join_json_arrays(
			jsonb_build_array(jsonb_build_object('role', 'system', 'content', said -> 'system'))::json, question);
	END IF;
	RETURN question;
END
$$;
COMMENT ON FUNCTION gaiops.question_messages(json) IS
	'Takes the inputs of a record; returns the messages that ask the question, NULL if there is none';

-- Gateways have four ways to say that a tool is called without arguments.
CREATE OR REPLACE FUNCTION gaiops.tool_arguments(called json)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE WHEN btrim(coalesce(called ->> 'arguments', ''), E' \t\n\r') IN ('', 'null') THEN '{}'
		ELSE called ->> 'arguments' END
$$;
COMMENT ON FUNCTION gaiops.tool_arguments(json) IS
	'Takes an object with the arguments of a tool call, as a string or not; returns them as a text, '
	'{} if they are absent, null, empty or white space';

-- Arguments of tool calls are JSON within a string there.
CREATE OR REPLACE FUNCTION gaiops.answer_message(expectations json)
RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	calls jsonb;
BEGIN
	IF json_typeof(expectations -> 'expected_response') = 'string' THEN
		RETURN jsonb_build_object('role', 'assistant', 'content', expectations -> 'expected_response');
	ELSIF json_typeof(expectations -> 'expected_tool_calls') = 'array' THEN
		SELECT jsonb_agg(jsonb_build_object('id', 'call_' || c.n, 'type', 'function', 'function',
				jsonb_build_object('name', c.call -> 'name',
					'arguments', gaiops.tool_arguments(c.call))) ORDER BY c.n)
			INTO calls
			FROM json_array_elements(expectations -> 'expected_tool_calls') WITH ORDINALITY AS c (call, n)
			HAVING bool_and(coalesce(json_typeof(c.call) = 'object'
				AND json_typeof(c.call -> 'name') = 'string', false));
		IF calls IS NOT NULL THEN
			RETURN jsonb_build_object('role', 'assistant', 'tool_calls', calls);
		END IF;
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION gaiops.answer_message(json) IS
	'Takes the expectations of a record; returns the message that is the expected answer, '
	'its text or else its tool calls, NULL if none is known';

CREATE OR REPLACE FUNCTION gaiops.chat_line(inputs json, expectations json)
RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	question CONSTANT json := gaiops.question_messages(inputs);
	answer CONSTANT jsonb := gaiops.answer_message(expectations);
	tools CONSTANT json := inputs -> 'tools';
BEGIN
	IF question IS NULL OR answer IS NULL THEN
		RETURN NULL;
	END IF;
	RETURN gaiops.json_line(ARRAY[
		CASE WHEN json_typeof(tools) = 'array' THEN '"tools": ' || tools END,
		'"messages": ' || gaiops.join_json_arrays(question, jsonb_build_array(answer)::json)]);
END
$$;
COMMENT ON FUNCTION gaiops.chat_line(json, json) IS
	'Takes inputs and expectations of a record; returns them as a line of the chat fine-tuning layout, '
	'NULL if there is no question or no answer';

CREATE OR REPLACE FUNCTION gaiops.warn_of_left_out(left_out bigint, first uuid)
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RAISE WARNING USING
		MESSAGE = 'records without a question or without an expected answer were left out',
		DETAIL = format('There are %s; the first is "%s".', left_out, first),
		HINT = 'A question is in inputs.message or inputs.messages, the answer in expectations.expected_response.';
END
$$;
COMMENT ON FUNCTION gaiops.warn_of_left_out(bigint, uuid) IS
	'Takes how many records an export has left out, and the first of them, warns of that and returns nothing';

-- Ordered by identity: datasets that are equal, and written alike, make equal files.
CREATE OR REPLACE FUNCTION pg_catalog.gaiops_export_dataset(
	dataset text, format text DEFAULT 'records', revision integer DEFAULT NULL, split text DEFAULT NULL)
RETURNS SETOF text
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	stored record;
	line text;
	left_out bigint := 0;
	first_left_out uuid;
BEGIN
	PERFORM gaiops.check_given('format', format);
	IF format NOT IN ('records', 'chat') THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = pg_catalog.format('unknown format "%s" of a dataset', format),
			HINT = 'Use "records" or "chat".';
	END IF;
	FOR stored IN
		SELECT r.record_id, r.key, r.split, nullif(r.tags, '{}')::json AS tags,
			coalesce(v.written -> 'inputs', r.inputs::json) AS inputs,
			coalesce(v.written -> 'expectations', nullif(r.expectations, '{}')::json) AS expectations,
			coalesce(v.written -> 'outputs', r.outputs::json) AS outputs,
			coalesce(v.written -> 'source', r.source::json) AS source
		FROM pg_catalog.gaiops_dataset_records(dataset, revision, split) AS r
			JOIN gaiops.dataset_record_versions AS v USING (dataset, record_id, revision)
		ORDER BY r.record_id
	LOOP
		line := CASE format
			WHEN 'chat' THEN gaiops.chat_line(stored.inputs, stored.expectations)
			ELSE gaiops.record_line(stored.inputs, stored.expectations, stored.outputs, stored.tags, stored.key,
				stored.split, stored.source) END;
		IF line IS NULL THEN
			left_out := left_out + 1;
			first_left_out := coalesce(first_left_out, stored.record_id);
		ELSE
			RETURN NEXT line;
		END IF;
	END LOOP;
	IF left_out > 0 THEN
		PERFORM gaiops.warn_of_left_out(left_out, first_left_out);
	END IF;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_export_dataset(text, text, integer, text) IS
	'Takes a dataset, "records" or "chat", a revision and a split, NULL for the latest and for all; '
	'returns its records, a line of JSON each';
