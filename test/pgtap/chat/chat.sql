-- Calling a model: arguments, rights, places where a call may and may not be
-- made, errors and how they are caught, costs. Nothing is wrapped in a
-- transaction: procedures end theirs.
\set ON_ERROR_STOP on
SET client_min_messages = error;
\getenv fault GAIOPS_FAULT_SERVER
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT plan(179);

\ir ../../lib/raised.sql

SELECT gaiops_create_endpoint('echo', 'builtin:echo') \g /dev/null
SELECT gaiops_create_endpoint(n, :'fault' || '/fault/' || f || ',id=pgtap/v1', model => 'gpt-4.1-mini', max_retries => 0)
FROM (VALUES ('limited', '429'), ('broken', '503'), ('refusing', '400'), ('unreadable', 'html'), ('answering', 'ok'),
	('cached', 'usage,input=1000,output=200,cached=600,reasoning=50'),
	('written', 'usage,input=1000,output=200,cached=300,cache_write=400,reasoning=0'),
	('uncounted', 'no-usage')) AS e (n, f) \g /dev/null
SELECT gaiops_create_endpoint('large', :'fault' || '/fault/big,bytes=100000,id=pgtap/v1', max_retries => 0, max_response_bytes => 1024) \g /dev/null
SELECT gaiops_create_endpoint('slow', :'fault' || '/fault/hang,id=pgtap/v1', max_retries => 0, timeout => '100 ms') \g /dev/null
SELECT gaiops_create_endpoint('nobody', 'http://127.0.0.1:1/v1', max_retries => 0) \g /dev/null
SELECT gaiops_create_endpoint('plain', replace(:'fault', 'http:', 'https:') || '/fault/ok,id=pgtap/v1', max_retries => 0) \g /dev/null
SELECT gaiops_create_endpoint('unknown-model', :'fault' || '/fault/ok,id=pgtap/v1', model => 'nobody-knows-it', provider => 'nobody') \g /dev/null

CREATE FUNCTION pg_temp.last(OUT s gaiops.spans) LANGUAGE sql AS
$$ SELECT p FROM gaiops.spans p WHERE trace_id = pg_catalog.gaiops_last_trace_id() ORDER BY start_time DESC LIMIT 1 $$;

-- What the functions are -------------------------------------------------------

SELECT is(format('%s%s', provolatile, proparallel), 'vu', oid::regprocedure || ' is VOLATILE and PARALLEL UNSAFE')
FROM pg_proc WHERE proname IN ('gaiops_chat', 'gaiops_chat_completion') ORDER BY oid::regprocedure::text;
SELECT is(count(*), 0::bigint, 'no function of the extension is without a comment')
FROM pg_depend d JOIN pg_proc p ON p.oid = d.objid
WHERE d.classid = 'pg_proc'::regclass AND d.deptype = 'e' AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'genaiops')
	AND obj_description(p.oid, 'pg_proc') IS NULL;

-- Answers ------------------------------------------------------------------------

SELECT is(gaiops_chat('echo', 'Hi'), 'Hi', 'an untyped literal is the text form');
SELECT is(gaiops_chat('echo', t), t, 'a text that is no array of messages is sent: ' || t)
FROM unnest(ARRAY['[]', '[{', '[{}]', '["role"]', '[ {"content": "x"}, {"role": "user"}]', '[[{"role": "user"}]]', '[1] {"role": 1}', 'x [{"role": "user"}]', '{"role": "user"}',
	'[{{ role }}]', '"[{\"role\": 1}]"', '{"{}"}', '{"{', '{"{\"role\": 1}', '{"{\"role\": 1}": 2}', '{"{\"content\": 1}","{\"role\": 1}"}', '{"role","user"}', '{{"role": 1}}', '{"{\']) AS t;
SELECT is(gaiops_chat('echo', json_build_array(json_build_object('role', 'user', 'content', '[{"role": "user"}] why?'))), '[{"role": "user"}] why?',
	'one that begins with messages is the content of a message');
SELECT is(gaiops_chat('echo', '[{"role": "user", "content": "Ho"}]'::jsonb), 'Ho', 'jsonb is the other');
SELECT is(gaiops_chat('echo', messages => '[{"role": "user", "content": "Ho"}]'), 'Ho', 'so is its name');
SELECT is(gaiops_chat('echo', message => ''), '', 'an empty message is a message');
SELECT is(gaiops_chat('echo', message => 'Hi', system => '', params => '{}', tags => '{}', metadata => '{}', on_error => NULL), 'Hi',
	'empty options are fine');
SELECT is(gaiops_chat_completion('{"model": "echo", "messages": [{"role": "user", "content": "Hi"}]}') #>> '{choices,0,message,content}', 'Hi',
	'gaiops_chat_completion() returns the whole answer');
SELECT is((pg_temp.last()).trace_id, gaiops_last_trace_id(), 'gaiops_last_trace_id() is the trace of that call');
SELECT is(gaiops_chat_completion('{"model": "echo", "messages": [{"role": "user", "content": "Hi"}], "gaiops": null}') #>> '{gaiops,trace_id}',
	gaiops_last_trace_id()::text, 'and is in its answer');
SELECT is(gaiops_chat('echo', repeat('long ', 100000)), repeat('long ', 100000), 'half a megabyte');

-- Refused before anything is sent or stored ------------------------------------

SELECT count(*) AS before FROM gaiops.spans \gset
SELECT throws_ok($$ SELECT gaiops_chat(NULL, 'Hi') $$, '22004', 'argument "model" must not be null', 'no model');
SELECT throws_ok($$ SELECT gaiops_chat('echo', NULL::text) $$, '22004', 'argument "message" must not be null', 'no message');
SELECT throws_ok($$ SELECT gaiops_chat('echo') $$, '22004', 'argument "message" must not be null', 'none at all');
SELECT throws_ok($$ SELECT gaiops_chat('echo', NULL::jsonb) $$, '22004', 'argument "messages" must not be null', 'no messages');
SELECT throws_ok($$ SELECT gaiops_chat_completion(NULL) $$, '22004', 'argument "request" must not be null', 'no request');
SELECT throws_ok($$ SELECT gaiops_chat('nowhere', 'Hi') $$, 'LM009', 'endpoint "nowhere" does not exist', 'an endpoint that does not exist');
SELECT throws_ok($$ SELECT gaiops_chat('', 'Hi') $$, 'LM009', 'endpoint "" does not exist', 'an endpoint without a name');
SELECT throws_ok($$ SELECT gaiops_chat('echo', 'Hi', prompt => 'prompts:/p/1') $$, 'LM012', 'prompt "p" does not exist', 'a prompt that does not exist');
SELECT throws_ok($$ SELECT gaiops_chat('echo', 'Hi', variables => '{}') $$, '22023', 'argument "variables" needs a prompt', 'variables without a prompt');
SELECT throws_ok(format($$ SELECT gaiops_chat('echo', %L::jsonb) $$, m), '22023', '"messages" must be a JSON array of messages', 'messages: ' || m)
FROM unnest(ARRAY['{}', '[]', '"Hi"', 'null', '[1]', '["Hi"]', '[{"content": "Hi"}]', '[{"role": 1}]', '[{"role": "user", "content": "Hi"}, null]']) m;
SELECT throws_ok(format($$ SELECT gaiops_chat('echo', %s) $$, m), '22023', 'argument "message" begins with a JSON array of messages', 'message: ' || m)
FROM unnest(ARRAY[$$'[{"role": "user", "content": "Ho"}]'$$, $$E' [\n{"content": [{"a": 1}], "rol\\u0065": "user"}] more'$$, $$'[{"role": "user"}, 1'::text, prompt => 'prompts:/p/1'$$,
	$$'[{"role": "system", "content": "Be brief."}]'::json || '[{"role": "user", "content": "Hi"}]'$$]) AS m;
-- As drivers write a list of messages where nothing says that it is JSON.
SELECT throws_ok(format($$ SELECT gaiops_chat('echo', %L) $$, m), '22023', 'argument "message" begins with a list of messages', 'message: ' || m)
FROM unnest(ARRAY[(ARRAY['{"role":"user","content":"Ho"}'])::text, (ARRAY['{"content": "She said \"Hi\", \\", "role": "user"}', '{"role": "user"}'])::text,
	(SELECT array_agg(json_build_object('role', r, 'content', 'a ' || r)) FROM unnest(ARRAY['system', 'user']) AS r)::text]) AS m;
SELECT is(substring(pg_temp.raised(format('SELECT gaiops_chat(''echo'', %L)', m)) FROM E'\n(To send messages.*)$'),
	'To send messages, give messages => ''...''::json; to put arrays together, cast both to jsonb. To send this as a text, make it the content of a message.', 'with a hint: ' || m)
FROM unnest(ARRAY['[{"role": "user"}]', (ARRAY['{"role": "user"}'])::text]) AS m;
SELECT throws_ok(format($$ SELECT gaiops_chat('echo', 'Hi', %s => %L) $$, a, v), '22023', format('argument "%s" must be a JSON object', a), a || ' ' || v)
FROM unnest(ARRAY['params', 'tags', 'metadata']) a, unnest(ARRAY['[]', '1', 'null', '"x"']) v;
SELECT throws_ok(format($$ SELECT gaiops_chat('echo', 'Hi', params => %L) $$, p), s, m, 'params ' || p)
FROM (VALUES ('{"model": "x"}', '22023', '"params" must not have the key "model"'),
	('{"messages": []}', '22023', '"params" must not have the key "messages"'),
	('{"gaiops": {}}', '22023', '"params" must not have the key "gaiops"'),
	('{"stream": true}', '0A000', 'streamed answers are not supported yet')) AS c (p, s, m);
SELECT lives_ok($$ SELECT gaiops_chat('echo', 'Hi', params => '{"stream": false}') $$, 'stream false is no stream');
SELECT throws_ok(format($$ SELECT gaiops_chat('echo', 'Hi', tags => %L) $$, t), '22023', m, 'tags ' || left(t, 20))
FROM (VALUES ('{"a": null}', 'value of tag "a" must be a string, a number or a boolean'),
	('{"a": {}}', 'value of tag "a" must be a string, a number or a boolean'),
	('{"a": []}', 'value of tag "a" must be a string, a number or a boolean'),
	('{"": "x"}', 'key of a tag must have 1 to 255 bytes'),
	(format('{"%s": "x"}', repeat('k', 256)), 'key of a tag must have 1 to 255 bytes'),
	(format('{"k": "%s"}', repeat('v', 2049)), 'value of tag "k" is too long'),
	((SELECT jsonb_object_agg(i, i)::text FROM generate_series(1, 65) i), 'tags must be a JSON object of at most 64 tags')) AS c (t, m);
SELECT throws_ok(format($$ SELECT gaiops_chat('echo', 'Hi', %s => %L) $$, a, repeat('ä', 128)), '22023', a || ' is too long', a || ' of 256 bytes')
FROM unnest(ARRAY['session_id', 'user_id']) a;
SELECT throws_ok(format($$ SELECT gaiops_chat('echo', 'Hi', timeout => %L) $$, t), '22023', 'timeout must be from 1 millisecond to 1 day', 'timeout ' || t)
FROM unnest(ARRAY['0', '-1 s', '999 us', '1 day 1 ms', '1 mon', '1 year']) t;
SELECT throws_ok($$ SELECT gaiops_chat('echo', 'Hi', on_error => 'ignore') $$, '22023', 'invalid value for argument "on_error": "ignore"', 'on_error');
SELECT throws_ok(format($$ SELECT gaiops_chat_completion(%L) $$, r), '22023', m, 'request ' || r)
FROM (VALUES ('[]', 'argument "request" must be a JSON object'), ('1', 'argument "request" must be a JSON object'),
	('{}', 'the request has no "model"'), ('{"model": null}', 'the request has no "model"'), ('{"model": 1}', '"model" must be a string'),
	('{"model": "echo"}', '"messages" must be a JSON array of messages'),
	('{"model": "echo", "messages": {"role": "user"}}', '"messages" must be a JSON array of messages'),
	('{"model": "echo", "messages": [{"role": "user"}], "gaiops": []}', '"gaiops" must be a JSON object'),
	('{"model": "echo", "messages": [{"role": "user"}], "gaiops": {"tags": []}}', '"gaiops.tags" must be a JSON object'),
	('{"model": "echo", "messages": [{"role": "user"}], "gaiops": {"session_id": 1}}', '"session_id" must be a string')) AS c (r, m);
SELECT is((SELECT count(*) FROM gaiops.spans), (:before + 1)::bigint, 'none of these is on record');
SELECT is((SELECT count(*) FROM gaiops.intents), 0::bigint, 'nor under way');
SELECT lives_ok($$ SELECT gaiops_chat('echo', 'Hi', session_id => repeat('s', 255), user_id => repeat('u', 255),
	tags => (SELECT jsonb_object_agg(i, i) FROM generate_series(1, 64) i), timeout => '1 day') $$, 'labels, tags and timeout at their limits');
SELECT is((SELECT count(*) FROM gaiops.trace_tags WHERE trace_id = gaiops_last_trace_id() AND key = value), 64::bigint, 'all tags are there');
SELECT is(gaiops_chat('echo', 'Hi', tags => '{"s": "é", "n": 1.50, "t": true, "e": ""}'), 'Hi', 'kinds of tags');
SELECT results_eq($$ SELECT key, value FROM gaiops.trace_tags WHERE trace_id = gaiops_last_trace_id() ORDER BY key $$,
	$$ VALUES ('e', ''), ('n', '1.50'), ('s', 'é'), ('t', 'true') $$, 'are kept as text');

-- Labels: arguments win over settings; SET LOCAL is for the transaction -----------

SET gaiops.session_id = 'setting';
SELECT gaiops_chat('echo', 'Hi') \g /dev/null
SELECT is((pg_temp.last()).session_id, 'setting', 'gaiops.session_id');
BEGIN;
SET LOCAL gaiops.session_id = 'local';
SET LOCAL gaiops.user_id = 'varun';
SET LOCAL gaiops.experiment = 'local experiment';
SET LOCAL gaiops.traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
SELECT gaiops_chat('echo', 'Hi') \g /dev/null
SELECT is(ARRAY[s.session_id, s.user_id, s.experiment, s.trace_id::text, s.parent_span_id],
	ARRAY['local', 'varun', 'local experiment', '0af76519-16cd-43dd-8448-eb211c80319c', 'b7ad6b7169203331'], 'SET LOCAL') FROM pg_temp.last() AS s;
SELECT gaiops_chat('echo', 'Hi', session_id => 'argument', user_id => '') \g /dev/null
SELECT is((SELECT array_agg(ARRAY[session_id, user_id] ORDER BY start_time) FROM gaiops.spans WHERE trace_id = '0af7651916cd43dd8448eb211c80319c'),
	ARRAY[ARRAY['local', 'varun'], ARRAY['argument', NULL]], 'arguments win, even empty ones');
SELECT is((SELECT array_agg(is_entry) FROM gaiops.spans WHERE trace_id = '0af7651916cd43dd8448eb211c80319c'), ARRAY[true, true], 'both calls entered here');
COMMIT;
SELECT gaiops_chat('echo', 'Hi') \g /dev/null
SELECT is(ARRAY[s.session_id, s.user_id, s.experiment, s.parent_span_id], ARRAY['setting', NULL, 'Default', NULL], 'as before after COMMIT')
FROM pg_temp.last() AS s;
RESET gaiops.session_id;
SELECT throws_ok(format('SET gaiops.traceparent = %L', t), '22023', NULL, 'no traceparent: ' || t)
FROM unnest(ARRAY['x', '00-0-0-00', '00-00000000000000000000000000000000-b7ad6b7169203331-01', 'ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01']) t;

-- Errors, caught at two levels ----------------------------------------------------

CREATE FUNCTION pg_temp.caught(endpoint text) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
	inside text;
BEGIN
	BEGIN
		BEGIN
			PERFORM gaiops_chat(endpoint, 'Hi');
			RETURN ARRAY['none'];
		EXCEPTION WHEN OTHERS THEN
			inside := SQLSTATE;
			RAISE;
		END;
	EXCEPTION WHEN OTHERS THEN
		RETURN ARRAY[inside, SQLSTATE, (pg_temp.last()).error_class, gaiops_chat('echo', 'still alive')];
	END;
END $$;
SELECT is(pg_temp.caught(e), ARRAY[s, s, c, 'still alive'], format('%s is caught as %s, twice', e, s))
FROM (VALUES ('nobody', 'LM001', 'unreachable'), ('plain', 'LM002', 'tls_failure'), ('slow', 'LM003', 'timeout'),
	('limited', 'LM004', 'rate_limited'), ('broken', 'LM005', 'upstream_error'), ('refusing', 'LM006', 'request_refused'),
	('unreadable', 'LM007', 'invalid_response'), ('large', 'LM008', 'response_too_large')) AS c (e, s, c);
DO $$
BEGIN
	BEGIN
		PERFORM gaiops_chat('limited', 'Hi');
	EXCEPTION
		WHEN SQLSTATE 'LM005' THEN RAISE 'wrong handler';
		WHEN SQLSTATE 'LM004' THEN PERFORM set_config('test.handler', 'right', false);
	END;
END $$;
SELECT is(current_setting('test.handler'), 'right', 'a handler is chosen by SQLSTATE');
SELECT is(gaiops_chat(e, 'Hi', on_error => 'null'), NULL, 'on_error null: ' || e) FROM unnest(ARRAY['nobody', 'slow', 'unreadable', 'limited']) e;
SELECT throws_ok($$ SELECT gaiops_chat('nowhere', 'Hi', on_error => 'null') $$, 'LM009', NULL, 'but a mistake in the arguments is an error');
SELECT is((SELECT count(a) FROM (SELECT gaiops_chat(CASE WHEN i % 100 = 0 THEN 'unreadable' ELSE 'echo' END, i::text, on_error => 'null') AS a
	FROM generate_series(1, 1000) i) q), 990::bigint, 'of 1000 rows with 10 failures 990 answers are kept');

-- Where calls are made -----------------------------------------------------------

BEGIN READ ONLY;
SELECT is(gaiops_chat('echo', 'Hi'), 'Hi', 'in a READ ONLY transaction');
SELECT is((pg_temp.last()).status, 'OK', 'which is on record');
ROLLBACK;
BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY DEFERRABLE;
SELECT is(gaiops_chat('echo', 'Hi'), 'Hi', 'in a DEFERRABLE one');
ROLLBACK;
SELECT is((pg_temp.last()).status, 'OK', 'and that outlives the ROLLBACK');
BEGIN;
DECLARE c CURSOR FOR SELECT gaiops_chat('echo', 'row ' || i) AS a FROM generate_series(1, 100) i;
SELECT count(*) AS before FROM gaiops.spans \gset
FETCH 3 FROM c \g /dev/null
SELECT is((SELECT count(*) FROM gaiops.spans), (:before + 3)::bigint, 'a cursor calls for the rows that are fetched');
COMMIT;
PREPARE ask(text) AS SELECT gaiops_chat('echo', $1);
SELECT is((SELECT array_agg(a) FROM (SELECT gaiops_chat('echo', 'x') AS a) q), ARRAY['x'], 'in a subquery');
SELECT results_eq($$ EXECUTE ask('one') $$, ARRAY['one'], 'a prepared statement');
SELECT results_eq($$ EXECUTE ask('two') $$, ARRAY['two'], 'again');
SELECT is((SELECT array_agg(i) FROM generate_series(1, 5) i WHERE gaiops_chat('echo', i::text)::int > 3), ARRAY[4, 5], 'in WHERE');
SELECT is((SELECT string_agg(a, ',' ORDER BY a) FROM (VALUES ('b'), ('a')) v (x) CROSS JOIN LATERAL gaiops_chat('echo', x) a), 'a,b', 'in FROM');
DO $$ BEGIN PERFORM set_config('test.do', gaiops_chat('echo', 'from DO'), false); END $$;
SELECT is(current_setting('test.do'), 'from DO', 'in DO');

CREATE TABLE public.reviews (id int PRIMARY KEY, body text, answer text);
CREATE FUNCTION public.answer_review() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.answer := gaiops_chat('echo', NEW.body); RETURN NEW; END $$;
CREATE TRIGGER answer BEFORE INSERT OR UPDATE OF body ON public.reviews FOR EACH ROW EXECUTE FUNCTION public.answer_review();
INSERT INTO public.reviews SELECT i, 'review ' || i FROM generate_series(1, 3) i;
UPDATE public.reviews SET body = 'changed' WHERE id = 2;
SELECT is((SELECT array_agg(answer ORDER BY id) FROM public.reviews), ARRAY['review 1', 'changed', 'review 3'], 'in triggers');
UPDATE public.reviews SET answer = gaiops_chat('echo', upper(body));
SELECT is((SELECT array_agg(answer ORDER BY id) FROM public.reviews), ARRAY['REVIEW 1', 'CHANGED', 'REVIEW 3'], 'in UPDATE');

CREATE PROCEDURE public.answer_all() LANGUAGE plpgsql AS $$
DECLARE r record;
BEGIN
	FOR r IN SELECT id, body FROM public.reviews ORDER BY id LOOP
		UPDATE public.reviews SET answer = gaiops_chat('echo', 'again ' || r.body) WHERE id = r.id;
		IF r.id = 2 THEN ROLLBACK; ELSE COMMIT; END IF;
	END LOOP;
END $$;
SELECT count(*) AS before FROM gaiops.spans \gset
CALL public.answer_all();
SELECT is((SELECT array_agg(answer ORDER BY id) FROM public.reviews), ARRAY['again review 1', 'CHANGED', 'again review 3'],
	'in a procedure that ends transactions');
SELECT is((SELECT count(*) FROM gaiops.spans), (:before + 3)::bigint, 'where a ROLLBACK undoes the row and not the record');
BEGIN;
SELECT gaiops_chat('echo', 'rolled back') \g /dev/null
SAVEPOINT s;
SELECT gaiops_chat('echo', 'rolled back, too') \g /dev/null
ROLLBACK TO s;
ROLLBACK;
SELECT is((SELECT count(*) FROM gaiops.spans), (:before + 5)::bigint, 'nor does that of a savepoint or a transaction');

-- Where they are refused -----------------------------------------------------------

SELECT count(*) AS before FROM gaiops.spans \gset
SELECT throws_ok($$ CREATE MATERIALIZED VIEW public.m AS SELECT gaiops_chat('echo', 'Hi') $$, '42501',
	'cannot execute gaiops_chat() within security-restricted operation', 'in a materialized view');
SELECT lives_ok($$ CREATE MATERIALIZED VIEW public.m AS SELECT gaiops_chat('echo', 'Hi') WITH NO DATA $$, 'one without data is only a definition');
SELECT throws_ok($$ REFRESH MATERIALIZED VIEW public.m $$, '42501', NULL, 'which cannot be filled');
CREATE FUNCTION public.pretends(x text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN RETURN gaiops_chat('echo', x); END $$;
SELECT throws_ok($$ CREATE INDEX ON public.reviews (public.pretends(body)) $$, '42501', NULL, 'in an index expression');
CREATE TABLE public.empty (body text);
SELECT lives_ok($$ CREATE INDEX i ON public.empty (public.pretends(body)) $$, 'an index on an empty table calls nobody');
SELECT throws_ok($$ CREATE STATISTICS public.st ON public.pretends(body) FROM public.reviews; ANALYZE public.reviews $$, '42501', NULL, 'in ANALYZE');
SELECT is((SELECT count(*) FROM gaiops.spans), :before::bigint, 'nothing was called');
SELECT lives_ok($$ CREATE TABLE public.kept AS SELECT gaiops_chat('echo', 'Hi') AS answer $$, 'CREATE TABLE AS is the way, as the hint says');
SELECT throws_ok($$ CREATE INDEX ON public.kept (gaiops_chat('echo', answer)) $$, '42P17', NULL, 'in an index itself, as it is VOLATILE');

-- Costs ----------------------------------------------------------------------------

SELECT gaiops_chat('cached', 'Hi') \g /dev/null
SELECT is((pg_temp.last()).cost, (400 * 0.4 + 600 * 0.1 + 200 * 1.6) / 1000000, 'cached tokens are not paid twice');
SELECT is(ARRAY[s.input_tokens, s.output_tokens, s.cached_input_tokens, s.reasoning_tokens], ARRAY[1000, 200, 600, 50]::bigint[], 'tokens by kind')
FROM pg_temp.last() AS s;
SELECT gaiops_set_price('openai', 'gpt-4.1-mini', cache_write => 0.5, effective_from => '-infinity') \g /dev/null
SELECT gaiops_chat('written', 'Hi') \g /dev/null
SELECT is((pg_temp.last()).cost, (300 * 0.4 + 300 * 0.1 + 400 * 0.5 + 200 * 1.6) / 1000000, 'nor those written to a cache');
SELECT gaiops_chat('uncounted', 'Hi') \g /dev/null
SELECT is((pg_temp.last()).cost, NULL, 'unknown usage: an unknown cost');
SELECT gaiops_chat('unknown-model', 'Hi') \g /dev/null
SELECT is((pg_temp.last()).cost, NULL, 'unknown price: an unknown cost');
SELECT is(ARRAY[s.input_tokens, s.output_tokens], ARRAY[7, 5]::bigint[], 'of known tokens') FROM pg_temp.last() AS s;
SELECT gaiops_chat('echo', 'Hi') \g /dev/null
SELECT is((pg_temp.last()).cost, 0::numeric, 'the echo is free');
SELECT gaiops_chat('refusing', 'Hi', on_error => 'null') \g /dev/null
SELECT is((pg_temp.last()).cost, NULL, 'nobody knows what a refused request cost');

-- Rights ---------------------------------------------------------------------------

CREATE ROLE chat_nobody; CREATE ROLE chat_viewer; CREATE ROLE chat_user;
SELECT gaiops_grant('chat_viewer', 'viewer'), gaiops_grant('chat_user', 'user') \g /dev/null
GRANT USAGE ON SCHEMA public TO chat_nobody, chat_viewer, chat_user;
CREATE FUNCTION public.ask_for_all(x text) RETURNS text SECURITY DEFINER LANGUAGE sql AS $$ SELECT pg_catalog.gaiops_chat('echo', x) $$;
SET ROLE chat_nobody;
SELECT throws_ok($$ SELECT gaiops_chat('echo', 'Hi') $$, '42501', NULL, 'nobody without a right may call');
SELECT throws_ok($$ SELECT gaiops_chat_completion('{}') $$, '42501', NULL, 'in neither way');
SELECT throws_ok($$ SELECT * FROM gaiops.spans $$, '42501', NULL, 'nor read');
SELECT is(public.ask_for_all('Hi'), 'Hi', 'unless somebody lends it to them');
SET ROLE chat_viewer;
SELECT throws_ok($$ SELECT gaiops_chat('echo', 'Hi') $$, '42501', NULL, 'a viewer may not call');
SELECT lives_ok($$ SELECT * FROM gaiops.spans JOIN gaiops.span_payloads USING (trace_id, span_id) $$, 'but read');
SET ROLE chat_user;
SELECT is(gaiops_chat('echo', 'Hi'), 'Hi', 'a user may call');
SELECT is(ARRAY[s.role, s.session_role], ARRAY['chat_user', session_user], 'under its own name') FROM pg_temp.last() AS s;
SELECT throws_ok($$ SELECT * FROM gaiops_private.secrets $$, '42501', NULL, 'and not read secrets');
SELECT throws_ok($$ DELETE FROM gaiops.spans $$, '42501', NULL, 'nor delete spans');
SELECT throws_ok($$ INSERT INTO gaiops.trace_tags VALUES (gaiops_last_trace_id(), 'k', 'v', now()) $$, '42501', NULL, 'nor write around the functions');
SELECT throws_ok($$ SELECT gaiops_create_endpoint('mine', 'builtin:echo') $$, '42501', NULL, 'nor make endpoints');
SELECT throws_ok($$ SET gaiops.max_payload_bytes = '1kB' $$, '42501', NULL, 'nor decide what is kept');
RESET ROLE;
DROP OWNED BY chat_nobody, chat_viewer, chat_user;
DROP ROLE chat_nobody; DROP ROLE chat_viewer; DROP ROLE chat_user;

SELECT * FROM finish();
