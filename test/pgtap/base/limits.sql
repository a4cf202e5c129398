-- What one user can fill: how much an object can have, and what is shown of more.
\set QUIET on
SET client_min_messages = warning;
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();

\ir ../../lib/raised.sql

SELECT gaiops_create_endpoint('echo', 'builtin:echo') AS made \gset
SELECT gaiops_chat('echo', 'hello') AS answer \gset
SELECT gaiops_last_trace_id() AS trace_id \gset
SELECT gaiops_chat('echo', 'another') AS answer \gset
SELECT gaiops_last_trace_id() AS other_id \gset
SELECT gaiops_start_run('limits') AS run_id \gset

-- Traces and runs: rows that the writer inserts, who has to see those there are.
INSERT INTO gaiops.trace_tags SELECT :'trace_id', 'k' || n, 'v', now() FROM generate_series(1, 999) AS n;
INSERT INTO gaiops.run_tags SELECT :'run_id', 'k' || n, 'v', now() FROM generate_series(1, 999) AS n;
INSERT INTO gaiops.run_params SELECT :'run_id', 'k' || n, 'v', now() FROM generate_series(1, 999) AS n;
INSERT INTO gaiops.run_metrics SELECT :'run_id', 'k' || n, 0, n, now() FROM generate_series(1, 9999) AS n;
SELECT gaiops_create_dataset('limits') AS made \gset
SELECT gaiops_merge_record('limits', '{"message": "hello"}') AS merged \gset
SELECT revision FROM gaiops.datasets WHERE name = 'limits' \gset
INSERT INTO gaiops.run_inputs SELECT :'run_id', 'other', n, now() FROM generate_series(1, 999) AS n;
COMMIT;
BEGIN;
-- The last quarter is for who began it.
CREATE ROLE gaiops_test_stranger;
SELECT gaiops_grant('gaiops_test_stranger', 'user') \g /dev/null
SET LOCAL ROLE gaiops_test_stranger;
SELECT is(pg_temp.raised(s), format(E'54000\n%s "%s" has too many %s\nIt can have %s, the last quarter of which is for the role that began it.\n%s', object, id, what, most, hint), s)
FROM (VALUES (format('SELECT gaiops_set_trace_tag(%L, ''more'', ''v'')', :'trace_id'), 'trace', :'trace_id', 'tags', 1000, 'Change the value of a tag that it has, or put more into one value.'),
	(format('SELECT gaiops_set_run_tag(''more'', ''v'', %L)', :'run_id'), 'run', :'run_id', 'tags', 1000, 'Change the value of a tag that it has, or put more into one value.'),
	(format('SELECT gaiops_log_param(''more'', ''v'', %L)', :'run_id'), 'run', :'run_id', 'parameters', 1000, 'Start another run within it, with parent_run_id, for more.'),
	(format('SELECT gaiops_log_input(''limits'', run_id => %L)', :'run_id'), 'run', :'run_id', 'inputs', 1000, 'Start another run within it, with parent_run_id, for more.'),
	(format('SELECT gaiops_log_metric(''more'', 1, run_id => %L)', :'run_id'), 'run', :'run_id', 'metrics', 10000, 'Start another run within it, with parent_run_id, for more.')) AS c (s, object, id, what, most, hint);
SELECT lives_ok(s, s)
FROM unnest(ARRAY[format('SELECT gaiops_set_trace_tag(%L, ''k1'', ''v'')', :'trace_id'), format('SELECT gaiops_set_run_tag(''k1'', ''v'', %L)', :'run_id'),
	format('SELECT gaiops_log_param(''k1'', ''v'', %L)', :'run_id'), format('SELECT gaiops_log_metric(''k1'', 1, 1, %L)', :'run_id')]) AS s;
SELECT format('00-%s-00f067aa0ba902b7-01', gaiops_trace_id_hex(:'trace_id')) AS parent \gset
SET LOCAL gaiops.traceparent = :'parent';
SELECT matches(pg_temp.raised($$ SELECT gaiops_chat('echo', 'hello', tags => '{"more": 1}') $$), E'^54000\ntrace "[^"]+" has too many tags\nIt can have 1000, the last quarter', 'nor by a call that joins the trace');
SET LOCAL gaiops.traceparent TO DEFAULT;
SELECT lives_ok($$ SELECT gaiops_start_run('of the stranger', parent_run_id => gaiops_current_run(), is_local => true) $$, 'his own');
RESET ROLE;
INSERT INTO gaiops.run_params SELECT run_id, 'k' || n, 'v', now() FROM gaiops.runs, generate_series(1, 800) AS n WHERE name = 'of the stranger';
COMMIT;
BEGIN;
SELECT run_id AS stranger_id FROM gaiops.runs WHERE name = 'of the stranger' \gset
SET LOCAL ROLE gaiops_test_stranger;
SELECT lives_ok(format('SELECT gaiops_log_param(''more'', ''v'', %L)', :'stranger_id'), 'has as much as it can have');
RESET ROLE;
DROP OWNED BY gaiops_test_stranger;
DROP ROLE gaiops_test_stranger;
COMMIT;
BEGIN;
SELECT lives_ok(format('SELECT gaiops_set_trace_tag(%L, ''last'', ''v'')', :'trace_id'), 'the 1000th tag of a trace');
SELECT is(pg_temp.raised(format('SELECT gaiops_set_trace_tag(%L, ''more'', ''v'')', :'trace_id')),
	format(E'54000\ntrace "%s" has too many tags\nIt can have 1000.\nChange the value of a tag that it has, or put more into one value.', :'trace_id'), 'and no more');
SELECT lives_ok(format('SELECT gaiops_set_trace_tag(%L, ''last'', ''another'')', :'trace_id'), 'but another value for one that it has');
SELECT is((SELECT tags ->> 'last' FROM gaiops.traces WHERE trace_id = :'trace_id'), 'another', 'which is there');
SELECT is((SELECT count(*) FROM gaiops.trace_tags WHERE trace_id = :'trace_id'), 1000::bigint, 'tags of the trace');
SET LOCAL gaiops.traceparent TO DEFAULT;
SELECT format('00-%s-00f067aa0ba902b7-01', gaiops_trace_id_hex(:'trace_id')) AS parent \gset
SET LOCAL gaiops.traceparent = :'parent';
SELECT matches(pg_temp.raised($$ SELECT gaiops_chat('echo', 'hello', tags => '{"more": 1}') $$), E'^54000\ntrace "[^"]+" has too many tags\n', 'nor by a call that joins it');
SELECT is((SELECT calls FROM gaiops.traces WHERE trace_id = :'trace_id'), 1::bigint, 'which is not made');
SELECT is(gaiops_chat('echo', 'hello', tags => '{"last": 1}'), 'hello', 'a call that has a tag which is there is');
SET LOCAL gaiops.traceparent TO DEFAULT;
SELECT is(gaiops_chat('echo', 'hello', tags => '{"more": 1}'), 'hello', 'and other traces have theirs');

SELECT lives_ok(format('SELECT gaiops_set_run_tag(''last'', ''v'', %L)', :'run_id'), 'the 1000th tag of a run');
SELECT is(pg_temp.raised(format('SELECT gaiops_set_run_tag(''more'', ''v'', %L)', :'run_id')),
	format(E'54000\nrun "%s" has too many tags\nIt can have 1000.\nChange the value of a tag that it has, or put more into one value.', :'run_id'), 'and no more');
SELECT lives_ok(format('SELECT gaiops_log_param(''last'', ''v'', %L)', :'run_id'), 'the 1000th parameter');
SELECT is(pg_temp.raised(format('SELECT gaiops_log_param(''more'', ''v'', %L)', :'run_id')),
	format(E'54000\nrun "%s" has too many parameters\nIt can have 1000.\nStart another run within it, with parent_run_id, for more.', :'run_id'), 'and no more');
SELECT lives_ok(format('SELECT gaiops_log_param(''last'', ''v'', %L)', :'run_id'), 'one that is there is there');
SELECT lives_ok(format('SELECT gaiops_log_metric(''last'', 1, run_id => %L)', :'run_id'), 'the 10000th metric');
SELECT is(pg_temp.raised(format('SELECT gaiops_log_metrics(''{"last": 2, "more": 1}'', run_id => %L)', :'run_id')),
	format(E'54000\nrun "%s" has too many metrics\nIt can have 10000.\nStart another run within it, with parent_run_id, for more.', :'run_id'), 'and no more');
SELECT lives_ok(format('SELECT gaiops_log_metrics(''{"last": 3, "k1": 4}'', 1, %L)', :'run_id'), 'but more values of those there are');
SELECT is((SELECT metrics -> 'last' FROM gaiops.runs WHERE run_id = :'run_id'), '3', 'which are there');
SELECT is(gaiops_log_input('limits', :revision, :'run_id'), :revision, 'the 1000th input');
COMMIT;
SELECT gaiops_merge_records('limits', '[{"inputs": {"message": "more"}}]') \g /dev/null
BEGIN;
SELECT is(pg_temp.raised(format('SELECT gaiops_log_input(''limits'', run_id => %L)', :'run_id')),
	format(E'54000\nrun "%s" has too many inputs\nIt can have 1000.\nStart another run within it, with parent_run_id, for more.', :'run_id'), 'and no more');
SELECT is((SELECT count(*) FROM gaiops.rejected_records), 0::bigint, 'what is refused is no record that could not be stored');

-- What an earlier version let in is shown as far as it fits, whoever asks.
INSERT INTO gaiops.trace_tags SELECT :'trace_id', 'o' || n, repeat('x', 2000), now() FROM generate_series(1, 4000) AS n;
INSERT INTO gaiops.run_tags SELECT :'run_id', 'o' || n, 'v', now() FROM generate_series(1, 4000) AS n;
INSERT INTO gaiops.run_params SELECT :'run_id', 'o' || n, 'v', now() FROM generate_series(1, 4000) AS n;
INSERT INTO gaiops.run_metrics SELECT :'run_id', 'o' || n, 0, 1, now() FROM generate_series(1, 4000) AS n;
INSERT INTO gaiops.run_inputs SELECT :'run_id', 'zebra', n, now() FROM generate_series(1, 4000) AS n;
SELECT is((SELECT count(*) FROM gaiops.traces, jsonb_object_keys(tags) WHERE trace_id = :'trace_id'), 1000::bigint, 'gaiops.traces shows as many tags as there may be');
SELECT is((SELECT count(*) FROM gaiops.runs, jsonb_object_keys(tags) WHERE run_id = :'run_id'), 1000::bigint, 'and gaiops.runs tags');
SELECT is((SELECT count(*) FROM gaiops.runs, jsonb_object_keys(params) WHERE run_id = :'run_id'), 1000::bigint, 'parameters');
SELECT is((SELECT count(*) FROM gaiops.runs, jsonb_object_keys(metrics) WHERE run_id = :'run_id'), 10000::bigint, 'metrics');
SELECT is((SELECT jsonb_array_length(datasets) FROM gaiops.runs WHERE run_id = :'run_id'), 1000, 'and datasets');

-- Prompts.
SELECT gaiops_register_prompt('Limits', 'Hello.') AS registered \gset
INSERT INTO gaiops.prompt_tags SELECT 'Limits', 'k' || n, 'v', now(), current_user FROM generate_series(1, 999) AS n;
INSERT INTO gaiops.prompt_version_tags SELECT 'Limits', 1, 'k' || n, 'v', now(), current_user FROM generate_series(1, 999) AS n;
INSERT INTO gaiops.prompt_aliases SELECT 'Limits', 'a' || n, 1, now(), current_user FROM generate_series(1, 999) AS n;
SELECT lives_ok($$ SELECT gaiops_set_prompt_tag('Limits', 'last', 'v') $$, 'the 1000th tag of a prompt');
SELECT is(pg_temp.raised($$ SELECT gaiops_set_prompt_tag('Limits', 'more', 'v') $$), E'54000\nprompt "Limits" has too many tags\nIt can have 1000.\nDelete some that nobody needs.', 'and no more');
SELECT lives_ok($$ SELECT gaiops_set_prompt_tag('Limits', 'last', 'w') $$, 'but another value');
SELECT lives_ok($$ SELECT gaiops_set_prompt_version_tag('Limits', 1, 'last', 'v') $$, 'the 1000th tag of a version');
SELECT is(pg_temp.raised($$ SELECT gaiops_set_prompt_version_tag('Limits', 1, 'more', 'v') $$), E'54000\nversion 1 of prompt "Limits" has too many tags\nIt can have 1000.\nDelete some that nobody needs.', 'and no more');
SELECT lives_ok($$ SELECT gaiops_set_prompt_alias('Limits', 'last', 1) $$, 'the 1000th alias');
SELECT is(pg_temp.raised($$ SELECT gaiops_set_prompt_alias('Limits', 'more', 1) $$), E'54000\nprompt "Limits" has too many aliases\nIt can have 1000.\nDelete some that nobody needs.', 'and no more');
INSERT INTO gaiops.prompt_tags SELECT 'Limits', 'o' || n, 'v', now(), current_user FROM generate_series(1, 100) AS n;
INSERT INTO gaiops.prompt_version_tags SELECT 'Limits', 1, 'o' || n, 'v', now(), current_user FROM generate_series(1, 100) AS n;
INSERT INTO gaiops.prompt_aliases SELECT 'Limits', 'o' || n, 1, now(), current_user FROM generate_series(1, 100) AS n;
SELECT results_eq($$ SELECT (SELECT count(*) FROM jsonb_object_keys(tags)), (SELECT count(*) FROM jsonb_object_keys(aliases)), created_by
	FROM gaiops.prompts WHERE name = 'Limits' $$, $$ SELECT 1000::bigint, 1000::bigint, current_user::text COLLATE "default" $$, 'gaiops.prompts shows as many as there may be');
SELECT is((SELECT count(*) FROM gaiops.prompt_versions, jsonb_object_keys(tags) WHERE name = 'Limits'), 1000::bigint, 'and gaiops.prompt_versions');

CREATE ROLE gaiops_test_ann;
CREATE ROLE gaiops_test_ben;
CREATE ROLE gaiops_test_admin;
SELECT count(gaiops_grant(r, w)) FROM (VALUES ('gaiops_test_ann', 'user'), ('gaiops_test_ben', 'user'), ('gaiops_test_admin', 'admin')) AS v (r, w) \g /dev/null

-- A label schema has the feedback of others checked.
SET ROLE gaiops_test_ann;
SELECT gaiops_log_feedback(:'trace_id', 'tone', 'friendly'::text) AS logged \gset
SELECT lives_ok($$ SELECT gaiops_create_label_schema('tone', 'categories', labels => '{friendly,cold}') $$, 'a user makes a label schema of what only he has said');
RESET ROLE;
SELECT gaiops_drop_label_schema('tone') AS dropped \gset
SET ROLE gaiops_test_ben;
SELECT is(pg_temp.raised($$ SELECT gaiops_create_label_schema('tone', 'number') $$),
	E'42501\npermission denied to create label schema "tone"\nOthers give feedback of that name, such as "gaiops_test_ann", and a label schema would have it checked.\nTake another name, or have a role with the right "admin" create it.',
	'but not of what others say');
SELECT lives_ok($$ SELECT gaiops_create_label_schema('pitch', 'number') $$, 'other names are free');
SELECT gaiops_log_feedback(:'trace_id', 'speed', 'high'::text, source_type => 'CODE', source_id => 'meter') AS logged \gset
SET ROLE gaiops_test_ann;
SELECT matches(pg_temp.raised($$ SELECT gaiops_create_label_schema('speed', 'number') $$), '^42501\npermission denied to create label schema "speed"\n', 'what programs of others say is no different');
SELECT lives_ok(format('SELECT gaiops_log_feedback(%L, ''tone'', ''friendly''::text)', :'trace_id'), 'so nobody is kept from saying it');
SET ROLE gaiops_test_admin;
SELECT lives_ok($$ SELECT gaiops_create_label_schema('tone', 'categories', labels => '{friendly,cold}') $$, 'an admin answers for all');
RESET ROLE;

-- How many items a reviewer holds.
SELECT gaiops_create_review_queue('limits', ARRAY['thumbs'], 2) AS made, gaiops_create_review_queue('beside', ARRAY['thumbs']) AS beside \gset
INSERT INTO gaiops.review_items SELECT n + 1000000, 'limits', gen_random_uuid(), 2, n + 1000000, now(), current_user FROM generate_series(1, 150) AS n;
INSERT INTO gaiops.review_items SELECT n + 2000000, 'beside', gen_random_uuid(), 1, n + 2000000, now(), current_user FROM generate_series(1, 10) AS n;
UPDATE gaiops.review_items SET trace_id = :'trace_id' WHERE item = 1000001;
UPDATE gaiops.review_items SET trace_id = :'other_id' WHERE item = 1000050;
SET ROLE gaiops_test_ann;
CREATE TEMP TABLE ann AS SELECT n, (SELECT item FROM gaiops_claim_review('limits', CASE WHEN n > 0 THEN interval '30 days' END)) AS item FROM generate_series(1, 100) AS n;
SELECT is((SELECT count(DISTINCT item) FROM ann), 100::bigint, 'a reviewer holds 100 items');
SELECT is(pg_temp.raised($$ SELECT * FROM gaiops_claim_review('limits') $$),
	E'54000\n"gaiops_test_ann" holds too many items of review queue "limits"\nA reviewer can hold 100 that are not answered.\nAnswer some with gaiops_submit_review(), or give them back with gaiops_decline_review(); an admin takes them back with gaiops_release_review().',
	'and no more');
SELECT is((SELECT item FROM gaiops_claim_review('beside')), 2000001::bigint, 'other queues count by themselves');
SELECT gaiops_submit_review(1000001, '{"thumbs": true}') AS submitted \gset
SELECT lives_ok($$ SELECT * FROM gaiops_claim_review('limits') $$, 'an answer makes room');
SET ROLE gaiops_test_ben;
SELECT is((SELECT item FROM gaiops_claim_review('limits')), 1000001::bigint, 'others are not held up');
SELECT is((SELECT item FROM gaiops_claim_review('limits')), 1000002::bigint, 'at all');
SELECT matches(pg_temp.raised($$ SELECT gaiops_release_review(queue => 'limits') $$), '^42501\npermission denied for function gaiops_release_review', 'a user does not take back what others hold');

-- Taking them back.
SET ROLE gaiops_test_admin;
SELECT is(pg_temp.raised('SELECT gaiops_release_review()'),
	E'22023\nat least one of the arguments "item", "queue" and "reviewer" must be given\nFor example gaiops_release_review(queue => ''support'', reviewer => ''ann'').', 'everything at once is not taken back by mistake');
SELECT matches(pg_temp.raised($$ SELECT gaiops_release_review(queue => 'nowhere') $$), E'^42704\nreview queue "nowhere" does not exist\n', 'a queue that does not exist');
SELECT matches(pg_temp.raised('SELECT gaiops_release_review(item => 1)'), E'^42704\nreview item 1 does not exist\n', 'an item that does not exist');
SELECT is(gaiops_release_review(queue => 'limits', reviewer => 'nobody'), 0::bigint, 'nothing is held by nobody');
SELECT is(gaiops_release_review(item => 1000002), 2::bigint, 'an item, whoever holds it');
SELECT is(gaiops_release_review(item => 1000003, queue => 'beside'), 0::bigint, 'of another queue');
SELECT is(gaiops_release_review(1000003, reviewer => 'gaiops_test_ann'), 1::bigint, 'an item of a reviewer');
SELECT is(gaiops_release_review(queue => 'limits', reviewer => 'gaiops_test_ann'), 98::bigint, 'all that a reviewer holds of a queue');
SELECT is(gaiops_release_review(reviewer => 'gaiops_test_ann'), 1::bigint, 'and all that he holds');
RESET ROLE;
SELECT is((SELECT string_agg(format('%s %s %s %s', c.reviewer, c.state, coalesce(c.released_by, '-'), c.n), ', ' ORDER BY c.reviewer, c.state)
	FROM (SELECT reviewer, state, released_by, count(*) AS n FROM gaiops.review_claims WHERE queue IN ('limits', 'beside') GROUP BY 1, 2, 3) AS c),
	'gaiops_test_ann lapsed gaiops_test_admin 101, gaiops_test_ann submitted - 1, gaiops_test_ben claimed - 1, gaiops_test_ben lapsed gaiops_test_admin 1',
	'it is kept who took what back, and answers stay');
SELECT is_empty($$ SELECT item FROM gaiops.review_claims WHERE state = 'lapsed' AND lease_until > clock_timestamp() $$, 'and when');
SELECT results_eq($$ SELECT untouched, in_review, reviews FROM gaiops.review_queues WHERE queue = 'limits' $$, $$ VALUES (149::bigint, 1::bigint, 1::bigint) $$, 'the items are there for others');
SELECT is((SELECT wanted FROM gaiops.review_items WHERE item = 1000002), 2, 'as many as they want');
SET ROLE gaiops_test_ann;
SELECT ok((SELECT item > 1000000 FROM gaiops_claim_review('limits')), 'he from whom they were taken may claim again');
SELECT lives_ok($$ SELECT gaiops_submit_review(1000050, '{"thumbs": true}') $$, 'and answer what nobody else has taken');
RESET ROLE;
UPDATE gaiops.review_items SET wanted = 0 WHERE item = 1000051;
SET ROLE gaiops_test_ann;
SELECT matches(pg_temp.raised($$ SELECT gaiops_submit_review(1000051, '{"thumbs": true}') $$),
	E'^55000\nreview item 1000051 is no longer claimed by "gaiops_test_ann"\nIt was taken back at [^\n]+ by "gaiops_test_admin", and given to others since\\.\nClaim another item\\.$', 'of the rest he is told who took it');
RESET ROLE;
SAVEPOINT before;
SET TRANSACTION READ ONLY;
SELECT is(pg_temp.raised('SELECT gaiops_release_review(1)'), E'25006\ncannot execute gaiops_release_review() in a read-only transaction', 'not in a read-only transaction');
ROLLBACK TO before;

-- What anybody says of a trace does not make it useless for others.
SELECT count(gaiops_log_feedback(:'trace_id', 'noise', repeat('x', 1000000)::text, source_type => 'CODE', source_id => 's' || n))
	FROM generate_series(1, 20) AS n \g /dev/null
SELECT gaiops_log_feedback(:'trace_id', 'noise', 'quiet'::text) AS logged \gset
SELECT is((SELECT length(programs ->> 's1') FROM gaiops_disagreements('noise')), 1001, 'long opinions are shown in part');
INSERT INTO gaiops.machine_assessments (assessment_id, trace_id, experiment, name, kind, value, source_type, source_id, created_at, created_by)
	SELECT gen_random_uuid(), :'trace_id', 'Default', 'e' || n, 'expectation', to_jsonb(repeat('x', 1000000)), 'CODE', 'meter', now() + n * interval '1 s', current_user
	FROM generate_series(1, 300) AS n;
SELECT is((SELECT count(*) FROM gaiops.trace_expectations(ARRAY[:'trace_id'::uuid], ARRAY['x'], ARRAY['x']), jsonb_object_keys(expectations)), 16::bigint, 'of expectations the latest 16 MB are read');
SELECT finish();
ROLLBACK;
