-- Taking prompts from one database to another, as a document: see
-- prompt_document.sql.

-- ---- export: runs as the caller, who may read the tables ----

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

-- ---- import: what is to be done ----

CREATE OR REPLACE FUNCTION gaiops.prompt_document_versions(
	document json, OUT content gaiops.prompt_contents, OUT includes jsonb, OUT tags jsonb, OUT deleted_at timestamptz,
	OUT deleted_by name)
RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT json_populate_record(
			json_populate_record(NULL::gaiops.prompt_contents, json_build_object('name', p.name)), v.version),
		coalesce(v.version -> 'includes', '[]')::jsonb, coalesce(v.version -> 'tags', '[]')::jsonb,
		(v.version ->> 'deleted_at')::timestamptz, (v.version ->> 'deleted_by')::name
	FROM json_to_recordset(document -> 'prompts') AS p (name text, versions json),
		json_array_elements(p.versions) AS v (version)
$$;
COMMENT ON FUNCTION gaiops.prompt_document_versions(json) IS
	'Takes a document of prompts; returns the versions in it, each as a row of gaiops.prompt_contents '
	'and what the other tables have of it';

-- An alias that was deleted or protected here is known here.
CREATE OR REPLACE FUNCTION gaiops.missing_prompt_aliases(
	document json, OUT name text, OUT alias text, OUT version integer)
RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT d.name, d.alias, max(d.version)
	FROM (
		SELECT p.name, a.alias, a.version
		FROM json_to_recordset(document -> 'prompts') AS p (name text, aliases jsonb),
			jsonb_to_recordset(p.aliases) AS a (alias text, version integer)
		UNION ALL
		SELECT p.name, h.alias, NULL
		FROM json_to_recordset(document -> 'prompts') AS p (name text, alias_history jsonb),
			jsonb_to_recordset(p.alias_history) AS h (alias text)
	) AS d (name, alias, version)
	WHERE NOT EXISTS (SELECT FROM gaiops.prompt_aliases AS a WHERE a.name = d.name AND a.alias = d.alias)
		AND NOT EXISTS (SELECT FROM gaiops.prompt_alias_history AS h WHERE h.name = d.name AND h.alias = d.alias)
		AND NOT EXISTS (SELECT FROM gaiops.protected_prompt_aliases AS p WHERE p.name = d.name AND p.alias = d.alias)
	GROUP BY d.name, d.alias
$$;
COMMENT ON FUNCTION gaiops.missing_prompt_aliases(json) IS
	'Takes a document of prompts; returns the aliases in it of which nothing is known here, and where they point, '
	'NULL if only their history is there';

-- Whoever can change tables by hand can make an export that nobody should trust,
-- but need not give up the other prompts in it.
CREATE OR REPLACE FUNCTION gaiops.unfounded_prompt_aliases(document json, OUT name text, OUT alias text)
RETURNS SETOF record
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	WITH prompt AS (
		SELECT * FROM json_to_recordset(document -> 'prompts') AS p (name text, aliases jsonb, alias_history jsonb)
	), last_move AS (
		SELECT DISTINCT ON (p.name, h.move ->> 'alias') p.name, h.move ->> 'alias' AS alias,
			(h.move -> 'to_version')::integer AS version
		FROM prompt AS p, jsonb_array_elements(p.alias_history) WITH ORDINALITY AS h (move, n)
		ORDER BY p.name, h.move ->> 'alias', h.n DESC
	), alias AS (
		SELECT p.name, a.alias, a.version
		FROM prompt AS p, jsonb_to_recordset(p.aliases) AS a (alias text, version integer)
	)
	SELECT name, alias
	FROM alias AS a FULL JOIN last_move AS m USING (name, alias)
	WHERE a.version IS DISTINCT FROM m.version
$$;
COMMENT ON FUNCTION gaiops.unfounded_prompt_aliases(json) IS
	'Takes a document of prompts; returns the aliases in it that do not point to where their history says';

CREATE OR REPLACE FUNCTION gaiops.judge_prompts(document json, OUT name text, OUT action text, OUT detail text)
RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	WITH version AS MATERIALIZED (
		SELECT (v.content).name, (v.content).version, (v.content).content_hash AS hash,
			gaiops.prompt_hash((v.content).kind, (v.content).template, (v.content).messages::jsonb,
				nullif((v.content).response_format::jsonb, '{}'), nullif((v.content).model_config::jsonb, '{}'),
			(v.content).syntax, gaiops.hashed_prompt_includes(v.includes)) AS true_hash
		FROM gaiops.prompt_document_versions(document) AS v
	), trouble AS (
		SELECT 1 AS rank, v.name, 'refused' AS action,
			format('The content_hash is not that of the content: version %s.',
			gaiops.list_some(array_agg(v.version::text ORDER BY v.version))) AS detail
		FROM version AS v
		WHERE v.hash <> v.true_hash
		GROUP BY v.name
		UNION ALL
		SELECT 2, u.name, 'refused', format('Does not fit its history: alias %s.',
			gaiops.list_some(array_agg(format('"%s"', u.alias) ORDER BY u.alias COLLATE "C")))
		FROM gaiops.unfounded_prompt_aliases(document) AS u
		GROUP BY u.name
		UNION ALL
		SELECT 3, v.name, 'conflict', format('Something else here: version %s.',
			gaiops.list_some(array_agg(v.version::text ORDER BY v.version)))
		FROM version AS v JOIN gaiops.prompt_contents AS c ON c.name = v.name AND c.version = v.version
		WHERE c.content_hash <> v.hash
		GROUP BY v.name
		UNION ALL
		SELECT 4, v.name, 'conflict', format('Drawn here for something that was not kept: version %s.',
			gaiops.list_some(array_agg(v.version::text ORDER BY v.version)))
		FROM version AS v JOIN gaiops.prompt_numbers AS n ON n.name = v.name AND n.version = v.version
		WHERE n.token IS NOT NULL
			AND NOT EXISTS (SELECT FROM gaiops.prompt_contents AS c WHERE c.name = v.name AND c.version = v.version)
		GROUP BY v.name
		UNION ALL
		SELECT 5, a.name, 'conflict', format('Deleted here, but an alias is to point to it: version %s.',
			gaiops.list_some(array_agg(DISTINCT a.version::text)))
		FROM gaiops.missing_prompt_aliases(document) AS a
			JOIN gaiops.prompt_deletions AS d ON d.name = a.name AND d.version = a.version
		GROUP BY a.name
	)
	SELECT t.name, (array_agg(t.action ORDER BY t.rank))[1], string_agg(t.detail, ' ' ORDER BY t.rank)
	FROM trouble AS t
	GROUP BY t.name
$$;
COMMENT ON FUNCTION gaiops.judge_prompts(json) IS
	'Takes a document of prompts; returns those that cannot be imported, by what they say and by what is here, and why';

-- All but what is blocked is imported, or is here already.
CREATE OR REPLACE FUNCTION gaiops.judge_prompt_includes(document json, blocked jsonb, OUT name text, OUT detail text)
RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	WITH version AS MATERIALIZED (
		SELECT (v.content).name, (v.content).version, (v.content).content_hash AS hash, v.includes,
			v.deleted_at IS NOT NULL AS is_deleted, blocked ? (v.content).name AS is_blocked
		FROM gaiops.prompt_document_versions(document) AS v
	), include AS (
		SELECT v.name, v.version, i.name AS included_name, i.version AS included_version,
			CASE WHEN i.follow THEN i.alias END AS alias
		FROM version AS v, jsonb_to_recordset(v.includes) AS i (name text, version integer, alias text, follow boolean)
		WHERE NOT v.is_deleted AND NOT v.is_blocked
			AND NOT EXISTS (SELECT FROM gaiops.prompt_contents AS c WHERE c.name = v.name AND c.version = v.version)
	), alias AS MATERIALIZED (
		SELECT a.name, a.alias FROM gaiops.prompt_aliases AS a
		UNION ALL
		SELECT m.name, m.alias FROM gaiops.missing_prompt_aliases(document) AS m
			WHERE m.version IS NOT NULL AND NOT blocked ? m.name
	), problem AS (
		SELECT i.name, i.version, format('prompts:/%s/%s', i.included_name, i.included_version) AS included, CASE
			WHEN d.name IS NOT NULL THEN 'is deleted here'
			WHEN c.name IS NOT NULL AND v.hash <> c.content_hash THEN 'says something else here'
			WHEN c.name IS NOT NULL THEN NULL
			WHEN v.name IS NULL THEN 'is neither here nor in the document'
			WHEN v.is_blocked THEN 'is not imported'
			WHEN v.is_deleted THEN 'is deleted' END AS problem
		FROM include AS i
			LEFT JOIN gaiops.prompt_contents AS c ON c.name = i.included_name AND c.version = i.included_version
			LEFT JOIN gaiops.prompt_deletions AS d ON d.name = i.included_name AND d.version = i.included_version
			LEFT JOIN version AS v ON v.name = i.included_name AND v.version = i.included_version
		WHERE i.alias IS NULL
		UNION ALL
		SELECT i.name, i.version, format('prompts:/%s@%s', i.included_name, i.alias), 'is neither here nor imported'
		FROM include AS i
		WHERE i.alias IS NOT NULL
			AND NOT EXISTS (SELECT FROM alias AS a WHERE a.name = i.included_name AND a.alias = i.alias)
	)
	SELECT DISTINCT ON (p.name) p.name, format('Version %s includes %s, which %s.', p.version, p.included, p.problem)
	FROM problem AS p
	WHERE p.problem IS NOT NULL
	ORDER BY p.name, p.version, p.included
$$;
COMMENT ON FUNCTION gaiops.judge_prompt_includes(json, jsonb) IS
	'Takes a document of prompts and an object of those not imported; returns others that cannot be, '
	'because of what they include, and why';

CREATE OR REPLACE FUNCTION gaiops.prepare_prompts(
	document json, blocked jsonb, OUT content gaiops.prompt_contents, OUT problem text)
RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	given record;
	cause text;
BEGIN
	FOR given IN
		SELECT v.content, v.includes FROM gaiops.prompt_document_versions(document) AS v
		WHERE NOT blocked ? (v.content).name AND NOT EXISTS (
			SELECT FROM gaiops.prompt_contents AS c
			WHERE c.name = (v.content).name AND c.version = (v.content).version)
		ORDER BY (v.content).name, (v.content).version
	LOOP
		content := given.content;
		problem := NULL;
		BEGIN
			content := (gaiops.prepare_prompt_version(given.content, given.includes)).content;
		EXCEPTION WHEN data_exception OR program_limit_exceeded OR SQLSTATE 'LM013' THEN
			GET STACKED DIAGNOSTICS cause = PG_EXCEPTION_DETAIL;
			problem := concat_ws(' ', format('Version %s: %s.', content.version, SQLERRM), nullif(cause, ''));
		END;
		RETURN NEXT;
	END LOOP;
END
$$;
COMMENT ON FUNCTION gaiops.prepare_prompts(json, jsonb) IS
	'Takes a document of prompts and an object of those not imported; '
	'returns the versions that are not here as they may be stored, or what is wrong with them';

-- ---- import: doing it ----

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
		INSERT INTO gaiops.prompt_contents SELECT c.* FROM unnest(contents) AS c
		RETURNING name
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
			SELECT p.name, h.*
			FROM json_to_recordset(document -> 'prompts') AS p (name text, alias_history jsonb)
				CROSS JOIN LATERAL ROWS FROM (jsonb_to_recordset(p.alias_history) AS (alias text,
					from_version integer, to_version integer,
					reason text, undoes bigint, moved_at timestamptz, moved_by name)) WITH ORDINALITY
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
	SELECT array_agg(p.name ORDER BY p.name COLLATE "C"),
		array_agg(p.highest_number ORDER BY p.name COLLATE "C") INTO names, numbers
		FROM json_to_recordset(document -> 'prompts') AS p (name text, highest_number integer)
		WHERE NOT EXISTS (
			SELECT FROM gaiops.prompt_numbers AS n WHERE n.name = p.name AND n.version >= p.highest_number);
	IF names IS NULL THEN
		RETURN '{}';
	END IF;
	PERFORM gaiops.reserve_prompt_versions(names, numbers);
	RETURN (SELECT jsonb_object_agg(n.name, n.number) FROM unnest(names, numbers) AS n (name, number));
END
$$;
COMMENT ON FUNCTION gaiops.reserve_document_numbers(json) IS
	'Takes a document of prompts, has the numbers that were drawn where it is from taken here, too, '
	'and returns the highest one by prompt, where they were not';

CREATE OR REPLACE FUNCTION gaiops.kept_prompt_parts(document json, OUT name text, OUT detail text)
RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	WITH kept AS (
		SELECT p.name, 1 AS rank, format('alias "%s"', d.alias) AS what
		FROM json_to_recordset(document -> 'prompts') AS p (name text, aliases jsonb)
			CROSS JOIN LATERAL jsonb_to_recordset(p.aliases) AS d (alias text, version integer)
			LEFT JOIN gaiops.prompt_aliases AS a ON a.name = p.name AND a.alias = d.alias
		WHERE a.version IS DISTINCT FROM d.version
			AND NOT EXISTS (SELECT FROM gaiops.missing_prompt_aliases(document) AS m
				WHERE m.name = p.name AND m.alias = d.alias)
		UNION ALL
		SELECT p.name, 2, format('tag "%s"', d.key)
		FROM json_to_recordset(document -> 'prompts') AS p (name text, tags jsonb)
			CROSS JOIN LATERAL jsonb_to_recordset(p.tags) AS d (key text, value text)
			JOIN gaiops.prompt_tags AS t ON t.name = p.name AND t.key = d.key
		WHERE t.value <> d.value
		UNION ALL
		SELECT (v.content).name, 3, format('tag "%s" of version %s', d.key, t.version)
		FROM gaiops.prompt_document_versions(document) AS v
			CROSS JOIN LATERAL jsonb_to_recordset(v.tags) AS d (key text, value text)
			JOIN gaiops.prompt_version_tags AS t ON t.name = (v.content).name
				AND t.version = (v.content).version AND t.key = d.key
		WHERE t.value <> d.value
		UNION ALL
		SELECT c.name, 4, format('version %s, which is deleted %s', c.version,
			CASE WHEN d.name IS NULL THEN 'in the document' ELSE 'here' END)
		FROM gaiops.prompt_document_versions(document) AS v
			JOIN gaiops.prompt_contents AS c ON c.name = (v.content).name AND c.version = (v.content).version
			LEFT JOIN gaiops.prompt_deletions AS d ON d.name = c.name AND d.version = c.version
		WHERE (d.name IS NULL) = (v.deleted_at IS NOT NULL)
		UNION ALL
		SELECT p.name, 5, format('protection of alias "%s"', d.alias)
		FROM json_to_recordset(document -> 'prompts') AS p (name text, protected_aliases jsonb)
			CROSS JOIN LATERAL jsonb_to_recordset(p.protected_aliases) AS d (alias text, roles text[])
			JOIN gaiops.protected_prompt_aliases AS a ON a.name = p.name AND a.alias = d.alias
		WHERE NOT (a.roles @> d.roles AND a.roles <@ d.roles)
	)
	SELECT k.name, format('Left as it is here: %s.', gaiops.list_some(array_agg(k.what ORDER BY k.rank, k.what)))
	FROM kept AS k
	GROUP BY k.name
$$;
COMMENT ON FUNCTION gaiops.kept_prompt_parts(json) IS
	'Takes a document of prompts; returns what of each is otherwise here and will stay so';

CREATE OR REPLACE FUNCTION gaiops.judge_document(
	document json, OUT verdicts jsonb, OUT contents gaiops.prompt_contents[])
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	unmet jsonb;
BEGIN
	SELECT coalesce(jsonb_object_agg(j.name, jsonb_build_object('action', j.action, 'detail', j.detail)), '{}')
		INTO verdicts
		FROM gaiops.judge_prompts(document) AS j;
	SELECT verdicts || coalesce(jsonb_object_agg((p.content).name,
		jsonb_build_object('action', 'refused', 'detail', p.problem)
				ORDER BY (p.content).version DESC) FILTER (WHERE p.problem IS NOT NULL), '{}'),
			array_agg(p.content) FILTER (WHERE p.problem IS NULL)
		INTO verdicts, contents
		FROM gaiops.prepare_prompts(document, verdicts) AS p;
	LOOP
		SELECT jsonb_object_agg(u.name, jsonb_build_object('action', 'refused', 'detail', u.detail)) INTO unmet
			FROM gaiops.judge_prompt_includes(document, verdicts) AS u;
		EXIT WHEN unmet IS NULL;
		verdicts := verdicts || unmet;
	END LOOP;
	contents := ARRAY(SELECT c FROM unnest(contents) AS c WHERE NOT verdicts ? c.name);
END
$$;
COMMENT ON FUNCTION gaiops.judge_document(json) IS
	'Takes a document of prompts; returns an object of those that cannot be imported, '
	'and the versions of the others that are not here, as they may be stored';

-- The writer draws numbers, whatever we have locked.
CREATE OR REPLACE FUNCTION gaiops.check_undrawn(contents gaiops.prompt_contents[])
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	drawn text;
BEGIN
	SELECT format('prompts:/%s/%s', n.name, n.version) INTO drawn
		FROM unnest(contents) AS c JOIN gaiops.prompt_numbers AS n ON n.name = c.name AND n.version = c.version
		WHERE n.token IS NOT NULL
		ORDER BY n.name, n.version LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'serialization_failure',
			MESSAGE = 'could not import prompts that are registered at the same time',
			DETAIL = format('%s was drawn meanwhile.', drawn),
			HINT = 'Import the document again.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_undrawn(gaiops.prompt_contents[]) IS
	'Takes versions that are to be stored and returns nothing; raises if the number of one was drawn here';

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
