-- Datasets.  Every change of a record is a row more; what a revision says is
-- never changed, so that it can be read back.  There are no foreign keys: see
-- gaiops.endpoints.  Who changes a dataset holds the lock of its row in
-- gaiops.datasets until the transaction ends.

CREATE TABLE gaiops.datasets (
	name         text COLLATE "C" PRIMARY KEY CHECK (name <> '' AND octet_length(name) <= 255),
	description  text,
	tags         jsonb NOT NULL CHECK (jsonb_typeof(tags) = 'object'),
	revision     integer NOT NULL CHECK (revision >= 0),
	records      bigint NOT NULL CHECK (records >= 0),
	created_at   timestamptz NOT NULL,
	created_by   name NOT NULL,
	updated_at   timestamptz NOT NULL,
	updated_by   name NOT NULL
);
COMMENT ON TABLE gaiops.datasets IS 'Golden datasets, one row each';
COMMENT ON COLUMN gaiops.datasets.name IS 'Name of the dataset';
COMMENT ON COLUMN gaiops.datasets.description IS 'What it is for; NULL if not said';
COMMENT ON COLUMN gaiops.datasets.tags IS 'Tags, a JSON object';
COMMENT ON COLUMN gaiops.datasets.revision IS 'Latest revision; 0 before the first record';
COMMENT ON COLUMN gaiops.datasets.records IS 'Records in it';
COMMENT ON COLUMN gaiops.datasets.created_at IS 'When it was created';
COMMENT ON COLUMN gaiops.datasets.created_by IS 'Database role that created it';
COMMENT ON COLUMN gaiops.datasets.updated_at IS 'When it was last changed';
COMMENT ON COLUMN gaiops.datasets.updated_by IS 'Database role that last changed it';
SELECT pg_catalog.pg_extension_config_dump('gaiops.datasets', '');

CREATE TABLE gaiops.dataset_revisions (
	dataset      text COLLATE "C" NOT NULL,
	revision     integer NOT NULL CHECK (revision > 0),
	records      bigint NOT NULL,
	transaction  xid8 NOT NULL,
	created_at   timestamptz NOT NULL,
	created_by   name NOT NULL,
	PRIMARY KEY (dataset, revision)
);
COMMENT ON TABLE gaiops.dataset_revisions IS 'Revisions of datasets, one for each transaction that changed one';
COMMENT ON COLUMN gaiops.dataset_revisions.dataset IS 'Dataset by name';
COMMENT ON COLUMN gaiops.dataset_revisions.revision IS 'Number of the revision, from 1';
COMMENT ON COLUMN gaiops.dataset_revisions.records IS 'Records in it';
COMMENT ON COLUMN gaiops.dataset_revisions.transaction IS 'Transaction that made it';
COMMENT ON COLUMN gaiops.dataset_revisions.created_at IS 'When that transaction began';
COMMENT ON COLUMN gaiops.dataset_revisions.created_by IS 'Database role that made it';
SELECT pg_catalog.pg_extension_config_dump('gaiops.dataset_revisions', '');

CREATE TABLE gaiops.dataset_record_versions (
	dataset       text COLLATE "C" NOT NULL,
	record_id     uuid NOT NULL,
	revision      integer NOT NULL,
	is_deleted    boolean NOT NULL,
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
	PRIMARY KEY (dataset, record_id, revision)
);
COMMENT ON TABLE gaiops.dataset_record_versions IS 'Records of datasets as each revision changed them; read gaiops.dataset_records or gaiops_dataset_records()';
COMMENT ON COLUMN gaiops.dataset_record_versions.dataset IS 'Dataset by name';
COMMENT ON COLUMN gaiops.dataset_record_versions.record_id IS 'Identity: from the hash of the canonical inputs and the key';
COMMENT ON COLUMN gaiops.dataset_record_versions.revision IS 'Revision that made it so';
COMMENT ON COLUMN gaiops.dataset_record_versions.is_deleted IS 'Whether it is gone from that revision on';
COMMENT ON COLUMN gaiops.dataset_record_versions.key IS 'Tells records of the same inputs apart; NULL if not needed';
COMMENT ON COLUMN gaiops.dataset_record_versions.inputs IS 'What is asked, a JSON object; its members are variables of prompts, too';
COMMENT ON COLUMN gaiops.dataset_record_versions.expectations IS 'What is known to be right, a JSON object';
COMMENT ON COLUMN gaiops.dataset_record_versions.outputs IS 'What was answered; NULL if nothing was';
COMMENT ON COLUMN gaiops.dataset_record_versions.tags IS 'Tags, a JSON object';
COMMENT ON COLUMN gaiops.dataset_record_versions.split IS 'Part of the dataset it belongs to, such as train or test; NULL if none';
COMMENT ON COLUMN gaiops.dataset_record_versions.source IS 'Where it is from, such as {"trace_id": "...", "session_id": "..."}; NULL if not said';
COMMENT ON COLUMN gaiops.dataset_record_versions.created_at IS 'When the record was first put into the dataset';
COMMENT ON COLUMN gaiops.dataset_record_versions.created_by IS 'Database role that did so';
COMMENT ON COLUMN gaiops.dataset_record_versions.updated_at IS 'When this change was made';
COMMENT ON COLUMN gaiops.dataset_record_versions.updated_by IS 'Database role that made it';
SELECT pg_catalog.pg_extension_config_dump('gaiops.dataset_record_versions', '');
