-- Records of datasets from lines of JSON, as gaiops_export_dataset() writes them.

CREATE OR REPLACE FUNCTION gaiops.read_line(line text, OUT value jsonb, OUT problem text)
LANGUAGE plpgsql IMMUTABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	cause text;
BEGIN
	value := line::jsonb;
EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
	GET STACKED DIAGNOSTICS cause = PG_EXCEPTION_DETAIL;
	problem := concat_ws(' ', format('It cannot be read: %s.', SQLERRM), nullif(cause, ''));
END
$$;
COMMENT ON FUNCTION gaiops.read_line(text) IS 'Takes a line; returns the JSON in it, or what is wrong with it';

CREATE OR REPLACE FUNCTION gaiops.messages_problem(messages jsonb)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE
		WHEN jsonb_typeof(messages) IS DISTINCT FROM 'array' THEN 'Its "messages" are not an array.'
		WHEN messages = '[]' THEN 'It has no messages.'
		ELSE (
			SELECT format('Message %s is not an object with a "role".', m.n)
			FROM jsonb_array_elements(messages) WITH ORDINALITY AS m (message, n)
			WHERE jsonb_typeof(m.message -> 'role') IS DISTINCT FROM 'string'
			ORDER BY m.n LIMIT 1) END
$$;
COMMENT ON FUNCTION gaiops.messages_problem(jsonb) IS 'Takes what ought to be an array of chat messages; returns what is wrong with it, NULL if nothing is';

CREATE OR REPLACE FUNCTION gaiops.given_members(document jsonb, OUT plain jsonb, OUT nested jsonb)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT coalesce(jsonb_object_agg(m.key, m.value) FILTER (WHERE jsonb_typeof(m.value) NOT IN ('null', 'object', 'array')), '{}'),
		coalesce(jsonb_object_agg(m.key, m.value) FILTER (WHERE jsonb_typeof(m.value) IN ('object', 'array')), '{}')
	FROM jsonb_each(document) AS m
$$;
COMMENT ON FUNCTION gaiops.given_members(jsonb) IS 'Takes an object; returns one of the members that are strings, numbers and booleans, and one of those that are objects and arrays';

-- ---- the chat fine-tuning layout ----

CREATE OR REPLACE FUNCTION gaiops.read_tool_calls(calls jsonb)
RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT jsonb_agg(jsonb_build_object('name', c.call #> '{function,name}', 'arguments',
		coalesce((gaiops.read_line(c.call #>> '{function,arguments}')).value, c.call #> '{function,arguments}', '{}')) ORDER BY c.n)
	FROM jsonb_array_elements(calls) WITH ORDINALITY AS c (call, n)
	HAVING bool_and(coalesce(jsonb_typeof(c.call #> '{function,name}') = 'string', false))
$$;
COMMENT ON FUNCTION gaiops.read_tool_calls(jsonb) IS 'Takes the tool calls of a message; returns them as expectations.expected_tool_calls has them, NULL if one has no name';

CREATE OR REPLACE FUNCTION gaiops.read_answer(message jsonb, OUT expectations jsonb, OUT problem text)
LANGUAGE plpgsql IMMUTABLE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	said CONSTANT text := gaiops.message_text(message);
	calls CONSTANT jsonb := nullif(nullif(message -> 'tool_calls', 'null'), '[]');
	other text;
BEGIN
	-- A weight of 1 is that of every message that has none.
	SELECT min(m.key) INTO other
		FROM jsonb_each(message - ARRAY['role', 'content', 'tool_calls']) AS m
		WHERE m.value <> 'null' AND (m.key, m.value) <> ('weight', '1');
	IF message ->> 'role' <> 'assistant' THEN
		problem := 'Its last message is not one of the assistant.';
	ELSIF other IS NOT NULL THEN
		problem := format('Its last message has a member "%s", for which a record has no place.', other);
	ELSIF calls IS NOT NULL THEN
		problem := CASE
			WHEN said <> '' THEN 'Its last message has both a text and tool calls.'
			WHEN jsonb_typeof(calls) <> 'array' OR gaiops.read_tool_calls(calls) IS NULL THEN 'The tool calls of its last message are not calls of functions.' END;
		expectations := CASE WHEN problem IS NULL THEN jsonb_build_object('expected_tool_calls', gaiops.read_tool_calls(calls)) END;
	ELSIF said IS NULL OR (jsonb_typeof(message -> 'content') = 'array' AND message @? '$.content[*] ? (!exists(@.text))') THEN
		problem := 'Its last message is no text.';
	ELSE
		expectations := jsonb_build_object('expected_response', said);
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.read_answer(jsonb) IS 'Takes the last message of a line; returns what it says is expected, or what is wrong with it';

CREATE OR REPLACE FUNCTION gaiops.is_plain_message(message jsonb, role text)
RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT message ->> 'role' = role AND jsonb_typeof(message -> 'content') = 'string' AND message - 'role' - 'content' = '{}'
$$;
COMMENT ON FUNCTION gaiops.is_plain_message(jsonb, text) IS 'Takes a message and a role; returns whether it has that role and a text, and nothing else';

-- One question is put as gaiops_add_traces() puts one that was asked with gaiops_chat().
CREATE OR REPLACE FUNCTION gaiops.read_question(messages jsonb)
RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT CASE
		WHEN jsonb_array_length(messages) = 1 AND gaiops.is_plain_message(messages -> 0, 'user')
			THEN jsonb_build_object('message', messages #> '{0,content}')
		WHEN jsonb_array_length(messages) = 2 AND gaiops.is_plain_message(messages -> 0, 'system') AND gaiops.is_plain_message(messages -> 1, 'user')
			THEN jsonb_build_object('system', messages #> '{0,content}', 'message', messages #> '{1,content}')
		ELSE jsonb_build_object('messages', messages) END
$$;
COMMENT ON FUNCTION gaiops.read_question(jsonb) IS 'Takes the messages before an answer; returns the inputs of a record: message and system where that is all, messages otherwise';

CREATE OR REPLACE FUNCTION gaiops.read_chat_line(value jsonb, OUT record jsonb, OUT problem text)
LANGUAGE plpgsql IMMUTABLE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	others CONSTANT record := gaiops.given_members(value - 'messages' - 'tools');
	tools CONSTANT jsonb := CASE WHEN value -> 'tools' <> 'null' THEN jsonb_build_object('tools', value -> 'tools') ELSE '{}' END;
	answer record;
BEGIN
	problem := gaiops.messages_problem(value -> 'messages');
	IF problem IS NOT NULL THEN
		RETURN;
	END IF;
	answer := gaiops.read_answer(value #> '{messages,-1}');
	problem := coalesce(answer.problem, CASE WHEN jsonb_array_length(value -> 'messages') = 1 THEN 'It has no message before the answer.' END);
	IF problem IS NOT NULL THEN
		RETURN;
	END IF;
	record := jsonb_build_object('inputs', gaiops.read_question((value -> 'messages') - -1) || tools, 'expectations', answer.expectations,
			'tags', others.plain)
		|| CASE WHEN others.nested = '{}' THEN '{}' ELSE jsonb_build_object('source', others.nested) END;
END
$$;
COMMENT ON FUNCTION gaiops.read_chat_line(jsonb) IS 'Takes a line of the chat fine-tuning layout; returns it as a record, with other members as tags or, where they are nested, as its source, or what is wrong with it';

-- ---- all lines ----

CREATE OR REPLACE FUNCTION gaiops.read_record_line(line text, OUT record jsonb, OUT problem text)
LANGUAGE plpgsql IMMUTABLE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	document record := gaiops.read_line(line);
	chat record;
BEGIN
	record := document.value;
	problem := document.problem;
	IF jsonb_typeof(record) = 'object' AND record ? 'messages' AND NOT record ? 'inputs' THEN
		chat := gaiops.read_chat_line(record);
		record := chat.record;
		problem := chat.problem;
	END IF;
	problem := coalesce(problem, gaiops.record_problem(record));
	IF problem IS NOT NULL THEN
		record := NULL;
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.read_record_line(text) IS 'Takes a line in either layout; returns it as a record for gaiops_merge_records(), or what is wrong with it';

-- Lines may end as on Windows, and a byte order mark may come first.
CREATE OR REPLACE FUNCTION gaiops.read_record_lines(lines text, OUT line integer, OUT record jsonb, OUT problem text)
RETURNS SETOF record
LANGUAGE sql IMMUTABLE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT l.n::integer, r.record, r.problem
	FROM string_to_table(CASE WHEN starts_with(lines, U&'\FEFF') THEN substr(lines, 2) ELSE lines END, E'\n') WITH ORDINALITY AS l (line, n)
		CROSS JOIN LATERAL gaiops.read_record_line(l.line) AS r
	WHERE l.line ~ '[^ \t\r\v\f]'
$$;
COMMENT ON FUNCTION gaiops.read_record_lines(text) IS 'Takes lines of JSON; returns the number of each that is not blank, and its record or what is wrong with it';

-- ---- storing them ----

CREATE OR REPLACE FUNCTION gaiops.merge_lines(target text, lines integer[], records jsonb[], OUT line integer, OUT action text)
RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	merged record;
BEGIN
	FOR merged IN SELECT m.* FROM gaiops.merge_elements(target, records) AS m LOOP
		line := lines[merged.position];
		action := merged.action;
		IF action = 'refused' THEN
			RAISE EXCEPTION USING
				ERRCODE = 'invalid_parameter_value',
				MESSAGE = format('line %s is not acceptable', line),
				DETAIL = merged.problem;
		END IF;
		RETURN NEXT;
	END LOOP;
END
$$;
COMMENT ON FUNCTION gaiops.merge_lines(text, integer[], jsonb[]) IS 'Takes a dataset that is locked, numbers of lines, and the record of each or NULL, merges the records and returns what it did with each: inserted, updated or unchanged';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_import_dataset(dataset text, lines text, keep_good boolean DEFAULT false)
RETURNS TABLE (line integer, action text, detail text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	target CONSTANT text := dataset;
	numbers integer[];
	records jsonb[];
	problems text[];
	is_stored boolean := keep_good;
BEGIN
	PERFORM gaiops.check_writable('gaiops_import_dataset');
	PERFORM gaiops.check_given('dataset', target);
	PERFORM gaiops.check_given('lines', lines);
	PERFORM gaiops.check_given('keep_good', keep_good);
	PERFORM gaiops.lock_dataset(target);
	SELECT array_agg(r.line), array_agg(r.record), array_agg(r.problem), is_stored OR bool_and(r.problem IS NULL)
		INTO numbers, records, problems, is_stored
		FROM gaiops.read_record_lines(lines) AS r;
	IF NOT is_stored THEN
		records := NULL;
	END IF;
	RETURN QUERY
		SELECT r.line, coalesce(m.action, CASE WHEN r.problem IS NULL THEN 'skipped' ELSE 'refused' END), r.problem
		FROM unnest(numbers, problems) AS r (line, problem)
			LEFT JOIN gaiops.merge_lines(target, numbers, records) AS m ON m.line = r.line
		ORDER BY r.line;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_import_dataset(text, text, boolean) IS 'Takes a dataset, lines of JSON in either layout of gaiops_export_dataset(), and whether good lines are kept where others are not; returns what was done with each line: inserted, updated, unchanged, refused and why, or skipped';
