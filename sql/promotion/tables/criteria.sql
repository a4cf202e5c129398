-- What a version of a prompt has to reach, in an experiment.

CREATE TABLE gaiops.criteria (
	experiment  text NOT NULL,
	metric      text COLLATE "C" NOT NULL,
	aggregate   text NOT NULL CHECK (aggregate IN ('mean', 'pass_rate', 'p50', 'p90', 'p95')),
	measured    text NOT NULL CHECK (measured IN ('promotion', 'production')),
	said_by     text NOT NULL CHECK (said_by IN ('usage', 'judge', 'people')),
	minimum     double precision,
	maximum     double precision,
	updated_at  timestamptz NOT NULL,
	updated_by  name NOT NULL,
	PRIMARY KEY (experiment, metric, aggregate, measured, said_by),
	CHECK (minimum IS NOT NULL OR maximum IS NOT NULL)
);
COMMENT ON TABLE gaiops.criteria IS 'What versions of prompts have to reach; gaiops.scorecard says which do';
COMMENT ON COLUMN gaiops.criteria.experiment IS 'Experiment by name';
COMMENT ON COLUMN gaiops.criteria.metric IS
	'cost, performance, accuracy, or the name of a scorer or of feedback, such as groundedness';
COMMENT ON COLUMN gaiops.criteria.aggregate IS 'mean, pass_rate, p50, p90 or p95';
COMMENT ON COLUMN gaiops.criteria.measured IS
	'promotion: before it serves, of evaluations; production: of what applications did';
COMMENT ON COLUMN gaiops.criteria.said_by IS
	'usage, of cost and performance; judge, which is any scorer or program; people';
COMMENT ON COLUMN gaiops.criteria.minimum IS 'Least it may be; NULL if that is open';
COMMENT ON COLUMN gaiops.criteria.maximum IS 'Most it may be; NULL if that is open';
COMMENT ON COLUMN gaiops.criteria.updated_at IS 'When it was set';
COMMENT ON COLUMN gaiops.criteria.updated_by IS 'Database role that set it';
SELECT pg_catalog.pg_extension_config_dump('gaiops.criteria', '');
