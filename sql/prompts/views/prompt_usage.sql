CREATE OR REPLACE VIEW gaiops.prompt_usage WITH (security_invoker = true) AS
	SELECT u.prompt_name, u.prompt_version,
		u.calls, u.failed_calls, u.attempts, u.errors, u.error_class, u.unknown,
		u.input_tokens, u.output_tokens, u.cached_input_tokens, u.reasoning_tokens,
		-- as in gaiops.usage_hourly
		(CASE WHEN u.cost <> 0 OR u.unpriced = 0 THEN u.cost END)::numeric(38, 18) AS cost, u.unpriced,
		gaiops.histogram_mean(u.latencies) AS avg_latency_ms,
		gaiops_percentile(u.latencies, 0.5) AS p50_latency_ms,
		gaiops_percentile(u.latencies, 0.95) AS p95_latency_ms,
		u.first_used, u.last_used
	FROM (
		SELECT d.prompt_name, d.prompt_version,
			sum(d.calls)::bigint AS calls, sum(d.attempts)::bigint AS attempts,
			sum(coalesce(d.failed_calls, d.errors + d.calls - d.attempts))::bigint AS failed_calls,
			gaiops.latest(d.error_class, d.last_start) FILTER (WHERE d.errors > 0) AS error_class,
			sum(d.errors)::bigint AS errors, sum(d.unknown)::bigint AS unknown,
			sum(d.input_tokens)::bigint AS input_tokens, sum(d.output_tokens)::bigint AS output_tokens,
			sum(d.cached_input_tokens)::bigint AS cached_input_tokens,
			sum(d.reasoning_tokens)::bigint AS reasoning_tokens,
			sum(d.cost) AS cost, sum(d.unpriced)::bigint AS unpriced,
			gaiops.histogram_sum(d.latency_buckets, d.latency_counts) AS latencies,
			-- A repricing is no use.
			min(coalesce(d.first_start, d.hour)) FILTER (WHERE d.attempts > 0) AS first_used,
			max(coalesce(d.last_start, d.hour)) FILTER (WHERE d.attempts > 0) AS last_used
		FROM gaiops.usage_deltas AS d
		WHERE d.prompt_name IS NOT NULL AND d.purpose = 'application'
		GROUP BY d.prompt_name, d.prompt_version
	) AS u;
COMMENT ON VIEW gaiops.prompt_usage IS
	'One row per version of a prompt that applications used: counts, tokens, cost and latencies since its first use; '
	'never stale, and kept when spans and payloads are dropped';
COMMENT ON COLUMN gaiops.prompt_usage.prompt_name IS 'Registered prompt by name';
COMMENT ON COLUMN gaiops.prompt_usage.prompt_version IS 'Its version';
COMMENT ON COLUMN gaiops.prompt_usage.calls IS 'Calls to models';
COMMENT ON COLUMN gaiops.prompt_usage.failed_calls IS 'Calls of which every attempt failed';
COMMENT ON COLUMN gaiops.prompt_usage.attempts IS 'Attempts at them, retries included';
COMMENT ON COLUMN gaiops.prompt_usage.errors IS 'Attempts that failed';
COMMENT ON COLUMN gaiops.prompt_usage.error_class IS
	'Kind of the latest of these failures, such as timeout or rate_limited; NULL if none failed, or all before 0.2.0';
COMMENT ON COLUMN gaiops.prompt_usage.unknown IS
	'Attempts whose outcome will never be known: the server died in mid-call';
COMMENT ON COLUMN gaiops.prompt_usage.input_tokens IS 'Known input tokens, cached ones included';
COMMENT ON COLUMN gaiops.prompt_usage.output_tokens IS 'Known output tokens, reasoning ones included';
COMMENT ON COLUMN gaiops.prompt_usage.cached_input_tokens IS 'Known input tokens read from a cache';
COMMENT ON COLUMN gaiops.prompt_usage.reasoning_tokens IS 'Known output tokens spent on reasoning';
COMMENT ON COLUMN gaiops.prompt_usage.cost IS
	'Known cost in US dollars, without the attempts in "unpriced"; NULL if a price is missing and no cost is known; '
	'0 if nothing was answered';
COMMENT ON COLUMN gaiops.prompt_usage.unpriced IS 'Attempts that were answered and have no known cost';
COMMENT ON COLUMN gaiops.prompt_usage.avg_latency_ms IS
	'Mean latency of an attempt in milliseconds, within a few percent; NULL if none is known';
COMMENT ON COLUMN gaiops.prompt_usage.p50_latency_ms IS 'Median of it';
COMMENT ON COLUMN gaiops.prompt_usage.p95_latency_ms IS '95th percentile of it';
COMMENT ON COLUMN gaiops.prompt_usage.first_used IS
	'When its first attempt began, or the hour if that is all that was noted';
COMMENT ON COLUMN gaiops.prompt_usage.last_used IS 'When its last attempt began, likewise';
