-- Assessments: what people state is ordinary data; what machines record goes
-- through the writer, which must not meet a key that a transaction of a user
-- holds.  Hence two tables of one shape.  Rows are only inserted: one that is
-- overridden or deleted stays, and gaiops.assessments says what became of it.

CREATE TABLE gaiops.human_assessments (
	assessment_id    uuid PRIMARY KEY,
	trace_id         uuid,
	span_id          text,
	session_id       text,
	experiment       text NOT NULL,
	name             text NOT NULL,
	kind             text NOT NULL CHECK (kind IN ('feedback', 'expectation')),
	value            jsonb NOT NULL,
	rationale        text,
	source_type      text NOT NULL CHECK (source_type = 'HUMAN'),
	source_id        text NOT NULL,
	run_id           uuid,
	overrides        uuid,
	metadata         jsonb,
	idempotency_key  text,
	created_at       timestamptz NOT NULL,
	created_by       name NOT NULL,
	outer_role       name,
	CHECK ((trace_id IS NULL) <> (session_id IS NULL)),
	CHECK (span_id IS NULL OR trace_id IS NOT NULL)
);
CREATE INDEX human_assessments_trace_id_idx ON gaiops.human_assessments (trace_id) WHERE trace_id IS NOT NULL;
CREATE INDEX human_assessments_session_id_idx ON gaiops.human_assessments (session_id) WHERE session_id IS NOT NULL;
CREATE INDEX human_assessments_name_idx ON gaiops.human_assessments (name, created_at);
CREATE INDEX human_assessments_overrides_idx ON gaiops.human_assessments (overrides) WHERE overrides IS NOT NULL;

-- No CHECKs: the writer is the only one to write.
CREATE TABLE gaiops.machine_assessments (
	assessment_id    uuid PRIMARY KEY,
	trace_id         uuid,
	span_id          text,
	session_id       text,
	experiment       text NOT NULL,
	name             text NOT NULL,
	kind             text NOT NULL,
	value            jsonb NOT NULL,
	rationale        text,
	source_type      text NOT NULL,
	source_id        text NOT NULL,
	run_id           uuid,
	overrides        uuid,
	metadata         jsonb,
	idempotency_key  text,
	created_at       timestamptz NOT NULL,
	created_by       name NOT NULL,
	outer_role       name
);
CREATE INDEX machine_assessments_trace_id_idx ON gaiops.machine_assessments (trace_id) WHERE trace_id IS NOT NULL;
CREATE INDEX machine_assessments_session_id_idx ON gaiops.machine_assessments (session_id) WHERE session_id IS NOT NULL;
CREATE INDEX machine_assessments_name_idx ON gaiops.machine_assessments (name, created_at);

COMMENT ON TABLE gaiops.human_assessments IS 'Feedback and expectations of people; read gaiops.assessments';
COMMENT ON TABLE gaiops.machine_assessments IS 'Scores of judges and code; read gaiops.assessments';
DO $$
DECLARE
	described record;
BEGIN
	FOR described IN
		SELECT t.name AS "table", c.name AS "column", c.comment
		FROM (VALUES ('human_assessments'), ('machine_assessments')) AS t (name), (VALUES
			('assessment_id', 'Id of the assessment'),
			('trace_id', 'Trace that is assessed; NULL where it is a session'),
			('span_id', 'Span of that trace; NULL for the whole of it'),
			('session_id', 'Session that is assessed; NULL where it is a trace'),
			('experiment', 'Experiment of what is assessed, by name'),
			('name', 'What is assessed about it, such as correctness; the name of its label schema, if there is one'),
			('kind', 'feedback: how it is; expectation: how it ought to be'),
			('value', 'The assessment: a boolean, number, string, array or object'),
			('rationale', 'Why; NULL if not said'),
			('source_type', 'HUMAN, LLM_JUDGE or CODE'),
			('source_id', 'Who: for a person, by default the database role'),
			('run_id', 'Run that it was made in; NULL if none'),
			('overrides', 'Assessment that it takes the place of; NULL if none'),
			('metadata', 'What else was given, a JSON object; NULL if nothing was'),
			('idempotency_key', 'Key under which it was given, for it to be stored once; NULL if none'),
			('created_at', 'When it was made'),
			('created_by', 'Database role that stored it'),
			('outer_role', 'Role in force outside of every SECURITY DEFINER function then; NULL before 0.2.0'))
				AS c (name, comment)
	LOOP
		EXECUTE pg_catalog.format('COMMENT ON COLUMN gaiops.%I.%I IS %L', described."table",
			described."column", described.comment);
	END LOOP;
END
$$;
SELECT pg_catalog.pg_extension_config_dump('gaiops.human_assessments', '');
SELECT pg_catalog.pg_extension_config_dump('gaiops.machine_assessments', '');

CREATE TABLE gaiops.assessment_deletions (
	assessment_id  uuid PRIMARY KEY,
	deleted_at     timestamptz NOT NULL,
	deleted_by     name NOT NULL,
	outer_role     name
);
COMMENT ON TABLE gaiops.assessment_deletions IS 'Assessments that were deleted: they are hidden, and kept';
COMMENT ON COLUMN gaiops.assessment_deletions.assessment_id IS 'Assessment that was deleted';
COMMENT ON COLUMN gaiops.assessment_deletions.deleted_at IS 'When it was deleted';
COMMENT ON COLUMN gaiops.assessment_deletions.deleted_by IS 'Database role that deleted it';
COMMENT ON COLUMN gaiops.assessment_deletions.outer_role IS
	'Role in force outside of every SECURITY DEFINER function then; NULL before 0.2.0';
SELECT pg_catalog.pg_extension_config_dump('gaiops.assessment_deletions', '');
