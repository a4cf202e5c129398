-- Calling the endpoint inside the server: what a user sees.
SELECT gaiops_create_endpoint('echo', 'builtin:echo', description => 'Answers inside the server');
SELECT gaiops_create_endpoint('brief', 'builtin:echo', params => '{"temperature": 0.70, "max_tokens": 100}');
SELECT gaiops_create_endpoint('nobody', 'http://127.0.0.1:1/v1', max_retries => 0);
SET gaiops.experiment = 'Regression';

SELECT gaiops_chat('echo', 'Hi, I am Varun. How are you?');
SELECT gaiops_chat('echo', 'Hi', system => 'Be brief.', params => '{"temperature": 0.10}', session_id => 's1', user_id => 'varun',
	tags => '{"team": "search", "canary": true}', metadata => '{"note": [1, 2]}', timeout => '10 s');
SELECT gaiops_chat('echo', messages => '[{"role": "system", "content": "Be brief."}, {"role": "user", "content": [{"type": "text", "text": "A part"},
	{"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}]}]');
SELECT gaiops_chat('echo', 'She said "it''s" \n 日本 😀');
SELECT jsonb_pretty(gaiops_chat_completion('{"model": "brief", "messages": [{"role": "user", "content": "Hi"}], "temperature": 0.10}')
	#- '{gaiops,trace_id}' #- '{gaiops,span_id}' #- '{gaiops,latency_ms}');

-- On record: the facts, the request as sent, the answer, the tags.
SELECT name, span_type, status, error_class, purpose, endpoint, provider, model, response_model, finish_reason, input_tokens, output_tokens, cost,
	attempt, http_status, experiment, session_id, user_id
FROM gaiops.spans WHERE experiment = 'Regression' ORDER BY start_time;
SELECT kind, inputs, body, metadata FROM gaiops.span_payloads p JOIN gaiops.spans s USING (trace_id, span_id)
WHERE s.experiment = 'Regression' AND (s.session_id = 's1' OR s.endpoint = 'brief') ORDER BY p.start_time, kind;
SELECT key, value FROM gaiops.trace_tags WHERE trace_id IN (SELECT trace_id FROM gaiops.spans WHERE experiment = 'Regression') ORDER BY key;

-- Labels by setting, for a transaction.
BEGIN;
SET LOCAL gaiops.session_id = 'from setting';
SET LOCAL gaiops.user_id = 'from setting, too';
SET LOCAL gaiops.traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
SELECT gaiops_chat('echo', 'one');
SELECT gaiops_chat('echo', 'two', session_id => 'from argument');
SELECT gaiops_last_trace_id(), gaiops_trace_id_hex(gaiops_last_trace_id());
ROLLBACK;
SELECT trace_id, parent_span_id, session_id, user_id FROM gaiops.spans WHERE trace_id = '4bf92f3577b34da6a3ce929d0e0e4736' ORDER BY start_time;

-- A warning, once, that counts the calls that failed.
SELECT i, gaiops_chat(CASE WHEN i % 2 = 0 THEN 'nobody' ELSE 'echo' END, i::text, on_error => 'null') FROM generate_series(1, 5) i;
SELECT gaiops_chat('nobody', 'Hi', on_error => 'null');
SELECT gaiops_chat('echo', 'Hi', on_error => 'null');
DO $$ BEGIN FOR i IN 1 .. 3 LOOP PERFORM gaiops_chat('nobody', 'Hi', on_error => 'null'); END LOOP; END $$;
BEGIN;
DECLARE c CURSOR FOR SELECT gaiops_chat('nobody', i::text, on_error => 'null') FROM generate_series(1, 5) i;
FETCH 2 FROM c;
FETCH 1 FROM c;
COMMIT;
CREATE TABLE tickets (id int, answer text);
-- A failure within a statement that fails is not told with the next one.
SELECT gaiops_chat('nobody', 'Hi', on_error => 'null'), 1 / (random() * 0)::int;
SELECT gaiops_chat('echo', 'Hi', on_error => 'null');
-- In triggers of every kind, too; deferred ones run at the end.
CREATE FUNCTION ask() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE a text; BEGIN a := gaiops_chat('nobody', 'Hi', on_error => 'null'); NEW.answer := a; RETURN NEW; END $$;
CREATE TRIGGER a BEFORE INSERT ON tickets FOR EACH ROW EXECUTE FUNCTION ask();
INSERT INTO tickets SELECT i FROM generate_series(1, 3) i;
DROP TRIGGER a ON tickets;
CREATE TRIGGER a AFTER INSERT ON tickets FOR EACH ROW EXECUTE FUNCTION ask();
INSERT INTO tickets SELECT i FROM generate_series(4, 5) i;
DROP TRIGGER a ON tickets;
CREATE CONSTRAINT TRIGGER a AFTER INSERT ON tickets DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ask();
INSERT INTO tickets SELECT i FROM generate_series(6, 7) i;
BEGIN;
INSERT INTO tickets VALUES (8);
SELECT gaiops_chat('echo', 'Hi', on_error => 'null');
COMMIT;
BEGIN;
INSERT INTO tickets VALUES (9);
ROLLBACK;
SELECT count(*) FROM tickets;
DROP TABLE tickets;
DROP FUNCTION ask;

-- An unknown cost is NULL, with one warning a session for each model and reason.
SELECT gaiops_create_endpoint('unpriced', 'builtin:echo', model => 'my-model', provider => 'me');
SELECT gaiops_create_endpoint('half', 'builtin:echo', model => 'half-priced', provider => 'me');
SELECT gaiops_set_price('me', 'half-priced', input => 1);
SELECT gaiops_chat('unpriced', 'Hi');
SELECT gaiops_chat('unpriced', 'Hi');
SELECT gaiops_chat('half', 'Hi');
SELECT gaiops_chat('half', 'Hi');
SELECT count(*), count(cost) FROM gaiops.spans WHERE endpoint = 'unpriced';

SELECT gaiops_drop_endpoint(e) FROM unnest(ARRAY['unpriced', 'half', 'brief', 'nobody', 'echo']) e;
