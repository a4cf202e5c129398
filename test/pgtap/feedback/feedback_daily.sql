-- Feedback by day and version of a prompt.
\set ON_ERROR_STOP on
SET client_min_messages = error;
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT plan(9);

-- Traces of two spans, the second one with a prompt; and the third with none.
INSERT INTO gaiops.spans (trace_id, span_id, name, span_type, status, purpose, experiment, session_role, role, is_entry, attempt, start_time, prompt_name, prompt_version)
SELECT format('00000000-0000-0000-0000-00000000000%s', t)::uuid, '000000000000000' || n, 'x', CASE n WHEN 1 THEN 'AGENT' ELSE 'CHAT_MODEL' END, 'OK', 'application', 'e', 'me', 'me', n = 1,
	CASE n WHEN 2 THEN 1 END, '2026-03-01 22:00+00'::timestamptz + t * interval '1 hour', CASE WHEN n = 2 AND t < 4 THEN 'greet' END, CASE WHEN n = 2 AND t < 4 THEN 1 + t / 3 END
FROM generate_series(1, 4) AS t, generate_series(1, 2) AS n;
CREATE FUNCTION pg_temp.say(trace integer, name text, value jsonb, span text DEFAULT NULL) RETURNS uuid LANGUAGE sql AS $$
	INSERT INTO gaiops.human_assessments (assessment_id, trace_id, span_id, experiment, name, kind, value, source_type, source_id, created_at, created_by)
	VALUES (gen_random_uuid(), format('00000000-0000-0000-0000-00000000000%s', trace)::uuid, span, 'e', name, 'feedback', value, 'HUMAN', 'x', '2026-05-01', 'me')
	RETURNING assessment_id
$$;
SELECT pg_temp.say(1, 'helpful', 'true'), pg_temp.say(2, 'helpful', 'true'), pg_temp.say(2, 'helpful', 'false'), pg_temp.say(3, 'helpful', 'false'),
	pg_temp.say(4, 'helpful', 'true') \g /dev/null
INSERT INTO gaiops.machine_assessments (assessment_id, trace_id, experiment, name, kind, value, source_type, source_id, created_at, created_by)
	VALUES (gen_random_uuid(), '00000000-0000-0000-0000-000000000002', 'e', 'helpful', 'feedback', 'false', 'LLM_JUDGE', 'x', '2026-05-01', 'me');
SELECT results_eq($$ SELECT day, prompt_name, prompt_version, source_type, ratings, positive, negative, positive_share FROM gaiops.feedback_daily WHERE name = 'helpful' ORDER BY 1, 3, 4 $$, $$ VALUES
	('2026-03-01'::date, 'greet', 1, 'HUMAN', 1::bigint, 1::bigint, 0::bigint, 1::float8),
	('2026-03-02', 'greet', 1, 'HUMAN', 2, 1, 1, 0.5), ('2026-03-02', 'greet', 1, 'LLM_JUDGE', 1, 0, 1, 0),
	('2026-03-02', 'greet', 2, 'HUMAN', 1, 0, 1, 0), ('2026-03-02', NULL, NULL, 'HUMAN', 1, 1, 0, 1) $$,
	'a row for each day that was rated, in UTC, version and source; a share of 0 where all is bad');
SELECT pg_temp.say(1, 'stars', '4'), pg_temp.say(1, 'stars', '5'), pg_temp.say(1, 'stars', '"many"') \g /dev/null
SELECT results_eq($$ SELECT ratings, positive, positive_share, mean FROM gaiops.feedback_daily WHERE name = 'stars' $$, $$ VALUES (3::bigint, 0::bigint, NULL::float8, 4.5::float8) $$,
	'numbers have a mean, and no share');
-- What anybody may say must not keep others from reading.
SELECT pg_temp.say(1, 'huge', v) FROM unnest('{1e400,-1e131000,1e-400,1}'::jsonb[]) AS v \g /dev/null
SELECT pg_temp.say(3, 'huge', v) FROM unnest('{1,1e200,-1e200,1}'::jsonb[]) AS v \g /dev/null
SELECT pg_temp.say(4, 'huge', v) FROM unnest('{1e308,1e131000}'::jsonb[]) AS v \g /dev/null
SELECT results_eq($$ SELECT prompt_version, ratings, mean FROM gaiops.feedback_daily WHERE name = 'huge' ORDER BY 1 $$,
	$$ VALUES (1, 4::bigint, 0.25::float8), (2, 4, 0.5), (NULL, 2, 1e300) $$, 'numbers of any size have one, too');
SELECT lives_ok('SELECT * FROM gaiops.feedback_daily', 'so that the view can be read');
SELECT gaiops_create_label_schema('fine', 'pass_fail', labels => ARRAY['good', 'bad']) \g /dev/null
SELECT pg_temp.say(1, 'fine', v) FROM unnest('{"\"good\"","\"bad\"","\"yes\"",true,"\"so so\""}'::jsonb[]) AS v \g /dev/null
SELECT results_eq($$ SELECT ratings, positive, negative FROM gaiops.feedback_daily WHERE name = 'fine' $$, $$ VALUES (5::bigint, 3::bigint, 1::bigint) $$,
	'words are what the label schema says they mean');
SELECT pg_temp.say(1, 'span', 'true', '0000000000000001'), pg_temp.say(1, 'span', 'false', '0000000000000002') \g /dev/null
SELECT results_eq($$ SELECT prompt_version, positive_share FROM gaiops.feedback_daily WHERE name = 'span' ORDER BY 1 $$, $$ VALUES (1, 0::float8), (NULL, 1) $$, 'feedback on a span is on its own prompt');
SELECT pg_temp.say(1, 'gone', 'true') AS gone \gset
INSERT INTO gaiops.assessment_deletions (assessment_id, deleted_at, deleted_by) VALUES (:'gone', now(), 'me');
SELECT is_empty($$ SELECT FROM gaiops.feedback_daily WHERE name = 'gone' $$, 'what was deleted does not count');
INSERT INTO gaiops.human_assessments (assessment_id, session_id, experiment, name, kind, value, source_type, source_id, created_at, created_by)
	VALUES (gen_random_uuid(), 's', 'e', 'session', 'feedback', 'true', 'HUMAN', 'x', now(), 'me');
SELECT is_empty($$ SELECT FROM gaiops.feedback_daily WHERE name = 'session' $$, 'nor what is on a session, which has no version');
UPDATE gaiops.spans SET purpose = 'evaluation' WHERE trace_id = '00000000-0000-0000-0000-000000000003';
SELECT pg_temp.say(2, 'kept apart', 'true'), pg_temp.say(3, 'kept apart', 'false') \g /dev/null
SELECT results_eq($$ SELECT purpose, positive, negative FROM gaiops.feedback_daily WHERE name = 'kept apart' ORDER BY 1 $$,
	$$ VALUES ('application', 1::bigint, 0::bigint), ('evaluation', 0, 1) $$, 'what is said of evaluations is not said of production');
SELECT * FROM finish();
ROLLBACK;
