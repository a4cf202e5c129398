-- What evaluations keep of requests and answers, and for how long.

-- Numbers and booleans are figures, and stay.  Answers may be large: their rows are
-- taken by the thousand.
CREATE OR REPLACE FUNCTION gaiops.expire_evaluations(before timestamptz)
RETURNS boolean
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	at_once CONSTANT integer := 1000;
	outputs bigint;
	marks bigint;
BEGIN
	IF gaiops.subscription_of('gaiops.evaluation_outcomes') IS NOT NULL THEN
		RETURN false;
	END IF;
	UPDATE gaiops.evaluation_outcomes AS o SET output = NULL
	WHERE o.ctid = ANY (ARRAY(
		SELECT e.ctid FROM gaiops.evaluation_outcomes AS e
		WHERE e.ended_at < before AND e.output IS NOT NULL LIMIT at_once));
	GET DIAGNOSTICS outputs = ROW_COUNT;
	UPDATE gaiops.evaluation_marks AS m SET reason = NULL,
		value = CASE WHEN jsonb_typeof(m.value) IN ('number', 'boolean') THEN m.value END
	WHERE m.ctid = ANY (ARRAY(
		SELECT e.ctid FROM gaiops.evaluation_marks AS e
		WHERE e.created_at < before
			AND (e.reason IS NOT NULL OR jsonb_typeof(e.value) NOT IN ('number', 'boolean')) LIMIT at_once));
	GET DIAGNOSTICS marks = ROW_COUNT;
	RETURN outputs = at_once OR marks = at_once;
END
$$;
COMMENT ON FUNCTION gaiops.expire_evaluations(timestamptz) IS
	'Takes a time; takes answers, and what scorers have said of them in words, from results and scores of evaluations '
	'from before that time, and returns whether there may be more of them; those that come from a '
	'publisher are left to it';
