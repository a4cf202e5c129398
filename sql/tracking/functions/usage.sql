-- Latencies of many attempts as a histogram.

CREATE OR REPLACE FUNCTION gaiops.histogram_add(state internal, buckets integer[], counts bigint[])
RETURNS internal
LANGUAGE C IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'gaiops_histogram_add';
COMMENT ON FUNCTION gaiops.histogram_add(internal, integer[], bigint[]) IS
	'Takes a sum of histograms and one more as two arrays; returns the sum of both';

CREATE OR REPLACE FUNCTION gaiops.histogram_add(state internal, histogram gaiops.latency_histogram)
RETURNS internal
LANGUAGE C IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'gaiops_histogram_add_histogram';
COMMENT ON FUNCTION gaiops.histogram_add(internal, gaiops.latency_histogram) IS
	'Takes a sum of histograms and one more; returns the sum of both';

CREATE OR REPLACE FUNCTION gaiops.histogram_result(state internal)
RETURNS gaiops.latency_histogram
LANGUAGE C IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'gaiops_histogram_result';
COMMENT ON FUNCTION gaiops.histogram_result(internal) IS 'Takes a sum of histograms and returns it as a value';

CREATE OR REPLACE AGGREGATE gaiops.histogram_sum(buckets integer[], counts bigint[]) (
	SFUNC = gaiops.histogram_add,
	STYPE = internal,
	SSPACE = 8192,
	FINALFUNC = gaiops.histogram_result,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE gaiops.histogram_sum(integer[], bigint[]) IS
	'Takes histograms as two arrays, as in gaiops.usage_deltas; returns their sum';

CREATE OR REPLACE AGGREGATE gaiops.histogram_sum(histogram gaiops.latency_histogram) (
	SFUNC = gaiops.histogram_add,
	STYPE = internal,
	SSPACE = 8192,
	FINALFUNC = gaiops.histogram_result,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE gaiops.histogram_sum(gaiops.latency_histogram) IS
	'Takes histograms, as in gaiops.usage_hourly; returns their sum';

-- An aggregate with an ORDER BY would have every view that uses it sort its rows.
CREATE OR REPLACE FUNCTION gaiops.latest_add(state internal, value text, at timestamptz)
RETURNS internal
LANGUAGE C IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'gaiops_latest_add';
COMMENT ON FUNCTION gaiops.latest_add(internal, text, timestamptz) IS
	'Takes the latest of some values, and one more with its time; returns the latest of all';

CREATE OR REPLACE FUNCTION gaiops.latest_result(state internal)
RETURNS text
LANGUAGE C IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'gaiops_latest_result';
COMMENT ON FUNCTION gaiops.latest_result(internal) IS
	'Takes the latest of some values and returns it, NULL if there are none';

CREATE OR REPLACE AGGREGATE gaiops.latest(value text, at timestamptz) (
	SFUNC = gaiops.latest_add,
	STYPE = internal,
	SSPACE = 64,
	FINALFUNC = gaiops.latest_result,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE gaiops.latest(text, timestamptz) IS
	'Takes values with their times; returns the latest value, of equal times the greatest; NULL if there is none';

CREATE OR REPLACE FUNCTION gaiops.histogram_mean(histogram gaiops.latency_histogram)
RETURNS double precision
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'gaiops_histogram_mean';
COMMENT ON FUNCTION gaiops.histogram_mean(gaiops.latency_histogram) IS
	'Takes a histogram of latencies; returns their mean in milliseconds, within a few percent, '
	'or NULL if there are none';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_percentile(histogram gaiops.latency_histogram, p double precision)
RETURNS double precision
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'gaiops_percentile';
COMMENT ON FUNCTION pg_catalog.gaiops_percentile(gaiops.latency_histogram, double precision) IS
	'Takes a histogram of latencies and a fraction from 0 to 1; '
	'returns the milliseconds that this part of them did not exceed, within a few percent, or NULL if there are none';
