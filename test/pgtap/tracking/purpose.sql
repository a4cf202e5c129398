-- What calls are for: by the setting, and by the run.
\set ON_ERROR_STOP on
SET client_min_messages = error;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();
\ir ../../lib/raised.sql
SELECT gaiops_create_endpoint('echo', 'builtin:echo') \g /dev/null
SELECT gaiops_register_prompt('p', 'x') \g /dev/null
CREATE FUNCTION public.used() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM gaiops_chat('echo', 'Hi', prompt => 'prompts:/p/1');
	RETURN (SELECT purpose FROM gaiops.spans WHERE trace_id = gaiops_last_trace_id());
END $$;

SELECT is(public.used(), 'application', 'a call is an application''s');
SELECT set_config('gaiops.purpose', p, false) = p AND public.used() = p FROM unnest('{evaluation,judge,monitor,optimization,application}'::text[]) AS p;
SELECT is(current_setting('gaiops.purpose'), 'application', 'each of five');
SELECT is(pg_temp.raised('SET gaiops.purpose = testing'), E'22023\ninvalid value for parameter "gaiops.purpose": "testing"\nAvailable values: application, evaluation, judge, monitor, optimization.', 'and no other');
SET gaiops.purpose = evaluation;
SELECT gaiops_start_span('s') \g /dev/null
SELECT is(purpose, 'evaluation', 'spans have it too') FROM gaiops.calls_in_flight;
SELECT gaiops_end_span() \g /dev/null
RESET gaiops.purpose;
SELECT is(sum(calls)::int, 2, 'what is for something else is not what applications use') FROM gaiops.prompt_usage;
SELECT results_eq('SELECT purpose, sum(calls)::int FROM gaiops.usage_hourly GROUP BY 1 ORDER BY 1',
	$$ VALUES ('application', 2), ('evaluation', 1), ('judge', 1), ('monitor', 1), ('optimization', 1) $$, 'and counts by itself');

-- Sessions.
SET gaiops.session_id = 'both';
SELECT set_config('gaiops.purpose', p, false) = p AND public.used() = p FROM unnest('{judge,application,judge}'::text[]) AS p \g /dev/null
RESET gaiops.session_id;
RESET gaiops.purpose;
SELECT is(purposes, '{application,judge}', 'a session says what its calls are for, each once') FROM gaiops.sessions WHERE session_id = 'both';

-- Runs.
SELECT gaiops_start_run('by hand', purpose => 'evaluation') AS run \gset
SELECT is(public.used(), 'evaluation', 'calls in a run are for what the run is');
SELECT is(purpose, 'evaluation', 'which the run says') FROM gaiops.runs WHERE run_id = :'run';
BEGIN;
SET LOCAL gaiops.purpose = judge;
SELECT is(public.used(), 'judge', 'the setting says something else');
COMMIT;
SELECT gaiops_start_run('within', parent_run_id => :'run') AS inner \gset
SELECT is(public.used(), 'evaluation', 'a run within another is for the same');
SELECT gaiops_end_run() \g /dev/null
SELECT gaiops_start_run('within', parent_run_id => :'run', purpose => 'optimization') AS inner \gset
SELECT is(public.used(), 'optimization', 'unless it says otherwise');
SELECT gaiops_end_run() \g /dev/null
SELECT is(public.used(), 'evaluation', 'and then the outer one counts again');
BEGIN;
SELECT gaiops_end_run() \g /dev/null
SELECT is(public.used(), 'application', 'after its end nothing is left of it');
ROLLBACK;
SELECT is(public.used(), 'application', 'nor when a rollback brings it back');
SELECT gaiops_start_run('by hand', purpose => 'evaluation') AS run \gset
SET gaiops.run_id = :'run';
SELECT is(public.used(), 'evaluation', 'so it is for who joins it by its id');
SELECT is(public.used(), 'evaluation', 'call by call');
SET gaiops.run_id = 'c0ffee00-0000-4000-8000-000000000000';
SELECT is(public.used(), 'application', 'a run that is not there says nothing');
RESET gaiops.run_id;
SELECT gaiops_start_run() AS run \gset
SELECT is(purpose, 'application', 'a run is an application''s') FROM gaiops.runs WHERE run_id = :'run';
SELECT gaiops_end_run() \g /dev/null
SELECT is(pg_temp.raised($$ SELECT gaiops_start_run(purpose => 'testing') $$),
	E'22023\ninvalid purpose "testing"\nUse "application", "evaluation", "judge", "monitor" or "optimization".', 'no other purpose');
SELECT * FROM finish();
