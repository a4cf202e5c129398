-- Feedback as a user sees it.
SELECT gaiops_create_endpoint('echo', 'builtin:echo') \g /dev/null
SELECT gaiops_chat('echo', 'What is the capital of France?', session_id => 'feedback') \g /dev/null
SELECT gaiops_last_trace_id() AS trace \gset
SELECT gaiops_log_feedback(:'trace', 'correctness', true) AS id \gset
SELECT gaiops_log_feedback(:'trace', 'intent_resolution', 4, rationale => 'Took two turns.') \g /dev/null
SELECT gaiops_log_feedback(:'trace', 'tone', 'friendly') \g /dev/null
SELECT gaiops_log_feedback(:'trace', 'similarity', 0.5, source_type => 'CODE', source_id => 'compare.py') \g /dev/null
SELECT gaiops_log_feedback(session_id => 'feedback', name => 'thumbs', value => 'up') \g /dev/null
SELECT gaiops_log_expectation(:'trace', 'expected_facts', '["Paris"]'::jsonb) \g /dev/null
SELECT gaiops_override_feedback(:'id', 'no', rationale => 'It is Paris.') AS newer \gset
SELECT name, kind, value, rationale, source_type, session_id, is_valid FROM gaiops.assessments WHERE :'trace' IN (trace_id::text) OR session_id = 'feedback' ORDER BY created_at;
SELECT gaiops_delete_feedback(:'newer');
SELECT value, is_valid, is_deleted FROM gaiops.assessments WHERE trace_id = :'trace' AND name = 'correctness' ORDER BY created_at;
SELECT gaiops_create_label_schema('tone', 'categories', 'How does it sound?', labels => '{friendly,neutral,rude}', ordered => true);
SELECT name, kind, labels, ordered FROM gaiops.label_schemas WHERE name = 'tone';

-- What drivers bind without a type.
SELECT gaiops_log_feedback(:'trace', 'untyped', 'true') \g /dev/null
SELECT gaiops_log_feedback(:'trace', 'untyped', '4') \g /dev/null
SELECT gaiops_log_feedback(:'trace', 'untyped', '["a", "b"]') \g /dev/null
SELECT gaiops_log_feedback(:'trace', 'untyped', '{a,b}');
SELECT gaiops_log_feedback(:'trace', 'untyped', '{a,b}'::text[]) AS list \gset
SELECT gaiops_override_feedback(:'list', '{"a": 1}') \g /dev/null
SELECT gaiops_log_feedback(:'trace', 'untyped', to_jsonb('{a,b}'::text)) \g /dev/null
SELECT gaiops_log_expectation(:'trace', 'untyped', '[4]') \g /dev/null
SELECT kind, value FROM gaiops.assessments WHERE trace_id = :'trace' AND name = 'untyped' AND is_valid ORDER BY created_at;

-- What goes wrong.
SELECT gaiops_log_feedback(:'trace', 'tone', 'harsh');
SELECT gaiops_log_feedback(:'trace', 'correctness', 'maybe');
SELECT gaiops_log_feedback(:'trace', 'intent_resolution', 6);
SELECT gaiops_log_feedback(:'trace', 'correctness', NULL);
SELECT gaiops_log_feedback(gaiops_last_trace_id(), 'correctness');
SELECT gaiops_log_feedback(name => 'correctness', value => true);
SELECT gaiops_log_feedback('00000000-0000-0000-0000-000000000001', 'correctness', true);
SELECT gaiops_log_feedback(session_id => 'nobody', name => 'thumbs', value => 'up');
SELECT gaiops_log_feedback(:'trace', 'correctness', true, source_type => 'ROBOT', source_id => 'r');
SELECT gaiops_log_feedback(:'trace', 'correctness', true, source_type => 'LLM_JUDGE');
SELECT gaiops_log_expectation(:'trace', 'expected_facts', '["Paris"]');
SELECT gaiops_create_label_schema('stars', 'stars');
SELECT gaiops_create_label_schema('stars', 'number', labels => '{one,two}');
SELECT gaiops_create_label_schema('thumbs', 'number');
SELECT gaiops_drop_label_schema('thumbs');
SELECT gaiops_drop_label_schema('tone'), gaiops_drop_endpoint('echo') \g /dev/null
