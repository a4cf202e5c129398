CREATE OR REPLACE VIEW gaiops.judges WITH (security_invoker = true) AS
	SELECT l.name COLLATE "default" AS name, 'created'::text AS source, l.version, l.value_type,
		l.choices::jsonb AS choices, l.threshold, l.direction,
		CASE WHEN l.instructions IS NOT NULL THEN gaiops.judge_data(l.instructions) END AS needs,
		l.members, l.member_versions, l.rule, l.model, l.params::jsonb AS params, NULL::text AS description,
		l.instructions, l.created_at, l.created_by::text COLLATE "default" AS created_by
	FROM (
			SELECT DISTINCT ON (v.name) v.* FROM gaiops.judge_versions AS v ORDER BY v.name, v.version DESC
		) AS l
	WHERE NOT EXISTS (
		SELECT FROM gaiops.judge_deletions AS d WHERE d.name = l.name AND d.version = l.version)
	UNION ALL
	SELECT b.name, 'builtin', b.version, b.value_type, b.choices::jsonb, b.threshold, b.direction, b.needs,
		NULL, NULL, NULL, NULL, NULL, b.description, b.instructions, NULL, NULL
	FROM (
			SELECT DISTINCT ON (v.name) v.* FROM gaiops.builtin_judges() AS v ORDER BY v.name, v.version DESC
		) AS b;
COMMENT ON VIEW gaiops.judges IS
	'Judges and juries that were created, and judges that are built in, in their latest version';
COMMENT ON COLUMN gaiops.judges.name IS 'Name of the judge or jury';
COMMENT ON COLUMN gaiops.judges.source IS 'created or builtin';
COMMENT ON COLUMN gaiops.judges.version IS 'Its latest version';
COMMENT ON COLUMN gaiops.judges.value_type IS 'What it says: yes_no, scale, number, choice or share';
COMMENT ON COLUMN gaiops.judges.choices IS
	'Least and greatest number of a scale or number; of a choice its labels, with their scores in an object; '
	'else NULL';
COMMENT ON COLUMN gaiops.judges.threshold IS
	'Score from which, in that direction, an answer passes; NULL if none, or if it says yes or no';
COMMENT ON COLUMN gaiops.judges.direction IS 'Which scores are better, higher or lower';
COMMENT ON COLUMN gaiops.judges.needs IS 'What it cannot do without; NULL of a jury, of which each judge has its own';
COMMENT ON COLUMN gaiops.judges.members IS 'Judges of a jury by name; NULL of a judge';
COMMENT ON COLUMN gaiops.judges.member_versions IS 'Versions of these; NULL of a judge';
COMMENT ON COLUMN gaiops.judges.rule IS 'What a jury makes of their verdicts, majority or mean; NULL of a judge';
COMMENT ON COLUMN gaiops.judges.model IS 'Endpoint that is asked; NULL for that of the call, or of the setting';
COMMENT ON COLUMN gaiops.judges.params IS 'Further members of the request; NULL if none';
COMMENT ON COLUMN gaiops.judges.description IS 'What it says of an answer; NULL if it was created';
COMMENT ON COLUMN gaiops.judges.instructions IS 'What it is told to do, with placeholders; NULL of a jury';
COMMENT ON COLUMN gaiops.judges.created_at IS 'When that version was created; NULL if it is built in';
COMMENT ON COLUMN gaiops.judges.created_by IS 'Database role that created it; NULL if it is built in';
