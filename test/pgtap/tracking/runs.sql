-- Experiments and what is said about them; runs, their ends, what is logged of
-- them, and how they are read.
\set ON_ERROR_STOP on
SET client_min_messages = error;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();
SELECT gaiops_create_endpoint('echo', 'builtin:echo') \g /dev/null

\ir ../../lib/raised.sql

CREATE FUNCTION public.status_of(id uuid) RETURNS text LANGUAGE sql AS $$ SELECT r.status FROM gaiops.runs r WHERE r.run_id = $1 $$;
-- What is ended by the end of a transaction is recorded without waiting: that is here waited for.
CREATE FUNCTION public.settled_status(id uuid) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	FOR i IN 1 .. 1000 LOOP
		EXIT WHEN NOT EXISTS (SELECT FROM gaiops.open_runs o WHERE o.run_id = id);
		PERFORM pg_sleep(0.01);
	END LOOP;
	RETURN public.status_of(id);
END $$;
CREATE FUNCTION public.metrics_of(id uuid) RETURNS jsonb LANGUAGE sql AS $$ SELECT r.metrics FROM gaiops.runs r WHERE r.run_id = $1 $$;

-- What the functions are.
SELECT is(p.oid::regprocedure::text || ' ' || pg_get_function_result(p.oid), e.signature, e.signature)
FROM (VALUES
	('gaiops_create_experiment(text,text,text,text,gaiops.ordered_json) text'),
	('gaiops_alter_experiment(text,text,text,text,gaiops.ordered_json) text'),
	('gaiops_start_run(text,gaiops.ordered_json,uuid,boolean,text) uuid'),
	('gaiops_end_run(text,uuid) uuid'),
	('gaiops_current_run() uuid'),
	('gaiops_log_param(text,text,uuid) void'),
	('gaiops_log_param(text,anyelement,uuid) void'),
	('gaiops_log_metric(text,double precision,bigint,uuid) void'),
	('gaiops_log_metrics(gaiops.ordered_json,bigint,uuid) void'),
	('gaiops_set_run_tag(text,text,uuid) void'),
	('gaiops_log_input(text,integer,uuid) integer'),
	('gaiops_compare_run_metrics(uuid[]) TABLE(key text, run_values double precision[], difference double precision)')) AS e (signature)
LEFT JOIN pg_proc AS p ON p.oid = to_regprocedure('pg_catalog.' || split_part(replace(e.signature, 'double precision', 'float8'), ' ', 1));
SELECT is_empty($$ SELECT proname FROM pg_proc WHERE proname IN ('gaiops_start_run', 'gaiops_end_run', 'gaiops_log_param', 'gaiops_log_metric', 'gaiops_log_metrics',
	'gaiops_set_run_tag', 'gaiops_log_input', 'gaiops_create_experiment', 'gaiops_alter_experiment') AND (provolatile <> 'v' OR proparallel <> 'u') $$, 'what writes is volatile, and for no parallel worker');

-- Experiments -------------------------------------------------------------------

SELECT is(gaiops_create_experiment('Triage', description => 'Sorts tickets', goal => 'accuracy > 0.9', owner => 'ann', tags => '{"team": "support", "n": 1.50, "ok": true}'), 'Triage', 'an experiment is made');
SELECT row_eq($$ SELECT description, goal, owner, tags, created_by, updated_by FROM gaiops.experiments WHERE name = 'Triage' $$,
	ROW('Sorts tickets'::text, 'accuracy > 0.9'::text, 'ann'::text, '{"team": "support", "n": "1.50", "ok": "true"}'::jsonb, current_user::text COLLATE "default", current_user::text COLLATE "default"), 'with description, goal, owner and tags');
SELECT is(gaiops_create_experiment('Bare'), 'Bare', 'one of which nothing is said');
SELECT row_eq($$ SELECT description, goal, owner, tags, updated_at, updated_by FROM gaiops.experiments WHERE name = 'Bare' $$,
	ROW(NULL::text, NULL::text, NULL::text, '{}'::jsonb, NULL::timestamptz, NULL::text), 'has nothing but its name');
SELECT is(gaiops_alter_experiment('Triage', goal => 'accuracy > 0.95', owner => '', tags => '{"n": null, "new": "x"}'), 'Triage', 'what is said is changed');
SELECT row_eq($$ SELECT description, goal, owner, tags FROM gaiops.experiments WHERE name = 'Triage' $$,
	ROW('Sorts tickets'::text, 'accuracy > 0.95'::text, NULL::text, '{"team": "support", "ok": "true", "new": "x"}'::jsonb),
	'NULL leaves as is, an empty text removes, tags are merged and a null removes one');
SELECT is(gaiops_alter_experiment('Bare'), 'Bare', 'nothing to change');
SELECT is((SELECT updated_at FROM gaiops.experiments WHERE name = 'Bare'), NULL, 'changes nothing');
SELECT is(gaiops_set_experiment('Used'), 'Used', 'one that was made by its use');
SELECT is(gaiops_alter_experiment('Used', 'said later'), 'Used', 'can be described');
RESET gaiops.experiment;
BEGIN;
SELECT is(gaiops_create_experiment('Rolled back', 'gone'), 'Rolled back', 'made in a transaction');
SELECT is((SELECT description FROM gaiops.experiments WHERE name = 'Rolled back'), 'gone', 'and seen there');
ROLLBACK;
SELECT row_eq($$ SELECT name, description FROM gaiops.experiments WHERE name = 'Rolled back' $$, ROW('Rolled back'::text, NULL::text), 'a rollback takes back what was said, and not the experiment');
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT count(*) FROM gaiops.experiments \g /dev/null
SELECT is(gaiops_create_experiment('Repeatable'), 'Repeatable', 'made under an older snapshot');
SELECT is(gaiops_alter_experiment('Repeatable', 'said'), 'Repeatable', 'and described');
COMMIT;
SELECT is((SELECT description FROM gaiops.experiments WHERE name = 'Repeatable'), 'said', 'is there after it');
SELECT is(pg_temp.raised('SELECT ' || a), e, a)
FROM (VALUES
	('gaiops_create_experiment(''Triage'')', E'42710\nexperiment "Triage" already exists\nUse gaiops_alter_experiment() to change what is said about it.'),
	('gaiops_create_experiment(''Rolled back'')', E'42710\nexperiment "Rolled back" already exists\nUse gaiops_alter_experiment() to change what is said about it.'),
	('gaiops_alter_experiment(''Nowhere'', ''x'')', E'42704\nexperiment "Nowhere" does not exist\nCreate it with gaiops_create_experiment(); gaiops.experiments lists those there are.'),
	('gaiops_create_experiment(NULL)', E'22004\nargument "name" must not be null'),
	('gaiops_alter_experiment(NULL, ''x'')', E'22004\nargument "name" must not be null'),
	('gaiops_create_experiment('''')', E'22023\nname of an experiment must have 1 to 255 bytes\nIt has 0.'),
	('gaiops_create_experiment(repeat(''x'', 256))', E'22023\nname of an experiment must have 1 to 255 bytes\nIt has 256.'),
	('gaiops_create_experiment(''N'', repeat(''x'', 10001))', E'22023\nargument "description" is too long\nIt has 10001 bytes; the limit is 10000.'),
	('gaiops_create_experiment(''N'', goal => repeat(''x'', 10001))', E'22023\nargument "goal" is too long\nIt has 10001 bytes; the limit is 10000.'),
	('gaiops_create_experiment(''N'', owner => repeat(''x'', 256))', E'22023\nargument "owner" is too long\nIt has 256 bytes; the limit is 255.'),
	('gaiops_create_experiment(''N'', tags => ''[]'')', E'22023\nargument "tags" must be a JSON object\nIt is of type array.\nFor example {"team": "support"}.'),
	('gaiops_alter_experiment(''Triage'', tags => ''1'')', E'22023\nargument "tags" must be a JSON object\nIt is of type number.\nFor example {"team": "support"}.'),
	('gaiops_create_experiment(''N'', tags => ''{"a": null}'')', E'22023\nvalue of tag "a" must be a string, a number or a boolean\nIt is of type null.'),
	('gaiops_alter_experiment(''Triage'', tags => ''{"a": {}}'')', E'22023\nvalue of tag "a" must be a string, a number or a boolean\nIt is of type object.'),
	('gaiops_alter_experiment(''Triage'', tags => (SELECT jsonb_object_agg(i, i) FROM generate_series(1, 62) i))',
		E'22023\nexperiment "Triage" would have too many tags\nIt would have 65; the limit is 64.\nRemove some: a null in place of its value removes a tag.')) AS t (a, e);
SELECT is_empty($$ SELECT name FROM gaiops.experiments WHERE name = 'N' $$, 'what is refused makes no experiment');
SELECT is(pg_temp.raised('SET transaction_read_only = on; SELECT ' || f || '(''Read only'')'), E'25006\ncannot execute ' || f || '() in a read-only transaction', f || ' in a read-only transaction')
FROM unnest(ARRAY['gaiops_create_experiment', 'gaiops_alter_experiment']) AS f;

-- A run -------------------------------------------------------------------------

SELECT is(gaiops_current_run(), NULL, 'no run yet');
SET gaiops.experiment = 'Runs';
SET application_name = 'runs.sql';
SELECT gaiops_start_run('first', tags => '{"stage": "test", "n": 1.50, "ok": true}') AS first \gset
SELECT is(gaiops_current_run(), :'first', 'a run that was started is the current one');
SELECT is(current_setting('gaiops.run_id'), :'first', 'as the setting says');
SELECT is(substr(:'first', 15, 1), '7', 'its id is a uuid of version 7');
SELECT row_eq($$ SELECT name, experiment, status, end_time, parent_run_id, params, metrics, tags, datasets, role, session_role, application_name
		FROM gaiops.runs WHERE run_id = gaiops_current_run() $$,
	ROW('first'::text, 'Runs'::text, 'RUNNING'::text, NULL::timestamptz, NULL::uuid, '{}'::jsonb, '{}'::jsonb, '{"stage": "test", "n": "1.50", "ok": "true"}'::jsonb,
		'[]'::jsonb, current_user::text COLLATE "default", session_user::text COLLATE "default", 'runs.sql'::text), 'and what gaiops.runs says of it');
SELECT is((SELECT name FROM gaiops.experiments WHERE name = 'Runs'), 'Runs', 'its experiment is made');
SELECT gaiops_chat('echo', 'in it') \g /dev/null
SELECT is((SELECT run_id FROM gaiops.spans WHERE trace_id = gaiops_last_trace_id()), :'first', 'a call attaches to it');
SELECT gaiops_start_span('outer') \g /dev/null
SELECT is((SELECT run_id FROM gaiops.calls_in_flight), :'first', 'so does a span');
SELECT gaiops_end_span() \g /dev/null
SELECT is((SELECT run_id FROM gaiops.traces WHERE trace_id = gaiops_last_trace_id()), :'first', 'which its trace tells');
SELECT is(pg_temp.raised('SELECT gaiops_start_run()'),
	format(E'55000\nrun "%s" is current already\nEnd it with gaiops_end_run(), or give parent_run_id => gaiops_current_run() to start one within it.', :'first'), 'no run is started over another');

-- A run within a run.
SELECT gaiops_start_run('child', parent_run_id => gaiops_current_run()) AS child \gset
SELECT is(gaiops_current_run(), :'child', 'a run within it is the current one then');
SELECT is((SELECT parent_run_id FROM gaiops.runs WHERE run_id = :'child'), :'first', 'and knows its parent');
SELECT gaiops_start_run('grandchild', parent_run_id => gaiops_current_run()) AS grandchild \gset
SELECT is(gaiops_end_run(), :'grandchild', 'it ends first');
SELECT is(gaiops_current_run(), :'child', 'its parent is current again');
SELECT is(gaiops_end_run('FAILED'), :'child', 'so does the next');
SELECT is(gaiops_current_run(), :'first', 'up to the first');
SELECT is(public.status_of(r.id), r.status, 'status ' || r.status) FROM (VALUES (:'grandchild'::uuid, 'FINISHED'), (:'child', 'FAILED'), (:'first', 'RUNNING')) AS r (id, status);
SELECT is(gaiops_end_run(status => 'KILLED'), :'first', 'the first ends');
SELECT is(gaiops_current_run(), NULL, 'none is current any more');
SELECT is(current_setting('gaiops.run_id'), '', 'and the setting is empty');
SELECT ok(end_time >= start_time AND status = 'KILLED', 'when it ended is known') FROM gaiops.runs WHERE run_id = :'first';
SELECT is_empty('SELECT * FROM gaiops.open_runs', 'nothing is open');
SELECT gaiops_chat('echo', 'outside') \g /dev/null
SELECT is((SELECT run_id FROM gaiops.spans WHERE trace_id = gaiops_last_trace_id()), NULL, 'a call attaches to no run that is over');
SELECT gaiops_start_run(parent_run_id => :'first') AS late \gset
SELECT is(gaiops_end_run(), :'late', 'a run within one that has ended, without a name');
SELECT is(gaiops_current_run(), NULL, 'leads back to none');

-- Parents and others, in any order.
SELECT gaiops_start_run() AS a \gset
SELECT gaiops_start_run(parent_run_id => :'a') AS b \gset
SELECT is(gaiops_end_run(run_id => :'a'), :'a', 'a parent is ended before its child');
SELECT is(gaiops_current_run(), :'b', 'which stays the current one');
SELECT is(gaiops_end_run(), :'b', 'until it ends');
SELECT is(gaiops_current_run(), NULL, 'and does not lead back to what is over');

-- What is refused.
SELECT is(pg_temp.raised('SELECT ' || a), e, a)
FROM (VALUES
	('gaiops_end_run()', E'55000\nno run is current\nStart one with gaiops_start_run(), or give a run_id.'),
	('gaiops_end_run(NULL)', E'22004\nargument "status" must not be null'),
	('gaiops_end_run(''finished'')', E'22023\ninvalid status "finished"\nUse "FINISHED", "FAILED" or "KILLED".'),
	('gaiops_end_run(''RUNNING'')', E'22023\ninvalid status "RUNNING"\nUse "FINISHED", "FAILED" or "KILLED".'),
	('gaiops_end_run(run_id => ''00000000-0000-4000-8000-000000000000'')', E'42704\nrun "00000000-0000-4000-8000-000000000000" does not exist'),
	('gaiops_start_run(parent_run_id => ''00000000-0000-4000-8000-000000000000'')', E'42704\nrun "00000000-0000-4000-8000-000000000000" does not exist'),
	('gaiops_start_run('''')', E'22023\nname of a run must have 1 to 255 bytes\nNULL gives it no name.'),
	('gaiops_start_run(repeat(''x'', 256))', E'22023\nname of a run must have 1 to 255 bytes\nNULL gives it no name.'),
	('gaiops_start_run(tags => ''[]'')', E'22023\nargument "tags" must be a JSON object'),
	('gaiops_start_run(tags => ''{"a": null}'')', E'22023\nvalue of tag "a" must be a string, a number or a boolean'),
	('gaiops_start_run(tags => ''{"": 1}'')', E'22023\nkey of a tag must have 1 to 250 bytes'),
	('gaiops_start_run(tags => jsonb_build_object(''a'', repeat(''x'', 5001)))', E'22023\nvalue of tag "a" is too long\nIt has 5001 bytes; the limit is 5000.'),
	('gaiops_start_run(tags => (SELECT jsonb_object_agg(i, i) FROM generate_series(1, 65) i))', E'22023\ntags must be a JSON object of at most 64 tags')) AS t (a, e);
SELECT is(gaiops_current_run(), NULL, 'what is refused starts nothing');
SELECT matches(pg_temp.raised(format('SELECT gaiops_end_run(''FINISHED'', %L)', :'child')),
	format(E'^55000\nrun "%s" has ended already\nIt is FAILED since \\d{4}-.*\\.$', :'child'), 'a run ends once');
SELECT is(public.status_of(:'child'), 'FAILED', 'and stays what it was');

-- The setting.
SELECT is(pg_temp.raised('SET gaiops.run_id = ''x'''), E'22023\ninvalid value for parameter "gaiops.run_id": "x"\nThe id of a run is a uuid.', 'the setting is an id');
SET gaiops.run_id = '{A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11}';
SELECT is(gaiops_current_run(), 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'in any form that a uuid may have');
RESET gaiops.run_id;
SELECT is(gaiops_current_run(), NULL, 'and is reset');

-- Transactions ------------------------------------------------------------------

BEGIN;
SELECT gaiops_start_run('kept') AS kept \gset
COMMIT;
SELECT is(gaiops_current_run(), :'kept', 'a run outlives the transaction it was started in');
BEGIN;
SELECT is(gaiops_end_run(), :'kept', 'it is ended in another one');
SELECT is(gaiops_current_run(), NULL, 'none is current there');
ROLLBACK;
SELECT is(public.status_of(:'kept'), 'FINISHED', 'which a rollback does not undo');
SELECT is(current_setting('gaiops.run_id'), :'kept', 'the setting comes back');
SELECT is(gaiops_current_run(), NULL, 'and the run does not');
SELECT gaiops_chat('echo', 'after it') \g /dev/null
SELECT is((SELECT run_id FROM gaiops.spans WHERE trace_id = gaiops_last_trace_id()), NULL, 'nor do calls attach to it');

-- It need not be reset before the next one.
BEGIN;
SELECT gaiops_start_run('rolled back') AS rolled \gset
SELECT gaiops_log_metric('m', 1) \g /dev/null
ROLLBACK;
SELECT is(gaiops_current_run(), NULL, 'a run whose start is rolled back is current no more');
SELECT is(public.settled_status(:'rolled'), 'FAILED', 'has ended as FAILED');
SELECT is(public.metrics_of(:'rolled'), '{"m": 1}', 'and keeps what was logged');
RESET gaiops.run_id;

SELECT gaiops_start_run('outer') AS outer \gset
BEGIN;
SAVEPOINT one;
SELECT gaiops_start_run('inner', parent_run_id => :'outer') AS inner \gset
ROLLBACK TO one;
SELECT is(gaiops_current_run(), :'outer', 'a savepoint brings back the run before');
SELECT is(public.settled_status(:'inner'), 'FAILED', 'and fails the one that was started after it');
SELECT gaiops_start_run('inner', parent_run_id => :'outer') AS inner \gset
RELEASE one;
SELECT is(gaiops_current_run(), :'inner', 'one that is released keeps it');
SAVEPOINT two;
SELECT is(gaiops_end_run(), :'inner', 'the inner one ends');
SELECT is(gaiops_current_run(), :'outer', 'its parent is current');
ROLLBACK TO two;
SELECT is(gaiops_current_run(), :'outer', 'which it still is when the setting comes back');
SELECT is(public.status_of(:'inner'), 'FINISHED', 'as it was ended');
COMMIT;
SET gaiops.run_id = :'outer';
SELECT is(gaiops_end_run(), :'outer', 'a run can be made current by hand, and ended');

DO $$
BEGIN
	BEGIN
		PERFORM gaiops_start_run('in PL/pgSQL');
		RAISE division_by_zero;
	EXCEPTION WHEN division_by_zero THEN
	END;
END $$;
SELECT is(public.settled_status(run_id), 'FAILED', 'an exception that is caught fails a run, too') FROM gaiops.runs WHERE name = 'in PL/pgSQL';
\set ON_ERROR_STOP off
SELECT gaiops_start_run('failed statement'), 1 / 0;
\set ON_ERROR_STOP on
SELECT is(public.settled_status(run_id), 'FAILED', 'so does a statement that fails') FROM gaiops.runs WHERE name = 'failed statement';

-- For a transaction alone.
BEGIN;
SELECT gaiops_start_run('local', is_local => true) AS local \gset
SELECT is(gaiops_current_run(), :'local', 'a local run is current in its transaction');
COMMIT;
SELECT is(gaiops_current_run(), NULL, 'and not after it');
SELECT is(public.settled_status(:'local'), 'FINISHED', 'which has ended it');
BEGIN;
SELECT gaiops_start_run('local', is_local => true) AS local \gset
ROLLBACK;
SELECT is(public.settled_status(:'local'), 'FAILED', 'a rollback fails it');
BEGIN;
SELECT gaiops_start_run('local', is_local => true) AS local \gset
SELECT is(gaiops_end_run('KILLED'), :'local', 'it can be ended before');
COMMIT;
SELECT is(public.status_of(:'local'), 'KILLED', 'and stays so');
SELECT gaiops_start_run('session') AS session \gset
BEGIN;
SELECT gaiops_start_run('local', parent_run_id => :'session', is_local => true) AS local \gset
SELECT is(gaiops_end_run(), :'local', 'one within a run of the session');
SELECT is(gaiops_current_run(), :'session', 'leads back to that');
SET LOCAL gaiops.run_id = '';
SELECT is(gaiops_end_run(run_id => :'session'), :'session', 'which is ended while it is not current');
COMMIT;
SELECT is(gaiops_current_run(), NULL, 'and is over when it would be current again');
RESET gaiops.run_id;
SELECT gaiops_start_run('at once', is_local => true) AS local \gset
SELECT is(public.settled_status(:'local'), 'FINISHED', 'outside of a block a local run ends with its statement');

SELECT gaiops_start_run('session') AS session \gset
BEGIN;
SELECT gaiops_start_run('local', parent_run_id => :'session', is_local => true) AS local \gset
SELECT gaiops_start_run('not local', parent_run_id => :'local') AS within \gset
SELECT is(gaiops_current_run(), :'within', 'one within a local run that is not local itself');
COMMIT;
SELECT is(gaiops_current_run(), :'session', 'does not take the place of the one of the session');
SELECT is(public.status_of(:'within'), 'RUNNING', 'though it goes on');
SELECT is(gaiops_end_run(run_id => :'within'), :'within', 'until it is ended');
SELECT is(gaiops_current_run(), :'session', 'which changes nothing for that of the session');
BEGIN;
SELECT gaiops_start_run('local', parent_run_id => :'session', is_local => true) AS local \gset
SELECT gaiops_start_run('not local', parent_run_id => :'local') AS within \gset
SELECT is(gaiops_end_run(), :'within', 'ended in the transaction');
SELECT is(gaiops_current_run(), :'local', 'it leads back to the local one');
COMMIT;
SELECT is(gaiops_current_run(), :'session', 'and that to the one of the session');
SELECT gaiops_end_run() \g /dev/null

-- Back to what was current, whatever ends it.
INSERT INTO gaiops.run_starts SELECT gen_random_uuid(), 'of another', 'Runs', NULL, 'r', 'r', NULL, 1, gaiops.incarnation(), now() RETURNING run_id AS other \gset
SET gaiops.run_id = :'other';
SELECT gaiops_start_run('within it', parent_run_id => :'other') AS within \gset
SELECT is(gaiops_end_run(), :'within', 'a run within one that was joined');
SELECT is(gaiops_current_run(), :'other', 'leads back to that');
SELECT gaiops_start_run('within it', parent_run_id => :'other') AS within \gset
SELECT is(gaiops_end_run(run_id => :'other'), :'other', 'unless it was ended meanwhile');
SELECT is(gaiops_end_run(), :'within', 'by this session');
SELECT is(gaiops_current_run(), NULL, 'then none is current');
SELECT gaiops_start_run('outer') AS outer \gset
SELECT gaiops_start_run('inner', parent_run_id => :'outer') AS inner \gset
SET gaiops.run_id = :'inner';
SELECT is(gaiops_end_run(), :'inner', 'one that was made current by hand');
SELECT is(gaiops_current_run(), :'outer', 'leads back, too');
SELECT gaiops_start_run('elsewhere', parent_run_id => :'other') AS elsewhere \gset
SELECT is(gaiops_end_run(), :'elsewhere', 'and one within another run than the current one');
SELECT is(gaiops_current_run(), :'outer', 'to the one that was current');
SELECT gaiops_start_run('inner', parent_run_id => :'outer') AS inner \gset
INSERT INTO gaiops.run_ends VALUES (:'inner', 'KILLED', now());
SELECT matches(pg_temp.raised('SELECT gaiops_end_run()'), format(E'^55000\nrun "%s" has ended already\n', :'inner'), 'a run that was ended elsewhere');
SELECT is(gaiops_current_run(), :'outer', 'leads back all the same');
SELECT gaiops_end_run() \g /dev/null

-- A session that has had many runs remembers none of them.
CREATE FUNCTION public.start_and_end(n integer) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
	FOR i IN 1 .. n LOOP
		PERFORM gaiops_start_run(), gaiops_end_run();
	END LOOP;
	RETURN (SELECT count(*) FROM pg_backend_memory_contexts WHERE name ~ '^genaiops');
END $$;
SELECT is(public.start_and_end(300), public.start_and_end(1), 'runs that are over take no memory');
SELECT is(current_setting('gaiops.run_id'), '', 'nor is one current');
DO $$ BEGIN
	PERFORM gaiops_start_run();
	FOR i IN 1 .. 31 LOOP
		PERFORM gaiops_start_run(parent_run_id => gaiops_current_run());
	END LOOP;
END $$;
SELECT is(pg_temp.raised('SELECT gaiops_start_run(parent_run_id => gaiops_current_run())'),
	E'54000\ntoo many open runs\nA session can have 32.\nEnd runs with gaiops_end_run().', 'but there is a limit to those that are open');
DO $$ BEGIN
	WHILE gaiops_current_run() IS NOT NULL LOOP
		PERFORM gaiops_end_run();
	END LOOP;
END $$;
SELECT is_empty('SELECT * FROM gaiops.open_runs', 'all of them are ended, from the inside out');

-- What is logged ----------------------------------------------------------------

CREATE TYPE public.pair AS (a integer, b text);
CREATE DOMAIN public.document AS jsonb;
SET DateStyle = 'German';
SELECT gaiops_start_run('logged') AS logged \gset
SELECT gaiops_log_param('text', 'yes'), gaiops_log_param('integer', 4), gaiops_log_param('numeric', 0.50), gaiops_log_param('float', 0.1::float8), gaiops_log_param('boolean', true),
	gaiops_log_param('jsonb', '{"a": [1, "x"]}'::jsonb), gaiops_log_param('array', ARRAY['a', 'b']), gaiops_log_param('varchar', 'v'::varchar), gaiops_log_param('jsonb text', '"bare"'::jsonb),
	gaiops_log_param('date', '2026-01-02'::date), gaiops_log_param('empty', ''), gaiops_log_param('large', 1e300::float8), gaiops_log_param('row', (1, 'x')::public.pair),
	gaiops_log_param('json', '{"a":  1}'::json), gaiops_log_param('domain', '["x"]'::public.document), gaiops_log_param('interval', '1 day'::interval) \g /dev/null
SELECT is(params, '{"text": "yes", "integer": "4", "numeric": "0.50", "float": "0.1", "boolean": "true", "jsonb": "{\"a\": [1, \"x\"]}", "array": "[\"a\", \"b\"]", "varchar": "v",
	"jsonb text": "bare", "date": "2026-01-02", "empty": "", "large": "1e+300", "row": "{\"a\": 1, \"b\": \"x\"}", "json": "{\"a\": 1}", "domain": "[\"x\"]", "interval": "1 day"}', 'parameters of any type') FROM gaiops.runs WHERE run_id = :'logged';
RESET DateStyle;
SELECT lives_ok($$ SELECT gaiops_log_param('integer', 4), gaiops_log_param('integer', '4') $$, 'the same value again');
SELECT is(pg_temp.raised($$ SELECT gaiops_log_param('integer', 5) $$),
	format(E'23505\nparameter "integer" of run "%s" has another value already\nIts value is "4".\nA parameter is written once. Log what changes with gaiops_log_metric() or gaiops_set_run_tag().', :'logged'), 'another value');
SELECT is((SELECT params ->> 'integer' FROM gaiops.runs WHERE run_id = :'logged'), '4', 'does not replace it');
SELECT is((SELECT count(*) FROM gaiops.run_params WHERE run_id = :'logged'), 16::bigint, 'each is there once');

SELECT gaiops_log_metric('accuracy', 0.5), gaiops_log_metric('accuracy', 0.75, 2), gaiops_log_metric('accuracy', 0.6, step => 1), gaiops_log_metric('accuracy', 1, -1), gaiops_log_metric('integer', 4) \g /dev/null
SELECT is(public.metrics_of(:'logged'), '{"accuracy": 0.75, "integer": 4}', 'the latest value of a metric is that of the highest step');
SELECT gaiops_log_metric('accuracy', 0.8, 2) \g /dev/null
SELECT is(public.metrics_of(:'logged') -> 'accuracy', '0.8', 'and of these the one logged last');
SELECT results_eq($$ SELECT step, value FROM gaiops.run_metrics WHERE run_id = gaiops_current_run() AND key = 'accuracy' ORDER BY step, logged_at $$,
	$$ VALUES (-1::bigint, 1::float8), (0, 0.5), (1, 0.6), (2, 0.75), (2, 0.8) $$, 'gaiops.run_metrics has the history');
SELECT gaiops_log_metrics('{"loss": 0.25, "big": 1e300, "none": "NaN", "most": "Infinity", "least": "-Infinity"}', step => 7), gaiops_log_metric('nan', 'NaN'), gaiops_log_metrics('{}') \g /dev/null
SELECT is(public.metrics_of(:'logged') - 'accuracy' - 'integer', jsonb_build_object('loss', 0.25, 'big', 1e300::float8, 'none', 'NaN', 'most', 'Infinity', 'least', '-Infinity', 'nan', 'NaN'),
	'several at once; what JSON has no number for is a text');
SELECT is((SELECT array_agg(DISTINCT step) FROM gaiops.run_metrics WHERE key IN ('loss', 'most')), ARRAY[7::bigint], 'at their step');
SELECT gaiops_log_metrics('{"tiny": 1e-400, "less": -1e-400, "denormal": 5e-324}') \g /dev/null
SELECT is((SELECT array_agg(value ORDER BY key) FROM gaiops.run_metrics WHERE run_id = :'logged' AND key IN ('tiny', 'less', 'denormal')), ARRAY[5e-324, 0, 0]::float8[], 'what is too small is 0');
SELECT is(pg_temp.raised($$ SELECT gaiops_log_metrics('{"good": 1, "zbad": "x"}') $$), E'22023\nvalue of metric "zbad" must be a number\n"NaN", "Infinity" and "-Infinity" are taken as texts.', 'one that is no number');
SELECT ok(NOT public.metrics_of(:'logged') ? 'good', 'keeps all of them out');
SELECT gaiops_log_metrics((SELECT jsonb_object_agg('many/' || i, i) FROM generate_series(1, 1000) AS i)) \g /dev/null
SELECT is((SELECT count(*) FROM jsonb_object_keys(public.metrics_of(:'logged')) AS k WHERE k LIKE 'many/%'), 1000::bigint, 'a thousand at once');

SELECT gaiops_set_run_tag('stage', 'test'), gaiops_set_run_tag('stage', 'production'), gaiops_set_run_tag('note', '') \g /dev/null
SELECT is(tags, '{"stage": "production", "note": ""}', 'tags are set, and replaced') FROM gaiops.runs WHERE run_id = :'logged';

-- All of it stays when it is rolled back, and is seen under an older snapshot.
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT count(*) FROM gaiops.runs \g /dev/null
SELECT gaiops_start_run('under an older snapshot', parent_run_id => :'logged') AS snapshot \gset
SELECT gaiops_log_param('p', 1), gaiops_log_param('p', 1), gaiops_log_metric('m', 1), gaiops_set_run_tag('t', '1') \g /dev/null
SELECT matches(pg_temp.raised($$ SELECT gaiops_log_param('p', 2) $$), '^23505\n', 'a parameter is written once, whatever the snapshot');
SELECT is(gaiops_end_run(), :'snapshot', 'and the run ends');
ROLLBACK;
SELECT row_eq(format($$ SELECT status, params, metrics, tags FROM gaiops.runs WHERE run_id = %L $$, :'snapshot'), ROW('FINISHED'::text, '{"p": "1"}'::jsonb, '{"m": 1}'::jsonb, '{"t": "1"}'::jsonb), 'a rollback undoes nothing of it');
SELECT is(gaiops_current_run(), :'logged', 'and leaves the run before it the current one');

-- To a run by its id, one that has ended, too; in a read-only transaction.
BEGIN READ ONLY;
SELECT gaiops_log_param('late', 'x', :'first'), gaiops_log_metric('late', 1, 0, :'first'), gaiops_log_metrics('{"later": 2}', 0, :'first'), gaiops_set_run_tag('late', 'x', :'first') \g /dev/null
COMMIT;
SELECT row_eq(format($$ SELECT params, metrics, tags ->> 'late' FROM gaiops.runs WHERE run_id = %L $$, :'first'), ROW('{"late": "x"}'::jsonb, '{"late": 1, "later": 2}'::jsonb, 'x'::text), 'to a run by its id');

-- Sizes, nulls, runs that are not there.
SELECT is(pg_temp.raised('SELECT ' || a), e, left(a, 60))
FROM (VALUES
	('gaiops_log_param(NULL, ''x'')', E'22004\nargument "key" must not be null'),
	('gaiops_log_param(''k'', NULL)', E'22004\nargument "value" must not be null'),
	('gaiops_log_param(''k'', NULL::integer)', E'22004\nargument "value" must not be null'),
	('gaiops_log_param('''', ''x'')', E'22023\nkey of a parameter must have 1 to 250 bytes'),
	('gaiops_log_param(repeat(''x'', 251), ''x'')', E'22023\nkey of a parameter must have 1 to 250 bytes'),
	('gaiops_log_param(''k'', repeat(''x'', 8001))', E'22023\nvalue of parameter "k" is too long\nIt has 8001 bytes; the limit is 8000.'),
	('gaiops_log_metric(NULL, 1)', E'22004\nargument "key" must not be null'),
	('gaiops_log_metric(''k'', NULL)', E'22004\nargument "value" must not be null'),
	('gaiops_log_metric(''k'', 1, NULL)', E'22004\nargument "step" must not be null'),
	('gaiops_log_metric('''', 1)', E'22023\nkey of a metric must have 1 to 250 bytes'),
	('gaiops_log_metric(repeat(''x'', 251), 1)', E'22023\nkey of a metric must have 1 to 250 bytes'),
	('gaiops_log_metrics(NULL)', E'22004\nargument "metrics" must not be null'),
	('gaiops_log_metrics(''{}'', NULL)', E'22004\nargument "step" must not be null'),
	('gaiops_log_metrics(''[1]'')', E'22023\nargument "metrics" must be a JSON object'),
	('gaiops_log_metrics(''{"a": null}'')', E'22023\nvalue of metric "a" must be a number\n"NaN", "Infinity" and "-Infinity" are taken as texts.'),
	('gaiops_log_metrics(''{"a": true}'')', E'22023\nvalue of metric "a" must be a number\n"NaN", "Infinity" and "-Infinity" are taken as texts.'),
	('gaiops_log_metrics(''{"a": {"b": 1}}'')', E'22023\nvalue of metric "a" must be a number\n"NaN", "Infinity" and "-Infinity" are taken as texts.'),
	('gaiops_log_metrics(''{"": 1}'')', E'22023\nkey of a metric must have 1 to 250 bytes'),
	('gaiops_log_metrics(''{"a": 1e400}'')', E'22003\nvalue of metric "a" is out of range for type double precision\n"Infinity" and "-Infinity" are taken as texts.'),
	('gaiops_log_metrics(''{"a": 1, "b": -1e400}'')', E'22003\nvalue of metric "b" is out of range for type double precision\n"Infinity" and "-Infinity" are taken as texts.'),
	('gaiops_set_run_tag(NULL, ''x'')', E'22004\nargument "key" must not be null'),
	('gaiops_set_run_tag(''k'', NULL)', E'22004\nargument "value" must not be null'),
	('gaiops_set_run_tag('''', ''x'')', E'22023\nkey of a tag must have 1 to 250 bytes'),
	('gaiops_set_run_tag(repeat(''x'', 251), ''x'')', E'22023\nkey of a tag must have 1 to 250 bytes'),
	('gaiops_set_run_tag(''k'', repeat(''x'', 5001))', E'22023\nvalue of tag "k" is too long\nIt has 5001 bytes; the limit is 5000.'),
	('gaiops_log_input(NULL)', E'22004\nargument "dataset" must not be null')) AS t (a, e);
SELECT lives_ok($$ SELECT gaiops_log_param(repeat('x', 250), repeat('x', 8000)), gaiops_log_metric(repeat('x', 250), 1), gaiops_set_run_tag(repeat('x', 250), repeat('x', 5000)) $$, 'the longest there may be');
SELECT is(pg_temp.raised(format('SELECT %s', replace(c, '$', '''00000000-0000-4000-8000-000000000000'''))), E'42704\nrun "00000000-0000-4000-8000-000000000000" does not exist', c)
FROM unnest(ARRAY['gaiops_log_param(''k'', ''x'', $)', 'gaiops_log_metric(''k'', 1, 0, $)', 'gaiops_log_metrics(''{"k": 1}'', 0, $)', 'gaiops_log_metrics(''{}'', 0, $)', 'gaiops_set_run_tag(''k'', ''x'', $)', 'gaiops_log_input(''d'', 1, $)']) AS c;

-- Datasets ----------------------------------------------------------------------

SELECT gaiops_create_dataset('golden'), gaiops_create_dataset('empty') \g /dev/null
SELECT gaiops_merge_record('golden', '{"question": "one"}') \g /dev/null
SELECT gaiops_merge_record('golden', '{"question": "two"}') \g /dev/null
SELECT is(gaiops_log_input('golden'), 2, 'a run works on the latest revision of a dataset');
SELECT is(gaiops_log_input('golden', 1), 1, 'or on an earlier one');
SELECT is(gaiops_log_input('golden', revision => 2), 2, 'the same again');
SELECT is(datasets, '[{"dataset": "golden", "revision": 1}, {"dataset": "golden", "revision": 2}]', 'is logged once') FROM gaiops.runs WHERE run_id = :'logged';
SELECT is(gaiops_log_input('golden', 1, :'first'), 1, 'for a run by its id');
BEGIN READ ONLY;
SELECT is(gaiops_log_input('golden', 2, :'first'), 2, 'in a read-only transaction');
COMMIT;
SELECT is(pg_temp.raised('SELECT ' || a), e, a)
FROM (VALUES
	('gaiops_log_input(''silver'')', E'42704\ndataset "silver" does not exist'),
	('gaiops_log_input(''golden'', 3)', E'42704\nrevision 3 of dataset "golden" does not exist'),
	('gaiops_log_input(''golden'', 0)', E'42704\nrevision 0 of dataset "golden" does not exist'),
	('gaiops_log_input(''empty'')', E'55000\ndataset "empty" has no revision yet\nPut records into it with gaiops_merge_records().')) AS t (a, e);
BEGIN;
SAVEPOINT changed;
SELECT gaiops_merge_record('golden', '{"question": "three"}') \g /dev/null
RELEASE changed;
SELECT is(pg_temp.raised(a), E'55000\nrevision 3 of dataset "golden" is not committed\nThis transaction has made it; what a run worked on is recorded for good.\nCOMMIT first, or give an earlier revision.', a)
FROM unnest(ARRAY['SELECT gaiops_log_input(''golden'')', 'SELECT gaiops_log_input(''golden'', 3)']) AS a;
SELECT is(gaiops_log_input('golden', 2), 2, 'an earlier revision is committed');
COMMIT;
SELECT is(gaiops_log_input('golden'), 3, 'and so is that one now');
SELECT gaiops_end_run() \g /dev/null
SELECT is(pg_temp.raised('SELECT ' || c), E'55000\nno run is current\nStart one with gaiops_start_run(), or give a run_id.', 'without a run: ' || c)
FROM unnest(ARRAY['gaiops_log_param(''k'', ''x'')', 'gaiops_log_param(''k'', 1)', 'gaiops_log_metric(''k'', 1)', 'gaiops_log_metrics(''{"k": 1}'')', 'gaiops_set_run_tag(''k'', ''x'')', 'gaiops_log_input(''golden'')']) AS c;

-- Side by side ------------------------------------------------------------------

SELECT gaiops_start_run('one') AS one \gset
SELECT gaiops_log_metrics('{"accuracy": 0.5, "only one": 1, "bad": "NaN"}'), gaiops_end_run() \g /dev/null
SELECT gaiops_start_run('two') AS two \gset
SELECT gaiops_log_metrics('{"accuracy": 0.75, "only two": 2, "bad": 1}'), gaiops_end_run() \g /dev/null
SELECT gaiops_start_run('three') AS three \gset
SELECT gaiops_end_run() \g /dev/null
SELECT results_eq(format('SELECT * FROM gaiops_compare_run_metrics(ARRAY[%L, %L]::uuid[])', :'one', :'two'),
	$$ VALUES ('accuracy', '{0.5,0.75}'::float8[], 0.25::float8), ('bad', '{NaN,1}', 'NaN'), ('only one', '{1,NULL}', NULL), ('only two', '{NULL,2}', NULL) $$, 'two runs side by side');
SELECT results_eq(format('SELECT key, run_values, difference FROM gaiops_compare_run_metrics(run_ids => ARRAY[%L, %L, %L]::uuid[]) WHERE key = ''accuracy''', :'two', :'three', :'one'),
	$$ VALUES ('accuracy', '{0.75,NULL,0.5}'::float8[], -0.25::float8) $$, 'three, in their order');
SELECT results_eq(format('SELECT key, difference FROM gaiops_compare_run_metrics(ARRAY[[%L], [%L]]::uuid[]) WHERE key = ''accuracy''', :'one', :'two'),
	$$ VALUES ('accuracy', 0.25::float8) $$, 'an array of more dimensions is a list of ids');
SELECT is(pg_temp.raised('SELECT * FROM gaiops_compare_run_metrics(ARRAY[[NULL], [NULL]]::uuid[])'), E'22004\nargument "run_ids" must not contain nulls', 'in which there is no null either');
SELECT gaiops_start_run('low') AS low \gset
SELECT gaiops_log_metrics('{"a": -1.7e308, "b": 1.7e308, "c": -1.7976931348623157e308, "d": 0, "e": "-Infinity", "f": "Infinity", "g": "NaN", "h": -1e308}'), gaiops_end_run() \g /dev/null
SELECT gaiops_start_run('high') AS high \gset
SELECT gaiops_log_metrics('{"a": 1.7e308, "b": -1.7e308, "c": 0, "d": -1.7976931348623157e308, "e": 1, "f": "Infinity", "g": -1, "h": "NaN"}'), gaiops_end_run() \g /dev/null
SELECT results_eq(format('SELECT key, difference FROM gaiops_compare_run_metrics(ARRAY[%L, %L]::uuid[])', :'low', :'high'),
	$$ VALUES ('a', 'Infinity'::float8), ('b', '-Infinity'), ('c', 1.7976931348623157e308), ('d', -1.7976931348623157e308), ('e', 'Infinity'), ('f', 'NaN'), ('g', 'NaN'), ('h', 'NaN') $$,
	'a difference that is too large is infinite');
SELECT is_empty('SELECT * FROM gaiops_compare_run_metrics(''{}'')', 'none');
SELECT is_empty(format('SELECT * FROM gaiops_compare_run_metrics(ARRAY[%L]::uuid[])', :'three'), 'one without metrics');
SELECT is(pg_temp.raised('SELECT * FROM gaiops_compare_run_metrics(' || a || ')'), e, 'compare ' || a)
FROM (VALUES ('NULL', E'22004\nargument "run_ids" must not be null'), ('ARRAY[NULL]::uuid[]', E'22004\nargument "run_ids" must not contain nulls'),
	('''{00000000-0000-4000-8000-000000000000}''', E'42704\nrun "00000000-0000-4000-8000-000000000000" does not exist')) AS t (a, e);

-- Plans -------------------------------------------------------------------------

-- Many runs of an earlier life of the server, and one with a long history.
INSERT INTO gaiops.run_starts SELECT gen_random_uuid(), NULL, 'Many', NULL, 'r', 'r', NULL, 1, gen_random_uuid(), '2020-01-01'::timestamptz - i * interval '1 minute' FROM generate_series(1, 10000) AS i;
INSERT INTO gaiops.run_metrics SELECT :'three', 'k' || i % 5, i, i, now() FROM generate_series(1, 20000) AS i;
INSERT INTO gaiops.run_metrics SELECT run_id, 'k', 0, 0, now() FROM gaiops.run_starts WHERE experiment = 'Many';
ANALYZE gaiops.run_starts, gaiops.run_metrics;
SELECT is(public.metrics_of(:'three'), '{"k0": 20000, "k1": 19996, "k2": 19997, "k3": 19998, "k4": 19999}', 'the latest of a long history');
SELECT is((SELECT count(*) FROM gaiops.runs WHERE experiment = 'Many' AND status = 'KILLED' AND end_time IS NULL), 10000::bigint, 'runs of another life of the server are shown as KILLED');
CREATE ROLE gaiops_test_viewer;
SELECT gaiops_grant('gaiops_test_viewer', 'viewer') \g /dev/null
-- How the tables that can be large are scanned, and the most rows that a scan has read.
CREATE FUNCTION public.scans(query text, OUT kinds text, OUT most_rows integer) LANGUAGE plpgsql AS $$
DECLARE
	plan jsonb;
BEGIN
	EXECUTE 'EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, FORMAT JSON) ' || query INTO plan;
	SELECT string_agg(DISTINCT format('%s on %s', n ->> 'Node Type', n ->> 'Relation Name'), ', '),
		max((n ->> 'Actual Rows')::float8 + coalesce((n ->> 'Rows Removed by Filter')::float8, 0))
		INTO kinds, most_rows
		FROM jsonb_path_query(plan, 'strict $.** ? (exists (@."Relation Name"))') AS n
		WHERE n ->> 'Relation Name' IN ('run_starts', 'run_metrics');
END $$;
SET ROLE gaiops_test_viewer;
SELECT row_eq(format('SELECT * FROM public.scans(%L)', q), ROW('Index Scan on run_metrics, Index Scan on run_starts'::text, n), d)
FROM (VALUES
	(format('SELECT * FROM gaiops.runs WHERE run_id = %L', :'three'), 1, 'a run is read without a scan of all metrics or of its history, by a viewer, too'),
	('SELECT * FROM gaiops.runs ORDER BY start_time DESC LIMIT 50', 50, 'the newest 50 are read without a scan of all runs')) AS t (q, n, d);
SELECT is(count(*), 5::bigint, 'a viewer may compare runs') FROM gaiops_compare_run_metrics(ARRAY[:'one', :'three']::uuid[]) WHERE key LIKE 'k%';
SELECT matches(pg_temp.raised('SELECT ' || c), '^42501\n', 'a viewer may not call ' || c)
FROM unnest(ARRAY['gaiops_start_run()', 'gaiops_end_run()', 'gaiops_current_run()', 'gaiops_log_param(''k'', ''x'')', 'gaiops_log_param(''k'', 1)', 'gaiops_log_metric(''k'', 1)',
	'gaiops_log_metrics(''{}'')', 'gaiops_set_run_tag(''k'', ''x'')', 'gaiops_log_input(''golden'')', 'gaiops_create_experiment(''By viewer'')', 'gaiops_alter_experiment(''Triage'')']) AS c;
RESET ROLE;

-- Roles -------------------------------------------------------------------------

CREATE ROLE gaiops_test_user;
SELECT gaiops_grant('gaiops_test_user', 'user') \g /dev/null
SET ROLE gaiops_test_user;
SELECT is(gaiops_create_experiment('By user', 'x'), 'By user', 'a user may make experiments');
SELECT row_eq($$ SELECT created_by, updated_by FROM gaiops.experiments WHERE name = 'By user' $$, ROW('gaiops_test_user'::text, 'gaiops_test_user'::text), 'under its own name');
SET gaiops.experiment = 'By user';
SELECT gaiops_start_run('by user') AS by_user \gset
SELECT gaiops_log_param('k', 1), gaiops_log_metric('k', 1), gaiops_log_metrics('{"k": 2}', 1), gaiops_set_run_tag('k', 'x'), gaiops_log_input('golden') \g /dev/null
SELECT row_eq(format('SELECT role, session_role, experiment, status, metrics FROM gaiops.runs WHERE run_id = %L', :'by_user'), ROW('gaiops_test_user'::text, session_user::text COLLATE "default", 'By user'::text, 'RUNNING'::text, '{"k": 2}'::jsonb), 'and have runs');
SELECT is(gaiops_end_run(), :'by_user', 'and end them');
SELECT matches(pg_temp.raised('DELETE FROM gaiops.' || t), '^42501\n', 'a user may not write to gaiops.' || t)
FROM unnest(ARRAY['run_starts', 'run_ends', 'open_runs', 'run_params', 'run_metrics', 'run_tags', 'run_inputs', 'experiment_names', 'experiment_details']) AS t;
RESET ROLE;
RESET gaiops.experiment;

-- On behalf of others -----------------------------------------------------------

CREATE FUNCTION public.starts() RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN RETURN gaiops_start_run('restricted')::text; END $$;
CREATE FUNCTION public.ends() RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN RETURN gaiops_end_run()::text; END $$;
SELECT matches(pg_temp.raised('CREATE MATERIALIZED VIEW public.m AS SELECT public.' || f || '()'), '^42501\ncannot execute gaiops_' || v || '_run\(\) within security-restricted operation\n', 'a view cannot ' || v || ' a run of whoever reads it')
FROM (VALUES ('starts', 'start'), ('ends', 'end')) AS t (f, v);
SELECT gaiops_start_run('of whoever reads') AS reader \gset
CREATE FUNCTION public.logs(n integer) RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$
BEGIN
	CASE n
		WHEN 1 THEN PERFORM gaiops_log_param('k', 'x');
		WHEN 2 THEN PERFORM gaiops_log_metric('k', 1);
		WHEN 3 THEN PERFORM gaiops_log_metrics('{"k": 1}');
		WHEN 4 THEN PERFORM gaiops_set_run_tag('k', 'x');
		WHEN 5 THEN PERFORM gaiops_log_input('golden');
		ELSE PERFORM gaiops_log_metric('given', 1, 0, (SELECT run_id FROM gaiops.run_starts WHERE name = 'of whoever reads'));
	END CASE;
	RETURN 'logged';
END $$;
SELECT matches(pg_temp.raised('CREATE MATERIALIZED VIEW public.m AS SELECT public.logs(' || n || ')'), '^42501\ncannot execute gaiops_\w+\(\) within security-restricted operation\n', 'nor log to one, ' || n) FROM generate_series(1, 6) AS n;
SELECT is(public.metrics_of(:'reader'), '{}', 'nothing is logged');
SELECT gaiops_end_run() \g /dev/null
BEGIN;
DROP OWNED BY gaiops_test_viewer, gaiops_test_user;
DROP ROLE gaiops_test_viewer, gaiops_test_user;
COMMIT;

SELECT * FROM finish();
