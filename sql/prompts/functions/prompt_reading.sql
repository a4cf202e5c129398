-- Reading the prompt registry, and what those who write it need of C.

CREATE OR REPLACE FUNCTION gaiops.prompt_hash(
	kind text, template text, messages jsonb, response_format jsonb, model_config jsonb, syntax text, includes jsonb)
RETURNS text LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'gaiops_prompt_hash';
COMMENT ON FUNCTION gaiops.prompt_hash(text, text, jsonb, jsonb, jsonb, text, jsonb) IS
	'Takes all that makes up a version of a prompt (what it includes is an array of {"name", "version"} or {"name", '
	'"alias", "follow": true}); returns its SHA-256 as 64 hexadecimal digits';

-- As gaiops.prompt_hash() takes them.
CREATE OR REPLACE FUNCTION gaiops.hashed_prompt_includes(includes jsonb)
RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE includes WHEN '[]' THEN includes ELSE (
	SELECT jsonb_agg(
		CASE WHEN (i.include -> 'follow')::boolean THEN i.include ELSE i.include - 'alias' - 'follow' END ORDER BY i.n)
	FROM jsonb_array_elements(includes) WITH ORDINALITY AS i (include, n)) END;
COMMENT ON FUNCTION gaiops.hashed_prompt_includes(jsonb) IS
	'Takes the includes of a version as in gaiops.prompt_versions; returns the part of them that is hashed';

CREATE OR REPLACE FUNCTION gaiops.prompt_inventory(name text)
RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	WITH live AS (
		SELECT c.version, c.version - row_number() OVER (ORDER BY c.version) AS run
		FROM gaiops.prompt_contents AS c
		WHERE c.name = $1 AND NOT EXISTS (
			SELECT FROM gaiops.prompt_deletions AS d WHERE d.name = c.name AND d.version = c.version)
	), runs AS (
		SELECT min(l.version) AS low, max(l.version) AS high, row_number() OVER (ORDER BY min(l.version)) AS n
		FROM live AS l GROUP BY l.run
	)
	SELECT format('Prompt "%s" has %s %s%s%s.', $1,
		CASE WHEN (SELECT count(*) FROM live) = 1 THEN 'version' ELSE 'versions' END,
		string_agg(
			CASE WHEN r.low = r.high THEN r.low::text ELSE format('%s to %s', r.low, r.high) END, ', ' ORDER BY r.low)
			FILTER (WHERE r.n <= 10),
		CASE WHEN count(*) > 10 THEN ' and more' END,
		(SELECT ', and ' || CASE count(*) WHEN 1 THEN 'alias ' ELSE 'aliases ' END
				|| string_agg(format('"%s"', a.alias), ', ' ORDER BY a.alias)
			FROM gaiops.prompt_aliases AS a WHERE a.name = $1 HAVING count(*) > 0))
	FROM runs AS r
	HAVING count(*) > 0
$$;
COMMENT ON FUNCTION gaiops.prompt_inventory(text) IS
	'Takes the name of a prompt; returns a sentence that says which versions and aliases it has, '
	'NULL if there is no such prompt';

CREATE OR REPLACE FUNCTION gaiops.prompt_names()
RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT CASE count(*)
		WHEN 0 THEN 'No prompt is registered.'
		WHEN 1 THEN format('There is prompt "%s".', min(p.name))
		ELSE format('There are prompts %s%s.',
			string_agg(format('"%s"', p.name), ', ' ORDER BY p.name) FILTER (WHERE p.n <= 10),
			CASE WHEN count(*) > 10 THEN format(' and %s more', count(*) - 10) END) END
	FROM (
		SELECT c.name, row_number() OVER (ORDER BY c.name) AS n
		FROM gaiops.prompt_contents AS c
		WHERE NOT EXISTS (
			SELECT FROM gaiops.prompt_deletions AS d WHERE d.name = c.name AND d.version = c.version)
		GROUP BY c.name) AS p
$$;
COMMENT ON FUNCTION gaiops.prompt_names() IS
	'Returns a sentence that names the prompts that are registered, the first ten of them';

CREATE OR REPLACE FUNCTION gaiops.parse_prompt(
	template text, messages json, syntax text DEFAULT 'gaiops', OUT variables text[], OUT includes jsonb,
	OUT is_plain boolean)
RETURNS record LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'gaiops_parse_prompt_texts';
COMMENT ON FUNCTION gaiops.parse_prompt(text, json, text) IS
	'Takes the template of a text prompt or the messages of a chat prompt; returns its variables, what it includes, '
	'and whether it has nothing but placeholders; raises if it is no template';

CREATE OR REPLACE FUNCTION gaiops.check_prompt(name text, version integer)
RETURNS text[] LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_check_prompt';
COMMENT ON FUNCTION gaiops.check_prompt(text, integer) IS
	'Takes a version of a prompt; returns the variables of it and of all it includes; '
	'raises if it would include itself or something is not there';

CREATE OR REPLACE FUNCTION gaiops.check_prompt_name(name text)
RETURNS void LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'gaiops_check_prompt_name';
COMMENT ON FUNCTION gaiops.check_prompt_name(text) IS
	'Takes a name and returns nothing; raises unless a prompt may have it';

CREATE OR REPLACE FUNCTION gaiops.check_prompt_alias(alias text)
RETURNS void LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'gaiops_check_prompt_alias';
COMMENT ON FUNCTION gaiops.check_prompt_alias(text) IS
	'Takes an alias and returns nothing; raises unless a prompt may have it';

CREATE OR REPLACE FUNCTION gaiops.raise_unknown_prompt(name text, version integer)
RETURNS void LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_raise_unknown_prompt';
COMMENT ON FUNCTION gaiops.raise_unknown_prompt(text, integer) IS
	'Takes a prompt and a version of it, or NULL for any; raises that there is none, and says what there is';

CREATE OR REPLACE FUNCTION gaiops.draw_prompt_version(name text)
RETURNS integer LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_draw_prompt_version';
COMMENT ON FUNCTION gaiops.draw_prompt_version(text) IS
	'Takes the name of a prompt; returns a number for a new version, which a rollback does not give back';

CREATE OR REPLACE FUNCTION gaiops.reserve_prompt_versions(names text[], versions integer[])
RETURNS void LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_reserve_prompt_versions';
COMMENT ON FUNCTION gaiops.reserve_prompt_versions(text[], integer[]) IS
	'Takes prompts and a number for each, has the numbers up to it taken, and returns nothing; '
	'a rollback does not give them back';

CREATE OR REPLACE FUNCTION gaiops.find_prompt_version_users(name text, version integer)
RETURNS text LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_find_prompt_version_users';
COMMENT ON FUNCTION gaiops.find_prompt_version_users(text, integer) IS
	'Takes a version of a prompt; returns what uses it now, whatever the snapshot of the transaction, or NULL';

CREATE OR REPLACE FUNCTION gaiops.find_alias_protection(name text, alias text)
RETURNS text[] LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_find_alias_protection';
COMMENT ON FUNCTION gaiops.find_alias_protection(text, text) IS
	'Takes an alias of a prompt; returns the roles that may move it now, '
	'whatever the snapshot of the transaction, NULL if all may';

-- VOLATILE: they look with a snapshot of their own, so that nothing is stale.
-- gaiops_load_prompt() is beside the view whose rows it returns.
CREATE OR REPLACE FUNCTION pg_catalog.gaiops_format_prompt(
	uri text, variables gaiops.ordered_json DEFAULT '{}', allow_partial boolean DEFAULT false)
RETURNS text LANGUAGE c VOLATILE PARALLEL UNSAFE COST 100 AS 'MODULE_PATHNAME', 'gaiops_render_prompt';
COMMENT ON FUNCTION pg_catalog.gaiops_format_prompt(text, gaiops.ordered_json, boolean) IS
	'Takes the address of a text prompt and values for its variables, and returns the text; '
	'with allow_partial, placeholders without a value are left standing';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_format_messages(
	uri text, variables gaiops.ordered_json DEFAULT '{}', allow_partial boolean DEFAULT false)
RETURNS json LANGUAGE c VOLATILE PARALLEL UNSAFE COST 100 AS 'MODULE_PATHNAME', 'gaiops_render_messages';
COMMENT ON FUNCTION pg_catalog.gaiops_format_messages(text, gaiops.ordered_json, boolean) IS
	'Takes the address of a prompt and values for its variables, and returns its messages; '
	'a text prompt is one system message';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_prompt_variables(uri text)
RETURNS text[] LANGUAGE c VOLATILE PARALLEL UNSAFE COST 100 AS 'MODULE_PATHNAME', 'gaiops_prompt_variables';
COMMENT ON FUNCTION pg_catalog.gaiops_prompt_variables(text) IS
	'Takes the address of a prompt and returns the names of the variables '
	'and placeholders in it and in all it includes';
