-- Finding traces.

-- What gaiops.traces seldom has to know is asked of functions, which keep their plans: with
-- a plan of many partitions more in each query on it, planning would take longer than
-- all else.  Custom plans would have to be made for each call.
CREATE OR REPLACE FUNCTION gaiops.is_first_span(
	first_trace_id uuid, first_span_id text, first_parent_id text, first_time timestamptz)
RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET jit = off
AS $$
BEGIN
	RETURN NOT EXISTS (
		SELECT FROM gaiops.all_spans AS s
		WHERE s.trace_id = first_trace_id
			AND (s.is_entry OR (s.parent_span_id IS NOT NULL, s.start_time, s.span_id)
				< (first_parent_id IS NOT NULL, first_time, first_span_id)));
END
$$;
COMMENT ON FUNCTION gaiops.is_first_span(uuid, text, text, timestamptz) IS
	'Takes a span that is no entry; returns whether its trace has no entry, and none before it, that is still here';

CREATE OR REPLACE FUNCTION gaiops.is_recorded_trace(trace_id uuid)
RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET jit = off
AS $$
BEGIN
	RETURN EXISTS (SELECT FROM gaiops.spans AS s WHERE s.trace_id = is_recorded_trace.trace_id);
END
$$;
COMMENT ON FUNCTION gaiops.is_recorded_trace(uuid) IS
	'Takes a trace and returns whether any span of it has ended';

-- Another call may join the same trace of an application after it, and one of another role
-- whenever that likes; what has no parent is of the one call that has begun the trace.  All
-- attempts of a call share one timeout, of at most as many milliseconds as an integer holds,
-- so other months need not be looked at.
CREATE OR REPLACE FUNCTION gaiops.call_outcome(
	first_trace_id uuid, first_span_id text, first_time timestamptz,
	OUT span_id text, OUT start_time timestamptz, OUT status text, OUT error_class text)
RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 1
SET search_path = pg_catalog, gaiops, pg_temp
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET jit = off
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
		SELECT a.span_id, a.start_time, a.status, a.error_class
		FROM gaiops.all_spans AS e
			CROSS JOIN LATERAL (
				SELECT n.span_id, n.start_time, n.status, n.error_class, n.attempt,
					min(n.start_time) FILTER (WHERE n.attempt = 1 AND n.span_id <> first_span_id) OVER () AS next_call
				FROM gaiops.all_spans AS n
				WHERE n.trace_id = first_trace_id AND n.span_id BETWEEN '' AND 'z'
					AND n.parent_span_id IS NOT DISTINCT FROM e.parent_span_id
					AND (n.parent_span_id IS NULL OR (n.session_role = e.session_role AND n.role = e.role))
					AND n.start_time >= first_time AND n.start_time < first_time + interval '600 hours'
					AND (n.start_time > first_time OR n.span_id = first_span_id)) AS a
		WHERE e.trace_id = first_trace_id AND e.span_id = first_span_id AND e.start_time = first_time
			AND (a.span_id = first_span_id
				OR (a.attempt > e.attempt AND (a.next_call IS NULL OR a.start_time < a.next_call)))
		ORDER BY a.attempt DESC, a.start_time
		LIMIT 1;
END
$$;
COMMENT ON FUNCTION gaiops.call_outcome(uuid, text, timestamptz) IS
	'Takes the first attempt of a call and returns the last one: that one itself, if there was no other';

-- As gaiops.traces has it.  Subqueries of one row are never made into a join that reads all
-- spans, and no statistics, nor a plan made when a table was small, have a lookup read all of
-- it.  VOLATILE, for each statement to have a snapshot of its own, later than its plan: an
-- older one does not show rows that gaiops.make_partition() has moved.  Compiling a plan with
-- so many partitions in it takes longer than running it.  Anybody can have spans join a trace:
-- they keep it from being over, or end an answer, only if they are of the role and login of
-- its entry span.  What is open within another span is open as long as that is.
CREATE OR REPLACE FUNCTION gaiops.trace_entries(
	trace_ids uuid[], OUT trace_id uuid, OUT span_id text, OUT start_time timestamptz, OUT is_entry boolean,
	OUT attempt integer, OUT session_id text, OUT prompt text, OUT answer_span_id text, OUT answer_time timestamptz,
	OUT status text, OUT is_open boolean)
RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE ROWS 100
SET search_path = pg_catalog, gaiops, pg_temp
SET enable_seqscan = off
SET jit = off
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
		SELECT t.trace_id, e.span_id, e.start_time, e.is_entry, e.attempt, e.session_id,
			'prompts:/' || e.prompt_name || '/' || e.prompt_version,
			coalesce(a.span_id, e.span_id), coalesce(a.start_time, e.start_time), coalesce(a.status, e.status),
			(SELECT true FROM gaiops.all_spans AS o
				WHERE o.trace_id = t.trace_id AND o.status = 'IN_PROGRESS'
					AND (o.span_id = e.span_id
						OR (o.is_entry AND o.session_role = e.session_role AND o.role = e.role)) LIMIT 1) IS NOT NULL
		FROM unnest(trace_ids) AS t (trace_id)
			LEFT JOIN LATERAL (
				SELECT s.* FROM gaiops.all_spans AS s
				WHERE s.trace_id = t.trace_id
				ORDER BY NOT s.is_entry, s.parent_span_id IS NOT NULL, s.is_entry AND NOT s.is_recorded,
					(s.span_id = (SELECT j.span_id FROM gaiops.joined_traces AS j
						WHERE j.trace_id = t.trace_id)) IS NOT TRUE,
					s.is_entry AND s.entry_start_time IS DISTINCT FROM s.start_time,
					s.is_entry AND s.entry_start_time IS NOT NULL, s.start_time, s.span_id LIMIT 1) AS e ON true
			LEFT JOIN LATERAL (
				SELECT r.span_id, r.start_time, r.status
				FROM (
					SELECT n.span_id, n.start_time, n.status, n.attempt,
						min(n.start_time) FILTER (WHERE n.attempt = 1) OVER () AS next_call
					FROM gaiops.all_spans AS n
					WHERE n.trace_id = t.trace_id AND n.parent_span_id IS NOT DISTINCT FROM e.parent_span_id
						AND n.session_role = e.session_role AND n.role = e.role AND n.start_time > e.start_time) AS r
				WHERE r.attempt > e.attempt AND (r.next_call IS NULL OR r.start_time < r.next_call)
				ORDER BY r.attempt DESC, r.start_time LIMIT 1) AS a ON true;
END
$$;
COMMENT ON FUNCTION gaiops.trace_entries(uuid[]) IS
	'Takes ids of traces; returns of each the span where it entered the database, '
	'the one that was answered in the end, and whether anything of it is under way; NULLs where it is not seen';
