CREATE OR REPLACE VIEW gaiops.scorers WITH (security_invoker = true) AS
	SELECT l.name COLLATE "default" AS name, 'created'::text AS source, l.kind, l.version, l.params, l.direction,
		l.threshold, l.scale, l.pass_fail, k.description, l.created_at, l.created_by::text COLLATE "default"
	FROM (
			SELECT DISTINCT ON (v.name) v.* FROM gaiops.scorer_versions AS v ORDER BY v.name, v.version DESC
		) AS l
		LEFT JOIN gaiops.scorer_kinds() AS k ON k.kind = l.kind
	WHERE NOT EXISTS (
		SELECT FROM gaiops.scorer_deletions AS d WHERE d.name = l.name AND d.version = l.version)
	UNION ALL
	SELECT k.kind, 'builtin', k.kind, NULL, NULL, k.direction, NULL, k.scale, k.pass_fail, k.description, NULL, NULL
	FROM gaiops.scorer_kinds() AS k WHERE k.is_scorer;
COMMENT ON VIEW gaiops.scorers IS
	'Scorers that have a name: those that were created, in their latest version, and those that need no arguments';
COMMENT ON COLUMN gaiops.scorers.name IS 'Name of the scorer';
COMMENT ON COLUMN gaiops.scorers.source IS 'created or builtin';
COMMENT ON COLUMN gaiops.scorers.kind IS 'What kind of scorer it is, as in gaiops.scorer_kinds()';
COMMENT ON COLUMN gaiops.scorers.version IS 'Its latest version; NULL if it was not created';
COMMENT ON COLUMN gaiops.scorers.params IS 'Arguments of that kind, a JSON object; NULL if it was not created';
COMMENT ON COLUMN gaiops.scorers.direction IS 'Which scores are better, higher or lower';
COMMENT ON COLUMN gaiops.scorers.threshold IS
	'Score from which, in that direction, an answer passes; NULL if none, or if it only says pass or fail';
COMMENT ON COLUMN gaiops.scorers.scale IS 'Width of the range of its scores; NULL if that is not known';
COMMENT ON COLUMN gaiops.scorers.pass_fail IS 'Whether it only says pass or fail';
COMMENT ON COLUMN gaiops.scorers.description IS 'What its kind says of an answer';
COMMENT ON COLUMN gaiops.scorers.created_at IS 'When that version was created; NULL if it was not';
COMMENT ON COLUMN gaiops.scorers.created_by IS 'Database role that created it; NULL if it was not';
