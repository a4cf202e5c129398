-- Prompts that a prompt includes.

-- To the parser the address of an include is a text; here it is looked up.
CREATE OR REPLACE FUNCTION gaiops.resolve_prompt_include(include jsonb)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	place CONSTANT text := format('Included at line %s, column %s.', include ->> 'line', include ->> 'column');
	found_version gaiops.prompt_versions;
	cause text;
	remedy text;
BEGIN
	found_version := pg_catalog.gaiops_load_prompt(include ->> 'address');
	IF found_version.kind = 'chat' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'LM013',
			MESSAGE = format('chat prompt "%s" cannot be included', found_version.name),
			DETAIL = place,
			HINT = 'Include text prompts only.';
	END IF;
	RETURN jsonb_strip_nulls(jsonb_build_object('name', found_version.name,
		'version', CASE WHEN (include -> 'follow')::boolean THEN NULL ELSE found_version.version END,
		'alias', include -> 'alias', 'follow', include -> 'follow'));
EXCEPTION
	WHEN SQLSTATE 'LM012' THEN
		GET STACKED DIAGNOSTICS cause = PG_EXCEPTION_DETAIL, remedy = PG_EXCEPTION_HINT;
		RAISE EXCEPTION USING
			ERRCODE = 'LM012',
			MESSAGE = SQLERRM,
			DETAIL = concat_ws(' ', nullif(cause, ''), place),
			HINT = coalesce(nullif(remedy, ''), 'Include one that is there.');
END
$$;
COMMENT ON FUNCTION gaiops.resolve_prompt_include(jsonb) IS
	'Takes an include as gaiops.parse_prompt() returns it and returns it as in gaiops.prompt_versions, '
	'with the version it stands for now; raises unless there is one';

-- An import has the versions that includes stood for when they were registered.
CREATE OR REPLACE FUNCTION gaiops.check_prompt_includes(parsed jsonb, includes jsonb)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	bad bigint;
BEGIN
	SELECT min(coalesce(p.position, i.position)) INTO bad
		FROM jsonb_array_elements(parsed) WITH ORDINALITY AS p (include, position)
		FULL JOIN jsonb_array_elements(includes) WITH ORDINALITY AS i (include, position) USING (position)
		WHERE (p.include -> 'name' = i.include -> 'name'
			AND p.include -> 'follow' = i.include -> 'follow'
			AND (p.include -> 'follow')::boolean = (i.include -> 'version' IS NULL)
			AND coalesce(p.include -> 'version' = i.include -> 'version', true)
			AND p.include -> 'alias' IS NOT DISTINCT FROM i.include -> 'alias') IS NOT TRUE;
	IF bad IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'argument "includes" is not what the template includes',
			DETAIL = format('Include %s is %s in the one and %s in the other.', bad,
				coalesce(includes ->> (bad - 1)::integer, 'missing'),
				coalesce(parsed ->> (bad - 1)::integer, 'missing'));
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_prompt_includes(jsonb, jsonb) IS
	'Takes includes as gaiops.parse_prompt() returns them and as in gaiops.prompt_versions and returns nothing; '
	'raises unless the second are the first, resolved';

-- In one order, so that two do not wait for each other: aliases before versions, as a move
-- of an alias locks them.  A move of an alias that is followed waits, since it could not see
-- the new follower.
CREATE OR REPLACE FUNCTION gaiops.lock_prompt_includes(includes jsonb)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	included record;
BEGIN
	FOR included IN
		SELECT DISTINCT i.name COLLATE "C" AS name, i.version,
			CASE WHEN i.follow THEN i.alias COLLATE "C" END AS followed
		FROM jsonb_to_recordset(includes) AS i (name text, version integer, alias text, follow boolean)
		ORDER BY 3, 1, 2
	LOOP
		IF included.followed IS NOT NULL THEN
			PERFORM gaiops.lock_prompt_alias(included.name, included.followed);
		ELSE
			PERFORM gaiops.lock_prompt_version(included.name, included.version);
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION gaiops.lock_prompt_includes(jsonb) IS
	'Takes includes as in gaiops.prompt_versions, keeps them until the transaction ends, '
	'and returns nothing; raises unless they exist';
