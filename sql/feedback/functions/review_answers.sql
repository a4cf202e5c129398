-- Answering items of review queues, and giving them back.  Locks are in the order that
-- reviews.sql has.

CREATE OR REPLACE FUNCTION gaiops.raise_unclaimed_review(item bigint, reviewer text)
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM gaiops.review_items AS i WHERE i.item = raise_unclaimed_review.item) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_object',
			MESSAGE = format('review item %s does not exist', item),
			HINT = 'Claim one with gaiops_claim_review(); items go when their queue is dropped.';
	END IF;
	RAISE EXCEPTION USING
		ERRCODE = 'object_not_in_prerequisite_state',
		MESSAGE = format('review item %s is not claimed by "%s"', item, reviewer),
		HINT = 'Claim an item with gaiops_claim_review().';
END
$$;
COMMENT ON FUNCTION gaiops.raise_unclaimed_review(bigint, text) IS
	'Takes an item of a review queue and a reviewer who has not claimed it; '
	'raises that there is none, or that he has not';

CREATE OR REPLACE FUNCTION gaiops.lock_review_item(item bigint, reviewer text)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM FROM gaiops.review_items AS i WHERE i.item = lock_review_item.item FOR UPDATE;
	IF NOT FOUND THEN
		PERFORM gaiops.raise_unclaimed_review(item, reviewer);
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.lock_review_item(bigint, text) IS
	'Takes an item of a review queue and a reviewer, locks the item and returns nothing; raises unless there is one';

CREATE OR REPLACE FUNCTION gaiops.lock_item_queue(item bigint, reviewer text)
RETURNS gaiops.review_settings
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	settings gaiops.review_settings;
BEGIN
	SELECT s.* INTO settings FROM gaiops.review_settings AS s
		WHERE s.queue = (SELECT i.queue FROM gaiops.review_items AS i WHERE i.item = lock_item_queue.item)
		FOR KEY SHARE;
	IF NOT FOUND THEN
		PERFORM gaiops.raise_unclaimed_review(item, reviewer);
	END IF;
	RETURN settings;
END
$$;
COMMENT ON FUNCTION gaiops.lock_item_queue(bigint, text) IS
	'Takes an item of a review queue and a reviewer, keeps the queue from being dropped until the transaction ends, '
	'and returns its row; raises unless there is such an item';

CREATE OR REPLACE FUNCTION gaiops.raise_finished_review(claim gaiops.review_claims)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RAISE EXCEPTION USING
		ERRCODE = 'object_not_in_prerequisite_state',
		MESSAGE = format('review item %s was %s by "%s" already', claim.item, claim.state, claim.reviewer),
		HINT = CASE claim.state WHEN 'submitted' THEN 'Change an answer with gaiops_override_feedback().'
			ELSE 'Claim another item with gaiops_claim_review().' END;
END
$$;
COMMENT ON FUNCTION gaiops.raise_finished_review(gaiops.review_claims) IS
	'Takes a claim that was submitted or declined; raises that it was';

CREATE OR REPLACE FUNCTION gaiops.lock_review_claim(item bigint, reviewer text)
RETURNS gaiops.review_claims
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	claim gaiops.review_claims;
BEGIN
	SELECT c.* INTO claim FROM gaiops.review_claims AS c
		WHERE c.item = lock_review_claim.item AND c.reviewer = lock_review_claim.reviewer FOR UPDATE;
	IF NOT FOUND THEN
		PERFORM gaiops.raise_unclaimed_review(item, reviewer);
	ELSIF claim.state IN ('submitted', 'declined') THEN
		PERFORM gaiops.raise_finished_review(claim);
	END IF;
	RETURN claim;
END
$$;
COMMENT ON FUNCTION gaiops.lock_review_claim(bigint, text) IS
	'Takes an item of a review queue and a reviewer, locks his claim to it, and returns the claim; '
	'raises unless he has one that is not answered';

-- He who has the item still needs nothing but his claim, and so waits for nobody
-- who takes it for the second reviewer it wants.
CREATE OR REPLACE FUNCTION gaiops.lock_claim_to_answer(item bigint, reviewer text)
RETURNS gaiops.review_claims
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	claim gaiops.review_claims;
BEGIN
	SELECT c.* INTO claim FROM gaiops.review_claims AS c
		WHERE c.item = lock_claim_to_answer.item AND c.reviewer = lock_claim_to_answer.reviewer AND c.state = 'claimed'
		FOR UPDATE SKIP LOCKED;
	IF NOT FOUND THEN
		PERFORM gaiops.lock_review_item(item, reviewer);
		claim := gaiops.lock_review_claim(item, reviewer);
	END IF;
	RETURN claim;
END
$$;
COMMENT ON FUNCTION gaiops.lock_claim_to_answer(bigint, text) IS
	'Takes an item of a review queue and a reviewer, locks his claim, and the item unless he holds it still, '
	'and returns the claim; raises unless he has one that is not answered';

CREATE OR REPLACE FUNCTION gaiops.raise_lost_review(claim gaiops.review_claims)
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RAISE EXCEPTION USING
		ERRCODE = 'object_not_in_prerequisite_state',
		MESSAGE = format('review item %s is no longer claimed by "%s"', claim.item, claim.reviewer),
		DETAIL = format(CASE WHEN claim.released_by IS NULL
			THEN 'The lease ended at %s, and the item was given to others since.'
			ELSE 'It was taken back at %s by "%s", and given to others since.' END,
			claim.lease_until, claim.released_by),
		HINT = CASE WHEN claim.released_by IS NULL THEN 'Claim another item, with a longer lease.'
			ELSE 'Claim another item.' END;
END
$$;
COMMENT ON FUNCTION gaiops.raise_lost_review(gaiops.review_claims) IS
	'Takes a claim whose item others have since; raises that the reviewer has it no longer, and why';

-- What he did is not lost as long as nobody has taken his place.
CREATE OR REPLACE FUNCTION gaiops.resume_review(claim gaiops.review_claims)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	UPDATE gaiops.review_items AS i SET wanted = i.wanted - 1 WHERE i.item = claim.item AND i.wanted > 0;
	IF NOT FOUND THEN
		PERFORM gaiops.raise_lost_review(claim);
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.resume_review(gaiops.review_claims) IS
	'Takes a claim whose lease ended, takes its item again and returns nothing; '
	'raises if the item wants no reviewer any more';

CREATE OR REPLACE FUNCTION gaiops.check_asked(settings gaiops.review_settings, answers jsonb)
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	alien text;
BEGIN
	SELECT a.key INTO alien FROM jsonb_object_keys(answers) AS a (key)
		WHERE a.key <> ALL (settings.schemas) ORDER BY a.key COLLATE "C" LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('review queue "%s" does not ask for "%s"', settings.queue, left(alien, 255)),
			DETAIL = format('It asks for %s.', (
				SELECT string_agg(format('"%s"', s), ', ') FROM unnest(settings.schemas) AS s));
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_asked(gaiops.review_settings, jsonb) IS
	'Takes the row of a review queue and answers by label schema and returns nothing; '
	'raises if it does not ask for one of them';

CREATE OR REPLACE FUNCTION gaiops.check_review_answers(settings gaiops.review_settings, answers jsonb)
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	unfit text;
BEGIN
	IF answers = '{}' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'argument "answers" must have at least one answer',
			HINT = 'Use gaiops_decline_review() to give an item back.';
	END IF;
	PERFORM gaiops.check_asked(settings, answers);
	SELECT a.key INTO unfit FROM jsonb_each(answers) AS a (key, answer)
		WHERE a.answer ? 'value' AND jsonb_typeof(a.answer) = 'object'
			AND (a.answer - 'value' - 'rationale' <> '{}'
				OR jsonb_typeof(a.answer -> 'rationale') NOT IN ('string', 'null'))
		ORDER BY a.key COLLATE "C" LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('invalid answer for "%s"', unfit),
			DETAIL = 'An answer that has "value" may have "rationale" beside it, which is a string, and nothing else.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_review_answers(gaiops.review_settings, jsonb) IS
	'Takes the row of a review queue and answers as an object and returns nothing; '
	'raises unless they are answers to what is asked, whatever their values';

CREATE OR REPLACE FUNCTION gaiops.log_review(settings gaiops.review_settings, claim gaiops.review_claims, answers jsonb)
RETURNS uuid[]
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	reviewed CONSTANT uuid := (SELECT i.trace_id FROM gaiops.review_items AS i WHERE i.item = claim.item);
	source CONSTANT jsonb := jsonb_build_object('review_queue', claim.queue, 'review_item', claim.item);
	asked text;
	answer jsonb;
	logged uuid[];
BEGIN
	FOREACH asked IN ARRAY settings.schemas LOOP
		CONTINUE WHEN NOT answers ? asked;
		answer := answers -> asked;
		IF jsonb_typeof(answer) <> 'object' OR NOT answer ? 'value' THEN
			answer := jsonb_build_object('value', answer);
		END IF;
		logged := logged || gaiops.log_assessment('feedback', reviewed, asked,
			answer -> 'value', answer ->> 'rationale',
			'HUMAN', claim.reviewer, NULL, NULL, source, NULL, false);
	END LOOP;
	RETURN logged;
END
$$;
COMMENT ON FUNCTION gaiops.log_review(gaiops.review_settings, gaiops.review_claims, jsonb) IS
	'Takes the row of a review queue, a claim and the answers, logs them as feedback of the reviewer '
	'and returns its ids in the order of the queue''s schemas; raises if a value does not fit its schema';

CREATE OR REPLACE FUNCTION gaiops.inner_submit_review(item bigint, answers gaiops.ordered_json, reviewer text)
RETURNS uuid[]
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	given CONSTANT jsonb := answers;
	source text;
	claim gaiops.review_claims;
	settings gaiops.review_settings;
	logged uuid[];
BEGIN
	PERFORM gaiops.check_writable('gaiops_submit_review');
	PERFORM gaiops.check_given('item', item);
	PERFORM gaiops.check_given('answers', given);
	PERFORM gaiops.check_object('answers', given,
		'{"correctness": true, "groundedness": {"value": false, "rationale": "…"}}');
	source := gaiops.reviewer_name(reviewer);
	settings := gaiops.lock_item_queue(item, source);
	claim := gaiops.lock_claim_to_answer(item, source);
	PERFORM gaiops.check_reviewer(settings);
	PERFORM gaiops.check_review_answers(settings, given);
	IF claim.state = 'lapsed' THEN
		PERFORM gaiops.resume_review(claim);
	END IF;
	logged := gaiops.log_review(settings, claim, given);
	UPDATE gaiops.review_claims AS c SET state = 'submitted', finished_at = clock_timestamp(),
			role = gaiops.caller(), outer_role = gaiops.outer_role()
		WHERE c.item = claim.item AND c.reviewer = claim.reviewer;
	RETURN logged;
END
$$;
COMMENT ON FUNCTION gaiops.inner_submit_review(bigint, gaiops.ordered_json, text) IS
	'Takes the arguments of gaiops_submit_review() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_submit_review(
	item bigint, answers gaiops.ordered_json, reviewer text DEFAULT NULL)
RETURNS uuid[]
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_submit_review(bigint, gaiops.ordered_json, text) IS
	'Takes an item that the reviewer claimed, an object of label schemas and his answers, each a value or {"value": '
	'…, "rationale": …}, and the reviewer, by default the role in force, logs them as feedback on the trace '
	'and returns the ids of the assessments';

CREATE OR REPLACE FUNCTION gaiops.inner_decline_review(item bigint, reason text, reviewer text)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	source text;
	claim gaiops.review_claims;
BEGIN
	PERFORM gaiops.check_writable('gaiops_decline_review');
	PERFORM gaiops.check_given('item', item);
	PERFORM gaiops.check_size('reason', reason, 10000);
	source := gaiops.reviewer_name(reviewer);
	PERFORM gaiops.lock_item_queue(item, source);
	PERFORM gaiops.lock_review_item(item, source);
	claim := gaiops.lock_review_claim(item, source);
	UPDATE gaiops.review_claims AS c
		SET state = 'declined', finished_at = clock_timestamp(), reason = nullif(inner_decline_review.reason, ''),
			role = gaiops.caller(), outer_role = gaiops.outer_role()
		WHERE c.item = claim.item AND c.reviewer = claim.reviewer;
	-- One whose lease had ended and was taken back is there already.
	IF claim.state = 'claimed' THEN
		UPDATE gaiops.review_items AS i SET wanted = i.wanted + 1, place = nextval('gaiops.review_items_item_seq')
			WHERE i.item = claim.item;
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.inner_decline_review(bigint, text, text) IS
	'Takes the arguments of gaiops_decline_review() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_decline_review(
	item bigint, reason text DEFAULT NULL, reviewer text DEFAULT NULL)
RETURNS void
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_decline_review(bigint, text, text) IS
	'Takes an item that the reviewer claimed, why he will not review it, and the reviewer, '
	'by default the role in force, gives the item back, never to be given to him again, and returns nothing';
