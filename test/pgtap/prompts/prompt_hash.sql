-- The hash of a version: of which text it is, and that every part counts.
\set QUIET on
SET client_min_messages = warning;
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();

-- What the C function must come to.
CREATE FUNCTION pg_temp.expected(kind text, template text, messages jsonb, response_format jsonb, model_config jsonb, syntax text, includes jsonb)
RETURNS text LANGUAGE sql AS $$
	SELECT encode(sha256(convert_to(jsonb_build_array(kind, template, messages, response_format, model_config, syntax, includes)::text, 'UTF8')), 'hex')
$$;

SELECT is(gaiops.prompt_hash('text', '', NULL, NULL, NULL, 'gaiops', '[]'),
	encode(sha256('["text", "", null, null, null, "gaiops", []]'), 'hex'), 'it is the SHA-256 of a JSON array');

CREATE TEMP TABLE cases (kind text, template text, messages jsonb, response_format jsonb, model_config jsonb, syntax text, includes jsonb);
INSERT INTO cases VALUES
	('text', 'Hello {{ name }}.', NULL, NULL, NULL, 'gaiops', '[]'),
	('text', E'"quoted" \\ and / and\ttab\nline\r\b\f\u0001\u001f\u007f', NULL, NULL, NULL, 'gaiops', '[]'),
	('text', 'Grüße, 中文, 🙂', NULL, NULL, NULL, 'mlflow', '[]'),
	('text', repeat('long ', 200000), NULL, NULL, NULL, 'gaiops', '[]'),
	('chat', NULL, '[{"role": "system", "content": "a \"b\" \u00e9"}, {"type": "placeholder", "name": "history"}]', '{"type": "json_object"}',
		'{"temperature": 0.50, "stop_sequences": ["x", ""], "extra_params": {"seed": 1e3, "none": null, "yes": true, "empty": {}, "list": []}}', 'gaiops', '[]'),
	('text', 't', NULL, '{}', '"scalar"', 'gaiops', '[{"name": "Tone", "version": 12}, {"name": "A.b-c_d", "alias": "production", "follow": true}]'),
	(NULL, NULL, NULL, NULL, NULL, NULL, NULL);
SELECT is(gaiops.prompt_hash(c.kind, c.template, c.messages, c.response_format, c.model_config, c.syntax, c.includes),
	pg_temp.expected(c.kind, c.template, c.messages, c.response_format, c.model_config, c.syntax, c.includes),
	'as jsonb prints it: ' || left(c::text, 60))
FROM cases AS c;

-- What is stored is of what is stored, whatever a version is made of.
SELECT gaiops_register_prompt('Tone', 'Be {{ mood }}.'), gaiops_set_prompt_alias('Tone', 'production', 1),
	gaiops_register_prompt('Plain', E'"x"\n\t{{ y }}'),
	gaiops_register_prompt('Chat', '[{"role": "user", "content": [{"type": "text", "text": "{{ q }}"}]}]'::jsonb,
		response_format => '{"type": "json_object"}', model_config => '{"temperature": 0.10}'),
	gaiops_register_prompt('Including', '{{> prompts:/Tone/1 }}{{> Tone }}{{> prompts:/Tone@production }}{{> prompts:/Tone@production follow }}') \g /dev/null
SELECT is(v.content_hash, pg_temp.expected(v.kind, v.template, v.messages::jsonb, v.response_format::jsonb, v.model_config::jsonb, v.syntax, (
		SELECT coalesce(jsonb_agg(CASE i.follow WHEN true
			THEN jsonb_build_object('name', i.included_name, 'alias', i.alias, 'follow', true)
			ELSE jsonb_build_object('name', i.included_name, 'version', i.included_version) END ORDER BY i.position), '[]')
		FROM gaiops.prompt_includes AS i WHERE i.name = v.name AND i.version = v.version)), 'stored with ' || v.name)
FROM gaiops.prompt_versions AS v;
SELECT is((gaiops_load_prompt(v.name)).content_hash, v.content_hash, 'and found again: ' || v.name) FROM gaiops.prompt_versions AS v;

-- Whatever is changed is found out, by a session too that has loaded it before.
SET LOCAL session_replication_role = replica;
ALTER TABLE gaiops.prompt_contents DISABLE TRIGGER refuse_change;
ALTER TABLE gaiops.prompt_includes DISABLE TRIGGER refuse_change;
CREATE FUNCTION pg_temp.state_after(change text, load text, uri text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE change;
	EXECUTE format('SELECT %I($1)', load) USING uri;
	RAISE EXCEPTION USING ERRCODE = '00001', MESSAGE = 'loaded';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE;
END
$$;
SELECT is(pg_temp.state_after('SELECT 1', f.load, p.name), '00001', format('%s of %s, unchanged', f.load, p.name))
FROM unnest('{gaiops_load_prompt,gaiops_prompt_variables}'::text[]) AS f (load), gaiops.prompts AS p;
SELECT is(pg_temp.state_after('UPDATE gaiops.' || c.change, f.load, c.uri), 'XX001', format('%s of %s after %s', f.load, c.uri, c.change))
FROM unnest('{gaiops_load_prompt,gaiops_prompt_variables}'::text[]) AS f (load), (VALUES
	('prompt_contents SET template = template || '' ''', 'Plain'),
	('prompt_contents SET messages = jsonb_set(messages::jsonb, ''{0,role}'', ''"system"'')', 'Chat'),
	('prompt_contents SET response_format = NULL', 'Chat'),
	('prompt_contents SET model_config = ''{"temperature": 0.1}''', 'Chat'),
	('prompt_contents SET syntax = ''mlflow''', 'Plain'),
	('prompt_contents SET content_hash = repeat(''0'', 64)', 'Plain'),
	('prompt_includes SET included_version = 2 WHERE included_version = 1', 'Including'),
	('prompt_includes SET included_name = ''Plain''', 'Including'),
	('prompt_includes SET alias = ''other'' WHERE follow', 'Including'),
	('prompt_includes SET position = 9 WHERE position = 1', 'Including')) AS c (change, uri);

SELECT * FROM finish();
ROLLBACK;
