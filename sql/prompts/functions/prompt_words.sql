-- The words that versions of prompts are searched by; searching is in prompt_search.sql.

-- Every run of letters and digits.  Cut to what a tsvector can hold: 1 MB, with
-- room for the words of a name and a commit message.
CREATE OR REPLACE FUNCTION gaiops.plain_words(body text)
RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT array_to_tsvector(coalesce(array_agg(l.word), '{}'))
	FROM (
		SELECT d.word, sum(octet_length(d.word)) OVER (ORDER BY d.word COLLATE "C") AS bytes
		FROM (
			SELECT DISTINCT lower(w.word) AS word
			FROM regexp_split_to_table(body, '[^[:alnum:]]+') AS w (word)
			WHERE length(w.word) BETWEEN 1 AND 255
		) AS d
	) AS l
	WHERE l.bytes <= 950000
$$;
COMMENT ON FUNCTION gaiops.plain_words(text) IS
	'Takes a text and returns its words without their positions; never raises, however long it is';

-- PostgreSQL's parser of texts takes time by the square for some that are long and have no
-- spaces, and for what looks like a comment of XML; it takes tags such as <rules> for no
-- words, and and/or for the name of a file.  Hence the spaces, and the plain words.  A query
-- may have a name whole, in parts, or as that parser takes it apart.
CREATE OR REPLACE FUNCTION gaiops.placed_words(body text)
RETURNS tsvector
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
SET client_min_messages = error
AS $$
	SELECT to_tsvector('simple', regexp_replace(translate(body, '<>', '  '), E'\\S{100}', E'\\& ', 'g'))
$$;
COMMENT ON FUNCTION gaiops.placed_words(text) IS
	'Takes a text and returns its words with their positions, without a notice on long ones; '
	'raises if they are too many';

CREATE OR REPLACE FUNCTION gaiops.prompt_words(name text, commit_message text, template text, messages jsonb)
RETURNS tsvector
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	body CONSTANT text := coalesce(template, (
		SELECT string_agg(s.string #>> '{}', E'\n')
		FROM (
			SELECT jsonb_path_query(messages, 'lax $[*].content[*]')
			UNION ALL
			SELECT jsonb_path_query(messages, 'lax $[*].content[*].text')
		) AS s (string)
		WHERE jsonb_typeof(s.string) = 'string'), '');
	title CONSTANT tsvector := setweight(
		gaiops.placed_words(translate(name, '_.-', '   ')) || gaiops.placed_words(name)
			|| format('''%s'':1', lower(name COLLATE "C"))::tsvector, 'A');
	plain CONSTANT tsvector := gaiops.plain_words(concat_ws(' ', commit_message, body));
BEGIN
	RETURN title
		|| setweight(gaiops.placed_words(coalesce(commit_message, '')), 'B')
		|| setweight(gaiops.placed_words(body), 'C')
		|| plain;
EXCEPTION
	WHEN program_limit_exceeded THEN
		RETURN title || plain;
END
$$;
COMMENT ON FUNCTION gaiops.prompt_words(text, text, text, jsonb) IS
	'Takes the name, the commit message and the text of a version of a prompt and returns the words to search it by, '
	'those of the name weighted A, of the commit message B, of the text C; never raises for up to 1 MB';
