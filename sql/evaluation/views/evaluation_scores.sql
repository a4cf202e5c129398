-- Every result has a row for each scorer: one that is unknown is so for all of them.  A judge's
-- verdict comes after the result, or, where the evaluation was cut short, does not.
-- Numbers beyond what scorers may say are left out, as figures of them would overflow.
CREATE OR REPLACE VIEW gaiops.evaluation_scores WITH (security_invoker = true) AS
	SELECT e.run_id, e.dataset, e.revision, o.record_id, o.split, o.tags, o.session_id, o.repeat, o.trace_id,
		m.scorer COLLATE "default" AS scorer, m.scorer_version, m.direction,
		CASE WHEN m.scale <= 1e100::double precision THEN m.scale END AS scale, m.threshold, m.pass_fail,
		m.value, CASE WHEN abs(m.score) <= 1e100::double precision THEN m.score END AS score,
		m.passed, m.state, m.reason, m.cost::numeric(38, 18), m.created_at, m.parts, m.judge_trace_id
	FROM gaiops.evaluations AS e
		JOIN gaiops.evaluation_outcomes AS o ON o.run_id = e.run_id
		JOIN gaiops.evaluation_marks AS m ON m.run_id = o.run_id AND m.record_id = o.record_id AND m.repeat = o.repeat
	UNION ALL
	SELECT r.run_id, r.dataset, r.revision, r.record_id, r.split, r.tags, r.session_id, r.repeat, r.trace_id,
		s.scorer ->> 'name', (s.scorer ->> 'version')::integer, s.scorer ->> 'direction',
		(s.scorer ->> 'scale')::double precision, (s.scorer ->> 'threshold')::double precision,
		(s.scorer ->> 'pass_fail')::boolean, NULL, NULL, NULL, 'unknown', r.error, NULL::numeric(38, 18),
		r.started_at, NULL, NULL
	FROM gaiops.evaluation_results AS r
		JOIN gaiops.evaluations AS e ON e.run_id = r.run_id
		CROSS JOIN LATERAL jsonb_array_elements(e.scorers) AS s (scorer)
	WHERE r.status = 'unknown'
	UNION ALL
	SELECT e.run_id, e.dataset, e.revision, o.record_id, o.split, o.tags, o.session_id, o.repeat, o.trace_id,
		s.scorer ->> 'name', (s.scorer ->> 'version')::integer, s.scorer ->> 'direction',
		(s.scorer ->> 'scale')::double precision, (s.scorer ->> 'threshold')::double precision,
		(s.scorer ->> 'pass_fail')::boolean, NULL, NULL, NULL, 'unknown',
		'no verdict of the judge is on record', NULL::numeric(38, 18), o.ended_at, NULL, NULL
	FROM gaiops.evaluations AS e
		CROSS JOIN LATERAL jsonb_array_elements(e.scorers) AS s (scorer)
		JOIN gaiops.evaluation_outcomes AS o ON o.run_id = e.run_id
	WHERE s.scorer ->> 'source' = 'judge'
		AND NOT EXISTS (
			SELECT FROM gaiops.evaluation_marks AS m
			WHERE m.run_id = e.run_id AND m.scorer = s.scorer ->> 'name' COLLATE "C"
				AND m.record_id = o.record_id AND m.repeat = o.repeat)
		AND NOT EXISTS (
			SELECT FROM gaiops.open_runs AS w
			WHERE w.run_id = e.run_id AND w.incarnation = gaiops.incarnation());
COMMENT ON VIEW gaiops.evaluation_scores IS 'What every scorer says of every result of evaluations';
COMMENT ON COLUMN gaiops.evaluation_scores.run_id IS 'Evaluation, a run';
COMMENT ON COLUMN gaiops.evaluation_scores.dataset IS 'Dataset by name';
COMMENT ON COLUMN gaiops.evaluation_scores.revision IS 'Revision of the dataset';
COMMENT ON COLUMN gaiops.evaluation_scores.record_id IS 'Record of the dataset';
COMMENT ON COLUMN gaiops.evaluation_scores.split IS 'Part of the dataset that the record belongs to; NULL if none';
COMMENT ON COLUMN gaiops.evaluation_scores.tags IS 'Tags of the record, a JSON object';
COMMENT ON COLUMN gaiops.evaluation_scores.session_id IS
	'Session that the record is from, as its source says; NULL if that is not known';
COMMENT ON COLUMN gaiops.evaluation_scores.repeat IS 'Which repeat, from 1';
COMMENT ON COLUMN gaiops.evaluation_scores.trace_id IS 'Trace of the result; the score is an assessment of it';
COMMENT ON COLUMN gaiops.evaluation_scores.scorer IS 'Scorer by name';
COMMENT ON COLUMN gaiops.evaluation_scores.scorer_version IS 'Version of a scorer that was created; NULL of others';
COMMENT ON COLUMN gaiops.evaluation_scores.direction IS 'higher or lower: which is better';
COMMENT ON COLUMN gaiops.evaluation_scores.scale IS 'Width of the range of scores; NULL if they have no bounds';
COMMENT ON COLUMN gaiops.evaluation_scores.threshold IS 'Score from which on it has passed; NULL if there is none';
COMMENT ON COLUMN gaiops.evaluation_scores.pass_fail IS 'Whether scores are 0 and 1, and mean that';
COMMENT ON COLUMN gaiops.evaluation_scores.value IS
	'What the scorer said; if that is unknown, what its function returned; NULL if it is no number or boolean '
	'and no longer kept';
COMMENT ON COLUMN gaiops.evaluation_scores.score IS 'That as a number; NULL if it is none';
COMMENT ON COLUMN gaiops.evaluation_scores.passed IS 'Whether it has passed; NULL if that is not said';
COMMENT ON COLUMN gaiops.evaluation_scores.state IS
	'scored; unknown: nothing can be said; error: the scorer failed; failed: there was no answer to score';
COMMENT ON COLUMN gaiops.evaluation_scores.reason IS 'Why it is so; NULL if not said, or no longer kept';
COMMENT ON COLUMN gaiops.evaluation_scores.cost IS 'What scoring cost; NULL if it made no call';
COMMENT ON COLUMN gaiops.evaluation_scores.created_at IS 'When it was scored';
COMMENT ON COLUMN gaiops.evaluation_scores.parts IS 'What a corpus of such scores adds up, of bleu; NULL of others';
COMMENT ON COLUMN gaiops.evaluation_scores.judge_trace_id IS
	'Trace of the judge''s call, the last one; NULL of others, and of a jury, which has them in its votes';
