-- Corpus BLEU of two runs beside each other: as sacrebleu and SciPy have it, what is
-- missing, and what is refused.  Everything is rolled back.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT plan(10);
\ir ../../lib/raised.sql

CREATE TEMP TABLE line (text text);
\copy line (text) FROM 'test/golden/statistics/bleu.jsonl' WITH (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')
CREATE FUNCTION pg_temp.numbers(value jsonb) RETURNS double precision[] LANGUAGE sql IMMUTABLE AS $$
	SELECT array_agg((v.value #>> '{}')::double precision ORDER BY v.n) FROM jsonb_array_elements(value) WITH ORDINALITY AS v (value, n)
$$;
CREATE TEMP TABLE golden AS
	SELECT pg_temp.numbers(l.text::jsonb #> '{arguments,0}') AS baseline, pg_temp.numbers(l.text::jsonb #> '{arguments,1}') AS candidate,
		pg_temp.numbers(l.text::jsonb -> 'expected') AS expected
	FROM line AS l;
SELECT cmp_ok(count(*), '>=', 2::bigint, 'there are cases') FROM golden;
SELECT is_empty($$ SELECT f.n, f.found, f.expected FROM golden AS g, gaiops.compare_bleu(g.baseline, g.candidate, 'seed') AS b,
		unnest(ARRAY[b.n, b.bleu_baseline, b.bleu_candidate, b.difference, b.ci_low, b.ci_high], g.expected) WITH ORDINALITY AS f (found, expected, n)
	WHERE f.found IS NULL OR abs(f.found - f.expected) > 1e-8 $$, 'both scores, their difference and its interval are those of the references');

CREATE FUNCTION pg_temp.text(matched integer) RETURNS double precision[] LANGUAGE sql IMMUTABLE AS $$
	SELECT ARRAY[10, 10, matched, matched - 1, matched - 2, matched - 3, 10, 9, 8, 7]::double precision[]
$$;
SELECT is((b.n, b.difference, b.ci_low, b.ci_high)::text, '(3,0,0,0)', 'what is the same does not differ')
	FROM gaiops.compare_bleu(pg_temp.text(5) || pg_temp.text(6) || pg_temp.text(7), pg_temp.text(5) || pg_temp.text(6) || pg_temp.text(7), 'a') AS b;
SELECT is(b.n, 2::bigint, 'units with a number that is missing are left out')
	FROM gaiops.compare_bleu(pg_temp.text(5) || pg_temp.text(6) || pg_temp.text(7), pg_temp.text(5) || array_fill(NULL::double precision, '{10}') || pg_temp.text(8), 'a') AS b;
SELECT is(b::text, '(0,,,,,)', 'there may be none') FROM gaiops.compare_bleu('{}', NULL, NULL) AS b;
SELECT is((b.n, b.difference IS NOT NULL, b.ci_low)::text, '(1,t,)', 'one unit has no interval') FROM gaiops.compare_bleu(pg_temp.text(5), pg_temp.text(6), 'a') AS b;
SELECT is((b.n, b.difference)::text, '(2,)', 'BLEU may not be known')
	FROM gaiops.compare_bleu('{2,2,2,1,0,0,2,1,0,0,2,2,2,1,0,0,2,1,0,0}', '{2,2,2,1,0,0,2,1,0,0,2,2,2,1,0,0,2,1,0,0}', 'a') AS b;
SELECT is((b.n, b.difference IS NOT NULL)::text, '(2,t)', 'an array may have two dimensions')
	FROM gaiops.compare_bleu(ARRAY[pg_temp.text(5), pg_temp.text(6)], ARRAY[pg_temp.text(5), pg_temp.text(7)], 'a') AS b;
SELECT is(pg_temp.raised($$ SELECT gaiops.compare_bleu('{1,2}', '{1,2}', 'a') $$), E'2202E\nBLEU of each text has 10 parts\nThere are 2 elements.', 'a text has ten numbers');
SELECT is(pg_temp.raised($$ SELECT gaiops.compare_bleu('{1,2}', '{1}', 'a') $$),
	E'2202E\narguments "baseline" and "candidate" must have as many elements\nThe first has 2, the second 1.', 'in both runs');

SELECT * FROM finish();
ROLLBACK;
