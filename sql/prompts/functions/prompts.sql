-- Registering versions of prompts.  Reading them is in prompt_reading.sql.

CREATE OR REPLACE FUNCTION gaiops.given_prompt(
	kind text, name text, template text, messages json, response_format json, model_config json, commit_message text)
RETURNS gaiops.prompt_contents
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	content gaiops.prompt_contents;
BEGIN
	content.kind := kind;
	content.name := name;
	content.template := template;
	content.messages := messages;
	content.response_format := response_format;
	content.model_config := model_config;
	content.commit_message := commit_message;
	content.syntax := 'gaiops';
	content.created_at := now();
	content.created_by := gaiops.caller();
	RETURN content;
END
$$;
COMMENT ON FUNCTION gaiops.given_prompt(text, text, text, json, json, json, text) IS
	'Takes what a caller gave of a version of a prompt and returns it as a row for gaiops.prompt_contents, '
	'of now and gaiops.caller()';

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
	content := gaiops.given_prompt(CASE WHEN messages IS NULL THEN 'text' ELSE 'chat' END,
		name, template, messages, response_format, model_config, commit_message);
	content.syntax := syntax;
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
	SELECT * INTO prepared FROM gaiops.prepare_prompt_version(content);
	content := prepared.content;
	unchanged := CASE WHEN if_changed THEN gaiops.find_unchanged_prompt(content) END;
	IF unchanged IS NOT NULL THEN
		RETURN unchanged;
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
	name text, template text, commit_message text, tags gaiops.ordered_json, response_format gaiops.ordered_json,
	model_config gaiops.ordered_json, if_changed boolean)
RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	RETURN gaiops.register_prompt(
		gaiops.given_prompt('text', name, template, NULL, response_format, model_config, commit_message),
		tags::jsonb, coalesce(if_changed, false));
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
BEGIN
	RETURN gaiops.register_prompt(
		gaiops.given_prompt('chat', name, NULL, messages, response_format, model_config, commit_message),
		tags::jsonb, coalesce(if_changed, false));
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
