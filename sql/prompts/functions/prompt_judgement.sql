-- What an import of a document of prompts would do, and whether it may.

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
		SELECT p.name, a.alias, a.version FROM json_to_recordset(document -> 'prompts') AS p (name text, aliases jsonb),
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
	SELECT name, alias FROM alias AS a FULL JOIN last_move AS m USING (name, alias)
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
