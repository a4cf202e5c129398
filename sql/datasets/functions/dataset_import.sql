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
COMMENT ON FUNCTION gaiops.messages_problem(jsonb) IS
	'Takes what ought to be an array of chat messages; returns what is wrong with it, NULL if nothing is';

CREATE OR REPLACE FUNCTION gaiops.given_members(document json, known text[], OUT plain json, OUT nested json)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT gaiops.json_line(array_agg(to_json(m.key) || ': ' || m.value ORDER BY m.n)
		FILTER (WHERE json_typeof(m.value) NOT IN ('null', 'object', 'array')))::json,
		gaiops.json_line(array_agg(to_json(m.key) || ': ' || m.value ORDER BY m.n)
			FILTER (WHERE json_typeof(m.value) IN ('object', 'array')))::json
	FROM json_each(document) WITH ORDINALITY AS m (key, value, n)
	WHERE m.key <> ALL (known)
$$;
COMMENT ON FUNCTION gaiops.given_members(json, text[]) IS
	'Takes an object and keys that are known; returns of the others one of the members that are strings, '
	'numbers and booleans, and one of those that are objects and arrays, NULL where there are none';

-- ---- the chat fine-tuning layout ----

CREATE OR REPLACE FUNCTION gaiops.read_tool_calls(calls json)
RETURNS json
LANGUAGE sql IMMUTABLE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT json_agg(json_build_object('name', c.call #> '{function,name}', 'arguments',
		CASE WHEN gaiops.read_json(gaiops.tool_arguments(c.call -> 'function')) IS NOT NULL
			THEN gaiops.tool_arguments(c.call -> 'function')::json
			ELSE c.call #> '{function,arguments}' END) ORDER BY c.n)
	FROM json_array_elements(CASE json_typeof(calls) WHEN 'array' THEN calls END) WITH ORDINALITY AS c (call, n)
	HAVING bool_and(coalesce(json_typeof(c.call #> '{function,name}') = 'string', false))
$$;
COMMENT ON FUNCTION gaiops.read_tool_calls(json) IS
	'Takes the tool calls of a message; returns them as expectations.expected_tool_calls has them, '
	'NULL if they are none or one has no name';

-- A weight of 1 is that of every message that has none.
CREATE OR REPLACE FUNCTION gaiops.read_answer(message json, OUT expectations json, OUT problem text)
LANGUAGE plpgsql IMMUTABLE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	answer CONSTANT jsonb := message;
	said CONSTANT text := gaiops.message_text(answer);
	calls json;
	other CONSTANT text := (
		SELECT min(m.key) FROM jsonb_each(answer - ARRAY['role', 'content', 'tool_calls']) AS m
		WHERE m.value <> 'null' AND (m.key, m.value) <> ('weight', '1'));
BEGIN
	IF answer ->> 'role' <> 'assistant' THEN
		problem := 'Its last message is not one of the assistant.';
	ELSIF other IS NOT NULL THEN
		problem := format('Its last message has a member "%s", for which a record has no place.', other);
	ELSIF answer -> 'tool_calls' NOT IN ('null', '[]') THEN
		calls := gaiops.read_tool_calls(message -> 'tool_calls');
		problem := CASE
			WHEN said <> '' THEN 'Its last message has both a text and tool calls.'
			WHEN calls IS NULL THEN 'The tool calls of its last message are not calls of functions.' END;
		expectations := CASE WHEN problem IS NULL THEN json_build_object('expected_tool_calls', calls) END;
	ELSIF said IS NULL
		OR (jsonb_typeof(answer -> 'content') = 'array' AND answer @? '$.content[*] ? (!exists(@.text))')
	THEN
		problem := 'Its last message is no text.';
	ELSE
		expectations := json_build_object('expected_response', said);
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.read_answer(json) IS
	'Takes the last message of a line; returns what it says is expected, or what is wrong with it';

CREATE OR REPLACE FUNCTION gaiops.is_plain_message(message jsonb, role text)
RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT message ->> 'role' = role AND jsonb_typeof(message -> 'content') = 'string'
		AND message - 'role' - 'content' = '{}'
$$;
COMMENT ON FUNCTION gaiops.is_plain_message(jsonb, text) IS
	'Takes a message and a role; returns whether it has that role and a text, and nothing else';

-- One question is put as gaiops_add_traces() puts one that was asked with gaiops_chat().
CREATE OR REPLACE FUNCTION gaiops.read_question(messages json[], tools json)
RETURNS json
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT gaiops.json_line(CASE
			WHEN cardinality(messages) = 1 AND gaiops.is_plain_message(messages[1]::jsonb, 'user')
				THEN ARRAY['"message": ' || (messages[1] -> 'content')]
			WHEN cardinality(messages) = 2 AND gaiops.is_plain_message(messages[1]::jsonb, 'system')
				AND gaiops.is_plain_message(messages[2]::jsonb, 'user')
				THEN ARRAY['"system": ' || (messages[1] -> 'content'), '"message": ' || (messages[2] -> 'content')]
			ELSE ARRAY['"messages": [' || array_to_string(messages, ', ') || ']'] END
		|| ('"tools": ' || tools))::json
$$;
COMMENT ON FUNCTION gaiops.read_question(json[], json) IS
	'Takes the messages before an answer, and the tools, NULL if there are none; returns the inputs of a record: '
	'message and system where that is all, messages otherwise';

CREATE OR REPLACE FUNCTION gaiops.read_chat_line(value json, OUT record json, OUT problem text)
LANGUAGE plpgsql IMMUTABLE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	others CONSTANT record := gaiops.given_members(value, '{messages,tools}');
	messages json[];
	answer record;
BEGIN
	problem := gaiops.messages_problem((value -> 'messages')::jsonb);
	IF problem IS NOT NULL THEN
		RETURN;
	END IF;
	messages := ARRAY(
		SELECT m.message FROM json_array_elements(value -> 'messages') WITH ORDINALITY AS m (message, n) ORDER BY m.n);
	answer := gaiops.read_answer(messages[cardinality(messages)]);
	problem := coalesce(answer.problem,
		CASE WHEN cardinality(messages) = 1 THEN 'It has no message before the answer.' END);
	IF problem IS NOT NULL THEN
		RETURN;
	END IF;
	record := gaiops.record_line(
		gaiops.read_question(trim_array(messages, 1),
			CASE WHEN json_typeof(value -> 'tools') <> 'null' THEN value -> 'tools' END),
		answer.expectations, NULL, others.plain, NULL, NULL, others.nested);
END
$$;
COMMENT ON FUNCTION gaiops.read_chat_line(json) IS
	'Takes a line of the chat fine-tuning layout; returns it as a record, with other members as tags or, '
	'where they are nested, as its source, or what is wrong with it';

-- ---- records as MLflow writes them ----

-- Who made a record there, and when, and what it is called there says nothing here.
CREATE OR REPLACE FUNCTION gaiops.read_mlflow_record(record json)
RETURNS json
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	theirs CONSTANT text[] := ARRAY['dataset_record_id', 'dataset_id', 'created_time', 'last_update_time', 'created_by',
		'last_updated_by', 'source_type', 'source_id'];
	source CONSTANT json := CASE json_typeof(record -> 'source') WHEN 'null' THEN NULL ELSE record -> 'source' END;
	origin json;
BEGIN
	SELECT gaiops.json_line(array_agg(to_json(m.key) || ': ' || m.value ORDER BY m.n)) INTO origin
		FROM json_each(record) WITH ORDINALITY AS m (key, value, n)
		WHERE m.key IN ('source_type', 'source_id') AND json_typeof(m.value) <> 'null' HAVING count(*) > 0;
	IF json_typeof(source) <> 'object' THEN
		origin := NULL;
	END IF;
	RETURN (
		SELECT gaiops.json_line(array_agg(to_json(m.key) || ': ' || m.value ORDER BY m.n)
			|| ('"source": ' || CASE WHEN origin IS NOT NULL THEN gaiops.merge_members(origin, source) END))
		FROM json_each(record) WITH ORDINALITY AS m (key, value, n)
		WHERE m.key <> ALL (theirs || CASE WHEN origin IS NOT NULL THEN '{source}'::text[] END));
END
$$;
COMMENT ON FUNCTION gaiops.read_mlflow_record(json) IS
	'Takes a record that may have members as in MLflow; returns it without them, with source_type '
	'and source_id in its source';

-- ---- all lines ----

CREATE OR REPLACE FUNCTION gaiops.read_record(line text, OUT record json, OUT problem text)
LANGUAGE plpgsql IMMUTABLE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	chat record;
	said jsonb;
BEGIN
	record := line::gaiops.ordered_json;
	said := record;
	IF jsonb_typeof(said) = 'object' AND said ? 'inputs' THEN
		IF said ?| ARRAY['dataset_record_id', 'dataset_id', 'created_time', 'last_update_time', 'created_by',
			'last_updated_by', 'source_type', 'source_id']
		THEN
			record := gaiops.read_mlflow_record(record);
			said := record;
		END IF;
	ELSIF jsonb_typeof(said) = 'object' AND said ? 'messages' THEN
		chat := gaiops.read_chat_line(record);
		record := chat.record;
		problem := chat.problem;
		said := record;
	END IF;
	problem := coalesce(problem, gaiops.record_problem(said));
	IF problem IS NOT NULL THEN
		record := NULL;
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.read_record(text) IS
	'Takes a line in either layout; returns it as a record for gaiops_merge_records(), or what is wrong with it; '
	'raises what reading JSON raises';

CREATE OR REPLACE FUNCTION gaiops.read_record_line(line text, OUT record json, OUT problem text)
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
COMMENT ON FUNCTION gaiops.read_record_line(text) IS
	'Takes a line in either layout; returns it as a record for gaiops_merge_records(), or what is wrong with it';

-- Lines are read many at once, and one by one only where one of them cannot be read at all:
-- to go on after an error takes a subtransaction.
CREATE OR REPLACE FUNCTION gaiops.read_records(lines text[], OUT records json[], OUT problems text[])
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
COMMENT ON FUNCTION gaiops.read_records(text[]) IS
	'Takes lines in either layout; returns of each in two arrays what gaiops.read_record_line() does';

-- Lines may end as on Windows.  Files that were put together have byte order marks within.
CREATE OR REPLACE FUNCTION gaiops.read_record_lines(lines text, OUT line integer, OUT record json, OUT problem text)
RETURNS SETOF record
LANGUAGE sql IMMUTABLE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT r.line, r.record, r.problem
	FROM (
		SELECT array_agg(l.n::integer ORDER BY l.n) AS numbers,
			array_agg(ltrim(l.line, E'\uFEFF') ORDER BY l.n) AS lines
		FROM string_to_table(lines, E'\n') WITH ORDINALITY AS l (line, n)
		WHERE l.line ~ E'[^\\s\\u0085\\u00A0\\u1680\\u2000-\\u200A\\u2028\\u2029\\u202F\\u205F\\u3000\\uFEFF]'
		GROUP BY l.n / 1000) AS p
		CROSS JOIN LATERAL gaiops.read_records(p.lines) AS d
		CROSS JOIN LATERAL unnest(p.numbers, d.records, d.problems) AS r (line, record, problem)
	ORDER BY r.line
$$;
COMMENT ON FUNCTION gaiops.read_record_lines(text) IS
	'Takes lines of JSON; returns the number of each that is not blank, in their order, '
	'and its record or what is wrong with it';

-- ---- storing them ----

-- All or none, unless good ones are kept.
CREATE OR REPLACE FUNCTION gaiops.merge_lines(
	target text, records json[], keep_good boolean, OUT "position" integer, OUT action text, OUT problem text)
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
COMMENT ON FUNCTION gaiops.merge_lines(text, json[], boolean) IS
	'Takes a dataset, records or NULLs, and whether good ones are kept where others are refused, '
	'merges them and returns for each record its place in the array and what was done: inserted, updated, unchanged, '
	'refused, and then why, or skipped';

CREATE OR REPLACE FUNCTION gaiops.inner_import_dataset(dataset text, lines text, keep_good boolean)
RETURNS TABLE (line integer, action text, detail text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE ROWS 1
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	target CONSTANT text := dataset;
	numbers integer[];
	records json[];
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
		SELECT r.line, coalesce(m.action, CASE WHEN r.problem IS NULL THEN 'skipped' ELSE 'refused' END),
			coalesce(r.problem, m.problem)
		FROM unnest(numbers, problems) WITH ORDINALITY AS r (line, problem, n)
			LEFT JOIN gaiops.merge_lines(target, records, keep_good) AS m ON m.position = r.n
		ORDER BY r.line;
END
$$;
COMMENT ON FUNCTION gaiops.inner_import_dataset(text, text, boolean) IS
	'Takes the arguments of gaiops_import_dataset() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_import_dataset(dataset text, lines text, keep_good boolean DEFAULT false)
RETURNS TABLE (line integer, action text, detail text)
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_import_dataset(text, text, boolean) IS
	'Takes a dataset, lines of JSON in either layout of gaiops_export_dataset(), '
	'and whether good lines are kept where others are not; returns what was done with each line: '
	'inserted, updated, unchanged, refused and why, or skipped';
