-- Versions of a prompt compared by what is said of them in production. Everything
-- is rolled back.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();
\ir ../../lib/raised.sql

CREATE FUNCTION pg_temp.t(n integer) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT lpad(n::text, 32, '0')::uuid $$;
CREATE TEMP SEQUENCE said;
-- A trace with a version of the prompt.
CREATE FUNCTION pg_temp.use(n integer, version integer, user_id text DEFAULT NULL, session_id text DEFAULT NULL, purpose text DEFAULT 'application',
	start_time timestamptz DEFAULT '2031-01-01', prompt text DEFAULT 'greet', span text DEFAULT '0000000000000001', is_entry boolean DEFAULT true)
RETURNS void LANGUAGE sql AS $$
	INSERT INTO gaiops.spans (trace_id, span_id, name, span_type, status, purpose, experiment, prompt_name, prompt_version, user_id, session_id, session_role, role, is_entry, start_time)
	VALUES (pg_temp.t(n), span, 'chat', 'CHAT_MODEL', 'OK', purpose, 'e', prompt, version, user_id, session_id, CURRENT_USER, CURRENT_USER, is_entry, start_time) $$;
-- What is said of it.
CREATE FUNCTION pg_temp.say(n integer, name text, value jsonb, source_type text DEFAULT 'HUMAN', source_id text DEFAULT 'ann', kind text DEFAULT 'feedback',
	span text DEFAULT NULL, overrides uuid DEFAULT NULL) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
	id CONSTANT uuid := pg_temp.t(nextval('said')::integer);
BEGIN
	EXECUTE format('INSERT INTO gaiops.%I (assessment_id, trace_id, span_id, experiment, name, kind, value, source_type, source_id, overrides, created_at, created_by)
		VALUES ($1, $2, $3, ''e'', $4, $5, $6, $7, $8, $9, now(), CURRENT_USER)', CASE source_type WHEN 'HUMAN' THEN 'human_assessments' ELSE 'machine_assessments' END)
	USING id, pg_temp.t(n), span, name, kind, value, source_type, source_id, overrides;
	RETURN id;
END
$$;
SELECT gaiops_register_prompt('greet', 'Say ' || i) FROM generate_series(1, 3) AS i \g /dev/null

-- Users 1 to 12: version 1 pleases none, version 2 all, each with a trace of his own.
SELECT pg_temp.use(i, 1 + i % 2, 'user' || i), pg_temp.say(i, 'thumbs', to_jsonb(i % 2 = 1)) FROM generate_series(1, 12) AS i \g /dev/null
SELECT results_eq($$ SELECT c.feedback, c.said_by, c.n_a, c.n_b, c.mean_a, c.mean_b, c.difference, round(c.p_value::numeric, 9), c.p_holm = c.p_value, c.test, c.verdict, c.shared FROM gaiops_compare_prompts('greet', 1, 2) AS c $$,
	$$ SELECT 'thumbs', 'people', 6, 6, 0::double precision, 1::double precision, 1::double precision, round(s.p_value::numeric, 9), true, s.test, 'observational: better', 0::bigint FROM gaiops.compare_shares(0, 6, 6, 6) AS s $$,
	'verdicts are shares of users, compared by Fisher''s test; the verdict says that it is observational');
SELECT results_eq($$ SELECT c.ci_low, c.ci_high FROM gaiops_compare_prompts('greet', 1, 2) AS c $$, $$ SELECT s.ci_low, s.ci_high FROM gaiops.compare_shares(0, 6, 6, 6) AS s $$, 'with Newcombe''s interval');
SELECT results_eq($$ SELECT c.difference, c.verdict FROM gaiops_compare_prompts('greet', 2, 1) AS c $$, $$ VALUES (-1::double precision, 'observational: worse') $$, 'b is compared with a');

-- A user counts once, however often he says something, or else a session, or else the trace.
SELECT pg_temp.use(100 + i, 1, 'user2'), pg_temp.say(100 + i, 'thumbs', 'false') FROM generate_series(1, 50) AS i \g /dev/null
SELECT results_eq($$ SELECT c.n_a, c.n_b FROM gaiops_compare_prompts('greet', 1, 2) AS c $$, $$ VALUES (6, 6) $$, 'a user is one unit');
SELECT pg_temp.use(200 + i, 1, NULL, 'chat'), pg_temp.say(200 + i, 'thumbs', 'false') FROM generate_series(1, 5) AS i \g /dev/null
SELECT results_eq($$ SELECT c.n_a FROM gaiops_compare_prompts('greet', 1, 2) AS c $$, $$ VALUES (7) $$, 'else a session is');
SELECT pg_temp.use(300 + i, 1), pg_temp.say(300 + i, 'thumbs', 'false') FROM generate_series(1, 2) AS i \g /dev/null
SELECT results_eq($$ SELECT c.n_a FROM gaiops_compare_prompts('greet', 1, 2) AS c $$, $$ VALUES (9) $$, 'else a trace');
SELECT results_eq($$ SELECT c.test FROM gaiops_compare_prompts('greet', 1, 2) AS c $$, $$ VALUES ('Fisher, exact') $$, 'who always says the same has one verdict');
SELECT pg_temp.use(400, 1, 'user2'), pg_temp.say(400, 'thumbs', 'true') \g /dev/null
SELECT alike(c.test, '%permutation%', 'who changes his mind has a mean, which is a number') FROM gaiops_compare_prompts('greet', 1, 2) AS c;
SELECT pg_temp.use(401, 2, 'user2'), pg_temp.say(401, 'thumbs', 'true') \g /dev/null
SELECT results_eq($$ SELECT c.n_a, c.n_b, c.shared, c.verdict LIKE 'observational: %, though 1 had both' FROM gaiops_compare_prompts('greet', 1, 2) AS c $$, $$ VALUES (9, 7, 1::bigint, true) $$,
	'users of both versions are counted, and many in the verdict');

-- What does not count.
SELECT pg_temp.use(501, 3, 'x1'), pg_temp.say(501, 'thumbs', 'true'), pg_temp.use(502, 1, 'x2', NULL, 'evaluation'), pg_temp.say(502, 'thumbs', 'true'),
	pg_temp.use(503, 1, 'x3', NULL, 'application', '2031-01-01', 'other'), pg_temp.say(503, 'thumbs', 'true'),
	pg_temp.use(504, 1, 'x4'), pg_temp.say(504, 'thumbs', '"perhaps"'), pg_temp.say(504, 'thumbs', 'true', 'HUMAN', 'ann', 'expectation'),
	pg_temp.say(504, 'thumbs', 'true', span => '00000000000000ff') \g /dev/null
SELECT results_eq($$ SELECT c.n_a, c.n_b FROM gaiops_compare_prompts('greet', 1, 2) AS c $$, $$ VALUES (9, 7) $$,
	'other versions, purposes and prompts, expectations, what is no verdict, and what is said of another span do not count');
SELECT pg_temp.use(505, 1, 'x5'), pg_temp.say(505, 'thumbs', 'true', span => '0000000000000001') \g /dev/null
SELECT results_eq($$ SELECT c.n_a FROM gaiops_compare_prompts('greet', 1, 2) AS c $$, $$ VALUES (10) $$, 'what is said of the span that used the version counts');
SELECT pg_temp.use(506, 1, 'x6'), pg_temp.say(506, 'thumbs', 'false', overrides => pg_temp.say(506, 'thumbs', 'true')) \g /dev/null
SELECT results_eq($$ SELECT c.mean_a FROM gaiops_compare_prompts('greet', 1, 2) AS c $$, $$ SELECT (1 + 1 / 52.0::double precision) / 11 $$, 'what is overridden does not');
SELECT pg_temp.use(507, 2, 'x7', start_time => '2031-06-01'), pg_temp.say(507, 'thumbs', 'false') \g /dev/null
SELECT results_eq($$ SELECT c.n_a, c.n_b, c.mean_b FROM gaiops_compare_prompts('greet', 1, 2, '2031-05-01') AS c $$, $$ VALUES (0, 1, 0::double precision) $$, 'nor what is older than asked for');
SELECT pg_temp.use(508, 1, 'x8'), pg_temp.use(508, 2, 'x8', span => '0000000000000002', is_entry => false), pg_temp.say(508, 'once', 'true') \g /dev/null
SELECT results_eq($$ SELECT c.n_a, c.n_b FROM gaiops_compare_prompts('greet', 1, 2) AS c WHERE c.feedback = 'once' $$, $$ VALUES (1, 0) $$, 'a trace is of the version that its entry used');

SELECT pg_temp.say(1, 'word', '"good"'), pg_temp.say(2, 'word', '"bad"') \g /dev/null
SELECT is_empty($$ SELECT FROM gaiops_compare_prompts('greet', 1, 2) AS c WHERE c.feedback = 'word' $$, 'words that no label schema orders are no numbers');

-- People, judges and programs are never pooled; names are a family.
SELECT pg_temp.say(i, 'thumbs', 'true', 'LLM_JUDGE', 'gpt'), pg_temp.say(i, 'thumbs', 'false', 'CODE', 'length'), pg_temp.say(i, 'intent_resolution', to_jsonb(CASE WHEN i % 2 = 1 THEN 4 ELSE 2 END)) FROM generate_series(1, 12) AS i \g /dev/null
SELECT results_eq($$ SELECT c.feedback, c.said_by, c.n_a, c.n_b, c.difference FROM gaiops_compare_prompts('greet', 1, 2) AS c WHERE c.feedback <> 'once' AND c.said_by <> 'people' OR c.feedback = 'intent_resolution' $$,
	$$ VALUES ('intent_resolution', 'people', 6, 6, 2::double precision), ('thumbs', 'judge gpt', 6, 6, 0), ('thumbs', 'program length', 6, 6, 0) $$, 'people''s, judges'' and programs'' scores are never pooled');
SELECT ok(bool_and(c.p_holm >= c.p_value) AND bool_or(c.p_holm > c.p_value), 'all are adjusted together') FROM gaiops_compare_prompts('greet', 1, 2) AS c;
SELECT ok(bool_and(c.verdict LIKE 'observational: %'), 'every verdict is observational') FROM gaiops_compare_prompts('greet', 1, 2) AS c;
SELECT results_eq($$ SELECT c.test, c.ci_low = r.ci_low FROM gaiops_compare_prompts('greet', 1, 2) AS c, gaiops.compare_arms('{2,2,2,2,2,2}', '{4,4,4,4,4,4}', 4, 'greet 1 2 intent_resolution people') AS r WHERE c.feedback = 'intent_resolution' $$,
	$$ SELECT r.test, true FROM gaiops.compare_arms('{2}', '{4}', 4, '') AS r $$, 'numbers are compared by permutation and bootstrap, on the scale of their label schema');
SELECT gaiops_create_label_schema('tone', 'categories', labels => '{bad,fair,good}', ordered => true) \g /dev/null
SELECT pg_temp.say(1, 'tone', '"good"'), pg_temp.say(2, 'tone', '"bad"') \g /dev/null
SELECT results_eq($$ SELECT c.mean_a, c.mean_b FROM gaiops_compare_prompts('greet', 1, 2) AS c WHERE c.feedback = 'tone' $$, $$ VALUES (1::double precision, 3::double precision) $$, 'labels in an order are numbers');

SELECT is_empty($$ SELECT gaiops_compare_prompts('greet', 2, 3, 'infinity') $$, 'where nobody has said anything there is nothing');
SELECT is(pg_temp.raised($$ SELECT gaiops_compare_prompts(NULL, 1, 2) $$), E'22004\nargument "name" must not be null', 'the prompt is given');
SELECT is(pg_temp.raised($$ SELECT gaiops_compare_prompts('greet', NULL, 2) $$), E'22004\nargument "a" must not be null', 'and both versions');
SELECT is(pg_temp.raised($$ SELECT gaiops_compare_prompts('greet', 2, 2) $$), E'22023\narguments "a" and "b" must be two versions\nBoth are 2.', 'which are two');
SELECT alike(pg_temp.raised($$ SELECT gaiops_compare_prompts('greet', 1, 9) $$), 'LM012%', 'that there are');

CREATE ROLE comparing_viewer;
SELECT gaiops_grant('comparing_viewer', 'viewer') \g /dev/null
SET ROLE comparing_viewer;
SELECT isnt_empty($$ SELECT gaiops_compare_prompts('greet', 1, 2) $$, 'a viewer may');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
