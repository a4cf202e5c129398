-- A document of prompts, as gaiops_export_prompts() returns it:
--
--   {"format": "gaiops-prompts", "format_version": 1, "exported_at": TIME, "prompts": [
--     {"name": TEXT, "highest_number": INTEGER,
--      "versions": [{"version", "kind", "template" or "messages", "response_format", "model_config", "syntax",
--                    "includes": [{"name", "version", "alias", "follow"}], "content_hash", "commit_message",
--                    "created_at", "created_by", "tags", "deleted_at", "deleted_by"}],
--      "tags": [{"key", "value", "updated_at", "updated_by"}],
--      "aliases": [{"alias", "version", "updated_at", "updated_by"}],
--      "alias_history": [{"alias", "from_version", "to_version", "reason", "undoes", "moved_at", "moved_by"}],
--      "protected_aliases": [{"alias", "roles", "protected_at", "protected_by"}]}]}
--
-- What is NULL in the tables is left out.  "undoes" counts the moves of a prompt
-- from 1: ids are of one database.

CREATE OR REPLACE FUNCTION gaiops.prompt_document_parts(
	document jsonb, OUT kind text, OUT inside text, OUT place text, OUT ordinal bigint[], OUT part jsonb)
RETURNS SETOF record
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 10
SET search_path = pg_catalog, pg_temp
AS $$
	WITH prompt AS (
		SELECT format('prompts[%s]', p.n - 1) AS place, ARRAY[p.n] AS ordinal, p.prompt
		FROM jsonb_array_elements(
				CASE jsonb_typeof(document -> 'prompts') WHEN 'array' THEN document -> 'prompts' ELSE '[]' END)
			WITH ORDINALITY AS p (prompt, n)
	), item AS (
		SELECT l.kind, p.place AS inside, format('%s.%s[%s]', p.place, l.key, i.n - 1) AS place,
			p.ordinal || ARRAY[l.n, i.n] AS ordinal, i.item
		FROM prompt AS p,
			(VALUES (1, 'version', 'versions'), (2, 'tag', 'tags'), (3, 'alias', 'aliases'),
				(4, 'move', 'alias_history'), (5, 'protection', 'protected_aliases')) AS l (n, kind, key),
			jsonb_array_elements(CASE jsonb_typeof(p.prompt -> l.key) WHEN 'array' THEN p.prompt -> l.key ELSE '[]' END)
				WITH ORDINALITY AS i (item, n)
	), detail AS (
		SELECT l.kind, v.place AS inside, format('%s.%s[%s]', v.place, l.key, i.n - 1) AS place,
			v.ordinal || ARRAY[l.n, i.n] AS ordinal, i.item
		FROM item AS v,
			(VALUES (1, 'tag', 'tags'), (2, 'include', 'includes')) AS l (n, kind, key),
			jsonb_array_elements(CASE jsonb_typeof(v.item -> l.key) WHEN 'array' THEN v.item -> l.key ELSE '[]' END)
				WITH ORDINALITY AS i (item, n)
		WHERE v.kind = 'version'
	)
	SELECT 'document', NULL, 'document', '{}'::bigint[], document
	UNION ALL SELECT 'prompt', 'document', p.place, p.ordinal, p.prompt FROM prompt AS p
	UNION ALL SELECT i.kind, i.inside, i.place, i.ordinal, i.item FROM item AS i
	UNION ALL SELECT d.kind, d.inside, d.place, d.ordinal, d.item FROM detail AS d
$$;
COMMENT ON FUNCTION gaiops.prompt_document_parts(jsonb) IS
	'Takes a document of prompts; returns its objects, each with where it is, as a path and as numbers to sort by';

-- A pattern holds for strings, a highest size for their bytes.
CREATE OR REPLACE FUNCTION gaiops.prompt_document_shape(
	OUT kind text, OUT key text, OUT type text, OUT required boolean, OUT pattern text, OUT most integer)
RETURNS SETOF record
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 20
SET search_path = pg_catalog, pg_temp
AS $$
	WITH word (name, alias, role) AS (
		VALUES ('^[A-Za-z0-9_.-]{1,255}$', '^(?!([Ll][Aa][Tt][Ee][Ss][Tt]|[Vv][0-9]+)$)[A-Za-z0-9_-]{1,255}$', '^.+$')
	)
	SELECT s.kind, s.key, s.type, s.required, s.pattern, s.most
	FROM word AS w, gaiops.tag_limits() AS t, LATERAL (VALUES
		('document', 'format', 'string', true, NULL, NULL),
		('document', 'format_version', 'integer', true, NULL, NULL),
		('document', 'exported_at', 'time', false, NULL, NULL),
		('document', 'prompts', 'array', true, NULL, NULL),
		('prompt', 'name', 'string', true, w.name, NULL),
		('prompt', 'highest_number', 'integer', true, NULL, NULL),
		('prompt', 'versions', 'array', true, NULL, NULL),
		('prompt', 'tags', 'array', false, NULL, NULL),
		('prompt', 'aliases', 'array', false, NULL, NULL),
		('prompt', 'alias_history', 'array', false, NULL, NULL),
		('prompt', 'protected_aliases', 'array', false, NULL, NULL),
		('version', 'version', 'integer', true, NULL, NULL),
		('version', 'kind', 'string', true, '^(text|chat)$', NULL),
		('version', 'template', 'string', false, NULL, NULL),
		('version', 'messages', 'array', false, NULL, NULL),
		('version', 'response_format', 'object', false, NULL, NULL),
		('version', 'model_config', 'object', false, NULL, NULL),
		('version', 'syntax', 'string', true, '^(gaiops|mlflow)$', NULL),
		('version', 'includes', 'array', false, NULL, NULL),
		('version', 'content_hash', 'string', true, '^[0-9a-f]{64}$', NULL),
		('version', 'commit_message', 'string', false, NULL, 10000),
		('version', 'created_at', 'time', true, NULL, NULL),
		('version', 'created_by', 'string', true, w.role, 63),
		('version', 'tags', 'array', false, NULL, NULL),
		('version', 'deleted_at', 'time', false, NULL, NULL),
		('version', 'deleted_by', 'string', false, w.role, 63),
		('include', 'name', 'string', true, w.name, NULL),
		('include', 'version', 'integer', false, NULL, NULL),
		('include', 'alias', 'string', false, w.alias, NULL),
		('include', 'follow', 'boolean', true, NULL, NULL),
		('tag', 'key', 'string', true, '^.+$', t.key_bytes),
		('tag', 'value', 'string', true, NULL, t.value_bytes),
		('tag', 'updated_at', 'time', true, NULL, NULL),
		('tag', 'updated_by', 'string', true, w.role, 63),
		('alias', 'alias', 'string', true, w.alias, NULL),
		('alias', 'version', 'integer', true, NULL, NULL),
		('alias', 'updated_at', 'time', true, NULL, NULL),
		('alias', 'updated_by', 'string', true, w.role, 63),
		('move', 'alias', 'string', true, w.alias, NULL),
		('move', 'from_version', 'integer', false, NULL, NULL),
		('move', 'to_version', 'integer', false, NULL, NULL),
		('move', 'reason', 'string', false, NULL, 10000),
		('move', 'undoes', 'integer', false, NULL, NULL),
		('move', 'moved_at', 'time', true, NULL, NULL),
		('move', 'moved_by', 'string', true, w.role, 63),
		('protection', 'alias', 'string', true, w.alias, NULL),
		('protection', 'roles', 'strings', true, NULL, NULL),
		('protection', 'protected_at', 'time', true, NULL, NULL),
		('protection', 'protected_by', 'string', true, w.role, 63)
	) AS s (kind, key, type, required, pattern, most)
$$;
COMMENT ON FUNCTION gaiops.prompt_document_shape() IS
	'Returns what each kind of object in a document of prompts may have and must have';

-- One expression without format(), which is not immutable, so that it is inlined.
CREATE OR REPLACE FUNCTION gaiops.prompt_document_value_problem(value jsonb, type text, pattern text, most integer)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
	WHEN type IS NULL
		THEN 'is not known'
	WHEN type = 'integer'
		THEN CASE WHEN
			CASE WHEN value::text ~ '^[1-9][0-9]{0,9}$' THEN value::text::bigint <= 2147483647 END IS NOT TRUE
			THEN 'must be an integer from 1 to 2147483647' END
	WHEN type = 'time'
		THEN CASE WHEN CASE
			WHEN value::text !~ '^"(?!0000)[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])'
				'T([01][0-9]|2[0-3])(:[0-5][0-9]){2}([.][0-9]+)?(Z|[+-](0[0-9]|1[0-5])(:?[0-5][0-9])?)"$'
				THEN true
			-- the 31st of a month that has 30 days
			WHEN substr(value::text, 10, 2) > '28'
				THEN extract(month FROM
					make_date(substr(value::text, 2, 4)::integer, substr(value::text, 7, 2)::integer, 1)
						+ substr(value::text, 10, 2)::integer - 1) <> substr(value::text, 7, 2)::integer
			END
			THEN 'must be a time such as "2026-01-31T12:00:00+00:00"' END
	WHEN type = 'strings'
		THEN CASE WHEN
			CASE jsonb_typeof(value) WHEN 'array' THEN jsonb_array_length(value) BETWEEN 1 AND 100 ELSE false END
				IS NOT TRUE
			OR jsonb_path_exists(value, 'strict $[*] ? (@.type() != "string" || !(@ like_regex "^.{1,63}$" flag "s"))')
			THEN 'must be an array of 1 to 100 strings of at most 63 characters' END
	WHEN jsonb_typeof(value) <> type
		THEN 'must be ' || CASE type WHEN 'array' THEN 'an array' WHEN 'object' THEN 'an object' ELSE 'a ' || type END
	WHEN most IS NOT NULL AND octet_length(value #>> '{}') > most
		THEN 'has more than ' || most::text || ' bytes'
	WHEN pattern IS NOT NULL AND value #>> '{}' !~ pattern
		THEN 'is not acceptable: ' || left(value::text, 300)
END;
COMMENT ON FUNCTION gaiops.prompt_document_value_problem(jsonb, text, text, integer) IS
	'Takes a value in a document of prompts and what it may be; returns what is wrong with it, or NULL';

CREATE OR REPLACE FUNCTION gaiops.prompt_document_shape_problem(document jsonb)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	WITH part AS MATERIALIZED (
		SELECT * FROM gaiops.prompt_document_parts(document)
	), shape AS MATERIALIZED (
		SELECT * FROM gaiops.prompt_document_shape()
	), problem AS (
		SELECT p.ordinal, NULL AS key, format('%s must be an object.', p.place) AS problem
		FROM part AS p
		WHERE jsonb_typeof(p.part) <> 'object'
		UNION ALL
		SELECT p.ordinal, s.key, format('%s has no "%s".', p.place, s.key)
		FROM part AS p JOIN shape AS s ON s.kind = p.kind
		WHERE s.required AND jsonb_typeof(p.part) = 'object' AND NOT p.part ? s.key
		UNION ALL
		SELECT p.ordinal, m.key, format('%s.%s %s.', p.place, left(m.key, 255),
			gaiops.prompt_document_value_problem(m.value, s.type, s.pattern, s.most))
		FROM part AS p
			CROSS JOIN LATERAL jsonb_each(CASE jsonb_typeof(p.part) WHEN 'object' THEN p.part ELSE '{}' END) AS m
			LEFT JOIN shape AS s ON s.kind = p.kind AND s.key = m.key
		WHERE gaiops.prompt_document_value_problem(m.value, s.type, s.pattern, s.most) IS NOT NULL
	)
	SELECT p.problem FROM problem AS p ORDER BY p.ordinal, p.key COLLATE "C" LIMIT 1
$$;
COMMENT ON FUNCTION gaiops.prompt_document_shape_problem(jsonb) IS
	'Takes a document of prompts; returns the first of its values that is not what it must be, or NULL';

-- What the tables could not hold together, or the functions would not have made.
CREATE OR REPLACE FUNCTION gaiops.prompt_document_repeated(
	document jsonb, OUT ordinal bigint[], OUT problem text)
RETURNS SETOF record
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT r.ordinal, format('%s repeats "%s".', r.place, r.name)
	FROM (
		SELECT n.ordinal, n.place, n.name,
			row_number() OVER (PARTITION BY n.kind, n.inside, n.name ORDER BY n.ordinal) AS nth
		FROM (
			SELECT p.*, p.part ->> CASE p.kind WHEN 'prompt' THEN 'name' WHEN 'version' THEN 'version'
				WHEN 'tag' THEN 'key' WHEN 'alias' THEN 'alias' WHEN 'protection' THEN 'alias' END AS name
			FROM gaiops.prompt_document_parts(document) AS p) AS n
		WHERE n.name IS NOT NULL) AS r
	WHERE r.nth > 1
$$;
COMMENT ON FUNCTION gaiops.prompt_document_repeated(jsonb) IS
	'Takes a document of prompts; returns for each object with the name of an earlier one beside it its numbers '
	'to sort by and what is wrong, in words';

CREATE OR REPLACE FUNCTION gaiops.prompt_document_sense_problem(document jsonb)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	WITH part AS MATERIALIZED (
		SELECT * FROM gaiops.prompt_document_parts(document)
	), version AS MATERIALIZED (
		SELECT p.inside, p.place, p.ordinal, p.part, (p.part -> 'version')::integer AS version,
			p.part ? 'deleted_at' AS deleted
		FROM part AS p WHERE p.kind = 'version'
	), alias AS MATERIALIZED (
		SELECT p.inside, p.place, p.ordinal, p.part ->> 'alias' AS alias, (p.part -> 'version')::integer AS version
		FROM part AS p WHERE p.kind = 'alias'
	), move AS MATERIALIZED (
		SELECT p.inside, p.place, p.ordinal, p.ordinal[3] AS n, p.part ->> 'alias' AS alias,
			(p.part -> 'undoes')::bigint AS undoes,
			(p.part -> 'from_version')::integer AS from_version, (p.part -> 'to_version')::integer AS to_version
		FROM part AS p WHERE p.kind = 'move'
	), problem AS (
		SELECT r.ordinal, r.problem FROM gaiops.prompt_document_repeated(document) AS r
		UNION ALL
		SELECT v.ordinal, format(CASE v.part ->> 'kind' WHEN 'text' THEN '%s must have a "template" and no "messages".'
			ELSE '%s must have "messages" and no "template".' END, v.place)
		FROM version AS v
		WHERE (v.part ? 'template') = (v.part ? 'messages') OR (v.part ->> 'kind' = 'text') <> (v.part ? 'template')
		UNION ALL
		SELECT v.ordinal, format('%s must have both "deleted_at" and "deleted_by", or none.', v.place)
		FROM version AS v
		WHERE v.deleted <> v.part ? 'deleted_by'
		UNION ALL
		SELECT v.ordinal, format('%s.version is above %s.highest_number.', v.place, v.inside)
		FROM version AS v JOIN part AS p ON p.kind = 'prompt' AND p.place = v.inside
		WHERE v.version > (p.part -> 'highest_number')::integer
		UNION ALL
		SELECT i.ordinal, format('%s must have a "version", or an "alias" to follow.', i.place)
		FROM part AS i
		WHERE i.kind = 'include' AND (i.part ? 'version' = (i.part -> 'follow')::boolean
			OR (i.part -> 'follow')::boolean AND NOT i.part ? 'alias')
		UNION ALL
		SELECT a.ordinal, format('%s.version is not among the versions that are not deleted.', a.place)
		FROM alias AS a
		WHERE NOT EXISTS (
			SELECT FROM version AS v WHERE v.inside = a.inside AND v.version = a.version AND NOT v.deleted)
		UNION ALL
		SELECT m.ordinal, format('%s must have a "from_version" or a "to_version", each one of the versions.', m.place)
		FROM move AS m
		WHERE coalesce(m.from_version, m.to_version) IS NULL
			OR (m.from_version IS NOT NULL AND NOT EXISTS (
				SELECT FROM version AS v WHERE v.inside = m.inside AND v.version = m.from_version))
			OR (m.to_version IS NOT NULL AND NOT EXISTS (
				SELECT FROM version AS v WHERE v.inside = m.inside AND v.version = m.to_version))
		UNION ALL
		SELECT m.ordinal, format('%s.undoes is not the number of an earlier move of that alias.', m.place)
		FROM move AS m LEFT JOIN move AS u ON u.inside = m.inside AND u.n = m.undoes AND u.alias = m.alias AND u.n < m.n
		WHERE m.undoes IS NOT NULL AND u.n IS NULL
	)
	SELECT p.problem FROM problem AS p ORDER BY p.ordinal LIMIT 1
$$;
COMMENT ON FUNCTION gaiops.prompt_document_sense_problem(jsonb) IS
	'Takes a document of prompts whose values are what they must be; '
	'returns the first that does not fit the others, or NULL';

CREATE OR REPLACE FUNCTION gaiops.check_prompt_document(document jsonb)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	problem text;
BEGIN
	PERFORM gaiops.check_given('document', document);
	IF document -> 'format' IS DISTINCT FROM '"gaiops-prompts"' THEN
		problem := 'document.format must be "gaiops-prompts".';
	ELSIF document -> 'format_version' IS DISTINCT FROM '1' THEN
		problem := 'document.format_version must be 1; another one is of another release of genaiops.';
	ELSE
		problem := coalesce(gaiops.prompt_document_shape_problem(document),
			gaiops.prompt_document_sense_problem(document));
	END IF;
	IF problem IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'argument "document" is no document of prompts',
			DETAIL = problem,
			HINT = 'Give what gaiops_export_prompts() returned.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_prompt_document(jsonb) IS
	'Takes a document of prompts and returns nothing; raises unless it may be imported, and says where it is wrong';
