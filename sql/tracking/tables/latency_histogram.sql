CREATE TYPE gaiops.latency_histogram AS (
	buckets  integer[],
	counts   bigint[]
);
COMMENT ON TYPE gaiops.latency_histogram IS
	'How many attempts took how long: numbers of log-linear buckets, '
	'16 to each power of two of microseconds, and the attempts in each';
