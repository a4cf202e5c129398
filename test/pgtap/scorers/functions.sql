-- SQL functions as scorers: which ones are, what they return, as whom they run, and what their errors are.
\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();

\ir ../../lib/raised.sql

CREATE SCHEMA mine;
CREATE FUNCTION pg_temp.say(scorer text, outputs jsonb DEFAULT '"x"', expectations jsonb DEFAULT '{}') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	s record;
BEGIN
	s := gaiops_score(scorer, outputs, expectations, '{}');
	RETURN concat_ws(' ', coalesce(s.value::text, 'none'), s.score, s.passed, s.reason);
END
$$;

-- What it is given, and what it may return.
CREATE FUNCTION mine.given(inputs jsonb, outputs jsonb, expectations jsonb) RETURNS text LANGUAGE sql AS $$ SELECT format('%s %s %s', inputs, outputs, expectations) $$;
SELECT is((gaiops_score('mine.given', 'out', 'expected', '{"question": "?"}')).value, '"{\"question\": \"?\"} \"out\" {\"expected_response\": \"expected\"}"', 'inputs, outputs and expectations');
SELECT is((gaiops_score('mine.given', NULL)).value, '"  "', 'what is not there is NULL');
CREATE FUNCTION mine.traced(inputs jsonb, outputs jsonb, expectations jsonb, trace_id uuid) RETURNS boolean LANGUAGE sql AS $$ SELECT trace_id IS NULL $$;
SELECT is(pg_temp.say('mine.traced'), 'true 1 t', 'the trace, where there is one');
SELECT is(pg_temp.say('"mine" . traced'), 'true 1 t', 'a name as SQL writes it');
CREATE FUNCTION mine."The Score"(inputs jsonb, outputs jsonb, expectations jsonb) RETURNS boolean LANGUAGE sql AS $$ SELECT true $$;
SELECT gaiops_create_dataset('named'), gaiops_merge_record('named', '{"q": 1}', outputs => '"a"') \g /dev/null
SELECT gaiops_evaluate('named', ARRAY['MINE' || repeat(' ', 40000) || '.traced', 'mine."The Score"']) \g /dev/null
SELECT results_eq($$ SELECT DISTINCT scorer FROM gaiops.evaluation_scores WHERE dataset = 'named' ORDER BY scorer $$, $$ VALUES ('mine."The Score"'), ('mine.traced') $$, 'what is kept is the one name that it has');
SELECT is(pg_temp.raised($$ SELECT gaiops_evaluate('named', '{mine.traced,MINE . traced}') $$), E'42710\nscorer "mine.traced" is named twice', 'so it is told when named twice');
CREATE DOMAIN mine.share AS double precision;
CREATE FUNCTION pg_temp.try(type text, body text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	DROP FUNCTION IF EXISTS mine.tried(jsonb, jsonb, jsonb);
	EXECUTE format('CREATE FUNCTION mine.tried(inputs jsonb, outputs jsonb, expectations jsonb) RETURNS %s LANGUAGE sql AS %L', type, 'SELECT ' || body);
	RETURN pg_temp.say('mine.tried');
END
$$;
SELECT is(pg_temp.try(t.type, t.body), t.said, format('%s of type %s', t.body, t.type))
FROM (VALUES
	('boolean', 'true', 'true 1 t'), ('boolean', 'false', 'false 0 f'), ('boolean', 'NULL::boolean', 'none the function returned NULL'),
	('smallint', '3::smallint', '3 3'), ('integer', '-3', '-3 -3'), ('bigint', '9007199254740993', '9007199254740993 9.007199254740992e+15'),
	('real', '0.1::real', '0.1 0.1'), ('double precision', '0.1::float8', '0.1 0.1'), ('double precision', '1e-300::float8', '0.' || repeat('0', 299) || '1 1e-300'),
	('double precision', '''NaN''::float8', 'none the function returned NaN'), ('double precision', '''Infinity''::float8', 'none the function returned Infinity'),
	('double precision', '-1.7e308::float8', 'none the score -1.7e+308 is not between -1e+100 and 1e+100'),
	('numeric', '0.50', '0.50 0.5'), ('numeric', '''NaN''::numeric', 'none the function returned NaN'), ('mine.share', '0.25::mine.share', '0.25 0.25'),
	('text', '''fluent''', '"fluent" the function returned a text that is neither yes nor no'), ('text', '''Yes ''', '"Yes " 1 t'), ('text', '''fail''', '"fail" 0 f'), ('varchar', '''no''::varchar', '"no" 0 f'),
	('jsonb', '''0.5''::jsonb', '0.5 0.5'), ('jsonb', '''true''::jsonb', 'true 1 t'), ('jsonb', '''null''::jsonb', 'none the function returned null'), ('jsonb', '''[1]''::jsonb', '[1] the function returned an array'),
	('jsonb', '''{"tone": "warm"}''::jsonb', '{"tone": "warm"} the function returned an object without "value"'), ('jsonb', '''{"value": {"score": 1}}''::jsonb', '{"score": 1} the function returned a "value" that is an array or an object'),
	('jsonb', '''{"value": "fluent", "reason": "it flows"}''::jsonb', '"fluent" the function returned a text that is neither yes nor no: it flows'), ('jsonb', '''{"value": 0.25, "reason": "half of half"}''::jsonb', '0.25 0.25 half of half'),
	('jsonb', '''{"value": false, "reason": "rude"}''::jsonb', 'false 0 f rude'), ('jsonb', '''{"value": null, "reason": "who knows"}''::jsonb', 'none who knows')
	) AS t (type, body, said);
CREATE FUNCTION mine.tone(inputs jsonb, outputs jsonb, expectations jsonb) RETURNS text LANGUAGE sql AS $$ SELECT CASE outputs #>> '{}' WHEN 'Thanks.' THEN 'yes' ELSE 'maybe' END $$;
SELECT gaiops_create_dataset('tones'), gaiops_merge_record('tones', '{"n": 1}', outputs => '"Thanks."'), gaiops_merge_record('tones', '{"n": 2}', outputs => '"Well."') \g /dev/null
SELECT gaiops_evaluate('tones', '{mine.tone}') AS run_id \gset
SELECT results_eq(format('SELECT n_scored, n_unknown, mean FROM gaiops.evaluation_summary WHERE run_id = %L', :'run_id'), 'VALUES (1::bigint, 1::bigint, 1::double precision)', 'what is no score is counted as unknown');
SELECT is((SELECT array_agg(concat_ws(' ', state, value) ORDER BY state) FROM gaiops.evaluation_scores WHERE run_id = :'run_id'), '{"scored \"yes\"","unknown \"maybe\""}', 'and its value is kept');
CREATE FUNCTION mine.strict(inputs jsonb, outputs jsonb, expectations jsonb) RETURNS boolean STRICT LANGUAGE sql AS $$ SELECT true $$;
SELECT is((gaiops_score('mine.strict', 'x', 'y')).reason, 'the function is strict, and something it takes is not there', 'a strict function is not called with NULL');

-- What is none.
CREATE FUNCTION mine.dated(inputs jsonb, outputs jsonb, expectations jsonb) RETURNS date LANGUAGE sql AS $$ SELECT current_date $$;
CREATE FUNCTION mine.many(inputs jsonb, outputs jsonb, expectations jsonb) RETURNS SETOF boolean LANGUAGE sql AS $$ SELECT true $$;
CREATE PROCEDURE mine.done(inputs jsonb, outputs jsonb, expectations jsonb) LANGUAGE sql AS $$ SELECT true $$;
CREATE FUNCTION mine.of_text(inputs text, outputs text, expectations text) RETURNS boolean LANGUAGE sql AS $$ SELECT true $$;
SELECT is(pg_temp.raised($$ SELECT gaiops_score('mine.dated', 'x') $$), E'42809\n"mine.dated" is no scorer\nA function that is one returns one boolean, number, text or jsonb.', 'what returns something else');
SELECT matches(pg_temp.raised($$ SELECT gaiops_score('mine.many', 'x') $$), '^42809\n"mine.many" is no scorer', 'a set');
SELECT matches(pg_temp.raised($$ SELECT gaiops_score('mine.done', 'x') $$), '^42', 'a procedure');
SELECT is(pg_temp.raised($$ SELECT gaiops_score('mine.of_text', 'x') $$), E'42883\nscorer "mine.of_text" does not exist\nNo function mine.of_text takes (jsonb, jsonb, jsonb) or (jsonb, jsonb, jsonb, uuid).\nA function that is a scorer takes inputs, outputs, expectations and, if it wants to, the id of the trace.', 'what takes something else');
SELECT matches(pg_temp.raised($$ SELECT gaiops_score('mine.none', 'x') $$), '^42883\nscorer "mine.none" does not exist', 'what is not there');
CREATE FUNCTION mine."Odd name"(inputs jsonb, outputs jsonb, expectations jsonb) RETURNS boolean LANGUAGE sql AS $$ SELECT true $$;
SELECT is(pg_temp.raised($$ SELECT gaiops_score('mine.Odd name', 'x') $$), E'42602\ninvalid name of a scorer: "mine.Odd name"\nA name with a dot is that of a function.\nWrite it as in SQL: what has a space or an upper-case letter in double quotes, as in schema."Odd name".', 'a name that needs quotes and has none');
SELECT is(pg_temp.say('mine."Odd name"'), 'true 1 t', 'and with them');
SET search_path = mine, public;
SELECT matches(pg_temp.raised($$ SELECT gaiops_score('traced', 'x') $$), '^42704\nscorer "traced" does not exist', 'a name without its schema');
RESET search_path;
CREATE FUNCTION pg_temp.own(inputs jsonb, outputs jsonb, expectations jsonb) RETURNS boolean LANGUAGE sql AS $$ SELECT outputs = '"x"' $$;
SELECT is(pg_temp.say('pg_temp.own'), 'true 1 t', 'one of the session''s own, by its schema');

-- An error is what is said of that record; what the function did is undone, and the next record is scored.
CREATE TABLE mine.seen (output jsonb);
CREATE FUNCTION mine.fails(inputs jsonb, outputs jsonb, expectations jsonb) RETURNS double precision LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO mine.seen VALUES (outputs);
	RETURN 1 / (outputs #>> '{}')::double precision;
END
$$;
SELECT results_eq($$ SELECT t.answer, s.value, s.score, s.passed, s.reason FROM (VALUES ('1'), ('0'), ('x'), ('2')) AS t (answer), LATERAL gaiops_score('mine.fails', t.answer) AS s $$,
	$$ VALUES ('1', '1'::jsonb, 1::double precision, NULL::boolean, NULL::text), ('0', NULL, NULL, NULL, 'division by zero'),
		('x', NULL, NULL, NULL, 'invalid input syntax for type double precision: "x"'), ('2', '0.5', 0.5, NULL, NULL) $$, 'an error of a function is a result');
SELECT results_eq('SELECT output FROM mine.seen', $$ VALUES ('"1"'::jsonb), ('"2"') $$, 'what failed left nothing');
CREATE FUNCTION mine.fails_in_sql(inputs jsonb, outputs jsonb, expectations jsonb) RETURNS integer LANGUAGE sql AS $$
	INSERT INTO mine.seen VALUES (outputs);
	SELECT 1 / (outputs #>> '{}')::integer;
$$;
SELECT results_eq($$ SELECT s.score, s.reason FROM generate_series(0, 6) AS n, LATERAL gaiops_score('mine.fails_in_sql', (n % 2)::text) AS s $$,
	$$ SELECT CASE WHEN n % 2 = 1 THEN 1::double precision END, CASE WHEN n % 2 = 0 THEN 'division by zero' END FROM generate_series(0, 6) AS n $$, 'one in SQL is called anew after its error');
SELECT is((SELECT count(*) FROM mine.seen), 5::bigint, 'and keeps what it did where it did not fail');
CREATE FUNCTION mine.sleeps(inputs jsonb, outputs jsonb, expectations jsonb) RETURNS boolean LANGUAGE sql AS $$ SELECT pg_sleep(60) IS NULL $$;
CREATE FUNCTION pg_temp.cancelled(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE statement;
	RETURN 'nothing';
EXCEPTION WHEN query_canceled THEN
	RETURN SQLERRM;
END
$$;
SET statement_timeout = '100ms';
SELECT is(pg_temp.cancelled($$ SELECT gaiops_score('mine.sleeps', 'x') $$), 'canceling statement due to statement timeout', 'a cancel is no error of the function');
-- With nobody to catch it, too, the session goes on as after any other.
\set ON_ERROR_STOP off
SELECT gaiops_score('mine.sleeps', 'x');
\set ON_ERROR_STOP on
RESET statement_timeout;
SELECT is(:'LAST_ERROR_SQLSTATE'::text, '57014', 'a cancel ends the statement');
BEGIN;
ROLLBACK;
SELECT is(txid_current_if_assigned(), NULL, 'and leaves no transaction behind');

-- As whom.
CREATE FUNCTION mine.who(inputs jsonb, outputs jsonb, expectations jsonb) RETURNS text LANGUAGE sql AS $$ SELECT current_user::text $$;
CREATE FUNCTION mine.secret(inputs jsonb, outputs jsonb, expectations jsonb) RETURNS boolean LANGUAGE sql AS $$ SELECT true $$;
REVOKE EXECUTE ON FUNCTION mine.secret(jsonb, jsonb, jsonb) FROM PUBLIC;
CREATE FUNCTION mine.reads(inputs jsonb, outputs jsonb, expectations jsonb) RETURNS boolean LANGUAGE sql AS $$ SELECT EXISTS (SELECT FROM mine.seen) $$;
CREATE ROLE functions_viewer;
SELECT gaiops_grant('functions_viewer', 'viewer') \g /dev/null
SET ROLE functions_viewer;
SELECT matches(pg_temp.raised($$ SELECT gaiops_score('mine.who', 'x') $$), '^42501\npermission denied for schema mine', 'its schema must be open to the caller');
RESET ROLE;
GRANT USAGE ON SCHEMA mine TO functions_viewer;
SET ROLE functions_viewer;
SELECT is((gaiops_score('mine.who', 'x')).value, '"functions_viewer"', 'it runs as the caller');
SELECT is(pg_temp.raised($$ SELECT gaiops_score('mine.secret', 'x') $$), E'42501\npermission denied for function mine.secret', 'who must be allowed to execute it');
SELECT is((gaiops_score('mine.reads', 'x')).reason, 'permission denied for table seen', 'and has no other rights by it');
RESET ROLE;
CREATE FUNCTION mine.as_viewer(scorer text) RETURNS text LANGUAGE sql SET role = functions_viewer AS $$ SELECT (gaiops_score(scorer, 'x')).value #>> '{}' $$;
SELECT is(mine.as_viewer('mine.who'), 'functions_viewer', 'the role in force counts');

-- Where nobody has asked for it.
CREATE FUNCTION mine.index_me(t text) RETURNS boolean IMMUTABLE LANGUAGE sql AS $$ SELECT (gaiops_score('mine.traced', t)).passed $$;
CREATE FUNCTION mine.index_builtin(t text) RETURNS boolean IMMUTABLE LANGUAGE sql AS $$ SELECT (gaiops_score('exact_match', t, 'x')).passed $$;
CREATE TABLE mine.answers (answer text);
INSERT INTO mine.answers VALUES ('x');
SELECT matches(pg_temp.raised('CREATE INDEX ON mine.answers (mine.index_me(answer))'), '^42501\ncannot score with a function within security-restricted operation', 'no function is called in a security-restricted operation');
SELECT is(pg_temp.raised('CREATE INDEX ON mine.answers (mine.index_builtin(answer))'), 'nothing', 'what is built in may be');
CREATE MATERIALIZED VIEW mine.scored AS SELECT a.answer, s.score FROM mine.answers AS a, LATERAL gaiops_score('exact_match', a.answer, 'x') AS s;
REFRESH MATERIALIZED VIEW mine.scored;
SELECT results_eq('SELECT answer, score FROM mine.scored', $$ VALUES ('x', 1::double precision) $$, 'a materialized view of scores');

DROP SCHEMA mine CASCADE;
SELECT gaiops_revoke('functions_viewer', 'viewer') \g /dev/null
DROP ROLE functions_viewer;
SELECT * FROM finish();
