-- An evaluation takes memory for what is in flight, however large its dataset is.
\set ON_ERROR_STOP on
SET client_min_messages = error;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();

-- A scorer that says how much the session has. What is in records is not to be compressed.
CREATE FUNCTION public.memory(inputs jsonb, outputs jsonb, expectations jsonb) RETURNS bigint LANGUAGE sql
AS 'SELECT sum(total_bytes)::bigint FROM pg_backend_memory_contexts';
SELECT gaiops_create_endpoint('echo', 'builtin:echo', model => 'm') \g /dev/null
SELECT gaiops_create_dataset('large') \g /dev/null
SELECT count(gaiops_merge_records('large', (SELECT jsonb_agg(jsonb_build_object('outputs', 'x', 'inputs', jsonb_build_object('question',
	(SELECT string_agg(md5(b || '-' || n || '-' || i), '') FROM generate_series(1, 640) AS i))))
	FROM generate_series(1, 100) AS n))) FROM generate_series(1, 10) AS b \g /dev/null
SELECT is((SELECT count(*) || ' of ' || sum(octet_length(inputs::text)) / 1000000 || ' MB' FROM gaiops.dataset_records WHERE dataset = 'large'),
	'1000 of 20 MB', 'a dataset is large');

-- Most that a session had, beyond what it had before, in MB.
CREATE FUNCTION pg_temp.most(run uuid, before bigint) RETURNS numeric LANGUAGE sql AS $$
	SELECT (max(score)::numeric - before) / 1000000 FROM gaiops.evaluation_scores WHERE run_id = run AND scorer = 'public.memory' $$;

SELECT gaiops_create_dataset('small') \g /dev/null
SELECT gaiops_merge_records('small', '[{"inputs": {"question": "x"}, "outputs": "x"}]') \g /dev/null
SELECT gaiops_evaluate('small', '{public.memory}', 'echo') \g /dev/null
SELECT public.memory(NULL, NULL, NULL) AS before \gset
SELECT gaiops_evaluate('large', '{public.memory}', 'echo', concurrency => 10) AS run_id \gset
SELECT is((SELECT count(*) FROM gaiops.evaluation_results WHERE run_id = :'run_id' AND status = 'ok'), 1000::bigint, 'all of it is asked');
SELECT cmp_ok(pg_temp.most(:'run_id', :before), '<', 15::numeric, 'and takes little memory');
SELECT gaiops_evaluate('large', '{public.memory}') AS run_id \gset
SELECT cmp_ok(pg_temp.most(:'run_id', :before), '<', 15::numeric, 'or scored as it is stored');
SELECT * FROM finish();
