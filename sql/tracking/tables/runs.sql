-- Runs are written by the writer alone, in rows that are only inserted: whoever
-- ends a run first has ended it.  gaiops.open_runs is what a server that starts
-- after a crash has to look at.
CREATE TABLE gaiops.run_starts (
	run_id         uuid PRIMARY KEY,
	name           text,
	experiment     text NOT NULL,
	parent_run_id  uuid,
	session_role   name NOT NULL,
	role           name NOT NULL,
	application_name  text,
	pid            integer NOT NULL,
	incarnation    uuid NOT NULL,
	start_time     timestamptz NOT NULL,
	purpose        text
);
CREATE INDEX run_starts_start_time_idx ON gaiops.run_starts (start_time);
CREATE INDEX run_starts_parent_run_id_idx ON gaiops.run_starts (parent_run_id) WHERE parent_run_id IS NOT NULL;
COMMENT ON TABLE gaiops.run_starts IS 'Runs as they were started; read gaiops.runs';
COMMENT ON COLUMN gaiops.run_starts.run_id IS 'Id of the run';
COMMENT ON COLUMN gaiops.run_starts.name IS 'Its name; NULL if it was given none';
COMMENT ON COLUMN gaiops.run_starts.experiment IS 'Experiment by name';
COMMENT ON COLUMN gaiops.run_starts.parent_run_id IS 'Run that it is part of; NULL if none';
COMMENT ON COLUMN gaiops.run_starts.session_role IS 'Database role that logged in';
COMMENT ON COLUMN gaiops.run_starts.role IS 'Database role in force at the start';
COMMENT ON COLUMN gaiops.run_starts.application_name IS 'application_name of the session';
COMMENT ON COLUMN gaiops.run_starts.pid IS 'Server process that started it';
COMMENT ON COLUMN gaiops.run_starts.incarnation IS
	'Life of the server it was started in: in any other life it is no longer running';
COMMENT ON COLUMN gaiops.run_starts.start_time IS 'When it was started';
COMMENT ON COLUMN gaiops.run_starts.purpose IS
	'application, evaluation, judge, monitor or optimization; NULL before 0.2.0';
SELECT pg_catalog.pg_extension_config_dump('gaiops.run_starts', '');

CREATE TABLE gaiops.run_ends (
	run_id    uuid PRIMARY KEY,
	status    text NOT NULL,
	end_time  timestamptz NOT NULL
);
COMMENT ON TABLE gaiops.run_ends IS 'How runs ended; read gaiops.runs';
COMMENT ON COLUMN gaiops.run_ends.run_id IS 'Run that ended';
COMMENT ON COLUMN gaiops.run_ends.status IS 'FINISHED, FAILED or KILLED';
COMMENT ON COLUMN gaiops.run_ends.end_time IS 'When it ended, or when it was found to have ended';
SELECT pg_catalog.pg_extension_config_dump('gaiops.run_ends', '');

CREATE TABLE gaiops.open_runs (
	run_id        uuid PRIMARY KEY,
	incarnation   uuid NOT NULL,
	scheduled_in  uuid
);
COMMENT ON TABLE gaiops.open_runs IS 'Runs that no session has ended yet';
COMMENT ON COLUMN gaiops.open_runs.run_id IS 'Run that is open';
COMMENT ON COLUMN gaiops.open_runs.incarnation IS
	'Life of the server it was started in; zeros while it waits for a worker';
COMMENT ON COLUMN gaiops.open_runs.scheduled_in IS
	'Database where a worker does it, by gaiops.database_identity(); NULL if a session does';
SELECT pg_catalog.pg_extension_config_dump('gaiops.open_runs', '');

CREATE TABLE gaiops.run_params (
	run_id     uuid NOT NULL,
	key        text NOT NULL,
	value      text NOT NULL,
	logged_at  timestamptz NOT NULL,
	PRIMARY KEY (run_id, key)
);
COMMENT ON TABLE gaiops.run_params IS 'Parameters of runs, each written once';
COMMENT ON COLUMN gaiops.run_params.run_id IS 'Run it belongs to';
COMMENT ON COLUMN gaiops.run_params.key IS 'Name of the parameter';
COMMENT ON COLUMN gaiops.run_params.value IS 'Its value, as text';
COMMENT ON COLUMN gaiops.run_params.logged_at IS 'When it was logged';
SELECT pg_catalog.pg_extension_config_dump('gaiops.run_params', '');

CREATE TABLE gaiops.run_metrics (
	run_id     uuid NOT NULL,
	key        text NOT NULL,
	step       bigint NOT NULL,
	value      double precision NOT NULL,
	logged_at  timestamptz NOT NULL
);
CREATE INDEX run_metrics_run_id_idx ON gaiops.run_metrics (run_id, key, step, logged_at);
COMMENT ON TABLE gaiops.run_metrics IS 'Metrics of runs, every value that was logged; gaiops.runs has the latest';
COMMENT ON COLUMN gaiops.run_metrics.run_id IS 'Run it belongs to';
COMMENT ON COLUMN gaiops.run_metrics.key IS 'Name of the metric';
COMMENT ON COLUMN gaiops.run_metrics.step IS 'Step of the run that it was measured at';
COMMENT ON COLUMN gaiops.run_metrics.value IS 'What was measured';
COMMENT ON COLUMN gaiops.run_metrics.logged_at IS 'When it was logged';
SELECT pg_catalog.pg_extension_config_dump('gaiops.run_metrics', '');

CREATE TABLE gaiops.run_tags (
	run_id      uuid NOT NULL,
	key         text NOT NULL,
	value       text NOT NULL,
	updated_at  timestamptz NOT NULL,
	PRIMARY KEY (run_id, key)
);
COMMENT ON TABLE gaiops.run_tags IS 'Tags of runs';
COMMENT ON COLUMN gaiops.run_tags.run_id IS 'Run that is tagged';
COMMENT ON COLUMN gaiops.run_tags.key IS 'Name of the tag';
COMMENT ON COLUMN gaiops.run_tags.value IS 'Its value';
COMMENT ON COLUMN gaiops.run_tags.updated_at IS 'When it was last set';
SELECT pg_catalog.pg_extension_config_dump('gaiops.run_tags', '');

CREATE TABLE gaiops.run_inputs (
	run_id     uuid NOT NULL,
	dataset    text NOT NULL,
	revision   integer NOT NULL,
	logged_at  timestamptz NOT NULL,
	PRIMARY KEY (run_id, dataset, revision)
);
CREATE INDEX run_inputs_dataset_idx ON gaiops.run_inputs (dataset, revision);
COMMENT ON TABLE gaiops.run_inputs IS 'Datasets that runs worked on, each at a revision';
COMMENT ON COLUMN gaiops.run_inputs.run_id IS 'Run that worked on it';
COMMENT ON COLUMN gaiops.run_inputs.dataset IS 'Dataset by name';
COMMENT ON COLUMN gaiops.run_inputs.revision IS 'Its revision';
COMMENT ON COLUMN gaiops.run_inputs.logged_at IS 'When it was logged';
SELECT pg_catalog.pg_extension_config_dump('gaiops.run_inputs', '');
