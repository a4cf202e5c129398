-- What gaiops.traces says of traces of every kind, in some order of things by chance, is what
-- a plain definition says, which looks at all the spans of a trace for each of its columns.
\set QUIET on
SET client_min_messages = warning;
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT plan(15);

-- ---- the plain definition ----

CREATE FUNCTION pg_temp.entry(id uuid) RETURNS gaiops.all_spans LANGUAGE sql AS $$
	SELECT s FROM gaiops.all_spans AS s WHERE s.trace_id = id
	ORDER BY NOT s.is_entry, s.parent_span_id IS NOT NULL, s.is_entry AND NOT s.is_recorded,
		-- Of entries of a trace that an application began: the one that is named or says so, else one that says nothing, else what names another.
		(s.span_id = (SELECT j.span_id FROM gaiops.joined_traces AS j WHERE j.trace_id = id)) IS NOT TRUE,
		s.is_entry AND s.entry_start_time IS DISTINCT FROM s.start_time, s.is_entry AND s.entry_start_time IS NOT NULL,
		s.start_time, s.span_id LIMIT 1
$$;
-- The last attempt of the call that a span is the first attempt of, up to the next call of the same role and parent; there
-- is none after one that came through.
CREATE FUNCTION pg_temp.outcome(e gaiops.all_spans) RETURNS gaiops.all_spans LANGUAGE sql AS $$
	SELECT a FROM gaiops.all_spans AS a
	WHERE e.status <> 'OK' AND a.trace_id = e.trace_id AND a.parent_span_id IS NOT DISTINCT FROM e.parent_span_id
		AND a.session_role = e.session_role AND a.role = e.role AND a.start_time > e.start_time AND a.attempt > e.attempt
		AND NOT EXISTS (
			SELECT FROM gaiops.all_spans AS n
			WHERE n.trace_id = e.trace_id AND n.parent_span_id IS NOT DISTINCT FROM e.parent_span_id
				AND n.session_role = e.session_role AND n.role = e.role AND n.attempt = 1
				AND n.start_time > e.start_time AND n.start_time <= a.start_time)
	ORDER BY a.attempt DESC, a.start_time LIMIT 1
$$;
CREATE TEMP VIEW plain AS
	SELECT t.trace_id, CASE WHEN (o.o).span_id IS NULL THEN (e.e).status ELSE (o.o).status END AS status, (e.e).name, (e.e).start_time,
		(SELECT round(max(extract(epoch FROM s.start_time - (e.e).start_time) * 1000 + s.latency_ms::numeric), 3)::double precision
			FROM gaiops.all_spans AS s WHERE s.trace_id = t.trace_id) AS latency_ms,
		(SELECT gaiops.preview(gaiops.inputs_text(p.inputs)) FROM gaiops.span_payloads AS p
			WHERE p.trace_id = t.trace_id AND p.span_id = (e.e).span_id AND p.kind = 'request') AS request_preview,
		(SELECT gaiops.preview(coalesce(gaiops.answer_text(p.body), gaiops.inputs_text(p.inputs))) FROM gaiops.span_payloads AS p
			WHERE p.trace_id = t.trace_id AND p.span_id = coalesce((o.o).span_id, (e.e).span_id) AND p.kind = 'response') AS response_preview,
		CASE WHEN (o.o).span_id IS NULL THEN (e.e).error_class ELSE (o.o).error_class END AS error_class,
		(e.e).experiment, (e.e).model, (e.e).session_id, (e.e).user_id, (e.e).role,
		t.spans, t.calls, t.attempts, t.errors, t.unpriced, t.input_tokens, t.cost
	FROM (
		SELECT s.trace_id, count(*) AS spans, count(*) FILTER (WHERE s.attempt = 1) AS calls, count(s.attempt) AS attempts,
			count(*) FILTER (WHERE s.status = 'ERROR') AS errors,
			count(*) FILTER (WHERE s.attempt IS NOT NULL AND s.cost IS NULL AND (s.status = 'OK' OR s.input_tokens IS NOT NULL)) AS unpriced,
			sum(s.input_tokens)::bigint AS input_tokens, sum(s.cost) AS cost
		FROM gaiops.all_spans AS s GROUP BY s.trace_id) AS t
		CROSS JOIN LATERAL (SELECT pg_temp.entry(t.trace_id) AS e OFFSET 0) AS e
		CROSS JOIN LATERAL (SELECT pg_temp.outcome(e.e) AS o OFFSET 0) AS o
	WHERE (e.e).status <> 'IN_PROGRESS' OR EXISTS (SELECT FROM gaiops.spans AS r WHERE r.trace_id = t.trace_id);

-- ---- traces of every kind ----

SELECT gaiops.make_partition('gaiops.spans', m, m + interval '1 month')
FROM generate_series('2031-01-01 00:00+00'::timestamptz, '2031-03-01 00:00+00', '1 month') AS m \g /dev/null
CREATE TEMP SEQUENCE span;
-- Adds a span and returns its id; one that is open or of a server that died is an intent.
CREATE FUNCTION pg_temp.add(id uuid, parent text, is_entry boolean, attempt integer, status text, at timestamptz, who text DEFAULT 'r')
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	-- Not in the order of time: ids are drawn.
	span CONSTANT text := left(md5(nextval('pg_temp.span')::text), 16);
BEGIN
	IF status IN ('OPEN', 'DIED') THEN
		INSERT INTO gaiops.intents (trace_id, span_id, parent_span_id, name, span_type, purpose, experiment, session_role, role, is_entry, attempt, start_time, pid, incarnation)
		VALUES (id, span, parent, 'span ' || span, 'CHAIN', 'application', 'rows', who, who, is_entry, attempt, at, 1, CASE status WHEN 'OPEN' THEN gaiops.incarnation() ELSE gen_random_uuid() END);
		RETURN span;
	END IF;
	INSERT INTO gaiops.spans (trace_id, span_id, parent_span_id, name, span_type, status, error_class, purpose, experiment, model,
		session_role, role, is_entry, attempt, input_tokens, cost, start_time, latency_ms, session_id, user_id)
	VALUES (id, span, parent, 'span ' || span, CASE WHEN attempt IS NULL THEN 'CHAIN' ELSE 'CHAT_MODEL' END, status, CASE WHEN status <> 'OK' THEN 'timeout' || (random() * 3)::integer END,
		'application', 'rows', CASE WHEN attempt IS NOT NULL THEN 'm' || (random() * 3)::integer END, who, who, is_entry, attempt,
		nullif((random() * 10)::integer, 0), nullif((random() * 4)::integer, 0), at, nullif((random() * 5)::integer, 0), 's' || (random() * 9)::integer, who);
	INSERT INTO gaiops.span_payloads (trace_id, span_id, kind, start_time, inputs)
		SELECT id, span, k, at, jsonb_build_object('question', span) FROM unnest('{request,response}'::text[]) AS k WHERE random() < 0.5;
	RETURN span;
END
$$;
-- A call: attempts until one comes through, and perhaps it does not.
CREATE FUNCTION pg_temp.call(id uuid, parent text, is_entry boolean, at timestamptz, who text DEFAULT 'r', finish text DEFAULT NULL)
RETURNS timestamptz LANGUAGE plpgsql AS $$
DECLARE
	attempts CONSTANT integer := 1 + (random() * 2.4)::integer;
	last CONSTANT text := coalesce(finish, (ARRAY['OK', 'OK', 'ERROR', 'UNKNOWN'])[1 + (random() * 3)::integer]);
BEGIN
	FOR i IN 1 .. attempts LOOP
		PERFORM pg_temp.add(id, parent, is_entry AND i = 1, i, CASE WHEN i = attempts THEN last ELSE 'ERROR' END, at, who);
		at := at + (random() * 3 + 0.001) * interval '1 second';
	END LOOP;
	RETURN at;
END
$$;
CREATE FUNCTION pg_temp.trace(kind text, id uuid, at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	strange CONSTANT text := 'ffffffffffffffff';
	root text;
	inner_at timestamptz;
BEGIN
	CASE kind
	WHEN 'call' THEN PERFORM pg_temp.call(id, NULL, true, at);
	WHEN 'call that goes on' THEN PERFORM pg_temp.call(id, NULL, true, at, finish => (ARRAY['OPEN', 'DIED'])[1 + (random())::integer]);
	WHEN 'steps', 'steps that join', 'open steps', 'steps that died', 'steps whose beginning is gone', 'steps of days' THEN
		-- Steps of an application, in a trace of its own or of somebody else's.
		IF kind <> 'steps whose beginning is gone' THEN
			root := pg_temp.add(id, CASE WHEN kind = 'steps that join' OR random() < 0.3 THEN strange END, true, NULL,
				CASE kind WHEN 'open steps' THEN 'OPEN' WHEN 'steps that died' THEN 'DIED' ELSE 'OK' END, at);
		END IF;
		FOR i IN 1 .. (random() * 3)::integer LOOP
			at := pg_temp.call(id, coalesce(root, strange), false,
				CASE kind WHEN 'steps of days' THEN at + random() * interval '40 days' ELSE at + random() * interval '1 minute' END);
			inner_at := at;
			PERFORM pg_temp.call(id, pg_temp.add(id, coalesce(root, strange), false, NULL, 'OK', inner_at), false, inner_at);
		END LOOP;
	WHEN 'calls that join', 'calls that join within days' THEN
		-- Calls in somebody else's trace, of one role or of two, one after the other or at once, or at the same time.
		FOR i IN 1 .. 1 + (random() * 3)::integer LOOP
			inner_at := pg_temp.call(id, strange, true, at, (ARRAY['r', 'q'])[1 + (random() * 0.7)::integer],
				CASE WHEN random() < 0.2 THEN (ARRAY['OPEN', 'DIED'])[1 + random()::integer] END);
			at := CASE WHEN random() < 0.2 THEN at WHEN random() < 0.5 THEN at + random() * (inner_at - at) ELSE inner_at END
				+ CASE kind WHEN 'calls that join within days' THEN random() * interval '40 days' ELSE '0' END;
		END LOOP;
	WHEN 'call that is joined' THEN
		root := pg_temp.add(id, NULL, true, 1, 'ERROR', at);
		PERFORM pg_temp.call(id, root, true, at + random() * interval '3 days');
		PERFORM pg_temp.add(id, NULL, false, 2, (ARRAY['OK', 'ERROR'])[1 + random()::integer], at + interval '1 second');
	WHEN 'call that is joined, by clocks, before it began' THEN
		root := pg_temp.add(id, CASE WHEN random() < 0.2 THEN strange END, true, 1, (ARRAY['OK', 'ERROR'])[1 + random()::integer], at);
		PERFORM pg_temp.call(id, root, true, at - random() * random() * interval '20 hours');
		PERFORM pg_temp.call(id, root, true, at - interval '20 milliseconds');
	END CASE;
END
$$;
SELECT setseed(0.25) \g /dev/null
-- What an application began has an id of its own making; ids of ours have the time in them.
SELECT count(pg_temp.trace(k, CASE WHEN k LIKE '%that join%' THEN gen_random_uuid()
		ELSE overlay(overlay(gen_random_uuid()::text PLACING '01a2' FROM 1) PLACING '7' FROM 15)::uuid END,
	'2030-12-25 00:00+00'::timestamptz + random() * interval '90 days'))
FROM unnest(ARRAY['call', 'call that goes on', 'steps', 'steps that join', 'open steps', 'steps that died', 'steps whose beginning is gone',
	'steps of days', 'calls that join', 'calls that join within days', 'call that is joined',
	'call that is joined, by clocks, before it began']) AS k, generate_series(1, 60) \g /dev/null
-- Half of what is no entry says when its trace entered the database, as 0.1.0 did not.  What that was may be gone with its month.
UPDATE gaiops.spans AS s SET entry_start_time = coalesce(
		(SELECT min(e.start_time) FROM gaiops.all_spans AS e WHERE e.trace_id = s.trace_id AND e.is_entry AND e.start_time <= s.start_time),
		date_trunc('month', s.start_time, 'UTC') - interval '1 second')
	WHERE s.experiment = 'rows' AND NOT s.is_entry AND random() < 0.5;
-- Of three traces in four the writer has named the first to end, which may have begun later; 0.1.0 has named the first to begin of some.
INSERT INTO gaiops.joined_traces
	SELECT DISTINCT ON (s.trace_id) s.trace_id, s.span_id, s.start_time FROM gaiops.spans AS s
	WHERE s.experiment = 'rows' AND s.is_entry AND s.parent_span_id IS NOT NULL AND s.trace_id::text ~ '[2-9a-f]$' AND s.trace_id::text !~ '^0.{13}7'
	ORDER BY s.trace_id, CASE WHEN s.trace_id::text ~ '[4-9a-f]$' THEN random() END, s.start_time, s.span_id;
-- One in four is gone with its month.
UPDATE gaiops.joined_traces SET span_id = 'gone', start_time = date_trunc('month', start_time, 'UTC') - interval '1 second'
	WHERE trace_id::text ~ '[c-f]$';
UPDATE gaiops.spans AS s SET entry_start_time = CASE WHEN j.start_time = s.start_time AND j.span_id <> s.span_id THEN j.start_time - interval '1 microsecond' ELSE j.start_time END
	FROM gaiops.joined_traces AS j
	WHERE j.trace_id = s.trace_id AND s.is_entry AND s.parent_span_id IS NOT NULL AND s.trace_id::text ~ '[4-9a-f]$';
-- In a subscriber of several publishers more than one may say nothing.  A call that joins when the first is gone is the first again.
UPDATE gaiops.spans SET entry_start_time = NULL WHERE trace_id::text ~ '[89]$' AND is_entry AND (entry_start_time = start_time OR trace_id::text ~ '9$');
UPDATE gaiops.spans AS s SET entry_start_time = s.start_time
	FROM (SELECT trace_id, (array_agg(span_id ORDER BY start_time DESC, span_id))[1] AS span_id FROM gaiops.spans WHERE trace_id::text ~ '[f]$' AND is_entry AND entry_start_time IS NOT NULL GROUP BY trace_id) AS l
	WHERE (s.trace_id, s.span_id) = (l.trace_id, l.span_id);
UPDATE gaiops.joined_traces AS j SET span_id = s.span_id, start_time = s.start_time FROM gaiops.spans AS s
	WHERE s.trace_id = j.trace_id AND j.trace_id::text ~ '[f]$' AND s.is_entry AND s.entry_start_time = s.start_time;
SELECT cmp_ok(count(*), '>', 10::bigint, 'of some what shows them has not begun first') FROM gaiops.spans AS s
	WHERE s.is_entry AND s.entry_start_time = s.start_time AND EXISTS (SELECT FROM gaiops.spans AS b WHERE b.trace_id = s.trace_id AND b.is_entry AND b.start_time < s.start_time);
SELECT cmp_ok(count(*), '>', 50::bigint, 'there are traces that were joined') FROM gaiops.joined_traces;
CREATE TEMP TABLE expected AS SELECT * FROM plain WHERE experiment = 'rows';

SELECT cmp_ok(count(*), '>', 450::bigint, 'there are traces') FROM expected;
SELECT set_eq('SELECT DISTINCT status FROM expected', '{OK,ERROR,UNKNOWN,IN_PROGRESS}'::text[], 'with every status');
CREATE FUNCTION pg_temp.columns() RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(attname, ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'expected'::regclass AND attnum > 0
$$;
SELECT bag_eq('SELECT ' || pg_temp.columns() || ' FROM gaiops.traces WHERE experiment = ''rows''', 'SELECT * FROM expected', 'all columns are those of the plain definition');
SELECT bag_eq('SELECT status, count(*) FROM gaiops.traces WHERE experiment = ''rows'' GROUP BY status', 'SELECT status, count(*) FROM expected GROUP BY status', 'so they are where they are counted');
SELECT bag_eq('SELECT model FROM gaiops.traces WHERE experiment = ''rows'' AND start_time >= ''2031-01-20'' AND start_time < ''2031-02-10''',
	'SELECT model FROM expected WHERE start_time >= ''2031-01-20'' AND start_time < ''2031-02-10''', 'and of a time');
SELECT results_eq('SELECT trace_id, status, error_class, spans FROM gaiops.traces WHERE experiment = ''rows'' ORDER BY start_time DESC, trace_id LIMIT 50',
	'SELECT trace_id, status, error_class, spans FROM expected ORDER BY start_time DESC, trace_id LIMIT 50', 'and of the newest');
SELECT is_empty('SELECT trace_id FROM gaiops.traces GROUP BY trace_id HAVING count(*) > 1', 'no trace is shown twice');
SELECT set_eq('SELECT trace_id, start_time FROM gaiops.trace_entries(ARRAY(SELECT trace_id FROM expected))', 'SELECT trace_id, start_time FROM expected', 'functions take the same span');
SELECT bag_eq('SELECT t.trace_id, t.status, t.cost FROM expected AS e, LATERAL (SELECT * FROM gaiops.traces AS t WHERE t.trace_id = e.trace_id OFFSET 0) AS t', 'SELECT trace_id, status, cost FROM expected', 'each is found by its id');

-- ---- clocks that differ ----

SELECT gen_random_uuid() AS skewed \gset
SELECT pg_temp.add(:'skewed', NULL, true, 1, 'OK', '2031-02-01 00:00:00+00', 'r') AS root \gset
SELECT pg_temp.add(:'skewed', :'root', true, 1, 'OK', '2031-01-31 23:59:59.98+00', 'q') AS joined \gset
SELECT results_eq(format('SELECT name, start_time, role::text, spans FROM gaiops.traces WHERE trace_id = %L', :'skewed'),
	format('VALUES (%L, timestamptz ''2031-02-01 00:00:00+00'', ''r'', 2::bigint)', 'span ' || :'root'), 'what began the trace shows it, whatever clocks say');
SELECT is(span_id, :'root', 'so it does to functions') FROM gaiops.trace_entries(ARRAY[:'skewed']::uuid[]);
DELETE FROM gaiops.spans WHERE span_id = :'root';
SELECT results_eq(format('SELECT name FROM gaiops.traces WHERE trace_id = %L', :'skewed'), format('VALUES (%L)', 'span ' || :'joined'), 'once that is not here any more, what joined it does');
DELETE FROM gaiops.spans WHERE trace_id = :'skewed';
SET LOCAL enable_seqscan = off;
SET LOCAL enable_bitmapscan = off;
SELECT bag_eq('SELECT ' || pg_temp.columns() || ' FROM gaiops.traces WHERE experiment = ''rows''', 'SELECT * FROM expected', 'by any plan');

SELECT * FROM finish();
ROLLBACK;
