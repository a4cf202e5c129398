-- Whether one evaluation is better than another.

CREATE OR REPLACE FUNCTION gaiops.check_margins(margins jsonb, baseline uuid, candidate uuid)
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	wrong text;
BEGIN
	IF jsonb_typeof(margins) <> 'object' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'argument "margins" must be an object',
			HINT = 'Its members are named after scorers, cost or latency, such as {"exact_match": 0.02, "cost": 0.1}.';
	END IF;
	SELECT m.key INTO wrong FROM jsonb_each(margins) AS m
	WHERE m.key NOT IN ('cost', 'latency')
		AND m.key NOT IN (SELECT s.scorer FROM gaiops.compared_scorers(baseline, candidate) AS s)
	ORDER BY m.key COLLATE "C" LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_object',
			MESSAGE = format('there is a margin for "%s", with which neither run was scored', wrong),
			HINT = 'The scorers of a run are in gaiops.evaluations.';
	END IF;
	SELECT m.key INTO wrong FROM jsonb_each(margins) AS m
	WHERE CASE jsonb_typeof(m.value) WHEN 'number' THEN m.value::numeric < 0 OR m.value::numeric > 1e300 ELSE true END
	ORDER BY m.key COLLATE "C" LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('the margin for "%s" must be a number that is not negative', wrong),
			DETAIL = format('It is %s.', left((margins -> wrong)::text, 100));
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_margins(jsonb, uuid, uuid) IS
	'Takes margins, or NULL, and two runs of evaluations and returns nothing; raises unless it is an object of '
	'numbers, none negative, by scorers of the runs, cost or latency';

-- Every slice is tested by drawing: thousands of them would take minutes, and say nothing.  A
-- single one of records that have no split, or no session, would say what all records do.
CREATE OR REPLACE FUNCTION gaiops.check_slices(baseline uuid, candidate uuid, "by" text)
RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	most CONSTANT integer := 1000;
	slices bigint;
	has_value boolean;
BEGIN
	PERFORM gaiops.check_slicing("by");
	IF "by" IS NULL THEN
		RETURN NULL;
	END IF;
	SELECT count(DISTINCT r.slice), bool_or(r.slice <> "by" || ': (none)') INTO slices, has_value
		FROM gaiops.compared_records(baseline, candidate, "by") AS r;
	IF slices > most THEN
		RAISE EXCEPTION USING
			ERRCODE = 'program_limit_exceeded',
			MESSAGE = format('"%s" makes too many slices', "by"),
			DETAIL = format('There are %s; the limit is %s.', slices, most),
			HINT = 'Put a tag with few values on the records, and write tag:KEY.';
	ELSIF NOT has_value AND "by" ~ '^(tag|input):' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_object',
			MESSAGE = format('no record of the runs has a value for "%s"', "by"),
			HINT = 'Tags are in gaiops.evaluation_results, inputs in gaiops.dataset_records.';
	ELSIF NOT has_value THEN
		RAISE NOTICE USING
			MESSAGE = format('no record of the runs has a %s, so there are no slices', "by");
		RETURN NULL;
	END IF;
	RETURN "by";
END
$$;
COMMENT ON FUNCTION gaiops.check_slices(uuid, uuid, text) IS
	'Takes two runs of evaluations and by what records are put into slices, or NULL; returns the same, NULL if no '
	'record has a split or session; raises if it cannot be done by that, makes more slices than can be compared, or no '
	'record has such a tag or input';

-- ---- what a reader has to know of the runs ----

CREATE OR REPLACE FUNCTION gaiops.run_notes(arm text, run_id uuid)
RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	warnings text[] := gaiops.evaluation_warnings(run_id);
BEGIN
	IF EXISTS (
		SELECT FROM gaiops.open_runs AS o
		WHERE o.run_id = run_notes.run_id
			AND (o.incarnation = gaiops.incarnation() OR o.scheduled_in = gaiops.database_identity()))
	THEN
		warnings := warnings || 'still running'::text;
	END IF;
	RETURN coalesce(
		(SELECT jsonb_agg(arm || ': ' || w.warning ORDER BY w.n)
			FROM unnest(warnings) WITH ORDINALITY AS w (warning, n)), '[]');
END
$$;
COMMENT ON FUNCTION gaiops.run_notes(text, uuid) IS
	'Takes baseline or candidate and the run of its evaluation; returns an array of what keeps its figures from '
	'meaning what they seem to';

CREATE OR REPLACE FUNCTION gaiops.pair_counts(baseline uuid, candidate uuid, "by" text)
RETURNS TABLE (slice text, figures jsonb)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 10
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT r.slice, jsonb_build_object(
		'unpaired_baseline', count(*) FILTER (WHERE r.state = 'baseline only'),
		'unpaired_candidate', count(*) FILTER (WHERE r.state = 'candidate only'),
		'changed', count(*) FILTER (WHERE r.state = 'changed'))
	FROM gaiops.compared_records(baseline, candidate, "by") AS r
	GROUP BY r.slice
$$;
COMMENT ON FUNCTION gaiops.pair_counts(uuid, uuid, text) IS
	'Takes two runs of evaluations and by what records are put into slices, or NULL; returns how many records of '
	'each slice have no partner, as objects by the names of columns';

CREATE OR REPLACE FUNCTION gaiops.all_comparisons(baseline uuid, candidate uuid, margins jsonb, "by" text)
RETURNS TABLE (place bigint, figures jsonb)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 10
SET search_path = pg_catalog, gaiops, pg_temp
SET jit = off
AS $$
	SELECT c.place, c.figures FROM gaiops.score_comparisons(baseline, candidate, margins, "by") AS c
	UNION ALL
	SELECT s.place, jsonb_build_object('scorer', s.scorer, 'measure', 'mean', 'n', 0,
		'notes', 'not compared: ' || s.problem)
	FROM (
		SELECT c.scorer, c.place, coalesce(c.problem, CASE
			WHEN NOT EXISTS (SELECT FROM gaiops.paired_records(baseline, candidate, NULL))
			THEN 'the runs have no record in common that expected the same' END) AS problem
		FROM gaiops.compared_scorers(baseline, candidate) AS c) AS s
	WHERE s.problem IS NOT NULL
	UNION ALL
	SELECT c.place, c.figures FROM gaiops.corpus_comparisons(baseline, candidate, "by") AS c
	UNION ALL
	SELECT c.place, c.figures FROM gaiops.usage_comparisons(baseline, candidate, margins, "by") AS c
$$;
COMMENT ON FUNCTION gaiops.all_comparisons(uuid, uuid, jsonb, text) IS
	'Takes two runs of evaluations, margins, and by what records are put into slices, or NULL; returns all rows '
	'of their comparison, as objects by the names of columns';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_compare_runs(
	baseline uuid, candidate uuid, margins gaiops.ordered_json DEFAULT NULL, "by" text DEFAULT NULL)
RETURNS SETOF gaiops.comparison
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10
SET search_path = pg_catalog, gaiops, pg_temp
SET jit = off
AS $$
DECLARE
	given CONSTANT jsonb := margins::jsonb;
	sliced text;
	notes jsonb;
BEGIN
	PERFORM gaiops.check_evaluation('baseline', baseline);
	PERFORM gaiops.check_evaluation('candidate', candidate);
	PERFORM gaiops.check_margins(given, baseline, candidate);
	sliced := gaiops.check_slices(baseline, candidate, "by");
	notes := gaiops.run_notes('baseline', baseline) || gaiops.run_notes('candidate', candidate)
		|| CASE WHEN baseline = candidate THEN '["baseline and candidate are one run"]' ELSE '[]' END::jsonb;
	RETURN QUERY
	SELECT r.*
	FROM gaiops.all_comparisons(baseline, candidate, given, sliced) AS c
		LEFT JOIN gaiops.pair_counts(baseline, candidate, sliced) AS p
			ON p.slice IS NOT DISTINCT FROM c.figures ->> 'slice'
		CROSS JOIN LATERAL jsonb_populate_record(NULL::gaiops.comparison, coalesce(p.figures, '{}') || c.figures
			|| jsonb_build_object('exploratory', c.figures ->> 'slice' IS NOT NULL,
				'confidence', CASE WHEN jsonb_strip_nulls(c.figures) ?| '{ci_low,ci_high,baseline_low,baseline_high}'
					THEN '95 %, unadjusted' END,
				'notes', notes || coalesce(nullif(c.figures -> 'notes', 'null'), '[]'))) AS r
	ORDER BY r.slice COLLATE "C" NULLS FIRST, c.place, r.measure, r.scorer COLLATE "C";
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_compare_runs(uuid, uuid, gaiops.ordered_json, text) IS
	'Takes two runs of evaluations, the margins of scorers, cost and latency as an object or NULL, and by what to '
	'put records into slices, split, session, tag:KEY or input:MEMBER, or NULL; returns how the candidate '
	'compares with the baseline, a row for each scorer, and each slice, and rows for cost and latency; raises if '
	'there are no such runs';
