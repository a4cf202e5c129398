-- Judges that are created and those that are built in: what is stored, what is refused, and that nothing of it changes.
\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();

\ir ../../lib/raised.sql

-- Built in.
SELECT is((SELECT array_agg(name ORDER BY name) FROM gaiops.judges), ARRAY['completeness', 'conversation_completeness', 'correctness', 'equivalence', 'expectation_guidelines', 'fluency', 'groundedness', 'guidelines', 'intent_resolution', 'knowledge_retention', 'relevance', 'retrieval_relevance', 'retrieval_sufficiency', 'safety', 'summarization', 'task_adherence', 'tool_call_correctness', 'tool_call_efficiency', 'user_frustration'], 'those there are');
SELECT results_eq($$ SELECT value_type, count(*) FROM gaiops.judges GROUP BY 1 ORDER BY 1 $$,
	$$ VALUES ('choice', 1::bigint), ('scale', 5), ('share', 2), ('yes_no', 11) $$, 'what they say');
SELECT is((SELECT count(*) FROM gaiops.judges WHERE source <> 'builtin' OR version <> 1 OR instructions IS NULL OR description IS NULL OR cardinality(needs) = 0 OR direction <> 'higher'), 0::bigint, 'each has a version, instructions and needs');
SELECT results_eq($$ SELECT name, choices::text, threshold FROM gaiops.judges WHERE value_type IN ('scale', 'choice') ORDER BY name $$,
	$$ VALUES ('completeness', '[1, 5]', 3::double precision), ('fluency', '[1, 5]', 3), ('intent_resolution', '[1, 5]', 3), ('summarization', '[1, 5]', 3), ('task_adherence', '[1, 5]', 3), ('user_frustration', '{"none": 1, "resolved": 0.5, "unresolved": 0}', 0.5) $$, 'from when an answer passes');
SELECT is((SELECT needs FROM gaiops.judges WHERE name = 'groundedness'), ARRAY['outputs', 'context'], 'what one needs');

-- Created.
SELECT is(gaiops_create_judge('polite', 'Is {{ outputs }} polite?'), 1, 'the first version');
SELECT is(gaiops_create_judge('polite', 'Rate how polite {{outputs}} is as an answer to {{ inputs }}.', 'scale', '[1, 3]', threshold => 2), 2, 'the next');
SELECT is(gaiops_create_judge(name => 'mood', instructions => 'Which mood is {{ outputs }} in?', value_type => 'choice', choices => '{"zest": 1, "anger": 0.0, "none": null}'::json, threshold => 0.5, direction => 'lower', model => 'llm-dev', params => '{"top_p": 0.5, "temperature": null}'::json), 1, 'arguments have names');
SELECT results_eq($$ SELECT version, value_type, choices::text, threshold, direction, needs, model, params::text, created_by, created_at IS NOT NULL, description FROM gaiops.judges WHERE name = 'mood' $$,
	$$ VALUES (1, 'choice', '{"none": null, "zest": 1, "anger": 0.0}', 0.5::double precision, 'lower', ARRAY['outputs'], 'llm-dev', '{"top_p": 0.5, "temperature": null}', current_user::text COLLATE "default", true, NULL) $$, 'what is stored of it');
SELECT is((SELECT choices::text FROM gaiops.judge_versions WHERE name = 'mood'), '{"zest": 1, "anger": 0.0, "none": null}', 'as it was written');
SELECT results_eq($$ SELECT version, needs, source FROM gaiops.judges WHERE name = 'polite' $$, $$ VALUES (2, ARRAY['inputs', 'outputs'], 'created') $$, 'the latest version, and what it needs');

-- What is refused, before anything is stored.
SELECT is(pg_temp.raised(format('SELECT gaiops_create_judge(%s)', c.arguments)), c.problem, c.arguments)
FROM (VALUES
	($$ NULL, '{{ outputs }}' $$, E'22004\nargument "name" must not be null'),
	($$ 'a', NULL $$, E'22004\nargument "instructions" must not be null'),
	($$ 'a', '{{ outputs }}', NULL $$, E'22004\nargument "value_type" must not be null'),
	($$ 'public.f', '{{ outputs }}' $$, E'22023\ninvalid name of a judge: "public.f"\nA name has 1 to 255 letters, digits, hyphens and underscores.'),
	($$ 'safety', '{{ outputs }}' $$, E'42710\n"safety" is the name of a judge that is built in\nGive the judge another name.'),
	($$ 'regex', '{{ outputs }}' $$, E'42710\n"regex" is the name of a kind of scorers\nGive the judge another name.'),
	($$ 'a', 'Is it good?' $$, E'22023\ninstructions say nothing of what is to be judged\nThey have no placeholder.\nThere are {{ inputs }}, {{ outputs }}, {{ expectations }}, {{ context }}, {{ guidelines }}, {{ trace }} and {{ conversation }}.'),
	($$ 'a', 'Is {{ output }} good?' $$, E'22023\nunknown placeholder in instructions: "output"\nThere are {{ inputs }}, {{ outputs }}, {{ expectations }}, {{ context }}, {{ guidelines }}, {{ trace }} and {{ conversation }}.'),
	($$ 'a', '{{ outputs }}', 'boolean' $$, E'22023\nunknown value type of a judge: "boolean"\nThe value types are yes_no, scale, number, choice and share.'),
	($$ 'a', '{{ outputs }}', 'yes_no', '[1, 2]' $$, E'22023\nargument "choices" is not acceptable\nA judge of this value type has none.'),
	($$ 'a', '{{ outputs }}', 'scale', '[5, 1]' $$, E'22023\nargument "choices" is not acceptable\nIt must be an array of the least and the greatest number.'),
	($$ 'a', '{{ outputs }}', 'scale', '[1, 2.5]' $$, E'22023\nargument "choices" is not acceptable\nA scale has whole numbers, and its ends are at most 100 apart.'),
	($$ 'a', '{{ outputs }}', 'number', '[0, 1e200]' $$, E'22023\nargument "choices" is not acceptable\nIt must be an array of the least and the greatest number.'),
	($$ 'a', '{{ outputs }}', 'choice' $$, E'22023\nargument "choices" is not acceptable\nIt must be an array of 2 to 50 different labels of 1 to 100 bytes, or an object with the score of each, or null.'),
	($$ 'a', '{{ outputs }}', 'choice', '["x", "x"]' $$, E'22023\nargument "choices" is not acceptable\nIt must be an array of 2 to 50 different labels of 1 to 100 bytes, or an object with the score of each, or null.'),
	($$ 'a', '{{ outputs }}', 'choice', '["x", " y"]' $$, E'22023\nargument "choices" is not acceptable\nIt must be an array of 2 to 50 different labels of 1 to 100 bytes, or an object with the score of each, or null.'),
	($$ 'a', '{{ outputs }}', 'choice', '{"x": "1", "y": 2}' $$, E'22023\nargument "choices" is not acceptable\nIt must be an array of 2 to 50 different labels of 1 to 100 bytes, or an object with the score of each, or null.'),
	($$ 'a', '{{ outputs }}', threshold => 1 $$, E'22023\nargument "threshold" is not acceptable\nA judge that says yes or no gives no number.'),
	($$ 'a', '{{ outputs }}', 'choice', '["x", "y"]', 1 $$, E'22023\nargument "threshold" is not acceptable\nNone of the labels has a score.'),
	($$ 'a', '{{ outputs }}', 'scale', NULL, 6 $$, E'22023\nargument "threshold" is not acceptable\nIt must be one of the scores that the judge can give.'),
	($$ 'a', '{{ outputs }}', 'share', NULL, 'NaN' $$, E'22023\nargument "threshold" is not acceptable\nIt must be one of the scores that the judge can give.'),
	($$ 'a', '{{ outputs }}', direction => 'up' $$, E'22023\nargument "direction" is not acceptable\nIt says which scores are better, "higher" or "lower".'),
	($$ 'a', '{{ outputs }}', params => '[]' $$, E'22023\nargument "params" must be a JSON object'),
	($$ 'a', '{{ outputs }}', params => '{"response_format": null}' $$, E'22023\nargument "params" is not acceptable\nThe member "response_format" is not for judges.'),
	($$ 'a', '{{ outputs }}', params => '{"model": "x"}' $$, E'22023\n"params" must not have the key "model"\nModel and messages are arguments of their own.'),
	($$ 'a', '{{ outputs }}' || repeat('a', 65536) $$, E'22023\nargument "instructions" is too long\nIt has 65549 bytes; the limit is 65536.')
	) AS c (arguments, problem);
SELECT is((SELECT count(*) FROM gaiops.judge_versions WHERE name = 'a'), 0::bigint, 'nothing was stored');

-- A name is of one thing that scores, for good.
SELECT gaiops_create_scorer('taken', 'json_valid') \g /dev/null
SELECT is(pg_temp.raised($$ SELECT gaiops_create_judge('taken', '{{ outputs }}') $$), E'42710\n"taken" is the name of a scorer\nGive the judge another name.', 'a scorer has it');
SELECT is(pg_temp.raised($$ SELECT gaiops_create_scorer('polite', 'json_valid') $$), E'42710\n"polite" is the name of a judge\nGive the scorer another name.', 'a judge has it');
SELECT is(pg_temp.raised($$ SELECT gaiops_create_scorer('safety', 'json_valid') $$), E'42710\n"safety" is the name of a judge\nGive the scorer another name.', 'one that is built in');
SELECT gaiops_delete_scorer('taken') \g /dev/null
SELECT matches(pg_temp.raised($$ SELECT gaiops_create_judge('taken', '{{ outputs }}') $$), '^42710', 'a scorer that was deleted had it');

-- What a version says stays.
SELECT is(pg_temp.raised(c.command), format(E'55000\nrows of gaiops.judge_versions cannot be %s\nA version of a judge stays as it is for everybody, its owner included.\nCreate another version with gaiops_create_judge(), or hide the judge with gaiops_delete_judge().', c.done), c.command)
FROM (VALUES
	('UPDATE gaiops.judge_versions SET threshold = 1', 'changed'),
	('DELETE FROM gaiops.judge_versions', 'deleted'),
	('TRUNCATE gaiops.judge_versions', 'deleted')) AS c (command, done);

-- Juries.
SELECT is(gaiops_create_jury('panel', ARRAY['safety', 'relevance', 'equivalence']), 1, 'a jury is a judge of its own');
SELECT results_eq($$ SELECT version, value_type, members, member_versions, rule, needs, instructions FROM gaiops.judges WHERE name = 'panel' $$,
	$$ VALUES (1, 'yes_no', ARRAY['safety', 'relevance', 'equivalence'], ARRAY[1, 1, 1], 'majority', NULL::text[], NULL::text) $$, 'of versions of judges');
SELECT is(gaiops_create_jury('fives', ARRAY['fluency', 'completeness'], 'mean'), 1, 'one with a mean');
SELECT results_eq($$ SELECT value_type, choices::text, threshold FROM gaiops.judges WHERE name = 'fives' $$, $$ VALUES ('scale', '[1, 5]', 3::double precision) $$, 'has the threshold that its judges share');
SELECT is(pg_temp.raised(format('SELECT gaiops_create_jury(%s)', c.arguments)), c.problem, c.arguments)
FROM (VALUES
	($$ 'panel2', ARRAY['safety'] $$, E'22023\nargument "judges" is not acceptable\nIt must be an array of 2 to 20 different names.'),
	($$ 'panel2', ARRAY['safety', 'safety'] $$, E'22023\nargument "judges" is not acceptable\nIt must be an array of 2 to 20 different names.'),
	($$ 'panel2', ARRAY['safety', NULL] $$, E'22004\nargument "judges" must not contain nulls'),
	($$ 'panel2', ARRAY['safety', 'relevance'], 'median' $$, E'22023\nargument "rule" is not acceptable\nIt must be "majority" or "mean".'),
	($$ 'panel2', ARRAY['safety', 'panel'] $$, E'42704\nthere is no judge "panel" for a jury\nJudges are listed in gaiops.judges; those that have a rule are juries themselves.'),
	($$ 'panel2', ARRAY['safety', 'fluency'] $$, E'22023\nthese judges do not make a jury\nThey differ in what they say: in value type, choices or direction.\nA majority is of judges that say yes or no or make a choice, a mean of those that give numbers.'),
	($$ 'panel2', ARRAY['safety', 'relevance'], 'mean' $$, E'22023\nthese judges do not make a jury\nThe rule "mean" is not for what they say, yes_no.\nA majority is of judges that say yes or no or make a choice, a mean of those that give numbers.'),
	($$ 'regex', ARRAY['safety', 'relevance'] $$, E'42710\n"regex" is the name of a kind of scorers\nGive the judge another name.')
	) AS c (arguments, problem);

-- Deleting hides it; numbers go on.
SELECT is(gaiops_delete_judge('polite'), 'polite', 'the name is returned');
SELECT is((SELECT count(*) FROM gaiops.judges WHERE name = 'polite'), 0::bigint, 'it is not there any more');
SELECT is((SELECT count(*) FROM gaiops.judge_versions WHERE name = 'polite'), 2::bigint, 'what its versions say is kept');
SELECT is(pg_temp.raised($$ SELECT gaiops_judge('polite', outputs => 'x') $$), E'42704\njudge "polite" does not exist\nJudges are listed in gaiops.judges.', 'nor found by its name');
SELECT is(pg_temp.raised($$ SELECT gaiops_delete_judge('polite') $$), E'42704\nthere is no judge "polite" that was created\nJudges are listed in gaiops.judges; only those that were created can be deleted.', 'twice is once too often');
SELECT matches(pg_temp.raised($$ SELECT gaiops_delete_judge('safety') $$), '^42704', 'one that is built in');
SELECT matches(pg_temp.raised($$ SELECT gaiops_create_scorer('polite', 'json_valid') $$), '^42710', 'its name stays that of a judge');
SELECT is(gaiops_create_judge('polite', 'Is {{ outputs }} polite?'), 3, 'no number is used again');

-- Rights.
CREATE ROLE judges_viewer; CREATE ROLE judges_user;
SELECT gaiops_grant('judges_viewer', 'viewer'), gaiops_grant('judges_user', 'user') \g /dev/null
SET ROLE judges_viewer;
SELECT is((SELECT count(*) FROM gaiops.judges WHERE name IN ('polite', 'safety')), 2::bigint, 'a viewer may see what judges there are');
SELECT matches(pg_temp.raised($$ SELECT gaiops_create_judge('mine', '{{ outputs }}') $$), '^42501', 'but create none');
SELECT matches(pg_temp.raised($$ SELECT gaiops_judge('safety', outputs => 'x') $$), '^42501', 'nor ask one, which costs');
SET ROLE judges_user;
SELECT is(gaiops_create_judge('mine', '{{ outputs }}'), 1, 'a user may create one');
SELECT is((SELECT created_by FROM gaiops.judges WHERE name = 'mine'), 'judges_user', 'which is known as his');
SELECT matches(pg_temp.raised($$ SELECT gaiops_delete_judge('mine') $$), '^42501', 'but delete none, since others may use it');
SELECT matches(pg_temp.raised($$ INSERT INTO gaiops.judge_deletions VALUES ('mine', 1, now(), 'x') $$), '^42501', 'there is one way in');
RESET ROLE;
SET default_transaction_read_only = on;
SELECT is(pg_temp.raised($$ SELECT gaiops_create_judge('mine', '{{ outputs }}') $$), E'25006\ncannot execute gaiops_create_judge() in a read-only transaction', 'creating writes');
RESET default_transaction_read_only;
SELECT gaiops_revoke('judges_viewer', 'viewer'), gaiops_revoke('judges_user', 'user') \g /dev/null
DROP ROLE judges_viewer, judges_user;
SELECT * FROM finish();
