-- Which evaluations are compared, by what they are cut into slices, and which record of
-- one is compared with which of the other.  Runs as the caller, who sees the runs that
-- policies let him see.

CREATE OR REPLACE FUNCTION gaiops.check_evaluation(argument text, run_id uuid)
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_given(argument, run_id);
	IF NOT EXISTS (SELECT FROM gaiops.evaluations AS e WHERE e.run_id = check_evaluation.run_id) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_object',
			MESSAGE = format('evaluation "%s" does not exist', run_id),
			DETAIL = format('Argument "%s" has to be a run of gaiops_evaluate() that you may read.', argument),
			HINT = 'See gaiops.evaluations. What the same statement, or a REPEATABLE READ transaction, has evaluated '
				'is seen by the next one.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_evaluation(text, uuid) IS
	'Takes an argument''s name and value and returns nothing; raises if it is no run of an evaluation that the '
	'caller sees';

CREATE OR REPLACE FUNCTION gaiops.check_slicing("by" text)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	IF "by" NOT IN ('split', 'session') AND "by" !~ '^(tag|input):.' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('records cannot be put into slices by "%s"', "by"),
			HINT = 'Write split, session, tag:KEY for a tag, or input:MEMBER for a member of the inputs.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_slicing(text) IS
	'Takes by what records are put into slices, or NULL, and returns nothing; raises if it cannot be done by that';

-- In a form that the planner puts in place of a call.
CREATE OR REPLACE FUNCTION gaiops.record_slice("by" text, split text, session_id text, tags jsonb, inputs jsonb)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN "by" || ': ' || coalesce(CASE
	WHEN "by" = 'split' THEN split
	WHEN "by" = 'session' THEN session_id
	WHEN "by" LIKE 'tag:%' THEN tags ->> pg_catalog.substr("by", 5)
	ELSE inputs ->> pg_catalog.substr("by", 7)
END, '(none)');
COMMENT ON FUNCTION gaiops.record_slice(text, text, text, jsonb, jsonb) IS
	'Takes by what records are put into slices, NULL for none, and what a record has; returns the slice that it '
	'is in';

-- What the dataset says is read where it is asked for: the results have the rest.  The dataset
-- may be gone.
CREATE OR REPLACE FUNCTION gaiops.evaluated_records(run_id uuid, "by" text, with_contents boolean)
RETURNS TABLE (record_id uuid, session_id text, slice text, inputs jsonb, expectations jsonb)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 100000
SET search_path = pg_catalog, gaiops, pg_temp
SET jit = off
AS $$
DECLARE
	evaluation record;
BEGIN
	SELECT e.dataset, e.revision INTO evaluation
		FROM gaiops.evaluations AS e WHERE e.run_id = evaluated_records.run_id AND with_contents;
	RETURN QUERY
	WITH result AS MATERIALIZED (
		SELECT r.record_id, min(r.session_id) AS session_id,
			min(gaiops.record_slice("by", r.split, r.session_id, r.tags, NULL)) AS slice
		FROM gaiops.evaluation_results AS r WHERE r.run_id = evaluated_records.run_id
		GROUP BY r.record_id
	), version AS MATERIALIZED (
		SELECT DISTINCT ON (v.record_id) v.record_id, v.inputs, v.expectations
		FROM gaiops.dataset_record_versions AS v
		WHERE v.dataset || '' = evaluation.dataset AND v.revision <= evaluation.revision
		ORDER BY v.record_id, v.revision DESC
	)
	SELECT r.record_id, r.session_id,
		CASE WHEN "by" LIKE 'input:%' THEN gaiops.record_slice("by", NULL, NULL, NULL, v.inputs) ELSE r.slice END,
		v.inputs, v.expectations
	FROM result AS r LEFT JOIN version AS v USING (record_id);
END
$$;
COMMENT ON FUNCTION gaiops.evaluated_records(uuid, text, boolean) IS
	'Takes a run of an evaluation, by what records are put into slices, or NULL, and whether to look into the '
	'dataset; returns the records that it has results of, as they were then, with inputs and expectations if it '
	'was looked for them and they are still there';

-- A record whose expectations were changed in between is another question.  Of one revision
-- they are the same.
CREATE OR REPLACE FUNCTION gaiops.compared_records(baseline uuid, candidate uuid, "by" text)
RETURNS TABLE (record_id uuid, session_id text, unit uuid, slice text, state text)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 100000
SET search_path = pg_catalog, gaiops, pg_temp
SET jit = off
SET enable_mergejoin = off
AS $$
DECLARE
	with_contents CONSTANT boolean := coalesce("by" LIKE 'input:%', false) OR (
		SELECT count(DISTINCT (e.dataset, e.revision)) > 1 FROM gaiops.evaluations AS e
		WHERE e.run_id IN (compared_records.baseline, compared_records.candidate));
BEGIN
	RETURN QUERY
	WITH record AS MATERIALIZED (
		SELECT i.id, i.session_id, CASE WHEN i.session_id IS NULL THEN i.id END AS unit,
			coalesce(c.slice, b.slice) AS slice, CASE
				WHEN c.record_id IS NULL THEN 'baseline only'
				WHEN b.record_id IS NULL THEN 'candidate only'
				WHEN b.expectations IS DISTINCT FROM c.expectations THEN 'changed'
				ELSE 'paired' END AS state
		FROM gaiops.evaluated_records(compared_records.baseline, "by", with_contents) AS b
			FULL JOIN gaiops.evaluated_records(compared_records.candidate, "by", with_contents) AS c
				ON c.record_id = b.record_id
			CROSS JOIN LATERAL (
				SELECT coalesce(c.record_id, b.record_id), coalesce(c.session_id, b.session_id)) AS i (id, session_id)
	)
	SELECT r.id, r.session_id, r.unit, NULL, r.state FROM record AS r
	UNION ALL
	SELECT r.id, r.session_id, r.unit, r.slice, r.state FROM record AS r WHERE r.slice IS NOT NULL;
END
$$;
COMMENT ON FUNCTION gaiops.compared_records(uuid, uuid, text) IS
	'Takes two runs of evaluations and by what records are put into slices, or NULL; returns the records of both '
	'with slice NULL, and those with a slice once more, the session, or else the record itself, as the unit that '
	'tests count, and the state: paired, changed if the expectations are not the same, baseline only or candidate '
	'only';

-- Its estimate keeps the planner from joining a hundred thousand records in loops.
CREATE OR REPLACE FUNCTION gaiops.paired_records(baseline uuid, candidate uuid, "by" text)
RETURNS TABLE (record_id uuid, session_id text, unit uuid, slice text)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 100000
SET search_path = pg_catalog, gaiops, pg_temp
SET jit = off
AS $$
BEGIN
	RETURN QUERY
	SELECT r.record_id, r.session_id, r.unit, r.slice
	FROM gaiops.compared_records(paired_records.baseline, paired_records.candidate, "by") AS r
	WHERE r.state = 'paired';
END
$$;
COMMENT ON FUNCTION gaiops.paired_records(uuid, uuid, text) IS
	'Takes two runs of evaluations and by what records are put into slices, or NULL; returns the records that are '
	'compared, as compared_records() does';
