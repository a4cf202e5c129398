# Evaluations in the background: who does them, that nothing of the database is held
# meanwhile, and what a cancel, an error, a crash and a restart make of them.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use GaiopsTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = gaiops_node('background');
my $fault = fault_server();

sub query { return $node->safe_psql('postgres', $_[0]); }

# One value about an evaluation, by its run's name.
sub progress
{
	my ($name, $what) = @_;

	return query("SELECT $what FROM gaiops.evaluation_progress WHERE name = '$name'");
}

sub status { return progress($_[0], 'status'); }

sub await_status
{
	my ($name, $status) = @_;

	return wait_until(sub { status($name) eq $status }, "$name to be $status");
}

sub results
{
	my ($name, $what) = @_;

	return query("SELECT $what FROM gaiops.evaluation_results WHERE run_id = (SELECT run_id FROM gaiops.runs WHERE name = '$name')");
}

sub evaluate
{
	my ($name, $more) = @_;

	return "SELECT gaiops_evaluate('numbers', '{exact_match}', run_name => '$name', background => true, $more);";
}

# Lets so many evaluations run at once.
sub let_run
{
	my ($most) = @_;

	query("ALTER SYSTEM SET gaiops.max_evaluations = $most");
	$node->reload;
	return;
}

sub requests { return scalar(() = $fault->journal); }

# What a statement says besides its rows.
sub raised
{
	my ($sql) = @_;
	my $stderr = '';

	$node->psql('postgres', $sql, stderr => \$stderr);
	return $stderr;
}

query(<<'END');
CREATE ROLE asker LOGIN;
CREATE ROLE nologin;
SELECT gaiops_grant('asker', 'user'), gaiops_grant('nologin', 'user');
GRANT CREATE ON SCHEMA public TO asker;
SELECT gaiops_create_dataset('numbers');
SELECT gaiops_merge_records('numbers', (SELECT jsonb_agg(jsonb_build_object('inputs', jsonb_build_object('question', 'Number ' || n),
	'outputs', 'x', 'expectations', jsonb_build_object('expected_response', 'OK from the fault server.'))) FROM generate_series(1, 40) AS n));
END
make_endpoint($node, 'slow', $fault->url('slow,ms=200,id=slow'));
make_endpoint($node, 'slower', $fault->url('slow,ms=3000,id=slower'));

# ---- from its beginning to its end ----

query("SET ROLE asker; SET gaiops.experiment = 'elsewhere'; SET gaiops.user_id = 'ann'; SET gaiops.session_id = 's1';"
	. "SET application_name = 'asking'; " . evaluate('simple', "model => 'slow', concurrency => 10"));
await_status('simple', 'FINISHED');
is(results('simple', q{count(*) FILTER (WHERE status = 'ok')}), 40, 'a worker has all answered');
is(query(<<'END'), 'asker|asker|elsewhere|ann|s1|asking|evaluation', 'as the role that asked, with what its session said');
SELECT DISTINCT role, session_role, experiment, user_id, session_id, application_name, purpose FROM gaiops.spans
WHERE run_id = (SELECT run_id FROM gaiops.runs WHERE name = 'simple')
END
is(progress('simple', 'background, pid IS NULL, error IS NULL, done, in_flight, unknown'), 't|t|t|40|0|0', 'its progress says so');
is(query("SELECT (metrics ->> 'exact_match/mean')::numeric FROM gaiops.runs WHERE name = 'simple'"), 1, 'its run has the metrics');
is(query("SELECT DISTINCT source_type || ' ' || created_by FROM gaiops.assessments WHERE run_id = (SELECT run_id FROM gaiops.runs WHERE name = 'simple')"),
	'CODE asker', 'and each score is that of the role');
recorded_ok($node, $fault, 'every request has one row');

# ---- nothing is held while it waits ----

$fault->forget;
query(evaluate('waiting', "model => 'slower', concurrency => 40"));
wait_until(sub { requests() >= 40 }, 'all calls to be in flight');
is(status('waiting'), 'RUNNING', 'it runs');
my $worker = "pid = (SELECT p.pid FROM gaiops.evaluation_progress AS p WHERE p.name = 'waiting')";
is(query("SELECT xact_start IS NULL, backend_xid IS NULL, backend_xmin IS NULL, state, usename = current_user, backend_type FROM pg_stat_activity WHERE $worker"),
	't|t|t|active|t|genaiops evaluation', 'while its calls are in flight its worker has neither a transaction nor a snapshot');
is(query("SELECT count(*) FROM pg_locks WHERE locktype <> 'advisory' AND $worker"), 0, 'and holds no lock but that on the evaluation');
query('CREATE TABLE dead AS SELECT 1 AS a');
query('DELETE FROM dead');
my $verbose = raised('VACUUM VERBOSE dead');
like($verbose, qr/1 removed|removed 1/, 'what was deleted meanwhile can be vacuumed');
is(results('waiting', q{count(*) FILTER (WHERE status = 'ok')}), 0, 'while all its calls are in flight');
like(raised("SELECT gaiops_resume_evaluation((SELECT run_id FROM gaiops.runs WHERE name = 'waiting'))"),
	qr/is under way in another session/, 'no session can go on with it meanwhile');
await_status('waiting', 'FINISHED');
is(results('waiting', q{count(*) FILTER (WHERE status = 'ok')}), 40, 'all are answered');
is(requests(), 40, 'each once');

# ---- a cancel ----

$fault->forget;
query(evaluate('canceled', "model => 'slow', concurrency => 5"));
wait_until(sub { requests() >= 12 }, 'some calls');
like(raised("SET ROLE nologin; SELECT pg_cancel_backend(pid) FROM gaiops.evaluation_progress WHERE name = 'canceled'"),
	qr/must be|permission denied/, 'not everybody can stop it');
query("SELECT pg_cancel_backend(pid) FROM gaiops.evaluation_progress WHERE name = 'canceled'");
await_status('canceled', 'KILLED');
my $done = results('canceled', q{count(*) FILTER (WHERE status = 'ok')});
my $unknown = results('canceled', q{count(*) FILTER (WHERE status = 'unknown')});
cmp_ok($done, '>', 0, 'what was done is kept');
is($done + $unknown, requests(), 'what was in flight is unknown');
is(progress('canceled', 'pid IS NULL, error IS NULL'), 't|t', 'it has no worker any more');
is(query("SELECT gaiops_resume_evaluation((SELECT run_id FROM gaiops.runs WHERE name = 'canceled'))"), 40 - $done - $unknown,
	'a session can go on with it');
is(status('canceled'), 'FINISHED', 'until it is finished');
is(requests(), 40, 'nothing is asked twice');

# ---- so many at once, in their order ----

let_run(1);
query(evaluate('first', "model => 'slower', concurrency => 40") . evaluate('second', "model => 'slow', concurrency => 40")
	. evaluate('third', "model => 'slow', concurrency => 40"));
wait_until(sub { status('first') eq 'RUNNING' }, 'the first to run');
is(status('second') . ' ' . status('third'), 'SCHEDULED SCHEDULED', 'the others wait');
is(query("SELECT status, detail FROM gaiops_status() WHERE item = 'evaluations'"), 'ok|1 run in the background, 2 wait', 'gaiops_status() says so');
query("SELECT gaiops_end_run('KILLED', (SELECT run_id FROM gaiops.runs WHERE name = 'third'))");
await_status($_, 'FINISHED') foreach 'first', 'second';
ok(query(<<'END'), 'one after the other') or diag(query("SELECT name, start_time, end_time FROM gaiops.runs"));
SELECT (SELECT end_time FROM gaiops.runs WHERE name = 'first')
	<= (SELECT min(requested_at) FROM gaiops.evaluation_requests WHERE run_id = (SELECT run_id FROM gaiops.runs WHERE name = 'second'))
END
is(status('third') . ' ' . progress('third', 'done'), 'KILLED 0', 'one that waits can be ended, and is not begun');
let_run(2);

# ---- a transaction that is open still, and a rollback ----

my $session = $node->background_psql('postgres');
$session->query_safe('BEGIN; ' . <<'END');
CREATE FUNCTION public.fresh(inputs jsonb) RETURNS text LANGUAGE sql AS $$ SELECT 'OK from the fault server.' $$;
SELECT gaiops_evaluate('numbers', '{exact_match}', predict => 'public.fresh(jsonb)', run_name => 'uncommitted', background => true);
END
is(status('uncommitted'), 'SCHEDULED', 'it is on record at once');
$session->query_safe('COMMIT');
await_status('uncommitted', 'FINISHED');
is(results('uncommitted', q{count(*) FILTER (WHERE status = 'ok')}), 40, 'what the transaction has made is there for it');
$session->query_safe('BEGIN; ' . evaluate('rolled back', "model => 'slow', concurrency => 40") . ' ROLLBACK;');
await_status('rolled back', 'FINISHED');
is(results('rolled back', q{count(*) FILTER (WHERE status = 'ok')}), 40, 'a rollback does not undo it');
$session->quit;

# ---- functions, and outputs that are stored ----

query(<<'END');
SET ROLE asker;
CREATE TABLE public.seen (who text, has_xact bigint);
CREATE FUNCTION public.answers(inputs jsonb) RETURNS text LANGUAGE sql AS $$
	INSERT INTO public.seen VALUES (session_user || ' ' || current_user, txid_current()) RETURNING who $$;
CREATE FUNCTION public.looks(inputs jsonb, outputs jsonb, expectations jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
	BEGIN INSERT INTO public.seen VALUES (session_user || ' ' || current_user, txid_current()); RETURN true; END $$;
SELECT gaiops_evaluate('numbers', '{public.looks}', predict => 'public.answers(jsonb)', run_name => 'predicted', background => true);
SELECT gaiops_evaluate('numbers', '{public.looks}', run_name => 'stored', background => true);
SELECT gaiops_evaluate('numbers', '{public.looks}', 'slow', concurrency => 5, run_name => 'scored', background => true);
END
foreach my $name ('predicted', 'stored', 'scored')
{
	await_status($name, 'FINISHED');
	is(results($name, q{count(*) FILTER (WHERE status = 'ok')}), 40, "$name: all have results");
	is(query("SELECT count(*) FROM gaiops.evaluation_scores WHERE passed AND run_id = (SELECT run_id FROM gaiops.runs WHERE name = '$name')"),
		40, "$name: and scores");
}
is(query('SELECT DISTINCT who FROM public.seen'), 'asker asker', 'functions run as the role, and as nobody else');
is(query('SELECT count(*), count(DISTINCT has_xact) FROM public.seen'), '160|120', 'each record in a transaction of its own');

query("ALTER ROLE asker SET default_transaction_read_only = on");
query("SET ROLE asker; SELECT gaiops_evaluate('numbers', '{exact_match}', run_name => 'read only', background => true)");
await_status('read only', 'FINISHED');
query("ALTER ROLE asker RESET default_transaction_read_only");

# ---- max_cost, and a worker that is terminated ----

query(<<'END');
SELECT gaiops_create_endpoint('priced', 'builtin:echo', provider => 'prov', model => 'm', params => '{"max_tokens": 100}', max_retries => 0);
SELECT gaiops_set_price('prov', 'm', input => 0, output => 10000, effective_from => '2019-01-01');
END
query(evaluate('poor', "model => 'priced', max_cost => 1.1, concurrency => 1"));
await_status('poor', 'KILLED');
like(progress('poor', 'error'), qr/^stopped at its max_cost: .* was or may have been spent, and another call could cost 1$/,
	'one that stops at its max_cost says so');
cmp_ok(progress('poor', 'done'), '>', 0, 'with what it could have for that');
$fault->forget;
query(evaluate('terminated', "model => 'slow', concurrency => 5"));
wait_until(sub { requests() >= 12 }, 'some calls');
query("SELECT pg_terminate_backend(pid) FROM gaiops.evaluation_progress WHERE name = 'terminated'");
await_status('terminated', 'FINISHED');
cmp_ok(requests(), '<=', 40, 'one whose worker is terminated is gone on with, and nothing asked twice');

# ---- what is refused ----

like(raised("SET ROLE nologin; " . evaluate('no', "model => 'slow'")),
	qr/role "nologin" cannot have an evaluation in the background\nDETAIL:.*\nHINT:.*LOGIN/, 'a role that cannot log in cannot have one');
like(raised(evaluate('no', "model => 'nothing'")), qr/endpoint "nothing" does not exist/, 'what cannot be done is refused at once');
like(raised(evaluate('no', "model => 'slow', max_cost => 1")), qr/"max_cost" cannot be kept/, 'so is a limit that cannot be kept');
like(raised("SELECT gaiops_evaluate('numbers', '{}', background => NULL)"), qr/"background" must not be null/, 'and neither yes nor no');
like(raised("SET gaiops.run_id = '00000000-0000-0000-0000-000000000000';" . evaluate('no', "model => 'slow'")),
	qr/run "00000000-0000-0000-0000-000000000000" does not exist/, 'and one within a run that there is not');
is(query("SELECT count(*) FROM gaiops.runs WHERE name = 'no'"), 0, 'without a run');

# ---- functions that let go of locks, a job whose table is locked, a late writer ----

$fault->forget;
query(q{CREATE FUNCTION public.unlocks(inputs jsonb, outputs jsonb, expectations jsonb) RETURNS boolean LANGUAGE plpgsql
	AS 'BEGIN PERFORM pg_advisory_unlock_all(); RETURN true; END'});
query("SELECT gaiops_evaluate('numbers', '{public.unlocks}', model => 'slow', concurrency => 2, run_name => 'unlocking', background => true)");
wait_until(sub { progress('unlocking', 'done') > 2 }, 'some results');
like(raised("SELECT gaiops_resume_evaluation((SELECT run_id FROM gaiops.runs WHERE name = 'unlocking'))"), qr/is under way in another session/,
	'nobody else goes on with what a function has unlocked');
await_status('unlocking', 'FINISHED');
is(requests(), 40, 'each record is asked once');

my $holder = $node->background_psql('postgres');
let_run(0);
my $offset = -s $node->logfile;
query(evaluate('table locked', "model => 'slow'"));
$holder->query_safe('BEGIN; LOCK TABLE gaiops.evaluation_jobs IN SHARE MODE');
let_run(2);
wait_until(sub { slurp_file($node->logfile, $offset) =~ /canceling statement due to lock timeout/ }, 'an attempt that fails');
$holder->query_safe('ROLLBACK');
await_status('table locked', 'FINISHED');

query(q{CREATE FUNCTION public.late(inputs jsonb) RETURNS text LANGUAGE plpgsql
	AS $$ BEGIN PERFORM set_config('gaiops.log_timeout', '1', false); PERFORM pg_sleep(1); RETURN 'late'; END $$});
$holder->query_safe('BEGIN; LOCK TABLE gaiops.spans IN SHARE MODE');
unlike(raised("SET statement_timeout = '6s'; SELECT gaiops_evaluate('numbers', '{exact_match}', predict => 'public.late(jsonb)', run_name => 'late')"),
	qr/server closed/, 'a function whose span is late does not end the server');
$holder->query_safe('ROLLBACK');
$holder->quit;
wait_until(sub { query('SELECT count(*) FROM gaiops.open_runs') == 0 }, 'the end of that run');

# ---- what goes meanwhile ----

let_run(0);
query("CREATE ROLE leaver LOGIN; SELECT gaiops_grant('leaver', 'user')");
make_endpoint($node, 'brief', $fault->url('slow,ms=200,id=brief'));
query("SET ROLE leaver; " . evaluate('role gone', "model => 'slow'"));
query(evaluate('endpoint gone', "model => 'brief'"));
query("SELECT gaiops_evaluate('numbers', '{}', predict => 'public.fresh(jsonb)', run_name => 'function gone', background => true)");
query("SET ROLE asker; " . evaluate('no rights', "model => 'slow'"));
foreach my $role ('renewed', 'bare')
{
	query("CREATE ROLE $role LOGIN; SELECT gaiops_grant('$role', 'user')");
	query("SET ROLE $role; " . evaluate($role, "model => 'slow'"));
}
like(raised("SET ROLE bare; SELECT gaiops_end_run('FINISHED', (SELECT run_id FROM gaiops.runs WHERE name = 'renewed'))"),
	qr/permission denied for evaluation/, 'others do not end it while it waits');
like(raised("SELECT set_config('search_path', repeat('elsewhere,', 10000) || 'public', false);" . evaluate('long', "model => 'slow'")),
	qr/settings of the session are too long/, 'nor are settings kept without end');
is(query("SELECT string_agg(p.name, ' ' ORDER BY w.n) FROM gaiops.waiting_evaluations() WITH ORDINALITY AS w (run_id, role, is_due, n) JOIN gaiops.evaluation_progress AS p USING (run_id)"),
	'role gone endpoint gone function gone no rights renewed bare', 'the oldest comes first');
is(query("SELECT status, detail FROM gaiops_status() WHERE item = 'evaluations'"), 'warning|0 run in the background, 6 wait: gaiops.max_evaluations is 0',
	'none is begun if the server is to have none');
query("SELECT gaiops_revoke('leaver', 'user'); DROP ROLE leaver; SELECT gaiops_drop_endpoint('brief'); DROP FUNCTION public.fresh(jsonb);"
	. "SELECT gaiops_revoke('renewed', 'user'); DROP ROLE renewed; CREATE ROLE renewed SUPERUSER LOGIN;"
	. "SELECT gaiops_revoke('bare', 'user'); SELECT gaiops_grant('bare', 'viewer'); GRANT CONNECT ON DATABASE postgres TO bare;"
	. "SELECT gaiops_revoke('asker', 'user'); REVOKE CONNECT ON DATABASE postgres FROM PUBLIC");
let_run(2);
my %errors = ('role gone' => qr/role "leaver" does not exist/, 'endpoint gone' => qr/endpoint "brief" does not exist/,
	'function gone' => qr/function "public.fresh\(jsonb\)" does not exist/, 'no rights' => qr/role "asker" may not connect/,
	'renewed' => qr/role "renewed" does not exist/, 'bare' => qr/role "bare" may not evaluate/);
foreach my $name (sort keys %errors)
{
	await_status($name, 'FAILED');
	like(progress($name, 'error'), $errors{$name}, "$name: it fails, and says why");
}
query("GRANT CONNECT ON DATABASE postgres TO PUBLIC; SELECT gaiops_grant('asker', 'user')");
is(query('SELECT count(*) FROM gaiops.open_runs'), 0, 'none is tried for ever');

# ---- a restart, and a crash ----

sub survives
{
	my ($name, $how) = @_;

	$fault->forget;
	query(evaluate($name, "model => 'slow', concurrency => 5"));
	wait_until(sub { requests() >= 12 }, 'some calls');
	$how->();
	wait_until(sub { $node->poll_query_until('postgres', "SELECT status = 'FINISHED' FROM gaiops.evaluation_progress WHERE name = '$name'") },
		"$name: it to be finished");
	my $ok = results($name, q{count(*) FILTER (WHERE status = 'ok')});
	my $lost = results($name, q{count(*) FILTER (WHERE status = 'unknown')});
	is($ok + $lost, 40, "$name: each record has a result, or nobody knows");
	cmp_ok($lost, '<=', 5, "$name: what was in flight is unknown");
	is(requests(), scalar(keys %{ { map { $_->{traceparent} => 1 } $fault->journal } }), "$name: no call is made twice");
	cmp_ok(requests(), '<=', 40, "$name: nothing is asked twice");
	return;
}

survives('stopped', sub { $node->stop('fast'); $node->start; });
survives('crashed', sub { $node->stop('immediate'); $node->start; });
$node->append_conf('postgresql.conf', 'restart_after_crash = on');
$node->reload;
survives('killed', sub {
	my $pid = progress('killed', 'pid');

	kill 'KILL', $pid;
	wait_until(sub { !kill 0, $pid }, 'the worker to be gone');
	$node->poll_query_until('postgres', 'SELECT true');
});
is(query("SELECT count(*) FROM gaiops.runs WHERE status IN ('RUNNING', 'SCHEDULED')"), 0, 'nothing is left');

# ---- what may pass ----

let_run(0);
query("SET gaiops.log_timeout = '200ms'; " . evaluate('locked', "model => 'slow', concurrency => 40"));
my $lock = $node->background_psql('postgres');
$lock->query_safe('BEGIN; LOCK TABLE gaiops.open_runs IN SHARE MODE;');
let_run(2);
wait_until(sub { query(<<'END') == 1 }, 'another attempt');
SELECT count(*) FROM gaiops.evaluation_jobs AS j JOIN gaiops.run_starts AS s ON s.run_id = j.run_id
WHERE s.name = 'locked' AND j.attempts >= 2 AND j.error IS NOT NULL
END
is(status('locked'), 'SCHEDULED', 'what may pass is tried again, and waits meanwhile');
like(progress('locked', 'error'), qr/could not record the run/, 'the reason is seen');
$lock->query_safe('COMMIT;');
$lock->quit;
await_status('locked', 'FINISHED');
is(progress('locked', 'error IS NULL'), 't', 'until it has passed');
let_run(0);
query(evaluate('hopeless', "model => 'slow', concurrency => 40"));
query("UPDATE gaiops.evaluation_jobs SET attempts = 5 WHERE run_id = (SELECT run_id FROM gaiops.runs WHERE name = 'hopeless')");
let_run(2);
await_status('hopeless', 'FAILED');
like(progress('hopeless', 'error'), qr/workers ended before they got anywhere/, 'but not for ever');

# ---- another database: where nobody connects, that is copied, and that is dropped ----

query('CREATE DATABASE other');
query('CREATE DATABASE bare');
sub other { return $node->safe_psql('other', $_[0]); }
other(<<'END' . "SELECT gaiops_create_endpoint('slow', '" . $fault->url('slow,ms=200,id=other') . "')");
CREATE EXTENSION genaiops;
SELECT gaiops_create_dataset('numbers');
SELECT gaiops_merge_records('numbers', (SELECT jsonb_agg(jsonb_build_object('inputs', jsonb_build_object('question', 'Number ' || n)))
	FROM generate_series(1, 40) AS n));
END
my $ask = "SELECT gaiops_evaluate('numbers', '{}', 'slow', concurrency => 5, run_name => 'other', background => true)";
$fault->forget;
other($ask);
wait_until(sub { requests() >= 12 }, 'some calls');
$node->restart;
wait_until(sub { requests() >= 30 }, 'it to go on where nobody has connected');
query('CREATE DATABASE copy TEMPLATE other');
wait_until(sub { other("SELECT status FROM gaiops.evaluation_progress") eq 'FINISHED' }, 'it to be finished after it was copied');
is($node->safe_psql('copy', "SELECT status, pid IS NULL FROM gaiops.evaluation_progress"), 'KILLED|t', 'the copy does not go on with it');
cmp_ok(requests(), '<=', 40, 'nothing is asked twice');
other($ask);
wait_until(sub { other("SELECT count(pid) FROM gaiops.evaluation_progress") == 1 }, 'another');
other('DROP EXTENSION genaiops');
ok($node->poll_query_until('postgres', "SELECT count(*) = 0 FROM pg_stat_activity WHERE datname = 'other'"), 'a worker leaves when the extension is dropped');
$node->safe_psql('copy', $ask);
wait_until(sub { $node->safe_psql('copy', "SELECT count(pid) FROM gaiops.evaluation_progress") == 1 }, 'another');
query('DROP DATABASE copy');
is(query("SELECT count(*) FROM pg_database WHERE datname = 'copy'"), 0, 'and when its database is dropped');

# ---- too few worker slots ----

$node->append_conf('postgresql.conf', 'max_worker_processes = 3');
$node->restart;
query(evaluate('no slot', "model => 'slow', concurrency => 40"));
ok($node->poll_query_until('postgres', <<'END'), 'without a worker slot it waits, and gaiops_status() says so');
SELECT status || detail = 'warning0 run in the background, 1 wait: no background worker slot is free; raise max_worker_processes'
FROM gaiops_status() WHERE item = 'evaluations'
END
like(query("SELECT gaiops_chat('slow', 'Are you there?')"), qr/OK/, 'calls go on meanwhile');
is(status('no slot'), 'SCHEDULED', 'and it waits on');
$node->append_conf('postgresql.conf', 'max_worker_processes = 8');
$node->restart;
await_status('no slot', 'FINISHED');

# ---- a standby ----

$node->append_conf('postgresql.conf', "wal_level = replica\nmax_wal_senders = 4\nhot_standby = on\n");
$node->restart;
$node->backup('backup', backup_options => ['--checkpoint=fast']);
my $standby = PostgreSQL::Test::Cluster->new('background_standby');
$standby->init_from_backup($node, 'backup', has_streaming => 1);
$standby->start;
let_run(0);
$fault->forget;
query(evaluate('handed over', "model => 'slow', concurrency => 40"));
$node->wait_for_catchup($standby);
my $state = "SELECT status FROM gaiops.evaluation_progress WHERE name = 'handed over'";
is($standby->safe_psql('postgres', $state), 'SCHEDULED', 'a standby shows what waits');
is($standby->safe_psql('postgres', "SELECT count(*) FROM pg_stat_activity WHERE backend_type LIKE 'genaiops%'"), 0, 'and does none of it');
$node->stop;
$standby->promote;
ok($standby->poll_query_until('postgres', "SELECT ($state) = 'FINISHED'"), 'until it is promoted');
is(requests(), 40, 'each record is asked once');
done_testing();
