-- Records of datasets as lines of JSON.  Runs as the caller, who may read the tables.

CREATE OR REPLACE FUNCTION gaiops.record_line(inputs jsonb, expectations jsonb, outputs jsonb, tags jsonb, key text, split text, source jsonb)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT jsonb_object_agg(m.name, m.value)::text
	FROM (VALUES ('inputs', inputs), ('expectations', nullif(expectations, '{}')), ('outputs', outputs), ('tags', nullif(tags, '{}')),
		('key', to_jsonb(key)), ('split', to_jsonb(split)), ('source', source)) AS m (name, value)
	WHERE m.value IS NOT NULL
$$;
COMMENT ON FUNCTION gaiops.record_line(jsonb, jsonb, jsonb, jsonb, text, text, jsonb) IS 'Takes what a record consists of; returns it as a line of JSON, without what is not said';

-- In PL/pgSQL, as what follows, which is faster for many records.
CREATE OR REPLACE FUNCTION gaiops.question_messages(inputs jsonb)
RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	asked CONSTANT text := gaiops.record_question(inputs);
	question jsonb;
BEGIN
	-- Messages in which no text is asked may ask with a picture; a question beside them is one.
	IF jsonb_typeof(inputs -> 'message') IS DISTINCT FROM 'string' AND gaiops.messages_problem(inputs -> 'messages') IS NULL
		AND asked IS NOT DISTINCT FROM gaiops.record_question(jsonb_build_object('messages', inputs -> 'messages'))
	THEN
		question := inputs -> 'messages';
	ELSIF asked IS NOT NULL THEN
		question := jsonb_build_array(jsonb_build_object('role', 'user', 'content', asked));
	END IF;
	IF jsonb_typeof(inputs -> 'system') = 'string' THEN
		question := jsonb_build_array(jsonb_build_object('role', 'system', 'content', inputs -> 'system')) || question;
	END IF;
	RETURN question;
END
$$;
COMMENT ON FUNCTION gaiops.question_messages(jsonb) IS 'Takes the inputs of a record; returns the messages that ask the question, NULL if there is none';

-- Arguments of tool calls are JSON within a string there.
CREATE OR REPLACE FUNCTION gaiops.answer_message(expectations jsonb)
RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	calls jsonb;
BEGIN
	IF jsonb_typeof(expectations -> 'expected_response') = 'string' THEN
		RETURN jsonb_build_object('role', 'assistant', 'content', expectations -> 'expected_response');
	ELSIF jsonb_typeof(expectations -> 'expected_tool_calls') = 'array' THEN
		SELECT jsonb_agg(jsonb_build_object('id', 'call_' || c.n, 'type', 'function', 'function',
				jsonb_build_object('name', c.call -> 'name', 'arguments', coalesce(c.call -> 'arguments', '{}') #>> '{}')) ORDER BY c.n)
			INTO calls
			FROM jsonb_array_elements(expectations -> 'expected_tool_calls') WITH ORDINALITY AS c (call, n)
			HAVING bool_and(coalesce(jsonb_typeof(c.call -> 'name') = 'string', false));
		IF calls IS NOT NULL THEN
			RETURN jsonb_build_object('role', 'assistant', 'tool_calls', calls);
		END IF;
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION gaiops.answer_message(jsonb) IS 'Takes the expectations of a record; returns the message that is the expected answer, its text or else its tool calls, NULL if none is known';

CREATE OR REPLACE FUNCTION gaiops.chat_line(inputs jsonb, expectations jsonb)
RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	question CONSTANT jsonb := gaiops.question_messages(inputs);
	answer CONSTANT jsonb := gaiops.answer_message(expectations);
	line jsonb := jsonb_build_object('messages', question || answer);
BEGIN
	IF question IS NULL OR answer IS NULL THEN
		RETURN NULL;
	END IF;
	IF jsonb_typeof(inputs -> 'tools') = 'array' THEN
		line := line || jsonb_build_object('tools', inputs -> 'tools');
	END IF;
	RETURN line::text;
END
$$;
COMMENT ON FUNCTION gaiops.chat_line(jsonb, jsonb) IS 'Takes inputs and expectations of a record; returns them as a line of the chat fine-tuning layout, NULL if there is no question or no answer';

-- Ordered by identity: equal datasets make equal files.
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
	FOR stored IN SELECT * FROM pg_catalog.gaiops_dataset_records(dataset, revision, split) AS r ORDER BY r.record_id LOOP
		line := CASE format
			WHEN 'chat' THEN gaiops.chat_line(stored.inputs, stored.expectations)
			ELSE gaiops.record_line(stored.inputs, stored.expectations, stored.outputs, stored.tags, stored.key, stored.split, stored.source) END;
		IF line IS NULL THEN
			left_out := left_out + 1;
			first_left_out := coalesce(first_left_out, stored.record_id);
		ELSE
			RETURN NEXT line;
		END IF;
	END LOOP;
	IF left_out > 0 THEN
		RAISE WARNING USING
			MESSAGE = 'records without a question or without an expected answer were left out',
			DETAIL = pg_catalog.format('There are %s; the first is "%s".', left_out, first_left_out),
			HINT = 'A question is in inputs.message or inputs.messages, the answer in expectations.expected_response.';
	END IF;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_export_dataset(text, text, integer, text) IS 'Takes a dataset, "records" or "chat", a revision and a split, NULL for the latest and for all; returns its records, a line of JSON each';
