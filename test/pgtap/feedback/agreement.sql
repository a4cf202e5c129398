-- How far reviewers agree, and judges with them: figures as reference
-- implementations have them, what counts as a rating, what is compared with
-- what, who sees it, and where they disagree.  Everything is rolled back.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT plan(67);
\ir ../../lib/raised.sql

-- ---- measuring ----

CREATE TEMP TABLE line (text text);
\copy line (text) FROM 'test/golden/agreement/cases.jsonl' WITH (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')
SELECT cmp_ok(count(*), '>=', 35::bigint, 'there are cases') FROM line;

CREATE TEMP VIEW golden AS
	SELECT c.name, c.expected, m.n, m.prevalence,
		ARRAY[m.kappa, m.kappa_low, m.kappa_high, m.alpha, m.alpha_low, m.alpha_high, m.correlation, m.correlation_low, m.correlation_high] AS found
	FROM (SELECT l.text::jsonb ->> 'name' AS name, l.text::jsonb AS expected FROM line AS l) AS c,
		LATERAL (
			SELECT array_agg(u.unit::integer ORDER BY u.unit DESC) AS units, array_agg(r.rater::integer ORDER BY u.unit DESC) AS raters,
				array_agg((u.value #>> '{}')::double precision ORDER BY u.unit DESC) AS ratings
			FROM jsonb_array_elements(c.expected -> 'raters') WITH ORDINALITY AS r (ratings, rater),
				jsonb_array_elements(r.ratings) WITH ORDINALITY AS u (value, unit)
			WHERE u.value <> 'null') AS g,
		gaiops.measure_agreement(g.units, g.raters, g.ratings, c.expected ->> 'level', (c.expected ->> 'value')::double precision) AS m;
SELECT is_empty($$
	SELECT g.name, f.n, f.found, e.value FROM golden AS g,
		unnest(g.found) WITH ORDINALITY AS f (found, n),
		LATERAL (SELECT (v.value #>> '{}')::double precision FROM (SELECT g.expected #> ARRAY[
			(ARRAY['kappa', 'alpha', 'correlation'])[(f.n + 2) / 3], ((f.n - 1) % 3)::text] AS value) AS v) AS e (value)
	WHERE CASE WHEN f.found IS NULL OR e.value IS NULL THEN f.found IS DISTINCT FROM e.value ELSE abs(f.found - e.value) > 1e-9 END $$,
	'every figure and bound is what the reference implementations say, and NULL where they say nothing');
SELECT is_empty($$ SELECT g.name, g.n, g.prevalence FROM golden AS g
	WHERE g.n <> (g.expected ->> 'units')::integer
		OR CASE WHEN g.prevalence IS NULL THEN g.expected -> 'prevalence' <> 'null' ELSE abs(g.prevalence - (g.expected ->> 'prevalence')::double precision) > 1e-9 END $$,
	'so are the number of units and the prevalence');
SELECT is_empty($$ SELECT f.n FROM golden AS g, unnest(g.found) WITH ORDINALITY AS f (found, n)
	GROUP BY f.n HAVING count(f.found) = 0 OR count(*) = count(f.found) $$, 'each of them is sometimes defined and sometimes not');

SELECT is(pg_temp.raised($$ SELECT gaiops.measure_agreement(NULL, '{1}', '{1}', 'nominal') $$),
	E'22004\nargument "units" must not be null', 'arrays are given');
SELECT is(pg_temp.raised($$ SELECT gaiops.measure_agreement('{1}', '{1}', '{1}', NULL) $$),
	E'22004\nargument "level" must not be null', 'so is the level');
SELECT is(pg_temp.raised($$ SELECT gaiops.measure_agreement('{1,2}', '{1,NULL}', '{1,2}', 'nominal') $$),
	E'22004\nargument "raters" must not contain nulls', 'they have no nulls');
SELECT is(pg_temp.raised($$ SELECT gaiops.measure_agreement('{1,2}', '{1,1}', '{1}', 'nominal') $$),
	E'2202E\nunits, raters and ratings must be equal in number\nThere are 2 units, and argument "ratings" has 1 elements.', 'they have one length');
SELECT is(pg_temp.raised($$ SELECT gaiops.measure_agreement('{1}', '{1}', '{NaN}', 'interval') $$),
	E'22023\na rating must be a finite number', 'NaN is no rating');
SELECT is(pg_temp.raised($$ SELECT gaiops.measure_agreement('{1}', '{1}', '{-Infinity}', 'interval') $$),
	E'22023\na rating must be a finite number', 'nor is infinity');
SELECT is(pg_temp.raised($$ SELECT gaiops.measure_agreement('{1,2,1}', '{3,3,3}', '{1,2,1}', 'interval') $$),
	E'22023\na rater has rated a unit more than once', 'nobody rates twice');
SELECT is(pg_temp.raised($$ SELECT gaiops.measure_agreement('{1}', '{1}', '{1}', 'ratio') $$),
	E'22023\nunknown level of measurement "ratio"\nLevels are nominal, ordinal and interval.', 'there are three levels');
SELECT is(m::text, '(0,,,,,,,,,,)', 'of nothing nothing is known') FROM gaiops.measure_agreement('{}', '{}', '{}', 'ordinal') AS m;

-- ---- what counts ----

CREATE FUNCTION pg_temp.t(n integer) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT lpad(n::text, 32, '0')::uuid $$;
-- What somebody says of a trace; later calls are later.  Returns the assessment.
CREATE TEMP SEQUENCE said;
CREATE FUNCTION pg_temp.say(name text, who text, trace integer, value jsonb, source_type text DEFAULT 'HUMAN',
	span text DEFAULT NULL, session text DEFAULT NULL, kind text DEFAULT 'feedback', overrides uuid DEFAULT NULL) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
	id CONSTANT uuid := pg_temp.t(nextval('said')::integer);
BEGIN
	EXECUTE format('INSERT INTO gaiops.%I (assessment_id, trace_id, span_id, session_id, experiment, name, kind, value,
			source_type, source_id, overrides, created_at, created_by)
		VALUES ($1, $2, $3, $4, %L, $5, $6, $7, $8, $9, $10, $11, CURRENT_USER)',
		CASE source_type WHEN 'HUMAN' THEN 'human_assessments' ELSE 'machine_assessments' END, 'default')
	USING id, CASE WHEN session IS NULL THEN pg_temp.t(trace) END, span, session, name, kind, value, source_type, who, overrides,
		'2031-01-01 00:00+00'::timestamptz + currval('said') * interval '1 second';
	RETURN id;
END
$$;
-- Rows of the view, in short.
CREATE FUNCTION pg_temp.rows(name text) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT concat_ws(' ', a.comparison || ':', a.rater_a, a.rater_b, a.level, 'n=' || a.n, 'kappa=' || round(a.kappa::numeric, 3),
		'alpha=' || round(a.alpha::numeric, 3), 'r=' || round(a.correlation::numeric, 3), 'p=' || round(a.prevalence::numeric, 3))
	FROM gaiops.agreement AS a WHERE a.name = rows.name $$;
-- Several people or judges, each with what they say of traces 1, 2 and so on; '-' for nothing.
CREATE FUNCTION pg_temp.say_all(name text, who text, "values" text, source_type text DEFAULT 'HUMAN') RETURNS bigint LANGUAGE sql AS $$
	SELECT count(pg_temp.say(name, who, v.n::integer, v.value::jsonb, source_type))
	FROM unnest(string_to_array("values", ' ')) WITH ORDINALITY AS v (value, n) WHERE v.value <> '-' $$;

-- Two people, a judge and a program on a pass_fail schema.
SELECT pg_temp.say_all('correctness', 'ann', 'true true true false false true - true'),
	pg_temp.say_all('correctness', 'bob', 'true true false false true true true -'),
	pg_temp.say_all('correctness', 'gpt', 'true false true false true true true false', 'LLM_JUDGE'),
	pg_temp.say_all('correctness', 'gpt', 'true true true true true true true true', 'CODE') \g /dev/null
SELECT results_eq($$ SELECT pg_temp.rows('correctness') $$, $$ VALUES
	('all reviewers: nominal n=6 kappa=0.250 alpha=0.313 p=0.667'),
	('code: gpt nominal n=6 kappa=0.000 alpha=0.000 p=0.917'),
	('judge: gpt nominal n=6 kappa=0.333 alpha=0.313 p=0.667'),
	('reviewers: ann bob nominal n=6 kappa=0.250 alpha=0.313 p=0.667') $$,
	'people are compared with each other, and a judge and a program with what people say');
SELECT is(a.level, 'nominal', 'pass or fail is nominal') FROM gaiops.agreement AS a WHERE a.name = 'correctness' AND a.comparison = 'reviewers';
SELECT is(a.correlation, NULL, 'and has no correlation') FROM gaiops.agreement AS a WHERE a.name = 'correctness' AND a.comparison = 'reviewers';
SELECT ok(a.kappa_low <= a.kappa AND a.kappa <= a.kappa_high AND a.kappa_low < a.kappa_high
	AND a.alpha_low <= a.alpha AND a.alpha <= a.alpha_high, 'a figure is in its interval')
	FROM gaiops.agreement AS a WHERE a.name = 'correctness' AND a.comparison = 'reviewers';
SELECT results_eq($$ SELECT a::text FROM gaiops.agreement AS a $$, $$ SELECT a::text FROM gaiops.agreement AS a $$, 'the same data give the same intervals');
SELECT pg_temp.say_all('mirror', 'ann', 'true - true false true false true true'), pg_temp.say_all('mirror', 'bob', '- true true false true true false true') \g /dev/null
SELECT results_eq($$ SELECT a.n, a.kappa_low, a.kappa_high, a.alpha_low, a.alpha_high FROM gaiops.agreement AS a WHERE a.name = 'mirror' AND a.comparison = 'reviewers' $$,
	$$ SELECT a.n, a.kappa_low, a.kappa_high, a.alpha_low, a.alpha_high FROM gaiops.agreement AS a WHERE a.name = 'correctness' AND a.comparison = 'reviewers' $$,
	'so do those who say the same of other traces');

-- People who say as many the one as the other say nothing: ann and bob differ on 3 and 5.
SELECT is(a.n, 6, 'a tie is nobody''s opinion') FROM gaiops.agreement AS a WHERE a.name = 'correctness' AND a.comparison = 'judge';
SELECT pg_temp.say_all('correctness', 'cy', '- - true - true') \g /dev/null
SELECT is(a.n, 8, 'a third person breaks it') FROM gaiops.agreement AS a WHERE a.name = 'correctness' AND a.comparison = 'judge';
SELECT results_eq($$ SELECT a.rater_a, a.rater_b, a.n, round(a.kappa::numeric, 9) FROM gaiops.agreement AS a WHERE a.name = 'correctness' AND a.comparison = 'reviewers' $$,
	$$ VALUES ('ann', 'bob', 6, 0.25), ('ann', 'cy', 2, 0), ('bob', 'cy', 2, 0) $$, 'each two people who share a trace have a row');
SELECT is(a.kappa, NULL, 'of more than two there is no kappa') FROM gaiops.agreement AS a WHERE a.name = 'correctness' AND a.comparison = 'all reviewers';

-- The latest valid rating counts, and feedback alone.
SELECT pg_temp.say_all('latest', 'ann', 'true false true false'), pg_temp.say_all('latest', 'bob', 'false false true false') \g /dev/null
SELECT results_eq($$ SELECT pg_temp.rows('latest') $$, $$ VALUES ('all reviewers: nominal n=4 kappa=0.500 alpha=0.533 p=0.375'),
	('reviewers: ann bob nominal n=4 kappa=0.500 alpha=0.533 p=0.375') $$, 'true and false without a schema are nominal, and true is what prevails');
SELECT pg_temp.say('latest', 'bob', 1, 'true') AS later \gset
SELECT is(a.kappa, 1::double precision, 'who says something else later means that') FROM gaiops.agreement AS a WHERE a.name = 'latest' AND a.comparison = 'reviewers';
INSERT INTO gaiops.assessment_deletions VALUES (:'later', now(), CURRENT_USER);
SELECT is(a.kappa, 0.5::double precision, 'unless it is deleted') FROM gaiops.agreement AS a WHERE a.name = 'latest' AND a.comparison = 'reviewers';
SELECT pg_temp.say('latest', 'bob', 1, 'true', kind => 'expectation') \g /dev/null
SELECT is(a.kappa, 0.5::double precision, 'expectations are no ratings') FROM gaiops.agreement AS a WHERE a.name = 'latest' AND a.comparison = 'reviewers';
SELECT pg_temp.say('latest', 'cy', 2, 'true', overrides => (SELECT h.assessment_id FROM gaiops.human_assessments AS h
	WHERE h.name = 'latest' AND h.source_id = 'bob' AND h.trace_id = pg_temp.t(2))) \g /dev/null
SELECT results_eq($$ SELECT a.rater_a, a.rater_b, a.n FROM gaiops.agreement AS a WHERE a.name = 'latest' AND a.comparison = 'reviewers' $$,
	$$ VALUES ('ann', 'bob', 4), ('ann', 'cy', 1), ('bob', 'cy', 1) $$, 'what somebody else has overridden is what was said, and who overrides has said something');
SELECT pg_temp.say('latest', 'bob', 1, 'true', overrides => (SELECT h.assessment_id FROM gaiops.human_assessments AS h
	WHERE h.name = 'latest' AND h.source_id = 'bob' AND h.trace_id = pg_temp.t(1) AND h.kind = 'feedback' AND h.value = 'false')) \g /dev/null
SELECT is(a.kappa, 1::double precision, 'who overrides what he has said means the later') FROM gaiops.agreement AS a
	WHERE a.name = 'latest' AND a.comparison = 'reviewers' AND a.rater_b = 'bob';
-- People override each wrong judgement of a judge.
SELECT pg_temp.say_all('judged', 'gpt', 'true false true false', 'LLM_JUDGE'), pg_temp.say_all('judged', 'ann', 'true false') \g /dev/null
SELECT pg_temp.say('judged', 'ann', n, to_jsonb(n = 4), overrides => m.assessment_id)
	FROM generate_series(3, 4) AS n JOIN gaiops.machine_assessments AS m ON m.name = 'judged' AND m.trace_id = pg_temp.t(n) \g /dev/null
SELECT results_eq($$ SELECT a.n, a.kappa FROM gaiops.agreement AS a WHERE a.name = 'judged' AND a.comparison = 'judge' $$,
	$$ VALUES (4, 0::double precision) $$, 'a judge is measured by what it has said, whatever people made of it');
SELECT results_eq($$ SELECT d.trace_id FROM gaiops_disagreements('judged') AS d ORDER BY 1 $$,
	$$ VALUES (pg_temp.t(3)), (pg_temp.t(4)) $$, 'and where it was overridden is where it differs');

-- A span is not its trace, nor is a session.
SELECT pg_temp.say('units', 'ann', 1, '1'), pg_temp.say('units', 'bob', 1, '2', span => 'aaaaaaaaaaaaaaaa'),
	pg_temp.say('units', 'cy', NULL, '3', session => 's') \g /dev/null
SELECT is_empty($$ SELECT pg_temp.rows('units') $$, 'who has rated nothing in common is not compared');
SELECT pg_temp.say('units', 'bob', NULL, '3', session => 's'), pg_temp.say('units', 'ann', 1, '2', span => 'aaaaaaaaaaaaaaaa') \g /dev/null
SELECT results_eq($$ SELECT a.rater_a, a.rater_b, a.level, a.n, a.kappa, a.kappa_low, a.alpha, a.alpha_high, a.correlation, a.prevalence
	FROM gaiops.agreement AS a WHERE a.name = 'units' AND a.comparison = 'reviewers' $$,
	$$ VALUES ('ann', 'bob', 'interval', 1, NULL::double precision, NULL::double precision, NULL::double precision, NULL::double precision,
		NULL::double precision, 1::double precision), ('bob', 'cy', 'interval', 1, NULL, NULL, NULL, NULL, NULL, 1) $$,
	'spans and sessions are, and nothing is known where all values are the same');

-- Numbers, with a schema and without: people are taken at their median.
SELECT pg_temp.say_all('intent_resolution', 'ann', '1 2 3 4 5 5'), pg_temp.say_all('intent_resolution', 'bob', '1 4 3 4 4 5'),
	pg_temp.say_all('intent_resolution', 'gpt', '1 3 3 4 4.5 5', 'LLM_JUDGE') \g /dev/null
SELECT results_eq($$ SELECT pg_temp.rows('intent_resolution') $$, $$ VALUES
	('all reviewers: interval n=6 kappa=0.783 alpha=0.800 r=0.800 p=0.333'),
	('judge: gpt interval n=6 kappa=1.000 alpha=1.000 r=1.000 p=0.333'),
	('reviewers: ann bob interval n=6 kappa=0.783 alpha=0.800 r=0.800 p=0.333') $$, 'numbers are of interval level, and two people at the middle of theirs');
SELECT ok(a.correlation_low <= a.correlation AND a.correlation <= a.correlation_high, 'the correlation has an interval')
	FROM gaiops.agreement AS a WHERE a.name = 'intent_resolution' AND a.comparison = 'reviewers';
SELECT pg_temp.say_all('huge', 'ann', '1e400 -1e400 1e-400 1'), pg_temp.say_all('huge', 'bob', '1e400 -1e400 0 1') \g /dev/null
SELECT results_eq($$ SELECT pg_temp.rows('huge') $$, $$ VALUES ('all reviewers: interval n=4 kappa=1.000 alpha=1.000 r=1.000 p=0.250'),
	('reviewers: ann bob interval n=4 kappa=1.000 alpha=1.000 r=1.000 p=0.250') $$, 'a number of any size is a rating');

-- Categories: in an order, in none, several at once; what was said before there was a schema.
SELECT pg_temp.say_all('early', 'ann', '"yes" "no" "perhaps" true'), pg_temp.say_all('early', 'bob', 'true "no" true false') \g /dev/null
SELECT results_eq($$ SELECT pg_temp.rows('early') $$, $$ VALUES ('all reviewers: nominal n=4 kappa=0.077 alpha=0.125 p=0.375'),
	('reviewers: ann bob nominal n=4 kappa=0.077 alpha=0.125 p=0.375') $$, 'a mixture is nominal, and its commonest value prevails');
SELECT gaiops_create_label_schema('early', 'pass_fail', labels => ARRAY['good', 'bad']) \g /dev/null
SELECT results_eq($$ SELECT pg_temp.rows('early') $$, $$ VALUES ('all reviewers: nominal n=3 kappa=0.400 alpha=0.444 p=0.500'),
	('reviewers: ann bob nominal n=3 kappa=0.400 alpha=0.444 p=0.500') $$, 'a schema that comes later says what was meant, and what does not fit it is no rating');
SELECT gaiops_create_label_schema('grade', 'categories', labels => ARRAY['zero', 'bad', 'fair', 'good'], ordered => true),
	gaiops_create_label_schema('colour', 'categories', labels => ARRAY['red', 'green', 'blue']),
	gaiops_create_label_schema('tags', 'categories', labels => ARRAY['long', 'rude', 'wrong'], multiple => true),
	gaiops_create_label_schema('comment', 'text'),
	pg_temp.say_all('grade', 'ann', '"bad" "fair" "good" "good" "bad" 7'), pg_temp.say_all('grade', 'bob', '"bad" "good" "good" "fair" "fair" "bad"'),
	pg_temp.say_all('grade', 'gpt', '"bad" "fair" "good" "fair" "fair" "bad"', 'LLM_JUDGE'),
	pg_temp.say_all('colour', 'ann', '"red" "green" "blue" "blue"'), pg_temp.say_all('colour', 'bob', '"red" "blue" "blue" "pink"'),
	pg_temp.say_all('tags', 'ann', '["long","rude"] [] ["wrong"]'), pg_temp.say_all('tags', 'bob', '["rude","long"] [] ["long"]'),
	pg_temp.say_all('comment', 'ann', '"a" "b"'), pg_temp.say_all('comment', 'bob', '"a" "b"') \g /dev/null
SELECT results_eq($$ SELECT a.level, a.n, round(a.kappa::numeric, 9), round(a.alpha::numeric, 9), round(a.correlation::numeric, 9)
	FROM gaiops.agreement AS a WHERE a.name = 'grade' AND a.comparison = 'reviewers' $$,
	$$ SELECT 'ordinal', m.n, round(m.kappa::numeric, 9), round(m.alpha::numeric, 9), round(m.correlation::numeric, 9)
	FROM gaiops.measure_agreement('{1,2,3,4,5,1,2,3,4,5}', '{1,1,1,1,1,2,2,2,2,2}', '{2,3,4,4,2,2,4,4,3,3}', 'ordinal') AS m $$,
	'categories in an order are ordinal, by their positions');
SELECT is(a.n, 6, 'what nobody but one has rated is compared with a judge') FROM gaiops.agreement AS a WHERE a.name = 'grade' AND a.comparison = 'judge';
SELECT results_eq($$ SELECT a.level, a.n, round(a.kappa::numeric, 3) FROM gaiops.agreement AS a WHERE a.name = 'colour' AND a.comparison = 'reviewers' $$,
	$$ VALUES ('nominal', 3, 0.500) $$, 'others are nominal');
SELECT results_eq($$ SELECT a.level, a.n, round(a.kappa::numeric, 3), round(a.prevalence::numeric, 3) FROM gaiops.agreement AS a WHERE a.name = 'tags' AND a.comparison = 'reviewers' $$,
	$$ VALUES ('nominal', 3, 0.571, 0.333) $$, 'several at once are the same if all are, in any order');
SELECT is_empty($$ SELECT pg_temp.rows('comment') $$, 'texts are not compared');
SELECT pg_temp.say_all('shapes', 'ann', '{"a":1} [1] [1,2]'), pg_temp.say_all('shapes', 'bob', '{"a":1.0} [2] [1,2]') \g /dev/null
SELECT results_eq($$ SELECT a.level, a.n, round(a.kappa::numeric, 3) FROM gaiops.agreement AS a WHERE a.name = 'shapes' AND a.comparison = 'reviewers' $$,
	$$ VALUES ('nominal', 3, 0.571) $$, 'arrays and objects are the same or not');

-- Many people: not each two of them.
SELECT count(pg_temp.say('crowd', 'p' || lpad(p::text, 2, '0'), t, to_jsonb((p + t) % 3)))
	FROM generate_series(1, 52) AS p, generate_series(1, 3) AS t WHERE p < 52 OR t < 2 \g /dev/null
SELECT results_eq($$ SELECT a.comparison, count(*), max(a.n), bool_or('p52' IN (a.rater_a, a.rater_b)) FROM gaiops.agreement AS a
	WHERE a.name = 'crowd' GROUP BY a.comparison ORDER BY 1 $$,
	$$ VALUES ('all reviewers', 1::bigint, 3, NULL::boolean), ('reviewers', 1225, 3, false) $$, 'the fifty who have rated most are compared two by two, all of them together');
SELECT pg_temp.say_all('machines', 'ann', 'true false') \g /dev/null
SELECT count(pg_temp.say('machines', 'm' || lpad(m::text, 2, '0'), t, 'true', source_type))
	FROM generate_series(1, 52) AS m, generate_series(1, 2) AS t, unnest(ARRAY['LLM_JUDGE', 'CODE']) AS source_type WHERE m > 1 OR t < 2 \g /dev/null
SELECT results_eq($$ SELECT a.comparison, count(*), min(a.rater_a), max(a.rater_a) FROM gaiops.agreement AS a
	WHERE a.name = 'machines' AND a.comparison IN ('judge', 'code') GROUP BY a.comparison ORDER BY 1 $$,
	$$ VALUES ('code', 50::bigint, 'm02', 'm51'), ('judge', 50, 'm02', 'm51') $$, 'so are the fifty judges and the fifty programs that have rated most');

-- ---- the view ----

SELECT bag_eq($$ SELECT DISTINCT a.name FROM gaiops.agreement AS a $$,
	$$ VALUES ('correctness'), ('latest'), ('mirror'), ('units'), ('intent_resolution'), ('huge'), ('early'), ('grade'), ('colour'), ('tags'), ('shapes'), ('crowd'), ('judged'), ('machines') $$,
	'the view has every name under which anybody can be compared');
SELECT is_empty($$ SELECT pg_temp.rows('nothing') $$, 'and no other');
-- Calls of the function that measures a name, and what of the assessments was scanned.
CREATE FUNCTION pg_temp.plan(statement text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY EXECUTE 'EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF) ' || statement;
END
$$;
SELECT count(pg_temp.say('bulk ' || n / 400, 'ann', n, 'true')) FROM generate_series(1, 2000) AS n \g /dev/null
ANALYZE gaiops.human_assessments;
SELECT is((SELECT substring(string_agg(p, E'\n') FROM 'Function Scan on agreement_on[^\n]*loops=(\d+)') FROM pg_temp.plan('SELECT * FROM gaiops.agreement WHERE name = ''grade''') AS p),
	'1', 'a name that is asked for is measured alone');
SELECT is_empty($$ SELECT p FROM pg_temp.plan('SELECT * FROM gaiops.agreement WHERE name = ''grade''') AS p WHERE p ~ 'Seq Scan on human_assessments' $$,
	'without looking at all assessments for their names');

-- A query over what ratings() is thought to return costs more than from which on
-- PostgreSQL compiles, however little was said, and once for each name.
SELECT set_eq($$
	SELECT p.oid::regprocedure::text
	FROM pg_depend AS d JOIN pg_proc AS p ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid
	WHERE d.deptype = 'e' AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'genaiops')
		AND (p.proname = 'ratings' OR p.prosrc ~ '\ygaiops\.(ratings|measure_agreement|agreement_on)\(')
		AND p.proconfig @> '{jit=off}' $$,
	ARRAY['gaiops.ratings(text)', 'gaiops.compared_ratings(text)', 'gaiops.agreement_on(text)', 'gaiops_disagreements(text)'], 'nothing is compiled for a name');
SELECT cmp_ok((
	SELECT max(substring(l FROM 'cost=[0-9.]+\.\.([0-9.]+)')::numeric)
	FROM pg_temp.plan('SELECT * FROM gaiops.agreement') AS l), '<', boot_val::numeric, 'nor for all of them')
FROM pg_settings WHERE name = 'jit_above_cost';
-- The query within it is for what people may have said, too.
SELECT cmp_ok((
	SELECT max(substring(l FROM ' rows=([0-9]+)')::numeric)
	FROM pg_proc AS p, LATERAL pg_temp.plan(replace(replace(substring(p.prosrc FROM 'RETURN QUERY(.*);\s*END'), 'most_raters', '50'), 'compared_ratings.name', '''grade''')) AS l
	WHERE p.oid = 'gaiops.compared_ratings'::regproc), '<', 100000::numeric, 'what is compared is thought to be no more than it may be');

-- ---- disagreements ----

SELECT results_eq($$ SELECT d.trace_id, d.people, d.judges, d.distance FROM gaiops_disagreements('intent_resolution') AS d $$,
	$$ VALUES (pg_temp.t(2), '{"ann": 2, "bob": 4}'::jsonb, '{"gpt": 3}'::jsonb, 2::double precision),
		(pg_temp.t(5), '{"ann": 5, "bob": 4}', '{"gpt": 4.5}', 1) $$, 'of numbers, the greatest difference is first, and who agrees is left out');
SELECT results_eq($$ SELECT d.trace_id, d.distance FROM gaiops_disagreements('grade') AS d $$,
	$$ VALUES (pg_temp.t(2), 1::double precision), (pg_temp.t(4), 1), (pg_temp.t(5), 1) $$, 'of categories in an order, the number of steps');
SELECT results_eq($$ SELECT d.trace_id, d.people, d.judges, d.programs, d.distance FROM gaiops_disagreements('colour') AS d $$,
	$$ VALUES (pg_temp.t(2), '{"ann": "green", "bob": "blue"}'::jsonb, '{}'::jsonb, '{}'::jsonb, 0.5::double precision) $$, 'of others, the share that is not the commonest');
SELECT is((SELECT d.distance FROM gaiops_disagreements('crowd') AS d LIMIT 1), 2::double precision, 'of many as of two');
SELECT pg_temp.say_all('lone', 'gpt', 'true false', 'LLM_JUDGE'), pg_temp.say_all('lone', 'gpt', 'false true', 'CODE'), pg_temp.say_all('lone', 'ann', '- true') \g /dev/null
SELECT results_eq($$ SELECT d.trace_id, d.people, d.judges, d.programs, round(d.distance::numeric, 3) FROM gaiops_disagreements('lone') AS d $$,
	$$ VALUES (pg_temp.t(2), '{"ann": true}'::jsonb, '{"gpt": false}'::jsonb, '{"gpt": true}'::jsonb, 0.333) $$, 'judges and people may differ, a program of the same name apart; machines among themselves are not asked for');
SELECT pg_temp.say('span', 'ann', 1, '1', span => 'aaaaaaaaaaaaaaaa'), pg_temp.say('span', 'bob', 1, '2', span => 'aaaaaaaaaaaaaaaa'),
	pg_temp.say('span', 'ann', NULL, '1', session => 's'), pg_temp.say('span', 'bob', NULL, '3', session => 's') \g /dev/null
SELECT results_eq($$ SELECT d.trace_id, d.span_id, d.session_id, d.distance FROM gaiops_disagreements('span') AS d $$,
	$$ VALUES (NULL::uuid, NULL::text, 's', 2::double precision), (pg_temp.t(1), 'aaaaaaaaaaaaaaaa', NULL, 1) $$, 'spans and sessions are told apart');
SELECT is_empty($$ SELECT * FROM gaiops_disagreements('thumbs') $$, 'a schema that nobody has used has no disagreements');
SELECT is_empty($$ SELECT * FROM gaiops_disagreements('comment') $$, 'nor have texts');
SELECT is(pg_temp.raised($$ SELECT * FROM gaiops_disagreements('nothing') $$),
	E'42704\nthere is no feedback "nothing"\nNobody has given any, and no label schema has that name.\nNames of feedback are in gaiops.assessments, those of label schemas in gaiops.label_schemas.',
	'a name that nothing has is told');
SELECT is(pg_temp.raised($$ SELECT * FROM gaiops_disagreements(NULL) $$), E'22004\nargument "name" must not be null', 'so is none');

-- ---- rights ----

CREATE ROLE agreement_viewer;
CREATE ROLE agreement_nobody;
SELECT gaiops_grant('agreement_viewer', 'viewer') \g /dev/null
SET ROLE agreement_viewer;
SELECT isnt_empty($$ SELECT FROM gaiops.agreement WHERE name = 'grade' $$, 'a viewer sees how far people agree');
SELECT isnt_empty($$ SELECT FROM gaiops_disagreements('early') $$, 'and where they do not');
SET ROLE agreement_nobody;
SELECT matches(pg_temp.raised($$ SELECT FROM gaiops.agreement $$), '^42501\n', 'others do not see the one');
SELECT matches(pg_temp.raised($$ SELECT gaiops_disagreements('grade') $$), '^42501\n', 'nor the other');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
