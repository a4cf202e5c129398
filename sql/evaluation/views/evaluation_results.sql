-- An outcome is as it was recorded.  What was asked and has none is unknown once nobody
-- waits for it any more, and in no view before.
CREATE OR REPLACE VIEW gaiops.evaluation_results WITH (security_invoker = true) AS
	SELECT e.run_id, e.dataset, e.revision, o.record_id, o.split, o.tags, o.session_id, o.repeat, o.trace_id,
		o.output, o.error, o.error_class, CASE WHEN o.error IS NULL THEN 'ok' ELSE 'error' END AS status,
		o.latency_ms, o.input_tokens, o.output_tokens, o.cost::numeric(38, 18), o.attempts, o.started_at, o.ended_at
	FROM gaiops.evaluations AS e JOIN gaiops.evaluation_outcomes AS o ON o.run_id = e.run_id
	UNION ALL
	SELECT e.run_id, e.dataset, e.revision, q.record_id, v.split, v.tags, v.source ->> 'session_id', q.repeat,
		q.trace_id, NULL, 'the outcome of the call is not known', 'unknown', 'unknown',
		NULL, NULL, NULL, NULL::numeric(38, 18), 1, q.requested_at, NULL
	FROM gaiops.evaluations AS e
		JOIN gaiops.evaluation_requests AS q ON q.run_id = e.run_id
		CROSS JOIN LATERAL (
			SELECT r.split, r.tags, r.source FROM gaiops.dataset_record_versions AS r
			WHERE r.dataset = e.dataset AND r.record_id = q.record_id AND r.revision <= e.revision
			ORDER BY r.revision DESC LIMIT 1) AS v
	WHERE NOT EXISTS (
			SELECT FROM gaiops.evaluation_outcomes AS o
			WHERE o.run_id = q.run_id AND o.record_id = q.record_id AND o.repeat = q.repeat)
		AND NOT EXISTS (
			SELECT FROM gaiops.evaluation_requests AS l
			WHERE l.run_id = q.run_id AND l.record_id = q.record_id AND l.repeat = q.repeat
				AND (l.requested_at, l.trace_id) > (q.requested_at, q.trace_id))
		AND NOT EXISTS (
			SELECT FROM gaiops.open_runs AS w
			WHERE w.run_id = e.run_id AND w.incarnation = gaiops.incarnation());
COMMENT ON VIEW gaiops.evaluation_results IS
	'What evaluations got for each record and repeat; inputs and expectations are in gaiops_dataset_records()';
COMMENT ON COLUMN gaiops.evaluation_results.run_id IS 'Evaluation, a run';
COMMENT ON COLUMN gaiops.evaluation_results.dataset IS 'Dataset by name';
COMMENT ON COLUMN gaiops.evaluation_results.revision IS 'Revision of the dataset';
COMMENT ON COLUMN gaiops.evaluation_results.record_id IS 'Record of the dataset';
COMMENT ON COLUMN gaiops.evaluation_results.split IS 'Part of the dataset that the record belongs to; NULL if none';
COMMENT ON COLUMN gaiops.evaluation_results.tags IS 'Tags of the record, a JSON object';
COMMENT ON COLUMN gaiops.evaluation_results.session_id IS
	'Session that the record is from, as its source says; NULL if that is not known';
COMMENT ON COLUMN gaiops.evaluation_results.repeat IS 'Which repeat, from 1';
COMMENT ON COLUMN gaiops.evaluation_results.trace_id IS 'Its trace';
COMMENT ON COLUMN gaiops.evaluation_results.output IS
	'What was answered, a text as a JSON string; {"gaiops.cut": true, "gaiops.bytes": n} where it is too long to keep; '
	'NULL if nothing was, or if it is no longer kept';
COMMENT ON COLUMN gaiops.evaluation_results.error IS 'Why there is no answer; NULL if there is one';
COMMENT ON COLUMN gaiops.evaluation_results.error_class IS
	'Class of the error as in gaiops.spans; function_error of a function for predict; unknown; NULL if there is none';
COMMENT ON COLUMN gaiops.evaluation_results.status IS
	'ok; error: it was asked and there is no answer; unknown: it may have been answered, and nobody knows what';
COMMENT ON COLUMN gaiops.evaluation_results.latency_ms IS
	'Of the last attempt, as in gaiops.spans; NULL if nothing was called';
COMMENT ON COLUMN gaiops.evaluation_results.input_tokens IS 'Of the last attempt; NULL if that is not known';
COMMENT ON COLUMN gaiops.evaluation_results.output_tokens IS 'Of the last attempt; NULL if that is not known';
COMMENT ON COLUMN gaiops.evaluation_results.cost IS 'Of all attempts; NULL if that is not known';
COMMENT ON COLUMN gaiops.evaluation_results.attempts IS 'Attempts of its call; 0 if nothing was called';
COMMENT ON COLUMN gaiops.evaluation_results.started_at IS 'When it was begun';
COMMENT ON COLUMN gaiops.evaluation_results.ended_at IS 'When it was over; NULL if that is not known';
