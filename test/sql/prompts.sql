-- The prompt registry as a user sees it.
SELECT gaiops_create_endpoint('echo', 'builtin:echo') \g /dev/null
SELECT gaiops_register_prompt('Greet_Prompt', 'You are a polite assistant for {{ company }}.', commit_message => 'first');
SELECT gaiops_register_prompt('Greet_Prompt', 'You are a friendly assistant for {{ company }}.
{% if topics %}Talk about {{ topics | join(", ") }} only.{% endif %}', commit_message => 'friendlier');
SELECT gaiops_register_prompt('Greet_Prompt', 'You are a friendly assistant for {{ company }}.
{% if topics %}Talk about {{ topics | join(", ") }} only.{% endif %}', if_changed => true);
SELECT gaiops_set_prompt_alias('Greet_Prompt', 'production', 1);
SELECT (gaiops_load_prompt('prompts:/Greet_Prompt/1')).template;
SELECT name, version, kind, variables, aliases, commit_message FROM gaiops_load_prompt('prompts:/Greet_Prompt@production');
SELECT gaiops_format_prompt('prompts:/Greet_Prompt@production', '{"company":"Acme"}');
SELECT gaiops_format_prompt('prompts:/Greet_Prompt', '{"company":"Acme", "topics": ["prices", "places"]}');
SELECT gaiops_format_messages('prompts:/Greet_Prompt', '{"company":"Acme", "topics": []}');
SELECT gaiops_prompt_variables('prompts:/Greet_Prompt');
SELECT gaiops_chat('echo', 'Hi', prompt => 'prompts:/Greet_Prompt@production', variables => '{"company":"Acme"}');
SELECT v, gaiops_chat('echo', prompt => 'prompts:/Greet_Prompt/' || v, variables => '{"company":"Acme", "topics": []}') FROM generate_series(1, 2) v;
SELECT gaiops_set_prompt_alias('Greet_Prompt', 'production', 2, reason => 'tried it for a week');
SELECT gaiops_rollback_prompt_alias('Greet_Prompt', 'production', reason => 'too friendly');
SELECT from_version, to_version, reason FROM gaiops.prompt_alias_history WHERE name = 'Greet_Prompt' ORDER BY id;
SELECT * FROM gaiops_diff_prompt('Greet_Prompt', 1, 2);
SELECT name, version, snippet FROM gaiops_search_prompts('assistant alias:production');
SELECT name, version FROM gaiops_search_prompts('Alias:production tags.team=support version:1');
SELECT gaiops_protect_prompt_alias('Greet_Prompt', 'production', ARRAY[current_user::text]);
SELECT gaiops_protect_prompt_alias('Greet_Prompt', 'prodction', ARRAY[current_user::text]);
SELECT gaiops_protect_prompt_alias('Greet_Prompt', alias, NULL) FROM unnest('{production,prodction}'::text[]) AS alias;

-- What goes wrong.
SELECT gaiops_register_prompt('Greet Prompt', 'x');
SELECT gaiops_register_prompt('Greet_Prompt', NULL);
SELECT gaiops_register_prompt('Greet_Prompt', 'Dear {{ name }');
SELECT gaiops_register_prompt('Greet_Prompt', 'Dear
{{ name | title }}');
SELECT gaiops_register_prompt('Greet_Prompt', '{% set x = 1 %}');
SELECT gaiops_register_prompt('Greet_Prompt', '[{"role": "system", "content": "Hi"}]');
SELECT gaiops_register_prompt('Greet_Prompt', '[{"content": "Hi"}]'::jsonb);
SELECT gaiops_load_prompt('prompts:/Greet_Prompt/3');
SELECT gaiops_load_prompt('prompts:/Greet_Prompt@staging');
SELECT gaiops_load_prompt('prompts:/Greet_Prompt/one');
SELECT gaiops_search_prompts('assistant -tag:team');
SELECT gaiops_format_prompt('prompts:/Greet_Prompt');
SELECT gaiops_set_prompt_alias('Greet_Prompt', 'latest', 1);
SELECT gaiops_set_prompt_alias('Greet_Prompt', 'v2', 1);
SELECT gaiops_set_prompt_alias('Greet_Prompt', 'production', 9);
SELECT gaiops_delete_prompt_version('Greet_Prompt', 1);
SELECT gaiops_delete_prompt('Greet_Prompt');
UPDATE gaiops.prompt_contents SET template = 'Another';
DELETE FROM gaiops.prompt_contents;
DELETE FROM gaiops.prompt_alias_history;
SELECT gaiops_drop_endpoint('echo') \g /dev/null

-- A stranger who follows a protected alias does not keep it from being moved.
CREATE ROLE gaiops_test_stranger;
SELECT gaiops_grant('gaiops_test_stranger', 'user') \g /dev/null
SELECT gaiops_register_prompt('Shared_Tone', t) FROM unnest('{Kind.,Kinder.}'::text[]) AS t \g /dev/null
SELECT gaiops_set_prompt_alias('Shared_Tone', 'production', 1) \g /dev/null
SELECT gaiops_register_prompt('Kept', '{{> prompts:/Shared_Tone@production follow }}') \g /dev/null
SELECT gaiops_protect_prompt_alias('Shared_Tone', 'production', ARRAY[current_user::text]) \g /dev/null
SELECT gaiops_register_prompt('Shared_Tone', '[{"role": "user", "content": "Kindest."}]'::jsonb) \g /dev/null
SET ROLE gaiops_test_stranger;
SELECT gaiops_register_prompt('Stranger', '{{> prompts:/Shared_Tone@production follow }}' || i) FROM generate_series(1, 2) AS i \g /dev/null
RESET ROLE;
SELECT gaiops_set_prompt_alias('Shared_Tone', 'production', 3);
SELECT gaiops_delete_prompt('Kept');
SELECT gaiops_set_prompt_alias('Shared_Tone', 'production', 3);
SELECT gaiops_rollback_prompt_alias('Shared_Tone', 'production');
SELECT gaiops_delete_prompt_alias('Shared_Tone', 'production');
SELECT gaiops_protect_prompt_alias('Shared_Tone', 'production', NULL) \g /dev/null
SELECT gaiops_set_prompt_alias('Shared_Tone', 'production', 3);
DROP OWNED BY gaiops_test_stranger;
DROP ROLE gaiops_test_stranger;
