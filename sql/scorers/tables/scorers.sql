-- Scorers that were created.  What a version does never changes, since scores say
-- which one gave them.  There are no foreign keys: see gaiops.endpoints.

CREATE FUNCTION gaiops.refuse_version_change()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RAISE EXCEPTION USING
		ERRCODE = 'object_not_in_prerequisite_state',
		MESSAGE = format('rows of %s.%s cannot be %s', TG_TABLE_SCHEMA, TG_TABLE_NAME,
			CASE TG_OP WHEN 'UPDATE' THEN 'changed' ELSE 'deleted' END),
		DETAIL = format('A version of a %s stays as it is for everybody, its owner included.', TG_ARGV[0]),
		HINT = format('Create another version with gaiops_create_%1$s(), or hide the %1$s with gaiops_delete_%1$s().',
			TG_ARGV[0]);
END
$$;
COMMENT ON FUNCTION gaiops.refuse_version_change() IS
	'Trigger function: takes what rows are versions of; raises whatever is done, and says what can be done instead';

CREATE TABLE gaiops.scorer_versions (
	name        text COLLATE "C" NOT NULL CHECK (name ~ '^[A-Za-z0-9_-]{1,255}$'),
	version     integer NOT NULL CHECK (version > 0),
	kind        text NOT NULL,
	params      jsonb NOT NULL CHECK (jsonb_typeof(params) = 'object'),
	direction   text NOT NULL CHECK (direction IN ('higher', 'lower')),
	threshold   double precision,
	scale       double precision CHECK (scale > 0),
	pass_fail   boolean NOT NULL,
	created_at  timestamptz NOT NULL,
	created_by  name NOT NULL,
	PRIMARY KEY (name, version)
);
COMMENT ON TABLE gaiops.scorer_versions IS
	'What each version of a created scorer does, deleted ones included; insert-only';
COMMENT ON COLUMN gaiops.scorer_versions.name IS 'Scorer by name';
COMMENT ON COLUMN gaiops.scorer_versions.version IS 'Number of the version, from 1';
COMMENT ON COLUMN gaiops.scorer_versions.kind IS 'What kind of scorer it is, as in gaiops.scorer_kinds()';
COMMENT ON COLUMN gaiops.scorer_versions.params IS 'Arguments of that kind, a JSON object';
COMMENT ON COLUMN gaiops.scorer_versions.direction IS 'Which scores are better, higher or lower';
COMMENT ON COLUMN gaiops.scorer_versions.threshold IS
	'Score from which, in that direction, an answer passes; NULL if none, or if it only says pass or fail';
COMMENT ON COLUMN gaiops.scorer_versions.scale IS
	'Width of the range of its scores; NULL if that is not known';
COMMENT ON COLUMN gaiops.scorer_versions.pass_fail IS 'Whether it only says pass or fail';
COMMENT ON COLUMN gaiops.scorer_versions.created_at IS 'When it was created';
COMMENT ON COLUMN gaiops.scorer_versions.created_by IS 'Database role that created it';
SELECT pg_catalog.pg_extension_config_dump('gaiops.scorer_versions', '');

CREATE TABLE gaiops.scorer_deletions (
	name        text COLLATE "C" NOT NULL,
	version     integer NOT NULL,
	deleted_at  timestamptz NOT NULL,
	deleted_by  name NOT NULL,
	PRIMARY KEY (name, version)
);
COMMENT ON TABLE gaiops.scorer_deletions IS
	'Created scorers that were deleted: hidden, what their versions do kept for the scores they gave';
COMMENT ON COLUMN gaiops.scorer_deletions.name IS 'Scorer by name';
COMMENT ON COLUMN gaiops.scorer_deletions.version IS 'Its latest version then; that one and those before it are hidden';
COMMENT ON COLUMN gaiops.scorer_deletions.deleted_at IS 'When it was deleted';
COMMENT ON COLUMN gaiops.scorer_deletions.deleted_by IS 'Database role that deleted it';
SELECT pg_catalog.pg_extension_config_dump('gaiops.scorer_deletions', '');

-- FOR EACH ROW and ALWAYS: see refuse_change in prompts.sql.
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON gaiops.scorer_versions FOR EACH ROW
	EXECUTE FUNCTION gaiops.refuse_version_change('scorer');
ALTER TABLE gaiops.scorer_versions ENABLE ALWAYS TRIGGER refuse_change;
COMMENT ON TRIGGER refuse_change ON gaiops.scorer_versions IS 'Refuses every change';
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON gaiops.scorer_versions FOR EACH STATEMENT
	EXECUTE FUNCTION gaiops.refuse_version_change('scorer');
ALTER TABLE gaiops.scorer_versions ENABLE ALWAYS TRIGGER refuse_truncate;
COMMENT ON TRIGGER refuse_truncate ON gaiops.scorer_versions IS 'Refuses to remove all rows';
