-- The prompt registry.  What a version says is in tables that are only ever
-- inserted into; what may change about it (tags, aliases, whether it is deleted)
-- is in tables of its own.  A prompt exists while it has a version that is not
-- deleted.  There are no foreign keys: see gaiops.endpoints.  Functions keep
-- what a key would, with row locks on gaiops.prompt_contents.

CREATE FUNCTION gaiops.refuse_change()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	refused CONSTANT text := format('rows of %s.%s cannot be %s', TG_TABLE_SCHEMA, TG_TABLE_NAME,
		CASE TG_OP WHEN 'UPDATE' THEN 'changed' ELSE 'deleted' END);
	is_of_version CONSTANT boolean := TG_TABLE_NAME IN ('prompt_contents', 'prompt_includes');
BEGIN
	IF NOT is_of_version THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = refused,
			DETAIL = CASE TG_TABLE_NAME
				WHEN 'prompt_numbers' THEN 'A number that was drawn is taken for good.'
				ELSE 'What became of an alias stays on record.' END;
	ELSIF TG_OP = 'UPDATE' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = refused,
			DETAIL = 'A version of a prompt, and what became of it, stays as it is for everybody, its owner included.',
			HINT = 'Register another version with gaiops_register_prompt().';
	END IF;
	RAISE EXCEPTION USING
		ERRCODE = 'object_not_in_prerequisite_state',
		MESSAGE = refused,
		DETAIL = 'What a version of a prompt says is kept for the traces that used it.',
		HINT = 'Hide the version with gaiops_delete_prompt_version().';
END
$$;
COMMENT ON FUNCTION gaiops.refuse_change() IS
	'Trigger function: raises whatever is done, and says what can be done instead';

-- Numbers are drawn by another process, so that a rollback does not give one
-- back: a call may have been made with it.
CREATE TABLE gaiops.prompt_numbers (
	name      text COLLATE "C" NOT NULL,
	version   integer NOT NULL,
	token     uuid,
	drawn_at  timestamptz NOT NULL,
	PRIMARY KEY (name, version)
);
COMMENT ON TABLE gaiops.prompt_numbers IS
	'Version numbers of prompts that were drawn and are never drawn again, whatever became of the version';
COMMENT ON COLUMN gaiops.prompt_numbers.name IS 'Prompt by name';
COMMENT ON COLUMN gaiops.prompt_numbers.version IS 'Number; those below it are taken too';
COMMENT ON COLUMN gaiops.prompt_numbers.token IS 'Random value of who drew it; NULL for a number that was imported';
COMMENT ON COLUMN gaiops.prompt_numbers.drawn_at IS 'When it was drawn';
SELECT pg_catalog.pg_extension_config_dump('gaiops.prompt_numbers', '');

CREATE TABLE gaiops.prompt_contents (
	name             text COLLATE "C" NOT NULL CHECK (name ~ '^[A-Za-z0-9_.-]{1,255}$'),
	version          integer NOT NULL CHECK (version > 0),
	kind             text NOT NULL CHECK (kind IN ('text', 'chat')),
	template         text,
	messages         json,
	response_format  json,
	model_config     json,
	syntax           text NOT NULL CHECK (syntax IN ('gaiops', 'mlflow')),
	variables        text[] NOT NULL,
	content_hash     text NOT NULL,
	commit_message   text,
	created_at       timestamptz NOT NULL,
	created_by       name NOT NULL,
	words            tsvector NOT NULL,
	PRIMARY KEY (name, version),
	CHECK ((kind = 'text') = (template IS NOT NULL)),
	CHECK ((kind = 'chat') = (messages IS NOT NULL))
);
CREATE INDEX prompt_contents_words_idx ON gaiops.prompt_contents USING gin (words);
CREATE INDEX prompt_contents_created_by_idx ON gaiops.prompt_contents (created_by);
COMMENT ON TABLE gaiops.prompt_contents IS
	'What each version of a prompt says, deleted ones included; insert-only; read gaiops.prompt_versions';
COMMENT ON COLUMN gaiops.prompt_contents.name IS 'Prompt by name';
COMMENT ON COLUMN gaiops.prompt_contents.version IS 'Number of the version, from 1';
COMMENT ON COLUMN gaiops.prompt_contents.kind IS 'text or chat';
COMMENT ON COLUMN gaiops.prompt_contents.template IS 'Template of a text prompt';
COMMENT ON COLUMN gaiops.prompt_contents.messages IS 'Messages of a chat prompt, whose contents are templates';
COMMENT ON COLUMN gaiops.prompt_contents.response_format IS
	'Format of answers that calls ask for unless they say otherwise; NULL if none';
COMMENT ON COLUMN gaiops.prompt_contents.model_config IS 'Parameters of calls unless they say otherwise; NULL if none';
COMMENT ON COLUMN gaiops.prompt_contents.syntax IS
	'gaiops, or mlflow for a template that was imported from there and is rendered by its rules';
COMMENT ON COLUMN gaiops.prompt_contents.variables IS
	'Names of the variables in its own templates, without those of what it includes';
COMMENT ON COLUMN gaiops.prompt_contents.content_hash IS
	'SHA-256 of all that makes up the version, as 64 hexadecimal digits; checked at each use';
COMMENT ON COLUMN gaiops.prompt_contents.commit_message IS 'What was changed, or why';
COMMENT ON COLUMN gaiops.prompt_contents.created_at IS 'When it was registered';
COMMENT ON COLUMN gaiops.prompt_contents.created_by IS 'Database role that registered it';
COMMENT ON COLUMN gaiops.prompt_contents.words IS 'Words to search it by: of its name, its commit message and its text';
SELECT pg_catalog.pg_extension_config_dump('gaiops.prompt_contents', '');

CREATE TABLE gaiops.prompt_includes (
	name              text COLLATE "C" NOT NULL,
	version           integer NOT NULL,
	position          integer NOT NULL,
	included_name     text COLLATE "C" NOT NULL,
	included_version  integer,
	alias             text COLLATE "C",
	follow            boolean NOT NULL,
	PRIMARY KEY (name, version, position),
	CHECK (follow = (included_version IS NULL)),
	CHECK (NOT follow OR alias IS NOT NULL)
);
CREATE INDEX prompt_includes_included_idx ON gaiops.prompt_includes (included_name, included_version);
COMMENT ON TABLE gaiops.prompt_includes IS 'Which prompts a version of a prompt includes; insert-only';
COMMENT ON COLUMN gaiops.prompt_includes.name IS 'Prompt by name';
COMMENT ON COLUMN gaiops.prompt_includes.version IS 'Its version';
COMMENT ON COLUMN gaiops.prompt_includes.position IS 'Number of the include in the version, from 1';
COMMENT ON COLUMN gaiops.prompt_includes.included_name IS 'Prompt that is included';
COMMENT ON COLUMN gaiops.prompt_includes.included_version IS
	'Its version, as it was resolved at registration; NULL if an alias is followed';
COMMENT ON COLUMN gaiops.prompt_includes.alias IS 'Alias as it was written; NULL if none was';
COMMENT ON COLUMN gaiops.prompt_includes.follow IS 'Whether the alias is looked up at each use';
SELECT pg_catalog.pg_extension_config_dump('gaiops.prompt_includes', '');

CREATE TABLE gaiops.prompt_deletions (
	name        text COLLATE "C" NOT NULL,
	version     integer NOT NULL,
	deleted_at  timestamptz NOT NULL,
	deleted_by  name NOT NULL,
	PRIMARY KEY (name, version)
);
COMMENT ON TABLE gaiops.prompt_deletions IS
	'Versions of prompts that were deleted: hidden, their text kept for the traces that used it';
COMMENT ON COLUMN gaiops.prompt_deletions.name IS 'Prompt by name';
COMMENT ON COLUMN gaiops.prompt_deletions.version IS 'Its version';
COMMENT ON COLUMN gaiops.prompt_deletions.deleted_at IS 'When it was deleted';
COMMENT ON COLUMN gaiops.prompt_deletions.deleted_by IS 'Database role that deleted it';
SELECT pg_catalog.pg_extension_config_dump('gaiops.prompt_deletions', '');

CREATE TABLE gaiops.prompt_tags (
	name        text COLLATE "C" NOT NULL,
	key         text COLLATE "C" NOT NULL,
	value       text NOT NULL,
	updated_at  timestamptz NOT NULL,
	updated_by  name NOT NULL,
	PRIMARY KEY (name, key)
);
CREATE INDEX prompt_tags_key_value_idx ON gaiops.prompt_tags (key, value);
COMMENT ON TABLE gaiops.prompt_tags IS 'Tags of prompts';
COMMENT ON COLUMN gaiops.prompt_tags.name IS 'Prompt by name';
COMMENT ON COLUMN gaiops.prompt_tags.key IS 'Name of the tag';
COMMENT ON COLUMN gaiops.prompt_tags.value IS 'Its value';
COMMENT ON COLUMN gaiops.prompt_tags.updated_at IS 'When it was last set';
COMMENT ON COLUMN gaiops.prompt_tags.updated_by IS 'Database role that set it';
SELECT pg_catalog.pg_extension_config_dump('gaiops.prompt_tags', '');

CREATE TABLE gaiops.prompt_version_tags (
	name        text COLLATE "C" NOT NULL,
	version     integer NOT NULL,
	key         text COLLATE "C" NOT NULL,
	value       text NOT NULL,
	updated_at  timestamptz NOT NULL,
	updated_by  name NOT NULL,
	PRIMARY KEY (name, version, key)
);
CREATE INDEX prompt_version_tags_key_value_idx ON gaiops.prompt_version_tags (key, value);
COMMENT ON TABLE gaiops.prompt_version_tags IS 'Tags of versions of prompts; not part of what a version says';
COMMENT ON COLUMN gaiops.prompt_version_tags.name IS 'Prompt by name';
COMMENT ON COLUMN gaiops.prompt_version_tags.version IS 'Its version';
COMMENT ON COLUMN gaiops.prompt_version_tags.key IS 'Name of the tag';
COMMENT ON COLUMN gaiops.prompt_version_tags.value IS 'Its value';
COMMENT ON COLUMN gaiops.prompt_version_tags.updated_at IS 'When it was last set';
COMMENT ON COLUMN gaiops.prompt_version_tags.updated_by IS 'Database role that set it';
SELECT pg_catalog.pg_extension_config_dump('gaiops.prompt_version_tags', '');

CREATE TABLE gaiops.prompt_aliases (
	name        text COLLATE "C" NOT NULL,
	alias       text COLLATE "C" NOT NULL CHECK (alias ~ '^[A-Za-z0-9_-]{1,255}$'),
	version     integer NOT NULL,
	updated_at  timestamptz NOT NULL,
	updated_by  name NOT NULL,
	PRIMARY KEY (name, alias)
);
CREATE INDEX prompt_aliases_alias_idx ON gaiops.prompt_aliases (alias);
COMMENT ON TABLE gaiops.prompt_aliases IS 'Names such as production for versions of prompts';
COMMENT ON COLUMN gaiops.prompt_aliases.name IS 'Prompt by name';
COMMENT ON COLUMN gaiops.prompt_aliases.alias IS 'Alias, unique in its prompt';
COMMENT ON COLUMN gaiops.prompt_aliases.version IS 'Version it points to';
COMMENT ON COLUMN gaiops.prompt_aliases.updated_at IS 'When it was last moved';
COMMENT ON COLUMN gaiops.prompt_aliases.updated_by IS 'Database role that moved it';
SELECT pg_catalog.pg_extension_config_dump('gaiops.prompt_aliases', '');

CREATE SEQUENCE gaiops.prompt_alias_history_id_seq;
COMMENT ON SEQUENCE gaiops.prompt_alias_history_id_seq IS 'Numbers the moves of aliases';
SELECT pg_catalog.pg_extension_config_dump('gaiops.prompt_alias_history_id_seq', '');

CREATE TABLE gaiops.prompt_alias_history (
	id            bigint PRIMARY KEY DEFAULT nextval('gaiops.prompt_alias_history_id_seq'),
	name          text COLLATE "C" NOT NULL,
	alias         text COLLATE "C" NOT NULL,
	from_version  integer,
	to_version    integer,
	reason        text,
	undoes        bigint,
	moved_at      timestamptz NOT NULL,
	moved_by      name NOT NULL,
	outer_role    name
);
CREATE INDEX prompt_alias_history_alias_idx ON gaiops.prompt_alias_history (name, alias, id);
COMMENT ON TABLE gaiops.prompt_alias_history IS 'Every move of an alias: who, when, from, to, why; insert-only';
COMMENT ON COLUMN gaiops.prompt_alias_history.id IS 'Number of the move; later ones are higher';
COMMENT ON COLUMN gaiops.prompt_alias_history.name IS 'Prompt by name';
COMMENT ON COLUMN gaiops.prompt_alias_history.alias IS 'Alias that was moved';
COMMENT ON COLUMN gaiops.prompt_alias_history.from_version IS 'Version it pointed to before; NULL if it was not there';
COMMENT ON COLUMN gaiops.prompt_alias_history.to_version IS 'Version it points to since; NULL if it was deleted';
COMMENT ON COLUMN gaiops.prompt_alias_history.reason IS 'Why, as whoever moved it said';
COMMENT ON COLUMN gaiops.prompt_alias_history.undoes IS
	'Move that this one took back, by gaiops_rollback_prompt_alias(); NULL for any other';
COMMENT ON COLUMN gaiops.prompt_alias_history.moved_at IS 'When';
COMMENT ON COLUMN gaiops.prompt_alias_history.moved_by IS 'Database role that moved it';
COMMENT ON COLUMN gaiops.prompt_alias_history.outer_role IS
	'Role in force outside of every SECURITY DEFINER function then; NULL before 0.2.0 and where it was imported';
SELECT pg_catalog.pg_extension_config_dump('gaiops.prompt_alias_history', '');

CREATE TABLE gaiops.protected_prompt_aliases (
	name          text COLLATE "C" NOT NULL,
	alias         text COLLATE "C" NOT NULL,
	roles         text[] NOT NULL,
	protected_at  timestamptz NOT NULL,
	protected_by  name NOT NULL,
	PRIMARY KEY (name, alias)
);
COMMENT ON TABLE gaiops.protected_prompt_aliases IS 'Aliases that only some roles may move';
COMMENT ON COLUMN gaiops.protected_prompt_aliases.name IS 'Prompt by name';
COMMENT ON COLUMN gaiops.protected_prompt_aliases.alias IS 'Alias, which need not be there yet';
COMMENT ON COLUMN gaiops.protected_prompt_aliases.roles IS 'Database roles by name: they and their members may move it';
COMMENT ON COLUMN gaiops.protected_prompt_aliases.protected_at IS 'When it was protected';
COMMENT ON COLUMN gaiops.protected_prompt_aliases.protected_by IS 'Database role that protected it';
SELECT pg_catalog.pg_extension_config_dump('gaiops.protected_prompt_aliases', '');

-- FOR EACH ROW: a change may come through a table that has ours for a partition or a child,
-- or from a publisher, and then no statement is on ours.  ALWAYS: not even a subscriber's
-- apply worker may.
DO $$
DECLARE
	kept text;
BEGIN
	FOREACH kept IN ARRAY ARRAY['prompt_numbers', 'prompt_contents', 'prompt_includes', 'prompt_alias_history'] LOOP
		EXECUTE pg_catalog.format('CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON gaiops.%I FOR EACH ROW '
			'EXECUTE FUNCTION gaiops.refuse_change()', kept);
		EXECUTE pg_catalog.format('ALTER TABLE gaiops.%I ENABLE ALWAYS TRIGGER refuse_change', kept);
		EXECUTE pg_catalog.format('COMMENT ON TRIGGER refuse_change ON gaiops.%I IS %L', kept, 'Refuses every change');
		EXECUTE pg_catalog.format('CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON gaiops.%I FOR EACH STATEMENT '
			'EXECUTE FUNCTION gaiops.refuse_change()', kept);
		EXECUTE pg_catalog.format('ALTER TABLE gaiops.%I ENABLE ALWAYS TRIGGER refuse_truncate', kept);
		EXECUTE pg_catalog.format('COMMENT ON TRIGGER refuse_truncate ON gaiops.%I IS %L', kept,
			'Refuses to remove all rows');
	END LOOP;
END
$$;
