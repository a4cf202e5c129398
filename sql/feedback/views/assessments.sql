-- The union is on the inside, so that a trace, a session, an id or a name is looked
-- for in the indexes of both tables.  Of one that took its place each row asks for
-- itself: as a join, statistics from before people began to override had the planner
-- read all that overrides anything for each row.  Aggregates and OFFSET keep it from
-- reading a table for the first row that fits, and from making joins of it.  No more
-- than one that is not deleted overrides another: gaiops.lock_assessment_in_force()
-- sees to that.
CREATE OR REPLACE VIEW gaiops.assessments WITH (security_invoker = true) AS
	SELECT a.assessment_id, a.trace_id, a.span_id, a.session_id, a.experiment, a.name, a.kind, a.value, a.rationale,
		a.source_type, a.source_id, a.run_id, a.overrides,
		(SELECT (array_agg(o.assessment_id))[1] FROM gaiops.human_assessments AS o
			WHERE o.overrides = a.assessment_id AND NOT EXISTS (
				SELECT FROM gaiops.assessment_deletions AS g
					WHERE g.assessment_id = o.assessment_id OFFSET 0)) AS overridden_by,
		d.assessment_id IS NOT NULL AS is_deleted,
		d.assessment_id IS NULL AND (SELECT count(*) = 0 FROM gaiops.human_assessments AS o
			WHERE o.overrides = a.assessment_id AND NOT EXISTS (
				SELECT FROM gaiops.assessment_deletions AS g
					WHERE g.assessment_id = o.assessment_id OFFSET 0)) AS is_valid,
		a.metadata, a.created_at, a.created_by::text COLLATE "default", a.outer_role::text COLLATE "default"
	FROM (
		SELECT h.assessment_id, h.trace_id, h.span_id, h.session_id, h.experiment, h.name, h.kind, h.value, h.rationale,
			h.source_type, h.source_id, h.run_id, h.overrides, h.metadata, h.created_at, h.created_by, h.outer_role
		FROM gaiops.human_assessments AS h
		UNION ALL
		SELECT m.assessment_id, m.trace_id, m.span_id, m.session_id, m.experiment, m.name, m.kind, m.value, m.rationale,
			m.source_type, m.source_id, m.run_id, m.overrides, m.metadata, m.created_at, m.created_by, m.outer_role
		FROM gaiops.machine_assessments AS m
	) AS a
	LEFT JOIN gaiops.assessment_deletions AS d ON d.assessment_id = a.assessment_id;
COMMENT ON VIEW gaiops.assessments IS
	'One row per assessment: feedback and expectations on traces, spans and sessions, '
	'those that were overridden or deleted included';
COMMENT ON COLUMN gaiops.assessments.assessment_id IS 'Id of the assessment';
COMMENT ON COLUMN gaiops.assessments.trace_id IS 'Trace that is assessed; NULL where it is a session';
COMMENT ON COLUMN gaiops.assessments.span_id IS 'Span of that trace; NULL for the whole of it';
COMMENT ON COLUMN gaiops.assessments.session_id IS 'Session that is assessed; NULL where it is a trace';
COMMENT ON COLUMN gaiops.assessments.experiment IS 'Experiment of what is assessed, by name';
COMMENT ON COLUMN gaiops.assessments.name IS
	'What is assessed about it, such as correctness; the name of its label schema, if there is one';
COMMENT ON COLUMN gaiops.assessments.kind IS 'feedback: how it is; expectation: how it ought to be';
COMMENT ON COLUMN gaiops.assessments.value IS 'The assessment: a boolean, number, string, array or object';
COMMENT ON COLUMN gaiops.assessments.rationale IS 'Why; NULL if not said';
COMMENT ON COLUMN gaiops.assessments.source_type IS 'HUMAN, LLM_JUDGE or CODE';
COMMENT ON COLUMN gaiops.assessments.source_id IS 'Who: for a person, by default the database role';
COMMENT ON COLUMN gaiops.assessments.run_id IS 'Run that it was made in; NULL if none';
COMMENT ON COLUMN gaiops.assessments.overrides IS 'Assessment that it takes the place of; NULL if none';
COMMENT ON COLUMN gaiops.assessments.overridden_by IS 'Assessment, not deleted, that took its place; NULL if none did';
COMMENT ON COLUMN gaiops.assessments.is_deleted IS 'Whether it was deleted';
COMMENT ON COLUMN gaiops.assessments.is_valid IS 'Whether it is in force: neither overridden nor deleted';
COMMENT ON COLUMN gaiops.assessments.metadata IS 'What else was given, a JSON object; NULL if nothing was';
COMMENT ON COLUMN gaiops.assessments.created_at IS 'When it was made';
COMMENT ON COLUMN gaiops.assessments.created_by IS 'Database role that stored it';
COMMENT ON COLUMN gaiops.assessments.outer_role IS
	'Role in force outside of every SECURITY DEFINER function then; NULL before 0.2.0';
