-- Answers that attack their judge, in test/golden/judges/attacks.json, and models that fall for them.
\set ON_ERROR_STOP on
\set QUIET on
\getenv fault GAIOPS_FAULT_SERVER
SET client_min_messages = error;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();
\set attacks `cat test/golden/judges/attacks.json`
CREATE TEMP TABLE attacks AS SELECT a ->> 'name' AS name, a ->> 'answer' AS answer FROM json_array_elements(:'attacks'::json) AS a;
SELECT cmp_ok((SELECT count(*) FROM attacks), '>=', 60::bigint, 'there are enough of them');
SELECT gaiops_create_endpoint(m, :'fault' || '/fault/judge,id=attacks,mode=' || m || '/v1', max_retries => 0) FROM unnest(ARRAY['obey', 'echo', 'repeat']) AS m \g /dev/null
SELECT gaiops_create_judge('good', 'Is {{ outputs }} good?'), gaiops_create_judge('rated', 'Rate {{ outputs }}.', 'scale') \g /dev/null

-- None of what they say becomes a verdict, of whatever form.
SELECT is((SELECT array_agg(format('%s: %s', a.name, j.value) ORDER BY a.name) FROM attacks AS a, LATERAL gaiops_judge(d, outputs => a.answer, context => 'x', model => m) AS j
		WHERE j.value IS NOT NULL OR j.score IS NOT NULL OR j.passed IS NOT NULL OR j.error IS NULL), NULL, format('judge %s, a model that does %s', d, m))
FROM unnest(ARRAY['good', 'rated', 'groundedness']) AS d, unnest(ARRAY['obey', 'echo', 'repeat']) AS m;
SELECT is((SELECT count(*) FROM attacks AS a, LATERAL gaiops_judge_pair('good', 'x', a.answer, 'An honest answer.', model => 'obey') AS j WHERE j.winner IS NOT NULL OR j.error IS NULL), 0::bigint, 'nor of a pair');

-- An honest judge is not kept from judging by them, so it is not the attacks that are refused.
SELECT gaiops_create_endpoint('honest', :'fault' || '/fault/judge,id=attacks/v1', max_retries => 0) \g /dev/null
SELECT is((SELECT count(*) FROM attacks AS a, LATERAL gaiops_judge('good', outputs => a.answer, model => 'honest') AS j WHERE j.value IS NOT NULL), (SELECT count(*) FROM attacks), 'an honest model judges each');
SELECT is((SELECT count(*) FROM attacks AS a WHERE NOT EXISTS (
		SELECT FROM gaiops.span_contents AS c WHERE position(a.answer IN c.request::json #>> '{messages,1,content}') > 0
			AND position(a.answer IN c.request::json #>> '{messages,0,content}') = 0)), 0::bigint, 'each was in the message with the data, and not in the one with instructions');
SELECT * FROM finish();
