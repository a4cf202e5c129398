# What a writer does is in the statistics while it lives, so autovacuum and the
# planner know our tables: gaiops.intents stays small however many calls there
# are, and reading goes by indexes afterwards.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use GaiopsProof;
use GaiopsTest;
use List::Util qw(max);
use PostgreSQL::Test::Utils;
use Test::More;

my $ROUNDS = 5;
my $CLIENTS = 8;
my $CALLS = 1250;    # of each client in a round: 50,000 in all
my $BYTES = 200;    # of each call left in intents: 270 at least if no vacuum comes

my $node = gaiops_node('statistics', conf => <<'END');
fsync = off
gaiops.synchronous_commit = off
autovacuum_naptime = 1
autovacuum_vacuum_cost_delay = 0
END

sub query
{
	my ($sql) = @_;

	return $node->safe_psql('postgres', $sql);
}

# Sums over a table of ours with its partitions.
sub counted
{
	my ($what, $table) = @_;

	return query(<<"END");
SELECT sum($what) FROM pg_stat_user_tables
WHERE relid IN (SELECT relid FROM pg_partition_tree('gaiops.$table') UNION SELECT 'gaiops.$table'::regclass)
END
}

sub await_count
{
	my ($what, $table, $least) = @_;

	wait_until(sub { counted($what, $table) >= $least }, "$what of $table to be $least");
	return;
}

sub writers { return query("SELECT string_agg(pid::text, ' ') FROM pg_stat_activity WHERE backend_type = 'genaiops writer'"); }

sub intents_size { return query("SELECT pg_total_relation_size('gaiops.intents')"); }

sub make_calls
{
	my $script = PostgreSQL::Test::Utils::tempdir() . '/calls.sql';

	append_to_file($script, "SELECT gaiops_chat('echo', 'hello');\n") unless -e $script;
	command_ok(
		[
			'pgbench', '--no-vacuum', '--file', $script, '--client', $CLIENTS, '--jobs', 2,
			'--transactions', $CALLS, '--port', $node->port, '--host', $node->host, 'postgres'
		],
		$CLIENTS * $CALLS . ' calls');
	return;
}

sub plan_of
{
	my ($sql) = @_;

	return query("EXPLAIN $sql");
}

make_endpoint($node, 'echo', 'builtin:echo');
query("SELECT gaiops_chat('echo', 'hello')");
await_maintenance($node, 'postgres');
wait_until(sub { writers() eq '' }, 'the writer to leave');
query('SELECT pg_stat_reset()');

# An open span keeps the writer from leaving, when what it did would be told anyway.
my $holder = hold_writer($node);
my $writer = writer_pid($node);

query("SELECT gaiops_chat('echo', 'hello')");
await_count('n_tup_ins', 'intents', 2);
await_count('n_tup_del', 'intents', 1);
await_count('n_dead_tup', 'intents', 1);
await_count('n_live_tup', 'spans', 1);
is(counted('n_tup_ins', 'spans'), 1, 'rows of spans are counted');
is(counted('n_tup_ins', 'span_payloads'), 3, 'rows of payloads');
is(counted('n_tup_ins', 'usage_deltas'), 1, 'rows of usage');
is(counted('n_tup_ins', 'intents') . ' ' . counted('n_tup_del', 'intents'), '2 1', 'rows of intents, with those that are gone');

my @sizes;
foreach my $round (1 .. $ROUNDS)
{
	my $vacuums = counted('autovacuum_count', 'intents');

	make_calls();
	await_count('autovacuum_count', 'intents', $vacuums + 1);
	push @sizes, intents_size();
}
note "bytes of intents after each round: @sizes";
cmp_ok(max(@sizes), '<', $ROUNDS * $CLIENTS * $CALLS * $BYTES, 'intents does not grow with every call');
is(query('SELECT count(*) FROM gaiops.intents'), 1, 'the open span alone is under way');
is(writers(), $writer, 'all are recorded by one writer');

my $spans = $ROUNDS * $CLIENTS * $CALLS + 1;
await_count('n_tup_ins', 'spans', $spans);
is(counted('n_tup_ins', 'spans'), $spans, 'every span is counted');
is(counted('n_tup_ins', 'span_payloads'), 2 * $spans + 1, 'and every payload');
await_count('autoanalyze_count', $_, 1) foreach qw(spans span_payloads usage_deltas);
await_count('n_mod_since_analyze', 'spans', 0);
pass('autovacuum analyzes them');
is(query("SELECT count(*) FROM pg_stats WHERE schemaname = 'gaiops_partitions' AND tablename ~ '^spans_2' AND attname IN ('trace_id', 'start_time')"),
	2, 'the planner has statistics of spans');

my $trace = query('SELECT trace_id FROM gaiops.spans LIMIT 1 OFFSET 1000');
unlike(plan_of('SELECT * FROM gaiops.traces ORDER BY start_time DESC LIMIT 50'),
	qr/Seq Scan on span\w*_2/, 'the newest traces are found by an index');
unlike(plan_of("SELECT * FROM gaiops.traces WHERE trace_id = '$trace'"),
	qr/Seq Scan on span\w*_2/, 'a trace is, too');
unlike(plan_of("SELECT * FROM gaiops.span_contents WHERE trace_id = '$trace'"),
	qr/Seq Scan on span\w*_2/, 'and what was said in it');

# Statistics that are reset are no trouble.
query('SELECT pg_stat_reset()');
query("SELECT gaiops_chat('echo', 'hello')");
await_count('n_tup_ins', 'spans', 1);
is(writers(), $writer, 'the writer goes on when statistics are reset');

# What it has done last is reported when it leaves.
$holder->quit;
wait_until(sub { writers() eq '' }, 'the writer to leave');
is(counted('n_tup_ins', 'spans'), 2, 'what it did last is counted when it leaves');

done_testing();
