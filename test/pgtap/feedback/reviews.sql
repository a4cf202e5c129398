-- Review queues: making and filling them, claiming, answering and declining items.
\set QUIET on
SET client_min_messages = warning;
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();

\ir ../../lib/raised.sql

-- Ten traces, numbered in the order of their calls.
SELECT gaiops_create_endpoint('echo', 'builtin:echo') AS made \gset
CREATE TEMP TABLE trace AS
	SELECT n, r.answer, r.trace_id FROM generate_series(1, 10) AS n, LATERAL gaiops_chat_row('echo', 'question ' || n) AS r;
GRANT SELECT ON trace TO PUBLIC;
CREATE FUNCTION pg_temp.traces(VARIADIC numbers integer[]) RETURNS uuid[] LANGUAGE sql AS $$
	SELECT array_agg(t.trace_id ORDER BY w.place) FROM unnest(numbers) WITH ORDINALITY AS w (n, place) JOIN trace AS t USING (n)
$$;
-- The number of the trace that the next claim gives; as a role, or as a reviewer for whom the owner speaks.
CREATE FUNCTION pg_temp.claim(queue text, reviewer text DEFAULT NULL) RETURNS integer LANGUAGE sql AS $$
	SELECT max(t.n) FROM gaiops_claim_review(queue, reviewer => reviewer) AS c JOIN trace AS t USING (trace_id)
$$;
CREATE FUNCTION pg_temp.item(queue text, number integer) RETURNS bigint LANGUAGE sql SECURITY DEFINER AS $$
	SELECT i.item FROM gaiops.review_items AS i JOIN trace AS t USING (trace_id) WHERE i.queue = $1 AND t.n = $2
$$;
CREATE FUNCTION pg_temp.end_leases(queue text, reviewer text DEFAULT NULL) RETURNS void LANGUAGE sql AS $$
	UPDATE gaiops.review_claims AS c SET lease_until = claimed_at - interval '1 day'
	WHERE c.queue = $1 AND c.state = 'claimed' AND c.reviewer = coalesce($2, c.reviewer)
$$;
CREATE FUNCTION pg_temp.progress(queue text) RETURNS text LANGUAGE sql AS $$
	SELECT format('%s items, %s untouched, %s in review, %s reviews, %s complete, %s declined',
		q.items, q.untouched, q.in_review, q.reviews, q.complete, q.declined)
	FROM gaiops.review_queues AS q WHERE q.queue = $1
$$;
CREATE ROLE gaiops_test_ann;
CREATE ROLE gaiops_test_ben;
CREATE ROLE gaiops_test_reviewers;
CREATE ROLE gaiops_test_cat IN ROLE gaiops_test_reviewers;
CREATE ROLE gaiops_test_app;
CREATE ROLE gaiops_test_viewer;
SELECT count(gaiops_grant(r, w)) FROM (VALUES ('gaiops_test_ann', 'user'), ('gaiops_test_ben', 'user'), ('gaiops_test_cat', 'user'),
	('gaiops_test_app', 'proxy'), ('gaiops_test_viewer', 'viewer')) AS v (r, w) \g /dev/null

-- What the functions are.
SELECT is(p.oid::regprocedure::text || ' ' || pg_get_function_result(p.oid), e.signature, e.signature)
FROM (VALUES
	('gaiops_create_review_queue(text,text[],integer,text[],text) text'),
	('gaiops_drop_review_queue(text) text'),
	('gaiops_enqueue_review(text,uuid[]) integer'),
	('gaiops_claim_review(text,interval,text) TABLE(item bigint, trace_id uuid, inputs jsonb, outputs jsonb, schemas jsonb, lease_until timestamp with time zone)'),
	('gaiops_submit_review(bigint,gaiops.ordered_json,text) uuid[]'),
	('gaiops_decline_review(bigint,text,text) void')) AS e (signature)
LEFT JOIN pg_proc AS p ON p.proname = split_part(e.signature, '(', 1) AND p.pronamespace = 'pg_catalog'::regnamespace;
SELECT is(r.object || ' ' || r."right", e.line, e.line) FROM (VALUES
	('gaiops.review_queues viewer'),
	('pg_catalog.gaiops_claim_review user'),
	('pg_catalog.gaiops_create_review_queue user'),
	('pg_catalog.gaiops_decline_review user'),
	('pg_catalog.gaiops_drop_review_queue admin'),
	('pg_catalog.gaiops_enqueue_review user'),
	('pg_catalog.gaiops_submit_review user')) AS e (line)
LEFT JOIN gaiops.rights() AS r ON r.object = split_part(e.line, ' ', 1);

-- Making a queue.
SELECT is(gaiops_create_review_queue('plain', ARRAY['correctness']), 'plain', 'creating returns the name');
SELECT is(gaiops_create_label_schema('tone', 'categories', labels => ARRAY['warm', 'cold', 'odd'], multiple => true), 'tone', 'a label schema of one''s own');
SELECT is(gaiops_create_review_queue('full', schemas => ARRAY['tone', 'intent_resolution', 'correctness'], reviewers_per_item => 2,
	reviewers => ARRAY['gaiops_test_reviewers'], description => 'What went wrong'), 'full', 'with everything that can be said');
SELECT results_eq($$ SELECT queue COLLATE "default", description, schemas, reviewers_per_item, reviewers, created_at, created_by::text COLLATE "default" FROM gaiops.review_queues ORDER BY queue DESC $$,
	format($$ VALUES ('plain', NULL, '{correctness}'::text[], 1, NULL::text[], now(), %1$L),
		('full', 'What went wrong', '{tone,intent_resolution,correctness}', 2, '{gaiops_test_reviewers}', now(), %1$L) $$, current_user),
	'gaiops.review_queues has what was said');
SELECT is(pg_temp.raised('SELECT gaiops_create_review_queue(' || arguments || ')'), e, arguments) FROM (VALUES
	($$'plain', ARRAY['thumbs']$$, E'42710\nreview queue "plain" already exists\nChoose another name, or drop it with gaiops_drop_review_queue().'),
	($$NULL, ARRAY['thumbs']$$, E'22004\nargument "name" must not be null'),
	($$'', ARRAY['thumbs']$$, E'22023\nname of a review queue must have 1 to 255 bytes\nIt has 0.'),
	($$repeat('é', 128), ARRAY['thumbs']$$, E'22023\nname of a review queue must have 1 to 255 bytes\nIt has 256.'),
	($$'x', NULL$$, E'22004\nargument "schemas" must not be null'),
	($$'x', '{}'$$, E'22023\nargument "schemas" must name 1 to 20 different label schemas\nFor example ARRAY[''correctness'', ''groundedness''].'),
	($$'x', ARRAY['thumbs', NULL]$$, E'22023\nargument "schemas" must name 1 to 20 different label schemas\nFor example ARRAY[''correctness'', ''groundedness''].'),
	($$'x', ARRAY['thumbs', 'thumbs']$$, E'22023\nargument "schemas" must name 1 to 20 different label schemas\nFor example ARRAY[''correctness'', ''groundedness''].'),
	($$'x', ARRAY[['thumbs'], ['correctness']]$$, E'22023\nargument "schemas" must name 1 to 20 different label schemas\nFor example ARRAY[''correctness'', ''groundedness''].'),
	($$'x', (SELECT array_agg('s' || n) FROM generate_series(1, 21) AS n)$$, E'22023\nargument "schemas" must name 1 to 20 different label schemas\nFor example ARRAY[''correctness'', ''groundedness''].'),
	($$'x', ARRAY['thumbs', 'nowhere']$$, E'42704\nlabel schema "nowhere" does not exist\nCreate it with gaiops_create_label_schema().'),
	($$'x', ARRAY['thumbs'], 0$$, E'22023\nargument "reviewers_per_item" is out of range\nIt is 0; it must be from 1 to 100.'),
	($$'x', ARRAY['thumbs'], 101$$, E'22023\nargument "reviewers_per_item" is out of range\nIt is 101; it must be from 1 to 100.'),
	($$'x', ARRAY['thumbs'], NULL$$, E'22004\nargument "reviewers_per_item" must not be null'),
	($$'x', ARRAY['thumbs'], 1, ARRAY['gaiops_test_none']$$, E'42704\nrole "gaiops_test_none" does not exist\nGive names of roles as they are in pg_roles, without quotes.'),
	($$'x', ARRAY['thumbs'], 1, '{}'$$, E'22023\nargument "reviewers" must name 1 to 100 different roles\nGive NULL to let everybody who has the right "user" review.'),
	($$'x', ARRAY['thumbs'], description => repeat('x', 10001)$$, E'22023\nargument "description" is too long\nIt has 10001 bytes; the limit is 10000.')
) AS v (arguments, e);
SELECT is((SELECT count(*) FROM gaiops.review_queues), 2::bigint, 'what was refused made none');
SELECT is(pg_temp.raised($$ SELECT gaiops_drop_label_schema('tone') $$), E'2BP01\nlabel schema "tone" is in use\nReview queue "full" asks for it.\nDrop the queue with gaiops_drop_review_queue() first.', 'a label schema that a queue asks for stays');

-- Putting traces in.
SELECT is(gaiops_enqueue_review('plain', pg_temp.traces(3, 1, 2)), 3, 'enqueuing returns how many are new');
SELECT is(gaiops_enqueue_review('plain', pg_temp.traces(1, 4, 3, 4)), 1, 'those that are there are not counted, nor put in twice');
SELECT is(gaiops_enqueue_review('plain', pg_temp.traces(1, 4, 3, 4)), 0, 'enqueuing again does nothing');
SELECT is(gaiops_enqueue_review('plain', '{}'), 0, 'nor does enqueuing nothing');
SELECT is((SELECT array_agg(t.n ORDER BY i.item) FROM gaiops.review_items AS i JOIN trace AS t USING (trace_id) WHERE i.queue = 'plain'), '{3,1,2,4}', 'items are numbered as they were put in');
SELECT results_eq($$ SELECT DISTINCT wanted, place - item, enqueued_at, enqueued_by::text COLLATE "default" FROM gaiops.review_items $$, format('VALUES (1, 0::bigint, now(), %L)', current_user), 'and want the reviewers that the queue says');
SELECT is(gaiops_enqueue_review('full', pg_temp.traces(1, 2)), 2, 'a trace can be in several queues');
SELECT is(pg_temp.raised(statement), e, statement) FROM (VALUES
	($$SELECT gaiops_enqueue_review('nowhere', '{}')$$, E'42704\nreview queue "nowhere" does not exist\nThere is "full", "plain".\nCreate it with gaiops_create_review_queue().'),
	($$SELECT gaiops_enqueue_review(NULL, '{}')$$, E'22004\nargument "queue" must not be null'),
	($$SELECT gaiops_enqueue_review('plain', NULL)$$, E'22004\nargument "trace_ids" must not be null'),
	($$SELECT gaiops_enqueue_review('plain', ARRAY[NULL]::uuid[])$$, E'22004\nargument "trace_ids" must not contain nulls')) AS v (statement, e);
SELECT matches(pg_temp.raised($$ SELECT gaiops_enqueue_review('plain', pg_temp.traces(5) || '00000000-0000-0000-0000-000000000000'::uuid) $$), '^42704\n.*00000000', 'a trace that is not known is refused');
SELECT is((SELECT count(*) FROM gaiops.review_items WHERE queue = 'plain'), 4::bigint, 'and the known one with it');
SELECT is(pg_temp.progress('plain'), '4 items, 4 untouched, 0 in review, 0 reviews, 0 complete, 0 declined', 'progress of what nobody touched');

-- Claiming.
SET ROLE gaiops_test_ann;
SELECT results_eq($$ SELECT c.item, t.n, c.inputs, c.outputs, c.schemas FROM gaiops_claim_review('plain') AS c JOIN trace AS t USING (trace_id) $$,
	$$ VALUES (pg_temp.item('plain', 3), 3, '{"message": "question 3"}'::jsonb, '"question 3"'::jsonb,
		jsonb_build_array(jsonb_build_object('name', 'correctness', 'kind', 'pass_fail', 'labels', ARRAY['yes', 'no'],
			'instruction', (gaiops.label_schema('correctness')).instruction))) $$,
	'a claim gives the first item, what was said, and what is asked');
SELECT is(pg_temp.claim('plain'), 1, 'another claim gives another item');
SELECT results_eq($$ SELECT item, reviewer COLLATE "default", state, finished_at, lease_until - claimed_at FROM gaiops.review_claims ORDER BY item $$,
	$$ VALUES (pg_temp.item('plain', 3), 'gaiops_test_ann', 'claimed', NULL::timestamptz, interval '30 minutes'),
		(pg_temp.item('plain', 1), 'gaiops_test_ann', 'claimed', NULL, '30 minutes') $$, 'for half an hour, by the role in force');
SET ROLE gaiops_test_ben;
SELECT is(pg_temp.claim('plain'), 2, 'another reviewer is given what is left');
SELECT is((SELECT lease_until - clock_timestamp() > interval '29 days' FROM gaiops_claim_review('plain', lease => '30 days')), true, 'the lease is what was asked for');
SELECT is((SELECT count(*) FROM gaiops_claim_review('plain')), 0::bigint, 'no row when nothing is left');
RESET ROLE;
SELECT is((SELECT array_agg(wanted) FROM gaiops.review_items WHERE queue = 'plain'), '{0,0,0,0}', 'no item wants another reviewer');
SELECT is(pg_temp.progress('plain'), '4 items, 0 untouched, 4 in review, 0 reviews, 0 complete, 0 declined', 'progress while they are at it');
SELECT is(pg_temp.raised(statement), e, statement) FROM (VALUES
	($$SELECT gaiops_claim_review('nowhere')$$, E'42704\nreview queue "nowhere" does not exist\nThere is "full", "plain".\nCreate it with gaiops_create_review_queue().'),
	($$SELECT gaiops_claim_review(NULL)$$, E'22004\nargument "queue" must not be null'),
	($$SELECT gaiops_claim_review('plain', NULL)$$, E'22004\nargument "lease" must not be null'),
	($$SELECT gaiops_claim_review('plain', '999 ms')$$, E'22023\nargument "lease" is out of range\nIt is 00:00:00.999; it must be from 1 second to 30 days.'),
	($$SELECT gaiops_claim_review('plain', '30 days 1 second')$$, E'22023\nargument "lease" is out of range\nIt is 30 days 00:00:01; it must be from 1 second to 30 days.'),
	($$SELECT gaiops_claim_review('plain', reviewer => repeat('x', 256))$$, E'22023\nargument "reviewer" is too long\nIt has 256 bytes; the limit is 255.')) AS v (statement, e);

-- Who may.
SET ROLE gaiops_test_viewer;
SELECT is(pg_temp.progress('plain'), '4 items, 0 untouched, 4 in review, 0 reviews, 0 complete, 0 declined', 'a viewer sees progress');
SELECT is(left(pg_temp.raised(statement), 5), '42501', 'a viewer may not ' || statement) FROM unnest(ARRAY[
	$$SELECT gaiops_create_review_queue('x', ARRAY['thumbs'])$$, $$SELECT gaiops_enqueue_review('plain', '{}')$$,
	$$SELECT gaiops_claim_review('plain')$$, $$SELECT gaiops_submit_review(1, '{}')$$, $$SELECT gaiops_decline_review(1)$$]) AS statement;
SET ROLE gaiops_test_ann;
SELECT is(left(pg_temp.raised($$ SELECT gaiops_drop_review_queue('plain') $$), 5), '42501', 'a user may not drop a queue');
SELECT is(pg_temp.raised($$ SELECT gaiops_claim_review('full') $$), E'42501\npermission denied to review items of review queue "full"\nOnly members of "gaiops_test_reviewers" may review them.', 'nor review where only others may');
SELECT is(left(pg_temp.raised($$ SELECT gaiops_claim_review('plain', reviewer => 'dan') $$), 5), '42501', 'nor speak for another');
SELECT is(pg_temp.raised($$ SELECT gaiops_submit_review(pg_temp.item('plain', 2), '{"correctness": true}') $$), format(E'55000\nreview item %s is not claimed by "gaiops_test_ann"\nClaim an item with gaiops_claim_review().', pg_temp.item('plain', 2)), 'nor answer what another has');
SELECT is(pg_temp.raised($$ SELECT gaiops_decline_review(pg_temp.item('plain', 2)) $$), format(E'55000\nreview item %s is not claimed by "gaiops_test_ann"\nClaim an item with gaiops_claim_review().', pg_temp.item('plain', 2)), 'nor decline it');
SET ROLE gaiops_test_cat;
SELECT is(pg_temp.claim('full'), 1, 'a member of a role that may reviews');
RESET ROLE;

-- Answering.
SET ROLE gaiops_test_ann;
SELECT array_length(gaiops_submit_review(pg_temp.item('plain', 3), '{"correctness": "yes"}'), 1) AS submitted \gset
SELECT is(:submitted, 1, 'submitting returns an assessment per answer');
RESET ROLE;
SELECT results_eq($$ SELECT t.n, a.name, a.kind, a.value, a.rationale, a.source_type, a.source_id, a.metadata, a.created_by::text COLLATE "default" FROM gaiops.assessments AS a JOIN trace AS t USING (trace_id) $$,
	$$ VALUES (3, 'correctness', 'feedback', 'true'::jsonb, NULL::text, 'HUMAN', 'gaiops_test_ann',
		jsonb_build_object('review_queue', 'plain', 'review_item', pg_temp.item('plain', 3)), 'gaiops_test_ann') $$,
	'which is feedback of the reviewer on the trace, as its label schema has it');
SELECT is((SELECT state || ' ' || (finished_at >= claimed_at) FROM gaiops.review_claims WHERE item = pg_temp.item('plain', 3)), 'submitted true', 'and the claim is submitted');
SELECT is(pg_temp.progress('plain'), '4 items, 0 untouched, 3 in review, 1 reviews, 1 complete, 0 declined', 'which progress shows');
SET ROLE gaiops_test_ann;
SELECT is(pg_temp.raised(format('SELECT gaiops_%s', call)), format(E'55000\nreview item %s was submitted by "gaiops_test_ann" already\nChange an answer with gaiops_override_feedback().', pg_temp.item('plain', 3)), 'once only: ' || call)
	FROM unnest(ARRAY[format('submit_review(%s, ''{"correctness": "no"}'')', pg_temp.item('plain', 3)), format('decline_review(%s)', pg_temp.item('plain', 3))]) AS call;
SET ROLE gaiops_test_cat;
SELECT gaiops_submit_review(pg_temp.item('full', 1), '{"correctness": {"value": false, "rationale": "No source."}, "tone": ["odd", "warm"], "intent_resolution": {"value": "4", "rationale": null}}') AS submitted \gset
RESET ROLE;
SELECT results_eq(format($$ SELECT a.name, a.value, a.rationale FROM unnest(%L::uuid[]) WITH ORDINALITY AS s (assessment_id, n) LEFT JOIN gaiops.assessments AS a USING (assessment_id) ORDER BY s.n $$, :'submitted'),
	$$ VALUES ('tone', '["warm", "odd"]'::jsonb, NULL), ('intent_resolution', '4', NULL), ('correctness', 'false', 'No source.') $$,
	'ids are in the order of the queue''s schemas; answers are values, or values with a rationale');
SELECT is(pg_temp.progress('full'), '2 items, 1 untouched, 0 in review, 1 reviews, 0 complete, 0 declined', 'an item that wants another reviewer is not complete');
-- The same reviewer never again; another one completes it.
SET ROLE gaiops_test_cat;
SELECT is(pg_temp.claim('full'), 2, 'a reviewer is not given what he has reviewed');
SELECT is(pg_temp.claim('full'), NULL, 'even when nothing else is left');
SELECT is(pg_temp.raised(format('SELECT gaiops_submit_review(%s, %s)', coalesce(item, pg_temp.item('full', 2)::text), answers)), e, coalesce(item, '') || answers) FROM (VALUES
	(NULL, $$'{}'$$, E'22023\nargument "answers" must have at least one answer\nUse gaiops_decline_review() to give an item back.'),
	(NULL, 'NULL', E'22004\nargument "answers" must not be null'),
	(NULL, $$'[true]'$$, E'22023\nargument "answers" must be a JSON object\nIt is of type array.\nFor example {"correctness": true, "groundedness": {"value": false, "rationale": "…"}}.'),
	(NULL, $$'{"tone": ["warm"], "thumbs": true}'$$, E'22023\nreview queue "full" does not ask for "thumbs"\nIt asks for "tone", "intent_resolution", "correctness".'),
	(NULL, $$'{"correctness": {"value": true, "reason": "x"}}'$$, E'22023\ninvalid answer for "correctness"\nAn answer that has "value" may have "rationale" beside it, which is a string, and nothing else.'),
	(NULL, $$'{"correctness": {"value": true, "rationale": 1}}'$$, E'22023\ninvalid answer for "correctness"\nAn answer that has "value" may have "rationale" beside it, which is a string, and nothing else.'),
	(NULL, $$'{"correctness": true, "intent_resolution": 6}'$$, E'22023\nvalue of "intent_resolution" does not fit its label schema\nIt is 6; allowed is a number from 1 to 5.\nWhat is allowed for each name is in gaiops.label_schemas.'),
	(NULL, $$'{"correctness": null}'$$, E'22004\nargument "value" must not be null'),
	(NULL, $$'{"tone": {"warm": true}}'$$, E'22023\nvalue of "tone" does not fit its label schema\nIt is {"warm": true}; allowed is an array of any of "warm", "cold", "odd".\nWhat is allowed for each name is in gaiops.label_schemas.'),
	('NULL', $$'{"correctness": true}'$$, E'22004\nargument "item" must not be null'),
	('0', $$'{"correctness": true}'$$, E'42704\nreview item 0 does not exist\nClaim one with gaiops_claim_review(); items go when their queue is dropped.')) AS v (item, answers, e);
RESET ROLE;
SELECT is((SELECT count(*) FROM gaiops.assessments), 4::bigint, 'what was refused left nothing: all answers or none');
SELECT is((SELECT state FROM gaiops.review_claims WHERE item = pg_temp.item('full', 2)), 'claimed', 'and the claim as it was');

-- Reviewers for whom another role speaks.
SELECT is(gaiops_create_review_queue('app', ARRAY['thumbs'], 2), 'app', 'a queue for an application');
SET ROLE gaiops_test_app;
SELECT is(gaiops_enqueue_review('app', pg_temp.traces(1, 2)), 2, 'it puts in');
SELECT is(pg_temp.claim('app', 'dan'), 1, 'it claims for dan');
SELECT is(pg_temp.claim('app', 'eve'), 1, 'and the same for eve');
SELECT is(pg_temp.claim('app', 'dan'), 2, 'but for dan never the same again');
SELECT is(left(pg_temp.raised(format($$ SELECT gaiops_submit_review(%s, '{"thumbs": true}') $$, pg_temp.item('app', 1))), 5), '55000', 'it has not claimed for itself');
SELECT array_length(gaiops_submit_review(pg_temp.item('app', 1), '{"thumbs": "up"}', reviewer => 'dan'), 1) AS submitted \gset
SELECT gaiops_decline_review(pg_temp.item('app', 1), 'My own question', reviewer => 'eve') AS declined \gset
RESET ROLE;
SELECT results_eq($$ SELECT source_id, created_by::text COLLATE "default" FROM gaiops.assessments WHERE name = 'thumbs' $$, $$ VALUES ('dan', 'gaiops_test_app') $$, 'feedback says who reviewed, and who spoke');
SELECT results_eq($$ SELECT reviewer COLLATE "default", state, reason FROM gaiops.review_claims WHERE item = pg_temp.item('app', 1) ORDER BY reviewer $$, $$ VALUES ('dan', 'submitted', NULL), ('eve', 'declined', 'My own question') $$, 'so do claims');
SELECT is(pg_temp.progress('app'), '2 items, 0 untouched, 1 in review, 1 reviews, 0 complete, 1 declined', 'and progress');

-- Declining.
SELECT is(pg_temp.claim('app', 'eve'), 2, 'what was declined is not given to that reviewer');
SELECT is(pg_temp.claim('app', 'eve'), NULL, 'never');
SELECT is(pg_temp.raised(format('SELECT gaiops_decline_review(%s, reviewer => ''eve'')', pg_temp.item('app', 1))), format(E'55000\nreview item %s was declined by "eve" already\nClaim another item with gaiops_claim_review().', pg_temp.item('app', 1)), 'nor declined twice');
SELECT is(pg_temp.claim('app', 'fay'), 1, 'but to others');
SELECT is(pg_temp.raised(format('SELECT gaiops_decline_review(%s, repeat(''x'', 10001), ''fay'')', pg_temp.item('app', 1))), E'22023\nargument "reason" is too long\nIt has 10001 bytes; the limit is 10000.', 'a reason has a limit');
SELECT is(pg_temp.raised('SELECT gaiops_decline_review(NULL)'), E'22004\nargument "item" must not be null', 'declining no item');
SELECT is(pg_temp.raised('SELECT gaiops_decline_review(0)'), E'42704\nreview item 0 does not exist\nClaim one with gaiops_claim_review(); items go when their queue is dropped.', 'or one that is not there');

-- Leases.
SELECT is(gaiops_create_review_queue('lease', ARRAY['thumbs']), 'lease', 'a queue for leases');
SELECT is(gaiops_enqueue_review('lease', pg_temp.traces(1, 2, 3)), 3, 'with three items');
SELECT is(pg_temp.claim('lease', 'dan'), 1, 'dan has the first');
SELECT pg_temp.end_leases('lease') AS ended \gset
SELECT is(pg_temp.progress('lease'), '3 items, 3 untouched, 0 in review, 0 reviews, 0 complete, 0 declined', 'when his lease is over it is nobody''s');
SELECT is(pg_temp.claim('lease', 'dan'), 2, 'he is given others first');
SELECT is((SELECT state FROM gaiops.review_claims WHERE item = pg_temp.item('lease', 1)), 'claimed', 'and it stays with him until somebody takes it');
SELECT is(pg_temp.claim('lease', 'dan'), 3, 'all others');
SELECT is(pg_temp.claim('lease', 'dan'), 1, 'and then that one again');
SELECT is(pg_temp.claim('lease', 'dan'), NULL, 'but not while he has it');
SELECT pg_temp.end_leases('lease') AS ended \gset
SELECT array_length(gaiops_submit_review(pg_temp.item('lease', 2), '{"thumbs": true}', 'dan'), 1) AS submitted \gset
SELECT is((SELECT state FROM gaiops.review_claims WHERE item = pg_temp.item('lease', 2)), 'submitted', 'an answer is taken after the lease, as long as nobody took the item back');
SELECT is(pg_temp.claim('lease', 'eve'), 3, 'eve is given what went back, in the order in which leases ended');
SELECT is(pg_temp.raised(format('SELECT gaiops_submit_review(%s, ''{"thumbs": true}'', ''dan'')', pg_temp.item('lease', 3))) ~
	format(E'^55000\nreview item %s is no longer claimed by "dan"\nThe lease ended at [^\n]+, and the item was given to others since\\.\nClaim another item, with a longer lease\\.$', pg_temp.item('lease', 3)), true, 'too late: another has it');
SELECT array_length(gaiops_submit_review(pg_temp.item('lease', 1), '{"thumbs": true}', 'dan'), 1) AS submitted \gset
SELECT is((SELECT wanted FROM gaiops.review_items WHERE item = pg_temp.item('lease', 1)), 0, 'what went back and nobody has yet is taken again with the answer');
SELECT is(pg_temp.claim('lease', 'eve'), NULL, 'and given to nobody');
SELECT gaiops_decline_review(pg_temp.item('lease', 3), reviewer => 'dan') AS declined \gset
SELECT is((SELECT wanted FROM gaiops.review_items WHERE item = pg_temp.item('lease', 3)), 0, 'declining what another has changes nothing for that one');
SELECT pg_temp.end_leases('lease') AS ended \gset
SELECT is(pg_temp.claim('lease', 'dan'), NULL, 'but he who declined it is not given it again');
SELECT is(pg_temp.claim('lease', 'fay'), 3, 'only others are');
SELECT is(pg_temp.progress('lease'), '3 items, 0 untouched, 1 in review, 2 reviews, 2 complete, 1 declined', 'progress of it all');

-- Many leases that have ended, of which he can have the last alone.
SELECT is(gaiops_create_review_queue('many', ARRAY['thumbs'], 2), 'many', 'a queue for many');
INSERT INTO gaiops.review_items SELECT n + 1000000, 'many', gen_random_uuid(), 0, n + 1000000, now(), current_user FROM generate_series(1, 50) AS n;
INSERT INTO gaiops.review_claims SELECT n + 1000000, 'dan', 'many', n + 1000000, CASE n WHEN 50 THEN 'claimed' ELSE 'submitted' END, now(), now() + interval '1 day' FROM generate_series(1, 49) AS n;
INSERT INTO gaiops.review_claims SELECT n + 1000000, 'eve', 'many', n + 1000000, 'claimed', now(), now() - interval '1 day' + n * interval '1 second' FROM generate_series(1, 50) AS n;
INSERT INTO gaiops.review_claims SELECT n + 1000000, 'fay', 'many', n + 1000000, 'claimed', now(), now() + interval '1 day' FROM generate_series(50, 50) AS n;
SELECT is((SELECT item FROM gaiops_claim_review('many', reviewer => 'dan')), 1000050::bigint, 'what he can have is taken back');
SELECT is((SELECT array_agg(DISTINCT wanted ORDER BY wanted) FROM gaiops.review_items WHERE queue = 'many'), '{0}', 'and nothing else');

-- What is left behind is found.
SELECT is(gaiops_create_review_queue('late', ARRAY['thumbs']), 'late', 'a queue for what comes late');
INSERT INTO gaiops.review_items SELECT n + 2000000, 'late', gen_random_uuid(), 1, n + 2000000, now(), current_user FROM generate_series(1, 200) AS n;
SELECT is((SELECT item FROM gaiops_claim_review('late', reviewer => 'dan')), 2000001::bigint, 'dan has begun');
INSERT INTO gaiops.review_items SELECT n + 1999000, 'late', gen_random_uuid(), 1, n + 1999000, now(), current_user FROM generate_series(1, 3) AS n;
CREATE TEMP TABLE given AS SELECT n, (SELECT item FROM gaiops_claim_review('late', reviewer => CASE WHEN n > 0 THEN 'dan' END)) AS item FROM generate_series(1, 30) AS n;
SELECT is((SELECT count(*) FROM given WHERE item < 2000000), 3::bigint, 'what was committed late does not wait until nothing else is left');
SELECT is((SELECT count(DISTINCT item) FROM given), 30::bigint, 'and nothing is given twice');
CREATE TEMP TABLE rest (n integer, item bigint);
INSERT INTO rest SELECT n, (SELECT item FROM gaiops_claim_review('late', reviewer => CASE WHEN n > 0 THEN 'dan' END)) FROM generate_series(1, 60) AS n;
UPDATE gaiops.review_claims SET state = 'submitted' WHERE queue = 'late';
INSERT INTO rest SELECT n, (SELECT item FROM gaiops_claim_review('late', reviewer => CASE WHEN n > 0 THEN 'dan' END)) FROM generate_series(61, 120) AS n;
UPDATE gaiops.review_claims SET state = 'submitted' WHERE queue = 'late';
INSERT INTO rest SELECT n, (SELECT item FROM gaiops_claim_review('late', reviewer => CASE WHEN n > 0 THEN 'dan' END)) FROM generate_series(121, 173) AS n;
SELECT is((SELECT count(DISTINCT item) FROM rest), 172::bigint, 'everything comes, once');
SELECT is((SELECT item FROM rest WHERE n = 173), NULL, 'and then nothing');

-- What was said in traces that are no single call.
SELECT gaiops_start_span('ask', 'CHAIN', inputs => '{"question": "why"}') AS span \gset
SELECT gaiops_chat('echo', 'inner') AS answer \gset
SELECT gaiops_end_span(:'span', outputs => '{"answer": 42}') AS ended \gset
SELECT gaiops_create_review_queue('chain', ARRAY['thumbs']) AS made, gaiops_enqueue_review('chain', ARRAY[gaiops_last_trace_id()]) AS enqueued \gset
SELECT results_eq($$ SELECT inputs, outputs FROM gaiops_claim_review('chain', reviewer => 'dan') $$, $$ VALUES ('{"question": "why"}'::jsonb, '{"answer": 42}'::jsonb) $$, 'inputs and outputs of an application''s span');
DELETE FROM gaiops.span_payloads;
SELECT gaiops_enqueue_review('app', pg_temp.traces(5)) AS enqueued \gset
SELECT results_eq($$ SELECT item IS NOT NULL, inputs, outputs FROM gaiops_claim_review('chain', reviewer => 'dan') $$, $$ SELECT true, NULL::jsonb, NULL::jsonb WHERE false $$, 'once claimed it is his');
SELECT results_eq($$ SELECT item IS NOT NULL, inputs, outputs FROM gaiops_claim_review('app', reviewer => 'gus') $$, $$ SELECT true, NULL::jsonb, NULL::jsonb $$, 'without what was said when payloads are gone');

-- Dropping.
SELECT is((SELECT count(*) FROM gaiops.assessments WHERE metadata ->> 'review_queue' = 'lease'), 2::bigint, 'there are answers');
SELECT is(gaiops_drop_review_queue('lease'), 'lease', 'dropping returns the name');
SELECT is((SELECT count(*) FROM gaiops.assessments WHERE metadata ->> 'review_queue' = 'lease'), 2::bigint, 'which stay');
SELECT is_empty($$ SELECT queue FROM gaiops.review_settings WHERE queue = 'lease' UNION ALL SELECT queue FROM gaiops.review_items WHERE queue = 'lease' UNION ALL SELECT queue FROM gaiops.review_claims WHERE queue = 'lease' $$, 'nothing else does');
SELECT isnt_empty($$ SELECT FROM gaiops.review_claims WHERE queue = 'app' $$, 'other queues are as they were');
SELECT matches(pg_temp.raised($$ SELECT gaiops_drop_review_queue('lease') $$), E'^42704\nreview queue "lease" does not exist\nThere is ', 'it is gone');
SELECT is(pg_temp.raised($$ SELECT gaiops_drop_review_queue(NULL) $$), E'22004\nargument "name" must not be null', 'dropping none');
SELECT is(gaiops_create_review_queue('lease', ARRAY['thumbs']), 'lease', 'the name is free');
SELECT is(pg_temp.progress('lease'), '0 items, 0 untouched, 0 in review, 0 reviews, 0 complete, 0 declined', 'and the new queue is empty');
SELECT is(gaiops_drop_review_queue('full'), 'full', 'when its queue is gone');
SELECT is(gaiops_drop_label_schema('tone'), 'tone', 'a label schema can be dropped');

-- Transactions.
SAVEPOINT before;
SELECT gaiops_enqueue_review('lease', pg_temp.traces(1)) AS enqueued \gset
SELECT gaiops_submit_review(item, '{"thumbs": true}') AS submitted FROM gaiops_claim_review('lease') \gset
ROLLBACK TO before;
SELECT is(pg_temp.progress('lease'), '0 items, 0 untouched, 0 in review, 0 reviews, 0 complete, 0 declined', 'a rollback takes back all of it');
SELECT is((SELECT count(*) FROM gaiops.assessments WHERE metadata ->> 'review_queue' = 'lease'), 2::bigint, 'the answers, too');
SET TRANSACTION READ ONLY;
SELECT is(pg_temp.raised('SELECT ' || call), format(E'25006\ncannot execute %s() in a read-only transaction', split_part(call, '(', 1)), call) FROM unnest(ARRAY[
	$$gaiops_create_review_queue('x', ARRAY['thumbs'])$$, $$gaiops_drop_review_queue('app')$$, $$gaiops_enqueue_review('app', '{}')$$,
	$$gaiops_claim_review('app')$$, $$gaiops_submit_review(1, '{"thumbs": true}')$$, $$gaiops_decline_review(1)$$]) AS call;

SELECT * FROM finish();
ROLLBACK;
