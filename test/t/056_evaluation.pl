# Evaluations of a model: how many calls are in flight, what a 429 does, what is left
# of one that is canceled, rolled back or killed, and how it is gone on with.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use GaiopsTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = gaiops_node('evaluation');
my $fault = fault_server();

sub query { return $node->safe_psql('postgres', $_[0]); }

# One value about the latest evaluation of a run name; $what is of results or scores.
sub of_run
{
	my ($name, $what, $from) = @_;

	$from //= 'gaiops.evaluation_results';
	return query("SELECT $what FROM $from WHERE run_id = (SELECT run_id FROM gaiops.runs WHERE name = '$name')");
}

sub status { return query("SELECT status FROM gaiops.runs WHERE name = '$_[0]'"); }

sub evaluate
{
	my ($name, $model, $more) = @_;

	return "SELECT gaiops_evaluate('numbers', ARRAY['exact_match'], '$model', run_name => '$name', $more);";
}

# Waits until the fault server has received so many requests.
sub await_requests
{
	my ($n) = @_;

	return wait_until(sub { scalar(() = $fault->journal) >= $n }, "$n requests");
}

query(<<'END');
SELECT gaiops_create_dataset('numbers');
SELECT gaiops_merge_records('numbers', (SELECT jsonb_agg(jsonb_build_object('inputs', jsonb_build_object('question', 'Number ' || n),
	'expectations', jsonb_build_object('expected_response', 'OK from the fault server.'))) FROM generate_series(1, 40) AS n));
END
make_endpoint($node, 'slow', $fault->url('slow,ms=200,id=slow'));
make_endpoint($node, 'paused', $fault->url('429-then-ok,times=1,after=2,id=paused'));
make_endpoint($node, 'hung', $fault->url('hang,ms=60000,id=hung'));

# ---- many at once ----

query(evaluate('together', 'slow', 'concurrency => 20'));
is(of_run('together', q{count(*) FILTER (WHERE status = 'ok')}), 40, 'all are answered');
is(of_run('together', 'count(*) FILTER (WHERE passed)', 'gaiops.evaluation_scores'), 40, 'and scored');
my $most = query(<<'END');
SELECT max((SELECT count(*) FROM gaiops.spans AS o WHERE o.start_time <= s.start_time
	AND s.start_time < o.start_time + make_interval(secs => o.latency_ms / 1000)))
FROM gaiops.spans AS s WHERE s.attempt IS NOT NULL
END
cmp_ok($most, '>', 10, "many were in flight at once");
cmp_ok($most, '<=', 20, 'and no more than was asked for');
recorded_ok($node, $fault, 'every request has one row');

# ---- a 429 ----

$fault->forget;
query(evaluate('paused', 'paused', 'concurrency => 4'));
is(of_run('paused', q{count(*) FILTER (WHERE status = 'ok')}), 40, 'an upstream that asks for a pause: all are answered');
is(of_run('paused', 'max(attempts)'), 2, 'the one it refused by a second attempt');
my @times = sort { $a <=> $b } map { $_->{time} } $fault->journal;
is(scalar(@times), 41, 'none is asked more often');
my $unit = $times[-1] > 1e11 ? 1000 : 1;
my @after = grep { $_ > $times[0] + 0.5 * $unit } @times;
cmp_ok(scalar(@after), '>=', 36, 'most are asked after the pause');
cmp_ok($after[0] - $times[0], '>=', 1.9 * $unit, 'and none within it');

# A pause that takes long is told, and the rest is done after it; one that takes
# longer than a call may is not waited for.
make_endpoint($node, 'told', $fault->url('429-then-ok,times=1,after=8,id=told'));
make_endpoint($node, 'used-up', $fault->url('429-then-slow,times=1,after=7200,ms=1000,id=used'));
my ($told, $quiet) = ('', '');
my $session = sessions($node, 1, evaluate('told', 'told', 'concurrency => 4'));
wait_until(sub { query("SELECT paused_until IS NOT NULL FROM gaiops.evaluation_progress WHERE name = 'told'") eq 't' },
	'other sessions to see a pause');
is(query(<<'SQL'), 't', 'and until when');
SELECT paused_until BETWEEN clock_timestamp() AND clock_timestamp() + interval '9 s' FROM gaiops.evaluation_progress WHERE name = 'told'
SQL
my ($paused) = $session->finish(60);
is(scalar(() = $paused->{err} =~ /NOTICE:  evaluation: model "told" wants no calls until 2/g), 1, 'who waits is told once');
like($paused->{err}, qr/DETAIL:  Its upstream has said so with status 429\.$/m, 'and who wants it');
is(of_run('told', q{count(*) FILTER (WHERE status = 'ok')}), 40, 'then all are answered');
wait_until(sub { query("SELECT paused_until IS NULL FROM gaiops.evaluation_progress WHERE name = 'told'") eq 't' },
	'a pause that is over not to be shown');

$fault->forget;
my $begun = time;
$node->psql('postgres', evaluate('used up', 'used-up', 'concurrency => 4'), stderr => \$told, stdout => \$quiet);
cmp_ok(time - $begun, '<', 60, 'a pause of hours is not waited for');
like($quiet, qr/^[0-9a-f-]{36}$/, 'the run is returned');
like($told, qr/NOTICE:  evaluation: model "used-up" wants no calls until .*DETAIL:  [^\n]*no other is begun/s, 'it is told');
like($told, qr/WARNING:  evaluation stopped: model "used-up" wants no calls until .*DETAIL:  36 of 40 results are missing\./s, 'and what is missing');
is(scalar(() = $fault->journal), 4, 'no other call is begun');
is(of_run('used up', q{count(*) FILTER (WHERE status = 'ok')}), 3, 'those in flight are recorded');
is(of_run('used up', q{string_agg(error_class, ' ') FILTER (WHERE status = 'error')}), 'rate_limited', 'and the one that was refused');
is(status('used up'), 'KILLED', 'the run was cut short');
is(query(<<'SQL'), 't', 'and until when is seen');
SELECT paused_until BETWEEN clock_timestamp() + interval '1 h' AND clock_timestamp() + interval '2 h' FROM gaiops.evaluation_progress WHERE name = 'used up'
SQL
is(query(<<'SQL'), 37, 'it is gone on with');
SELECT gaiops_resume_evaluation((SELECT run_id FROM gaiops.runs WHERE name = 'used up'), retry_failed => true)
SQL
is(of_run('used up', q{count(*) FILTER (WHERE status = 'ok')}), 40, 'then all are answered');
is(scalar(() = $fault->journal), 41, 'and none twice but the one that was refused');
is(status('used up'), 'FINISHED', 'and it is finished');
query("SELECT gaiops_set_run_tag('gaiops.paused_until', 'no number', (SELECT run_id FROM gaiops.runs WHERE name = 'used up'))");
is(query("SELECT paused_until FROM gaiops.evaluation_progress WHERE name = 'used up'"), '', 'a tag that is no time is none');
recorded_ok($node, $fault, 'every request has one row');

# ---- a cancel ----

$fault->forget;
$session = sessions($node, 1, evaluate('canceled', 'slow', 'concurrency => 5'));
await_requests(12);
cmp_ok(of_run('canceled', 'count(*)'), '>', 0, 'results are seen while it runs');
is(status('canceled'), 'RUNNING', 'as it does');
my ($error, $stdout, $stderr) = (undef, '', '');
$node->psql('postgres', "SELECT gaiops_resume_evaluation((SELECT run_id FROM gaiops.runs WHERE name = 'canceled'))",
	stderr => \$stderr);
like($stderr, qr/is under way in another session/, 'nobody else can go on with it meanwhile');
$node->psql('postgres', "SELECT gaiops_end_run(run_id => (SELECT run_id FROM gaiops.runs WHERE name = 'canceled'))",
	stderr => \$stderr);
like($stderr, qr/cannot end run "[0-9a-f-]+" of an evaluation that is under way\nHINT:  Cancel the session that does it\./,
	'nor end its run');
query("SELECT pg_cancel_backend($_)") foreach $session->backends;
my ($canceled) = $session->finish(30);
like($canceled->{err}, qr/canceling statement/, 'it can be canceled');
wait_until(sub { status('canceled') eq 'KILLED' }, 'the run to end');
my $done = of_run('canceled', q{count(*) FILTER (WHERE status = 'ok')});
my $unknown = of_run('canceled', q{count(*) FILTER (WHERE status = 'unknown')});
cmp_ok($done, '>=', 5, 'what was done is kept');
cmp_ok($unknown, '>', 0, 'what was in flight is unknown');
my $asked = () = $fault->journal;
# A cancel may come between an intent and its request.
cmp_ok($asked, '<=', $done + $unknown, 'nothing else was asked');
cmp_ok($asked, '>=', $done, 'and all that has an answer was');
is(query("SELECT DISTINCT error_class FROM gaiops.spans WHERE status <> 'OK' AND run_id = (SELECT run_id FROM gaiops.runs WHERE name = 'canceled')"),
	'canceled', 'its calls were');
is(of_run('canceled', q{count(*) FILTER (WHERE state = 'unknown')}, 'gaiops.evaluation_scores'), $unknown, 'scores are so, too');

my $id = query("SELECT run_id FROM gaiops.runs WHERE name = 'canceled'");
is(query("SELECT gaiops_resume_evaluation('$id')"), 40 - $done - $unknown, 'it is gone on with');
is(of_run('canceled', q{count(*) FILTER (WHERE status = 'ok')}), 40 - $unknown, 'what is left is done');
is(scalar(() = $fault->journal), $asked + 40 - $done - $unknown, 'nothing is asked twice');
is(status('canceled'), 'FINISHED', 'and the run is finished');
is(query("SELECT gaiops_resume_evaluation('$id')"), 0, 'going on again does nothing');
is(scalar(() = $fault->journal), $asked + 40 - $done - $unknown, 'nothing at all');
is(query("SELECT gaiops_resume_evaluation('$id', retry_unknown => true)"), $unknown, 'what is unknown is asked again if it is said so');
is(of_run('canceled', q{count(*) FILTER (WHERE status = 'ok')}), 40, 'then all is done');
is(scalar(() = $fault->journal), $asked + 40 - $done, 'with as many requests more');
recorded_ok($node, $fault, 'every request has one row');

# ---- a cancel while something is scored ----

query(<<'SQL');
CREATE FUNCTION nap(inputs jsonb, outputs jsonb, expectations jsonb) RETURNS bool LANGUAGE sql
AS $$ SELECT pg_sleep((inputs ->> 'nap')::float8) IS NOT NULL $$;
SELECT gaiops_create_dataset('naps');
SELECT gaiops_merge_records('naps', (SELECT jsonb_agg(jsonb_build_object('inputs', jsonb_build_object('question', 'Nap ' || n, 'nap', 0.2)))
	FROM generate_series(1, 10) AS n));
SELECT gaiops_create_dataset('long naps');
SELECT gaiops_merge_records('long naps', '[{"inputs": {"question": "Nap", "nap": 600}}]');
SQL
$session = sessions($node, 1, "SELECT gaiops_evaluate('long naps', ARRAY['public.nap'], 'slow', run_name => 'napping');");
wait_until(sub { query("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'") > 0 }, 'the scorer to sleep');
query("SELECT pg_cancel_backend($_)") foreach $session->backends;
($canceled) = $session->finish(30);
like($canceled->{err}, qr/canceling statement/, 'a cancel ends a scorer, too');
is(query(<<'SQL'), 'OK 200', 'and the answer that has come stays one');
SELECT status || ' ' || http_status FROM gaiops.spans WHERE run_id = (SELECT run_id FROM gaiops.runs WHERE name = 'napping')
SQL
is(of_run('napping', 'status'), 'unknown', 'what it is worth is not known');

# ---- a scorer that takes long ----

query("SELECT gaiops_evaluate('naps', ARRAY['public.nap'], 'slow', concurrency => 10, run_name => 'slowly scored')");
cmp_ok(of_run('slowly scored', 'max(latency_ms)'), '<', 1000, 'a scorer that takes long is not in the latency of other calls');
cmp_ok(of_run('slowly scored', 'max(extract(epoch FROM ended_at - started_at))'), '<', 1, 'nor in the time that they took');

# ---- a rollback, and another role ----

query("BEGIN; " . evaluate('rolled back', 'slow', 'concurrency => 40') . " ROLLBACK;");
$node->psql('postgres', "SELECT gaiops_end_run(run_id => (SELECT run_id FROM gaiops.runs WHERE name = 'rolled back'))",
	stderr => \$stderr);
like($stderr, qr/has ended already/, 'of one that is over it is said so');
is(of_run('rolled back', 'count(*)'), 40, 'a rollback takes no result back');
is(status('rolled back'), 'FINISHED', 'nor that it has finished');
query("CREATE ROLE other LOGIN; SELECT gaiops_grant('other', 'user')");
$node->psql('postgres', "SET ROLE other; SELECT gaiops_resume_evaluation('$id')", stderr => \$stderr);
like($stderr, qr/permission denied for evaluation/, 'another role cannot go on with it');
$node->psql('postgres', "SELECT gaiops_resume_evaluation('00000000-0000-0000-0000-000000000000')", stderr => \$stderr);
like($stderr, qr/evaluation "00000000-0000-0000-0000-000000000000" does not exist/, 'nobody with what is none');

# ---- functions that another role has chosen ----

query(<<'END');
GRANT CREATE ON SCHEMA public TO other;
SET ROLE other;
CREATE FUNCTION public.who_predicts(inputs jsonb) RETURNS text LANGUAGE sql AS 'SELECT current_user::text';
CREATE FUNCTION public.who_scores(inputs jsonb, outputs jsonb, expectations jsonb) RETURNS text LANGUAGE sql AS 'SELECT current_user::text';
SELECT gaiops_evaluate('numbers', '{}', predict => 'public.who_predicts(jsonb)', run_name => 'predicts');
SELECT gaiops_evaluate('numbers', '{public.who_scores}', 'slow', run_name => 'scores', concurrency => 40);
SELECT gaiops_evaluate('numbers', '{exact_match}', 'slow', run_name => 'calls', concurrency => 40);
END
foreach my $name ('predicts', 'scores')
{
	my $run = query("SELECT run_id FROM gaiops.runs WHERE name = '$name'");

	$node->psql('postgres', "SELECT gaiops_resume_evaluation('$run')", stderr => \$stderr);
	like($stderr, qr/permission denied for evaluation "$run"\nDETAIL:  It runs functions that role "other" has chosen.*\nHINT:  Use SET ROLE/,
		"$name: nobody else runs them");
	is(query("SET ROLE other; SELECT gaiops_resume_evaluation('$run')"), 0, 'but that role');
}
is(query("SELECT gaiops_resume_evaluation((SELECT run_id FROM gaiops.runs WHERE name = 'calls'))"), 0,
	'what has none of these a superuser can go on with');

# ---- a function of a user's own that is cancelled ----

query(<<'END');
CREATE FUNCTION public.slow_scorer(inputs jsonb, outputs jsonb, expectations jsonb) RETURNS boolean
	LANGUAGE sql AS 'SELECT pg_sleep(60) IS NULL';
CREATE FUNCTION public.canceled_scorer(inputs jsonb, outputs jsonb, expectations jsonb) RETURNS boolean
	LANGUAGE sql AS 'SELECT pg_cancel_backend(pg_backend_pid()); SELECT pg_sleep(60) IS NULL';
CREATE FUNCTION public.slow_predict(inputs jsonb) RETURNS text LANGUAGE sql AS $$ SELECT pg_sleep(60)::text || 'x' $$;
CREATE FUNCTION public.canceled_predict(inputs jsonb) RETURNS text
	LANGUAGE sql AS $$ SELECT pg_cancel_backend(pg_backend_pid()); SELECT pg_sleep(60)::text || 'x' $$;
END

# The session goes on after the statement, and may end a transaction that is not there.
sub session_survives
{
	my ($timeout, $statement, $reason) = @_;
	my ($out, $err) = ('', '');

	$node->psql('postgres', "SET statement_timeout = '$timeout'; $statement; RESET statement_timeout;"
		. "SELECT 'alive'; ROLLBACK; SELECT 'and well'", on_error_stop => 0, stdout => \$out, stderr => \$err);
	like($err, qr/canceling statement due to $reason/, "$statement is canceled");
	is($out, "alive\nand well", 'and its session goes on');
	return;
}

session_survives('300ms', "SELECT gaiops_score('public.slow_scorer', 'x')", 'statement timeout');
session_survives('0', "SELECT gaiops_score('public.canceled_scorer', 'x')", 'user request');
session_survives('300ms', "SELECT gaiops_evaluate('numbers', '{}', predict => 'public.slow_predict(jsonb)')", 'statement timeout');
session_survives('0', "SELECT gaiops_evaluate('numbers', '{}', predict => 'public.canceled_predict(jsonb)')", 'user request');

# ---- what is told ----

query(<<'END');
SELECT gaiops_create_endpoint('nobody', 'http://127.0.0.1:1/v1', max_retries => 0);
SELECT gaiops_create_endpoint('priced', 'builtin:echo', provider => 'prov', model => 'm', params => '{"max_tokens": 100}', max_retries => 1);
SELECT gaiops_set_price('prov', 'm', input => 0, output => 10000, effective_from => '2019-01-01');
END
$node->psql('postgres', evaluate('poor', 'priced', 'max_cost => 1'), stderr => \$stderr);
like($stderr, qr/40 of 40 results are missing: 0 was or may have been spent, and another call could cost 2\.$/m,
	'where max_cost stops it, it is told what was spent and what it would take');
query(evaluate('unreached', 'nobody', 'repeats => 1'));
$node->psql('postgres', "SELECT gaiops_resume_evaluation((SELECT run_id FROM gaiops.runs WHERE name = 'unreached'))",
	stderr => \$stderr);
like($stderr, qr/40 of 40 done, 40 errors$/m, 'errors are those of the whole run');

# ---- results that are queued still ----

query(<<'SQL');
SELECT gaiops_create_dataset('stored');
SELECT gaiops_merge_records('stored', (SELECT jsonb_agg(jsonb_build_object('inputs', jsonb_build_object('n', n), 'outputs', 'x',
	'expectations', jsonb_build_object('expected_response', 'x'))) FROM generate_series(1, 30) AS n));
SQL
my $lock = $node->background_psql('postgres');
$lock->query_safe('BEGIN; LOCK TABLE gaiops.evaluation_outcomes IN SHARE MODE;');
$session = sessions($node, 1, "SELECT gaiops_evaluate('stored', ARRAY['exact_match'], run_name => 'queued');");
wait_until(sub { query("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'gaiops.evaluation_outcomes'::regclass") > 0 },
	'the writer to wait');
query("SELECT pg_cancel_backend($_)") foreach $session->backends;
$session->finish(30);
$id = query("SELECT run_id FROM gaiops.runs WHERE name = 'queued'");
$session = sessions($node, 1, "SELECT gaiops_resume_evaluation('$id');");
wait_until(sub { query("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT gaiops_resume%' AND wait_event_type IS NOT NULL AND state = 'active'") > 0 },
	'it to be gone on with');
$lock->query_safe('COMMIT;');
$session->finish(30);
$lock->quit;
is(of_run('queued', 'count(*)'), 30, 'what was queued when it was gone on with is recorded');
is(of_run('queued', 'count(*)', 'gaiops.assessments'), 30, 'and not scored again');
is(status('queued'), 'FINISHED', 'and the run is finished');

# ---- a crash ----

$fault->forget;
$session = sessions($node, 1, evaluate('crashed', 'slow', 'concurrency => 5, repeats => 2'));
await_requests(12);
$node->stop('immediate');
$asked = scalar(() = $fault->journal);
$session->finish(30);
$node->start;
is(status('crashed'), 'KILLED', 'a crash ends the run');
$done = of_run('crashed', q{count(*) FILTER (WHERE status = 'ok')});
$unknown = of_run('crashed', q{count(*) FILTER (WHERE status = 'unknown')});
cmp_ok($done, '>', 0, 'what was recorded is there');
cmp_ok($done + $unknown, '>=', $asked, 'and nothing was asked that is not');
$id = query("SELECT run_id FROM gaiops.runs WHERE name = 'crashed'");
is(query("SELECT gaiops_resume_evaluation('$id')"), 80 - $done - $unknown, 'another life of the server goes on with it');
is(of_run('crashed', q{count(*) FILTER (WHERE status = 'ok')}), 80 - $unknown, 'what is left is done');
is(status('crashed'), 'FINISHED', 'and the run is finished');
my %times;
$times{ $_->{traceparent} }++ foreach $fault->journal;
cmp_ok(scalar(() = $fault->journal), '<=', 80, 'nothing is asked twice');
is(of_run('crashed', 'count(DISTINCT (record_id, repeat))'), 80, 'each record has one result for each repeat');
$session = sessions($node, 1, "SELECT gaiops_resume_evaluation('$id', retry_unknown => true)");
wait_until(sub { query("SELECT count(*) FROM gaiops.evaluation_outcomes WHERE run_id = '$id'") == 80 }, 'all to be done');
$session->finish(30);
is(status('crashed'), 'FINISHED', 'all of it');

# ---- more at once than the server may have files open ----

$node->append_conf('postgresql.conf', 'max_files_per_process = 64');
$node->restart;
$fault->forget;
query(evaluate('few files', 'slow', 'concurrency => 40'));
is(of_run('few files', q{count(*) FILTER (WHERE status = 'ok')}), 40, 'with few files to be had calls wait for each other');
recorded_ok($node, $fault, 'every request has one row');
done_testing();
