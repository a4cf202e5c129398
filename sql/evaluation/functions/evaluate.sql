-- Running models, functions or stored outputs over datasets.

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_evaluate(
	dataset text, scorers text[], model text DEFAULT NULL, prompt text DEFAULT NULL, predict regprocedure DEFAULT NULL,
	message text DEFAULT NULL, judge_model text DEFAULT NULL, split text DEFAULT NULL, revision integer DEFAULT NULL,
	concurrency integer DEFAULT 10, repeats integer DEFAULT 1, max_cost numeric DEFAULT NULL,
	run_name text DEFAULT NULL, background boolean DEFAULT false)
RETURNS uuid LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_evaluate';
COMMENT ON FUNCTION pg_catalog.gaiops_evaluate(
	text, text[], text, text, regprocedure, text, text, text, integer, integer, integer, numeric, text, boolean) IS
	'Takes a dataset, scorers, and where outputs come from: a model with a prompt or a message, a function, or the '
	'records themselves; has each record answered and scored, and returns the run; a rollback does not undo it';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_resume_evaluation(
	run_id uuid, retry_unknown boolean DEFAULT false, max_cost numeric DEFAULT NULL, retry_failed boolean DEFAULT false)
RETURNS bigint LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_resume_evaluation';
COMMENT ON FUNCTION pg_catalog.gaiops_resume_evaluation(uuid, boolean, numeric, boolean) IS
	'Takes an evaluation that was cut short, whether to ask again where the outcome of a call is not known, '
	'another limit of its cost, NULL for the one it has, and whether to ask again what failed; does what is left, '
	'and returns how many results came';

-- With the arguments of gaiops_evaluate(), so that one name is changed to the other.
CREATE OR REPLACE FUNCTION pg_catalog.gaiops_estimate_evaluation(
	dataset text, scorers text[], model text DEFAULT NULL, prompt text DEFAULT NULL, predict regprocedure DEFAULT NULL,
	message text DEFAULT NULL, judge_model text DEFAULT NULL, split text DEFAULT NULL, revision integer DEFAULT NULL,
	concurrency integer DEFAULT 10, repeats integer DEFAULT 1, max_cost numeric DEFAULT NULL,
	run_name text DEFAULT NULL, background boolean DEFAULT false,
	OUT calls bigint, OUT input_tokens bigint, OUT output_tokens bigint, OUT most_output_tokens bigint,
	OUT cost numeric, OUT most_cost numeric)
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_estimate_evaluation';
COMMENT ON FUNCTION pg_catalog.gaiops_estimate_evaluation(
	text, text[], text, text, regprocedure, text, text, text, integer, integer, integer, numeric, text, boolean) IS
	'Takes the arguments of gaiops_evaluate(), checks them as that does, and returns what it would take: calls, tokens '
	'of input and output, the most tokens of output, the cost, and the most that max_cost would hold for it, each '
	'NULL if that cannot be told; sends nothing';
