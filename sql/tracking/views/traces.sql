-- A trace is shown by one of its spans: the one that has begun it, else the first that entered
-- the database, or the first of all where none of these is here any more.  A span with no parent
-- has begun its trace, whose id was drawn for it, so nothing has to be looked for.  Where an
-- application has begun it, the writer names the first entry that is recorded: that one says that
-- the trace entered the database when it began itself.  What says that it did so on the same day, in
-- UTC as of partitions, is in one partition with that entry, and passed by.  Of an entry that says
-- nothing, of 0.1.0 and in subscribers, a table says it, unless what that names is gone.  Of others, lookups
-- in an index find a better span of the same trace, whenever it began: the first to end need not be
-- the first to begin, nor of a month that is kept.  So the newest traces are found from the
-- end, whatever is counted costs little more than of spans, and all else is added up where it is
-- asked for.  That span_id is in a range has the planner take the index of keys for a table that it
-- knows nothing of yet.
-- As many tags as a trace may have are shown: more, of an earlier version, might not fit a value.
CREATE OR REPLACE VIEW gaiops.traces WITH (security_invoker = true) AS
	SELECT e.trace_id,
		-- There is no attempt after one that came through, which most calls end with.  What has
		-- no parent is of the one call that has begun the trace.
		CASE WHEN e.attempt IS NULL OR e.status = 'OK' THEN e.status
			WHEN e.parent_span_id IS NULL THEN coalesce(
				(SELECT n.status FROM gaiops.all_spans AS n
					WHERE n.trace_id = e.trace_id AND n.span_id BETWEEN '' AND 'z' AND n.parent_span_id IS NULL
						AND n.attempt > e.attempt AND n.start_time > e.start_time
						AND n.start_time < e.start_time + interval '24 hours' AND n.status = 'OK' LIMIT 1),
				(SELECT n.status FROM gaiops.all_spans AS n
					WHERE n.trace_id = e.trace_id AND n.span_id BETWEEN '' AND 'z' AND n.parent_span_id IS NULL
						AND n.attempt > e.attempt AND n.start_time > e.start_time
						AND n.start_time < e.start_time + interval '600 hours'
					ORDER BY n.attempt DESC LIMIT 1),
				e.status)
			-- Most calls that failed were not tried again, in whatever trace.
			WHEN (SELECT true FROM gaiops.all_spans AS n
				WHERE n.trace_id = e.trace_id AND n.span_id BETWEEN '' AND 'z'
					AND n.attempt > e.attempt AND n.start_time > e.start_time
					AND n.start_time < e.start_time + interval '600 hours' LIMIT 1) IS NULL THEN e.status
			ELSE (SELECT l.status FROM gaiops.call_outcome(e.trace_id, e.span_id, e.start_time) AS l) END AS status,
		e.name, e.start_time,
		total.latency_ms, total.input_tokens, total.output_tokens, total.cost,
		(SELECT gaiops.preview(gaiops.inputs_text(p.inputs))
			FROM gaiops.span_payloads AS p
			WHERE p.trace_id = e.trace_id AND p.span_id = e.span_id AND p.start_time = e.start_time
				AND p.kind = 'request') AS request_preview,
		(SELECT gaiops.preview(coalesce(gaiops.answer_text(p.body), gaiops.inputs_text(p.inputs)))
			FROM gaiops.span_payloads AS p
			WHERE p.trace_id = e.trace_id AND p.span_id = coalesce(outcome.span_id, e.span_id)
				AND p.start_time = coalesce(outcome.start_time, e.start_time)
				AND p.kind = 'response') AS response_preview,
		CASE WHEN outcome.span_id IS NULL THEN e.error_class ELSE outcome.error_class END AS error_class,
		e.experiment, e.endpoint, e.provider, e.model, total.calls, total.attempts, total.errors, total.spans,
		total.unpriced, total.cached_input_tokens, total.reasoning_tokens, e.session_id, e.user_id, e.purpose, e.run_id,
		e.prompt_name, e.prompt_version, e.role,
		(SELECT jsonb_object_agg(t.key, t.value) FROM (
			SELECT g.key, g.value FROM gaiops.trace_tags AS g WHERE g.trace_id = e.trace_id
			ORDER BY g.key LIMIT 1000) AS t) AS tags,
		total.substituted
	FROM gaiops.all_spans AS e
	-- These are aggregates, so that queries that use no column of theirs do without; what they
	-- name of the entry span is read all the same, so it is little, and no column of a converted type.
	LEFT JOIN LATERAL (
		SELECT min(l.span_id) AS span_id, min(l.start_time) AS start_time, min(l.error_class) AS error_class
		FROM gaiops.call_outcome(e.trace_id, e.span_id, e.start_time) AS l
		WHERE e.attempt IS NOT NULL AND e.status <> 'OK'
	) AS outcome ON true
	LEFT JOIN LATERAL (
		SELECT count(*) FILTER (WHERE s.attempt = 1) AS calls,
			count(s.attempt) AS attempts,
			count(*) FILTER (WHERE s.status = 'ERROR') AS errors,
			count(*) FILTER (WHERE s.attempt IS NOT NULL AND s.cost IS NULL
				AND (s.status = 'OK' OR s.input_tokens IS NOT NULL OR s.output_tokens IS NOT NULL
					OR s.error_class IN ('invalid_response', 'response_too_large'))) AS unpriced,
			count(*) FILTER (WHERE gaiops.is_other_model(s.model, s.response_model)) AS substituted,
			count(*) AS spans,
			sum(s.input_tokens)::bigint AS input_tokens,
			sum(s.output_tokens)::bigint AS output_tokens,
			sum(s.cached_input_tokens)::bigint AS cached_input_tokens,
			sum(s.reasoning_tokens)::bigint AS reasoning_tokens,
			sum(s.cost)::numeric(38, 18) AS cost,
			round(max(extract(epoch FROM s.start_time - e.start_time) * 1000 + s.latency_ms::numeric), 3)
				::double precision AS latency_ms
		FROM gaiops.all_spans AS s
		WHERE s.trace_id = e.trace_id
	) AS total ON true
	WHERE CASE WHEN e.is_entry AND (e.parent_span_id IS NULL OR e.entry_start_time = e.start_time) THEN true
		WHEN date_bin('1 day', e.entry_start_time, 'epoch') = date_bin('1 day', e.start_time, 'epoch') THEN false
		WHEN e.is_entry THEN coalesce(
			(SELECT CASE WHEN j.span_id = e.span_id THEN true
					ELSE (SELECT false FROM gaiops.spans AS b
						WHERE b.trace_id = j.trace_id AND b.span_id = j.span_id AND b.start_time = j.start_time) END
				FROM gaiops.joined_traces AS j WHERE j.trace_id = e.trace_id AND e.entry_start_time IS NULL),
			(SELECT false FROM gaiops.all_spans AS b
				WHERE b.trace_id = e.trace_id AND b.span_id BETWEEN '' AND 'z' AND b.is_entry
					AND (b.parent_span_id IS NOT NULL, NOT b.is_recorded,
						b.entry_start_time IS DISTINCT FROM b.start_time, b.entry_start_time IS NOT NULL,
						b.start_time, b.span_id)
						< (true, NOT e.is_recorded, true, e.entry_start_time IS NOT NULL, e.start_time, e.span_id)
				LIMIT 1), true)
		ELSE coalesce(
			(SELECT false FROM gaiops.all_spans AS b
				WHERE b.trace_id = e.trace_id AND b.span_id BETWEEN '' AND 'z'
					AND (NOT b.is_entry, b.parent_span_id IS NOT NULL, b.start_time, b.span_id)
						< (true, e.parent_span_id IS NOT NULL, e.start_time, e.span_id)
					AND b.start_time >= e.start_time - interval '24 hours'
					AND b.start_time <= e.start_time + interval '24 hours' LIMIT 1),
			gaiops.is_first_span(e.trace_id, e.span_id, e.parent_span_id, e.start_time)) END
		AND (e.is_recorded OR e.status <> 'IN_PROGRESS' OR gaiops.is_recorded_trace(e.trace_id));
COMMENT ON VIEW gaiops.traces IS 'One row per trace that has any span here; its root may be in the application';
COMMENT ON COLUMN gaiops.traces.trace_id IS
	'Id of the trace; gaiops_trace_id_hex() gives it as OpenTelemetry writes it';
COMMENT ON COLUMN gaiops.traces.status IS
	'OK, ERROR, UNKNOWN or IN_PROGRESS: of its entry span, or of the last attempt where that is a call';
COMMENT ON COLUMN gaiops.traces.name IS 'Name of the entry span';
COMMENT ON COLUMN gaiops.traces.start_time IS 'When the entry span began';
COMMENT ON COLUMN gaiops.traces.latency_ms IS
	'Milliseconds from there to the end of the last span; NULL if no end is known';
COMMENT ON COLUMN gaiops.traces.input_tokens IS 'Known input tokens of all attempts; NULL if none are known';
COMMENT ON COLUMN gaiops.traces.output_tokens IS 'Known output tokens of all attempts; NULL if none are known';
COMMENT ON COLUMN gaiops.traces.cost IS
	'Known cost of all attempts in US dollars, without those in "unpriced"; NULL if none is known';
COMMENT ON COLUMN gaiops.traces.request_preview IS
	'First 200 characters of what the user said, or of the inputs of the entry span; NULL once payloads are dropped';
COMMENT ON COLUMN gaiops.traces.response_preview IS
	'First 200 characters of the answer, or of the outputs of the entry span; NULL once payloads are dropped';
COMMENT ON COLUMN gaiops.traces.error_class IS 'Kind of failure where status says that there was one';
COMMENT ON COLUMN gaiops.traces.experiment IS 'Experiment of the entry span';
COMMENT ON COLUMN gaiops.traces.endpoint IS 'Endpoint that the entry span called; NULL if it is no call';
COMMENT ON COLUMN gaiops.traces.provider IS 'Provider of that endpoint';
COMMENT ON COLUMN gaiops.traces.model IS 'Model that was asked for there';
COMMENT ON COLUMN gaiops.traces.calls IS 'Calls to models';
COMMENT ON COLUMN gaiops.traces.attempts IS 'Attempts at them, retries included';
COMMENT ON COLUMN gaiops.traces.errors IS 'Spans with status ERROR, failed attempts among them';
COMMENT ON COLUMN gaiops.traces.spans IS 'Spans, attempts among them';
COMMENT ON COLUMN gaiops.traces.unpriced IS 'Attempts that were answered and have no known cost';
COMMENT ON COLUMN gaiops.traces.cached_input_tokens IS 'Known input tokens read from a cache; NULL if none are known';
COMMENT ON COLUMN gaiops.traces.reasoning_tokens IS 'Known output tokens spent on reasoning; NULL if none are known';
COMMENT ON COLUMN gaiops.traces.session_id IS 'Session (conversation) the application named';
COMMENT ON COLUMN gaiops.traces.user_id IS 'End user the application named';
COMMENT ON COLUMN gaiops.traces.purpose IS 'application, evaluation, judge, monitor or optimization';
COMMENT ON COLUMN gaiops.traces.run_id IS 'Run by id; NULL outside a run';
COMMENT ON COLUMN gaiops.traces.prompt_name IS 'Registered prompt that the entry span used';
COMMENT ON COLUMN gaiops.traces.prompt_version IS 'Its version';
COMMENT ON COLUMN gaiops.traces.role IS 'Database role in force at the entry span';
COMMENT ON COLUMN gaiops.traces.tags IS 'Tags as a JSON object; NULL if there are none';
COMMENT ON COLUMN gaiops.traces.substituted IS
	'Attempts that another model answered than was asked for, a provider or date in its name aside';
