-- Splitting a dataset into parts such as train and test.
--
-- Records of one session, and records of the same inputs, stay together, also where one
-- leads to the other.  Such a group is known by its first session, or else by its
-- inputs, and where that hash falls decides: a record more moves no group but those that
-- it connects.

CREATE OR REPLACE FUNCTION gaiops.components(ones integer[], others integer[])
RETURNS integer[] LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'gaiops_components';
COMMENT ON FUNCTION gaiops.components(integer[], integer[]) IS
	'Takes both ends of each edge of a graph, numbers from 1 to twice the edges, the second of which may be NULL; '
	'returns the smallest node that each edge is connected with';

CREATE OR REPLACE FUNCTION gaiops.fractions_problem(fractions jsonb)
RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	problem text;
BEGIN
	SELECT CASE
			WHEN f.key = '' THEN 'A split has an empty name.'
			WHEN octet_length(f.key) > 255
				THEN format('The name of a split has %s bytes; the limit is 255.', octet_length(f.key))
			ELSE format('The fraction of "%s" is not a number above 0.', f.key)
		END INTO problem
		FROM jsonb_each(fractions) AS f
		WHERE octet_length(f.key) NOT BETWEEN 1 AND 255
			OR CASE jsonb_typeof(f.value) WHEN 'number' THEN f.value::numeric <= 0 ELSE true END
		ORDER BY f.key COLLATE "C" LIMIT 1;
	IF NOT FOUND THEN
		SELECT format('They sum to %s.', coalesce(sum(f.value::numeric), 0)) INTO problem
			FROM jsonb_each(fractions) AS f
			HAVING abs(coalesce(sum(f.value::numeric), 0) - 1) > 1e-9;
	END IF;
	RETURN problem;
END
$$;
COMMENT ON FUNCTION gaiops.fractions_problem(jsonb) IS
	'Takes an object with the fraction of each split and returns what is wrong with it; NULL if nothing is';

CREATE OR REPLACE FUNCTION gaiops.check_fractions(fractions jsonb)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	example CONSTANT text := '{"train": 0.8, "test": 0.2}';
	problem text;
BEGIN
	PERFORM gaiops.check_given('fractions', fractions);
	PERFORM gaiops.check_object('fractions', fractions, example);
	problem := gaiops.fractions_problem(fractions);
	IF problem IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'argument "fractions" must give each split a number above 0, 1 in all',
			DETAIL = problem,
			HINT = format('For example %s.', example);
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_fractions(jsonb) IS
	'Takes splits, each with its fraction, and returns nothing; raises unless they sum to 1';

CREATE OR REPLACE FUNCTION gaiops.split_position(seed integer, member text)
RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
RETURN ('x' || left(encode(sha256(convert_to(seed || ':' || member, 'UTF8')), 'hex'), 13))::bit(52)::bigint
	/ 4503599627370496::double precision;
COMMENT ON FUNCTION gaiops.split_position(integer, text) IS
	'Takes a seed and what is known by it; returns a number from 0 to below 1 that looks random and is always the same';

CREATE OR REPLACE FUNCTION gaiops.split_groups(
	target text, seed integer, OUT record_id uuid, OUT revision integer, OUT split text,
	OUT "position" double precision)
RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
SET plan_cache_mode = force_custom_plan
AS $$
BEGIN
	RETURN QUERY
	WITH member AS MATERIALIZED (
		SELECT r.record_id, r.revision, r.split, gaiops.record_id(r.inputs, NULL) AS inputs_id,
			nullif(r.source ->> 'session_id', '') COLLATE "C" AS session_id
		FROM gaiops.dataset_records AS r WHERE r.dataset = target
	), session AS MATERIALIZED (
		SELECT s.session_id, row_number() OVER (ORDER BY s.session_id)::integer AS node
		FROM (SELECT DISTINCT m.session_id FROM member AS m WHERE m.session_id IS NOT NULL) AS s
	), question AS MATERIALIZED (
		SELECT q.inputs_id, (row_number() OVER (ORDER BY q.inputs_id) + (SELECT count(*) FROM session))::integer AS node
		FROM (SELECT DISTINCT m.inputs_id FROM member AS m) AS q
	), edges AS (
		SELECT array_agg(m.record_id) AS record_ids, array_agg(q.node) AS questions, array_agg(s.node) AS sessions
		FROM member AS m
		JOIN question AS q ON q.inputs_id = m.inputs_id
		LEFT JOIN session AS s ON s.session_id = m.session_id
	)
	SELECT m.record_id, m.revision, m.split,
		gaiops.split_position(seed, coalesce('session:' || s.session_id, 'inputs:' || q.inputs_id))
	FROM edges AS e
	CROSS JOIN unnest(e.record_ids, gaiops.components(e.questions, e.sessions)) AS g (record_id, node)
	JOIN member AS m ON m.record_id = g.record_id
	LEFT JOIN session AS s ON s.node = g.node
	LEFT JOIN question AS q ON q.node = g.node;
END
$$;
COMMENT ON FUNCTION gaiops.split_groups(text, integer) IS
	'Takes a dataset and a seed; returns its records, each with a number from 0 to below 1 that is the same '
	'for those that must stay together';

CREATE OR REPLACE FUNCTION gaiops.set_splits(target text, names text[], bounds double precision[], seed integer)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
SET plan_cache_mode = force_custom_plan
AS $$
DECLARE
	locked CONSTANT gaiops.dataset_settings := gaiops.lock_dataset(target);
	number CONSTANT integer := gaiops.next_revision(locked);
	moved bigint;
	counts jsonb;
BEGIN
	WITH placed AS MATERIALIZED (
		SELECT g.record_id, g.revision, g.split AS old_split, names[width_bucket(g.position, bounds)] AS split
		FROM gaiops.split_groups(target, seed) AS g
	), written AS (
		INSERT INTO gaiops.dataset_record_versions AS v (dataset, record_id, revision, is_deleted, change, key, inputs,
				expectations, outputs, tags, split, source, created_at, created_by, updated_at, updated_by, written)
			SELECT l.dataset, l.record_id, number, false, CASE WHEN l.revision = number THEN l.change ELSE 0 END,
				l.key, l.inputs, l.expectations, l.outputs, l.tags, p.split, l.source, l.created_at, l.created_by,
				now(), gaiops.caller(), l.written
			FROM placed AS p
			JOIN gaiops.dataset_record_versions AS l
				ON l.dataset = target AND l.record_id = p.record_id AND l.revision = p.revision
			WHERE p.split IS DISTINCT FROM p.old_split
		ON CONFLICT ON CONSTRAINT dataset_record_versions_pkey DO UPDATE
			SET split = EXCLUDED.split, updated_at = EXCLUDED.updated_at, updated_by = EXCLUDED.updated_by
	)
	SELECT sum(s.moved), jsonb_object_agg(s.split, s.records) INTO moved, counts
		FROM (
			SELECT p.split, count(*) AS records, count(*) FILTER (WHERE p.split IS DISTINCT FROM p.old_split) AS moved
			FROM placed AS p GROUP BY p.split
		) AS s;
	IF moved > 0 THEN
		PERFORM gaiops.note_revision(locked, number);
	END IF;
	RETURN coalesce(counts, '{}');
END
$$;
COMMENT ON FUNCTION gaiops.set_splits(text, text[], double precision[], integer) IS
	'Takes a dataset, splits, the number from 0 to 1 that each begins at, and a seed, puts every record into one '
	'and returns how many each has, as an object';

CREATE OR REPLACE FUNCTION gaiops.inner_split_dataset(dataset text, fractions gaiops.ordered_json, seed integer)
RETURNS TABLE(split text, records bigint)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE ROWS 3
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	names text[];
	bounds double precision[];
	counts jsonb;
BEGIN
	PERFORM gaiops.check_writable('gaiops_split_dataset');
	PERFORM gaiops.check_given('dataset', dataset);
	PERFORM gaiops.check_fractions(fractions::jsonb);
	PERFORM gaiops.check_given('seed', seed);
	SELECT array_agg(f.name ORDER BY f.name), array_agg(f.bound ORDER BY f.name) INTO names, bounds
		FROM (
			SELECT e.key COLLATE "C" AS name,
				round(sum(e.value::numeric) OVER (ORDER BY e.key COLLATE "C") - e.value::numeric, 20)
					::double precision AS bound
			FROM jsonb_each(fractions::jsonb) AS e
		) AS f;
	counts := gaiops.set_splits(dataset, names, bounds, seed);
	RETURN QUERY SELECT n.name, coalesce((counts -> n.name)::bigint, 0)
		FROM unnest(names) WITH ORDINALITY AS n (name, place) ORDER BY n.place;
END
$$;
COMMENT ON FUNCTION gaiops.inner_split_dataset(text, gaiops.ordered_json, integer) IS
	'Takes the arguments of gaiops_split_dataset() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_split_dataset(
	dataset text, fractions gaiops.ordered_json, seed integer DEFAULT 0)
RETURNS TABLE(split text, records bigint)
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_split_dataset(text, gaiops.ordered_json, integer) IS
	'Takes a dataset, an object of splits with their fractions and a seed, puts every record into one of them, '
	'and returns how many each has; records of one session or of the same inputs come to the same split';
