-- Adding traces to datasets.  What they say is read as the caller, by trace_records.sql; what
-- is written is written by gaiops.merge_traces().

CREATE OR REPLACE FUNCTION gaiops.join_objects(objects jsonb[])
RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT coalesce(jsonb_object_agg(m.key, m.value ORDER BY o.n), '{}')
	FROM unnest(objects) WITH ORDINALITY AS o (object, n)
		CROSS JOIN LATERAL jsonb_each(o.object) AS m
$$;
COMMENT ON FUNCTION gaiops.join_objects(jsonb[]) IS
	'Takes JSON objects; returns one with the members of all, where those of later ones win';

-- ---- several traces with one question ----

CREATE OR REPLACE FUNCTION gaiops.record_traces(
	target text, record_ids uuid[], OUT record_id uuid, OUT trace_id uuid, OUT start_time timestamptz)
RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE ROWS 100
SET search_path = pg_catalog, gaiops, pg_temp
SET enable_seqscan = off
SET jit = off
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
		WITH stored AS MATERIALIZED (
			SELECT i.record_id,
				CASE WHEN l.source ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN l.source::uuid END AS trace_id
			FROM unnest(record_ids) AS i (record_id)
				CROSS JOIN LATERAL (
					SELECT v.is_deleted, v.source ->> 'trace_id' AS source
					FROM gaiops.dataset_record_versions AS v
					WHERE v.dataset = target AND v.record_id = i.record_id
					ORDER BY v.revision DESC LIMIT 1) AS l
			WHERE NOT l.is_deleted
		)
		SELECT s.record_id, s.trace_id, e.start_time
		FROM stored AS s
			JOIN gaiops.trace_entries(ARRAY(
				SELECT DISTINCT o.trace_id FROM stored AS o WHERE o.trace_id IS NOT NULL)) AS e
				ON e.trace_id = s.trace_id;
END
$$;
COMMENT ON FUNCTION gaiops.record_traces(text, uuid[]) IS
	'Takes a dataset and identities of records; returns for each that is from a trace the trace '
	'and when it began, NULL if it is not seen';

-- Ids that are made here have the time in front, and tell it when the trace is gone.
CREATE OR REPLACE FUNCTION gaiops.is_older_trace(
	trace_id uuid, start_time timestamptz, other_trace_id uuid, other_start_time timestamptz)
RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE
		WHEN other_start_time IS NOT NULL THEN (start_time, trace_id) < (other_start_time, other_trace_id)
		WHEN substr(trace_id::text, 15, 1) = '7' AND substr(other_trace_id::text, 15, 1) = '7'
			THEN trace_id < other_trace_id
		ELSE false END
$$;
COMMENT ON FUNCTION gaiops.is_older_trace(uuid, timestamptz, uuid, timestamptz) IS
	'Takes a trace, when it began, another or NULL, and when that began, NULL if not known; '
	'returns whether the first is known to be older';

-- One question that was asked in several traces is one record: of the latest of them, with
-- what is expected of any.  A trace that is older than the one that the record is from only
-- adds what nobody has said: so that adding traces again, in any portions, changes nothing.
-- What is too large is not hashed.
CREATE OR REPLACE FUNCTION gaiops.fold_traces(
	target text, trace_ids uuid[], accept_outputs boolean, OUT n integer, OUT record json, OUT fallback jsonb,
	OUT problem text)
RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
		WITH found AS MATERIALIZED (
			SELECT w.n::integer, r.trace_id, r.start_time, r.inputs, r.outputs, r.expectations, r.source, r.question,
				CASE WHEN accept_outputs THEN r.answer END AS answer,
				coalesce(r.problem, gaiops.record_problem(jsonb_build_object('inputs',
					r.question, 'outputs', r.outputs::jsonb,
					'expectations', r.expectations, 'source', r.source::jsonb))) AS problem
			FROM (SELECT t.*, t.inputs::jsonb AS question FROM gaiops.trace_records(trace_ids) AS t OFFSET 0) AS r
				JOIN unnest(trace_ids) WITH ORDINALITY AS w (trace_id, n) ON w.trace_id = r.trace_id
		), identified AS MATERIALIZED (
			SELECT f.*, CASE WHEN f.problem IS NULL THEN gaiops.record_id(f.question, NULL) END AS record_id
			FROM found AS f
		), judged AS (
			SELECT i.*, gaiops.is_older_trace(i.trace_id, i.start_time, s.trace_id, s.start_time) AS is_older
			FROM identified AS i
				LEFT JOIN gaiops.record_traces(target, ARRAY(
					SELECT DISTINCT o.record_id FROM identified AS o WHERE o.record_id IS NOT NULL)) AS s
					ON s.record_id = i.record_id
		), latest AS (
			SELECT max(j.n) AS n, (array_agg(j.inputs ORDER BY j.n DESC))[1] AS inputs,
				(array_agg(j.outputs ORDER BY j.n DESC))[1] AS outputs,
				(array_agg(j.source ORDER BY j.n DESC))[1] AS source,
					(array_agg(j.is_older ORDER BY j.n DESC))[1] AS is_older,
				gaiops.join_objects(array_agg(j.expectations ORDER BY j.n)
					FILTER (WHERE NOT j.is_older)) AS expectations,
				CASE WHEN count(j.answer) > 0 THEN jsonb_build_object('expected_response',
					(array_agg(j.answer ORDER BY j.n DESC) FILTER (WHERE j.answer IS NOT NULL))[1]) ELSE '{}' END
					|| gaiops.join_objects(array_agg(j.expectations ORDER BY j.n)
						FILTER (WHERE j.is_older)) AS fallback,
				(array_agg(j.problem ORDER BY j.n))[1] AS problem
			FROM judged AS j
			GROUP BY j.record_id, CASE WHEN j.record_id IS NULL THEN j.trace_id END
		)
		SELECT l.n, gaiops.record_line(l.inputs, l.expectations::json, CASE WHEN NOT l.is_older THEN l.outputs END,
				NULL, NULL, NULL, CASE WHEN NOT l.is_older THEN l.source END)::json,
			l.fallback, l.problem
		FROM latest AS l;
END
$$;
COMMENT ON FUNCTION gaiops.fold_traces(text, uuid[], boolean) IS
	'Takes a dataset, ids of traces, each once and in the order they began, and whether answers are expectations; '
	'returns for each question in them the position of the latest trace with it, a record, '
	'what else is expected unless the dataset knows better, and why it cannot be a record, NULL if it can';

-- ---- doing it ----

CREATE OR REPLACE FUNCTION gaiops.raise_unfit_trace(trace uuid, problem text)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RAISE EXCEPTION USING
		ERRCODE = 'object_not_in_prerequisite_state',
		MESSAGE = format('trace "%s" cannot be added to a dataset', trace),
		DETAIL = problem,
		HINT = CASE
			WHEN problem = 'It is still in progress.' THEN 'Add it in another transaction, once it has ended.'
			WHEN problem = 'What was said in it is not kept any more.'
				THEN 'Leave it out; gaiops.payload_retention says how long it is kept.'
			WHEN problem = 'The span that it began with was given no inputs.'
				THEN 'Leave it out; gaiops_start_span() has an argument for them.'
			WHEN problem ~ 'too long to be kept' THEN 'Leave it out; gaiops.max_payload_bytes says how much is kept.'
			ELSE 'Leave it out, or correct what is expected of it.' END;
END
$$;
COMMENT ON FUNCTION gaiops.raise_unfit_trace(uuid, text) IS 'Takes a trace and why it cannot be a record, and raises';

-- What the caller may not see does not exist for him; what is only too new for his snapshot
-- is told from that as the owner, who sees all.
CREATE OR REPLACE FUNCTION gaiops.check_seen_traces(trace_ids uuid[])
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
SET enable_seqscan = off
SET jit = off
AS $$
DECLARE
	unseen CONSTANT uuid[] := ARRAY(
		SELECT t.trace_id FROM unnest(trace_ids) AS t (trace_id)
		WHERE (SELECT true FROM gaiops.spans AS s WHERE s.trace_id = t.trace_id LIMIT 1) IS NULL
			AND (SELECT true FROM gaiops.intents AS i WHERE i.trace_id = t.trace_id LIMIT 1) IS NULL
		ORDER BY t.trace_id);
BEGIN
	PERFORM gaiops.check_traces(unseen);
	IF unseen <> '{}' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'serialization_failure',
			MESSAGE = format('trace "%s" is not visible to this transaction', unseen[1]),
			DETAIL = 'It was recorded after the snapshot of the transaction was taken.',
			HINT = 'Run the transaction again.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_seen_traces(uuid[]) IS
	'Takes ids of traces and returns nothing; raises if one is not known, '
	'or was recorded after the snapshot of this transaction';

-- In the order they began, so that the latest answer to a question stays.
CREATE OR REPLACE FUNCTION gaiops.find_traces(trace_ids uuid[])
RETURNS uuid[]
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	found uuid[];
	hidden text;
BEGIN
	PERFORM gaiops.check_elements('trace_ids', trace_ids);
	PERFORM gaiops.check_seen_traces(trace_ids);
	SELECT coalesce(array_agg(e.trace_id ORDER BY e.start_time, e.trace_id), '{}'),
		min(e.trace_id::text) FILTER (WHERE e.span_id IS NULL)
		INTO found, hidden
		FROM gaiops.trace_entries(ARRAY(SELECT DISTINCT t FROM unnest(trace_ids) AS t)) AS e;
	IF hidden IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_object',
			MESSAGE = format('trace "%s" does not exist', hidden);
	END IF;
	RETURN found;
END
$$;
COMMENT ON FUNCTION gaiops.find_traces(uuid[]) IS
	'Takes ids of traces; returns each once, in the order they began; raises if one is not known, '
	'or not seen by the caller';

CREATE OR REPLACE FUNCTION gaiops.inner_take_dataset(target text)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_writable('gaiops_add_traces');
	PERFORM gaiops.lock_dataset(target);
END
$$;
COMMENT ON FUNCTION gaiops.inner_take_dataset(text) IS
	'Takes the arguments of gaiops.take_dataset() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION gaiops.take_dataset(target text)
RETURNS void
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION gaiops.take_dataset(text) IS
	'Takes a dataset, locks it for gaiops_add_traces() until the transaction ends '
	'and returns nothing; raises if there is none';

-- What a record has already is looked up as the owner, whom no policy hides it from.
-- Records are cast, so that a member given twice is refused.
CREATE OR REPLACE FUNCTION gaiops.completed_records(
	target text, records json[], fallbacks jsonb[], OUT n bigint, OUT record json)
RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
SET enable_seqscan = off
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
		SELECT e.n, CASE WHEN k.missing = '{}' THEN e.record ELSE gaiops.record_line(e.record -> 'inputs',
			(k.missing || (e.record -> 'expectations')::jsonb)::json, e.record -> 'outputs', NULL, NULL, NULL,
			e.record -> 'source')::json END
		FROM unnest(records::gaiops.ordered_json[]::json[], fallbacks) WITH ORDINALITY AS e (record, fallback, n)
			CROSS JOIN LATERAL (
				SELECT CASE WHEN e.fallback = '{}' THEN e.fallback ELSE e.fallback - ARRAY(
					SELECT jsonb_object_keys(l.expectations)
					FROM (
						SELECT v.expectations
						FROM gaiops.dataset_record_versions AS v
						WHERE v.dataset = target AND v.record_id = gaiops.record_id((e.record -> 'inputs')::jsonb, NULL)
						ORDER BY v.revision DESC LIMIT 1) AS l) END AS missing) AS k;
END
$$;
COMMENT ON FUNCTION gaiops.completed_records(text, json[], jsonb[]) IS
	'Takes a dataset, records, and what else is expected of each unless the dataset knows better; '
	'returns each record with what the dataset has not, and its place in the array';

-- Any user may call this, and can do no more with it than with gaiops_merge_records().
CREATE OR REPLACE FUNCTION gaiops.inner_merge_traces(
	target text, records json[], fallbacks jsonb[], OUT "position" integer, OUT action text, OUT problem text)
RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
SET enable_seqscan = off
AS $$
DECLARE
	completed json[];
	problems text[];
BEGIN
	PERFORM gaiops.inner_take_dataset(target);
	WITH judged AS MATERIALIZED (
		SELECT c.n, c.record, gaiops.record_problem(c.record::jsonb) AS problem
		FROM gaiops.completed_records(target, records, fallbacks) AS c
	)
	SELECT array_agg(CASE WHEN j.problem IS NULL THEN j.record END ORDER BY j.n), array_agg(j.problem ORDER BY j.n)
		INTO completed, problems
		FROM judged AS j;
	RETURN QUERY
		SELECT m.* FROM gaiops.merge_elements(target, completed) AS m
		UNION ALL
		SELECT p.n::integer, 'refused', p.problem
		FROM unnest(problems) WITH ORDINALITY AS p (problem, n) WHERE p.problem IS NOT NULL;
END
$$;
COMMENT ON FUNCTION gaiops.inner_merge_traces(text, json[], jsonb[]) IS
	'Takes the arguments of gaiops.merge_traces() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION gaiops.merge_traces(
	target text, records json[], fallbacks jsonb[], OUT "position" integer, OUT action text, OUT problem text)
RETURNS SETOF record
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION gaiops.merge_traces(text, json[], jsonb[]) IS
	'Takes a dataset, records without keys, and for each what else is expected where the dataset says nothing of it, '
	'merges them, and returns what gaiops.merge_elements() does; raises if there is no such dataset';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_add_traces(
	dataset text, trace_ids uuid[], accept_outputs boolean DEFAULT false, OUT inserted integer, OUT updated integer,
	OUT unchanged integer)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	wanted uuid[];
	folded record;
	refused integer;
	problem text;
BEGIN
	PERFORM gaiops.check_given('dataset', dataset);
	PERFORM gaiops.check_given('trace_ids', trace_ids);
	PERFORM gaiops.check_given('accept_outputs', accept_outputs);
	PERFORM gaiops.take_dataset(dataset);
	wanted := gaiops.find_traces(trace_ids);
	SELECT array_agg(f.n ORDER BY f.n) AS positions, array_agg(f.record ORDER BY f.n) AS records,
			array_agg(f.fallback ORDER BY f.n) AS fallbacks, min(f.n) FILTER (WHERE f.problem IS NOT NULL) AS unfit,
			(array_agg(f.problem ORDER BY f.n) FILTER (WHERE f.problem IS NOT NULL))[1] AS problem
		INTO folded
		FROM gaiops.fold_traces(dataset, wanted, accept_outputs) AS f;
	IF folded.unfit IS NOT NULL THEN
		PERFORM gaiops.raise_unfit_trace(wanted[folded.unfit], folded.problem);
	END IF;
	SELECT count(*) FILTER (WHERE m.action = 'inserted'), count(*) FILTER (WHERE m.action = 'updated'),
			count(*) FILTER (WHERE m.action = 'unchanged'), min(m.position) FILTER (WHERE m.action = 'refused'),
			(array_agg(m.problem ORDER BY m.position) FILTER (WHERE m.action = 'refused'))[1]
		INTO inserted, updated, unchanged, refused, problem
		FROM gaiops.merge_traces(dataset, folded.records, folded.fallbacks) AS m;
	IF refused IS NOT NULL THEN
		PERFORM gaiops.raise_unfit_trace(wanted[folded.positions[refused]], problem);
	END IF;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_add_traces(text, uuid[], boolean) IS
	'Takes a dataset, ids of traces, and whether their answers are what is expected where nothing else is; '
	'makes a record of what was asked in each, and returns how many were inserted, updated and left as they were; '
	'raises if a trace is not seen, under way or not kept';
