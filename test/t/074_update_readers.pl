# Whoever reads while an update waits for its locks gets an answer, and the update is made:
# none is the victim of a deadlock, in whatever order a transaction reads.
use strict;
use warnings;
use feature qw(state);

use FindBin;
use lib "$FindBin::Bin/../lib";
use GaiopsTest;
use Test::More;

my $UPDATE = 'ALTER EXTENSION genaiops UPDATE';
# Neighbours and extremes of those that are locked, the one that the update rewrites among them.
my @tables = map { "gaiops.$_" } qw(experiment_names spans span_payloads intents prompt_tags);
my $node = gaiops_node('update_readers', extension => 0, conf => 'max_locks_per_transaction = 256');
my @views;

sub former
{
	my ($db) = @_;

	$node->safe_psql('postgres', "CREATE DATABASE $db");
	$node->safe_psql($db, q{CREATE EXTENSION genaiops VERSION '0.1.0'});
	@views = split /\n/, $node->safe_psql($db,
		q{SELECT oid::regclass FROM pg_class WHERE relnamespace = 'gaiops'::regnamespace AND relkind = 'v' ORDER BY oid});
	return;
}

# How many sessions of a database wait for a lock.
sub waiting
{
	my ($db, $query) = @_;

	return $node->safe_psql('postgres', <<"END");
SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_activity
WHERE datname = '$db' AND wait_event_type = 'Lock' AND query LIKE '$query'
END
}

sub read_all
{
	return map { "SELECT pg_catalog.count(*) FROM $_" } @_;
}

sub ended_ok
{
	my ($name, @ended) = @_;

	is(join("\n", map { $_->{timed_out} ? 'hangs' : $_->{err} =~ /^(.*ERROR.*)$/m ? $1 : () } @ended), '', $name);
	return;
}

# An update that waits for somebody, at the second view, between, at the first table or the
# last, and readers that wait for it.
foreach my $place (-2, 5, 0, 'gaiops.experiment_names', 'gaiops.prompt_alias_history')
{
	state $n = 0;
	my $db = 'waits_' . $n++;
	former($db);
	my $held = $place =~ /^gaiops/ ? $place : $views[$place];
	my $holder = $node->background_psql($db);

	$holder->query_safe("BEGIN; SELECT FROM $held");
	my $update = sessions($node, 1, $UPDATE, db => $db);
	wait_until(sub { waiting($db, 'ALTER EXTENSION%') }, 'the update');
	my @reads = (read_all(@views), map { my $one = $_; map { join ';', 'BEGIN', read_all($one, $_), 'COMMIT' } grep { $_ ne $one } @tables } @tables);
	my $readers = sessions($node, scalar @reads, sub { "$reads[$_[0] - 1];\n" }, db => $db);
	wait_until(sub { $readers->running == waiting($db, 'SELECT%') }, 'the readers');
	cmp_ok($readers->running, '>', 0, "an update that waits for $held has some wait");
	$holder->quit;
	ended_ok("who reads meanwhile gets an answer ($held)", $readers->finish(60));
	ended_ok("and the update is made ($held)", $update->finish(60));
}

# An update that waits for a transaction which then wants what the update has.
foreach my $pair ([ 'gaiops.prices', 'gaiops.spans' ], [ 'gaiops.all_spans', 'gaiops.prompt_usage' ], [ 'gaiops.span_payloads', 'gaiops.sessions' ])
{
	my ($first, $then) = @$pair;
	state $n = 0;
	my $db = 'turns_' . $n++;
	former($db);
	my $reader = $node->background_psql($db, on_error_stop => 0);

	$reader->query_safe("BEGIN; SELECT FROM $first");
	my $update = sessions($node, 1, $UPDATE, db => $db);
	wait_until(sub { waiting($db, 'ALTER EXTENSION%') }, 'the update');
	is($reader->query("SELECT pg_catalog.count(*) FROM $then"), 0, "a transaction reads $first, and then $then");
	$reader->quit;
	ended_ok("and the update is made ($first, $then)", $update->finish(60));
}

# What calls read first is locked all along: a reader that comes to it last is the other
# half of a deadlock that nothing solves, and goes on, since the update gives up.
{
	former('endpoints');
	my $reader = $node->background_psql('endpoints', on_error_stop => 0);

	$reader->query_safe('BEGIN; SELECT FROM gaiops.spans');
	my $update = sessions($node, 1, $UPDATE, db => 'endpoints');
	wait_until(sub { waiting('endpoints', 'ALTER EXTENSION%') }, 'the update');
	is($reader->query('SELECT pg_catalog.count(*) FROM gaiops.endpoints'), 0, 'a transaction reads gaiops.endpoints last');
	$reader->quit;
	my ($ended) = $update->finish(60);
	like($ended->{err}, qr/deadlock detected/, 'and the update gives up');
	ended_ok('and is made again', sessions($node, 1, $UPDATE, db => 'endpoints')->finish(60));
}

# One that reads again and again.
{
	former('loops');
	my $readers = sessions($node, 2, join('', map { "$_;\n" } (read_all(@views)) x 20), db => 'loops');
	ended_ok('an update is made', sessions($node, 1, $UPDATE, db => 'loops')->finish(60));
	ended_ok('while somebody reads again and again', $readers->finish(60));
}

# A lock_timeout holds, and what is set meanwhile is put back.
{
	former('patient');
	my $holder = $node->background_psql('patient');

	$holder->query_safe('BEGIN; SELECT FROM gaiops.prices');
	my (undef, undef, $error) = $node->psql('patient', "SET lock_timeout = '1200ms'; $UPDATE");
	like($error, qr/canceling statement due to lock timeout/, 'an update waits for lock_timeout at most');
	$holder->quit;
	is($node->safe_psql('patient', "SET lock_timeout = '1200ms'; BEGIN; $UPDATE; SHOW lock_timeout; SHOW deadlock_timeout; COMMIT"),
		"1200ms\n1s", 'and leaves settings as they were');
}
$node->stop;

done_testing();
