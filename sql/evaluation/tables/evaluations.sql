-- Evaluations and what they leave.  All of it is written by the writer, in rows that are
-- only inserted; maintenance takes from them what gaiops.payload_retention is for.  An
-- evaluation is a run; its row says what was asked for.

CREATE TABLE gaiops.evaluations (
	run_id          uuid PRIMARY KEY,
	dataset         text NOT NULL,
	revision        integer NOT NULL,
	split           text,
	prompt_name     text,
	prompt_version  integer,
	model           text,
	predict         text,
	message         text,
	judge_model     text,
	concurrency     integer NOT NULL,
	repeats         integer NOT NULL,
	max_cost        numeric,
	scorers         jsonb NOT NULL,
	background      boolean NOT NULL,
	records         bigint NOT NULL,
	created_by      name NOT NULL,
	created_at      timestamptz NOT NULL
);
CREATE INDEX evaluations_dataset_idx ON gaiops.evaluations (dataset, created_at);
COMMENT ON TABLE gaiops.evaluations IS 'Evaluations: what each was asked to do; how it went is in its run';
COMMENT ON COLUMN gaiops.evaluations.run_id IS 'Run that it is';
COMMENT ON COLUMN gaiops.evaluations.dataset IS 'Dataset by name';
COMMENT ON COLUMN gaiops.evaluations.revision IS 'Revision of the dataset';
COMMENT ON COLUMN gaiops.evaluations.split IS 'Part of the dataset; NULL for the whole of it';
COMMENT ON COLUMN gaiops.evaluations.prompt_name IS 'Prompt that was used; NULL if none was';
COMMENT ON COLUMN gaiops.evaluations.prompt_version IS 'Its version';
COMMENT ON COLUMN gaiops.evaluations.model IS 'Endpoint that was called; NULL if none was';
COMMENT ON COLUMN gaiops.evaluations.predict IS
	'Function that gave the outputs; NULL if none did: without it and a model they are those of the records';
COMMENT ON COLUMN gaiops.evaluations.message IS 'Template of what the user says; NULL if none was given';
COMMENT ON COLUMN gaiops.evaluations.judge_model IS 'Endpoint of the judges; NULL if there are none';
COMMENT ON COLUMN gaiops.evaluations.concurrency IS 'Most calls that were in flight at once';
COMMENT ON COLUMN gaiops.evaluations.repeats IS 'How often each record is asked';
COMMENT ON COLUMN gaiops.evaluations.max_cost IS 'Most that its calls may cost; NULL for no limit';
COMMENT ON COLUMN gaiops.evaluations.scorers IS
	'Scorers in the order given, an array of objects with name, source, kind, version, direction, scale, '
	'threshold, pass_fail and params, each null where there is none';
COMMENT ON COLUMN gaiops.evaluations.background IS 'Whether a worker does it';
COMMENT ON COLUMN gaiops.evaluations.records IS 'Records that it is about';
COMMENT ON COLUMN gaiops.evaluations.created_by IS 'Database role that asked for it';
COMMENT ON COLUMN gaiops.evaluations.created_at IS 'When it was asked for';
SELECT pg_catalog.pg_extension_config_dump('gaiops.evaluations', '');

-- What was asked, committed before it is: one that has no outcome when the run is over
-- is a call nobody knows the outcome of.  Outputs that are there already are not asked.
CREATE TABLE gaiops.evaluation_requests (
	run_id        uuid NOT NULL,
	record_id     uuid NOT NULL,
	repeat        integer NOT NULL,
	trace_id      uuid NOT NULL,
	requested_at  timestamptz NOT NULL,
	PRIMARY KEY (run_id, record_id, repeat, trace_id)
);
COMMENT ON TABLE gaiops.evaluation_requests IS 'What evaluations have asked; read gaiops.evaluation_results';
COMMENT ON COLUMN gaiops.evaluation_requests.run_id IS 'Evaluation';
COMMENT ON COLUMN gaiops.evaluation_requests.record_id IS 'Record of the dataset';
COMMENT ON COLUMN gaiops.evaluation_requests.repeat IS 'Which repeat, from 1';
COMMENT ON COLUMN gaiops.evaluation_requests.trace_id IS 'Trace of the call';
COMMENT ON COLUMN gaiops.evaluation_requests.requested_at IS 'When it was asked';
SELECT pg_catalog.pg_extension_config_dump('gaiops.evaluation_requests', '');

CREATE TABLE gaiops.evaluation_outcomes (
	run_id         uuid NOT NULL,
	record_id      uuid NOT NULL,
	repeat         integer NOT NULL,
	trace_id       uuid NOT NULL,
	split          text,
	tags           jsonb NOT NULL,
	session_id     text,
	output         jsonb,
	error          text,
	error_class    text,
	latency_ms     double precision,
	input_tokens   bigint,
	output_tokens  bigint,
	cost           numeric,
	attempts       integer NOT NULL,
	started_at     timestamptz NOT NULL,
	ended_at       timestamptz NOT NULL,
	PRIMARY KEY (run_id, record_id, repeat)
);
CREATE INDEX evaluation_outcomes_kept_idx ON gaiops.evaluation_outcomes (ended_at) WHERE output IS NOT NULL;
COMMENT ON TABLE gaiops.evaluation_outcomes IS
	'What came of each record of evaluations; read gaiops.evaluation_results';
COMMENT ON COLUMN gaiops.evaluation_outcomes.run_id IS 'Evaluation';
COMMENT ON COLUMN gaiops.evaluation_outcomes.record_id IS 'Record of the dataset';
COMMENT ON COLUMN gaiops.evaluation_outcomes.repeat IS 'Which repeat, from 1';
COMMENT ON COLUMN gaiops.evaluation_outcomes.trace_id IS 'Its trace';
COMMENT ON COLUMN gaiops.evaluation_outcomes.split IS 'As the record had it';
COMMENT ON COLUMN gaiops.evaluation_outcomes.tags IS 'As the record had them';
COMMENT ON COLUMN gaiops.evaluation_outcomes.session_id IS
	'Session that the record is from, as its source says; NULL if that is not known';
COMMENT ON COLUMN gaiops.evaluation_outcomes.output IS
	'What was answered, a text as a JSON string; {"gaiops.cut": true, "gaiops.bytes": n} where it is too long to keep; '
	'NULL if nothing was, or if it is no longer kept';
COMMENT ON COLUMN gaiops.evaluation_outcomes.error IS 'Why there is no answer; NULL if there is one';
COMMENT ON COLUMN gaiops.evaluation_outcomes.error_class IS
	'Class of the error as in gaiops.spans; function_error of a function for predict';
COMMENT ON COLUMN gaiops.evaluation_outcomes.latency_ms IS
	'Of the last attempt, as in gaiops.spans; NULL if nothing was called';
COMMENT ON COLUMN gaiops.evaluation_outcomes.input_tokens IS 'Of the last attempt; NULL if that is not known';
COMMENT ON COLUMN gaiops.evaluation_outcomes.output_tokens IS 'Of the last attempt; NULL if that is not known';
COMMENT ON COLUMN gaiops.evaluation_outcomes.cost IS 'Of all attempts; NULL if that is not known';
COMMENT ON COLUMN gaiops.evaluation_outcomes.attempts IS 'Attempts of its call; 0 if nothing was called';
COMMENT ON COLUMN gaiops.evaluation_outcomes.started_at IS 'When it was begun';
COMMENT ON COLUMN gaiops.evaluation_outcomes.ended_at IS 'When it was over';
SELECT pg_catalog.pg_extension_config_dump('gaiops.evaluation_outcomes', '');

-- Each that has a value is an assessment, too.  What was measured stays, even
-- where somebody overrides or deletes the assessment.
CREATE TABLE gaiops.evaluation_marks (
	run_id          uuid NOT NULL,
	scorer          text COLLATE "C" NOT NULL,
	record_id       uuid NOT NULL,
	repeat          integer NOT NULL,
	scorer_version  integer,
	direction       text NOT NULL,
	scale           double precision,
	threshold       double precision,
	pass_fail       boolean NOT NULL,
	value           jsonb,
	score           double precision,
	passed          boolean,
	state           text NOT NULL,
	reason          text,
	parts           jsonb,
	cost            numeric,
	judge_trace_id  uuid,
	created_at      timestamptz NOT NULL,
	PRIMARY KEY (run_id, scorer, record_id, repeat)
);
CREATE INDEX evaluation_marks_kept_idx ON gaiops.evaluation_marks (created_at)
	WHERE reason IS NOT NULL OR jsonb_typeof(value) NOT IN ('number', 'boolean');
COMMENT ON TABLE gaiops.evaluation_marks IS 'Scores of evaluations; read gaiops.evaluation_scores';
COMMENT ON COLUMN gaiops.evaluation_marks.run_id IS 'Evaluation';
COMMENT ON COLUMN gaiops.evaluation_marks.scorer IS 'Scorer by name';
COMMENT ON COLUMN gaiops.evaluation_marks.record_id IS 'Record of the dataset';
COMMENT ON COLUMN gaiops.evaluation_marks.repeat IS 'Which repeat, from 1';
COMMENT ON COLUMN gaiops.evaluation_marks.scorer_version IS 'Version of a scorer that was created; NULL of others';
COMMENT ON COLUMN gaiops.evaluation_marks.direction IS 'higher or lower: which is better';
COMMENT ON COLUMN gaiops.evaluation_marks.scale IS 'Width of the range of scores; NULL if they have no bounds';
COMMENT ON COLUMN gaiops.evaluation_marks.threshold IS 'Score from which on it has passed; NULL if there is none';
COMMENT ON COLUMN gaiops.evaluation_marks.pass_fail IS 'Whether scores are 0 and 1, and mean that';
COMMENT ON COLUMN gaiops.evaluation_marks.value IS
	'What the scorer said; if that is unknown, what its function returned; NULL if it is no number or boolean '
	'and no longer kept';
COMMENT ON COLUMN gaiops.evaluation_marks.score IS 'That as a number; NULL if it is none';
COMMENT ON COLUMN gaiops.evaluation_marks.passed IS 'Whether it has passed; NULL if that is not said';
COMMENT ON COLUMN gaiops.evaluation_marks.state IS
	'scored; unknown: nothing can be said; error: the scorer failed; failed: there was no answer to score';
COMMENT ON COLUMN gaiops.evaluation_marks.reason IS 'Why it is so; NULL if not said, or no longer kept';
COMMENT ON COLUMN gaiops.evaluation_marks.parts IS 'What a corpus of such scores adds up, of bleu; NULL of others';
COMMENT ON COLUMN gaiops.evaluation_marks.cost IS 'What scoring cost; NULL if it made no call';
COMMENT ON COLUMN gaiops.evaluation_marks.judge_trace_id IS
	'Trace of the judge''s call, the last one; NULL of others, and of a jury, which has them in its votes';
COMMENT ON COLUMN gaiops.evaluation_marks.created_at IS 'When it was scored';
SELECT pg_catalog.pg_extension_config_dump('gaiops.evaluation_marks', '');

-- Evaluations that a worker does.  One is to be done as long as gaiops.open_runs says
-- that its run waits for a worker of this database, or has one.
CREATE TABLE gaiops.evaluation_jobs (
	run_id      uuid PRIMARY KEY,
	role        name NOT NULL,
	role_oid    oid NOT NULL,
	settings    jsonb NOT NULL,
	created_at  timestamptz NOT NULL,
	next_at     timestamptz NOT NULL,
	attempts    integer NOT NULL,
	results     bigint NOT NULL,
	error       text
);
COMMENT ON TABLE gaiops.evaluation_jobs IS 'Evaluations that a worker does; read gaiops.evaluation_progress';
COMMENT ON COLUMN gaiops.evaluation_jobs.run_id IS 'Evaluation';
COMMENT ON COLUMN gaiops.evaluation_jobs.role IS 'Database role that it is done as';
COMMENT ON COLUMN gaiops.evaluation_jobs.role_oid IS 'The same by its OID: another role of that name is not it';
COMMENT ON COLUMN gaiops.evaluation_jobs.settings IS
	'Settings of the session that asked for it, an object of strings';
COMMENT ON COLUMN gaiops.evaluation_jobs.created_at IS 'When it was asked for; of a role''s the oldest is begun first';
COMMENT ON COLUMN gaiops.evaluation_jobs.next_at IS
	'When a worker may be started for it, if it has none, at the earliest';
COMMENT ON COLUMN gaiops.evaluation_jobs.attempts IS 'Workers that were started for it since it last got anywhere';
COMMENT ON COLUMN gaiops.evaluation_jobs.results IS 'Results that it had when the last worker was started';
COMMENT ON COLUMN gaiops.evaluation_jobs.error IS 'Why it failed, or the last worker did; NULL if none did';
SELECT pg_catalog.pg_extension_config_dump('gaiops.evaluation_jobs', '');
