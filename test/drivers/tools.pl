# The programs of doc/from-tools.md: each has the sum of all costs, and so have all views
# that have costs, read whole by the same tools.  GAIOPS_DRIVERS is a directory that
# scripts/install has filled.

use strict;
use warnings;

use Cwd qw(abs_path);
use FindBin;
use lib "$FindBin::Bin/../lib";
use GaiopsPrograms;
use GaiopsTest;
use IPC::Run;
use PostgreSQL::Test::Utils;
use Test::More;

my $root = abs_path("$FindBin::Bin/../..");
my $model = model_server();
my $node = gaiops_node('tools', conf => "listen_addresses = '127.0.0.1'", extension => 0);

# What the README makes, so that there is something in most views; then costs of more
# digits than the first ones have, and texts where the first hundred rows have none.
my $walk = qx("$root/scripts/walk" "$root/README.md");
$node->safe_psql('postgres', $walk =~ s/127\.0\.0\.1:4010/'127.0.0.1:' . $model->port/ger);
$node->safe_psql('postgres', <<'END');
SELECT gaiops_set_price('openai', 'gpt-4.1-mini', input => 0.0375001, output => 0.15);
SELECT gaiops_chat('llm-dev', 'usage:10000000,1');
SELECT count(gaiops_chat('llm-dev', 'usage:' || 17 + i || ',' || 3 * i)) FROM generate_series(1, 120) AS i;
SELECT gaiops_chat('llm-dev', 'usage:1,1', session_id => 'first', user_id => 'varun');
CREATE ROLE dashboards LOGIN;
SELECT gaiops_grant('dashboards', 'viewer');
END
my $sum = $node->safe_psql('postgres', 'SELECT sum(cost) FROM gaiops.traces');

local %ENV = (%ENV, program_environment($node), PYTHONPATH => "$ENV{GAIOPS_DRIVERS}/bi",
	HOME => PostgreSQL::Test::Utils::tempdir(), RUST_BACKTRACE => 0);

# The extension of DuckDB, which its own INSTALL would load from the network.
my ($extension) = glob "$ENV{PYTHONPATH}/duckdb_extension_postgres_scanner/extensions/*/*";
system_or_bail('/usr/bin/python3', '-c', 'import duckdb, sys; duckdb.connect().execute(f"INSTALL \'{sys.argv[1]}\'")', $extension);

foreach my $program (programs('doc/from-tools.md'))
{
	is("$sum\n", $program->{output}, "$program->{name}: what the page says is what psql says");
	prints_ok($program);
}

$ENV{DATABASE_URL} =~ s{//\w+@}{//dashboards@};
foreach my $tool (qw(pandas sqlalchemy connectorx adbc duckdb))
{
	IPC::Run::run([ '/usr/bin/python3', "$root/test/drivers/tools.py", $tool ], '>', \my $out, '2>', \my $err, IPC::Run::timeout(120));
	is($out . $err, "all views are read\n", "$tool reads every view, and all costs as they are");
}

# Superset's own way to tables and columns; it needs too much itself to be installed here.
IPC::Run::run([ '/usr/bin/python3', "$root/test/drivers/inspector.py" ], '>', \my $out, '2>', \my $err, IPC::Run::timeout(120));
is($out . $err, "all that is listed is shown\n", 'what SQLAlchemy lists to a viewer can be shown');

done_testing();
