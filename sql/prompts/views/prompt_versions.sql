-- The row type of gaiops_load_prompt().
CREATE OR REPLACE VIEW gaiops.prompt_versions WITH (security_invoker = true) AS
	SELECT c.name, c.version, c.kind, c.template, c.messages, c.variables, c.response_format, c.model_config,
		c.commit_message,
		coalesce((
			SELECT jsonb_object_agg(t.key, t.value) FROM (
				SELECT g.key, g.value FROM gaiops.prompt_version_tags AS g
					WHERE g.name = c.name AND g.version = c.version
				ORDER BY g.key LIMIT 1000) AS t), '{}') AS tags,
		coalesce((
			SELECT array_agg(a.alias ORDER BY a.alias)
			FROM gaiops.prompt_aliases AS a
			WHERE a.name = c.name AND a.version = c.version), '{}') AS aliases,
		coalesce((
			SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('name', i.included_name,
				'version', i.included_version,
				'alias', i.alias, 'follow', i.follow)) ORDER BY i.position)
			FROM gaiops.prompt_includes AS i
			WHERE i.name = c.name AND i.version = c.version), '[]') AS includes,
		c.syntax, c.content_hash, c.created_at, c.created_by::text COLLATE "default"
	FROM gaiops.prompt_contents AS c
	WHERE NOT EXISTS (
		SELECT FROM gaiops.prompt_deletions AS d
		WHERE d.name = c.name AND d.version = c.version);
COMMENT ON VIEW gaiops.prompt_versions IS
	'One row per version of a prompt that is not deleted, as gaiops_load_prompt() returns it';
COMMENT ON COLUMN gaiops.prompt_versions.name IS 'Prompt by name';
COMMENT ON COLUMN gaiops.prompt_versions.version IS 'Number of the version, from 1';
COMMENT ON COLUMN gaiops.prompt_versions.kind IS 'text or chat';
COMMENT ON COLUMN gaiops.prompt_versions.template IS 'Template of a text prompt; NULL for a chat prompt';
COMMENT ON COLUMN gaiops.prompt_versions.messages IS
	'Messages of a chat prompt, whose contents are templates; NULL for a text prompt';
COMMENT ON COLUMN gaiops.prompt_versions.variables IS
	'Names of the variables in its own templates; gaiops_prompt_variables() adds those of what it includes';
COMMENT ON COLUMN gaiops.prompt_versions.response_format IS
	'Format of answers that calls ask for unless they say otherwise; NULL if none';
COMMENT ON COLUMN gaiops.prompt_versions.model_config IS 'Parameters of calls unless they say otherwise; NULL if none';
COMMENT ON COLUMN gaiops.prompt_versions.commit_message IS 'What was changed, or why; NULL if nobody said';
COMMENT ON COLUMN gaiops.prompt_versions.tags IS 'Tags of the version, as an object';
COMMENT ON COLUMN gaiops.prompt_versions.aliases IS 'Aliases that point to it';
COMMENT ON COLUMN gaiops.prompt_versions.includes IS
	'Prompts it includes, in order: name, version or the alias that is followed';
COMMENT ON COLUMN gaiops.prompt_versions.syntax IS
	'gaiops, or mlflow for a template that was imported from there and is rendered by its rules';
COMMENT ON COLUMN gaiops.prompt_versions.content_hash IS
	'SHA-256 of all that makes up the version, as 64 hexadecimal digits';
COMMENT ON COLUMN gaiops.prompt_versions.created_at IS 'When it was registered';
COMMENT ON COLUMN gaiops.prompt_versions.created_by IS 'Database role that registered it';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_load_prompt(uri text)
RETURNS gaiops.prompt_versions LANGUAGE c VOLATILE PARALLEL UNSAFE COST 100 AS 'MODULE_PATHNAME', 'gaiops_load_prompt';
COMMENT ON FUNCTION pg_catalog.gaiops_load_prompt(text) IS
	'Takes the address of a version of a prompt, such as prompts:/name/3 or prompts:/name@alias, '
	'and returns the version as it is now';
