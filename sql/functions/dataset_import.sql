-- Records of datasets from lines of JSON, as gaiops_export_dataset() writes them.

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
		coalesce(gaiops.read_json(c.call #>> '{function,arguments}'), c.call #> '{function,arguments}', '{}')) ORDER BY c.n)
	FROM jsonb_array_elements(CASE jsonb_typeof(calls) WHEN 'array' THEN calls END) WITH ORDINALITY AS c (call, n)
	HAVING bool_and(coalesce(jsonb_typeof(c.call #> '{function,name}') = 'string', false))
$$;
COMMENT ON FUNCTION gaiops.read_tool_calls(jsonb) IS 'Takes the tool calls of a message; returns them as expectations.expected_tool_calls has them, NULL if they are none or one has no name';

CREATE OR REPLACE FUNCTION gaiops.read_answer(message jsonb, OUT expectations jsonb, OUT problem text)
LANGUAGE plpgsql IMMUTABLE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	said CONSTANT text := gaiops.message_text(message);
	given_calls CONSTANT jsonb := nullif(nullif(message -> 'tool_calls', 'null'), '[]');
	calls CONSTANT jsonb := gaiops.read_tool_calls(given_calls);
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
	ELSIF given_calls IS NOT NULL THEN
		problem := CASE
			WHEN said <> '' THEN 'Its last message has both a text and tool calls.'
			WHEN calls IS NULL THEN 'The tool calls of its last message are not calls of functions.' END;
		expectations := CASE WHEN problem IS NULL THEN jsonb_build_object('expected_tool_calls', calls) END;
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

-- ---- records as MLflow writes them ----

-- Who made a record there, and when, and what it is called there says nothing here.
CREATE OR REPLACE FUNCTION gaiops.read_mlflow_record(record jsonb)
RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT (record - ARRAY['dataset_record_id', 'dataset_id', 'created_time', 'last_update_time', 'created_by', 'last_updated_by',
			'source_type', 'source_id'])
		|| CASE WHEN s.origin <> '{}' AND coalesce(jsonb_typeof(record -> 'source'), 'null') IN ('null', 'object')
			THEN jsonb_build_object('source', s.origin || coalesce(nullif(record -> 'source', 'null'), '{}')) ELSE '{}' END
	FROM (
		SELECT coalesce(jsonb_object_agg(m.key, m.value), '{}') AS origin
		FROM jsonb_each(record) AS m
		WHERE m.key IN ('source_type', 'source_id') AND m.value <> 'null') AS s
$$;
COMMENT ON FUNCTION gaiops.read_mlflow_record(jsonb) IS 'Takes a record that may have members as in MLflow; returns it without them, with source_type and source_id in its source';

-- ---- all lines ----

CREATE OR REPLACE FUNCTION gaiops.read_record(line text, OUT record jsonb, OUT problem text)
LANGUAGE plpgsql IMMUTABLE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	chat record;
BEGIN
	record := line::jsonb;
	IF jsonb_typeof(record) = 'object' AND record ? 'inputs' THEN
		record := gaiops.read_mlflow_record(record);
	ELSIF jsonb_typeof(record) = 'object' AND record ? 'messages' THEN
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
COMMENT ON FUNCTION gaiops.read_record(text) IS 'Takes a line in either layout; returns it as a record for gaiops_merge_records(), or what is wrong with it; raises what reading JSON raises';

CREATE OR REPLACE FUNCTION gaiops.read_record_line(line text, OUT record jsonb, OUT problem text)
LANGUAGE plpgsql IMMUTABLE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	cause text;
BEGIN
	SELECT r.record, r.problem INTO record, problem FROM gaiops.read_record(line) AS r;
EXCEPTION
	-- Memory is asked for in pieces that are too large with an internal error.
	WHEN data_exception OR program_limit_exceeded OR internal_error THEN
		GET STACKED DIAGNOSTICS cause = PG_EXCEPTION_DETAIL;
		problem := concat_ws(' ', format('It cannot be read: %s.', SQLERRM), nullif(cause, ''));
END
$$;
COMMENT ON FUNCTION gaiops.read_record_line(text) IS 'Takes a line in either layout; returns it as a record for gaiops_merge_records(), or what is wrong with it';

-- Lines are read many at once, and one by one only where one of them cannot be read at all:
-- to go on after an error takes a subtransaction.
CREATE OR REPLACE FUNCTION gaiops.read_records(lines text[], OUT records jsonb[], OUT problems text[])
LANGUAGE plpgsql IMMUTABLE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	SELECT array_agg(r.record ORDER BY l.n), array_agg(r.problem ORDER BY l.n) INTO records, problems
		FROM unnest(lines) WITH ORDINALITY AS l (line, n)
			CROSS JOIN LATERAL gaiops.read_record(l.line) AS r;
EXCEPTION
	WHEN data_exception OR program_limit_exceeded OR internal_error THEN
		SELECT array_agg(r.record ORDER BY l.n), array_agg(r.problem ORDER BY l.n) INTO records, problems
			FROM unnest(lines) WITH ORDINALITY AS l (line, n)
				CROSS JOIN LATERAL gaiops.read_record_line(l.line) AS r;
END
$$;
COMMENT ON FUNCTION gaiops.read_records(text[]) IS 'Takes lines in either layout; returns of each in two arrays what gaiops.read_record_line() does';

-- Lines may end as on Windows.  Files that were put together have byte order marks within.
CREATE OR REPLACE FUNCTION gaiops.read_record_lines(lines text, OUT line integer, OUT record jsonb, OUT problem text)
RETURNS SETOF record
LANGUAGE sql IMMUTABLE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT r.line, r.record, r.problem
	FROM (
		SELECT array_agg(l.n::integer ORDER BY l.n) AS numbers, array_agg(ltrim(l.line, E'\uFEFF') ORDER BY l.n) AS lines
		FROM string_to_table(lines, E'\n') WITH ORDINALITY AS l (line, n)
		WHERE l.line ~ E'[^\\s\\u0085\\u00A0\\u1680\\u2000-\\u200A\\u2028\\u2029\\u202F\\u205F\\u3000\\uFEFF]'
		GROUP BY l.n / 1000) AS p
		CROSS JOIN LATERAL gaiops.read_records(p.lines) AS d
		CROSS JOIN LATERAL unnest(p.numbers, d.records, d.problems) AS r (line, record, problem)
	ORDER BY r.line
$$;
COMMENT ON FUNCTION gaiops.read_record_lines(text) IS 'Takes lines of JSON; returns the number of each that is not blank, in their order, and its record or what is wrong with it';

-- ---- storing them ----

-- All or none, unless good ones are kept.
CREATE OR REPLACE FUNCTION gaiops.merge_lines(
	target text, records jsonb[], keep_good boolean, OUT "position" integer, OUT action text, OUT problem text)
RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	positions integer[];
	actions text[];
	problems text[];
BEGIN
	SELECT array_agg(m.position), array_agg(m.action), array_agg(m.problem) INTO positions, actions, problems
		FROM gaiops.merge_elements(target, records) AS m;
	IF NOT keep_good AND actions && ARRAY['refused'] THEN
		-- Caught right below: so what was merged is taken back.
		RAISE EXCEPTION USING ERRCODE = 'LM000', MESSAGE = 'a line was refused';
	END IF;
	RETURN QUERY SELECT * FROM unnest(positions, actions, problems);
EXCEPTION
	WHEN SQLSTATE 'LM000' THEN
		RETURN QUERY
			SELECT m.n, CASE m.action WHEN 'refused' THEN m.action ELSE 'skipped' END, m.problem
			FROM unnest(positions, actions, problems) AS m (n, action, problem);
END
$$;
COMMENT ON FUNCTION gaiops.merge_lines(text, jsonb[], boolean) IS 'Takes a dataset, records or NULLs, and whether good ones are kept where others are refused, merges them and returns for each record its place in the array and what was done: inserted, updated, unchanged, refused, and then why, or skipped';

CREATE OR REPLACE FUNCTION gaiops.inner_import_dataset(dataset text, lines text, keep_good boolean)
RETURNS TABLE (line integer, action text, detail text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
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
		SELECT r.line, coalesce(m.action, CASE WHEN r.problem IS NULL THEN 'skipped' ELSE 'refused' END), coalesce(r.problem, m.problem)
		FROM unnest(numbers, problems) WITH ORDINALITY AS r (line, problem, n)
			LEFT JOIN gaiops.merge_lines(target, records, keep_good) AS m ON m.position = r.n
		ORDER BY r.line;
END
$$;
COMMENT ON FUNCTION gaiops.inner_import_dataset(text, text, boolean) IS 'Takes the arguments of gaiops_import_dataset() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_import_dataset(dataset text, lines text, keep_good boolean DEFAULT false)
RETURNS TABLE (line integer, action text, detail text)
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_import_dataset(text, text, boolean) IS 'Takes a dataset, lines of JSON in either layout of gaiops_export_dataset(), and whether good lines are kept where others are not; returns what was done with each line: inserted, updated, unchanged, refused and why, or skipped';
