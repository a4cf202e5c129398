-- Queries on tables and views of ours are not compiled, whatever PostgreSQL thinks of their cost.
\set QUIET on
SET client_min_messages = warning;
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT plan(8);

-- The plan of a query, a line a row, with what is compiled.
CREATE FUNCTION pg_temp.plan(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY EXECUTE 'EXPLAIN ' || query;
END
$$;

-- All that PostgreSQL can compile it does.
SET LOCAL jit = on;
SET LOCAL jit_above_cost = 0;
SELECT is(count(*) > 0, pg_jit_available(), 'queries are compiled here, if PostgreSQL has what it takes') FROM pg_temp.plan('SELECT count(*) FROM pg_class WHERE relpages > 0') AS p WHERE p LIKE 'JIT%';
SELECT is_empty(format('SELECT p FROM pg_temp.plan(%L) AS p WHERE p LIKE ''JIT%%''', q), 'but not: ' || q) FROM unnest(ARRAY[
	'SELECT DISTINCT status FROM gaiops.traces', 'SELECT sum(cost) FROM gaiops.spans', 'SELECT * FROM gaiops.agreement',
	'SELECT sum(cost) FROM gaiops_partitions.spans_default',
	'SELECT c.relname, s.cost FROM pg_class AS c LEFT JOIN gaiops.spans AS s ON s.name = c.relname']) AS q;
PREPARE traces AS SELECT DISTINCT status FROM gaiops.traces;
SET LOCAL plan_cache_mode = force_generic_plan;
SELECT is_empty('SELECT p FROM pg_temp.plan(''EXECUTE traces'') AS p WHERE p LIKE ''JIT%''', 'nor a plan that is kept') FROM generate_series(1, 2);

SELECT * FROM finish();
ROLLBACK;
