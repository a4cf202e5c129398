-- Importing prompts from a document, as prompt_judgement.sql has found that it can be.

CREATE OR REPLACE FUNCTION gaiops.import_prompt_versions(document json, contents gaiops.prompt_contents[])
RETURNS jsonb
LANGUAGE sql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	WITH version AS MATERIALIZED (
		SELECT (v.content).name, (v.content).version, v.includes, v.tags, v.deleted_at, v.deleted_by
		FROM gaiops.prompt_document_versions(document) AS v
		WHERE NOT EXISTS (
			SELECT FROM gaiops.prompt_contents AS c
			WHERE c.name = (v.content).name AND c.version = (v.content).version)
	), content AS (
		INSERT INTO gaiops.prompt_contents SELECT c.* FROM unnest(contents) AS c RETURNING name
	), include AS (
		INSERT INTO gaiops.prompt_includes
		SELECT v.name, v.version, i.n, i.name, i.version, i.alias, i.follow
		FROM version AS v, ROWS FROM (
			jsonb_to_recordset(v.includes) AS (name text, version integer, alias text, follow boolean))
			WITH ORDINALITY AS i (name, version, alias, follow, n)
	), deletion AS (
		INSERT INTO gaiops.prompt_deletions
		SELECT v.name, v.version, v.deleted_at, v.deleted_by
		FROM version AS v WHERE v.deleted_at IS NOT NULL
	), tag AS (
		INSERT INTO gaiops.prompt_version_tags
		SELECT v.name, v.version, t.key, t.value, t.updated_at, t.updated_by
		FROM version AS v,
			jsonb_to_recordset(v.tags) AS t (key text, value text, updated_at timestamptz, updated_by name)
	)
	SELECT coalesce(jsonb_object_agg(n.name, n.n), '{}')
	FROM (SELECT c.name, count(*) AS n FROM content AS c GROUP BY c.name) AS n
$$;
COMMENT ON FUNCTION gaiops.import_prompt_versions(json, gaiops.prompt_contents[]) IS
	'Takes a document of prompts and the versions of it that are not here as they may be stored; '
	'stores them with all that is theirs, and returns how many by prompt';

-- What was deleted here gets no tags.
CREATE OR REPLACE FUNCTION gaiops.import_prompt_tags(document json)
RETURNS jsonb
LANGUAGE sql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	WITH live AS MATERIALIZED (
		SELECT c.name, c.version FROM gaiops.prompt_contents AS c
		WHERE NOT EXISTS (SELECT FROM gaiops.prompt_deletions AS d WHERE d.name = c.name AND d.version = c.version)
	), version_tag AS (
		INSERT INTO gaiops.prompt_version_tags
		SELECT l.name, l.version, t.key, t.value, t.updated_at, t.updated_by
		FROM gaiops.prompt_document_versions(document) AS v
			JOIN live AS l ON l.name = (v.content).name AND l.version = (v.content).version
			CROSS JOIN LATERAL jsonb_to_recordset(v.tags)
				AS t (key text, value text, updated_at timestamptz, updated_by name)
		ON CONFLICT DO NOTHING
		RETURNING name
	), tag AS (
		INSERT INTO gaiops.prompt_tags
		SELECT p.name, t.key, t.value, t.updated_at, t.updated_by
		FROM json_to_recordset(document -> 'prompts') AS p (name text, tags jsonb),
			jsonb_to_recordset(p.tags) AS t (key text, value text, updated_at timestamptz, updated_by name)
		WHERE p.name IN (SELECT l.name FROM live AS l)
		ON CONFLICT DO NOTHING
		RETURNING name
	)
	SELECT coalesce(jsonb_object_agg(n.name, n.n), '{}')
	FROM (
		SELECT a.name, count(*) AS n
		FROM (SELECT v.name FROM version_tag AS v UNION ALL SELECT t.name FROM tag AS t) AS a
		GROUP BY a.name) AS n
$$;
COMMENT ON FUNCTION gaiops.import_prompt_tags(json) IS
	'Takes a document of prompts, adds the tags that are missing here, and returns how many by prompt';

CREATE OR REPLACE FUNCTION gaiops.import_prompt_aliases(document json)
RETURNS jsonb
LANGUAGE sql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	WITH missing AS MATERIALIZED (
		SELECT * FROM gaiops.missing_prompt_aliases(document)
	), alias AS (
		INSERT INTO gaiops.prompt_aliases
		SELECT m.name, m.alias, m.version, a.updated_at, a.updated_by
		FROM json_to_recordset(document -> 'prompts') AS p (name text, aliases jsonb)
			CROSS JOIN LATERAL jsonb_to_recordset(p.aliases) AS a (alias text, updated_at timestamptz, updated_by name)
			JOIN missing AS m ON m.name = p.name AND m.alias = a.alias
	), move AS MATERIALIZED (
		SELECT nextval('gaiops.prompt_alias_history_id_seq') AS id, o.*
		FROM (
			SELECT p.name, h.* FROM json_to_recordset(document -> 'prompts') AS p (name text, alias_history jsonb)
				CROSS JOIN LATERAL ROWS FROM (jsonb_to_recordset(p.alias_history) AS (
					alias text, from_version integer, to_version integer, reason text, undoes bigint,
					moved_at timestamptz, moved_by name)) WITH ORDINALITY
					AS h (alias, from_version, to_version, reason, undoes, moved_at, moved_by, n)
				JOIN missing AS m ON m.name = p.name AND m.alias = h.alias
			ORDER BY p.name, h.n) AS o
	), history AS (
		INSERT INTO gaiops.prompt_alias_history (id, name, alias, from_version, to_version,
			reason, undoes, moved_at, moved_by)
		SELECT m.id, m.name, m.alias, m.from_version, m.to_version, m.reason, u.id, m.moved_at, m.moved_by
		FROM move AS m LEFT JOIN move AS u ON u.name = m.name AND u.n = m.undoes
	)
	SELECT coalesce(jsonb_object_agg(n.name, n.n), '{}')
	FROM (SELECT m.name, count(*) AS n FROM missing AS m GROUP BY m.name) AS n
$$;
COMMENT ON FUNCTION gaiops.import_prompt_aliases(json) IS
	'Takes a document of prompts, adds the aliases that are missing here with their history, '
	'and returns how many by prompt';

CREATE OR REPLACE FUNCTION gaiops.import_alias_protections(document json)
RETURNS jsonb
LANGUAGE sql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	WITH protection AS (
		INSERT INTO gaiops.protected_prompt_aliases
		SELECT p.name, a.alias, a.roles, a.protected_at, a.protected_by
		FROM json_to_recordset(document -> 'prompts') AS p (name text, protected_aliases jsonb),
			jsonb_to_recordset(p.protected_aliases)
				AS a (alias text, roles text[], protected_at timestamptz, protected_by name)
		ON CONFLICT DO NOTHING
		RETURNING name
	)
	SELECT coalesce(jsonb_object_agg(n.name, n.n), '{}')
	FROM (SELECT p.name, count(*) AS n FROM protection AS p GROUP BY p.name) AS n
$$;
COMMENT ON FUNCTION gaiops.import_alias_protections(json) IS
	'Takes a document of prompts, protects the aliases that are not protected here, and returns how many by prompt';

CREATE OR REPLACE FUNCTION gaiops.reserve_document_numbers(document json)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	names text[];
	numbers integer[];
BEGIN
	SELECT array_agg(p.name ORDER BY p.name COLLATE "C"), array_agg(p.highest_number ORDER BY p.name COLLATE "C")
		INTO names, numbers FROM json_to_recordset(document -> 'prompts') AS p (name text, highest_number integer)
		WHERE NOT EXISTS (
			SELECT FROM gaiops.prompt_numbers AS n WHERE n.name = p.name AND n.version >= p.highest_number);
	IF names IS NOT NULL THEN
		PERFORM gaiops.reserve_prompt_versions(names, numbers);
	END IF;
	RETURN (SELECT coalesce(jsonb_object_agg(n.name, n.number), '{}') FROM unnest(names, numbers) AS n (name, number));
END
$$;
COMMENT ON FUNCTION gaiops.reserve_document_numbers(json) IS
	'Takes a document of prompts, has the numbers that were drawn where it is from taken here, too, '
	'and returns the highest one by prompt, where they were not';

CREATE OR REPLACE FUNCTION gaiops.import_judged_prompts(document json, contents gaiops.prompt_contents[])
RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	added jsonb;
BEGIN
	added := jsonb_build_object('kept', (
		SELECT coalesce(jsonb_object_agg(k.name, k.detail), '{}') FROM gaiops.kept_prompt_parts(document) AS k));
	added := added || jsonb_build_object('numbers', gaiops.reserve_document_numbers(document));
	PERFORM gaiops.check_undrawn(contents);
	added := added || jsonb_build_object('versions', gaiops.import_prompt_versions(document, contents));
	added := added || jsonb_build_object('tags', gaiops.import_prompt_tags(document));
	added := added || jsonb_build_object('aliases', gaiops.import_prompt_aliases(document));
	added := added || jsonb_build_object('protections', gaiops.import_alias_protections(document));
	PERFORM gaiops.check_prompt(c.name, c.version)
		FROM unnest(contents) AS c
		WHERE NOT EXISTS (SELECT FROM gaiops.prompt_deletions AS d WHERE d.name = c.name AND d.version = c.version)
		ORDER BY c.name, c.version;
	RETURN added;
END
$$;
COMMENT ON FUNCTION gaiops.import_judged_prompts(json, gaiops.prompt_contents[]) IS
	'Takes a document of prompts that can be imported, and the versions of it that are not here '
	'as they may be stored; adds what is missing here, and returns how much by kind and prompt, '
	'and what stays otherwise; raises if a version could not be used';

CREATE OR REPLACE FUNCTION gaiops.describe_import(prompt text, added jsonb)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT 'Added: ' || string_agg(format(CASE a.n WHEN 1 THEN a.one ELSE a.many END, a.n), ', ' ORDER BY a.rank) || '.'
	FROM (VALUES
		(1, '%s version', '%s versions', (added #> ARRAY['versions', prompt])::integer),
		(2, '%s tag', '%s tags', (added #> ARRAY['tags', prompt])::integer),
		(3, '%s alias', '%s aliases', (added #> ARRAY['aliases', prompt])::integer),
		(4, '%s protected alias', '%s protected aliases', (added #> ARRAY['protections', prompt])::integer),
		(5, 'number %s', 'numbers up to %s',
			CASE WHEN NOT (added -> 'versions') ? prompt THEN (added #> ARRAY['numbers', prompt])::integer END)
	) AS a (rank, one, many, n)
	WHERE a.n IS NOT NULL
$$;
COMMENT ON FUNCTION gaiops.describe_import(text, jsonb) IS
	'Takes a prompt and what gaiops.import_judged_prompts() returned; returns what was added of it, '
	'in words, NULL if nothing';

CREATE OR REPLACE FUNCTION gaiops.inner_import_prompts(document gaiops.ordered_json)
RETURNS TABLE (name text, action text, detail text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	judged record;
	known jsonb;
	added jsonb;
BEGIN
	PERFORM gaiops.check_import('gaiops_import_prompts');
	PERFORM gaiops.check_prompt_document(document::jsonb);
	-- What is found here has to stay so.  Whoever changes any of it locks this table, or a row of it, first, so
	-- that nobody we wait for waits for us.  Reading goes on.
	LOCK TABLE gaiops.prompt_contents IN EXCLUSIVE MODE;
	SELECT jsonb_object_agg(c.name, true) INTO known FROM gaiops.prompt_contents AS c;
	judged := gaiops.judge_document(document);
	added := gaiops.import_judged_prompts(json_build_object('prompts', (
		SELECT coalesce(json_agg(p ORDER BY n) FILTER (WHERE NOT judged.verdicts ? (p ->> 'name')), '[]')
		FROM json_array_elements(document -> 'prompts') WITH ORDINALITY AS d (p, n))), judged.contents);
	RETURN QUERY
		SELECT p.name, coalesce(v.action, CASE
				WHEN i.words IS NULL THEN 'unchanged' WHEN known ? p.name THEN 'extended' ELSE 'imported' END),
			coalesce(v.detail, nullif(concat_ws(' ', i.words, added #>> ARRAY['kept', p.name]), ''))
		FROM json_to_recordset(document -> 'prompts') AS p (name text)
			CROSS JOIN LATERAL gaiops.describe_import(p.name, added) AS i (words)
			CROSS JOIN LATERAL jsonb_to_record(coalesce(judged.verdicts -> p.name, '{}'))
				AS v (action text, detail text)
		ORDER BY p.name COLLATE "C";
END
$$;
COMMENT ON FUNCTION gaiops.inner_import_prompts(gaiops.ordered_json) IS
	'Takes the arguments of gaiops_import_prompts() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_import_prompts(document gaiops.ordered_json)
RETURNS TABLE (name text, action text, detail text)
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_import_prompts(gaiops.ordered_json) IS
	'Takes a document of prompts from gaiops_export_prompts(), adds what is missing here, '
	'changes nothing that is there, and returns what was done with each prompt; raises if one would include itself';
