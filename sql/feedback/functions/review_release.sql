-- Taking items back from reviewers who keep them, which is for admins.  Locks are in
-- the order that reviews.sql has.

CREATE OR REPLACE FUNCTION gaiops.lock_held_reviews(item bigint, queue text, reviewer text)
RETURNS bigint[]
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	queues CONSTANT text[] := ARRAY(
		SELECT c.queue FROM gaiops.review_claims AS c
		WHERE c.state = 'claimed' AND (lock_held_reviews.queue IS NULL OR c.queue = lock_held_reviews.queue)
			AND (lock_held_reviews.item IS NULL OR c.item = lock_held_reviews.item)
			AND (lock_held_reviews.reviewer IS NULL OR c.reviewer = lock_held_reviews.reviewer)
		GROUP BY c.queue ORDER BY c.queue);
	name text;
BEGIN
	FOREACH name IN ARRAY queues LOOP
		PERFORM FROM gaiops.review_settings AS s WHERE s.queue = name FOR KEY SHARE;
	END LOOP;
	RETURN ARRAY(
		SELECT i.item FROM gaiops.review_items AS i
		WHERE i.item IN (
			SELECT c.item FROM gaiops.review_claims AS c
			WHERE c.queue = ANY (queues) AND c.state = 'claimed'
				AND (lock_held_reviews.item IS NULL OR c.item = lock_held_reviews.item)
				AND (lock_held_reviews.reviewer IS NULL OR c.reviewer = lock_held_reviews.reviewer))
		ORDER BY i.item FOR UPDATE);
END
$$;
COMMENT ON FUNCTION gaiops.lock_held_reviews(bigint, text, text) IS
	'Takes an item, a review queue and a reviewer, each NULL for all, locks the queues '
	'and the items that are claimed so, and returns the items';

CREATE OR REPLACE FUNCTION gaiops.check_release(item bigint, queue text, reviewer text)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	IF num_nonnulls(item, queue, reviewer) = 0 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'at least one of the arguments "item", "queue" and "reviewer" must be given',
			HINT = 'For example gaiops_release_review(queue => ''support'', reviewer => ''ann'').';
	END IF;
	IF queue IS NOT NULL THEN
		PERFORM gaiops.lock_review_queue(queue);
	END IF;
	IF item IS NOT NULL AND NOT EXISTS (SELECT FROM gaiops.review_items AS i WHERE i.item = check_release.item) THEN
		PERFORM gaiops.raise_unclaimed_review(item, reviewer);
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_release(bigint, text, text) IS
	'Takes an item, a review queue and a reviewer and returns nothing; raises unless one is given, '
	'and the queue and the item exist, and keeps the queue from being dropped until the transaction ends';

CREATE OR REPLACE FUNCTION gaiops.inner_release_review(item bigint, queue text, reviewer text)
RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	items bigint[];
	released bigint;
BEGIN
	PERFORM gaiops.check_writable('gaiops_release_review');
	PERFORM gaiops.check_release(item, queue, reviewer);
	items := gaiops.lock_held_reviews(item, queue, reviewer);
	-- What was answered while the items were waited for is left as it is.
	WITH claim AS (
		UPDATE gaiops.review_claims AS c
			SET state = 'lapsed', lease_until = least(c.lease_until, clock_timestamp()), released_by = gaiops.caller()
			WHERE c.item = ANY (items) AND c.state = 'claimed'
				AND (inner_release_review.reviewer IS NULL OR c.reviewer = inner_release_review.reviewer)
			RETURNING c.item
	), returned AS (
		UPDATE gaiops.review_items AS i SET wanted = i.wanted + c.n, place = nextval('gaiops.review_items_item_seq')
			FROM (SELECT t.item, count(*)::integer AS n FROM claim AS t GROUP BY t.item) AS c
			WHERE i.item = c.item
	)
	SELECT count(*) INTO released FROM claim AS c;
	RETURN released;
END
$$;
COMMENT ON FUNCTION gaiops.inner_release_review(bigint, text, text) IS
	'Takes the arguments of gaiops_release_review() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_release_review(
	item bigint DEFAULT NULL, queue text DEFAULT NULL, reviewer text DEFAULT NULL)
RETURNS bigint
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_release_review(bigint, text, text) IS
	'Takes an item, a review queue and a reviewer, at least one of them, takes back what is claimed so and not '
	'answered, to be given to others, and returns how many claims these were; raises if there is no such queue or item';
