-- Claims of items of a queue that has a million, by reviewers who have done none,
-- and much: no table is gone through, and a few rows of it are fetched.
\set QUIET on
SET client_min_messages = warning;
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();

SELECT gaiops_create_review_queue('one', ARRAY['thumbs']) AS made, gaiops_create_review_queue('three', ARRAY['thumbs'], 3) AS made_too \gset
INSERT INTO gaiops.review_items (item, queue, trace_id, wanted, place, enqueued_at, enqueued_by)
	SELECT n, 'one', md5(n::text)::uuid, 1, n, now(), current_user FROM generate_series(1, 500000) AS n;
-- "old" has done eight thousand that want two more, and has let two thousand leases end.
INSERT INTO gaiops.review_items (item, queue, trace_id, wanted, place, enqueued_at, enqueued_by)
	SELECT n, 'three', md5(n::text)::uuid, CASE WHEN n <= 510000 THEN 2 ELSE 3 END, n, now(), current_user FROM generate_series(500001, 1000000) AS n;
INSERT INTO gaiops.review_claims (item, reviewer, queue, place, state, claimed_at, lease_until)
	SELECT n, 'old', 'three', n, CASE WHEN n <= 508000 THEN 'submitted' ELSE 'claimed' END, now(), now() - interval '1 hour' + (n - 509000) * interval '1 ms'
	FROM generate_series(500001, 510000) AS n;
SELECT setval('gaiops.review_items_item_seq', 1000000) AS last \gset

-- What a statement did to the two tables, and what it returned.
CREATE FUNCTION pg_temp.cost(statement text, OUT result text, OUT scanned bigint, OUT fetched bigint) LANGUAGE plpgsql AS $$
BEGIN
	SELECT sum(s.seq_scan), sum(s.idx_tup_fetch) INTO scanned, fetched FROM pg_stat_xact_user_tables AS s WHERE s.relname IN ('review_items', 'review_claims');
	EXECUTE statement INTO result;
	SELECT sum(s.seq_scan) - scanned, sum(s.idx_tup_fetch) - fetched INTO scanned, fetched FROM pg_stat_xact_user_tables AS s WHERE s.relname IN ('review_items', 'review_claims');
END
$$;
CREATE FUNCTION pg_temp.check_claims(planned text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	claim record;
BEGIN
	FOR claim IN
		SELECT q.queue, r.reviewer, c.*
		FROM (VALUES ('one'), ('three')) AS q (queue), (VALUES ('new'), ('old')) AS r (reviewer), generate_series(1, 12) AS n,
			pg_temp.cost(format('SELECT item FROM gaiops_claim_review(%L, reviewer => %L) WHERE %s > 0', q.queue, r.reviewer, n)) AS c
	LOOP
		IF claim.result IS NULL OR claim.scanned > 0 OR claim.fetched > 1000 THEN
			RETURN NEXT ok(false, format('%s: %s of queue %s: item %s, %s scans, %s rows', planned, claim.reviewer, claim.queue, claim.result, claim.scanned, claim.fetched));
		END IF;
	END LOOP;
	RETURN NEXT ok(true, planned);
END
$$;

SELECT cmp_ok((SELECT scanned FROM pg_temp.cost('SELECT count(*) FROM gaiops.review_items WHERE enqueued_by <> ''x''')), '>', 0::bigint, 'a scan is seen');
SET LOCAL enable_seqscan = off;
SELECT cmp_ok((SELECT fetched FROM pg_temp.cost('SELECT count(enqueued_by) FROM gaiops.review_items WHERE item <= 2000')), '>', 1000::bigint, 'and rows');
SET LOCAL enable_seqscan = on;
SELECT pg_temp.check_claims('without statistics');
SET LOCAL plan_cache_mode = force_generic_plan;
SELECT pg_temp.check_claims('without statistics, a generic plan');
ANALYZE gaiops.review_items, gaiops.review_claims;
SELECT pg_temp.check_claims('a generic plan');
SET LOCAL plan_cache_mode = force_custom_plan;
SELECT pg_temp.check_claims('a plan of its own');
SELECT ok((SELECT count(*) BETWEEN 1 AND 96 FROM gaiops.review_claims WHERE reviewer = 'old' AND state = 'lapsed'), 'of claims whose lease was over one at most was taken back each time');

-- Other ways to an item.
SELECT is((SELECT count(*) FROM (SELECT item FROM gaiops.review_claims WHERE reviewer = 'new' AND queue = 'three' ORDER BY item LIMIT 20) AS i,
	pg_temp.cost(format('SELECT gaiops_decline_review(%s, reviewer => ''new'')', i.item)) AS c WHERE c.scanned = 0 AND c.fetched < 50), 20::bigint, 'declining looks up the item');
SELECT is((SELECT c.result || ' ' || c.scanned FROM pg_temp.cost($$ SELECT gaiops_enqueue_review('three', '{}') $$) AS c), '0 0', 'putting nothing in looks at nothing');
-- Progress goes over each table once.
SELECT is((SELECT scanned FROM pg_temp.cost('SELECT sum(items) FROM gaiops.review_queues')) <= 2, true, 'progress scans each table once at most');

SELECT * FROM finish();
ROLLBACK;
