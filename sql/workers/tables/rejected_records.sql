-- What the writer could not store.

CREATE TABLE gaiops.rejected_records (
	rejected_at  timestamptz NOT NULL,
	record       text NOT NULL,
	trace_id     uuid,
	span_id      text,
	sqlstate     text NOT NULL,
	message      text NOT NULL
);
COMMENT ON TABLE gaiops.rejected_records IS 'Records that could not be stored as they were, without their payload';
COMMENT ON COLUMN gaiops.rejected_records.rejected_at IS 'When the writer gave up';
COMMENT ON COLUMN gaiops.rejected_records.record IS 'Table the record was for';
COMMENT ON COLUMN gaiops.rejected_records.trace_id IS 'Trace it belongs to, if any';
COMMENT ON COLUMN gaiops.rejected_records.span_id IS 'Span it belongs to, if any';
COMMENT ON COLUMN gaiops.rejected_records.sqlstate IS 'SQLSTATE of the error';
COMMENT ON COLUMN gaiops.rejected_records.message IS 'Its message';
SELECT pg_catalog.pg_extension_config_dump('gaiops.rejected_records', '');
