CREATE OR REPLACE VIEW gaiops.dataset_records WITH (security_invoker = true) AS
	SELECT v.dataset, v.record_id, v.key, v.inputs, v.expectations, v.outputs, v.tags, v.split, v.source,
		v.revision, v.created_at, v.created_by::text COLLATE "default",
		v.updated_at, v.updated_by::text COLLATE "default"
	FROM (
		SELECT DISTINCT ON (l.dataset, l.record_id) l.*
		FROM gaiops.dataset_record_versions AS l
		ORDER BY l.dataset DESC, l.record_id DESC, l.revision DESC
	) AS v
	WHERE NOT v.is_deleted;
COMMENT ON VIEW gaiops.dataset_records IS 'Records of all datasets as they are now';
COMMENT ON COLUMN gaiops.dataset_records.dataset IS 'Dataset by name';
COMMENT ON COLUMN gaiops.dataset_records.record_id IS
	'Identity: from the inputs and the key, the same in every dataset';
COMMENT ON COLUMN gaiops.dataset_records.key IS 'Tells records of the same inputs apart; NULL if not needed';
COMMENT ON COLUMN gaiops.dataset_records.inputs IS 'What is asked, a JSON object';
COMMENT ON COLUMN gaiops.dataset_records.expectations IS 'What is known to be right, a JSON object';
COMMENT ON COLUMN gaiops.dataset_records.outputs IS 'What was answered; NULL if nothing was';
COMMENT ON COLUMN gaiops.dataset_records.tags IS 'Tags, a JSON object';
COMMENT ON COLUMN gaiops.dataset_records.split IS 'Part of the dataset it belongs to; NULL if none';
COMMENT ON COLUMN gaiops.dataset_records.source IS 'Where it is from, a JSON object; NULL if not said';
COMMENT ON COLUMN gaiops.dataset_records.revision IS 'Revision that last changed it';
COMMENT ON COLUMN gaiops.dataset_records.created_at IS 'When it was put into the dataset';
COMMENT ON COLUMN gaiops.dataset_records.created_by IS 'Database role that did so';
COMMENT ON COLUMN gaiops.dataset_records.updated_at IS 'When it was last changed';
COMMENT ON COLUMN gaiops.dataset_records.updated_by IS 'Database role that did so';

-- What is read is what was made up to the revision, by the index for that, whatever the
-- planner knows of the dataset: through the primary key an early revision would cost as
-- much as all later ones, and sorting costs less than reading a table in the order of
-- identities.  The order is one which the primary key has not, nor the beginning of it.
CREATE OR REPLACE FUNCTION pg_catalog.gaiops_dataset_records(
	dataset text, revision integer DEFAULT NULL, split text DEFAULT NULL)
RETURNS SETOF gaiops.dataset_records
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
SET plan_cache_mode = force_custom_plan
SET enable_seqscan = off
SET enable_incremental_sort = off
AS $$
DECLARE
	target CONSTANT text := dataset;
	wanted CONSTANT text := split;
	latest integer;
BEGIN
	PERFORM gaiops.check_given('dataset', target);
	SELECT d.revision INTO latest FROM gaiops.dataset_settings AS d WHERE d.name = target;
	IF NOT FOUND THEN
		PERFORM gaiops.raise_unknown_dataset(target);
	ELSIF gaiops_dataset_records.revision NOT BETWEEN 0 AND latest THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('dataset "%s" has no revision %s', target, gaiops_dataset_records.revision),
			DETAIL = format('Its latest revision is %s.', latest);
	END IF;
	latest := coalesce(gaiops_dataset_records.revision, latest);
	RETURN QUERY
		SELECT v.dataset, v.record_id, v.key, v.inputs, v.expectations, v.outputs, v.tags, v.split, v.source,
			v.revision, v.created_at, v.created_by::text COLLATE "default",
			v.updated_at, v.updated_by::text COLLATE "default"
		FROM (
			SELECT DISTINCT ON (l.record_id) l.* FROM gaiops.dataset_record_versions AS l
			WHERE l.dataset || '' = target AND l.revision <= latest
			ORDER BY l.record_id, l.revision DESC
		) AS v
		WHERE NOT v.is_deleted AND (wanted IS NULL OR v.split = wanted);
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_dataset_records(text, integer, text) IS
	'Takes a dataset, one of its revisions or NULL for the latest, and a split or NULL for all; '
	'returns the records as they were then; raises if there is no such dataset or revision';
