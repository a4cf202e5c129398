CREATE OR REPLACE VIEW gaiops.usage_hourly WITH (security_invoker = true) AS
	SELECT u.hour, u.experiment, u.purpose, u.endpoint, u.provider, u.model, u.prompt_name, u.prompt_version,
		u.calls, u.failed_calls, u.attempts, u.errors, u.error_class, u.unknown,
		u.input_tokens, u.output_tokens, u.cached_input_tokens, u.reasoning_tokens,
		-- Nothing is known where nothing but 0 is and a price is missing.
		(CASE WHEN u.cost <> 0 OR u.unpriced = 0 THEN u.cost END)::numeric(38, 18) AS cost, u.unpriced,
		gaiops.histogram_mean(u.latencies) AS avg_latency_ms,
		gaiops_percentile(u.latencies, 0.5) AS p50_latency_ms,
		gaiops_percentile(u.latencies, 0.95) AS p95_latency_ms,
		gaiops_percentile(u.latencies, 0.99) AS p99_latency_ms,
		(u.latencies).buckets AS latency_buckets, (u.latencies).counts AS latency_counts
	FROM (
		SELECT d.hour, d.experiment, d.purpose, d.endpoint, d.provider, d.model, d.prompt_name, d.prompt_version,
			sum(d.calls)::bigint AS calls, sum(d.attempts)::bigint AS attempts,
			-- What is not noted comes of this: each attempt after another follows one that failed.
			sum(coalesce(d.failed_calls, d.errors + d.calls - d.attempts))::bigint AS failed_calls,
			gaiops.latest(d.error_class, d.last_start) FILTER (WHERE d.errors > 0) AS error_class,
			sum(d.errors)::bigint AS errors, sum(d.unknown)::bigint AS unknown,
			sum(d.input_tokens)::bigint AS input_tokens, sum(d.output_tokens)::bigint AS output_tokens,
			sum(d.cached_input_tokens)::bigint AS cached_input_tokens,
			sum(d.reasoning_tokens)::bigint AS reasoning_tokens,
			sum(d.cost) AS cost, sum(d.unpriced)::bigint AS unpriced,
			gaiops.histogram_sum(d.latency_buckets, d.latency_counts) AS latencies
		FROM gaiops.usage_deltas AS d
		GROUP BY d.hour, d.experiment, d.purpose, d.endpoint, d.provider, d.model, d.prompt_name, d.prompt_version
	) AS u;
COMMENT ON VIEW gaiops.usage_hourly IS
	'One row per hour and what calls are grouped by: counts, tokens, cost and latencies; '
	'never stale, and kept when spans and payloads are dropped';
COMMENT ON COLUMN gaiops.usage_hourly.hour IS 'Hour, in UTC, that the attempts began in';
COMMENT ON COLUMN gaiops.usage_hourly.experiment IS 'Experiment by name';
COMMENT ON COLUMN gaiops.usage_hourly.purpose IS 'application, evaluation, judge, monitor or optimization';
COMMENT ON COLUMN gaiops.usage_hourly.endpoint IS 'Endpoint by name';
COMMENT ON COLUMN gaiops.usage_hourly.provider IS 'Provider, named as in OpenTelemetry gen_ai.provider.name';
COMMENT ON COLUMN gaiops.usage_hourly.model IS 'Model that was asked for';
COMMENT ON COLUMN gaiops.usage_hourly.prompt_name IS 'Registered prompt that was used, by name';
COMMENT ON COLUMN gaiops.usage_hourly.prompt_version IS 'Its version';
COMMENT ON COLUMN gaiops.usage_hourly.calls IS 'Calls to models';
COMMENT ON COLUMN gaiops.usage_hourly.failed_calls IS
	'Calls, of those that began in the hour, of which every attempt failed';
COMMENT ON COLUMN gaiops.usage_hourly.attempts IS 'Attempts at them, retries included';
COMMENT ON COLUMN gaiops.usage_hourly.errors IS 'Attempts that failed';
COMMENT ON COLUMN gaiops.usage_hourly.error_class IS
	'Kind of the latest of these failures, such as timeout or rate_limited; NULL if none failed, or all before 0.2.0';
COMMENT ON COLUMN gaiops.usage_hourly.unknown IS
	'Attempts whose outcome will never be known: the server died in mid-call';
COMMENT ON COLUMN gaiops.usage_hourly.input_tokens IS 'Known input tokens, cached ones included';
COMMENT ON COLUMN gaiops.usage_hourly.output_tokens IS 'Known output tokens, reasoning ones included';
COMMENT ON COLUMN gaiops.usage_hourly.cached_input_tokens IS 'Known input tokens read from a cache';
COMMENT ON COLUMN gaiops.usage_hourly.reasoning_tokens IS 'Known output tokens spent on reasoning';
COMMENT ON COLUMN gaiops.usage_hourly.cost IS
	'Known cost in US dollars, without the attempts in "unpriced"; NULL if a price is missing and no cost is known; '
	'0 if nothing was answered';
COMMENT ON COLUMN gaiops.usage_hourly.unpriced IS 'Attempts that were answered and have no known cost';
COMMENT ON COLUMN gaiops.usage_hourly.avg_latency_ms IS
	'Mean latency of an attempt in milliseconds, within a few percent; NULL if none is known';
COMMENT ON COLUMN gaiops.usage_hourly.p50_latency_ms IS 'Median of it';
COMMENT ON COLUMN gaiops.usage_hourly.p95_latency_ms IS '95th percentile of it';
COMMENT ON COLUMN gaiops.usage_hourly.p99_latency_ms IS '99th percentile of it';
COMMENT ON COLUMN gaiops.usage_hourly.latency_buckets IS
	'Buckets of the histogram of all of them that are not empty; with latency_counts, '
	'add up with gaiops.histogram_sum() and read with gaiops_percentile()';
COMMENT ON COLUMN gaiops.usage_hourly.latency_counts IS 'Attempts in each of these buckets';

-- Which failures, and how often: a row for each class, which the view above adds up.
CREATE OR REPLACE VIEW gaiops.failures_hourly WITH (security_invoker = true) AS
	SELECT d.hour, d.experiment, d.purpose, d.endpoint, d.provider, d.model, d.prompt_name, d.prompt_version,
		d.error_class, sum(d.errors)::bigint AS errors,
		sum(coalesce(d.failed_calls, d.errors + d.calls - d.attempts))::bigint AS failed_calls
	FROM gaiops.usage_deltas AS d
	WHERE d.errors > 0 OR d.failed_calls <> 0 OR d.failed_calls IS NULL
	GROUP BY d.hour, d.experiment, d.purpose, d.endpoint, d.provider, d.model, d.prompt_name, d.prompt_version,
		d.error_class
	HAVING sum(d.errors) > 0 OR sum(coalesce(d.failed_calls, d.errors + d.calls - d.attempts)) <> 0;
COMMENT ON VIEW gaiops.failures_hourly IS
	'One row per hour, what calls are grouped by, and kind of failure: attempts and calls that failed so';
COMMENT ON COLUMN gaiops.failures_hourly.hour IS 'Hour, in UTC, that the attempts, or the failed calls, began in';
COMMENT ON COLUMN gaiops.failures_hourly.experiment IS 'Experiment by name';
COMMENT ON COLUMN gaiops.failures_hourly.purpose IS 'application, evaluation, judge, monitor or optimization';
COMMENT ON COLUMN gaiops.failures_hourly.endpoint IS 'Endpoint by name';
COMMENT ON COLUMN gaiops.failures_hourly.provider IS 'Provider, named as in OpenTelemetry gen_ai.provider.name';
COMMENT ON COLUMN gaiops.failures_hourly.model IS 'Model that was asked for';
COMMENT ON COLUMN gaiops.failures_hourly.prompt_name IS 'Registered prompt that was used, by name';
COMMENT ON COLUMN gaiops.failures_hourly.prompt_version IS 'Its version';
COMMENT ON COLUMN gaiops.failures_hourly.error_class IS
	'Kind of failure, such as timeout or rate_limited; NULL for what failed before 0.2.0';
COMMENT ON COLUMN gaiops.failures_hourly.errors IS 'Attempts that failed';
COMMENT ON COLUMN gaiops.failures_hourly.failed_calls IS
	'Calls of which every attempt failed, and the last one so';
