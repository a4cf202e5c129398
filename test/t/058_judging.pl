# Judges in evaluations: what is left of one that is cut short while they are asked, how it is
# gone on with, and judges in the background.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use GaiopsTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = gaiops_node('judging');
my $fault = fault_server();

sub query { return $node->safe_psql('postgres', $_[0]); }

# One value about an evaluation, by its run's name; $what is of results or scores.
sub of_run
{
	my ($name, $what, $from) = @_;

	return query("SELECT $what FROM gaiops.$from WHERE run_id = (SELECT run_id FROM gaiops.runs WHERE name = '$name')");
}

sub status { return query("SELECT status FROM gaiops.runs WHERE name = '$_[0]'"); }

sub evaluate
{
	my ($name, $more) = @_;

	return "SELECT gaiops_evaluate('numbers', '{fluency}', 'echo', judge_model => 'judge', concurrency => 4, run_name => '$name', $more);";
}

query(<<'END');
SELECT gaiops_create_endpoint('echo', 'builtin:echo');
SELECT gaiops_create_dataset('numbers');
SELECT gaiops_merge_records('numbers', (SELECT jsonb_agg(jsonb_build_object('inputs', jsonb_build_object('question', 'Number ' || n))) FROM generate_series(1, 12) AS n));
END
make_endpoint($node, 'judge', $fault->url('hang,ms=60000,id=hung'));

# ---- cut short ----

my $session = sessions($node, 1, evaluate('canceled', 'repeats => 1'));
wait_until(sub { scalar(() = $fault->journal) >= 4 }, 'the judge to be asked');
my $answered = of_run('canceled', 'count(*)', 'evaluation_results');
cmp_ok($answered, '>=', 4, 'results do not wait for judges');
cmp_ok($answered, '<', 12, 'but calls of judges come first');
is(of_run('canceled', 'count(*)', 'evaluation_scores'), 0, 'which have not said anything');
query("SELECT pg_cancel_backend($_)") foreach $session->backends;
$session->finish(30);
wait_until(sub { status('canceled') eq 'KILLED' }, 'the run to end');
is(of_run('canceled', "string_agg(DISTINCT concat_ws(' ', state, score, reason), ';')", 'evaluation_scores'),
	'unknown no verdict of the judge is on record', 'a score that is missing is unknown');
is(of_run('canceled', 'n_unknown || coalesce(mean::text, $$ none$$)', 'evaluation_summary'), "$answered none", 'and no zero');

query("SELECT gaiops_alter_endpoint('judge', url => '" . $fault->url('judge,id=good') . "')");
is(query("SELECT gaiops_resume_evaluation((SELECT run_id FROM gaiops.runs WHERE name = 'canceled'))"), 12 - $answered, 'it is gone on with');
is(of_run('canceled', q{count(*) FILTER (WHERE state = 'scored')}, 'evaluation_scores'), 12, 'all are judged');
is(of_run('canceled', q{count(*) FILTER (WHERE purpose <> 'judge' AND attempt IS NOT NULL)}, 'spans'), 12, 'and no answer is asked for twice');
is(of_run('canceled', q{count(*) FILTER (WHERE purpose = 'judge' AND status = 'OK')}, 'spans'), 12, 'nor is a verdict');
is(status('canceled'), 'FINISHED', 'then it is finished');

# ---- in the background ----

query(evaluate('background', 'background => true'));
wait_until(sub { status('background') eq 'FINISHED' }, 'the worker to finish');
is(of_run('background', q{count(*) FILTER (WHERE state = 'scored')}, 'evaluation_scores'), 12, 'a worker has judges asked, too');
query(<<'END');
SELECT gaiops_merge_records('numbers', (SELECT jsonb_agg(jsonb_build_object('inputs', jsonb_build_object('question', 'Number ' || n), 'outputs', 'One.')) FROM generate_series(1, 12) AS n));
END
query(q{SELECT gaiops_evaluate('numbers', '{fluency}', judge_model => 'judge', run_name => 'stored', background => true)});
wait_until(sub { status('stored') eq 'FINISHED' }, 'the worker to finish');
is(of_run('stored', q{count(*) FILTER (WHERE state = 'scored')}, 'evaluation_scores'), 12, 'of stored outputs as well');

# ---- results that take long to make, for half of which no judge is asked ----

query(<<'END');
SELECT gaiops_create_dataset('slowly');
SELECT gaiops_merge_records('slowly', (SELECT jsonb_agg(jsonb_build_object('inputs', jsonb_build_object('question', 'Number ' || n), 'outputs', 'One.',
	'expectations', CASE WHEN n % 2 = 0 THEN '{"expected_response": "One."}' ELSE '{}' END::jsonb)) FROM generate_series(1, 12) AS n));
CREATE FUNCTION public.slowly(inputs jsonb, outputs jsonb, expectations jsonb) RETURNS boolean LANGUAGE plpgsql
	AS 'BEGIN PERFORM pg_sleep(0.4); RETURN true; END';
END
make_endpoint($node, 'brief', $fault->url('judge,ms=500,id=brief'), "timeout => '2 s', max_retries => 0");
query(q{SELECT gaiops_evaluate('slowly', '{public.slowly,correctness}', judge_model => 'brief', concurrency => 12, run_name => 'slowly')});
is(query("SELECT string_agg(DISTINCT concat_ws(' ', state, left(reason, 60)), '; ') FROM gaiops.evaluation_scores WHERE scorer = 'correctness' AND state = 'error'"),
	'', 'no judge waits for answers that have come');
is(query("SELECT count(*) FILTER (WHERE state = 'scored') || ' ' || count(*) FILTER (WHERE state = 'unknown') FROM gaiops.evaluation_scores WHERE scorer = 'correctness'"),
	'6 6', 'all that can be judged is');
cmp_ok(query("SELECT max(latency_ms) FROM gaiops.spans WHERE purpose = 'judge' AND endpoint = 'brief'"), '<', 2000, 'as soon as it can');

done_testing();
