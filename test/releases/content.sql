-- What a database of a released version holds when it is updated: a little of
-- everything that users make, with what is delicate about it.

CREATE EXTENSION genaiops VERSION :'version';
SET client_min_messages = warning;
SELECT gaiops_grant('viewer_role', 'viewer'), gaiops_grant('user_role', 'user'), gaiops_grant('admin_role', 'admin');
GRANT USAGE ON SCHEMA gaiops TO analyst;
GRANT SELECT ON gaiops.spans, gaiops.traces TO analyst;

-- Endpoints, prices, experiments, calls.
SELECT gaiops_create_endpoint('echo', 'builtin:echo', params => '{"temperature": 0.50, "max_tokens": 100}', headers => '{"x-team": "search"}');
SELECT gaiops_create_endpoint('closed', 'http://127.0.0.1:9/v1', model => 'gpt-4.1-mini', max_retries => 0);
SELECT gaiops_set_price('example', 'tiny', 0.125, 0.25, effective_from => '2020-01-01');
SELECT gaiops_set_experiment('Released');
SELECT gaiops_alter_experiment('Released', 'about', 'goal', 'owner', '{"team": "search"}');
SELECT gaiops_chat('echo', 'Wörter, "Zitate", \ und 中文', tags => '{"kind": "first"}', metadata => '{"n": 1.50, "a": null}',
	session_id => 's', user_id => 'u', params => '{"top_p": 0.90, "seed": 7}');
SELECT gaiops_chat('closed', 'nobody listens', on_error => 'null');
BEGIN;
SELECT gaiops_start_span('outer', 'AGENT', '{"in": [1, 2]}') AS span \gset
SELECT gaiops_chat('echo', messages => '[{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}]');
SELECT gaiops_end_span(:'span', '{"out": null}');
COMMIT;

-- Prompts of both kinds, with aliases that moved and one that is protected.
SELECT gaiops_register_prompt('greet', 'Be polite to {{ who }}.', tags => '{"kind": "text"}', commit_message => 'first',
	response_format => '{"type": "json_schema", "json_schema": {"name": "x", "schema": {"type": "object", "properties": {"why": {"type": "string"}, "a": {"type": "number"}}}}}',
	model_config => '{"temperature": 0.20, "max_tokens": 50}');
SELECT gaiops_register_prompt('greet', 'Be short with {{ who }}.');
SELECT gaiops_register_prompt('chat', messages => '[{"role": "system", "content": "You help {{ who }}."}, {"role": "user", "content": "{{ question }}"}]');
SELECT gaiops_set_prompt_alias('greet', 'production', 1), gaiops_set_prompt_alias('chat', 'production', 1);
SELECT gaiops_set_prompt_alias('greet', 'production', 2, 'shorter');
SELECT gaiops_protect_prompt_alias('greet', 'production', '{admin_role}');
SELECT gaiops_set_prompt_version_tag('greet', 1, 'tested', 'yes');
SELECT gaiops_chat('echo', 'Hi', prompt => 'prompts:/greet/1', variables => '{"who": "Ann"}');

-- A dataset with a record that changed, runs, feedback and a review.
SELECT gaiops_create_dataset('golden', 'about', tags => '{"a": "b"}');
SELECT gaiops_merge_record('golden', '{"question": "2+2?", "a": 1.0}', expectations => '{"expected_response": "4"}', outputs => '"5"', tags => '{"level": "easy"}');
SELECT gaiops_merge_record('golden', '{"question": "2+2?", "a": 1.0}', expectations => '{"expected_response": "four"}');
SELECT * FROM gaiops_add_traces('golden', ARRAY(SELECT trace_id FROM gaiops.traces WHERE status = 'OK'));
SELECT gaiops_start_run('released run', '{"a": "b"}'), gaiops_log_param('p', 1), gaiops_log_metric('m', 0.1);
SELECT gaiops_log_input('golden');
SELECT gaiops_end_run();
SELECT gaiops_create_label_schema('tone', 'categories', labels => '{warm,cold}');
SELECT gaiops_log_feedback(trace_id, 'tone', 'cold') AS cold, trace_id AS assessed FROM gaiops.spans ORDER BY start_time LIMIT 1 \gset
SELECT gaiops_log_feedback(:'assessed', 'tone', 'warm', source_type => 'LLM_JUDGE', source_id => 'judge', idempotency_key => 'k');
SELECT gaiops_override_feedback(:'cold', 'warm', 'by a person');
SELECT gaiops_log_feedback(:'assessed', 'stars', 4), gaiops_log_feedback(:'assessed', 'note', '4'::text);
SELECT gaiops_delete_feedback(gaiops_log_feedback(:'assessed', 'thumbs', true));
SELECT gaiops_log_expectation(session_id => 's', name => 'expected_facts', value => ARRAY['It is released.']);
SELECT gaiops_create_review_queue('q', '{thumbs}', 2), gaiops_enqueue_review('q', ARRAY[:'assessed'::uuid]);
SELECT gaiops_submit_review(item, '{"thumbs": "up"}', 'ann') FROM gaiops_claim_review('q', reviewer => 'ann');
SELECT count(*) FROM gaiops_claim_review('q', reviewer => 'bob');

-- Rows of a past partition and of a time that has none, and a record that was rejected.
SELECT gaiops.make_partition('gaiops.spans', '2024-02-01 00:00:00+00', '2024-03-01 00:00:00+00'),
	gaiops.make_partition('gaiops.span_payloads', '2024-02-29 00:00:00+00', '2024-03-01 00:00:00+00');
CREATE TEMP TABLE s AS SELECT * FROM gaiops.spans LIMIT 1;
CREATE TEMP TABLE p AS SELECT * FROM gaiops.span_payloads WHERE body IS NOT NULL LIMIT 1;
UPDATE s SET start_time = '2024-02-29 23:59:59.999999+00', cost = 0.000000000000000001;
UPDATE p SET start_time = '2024-02-29 23:59:59.999999+00';
INSERT INTO gaiops.spans SELECT * FROM s;
INSERT INTO gaiops.span_payloads SELECT * FROM p;
UPDATE s SET start_time = '2019-01-01 00:00:00+00';
UPDATE p SET start_time = '2019-01-01 00:00:00+00';
INSERT INTO gaiops.spans SELECT * FROM s;
INSERT INTO gaiops.span_payloads SELECT * FROM p;
INSERT INTO gaiops.rejected_records VALUES (now(), 'spans', NULL, NULL, '22000', 'of old');

-- What users build on it: views on views, functions that call.
CREATE VIEW public.costs AS SELECT t.trace_id, s.cost FROM gaiops.traces AS t JOIN gaiops.spans AS s USING (trace_id);
CREATE FUNCTION public.ask(text) RETURNS text LANGUAGE sql AS $$ SELECT gaiops_chat('echo', $1) $$;
GRANT SELECT ON public.costs TO analyst;
