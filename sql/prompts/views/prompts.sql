CREATE OR REPLACE VIEW gaiops.prompts WITH (security_invoker = true) AS
	SELECT v.name, v.latest_version, v.versions,
		coalesce((
			SELECT jsonb_object_agg(a.alias, a.version) FROM (
				SELECT g.alias, g.version FROM gaiops.prompt_aliases AS g WHERE g.name = v.name
				ORDER BY g.alias LIMIT 1000) AS a), '{}') AS aliases,
		coalesce((
			SELECT jsonb_object_agg(t.key, t.value) FROM (
				SELECT g.key, g.value FROM gaiops.prompt_tags AS g WHERE g.name = v.name
				ORDER BY g.key LIMIT 1000) AS t), '{}') AS tags,
		v.created_at,
		(SELECT f.created_by::text COLLATE "default" FROM gaiops.prompt_contents AS f
			WHERE f.name = v.name AND f.version = v.first_version) AS created_by,
		v.updated_at
	FROM (
		SELECT c.name, max(c.version) AS latest_version, count(*)::integer AS versions,
			min(c.version) AS first_version, min(c.created_at) AS created_at,
			max(c.created_at) AS updated_at
		FROM gaiops.prompt_contents AS c
		WHERE NOT EXISTS (
			SELECT FROM gaiops.prompt_deletions AS d
			WHERE d.name = c.name AND d.version = c.version)
		GROUP BY c.name
	) AS v;
COMMENT ON VIEW gaiops.prompts IS 'One row per prompt that has a version which is not deleted';
COMMENT ON COLUMN gaiops.prompts.name IS 'Prompt by name';
COMMENT ON COLUMN gaiops.prompts.latest_version IS 'Highest number of its versions';
COMMENT ON COLUMN gaiops.prompts.versions IS 'How many versions it has';
COMMENT ON COLUMN gaiops.prompts.aliases IS 'Its aliases, each with the version it points to, as an object';
COMMENT ON COLUMN gaiops.prompts.tags IS 'Its tags, as an object';
COMMENT ON COLUMN gaiops.prompts.created_at IS 'When its first version was registered';
COMMENT ON COLUMN gaiops.prompts.created_by IS 'Database role that registered it';
COMMENT ON COLUMN gaiops.prompts.updated_at IS 'When its latest version was registered';
