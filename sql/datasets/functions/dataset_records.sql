-- Records of datasets: merging and deleting them, and what scorers and judges
-- read in them.  gaiops_dataset_records() is beside the view whose rows it returns.

CREATE OR REPLACE FUNCTION gaiops.record_id(inputs jsonb, key text)
RETURNS uuid LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'gaiops_record_id';
COMMENT ON FUNCTION gaiops.record_id(jsonb, text) IS
	'Takes the inputs of a record and its key or NULL; returns its identity, a UUID of version 8 from the SHA-256 '
	'of both, which is the same for inputs that are equal as jsonb; NULL without inputs';

CREATE OR REPLACE FUNCTION gaiops.record_problem(record jsonb)
RETURNS text LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'gaiops_record_problem';
COMMENT ON FUNCTION gaiops.record_problem(jsonb) IS
	'Takes a record as gaiops_merge_records() does; returns what is wrong with it, or NULL';

CREATE OR REPLACE FUNCTION gaiops.merged_problem(
	inputs jsonb, expectations jsonb, outputs jsonb, tags jsonb, key text, split text, source jsonb, written json)
RETURNS text LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'gaiops_merged_problem';
COMMENT ON FUNCTION gaiops.merged_problem(jsonb, jsonb, jsonb, jsonb, text, text, jsonb, json) IS
	'Takes what is in a record that is to be stored, after something was merged into it, and what '
	'gaiops.written_otherwise() has of it, NULL where there is nothing; returns what is wrong with it, which is '
	'that it is too large, or NULL';

CREATE OR REPLACE FUNCTION gaiops.record_members(
	record json, OUT inputs json, OUT expectations json, OUT outputs json, OUT tags json, OUT source json, OUT key text,
	OUT split text, OUT has_outputs boolean, OUT has_source boolean, OUT has_split boolean)
RETURNS record LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'gaiops_record_members';
COMMENT ON FUNCTION gaiops.record_members(json) IS
	'Takes a record that gaiops.record_problem() finds nothing wrong with; returns what is in it, as it was written, '
	'NULL where it is null or not there, and whether those that a null takes away are there';

CREATE OR REPLACE FUNCTION gaiops.merge_members(base json, changes json)
RETURNS json LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'gaiops_merge_json_members';
COMMENT ON FUNCTION gaiops.merge_members(json, json) IS
	'Takes two objects, either of which may be NULL; returns the members of both, where those of the second win '
	'and null removes one; raises if one is no object';

CREATE OR REPLACE FUNCTION gaiops.written_otherwise(
	inputs json, expectations json, outputs json, source json,
	kept_inputs jsonb, kept_expectations jsonb, kept_outputs jsonb, kept_source jsonb)
RETURNS json LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'gaiops_written_otherwise';
COMMENT ON FUNCTION gaiops.written_otherwise(json, json, json, json, jsonb, jsonb, jsonb, jsonb) IS
	'Takes parts of a record as they were written and as they are kept; returns an object with the former where '
	'the latter have another order of members or spelling, without white space, NULL if none has';

CREATE OR REPLACE FUNCTION gaiops.merge_into_revision(
	target text, number integer, author name, record_ids uuid[], records json[],
	OUT actions text[], OUT problems text[])
RETURNS record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	WITH merged AS (
		SELECT e.n, e.record_id, coalesce(l.is_deleted, true) AS is_new,
			CASE WHEN l.revision = number THEN l.change ELSE 0 END + coalesce(l.is_deleted, true)::integer AS change,
			g.key, coalesce(o.written -> 'inputs', o.inputs::json, g.inputs) AS inputs,
			gaiops.merge_members(
				coalesce(o.written -> 'expectations', o.expectations::json), g.expectations) AS expectations,
			CASE WHEN g.has_outputs THEN g.outputs
				ELSE coalesce(o.written -> 'outputs', o.outputs::json) END AS outputs,
			gaiops.merge_members(o.tags::json, g.tags) AS tags,
			CASE WHEN g.has_split THEN g.split ELSE o.split END AS split,
			CASE WHEN g.has_source THEN g.source ELSE coalesce(o.written -> 'source', o.source::json) END AS source,
			coalesce(o.created_at, now()) AS created_at, coalesce(o.created_by, author) AS created_by,
			(o.expectations, o.outputs, o.tags, o.split, o.source) AS old
		FROM unnest(record_ids, records) WITH ORDINALITY AS e (record_id, record, n)
		CROSS JOIN LATERAL gaiops.record_members(e.record) AS g
		LEFT JOIN LATERAL (
			SELECT v.* FROM gaiops.dataset_record_versions AS v
			WHERE v.dataset = target AND v.record_id = e.record_id
			ORDER BY v.revision DESC LIMIT 1) AS l ON true
		LEFT JOIN LATERAL (SELECT l.* WHERE NOT l.is_deleted) AS o ON true
		OFFSET 0
	), kept AS (
		-- Made jsonb once, whoever reads it below.
		SELECT m.*, m.inputs::jsonb AS kept_inputs, m.expectations::jsonb AS kept_expectations,
			m.outputs::jsonb AS kept_outputs, m.tags::jsonb AS kept_tags, m.source::jsonb AS kept_source
		FROM merged AS m OFFSET 0
	), decided AS MATERIALIZED (
		SELECT k.*, w.written, p.problem, CASE
				WHEN NOT c.is_changed THEN 'unchanged' WHEN p.problem IS NOT NULL THEN 'refused'
				WHEN k.is_new THEN 'inserted' ELSE 'updated' END AS action
		FROM kept AS k
			-- By what it says: another order of members is no change.
			CROSS JOIN LATERAL (SELECT k.is_new OR k.old IS DISTINCT FROM
				(k.kept_expectations, k.kept_outputs, k.kept_tags, k.split, k.kept_source)) AS c (is_changed)
			LEFT JOIN LATERAL (
				SELECT gaiops.written_otherwise(k.inputs, k.expectations, k.outputs, k.source,
					k.kept_inputs, k.kept_expectations, k.kept_outputs, k.kept_source)
				WHERE c.is_changed OFFSET 0) AS w (written) ON true
			LEFT JOIN LATERAL (
				SELECT gaiops.merged_problem(k.kept_inputs, k.kept_expectations, k.kept_outputs,
					k.kept_tags, k.key, k.split, k.kept_source, w.written)
				WHERE c.is_changed AND (NOT k.is_new OR w.written IS NOT NULL)) AS p (problem) ON true
	), stored AS (
		INSERT INTO gaiops.dataset_record_versions AS v (dataset, record_id, revision, is_deleted, change, key, inputs,
				expectations, outputs, tags, split, source, created_at, created_by, updated_at, updated_by, written)
			SELECT target, d.record_id, number, false, d.change, d.key, d.kept_inputs, d.kept_expectations,
				d.kept_outputs, d.kept_tags, d.split, d.kept_source, d.created_at, d.created_by,
				now(), author, d.written
			FROM decided AS d WHERE d.action IN ('inserted', 'updated')
		ON CONFLICT ON CONSTRAINT dataset_record_versions_pkey DO UPDATE
			SET is_deleted = false, change = EXCLUDED.change, key = EXCLUDED.key, inputs = EXCLUDED.inputs,
				expectations = EXCLUDED.expectations, outputs = EXCLUDED.outputs, tags = EXCLUDED.tags,
				split = EXCLUDED.split, source = EXCLUDED.source, created_at = EXCLUDED.created_at,
				created_by = EXCLUDED.created_by, updated_at = EXCLUDED.updated_at, updated_by = EXCLUDED.updated_by,
				written = EXCLUDED.written
	)
	SELECT array_agg(d.action ORDER BY d.n), array_agg(d.problem ORDER BY d.n) INTO actions, problems
		FROM decided AS d;
END
$$;
COMMENT ON FUNCTION gaiops.merge_into_revision(text, integer, name, uuid[], json[]) IS
	'Takes a dataset, the revision that this transaction makes of it, for whom, identities, each once, '
	'and the record of each, merges them, and returns what gaiops.merge_elements() does of each, in two arrays';

-- Each record is looked up by its key: no statistics, and no plan made when the table was
-- small, have the lookup read all of the table.  One plan serves any number of records,
-- since making one takes longer than merging a record.  What is refused changes nothing,
-- and keeps nothing else from being merged: callers decide what comes of that.
CREATE OR REPLACE FUNCTION gaiops.merge_distinct(
	target text, record_ids uuid[], records json[], OUT actions text[], OUT problems text[])
RETURNS record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
SET enable_seqscan = off
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
	locked CONSTANT gaiops.dataset_settings := gaiops.lock_dataset(target);
	number CONSTANT integer := gaiops.next_revision(locked);
	merged record;
BEGIN
	merged := gaiops.merge_into_revision(target, number, gaiops.caller(), record_ids, records);
	actions := merged.actions;
	problems := merged.problems;
	IF actions && ARRAY['inserted', 'updated'] THEN
		PERFORM gaiops.note_revision(locked, number);
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.merge_distinct(text, uuid[], json[]) IS
	'Takes a dataset, identities, each once, and the record of each, merges them, '
	'and returns what gaiops.merge_elements() does of each, in two arrays; raises if there is no such dataset';

-- What is merged at once has no identity twice: the second record with one comes after all
-- first ones.  Nor is it all at once, so that memory suffices for any number of them.
CREATE OR REPLACE FUNCTION gaiops.merge_elements(
	target text, elements json[], OUT "position" integer, OUT action text, OUT problem text)
RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	records_at_once CONSTANT integer := 10000;
	bytes_at_once CONSTANT integer := 33554432;
	piece record;
BEGIN
	PERFORM gaiops.lock_dataset(target);
	FOR piece IN
		SELECT array_agg(o.n ORDER BY o.n) AS positions, array_agg(o.record_id ORDER BY o.n) AS record_ids,
			array_agg(o.record ORDER BY o.n) AS records
		FROM (
			SELECT i.*, row_number() OVER w / records_at_once
				+ sum(pg_column_size(i.record)) OVER w / bytes_at_once AS part
			FROM (
				SELECT e.n::integer, e.record, d.record_id,
					row_number() OVER (PARTITION BY d.record_id ORDER BY e.n) AS occurrence
				FROM unnest(elements) WITH ORDINALITY AS e (record, n)
					CROSS JOIN LATERAL gaiops.record_members(e.record) AS g
					CROSS JOIN LATERAL gaiops.record_id(g.inputs::jsonb, g.key) AS d (record_id)
				WHERE e.record IS NOT NULL) AS i
			WINDOW w AS (PARTITION BY i.occurrence ORDER BY i.n)) AS o
		GROUP BY o.occurrence, o.part
		ORDER BY o.occurrence, o.part
	LOOP
		RETURN QUERY
			SELECT r.n, r.action, r.problem
			FROM gaiops.merge_distinct(target, piece.record_ids, piece.records) AS m
				CROSS JOIN LATERAL unnest(piece.positions, m.actions, m.problems) AS r (n, action, problem);
	END LOOP;
END
$$;
COMMENT ON FUNCTION gaiops.merge_elements(text, json[]) IS
	'Takes a dataset and records that gaiops.record_problem() finds nothing wrong with, or NULLs, merges them, '
	'and returns for each record its place in the array and what was done: inserted, updated, unchanged, or refused, '
	'and then why; raises if there is no such dataset';

CREATE OR REPLACE FUNCTION gaiops.check_records(records jsonb)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	bad record;
BEGIN
	PERFORM gaiops.check_given('records', records);
	IF jsonb_typeof(records) <> 'array' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'argument "records" must be a JSON array',
			DETAIL = format('It is of type %s.', jsonb_typeof(records)),
			HINT = 'For example [{"inputs": {"question": "..."}, "expectations": {"expected_response": "..."}}].';
	END IF;
	SELECT p.n, p.problem INTO bad
		FROM (
			SELECT e.n, gaiops.record_problem(e.record) AS problem
			FROM jsonb_array_elements(records) WITH ORDINALITY AS e (record, n) OFFSET 0) AS p
		WHERE p.problem IS NOT NULL ORDER BY p.n LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('record %s of argument "records" is not acceptable', bad.n),
			DETAIL = bad.problem,
			HINT = 'A record has "inputs", and may have "expectations", "outputs", "tags", "key", '
				'"split" and "source".';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_records(jsonb) IS
	'Takes records for a dataset and returns nothing; raises unless they are an array of records, '
	'and names the first that is none';

CREATE OR REPLACE FUNCTION gaiops.inner_merge_records(
	dataset text, records gaiops.ordered_json, OUT inserted integer, OUT updated integer, OUT unchanged integer)
RETURNS record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	refused integer;
	problem text;
BEGIN
	PERFORM gaiops.check_writable('gaiops_merge_records');
	PERFORM gaiops.check_given('dataset', dataset);
	PERFORM gaiops.check_records(records::jsonb);
	SELECT count(*) FILTER (WHERE m.action = 'inserted'), count(*) FILTER (WHERE m.action = 'updated'),
			count(*) FILTER (WHERE m.action = 'unchanged'), min(m.position) FILTER (WHERE m.action = 'refused'),
			(array_agg(m.problem ORDER BY m.position) FILTER (WHERE m.action = 'refused'))[1]
		INTO inserted, updated, unchanged, refused, problem
		FROM gaiops.merge_elements(dataset, ARRAY(
			SELECT e.record FROM json_array_elements(records) WITH ORDINALITY AS e (record, n) ORDER BY e.n)) AS m;
	IF refused IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('record %s of argument "records" is not acceptable', refused),
			DETAIL = problem;
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.inner_merge_records(text, gaiops.ordered_json) IS
	'Takes the arguments of gaiops_merge_records() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_merge_records(
	dataset text, records gaiops.ordered_json, OUT inserted integer, OUT updated integer, OUT unchanged integer)
RETURNS record
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_merge_records(text, gaiops.ordered_json) IS
	'Takes a dataset and a JSON array of records, merges each into the record with the same inputs and key '
	'if there is one, and returns how many were inserted, updated and left as they were';

CREATE OR REPLACE FUNCTION gaiops.inner_merge_record(
	dataset text, inputs gaiops.ordered_json, expectations gaiops.ordered_json, outputs gaiops.ordered_json,
	tags gaiops.ordered_json, key text, split text)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	merged json;
	problem text;
	action text;
BEGIN
	PERFORM gaiops.check_writable('gaiops_merge_record');
	PERFORM gaiops.check_given('dataset', dataset);
	PERFORM gaiops.check_given('inputs', inputs);
	merged := gaiops.record_line(inputs, expectations, outputs, tags, key, split, NULL);
	problem := gaiops.record_problem(merged::jsonb);
	IF problem IS NULL THEN
		SELECT m.actions[1], m.problems[1] INTO action, problem
			FROM gaiops.merge_distinct(dataset, ARRAY[gaiops.record_id(inputs::jsonb, key)], ARRAY[merged]) AS m;
	END IF;
	IF problem IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'record is not acceptable',
			DETAIL = problem;
	END IF;
	RETURN action;
END
$$;
COMMENT ON FUNCTION gaiops.inner_merge_record(
	text, gaiops.ordered_json, gaiops.ordered_json, gaiops.ordered_json, gaiops.ordered_json, text, text) IS
	'Takes the arguments of gaiops_merge_record() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_merge_record(
	dataset text, inputs gaiops.ordered_json, expectations gaiops.ordered_json DEFAULT NULL,
	outputs gaiops.ordered_json DEFAULT NULL, tags gaiops.ordered_json DEFAULT NULL, key text DEFAULT NULL,
	split text DEFAULT NULL)
RETURNS text
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_merge_record(
	text, gaiops.ordered_json, gaiops.ordered_json, gaiops.ordered_json, gaiops.ordered_json, text, text) IS
	'Takes a dataset and a record, for one row of a query, merges it into the record with the same inputs and key '
	'if there is one, and returns what it did: inserted, updated or unchanged';

-- What is deleted is not said again: only that it is.
CREATE OR REPLACE FUNCTION gaiops.delete_records(target text, doomed uuid[])
RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
SET enable_seqscan = off
AS $$
DECLARE
	locked CONSTANT gaiops.dataset_settings := gaiops.lock_dataset(target);
	number CONSTANT integer := gaiops.next_revision(locked);
	deleted integer;
	unknown uuid;
BEGIN
	WITH wanted AS (
		SELECT DISTINCT d.record_id FROM unnest(doomed) AS d (record_id)
	), latest AS MATERIALIZED (
		SELECT w.record_id, l.revision, l.change, l.created_at, l.created_by
		FROM wanted AS w
		LEFT JOIN LATERAL (
			SELECT v.* FROM gaiops.dataset_record_versions AS v
			WHERE v.dataset = target AND v.record_id = w.record_id
			ORDER BY v.revision DESC LIMIT 1
		) AS l ON NOT l.is_deleted
	), written AS (
		INSERT INTO gaiops.dataset_record_versions AS v (dataset, record_id, revision, is_deleted, change, inputs,
				expectations, tags, created_at, created_by, updated_at, updated_by)
			SELECT target, l.record_id, number, true, CASE WHEN l.revision = number THEN l.change ELSE 0 END - 1,
				'{}', '{}', '{}', l.created_at, l.created_by, now(), gaiops.caller()
			FROM latest AS l WHERE l.revision IS NOT NULL
		ON CONFLICT ON CONSTRAINT dataset_record_versions_pkey DO UPDATE
			SET is_deleted = true, change = EXCLUDED.change, key = NULL, inputs = EXCLUDED.inputs,
				expectations = EXCLUDED.expectations, outputs = NULL, tags = EXCLUDED.tags, split = NULL,
				source = NULL, written = NULL,
				updated_at = EXCLUDED.updated_at, updated_by = EXCLUDED.updated_by
	)
	SELECT count(*), (array_agg(l.record_id ORDER BY l.record_id) FILTER (WHERE l.revision IS NULL))[1]
		INTO deleted, unknown FROM latest AS l;
	IF unknown IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_object',
			MESSAGE = format('dataset "%s" has no record %s', target, unknown);
	END IF;
	IF deleted > 0 THEN
		PERFORM gaiops.note_revision(locked, number);
	END IF;
	RETURN deleted;
END
$$;
COMMENT ON FUNCTION gaiops.delete_records(text, uuid[]) IS
	'Takes a dataset and records of it, deletes them in the revision of this transaction '
	'and returns how many they are; raises unless all are there';

CREATE OR REPLACE FUNCTION gaiops.inner_delete_records(dataset text, record_ids uuid[])
RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_writable('gaiops_delete_records');
	PERFORM gaiops.check_given('dataset', dataset);
	PERFORM gaiops.check_given('record_ids', record_ids);
	PERFORM gaiops.check_elements('record_ids', record_ids);
	RETURN gaiops.delete_records(dataset, record_ids);
END
$$;
COMMENT ON FUNCTION gaiops.inner_delete_records(text, uuid[]) IS
	'Takes the arguments of gaiops_delete_records() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_delete_records(dataset text, record_ids uuid[])
RETURNS integer
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_delete_records(text, uuid[]) IS
	'Takes a dataset and the ids of records in it, deletes them from the latest revision '
	'on and returns how many they are; raises unless all are there';

CREATE OR REPLACE FUNCTION gaiops.record_question(inputs jsonb)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT q.question FROM (
		SELECT 1, inputs ->> 'message' WHERE jsonb_typeof(inputs -> 'message') = 'string'
		UNION ALL
		(SELECT 2, gaiops.message_text(m.message)
			FROM jsonb_array_elements(
				CASE jsonb_typeof(inputs -> 'messages') WHEN 'array' THEN inputs -> 'messages' END)
				WITH ORDINALITY AS m (message, n)
			WHERE m.message ->> 'role' = 'user' ORDER BY m.n DESC LIMIT 1)
		UNION ALL
		SELECT 3, inputs ->> 'question' WHERE jsonb_typeof(inputs -> 'question') = 'string'
		UNION ALL
		SELECT 4, inputs ->> 'query' WHERE jsonb_typeof(inputs -> 'query') = 'string'
		UNION ALL
		SELECT 5, inputs ->> 'input' WHERE jsonb_typeof(inputs -> 'input') = 'string'
	) AS q (n, question)
	WHERE q.question IS NOT NULL
	ORDER BY q.n LIMIT 1
$$;
COMMENT ON FUNCTION gaiops.record_question(jsonb) IS
	'Takes the inputs of a record; returns what the user asks: message, the last message of the user in messages, '
	'question, query or input, the first that is there; NULL if none is';

CREATE OR REPLACE FUNCTION gaiops.record_context(inputs jsonb)
RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT jsonb_agg(jsonb_build_object(
			'id', CASE WHEN jsonb_typeof(d.document -> 'id') IN ('string', 'number')
				THEN d.document ->> 'id' ELSE d.n::text END,
			'text', CASE jsonb_typeof(d.document) WHEN 'string' THEN d.document ELSE d.document -> 'text' END)
		ORDER BY d.n)
	FROM jsonb_array_elements(CASE jsonb_typeof(inputs -> 'context')
			WHEN 'array' THEN inputs -> 'context'
			WHEN 'string' THEN jsonb_build_array(inputs -> 'context')
			WHEN 'object' THEN jsonb_build_array(inputs -> 'context') END) WITH ORDINALITY AS d (document, n)
	WHERE jsonb_typeof(d.document) = 'string' OR jsonb_typeof(d.document -> 'text') = 'string'
$$;
COMMENT ON FUNCTION gaiops.record_context(jsonb) IS
	'Takes the inputs of a record; returns what an answer must rest on as an array of {"id", "text"}, '
	'where an id that is not given is the place in the context, from 1; NULL if there is none';
