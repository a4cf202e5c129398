-- Datasets.  Every change of a record is a row more; what a revision says is
-- never changed, so that it can be read back.  There are no foreign keys: see
-- gaiops.endpoints.  Who changes a dataset holds the lock of its row in
-- gaiops.dataset_settings until the transaction ends.
--
-- How many records there are is not in a row that each change updates: a query
-- that merges a million records, one a call, would leave a million dead versions
-- of it, which each call would have to pass.  A revision has the number before it,
-- and each row says what it does to the number.

-- Rows of the revision that this transaction makes may change until it ends.  What was
-- restored from a dump may have the number of this transaction, but not its time.  On a
-- subscriber such a change comes in another transaction, while the revision is the latest,
-- by a process that nobody can pass for.  Rows can be inserted: a restore loads the tables in
-- any order.
CREATE FUNCTION gaiops.refuse_dataset_change()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'dataset_record_versions' THEN
		IF (NEW.dataset, NEW.record_id, NEW.revision) = (OLD.dataset, OLD.record_id, OLD.revision) AND EXISTS (
			SELECT FROM gaiops.dataset_changes AS c
			WHERE c.dataset = OLD.dataset AND c.revision = OLD.revision
				AND (c.transaction = pg_current_xact_id() AND c.created_at = now()
					OR EXISTS (
						SELECT FROM pg_stat_get_activity(pg_backend_pid()) AS a
						WHERE a.backend_type = 'logical replication worker')
					AND EXISTS (
						SELECT FROM gaiops.dataset_settings AS d WHERE d.name = c.dataset AND d.revision = c.revision)))
		THEN
			RETURN NEW;
		END IF;
	ELSIF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'dataset_settings' THEN
		IF NEW.name = OLD.name AND NEW.revision >= OLD.revision THEN
			RETURN NEW;
		END IF;
	ELSIF TG_OP = 'DELETE' THEN
		IF NOT EXISTS (SELECT FROM gaiops.dataset_settings AS d WHERE d.name = OLD.dataset) THEN
			RETURN OLD;
		END IF;
	END IF;
	RAISE EXCEPTION USING
		ERRCODE = 'object_not_in_prerequisite_state',
		MESSAGE = format('rows of %s.%s cannot be %s', TG_TABLE_SCHEMA, TG_TABLE_NAME,
			CASE TG_OP WHEN 'UPDATE' THEN 'changed' ELSE 'deleted' END),
		DETAIL = 'A revision of a dataset stays as it is for everybody, its owner included.',
		HINT = 'Make another revision with gaiops_merge_records() or gaiops_delete_records().';
END
$$;
COMMENT ON FUNCTION gaiops.refuse_dataset_change() IS
	'Trigger function: returns the row if the transaction made its revision itself, if its dataset is gone, '
	'or if it is that of a dataset which keeps its name and gets no earlier revision; raises otherwise';

CREATE TABLE gaiops.dataset_settings (
	name         text COLLATE "C" PRIMARY KEY CHECK (name <> '' AND octet_length(name) <= 255),
	description  text,
	tags         jsonb NOT NULL CHECK (jsonb_typeof(tags) = 'object'),
	revision     integer NOT NULL CHECK (revision >= 0),
	created_at   timestamptz NOT NULL,
	created_by   name NOT NULL,
	updated_at   timestamptz NOT NULL,
	updated_by   name NOT NULL
);
COMMENT ON TABLE gaiops.dataset_settings IS 'Golden datasets, one row each; read gaiops.datasets';
COMMENT ON COLUMN gaiops.dataset_settings.name IS 'Name of the dataset';
COMMENT ON COLUMN gaiops.dataset_settings.description IS 'What it is for; NULL if not said';
COMMENT ON COLUMN gaiops.dataset_settings.tags IS 'Tags, a JSON object';
COMMENT ON COLUMN gaiops.dataset_settings.revision IS 'Latest revision; 0 before the first record';
COMMENT ON COLUMN gaiops.dataset_settings.created_at IS 'When it was created';
COMMENT ON COLUMN gaiops.dataset_settings.created_by IS 'Database role that created it';
COMMENT ON COLUMN gaiops.dataset_settings.updated_at IS
	'When its latest revision was made; when it was created if there is none';
COMMENT ON COLUMN gaiops.dataset_settings.updated_by IS 'Database role that made that revision';
SELECT pg_catalog.pg_extension_config_dump('gaiops.dataset_settings', '');

CREATE TABLE gaiops.dataset_changes (
	dataset         text COLLATE "C" NOT NULL,
	revision        integer NOT NULL CHECK (revision > 0),
	records_before  bigint NOT NULL CHECK (records_before >= 0),
	transaction     xid8 NOT NULL,
	created_at      timestamptz NOT NULL,
	created_by      name NOT NULL,
	PRIMARY KEY (dataset, revision)
);
COMMENT ON TABLE gaiops.dataset_changes IS
	'Transactions that changed a dataset, each of which is a revision of it; read gaiops.dataset_revisions';
COMMENT ON COLUMN gaiops.dataset_changes.dataset IS 'Dataset by name';
COMMENT ON COLUMN gaiops.dataset_changes.revision IS 'Number of the revision, from 1';
COMMENT ON COLUMN gaiops.dataset_changes.records_before IS 'Records before it';
COMMENT ON COLUMN gaiops.dataset_changes.transaction IS 'Transaction that made it';
COMMENT ON COLUMN gaiops.dataset_changes.created_at IS 'When that transaction began';
COMMENT ON COLUMN gaiops.dataset_changes.created_by IS 'Database role that made it';
SELECT pg_catalog.pg_extension_config_dump('gaiops.dataset_changes', '');

CREATE TABLE gaiops.dataset_record_versions (
	dataset       text COLLATE "C" NOT NULL,
	record_id     uuid NOT NULL,
	revision      integer NOT NULL,
	is_deleted    boolean NOT NULL,
	change        smallint NOT NULL CHECK (change BETWEEN -1 AND 1),
	key           text,
	inputs        jsonb NOT NULL CHECK (jsonb_typeof(inputs) = 'object'),
	expectations  jsonb NOT NULL CHECK (jsonb_typeof(expectations) = 'object'),
	outputs       jsonb,
	tags          jsonb NOT NULL CHECK (jsonb_typeof(tags) = 'object'),
	split         text,
	source        jsonb,
	created_at    timestamptz NOT NULL,
	created_by    name NOT NULL,
	updated_at    timestamptz NOT NULL,
	updated_by    name NOT NULL,
	written       json,
	PRIMARY KEY (dataset, record_id, revision)
);
-- For reading a revision, and its size, which ask for it by that expression: for them no
-- other index will do, and it will do for nothing else.  Were it of the plain name, a planner
-- that looks for the latest row of one record might take the order of this index and pass
-- over all rows of the dataset, and one that looks for an early revision the primary key.
CREATE INDEX dataset_record_versions_revision_idx ON gaiops.dataset_record_versions ((dataset || ''), revision, change);
COMMENT ON TABLE gaiops.dataset_record_versions IS
	'Records of datasets as each revision changed them; read gaiops.dataset_records or gaiops_dataset_records()';
COMMENT ON COLUMN gaiops.dataset_record_versions.dataset IS 'Dataset by name';
COMMENT ON COLUMN gaiops.dataset_record_versions.record_id IS
	'Identity: from the hash of the canonical inputs and the key';
COMMENT ON COLUMN gaiops.dataset_record_versions.revision IS 'Revision that made it so';
COMMENT ON COLUMN gaiops.dataset_record_versions.is_deleted IS
	'Whether it is gone from that revision on; what it was is then not repeated here';
COMMENT ON COLUMN gaiops.dataset_record_versions.change IS
	'What the revision does to the number of records: 1 if it adds this one, -1 if it deletes it, 0 otherwise';
COMMENT ON COLUMN gaiops.dataset_record_versions.key IS 'Tells records of the same inputs apart; NULL if not needed';
COMMENT ON COLUMN gaiops.dataset_record_versions.inputs IS
	'What is asked, a JSON object; its members are variables of prompts, too';
COMMENT ON COLUMN gaiops.dataset_record_versions.expectations IS 'What is known to be right, a JSON object';
COMMENT ON COLUMN gaiops.dataset_record_versions.outputs IS 'What was answered; NULL if nothing was';
COMMENT ON COLUMN gaiops.dataset_record_versions.tags IS 'Tags, a JSON object';
COMMENT ON COLUMN gaiops.dataset_record_versions.split IS
	'Part of the dataset it belongs to, such as train or test; NULL if none';
COMMENT ON COLUMN gaiops.dataset_record_versions.source IS
	'Where it is from, such as {"trace_id": "...", "session_id": "..."}; NULL if not said';
COMMENT ON COLUMN gaiops.dataset_record_versions.created_at IS 'When the record was first put into the dataset';
COMMENT ON COLUMN gaiops.dataset_record_versions.created_by IS 'Database role that did so';
COMMENT ON COLUMN gaiops.dataset_record_versions.updated_at IS 'When this change was made';
COMMENT ON COLUMN gaiops.dataset_record_versions.updated_by IS 'Database role that made it';
COMMENT ON COLUMN gaiops.dataset_record_versions.written IS
	'An object with those of inputs, expectations, outputs and source, as they were written but for white space, '
	'whose members had another order, or numbers or strings another spelling, such as an escape; NULL if none had';
SELECT pg_catalog.pg_extension_config_dump('gaiops.dataset_record_versions', '');

-- FOR EACH ROW and ALWAYS: see refuse_change in prompts.sql.
DO $$
DECLARE
	kept text;
BEGIN
	FOREACH kept IN ARRAY ARRAY['dataset_changes', 'dataset_record_versions'] LOOP
		EXECUTE pg_catalog.format('CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON gaiops.%I FOR EACH ROW '
			'EXECUTE FUNCTION gaiops.refuse_dataset_change()', kept);
		EXECUTE pg_catalog.format('ALTER TABLE gaiops.%I ENABLE ALWAYS TRIGGER refuse_change', kept);
		EXECUTE pg_catalog.format('COMMENT ON TRIGGER refuse_change ON gaiops.%I IS %L', kept,
			'Refuses every change of what another transaction made');
		EXECUTE pg_catalog.format('CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON gaiops.%I FOR EACH STATEMENT '
			'EXECUTE FUNCTION gaiops.refuse_dataset_change()', kept);
		EXECUTE pg_catalog.format('ALTER TABLE gaiops.%I ENABLE ALWAYS TRIGGER refuse_truncate', kept);
		EXECUTE pg_catalog.format('COMMENT ON TRIGGER refuse_truncate ON gaiops.%I IS %L', kept,
			'Refuses to remove all rows');
	END LOOP;
END
$$;
CREATE TRIGGER refuse_change BEFORE UPDATE ON gaiops.dataset_settings FOR EACH ROW
	EXECUTE FUNCTION gaiops.refuse_dataset_change();
ALTER TABLE gaiops.dataset_settings ENABLE ALWAYS TRIGGER refuse_change;
COMMENT ON TRIGGER refuse_change ON gaiops.dataset_settings IS 'Refuses another name, and an earlier revision';
