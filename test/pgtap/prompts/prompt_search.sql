-- Searching prompts: words, terms, ranking, snippets, plans and rights.
-- Everything is rolled back.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT plan(176);

\ir ../../lib/raised.sql

-- What a search finds, as "name/version name/version".
CREATE FUNCTION pg_temp.found(query text, max_results integer DEFAULT 100) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(s.name || '/' || s.version, ' ' ORDER BY s.n), 'nothing')
	FROM gaiops_search_prompts(query, max_results) WITH ORDINALITY AS s (name, version, rank, snippet, latest_version, aliases, tags, n)
$$;

CREATE ROLE gaiops_test_author;
CREATE ROLE "gaiops test author";
SELECT gaiops_grant(r, 'user') FROM unnest('{gaiops_test_author,gaiops test author}'::text[]) AS r \g /dev/null
SELECT gaiops_register_prompt('Greet_Prompt', 'You are a polite assistant for {{ company }}.', commit_message => 'first') AS made \gset
SELECT gaiops_register_prompt('Greet_Prompt', 'You are a rude assistant for {{ company }}. Rude, rude!', tags => '{"mood": "bad", "checked": "no"}') AS made \gset
SELECT gaiops_register_prompt('Greet_Prompt', 'You help people of {{ company }}.', commit_message => 'Without any mood', tags => '{"my key": "my value"}') AS made \gset
SET ROLE gaiops_test_author;
SELECT gaiops_register_prompt('summary-v2', '[{"role": "system", "content": "Summarise what is said."},
	{"role": "user", "content": [{"type": "text", "text": "The polite minutes: {{ minutes }}"}]}, {"type": "placeholder", "name": "history"}]'::jsonb,
	commit_message => 'For <minutes> and/or letters') AS made \gset
RESET ROLE;
SET ROLE "gaiops test author";
SELECT gaiops_register_prompt('polite', 'Whatever.') AS made \gset
RESET ROLE;
SELECT gaiops_register_prompt('gone', 'You were a polite assistant.', tags => '{"mood": "gone"}') AS made \gset
SELECT gaiops_set_prompt_tag('gone', 'team', 'support') \g /dev/null
SELECT gaiops_delete_prompt('gone') AS made \gset
SELECT gaiops_set_prompt_alias('Greet_Prompt', 'production', 1) AS made \gset
SELECT gaiops_set_prompt_alias('summary-v2', 'production', 1) AS made \gset
SELECT gaiops_set_prompt_alias('Greet_Prompt', 'canary', 3) AS made \gset
SELECT gaiops_set_prompt_tag('Greet_Prompt', 'team', 'support') \g /dev/null
SELECT gaiops_set_prompt_tag('summary-v2', 'team', 'say "hi"') \g /dev/null
SELECT gaiops_set_prompt_tag('polite', 'empty', '') \g /dev/null

-- Words ----------------------------------------------------------------------

SELECT is(pg_temp.found(q), f, format('words: %s', q)) FROM (VALUES
	('assistant', 'Greet_Prompt/2'), ('ASSISTANT', 'Greet_Prompt/2'), ('rude', 'Greet_Prompt/2'), ('rude assistant', 'Greet_Prompt/2'),
	('rude people', 'nothing'), ('assistant -rude', 'Greet_Prompt/1'), ('people or minutes', 'summary-v2/1 Greet_Prompt/3'),
	('"polite assistant"', 'Greet_Prompt/1'), ('"assistant polite"', 'nothing'),
	('minutes', 'summary-v2/1'), ('summarise', 'summary-v2/1'), ('said minutes', 'summary-v2/1'), ('history', 'nothing'), ('system', 'nothing'),
	('mood', 'Greet_Prompt/3'), ('company', 'Greet_Prompt/3'), ('{{ company }} polite', 'Greet_Prompt/1'),
	('first', 'Greet_Prompt/1'), ('and/or', 'summary-v2/1'), ('letters', 'summary-v2/1'), ('<minutes>', 'summary-v2/1'),
	('Greet_Prompt', 'Greet_Prompt/3'), ('greet', 'Greet_Prompt/3'), ('summary', 'summary-v2/1'), ('summary-v2', 'summary-v2/1'), ('"summary-v2"', 'summary-v2/1'),
	('rude ' || repeat('-', 50) || ' assistant', 'Greet_Prompt/2'), ('rude - - assistant', 'Greet_Prompt/2'),
	('were', 'nothing'), ('nosuchword', 'nothing'), ('...', 'nothing'), ('it''s \ : & | ! ( "', 'nothing')) AS v (q, f);
SELECT is(pg_temp.found('polite'), 'polite/1 Greet_Prompt/1 summary-v2/1', 'a name counts more than a text, and names come in order');
SELECT is(pg_temp.found('polite', 2), 'polite/1 Greet_Prompt/1', 'no more than was asked for');
SELECT results_eq($$ SELECT rank > 0, rank = max(rank) OVER () FROM gaiops_search_prompts('polite') $$, $$ VALUES (true, true), (true, false), (true, false) $$, 'the rank says so');

-- Terms ----------------------------------------------------------------------

SELECT is(pg_temp.found(q), f, format('terms: %s', to_json(q))) FROM (VALUES
	('tag:team=support', 'Greet_Prompt/3'), ('tag:team', 'Greet_Prompt/3 summary-v2/1'), ('tag:team=other', 'nothing'), ('tag:empty=', 'polite/1'),
	('tag:mood=bad', 'Greet_Prompt/2'), ('tag:mood', 'Greet_Prompt/2'), ('tag:"my key"="my value"', 'Greet_Prompt/3'), ('tag:"my key"', 'Greet_Prompt/3'),
	('tag:"my key=my value"', 'nothing'), ('tag:mood=bad tag:team=support', 'Greet_Prompt/2'), ('tag:mood=bad tag:empty', 'nothing'),
	('alias:production', 'Greet_Prompt/1 summary-v2/1'), ('Alias:production TAG:team=support', 'Greet_Prompt/1'), ('alias:canary', 'Greet_Prompt/3'), ('alias:nobody', 'nothing'), ('alias:canary alias:production', 'Greet_Prompt/3'),
	('author:gaiops_test_author', 'summary-v2/1'), ('author:"gaiops test author"', 'polite/1'), ('author:nobody', 'nothing'),
	('name:PROMPT', 'Greet_Prompt/3'), ('name:m', 'Greet_Prompt/3 summary-v2/1'), ('name:gone', 'nothing'),
	('alias:production minutes', 'summary-v2/1'), ('polite  alias:production' || E'\n' || 'tag:team', 'Greet_Prompt/1 summary-v2/1'), ('polite alias:canary author:nobody', 'nothing'),
	('"alias:canary"', 'nothing'), ('x-alias:canary', 'nothing'), ('polite tag:mood=gone', 'nothing')) AS v (q, f);
SELECT is(pg_temp.raised(format('SELECT gaiops_search_prompts(%L)', q)), E'22023\ninvalid term in a search for prompts: ' || term || E'\n' || detail || E'\n'
	|| 'Terms are tag:key, tag:key=value, alias:production, author:role and name:text; what has blanks is put in double quotes, as in tag:owner="search team".',
	'refused: ' || q)
FROM (VALUES ('hello tag:', 'tag:'), ('tag:=x', 'tag:=x'), ('tag:""', 'tag:""'), ('alias:', 'alias:'), ('name:"" x', 'name:""'), ('-tag:mood', '-tag:mood'),
		('polite -Author:r', '-Author:r'), ('tag:"a"b', 'tag:"a"b'), ('author:a"b"c', 'author:a"b"c')) AS v (q, term),
	LATERAL (SELECT CASE WHEN starts_with(v.term, '-') THEN 'Only words can be negated.'
		ELSE 'It does not say what to look for, or has double quotes around a part of that.' END) AS d (detail);
SELECT is(pg_temp.raised(format('SELECT gaiops_search_prompts(%L)', repeat(' alias:a', 21))), E'22023\ntoo many terms in a search for prompts\nThere are at most 20.', 'more terms than can be looked for');
SELECT is(pg_temp.found(repeat(' tag:team=support', 20) || ' rude'), 'Greet_Prompt/2', 'as many as can');
SELECT is(pg_temp.found('tag:team=''support'), 'nothing', 'a value is no SQL');
SELECT is(pg_temp.found(E'author:x\\'' name:"x''); DROP TABLE gaiops.prompts; --"'), 'nothing', 'whatever it is');

-- What is meant for a term but is none is searched as words, and said.
SELECT is((SELECT value FROM gaiops.prompt_search_terms(q) WHERE kind = 'lookalikes'), l, 'looks like a term: ' || q) FROM (VALUES
	('tags:team=support', 'tags:team=support'), ('rude Version:2 @production', 'Version:2, @production'), ('-label:x -@a', '-label:x, -@a'), ('a:"b c"', 'a:"b c"'),
	('name = ''x''', '='), ('name LIKE ''%x%'' AND name ILIKE ''y'' or x != y', 'LIKE, ILIKE, !='), ('tags.team=support', 'tags.team=support'),
	('tag.team = ''a''', '='), ('tags."a b"!=''c''', 'tags."a b"!=''c'''), ('name=''x''', 'name=''x''')) AS v (q, l);
SELECT is((SELECT value FROM gaiops.prompt_search_terms(q) WHERE kind = 'lookalikes'), NULL, 'looks like words: ' || q)
FROM unnest(ARRAY['polite', 'alias:canary tag:team author:x name:y', '"label:x" "@production"', 'x-alias:canary', 'you would like this', 'note: a', 'a@b', 'a=b tags.', '12:30', '{{ x }} == 1']) AS q;
SELECT is(pg_temp.found('tags:team=support'), 'nothing', 'it is searched as words');
SELECT gaiops_register_prompt('Odd', 'A label:x, @y and name = z.') AS made \gset
SELECT is(pg_temp.found(q), 'Odd/1', 'and found as words: ' || q) FROM unnest('{label:x,@y,name = z}'::text[]) AS q;

-- Terms about versions choose among them ------------------------------------------

SELECT gaiops_register_prompt('Chosen', t, tags => g::jsonb) FROM (VALUES
	(1, 'Choose the cat.', '{"lang": "en"}'), (2, 'Choose the dog. Dog!', '{"lang": "de"}'), (3, 'Choose the dog.', '{"lang": "en", "size": "s"}'),
	(4, 'Choose the bird.', '{"lang": "fr"}'), (5, 'Choose the dog. Dog! Dog!', '{"lang": "en"}')) AS v (n, t, g) ORDER BY n \g /dev/null
SET ROLE gaiops_test_author;
SELECT gaiops_register_prompt('Chosen', 'Choose the fish.') AS made \gset
RESET ROLE;
SELECT gaiops_delete_prompt_version('Chosen', 5) \g /dev/null
SELECT gaiops_set_prompt_alias('Chosen', 'production', 2), gaiops_set_prompt_alias('Chosen', 'canary', 4) \g /dev/null
SELECT gaiops_set_prompt_tag('Chosen', 'team', 'pets'), gaiops_set_prompt_tag('Chosen', 'lang', 'any') \g /dev/null
SELECT is(pg_temp.found(q), f, format('chosen: %s', q)) FROM (VALUES
	('name:chosen', 'Chosen/6'), ('name:chosen alias:production', 'Chosen/2'), ('name:chosen alias:canary', 'Chosen/4'), ('name:chosen author:gaiops_test_author', 'Chosen/6'),
	('tag:lang=en', 'Chosen/3'), ('tag:lang=de', 'Chosen/2'), ('tag:size', 'Chosen/3'), ('tag:team=pets', 'Chosen/6'), ('tag:lang=any', 'Chosen/6'), ('tag:lang', 'Chosen/4'),
	('tag:team=pets tag:lang=de', 'Chosen/2'), ('tag:lang=en alias:canary', 'Chosen/4'), ('tag:lang=en tag:size alias:canary', 'Chosen/3'),
	('choose', 'Chosen/6'), ('choose alias:production', 'Chosen/2'), ('choose tag:lang=en', 'Chosen/3'), ('choose author:gaiops_test_author', 'Chosen/6'),
	('dog', 'Chosen/2'), ('dog tag:lang=en', 'Chosen/3'), ('dog tag:lang=en alias:production', 'Chosen/2'), ('dog tag:team=pets', 'Chosen/2'), ('dog tag:lang', 'Chosen/2'),
	('cat alias:production', 'Chosen/1'), ('cat tag:lang=fr', 'Chosen/1'), ('cat alias:nobody', 'nothing')) AS v (q, f);
SELECT row_eq(format($$ SELECT version, rank = (SELECT ts_rank(words, 'choose') FROM gaiops.prompt_contents WHERE name = 'Chosen' AND version = 2), snippet, latest_version
	FROM gaiops_search_prompts('choose alias:production') $$), ROW(2, true, 'Choose the dog. Dog!'::text, 6), 'rank and snippet are of that version');
SELECT gaiops_delete_prompt_alias('Chosen', a) FROM unnest('{production,canary}'::text[]) AS a \g /dev/null
SELECT gaiops_delete_prompt(n) FROM unnest('{Chosen,Odd}'::text[]) AS n \g /dev/null

-- Without words ----------------------------------------------------------------

SELECT gaiops.insert_prompt_version('Older', 1, 'Old.', NULL, NULL, NULL, 'gaiops', NULL, '2020-01-01', 'r') \g /dev/null
SELECT gaiops.insert_prompt_version('Oldest', 1, 'Old.', NULL, NULL, NULL, 'gaiops', NULL, '2010-01-01', 'r') \g /dev/null
SELECT gaiops.insert_prompt_version('Older', 2, 'Newer.', NULL, NULL, NULL, 'gaiops', NULL, now() + interval '1 day', 'r') \g /dev/null
SELECT is(pg_temp.found(q), 'Older/2 Greet_Prompt/3 polite/1 summary-v2/1 Oldest/1', 'all prompts, the latest changed first: ' || to_json(q))
FROM unnest(ARRAY['', '  ', E'\n']) AS q;
SELECT is(pg_temp.found('author:r'), 'Older/2 Oldest/1', 'with terms, too');
SELECT is(pg_temp.found('', 1), 'Older/2', 'no more than was asked for');
SELECT results_eq($$ SELECT DISTINCT rank FROM gaiops_search_prompts('') $$, ARRAY[0::real], 'the rank is 0');
SELECT is(pg_temp.raised(statement), raised, statement) FROM (VALUES
	('SELECT gaiops_search_prompts(NULL)', E'22004\nargument "query" must not be null'),
	($$ SELECT gaiops_search_prompts('', NULL) $$, E'22004\nargument "max_results" must not be null'),
	($$ SELECT gaiops_search_prompts('', 0) $$, E'22023\nargument "max_results" is out of range\nIt is 0; it must be from 1 to 1000.'),
	($$ SELECT gaiops_search_prompts('', max_results => 1001) $$, E'22023\nargument "max_results" is out of range\nIt is 1001; it must be from 1 to 1000.'),
	($$ SELECT gaiops_search_prompts('', 1000) $$, 'nothing')) AS v (statement, raised);

-- What is told of a prompt -------------------------------------------------------

SELECT is(concat_ws('|', name, version, snippet, latest_version, aliases, tags),
	'Greet_Prompt|2|You are a rude assistant for {{ company }}. Rude, rude!|3|{"canary": 3, "production": 1}|{"team": "support"}',
	'a row says what there is of the prompt') FROM gaiops_search_prompts('rude');
SELECT is(concat_ws('|', snippet, aliases, tags), 'Whatever.|{}|{"empty": ""}', 'empty objects where there is none') FROM gaiops_search_prompts('name:polite');
SELECT is(snippet, 'Summarise what is said. The polite minutes: {{ minutes }}', 'of a chat prompt the text of its messages') FROM gaiops_search_prompts('minutes');
CREATE FUNCTION pg_temp.snippet(template text, query text) RETURNS text LANGUAGE sql AS $$
	SELECT gaiops.prompt_snippet(template, NULL, gaiops.wanted_words(gaiops.prompt_search_query(query)))
$$;
SELECT is(pg_temp.snippet(E'  one\n\ttwo  ', 'two'), 'one two', 'a snippet is one line');
SELECT is(pg_temp.snippet(repeat('word ', 100), 'none'), repeat('word ', 39) || 'word…', 'of 200 characters');
SELECT is(pg_temp.snippet(repeat('word ', 100) || 'Hit it', q), '…' || repeat('word ', 11) || 'Hit it', 'around what was looked for: ' || q)
FROM unnest('{hit,"hit it",HIT -nothing,hit or other}'::text[]) AS q;
SELECT matches(pg_temp.snippet('whit ' || repeat('word ', 100) || 'Hit ' || repeat('word ', 100), 'hit'), '^…(word ){11}Hit (word ?)+…$', 'cut on both sides');
SELECT is(length(pg_temp.snippet(repeat('x', 1000) || ' hit ' || repeat('y', 1000), 'hit')), 200, 'words without an end are cut');
SELECT is(pg_temp.snippet(repeat('word ', 100) || 'not this', '-this'), repeat('word ', 39) || 'word…', 'what is excluded is not looked for');
SELECT is(pg_temp.snippet('a (b) ' || repeat('word ', 100) || 'it''s \d (b)', 'd'), '…' || repeat('word ', 10) || 'it''s \d (b)', 'whatever characters there are');
SELECT is(pg_temp.snippet(repeat('word ', 10000) || 'hit', 'hit'), repeat('word ', 39) || 'word…', 'of a very long text the beginning is looked through');
SELECT is(pg_temp.snippet('', 'x'), '', 'an empty text');

-- Plans ------------------------------------------------------------------------

-- These are few for an index to be worth it, so it is seen whether one can be used.
SELECT gaiops.insert_prompt_version('Many-' || n, 1, 'Text of many words.', NULL, NULL, NULL, 'gaiops', 'rare' || n, now(), 'r' || n % 50) FROM generate_series(1, 3000) AS n \g /dev/null
INSERT INTO gaiops.prompt_tags SELECT 'Many-' || n, 'k' || n % 10, 'v' || n, now(), 'r' FROM generate_series(1, 3000) AS n;
INSERT INTO gaiops.prompt_version_tags SELECT 'Many-' || n, 1, 'w' || n % 10, 'v' || n, now(), 'r' FROM generate_series(1, 3000) AS n;
INSERT INTO gaiops.prompt_aliases SELECT 'Many-' || n, 'a' || n % 100, 1, now(), 'r' FROM generate_series(1, 3000) AS n;
ANALYZE gaiops.prompt_contents;
ANALYZE gaiops.prompt_tags;
ANALYZE gaiops.prompt_version_tags;
ANALYZE gaiops.prompt_aliases;
CREATE FUNCTION pg_temp.plan(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	search record := gaiops.prompt_search_statement(query);
	line text;
	plan text := '';
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || search.statement USING search.words, 100, NULL LOOP
		plan := plan || line || E'\n';
	END LOOP;
	RETURN plan;
END
$$;
SET LOCAL enable_seqscan = off;
SELECT matches(pg_temp.plan(q), p, 'an index is used for: ' || q) FROM (VALUES
	('rare77', 'prompt_contents_words_idx'), ('"rare77 text" or rare78', 'prompt_contents_words_idx'), ('tag:k7=v17', 'prompt_tags_key_value_idx'),
	('alias:a7', 'prompt_aliases_alias_idx'), ('author:r7', 'prompt_contents_created_by_idx'), ('rare77 alias:a77', 'prompt_aliases_alias_idx'),
	('alias:a77 text', 'prompt_aliases_alias_idx'), ('tag:k7=v17 alias:a17', 'prompt_version_tags_pkey'), ('rare77 tag:w7', 'prompt_version_tags_pkey'),
	('rare77 alias:a77', 'prompt_aliases_pkey')) AS v (q, p);
SELECT unalike(pg_temp.plan(q), '%Seq Scan on prompt_contents%', 'and no version read that need not be: ' || q)
FROM unnest('{rare77,tag:k7=v17,tag:w7=v17,alias:a7,author:r7,alias:a77 text}'::text[]) AS q;
RESET enable_seqscan;
SELECT is(pg_temp.found('rare77 or rare78'), 'Many-77/1 Many-78/1', 'with these, too, it finds what there is');
SELECT is((SELECT count(*) FROM gaiops_search_prompts('text')), 100::bigint, 'a hundred unless told');
SELECT is((SELECT count(*) FROM gaiops_search_prompts('text', 1000)), 1000::bigint, 'a thousand if told');

-- Rights -----------------------------------------------------------------------

CREATE ROLE gaiops_test_viewer;
SELECT gaiops_grant('gaiops_test_viewer', 'viewer') AS made \gset
SET ROLE gaiops_test_viewer;
SELECT is(pg_temp.found('rude tag:team=support alias:canary'), 'Greet_Prompt/2', 'a viewer may search');
RESET ROLE;
CREATE ROLE gaiops_test_nobody;
SET ROLE gaiops_test_nobody;
SELECT matches(pg_temp.raised($$ SELECT gaiops_search_prompts('rude') $$), '^42501', 'nobody else may');
RESET ROLE;
SELECT is(format('%s %s %s', provolatile, prosecdef, proparallel), 's f s', 'it only reads, as the caller') FROM pg_proc WHERE proname = 'gaiops_search_prompts';

-- A caller's own objects are not used in place of ours.
CREATE SCHEMA gaiops_test_trap;
CREATE FUNCTION gaiops_test_trap.lower(text) RETURNS text LANGUAGE sql AS 'SELECT ''trapped''';
SELECT throws_ok($$ SELECT gaiops_search_prompts(repeat('word ', 4000)) $$, '22023', 'argument "query" is too long', 'a query of any length');
CREATE TEMP TABLE prompt_contents (name text);
SET LOCAL search_path = gaiops_test_trap, pg_temp, pg_catalog, public;
SELECT pg_catalog.format('%s/%s', name, version) AS found FROM pg_catalog.gaiops_search_prompts('name:GREET rude') \gset
SET LOCAL search_path = public;
SELECT is(:'found'::text, 'Greet_Prompt/2', 'a hostile search_path changes nothing');

SELECT * FROM finish();
ROLLBACK;
