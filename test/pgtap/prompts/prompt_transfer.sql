-- Exporting and importing prompts: what a document has, what an import adds and
-- what it leaves, refuses and calls malformed.  Between two databases it is tried
-- in test/t/064_prompt_transfer.pl.  Everything is rolled back.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET timezone = 'UTC';
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT plan(141);

CREATE FUNCTION pg_temp.raised(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	detail text;
BEGIN
	EXECUTE statement;
	RETURN 'nothing';
EXCEPTION WHEN others THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(E'\n', SQLSTATE, SQLERRM, nullif(detail, ''));
END
$$;
-- Documents by hand; times and roles are the same everywhere.
CREATE FUNCTION pg_temp.at() RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT '2026-01-31T12:00:00+00:00' $$;
CREATE FUNCTION pg_temp.version(version integer, template text, includes jsonb DEFAULT '[]', more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('version', version, 'kind', 'text', 'template', template, 'syntax', 'gaiops', 'includes', includes,
		'content_hash', gaiops.prompt_hash('text', template, NULL, NULL, NULL, 'gaiops', gaiops.hashed_prompt_includes(includes)),
		'created_at', pg_temp.at(), 'created_by', 'author', 'tags', '[]'::jsonb) || more
$$;
CREATE FUNCTION pg_temp.tag(key text, value text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_array(jsonb_build_object('key', key, 'value', value, 'updated_at', pg_temp.at(), 'updated_by', 'tagger')) $$;
CREATE FUNCTION pg_temp.alias(alias text, version integer) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_array(jsonb_build_object('alias', alias, 'version', version, 'updated_at', pg_temp.at(), 'updated_by', 'mover')) $$;
CREATE FUNCTION pg_temp.move(alias text, from_version integer, to_version integer, undoes integer DEFAULT NULL, reason text DEFAULT NULL) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_array(jsonb_strip_nulls(jsonb_build_object('alias', alias, 'from_version', from_version, 'to_version', to_version,
		'undoes', undoes, 'reason', reason, 'moved_at', pg_temp.at(), 'moved_by', 'mover'))) $$;
CREATE FUNCTION pg_temp.protection(alias text, VARIADIC roles text[]) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_array(jsonb_build_object('alias', alias, 'roles', roles, 'protected_at', pg_temp.at(), 'protected_by', 'owner')) $$;
CREATE FUNCTION pg_temp.prompt(name text, versions jsonb, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('name', name, 'versions', versions, 'highest_number', coalesce((SELECT max((v -> 'version')::integer) FROM jsonb_array_elements(versions) AS v), 1),
		'tags', '[]'::jsonb, 'aliases', '[]'::jsonb, 'alias_history', '[]'::jsonb, 'protected_aliases', '[]'::jsonb) || more $$;
CREATE FUNCTION pg_temp.document(VARIADIC prompts jsonb[]) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('format', 'gaiops-prompts', 'format_version', 1, 'exported_at', pg_temp.at(), 'prompts', to_jsonb(prompts)) $$;
CREATE FUNCTION pg_temp.imported(document jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', i.name, i.action || coalesce(': ' || i.detail, '')), E'\n' ORDER BY i.n)
	FROM gaiops_import_prompts(document) WITH ORDINALITY AS i (name, action, detail, n) $$;
-- A document as it is once it has been imported and exported again.
CREATE FUNCTION pg_temp.exported(VARIADIC names text[]) RETURNS jsonb LANGUAGE sql AS $$ SELECT gaiops_export_prompts(names)::jsonb -> 'prompts' $$;

-- Export -----------------------------------------------------------------------

SELECT gaiops_register_prompt('Tone', 'Be polite.', commit_message => 'first', tags => '{"b": "2", "a": "1"}') AS made \gset
SELECT gaiops_register_prompt('Tone', 'Be very polite.') AS made \gset
SELECT gaiops_register_prompt('Greet', '{{> prompts:/Tone/1 }}{{> prompts:/Tone }} Hi.') AS made \gset
SELECT gaiops_set_prompt_alias('Tone', 'production', 1, 'go') AS made \gset
SELECT gaiops_set_prompt_alias('Tone', 'production', 2) AS made \gset
SELECT gaiops_set_prompt_alias('Tone', 'canary', 2) AS made \gset
SELECT gaiops_rollback_prompt_alias('Tone', 'production', 'bad') AS made \gset
SELECT gaiops_delete_prompt_alias('Tone', 'canary') AS made \gset
SELECT gaiops_register_prompt('Greet', '{{> prompts:/Tone@production follow }} Hi.') AS made \gset
SELECT gaiops_delete_prompt_version('Greet', 1) AS made \gset
SELECT gaiops_register_prompt('chat', '[{"role": "user", "content": "{{ q }}", "name": null}, {"type": "placeholder", "name": "history"}]'::jsonb,
	response_format => '{"type": "json_object", "note": null}', model_config => '{"temperature": 0.5}') AS made \gset
SELECT gaiops_set_prompt_tag('Tone', 'team', 'x') \g /dev/null
SELECT gaiops_protect_prompt_alias('Tone', 'production', ARRAY[current_user::text]) AS made \gset

SELECT is(gaiops_export_prompts()::jsonb - 'prompts' - 'exported_at', '{"format": "gaiops-prompts", "format_version": 1}', 'a document says what it is');
SELECT is((gaiops_export_prompts() ->> 'exported_at')::timestamptz, now(), 'and when it was made');
SELECT is(jsonb_path_query_array(gaiops_export_prompts()::jsonb, '$.prompts[*].name'), '["Greet", "Tone", "chat"]', 'it has all prompts, by name');
SELECT is(pg_temp.exported('chat', 'Tone', 'chat'), (gaiops_export_prompts()::jsonb -> 'prompts') - 0, 'or those that were asked for');
SELECT is(pg_temp.exported('Tone') #> '{0,versions}', jsonb_build_array(
	pg_temp.version(1, 'Be polite.', more => '{"commit_message": "first"}') || jsonb_build_object('created_at', now(), 'created_by', current_user, 'tags', jsonb_build_array(
		jsonb_build_object('key', 'a', 'value', '1', 'updated_at', now(), 'updated_by', current_user),
		jsonb_build_object('key', 'b', 'value', '2', 'updated_at', now(), 'updated_by', current_user))),
	pg_temp.version(2, 'Be very polite.') || jsonb_build_object('created_at', now(), 'created_by', current_user)), 'versions with their tags');
SELECT is((SELECT jsonb_agg(m - 'moved_at' - 'moved_by') FROM jsonb_array_elements(pg_temp.exported('Tone') #> '{0,alias_history}') AS m),
	(SELECT jsonb_agg(m - 'moved_at' - 'moved_by') FROM jsonb_array_elements(pg_temp.move('production', NULL, 1, NULL, 'go') || pg_temp.move('production', 1, 2)
		|| pg_temp.move('canary', NULL, 2) || pg_temp.move('production', 2, 1, 2, 'bad') || pg_temp.move('canary', 2, NULL)) AS m),
	'the moves of aliases as they happened, and what they took back');
SELECT is((pg_temp.exported('Tone') -> 0) - 'versions' - 'alias_history', jsonb_build_object('name', 'Tone', 'highest_number', 2,
	'tags', jsonb_build_array(jsonb_build_object('key', 'team', 'value', 'x', 'updated_at', now(), 'updated_by', current_user)),
	'aliases', jsonb_build_array(jsonb_build_object('alias', 'production', 'version', 1, 'updated_at', now(), 'updated_by', current_user)),
	'protected_aliases', jsonb_build_array(jsonb_build_object('alias', 'production', 'roles', jsonb_build_array(current_user), 'protected_at', now(), 'protected_by', current_user))),
	'tags, aliases, their protection, and the highest number');
SELECT is(pg_temp.exported('Greet') #> '{0,versions,0,includes}', '[{"name": "Tone", "version": 1, "follow": false}, {"name": "Tone", "version": 2, "follow": false}]', 'includes as they were resolved');
SELECT is(pg_temp.exported('Greet') #> '{0,versions,1,includes}', '[{"name": "Tone", "alias": "production", "follow": true}]', 'or the alias that is followed');
SELECT is(pg_temp.exported('Greet') #> '{0,versions,0,deleted_by}', to_jsonb(current_user), 'deleted versions, and who deleted them');
SELECT is(pg_temp.exported('chat') #> '{0,versions,0,messages}', '[{"role": "user", "content": "{{ q }}", "name": null}, {"type": "placeholder", "name": "history"}]', 'messages as they were given');
SELECT is(pg_temp.exported('chat') #> '{0,versions,0,response_format}', '{"type": "json_object", "note": null}', 'nulls in them stay');
SELECT is(pg_temp.exported('chat') #> '{0,versions,0}' ? 'template', false, 'what is not there is left out');
SELECT is(pg_temp.exported(VARIADIC '{}'), '[]', 'none if none is named');
SELECT matches(pg_temp.raised($$ SELECT gaiops_export_prompts('{Tone,nobody}') $$), '^LM012\nprompt "nobody" does not exist', 'a name that names nothing');
SELECT is(pg_temp.raised($$ SELECT gaiops_export_prompts('{Tone,NULL}') $$), E'22004\nargument "names" must not contain nulls', 'no name');
SAVEPOINT large;
INSERT INTO gaiops.prompt_contents (name, version, kind, template, syntax, variables, content_hash, created_at, created_by, words)
	SELECT n, 1000 + i, 'text', repeat('x', 1048576), 'gaiops', '{}', 'h', now(), current_user, '' FROM unnest('{Greet,Tone}'::text[]) AS n, generate_series(1, 129) AS i;
SELECT matches(pg_temp.raised('SELECT gaiops_export_prompts()'),
	'^54000\nprompts are too large for one document\nThey have about 270\d{6} bytes, "(Greet|Tone)" alone 135\d{6}, and a document can have 268435456\.', 'more than one document can have');
INSERT INTO gaiops.prompt_alias_history (name, alias, to_version, reason, moved_at, moved_by, outer_role)
	SELECT 'Greet', 'large', 1, repeat('y', 10000), now(), current_user, current_user FROM generate_series(1, 14000);
SELECT matches(pg_temp.raised($$ SELECT gaiops_export_prompts('{Greet,chat}') $$), '^54000\n.*\n.*, "Greet" alone 27\d{7}, ', 'of one prompt');
SELECT lives_ok($$ SELECT gaiops_export_prompts('{chat}') $$, 'does not keep others from being exported');
ROLLBACK TO large;
CREATE TEMP TABLE document AS SELECT gaiops_export_prompts()::jsonb AS d;
SET LOCAL timezone = 'Asia/Kolkata';
SELECT is(gaiops_export_prompts()::jsonb, d, 'it is the same in every time zone') FROM document;
SET LOCAL timezone = 'UTC';

-- Nothing to do ----------------------------------------------------------------

SELECT is(pg_temp.imported(d), E'Greet unchanged\nTone unchanged\nchat unchanged', 'what is here already is left alone') FROM document;
SELECT is(gaiops_export_prompts()::jsonb - 'exported_at', d - 'exported_at', 'and nothing changes') FROM document;
SELECT is(pg_temp.imported(pg_temp.document(VARIADIC '{}')), NULL, 'a document of no prompts');

-- New prompts --------------------------------------------------------------------

CREATE TEMP TABLE made AS SELECT pg_temp.document(
	pg_temp.prompt('New', jsonb_build_array(
		pg_temp.version(2, 'Second {{ a.b }}.', more => '{"commit_message": "two"}') || jsonb_build_object('tags', pg_temp.tag('k', 'v')),
		pg_temp.version(3, '{{> prompts:/Base/1 }}{{> prompts:/Base@live follow }}{{> prompts:/New@latest }}', '[{"name": "Base", "version": 1, "follow": false},
			{"name": "Base", "alias": "live", "follow": true}, {"name": "New", "version": 2, "follow": false}]'),
		pg_temp.version(5, 'Gone.', more => jsonb_build_object('deleted_at', pg_temp.at(), 'deleted_by', 'deleter'))),
		jsonb_build_object('highest_number', 7, 'tags', pg_temp.tag('team', 'x'), 'aliases', pg_temp.alias('live', 2),
			'protected_aliases', pg_temp.protection('later', 'c') || pg_temp.protection('live', 'a', 'b'),
			'alias_history', pg_temp.move('live', NULL, 5) || pg_temp.move('old', NULL, 3) || pg_temp.move('live', 5, 2, 1) || pg_temp.move('old', 3, NULL, 2, 'why'))),
	pg_temp.prompt('Base', jsonb_build_array(pg_temp.version(1, 'Base.'), pg_temp.version(2, 'Other.')),
		jsonb_build_object('aliases', pg_temp.alias('live', 2), 'alias_history', pg_temp.move('live', NULL, 2))),
	pg_temp.prompt('Numbers', '[]', '{"highest_number": 4}'),
	pg_temp.prompt('m', jsonb_build_array(jsonb_build_object('version', 1, 'kind', 'chat', 'syntax', 'mlflow', 'includes', '[]'::jsonb, 'tags', '[]'::jsonb,
		'messages', '[{"role": "user", "content": "{{ a }} {{!"}]'::jsonb, 'created_at', pg_temp.at(), 'created_by', 'mlflow',
		'content_hash', gaiops.prompt_hash('chat', NULL, '[{"role": "user", "content": "{{ a }} {{!"}]', NULL, NULL, 'mlflow', '[]'))))) AS d;
SELECT is(pg_temp.imported(d), E'Base imported: Added: 2 versions, 1 alias.\nNew imported: Added: 3 versions, 1 tag, 2 aliases, 2 protected aliases.\n'
	|| E'Numbers imported: Added: numbers up to 4.\nm imported: Added: 1 version.', 'prompts that are not known here') FROM made;
SELECT is(pg_temp.exported(p ->> 'name'), jsonb_build_array(p), 'come out as they went in: ' || (p ->> 'name')) FROM made, jsonb_array_elements(d -> 'prompts') AS p;
SELECT is(gaiops_format_prompt('prompts:/New/3', '{"a": {"b": "!"}}'), 'Base.Other.Second !.', 'they can be used');
SELECT is((gaiops_load_prompt('prompts:/New@live')).version, 2, 'by alias, too');
SELECT matches(pg_temp.raised($$ SELECT gaiops_load_prompt('prompts:/New/5') $$), '^LM012', 'deleted ones stay deleted');
SELECT is(h.undoes, u.id, 'what a move took back has its new number') FROM gaiops.prompt_alias_history AS h
	JOIN gaiops.prompt_alias_history AS u ON u.name = h.name AND u.alias = 'live' AND u.from_version IS NULL
	WHERE h.name = 'New' AND h.alias = 'live' AND h.undoes IS NOT NULL;
SELECT is(gaiops_register_prompt('New', 'Next.'), 8, 'numbers go on after those that were drawn there');
SELECT is(gaiops_register_prompt('Numbers', 'Next.'), 5, 'where no version was kept, too');
SELECT is(pg_temp.imported(d), E'Base unchanged\nNew unchanged\nNumbers unchanged\nm unchanged', 'another time nothing is left to do') FROM made;
SELECT is(name, 'New', 'they are found by their words') FROM gaiops_search_prompts('second');

-- Prompts known here -------------------------------------------------------------

CREATE FUNCTION pg_temp.known(name text) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.imported(pg_temp.document(pg_temp.prompt(name, jsonb_build_array(pg_temp.version(1, 'One.'), pg_temp.version(2, 'Two.')),
		jsonb_build_object('tags', pg_temp.tag('team', 'here'), 'aliases', pg_temp.alias('production', 1) || pg_temp.alias('moved', 1),
			'alias_history', pg_temp.move('production', NULL, 1) || pg_temp.move('moved', NULL, 1)))))
$$;
SELECT is(pg_temp.known('known'), 'known imported: Added: 2 versions, 1 tag, 2 aliases.', 'a prompt that is known from now on');
SELECT gaiops_set_prompt_alias('known', 'moved', 2) AS made \gset
SELECT gaiops_delete_prompt_alias('known', 'production') AS made \gset
SELECT gaiops_set_prompt_version_tag('known', 1, 'k', 'here') AS made \gset
CREATE TEMP TABLE more AS SELECT pg_temp.document(pg_temp.prompt('known', jsonb_build_array(
	pg_temp.version(1, 'One.', more => '{"commit_message": "of no weight"}') || jsonb_build_object('tags', pg_temp.tag('k', 'there') || pg_temp.tag('l', 'there')),
	pg_temp.version(2, 'Two.', more => jsonb_build_object('deleted_at', pg_temp.at(), 'deleted_by', 'deleter')),
	pg_temp.version(4, 'Four.', more => jsonb_build_object('deleted_at', pg_temp.at(), 'deleted_by', 'deleter')),
	pg_temp.version(5, 'Five.')), jsonb_build_object('tags', pg_temp.tag('team', 'there') || pg_temp.tag('more', 'there'),
	'aliases', pg_temp.alias('production', 5) || pg_temp.alias('moved', 1) || pg_temp.alias('fresh', 5),
	'alias_history', pg_temp.move('production', NULL, 1) || pg_temp.move('moved', NULL, 1) || pg_temp.move('production', 1, 5) || pg_temp.move('fresh', NULL, 5),
	'protected_aliases', pg_temp.protection('moved', 'nobody')))) AS d;
SELECT is(pg_temp.imported(d), 'known extended: Added: 2 versions, 2 tags, 1 alias, 1 protected alias. Left as it is here: alias "moved", alias "production", tag "team", '
	|| 'tag "k" of version 1, version 2, which is deleted in the document.', 'what is missing is added, what is here stays') FROM more;
SELECT set_eq($$ SELECT version, commit_message FROM gaiops.prompt_versions WHERE name = 'known' $$, $$ VALUES (1, NULL), (2, NULL), (5, NULL) $$, 'versions');
SELECT is(aliases, '{"moved": 2, "fresh": 5}', 'aliases') FROM gaiops.prompts WHERE name = 'known';
SELECT is(tags, '{"team": "here", "more": "there"}', 'tags') FROM gaiops.prompts WHERE name = 'known';
SELECT is(tags, '{"k": "here", "l": "there"}', 'tags of a version') FROM gaiops.prompt_versions WHERE name = 'known' AND version = 1;
SELECT is(string_agg(format('%s %s', alias, to_version), ', ' ORDER BY id), 'production 1, moved 1, moved 2, production , fresh 5', 'of the history that of the alias which is new')
	FROM gaiops.prompt_alias_history WHERE name = 'known';
SELECT is(pg_temp.imported(d), 'known unchanged: Left as it is here: alias "moved", alias "production", tag "team", tag "k" of version 1, '
	|| 'version 2, which is deleted in the document.', 'another time nothing is added, and what differs is said again') FROM more;
SELECT gaiops_protect_prompt_alias('known', 'later', ARRAY[current_user::text]) AS made \gset
SELECT is(pg_temp.imported(pg_temp.document(pg_temp.prompt('known', jsonb_build_array(pg_temp.version(1, 'One.')), jsonb_build_object(
		'aliases', pg_temp.alias('later', 1), 'alias_history', pg_temp.move('later', NULL, 1), 'protected_aliases', pg_temp.protection('later', 'nobody'))))),
	'known unchanged: Left as it is here: alias "later", protection of alias "later".', 'an alias that is protected here is not made');
SELECT is(pg_temp.imported(pg_temp.document(pg_temp.prompt('known', jsonb_build_array(pg_temp.version(1, 'One.')), '{"highest_number": 9}'))),
	'known extended: Added: numbers up to 9.', 'numbers are taken');
SELECT is(pg_temp.imported(pg_temp.document(pg_temp.prompt('known', jsonb_build_array(pg_temp.version(1, 'One.'), pg_temp.version(8, 'Eight.'))))),
	'known extended: Added: 1 version.', 'one that an import took can come later');
SELECT is(gaiops_register_prompt('known', 'Ten.'), 10, 'and is not drawn again');

-- A prompt that was deleted here
SELECT is(pg_temp.known('hidden'), 'hidden imported: Added: 2 versions, 1 tag, 2 aliases.', 'another prompt');
SELECT gaiops_delete_prompt_alias('hidden', a) FROM unnest('{production,moved}'::text[]) AS a \g /dev/null
SELECT gaiops_delete_prompt('hidden') AS made \gset
SELECT is(pg_temp.known('hidden'), 'hidden unchanged: Left as it is here: alias "moved", alias "production", version 1, which is deleted here, version 2, which is deleted here.',
	'one that was deleted here stays deleted');
SELECT is_empty($$ SELECT FROM gaiops.prompt_tags WHERE name = 'hidden' $$, 'without tags');
SELECT is(pg_temp.imported(pg_temp.document(pg_temp.prompt('hidden', jsonb_build_array(pg_temp.version(1, 'One.')),
		jsonb_build_object('aliases', pg_temp.alias('new', 1), 'alias_history', pg_temp.move('new', NULL, 1))))),
	'hidden conflict: Deleted here, but an alias is to point to it: version 1.', 'no alias is made to a version that is deleted here');

-- Conflicts ----------------------------------------------------------------------

SELECT is(pg_temp.imported(pg_temp.document(pg_temp.prompt('known', jsonb_build_array(pg_temp.version(1, 'Else.'), pg_temp.version(2, 'Two.'), pg_temp.version(5, 'Else.'), pg_temp.version(20, 'New.')),
		jsonb_build_object('tags', pg_temp.tag('never', 'added'))), pg_temp.prompt('fine', jsonb_build_array(pg_temp.version(1, 'Fine.'))))),
	E'fine imported: Added: 1 version.\nknown conflict: Something else here: version 1, 5.', 'versions that differ');
SELECT is_empty($$ SELECT FROM gaiops.prompt_contents WHERE name = 'known' AND version = 20 $$, 'nothing of the prompt is added');
SELECT is_empty($$ SELECT FROM gaiops.prompt_tags WHERE name = 'known' AND key = 'never' $$, 'no tag either');
SELECT is((SELECT max(version) FROM gaiops.prompt_numbers WHERE name = 'known'), 10, 'and no number taken');
SAVEPOINT s;
SELECT gaiops_register_prompt('rolled-back', 'x') AS made \gset
ROLLBACK TO s;
SELECT is(pg_temp.imported(pg_temp.document(pg_temp.prompt('rolled-back', jsonb_build_array(pg_temp.version(1, 'x'))))),
	'rolled-back conflict: Drawn here for something that was not kept: version 1.', 'a number that was drawn here, and rolled back');
SELECT is(pg_temp.imported(pg_temp.document(pg_temp.prompt('rolled-back', jsonb_build_array(pg_temp.version(2, 'x'))))),
	'rolled-back imported: Added: 1 version.', 'unless the document does not use it');

-- What is refused ------------------------------------------------------------------

SELECT is(pg_temp.imported(pg_temp.document(pg_temp.prompt('r', jsonb_build_array(pg_temp.version(1, 'x'), pg_temp.version(2, 'x', more => '{"template": "y"}'))),
		pg_temp.prompt('known', jsonb_build_array(pg_temp.version(1, 'One.', more => '{"template": "y"}'))))),
	E'known refused: The content_hash is not that of the content: version 1.\nr refused: The content_hash is not that of the content: version 2.', 'a hash that does not fit, of a version that is here, too');
SELECT is(pg_temp.imported(pg_temp.document(pg_temp.prompt('r', jsonb_build_array(pg_temp.version(1, 'x', more => '{"model_config": {"temperature": 1}}'))))),
	'r refused: The content_hash is not that of the content: version 1.', 'all that makes up a version is hashed');
SELECT is(pg_temp.imported(pg_temp.document(pg_temp.prompt('r', jsonb_build_array(pg_temp.version(1, 'x'), pg_temp.version(2, 'a {{ b'))), pg_temp.prompt('s', jsonb_build_array(pg_temp.version(1, 'x'))))),
	E'r refused: Version 2: ' || (SELECT replace(substr(pg_temp.raised($$ SELECT gaiops_register_prompt('r', 'a {{ b') $$), 7), E'\n', '. ')) || E'\ns imported: Added: 1 version.', 'a template that registering refuses');
SELECT matches(pg_temp.imported(pg_temp.document(pg_temp.prompt('r', jsonb_build_array(pg_temp.version(1, '{{> prompts:/Tone/1 }}', i))))),
	'^r refused: Version 1: argument "includes" is not what the template includes', 'includes that are not those of the template: ' || i::text)
FROM unnest(ARRAY['[]', '[{"name": "Tone", "version": 2, "follow": false}]', '[{"name": "Greet", "version": 1, "follow": false}]',
	'[{"name": "Tone", "version": 1, "follow": false}, {"name": "Tone", "version": 1, "follow": false}]']::jsonb[]) AS i;

-- Includes: of a/1 here, b/1 in the document, and so on
CREATE FUNCTION pg_temp.including(name text, included text, included_version integer, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT pg_temp.prompt(name, jsonb_build_array(pg_temp.version(1, format('{{> prompts:/%s/%s }}', included, included_version),
		jsonb_build_array(jsonb_build_object('name', included, 'version', included_version, 'follow', false)), more))) $$;
CREATE FUNCTION pg_temp.following(name text, included text, alias text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT pg_temp.prompt(name, jsonb_build_array(pg_temp.version(1, format('{{> prompts:/%s@%s follow }}', included, alias),
		jsonb_build_array(jsonb_build_object('name', included, 'alias', alias, 'follow', true))))) $$;
SELECT is(pg_temp.imported(pg_temp.document(pg_temp.including('i', 'nobody', 1), pg_temp.including('j', 'i', 1), pg_temp.including('k', 'j', 1), pg_temp.including('l', 'Tone', 1))),
	E'i refused: Version 1 includes prompts:/nobody/1, which is neither here nor in the document.\nj refused: Version 1 includes prompts:/i/1, which is not imported.\n'
	|| E'k refused: Version 1 includes prompts:/j/1, which is not imported.\nl imported: Added: 1 version.', 'what is included has to be here or come along, and so on');
SELECT is(pg_temp.imported(pg_temp.document(pg_temp.including('i', 'known', 1), pg_temp.prompt('known', jsonb_build_array(pg_temp.version(1, 'Else.'))))),
	E'i refused: Version 1 includes prompts:/known/1, which says something else here.\nknown conflict: Something else here: version 1.', 'it has to say the same here');
SELECT is(pg_temp.imported(pg_temp.document(pg_temp.including('i', 'hidden', 1))), 'i refused: Version 1 includes prompts:/hidden/1, which is deleted here.', 'not to be deleted here');
SELECT is(pg_temp.imported(pg_temp.document(pg_temp.including('i', 'j', 1), pg_temp.prompt('j', jsonb_build_array(pg_temp.version(1, 'x', more =>
		jsonb_build_object('deleted_at', pg_temp.at(), 'deleted_by', 'd')))))),
	E'i refused: Version 1 includes prompts:/j/1, which is deleted.\nj imported: Added: 1 version.', 'nor there');
SELECT is(pg_temp.imported(pg_temp.document(pg_temp.including('dead', 'nobody', 1, jsonb_build_object('deleted_at', pg_temp.at(), 'deleted_by', 'd')))),
	'dead imported: Added: 1 version.', 'of a version that is deleted itself nothing is asked');
SELECT is(pg_temp.imported(pg_temp.document(pg_temp.following('f', 'Tone', 'production'), pg_temp.following('g', 'Tone', 'nobody'), pg_temp.following('h', 'known', 'production'),
		pg_temp.following('i', 'fresh', 'live'), pg_temp.prompt('fresh', jsonb_build_array(pg_temp.version(1, 'Fresh.')), jsonb_build_object('aliases', pg_temp.alias('live', 1), 'alias_history', pg_temp.move('live', NULL, 1))))),
	E'f imported: Added: 1 version.\nfresh imported: Added: 1 version, 1 alias.\ng refused: Version 1 includes prompts:/Tone@nobody, which is neither here nor imported.\n'
	|| E'h refused: Version 1 includes prompts:/known@production, which is neither here nor imported.\ni imported: Added: 1 version.', 'an alias that is followed has to be here or come along');
SELECT is(gaiops_format_prompt('f') || gaiops_format_prompt('i'), 'Be polite.Fresh.', 'and is followed here');
SELECT is(pg_temp.raised(format('SELECT gaiops_import_prompts(%L)', pg_temp.document(pg_temp.including('x', 'y', 1), pg_temp.including('y', 'x', 1), pg_temp.prompt('z', jsonb_build_array(pg_temp.version(1, 'z')))))),
	E'LM013\nprompt "x" would include itself\n' || 'prompts:/x/1 includes prompts:/y/1 includes prompts:/x/1.', 'a circle refuses the whole import');
SELECT is_empty($$ SELECT FROM gaiops.prompt_contents WHERE name IN ('x', 'y', 'z') $$, 'nothing of it is there');
SELECT matches(pg_temp.raised(format('SELECT gaiops_import_prompts(%L)', pg_temp.document(pg_temp.including('x', 'chat', 1)))), '^LM013\nchat prompt "chat" cannot be included', 'so does a chat prompt that is included');

-- An alias that somebody moved by hand.
SAVEPOINT moved_by_hand;
SELECT gaiops_register_prompt('by-hand', 'x') FROM generate_series(1, 2) \g /dev/null
SELECT gaiops_set_prompt_alias('by-hand', a, 2) FROM unnest('{Production,canary,live}'::text[]) AS a \g /dev/null
UPDATE gaiops.prompt_aliases SET version = 1 WHERE name = 'by-hand' AND alias IN ('Production', 'live');
SELECT is(pg_temp.imported(gaiops_export_prompts('{by-hand,Tone}')::jsonb), E'Tone unchanged\nby-hand refused: Does not fit its history: alias "Production", "live".', 'an export refuses that prompt alone');
ROLLBACK TO moved_by_hand;
SELECT is(pg_temp.imported(pg_temp.document(pg_temp.prompt('unfit', jsonb_build_array(pg_temp.version(1, 'x'), pg_temp.version(2, 'y')), h), pg_temp.including('unfit-too', 'unfit', 1))),
	E'unfit refused: Does not fit its history: alias "a".\nunfit-too refused: Version 1 includes prompts:/unfit/1, which is not imported.', 'an alias that does not fit: ' || h::text)
FROM (VALUES (jsonb_build_object('aliases', pg_temp.alias('a', 1))), (jsonb_build_object('alias_history', pg_temp.move('a', NULL, 1))),
	(jsonb_build_object('aliases', pg_temp.alias('a', 1), 'alias_history', pg_temp.move('a', NULL, 1) || pg_temp.move('a', 1, 2))),
	(jsonb_build_object('aliases', pg_temp.alias('a', 1), 'alias_history', pg_temp.move('a', NULL, 1) || pg_temp.move('a', 1, NULL))),
	(jsonb_build_object('aliases', pg_temp.alias('a', 1), 'alias_history', pg_temp.move('b', NULL, 1) || pg_temp.move('b', 1, NULL)))) AS v (h);
SELECT is(pg_temp.imported(pg_temp.document(pg_temp.prompt('fits', jsonb_build_array(pg_temp.version(1, 'x'), pg_temp.version(2, 'y')),
	jsonb_build_object('aliases', pg_temp.alias('a', 2), 'alias_history', pg_temp.move('a', NULL, 2) || pg_temp.move('b', NULL, 1) || pg_temp.move('a', 2, 1) || pg_temp.move('b', 1, NULL) || pg_temp.move('a', 1, 2))))),
	'fits imported: Added: 2 versions, 2 aliases.', 'aliases that do');

-- Malformed documents ----------------------------------------------------------------

CREATE FUNCTION pg_temp.malformed(document jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT regexp_replace(pg_temp.raised(format('SELECT gaiops_import_prompts(%L)', document)), '^22023\nargument "document" is no document of prompts\n', '') $$;
CREATE TEMP TABLE good AS SELECT pg_temp.document(
	pg_temp.prompt('p', jsonb_build_array(pg_temp.version(1, 'x'), pg_temp.version(2, '{{> prompts:/q/1 }}', '[{"name": "q", "version": 1, "follow": false}]') || jsonb_build_object('tags', pg_temp.tag('k', 'v'))),
		jsonb_build_object('tags', pg_temp.tag('k', 'v'), 'aliases', pg_temp.alias('a', 1), 'alias_history', pg_temp.move('a', NULL, 2) || pg_temp.move('b', NULL, 2) || pg_temp.move('b', 2, NULL) || pg_temp.move('a', 2, 1),
			'protected_aliases', pg_temp.protection('a', 'r'))),
	pg_temp.prompt('q', jsonb_build_array(pg_temp.version(1, 'q')))) AS d;
SAVEPOINT s;
SELECT is(pg_temp.malformed(d), 'nothing', 'the document that is changed below is good as it is') FROM good;
ROLLBACK TO s;
SELECT is(pg_temp.raised('SELECT gaiops_import_prompts(NULL)'), E'22004\nargument "document" must not be null', 'no document');
SELECT is(pg_temp.malformed(m), 'document.format must be "gaiops-prompts".', 'not a document: ' || m::text) FROM unnest('{1,"[]","{}","null","\"x\"","{\"format\": 1}"}'::jsonb[]) AS m;
SELECT is(pg_temp.malformed(d || '{"format_version": 2, "more": 1}'), 'document.format_version must be 1; another one is of another release of genaiops.', 'one of another release') FROM good;
SELECT is(pg_temp.malformed(d - path), detail, format('without %s', path)) FROM good, (VALUES ('format_version', 'document.format_version must be 1; another one is of another release of genaiops.'), ('prompts', 'document has no "prompts".')) AS v (path, detail);
SELECT is(pg_temp.malformed(d #- path::text[]), detail, format('without %s', path)) FROM good, (VALUES
	('{prompts,1,name}', 'prompts[1] has no "name".'), ('{prompts,0,versions,1,created_by}', 'prompts[0].versions[1] has no "created_by".'),
	('{prompts,0,versions,1,tags,0,value}', 'prompts[0].versions[1].tags[0] has no "value".'), ('{prompts,0,alias_history,3,moved_at}', 'prompts[0].alias_history[3] has no "moved_at".'),
	('{prompts,0,versions,0,template}', 'prompts[0].versions[0] must have a "template" and no "messages".'),
	('{prompts,0,versions,1,includes,0,version}', 'prompts[0].versions[1].includes[0] must have a "version", or an "alias" to follow.'),
	('{prompts,0,alias_history,2,from_version}', 'prompts[0].alias_history[2] must have a "from_version" or a "to_version", each one of the versions.')) AS v (path, detail);
SELECT is(pg_temp.malformed(jsonb_set(d, path::text[], value)), detail, format('%s as %s', path, left(value::text, 60))) FROM good, (VALUES
	('{more}', '1'::jsonb, 'document.more is not known.'),
	('{exported_at}', '"today"', 'document.exported_at must be a time such as "2026-01-31T12:00:00+00:00".'),
	('{prompts}', '{}', 'document.prompts must be an array.'),
	('{prompts,0}', '"p"', 'prompts[0] must be an object.'),
	('{prompts,0,name}', '"a b"', 'prompts[0].name is not acceptable: "a b".'),
	('{prompts,1,name}', '"p"', 'prompts[1] repeats "p".'),
	('{prompts,0,highest_number}', '1', 'prompts[0].versions[1].version is above prompts[0].highest_number.'),
	('{prompts,0,versions}', '1', 'prompts[0].versions must be an array.'),
	('{prompts,0,versions,0,version}', '1.5', 'prompts[0].versions[0].version must be an integer from 1 to 2147483647.'),
	('{prompts,0,versions,0,version}', '2', 'prompts[0].versions[1] repeats "2".'),
	('{prompts,0,versions,0,kind}', '"chat"', 'prompts[0].versions[0] must have "messages" and no "template".'),
	('{prompts,0,versions,0,kind}', '"poem"', 'prompts[0].versions[0].kind is not acceptable: "poem".'),
	('{prompts,0,versions,0,template}', 'null', 'prompts[0].versions[0].template must be a string.'),
	('{prompts,0,versions,0,words}', '"x"', 'prompts[0].versions[0].words is not known.'),
	('{prompts,0,versions,0,model_config}', '[]', 'prompts[0].versions[0].model_config must be an object.'),
	('{prompts,0,versions,0,content_hash}', '"abc"', 'prompts[0].versions[0].content_hash is not acceptable: "abc".'),
	('{prompts,0,versions,0,commit_message}', to_jsonb(repeat('x', 10001)), 'prompts[0].versions[0].commit_message has more than 10000 bytes.'),
	('{prompts,0,versions,0,created_at}', '"2026-02-30T00:00:00Z"', 'prompts[0].versions[0].created_at must be a time such as "2026-01-31T12:00:00+00:00".'),
	('{prompts,0,versions,0,deleted_at}', '"2026-01-30T00:00:00Z"', 'prompts[0].versions[0] must have both "deleted_at" and "deleted_by", or none.'),
	('{prompts,0,versions,1,includes,0,follow}', 'true', 'prompts[0].versions[1].includes[0] must have a "version", or an "alias" to follow.'),
	('{prompts,0,versions,1,includes,0,alias}', '"latest"', 'prompts[0].versions[1].includes[0].alias is not acceptable: "latest".'),
	('{prompts,0,tags,0,key}', '""', 'prompts[0].tags[0].key is not acceptable: "".'),
	('{prompts,0,tags,0,value}', to_jsonb(repeat('x', 2049)), 'prompts[0].tags[0].value has more than 2048 bytes.'),
	('{prompts,0,tags,1}', pg_temp.tag('k', 'w') -> 0, 'prompts[0].tags[1] repeats "k".'),
	('{prompts,0,versions,1,tags,1}', pg_temp.tag('k', 'w') -> 0, 'prompts[0].versions[1].tags[1] repeats "k".'),
	('{prompts,0,aliases,0,alias}', '"v12"', 'prompts[0].aliases[0].alias is not acceptable: "v12".'),
	('{prompts,0,aliases,0,version}', '3', 'prompts[0].aliases[0].version is not among the versions that are not deleted.'),
	('{prompts,0,aliases,1}', pg_temp.alias('a', 1) -> 0, 'prompts[0].aliases[1] repeats "a".'),
	('{prompts,0,alias_history,0,to_version}', '7', 'prompts[0].alias_history[0] must have a "from_version" or a "to_version", each one of the versions.'),
	('{prompts,0,alias_history,3,undoes}', '2', 'prompts[0].alias_history[3].undoes is not the number of an earlier move of that alias.'),
	('{prompts,0,alias_history,3,undoes}', '4', 'prompts[0].alias_history[3].undoes is not the number of an earlier move of that alias.'),
	('{prompts,0,protected_aliases,0,roles}', '[1]', 'prompts[0].protected_aliases[0].roles must be an array of 1 to 100 strings of at most 63 characters.'),
	('{prompts,0,protected_aliases,1}', pg_temp.protection('a', 'r') -> 0, 'prompts[0].protected_aliases[1] repeats "a".')) AS v (path, value, detail);

-- Where and by whom --------------------------------------------------------------------

CREATE ROLE gaiops_test_viewer;
CREATE ROLE gaiops_test_user;
CREATE ROLE gaiops_test_admin;
SELECT gaiops_grant('gaiops_test_' || r, r) FROM unnest('{viewer,user,admin}'::text[]) AS r \g /dev/null
GRANT SELECT ON document, good TO gaiops_test_viewer, gaiops_test_user, gaiops_test_admin;
SET ROLE gaiops_test_viewer;
SELECT is(gaiops_export_prompts('{Tone}')::jsonb #>> '{prompts,0,name}', 'Tone', 'a viewer may export');
SELECT matches(pg_temp.raised($$ SELECT gaiops_export_prompts('{nobody}') $$), '^LM012\nprompt "nobody" does not exist', 'and is told what there is');
SELECT matches(pg_temp.raised($$ SELECT gaiops_import_prompts('{}') $$), '^42501', 'but not import');
SET ROLE gaiops_test_user;
SELECT matches(pg_temp.raised($$ SELECT gaiops_import_prompts('{}') $$), '^42501', 'nor may a user');
SET ROLE gaiops_test_admin;
SELECT is(pg_temp.imported(d), E'p imported: Added: 2 versions, 1 tag, 2 aliases, 1 protected alias.\nq imported: Added: 1 version.', 'an admin may') FROM good;
SELECT is(created_by, 'author', 'who made a version is as it was') FROM gaiops.prompt_versions WHERE name = 'p' AND version = 1;
RESET ROLE;
SELECT matches(pg_temp.raised($$ INSERT INTO gaiops.prompt_contents SELECT * FROM gaiops.prompt_contents WHERE false; UPDATE gaiops.prompt_contents SET template = 'y' WHERE name = 'p' $$), '^55000', 'what was imported cannot be changed');
CREATE ROLE gaiops_test_nobody;
SET ROLE gaiops_test_nobody;
SELECT matches(pg_temp.raised($$ SELECT gaiops_export_prompts() $$), '^42501', 'others may nothing');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
