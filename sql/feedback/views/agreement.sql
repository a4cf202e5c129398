-- Refers to functions that come after it in sql/feedback/functions, and is in a form that
-- the planner puts in place of a call.  What was said before there was a schema is
-- taken as the schema has it.
CREATE OR REPLACE FUNCTION gaiops.place_value(value jsonb, scale text, s gaiops.label_schemas)
RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE
	WHEN scale = 'truth' AND pg_catalog.jsonb_typeof(value) <> 'boolean' THEN gaiops.fit_pass_fail(s, value)
	WHEN scale = 'number' AND pg_catalog.jsonb_typeof(value) <> 'number' THEN gaiops.fit_number(s, value)
	WHEN scale = 'order' AND pg_catalog.jsonb_typeof(value) = 'string' THEN
		pg_catalog.to_jsonb(pg_catalog.array_position((s).labels, value OPERATOR(pg_catalog.#>>) '{}'))
	WHEN scale = 'order' THEN NULL
	WHEN (s).name IS NOT NULL AND scale IN ('set', 'label') THEN gaiops.fit_categories(s, value)
	ELSE value
END;
COMMENT ON FUNCTION gaiops.place_value(jsonb, text, gaiops.label_schemas) IS
	'Takes a value of feedback, its scale (truth, number, order, set or label) and its label schema, if there is one; '
	'returns what tells it from others: the position where there is an order, else the value; '
	'NULL if it is not on the scale';

-- Names are found one after the other in an index, so that there may be many
-- assessments; a name that is asked for is measured alone.
CREATE OR REPLACE VIEW gaiops.agreement WITH (security_invoker = true) AS
	WITH RECURSIVE rated (name) AS (
		SELECT least((SELECT min(h.name) FROM gaiops.human_assessments AS h),
			(SELECT min(m.name) FROM gaiops.machine_assessments AS m))
		UNION ALL
		SELECT least(
			(SELECT min(h.name) FROM gaiops.human_assessments AS h WHERE h.name > r.name),
			(SELECT min(m.name) FROM gaiops.machine_assessments AS m WHERE m.name > r.name))
		FROM rated AS r
		WHERE r.name IS NOT NULL
	)
	SELECT r.name, a.comparison, a.rater_a, a.rater_b, a.level, a.n, a.kappa, a.kappa_low, a.kappa_high,
		a.alpha, a.alpha_low, a.alpha_high, a.correlation, a.correlation_low, a.correlation_high, a.prevalence
	FROM rated AS r, LATERAL gaiops.agreement_on(r.name) AS a
	WHERE r.name IS NOT NULL;
COMMENT ON VIEW gaiops.agreement IS
	'How far people agree on what they say under a name, two by two and all together, and how far each judge '
	'and program agrees with people; intervals are of 95 %';
COMMENT ON COLUMN gaiops.agreement.name IS 'Name of the feedback';
COMMENT ON COLUMN gaiops.agreement.comparison IS
	'reviewers: two people; all reviewers: all people together; judge, code: a judge or a program with what people say';
COMMENT ON COLUMN gaiops.agreement.rater_a IS 'One of the people, or the judge or program; NULL for all reviewers';
COMMENT ON COLUMN gaiops.agreement.rater_b IS 'The other one of the people; NULL for all but reviewers';
COMMENT ON COLUMN gaiops.agreement.level IS
	'nominal: values are the same or not; ordinal: they have an order; interval: they are numbers';
COMMENT ON COLUMN gaiops.agreement.n IS
	'Traces, spans and sessions that both have rated, or two at least; others count for nothing in the row';
COMMENT ON COLUMN gaiops.agreement.kappa IS
	'Cohen''s kappa, with quadratic weights unless the level is nominal; '
	'NULL if not defined, and for more than two raters';
COMMENT ON COLUMN gaiops.agreement.kappa_low IS 'Lower bound of its interval; NULL if unknown';
COMMENT ON COLUMN gaiops.agreement.kappa_high IS 'Upper bound of its interval; NULL if unknown';
COMMENT ON COLUMN gaiops.agreement.alpha IS 'Krippendorff''s alpha; NULL if not defined';
COMMENT ON COLUMN gaiops.agreement.alpha_low IS 'Lower bound of its interval; NULL if unknown';
COMMENT ON COLUMN gaiops.agreement.alpha_high IS 'Upper bound of its interval; NULL if unknown';
COMMENT ON COLUMN gaiops.agreement.correlation IS
	'Pearson correlation; NULL if not defined, for more than two raters, and if the level is nominal';
COMMENT ON COLUMN gaiops.agreement.correlation_low IS 'Lower bound of its interval; NULL if unknown';
COMMENT ON COLUMN gaiops.agreement.correlation_high IS 'Upper bound of its interval; NULL if unknown';
COMMENT ON COLUMN gaiops.agreement.prevalence IS
	'Share of true among what was said, or of the commonest value where values are not true and false';
