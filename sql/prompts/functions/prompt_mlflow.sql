-- Moving from MLflow.  Its prompts are rows of its model registry that have tags
-- of its own: mlflow.prompt.is_prompt marks a prompt, mlflow.prompt.text is the
-- template of a version.
--
-- What reads MLflow's tables runs as the caller, whose tables or views they are;
-- what writes ours gets values alone.

CREATE OR REPLACE FUNCTION gaiops.mlflow_tables(schema text, OUT lacking text, OUT with_workspaces boolean)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	WITH present AS (
		SELECT c.relname, a.attname
		FROM pg_class AS c
		JOIN pg_namespace AS n ON n.oid = c.relnamespace
		JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		WHERE n.nspname = schema AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
	), needed (relname, attnames) AS (VALUES
		('registered_model_tags', ARRAY['name', 'key', 'value']),
		('registered_model_aliases', ARRAY['name', 'alias', 'version']),
		('model_versions', ARRAY['name', 'version', 'creation_time', 'user_id', 'description', 'current_stage']),
		('model_version_tags', ARRAY['name', 'version', 'key', 'value'])
	), reported AS (
		SELECT CASE WHEN EXISTS (SELECT FROM present AS p WHERE p.relname = n.relname)
			THEN format('%s.%s', n.relname, a) ELSE n.relname END AS item
		FROM needed AS n, unnest(n.attnames) AS a
		WHERE NOT EXISTS (SELECT FROM present AS p WHERE p.relname = n.relname AND p.attname = a)
	)
	SELECT string_agg(DISTINCT r.item, ', '),
		(SELECT count(*) = 4 FROM present AS p JOIN needed AS n ON n.relname = p.relname WHERE p.attname = 'workspace')
	FROM reported AS r
$$;
COMMENT ON FUNCTION gaiops.mlflow_tables(text) IS
	'Takes a schema and returns what it lacks of the tables of MLflow''s registry, NULL if nothing, '
	'and whether what is in them belongs to workspaces';

CREATE OR REPLACE FUNCTION gaiops.check_mlflow_schema(schema text)
RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	seen record;
BEGIN
	PERFORM gaiops.check_given('schema', schema);
	IF NOT EXISTS (SELECT FROM pg_namespace AS n WHERE n.nspname = schema) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_schema_name',
			MESSAGE = format('schema "%s" does not exist', schema),
			HINT = 'Give the name of the schema that has MLflow''s tables, as it is in pg_namespace.';
	END IF;
	seen := gaiops.mlflow_tables(schema);
	IF seen.lacking IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_table',
			MESSAGE = format('schema "%s" does not have the tables of MLflow''s registry', schema),
			DETAIL = format('Not there: %s.', seen.lacking),
			HINT = 'Restore registered_models, registered_model_tags, registered_model_aliases, '
				'model_versions and model_version_tags of MLflow''s tracking database into that schema, '
				'or make foreign tables of them there.';
	END IF;
	RETURN seen.with_workspaces;
END
$$;
COMMENT ON FUNCTION gaiops.check_mlflow_schema(text) IS
	'Takes a schema and returns whether the prompts in MLflow''s tables there belong to workspaces; '
	'raises unless the tables are there';

-- MLflow takes a template for Jinja2 exactly if it has {% and %}; without them
-- {{ name }} and {{ a.b }} are placeholders and everything else is text.
CREATE OR REPLACE FUNCTION gaiops.mlflow_syntax(
	template text, messages jsonb, OUT syntax text, OUT is_rendered boolean, OUT remark text)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	is_jinja CONSTANT boolean := EXISTS (
		SELECT FROM (
			SELECT template
			UNION ALL
			SELECT c #>> '{}'
			FROM jsonb_path_query(messages, 'lax $[*].content.** ? (@.type() == "string")') AS c) AS t (body)
		WHERE strpos(t.body, '{%') > 0 AND strpos(t.body, '%}') > 0);
	parsed record;
	problem text;
	cause text;
BEGIN
	BEGIN
		SELECT p.is_plain, p.includes INTO parsed FROM gaiops.parse_prompt(template, messages::json) AS p;
	EXCEPTION WHEN SQLSTATE 'LM013' THEN
		GET STACKED DIAGNOSTICS problem = MESSAGE_TEXT, cause = PG_EXCEPTION_DETAIL;
		problem := format('%s (%s)', problem, lower(left(cause, 1)) || rtrim(substr(cause, 2), '.'));
	END;
	IF is_jinja AND problem IS NULL AND parsed.includes = '[]' THEN
		syntax := 'gaiops';
		remark := 'It is Jinja2: a missing variable is an error here, a value that is no string comes out as JSON, '
			'and line breaks stand as written.';
	ELSIF is_jinja THEN
		syntax := 'mlflow';
		remark := format('Its Jinja2 is kept and can be read, but must be rewritten to be rendered: %s.',
			coalesce(problem, 'includes are not Jinja2'));
	ELSIF problem IS NULL AND parsed.is_plain THEN
		syntax := 'gaiops';
		remark := CASE WHEN coalesce(template, messages::text) ~ E'\\{\\{\\s*\\w+[.]'
			THEN 'A dot in the name of a variable looks into a JSON object.' END;
	ELSE
		syntax := 'mlflow';
		remark := format('What is text to MLflow %s.',
			coalesce('is no template here: ' || problem, 'would be more than text here'));
	END IF;
	is_rendered := syntax = 'gaiops' OR NOT is_jinja;
	IF syntax = 'gaiops'
		AND EXISTS (SELECT FROM jsonb_array_elements(messages) AS m WHERE m - '{role,content}'::text[] <> '{}')
	THEN
		remark := concat_ws(' ', remark,
			'MLflow sends the role and the content of a message alone; here all of it is sent.');
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.mlflow_syntax(text, jsonb) IS
	'Takes the template or the messages of a prompt of MLflow''s and returns the syntax to store it with, '
	'whether it can be rendered, and what is to be said about that, NULL if nothing';

CREATE OR REPLACE FUNCTION gaiops.import_mlflow_tags(prompt text, prompt_version integer, tags jsonb)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	tag record;
	problem text;
	cause text;
	remarks text;
BEGIN
	FOR tag IN
		SELECT t.key, t.value FROM jsonb_each_text(tags) AS t
		WHERE NOT starts_with(t.key, 'mlflow.') AND NOT starts_with(t.key, '_mlflow_')
		ORDER BY t.key COLLATE "C"
	LOOP
		BEGIN
			IF prompt_version IS NULL THEN
				PERFORM gaiops.inner_set_prompt_tag(prompt, tag.key, tag.value);
			ELSE
				PERFORM gaiops.inner_set_prompt_version_tag(prompt, prompt_version, tag.key, tag.value);
			END IF;
		EXCEPTION WHEN data_exception OR integrity_constraint_violation THEN
			GET STACKED DIAGNOSTICS problem = MESSAGE_TEXT, cause = PG_EXCEPTION_DETAIL;
			remarks := concat_ws(' ', remarks, format('Tag "%s" is left out: %s.', tag.key, problem),
				nullif(cause, ''));
		END;
	END LOOP;
	RETURN remarks;
END
$$;
COMMENT ON FUNCTION gaiops.import_mlflow_tags(text, integer, jsonb) IS
	'Takes a prompt, a version or NULL, and tags from MLflow; sets those that are not its own, '
	'and returns what is to be said about those left out, NULL if nothing';

CREATE OR REPLACE FUNCTION gaiops.import_mlflow_aliases(prompt text, prompt_version integer, aliases jsonb)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	wanted text;
	problem text;
	cause text;
	remarks text;
	moved text[] := '{}';
BEGIN
	FOR wanted IN
		SELECT a FROM jsonb_array_elements_text(aliases) AS a ORDER BY a COLLATE "C"
	LOOP
		BEGIN
			PERFORM gaiops.inner_set_prompt_alias(prompt, wanted, prompt_version, 'imported from MLflow');
			moved := moved || wanted;
		EXCEPTION WHEN data_exception OR integrity_constraint_violation OR insufficient_privilege THEN
			GET STACKED DIAGNOSTICS problem = MESSAGE_TEXT, cause = PG_EXCEPTION_DETAIL;
			remarks := concat_ws(' ', remarks, format('Alias "%s" is left out: %s.', wanted, problem),
				nullif(cause, ''));
		END;
	END LOOP;
	RETURN nullif(concat_ws(' ',
		CASE WHEN moved <> '{}' THEN format('Aliases: %s.', array_to_string(moved, ', ')) END, remarks), '');
END
$$;
COMMENT ON FUNCTION gaiops.import_mlflow_aliases(text, integer, jsonb) IS
	'Takes a prompt, a version, and its aliases in MLflow; '
	'sets them, and returns what is to be said about them, NULL if nothing';

CREATE OR REPLACE FUNCTION gaiops.mlflow_model_config(INOUT config json, OUT remark text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT json_object_agg(c.key, c.value ORDER BY c.n) FILTER (WHERE c.problem IS NULL),
		'Left out of its model_config: '
			|| string_agg(format('"%s"', c.key), ', ' ORDER BY c.key COLLATE "C")
				FILTER (WHERE c.problem IS NOT NULL) || '.'
	FROM (
		SELECT e.key, e.value, e.n, gaiops.model_config_problem(e.key, e.value::jsonb) AS problem
		FROM json_each(config) WITH ORDINALITY AS e (key, value, n)) AS c
$$;
COMMENT ON FUNCTION gaiops.mlflow_model_config(json) IS
	'Takes the model_config of a prompt of MLflow''s, or NULL, and returns what of it may be kept, '
	'and what is to be said about the rest, NULL if nothing';

-- A subtransaction each, so that what is wrong with one does not stop the others.
CREATE OR REPLACE FUNCTION gaiops.import_mlflow_version(prompt text, source jsonb, OUT action text, OUT detail text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	prompt_version CONSTANT integer := (source ->> 'version')::integer;
	tags CONSTANT jsonb := source -> 'tags';
	body CONSTANT text := tags ->> 'mlflow.prompt.text';
	is_chat CONSTANT boolean := coalesce(tags ->> '_mlflow_prompt_type', 'text') = 'chat';
	template CONSTANT text := CASE WHEN NOT is_chat THEN body END;
	messages json;
	kept record;
	response_format json;
	format_problem text;
	parameters record;
	problem text;
	cause text;
BEGIN
	IF is_chat THEN
		messages := body::gaiops.ordered_json;
		PERFORM gaiops.check_prompt_messages(messages::jsonb);
	END IF;
	kept := gaiops.mlflow_syntax(template, messages::jsonb);
	response_format := (tags ->> '_mlflow_prompt_response_format')::gaiops.ordered_json;
	format_problem := gaiops.response_format_problem(response_format::jsonb);
	parameters := gaiops.mlflow_model_config((tags ->> '_mlflow_prompt_model_config')::gaiops.ordered_json);
	PERFORM gaiops.insert_prompt_version(prompt, prompt_version, template, messages,
		CASE WHEN format_problem IS NULL THEN response_format END, parameters.config,
			kept.syntax, source ->> 'commit_message',
		-- Milliseconds, up to the year 9999.
		coalesce(CASE WHEN (source ->> 'created_at')::bigint BETWEEN 0 AND 253402300799999
			THEN timestamptz 'epoch' + (source ->> 'created_at')::bigint * interval '1 ms' END, now()),
		coalesce(nullif(source ->> 'created_by', ''), gaiops.caller())::name);
	action := CASE
		WHEN NOT kept.is_rendered THEN 'imported, not rendered'
		WHEN kept.syntax = 'mlflow' THEN 'imported as MLflow template'
		ELSE 'imported' END;
	detail := nullif(concat_ws(' ', kept.remark,
		'Its response_format is left out. ' || format_problem, parameters.remark,
		gaiops.import_mlflow_aliases(prompt, prompt_version, source -> 'aliases'),
		gaiops.import_mlflow_tags(prompt, prompt_version, tags)), '');
EXCEPTION WHEN data_exception OR integrity_constraint_violation OR program_limit_exceeded OR SQLSTATE 'LM013' THEN
	action := 'refused';
	GET STACKED DIAGNOSTICS problem = MESSAGE_TEXT, cause = PG_EXCEPTION_DETAIL;
	detail := concat_ws(' ', format('It cannot be stored: %s.', problem), nullif(cause, ''));
END
$$;
COMMENT ON FUNCTION gaiops.import_mlflow_version(text, jsonb) IS
	'Takes a prompt and a version of it as read from MLflow''s tables, stores it with its aliases and tags, '
	'and returns what was done and what is to be said about it';

CREATE OR REPLACE FUNCTION gaiops.check_mlflow_name(prompt text, OUT action text, OUT detail text)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_prompt_name(prompt);
	IF EXISTS (SELECT FROM gaiops.prompts AS p WHERE p.name = prompt) THEN
		action := 'skipped';
		detail := 'A prompt of this name is here already.';
	ELSIF EXISTS (SELECT FROM gaiops.prompt_contents AS c WHERE c.name = prompt) THEN
		action := 'skipped';
		detail := 'A prompt of this name was deleted here, and its numbers stay taken.';
	END IF;
EXCEPTION WHEN data_exception THEN
	action := 'refused';
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
END
$$;
COMMENT ON FUNCTION gaiops.check_mlflow_name(text) IS
	'Takes the name of a prompt of MLflow''s and returns what is done with all its versions, and why; '
	'NULL if it can be imported';

-- A number that was drawn here by a registration which was rolled back may be
-- in the record of a call, which used another text.
CREATE OR REPLACE FUNCTION gaiops.check_mlflow_version(prompt text, source jsonb, OUT action text, OUT detail text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	IF source ->> 'stage' = 'Deleted_Internal' THEN
		action := 'skipped';
		detail := 'It was deleted in MLflow; its number stays taken.';
	ELSIF source #>> '{tags,mlflow.prompt.text}' IS NULL THEN
		action := 'refused';
		detail := 'It has no template in MLflow.';
	ELSIF EXISTS (
		SELECT FROM gaiops.prompt_numbers AS n
		WHERE n.name = prompt AND n.version = (source ->> 'version')::integer AND n.token IS NOT NULL)
	THEN
		action := 'refused';
		detail := 'Its number was drawn here by a registration that was rolled back, and is not given twice.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_mlflow_version(text, jsonb) IS
	'Takes a prompt and a version of it as read from MLflow''s tables and returns what is done with it, and why; '
	'NULL if it can be imported';

CREATE OR REPLACE FUNCTION gaiops.inner_import_mlflow_prompt(prompt text, workspace text, tags jsonb, sources jsonb)
RETURNS TABLE (name text, version integer, action text, detail text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	verdict record;
	highest CONSTANT integer := (SELECT max((s ->> 'version')::integer) FROM jsonb_array_elements(sources) AS s);
	source jsonb;
	is_here boolean := false;
BEGIN
	PERFORM gaiops.check_import('gaiops_import_mlflow_prompts');
	-- Of two at once the second finds what the first has imported.
	PERFORM gaiops.lock_registry('import from MLflow');
	verdict := gaiops.check_mlflow_name(prompt);
	name := prompt;
	IF verdict.action IS NULL AND highest > 0 THEN
		PERFORM gaiops.reserve_prompt_versions(ARRAY[prompt], ARRAY[highest]);
	END IF;
	FOR source IN SELECT s FROM jsonb_array_elements(sources) AS s LOOP
		version := (source ->> 'version')::integer;
		IF verdict.action IS NOT NULL THEN
			action := verdict.action;
			detail := verdict.detail;
		ELSE
			SELECT c.action, c.detail INTO action, detail FROM gaiops.check_mlflow_version(prompt, source) AS c;
		END IF;
		IF action IS NULL THEN
			SELECT i.action, i.detail INTO action, detail FROM gaiops.import_mlflow_version(prompt, source) AS i;
			is_here := is_here OR action LIKE 'imported%';
		END IF;
		detail := nullif(concat_ws(' ', detail,
			CASE WHEN workspace <> 'default' THEN format('It is of the workspace "%s".', workspace) END), '');
		RETURN NEXT;
	END LOOP;
	version := NULL;
	action := CASE WHEN is_here THEN 'refused' ELSE 'skipped' END;
	detail := CASE
		WHEN is_here THEN gaiops.import_mlflow_tags(prompt, NULL, tags)
		WHEN sources = '[]' THEN 'It has no version.' END;
	IF detail IS NOT NULL THEN
		RETURN NEXT;
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.inner_import_mlflow_prompt(text, text, jsonb, jsonb) IS
	'Takes the arguments of gaiops.import_mlflow_prompt() and does its work '
	'for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION gaiops.import_mlflow_prompt(prompt text, workspace text, tags jsonb, sources jsonb)
RETURNS TABLE (name text, version integer, action text, detail text)
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION gaiops.import_mlflow_prompt(text, text, jsonb, jsonb) IS
	'Takes a prompt, its workspace, its tags and its versions as read from MLflow''s tables, stores what can be, '
	'and returns what was done with each version';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_import_mlflow_prompts(schema text)
RETURNS TABLE (name text, version integer, action text, detail text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	workspace CONSTANT text := CASE WHEN gaiops.check_mlflow_schema(schema)
		THEN 't.workspace::text COLLATE "C"' ELSE '''default''::text COLLATE "C"' END;
	prompts CONSTANT text := $query$
		WITH prompt AS (
			SELECT t.name::text COLLATE "C" AS name, %2$s AS workspace,
				jsonb_object_agg(t.key, coalesce(t.value, '')) AS tags
			FROM %1$I.registered_model_tags AS t
			GROUP BY 1, 2
			HAVING bool_or(t.key = 'mlflow.prompt.is_prompt' AND lower(t.value) = 'true')
		), version AS (
			SELECT t.name::text COLLATE "C" AS name, %2$s AS workspace, t.version::integer AS version,
				t.current_stage AS stage, t.creation_time AS created_at, t.user_id AS created_by,
				t.description AS commit_message
			FROM %1$I.model_versions AS t
		), tagged AS (
			SELECT t.name::text COLLATE "C" AS name, %2$s AS workspace, t.version::integer AS version,
				jsonb_object_agg(t.key, coalesce(t.value, '')) AS tags
			FROM %1$I.model_version_tags AS t
			GROUP BY 1, 2, 3
		), aliased AS (
			SELECT t.name::text COLLATE "C" AS name, %2$s AS workspace, t.version::integer AS version,
				jsonb_agg(t.alias) AS aliases
			FROM %1$I.registered_model_aliases AS t
			GROUP BY 1, 2, 3
		), source AS (
			SELECT name, workspace, jsonb_agg(jsonb_build_object('version', version, 'stage', v.stage,
				'created_at', v.created_at, 'created_by', v.created_by, 'commit_message', v.commit_message,
				'tags', t.tags, 'aliases', coalesce(a.aliases, '[]')) ORDER BY version) AS sources
			FROM version AS v
			FULL JOIN aliased AS a USING (name, workspace, version)
			LEFT JOIN tagged AS t USING (name, workspace, version)
			GROUP BY name, workspace
		)
		SELECT p.name, p.workspace, p.tags, coalesce(s.sources, '[]') AS sources
		FROM prompt AS p LEFT JOIN source AS s USING (name, workspace)
		ORDER BY p.name, p.workspace <> 'default', p.workspace
	$query$;
	p record;
BEGIN
	FOR p IN EXECUTE format(prompts, schema, workspace) LOOP
		RETURN QUERY SELECT i.name, i.version, i.action, i.detail
			FROM gaiops.import_mlflow_prompt(p.name, p.workspace, p.tags, p.sources) AS i;
	END LOOP;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_import_mlflow_prompts(text) IS
	'Takes the schema that has the tables of an MLflow tracking database, imports the prompts there, '
	'and returns what was done with each version';
