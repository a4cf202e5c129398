
=pod

=head1 NAME

GaiopsTest - servers, gateways and sessions for the tests in test/t

=head1 SYNOPSIS

  use FindBin;
  use lib "$FindBin::Bin/../lib";
  use GaiopsTest;
  use Test::More;

  my $model = model_server();
  my $fault = fault_server();
  my $node = gaiops_node('main', conf => "gaiops.log_timeout = '2s'");

  make_endpoint($node, 'llm-dev', $model->url);
  make_endpoint($node, 'hung', $fault->url('hang,ms=30000'), 'max_retries => 0');

  my $sessions = sessions($node, 16, sub { "SELECT gaiops_chat('llm-dev', 'call $_[0]');" });
  is((grep { $_->{timed_out} } $sessions->finish(30)), 0, 'no session hangs');
  recorded_ok($node, $model, 'every request has one row');
  done_testing();

=head1 FUNCTIONS

=over

=item gaiops_node($name, %options)

A started PostgreSQL::Test::Cluster node with the extension preloaded, and made
in the database postgres. It ends with the test. Options: C<conf>, lines for
postgresql.conf; C<extension>, 0 to leave CREATE EXTENSION out; C<start>, 0 to
leave it stopped; C<preload>, a library for LD_PRELOAD of the server (it holds
for this start only); C<init>, an array of more arguments for initdb; C<install_path>,
another PostgreSQL than the one on the path.

=item model_server(%options)

Starts test/gateway/model-server.mjs, that is aimock, on a free port; C<port>
asks for one (4010) and takes another if it is in use. Ends with the test.

=item fault_server(%options)

Starts test/gateway/fault-server.mjs on a free port; C<< tls => 1 >> makes it
speak TLS with a certificate of its own, made for localhost and 127.0.0.1.

Both return an object with

  $server->url            base URL of an endpoint: http://127.0.0.1:PORT/v1
  $fault->url('hang,ms=5000')   the same, for a fault of test/gateway/faults.mjs
  $server->journal        what it received, a list of hashes. Model server: path,
                          headers, body, response; fault server: number, time,
                          connection, path, fault, traceparent, headers, body,
                          outcome. The fault server enters a request as its
                          headers arrive; the model server when it answers.
  $server->traceparents   the traceparent headers among these
  $server->forget         empty the journal
  $server->port, ->pid
  $server->suspend, ->resume   SIGSTOP and SIGCONT
  $server->stop           (done at the end of the test anyway)
  $fault->ca_file         with tls: the certificate to trust

=item hung_connect_url()

A base URL where connect() hangs: a listening socket whose queue is full.

=item silent_url($scheme)

A base URL, of http unless told, where the connection is accepted and nothing is
ever said: with https the handshake hangs.

=item refused_url()

A base URL where nobody listens.

=item hung_dns_library()

Compiles test/lib/hung_dns.c and returns its path, for C<preload>: names that
end in ".hang" then take 30 s to resolve.

=item server_library($name, @more)

Compiles test/lib/$name.c and further sources, as the server loads it, and returns its
path; @more may be arguments of the linker, too.

=item make_endpoint($node, $name, $url, $more, $db)

gaiops_create_endpoint(); $more is further arguments in SQL, e.g. "max_retries => 0".

=item sessions($node, $n, $sql, %options)

Starts $n psql sessions at once and returns at once. $sql is a string, or a sub
that is given the session's number (from 1) and returns one. Options: C<db>,
C<user>. Their application_name is "session 1" and so on. Returns an object with

  $s->finish($seconds)    waits; a session that is not done by then is killed.
                          Returns a list of { number, rc, out, err, seconds,
                          timed_out }; rc is psql's exit status: 3 if a statement
                          failed, 2 if the connection was lost
  $s->backends            the process ids of their backends now
  $s->running             how many have not ended

=item server_answers($node)

Whether a server takes connections, for instance after a crash.

=item wait_until($sub, $what, $seconds)

Calls $sub every 20 ms until it is true, and returns that; dies after $seconds
(30 unless told), naming $what. The only way to wait in these tests.

=item recorded_ok($node, $server, $name, %options)

One test: every request in the server's journal has exactly one row among
gaiops.spans and gaiops.calls_in_flight, found by its traceparent. C<dbs> is an
array of databases, postgres unless told. With C<< exact => 1 >> there must be
no row besides.

=item same_lines_ok($got, $expected, $name)

One test: two texts have the same lines, in any order, and some at all. Says which
lines are more and which are missing.

=item await_maintenance($node, $db)

Waits until the partitions of today and of the time ahead are there and the
maintenance worker has left: nothing changes by itself in that database then.

=item upgrade_ok($old, $new)

One test: pg_upgrade of one stopped node to another, which must be new.

=item ask_text($node, $sql)

What a statement returns in the database postgres, as characters, without warnings;
the statement is sent as bytes.

=item error_of($node, $sql, $db)

What psql says of a statement that fails, verbosely; postgres is the database unless told.

=item run_tool($node, $tool, @arguments)

One test: a tool of PostgreSQL, such as pg_dump, does its work on a node.

=item copy_postgres($directory)

Makes an installation of its own of the PostgreSQL that is tested, in which files can
be added, and replaced once they are unlinked. Returns its directories, a hash:
bindir, whose parent is an install_path, pkglibdir, sharedir.

=item trace_and_span($traceparent)

The ids in it: (trace id as a uuid, span id).

=back

=cut

package GaiopsTest;

use strict;
use warnings;

use Cwd qw(abs_path);
use Exporter qw(import);
use File::Basename qw(dirname);
use File::Path qw(make_path);
use File::Temp;
use GaiopsSessions;
use HTTP::Tiny;
use IO::Socket::INET;
use JSON::PP;
use POSIX qw(WNOHANG);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);

our @EXPORT = qw(
  gaiops_node model_server fault_server hung_connect_url silent_url refused_url
  hung_dns_library server_library make_endpoint sessions server_answers wait_until recorded_ok trace_and_span
  same_lines_ok await_maintenance upgrade_ok ask_text error_of run_tool copy_postgres
);

my $root = abs_path(dirname(__FILE__) . '/../..');
my $owner = $$;
my @servers;
my @sockets;

# Nothing may be left running, however the test ends: a signal too must lead to
# the END blocks, ours and those of the nodes.
$SIG{TERM} = $SIG{INT} = sub { exit 143 };

END
{
	my $status = $?;

	if ($$ == $owner)
	{
		$_->stop foreach @servers;
	}
	$? = $status;
}

sub gaiops_node
{
	my ($name, %options) = @_;
	my $node = PostgreSQL::Test::Cluster->new($name, install_path => $options{install_path});

	$node->init(
		extra => [ '--encoding=UTF8', '--locale=C', @{ $options{init} // [] } ]);
	$node->append_conf('postgresql.conf', <<"END");
shared_preload_libraries = 'genaiops'
max_connections = 100
max_worker_processes = 32
log_statement = 'none'
END
	$node->append_conf('postgresql.conf', $options{conf}) if $options{conf};
	if ($options{start} // 1)
	{
		local $ENV{LD_PRELOAD} = $options{preload} if $options{preload};
		$node->start;
		$node->safe_psql('postgres', 'CREATE EXTENSION genaiops')
		  if $options{extension} // 1;
	}
	return $node;
}

sub make_endpoint
{
	my ($node, $name, $url, $more, $db) = @_;
	my $arguments = join ', ', "'$name'", "url => '$url'",
	  "model => 'gpt-4.1-mini'", $more // ();

	return $node->safe_psql($db // 'postgres',
		"SELECT pg_catalog.gaiops_create_endpoint($arguments)");
}

# A psql that cannot connect may be gone before it is given the query.
sub server_answers
{
	my ($node) = @_;

	return eval { ($node->psql('postgres', 'SELECT 1'))[0] == 0 };
}

sub wait_until
{
	my ($sub, $what, $seconds) = @_;
	my $deadline = time + ($seconds // 30);

	while (time < $deadline)
	{
		my $result = $sub->();
		return $result if $result;
		sleep 0.02;
	}
	die "timed out waiting for $what";
}

# Where node, aimock and the two servers are: scripts/test says so, otherwise
# what scripts/install left in the checkout.
sub gateway_directory
{
	foreach my $directory ($ENV{GAIOPS_GATEWAY}, "$root/.work/gateway")
	{
		return $directory
		  if $directory && -d "$directory/node_modules/\@copilotkit/aimock";
	}
	die 'no model server: run "scripts/install build gateway test" first';
}

sub node_binary
{
	return $ENV{GAIOPS_NODE} if $ENV{GAIOPS_NODE};
	my ($own) = glob "$root/.work/node/node_modules/node-linux-*/bin/node";
	return $own // 'node';
}

sub model_server
{
	my (%options) = @_;
	my @port = $options{port} ? ('--port', $options{port}, '--or-any') : ();

	return GaiopsTest::Server->start('model-server.mjs', 'http', @port);
}

sub fault_server
{
	my (%options) = @_;

	return GaiopsTest::Server->start('fault-server.mjs', 'http')
	  unless $options{tls};

	my $directory = PostgreSQL::Test::Utils::tempdir();
	system_or_bail('openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes',
		'-days', '2', '-subj', '/CN=localhost',
		'-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1',
		'-keyout', "$directory/key.pem", '-out', "$directory/cert.pem");
	my $server = GaiopsTest::Server->start('fault-server.mjs', 'https',
		'--key', "$directory/key.pem", '--cert', "$directory/cert.pem");
	$server->{ca_file} = "$directory/cert.pem";
	return $server;
}

sub listening_socket
{
	my ($queue) = @_;
	my $socket = IO::Socket::INET->new(LocalAddr => '127.0.0.1',
		Proto => 'tcp', Listen => $queue) or die "listen: $!";

	push @sockets, $socket;
	return $socket;
}

sub silent_url
{
	my ($scheme) = @_;
	my $port = listening_socket(128)->sockport;

	return ($scheme // 'http') . "://127.0.0.1:$port/v1";
}

# A queue of length 0 holds one connection; the kernel drops what comes after
# it. A few more are begun, so that it is full whatever the kernel counts.
sub hung_connect_url
{
	my $socket = listening_socket(0);

	$socket->sockport or die;
	listen($socket, 0) or die "listen: $!";
	foreach (1 .. 4)
	{
		my $filler = IO::Socket::INET->new(Proto => 'tcp', Blocking => 0) or die;
		connect($filler, $socket->sockname);
		push @sockets, $filler;
	}
	return 'http://127.0.0.1:' . $socket->sockport . '/v1';
}

sub refused_url
{
	return 'http://127.0.0.1:' . PostgreSQL::Test::Cluster::get_free_port() . '/v1';
}

sub hung_dns_library
{
	my $library = PostgreSQL::Test::Utils::tempdir() . '/hung_dns.so';

	system_or_bail('gcc', '-shared', '-fPIC', '-o', $library,
		"$root/test/lib/hung_dns.c", '-ldl');
	return $library;
}

sub server_library
{
	my ($name, @more) = @_;
	my $library = abs_path(PostgreSQL::Test::Utils::tempdir()) . "/$name.so";
	my $config = $ENV{PG_CONFIG} // 'pg_config';

	chomp(my $include = `$config --includedir-server`);
	chomp(my $cc = `$config --cc`);
	system_or_bail(split(' ', $cc), '-std=gnu11', '-O2', '-D_GNU_SOURCE', '-fPIC', '-shared', '-fvisibility=hidden',
		"-I$root/src", "-I$include", '-o', $library, "$root/test/lib/$name.c", @more);
	return $library;
}

sub trace_and_span
{
	my ($traceparent) = @_;
	my ($trace, $span) = $traceparent =~ /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/
	  or die "not a traceparent: $traceparent";

	$trace =~ s/^(.{8})(.{4})(.{4})(.{4})(.{12})$/$1-$2-$3-$4-$5/;
	return ($trace, $span);
}

sub recorded_rows
{
	my ($node, @dbs) = @_;
	my %rows;

	foreach my $db (@dbs)
	{
		my $ids = $node->safe_psql($db, <<'END');
SELECT trace_id::text || ' ' || span_id FROM gaiops.spans
UNION ALL
SELECT trace_id::text || ' ' || span_id FROM gaiops.calls_in_flight
END
		$rows{$_}++ foreach split /\n/, $ids;
	}
	return \%rows;
}

sub recorded_ok
{
	my ($node, $server, $name, %options) = @_;
	my $rows = recorded_rows($node, @{ $options{dbs} // ['postgres'] });
	my @requests = map { join ' ', trace_and_span($_) } $server->traceparents;
	my %requested = map { $_ => 1 } @requests;
	my @missing = grep { !$rows->{$_} } @requests;
	my @twice = grep { $rows->{$_} > 1 } keys %$rows;
	my @extra = grep { !$requested{$_} } keys %$rows;

	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my $ok = @requests == $server->journal && !@missing && !@twice
	  && !($options{exact} && @extra);
	ok($ok, $name)
	  or diag(sprintf '%d requests, %d with traceparent; without a row: %s; with several: %s; rows besides: %d',
		scalar(my @all = $server->journal), scalar @requests,
		"@missing[0 .. ($#missing < 4 ? $#missing : 4)]",
		"@twice[0 .. ($#twice < 4 ? $#twice : 4)]", scalar @extra);
	return $ok;
}

sub same_lines_ok
{
	my ($got, $expected, $name) = @_;
	my %got = map { $_ => 1 } split /\n/, $got;
	my %expected = map { $_ => 1 } split /\n/, $expected;
	my @more = grep { !$expected{$_} } sort keys %got;
	my @missing = grep { !$got{$_} } sort keys %expected;

	local $Test::Builder::Level = $Test::Builder::Level + 1;
	return ok(%expected && !@more && !@missing, $name)
	  || diag(join "\n", (map { "+ $_" } @more), map { "- $_" } @missing);
}

sub await_maintenance
{
	my ($node, $db) = @_;

	wait_until(
		sub {
			$node->safe_psql($db, <<'END') eq 't';
SELECT NOT EXISTS (SELECT FROM gaiops.needed_partitions() WHERE NOT present)
	AND NOT EXISTS (SELECT FROM pg_stat_activity WHERE backend_type = 'genaiops maintenance' AND datname = current_database())
END
		},
		"partitions in $db");
	return;
}

# It writes to the current directory, where its sockets are, too.
sub upgrade_ok
{
	my ($old, $new) = @_;
	my $bin = $old->config_data('--bindir');
	my $before = Cwd::getcwd();
	my $directory = PostgreSQL::Test::Utils::tempdir_short();

	local $ENV{PGHOST} = undef;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	chdir $directory or die "chdir: $!";
	my $ok = command_ok(
		[
			$old->installed_command('pg_upgrade'), '--no-sync', '-d', $old->data_dir,
			'-D', $new->data_dir, '-b', $bin, '-B', $bin, '-s', $directory,
			'-p', $old->port, '-P', $new->port
		],
		'pg_upgrade');
	chdir $before or die "chdir: $!";
	return $ok;
}

sub ask_text
{
	my ($node, $sql) = @_;

	utf8::encode($sql);
	my $out = $node->safe_psql('postgres', "SET client_min_messages = error;\n$sql");
	utf8::decode($out);
	return $out;
}

sub error_of
{
	my ($node, $sql, $db) = @_;
	my ($rc, $out, $err) = $node->psql($db // 'postgres', "\\set VERBOSITY verbose\n$sql");

	return $rc == 3 ? $err : "no error: $out";
}

sub run_tool
{
	my ($node, $tool, @arguments) = @_;

	local $Test::Builder::Level = $Test::Builder::Level + 1;
	return command_ok([ $node->installed_command($tool), '--host', $node->host, '--port', $node->port, @arguments ],
		"$tool @arguments[0 .. ($#arguments > 2 ? 2 : $#arguments)]");
}

# PostgreSQL finds its files relative to its binaries: copies of these are an
# installation of their own, whatever the rest is links to.
sub copy_postgres
{
	my ($directory) = @_;
	my %to;

	foreach my $what (qw(bindir pkglibdir sharedir))
	{
		my $config = $ENV{PG_CONFIG} // 'pg_config';
		chomp(my $from = `$config --$what`);
		$to{$what} = "$directory$from";
		make_path($to{$what}, $what eq 'sharedir' ? "$to{$what}/extension" : ());
		system_or_bail('sh', '-c', "cp $from/* $to{$what}/ && rm -f $to{$what}/pg_upgrade.old") if $what eq 'bindir';
		foreach my $path ($what eq 'bindir' ? () : glob("$from/* $from/extension/*"))
		{
			my $name = substr $path, length $from;

			symlink $path, "$to{$what}$name" unless -e "$to{$what}$name";
		}
	}
	return \%to;
}

sub sessions { return GaiopsSessions->start(@_); }

# A process of node, serving.
package GaiopsTest::Server;

use strict;
use warnings;

use POSIX qw(WNOHANG);
use Time::HiRes qw(sleep time);

sub start
{
	my ($class, $script, $scheme, @arguments) = @_;
	my $directory = GaiopsTest::gateway_directory();
	my $file = PostgreSQL::Test::Utils::tempdir() . "/port";
	my $log = ($PostgreSQL::Test::Utils::log_path // '.') . "/$script.$$.log";
	my $self = bless { scheme => $scheme, is_model => $script =~ /model/ }, $class;

	$self->{pid} = fork // die "fork: $!";
	if (!$self->{pid})
	{
		open STDIN, '<', '/dev/null';
		open STDOUT, '>>', $log;
		open STDERR, '>>', $log;
		exec(GaiopsTest::node_binary(), "$directory/$script", '--port-file',
			$file, @arguments)
		  or POSIX::_exit(127);
	}
	push @servers, $self;
	GaiopsTest::wait_until(
		sub {
			die "$script did not start, see $log"
			  if waitpid($self->{pid}, WNOHANG) != 0;
			return -s $file;
		},
		"$script to listen");
	my @ports = split ' ', PostgreSQL::Test::Utils::slurp_file($file);
	$self->{port} = $ports[0];
	$self->{control_port} = $ports[-1];
	return $self;
}

sub port { return $_[0]{port}; }
sub pid { return $_[0]{pid}; }
sub ca_file { return $_[0]{ca_file}; }
sub suspend { kill 'STOP', $_[0]{pid}; return; }
sub resume { kill 'CONT', $_[0]{pid}; return; }

sub url
{
	my ($self, $fault) = @_;

	return "$self->{scheme}://127.0.0.1:$self->{port}"
	  . ($fault ? "/fault/$fault" : '') . '/v1';
}

sub ask
{
	my ($self, $method, $path) = @_;
	my $url = "http://127.0.0.1:$self->{control_port}$path";
	my $answer = HTTP::Tiny->new(timeout => 30)->request($method, $url);

	die "$method $url: $answer->{status} $answer->{content}" unless $answer->{success};
	return $answer->{content};
}

sub journal
{
	my ($self) = @_;
	my $path = $self->{is_model} ? '/__aimock/journal' : '/journal';

	return @{ JSON::PP::decode_json($self->ask('GET', $path)) };
}

sub forget
{
	my ($self) = @_;

	$self->ask($self->{is_model} ? ('POST', '/__aimock/reset/journal') : ('DELETE', '/journal'));
	return;
}

sub traceparents
{
	my ($self) = @_;

	return grep { defined } map { $_->{headers}{traceparent} } $self->journal;
}

sub stop
{
	my ($self) = @_;
	my $pid = delete $self->{pid} or return;

	kill 'KILL', $pid;
	waitpid $pid, 0;
	return;
}

# A number of psql processes.

1;
