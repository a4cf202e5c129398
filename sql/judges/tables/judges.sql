-- Judges and juries that were created.  What a version says never changes, since
-- verdicts say which one gave them.  There are no foreign keys: see gaiops.endpoints.

CREATE TABLE gaiops.judge_versions (
	name             text COLLATE "C" NOT NULL CHECK (name ~ '^[A-Za-z0-9_-]{1,255}$'),
	version          integer NOT NULL CHECK (version > 0),
	value_type       text NOT NULL,
	choices          json,
	threshold        double precision,
	direction        text NOT NULL CHECK (direction IN ('higher', 'lower')),
	instructions     text,
	model            text,
	params           json,
	members          text[],
	member_versions  integer[],
	rule             text CHECK (rule IN ('majority', 'mean')),
	created_at       timestamptz NOT NULL,
	created_by       name NOT NULL,
	PRIMARY KEY (name, version),
	CHECK ((instructions IS NULL) = (rule IS NOT NULL)),
	CHECK ((rule IS NULL) = (members IS NULL) AND (rule IS NULL) = (member_versions IS NULL))
);
COMMENT ON TABLE gaiops.judge_versions IS
	'What each version of a created judge or jury does, deleted ones included; insert-only';
COMMENT ON COLUMN gaiops.judge_versions.name IS 'Judge or jury by name';
COMMENT ON COLUMN gaiops.judge_versions.version IS 'Number of the version, from 1';
COMMENT ON COLUMN gaiops.judge_versions.value_type IS 'What it says: yes_no, scale, number, choice or share';
COMMENT ON COLUMN gaiops.judge_versions.choices IS
	'Least and greatest number of a scale or number; of a choice its labels, with their scores in an object; '
	'else NULL';
COMMENT ON COLUMN gaiops.judge_versions.threshold IS
	'Score from which, in that direction, an answer passes; NULL if none, or if it says yes or no';
COMMENT ON COLUMN gaiops.judge_versions.direction IS 'Which scores are better, higher or lower';
COMMENT ON COLUMN gaiops.judge_versions.instructions IS
	'What the judge is told to do, with placeholders; NULL of a jury';
COMMENT ON COLUMN gaiops.judge_versions.model IS 'Endpoint that is asked; NULL for that of the call, or of the setting';
COMMENT ON COLUMN gaiops.judge_versions.params IS 'Further members of the request; NULL if none';
COMMENT ON COLUMN gaiops.judge_versions.members IS 'Judges of a jury by name; NULL of a judge';
COMMENT ON COLUMN gaiops.judge_versions.member_versions IS 'Versions of these; NULL of a judge';
COMMENT ON COLUMN gaiops.judge_versions.rule IS
	'What a jury makes of their verdicts, majority or mean; NULL of a judge';
COMMENT ON COLUMN gaiops.judge_versions.created_at IS 'When it was created';
COMMENT ON COLUMN gaiops.judge_versions.created_by IS 'Database role that created it';
SELECT pg_catalog.pg_extension_config_dump('gaiops.judge_versions', '');

CREATE TABLE gaiops.judge_deletions (
	name        text COLLATE "C" NOT NULL,
	version     integer NOT NULL,
	deleted_at  timestamptz NOT NULL,
	deleted_by  name NOT NULL,
	PRIMARY KEY (name, version)
);
COMMENT ON TABLE gaiops.judge_deletions IS
	'Created judges that were deleted: hidden, what their versions do kept for the verdicts they gave';
COMMENT ON COLUMN gaiops.judge_deletions.name IS 'Judge or jury by name';
COMMENT ON COLUMN gaiops.judge_deletions.version IS 'Its latest version then; that one and those before it are hidden';
COMMENT ON COLUMN gaiops.judge_deletions.deleted_at IS 'When it was deleted';
COMMENT ON COLUMN gaiops.judge_deletions.deleted_by IS 'Database role that deleted it';
SELECT pg_catalog.pg_extension_config_dump('gaiops.judge_deletions', '');

-- FOR EACH ROW and ALWAYS: see refuse_change in prompts.sql.
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON gaiops.judge_versions FOR EACH ROW
	EXECUTE FUNCTION gaiops.refuse_version_change('judge');
ALTER TABLE gaiops.judge_versions ENABLE ALWAYS TRIGGER refuse_change;
COMMENT ON TRIGGER refuse_change ON gaiops.judge_versions IS 'Refuses every change';
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON gaiops.judge_versions FOR EACH STATEMENT
	EXECUTE FUNCTION gaiops.refuse_version_change('judge');
ALTER TABLE gaiops.judge_versions ENABLE ALWAYS TRIGGER refuse_truncate;
COMMENT ON TRIGGER refuse_truncate ON gaiops.judge_versions IS 'Refuses to remove all rows';

-- Scorers know nothing of judges, so that a new one has no judge's name is seen to here.
-- Whoever creates either has the lock of the name.  Names of deleted ones count too: what
-- they said is kept by name.
CREATE FUNCTION gaiops.refuse_judge_name()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	IF gaiops.is_judge_name(NEW.name) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'duplicate_object',
			MESSAGE = format('"%s" is the name of a judge', NEW.name),
			HINT = 'Give the scorer another name.';
	END IF;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION gaiops.refuse_judge_name() IS
	'Trigger function: raises if a scorer is given the name of a judge, a deleted one included';
CREATE TRIGGER refuse_judge_name BEFORE INSERT ON gaiops.scorer_versions FOR EACH ROW
	EXECUTE FUNCTION gaiops.refuse_judge_name();
COMMENT ON TRIGGER refuse_judge_name ON gaiops.scorer_versions IS 'Refuses the names of judges';
