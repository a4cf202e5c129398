# Clients that share a backend see nothing of each other: open spans, the latest
# trace, the experiment, labels. With pgbouncer where it is installed, and with
# DISCARD ALL in one session, which is what poolers run between two clients.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use GaiopsPooler;
use GaiopsTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = gaiops_node('pooling');
my $model = model_server();
make_endpoint($node, 'model', $model->url);
$node->safe_psql('postgres', "SELECT gaiops_create_endpoint('echo', 'builtin:echo')");

# What a client can see of those before it, in one line; it makes a call and so
# sees in the record of that what it is taken for.
my $look = <<'END';
SELECT 'latest', gaiops_last_trace_id() IS NULL;
SELECT 'setting', current_setting('gaiops.experiment'), current_setting('gaiops.session_id'), current_setting('gaiops.traceparent');
SELECT gaiops_chat('echo', 'Hi');
SELECT 'call', parent_span_id IS NULL, experiment, session_id IS NULL FROM gaiops.spans WHERE trace_id = gaiops_last_trace_id();
END
my $nothing = "latest|t\nsetting|||\nHi\ncall|t|Default|t";

# What a client leaves behind that ends no transaction too soon, and one that
# does not care.
my $careful = <<'END';
BEGIN;
SELECT gaiops_set_experiment('Of the first', is_local => true);
SET LOCAL gaiops.session_id = 'of the first';
SET LOCAL gaiops.traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
SELECT gaiops_start_span('left open') ~ '.';
SELECT gaiops_chat('echo', 'first');
COMMIT;
END
my $careless = <<'END';
SELECT gaiops_set_experiment('Of the first');
SET gaiops.session_id = 'of the first';
SET gaiops.traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
SELECT gaiops_start_span('left open') ~ '.';
SELECT gaiops_chat('echo', 'first');
END

# One session and DISCARD ALL ---------------------------------------------------

foreach my $first ($careful, $careless)
{
	my $out = $node->safe_psql('postgres', "$first DISCARD ALL; $look");
	like($out, qr/\n\Q$nothing\E$/, 'DISCARD ALL leaves nothing of the client before')
	  or diag($out);
}
is($node->safe_psql('postgres', "SELECT string_agg(DISTINCT status, ','), count(*) FROM gaiops.spans WHERE name = 'left open'"), 'OK|2',
	'the spans that were open are on record');
is($node->safe_psql('postgres', 'SELECT count(*) FROM gaiops.calls_in_flight'), 0, 'and none is open');

# DISCARD ALL fails in a transaction block, and then does nothing.
my ($rc, $out) = $node->psql('postgres', <<'END', on_error_stop => 0);
SELECT gaiops_start_span('still open') ~ '.';
BEGIN;
DISCARD ALL;
ROLLBACK;
SELECT gaiops_last_trace_id() IS NOT NULL;
SELECT gaiops_end_span();
SELECT 'ended';
END
is($out, "t\nt\n\nended", 'a DISCARD ALL that fails ends nothing');

# pgbouncer ----------------------------------------------------------------------

sub client
{
	my ($connection, $sql) = @_;
	my ($out, $err);

	IPC::Run::run([$node->installed_command('psql'), '-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', $connection], '<', \$sql, '>', \$out, '2>', \$err);
	diag($err) if $err;
	chomp $out;
	return $out;
}

SKIP:
{
	skip 'pgbouncer is not installed', 12 unless pgbouncer();

	# As it comes: what is said inside a block ends with it.
	my $plain = pooler($node, 'transaction', 1);
	my $pid = client($plain, 'SELECT pg_backend_pid()');
	client($plain, $careful);
	is(client($plain, 'SELECT pg_backend_pid()'), $pid, 'two clients of a pool in transaction mode have one backend');
	(my $seen = client($plain, $look)) =~ s/^latest\|.*\n//;
	(my $expected = $nothing) =~ s/^latest\|.*\n//;
	is($seen, $expected, 'a client that keeps to its transactions leaves neither spans nor settings');
	is($node->safe_psql('postgres', "SELECT status FROM gaiops.spans WHERE name = 'left open' ORDER BY start_time DESC LIMIT 1"), 'OK',
		'its span ended with its transaction');

	# With a reset after every transaction, and with one between two sessions.
	foreach my $pool ([ 'transaction', 'server_reset_query_always = 1' ], ['session'])
	{
		my ($mode, @more) = @$pool;
		my $connection = pooler($node, $mode, 1, @more);
		foreach my $first ($careful, $careless)
		{
			client($connection, $first);
			is(client($connection, $look), $nothing, "$mode mode with a reset: nothing is left of the client before")
			  if $mode eq 'session';
			next if $mode eq 'session';
			(my $seen = client($connection, $look)) =~ s/^call\|.*\n?//m;
			is($seen, "latest|t\nsetting|||\nHi", 'transaction mode with a reset: nothing is left of the client before');
			is($node->safe_psql('postgres', 'SELECT parent_span_id IS NULL, experiment, session_id IS NULL FROM gaiops.spans ORDER BY start_time DESC LIMIT 1'),
				't|Default|t', 'nor in the record of its call');
		}
	}

	# Many clients, two backends: every call is under its own client's labels.
	my $shared = pooler($node, 'transaction', 2);
	my @clients;
	$model->forget;
	foreach my $number (1 .. 8)
	{
		my ($in, $out, $err) = ('', '', '');
		$in .= <<"END" foreach 1 .. 10;
BEGIN;
SELECT gaiops_set_experiment('Client $number', true);
SET LOCAL gaiops.session_id = 'client $number';
SELECT gaiops_start_span('of client $number') ~ '.';
SELECT gaiops_chat('model', 'say:client $number');
COMMIT;
END
		push @clients, [IPC::Run::start([$node->installed_command('psql'), '-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', $shared], '<', \$in, '>', \$out, '2>', \$err), \$out];
	}
	my $answers = 0;
	foreach my $number (1 .. 8)
	{
		my ($harness, $out) = @{ $clients[ $number - 1 ] };
		$harness->finish;
		$answers += () = $$out =~ /^client $number$/mg;
	}
	is($answers, 80, 'eight clients on two backends get their own answers');
	is($node->safe_psql('postgres', <<'END'), '80|80|80', 'and their calls are on record under their own labels and spans');
SELECT count(*), count(*) FILTER (WHERE s.session_id = lower(s.experiment) AND p.body LIKE '%say:' || s.session_id || '"%'),
	count(*) FILTER (WHERE o.name = 'of ' || s.session_id)
FROM gaiops.spans s JOIN gaiops.span_payloads p USING (trace_id, span_id)
LEFT JOIN gaiops.spans o ON o.trace_id = s.trace_id AND o.span_id = s.parent_span_id
WHERE s.endpoint = 'model' AND p.kind = 'request' AND s.experiment LIKE 'Client %'
END
	recorded_ok($node, $model, 'every request is on record');
}

done_testing();
