# Runs whose session ends without ending them: it leaves, is killed, or the whole
# server is; what the queue says of a run that cannot be recorded.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use GaiopsProof;
use GaiopsTest;
use Test::More;

my $node = gaiops_node('runs', conf => "wal_level = replica\nmax_wal_senders = 5\nmax_prepared_transactions = 2");

sub query { return $node->safe_psql('postgres', $_[0]); }

# The status of the latest run of a name.
sub status
{
	my ($name, $on) = @_;

	return ($on // $node)->safe_psql('postgres', "SELECT status FROM gaiops.runs WHERE name = '$name' ORDER BY start_time DESC LIMIT 1");
}

# Waits until nothing is open but so many.
sub await_open
{
	my ($n) = @_;

	return wait_until(sub { query('SELECT count(*) FROM gaiops.open_runs') == $n }, "$n runs to be open");
}

# A session that has started a run, and waits.
sub session_in_run
{
	my ($name) = @_;
	my $session = $node->background_psql('postgres', on_error_stop => 0);

	$session->query_safe("SELECT gaiops_start_run('$name')");
	return $session;
}

# ---- sessions that end ----

my $session = session_in_run('left');
$session->query_safe("SELECT gaiops_start_run('left within', parent_run_id => gaiops_current_run())");
is(status('left'), 'RUNNING', 'a run of a session that is there is running');
$session->quit;
await_open(0);
is(status($_), 'KILLED', "a session that leaves: run \"$_\" is closed as KILLED") foreach 'left', 'left within';

session_in_run('terminated');
query("SELECT pg_terminate_backend(pid) FROM gaiops.run_starts WHERE name = 'terminated'");
await_open(0);
is(status('terminated'), 'KILLED', 'so is one of a session that is terminated');

$session = session_in_run('terminated outside');
$session->query_safe("BEGIN; SELECT gaiops_start_run('terminated in a transaction', parent_run_id => gaiops_current_run())");
query("SELECT pg_terminate_backend(pid) FROM gaiops.run_starts WHERE name = 'terminated in a transaction'");
await_open(0);
is(status($_), 'KILLED', "and one that is $_") foreach 'terminated outside', 'terminated in a transaction';

is(query("SELECT gaiops_start_run('discarded') IS NULL; DISCARD ALL; SELECT gaiops_current_run() IS NULL, current_setting('gaiops.run_id') = ''"),
	"f\nt|t", 'DISCARD ALL leaves no current run');
await_open(0);
is(status('discarded'), 'KILLED', 'and closes it as KILLED');
is(query("SELECT gaiops_start_run('not discarded') IS NULL; DISCARD PLANS; SELECT gaiops_current_run() IS NULL"), "f\nf", 'other commands do not');

# ---- two-phase commit ----

is(query(<<'END'), "f\nf\nf", 'a run outlives the transaction that is prepared');
BEGIN;
SELECT gaiops_start_run('prepared') IS NULL;
SELECT gaiops_start_run('local to it', parent_run_id => gaiops_current_run(), is_local => true) IS NULL;
PREPARE TRANSACTION 'runs';
ROLLBACK PREPARED 'runs';
SELECT gaiops_current_run() IS NULL;
SELECT gaiops_end_run() \g /dev/null
END
is(status('prepared'), 'FINISHED', 'and is ended after it');
await_open(0);
is(status('local to it'), 'FINISHED', 'one that is local ends with it');

# ---- many sessions ----

my $many = sessions($node, 16, sub { return <<"END" });
DO \$\$ BEGIN
	FOR i IN 1 .. 10 LOOP
		PERFORM gaiops_start_run('of session $_[0]'), gaiops_log_param('i', i), gaiops_log_metric('m', i), gaiops_end_run();
	END LOOP;
END \$\$;
END
is((grep { $_->{rc} != 0 } $many->finish(60)), 0, 'sixteen sessions have runs at once');
is(query("SELECT count(*), count(DISTINCT run_id), sum((metrics ->> 'm')::integer), count(*) FILTER (WHERE params ->> 'i' = metrics ->> 'm') FROM gaiops.runs WHERE name LIKE 'of session %' AND status = 'FINISHED'"),
	'160|160|880|160', 'each with what it logged');

# ---- while nothing is recorded ----

my $psql = $node->background_psql('postgres', on_error_stop => 0);
$psql->query_safe("SELECT gaiops_start_run('ended late')");
my $writer = stop_writer($node);
$psql->query("SET statement_timeout = '200ms'; SELECT gaiops_end_run(); RESET statement_timeout");
like($psql->{stderr}, qr/canceling statement due to statement timeout/, 'an end that waits can be cancelled');
$psql->{stderr} = '';
$psql->query_safe('RESET statement_timeout');
is($psql->query_safe('SELECT gaiops_current_run() IS NULL'), 't', 'the run is over all the same');
$psql->query("SET gaiops.run_id = ''; SET gaiops.log_timeout = '60s'");
kill 'CONT', $writer;
$psql->query_safe("SELECT gaiops_start_run('around'); SELECT gaiops_start_run('ended late within', parent_run_id => gaiops_current_run())");
$writer = stop_writer($node);
$psql->query("SET statement_timeout = '200ms'; SELECT gaiops_end_run()");
like($psql->{stderr}, qr/canceling statement due to statement timeout/, 'so can that of a run within a run');
$psql->{stderr} = '';
$psql->query_safe('RESET statement_timeout');
is($psql->query_safe("SELECT gaiops_current_run() = (SELECT run_id FROM gaiops.run_starts WHERE name = 'around')"), 't', 'which leads back to that one');
$psql->query_safe('BEGIN');
kill 'CONT', $writer;
$psql->query_safe("SELECT gaiops_start_run('local and late', parent_run_id => gaiops_current_run(), is_local => true)");
$writer = stop_writer($node);
$psql->query_safe("SET LOCAL gaiops.log_timeout = '1ms'; COMMIT");
is($psql->{stderr}, '', 'a transaction that has a run of its own commits without waiting for the end of that');
$psql->query("SET gaiops.run_id = ''; SET statement_timeout = '200ms'");
$psql->query("SELECT gaiops_start_run('cancelled')");
like($psql->{stderr}, qr/canceling statement due to statement timeout/, 'so can a start');
$psql->{stderr} = '';
$psql->query_safe('RESET statement_timeout');
is($psql->query_safe('SELECT gaiops_current_run() IS NULL'), 't', 'which leaves no current run');
$psql->query("SET gaiops.log_timeout = '100ms'");
$psql->query("SELECT gaiops_start_run('timed out')");
like($psql->{stderr}, qr/ERROR:  could not record the run/, 'a start that is not recorded in time fails');
$psql->{stderr} = '';
kill 'CONT', $writer;
$psql->query("RESET gaiops.log_timeout; SELECT gaiops_end_run(run_id => run_id) FROM gaiops.run_starts WHERE name = 'around'");
await_open(0);
is(status($_), 'FINISHED', "what was ended is recorded later: $_") foreach 'ended late', 'ended late within', 'local and late';
is(status($_), 'FAILED', "what was $_ is closed as FAILED") foreach 'cancelled', 'timed out';

$psql->query_safe("SET gaiops.log_timeout = '60s'; SELECT gaiops_start_run('warned of')");
$writer = stop_writer($node);
$psql->query("SET gaiops.log_timeout = '100ms'; SELECT gaiops_end_run()");
like($psql->{stderr}, qr/WARNING:  the end of the run is not recorded yet/, 'an end that is not recorded in time is a warning');
$psql->{stderr} = '';
is($psql->query_safe('SELECT gaiops_current_run() IS NULL'), 't', 'and an end');
kill 'CONT', $writer;
await_open(0);
is(status('warned of'), 'FINISHED', 'which is recorded later');
$psql->quit;

# ---- another database ----

$session = session_in_run('copied');
query('CREATE DATABASE copy TEMPLATE template0');
my $dump = $node->basedir . '/copy.sql';
$node->command_ok([ 'pg_dump', '-d', $node->connstr('postgres'), '-f', $dump ], 'a database with a run that is running is dumped');
$node->safe_psql('copy', "\\i $dump");
sub copied { return $node->safe_psql('copy', 'SELECT status, end_time IS NULL FROM gaiops.runs WHERE name = \'copied\''); }
is(copied(), 'KILLED|t', 'its copy in another database of the server does not run');
$node->safe_psql('copy', "SELECT gaiops_set_experiment('In the copy')");
is(copied(), 'KILLED|f', 'which the writer there ends');
is(status('copied'), 'RUNNING', 'and it does go on where it was started');
$session->quit;
await_open(0);
$node->safe_psql('postgres', 'DROP DATABASE copy WITH (FORCE)');

# ---- a standby ----

$session = session_in_run('on the primary');
$node->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($node, 'base', has_streaming => 1);
$standby->start;
$node->wait_for_catchup($standby, 'replay', $node->lsn('flush'));
is(status('on the primary', $standby), 'KILLED', 'on a standby nothing is known to run');
foreach my $call ("gaiops_start_run('x')", 'gaiops_log_metric(\'m\', 1, 0, (SELECT run_id FROM gaiops.run_starts LIMIT 1))', "gaiops_create_experiment('On a standby')")
{
	my (undef, undef, $err) = $standby->psql('postgres', "\\set VERBOSITY verbose\nSELECT $call");
	like($err, qr/ERROR:  25006: /, "a standby refuses $call");
}
$standby->stop;

# ---- crashes ----

query("SELECT gaiops_start_run('finished before') IS NULL; SELECT gaiops_end_run()");
$node->stop('immediate');
$node->start;
is(query("SELECT status, end_time IS NULL FROM gaiops.runs WHERE name = 'on the primary'"), 'KILLED|t', 'after a crash a run is shown as KILLED at once');
is(query('SELECT count(*) FROM gaiops.open_runs'), 1, 'before the writer has found it');
my $locker = $node->background_psql('postgres');
$locker->query_safe('BEGIN; LOCK TABLE gaiops.open_runs');
query("SELECT gaiops_set_experiment('After the crash')");
# The view reads that table, too.
is(query("SELECT count(*) FROM gaiops.run_starts JOIN gaiops.run_ends USING (run_id) WHERE name = 'on the primary'"), 0,
	'which cannot end it while it cannot get a lock');
my $holder = hold_writer($node);
$locker->query_safe('COMMIT');
$locker->quit;
wait_until(sub { query("SELECT end_time IS NOT NULL FROM gaiops.runs WHERE name = 'on the primary'") eq 't' }, 'the run to be ended');
$holder->quit;
is(query("SELECT status, end_time IS NULL FROM gaiops.runs WHERE name = 'on the primary'"), 'KILLED|f', 'and ends it as soon as it can');
is(query('SELECT count(*) FROM gaiops.open_runs'), 0, 'and leaves none open');
is(status('finished before'), 'FINISHED', 'a run that had ended stays what it was');

$session = session_in_run('at the shutdown');
$node->stop('fast');
$node->start;
is(query("SELECT status, end_time IS NULL FROM gaiops.runs WHERE name = 'at the shutdown'"), 'KILLED|f', 'a shutdown closes runs as KILLED');
is(query('SELECT count(*) FROM gaiops.rejected_records'), 0, 'nothing was rejected');

# ---- the extension is dropped under it ----

# It waits for the transaction, and neither for the writer.
$session = session_in_run('before the drop');
$session->query_safe("BEGIN; SELECT gaiops_start_run('meets a drop', parent_run_id => gaiops_current_run()); SELECT gaiops_log_param('k', 1)");
my $drop = sessions($node, 1, "SET client_min_messages = error; DROP EXTENSION genaiops CASCADE; CREATE EXTENSION genaiops;");
wait_until(sub { query("SELECT count(*) FROM pg_locks AS l JOIN pg_stat_activity AS a USING (pid) WHERE NOT l.granted AND a.application_name = 'session 1'") }, 'the drop to wait');
$session->query_safe('SELECT gaiops_end_run()');
is($session->{stderr}, '', 'a run goes on while DROP EXTENSION waits for its transaction');
is($session->query_safe("SELECT r.status FROM gaiops.runs AS r WHERE r.name = 'meets a drop'"), 'FINISHED', 'and is ended');
$session->query_safe('COMMIT');
is((grep { $_->{rc} != 0 } $drop->finish(60)), 0, 'then the extension is dropped, and created again');
is($session->query_safe('SELECT gaiops_current_run() IS NULL'), 't', 'a run of an extension that was dropped is not current');
$session->query('SELECT gaiops_end_run()');
like($session->{stderr}, qr/ERROR:  no run is current/, 'nor can it be ended');
$session->{stderr} = '';
$session->query_safe("SELECT gaiops_start_span('after the drop'); SELECT gaiops_end_span()");
is(query("SELECT run_id IS NULL FROM gaiops.spans WHERE name = 'after the drop'"), 't', 'no span is part of it');
is($session->query_safe("SELECT gaiops_start_run('anew') IS NULL; SELECT gaiops_end_run() IS NULL"), "f\nf", 'the next one does');
$session->quit;
is(status('anew'), 'FINISHED', 'and ends');
is(query('SELECT count(*) FROM gaiops.run_ends'), 1, 'nothing else is recorded');

# ---- without the library ----

$node->append_conf('postgresql.conf', "shared_preload_libraries = ''");
$node->restart;
is(status('anew'), 'FINISHED', 'without the library runs can be read');
my $id = query("SELECT run_id FROM gaiops.runs WHERE name = 'anew'");
foreach my $call ("gaiops_start_run('x')", "gaiops_end_run(run_id => '$id')", "gaiops_log_param('k', 'x', '$id')", "gaiops_log_metric('k', 1, 0, '$id')",
	"gaiops_log_metrics('{}', 0, '$id')", "gaiops_set_run_tag('k', 'x', '$id')", "gaiops_log_input('d', 1, '$id')", "gaiops_create_experiment('x')")
{
	my (undef, undef, $err) = $node->psql('postgres', "\\set VERBOSITY verbose\nSELECT $call");
	like($err, qr/ERROR:  55000: genaiops must be loaded via shared_preload_libraries/, "without the library: $call");
}
is(query('SELECT gaiops_current_run() IS NULL'), 't', 'without the library no run is current');
$node->stop;

done_testing();
