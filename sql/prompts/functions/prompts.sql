-- Registering and deleting versions of prompts, and their tags.  Reading them is
-- in prompt_reading.sql, aliases are in prompt_aliases.sql.
--
-- Whatever makes a version used (an alias, another version's include, a tag)
-- locks its row in gaiops.prompt_contents FOR KEY SHARE; whoever deletes it locks
-- the row FOR UPDATE and then looks for users.  Both look again with the latest
-- snapshot once they have the lock, since a snapshot of REPEATABLE READ shows
-- nothing of what was committed while they waited.

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

CREATE OR REPLACE FUNCTION gaiops.lock_prompt_version(prompt text, number integer, to_delete boolean DEFAULT false)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	is_seen boolean;
BEGIN
	IF to_delete THEN
		PERFORM FROM gaiops.prompt_contents AS c WHERE c.name = prompt AND c.version = number FOR UPDATE;
	ELSE
		PERFORM FROM gaiops.prompt_contents AS c WHERE c.name = prompt AND c.version = number FOR KEY SHARE;
	END IF;
	is_seen := FOUND;
	IF number < 1 THEN
		PERFORM gaiops.raise_unknown_prompt(prompt, number);
	END IF;
	-- Raises unless it is there and not deleted, as of now.
	PERFORM pg_catalog.gaiops_load_prompt(format('prompts:/%s/%s', prompt, number));
	IF NOT is_seen THEN
		RAISE EXCEPTION USING
			ERRCODE = 'serialization_failure',
			MESSAGE = format('could not lock version %s of prompt "%s"', number, prompt),
			DETAIL = 'It was registered after the snapshot of this transaction was taken.',
			HINT = 'Run the transaction again.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.lock_prompt_version(text, integer, boolean) IS
	'Takes a version of a prompt, keeps it from being deleted, or used if it is to be deleted, '
	'until the transaction ends, and returns nothing; raises unless it exists';

CREATE OR REPLACE FUNCTION gaiops.lock_given_version(prompt text, number integer, to_delete boolean DEFAULT false)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_prompt_name(prompt);
	PERFORM gaiops.check_given('version', number);
	PERFORM gaiops.lock_prompt_version(prompt, number, to_delete);
END
$$;
COMMENT ON FUNCTION gaiops.lock_given_version(text, integer, boolean) IS
	'Takes a version of a prompt as a caller gave it and does as gaiops.lock_prompt_version(); '
	'returns nothing and raises unless it exists';

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

CREATE OR REPLACE FUNCTION gaiops.check_prompt_content(content gaiops.prompt_contents)
RETURNS gaiops.prompt_contents
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_prompt_name(content.name);
	-- As they were written, and before anything is made of them, which takes its time.
	PERFORM gaiops.check_size('messages', content.messages::text, 1048576);
	PERFORM gaiops.check_size('response_format', content.response_format::text, 1048576);
	PERFORM gaiops.check_size('model_config', content.model_config::text, 1048576);
	IF content.kind = 'text' THEN
		PERFORM gaiops.check_prompt_template(content.template);
	ELSE
		PERFORM gaiops.check_prompt_messages(content.messages::jsonb);
	END IF;
	PERFORM gaiops.check_response_format(content.response_format::jsonb);
	PERFORM gaiops.check_model_config(content.model_config::jsonb);
	PERFORM gaiops.check_size('commit_message', content.commit_message, 10000);
	IF content.response_format::jsonb = '{}' THEN
		content.response_format := NULL;
	END IF;
	IF content.model_config::jsonb = '{}' THEN
		content.model_config := NULL;
	END IF;
	content.commit_message := nullif(content.commit_message, '');
	RETURN content;
END
$$;
COMMENT ON FUNCTION gaiops.check_prompt_content(gaiops.prompt_contents) IS
	'Takes a row for gaiops.prompt_contents with what a caller gave '
	'and returns it as it may be stored; raises otherwise';

-- All but the number, so that none is drawn for what is refused.
CREATE OR REPLACE FUNCTION gaiops.prepare_prompt_version(
	INOUT content gaiops.prompt_contents, INOUT includes jsonb DEFAULT NULL)
RETURNS record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	parsed record;
BEGIN
	content := gaiops.check_prompt_content(content);
	SELECT p.variables, p.includes INTO parsed
		FROM gaiops.parse_prompt(content.template, content.messages, content.syntax) AS p;
	IF includes IS NOT NULL THEN
		PERFORM gaiops.check_prompt_includes(parsed.includes, includes);
	ELSE
		includes := coalesce((
			SELECT jsonb_agg(gaiops.resolve_prompt_include(i.include) ORDER BY i.position)
			FROM jsonb_array_elements(parsed.includes) WITH ORDINALITY AS i (include, position)), '[]');
	END IF;
	content.variables := parsed.variables;
	content.words := gaiops.prompt_words(content.name, content.commit_message,
		content.template, content.messages::jsonb);
	-- Of jsonb: the order of members is no part of what is hashed.
	content.content_hash := gaiops.prompt_hash(content.kind, content.template, content.messages::jsonb,
		content.response_format::jsonb, content.model_config::jsonb, content.syntax,
			gaiops.hashed_prompt_includes(includes));
END
$$;
COMMENT ON FUNCTION gaiops.prepare_prompt_version(gaiops.prompt_contents, jsonb) IS
	'Takes a row for gaiops.prompt_contents with what a caller gave, and includes that were resolved before or NULL, '
	'and returns the row as it may be stored, without a number, and its includes; raises otherwise';

CREATE OR REPLACE FUNCTION gaiops.store_prompt_version(content gaiops.prompt_contents, includes jsonb)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	INSERT INTO gaiops.prompt_contents VALUES (content.*);
	INSERT INTO gaiops.prompt_includes
		SELECT content.name, content.version, i.position, i.include ->> 'name', (i.include -> 'version')::integer,
			i.include ->> 'alias', (i.include -> 'follow')::boolean
		FROM jsonb_array_elements(includes) WITH ORDINALITY AS i (include, position);
END
$$;
COMMENT ON FUNCTION gaiops.store_prompt_version(gaiops.prompt_contents, jsonb) IS
	'Takes what gaiops.prepare_prompt_version() returned, with a number, stores it and returns nothing';

-- For versions that come with their number, which must be one that was reserved.
CREATE OR REPLACE FUNCTION gaiops.insert_prompt_version(
	name text, version integer, template text, messages json, response_format json, model_config json,
	syntax text, commit_message text, created_at timestamptz, created_by name, includes jsonb DEFAULT NULL)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	content gaiops.prompt_contents;
	prepared record;
BEGIN
	content.name := name;
	content.kind := CASE WHEN messages IS NULL THEN 'text' ELSE 'chat' END;
	content.template := template;
	content.messages := messages;
	content.response_format := response_format;
	content.model_config := model_config;
	content.syntax := syntax;
	content.commit_message := commit_message;
	content.created_at := created_at;
	content.created_by := created_by;
	SELECT * INTO prepared FROM gaiops.prepare_prompt_version(content, includes);
	IF includes IS NULL THEN
		PERFORM gaiops.lock_prompt_includes(prepared.includes);
	END IF;
	content := prepared.content;
	content.version := version;
	PERFORM gaiops.store_prompt_version(content, prepared.includes);
END
$$;
COMMENT ON FUNCTION gaiops.insert_prompt_version(
	text, integer, text, json, json, json, text, text, timestamptz, name, jsonb) IS
	'Takes a version of a prompt with its number and, unless they are to be resolved now, '
	'its includes as in gaiops.prompt_versions, stores it and returns nothing; '
	'raises unless it is acceptable, but not if what its given includes name is missing: gaiops.check_prompt() does';

-- The hash is of jsonb, and does not know what a model is sent first.
CREATE OR REPLACE FUNCTION gaiops.find_unchanged_prompt(content gaiops.prompt_contents)
RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	latest gaiops.prompt_versions;
BEGIN
	latest := pg_catalog.gaiops_load_prompt('prompts:/' || content.name);
	RETURN CASE WHEN latest.content_hash = content.content_hash
		AND gaiops.is_written_alike(latest.messages, content.messages)
		AND gaiops.is_written_alike(latest.response_format, content.response_format)
		AND gaiops.is_written_alike(latest.model_config, content.model_config) THEN latest.version END;
EXCEPTION
	WHEN SQLSTATE 'LM012' THEN
		RETURN NULL;
END
$$;
COMMENT ON FUNCTION gaiops.find_unchanged_prompt(gaiops.prompt_contents) IS
	'Takes a version of a prompt with its hash and returns the latest one of that name '
	'if it says the same in the same order and spelling, NULL otherwise or if there is none';

CREATE OR REPLACE FUNCTION gaiops.register_prompt(content gaiops.prompt_contents, tags jsonb, if_changed boolean)
RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	prepared record;
	unchanged integer;
BEGIN
	PERFORM gaiops.check_writable('gaiops_register_prompt');
	PERFORM gaiops.read_tags(tags);
	IF if_changed THEN
		-- Two at once that do not see each other would both find a change.
		PERFORM gaiops.lock_registry('prompt ' || content.name);
	END IF;
	content.syntax := 'gaiops';
	content.created_at := now();
	content.created_by := gaiops.caller();
	SELECT * INTO prepared FROM gaiops.prepare_prompt_version(content);
	content := prepared.content;
	IF if_changed THEN
		unchanged := gaiops.find_unchanged_prompt(content);
		IF unchanged IS NOT NULL THEN
			RETURN unchanged;
		END IF;
	END IF;
	PERFORM gaiops.lock_prompt_includes(prepared.includes);
	content.version := gaiops.draw_prompt_version(content.name);
	PERFORM gaiops.store_prompt_version(content, prepared.includes);
	INSERT INTO gaiops.prompt_version_tags
		SELECT content.name, content.version, t.key, t.value, content.created_at, content.created_by
		FROM gaiops.read_tags(tags) AS t;
	PERFORM gaiops.check_prompt(content.name, content.version);
	RETURN content.version;
END
$$;
COMMENT ON FUNCTION gaiops.register_prompt(gaiops.prompt_contents, jsonb, boolean) IS
	'Takes a row for gaiops.prompt_contents with what a caller gave, the tags of the version, '
	'and whether one like the latest is to be registered all the same, and returns the version';

CREATE OR REPLACE FUNCTION gaiops.inner_register_prompt(
	name text, template text, commit_message text, tags gaiops.ordered_json,
	response_format gaiops.ordered_json, model_config gaiops.ordered_json, if_changed boolean)
RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	content gaiops.prompt_contents;
BEGIN
	content.name := name;
	content.kind := 'text';
	content.template := template;
	content.commit_message := commit_message;
	content.response_format := response_format;
	content.model_config := model_config;
	RETURN gaiops.register_prompt(content, tags::jsonb, coalesce(if_changed, false));
END
$$;
COMMENT ON FUNCTION gaiops.inner_register_prompt(
	text, text, text, gaiops.ordered_json, gaiops.ordered_json, gaiops.ordered_json, boolean) IS
	'Takes the arguments of gaiops_register_prompt() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_register_prompt(
	name text,
	template text,
	commit_message text DEFAULT NULL,
	tags gaiops.ordered_json DEFAULT NULL,
	response_format gaiops.ordered_json DEFAULT NULL,
	model_config gaiops.ordered_json DEFAULT NULL,
	if_changed boolean DEFAULT false)
RETURNS integer
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_register_prompt(
	text, text, text, gaiops.ordered_json, gaiops.ordered_json, gaiops.ordered_json, boolean) IS
	'Takes the name and the template of a text prompt and options (tags are the version''s; '
	'if_changed takes the latest version if it says the same), registers a version and returns its number';

CREATE OR REPLACE FUNCTION gaiops.inner_register_prompt(
	name text, messages gaiops.ordered_json, commit_message text, tags gaiops.ordered_json,
	response_format gaiops.ordered_json, model_config gaiops.ordered_json, if_changed boolean)
RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	content gaiops.prompt_contents;
BEGIN
	content.name := name;
	content.kind := 'chat';
	content.messages := messages;
	content.commit_message := commit_message;
	content.response_format := response_format;
	content.model_config := model_config;
	RETURN gaiops.register_prompt(content, tags::jsonb, coalesce(if_changed, false));
END
$$;
COMMENT ON FUNCTION gaiops.inner_register_prompt(
	text, gaiops.ordered_json, text, gaiops.ordered_json, gaiops.ordered_json, gaiops.ordered_json, boolean) IS
	'Takes the arguments of gaiops_register_prompt() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_register_prompt(
	name text,
	messages gaiops.ordered_json,
	commit_message text DEFAULT NULL,
	tags gaiops.ordered_json DEFAULT NULL,
	response_format gaiops.ordered_json DEFAULT NULL,
	model_config gaiops.ordered_json DEFAULT NULL,
	if_changed boolean DEFAULT false)
RETURNS integer
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_register_prompt(
	text, gaiops.ordered_json, text, gaiops.ordered_json, gaiops.ordered_json, gaiops.ordered_json, boolean) IS
	'Takes the name and the messages of a chat prompt and options (tags are the version''s; '
	'if_changed takes the latest version if it says the same), registers a version and returns its number';

-- STABLE, to look with the snapshot of its caller, gaiops.find_prompt_version_users().  An alias
-- that is not there points to version 0, so to speak.
CREATE OR REPLACE FUNCTION gaiops.prompt_version_users(name text, version integer)
RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	WITH uses AS (
		SELECT 1 AS rank, a.alias AS name, 0 AS version, format('alias "%s"', a.alias) AS text
		FROM gaiops.prompt_aliases AS a
		WHERE a.name = prompt_version_users.name AND a.version = prompt_version_users.version
		UNION
		SELECT 2, i.name, i.version, format('prompts:/%s/%s', i.name, i.version)
		FROM gaiops.prompt_includes AS i
		WHERE i.included_name = prompt_version_users.name
			AND (i.included_version = prompt_version_users.version
				OR i.follow AND coalesce((
					SELECT a.version FROM gaiops.prompt_aliases AS a
					WHERE a.name = i.included_name AND a.alias = i.alias), 0) = prompt_version_users.version)
			AND NOT EXISTS (
				SELECT FROM gaiops.prompt_deletions AS d
				WHERE d.name = i.name AND d.version = i.version)
	), numbered AS (
		SELECT u.text, row_number() OVER (ORDER BY u.rank, u.name, u.version) AS number, count(*) OVER () AS total
		FROM uses AS u
	)
	SELECT string_agg(n.text, ', ' ORDER BY n.number)
		|| CASE WHEN max(n.total) > 10 THEN format(' and %s more', max(n.total) - 10) ELSE '' END
	FROM numbered AS n WHERE n.number <= 10
$$;
COMMENT ON FUNCTION gaiops.prompt_version_users(text, integer) IS
	'Takes a version of a prompt, or 0 for what its missing aliases point to, and returns the aliases that point '
	'to it and the versions, not deleted, that include it, in words; NULL if there are none';

-- Deleted first and then looked at: what is deleted with it uses nothing any more.
CREATE OR REPLACE FUNCTION gaiops.hide_prompt_versions(prompt text, numbers integer[], what text)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	uses text;
BEGIN
	INSERT INTO gaiops.prompt_deletions
		SELECT prompt, n, now(), gaiops.caller() FROM unnest(numbers) AS n
		ON CONFLICT DO NOTHING;	-- raises if the snapshot does not show the other row
	SELECT string_agg(format('Version %s is used by %s.', u.number, u.users), ' ' ORDER BY u.number) INTO uses
		FROM (
			SELECT n.number, n.users
			FROM (SELECT n AS number, gaiops.find_prompt_version_users(prompt, n) AS users
				FROM unnest(numbers) AS n) AS n
			WHERE n.users IS NOT NULL
			ORDER BY n.number LIMIT 5
		) AS u;
	IF uses IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'dependent_objects_still_exist',
			MESSAGE = format('%s is in use', what),
			DETAIL = uses,
			HINT = 'Move or delete the aliases with gaiops_set_prompt_alias() or gaiops_delete_prompt_alias(), '
				'and delete the versions that include it, first.';
	END IF;
	DELETE FROM gaiops.prompt_tags AS t
		WHERE t.name = prompt AND NOT EXISTS (SELECT FROM gaiops.prompt_versions AS v WHERE v.name = prompt);
END
$$;
COMMENT ON FUNCTION gaiops.hide_prompt_versions(text, integer[], text) IS
	'Takes versions of a prompt that are locked, and what they are in words, marks them deleted, '
	'with the last one removes the tags of the prompt, and returns nothing; raises if something that stays uses them';

CREATE OR REPLACE FUNCTION gaiops.inner_delete_prompt_version(name text, version integer)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_writable('gaiops_delete_prompt_version');
	PERFORM gaiops.lock_given_version(name, version, to_delete => true);
	PERFORM gaiops.hide_prompt_versions(name, ARRAY[version], format('version %s of prompt "%s"', version, name));
	RETURN format('prompts:/%s/%s', name, version);
END
$$;
COMMENT ON FUNCTION gaiops.inner_delete_prompt_version(text, integer) IS
	'Takes the arguments of gaiops_delete_prompt_version() and does its work '
	'for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_delete_prompt_version(name text, version integer)
RETURNS text
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_delete_prompt_version(text, integer) IS
	'Takes a version of a prompt, hides it and returns its URI; its text is kept for the traces that used it; '
	'raises while an alias points to it or another version includes it';

CREATE OR REPLACE FUNCTION gaiops.inner_delete_prompt(name text)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	wanted CONSTANT text := name;
	live integer[];
BEGIN
	PERFORM gaiops.check_writable('gaiops_delete_prompt');
	PERFORM FROM gaiops.prompt_contents AS c WHERE c.name = wanted ORDER BY c.version FOR UPDATE;
	PERFORM gaiops.lock_prompt(wanted);	-- raises unless it is there, and its latest version seen
	SELECT array_agg(v.version ORDER BY v.version) INTO live FROM gaiops.prompt_versions AS v WHERE v.name = wanted;
	PERFORM gaiops.hide_prompt_versions(wanted, live, format('prompt "%s"', wanted));
	RETURN wanted;
END
$$;
COMMENT ON FUNCTION gaiops.inner_delete_prompt(text) IS
	'Takes the arguments of gaiops_delete_prompt() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_delete_prompt(name text)
RETURNS text
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_delete_prompt(text) IS
	'Takes the name of a prompt, hides all its versions, removes its tags and returns the name; '
	'raises while an alias points to one of them or a version of another prompt includes one';

CREATE OR REPLACE FUNCTION gaiops.lock_prompt(prompt text)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	latest gaiops.prompt_versions;
BEGIN
	PERFORM gaiops.check_prompt_name(prompt);
	latest := pg_catalog.gaiops_load_prompt('prompts:/' || prompt);
	PERFORM gaiops.lock_prompt_version(prompt, latest.version);
END
$$;
COMMENT ON FUNCTION gaiops.lock_prompt(text) IS
	'Takes the name of a prompt, keeps it from being deleted until the transaction ends, '
	'and returns nothing; raises unless it exists';
