
=pod

=head1 NAME

GaiopsPooler - PgBouncer in front of a node

=head1 SYNOPSIS

  use GaiopsPooler;

  skip 'pgbouncer is not installed', 2 unless pgbouncer();
  my $pool = pooler($node, 'transaction', 1);

=head1 FUNCTIONS

=over

=item pgbouncer()

The path of pgbouncer, or nothing where there is none.

=item pooler($node, $mode, $size, @settings)

Starts a pgbouncer for the database postgres, with one pool of that mode and size, and
returns what libpq connects to: a directory with a socket, a port, a database. It ends
with the test.

=back

=cut

package GaiopsPooler;

use strict;
use warnings;

use Exporter qw(import);
use GaiopsTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;

our @EXPORT = qw(pgbouncer pooler);

my @pids;
my $owner = $$;

END
{
	my $status = $?;
	foreach my $pid ($$ == $owner ? @pids : ())
	{
		kill 'KILL', $pid;
		waitpid $pid, 0;
	}
	$? = $status;
}

sub pgbouncer
{
	my ($path) = grep { -x } map { "$_/pgbouncer" } split(/:/, $ENV{PATH}), '/usr/sbin', '/usr/local/sbin';
	return $path;
}

sub pooler
{
	my ($node, $mode, $size, @settings) = @_;
	my $directory = PostgreSQL::Test::Utils::tempdir_short();
	my $port = PostgreSQL::Test::Cluster::get_free_port();
	my $user = getpwuid($<);

	append_to_file("$directory/pgbouncer.ini", join "\n", '[databases]',
		sprintf("postgres = host=%s port=%d user=%s pool_size=%d", $node->host, $node->port, $user, $size),
		'[pgbouncer]', "pool_mode = $mode", 'auth_type = any', "listen_port = $port", "unix_socket_dir = $directory",
		"logfile = $directory/log", "pidfile = $directory/pid", 'max_client_conn = 100', @settings, '');
	my $pid = fork // die "fork: $!";
	if (!$pid)
	{
		open STDOUT, '>', "$directory/out";
		open STDERR, '>&', \*STDOUT;
		exec(pgbouncer(), "$directory/pgbouncer.ini") or POSIX::_exit(127);
	}
	push @pids, $pid;
	wait_until(sub { -S "$directory/.s.PGSQL.$port" }, 'pgbouncer to listen');
	return "host=$directory port=$port dbname=postgres";
}

1;
