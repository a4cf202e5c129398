-- From the spans, and not added up beforehand: there are about as many users and
-- hours as there are calls, so that rows of sums would save nothing, and each call
-- would pay for one.
CREATE OR REPLACE VIEW gaiops.user_usage_hourly WITH (security_invoker = true) AS
	SELECT date_trunc('hour', coalesce(s.call_start_time, s.start_time), 'UTC') AS hour, s.user_id,
		s.experiment, s.purpose, s.endpoint, s.provider, s.model, s.prompt_name, s.prompt_version,
		count(*) FILTER (WHERE s.attempt = 1) AS calls,
		-- Each attempt after another follows one that failed.
		count(*) FILTER (WHERE s.status = 'ERROR') - count(*) FILTER (WHERE s.attempt > 1) AS failed_calls,
		count(*) AS attempts,
		count(*) FILTER (WHERE s.status = 'ERROR') AS errors,
		gaiops.latest(s.error_class, s.start_time) FILTER (WHERE s.status = 'ERROR') AS error_class,
		count(*) FILTER (WHERE s.status = 'UNKNOWN') AS unknown,
		sum(s.input_tokens)::bigint AS input_tokens,
		sum(s.output_tokens)::bigint AS output_tokens,
		sum(s.cached_input_tokens)::bigint AS cached_input_tokens,
		sum(s.reasoning_tokens)::bigint AS reasoning_tokens,
		sum(s.cost)::numeric(38, 18) AS cost,
		count(*) FILTER (WHERE s.cost IS NULL
			AND (s.status = 'OK' OR s.input_tokens IS NOT NULL OR s.output_tokens IS NOT NULL
				OR s.error_class IN ('invalid_response', 'response_too_large'))) AS unpriced,
		avg(s.latency_ms) AS avg_latency_ms
	FROM gaiops.spans AS s
	WHERE s.attempt IS NOT NULL
	GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9;
COMMENT ON VIEW gaiops.user_usage_hourly IS
	'One row per hour, end user, and what calls are grouped by: counts, tokens and cost; '
	'from the spans, and so for as long as gaiops.span_retention keeps them';
COMMENT ON COLUMN gaiops.user_usage_hourly.hour IS 'Hour, in UTC, that the calls began in';
COMMENT ON COLUMN gaiops.user_usage_hourly.user_id IS 'End user the application named; NULL if it named none';
COMMENT ON COLUMN gaiops.user_usage_hourly.experiment IS 'Experiment by name';
COMMENT ON COLUMN gaiops.user_usage_hourly.purpose IS 'application, evaluation, judge, monitor or optimization';
COMMENT ON COLUMN gaiops.user_usage_hourly.endpoint IS 'Endpoint by name';
COMMENT ON COLUMN gaiops.user_usage_hourly.provider IS 'Provider, named as in OpenTelemetry gen_ai.provider.name';
COMMENT ON COLUMN gaiops.user_usage_hourly.model IS 'Model that was asked for';
COMMENT ON COLUMN gaiops.user_usage_hourly.prompt_name IS 'Registered prompt that was used, by name';
COMMENT ON COLUMN gaiops.user_usage_hourly.prompt_version IS 'Its version';
COMMENT ON COLUMN gaiops.user_usage_hourly.calls IS 'Calls to models';
COMMENT ON COLUMN gaiops.user_usage_hourly.failed_calls IS 'Calls of which every attempt failed';
COMMENT ON COLUMN gaiops.user_usage_hourly.attempts IS 'Attempts at them, retries included';
COMMENT ON COLUMN gaiops.user_usage_hourly.errors IS 'Attempts that failed';
COMMENT ON COLUMN gaiops.user_usage_hourly.error_class IS
	'Kind of the latest of these failures, such as timeout or rate_limited; NULL if none failed';
COMMENT ON COLUMN gaiops.user_usage_hourly.unknown IS
	'Attempts whose outcome will never be known: the server died in mid-call';
COMMENT ON COLUMN gaiops.user_usage_hourly.input_tokens IS
	'Known input tokens, cached ones included; NULL if none are known';
COMMENT ON COLUMN gaiops.user_usage_hourly.output_tokens IS
	'Known output tokens, reasoning ones included; NULL if none are known';
COMMENT ON COLUMN gaiops.user_usage_hourly.cached_input_tokens IS
	'Known input tokens read from a cache; NULL if none are known';
COMMENT ON COLUMN gaiops.user_usage_hourly.reasoning_tokens IS
	'Known output tokens spent on reasoning; NULL if none are known';
COMMENT ON COLUMN gaiops.user_usage_hourly.cost IS
	'Known cost in US dollars, without the attempts in "unpriced"; NULL if none is known';
COMMENT ON COLUMN gaiops.user_usage_hourly.unpriced IS 'Attempts that were answered and have no known cost';
COMMENT ON COLUMN gaiops.user_usage_hourly.avg_latency_ms IS
	'Mean latency of an attempt in milliseconds; NULL if none is known';
