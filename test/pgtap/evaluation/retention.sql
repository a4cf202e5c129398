-- Answers that evaluations keep go by the retention of payloads, and no figure with them.
-- What needs the running server is in test/t/020_maintenance.pl.
\set ON_ERROR_STOP on
SET client_min_messages = error;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();

SELECT gaiops_create_dataset('kept') \g /dev/null
SELECT gaiops_merge_records('kept', jsonb_agg(jsonb_build_object('inputs', jsonb_build_object('n', n), 'outputs', 'secret ' || n,
	'expectations', jsonb_build_object('expected_response', 'secret 1')))) FROM generate_series(1, 3) AS n \g /dev/null
CREATE FUNCTION public.label(inputs jsonb, outputs jsonb, expectations jsonb) RETURNS text LANGUAGE sql AS 'SELECT outputs #>> ''{}''';
CREATE FUNCTION public.reasons(inputs jsonb, outputs jsonb, expectations jsonb) RETURNS jsonb LANGUAGE sql AS
	'SELECT jsonb_build_object(''value'', 0.5, ''reason'', outputs)';
SELECT gaiops_evaluate('kept', ARRAY['exact_match', 'public.label', 'public.reasons']) AS old \gset
SELECT gaiops_evaluate('kept', ARRAY['exact_match', 'public.label', 'public.reasons']) AS new \gset
-- In one transaction, so that maintenance does not see it.
BEGIN;
UPDATE gaiops.evaluation_outcomes SET ended_at = ended_at - interval '30 days' WHERE run_id = :'old';
UPDATE gaiops.evaluation_marks SET created_at = created_at - interval '30 days' WHERE run_id = :'old';
CREATE FUNCTION pg_temp.texts(id uuid) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', (SELECT count(r.output) FROM gaiops.evaluation_results AS r WHERE r.run_id = id),
		count(s.value) FILTER (WHERE s.scorer ~ 'label'), count(s.reason))
	FROM gaiops.evaluation_scores AS s WHERE s.run_id = id
$$;
CREATE FUNCTION pg_temp.figures(id uuid) RETURNS TABLE (f text) LANGUAGE sql AS $$
	SELECT concat_ws(' ', s.record_id, s.scorer, s.score, s.passed, s.state, CASE WHEN s.scorer !~ 'label' THEN s.value END)
	FROM gaiops.evaluation_scores AS s WHERE s.run_id = id
	UNION ALL SELECT concat_ws(' ', r.record_id, r.status, r.tags) FROM gaiops.evaluation_results AS r WHERE r.run_id = id
$$;
CREATE TEMP TABLE figures AS SELECT * FROM pg_temp.figures(:'old');
SELECT is(pg_temp.texts(:'old'), '3 3 8', 'answers, and what scorers said in words, are kept');
SELECT is(gaiops.expire_evaluations(now() - interval '31 days'), false, 'retention takes');
SELECT is(pg_temp.texts(:'old'), '3 3 8', 'nothing that is as old as it may be');
SELECT is(gaiops.expire_evaluations(now() - interval '29 days'), false, 'but what is older');
SELECT is(pg_temp.texts(:'old'), '0 0 0', 'answers, labels and reasons');
SELECT set_eq(format('SELECT * FROM pg_temp.figures(%L)', :'old'), 'SELECT * FROM figures', 'figures stay');
SELECT is(pg_temp.texts(:'new'), '3 3 8', 'and so does what is new');

-- By the thousand, and each once.
INSERT INTO gaiops.evaluation_outcomes (run_id, record_id, repeat, trace_id, tags, output, attempts, started_at, ended_at)
	SELECT :'old', gen_random_uuid(), 1, gen_random_uuid(), '{}', '"x"', 0, '2020-01-01', '2020-01-01' FROM generate_series(1, 1001);
SELECT is(gaiops.expire_evaluations('2020-01-02'), true, 'a thousand at once');
SELECT is(count(*), 1::bigint, 'one is left') FROM gaiops.evaluation_outcomes WHERE output IS NOT NULL AND ended_at < '2020-01-02';
SELECT is(gaiops.expire_evaluations('2020-01-02'), false, 'and goes the next time');
SELECT is(count(*), 0::bigint, 'as all have') FROM gaiops.evaluation_outcomes WHERE output IS NOT NULL AND ended_at < '2020-01-02';
COMMIT;
SET enable_seqscan = off;
CREATE FUNCTION pg_temp.plan(statement text) RETURNS SETOF text LANGUAGE plpgsql AS 'BEGIN RETURN QUERY EXECUTE ''EXPLAIN '' || statement; END';
SELECT is(count(*), 2::bigint, 'what is gone is not looked at again') FROM unnest(ARRAY[
	'SELECT ctid FROM gaiops.evaluation_outcomes WHERE ended_at < now() AND output IS NOT NULL',
	'SELECT ctid FROM gaiops.evaluation_marks WHERE created_at < now() AND (reason IS NOT NULL OR jsonb_typeof(value) NOT IN (''number'', ''boolean''))'])
	AS q, pg_temp.plan(q) AS p WHERE p ~ 'evaluation_(outcomes|marks)_kept_idx';
SELECT * FROM finish();
