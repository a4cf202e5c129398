-- Taking items out of review queues.  Answering them is in review_answers.sql.
--
-- Every change of how many reviewers an item wants is made under a lock on its
-- row, every change of a claim under a lock on that.  Whoever locks several locks
-- the queue first, then the reviewer, then the item, then the claim.  Claiming waits
-- for neither item nor claim: it passes by what is locked.  Only claims of one reviewer
-- wait for each other, so that they can be counted.

CREATE OR REPLACE FUNCTION gaiops.check_reviewer(settings gaiops.review_settings)
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	IF settings.reviewers IS NOT NULL AND NOT gaiops.is_member(settings.reviewers) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'insufficient_privilege',
			MESSAGE = format('permission denied to review items of review queue "%s"', settings.queue),
			DETAIL = format('Only members of %s may review them.', (
				SELECT string_agg(format('"%s"', r), ', ') FROM unnest(settings.reviewers) AS r));
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_reviewer(gaiops.review_settings) IS
	'Takes the row of a review queue and returns nothing; raises unless the role in force may review';

-- Who reviews is who gives the feedback.
CREATE OR REPLACE FUNCTION gaiops.reviewer_name(reviewer text)
RETURNS text
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_size('reviewer', reviewer, 255);
	RETURN gaiops.assessment_source('HUMAN', reviewer);
END
$$;
COMMENT ON FUNCTION gaiops.reviewer_name(text) IS
	'Takes a reviewer as given, NULL if not, and returns the name, by default of the role in force; '
	'raises unless that role may speak for him';

CREATE OR REPLACE FUNCTION gaiops.check_lease(lease interval)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_given('lease', lease);
	IF lease < interval '1 second' OR lease > interval '30 days' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'argument "lease" is out of range',
			DETAIL = format('It is %s; it must be from 1 second to 30 days.', lease);
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_lease(interval) IS
	'Takes a lease and returns nothing; raises unless it is from 1 second to 30 days';

CREATE OR REPLACE FUNCTION gaiops.count_held_reviews(queue text, reviewer text)
RETURNS bigint LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_count_held_reviews';
COMMENT ON FUNCTION gaiops.count_held_reviews(text, text) IS
	'Takes a review queue and a reviewer and returns how many items of it he holds by now, '
	'whatever the snapshot of the transaction: claimed, not answered, and the lease is not over';

CREATE OR REPLACE FUNCTION gaiops.check_held_reviews(queue text, reviewer text)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	most CONSTANT integer := 100;
BEGIN
	PERFORM gaiops.lock_registry(format('reviews of %L in %L', reviewer, queue));
	IF gaiops.count_held_reviews(queue, reviewer) >= most THEN
		RAISE EXCEPTION USING
			ERRCODE = 'program_limit_exceeded',
			MESSAGE = format('"%s" holds too many items of review queue "%s"', reviewer, queue),
			DETAIL = format('A reviewer can hold %s that are not answered.', most),
			HINT = 'Answer some with gaiops_submit_review(), or give them back with gaiops_decline_review(); '
				'an admin takes them back with gaiops_release_review().';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_held_reviews(text, text) IS
	'Takes a review queue and a reviewer, has other claims of his there wait until the transaction ends, '
	'and returns nothing; raises if he holds as many items as he can';

-- One that the reviewer can have, so that a claim holds no other item than it gives;
-- looked for among the hundred whose leases ended first.  The time is a variable so
-- that the index is searched by it.
CREATE OR REPLACE FUNCTION gaiops.take_back_review(queue text, reviewer text, is_own boolean)
RETURNS gaiops.review_items
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	upto timestamptz := clock_timestamp();
	ended gaiops.review_claims;
	returned gaiops.review_items;
BEGIN
	upto := coalesce((
		SELECT c.lease_until FROM gaiops.review_claims AS c
		WHERE c.queue = take_back_review.queue AND c.state = 'claimed' AND c.lease_until < upto
		ORDER BY c.lease_until OFFSET 99 LIMIT 1), upto);
	SELECT c.* INTO ended
		FROM gaiops.review_claims AS c JOIN gaiops.review_items AS i ON i.item = c.item
		WHERE c.queue = take_back_review.queue AND c.state = 'claimed' AND c.lease_until <= upto
			AND CASE WHEN is_own THEN c.reviewer = take_back_review.reviewer ELSE (
				SELECT true FROM gaiops.review_claims AS o
				WHERE o.item = c.item AND o.reviewer = take_back_review.reviewer LIMIT 1) IS NULL END
		ORDER BY c.lease_until LIMIT 1
		FOR UPDATE OF i, c SKIP LOCKED;
	IF FOUND THEN
		UPDATE gaiops.review_claims AS c SET state = 'lapsed'
			WHERE c.item = ended.item AND c.reviewer = ended.reviewer;
		UPDATE gaiops.review_items AS i SET wanted = i.wanted + 1, place = nextval('gaiops.review_items_item_seq')
			WHERE i.item = ended.item
			RETURNING i.* INTO returned;
	END IF;
	RETURN returned;
END
$$;
COMMENT ON FUNCTION gaiops.take_back_review(text, text, boolean) IS
	'Takes a review queue, a reviewer, and whether it is to be an item he has or one he has not had, '
	'takes back one whose lease is over and that nobody is at, and returns it, locked; NULL if there is none';

-- The reviewer's claims are looked up one by one, whatever the planner thinks of
-- how many there are.
CREATE OR REPLACE FUNCTION gaiops.find_review_item(queue text, reviewer text, after bigint, upto bigint)
RETURNS gaiops.review_items
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	found_item gaiops.review_items;
BEGIN
	SELECT i.* INTO found_item
		FROM gaiops.review_items AS i
		WHERE i.queue = find_review_item.queue AND i.wanted > 0 AND i.place > after AND i.place <= upto AND (
			SELECT true FROM gaiops.review_claims AS c
			WHERE c.item = i.item AND c.reviewer = find_review_item.reviewer LIMIT 1) IS NULL
		ORDER BY i.place LIMIT 1
		FOR UPDATE OF i SKIP LOCKED;
	RETURN found_item;
END
$$;
COMMENT ON FUNCTION gaiops.find_review_item(text, text, bigint, bigint) IS
	'Takes a review queue, a reviewer and two places, locks the first item behind the one and not behind the other '
	'that wants a reviewer, that he has not had and nobody is at, and returns it; NULL if there is none';

-- Only when there is nothing else for him.
CREATE OR REPLACE FUNCTION gaiops.find_lapsed_review(queue text, reviewer text)
RETURNS gaiops.review_items
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	found_item gaiops.review_items;
BEGIN
	SELECT i.* INTO found_item
		FROM gaiops.review_claims AS c JOIN gaiops.review_items AS i ON i.item = c.item
		WHERE c.queue = find_lapsed_review.queue AND c.reviewer = find_lapsed_review.reviewer
			AND c.state = 'lapsed' AND i.wanted > 0
		ORDER BY c.place LIMIT 1
		FOR UPDATE OF i, c SKIP LOCKED;
	RETURN found_item;
END
$$;
COMMENT ON FUNCTION gaiops.find_lapsed_review(text, text) IS
	'Takes a review queue and a reviewer, locks the first item that went back when his lease ended, '
	'that still wants a reviewer and nobody is at, with his claim, and returns it; NULL if there is none';

CREATE OR REPLACE FUNCTION gaiops.describe_review_schemas(schemas text[])
RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('name', s.name, 'kind', s.kind, 'instruction', s.instruction,
		'labels', s.labels, 'multiple', CASE s.kind WHEN 'categories' THEN s.multiple END,
		'ordered', CASE s.kind WHEN 'categories' THEN s.ordered END,
		'minimum', s.minimum, 'maximum', s.maximum, 'max_length', s.max_length)) ORDER BY n.number)
	FROM unnest(schemas) WITH ORDINALITY AS n (name, number), gaiops.label_schema(n.name) AS s
$$;
COMMENT ON FUNCTION gaiops.describe_review_schemas(text[]) IS
	'Takes names of label schemas and returns them as a JSON array of objects, in this order';

-- He goes on from his last item, so as not to walk over all that he has done.  What he
-- has left behind was locked when he came by, or was committed late: for that, and for
-- what others have let lapse, he looks at every tenth time first, and else when there
-- is nothing ahead.  What he let lapse himself he gets in the end.
CREATE OR REPLACE FUNCTION gaiops.next_review_item(queue text, reviewer text, latest gaiops.review_claims)
RETURNS gaiops.review_items
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	last_place CONSTANT bigint := coalesce(latest.place, 0);
	front bigint;
	chosen gaiops.review_items;
BEGIN
	IF latest.turn % 10 = 0 THEN
		chosen := gaiops.take_back_review(queue, reviewer, false);
		IF chosen.item IS NULL THEN
			SELECT i.place INTO front FROM gaiops.review_items AS i
				WHERE i.queue = next_review_item.queue AND i.wanted > 0
				ORDER BY i.place OFFSET 99 LIMIT 1;
			chosen := gaiops.find_review_item(queue, reviewer, 0, least(front, last_place));
		END IF;
	END IF;
	IF chosen.item IS NULL THEN
		chosen := gaiops.find_review_item(queue, reviewer, last_place, 9223372036854775807);
	END IF;
	IF chosen.item IS NULL THEN
		chosen := gaiops.take_back_review(queue, reviewer, false);
	END IF;
	IF chosen.item IS NULL AND last_place > 0 THEN
		chosen := gaiops.find_review_item(queue, reviewer, 0, last_place);
	END IF;
	IF chosen.item IS NULL THEN
		chosen := gaiops.find_lapsed_review(queue, reviewer);
	END IF;
	IF chosen.item IS NULL THEN
		chosen := gaiops.take_back_review(queue, reviewer, true);
	END IF;
	RETURN chosen;
END
$$;
COMMENT ON FUNCTION gaiops.next_review_item(text, text, gaiops.review_claims) IS
	'Takes a review queue, a reviewer and his latest claim there, NULL if he has none, '
	'locks the item that he is to have next and returns it; NULL if none is left for him';

-- The other half, what was said in the trace, is read as the one who asks.
CREATE OR REPLACE FUNCTION gaiops.inner_take_review(
	queue text, lease interval, reviewer text, OUT item bigint, OUT trace_id uuid, OUT schemas jsonb,
	OUT lease_until timestamptz)
RETURNS record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	settings gaiops.review_settings;
	taker text;
	latest gaiops.review_claims;
	chosen gaiops.review_items;
	present CONSTANT timestamptz := clock_timestamp();
BEGIN
	PERFORM gaiops.check_writable('gaiops_claim_review');
	settings := gaiops.lock_review_queue(queue);
	PERFORM gaiops.check_lease(lease);
	PERFORM gaiops.check_reviewer(settings);
	taker := gaiops.reviewer_name(reviewer);
	PERFORM gaiops.check_held_reviews(settings.queue, taker);
	LOOP
		SELECT c.* INTO latest FROM gaiops.review_claims AS c
			WHERE c.queue = settings.queue AND c.reviewer = taker
			ORDER BY c.place DESC LIMIT 1;
		chosen := gaiops.next_review_item(settings.queue, taker, latest);
		EXIT WHEN chosen.item IS NULL;
		INSERT INTO gaiops.review_claims AS c (item, reviewer, queue, place, turn, state, claimed_at,
			lease_until, role, outer_role)
			VALUES (chosen.item, taker, settings.queue, chosen.place, coalesce(latest.turn, 0) + 1, 'claimed',
				present, present + lease,
				gaiops.caller(), gaiops.outer_role())
			ON CONFLICT ON CONSTRAINT review_claims_pkey DO UPDATE
			SET place = EXCLUDED.place, turn = EXCLUDED.turn, state = EXCLUDED.state,
				claimed_at = EXCLUDED.claimed_at, lease_until = EXCLUDED.lease_until,
				role = EXCLUDED.role, outer_role = EXCLUDED.outer_role,
				released_by = NULL
			WHERE c.state = 'lapsed'
			RETURNING c.item, chosen.trace_id, c.lease_until INTO item, trace_id, lease_until;
		-- Another session of his may have taken it since the statement that chose it began.
		CONTINUE WHEN NOT FOUND;
		UPDATE gaiops.review_items AS i SET wanted = i.wanted - 1 WHERE i.item = chosen.item;
		schemas := gaiops.describe_review_schemas(settings.schemas);
		EXIT;
	END LOOP;
END
$$;
COMMENT ON FUNCTION gaiops.inner_take_review(text, interval, text) IS
	'Takes the arguments of gaiops.take_review() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION gaiops.take_review(
	queue text, lease interval, reviewer text, OUT item bigint, OUT trace_id uuid, OUT schemas jsonb,
	OUT lease_until timestamptz)
RETURNS record
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION gaiops.take_review(text, interval, text) IS
	'Takes the arguments of gaiops_claim_review(), claims an item and returns it; '
	'NULLs if none is left for the reviewer';

CREATE OR REPLACE FUNCTION gaiops.reviewed_contents(trace_id uuid, OUT inputs jsonb, OUT outputs jsonb)
RETURNS record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
SET jit = off
AS $$
BEGIN
	SELECT asked.inputs::jsonb, coalesce(to_jsonb(gaiops.answer_text(answered.body)), answered.inputs::jsonb)
		INTO inputs, outputs
		FROM gaiops.trace_entries(ARRAY[trace_id]) AS e
		LEFT JOIN gaiops.span_payloads AS asked ON asked.trace_id = e.trace_id AND asked.span_id = e.span_id
			AND asked.start_time = e.start_time AND asked.kind = 'request'
		LEFT JOIN gaiops.span_payloads AS answered ON answered.trace_id = e.trace_id
			AND answered.span_id = e.answer_span_id
			AND answered.start_time = e.answer_time AND answered.kind = 'response';
END
$$;
COMMENT ON FUNCTION gaiops.reviewed_contents(uuid) IS
	'Takes a trace and returns what the caller gave to its entry span, and the answer or, of an application''s span, '
	'the outputs; NULLs once payloads are dropped';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_claim_review(
	queue text, lease interval DEFAULT '30 minutes', reviewer text DEFAULT NULL)
RETURNS TABLE (item bigint, trace_id uuid, inputs jsonb, outputs jsonb, schemas jsonb, lease_until timestamptz)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE ROWS 1
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	SELECT t.item, t.trace_id, t.schemas, t.lease_until INTO item, trace_id, schemas, lease_until
		FROM gaiops.take_review(queue, lease, reviewer) AS t;
	IF item IS NOT NULL THEN
		SELECT c.inputs, c.outputs INTO inputs, outputs FROM gaiops.reviewed_contents(trace_id) AS c;
		RETURN NEXT;
	END IF;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_claim_review(text, interval, text) IS
	'Takes a review queue, how long the item may stay with the reviewer (1 second to 30 days), and the reviewer, '
	'by default the role in force, and returns an item to review with what was said in its trace '
	'and what is asked; no row if none is left';
