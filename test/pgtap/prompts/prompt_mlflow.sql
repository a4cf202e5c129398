-- Moving from MLflow, with the tables that MLflow itself made: test/golden/mlflow.
\set QUIET on
SET client_min_messages = warning;
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();

\ir ../../lib/raised.sql

CREATE SCHEMA mlflow;
\ir ../../golden/mlflow/mlflow_prompts.sql
-- MLflow's own server writes no user; others that keep its tables do.
UPDATE mlflow.model_versions SET user_id = 'ann@example.com' WHERE name = 'Greet_Prompt' AND version = 3;
UPDATE mlflow.model_versions SET user_id = '' WHERE name = 'Greet_Prompt' AND version = 1;

-- Signature.
SELECT is(p.oid::regprocedure::text, 'gaiops_import_mlflow_prompts(text)', 'signature') FROM pg_proc AS p WHERE p.proname = 'gaiops_import_mlflow_prompts';
SELECT is(p.proargnames, '{schema,name,version,action,detail}', 'names of its argument and its columns') FROM pg_proc AS p WHERE p.proname = 'gaiops_import_mlflow_prompts';
SELECT ok(NOT p.prosecdef, 'it reads as the caller') FROM pg_proc AS p WHERE p.proname = 'gaiops_import_mlflow_prompts';

-- What it refuses as a whole.
SELECT is(pg_temp.raised('SELECT gaiops_import_mlflow_prompts(NULL)'), E'22004\nargument "schema" must not be null', 'no schema');
SELECT is(pg_temp.raised($$ SELECT gaiops_import_mlflow_prompts('No Such') $$),
	E'3F000\nschema "No Such" does not exist\nGive the name of the schema that has MLflow''s tables, as it is in pg_namespace.', 'an unknown schema');
SELECT is(pg_temp.raised($$ SELECT gaiops_import_mlflow_prompts('public') $$),
	E'42P01\nschema "public" does not have the tables of MLflow''s registry\nNot there: model_version_tags, model_versions, registered_model_aliases, registered_model_tags.\nRestore registered_models, registered_model_tags, registered_model_aliases, model_versions and model_version_tags of MLflow''s tracking database into that schema, or make foreign tables of them there.',
	'a schema without the tables');
CREATE SCHEMA other;
CREATE TABLE other.registered_model_tags (name text, key text, value text);
CREATE TABLE other.registered_model_aliases (name text, alias text, version integer);
CREATE TABLE other.model_versions (name text, version integer, creation_time bigint);
CREATE TABLE other.model_version_tags (name text, version integer, key text, value text);
SELECT matches(pg_temp.raised($$ SELECT gaiops_import_mlflow_prompts('other') $$),
	'^42P01\n.*\nNot there: model_versions.current_stage, model_versions.description, model_versions.user_id\.\n', 'tables that are not MLflow''s');
SELECT is((SELECT count(*) FROM gaiops.prompt_contents), 0::bigint, 'nothing was imported');

SELECT is(pg_temp.raised($$ SELECT gaiops_import_mlflow_prompts('mlflow') FROM set_config('transaction_read_only', 'on', true) $$),
	E'25006\ncannot execute gaiops_import_mlflow_prompts() in a read-only transaction', 'nothing is done in a read-only transaction');

-- The import, and its report.  One that was rolled back does not stand in its way.
SAVEPOINT first_try;
SELECT count(*) FROM gaiops_import_mlflow_prompts('mlflow') \g /dev/null
SELECT gaiops_register_prompt('Chat_Prompt', 'Just trying.') \g /dev/null
ROLLBACK TO first_try;
CREATE TEMP TABLE report AS SELECT row_number() OVER () AS row, r.* FROM gaiops_import_mlflow_prompts('mlflow') AS r;
SELECT results_eq(
	$$ SELECT replace(name, repeat('n', 256), 'n...'), version, action FROM report ORDER BY row $$,
	$$ VALUES
		('Chat_Prompt', 1, 'imported'),
		('Chat_Prompt', 2, 'imported'),
		('Chat_Prompt', 3, 'imported as MLflow template'),
		('Chat_Prompt', 4, 'imported'),
		('Chat_Prompt', 5, 'imported'),
		('Chat_Prompt', 6, 'imported, not rendered'),
		('Greet_Prompt', 1, 'imported'),
		('Greet_Prompt', 2, 'skipped'),
		('Greet_Prompt', 3, 'imported'),
		('Greet_Prompt', 4, 'skipped'),
		('Jinja.Prompt', 1, 'imported'),
		('Jinja.Prompt', 2, 'imported'),
		('Jinja.Prompt', 3, 'imported, not rendered'),
		('Jinja.Prompt', 4, 'imported, not rendered'),
		('Jinja.Prompt', 5, 'imported, not rendered'),
		('dotted.name-1_2', 1, 'imported'),
		('forgotten', 1, 'skipped'),
		('n...', 1, 'refused'),
		('text-prompt', 1, 'imported as MLflow template'),
		('text-prompt', 2, 'imported as MLflow template'),
		('text-prompt', 3, 'imported as MLflow template'),
		('text-prompt', 4, 'imported as MLflow template'),
		('text-prompt', 5, 'imported as MLflow template'),
		('text-prompt', 6, 'imported as MLflow template'),
		('text-prompt', 7, 'imported as MLflow template'),
		('text-prompt', 8, 'imported as MLflow template'),
		('text-prompt', 9, 'imported'),
		('text-prompt', 10, 'imported'),
		('text-prompt', 11, 'imported as MLflow template'),
		('text-prompt', 12, 'imported'),
		('text-prompt', 13, 'imported'),
		('text-prompt', 14, 'imported as MLflow template'),
		('text-prompt', 15, 'imported'),
		('uebersetzung', 1, 'imported') $$,
	'one row for each version, and what was done with it');
SELECT is(r.detail, e.detail, format('what is said about %s %s', left(e.name, 20), e.version)) FROM (VALUES
	('dotted.name-1_2', 1, NULL),
	('text-prompt', 9, NULL),
	('Chat_Prompt', 1, 'Aliases: production.'),
	('Chat_Prompt', 2, 'It is Jinja2: a missing variable is an error here, a value that is no string comes out as JSON, and line breaks stand as written.'),
	('Chat_Prompt', 4, 'MLflow sends the role and the content of a message alone; here all of it is sent.'),
	('Greet_Prompt', 1, 'Aliases: old.'),
	('Greet_Prompt', 2, 'It was deleted in MLflow; its number stays taken.'),
	('text-prompt', 8, 'What is text to MLflow would be more than text here.'),
	('text-prompt', 13, 'A dot in the name of a variable looks into a JSON object.'),
	('uebersetzung', 1, 'Left out of its model_config: "model".')) AS e (name, version, detail)
JOIN report AS r ON r.name = e.name AND r.version = e.version;
SELECT matches(r.detail, e.detail, format('what is said about %s %s', left(e.name, 20), e.version)) FROM (VALUES
	('Greet_Prompt', 3, '^A dot in .* Aliases: champion, production\. Alias "größte" is left out: .*\.$'),
	('Chat_Prompt', 3, '^What is text to MLflow is no template here: .* \(line 1, column \d+ of message 1\)\.$'),
	('Chat_Prompt', 6, '^Its Jinja2 is kept and can be read, but must be rewritten to be rendered: .*set.* \(line 1, column \d+ of message 1\)\.$'),
	('Jinja.Prompt', 3, '^Its Jinja2 is kept .*set.* \(line 1, column \d+ of the template\)\. Aliases: production\.$'),
	('Jinja.Prompt', 4, '^Its Jinja2 is kept .*sum.* \(line 1, column \d+ of the template\)\.$'),
	('Jinja.Prompt', 5, '^Its Jinja2 is kept .* includes are not Jinja2\.$'),
	('text-prompt', 2, '^What is text to MLflow is no template here: .* \(line 1, column \d+ of the template\)\.$'),
	(repeat('n', 256), 1, '255')) AS e (name, version, detail)
JOIN report AS r ON r.name = e.name AND r.version = e.version;

-- What a version says.
CREATE TEMP VIEW source AS
	SELECT v.*, t.tags, t.tags ->> 'mlflow.prompt.text' AS body, t.tags ->> '_mlflow_prompt_type' AS kind
	FROM mlflow.model_versions AS v
	JOIN (SELECT name, version, jsonb_object_agg(key, value) AS tags FROM mlflow.model_version_tags GROUP BY 1, 2) AS t USING (name, version)
	WHERE v.current_stage <> 'Deleted_Internal' AND octet_length(v.name) <= 255 AND v.name <> 'Some_Model';
SELECT cmp_ok((SELECT count(*) FROM source), '=', 30::bigint, 'there are versions to compare');
SELECT results_eq(
	$$ SELECT name COLLATE "default", version, kind, template, messages::jsonb, commit_message, created_at::text, created_by::text, response_format::jsonb
		FROM gaiops.prompt_versions AS v ORDER BY v.name, version $$,
	$$ SELECT name::text, version, kind, CASE kind WHEN 'text' THEN body END, CASE kind WHEN 'chat' THEN body::jsonb END, description::text,
			to_timestamp(creation_time / 1000.0)::timestamptz(3)::text,
			CASE WHEN name = 'Greet_Prompt' AND version = 3 THEN 'ann@example.com' ELSE current_user::text COLLATE "default" END,
			(tags ->> '_mlflow_prompt_response_format')::jsonb
		FROM source ORDER BY name COLLATE "C", version $$,
	'text, numbers, commit messages, times, authors and response formats are those of MLflow');
SELECT row_eq($$ SELECT kind, template, messages::jsonb FROM gaiops.prompt_versions WHERE name = 'Greet_Prompt' AND version = 3 $$,
	ROW('text'::text, E'You are a polite assistant for {{company}}. Greet {{ user.name }}.\n'::text, NULL::jsonb), 'a text prompt');
SELECT row_eq($$ SELECT kind, template, messages::jsonb FROM gaiops.prompt_versions WHERE name = 'Chat_Prompt' AND version = 1 $$,
	ROW('chat'::text, NULL::text, '[{"role": "system", "content": "You are a {{ style }} assistant."}, {"role": "user", "content": "{{question}}"}]'::jsonb), 'a chat prompt');
SELECT is((SELECT template FROM gaiops.prompt_versions WHERE name = 'uebersetzung'), 'Übersetze „{{ satz }}“ ins 日本語 🙂.\n', 'text that is not ASCII, and a backslash');
SELECT results_eq($$ SELECT name COLLATE "default", version, model_config::jsonb FROM gaiops.prompt_versions WHERE model_config IS NOT NULL ORDER BY name $$,
	$$ VALUES ('Chat_Prompt', 1, '{"model_name": "gpt-4.1-mini", "temperature": 0.5, "stop_sequences": ["###"], "seed": 7}'::jsonb),
		('Greet_Prompt', 3, '{"provider": "openai", "model_name": "gpt-4.1-mini", "temperature": 0.2, "max_tokens": 300, "stop_sequences": ["END"]}'),
		('uebersetzung', 1, '{"temperature": 0.3}') $$, 'parameters in MLflow''s words, but for those that a call decides');
SELECT is((SELECT response_format ->> 'title' FROM gaiops.prompt_versions WHERE name = 'Chat_Prompt' AND version = 1), 'Verdict', 'a response format from a class is its JSON Schema');
SELECT is_empty($$ SELECT name, version FROM gaiops.prompt_versions AS v JOIN report AS r USING (name, version)
	WHERE v.syntax <> CASE r.action WHEN 'imported' THEN 'gaiops' ELSE 'mlflow' END $$, 'what is kept by MLflow''s rules is marked so');
SELECT is(v.variables, e.variables, format('variables of %s %s', e.name, e.version)) FROM (VALUES
	('Greet_Prompt', 3, ARRAY['company', 'user']),
	('Chat_Prompt', 1, ARRAY['style', 'question']),
	('text-prompt', 2, ARRAY['x'])) AS e (name, version, variables)
JOIN gaiops.prompt_versions AS v ON v.name = e.name AND v.version = e.version;

-- Tags and aliases.
SELECT results_eq($$ SELECT name COLLATE "default", version, key COLLATE "default", value FROM gaiops.prompt_version_tags ORDER BY name, version, key $$,
	$$ VALUES ('Greet_Prompt', 1, 'lang', 'en'), ('Greet_Prompt', 1, 'team', 'support'), ('Greet_Prompt', 3, 'reviewed', 'yes'), ('Greet_Prompt', 3, 'team', 'care'),
		('uebersetzung', 1, 'leer', ''), ('uebersetzung', 1, 'sprache', '日本語') $$, 'tags of versions, without MLflow''s own');
SELECT results_eq($$ SELECT name COLLATE "default", key COLLATE "default", value, updated_by::text FROM gaiops.prompt_tags ORDER BY name, key $$,
	$$ VALUES ('Greet_Prompt', 'lang', 'en', current_user::text), ('Greet_Prompt', 'owner', 'Zoë', current_user), ('Greet_Prompt', 'team', 'care', current_user),
		('uebersetzung', 'leer', '', current_user), ('uebersetzung', 'sprache', '日本語', current_user) $$, 'tags of prompts, without MLflow''s own');
SELECT results_eq($$ SELECT name COLLATE "default", alias COLLATE "default", version FROM gaiops.prompt_aliases ORDER BY name, alias $$,
	$$ VALUES ('Chat_Prompt', 'production', 1), ('Greet_Prompt', 'champion', 3), ('Greet_Prompt', 'old', 1), ('Greet_Prompt', 'production', 3), ('Jinja.Prompt', 'production', 3) $$, 'aliases');
SELECT results_eq($$ SELECT name COLLATE "default", alias COLLATE "default", from_version, to_version, reason, moved_by::text FROM gaiops.prompt_alias_history ORDER BY name, alias $$,
	$$ SELECT name COLLATE "default", alias COLLATE "default", NULL::integer, version, 'imported from MLflow', current_user::text FROM gaiops.prompt_aliases ORDER BY name, alias $$, 'their history begins with the import');

-- What is no prompt, and what was deleted.
SELECT is_empty($$ SELECT FROM gaiops.prompt_contents WHERE name = 'Some_Model' $$, 'a model is no prompt');
SELECT is_empty($$ SELECT FROM gaiops.prompt_contents WHERE name = 'erased' $$, 'a prompt that MLflow deleted left nothing');
SELECT is_empty($$ SELECT FROM gaiops.prompt_contents AS c JOIN mlflow.model_versions AS v USING (name, version) WHERE v.current_stage = 'Deleted_Internal' $$, 'a deleted version is not imported');
SELECT is((SELECT latest_version FROM gaiops.prompts WHERE name = 'Greet_Prompt'), 3, 'the latest one is the latest that was not deleted');
SELECT is(gaiops_register_prompt('Greet_Prompt', 'Again.'), 5, 'numbers go on after the last one, deleted or not');
SELECT is(gaiops_register_prompt('forgotten', 'Again.'), 2, 'of a prompt all of whose versions were deleted too');
SELECT is(gaiops_register_prompt('erased', 'Again.'), 1, 'and begin where MLflow has none');

-- Rendering.  What is expected is what MLflow 3.17.2 makes of it.
SELECT is(gaiops_format_prompt('prompts:/text-prompt/' || e.version, e.variables), e.rendered, format('text-prompt %s with %s', e.version, e.variables)) FROM (VALUES
	(1, '{"x": "v"}'::jsonb, '{{ x | upper }} and v'),
	(2, '{"x": "v"}', '{v}'),
	(2, '{"x": "{{x}}"}', '{{{x}}}'),
	(2, '{"x": "\\1"}', '{\1}'),
	(2, '{"x": true}', '{True}'),
	(2, '{"x": false}', '{False}'),
	(2, '{"x": null}', '{None}'),
	(2, '{"x": -12.5}', '{-12.5}'),
	(2, '{"x": [1, "a", null, {"b": false}]}', '{[1, ''a'', None, {''b'': False}]}'),
	(2, '{"x": {"k": "it''s"}}', '{{''k'': "it''s"}}'),
	(2, '{"x": ["\n\t\\", "a\"b", "ü🙂\u00a0\u007f", "it''s \"q\""]}', '{[''\n\t\\'', ''a"b'', ''ü🙂\xa0\x7f'', ''it\''s "q"'']}'),
	(3, '{"x": "v"}', '{{1x}} and v'),
	(4, '{"x": "v"}', '{# kept #}v'),
	(5, '{"x": "v"}', 'a stray {{ and v'),
	(6, '{"x": "v"}', 'a stray {% and v'),
	(7, '{"x": "v", "items": [1]}', '{{ items.0 }} and v'),
	(8, '{"x": "v"}', '{{> prompts:/Tone }} and v'),
	(9, '{"x": "v"}', 'a lone }} and %} and v'),
	(10, '{"x": "v"}', 'v and v'),
	(11, '{"x": "v", "none": 1, "true": 2}', '1 and 2 and v'),
	(12, '{"x": "v"}', 'v'),
	(14, '{"x": "v", "größe": 1}', E'{{x\n|upper}} {{v}} {{ x.}} {{.x}} {{}} {{ x y }} {{größe}}'),
	(15, '{"x": "v"}', '')) AS e (version, variables, rendered);
SELECT is(gaiops_format_prompt('prompts:/uebersetzung', '{"satz": "ä"}'), 'Übersetze „ä“ ins 日本語 🙂.\n', 'a template that became one of ours');
SELECT is(gaiops_format_prompt('dotted.name-1_2', '{"x": 1}'), '[{"a": 1}]', 'another');
SELECT is(gaiops_format_messages('prompts:/Chat_Prompt/3', '{"word": "w", "question": "Q"}')::jsonb,
	'[{"role": "system", "content": "Say {w}, {{word|upper}} and w."}, {"role": "user", "content": "Q"}]', 'a chat prompt by MLflow''s rules');
SELECT is(gaiops_format_messages('prompts:/Chat_Prompt@production', '{"style": "kind", "question": "Q"}')::jsonb,
	'[{"role": "system", "content": "You are a kind assistant."}, {"role": "user", "content": "Q"}]', 'a chat prompt by ours');
SELECT is(gaiops_format_messages('prompts:/Chat_Prompt/2', '{"style": "kind", "question": "Q"}')::jsonb,
	'[{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Q"}]', 'with Jinja2 in one message');
SELECT is(gaiops_format_prompt('prompts:/Jinja.Prompt/2', '{"vip": true, "late": false}'), 'Welcome back.', 'Jinja2');
-- What differs on purpose, as the report says.
SELECT is(gaiops_format_prompt('prompts:/Jinja.Prompt/1', '{"name": "A", "items": ["a"]}'), E'Dear A, 1. A\n', 'line breaks stand as written');
SELECT matches(pg_temp.raised($$ SELECT gaiops_format_prompt('prompts:/Jinja.Prompt/1', '{"items": []}') $$), '^LM014\n.*"name"', 'a missing variable is an error');
SELECT is(gaiops_format_prompt('prompts:/text-prompt/13', '{"x": null, "y": {"z": true}}'), 'null true', 'values come out as JSON, and a dot looks into an object');
SELECT is(gaiops_format_messages('prompts:/Chat_Prompt/4', '{"question": "Q"}')::jsonb #>> '{0,name}', 'ann', 'a message is sent whole');
SELECT is(gaiops_format_messages('prompts:/Chat_Prompt/5', '{"question": "Q"}')::jsonb, '[{"role": "user", "content": [{"type": "text", "text": "Look: Q"}]}]', 'the parts of a content are templates');
SELECT matches(pg_temp.raised($$ SELECT gaiops_format_prompt('prompts:/text-prompt/2') $$), '^LM014\n.*"x"', 'so it is by MLflow''s rules');
SELECT matches(pg_temp.raised($$ SELECT gaiops_format_prompt('prompts:/text-prompt/11', '{"x": 1}') $$), '^LM014\n.*"none", "true"', 'and all are named');
SELECT is(gaiops_format_prompt('prompts:/text-prompt/11', '{"x": 1}', allow_partial => true), '{{ none }} and {{ true }} and 1', 'unless a partial text will do');
-- Jinja2 that is not in the grammar is not sent as it stands.
SELECT is(pg_temp.raised(format('SELECT gaiops_format_messages(%L)', format('prompts:/%s/%s', name, version))) LIKE '0A000%', action = 'imported, not rendered',
	format('%s %s is %s', name, version, action)) FROM report WHERE action LIKE 'imported%' ORDER BY row;
SELECT matches(pg_temp.raised($$ SELECT gaiops_format_prompt('prompts:/Jinja.Prompt@production', '{"name": "A"}') $$), '^0A000\n.*Jinja2', 'Jinja2 that is not in the grammar is not rendered');
SELECT matches(pg_temp.raised($$ SELECT gaiops_format_messages('prompts:/Chat_Prompt/6', '{"question": "Q"}') $$), '^0A000\n.*Jinja2', 'nor is it in one message');

-- A second time.
CREATE TEMP TABLE before AS SELECT to_jsonb(v) AS row FROM gaiops.prompt_versions AS v UNION ALL SELECT to_jsonb(p) FROM gaiops.prompts AS p
	UNION ALL SELECT to_jsonb(h) FROM gaiops.prompt_alias_history AS h;
SELECT results_eq(
	$$ SELECT name, version, action, detail FROM gaiops_import_mlflow_prompts('mlflow') $$,
	$$ SELECT name, version, CASE WHEN length(name) = 256 THEN action ELSE 'skipped' END,
		CASE WHEN length(name) = 256 THEN detail ELSE 'A prompt of this name is here already.' END FROM report ORDER BY row $$,
	'what is here is left alone');
SELECT bag_eq($$ SELECT to_jsonb(v) FROM gaiops.prompt_versions AS v UNION ALL SELECT to_jsonb(p) FROM gaiops.prompts AS p
	UNION ALL SELECT to_jsonb(h) FROM gaiops.prompt_alias_history AS h $$, 'TABLE before', 'and nothing changed');

-- Another layout: no workspaces, as before MLflow 3.10; views, under an odd name; and rows
-- that MLflow does not write, or that clash with what is here.
CREATE SCHEMA "old ""MLflow"" %s";
SET LOCAL search_path = "old ""MLflow"" %s";
CREATE TABLE versions (name varchar(256), version integer, creation_time bigint, user_id varchar(256), description varchar(5000), current_stage varchar(20));
CREATE TABLE version_tags (name varchar(256), version integer, key varchar(250), value text);
CREATE TABLE tags (name varchar(256), key varchar(250), value varchar(5000));
CREATE TABLE registered_model_aliases (name varchar(256), alias varchar(256), version integer);
CREATE VIEW model_versions AS SELECT name, version, creation_time, user_id, description, current_stage FROM versions;
CREATE VIEW model_version_tags AS SELECT name, version, key, value FROM version_tags;
CREATE VIEW registered_model_tags AS SELECT name, key, value FROM tags;
-- The first MLflow with prompts, 2.21, did not write the type of a prompt.
INSERT INTO versions SELECT n, 1, NULL, NULL, NULL, 'None' FROM unnest(ARRAY['plain', 'bad-json', 'no-array', 'bad-format', 'odd-format', 'no-text', 'drawn', 'here', 'gone', 'tags', 'nobody', 'model', 'split']) AS n;
INSERT INTO versions VALUES ('drawn', 2, 1700000000123, NULL, 'second', 'None'), ('tags', 2, 0, repeat('ä', 40), '', NULL), ('no-text', 2, 1700000000123456, NULL, NULL, 'None');
INSERT INTO version_tags SELECT name, version, 'mlflow.prompt.text', 'Say {{x}}.' FROM versions WHERE name NOT IN ('no-text', 'bad-json', 'no-array', 'split');
INSERT INTO version_tags VALUES ('no-text', 2, 'mlflow.prompt.text', 'Say {{x}}.');
INSERT INTO version_tags SELECT n, 1, '_mlflow_prompt_type', 'chat' FROM unnest(ARRAY['bad-json', 'no-array', 'split']) AS n;
INSERT INTO version_tags VALUES ('bad-json', 1, 'mlflow.prompt.text', '[{"role"'), ('no-array', 1, 'mlflow.prompt.text', '{"role": "user"}'),
	('split', 1, 'mlflow.prompt.text', '[{"role": "user", "content": "{% {{x}}"}, {"role": "user", "content": "%}"}]'),
	('bad-format', 1, '_mlflow_prompt_response_format', '{"maximum": NaN}'), ('odd-format', 1, '_mlflow_prompt_response_format', '{"type": "json"}'), ('tags', 1, 'empty', NULL), ('tags', 1, repeat('k', 250), repeat('v', 5000)), ('tags', 1, 'mlflow.x', 'y'), ('tags', 1, 'mlflowx', 'y');
INSERT INTO tags SELECT DISTINCT name, 'mlflow.prompt.is_prompt', CASE name WHEN 'nobody' THEN 'false' ELSE 'true' END FROM versions WHERE name <> 'model';
INSERT INTO tags VALUES ('bare', 'mlflow.prompt.is_prompt', 'True'), ('bare', 'team', 'x'), ('tags', 'long', repeat('v', 5000)), ('tags', 'team', 'x'), ('bad-json', 'team', 'x');
INSERT INTO registered_model_aliases VALUES ('tags', 'orphan', 7), ('tags', 'a', 1), ('tags', 'latest', 1), ('bad-json', 'a', 1);
RESET search_path;
SELECT gaiops_register_prompt('here', 'Mine.'), gaiops_register_prompt('gone', 'Mine.'), gaiops_delete_prompt('gone') \g /dev/null
SAVEPOINT taken_back;
SELECT gaiops_register_prompt('drawn', 'Mine.') AS number \gset
ROLLBACK TO taken_back;
CREATE TEMP TABLE second_report AS SELECT row_number() OVER () AS row, r.* FROM gaiops_import_mlflow_prompts('old "MLflow" %s') AS r;
SELECT results_eq($$ SELECT name, version, action FROM second_report ORDER BY row $$,
	$$ VALUES ('bad-format', 1, 'refused'), ('bad-json', 1, 'refused'), ('bare', NULL, 'skipped'), ('drawn', 1, 'refused'), ('drawn', 2, 'imported'), ('gone', 1, 'skipped'),
		('here', 1, 'skipped'), ('no-array', 1, 'refused'), ('no-text', 1, 'refused'), ('no-text', 2, 'imported'), ('odd-format', 1, 'imported'), ('plain', 1, 'imported'),
		('split', 1, 'imported as MLflow template'), ('tags', 1, 'imported'), ('tags', 2, 'imported'), ('tags', 7, 'refused'), ('tags', NULL, 'refused') $$, 'what is wrong with one does not stop the others');
SELECT matches(r.detail, e.detail, format('what is said about %s %s', e.name, e.version)) FROM (VALUES
	('bad-format', 1, '^It cannot be stored: invalid input syntax for type json\. .*NaN.*\.$'),
	('bad-json', 1, '^It cannot be stored: invalid input syntax for type json\. .*\.$'),
	('odd-format', 1, '^Its response_format is left out\. Its "type" must be text, json_object or json_schema; .*\.$'),
	('no-array', 1, '^It cannot be stored: argument "messages" must be a JSON array of messages\. It is of type object\.$'),
	('bare', NULL, '^It has no version\.$'),
	('drawn', 1, '^Its number was drawn here by a registration that was rolled back, and is not given twice\.$'),
	('gone', 1, '^A prompt of this name was deleted here, and its numbers stay taken\.$'),
	('here', 1, '^A prompt of this name is here already\.$'),
	('no-text', 1, '^It has no template in MLflow\.$'),
	('tags', 1, '^Aliases: a\. Alias "latest" is left out: .*\. Tag "k{250}" is left out: .* too long\. .*\.$'),
	('tags', 7, '^It has no template in MLflow\.$'),
	('tags', NULL, '^Tag "long" is left out: .*\.$')) AS e (name, version, detail)
JOIN second_report AS r ON r.name = e.name AND r.version IS NOT DISTINCT FROM e.version;
SELECT results_eq($$ SELECT name COLLATE "default", version, kind, template, commit_message, created_at, created_by::text FROM gaiops.prompt_versions WHERE name IN ('plain', 'drawn', 'here', 'no-text', 'tags') ORDER BY name, version $$,
	$$ VALUES ('drawn', 2, 'text', 'Say {{x}}.', 'second', timestamptz '2023-11-14 22:13:20.123+00', current_user::text COLLATE "default"),
		('here', 1, 'text', 'Mine.', NULL, now(), current_user), ('no-text', 2, 'text', 'Say {{x}}.', NULL, now(), current_user), ('plain', 1, 'text', 'Say {{x}}.', NULL, now(), current_user),
		('tags', 1, 'text', 'Say {{x}}.', NULL, now(), current_user), ('tags', 2, 'text', 'Say {{x}}.', NULL, 'epoch', repeat('ä', 31)) $$,
	'the older layout; a time or an author that MLflow does not know is that of the import');
SELECT results_eq($$ SELECT version, key COLLATE "default", value FROM gaiops.prompt_version_tags WHERE name = 'tags' UNION ALL SELECT NULL, key, value FROM gaiops.prompt_tags WHERE name IN ('tags', 'bad-json', 'bare') ORDER BY 1, 2 $$,
	$$ VALUES (1, 'empty', ''), (1, 'mlflowx', 'y'), (NULL, 'team', 'x') $$, 'tags of what was imported, as far as they fit');
SELECT is((SELECT alias COLLATE "default" FROM gaiops.prompt_aliases WHERE name = 'tags'), 'a', 'aliases as well');
SELECT is(gaiops_format_messages('prompts:/split', '{"x": "v"}')::jsonb, '[{"role": "user", "content": "{% v"}, {"role": "user", "content": "%}"}]', 'it takes one message with both {% and %} to make Jinja2');

-- Workspaces: two prompts of one name.
INSERT INTO mlflow.registered_models (name, workspace) VALUES ('twice', 'zoo'), ('twice', 'art'), ('twice', 'default');
INSERT INTO mlflow.registered_model_tags (name, key, value, workspace) SELECT 'twice', 'mlflow.prompt.is_prompt', 'true', w FROM unnest(ARRAY['zoo', 'art', 'default']) AS w;
INSERT INTO mlflow.model_versions (name, version, current_stage, workspace) SELECT 'twice', 1, 'None', w FROM unnest(ARRAY['zoo', 'art', 'default']) AS w;
INSERT INTO mlflow.model_version_tags (name, version, key, value, workspace) SELECT 'twice', 1, 'mlflow.prompt.text', w, w FROM unnest(ARRAY['zoo', 'art', 'default']) AS w;
SELECT results_eq($$ SELECT version, action, detail FROM gaiops_import_mlflow_prompts('mlflow') WHERE name = 'twice' $$,
	$$ VALUES (1, 'imported', NULL), (1, 'skipped', 'A prompt of this name is here already. It is of the workspace "art".'),
		(1, 'skipped', 'A prompt of this name is here already. It is of the workspace "zoo".') $$, 'that of the default workspace comes first');
SELECT is((SELECT template FROM gaiops.prompt_versions WHERE name = 'twice'), 'default', 'and is the one that was taken');

-- Rights.
CREATE ROLE gaiops_test_user;
CREATE ROLE gaiops_test_admin;
SELECT gaiops_grant('gaiops_test_user', 'user'), gaiops_grant('gaiops_test_admin', 'admin') \g /dev/null
GRANT USAGE ON SCHEMA mlflow TO gaiops_test_user;
GRANT SELECT ON ALL TABLES IN SCHEMA mlflow TO gaiops_test_user;
CREATE SCHEMA theirs AUTHORIZATION gaiops_test_admin;
SET ROLE gaiops_test_user;
SELECT matches(pg_temp.raised($$ SELECT gaiops_import_mlflow_prompts('mlflow') $$), E'^42501\npermission denied for function gaiops_import_mlflow_prompts\n', 'a user does not import');
SET ROLE gaiops_test_admin;
SELECT is(pg_temp.raised($$ SELECT gaiops_import_mlflow_prompts('mlflow') $$), E'42501\npermission denied for schema mlflow', 'an admin reads what he may read');
RESET ROLE;
GRANT USAGE ON SCHEMA mlflow TO gaiops_test_admin;
GRANT SELECT ON mlflow.registered_model_tags, mlflow.registered_model_aliases, mlflow.model_versions TO gaiops_test_admin;
SET ROLE gaiops_test_admin;
SELECT is(pg_temp.raised($$ SELECT gaiops_import_mlflow_prompts('mlflow') $$), E'42501\npermission denied for table model_version_tags', 'and all of it');
RESET ROLE;
GRANT SELECT ON mlflow.model_version_tags TO gaiops_test_admin;
SET ROLE gaiops_test_admin;
SELECT is((SELECT count(*) FROM gaiops_import_mlflow_prompts('mlflow') WHERE action = 'skipped'), 36::bigint, 'an admin who may read the tables imports');
-- What a view there runs, it runs as the caller.
CREATE FUNCTION theirs.who() RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT current_user::text $$;
CREATE VIEW theirs.registered_model_tags AS SELECT 'mine' AS name, 'mlflow.prompt.is_prompt' AS key, 'true' AS value;
CREATE VIEW theirs.registered_model_aliases AS SELECT 'mine' AS name, 'production' AS alias, 1 AS version;
CREATE VIEW theirs.model_versions AS SELECT 'mine' AS name, 1 AS version, 0 AS creation_time, NULL AS user_id, NULL AS description, 'None' AS current_stage;
CREATE VIEW theirs.model_version_tags AS SELECT 'mine' AS name, 1 AS version, 'mlflow.prompt.text' AS key, theirs.who() AS value;
SELECT row_eq($$ SELECT * FROM gaiops_import_mlflow_prompts('theirs') $$, ROW('mine'::text, 1, 'imported'::text, 'Aliases: production.'::text), 'an admin imports what is his own');
RESET ROLE;
SELECT row_eq($$ SELECT template, created_by::text COLLATE "default" FROM gaiops.prompt_versions WHERE name = 'mine' $$, ROW('gaiops_test_admin'::text, 'gaiops_test_admin'::text), 'as himself');

SELECT * FROM finish();
ROLLBACK;
