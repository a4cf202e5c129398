CREATE OR REPLACE VIEW gaiops.datasets WITH (security_invoker = true) AS
	SELECT d.name, d.description, d.tags, d.revision, gaiops.dataset_size(d.name, d.revision) AS records,
		d.created_at, d.created_by::text COLLATE "default", d.updated_at, d.updated_by::text COLLATE "default"
	FROM gaiops.dataset_settings AS d;
COMMENT ON VIEW gaiops.datasets IS 'Golden datasets, one row each';
COMMENT ON COLUMN gaiops.datasets.name IS 'Name of the dataset';
COMMENT ON COLUMN gaiops.datasets.description IS 'What it is for; NULL if not said';
COMMENT ON COLUMN gaiops.datasets.tags IS 'Tags, a JSON object';
COMMENT ON COLUMN gaiops.datasets.revision IS 'Latest revision; 0 before the first record';
COMMENT ON COLUMN gaiops.datasets.records IS 'Records in it';
COMMENT ON COLUMN gaiops.datasets.created_at IS 'When it was created';
COMMENT ON COLUMN gaiops.datasets.created_by IS 'Database role that created it';
COMMENT ON COLUMN gaiops.datasets.updated_at IS
	'When its latest revision was made; when it was created if there is none';
COMMENT ON COLUMN gaiops.datasets.updated_by IS 'Database role that made that revision';

CREATE OR REPLACE VIEW gaiops.dataset_revisions WITH (security_invoker = true) AS
	SELECT c.dataset, c.revision, gaiops.dataset_size(c.dataset, c.revision) AS records, c.created_at,
		c.created_by::text COLLATE "default"
	FROM gaiops.dataset_changes AS c;
COMMENT ON VIEW gaiops.dataset_revisions IS 'Revisions of datasets, one for each transaction that changed one';
COMMENT ON COLUMN gaiops.dataset_revisions.dataset IS 'Dataset by name';
COMMENT ON COLUMN gaiops.dataset_revisions.revision IS 'Number of the revision, from 1';
COMMENT ON COLUMN gaiops.dataset_revisions.records IS 'Records in it';
COMMENT ON COLUMN gaiops.dataset_revisions.created_at IS 'When the transaction that made it began';
COMMENT ON COLUMN gaiops.dataset_revisions.created_by IS 'Database role that made it';
