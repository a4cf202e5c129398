-- gaiops_chat_completion(): how long a call may take and what becomes of a failed
-- one, by the request's own members. Nothing is wrapped in a transaction, so that spans are seen.
\set ON_ERROR_STOP on
SET client_min_messages = error;
\getenv fault GAIOPS_FAULT_SERVER
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();

\ir ../../lib/raised.sql

SELECT gaiops_create_endpoint(n, :'fault' || '/fault/' || f || ',id=completion/v1', model => 'gpt-4.1-mini', max_retries => 0)
FROM (VALUES ('mirror', 'mirror'), ('hung', 'hang'), ('refusing', '400'), ('late', 'slow,ms=300')) AS e (n, f) \g /dev/null
SELECT gaiops_create_endpoint('nobody', 'http://127.0.0.1:1/v1', max_retries => 0) \g /dev/null
CREATE FUNCTION pg_temp.request(endpoint text, own text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('model', endpoint, 'messages', '[{"role": "user", "content": "Hi"}]'::jsonb, 'gaiops', own::jsonb)
$$;

-- What is taken, and not sent ---------------------------------------------------------

SELECT is((SELECT string_agg(k, ' ' ORDER BY k) FROM jsonb_object_keys((gaiops_chat_completion(pg_temp.request('mirror', own)) #>> '{choices,0,message,content}')::jsonb) AS k),
	'messages model', own || ' is not sent')
FROM unnest(ARRAY['{"timeout": 30}', '{"timeout": 0.5e2}', '{"timeout": "1 min"}', '{"timeout": "PT30S"}', '{"timeout": null, "on_error": null}', '{"timeout": 86400}',
	'{"on_error": "raise"}', '{"on_error": "null", "timeout": "00:00:30", "user_id": "u"}', '{"time\u006fut": 30}']) AS own;
SELECT is((gaiops_chat_completion(jsonb_build_object('model', 'late', 'messages', '[{"role": "user", "content": "Hi"}]'::jsonb,
	'gaiops', jsonb_build_object('timeout', interval '20 s'))) #>> '{choices,0,message,content}'), 'OK from the fault server.', 'an interval of SQL');
SELECT is(c.inputs::text, '{"model": "mirror", "messages": [{"role": "user", "content": "Hi"}]}'::jsonb::text, 'nor is it in the inputs')
FROM gaiops.span_contents AS c WHERE trace_id = (SELECT trace_id FROM gaiops.spans WHERE user_id = 'u');

-- What is refused ------------------------------------------------------------------------

SELECT count(*) AS before FROM gaiops.spans \gset
SELECT is(pg_temp.raised(format('SELECT gaiops_chat_completion(pg_temp.request(''mirror'', %L))', own)), wanted, own)
FROM (VALUES
	('{"timeout": 0}', E'22023\ntimeout must be from 1 millisecond to 1 day'),
	('{"timeout": -5}', E'22023\ntimeout must be from 1 millisecond to 1 day'),
	('{"timeout": 0.0009}', E'22023\ntimeout must be from 1 millisecond to 1 day'),
	('{"timeout": 86400.001}', E'22023\ntimeout must be from 1 millisecond to 1 day'),
	('{"timeout": 1e300}', E'22023\ntimeout must be from 1 millisecond to 1 day'),
	('{"timeout": "1 mon"}', E'22023\ntimeout must be from 1 millisecond to 1 day'),
	('{"timeout": "0 s"}', E'22023\ntimeout must be from 1 millisecond to 1 day'),
	('{"timeout": "soon"}', E'22007\ninvalid input syntax for type interval: "soon"'),
	('{"timeout": true}', E'22023\n"gaiops.timeout" must be a number of seconds, or an interval as a string'),
	('{"timeout": [5]}', E'22023\n"gaiops.timeout" must be a number of seconds, or an interval as a string'),
	('{"timeout": {}}', E'22023\n"gaiops.timeout" must be a number of seconds, or an interval as a string'),
	('{"on_error": "ignore"}', E'22023\ninvalid value for argument "gaiops.on_error": "ignore"\nUse "raise" or "null".'),
	('{"on_error": true}', E'22023\n"on_error" must be a string'),
	('{"timeouts": 5}', E'22023\n"gaiops.timeouts" is not known\n'
		'Use session_id, user_id, tags, metadata, prompt, variables, timeout and on_error.')) AS c (own, wanted);
SELECT is((SELECT count(*) FROM gaiops.spans), :before::bigint, 'none of these is on record');

-- What it does ---------------------------------------------------------------------------

SELECT matches(pg_temp.raised(format('SELECT gaiops_chat_completion(pg_temp.request(''hung'', %L))', own)), E'^LM003\n.*\nThe timeout of 0\\.2 s for the whole call ran out', own)
FROM unnest(ARRAY['{"timeout": 0.2}', '{"timeout": "200 ms"}']) AS own;
SELECT is(gaiops_chat_completion(pg_temp.request(e, '{"on_error": "null", "timeout": 0.2}')), NULL, 'a failed call is NULL: ' || e)
FROM unnest(ARRAY['hung', 'refusing', 'nobody']) AS e;
SELECT results_eq($$ SELECT endpoint, error_class FROM gaiops.spans WHERE endpoint IN ('refusing', 'nobody') ORDER BY endpoint $$,
	$$ VALUES ('nobody', 'unreachable'), ('refusing', 'request_refused') $$, 'and on record');
SELECT matches(pg_temp.raised(format('SELECT gaiops_chat_completion(pg_temp.request(''refusing'', %L))', own)), '^LM006', 'raised: ' || own)
FROM unnest(ARRAY['{"on_error": "raise"}', '{"on_error": null}', '{}']) AS own;
SELECT matches(pg_temp.raised($$ SELECT gaiops_chat_completion(pg_temp.request('nowhere', '{"on_error": "null"}')) $$), '^LM009', 'a mistake is an error all the same');
SELECT is((SELECT array_agg(gaiops_chat_completion(pg_temp.request(e, '{"on_error": "null"}')) IS NULL ORDER BY n) FROM unnest(ARRAY['refusing', 'mirror', 'refusing']) WITH ORDINALITY AS c (e, n)),
	'{t,f,t}', 'in one statement');

SELECT * FROM finish();
