
=pod

=head1 NAME

GaiopsProof - what must be true after anything that went wrong

=head1 SYNOPSIS

  use GaiopsTest;
  use GaiopsProof;

  my $sessions = sessions($node, 16, "...");
  my @ended = $sessions->finish(60);
  all_ended_ok('within bounds', 7, @ended);
  settled_ok($node, $fault, 'afterwards');

=head1 FUNCTIONS

=over

=item all_ended_ok($name, $seconds, @results)

One test: every session that finish() returned has ended by itself, and none
took longer than that.

=item settled_ok($node, $server, $name, %options)

Four tests: a new call to the endpoint "ok" works and is recorded in every
database; gaiops.intents is empty then; every request in the journal of $server
has exactly one row; every attempt has its request on record. Options: C<dbs>,
an array, postgres unless told; C<cut>, a number of attempts that may lack their
request.

=item in_flight($node, $db)

How many rows gaiops.intents has.

=item await_in_flight($node, $n, $db)

Waits until it has $n.

=item hold_writer($node, $db)

A session with an open span, as a background psql: while it lasts, the database
has a writer that does not leave.

=item writer_pid($node, $db)

Process id of the writer of a database, waited for; it is idle then, or was.

=item stop_writer($node, $db)

Has the writer of a database stopped by SIGSTOP while it holds nothing, and
returns its process id. The span of hold_writer() is in flight until it goes on.

=item counts($node, $column, $db)

How many spans there are by a column, as "value:n value:n", nulls left out.

=item full_disk_library()

Compiles test/lib/full_disk.c and returns its path and that of its flag file.

=item anonymous_memory($pid)

Memory of a process in kB, shared memory apart.

=back

=cut

package GaiopsProof;

use strict;
use warnings;

use Cwd qw(abs_path);
use Exporter qw(import);
use File::Basename qw(dirname);
use GaiopsTest;
use List::Util qw(max);
use PostgreSQL::Test::Utils;
use Test::More;

our @EXPORT = qw(
  all_ended_ok settled_ok in_flight await_in_flight hold_writer writer_pid
  stop_writer counts full_disk_library anonymous_memory
);

my $root = abs_path(dirname(__FILE__) . '/../..');

sub all_ended_ok
{
	my ($name, $seconds, @results) = @_;
	my $longest = max map { $_->{seconds} } @results;
	my $hung = grep { $_->{timed_out} } @results;

	local $Test::Builder::Level = $Test::Builder::Level + 1;
	ok(!$hung && $longest <= $seconds, $name)
	  or diag("$hung sessions hung; the longest took $longest s");
	note(sprintf '%s: %d sessions, longest %.2f s', $name, scalar @results, $longest);
	return;
}

sub in_flight
{
	my ($node, $db) = @_;

	return $node->safe_psql($db // 'postgres', 'SELECT pg_catalog.count(*) FROM gaiops.intents');
}

sub await_in_flight
{
	my ($node, $n, $db) = @_;

	wait_until(sub { in_flight($node, $db) == $n }, "$n rows in gaiops.intents");
	return;
}

sub hold_writer
{
	my ($node, $db) = @_;
	my $session = $node->background_psql($db // 'postgres');

	$session->query_safe("SET gaiops.log_timeout = '60s'");
	$session->query_safe("SELECT gaiops_start_span('hold')");
	return $session;
}

sub writer_pid
{
	my ($node, $db) = @_;

	return wait_until(
		sub {
			$node->safe_psql('postgres', <<"END");
SELECT pid FROM pg_catalog.pg_stat_activity
WHERE backend_type = 'genaiops writer' AND datname = '@{[ $db // 'postgres' ]}'
	AND state = 'idle' AND wait_event_type = 'Extension'
END
		},
		'a writer');
}

sub stop_writer
{
	my ($node, $db) = @_;
	my $session = hold_writer($node, $db);
	my $pid = writer_pid($node, $db);

	kill 'STOP', $pid or die "kill $pid: $!";
	$session->quit;
	return $pid;
}

sub counts
{
	my ($node, $column, $db) = @_;

	return $node->safe_psql($db // 'postgres', <<"END");
SELECT pg_catalog.string_agg(value || ':' || n, ' ' ORDER BY value COLLATE "C")
FROM (SELECT $column AS value, pg_catalog.count(*) AS n FROM gaiops.spans
	WHERE attempt IS NOT NULL GROUP BY 1) AS g
WHERE value IS NOT NULL
END
}

sub full_disk_library
{
	my $directory = PostgreSQL::Test::Utils::tempdir();

	system_or_bail('gcc', '-shared', '-fPIC', '-o', "$directory/full_disk.so",
		"-DFLAG=\"$directory/full\"", "$root/test/lib/full_disk.c", '-ldl');
	return ("$directory/full_disk.so", "$directory/full");
}

sub anonymous_memory
{
	my ($pid) = @_;

	return slurp_file("/proc/$pid/status") =~ /^RssAnon:\s+(\d+) kB/m ? $1 : die "no process $pid";
}

sub settled_ok
{
	my ($node, $server, $name, %options) = @_;
	my @dbs = @{ $options{dbs} // ['postgres'] };
	my ($failed, $left, $bare) = ('', 0, 0);

	local $Test::Builder::Level = $Test::Builder::Level + 1;
	foreach my $db (@dbs)
	{
		my ($rc, $out, $err) = $node->psql($db, <<'END');
SET gaiops.log_timeout = '30s';
SELECT pg_catalog.gaiops_chat('ok', 'still there?');
SELECT pg_catalog.count(*) FROM gaiops.spans WHERE trace_id = pg_catalog.gaiops_last_trace_id();
END
		$failed .= "$db: $rc $out $err\n" unless $rc == 0 && $out =~ /\n1$/;
		eval { await_in_flight($node, 0, $db) } or $left += in_flight($node, $db);
		$bare += $node->safe_psql($db, <<'END');
SELECT pg_catalog.count(*) FROM gaiops.spans AS s WHERE attempt IS NOT NULL AND NOT EXISTS
	(SELECT FROM gaiops.span_payloads AS p WHERE p.trace_id = s.trace_id
		AND p.span_id = s.span_id AND p.kind = 'request')
END
	}
	is($failed, '', "$name: a new call works and is recorded");
	is($left, 0, "$name: nothing is in flight");
	recorded_ok($node, $server, "$name: every request has one row", dbs => \@dbs);
	cmp_ok($bare, '<=', $options{cut} // 0, "$name: every attempt has its request on record");
	return;
}

1;
