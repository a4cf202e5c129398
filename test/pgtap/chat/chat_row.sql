-- gaiops_chat_row(): arguments, the row beside the span, which row is whose, and
-- where columns are refused. Nothing is wrapped in a transaction, so that spans are seen.
\set ON_ERROR_STOP on
SET client_min_messages = error;
\getenv fault GAIOPS_FAULT_SERVER
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();

\ir ../../lib/raised.sql

SELECT gaiops_create_endpoint('echo', 'builtin:echo') \g /dev/null
CREATE TEMP TABLE row_case (endpoint text, fault text, answer text, class text);
INSERT INTO row_case VALUES
	('answering', 'ok', 'OK from the fault server.', NULL),
	('counted', 'usage,input=1000,output=200,cached=600,cache_write=100,reasoning=50', 'Counted.', NULL),
	('uncounted', 'no-usage', 'OK from the fault server.', NULL),
	('saying-no', 'refusal', 'I cannot help with that.', NULL),
	('with-tools', 'tools', NULL, NULL),
	('with-nothing', 'no-content,reason=length', NULL, NULL),
	('second-time', '503-then-ok', 'OK from the fault server.', NULL),
	('limited', '429', NULL, 'rate_limited'),
	('broken', '503', NULL, 'upstream_error'),
	('refusing', '400', NULL, 'request_refused'),
	('unreadable', 'html', NULL, 'invalid_response'),
	('large', 'big,bytes=100000', NULL, 'response_too_large'),
	('cut', 'truncated-json', NULL, 'invalid_response'),
	('slow', 'hang', NULL, 'timeout');
SELECT gaiops_create_endpoint(endpoint, :'fault' || '/fault/' || fault || ',id=row/v1', model => 'gpt-4.1-mini',
	max_retries => CASE endpoint WHEN 'second-time' THEN 1 ELSE 0 END, timeout => CASE endpoint WHEN 'slow' THEN '100 ms' ELSE '30 s' END::interval,
	max_response_bytes => CASE endpoint WHEN 'large' THEN 1024 ELSE 1048576 END)
FROM row_case \g /dev/null
INSERT INTO row_case VALUES ('nobody', NULL, NULL, 'unreachable'), ('plain', NULL, NULL, 'tls_failure'), ('unpriced', NULL, 'OK from the fault server.', NULL);
SELECT gaiops_create_endpoint('nobody', 'http://127.0.0.1:1/v1', max_retries => 0),
	gaiops_create_endpoint('plain', replace(:'fault', 'http:', 'https:') || '/fault/ok,id=row/v1', max_retries => 0),
	gaiops_create_endpoint('unpriced', :'fault' || '/fault/ok,id=row/v1', model => 'nobody-knows-it', provider => 'nobody') \g /dev/null

-- What it is ----------------------------------------------------------------------

SELECT unnest(ARRAY[is(r.proargnames[1:12], c.proargnames, c.oid::regprocedure || ': the same arguments'),
	is(pg_get_expr(r.proargdefaults, 0), pg_get_expr(c.proargdefaults, 0), 'with the same defaults'),
	is(format('%s%s', r.provolatile, r.proparallel), 'vu', 'VOLATILE and PARALLEL UNSAFE')])
FROM pg_proc AS c LEFT JOIN pg_proc AS r ON r.proname = 'gaiops_chat_row' AND r.proargtypes = c.proargtypes
WHERE c.proname = 'gaiops_chat' ORDER BY c.oid::regprocedure::text;

-- The row, beside the span ----------------------------------------------------------

CREATE TEMP TABLE row_made AS
	SELECT c.endpoint, c.answer AS wanted, c.class, r.* FROM row_case AS c, LATERAL gaiops_chat_row(c.endpoint, 'Hi', on_error => 'null') AS r;
SELECT unnest(ARRAY[is(m.answer, m.wanted, m.endpoint || ': the answer'), is(m.error_class, m.class, 'the class of its error'),
	is(row_to_json(ROW(m.trace_id, m.model, m.input_tokens, m.output_tokens, m.cached_input_tokens, m.cache_write_tokens, m.reasoning_tokens,
			m.cost, m.attempts, m.latency_ms, m.finish_reason, m.error_class, m.error_message))::text,
		row_to_json(ROW(s.trace_id, s.model, s.input_tokens, s.output_tokens, s.cached_input_tokens, s.cache_write_tokens, s.reasoning_tokens,
			s.cost, s.attempt, s.latency_ms, s.finish_reason, s.error_class, s.error_message))::text, 'and all else are its span''s')])
FROM row_made AS m LEFT JOIN gaiops.spans AS s USING (span_id) ORDER BY m.endpoint;
SELECT results_eq($$ SELECT endpoint, finish_reason, cost IS NULL, input_tokens IS NULL FROM row_made WHERE class IS NULL ORDER BY endpoint $$,
	$$ VALUES ('answering', 'stop', false, false), ('counted', 'stop', false, false), ('saying-no', 'stop', false, false), ('second-time', 'stop', false, false),
		('uncounted', 'stop', true, true), ('unpriced', 'stop', true, false), ('with-nothing', 'no_content', false, false),
		('with-tools', 'tool_calls', false, false) $$, 'what is known of an answer, and NULL for what is not');
SELECT is((SELECT m.cost FROM row_made AS m WHERE endpoint = 'counted'), (SELECT cost FROM gaiops.traces JOIN row_made AS m USING (trace_id, cost) WHERE m.endpoint = 'counted'),
	'a cost is exact');
SELECT is((SELECT attempts FROM row_made WHERE endpoint = 'second-time'), 2, 'a second attempt is counted');
SELECT is((SELECT count(*) FROM row_made WHERE error_class IS NULL AND error_message IS NULL), 8::bigint, 'an answer has no error');
SELECT matches((SELECT error_message FROM row_made WHERE endpoint = 'refusing'), '^endpoint "refusing" refused the request with HTTP status 400: The upstream said: .',
	'an error has its message and the detail');
SELECT is((SELECT count(DISTINCT trace_id) FROM row_made), 17::bigint, 'each call has a trace');

-- As gaiops_chat() ------------------------------------------------------------------

SELECT is(pg_temp.raised(format('SELECT * FROM gaiops_chat_row(%s)', a)), pg_temp.raised(format('SELECT gaiops_chat(%s)', a)), a || ': the same error')
FROM unnest(ARRAY[$$'refusing', 'Hi'$$, $$'refusing', 'Hi', on_error => 'raise'$$, $$'nobody', 'Hi', on_error => NULL$$, $$'slow', '[{"role": "user", "content": "Hi"}]'::json$$,
	$$'echo', 'Hi', on_error => 'ignore'$$, $$'echo', NULL::text$$, $$NULL, 'Hi'$$, $$'echo', '[]'::json$$, $$'echo', '[{"role": "user"}]'$$, $$'nowhere', 'Hi', on_error => 'null'$$,
	$$'echo', 'Hi', timeout => '0'$$, $$'echo', 'Hi', params => '[]'$$, $$'echo', 'Hi', variables => '{}'$$, $$'echo', 'Hi', prompt => 'prompts:/p/1'$$]) AS a;
SELECT isnt(pg_temp.raised($$ SELECT * FROM gaiops_chat_row('refusing', 'Hi') $$), 'nothing', 'which is one');
SELECT span_id AS span FROM gaiops_chat_row(model => 'echo', message => 'Hi', system => 'Be brief.', params => '{"seed": 7}', session_id => 's', user_id => 'u',
	tags => '{"k": "v"}', metadata => '{"m": 1}', timeout => '10 s', on_error => 'null') \gset
SELECT results_eq(format($$ SELECT s.session_id, s.user_id, p.metadata::text, p.inputs::text, (SELECT value FROM gaiops.trace_tags AS t WHERE t.trace_id = s.trace_id AND key = 'k')
	FROM gaiops.spans AS s JOIN gaiops.span_payloads AS p USING (trace_id, span_id) WHERE s.span_id = %L AND p.kind = 'request' $$, :'span'),
	$$ VALUES ('s', 'u', '{"m": 1}', '{"message": "Hi", "system": "Be brief.", "params": {"seed": 7}}', 'v') $$, 'every argument arrives');
SELECT is((SELECT answer FROM gaiops_chat_row('echo', messages => '[{"role": "user", "content": "Ho"}]')), 'Ho', 'messages');
SELECT gaiops_register_prompt('Row', 'Say {{ word }}.') \g /dev/null
SELECT is((SELECT answer FROM gaiops_chat_row('echo', prompt => 'prompts:/Row/1', variables => '{"word": "so"}')), 'Say so.', 'a prompt');
SELECT throws_ok($$ CREATE MATERIALIZED VIEW public.m AS SELECT answer FROM gaiops_chat_row('echo', 'Hi') $$, '42501',
	'cannot execute gaiops_chat_row() within security-restricted operation', 'not where nobody has asked');
CREATE ROLE row_viewer; CREATE ROLE row_user;
SELECT gaiops_grant('row_viewer', 'viewer'), gaiops_grant('row_user', 'user') \g /dev/null
SET ROLE row_viewer;
SELECT matches(pg_temp.raised($$ SELECT * FROM gaiops_chat_row('echo', 'Hi') $$), '^42501', 'a viewer may not');
SET ROLE row_user;
SELECT is(pg_temp.raised($$ SELECT * FROM gaiops_chat_row('echo', 'Hi') $$), 'nothing', 'a user may');
RESET ROLE;
DROP OWNED BY row_viewer, row_user;
DROP ROLE row_viewer, row_user;

-- Which row is whose ------------------------------------------------------------------

CREATE TABLE public.question (id integer PRIMARY KEY, body text NOT NULL, answer text, trace_id uuid);
INSERT INTO public.question SELECT i, 'question ' || i % 20 FROM generate_series(1, 60) AS i;
ANALYZE public.question;
CREATE FUNCTION pg_temp.mispaired() RETURNS bigint LANGUAGE sql AS $$
	SELECT count(*) FROM public.question AS q LEFT JOIN gaiops.span_contents AS c USING (trace_id)
	WHERE (q.answer, c.answer, c.inputs ->> 'message') IS DISTINCT FROM (q.body, q.body, q.body)
$$;
CREATE FUNCTION pg_temp.calls(statement text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	before bigint := (SELECT count(*) FROM gaiops.spans);
BEGIN
	UPDATE public.question SET answer = NULL, trace_id = NULL;
	EXECUTE statement;
	RETURN (SELECT count(*) FROM gaiops.spans) - before;
END $$;
SELECT unnest(ARRAY[is(pg_temp.calls(statement), 60::bigint, regexp_replace(statement, '\s+', ' ', 'g') || ': a call for each row'),
	is(pg_temp.mispaired(), 0::bigint, 'with its own trace')])
FROM unnest(ARRAY[
	$$ UPDATE public.question AS q SET (answer, trace_id) = (SELECT r.answer, r.trace_id FROM gaiops_chat_row('echo', q.body) AS r) $$,
	$$ UPDATE public.question AS q SET answer = m.answer, trace_id = m.trace_id
		FROM (SELECT b.id, r.answer, r.trace_id FROM public.question AS b, LATERAL gaiops_chat_row('echo', b.body) AS r ORDER BY md5(b.body || b.id)) AS m WHERE m.id = q.id $$,
	$$ UPDATE public.question AS q SET answer = r.answer, trace_id = r.trace_id
		FROM public.question AS b CROSS JOIN LATERAL gaiops_chat_row('echo', b.body) AS r WHERE b.id = q.id $$,
	$$ UPDATE public.question AS q SET answer = (m.r).answer, trace_id = (m.r).trace_id
		FROM (SELECT b.id, gaiops_chat_row('echo', b.body) AS r FROM public.question AS b) AS m WHERE m.id = q.id $$,
	$$ WITH m AS (SELECT b.id, gaiops_chat_row('echo', b.body) AS r FROM public.question AS b)
		UPDATE public.question AS q SET answer = (m.r).answer, trace_id = (m.r).trace_id FROM m WHERE m.id = q.id $$,
	$$ WITH m AS (SELECT b.id, r.* FROM public.question AS b LEFT JOIN LATERAL gaiops_chat_row('echo', b.body) AS r ON true ORDER BY r.answer DESC, random())
		UPDATE public.question AS q SET answer = m.answer, trace_id = m.trace_id FROM m WHERE m.id = q.id $$]) AS statement;
CREATE VIEW public.asked AS SELECT q.id, q.body, r.* FROM public.question AS q, LATERAL gaiops_chat_row('echo', q.body) AS r;
SELECT is(pg_temp.calls('SELECT count(DISTINCT trace_id), sum(cost), max(answer) FROM public.asked'), 60::bigint, 'a view');
SELECT is(pg_temp.calls('SELECT * FROM public.asked WHERE id <= 3 ORDER BY error_class, latency_ms'), 3::bigint, 'is asked for what it is to give');
SELECT is(pg_temp.calls($$ SELECT (gaiops_chat_row('echo', body)).trace_id FROM public.question WHERE id <= 4 $$), 4::bigint, 'one column alone is one call');
SELECT is(pg_temp.calls($$ SELECT gaiops_chat_row('echo', body) FROM public.question WHERE id <= 4 $$), 4::bigint, 'so is the row as a whole');
SELECT is(pg_temp.calls($$ SELECT (gaiops_chat_row('echo', body)).answer, (gaiops_chat_row('echo', body)).answer FROM public.question WHERE id = 1 $$), 2::bigint,
	'to ask twice is allowed');
SELECT is(pg_temp.calls($$ SELECT gaiops_chat_row('echo', 'a'), gaiops_chat_row('echo', 'a') $$), 2::bigint, 'for the row, too');
SELECT is(pg_temp.calls($$ SELECT (gaiops_chat_row('echo', 'a')).answer, (gaiops_chat_row('echo', 'b')).cost $$), 2::bigint, 'and so is to ask two things');
SELECT is(pg_temp.calls($$ SELECT gaiops_chat_row('echo', 'a'), (gaiops_chat_row('echo', 'b')).cost $$), 2::bigint, 'of one the row');
SELECT is(pg_temp.calls($$ SELECT (gaiops_chat_row('echo', (gaiops_chat_row('echo', 'a')).answer)).answer $$), 2::bigint, 'or of an answer');
DO $$
DECLARE
	r record;
BEGIN
	r := gaiops_chat_row('echo', 'in PL/pgSQL');
	PERFORM set_config('test.row', r.answer || ' ' || (r.trace_id = gaiops_last_trace_id()), false);
END $$;
SELECT is(current_setting('test.row'), 'in PL/pgSQL true', 'in PL/pgSQL');

-- A call for each column is refused ------------------------------------------------

CREATE VIEW public.expanded AS SELECT q.id, (gaiops_chat_row('echo', q.body)).* FROM public.question AS q;
CREATE FUNCTION public.expanding(OUT a text, OUT t uuid) RETURNS SETOF record BEGIN ATOMIC
	SELECT (gaiops_chat_row('echo', q.body)).answer, (gaiops_chat_row('echo', q.body)).trace_id FROM public.question AS q;
END;
PREPARE expanded(text) AS SELECT (gaiops_chat_row('echo', $1)).*;
SELECT count(*) AS before FROM gaiops.spans \gset
SELECT is(pg_temp.raised(statement), E'0A000\ngaiops_chat_row() would be called once for each of its columns\n'
	'Each column of a call in an expression, by ".*" too, is a call of its own to the model.\n'
	'Call it in FROM: SELECT r.* FROM t, LATERAL gaiops_chat_row(...) AS r.', statement)
FROM unnest(ARRAY[
	$$ SELECT (gaiops_chat_row('echo', 'Hi')).* $$,
	$$ SELECT (gaiops_chat_row('echo', messages => '[{"role": "user", "content": "Hi"}]', on_error => 'null')).* $$,
	$$ SELECT (gaiops_chat_row(q.body, 'Hi')).answer, q.id, upper((gaiops_chat_row(q.body, 'Hi')).error_class) FROM public.question AS q $$,
	$$ SELECT * FROM (SELECT (gaiops_chat_row('echo', q.body)).* FROM public.question AS q) AS s LIMIT 1 $$,
	$$ SELECT * FROM public.question AS q, LATERAL (SELECT (gaiops_chat_row('echo', q.body)).*) AS r $$,
	$$ WITH c AS (SELECT (gaiops_chat_row('echo', q.body)).* FROM public.question AS q) SELECT answer FROM c $$,
	$$ SELECT NULL, NULL UNION ALL SELECT (gaiops_chat_row('echo', 'Hi')).answer, (gaiops_chat_row('echo', 'Hi')).model $$,
	$$ SELECT ROW((gaiops_chat_row('echo', 'Hi')).*) $$,
	$$ SELECT gaiops_chat_row('echo', q.body), (gaiops_chat_row('echo', q.body)).cost FROM public.question AS q $$,
	$$ SELECT (gaiops_chat_row('echo', 'Hi')).cost, row_to_json(gaiops_chat_row('echo', 'Hi')) $$,
	$$ SELECT r.*, (gaiops_chat_row('echo', 'Hi')).cost FROM gaiops_chat_row('echo', 'Hi') AS r $$,
	$$ SELECT (gaiops_chat_row('echo', 'Hi')).cost FROM public.question AS q ORDER BY gaiops_chat_row('echo', 'Hi') $$,
	$$ VALUES ((gaiops_chat_row('echo', 'Hi')).*) $$,
	$$ VALUES (1, NULL, NULL), (2, (gaiops_chat_row('echo', 'Hi')).answer, (gaiops_chat_row('echo', 'Hi')).model) $$,
	$$ CREATE TABLE public.made AS SELECT (gaiops_chat_row('echo', 'Hi')).* $$,
	$$ INSERT INTO public.question (id, body, trace_id) SELECT 100, (gaiops_chat_row('echo', 'Hi')).answer, (gaiops_chat_row('echo', 'Hi')).trace_id $$,
	$$ UPDATE public.question SET answer = (gaiops_chat_row('echo', body)).answer, trace_id = (gaiops_chat_row('echo', body)).trace_id $$,
	$$ UPDATE public.question SET answer = NULL WHERE id = 1 RETURNING (gaiops_chat_row('echo', body)).* $$,
	$$ DELETE FROM public.question WHERE (gaiops_chat_row('echo', body)).answer = 'x' AND (gaiops_chat_row('echo', body)).error_class IS NULL $$,
	$$ EXPLAIN SELECT (gaiops_chat_row('echo', 'Hi')).* $$,
	$$ DECLARE c CURSOR FOR SELECT (gaiops_chat_row('echo', 'Hi')).* $$,
	$$ DO 'BEGIN PERFORM (gaiops_chat_row(''echo'', q.body)).* FROM public.question AS q; END' $$,
	$$ SELECT count(*) FROM public.expanded WHERE answer IS NULL AND cost > 0 $$,
	$$ SELECT * FROM public.expanding() $$,
	$$ EXECUTE expanded('Hi') $$]) AS statement;
SELECT is((SELECT count(*) FROM gaiops.spans), :before::bigint, 'and no call was made');
SET statement_timeout = '20s';
SELECT lives_ok((SELECT format('EXPLAIN SELECT ARRAY[%s]', string_agg(format('(gaiops_chat_row(''echo'', random()::text || ''%s'')).answer', i), ', '))
	FROM generate_series(1, 1000) AS i), 'and many different calls are looked at in little time');
RESET statement_timeout;
DROP FUNCTION public.expanding();
DROP VIEW public.expanded, public.asked;
DROP TABLE public.question;

SELECT * FROM finish();
