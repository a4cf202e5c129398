-- Golden datasets: making and dropping them, and their revisions.  What is in
-- them is in dataset_records.sql.
--
-- Who changes a dataset locks its row in gaiops.dataset_settings FOR NO KEY UPDATE,
-- so that changes queue up and revisions have no gaps; who drops it, FOR UPDATE.
-- Under REPEATABLE READ PostgreSQL raises a serialization failure if somebody else
-- has made a revision after the snapshot was taken.

CREATE OR REPLACE FUNCTION gaiops.raise_unknown_dataset(name text)
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RAISE EXCEPTION USING
		ERRCODE = 'undefined_object',
		MESSAGE = format('dataset "%s" does not exist', name),
		HINT = 'Create it with gaiops_create_dataset().';
END
$$;
COMMENT ON FUNCTION gaiops.raise_unknown_dataset(text) IS 'Takes a name; raises that there is no dataset of that name';

CREATE OR REPLACE FUNCTION gaiops.find_dataset_run(name text)
RETURNS uuid LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_find_dataset_run';
COMMENT ON FUNCTION gaiops.find_dataset_run(text) IS
	'Takes the name of a dataset; returns a run that worked on it, whatever the snapshot of the transaction, or NULL';

CREATE OR REPLACE FUNCTION gaiops.lock_dataset(target text, to_drop boolean DEFAULT false)
RETURNS gaiops.dataset_settings
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	locked gaiops.dataset_settings;
BEGIN
	IF to_drop THEN
		SELECT * INTO locked FROM gaiops.dataset_settings AS d WHERE d.name = target FOR UPDATE;
	ELSE
		SELECT * INTO locked FROM gaiops.dataset_settings AS d WHERE d.name = target FOR NO KEY UPDATE;
	END IF;
	IF NOT FOUND THEN
		PERFORM gaiops.raise_unknown_dataset(target);
	END IF;
	RETURN locked;
END
$$;
COMMENT ON FUNCTION gaiops.lock_dataset(text, boolean) IS
	'Takes the name of a dataset, keeps others from changing it, or from naming it if it is to be dropped, '
	'until the transaction ends, and returns its row; raises if there is none';

-- Whoever makes a revision counts the records before it, hence there is little to add up:
-- what the latest revision did.
CREATE OR REPLACE FUNCTION gaiops.dataset_size(dataset text, revision integer)
RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT coalesce(
		(SELECT n.records_before FROM gaiops.dataset_changes AS n WHERE n.dataset = $1 AND n.revision = $2 + 1),
		(SELECT c.records_before + (
				SELECT coalesce(sum(v.change), 0) FROM gaiops.dataset_record_versions AS v
				WHERE v.dataset || '' = $1 AND v.revision = $2 AND v.change IN (-1, 1))
			FROM gaiops.dataset_changes AS c WHERE c.dataset = $1 AND c.revision = $2),
		0)
$$;
COMMENT ON FUNCTION gaiops.dataset_size(text, integer) IS
	'Takes a dataset and one of its revisions; returns how many records it had then';

CREATE OR REPLACE FUNCTION gaiops.next_revision(locked gaiops.dataset_settings)
RETURNS integer
LANGUAGE sql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT CASE WHEN EXISTS (
		SELECT FROM gaiops.dataset_changes AS c
		WHERE c.dataset = locked.name AND c.revision = locked.revision
			AND c.transaction = pg_current_xact_id() AND c.created_at = now())
	THEN locked.revision ELSE locked.revision + 1 END
$$;
COMMENT ON FUNCTION gaiops.next_revision(gaiops.dataset_settings) IS
	'Takes the row of a dataset that is locked; returns the number of the revision that this transaction makes';

CREATE OR REPLACE FUNCTION gaiops.note_revision(locked gaiops.dataset_settings, number integer)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	IF number > locked.revision THEN
		INSERT INTO gaiops.dataset_changes (dataset, revision, records_before, transaction, created_at, created_by)
			VALUES (locked.name, number, gaiops.dataset_size(locked.name, locked.revision),
				pg_current_xact_id(), now(), gaiops.caller());
		UPDATE gaiops.dataset_settings AS d
			SET revision = number, updated_at = now(), updated_by = gaiops.caller()
			WHERE d.name = locked.name;
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.note_revision(gaiops.dataset_settings, integer) IS
	'Takes the row of a dataset as it was locked and the number of the revision that this transaction makes, '
	'enters it unless it is there, and returns nothing';

CREATE OR REPLACE FUNCTION gaiops.inner_create_dataset(name text, description text, tags gaiops.ordered_json)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_writable('gaiops_create_dataset');
	PERFORM gaiops.check_name('a dataset', name);
	PERFORM gaiops.check_size('description', description, 10000);
	PERFORM gaiops.read_tags(tags::jsonb);
	INSERT INTO gaiops.dataset_settings
		VALUES (name, nullif(description, ''), coalesce(tags::jsonb, '{}'), 0,
			now(), gaiops.caller(), now(), gaiops.caller())
		ON CONFLICT DO NOTHING;
	IF NOT FOUND THEN
		PERFORM gaiops.raise_duplicate('dataset', name);
	END IF;
	RETURN name;
END
$$;
COMMENT ON FUNCTION gaiops.inner_create_dataset(text, text, gaiops.ordered_json) IS
	'Takes the arguments of gaiops_create_dataset() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_create_dataset(
	name text, description text DEFAULT NULL, tags gaiops.ordered_json DEFAULT NULL)
RETURNS text
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_create_dataset(text, text, gaiops.ordered_json) IS
	'Takes a name, what the dataset is for, and tags, an object of strings, numbers and booleans, '
	'makes an empty dataset and returns its name';

-- A run names a dataset by a row that another process commits.  Who logs it has looked
-- for the dataset before and waits for that process; meanwhile it shares the lock that is
-- taken here first, so the drop waits for it, and the look, which is at what is committed
-- by then, sees the row.
CREATE OR REPLACE FUNCTION gaiops.inner_drop_dataset(name text)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	target CONSTANT text := name;
	run uuid;
BEGIN
	PERFORM gaiops.check_writable('gaiops_drop_dataset');
	PERFORM gaiops.check_given('name', target);
	PERFORM gaiops.lock_registry('dataset ' || target);
	PERFORM gaiops.lock_dataset(target, true);
	run := gaiops.find_dataset_run(target);
	IF run IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'dependent_objects_still_exist',
			MESSAGE = format('dataset "%s" is in use', target),
			DETAIL = format('Run %s worked on it.', run),
			HINT = 'What a run worked on is kept as long as the run is.';
	END IF;
	-- First of all, for gaiops.refuse_dataset_change() lets nothing else go before it.
	DELETE FROM gaiops.dataset_settings AS d WHERE d.name = target;
	DELETE FROM gaiops.dataset_record_versions AS v WHERE v.dataset = target;
	DELETE FROM gaiops.dataset_changes AS c WHERE c.dataset = target;
	RETURN target;
END
$$;
COMMENT ON FUNCTION gaiops.inner_drop_dataset(text) IS
	'Takes the arguments of gaiops_drop_dataset() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_drop_dataset(name text)
RETURNS text
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_drop_dataset(text) IS
	'Takes the name of a dataset, removes it with all its revisions and returns the name; raises while a run names it';
