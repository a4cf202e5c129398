CREATE OR REPLACE VIEW gaiops.sessions WITH (security_invoker = true) AS
	SELECT s.session_id, count(DISTINCT s.trace_id) AS traces,
		count(*) FILTER (WHERE s.attempt = 1) AS calls,
		count(s.attempt) AS attempts,
		count(*) FILTER (WHERE s.status = 'ERROR') AS errors,
		-- Each attempt after another follows one that failed.
		count(*) FILTER (WHERE s.status = 'ERROR' AND s.attempt IS NOT NULL)
			- count(*) FILTER (WHERE s.attempt > 1) AS failed_calls,
		gaiops.latest(s.error_class, s.start_time)
			FILTER (WHERE s.status = 'ERROR' AND s.attempt IS NOT NULL) AS error_class,
		sum(s.input_tokens)::bigint AS input_tokens,
		sum(s.output_tokens)::bigint AS output_tokens,
		sum(s.cached_input_tokens)::bigint AS cached_input_tokens,
		sum(s.reasoning_tokens)::bigint AS reasoning_tokens,
		sum(s.cost)::numeric(38, 18) AS cost,
		count(*) FILTER (WHERE s.attempt IS NOT NULL AND s.cost IS NULL
			AND (s.status = 'OK' OR s.input_tokens IS NOT NULL OR s.output_tokens IS NOT NULL
				OR s.error_class IN ('invalid_response', 'response_too_large'))) AS unpriced,
		min(s.start_time) AS first_time,
		max(s.start_time) AS last_time,
		array_agg(DISTINCT s.purpose ORDER BY s.purpose) AS purposes
	FROM gaiops.all_spans AS s
	WHERE s.session_id IS NOT NULL
	GROUP BY s.session_id;
COMMENT ON VIEW gaiops.sessions IS 'One row per session (conversation) that an application named';
COMMENT ON COLUMN gaiops.sessions.session_id IS 'Session, as the application named it';
COMMENT ON COLUMN gaiops.sessions.traces IS 'Traces that are part of it';
COMMENT ON COLUMN gaiops.sessions.calls IS 'Calls to models';
COMMENT ON COLUMN gaiops.sessions.attempts IS 'Attempts at them, retries included';
COMMENT ON COLUMN gaiops.sessions.errors IS 'Spans with status ERROR, failed attempts among them';
COMMENT ON COLUMN gaiops.sessions.failed_calls IS 'Calls of which every attempt failed';
COMMENT ON COLUMN gaiops.sessions.error_class IS
	'Kind of the latest failure of an attempt, such as timeout or rate_limited; NULL if none failed';
COMMENT ON COLUMN gaiops.sessions.input_tokens IS 'Known input tokens of all attempts; NULL if none are known';
COMMENT ON COLUMN gaiops.sessions.output_tokens IS 'Known output tokens of all attempts; NULL if none are known';
COMMENT ON COLUMN gaiops.sessions.cached_input_tokens IS 'Known input tokens read from a cache; NULL if none are known';
COMMENT ON COLUMN gaiops.sessions.reasoning_tokens IS 'Known output tokens spent on reasoning; NULL if none are known';
COMMENT ON COLUMN gaiops.sessions.cost IS
	'Known cost in US dollars, without the attempts in "unpriced"; NULL if none is known';
COMMENT ON COLUMN gaiops.sessions.unpriced IS 'Attempts that were answered and have no known cost';
COMMENT ON COLUMN gaiops.sessions.first_time IS 'When its first span began';
COMMENT ON COLUMN gaiops.sessions.last_time IS 'When its last span began';
COMMENT ON COLUMN gaiops.sessions.purposes IS 'What its spans are for, each once, such as {application}';
