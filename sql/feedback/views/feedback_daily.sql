-- Feedback on a trace says something of the prompt that it used: that of its entry, or of the
-- first span that has one.  An index finds it, for each piece of feedback.
CREATE OR REPLACE VIEW gaiops.feedback_daily WITH (security_invoker = true) AS
	SELECT (u.start_time AT TIME ZONE 'UTC')::date AS day, a.experiment, u.purpose, u.prompt_name,
		u.prompt_version, a.name, a.source_type, count(*) AS ratings,
		count(*) FILTER (WHERE v.verdict) AS positive,
		count(*) FILTER (WHERE NOT v.verdict) AS negative,
		avg(v.verdict::integer)::double precision AS positive_share,
		-- Sums of double precision could be too large.
		avg(CASE WHEN jsonb_typeof(a.value) = 'number' THEN gaiops.rating_number(a.value::numeric)::numeric END
			)::double precision AS mean
	FROM gaiops.assessments AS a
	CROSS JOIN LATERAL (
		SELECT s.start_time, s.purpose, s.prompt_name, s.prompt_version FROM gaiops.spans AS s
		WHERE s.trace_id = a.trace_id AND (a.span_id IS NULL OR s.span_id = a.span_id)
		ORDER BY s.prompt_name IS NULL, NOT s.is_entry, s.start_time, s.span_id LIMIT 1) AS u
	CROSS JOIN LATERAL (
		SELECT CASE
			WHEN jsonb_typeof(a.value) = 'boolean' THEN a.value::boolean
			WHEN (gaiops.label_schema(a.name)).kind = 'pass_fail'
			THEN gaiops.fit_pass_fail(gaiops.label_schema(a.name), a.value)::boolean END) AS v (verdict)
	WHERE a.kind = 'feedback' AND a.is_valid AND a.trace_id IS NOT NULL
	GROUP BY 1, 2, 3, 4, 5, 6, 7;
COMMENT ON VIEW gaiops.feedback_daily IS
	'One row per day, experiment, purpose, version of a prompt, and name and source_type of feedback on traces and '
	'spans: how many were rated, and how well; as long as gaiops.span_retention keeps the spans';
COMMENT ON COLUMN gaiops.feedback_daily.day IS 'Day, in UTC, that what was rated began on';
COMMENT ON COLUMN gaiops.feedback_daily.experiment IS 'Experiment by name';
COMMENT ON COLUMN gaiops.feedback_daily.purpose IS
	'What the span, or the trace, was for: application, evaluation, judge, monitor or optimization';
COMMENT ON COLUMN gaiops.feedback_daily.prompt_name IS
	'Registered prompt that the span, or the trace, used; NULL if none';
COMMENT ON COLUMN gaiops.feedback_daily.prompt_version IS 'Its version';
COMMENT ON COLUMN gaiops.feedback_daily.name IS 'What is assessed, such as correctness';
COMMENT ON COLUMN gaiops.feedback_daily.source_type IS 'HUMAN, LLM_JUDGE or CODE';
COMMENT ON COLUMN gaiops.feedback_daily.ratings IS 'Feedback in force: neither overridden nor deleted';
COMMENT ON COLUMN gaiops.feedback_daily.positive IS 'Those that say true, or pass';
COMMENT ON COLUMN gaiops.feedback_daily.negative IS 'Those that say false, or fail';
COMMENT ON COLUMN gaiops.feedback_daily.positive_share IS
	'Share of the positive ones in both, from 0 to 1; NULL if there are none';
COMMENT ON COLUMN gaiops.feedback_daily.mean IS 'Mean of those that are numbers; NULL if none is';
