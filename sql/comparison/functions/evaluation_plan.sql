-- How many records it takes to see a difference.

CREATE OR REPLACE FUNCTION gaiops.check_plan(
	margin double precision, power double precision, scorers text[])
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_given('margin', margin);
	PERFORM gaiops.check_given('power', power);
	PERFORM gaiops.check_elements('scorers', scorers);
	IF NOT (margin > 0 AND margin <= 1) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'argument "margin" must be above 0 and at most 1',
			DETAIL = format('It is %s, and a part of the scale.', margin);
	ELSIF NOT (power >= 0.5 AND power < 1) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'argument "power" must be at least 0.5 and below 1',
			DETAIL = format('It is %s.', power);
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_plan(double precision, double precision, text[]) IS
	'Takes a margin as a part of the scale, a power, and scorers or NULL, and returns nothing; raises unless one can '
	'plan with them';

-- A name with a dot is that of a function, which need not be there yet.
CREATE OR REPLACE FUNCTION gaiops.check_planned_scorers(scorers text[], run_id uuid)
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	unknown text;
BEGIN
	IF run_id IS NULL THEN
		SELECT s INTO unknown FROM unnest(scorers) AS s
			WHERE strpos(s, '.') = 0 AND s NOT IN (SELECT d.name FROM gaiops.scorers AS d) LIMIT 1;
		IF FOUND THEN
			RAISE EXCEPTION USING
				ERRCODE = 'undefined_object',
				MESSAGE = format('there is no scorer "%s"', left(unknown, 100)),
				HINT = 'Scorers are listed in gaiops.scorers.';
		END IF;
		RETURN;
	END IF;
	PERFORM gaiops.check_evaluation('run_id', run_id);
	SELECT s INTO unknown FROM unnest(scorers) AS s
		WHERE s NOT IN (SELECT d.scorer FROM gaiops.compared_scorers(run_id, run_id) AS d) LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_object',
			MESSAGE = format('run %s was not scored with "%s"', run_id, unknown),
			HINT = 'The scorers of each run are in gaiops.evaluations.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_planned_scorers(text[], uuid) IS
	'Takes scorers and a run of an evaluation, either or NULL, and returns nothing; raises unless there are such '
	'scorers, in the run if there is one';

-- Two arms that have nothing in common differ as two draws do; two that are the same, by
-- the noise of their repeats.  What is to come is in between.
CREATE OR REPLACE FUNCTION gaiops.expected_spread(run_id uuid)
RETURNS TABLE (scorer text, place bigint, scale double precision, widest double precision, pass_fail boolean,
	sd double precision, basis text)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10
SET search_path = pg_catalog, gaiops, pg_temp
SET jit = off
AS $$
BEGIN
	RETURN QUERY
	WITH unit AS (
		SELECT s.scorer, avg(s.value) AS value, avg(s.noise / s.repeats) / count(*) AS noise
		FROM gaiops.record_scores(expected_spread.run_id) AS s
			JOIN gaiops.evaluated_records(expected_spread.run_id, NULL, false) AS e USING (record_id)
		GROUP BY s.scorer, e.session_id, CASE WHEN e.session_id IS NULL THEN e.record_id END
	), spread AS (
		SELECT u.scorer, stddev_samp(u.value) AS sd, sqrt(avg(u.noise)) AS noise, max(u.value) - min(u.value) AS reach
		FROM unit AS u GROUP BY u.scorer
	)
	SELECT d.scorer, d.place, d.scale, w.widest, d.pass_fail, CASE WHEN w.is_known THEN sqrt(2) * b.sd ELSE 0 END,
		CASE WHEN w.is_known THEN b.basis ELSE b.obstacle END
	FROM gaiops.compared_scorers(expected_spread.run_id, expected_spread.run_id) AS d
		JOIN spread AS s ON s.scorer = d.scorer
		CROSS JOIN LATERAL (VALUES
			(s.sd, 'the run, if both arms had nothing in common', 'nothing: all scores of the run are alike'),
			(s.noise, 'the noise of its repeats alone: the least', 'nothing: all repeats of a record are alike'))
			AS b (sd, basis, obstacle)
		CROSS JOIN LATERAL (SELECT coalesce(d.scale, s.reach), b.sd > 1e-9 * coalesce(d.scale, s.reach))
			AS w (widest, is_known)	-- what is less is rounding
	WHERE b.sd IS NOT NULL;
END
$$;
COMMENT ON FUNCTION gaiops.expected_spread(uuid) IS
	'Takes a run of an evaluation; returns for each scorer the standard deviation that differences to it may '
	'have if both arms had nothing in common and, if it has repeats, at least, 0 if that is not known; how far '
	'scores can be apart; and what it rests on';

CREATE OR REPLACE FUNCTION gaiops.planned_passes(
	margin double precision, power double precision, level double precision)
RETURNS TABLE (discordance double precision, records bigint, basis text)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE ROWS 3
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	RETURN QUERY
	SELECT d.discordance, gaiops.pairs_needed(d.discordance, margin, power, level), CASE
		WHEN d.discordance >= margin THEN 'pass or fail, if so many of all records pass in one arm alone'
		ELSE 'nothing: a difference cannot be more than the share that passes in one arm alone' END
	FROM unnest('{0.05, 0.15, 0.3}'::double precision[]) AS d (discordance);
END
$$;
COMMENT ON FUNCTION gaiops.planned_passes(double precision, double precision, double precision) IS
	'Takes a difference of shares, the power to see it with, and the level of the test; returns for three shares of '
	'records that differ how many it takes, NULL if there can be no such difference, and what that rests on';

-- Of several scorers Holm has the first pass a level of 0.05 divided by their number.
CREATE OR REPLACE FUNCTION pg_catalog.gaiops_plan_evaluation(
	margin double precision DEFAULT 0.05, power double precision DEFAULT 0.8, scorers text[] DEFAULT NULL,
	run_id uuid DEFAULT NULL)
RETURNS TABLE (scorer text, discordance double precision, sd double precision, difference double precision,
	alpha double precision, records bigint, basis text)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 3
SET search_path = pg_catalog, gaiops, pg_temp
SET jit = off
AS $$
DECLARE
	level CONSTANT double precision := 0.05 / greatest(1, coalesce(cardinality(scorers), (
		SELECT count(*) FROM gaiops.compared_scorers(run_id, run_id) AS s)));
BEGIN
	PERFORM gaiops.check_plan(margin, power, scorers);
	PERFORM gaiops.check_planned_scorers(scorers, run_id);
	IF run_id IS NULL THEN
		RETURN QUERY
		SELECT s.scorer, d.discordance, NULL::double precision, margin, level, d.records, d.basis
		FROM unnest(coalesce(nullif(scorers, '{}'), '{NULL}')) WITH ORDINALITY AS s (scorer, place)
			CROSS JOIN gaiops.planned_passes(margin, power, level) AS d
		ORDER BY s.place, d.discordance;
	ELSE
		RETURN QUERY
		SELECT e.scorer, CASE WHEN e.pass_fail THEN e.sd ^ 2 END, e.sd, m.difference, level,
			gaiops.n_needed(e.sd, m.difference, power, level, e.widest), e.basis
		FROM gaiops.expected_spread(run_id) AS e
			CROSS JOIN LATERAL (SELECT margin * coalesce(e.scale, 1)) AS m (difference)
		WHERE scorers IS NULL OR e.scorer = ANY (scorers)
		ORDER BY e.place, e.sd DESC;
	END IF;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_plan_evaluation(double precision, double precision, text[], uuid) IS
	'Takes the difference to be seen, as a part of the scale, the power to see it with, scorers, and a run to '
	'learn from, or NULL for either; returns how many records a comparison needs, for several shares of records '
	'that would differ, or as scores of the run vary';
