\set QUIET on
SET client_min_messages = warning;
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT * FROM no_plan();

-- What runs as the owner, what it is given, and for whom.

\ir ../../lib/raised.sql

CREATE TEMP VIEW member AS
	SELECT p.*
	FROM pg_depend AS d JOIN pg_proc AS p ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid
	WHERE d.deptype = 'e' AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'genaiops');
CREATE TEMP VIEW owners AS
	SELECT * FROM member WHERE prosecdef OR pronamespace = 'gaiops'::regnamespace AND proname ~ '^inner_';

-- The type itself, and that of the elements of an array.
SELECT is_empty($$
	SELECT o.oid::regprocedure, t.oid::regtype
	FROM owners AS o, unnest(o.proargtypes) AS a (type), pg_type AS t
	WHERE (t.oid = a.type OR t.oid = (SELECT e.typelem FROM pg_type AS e WHERE e.oid = a.type AND e.typcategory = 'A'))
		AND t.typtype <> 'b' $$,
	'what runs as the owner takes no polymorphic, composite or domain type');
SELECT is_empty($$
	SELECT o.oid::regprocedure, t.oid::regtype
	FROM owners AS o, unnest(o.proargtypes) AS a (type), pg_type AS t
	WHERE t.oid = a.type AND t.typnamespace <> 'pg_catalog'::regnamespace
		AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e') $$,
	'nor one that is neither built in nor of the extension');
SELECT isnt_empty('SELECT FROM owners', 'there are such functions');
SELECT is_empty($$
	SELECT o.oid::regprocedure FROM owners AS o
	WHERE NOT EXISTS (SELECT FROM unnest(o.proconfig) AS c WHERE c ~ '^search_path=pg_catalog, (gaiops, )?pg_temp$') $$,
	'what runs as the owner has a search_path of its own');

-- A value of any type is converted where its giver is still the one in force: what runs as
-- the owner, and whatever it calls, only looks whether there is one.
CREATE TEMP VIEW call AS
	SELECT m.oid AS caller, c.oid AS called
	FROM member AS m
		CROSS JOIN LATERAL (
			SELECT DISTINCT n.name[1] AS schema, n.name[2] AS name
			FROM regexp_matches(pg_get_functiondef(m.oid), '\m(gaiops|pg_catalog)\.(\w+)\(', 'g') AS n (name)) AS n
		JOIN member AS c ON c.proname = n.name AND c.pronamespace = n.schema::regnamespace
	-- The list of rights names functions as if it called them.
	WHERE m.prokind = 'f' AND m.proname <> 'rights';
CREATE TEMP VIEW generic AS
	SELECT m.oid FROM member AS m
	WHERE EXISTS (SELECT FROM unnest(m.proargtypes) AS a (type) JOIN pg_type AS t ON t.oid = a.type WHERE t.typtype = 'p' AND t.oid <> ALL ('{internal,cstring}'::regtype[]));
SELECT set_eq($$
	WITH RECURSIVE reached (oid) AS (
		SELECT o.oid FROM owners AS o
		UNION SELECT m.oid FROM member AS m WHERE m.prorettype IN ('trigger'::regtype, 'event_trigger'::regtype)
		UNION SELECT c.called FROM reached AS r JOIN call AS c ON c.caller = r.oid
	)
	SELECT r.oid::regprocedure::text FROM reached AS r JOIN generic AS g USING (oid) $$,
	ARRAY['gaiops.check_given(text,anyelement)', 'gaiops.check_elements(text,anyarray)'], 'what is within takes values of any type only to see whether there are any');
SELECT set_eq($$ SELECT m.proname::text FROM generic AS g JOIN member AS m USING (oid) $$,
	ARRAY['assessment_value', 'check_elements', 'check_given', 'gaiops_log_expectation', 'gaiops_log_feedback', 'gaiops_log_param', 'gaiops_override_feedback',
		'gaiops_set_prompt_tag', 'gaiops_set_prompt_version_tag', 'gaiops_set_run_tag', 'gaiops_set_trace_tag', 'scalar_text'], 'these take a value of any type');
SELECT is_empty($$ SELECT g.oid::regprocedure FROM generic AS g JOIN owners AS o USING (oid) $$, 'and run as who gives it');

-- What runs as its caller calls what its caller may call.  gaiops.has_right() asks whether he may.
SELECT is_empty($$
	SELECT m.oid::regprocedure, d.oid::regprocedure
	FROM call AS c JOIN member AS m ON m.oid = c.caller JOIN member AS d ON d.oid = c.called
		JOIN gaiops.rights() AS r ON r.kind = 'function' AND r.object = format('%s.%s', m.pronamespace::regnamespace, m.proname)
		JOIN gaiops.rights() AS s ON s.kind = 'function' AND s.object = format('%s.%s', d.pronamespace::regnamespace, d.proname)
	WHERE NOT m.prosecdef AND r."right" <> 'none' AND m.proname <> 'has_right'
		AND (gaiops.right_level(s."right") <= gaiops.right_level(r."right")) IS NOT TRUE $$,
	'whoever may call a function may call what that calls');

-- Functions that are entered: run by their caller, and within by the owner.
CREATE TEMP VIEW entry AS
	SELECT m.*, 'inner_' || regexp_replace(m.proname, '^gaiops_', '') AS inner_name FROM member AS m WHERE m.prosrc = 'gaiops_enter';
SELECT isnt_empty('SELECT FROM entry', 'there are such functions');
SELECT is_empty($$
	SELECT e.oid::regprocedure FROM entry AS e
	WHERE NOT EXISTS (
		SELECT FROM member AS i
		WHERE i.pronamespace = 'gaiops'::regnamespace AND i.proname = e.inner_name AND i.proargtypes = e.proargtypes
			AND (i.proallargtypes, i.proargmodes, i.proargnames, i.prorettype, i.proretset, i.provolatile, i.proparallel, i.proisstrict, i.proowner)
				IS NOT DISTINCT FROM (e.proallargtypes, e.proargmodes, e.proargnames, e.prorettype, e.proretset, e.provolatile, e.proparallel, e.proisstrict, e.proowner)) $$,
	'each has a function within that takes and returns the same');
SELECT is_empty($$
	SELECT i.oid::regprocedure FROM member AS i
	WHERE i.proname ~ '^inner_' AND NOT EXISTS (SELECT FROM entry AS e WHERE e.inner_name = i.proname AND e.proargtypes = i.proargtypes) $$,
	'and there is none within that is not entered');
SELECT is_empty($$ SELECT e.oid::regprocedure FROM entry AS e WHERE e.prosecdef OR e.proconfig IS NOT NULL $$, 'each runs as its caller, with the settings of its caller');
SELECT set_eq($$ SELECT m.proname FROM member AS m WHERE m.prosecdef $$, ARRAY['check_seen_traces', 'gaiops_list_secrets', 'gaiops_status']::name[],
	'what is SECURITY DEFINER only reads');
-- What is within would be taken for one whom the owner has called.
SELECT is_empty($$
	SELECT m.oid::regprocedure, e.proname
	FROM member AS m JOIN entry AS e ON m.prosrc ~ format('\m(pg_catalog|gaiops)\.%s\(', e.proname)
	JOIN gaiops.rights() AS r ON r.kind = 'function' AND r.object = format('%s.%s', m.pronamespace::regnamespace, m.proname)
	WHERE (r."right" = 'none' OR m.prosecdef) AND m.proname <> 'rights' $$,
	'what runs as the owner enters nothing');

-- Whoever it was is in force again, also after an error.
CREATE ROLE gaiops_test_user;
SELECT gaiops_grant('gaiops_test_user', 'user') \g /dev/null
CREATE FUNCTION pg_temp.fails(call text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE call;
	RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
	RETURN current_user;
END $$;
SET ROLE gaiops_test_user;
SELECT is(pg_temp.fails('SELECT gaiops_set_prompt_alias(''none'', ''production'', 1)'), 'gaiops_test_user', 'after an error the caller is in force');
SELECT is(gaiops_register_prompt('greet', 'Hi.'), 1, 'what is within has the rights of the owner');
SELECT is(current_user, 'gaiops_test_user'::name, 'and after it the caller is in force');
SELECT is(pg_temp.fails('SELECT gaiops.inner_set_prompt_tag(''greet'', ''k'', ''v'')'), 'gaiops_test_user', 'what is within is for nobody else');
RESET ROLE;
SELECT is(gaiops.caller(), SESSION_USER, 'nobody is remembered as the caller');
SELECT is((SELECT created_by FROM gaiops.prompt_versions WHERE name = 'greet'), 'gaiops_test_user', 'who called is on record');

-- Arguments and results of every kind go through.
SELECT gaiops_create_dataset('golden', tags => '{"team": "a"}') \g /dev/null
SELECT results_eq($$ SELECT * FROM gaiops_import_dataset('golden', '{"inputs": {"n": 1}}' || E'\n' || '{"inputs": {"n": 2}}') $$,
	$$ VALUES (1, 'inserted', NULL::text), (2, 'inserted', NULL) $$, 'a set of rows');
SELECT row_eq($$ SELECT * FROM gaiops_merge_records('golden', '[{"inputs": {"n": 3}}]') $$, ROW(1, 0, 0), 'a row');
SELECT results_eq($$ SELECT (gaiops_import_dataset('golden', '{"inputs": {"n": 4}}')).action FROM generate_series(1, 2) $$, ARRAY['inserted', 'unchanged'], 'a set in a target list');
SELECT is(gaiops_revoke('gaiops_test_user', 'user'), NULL, 'a NULL');
SELECT results_eq($$ SELECT gaiops_create_label_schema(n, 'text') FROM unnest(ARRAY['x', 'y']) AS n $$, ARRAY['x', 'y'], 'one call after the other in a statement');
SELECT throws_ok('SET TRANSACTION READ ONLY; SELECT gaiops_set_prompt_tag(''greet'', ''k'', ''v'')', '25006', NULL, 'nothing is written in a read-only transaction');

-- A collation of the caller's own does not reach what runs as the owner.  A server may
-- have been built without ICU.
SELECT EXISTS (SELECT FROM pg_collation WHERE collname = 'und-x-icu') AS icu \gset
\if :icu
CREATE COLLATION public.careless (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
SELECT is('GOLDEN' COLLATE public.careless = 'golden', true, 'two names that such a collation has equal');
SELECT is(pg_temp.raised('SELECT gaiops_merge_record(''GOLDEN'' COLLATE public.careless, ''{"n": 5}'')'),
	E'42704\ndataset "GOLDEN" does not exist\nCreate it with gaiops_create_dataset().', 'are not so for us');
SELECT is(pg_temp.raised('SELECT gaiops_create_dataset(''GOLDEN'' COLLATE public.careless)'), 'nothing', 'nor in the other direction');
\endif

-- Where the server runs what nobody has asked for, nobody counts.
CREATE FUNCTION pg_temp.refused(call text) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.raised(format('CREATE MATERIALIZED VIEW public.m AS SELECT count(*) AS n FROM (SELECT %s OFFSET 0) AS s', call))
$$;
SELECT matches(pg_temp.refused(format('%s.%s(%s)', e.pronamespace::regnamespace, e.proname,
		(SELECT string_agg(format('NULL::%s', format_type(a.type, NULL)), ', ' ORDER BY a.n) FROM unnest(e.proargtypes) WITH ORDINALITY AS a (type, n)))),
	format('^42501\ncannot execute %s\(\) within security-restricted operation\n', e.proname), e.oid::regprocedure || ' is refused there')
FROM entry AS e ORDER BY e.oid::regprocedure::text COLLATE "C";
SELECT matches(pg_temp.refused('pg_catalog.' || c.call), format('^42501\ncannot execute %s\(\) within security-restricted operation\n', c.name), c.call || ' is refused there')
FROM unnest(ARRAY[
	'gaiops_alter_secret(''k'', ''v'')', 'gaiops_alter_secret_from_file(''k'', ''/dev/null'')', 'gaiops_chat(''echo'', ''Hi'')',
	'gaiops_chat_completion(''{"model": "echo", "messages": [{"role": "user", "content": "Hi"}]}'')', 'gaiops_chat_row(''echo'', ''Hi'')',
	'gaiops_create_secret(''k'', ''v'')', 'gaiops_create_secret_from_file(''k'', ''/dev/null'')', 'gaiops_drop_secret(''k'')',
	'gaiops_end_run()', 'gaiops_end_span()', 'gaiops_judge(''safety'', outputs => ''x'', model => ''echo'')',
	'gaiops_judge_pair(''safety'', ''x'', ''y'', ''z'', model => ''echo'')', 'gaiops_estimate_evaluation(''golden'', ''{}'')', 'gaiops_evaluate(''golden'', ''{}'')',
	'gaiops_resume_evaluation(gen_random_uuid())', 'gaiops_log_feedback(NULL, ''x'', 4)', 'gaiops_log_input(''golden'')', 'gaiops_log_metric(''k'', 1)',
	'gaiops_log_metrics(''{"k": 1}'')', 'gaiops_log_param(''k'', ''v'')', 'gaiops_rotate_master_key()', 'gaiops_run_maintenance()',
	'gaiops_set_experiment(''x'')', 'gaiops_set_run_tag(''k'', ''v'')', 'gaiops_set_trace_tag(gen_random_uuid(), ''k'', ''v'')',
	'gaiops_start_run()', 'gaiops_start_span(''s'')']) AS n (call), LATERAL (SELECT n.call, split_part(n.call, '(', 1)) AS c (call, name);
SELECT set_eq($$
	SELECT m.proname::text FROM member AS m
	WHERE m.pronamespace = 'pg_catalog'::regnamespace AND m.provolatile = 'v' AND m.proname NOT IN (SELECT e.proname FROM entry AS e)
		AND m.prosrc NOT LIKE '%pg\_catalog.' || m.proname || '(%'
	EXCEPT VALUES ('gaiops_alter_secret'), ('gaiops_alter_secret_from_file'), ('gaiops_chat'), ('gaiops_chat_completion'), ('gaiops_chat_row'), ('gaiops_create_secret'),
		('gaiops_create_secret_from_file'), ('gaiops_drop_secret'), ('gaiops_end_run'), ('gaiops_end_span'), ('gaiops_estimate_evaluation'), ('gaiops_judge'), ('gaiops_judge_pair'),
		('gaiops_evaluate'), ('gaiops_resume_evaluation'), ('gaiops_log_input'), ('gaiops_log_metric'),
		('gaiops_log_metrics'), ('gaiops_log_param'), ('gaiops_rotate_master_key'), ('gaiops_run_maintenance'), ('gaiops_set_experiment'),
		('gaiops_set_run_tag'), ('gaiops_set_trace_tag'), ('gaiops_start_run'), ('gaiops_start_span') $$,
	ARRAY['gaiops_add_traces', 'gaiops_claim_review', 'gaiops_current_run', 'gaiops_format_messages', 'gaiops_format_prompt', 'gaiops_import_mlflow_prompts',
		'gaiops_last_trace_id', 'gaiops_load_prompt', 'gaiops_prompt_variables', 'gaiops_score', 'gaiops_status'],
	'and nothing else writes: some read, others write through what is refused');

-- Both are counted, the inner one by its SET.
SET LOCAL track_functions = 'all';
SELECT gaiops_create_dataset('counted');
SELECT results_eq($$
	SELECT p.pronamespace::regnamespace::text, pg_stat_get_xact_function_calls(p.oid) FROM pg_proc AS p
	WHERE p.proname IN ('gaiops_create_dataset', 'inner_create_dataset') ORDER BY p.proname $$,
	$$ VALUES ('pg_catalog', 1::bigint), ('gaiops', 1) $$, 'a function and the one within are counted');

SELECT * FROM finish();
ROLLBACK;
