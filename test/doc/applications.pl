# The programs of doc/from-applications.md, word for word: each prints what stands below
# it, and its calls are on record, one answered, one refused and one cancelled. Then the
# one for PgBouncer, behind that, and what becomes of the calls of a client that is gone.
#
# With GAIOPS_DRIVERS, a directory that scripts/install and test/drivers/build have
# filled, all programs are run, with the drivers there; otherwise those of Debian's
# drivers and of Node.

use strict;
use warnings;
use utf8;

use Cwd qw(abs_path);
use FindBin;
use lib "$FindBin::Bin/../lib";
use GaiopsPooler;
use GaiopsPrograms;
use GaiopsTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $root = abs_path("$FindBin::Bin/../..");
my $drivers = $ENV{GAIOPS_DRIVERS};
my $directory = program_directory();
my @light = qw(psycopg psycopg2 asyncpg node-postgres postgres.js);

local $ENV{PYTHONPATH} = "$drivers/python" if $drivers;
my $model = model_server();
my $node = gaiops_node('applications', conf => "listen_addresses = '127.0.0.1'");
make_endpoint($node, 'llm-dev', $model->url, 'max_retries => 0');

local %ENV = (%ENV, program_environment($node));

sub none_under_way { return $node->safe_psql('postgres', 'SELECT count(*) FROM gaiops.calls_in_flight') eq '0'; }

# ---- the programs ----

my ($pooled, @programs) = sort { ($b->{name} eq 'PgBouncer') <=> ($a->{name} eq 'PgBouncer') } programs('doc/from-applications.md');
cmp_ok(scalar @programs, '==', 10, 'there is a program for each driver');
foreach my $program (@programs)
{
	next unless $drivers || grep { $_ eq $program->{name} } @light;
	my $begin = $node->safe_psql('postgres', 'SELECT clock_timestamp()');

	prints_ok($program);
	wait_until(\&none_under_way, 'the calls to end', 30);
	is($node->safe_psql('postgres', <<"END"), 'OK:|ERROR:request_refused|ERROR:canceled', "$program->{name}: its calls are on record");
SELECT string_agg(status || ':' || coalesce(error_class, ''), '|' ORDER BY start_time) FROM gaiops.traces
WHERE start_time >= '$begin' AND experiment = 'Support' AND user_id = 'varun'
END
}

# ---- a client that is gone ----

# What becomes of a call whose client is killed.
sub killed
{
	my ($connection, $settings) = @_;
	local $ENV{PGOPTIONS} = $settings;
	my $psql = IPC::Run::start([ $node->installed_command('psql'), '-Xq', '-d', $connection, '-c', "SELECT gaiops_chat('llm-dev', 'slow:2000')" ], '>', \my $out, '2>', \my $err);

	wait_until(sub { !none_under_way() }, 'the call to be under way');
	$psql->signal('KILL');
	eval { $psql->finish };
	wait_until(\&none_under_way, 'the call to end');
	return $node->safe_psql('postgres', "SELECT status, error_class FROM gaiops.traces ORDER BY start_time DESC LIMIT 1");
}

is(killed($node->connstr('postgres'), ''), 'OK|', 'the call of a client that is gone goes on');
is(killed($node->connstr('postgres'), '-c client_connection_check_interval=100ms'), 'ERROR|terminated',
	'with client_connection_check_interval it is ended');

# ---- PgBouncer ----

SKIP:
{
	skip 'pgbouncer is not installed', 4 unless pgbouncer();

	my $pool = pooler($node, 'transaction', 1);
	local ($ENV{PGHOST}, $ENV{PGPORT}) = $pool =~ /host=(\S+) port=(\d+)/;
	prints_ok($pooled) foreach 1 .. 2;
	my (undef, undef, $refused) = $node->psql('postgres', 'SELECT 1', connstr => "$pool options='-c gaiops.experiment=Support'");
	like($refused, qr/unsupported startup parameter/, 'PgBouncer refuses settings of a connection');
	is(killed($pool, undef), 'OK|', 'a client behind PgBouncer that is gone lets its call go on');
	$node->safe_psql('postgres', "ALTER SYSTEM SET client_connection_check_interval = '100ms'");
	$node->reload;
	is(killed($pool, undef), 'ERROR|terminated', 'and not, with client_connection_check_interval');
}

# ---- what drivers do with parameters, and when they give up ----

my @expected = split /^== (.*)\n/m, slurp_file("$root/test/drivers/parameters.out");
my %commands = (
	Python => [ '/usr/bin/python3', "$root/test/drivers/parameters.py" ],
	Node => [ GaiopsTest::node_binary(), "$directory/parameters.mjs" ],
	Go => ["$drivers/bin/pgx-parameters"], Rust => ["$drivers/bin/tokio-postgres-parameters"],
	Java => [ 'java', '-cp', '/usr/share/java/postgresql.jar', "$root/test/drivers/Parameters.java" ]) if $drivers;

$node->safe_psql('postgres', "SELECT gaiops_create_endpoint('echo', 'builtin:echo')");
system_or_bail('cp', "$root/test/drivers/parameters.mjs", $directory);
shift @expected;
while ($drivers && (my ($language, $lines) = splice @expected, 0, 2))
{
	IPC::Run::run($commands{$language}, '>', \my $out, '2>', \my $err, IPC::Run::timeout(120));
	is($out . $err, $lines, "drivers of $language take parameters as the page says");
	wait_until(\&none_under_way, 'the calls to end', 30);
}

done_testing();
