-- Prompts as a document, to take them to another database: see prompt_document.sql.
-- It is made as the caller, who may read the tables.

CREATE OR REPLACE FUNCTION gaiops.export_prompt_versions(prompt text)
RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT coalesce(json_agg((
		SELECT json_object_agg(m.key, m.value ORDER BY m.n)
		FROM (VALUES
			(1, 'version', to_json(c.version)), (2, 'kind', to_json(c.kind)), (3, 'template', to_json(c.template)),
			(4, 'messages', c.messages), (5, 'response_format', c.response_format), (6, 'model_config', c.model_config),
			(7, 'syntax', to_json(c.syntax)),
			(8, 'includes', coalesce((
				SELECT json_agg(json_strip_nulls(json_build_object('name', i.included_name,
					'version', i.included_version,
					'alias', i.alias, 'follow', i.follow)) ORDER BY i.position)
				FROM gaiops.prompt_includes AS i
				WHERE i.name = c.name AND i.version = c.version), '[]')),
			(9, 'content_hash', to_json(c.content_hash)), (10, 'commit_message', to_json(c.commit_message)),
			(11, 'created_at', to_json(c.created_at)), (12, 'created_by', to_json(c.created_by)),
			(13, 'tags', coalesce((
				SELECT json_agg(to_jsonb(t) - 'name' - 'version' ORDER BY t.key)
				FROM gaiops.prompt_version_tags AS t
				WHERE t.name = c.name AND t.version = c.version), '[]')),
			(14, 'deleted_at', to_json(d.deleted_at)), (15, 'deleted_by', to_json(d.deleted_by))) AS m (n, key, value)
		WHERE m.value IS NOT NULL) ORDER BY c.version), '[]')
	FROM gaiops.prompt_contents AS c LEFT JOIN gaiops.prompt_deletions AS d USING (name, version)
	WHERE c.name = prompt
$$;
COMMENT ON FUNCTION gaiops.export_prompt_versions(text) IS
	'Takes the name of a prompt; returns its versions, deleted ones included, as in a document of prompts';

CREATE OR REPLACE FUNCTION gaiops.export_alias_history(prompt text)
RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	WITH move AS (
		SELECT h.*, row_number() OVER (ORDER BY h.id) AS n
		FROM gaiops.prompt_alias_history AS h
		WHERE h.name = prompt
	)
	SELECT coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('alias', m.alias, 'from_version', m.from_version,
		'to_version', m.to_version, 'reason', m.reason, 'undoes', u.n, 'moved_at', m.moved_at, 'moved_by', m.moved_by))
			ORDER BY m.n), '[]')
	FROM move AS m LEFT JOIN move AS u ON u.id = m.undoes
$$;
COMMENT ON FUNCTION gaiops.export_alias_history(text) IS
	'Takes the name of a prompt; returns the moves of its aliases as in a document of prompts';

CREATE OR REPLACE FUNCTION gaiops.export_prompt(prompt text, highest_number integer)
RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT json_build_object('name', prompt, 'highest_number', highest_number,
		'versions', gaiops.export_prompt_versions(prompt),
		'tags', coalesce((
			SELECT json_agg(to_jsonb(t) - 'name' ORDER BY t.key)
			FROM gaiops.prompt_tags AS t WHERE t.name = prompt), '[]'),
		'aliases', coalesce((
			SELECT json_agg(to_jsonb(a) - 'name' ORDER BY a.alias)
			FROM gaiops.prompt_aliases AS a WHERE a.name = prompt), '[]'),
		'alias_history', gaiops.export_alias_history(prompt),
		'protected_aliases', coalesce((
			SELECT json_agg(to_jsonb(p) - 'name' ORDER BY p.alias)
			FROM gaiops.protected_prompt_aliases AS p WHERE p.name = prompt), '[]'))
$$;
COMMENT ON FUNCTION gaiops.export_prompt(text, integer) IS
	'Takes the name of a prompt and the highest number drawn for it; returns it as in a document of prompts';

-- What users can add without limit; the rest is small.
CREATE OR REPLACE FUNCTION gaiops.exported_size(prompt text)
RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT coalesce(sum(octet_length(p.part::text)), 0)
	FROM (
		SELECT json_build_array(
			c.template, c.messages, c.response_format, c.model_config, c.variables, c.commit_message)
		FROM gaiops.prompt_contents AS c WHERE c.name = prompt
		UNION ALL
		SELECT to_json(t) FROM gaiops.prompt_version_tags AS t WHERE t.name = prompt
		UNION ALL
		SELECT to_json(h) FROM gaiops.prompt_alias_history AS h WHERE h.name = prompt) AS p (part)
$$;
COMMENT ON FUNCTION gaiops.exported_size(text) IS
	'Takes the name of a prompt; returns about how many bytes it has in a document of prompts';

-- A value has 1 GB at most, and while a document is put together there are several of it.
CREATE OR REPLACE FUNCTION gaiops.check_export(names text[])
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	most CONSTANT bigint := 256 * 1024 * 1024;
	total bigint;
	largest text;
	size bigint;
BEGIN
	SELECT sum(s.size), max(s.size), (array_agg(s.name ORDER BY s.size DESC, s.name))[1] INTO total, size, largest
		FROM (
			SELECT n.name, gaiops.exported_size(n.name) AS size
			FROM (
				SELECT DISTINCT c.name FROM gaiops.prompt_contents AS c
				WHERE names IS NULL OR c.name = ANY (names)) AS n
		) AS s;
	IF total > most THEN
		RAISE EXCEPTION USING
			ERRCODE = 'program_limit_exceeded',
			MESSAGE = 'prompts are too large for one document',
			DETAIL = format('They have about %s bytes, "%s" alone %s, and a document can have %s.',
				total, largest, size, most),
			HINT = CASE WHEN size > most THEN format('Leave out "%s"; pg_dump has what is in it.', largest)
				ELSE 'Export them in portions.' END;
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_export(text[]) IS
	'Takes names of prompts, NULL for all, and returns nothing; raises if they are too large for a document of prompts';

-- Times are written in UTC, so that the same prompts make the same document.  A version
-- that this transaction registered may be seen where its number, which another one drew,
-- is not.
CREATE OR REPLACE FUNCTION pg_catalog.gaiops_export_prompts(names text[] DEFAULT NULL)
RETURNS json
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
	unknown text;
BEGIN
	PERFORM gaiops.check_elements('names', names);
	SELECT n INTO unknown FROM unnest(names) WITH ORDINALITY AS u (n, i)
		WHERE NOT EXISTS (SELECT FROM gaiops.prompt_numbers AS d WHERE d.name = u.n)
			AND NOT EXISTS (SELECT FROM gaiops.prompt_contents AS c WHERE c.name = u.n)
		ORDER BY u.i LIMIT 1;
	IF FOUND THEN
		PERFORM gaiops.raise_unknown_prompt(unknown, NULL);
	END IF;
	PERFORM gaiops.check_export(names);
	RETURN (
		SELECT json_build_object('format', 'gaiops-prompts', 'format_version', 1, 'exported_at', now(),
			'prompts', coalesce(json_agg(gaiops.export_prompt(d.name, d.highest_number) ORDER BY d.name), '[]'))
		FROM (
			SELECT n.name, max(n.version) AS highest_number
			FROM (
				SELECT d.name, d.version FROM gaiops.prompt_numbers AS d
				UNION ALL
				SELECT c.name, c.version FROM gaiops.prompt_contents AS c) AS n
			WHERE names IS NULL OR n.name = ANY (names)
			GROUP BY n.name) AS d);
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_export_prompts(text[]) IS
	'Takes names of prompts, NULL for all; returns everything there is about them as a document '
	'for gaiops_import_prompts()';
