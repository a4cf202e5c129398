-- Statistics of a comparison: figures as reference implementations have them,
-- what is missing, what says nothing, and what is refused.  Everything is rolled back.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT plan(65);
\ir ../../lib/raised.sql

-- ---- as references have it ----

CREATE TEMP TABLE line (text text);
\copy line (text) FROM 'test/golden/statistics/cases.jsonl' WITH (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')
CREATE TEMP VIEW golden AS
	SELECT l.text::jsonb ->> 'statistic' AS statistic, l.text::jsonb -> 'arguments' AS a, l.text::jsonb -> 'expected' AS e,
		(l.text::jsonb ->> 'tolerance')::double precision AS tolerance
	FROM line AS l;
CREATE FUNCTION pg_temp.numbers(value jsonb) RETURNS double precision[] LANGUAGE sql IMMUTABLE AS $$
	SELECT coalesce(array_agg((v.value #>> '{}')::double precision ORDER BY v.n), '{}')
	FROM jsonb_array_elements(value) WITH ORDINALITY AS v (value, n)
$$;
-- Whether two lists are the same but for the tolerance, NULL at the same places.
CREATE FUNCTION pg_temp.near(found double precision[], expected jsonb, tolerance double precision) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
	SELECT coalesce(array_length($1, 1), 0) = jsonb_array_length($2) AND coalesce(bool_and(
		CASE WHEN f.found IS NULL OR e IS NULL THEN f.found IS NULL AND e IS NULL
			ELSE abs(f.found - e) <= $3 * greatest(1, abs(e)) END), true)
	FROM unnest($1, pg_temp.numbers($2)) AS f (found, e)
$$;
-- How many cases of a statistic there are, and how many are so.
CREATE FUNCTION pg_temp.cases(statistic text, finding text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	found record;
BEGIN
	EXECUTE format('SELECT count(*) AS n, count(*) FILTER (WHERE pg_temp.near((%s)::double precision[], e, tolerance)) AS fine
		FROM golden WHERE statistic = %L', finding, statistic) INTO found;
	RETURN CASE WHEN found.n = 0 THEN 'no cases' WHEN found.n = found.fine THEN 'fine' ELSE format('%s of %s', found.fine, found.n) END;
END
$$;
SELECT is(pg_temp.cases('wilson', $$ SELECT ARRAY[s.ci_low, s.ci_high] FROM gaiops.share_interval((a ->> 0)::numeric::bigint, (a ->> 1)::numeric::bigint) AS s $$),
	'fine', 'Wilson''s interval');
SELECT is(pg_temp.cases('newcombe', $$ SELECT ARRAY[s.ci_low, s.ci_high] FROM gaiops.compare_shares(
	(a ->> 0)::numeric::bigint, (a ->> 1)::numeric::bigint, (a ->> 2)::numeric::bigint, (a ->> 3)::numeric::bigint) AS s $$), 'fine', 'Newcombe''s interval');
SELECT is(pg_temp.cases('fisher', $$ SELECT ARRAY[s.p_value] FROM gaiops.compare_shares(
	(a ->> 0)::numeric::bigint, (a ->> 1)::numeric::bigint, (a ->> 2)::numeric::bigint, (a ->> 3)::numeric::bigint) AS s $$), 'fine', 'Fisher''s test');
SELECT is(pg_temp.cases('tango', $$ SELECT ARRAY[p.ci_low, p.ci_high] FROM gaiops.compare_passes(
	(a ->> 0)::numeric::bigint, (a ->> 1)::numeric::bigint, (a ->> 2)::numeric::bigint) AS p $$), 'fine', 'Tango''s interval');
SELECT is(pg_temp.cases('mcnemar', $$ SELECT ARRAY[p.p_value] FROM gaiops.compare_passes(
	(a ->> 0)::numeric::bigint, (a ->> 1)::numeric::bigint, (a ->> 0)::numeric::bigint + (a ->> 1)::numeric::bigint) AS p $$), 'fine', 'McNemar''s exact test');
SELECT is(pg_temp.cases('sign_flip', $$ SELECT ARRAY[d.p_value, (d.test = 'sign-flip permutation, exact')::integer]
	FROM gaiops.compare_numbers(pg_temp.numbers(a -> 0), NULL, 'seed') AS d $$), 'fine', 'the sign-flip test');
SELECT is(pg_temp.cases('wilcoxon', $$ SELECT ARRAY[d.wilcoxon_p] FROM gaiops.compare_numbers(pg_temp.numbers(a -> 0), NULL, 'seed') AS d $$),
	'fine', 'Wilcoxon''s test');
SELECT is(pg_temp.cases('permutation', $$ SELECT ARRAY[d.p_value] FROM gaiops.compare_arms(
	pg_temp.numbers(a -> 0), pg_temp.numbers(a -> 1), NULL, 'seed') AS d $$), 'fine', 'the permutation test');
SELECT is(pg_temp.cases('quantile', $$ SELECT ARRAY[q.quantile, q.ci_low, q.ci_high]
	FROM gaiops.quantile_interval(pg_temp.numbers(a -> 0), (a ->> 1)::double precision) AS q $$), 'fine', 'quantiles and their intervals');
SELECT is(pg_temp.cases('holm', $$ SELECT gaiops.holm(pg_temp.numbers(a -> 0)) $$), 'fine', 'Holm''s adjustment');
SELECT is(pg_temp.cases('n_needed', $$ SELECT ARRAY[gaiops.n_needed((a ->> 0)::double precision, (a ->> 1)::double precision,
	(a ->> 2)::double precision, (a ->> 3)::double precision)] $$), 'fine', 'how many are needed');
SELECT is(pg_temp.cases('pairs_needed', $$ SELECT ARRAY[gaiops.pairs_needed((a ->> 0)::double precision, (a ->> 1)::double precision)] $$),
	'fine', 'how many pairs are needed');

-- What is drawn depends on the seed; the rest does not. Bounds that are drawn differ a little.
SELECT is(pg_temp.cases('difference', $$ SELECT ARRAY[d.n, d.n_differing, d.mean, d.sd, e[4], e[5], d.planning_sd, d.detectable]
	FROM gaiops.compare_numbers(pg_temp.numbers(a -> 0), (a ->> 1)::double precision, 'seed') AS d,
		LATERAL (SELECT CASE WHEN abs(d.ci_low - (e ->> 4)::double precision) < 0.2 * (d.ci_high - d.ci_low) THEN (e ->> 4)::double precision ELSE d.ci_low END,
			CASE WHEN abs(d.ci_high - (e ->> 5)::double precision) < 0.2 * (d.ci_high - d.ci_low) THEN (e ->> 5)::double precision ELSE d.ci_high END)
			AS b (low, high), LATERAL (SELECT ARRAY[NULL, NULL, NULL, b.low, b.high]) AS about (e) $$), 'fine', 'differences');
SELECT is(d::text, e::text, 'the same seed comes to the same')
	FROM gaiops.compare_numbers(ARRAY(SELECT sin(x) FROM generate_series(1, 40) AS x), 1, 'a') AS d,
		gaiops.compare_numbers(ARRAY(SELECT sin(x) FROM generate_series(1, 40) AS x), 1, 'a') AS e;
SELECT isnt(d::text, e::text, 'another one does not')
	FROM gaiops.compare_numbers(ARRAY(SELECT sin(x) FROM generate_series(1, 40) AS x), 1, 'a') AS d,
		gaiops.compare_numbers(ARRAY(SELECT sin(x) FROM generate_series(1, 40) AS x), 1, 'b') AS e;

-- ---- what is missing, and what says nothing ----

SELECT is(d::text, '(0,0,,,,,1,"sign-flip permutation, exact",,1,,)', 'of nothing nothing is known') FROM gaiops.compare_numbers('{}', 1, 'a') AS d;
SELECT is(d::text, '(0,0,,,,,1,"sign-flip permutation, exact",,1,,)', 'nor of NULL') FROM gaiops.compare_numbers(NULL, NULL, NULL) AS d;
SELECT is(d::text, '(0,0,,,,,1,"sign-flip permutation, exact",,1,,)', 'nor of what is missing')
	FROM gaiops.compare_numbers('{NaN,NULL,Infinity}', 1, 'a') AS d;
SELECT is((d.n, d.mean, d.ci_low, d.ci_high, d.p_value)::text, '(1,0.5,-1,1,1)', 'one says nothing')
	FROM gaiops.compare_numbers('{0.5,NaN}', 1, 'a') AS d;
SELECT is((d.n, d.mean, d.sd, d.p_value, d.d_z, d.wilcoxon_p)::text, '(14,0,0,1,0,1)', 'differences may all be 0')
	FROM gaiops.compare_numbers(array_fill(0::double precision, '{14}'), 1, 'a') AS d;
SELECT ok(d.ci_low < 0 AND d.ci_high > 0, 'which is not known for certain')
	FROM gaiops.compare_numbers(array_fill(0::double precision, '{14}'), 1, 'a') AS d;
SELECT is(d.p_value < 0.05, d.n_differing = 6, d.n_differing || ' that differ of 100')
	FROM generate_series(5, 6) AS g, gaiops.compare_numbers(array_cat(array_fill(1::double precision, ARRAY[g]), array_fill(0::double precision, ARRAY[100 - g])), 1, 'a') AS d;
SELECT is(p.p_value < 0.05, p.n_differing = 6, p.n_differing || ' pairs that differ of 100')
	FROM generate_series(5, 6) AS g, gaiops.compare_passes(g, 0, 100) AS p;
SELECT is(p::text, '(0,0,,,,1,"McNemar, exact",,)', 'there may be no pairs') FROM gaiops.compare_passes(0, 0, 0) AS p;
SELECT is((p.difference, p.p_value)::text, '(0,1)', 'none may differ') FROM gaiops.compare_passes(0, 0, 50) AS p;
SELECT is(c::text, '(0,2,,1.5,,,,1,"permutation, drawn",)', 'an arm may have nothing') FROM gaiops.compare_arms(NULL, '{1,2,NULL}', 1, 'a') AS c;
SELECT is(c::text, '(,0.5,,,,1,"Fisher, exact",)', 'so it may of shares') FROM gaiops.compare_shares(0, 0, 1, 2) AS c;
SELECT is(c::text, '(0,,,)', 'costs may be unknown') FROM gaiops.compare_totals('{NULL,1}', '{1,NULL}', 'a') AS c;
SELECT is((c.ratio, c.ci_low < 0.9, c.ci_high > 1.1)::text, '(1,t,t)', 'two that cost alike do not say that all do') FROM gaiops.compare_totals('{3,3}', '{3,3}', 'a') AS c;
SELECT is(c::text, '(2,,,)', 'none may have passed') FROM gaiops.compare_totals('{1,2}', '{0,0}', 'a') AS c;
SELECT ok(c.n = 8 AND c.ratio = 8 AND c.ci_low > 0 AND c.ci_high IS NULL, 'where a resample has none that passed, the interval is open')
	FROM gaiops.compare_totals('{1,1,1,1,1,1,1,1}', '{1,0,0,0,0,0,0,0}', 'a') AS c;
SELECT is((c.n, round(c.ratio::numeric, 9))::text, '(2,2.000000000)', 'durations that are not positive are left out')
	FROM gaiops.compare_durations('{1,2,0,3}', '{2,4,1,-1}', 'a') AS c;
SELECT is(q::text, '(0,,,)', 'nothing has no quantile') FROM gaiops.quantile_interval('{NaN}', 0.5) AS q;
SELECT is((q.n, q.quantile)::text, '(3,)', 'nor have numbers, of no share') FROM gaiops.quantile_interval('{1,2,3}', 1) AS q;
SELECT is(gaiops.holm(NULL), '{}', 'there may be no tests');
SELECT is(s::text, '(,)', 'the share of none is not known') FROM gaiops.share_interval(0, 0) AS s;
SELECT is(s::text, '(,)', 'nor of NULL') FROM gaiops.share_interval(NULL, 5) AS s;
SELECT is(m::text, '(,)', 'one number has no interval') FROM gaiops.mean_interval(1, 0.5, NULL) AS m;
SELECT is((round(m.ci_low::numeric, 6), round(m.ci_high::numeric, 6))::text, '(0.428464,0.571536)', 'ten have Student''s') FROM gaiops.mean_interval(10, 0.5, 0.1) AS m;
SELECT is(gaiops.n_needed(NULL, 0.05), NULL, 'what is not known needs no number');
SELECT is(gaiops.n_needed(0.4, 0), NULL, 'no number detects nothing');
SELECT is(gaiops.n_needed(0, 0.05), NULL, 'nor does one follow from no difference at all');
SELECT is(gaiops.n_needed(0.2, 0.1, widest => 1), 58::bigint, 'two more records that differ by the scale take more');
SELECT is(gaiops.pairs_needed(0.05, 0.4), NULL, 'no more passes than differ');

-- ---- verdicts ----

SELECT is(string_agg(v::text, ' ' ORDER BY g.n), '(better,f) (better,t) (worse,f) (equivalent,t) ("too few",f) ("no evidence",f) ("too few",f) ("no evidence",f)',
		'verdicts, in their order')
	FROM (VALUES (1, 0.01, 0.1, 0.2, 0.1, 0.05), (2, 0.01, 0.01, 0.02, 0.1, 0.05), (3, 0.01, -0.2, -0.1, 0.1, 0.05), (4, 0.5, -0.01, 0.01, 0.1, 0.05),
		(5, 0.5, -0.1, 0.1, 0.1, 0.05), (6, 0.5, -0.1, 0.01, 0.04, 0.05), (7, NULL, NULL, NULL, NULL, 0.05), (8, 0.5, -0.01, 0.01, 0.1, NULL)) AS g (n, p, low, high, d, m),
		gaiops.comparison_verdict(g.p, g.low, g.high, g.d, g.m) AS v;

-- ---- what is refused ----

SELECT is(pg_temp.raised($$ SELECT gaiops.compare_passes(3, 3, 5) $$), E'22023\nmore pairs differ than there are', 'pairs are counted right');
SELECT is(pg_temp.raised($$ SELECT gaiops.compare_passes(1000000000, 1000000000, 1000000000) $$),
	E'22023\nmore pairs differ than there are', 'however many');
SELECT is(pg_temp.raised($$ SELECT gaiops.compare_passes(1000000001, 3, 5) $$), E'22003\nargument "candidate_only" must be at most 1000000000',
	'what would take too long is refused');
SELECT is(pg_temp.raised($$ SELECT gaiops.compare_shares(3, 1000000001, 3, 5) $$), E'22003\nargument "baseline_n" must be at most 1000000000', 'of shares, too');
SELECT ok(p.p_value > 0.999, 'the most there may be are compared') FROM gaiops.compare_passes(300000000, 300000000, 1000000000) AS p;
SELECT is(pg_temp.raised($$ SELECT gaiops.compare_passes(-1, 3, 5) $$), E'22023\nargument "candidate_only" must not be negative', 'none is fewer than none');
SELECT is(pg_temp.raised($$ SELECT gaiops.compare_passes(NULL, 3, 5) $$), E'22004\nargument "candidate_only" must not be null', 'all are counted');
SELECT is(pg_temp.raised($$ SELECT gaiops.compare_shares(3, 2, 5, 6) $$), E'22023\nargument "baseline_passed" must not be greater than "baseline_n"', 'a part is no more than all');
SELECT is(pg_temp.raised($$ SELECT gaiops.share_interval(3, 2) $$), E'22023\nargument "passed" must be from 0 to "n"', 'nor in one run');
SELECT is(pg_temp.raised($$ SELECT gaiops.compare_totals('{1,2}', '{1}', 'a') $$),
	E'2202E\narguments "numerators" and "denominators" must have as many elements\nThe first has 2, the second 1.', 'units have both numbers');
SELECT is(pg_temp.raised($$ SELECT gaiops.compare_durations('{1}', NULL, 'a') $$),
	E'2202E\narguments "baseline" and "candidate" must have as many elements\nThe first has 1, the second 0.', 'and both durations');
SELECT is(pg_temp.raised(format('SELECT gaiops.n_needed(0.4, 0.05, %s, %s)', g.power, g.alpha)),
		E'22023\ncannot plan with that power and level\nThe level must be above 0, the power above the level and below 1.', 'no test has that power')
	FROM (VALUES ('1', '0.05'), ('0.05', '0.05'), ('NULL', '0.05'), ('0.8', '0')) AS g (power, alpha);

-- ---- what takes long can be cancelled ----

CREATE TEMP TABLE many AS SELECT array_agg(sin(x)) AS numbers, array_agg(2 + sin(x)) AS positive FROM generate_series(1, 300000) AS x;
CREATE FUNCTION pg_temp.cancelled(call text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('SELECT gaiops.%s FROM many', call);
	RETURN false;
EXCEPTION WHEN query_canceled THEN
	RETURN true;
END
$$;
SET statement_timeout = '200ms';
SELECT ok(pg_temp.cancelled('compare_numbers(numbers, 1, $$a$$)'), 'differences');
SELECT ok(pg_temp.cancelled('compare_arms(numbers, numbers, 1, $$a$$)'), 'arms');
SELECT ok(pg_temp.cancelled('compare_totals(positive, positive, $$a$$)'), 'totals');
RESET statement_timeout;

SELECT * FROM finish();
ROLLBACK;
