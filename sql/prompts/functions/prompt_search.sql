-- Searching prompts.  Runs as the caller, who may read the tables.

-- What is in quotes may have blanks, and is no term.  Tag: is as good as tag:.  Words
-- that look like terms are those with another colon, a bare alias, and what is in
-- filters of MLflow's.
CREATE OR REPLACE FUNCTION gaiops.prompt_search_terms(
	query text, OUT term text, OUT kind text, OUT key text, OUT value text)
RETURNS SETOF record
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	WITH part AS (
		SELECT p.n, p.match[1] AS part, regexp_match(p.match[1], '^-?(tag|alias|author|name):(.*)$', 'i') AS term
		FROM regexp_matches(query, E'(?:[^\\s"]|"[^"]*(?:"|$))+', 'g') WITH ORDINALITY AS p (match, n)
	)
	SELECT p.part, lower(p.term[1]), btrim(t.tag[1], '"'),
		btrim(CASE lower(p.term[1]) WHEN 'tag' THEN t.tag[2] ELSE p.term[2] END, '"')
	FROM part AS p,
		regexp_match(CASE lower(p.term[1]) WHEN 'tag' THEN p.term[2] END, '^("[^"]*"|[^"=]*)(?:=(.*))?$') AS t (tag)
	WHERE p.term IS NOT NULL
	UNION ALL
	SELECT NULL, 'words', NULL, string_agg(p.part, ' ' ORDER BY p.n)
	FROM part AS p
	WHERE p.term IS NULL
	HAVING count(*) > 0
	UNION ALL
	SELECT NULL, 'lookalikes', NULL, left(string_agg(p.part, ', ' ORDER BY p.n), 255)
	FROM part AS p
	WHERE p.term IS NULL AND p.part ~ '^(-?[A-Za-z]+:.|-?@.|-?(name|tags?[.][^=]+)!?=|!?=$|I?LIKE$)'
	HAVING count(*) > 0
$$;
COMMENT ON FUNCTION gaiops.prompt_search_terms(text) IS
	'Takes what to search prompts for; returns its terms, each with what it says, a row of what is left as words, '
	'and one of those words that look like terms';

-- Written as sets of names, each read from an index, which the planner joins.
CREATE OR REPLACE FUNCTION gaiops.prompt_search_condition(kind text, key text, value text)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE kind
		WHEN 'tag' THEN format('c.name IN (
			SELECT t.name FROM gaiops.prompt_tags AS t WHERE t.key = %1$L%2$s
			UNION ALL
			SELECT t.name FROM gaiops.prompt_version_tags AS t WHERE t.key = %1$L%2$s AND NOT EXISTS (
				SELECT FROM gaiops.prompt_deletions AS d WHERE d.name = t.name AND d.version = t.version))',
			key, coalesce(' AND t.value = ' || quote_literal(value), ''))
		WHEN 'alias' THEN format('c.name IN (SELECT a.name FROM gaiops.prompt_aliases AS a WHERE a.alias = %L)', value)
		WHEN 'author' THEN format('c.name IN (
			SELECT v.name FROM gaiops.prompt_contents AS v WHERE v.created_by = %L AND NOT EXISTS (
				SELECT FROM gaiops.prompt_deletions AS d WHERE d.name = v.name AND d.version = v.version))', value)
		WHEN 'name' THEN format('strpos(lower(c.name), lower(%L)) > 0', value)
	END
$$;
COMMENT ON FUNCTION gaiops.prompt_search_condition(text, text, text) IS
	'Takes a term of a search for prompts; returns it as a condition on c.name';

-- A tag of the prompt says nothing about its versions.  Joined by primary keys, so
-- that there is one row or none for a version.
CREATE OR REPLACE FUNCTION gaiops.prompt_search_fit(
	n integer, kind text, key text, value text, OUT joined text, OUT fit text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE kind
			WHEN 'tag' THEN format(' LEFT JOIN gaiops.prompt_version_tags AS t%1$s
				ON t%1$s.name = c.name AND t%1$s.version = c.version AND t%1$s.key = %2$L%3$s',
				n, key, format(CASE WHEN value IS NULL THEN '' ELSE ' AND t%s.value = %L' END, n, value))
			WHEN 'alias' THEN format(' LEFT JOIN gaiops.prompt_aliases AS t%1$s
				ON t%1$s.name = c.name AND t%1$s.version = c.version AND t%1$s.alias = %2$L', n, value)
			ELSE ''
		END,
		CASE
			WHEN kind IN ('tag', 'alias') THEN format(' + (t%s.name IS NOT NULL)::integer', n)
			WHEN kind = 'author' THEN format(' + (c.created_by = %L)::integer', value)
			ELSE ''
		END
$$;
COMMENT ON FUNCTION gaiops.prompt_search_fit(integer, text, text, text) IS
	'Takes a term of a search for prompts and its number among them; returns whether it is true of version c, '
	'as a join and a summand of 0 or 1, both empty for a term that is not about versions';

CREATE OR REPLACE FUNCTION gaiops.check_search_term(n integer, term text, key text, value text, terms text)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	at_most CONSTANT integer := 20;
BEGIN
	IF n > at_most THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'too many terms in a search for prompts',
			DETAIL = format('There are at most %s.', at_most);
	ELSIF starts_with(term, '-') OR coalesce(key, value, '') = '' OR strpos(value, '"') > 0 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('invalid term in a search for prompts: %s', left(term, 255)),
			DETAIL = CASE
				WHEN starts_with(term, '-') THEN 'Only words can be negated.'
				ELSE 'It does not say what to look for, or has double quotes around a part of that.' END,
			HINT = terms;
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_search_term(integer, text, text, text, text) IS
	'Takes the number of a term in a search for prompts, the term, its key and its value, and what terms there are, '
	'in words, and returns nothing; raises unless it is one';

CREATE OR REPLACE FUNCTION gaiops.prompt_search_conditions(
	query text, OUT joined text, OUT conditions text, OUT fit text, OUT words text)
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	terms CONSTANT text := 'Terms are tag:key, tag:key=value, alias:production, author:role and name:text; '
		'what has blanks is put in double quotes, as in tag:owner="search team".';
	found record;
	about_version record;
	n integer := 0;
BEGIN
	SELECT '', '', '0::integer' INTO conditions, joined, fit;
	FOR found IN SELECT * FROM gaiops.prompt_search_terms(query) LOOP
		IF found.kind = 'words' THEN
			words := found.value;
		ELSIF found.kind = 'lookalikes' THEN
			RAISE NOTICE USING
				MESSAGE = format('searching for words that look like terms: %s', found.value),
				HINT = terms;
		ELSE
			n := n + 1;
			PERFORM gaiops.check_search_term(n, found.term, found.key, found.value, terms);
			conditions := conditions || ' AND ' || gaiops.prompt_search_condition(found.kind, found.key, found.value);
			about_version := gaiops.prompt_search_fit(n, found.kind, found.key, found.value);
			joined := joined || about_version.joined;
			fit := fit || about_version.fit;
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION gaiops.prompt_search_conditions(text) IS
	'Takes what to search prompts for; returns its terms as joins to c and conditions on c.name, '
	'how many of them are true of version c as an expression, and its words; '
	'raises if a term says nothing, and says if words look like terms';

-- Only the beginning of a very long text is looked through.
CREATE OR REPLACE FUNCTION gaiops.prompt_snippet(template text, messages jsonb, wanted text)
RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	body text := left(coalesce(template, (
		SELECT string_agg(gaiops.message_text(m.message), ' ' ORDER BY m.n)
		FROM jsonb_array_elements(messages) WITH ORDINALITY AS m (message, n))), 20000);
	hit integer := regexp_instr(body, wanted, 1, 1, 0, 'i');
BEGIN
	IF hit > 100 THEN
		body := '…' || regexp_replace(substr(body, hit - 60, 1000), E'^\\S{0,59}\\s+', '');
	END IF;
	body := btrim(regexp_replace(left(body, 1000), E'\\s+', ' ', 'g'));
	RETURN CASE WHEN length(body) > 200 THEN left(body, 199) || '…' ELSE body END;
END
$$;
COMMENT ON FUNCTION gaiops.prompt_snippet(text, jsonb, text) IS
	'Takes a template or messages, and a regular expression; returns one line from around its first match, '
	'or else from the beginning';

-- As they are, and with blanks for what gaiops.prompt_words() takes for the end of
-- a word.  That nothing is left of them is no notice to whoever searches.  A line of
-- dashes is a blank: to PostgreSQL each one negates the next, and more than 32 are an
-- internal error.
CREATE OR REPLACE FUNCTION gaiops.prompt_search_query(words text)
RETURNS tsquery
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $$
DECLARE
	plain CONSTANT text := regexp_replace(words, E'-(?:\\s*-)+', ' ', 'g');
	given CONSTANT tsquery := websearch_to_tsquery('simple', plain);
	apart CONSTANT tsquery := websearch_to_tsquery('simple',
		regexp_replace(plain, E'[^[:alnum:]\\s"-]+|(?<=[[:alnum:]])-', ' ', 'g'));
BEGIN
	RETURN CASE WHEN given = apart THEN given ELSE given || apart END;
END
$$;
COMMENT ON FUNCTION gaiops.prompt_search_query(text) IS
	'Takes the words of a search for prompts; returns them as a query on gaiops.prompt_contents.words';

-- The words that a query looks for, without those it excludes, as a regular
-- expression; the template may have them in upper case.
CREATE OR REPLACE FUNCTION gaiops.wanted_words(query tsquery)
RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT '(?<![[:alnum:]])(?:'
		|| string_agg(regexp_replace(replace(replace(m.match[1], '''''', ''''), E'\\\\', E'\\'),
		'([^[:alnum:]])', E'\\\\\\1', 'g'), '|') || ')(?![[:alnum:]])'
	FROM regexp_matches(querytree(query), '''((?:[^'']|'''')*)''', 'g') AS m (match)
$$;
COMMENT ON FUNCTION gaiops.wanted_words(tsquery) IS
	'Takes a query; returns a regular expression for the words it looks for, NULL if there are none';

-- A prompt is found if each term is true of it or of a live version, and the words
-- are in a live version, be they different ones.  What is shown of it is a version
-- with the words; among these the one of which most terms are true (alias: of the
-- version it points to, tag: of those that have it, author: of those by that role);
-- then the one that has the words best; then the latest.
--
-- Planned anew for each search, with conditions for nothing but what is asked.
-- OFFSET 0 keeps the planner from adding up every prompt there is.
CREATE OR REPLACE FUNCTION gaiops.prompt_search_statement(query text, OUT statement text, OUT words tsquery)
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	is_live CONSTANT text := 'NOT EXISTS (SELECT FROM gaiops.prompt_deletions AS d '
		'WHERE d.name = c.name AND d.version = c.version)';
	wanted CONSTANT record := gaiops.prompt_search_conditions(query);
	best text;
BEGIN
	words := gaiops.prompt_search_query(wanted.words);
	IF words IS NULL THEN
		best := format('
			SELECT c.name, (max(ARRAY[%s, c.version]))[2] AS version, 0::real AS rank, max(c.created_at) AS updated_at
			FROM gaiops.prompt_contents AS c%s WHERE %s%s
			GROUP BY c.name', wanted.fit, wanted.joined, is_live, wanted.conditions);
	ELSE
		best := format('
			SELECT DISTINCT ON (c.name) c.name, c.version, ts_rank(c.words, $1) AS rank, NULL::timestamptz AS updated_at
			FROM gaiops.prompt_contents AS c%s WHERE c.words @@ $1 AND %s%s
			ORDER BY c.name, %s DESC, rank DESC, c.version DESC',
			wanted.joined, is_live, wanted.conditions, wanted.fit);
	END IF;
	statement := format('
		SELECT b.name, b.version, b.rank, gaiops.prompt_snippet(c.template, c.messages::jsonb, $3),
			p.latest_version, p.aliases, p.tags
		FROM (SELECT * FROM (%s) AS f ORDER BY f.rank DESC, f.updated_at DESC, f.name LIMIT $2) AS b
			JOIN gaiops.prompt_contents AS c ON c.name = b.name AND c.version = b.version
			CROSS JOIN LATERAL (SELECT * FROM gaiops.prompts AS p WHERE p.name = b.name OFFSET 0) AS p
		ORDER BY b.rank DESC, b.updated_at DESC, b.name', best);
END
$$;
COMMENT ON FUNCTION gaiops.prompt_search_statement(text) IS
	'Takes what to search prompts for; returns the statement that does it, and its words; '
	'the statement takes these, the most rows it is to return, and a regular expression for snippets';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_search_prompts(query text, max_results integer DEFAULT 100)
RETURNS TABLE (name text, version integer, rank real, snippet text, latest_version integer, aliases jsonb, tags jsonb)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 20
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	search record;
BEGIN
	PERFORM gaiops.check_given('query', query);
	PERFORM gaiops.check_given('max_results', max_results);
	PERFORM gaiops.check_range('max_results', max_results, 1, 1000);
	PERFORM gaiops.check_size('query', query, 3000);
	search := gaiops.prompt_search_statement(query);
	RETURN QUERY EXECUTE search.statement USING search.words, max_results, gaiops.wanted_words(search.words);
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_search_prompts(text, integer) IS
	'Takes words and terms (tag:key, tag:key=value, alias:production, author:role, name:text) and how many prompts '
	'to return at most; returns those that match, the best first, each with the version that matches best';
