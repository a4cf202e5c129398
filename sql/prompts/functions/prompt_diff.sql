-- What differs between two versions of a prompt, each laid out as one text.

CREATE OR REPLACE FUNCTION gaiops.unified_diff(from_text text, to_text text, from_label text, to_label text)
RETURNS SETOF text
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'gaiops_unified_diff';
COMMENT ON FUNCTION gaiops.unified_diff(text, text, text, text) IS
	'Takes two texts and what to call them; returns the lines of a unified diff with changed words marked, '
	'none if the texts are equal';

-- Text is indented, so that none can be taken for the line of another part.
CREATE OR REPLACE FUNCTION gaiops.content_part_layout(part jsonb)
RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE
		WHEN jsonb_typeof(part -> 'type') IS DISTINCT FROM 'string' THEN format(E'- %s\n', part)
		WHEN part ->> 'type' = 'text' AND jsonb_typeof(part -> 'text') = 'string' THEN
			format(E'- text:%s\n  %s\n', ' ' || nullif(part - 'type' - 'text', '{}')::text,
				replace(part ->> 'text', E'\n', E'\n  '))
		ELSE format(E'- %s:%s\n', part ->> 'type', ' ' || nullif(part - 'type', '{}')::text)
	END
$$;
COMMENT ON FUNCTION gaiops.content_part_layout(jsonb) IS
	'Takes a part of the content of a message; returns it as lines, its text indented';

CREATE OR REPLACE FUNCTION gaiops.message_layout(message jsonb)
RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT CASE
		WHEN message ->> 'type' = 'placeholder' AND jsonb_typeof(message -> 'name') = 'string' THEN
			format(E'placeholder %s:%s\n', message ->> 'name', ' ' || nullif(message - 'type' - 'name', '{}')::text)
		WHEN jsonb_typeof(message -> 'role') IS DISTINCT FROM 'string' THEN format(E'%s\n', message)
		WHEN jsonb_typeof(message -> 'content') = 'string' THEN
			format(E'%s:%s\n  %s\n', message ->> 'role', ' ' || nullif(message - 'role' - 'content', '{}')::text,
				replace(message ->> 'content', E'\n', E'\n  '))
		WHEN jsonb_typeof(message -> 'content') = 'array' AND message -> 'content' <> '[]' THEN
			format(E'%s:%s\n%s', message ->> 'role', ' ' || nullif(message - 'role' - 'content', '{}')::text,
				(SELECT string_agg(gaiops.content_part_layout(part), '' ORDER BY n)
				FROM jsonb_array_elements(message -> 'content') WITH ORDINALITY AS p (part, n)))
		ELSE format(E'%s:%s\n', message ->> 'role', ' ' || nullif(message - 'role', '{}')::text)
	END
$$;
COMMENT ON FUNCTION gaiops.message_layout(jsonb) IS
	'Takes a message of a chat prompt; returns it as lines: its role and other members, then its content';

CREATE OR REPLACE FUNCTION gaiops.prompt_layout(version jsonb)
RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT CASE version ->> 'kind'
		WHEN 'text' THEN version ->> 'template'
		ELSE (
			SELECT coalesce(string_agg(gaiops.message_layout(message), '' ORDER BY n), '')
			FROM jsonb_array_elements(version -> 'messages') WITH ORDINALITY AS m (message, n))
	END
$$;
COMMENT ON FUNCTION gaiops.prompt_layout(jsonb) IS
	'Takes a row of gaiops.prompt_versions as jsonb; returns its template, or its messages as lines';

CREATE OR REPLACE FUNCTION gaiops.prompt_sections(version jsonb)
RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT string_agg(format(E'%s:\n%s\n', s.name, jsonb_pretty(version -> s.name)), '' ORDER BY s.n)
	FROM (VALUES
		(1, 'response_format', 'null'::jsonb),
		(2, 'model_config', 'null'),
		(3, 'includes', '[]'),
		(4, 'syntax', '"gaiops"')) AS s (n, name, usual)
	WHERE version -> s.name <> s.usual
$$;
COMMENT ON FUNCTION gaiops.prompt_sections(jsonb) IS
	'Takes a row of gaiops.prompt_versions as jsonb; returns what it says beside its template '
	'or messages as lines, NULL if nothing';

-- What is said beside the template comes after a line break more, so that the end of the
-- template shows.
CREATE OR REPLACE FUNCTION gaiops.prompt_texts(one jsonb, other jsonb)
RETURNS text[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	texts CONSTANT text[] := ARRAY[gaiops.prompt_layout(one), gaiops.prompt_layout(other)];
	sections CONSTANT text[] := ARRAY[gaiops.prompt_sections(one), gaiops.prompt_sections(other)];
BEGIN
	IF num_nonnulls(VARIADIC sections) = 0 THEN
		RETURN texts;
	END IF;
	RETURN ARRAY[concat(texts[1], E'\n', sections[1]), concat(texts[2], E'\n', sections[2])];
END
$$;
COMMENT ON FUNCTION gaiops.prompt_texts(jsonb, jsonb) IS
	'Takes two rows of gaiops.prompt_versions as jsonb; returns for each its template or messages, '
	'and what it says beside these if one of them says anything';

CREATE OR REPLACE FUNCTION gaiops.prompt_whole(prompt jsonb)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT jsonb_pretty(prompt - ARRAY['name', 'version', 'commit_message', 'tags', 'aliases', 'content_hash',
		'created_at', 'created_by']) || E'\n'
$$;
COMMENT ON FUNCTION gaiops.prompt_whole(jsonb) IS
	'Takes a row of gaiops.prompt_versions as jsonb; returns all that it says as lines of JSON';

CREATE OR REPLACE FUNCTION gaiops.written_line(name text, value json)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT format(E'%s, as written: %s\n', name, translate(value::text, E'\n\r\t', '   '))
$$;
COMMENT ON FUNCTION gaiops.written_line(text, json) IS
	'Takes a name and a value; returns a line with the value as it was written';

CREATE OR REPLACE FUNCTION gaiops.written_lines(one json, other json)
RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT ARRAY[
		string_agg(gaiops.written_line(m.name, one -> m.name), '' ORDER BY m.n),
		string_agg(gaiops.written_line(m.name, other -> m.name), '' ORDER BY m.n)]
	FROM (VALUES (1, 'messages'), (2, 'response_format'), (3, 'model_config')) AS m (n, name)
	WHERE NOT gaiops.is_written_alike(one -> m.name, other -> m.name)
$$;
COMMENT ON FUNCTION gaiops.written_lines(json, json) IS
	'Takes two rows of gaiops.prompt_versions as JSON; returns a text for each, '
	'with a line for what is written otherwise in them';

CREATE OR REPLACE FUNCTION gaiops.prompt_row(prompt text, number integer)
RETURNS json
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	found_row json;
BEGIN
	SELECT row_to_json(v) INTO found_row FROM gaiops.prompt_versions AS v WHERE v.name = prompt AND v.version = number;
	IF NOT FOUND THEN
		PERFORM gaiops.raise_unknown_prompt(prompt, number);
	END IF;
	RETURN found_row;
END
$$;
COMMENT ON FUNCTION gaiops.prompt_row(text, integer) IS
	'Takes a version of a prompt; returns its row of gaiops.prompt_versions as JSON; raises unless it exists';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_diff_prompt(name text, from_version integer, to_version integer)
RETURNS SETOF text
LANGUAGE plpgsql STABLE PARALLEL UNSAFE ROWS 50
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	wanted CONSTANT text := name;
	found_rows json[];
	compared jsonb[];
	texts text[];
BEGIN
	PERFORM gaiops.check_given('name', name);
	PERFORM gaiops.check_given('from_version', from_version);
	PERFORM gaiops.check_given('to_version', to_version);
	found_rows := ARRAY[gaiops.prompt_row(wanted, from_version), gaiops.prompt_row(wanted, to_version)];
	compared := found_rows::jsonb[];
	texts := gaiops.prompt_texts(compared[1], compared[2]);
	-- What differs may look alike: a chat prompt, and a template that has the same lines.
	IF texts[1] = texts[2] THEN
		texts := ARRAY[gaiops.prompt_whole(compared[1]), gaiops.prompt_whole(compared[2])];
	END IF;
	-- What is the same as jsonb may be written otherwise.
	IF texts[1] = texts[2] THEN
		texts := gaiops.written_lines(found_rows[1], found_rows[2]);
	END IF;
	RETURN QUERY SELECT d.line FROM gaiops.unified_diff(texts[1], texts[2],
		format('prompts:/%s/%s', wanted, from_version), format('prompts:/%s/%s', wanted, to_version)) AS d (line);
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_diff_prompt(text, integer, integer) IS
	'Takes a prompt and two of its versions; returns what differs as a unified diff with changed words marked, '
	'nothing if they say the same; raises if there is no such version';
