# Servers of other kinds: without the library preloaded, with too few workers, a
# standby and what becomes of it.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use GaiopsProof;
use GaiopsTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $SESSIONS = 16;
my $fault = fault_server();

# Whether a process is the launcher of a server.
sub is_launcher
{
	my ($pid, $postmaster) = @_;

	return -r "/proc/$pid/stat" && slurp_file("/proc/$pid/stat") =~ /^.*\) \S+ $postmaster /s
		&& slurp_file("/proc/$pid/cmdline") =~ /genaiops launcher/;
}

# ---- not preloaded ----
{
	my $node = gaiops_node('alone', conf => "shared_preload_libraries = ''");
	make_endpoint($node, 'ok', $fault->url('ok'));
	foreach my $call (
		"gaiops_chat('ok', 'hello')",
		"gaiops_chat('ok', '[{\"role\": \"user\", \"content\": \"hello\"}]'::jsonb)",
		"gaiops_chat_completion('{\"model\": \"ok\", \"messages\": [{\"role\": \"user\", \"content\": \"hello\"}]}')",
		"gaiops_chat_row('ok', 'hello')",
		"gaiops_start_span('span')",
		"gaiops_set_experiment('experiment')",
		"gaiops_set_trace_tag('00000000-0000-4000-8000-000000000000', 'key', 'value')")
	{
		like(error_of($node, "SELECT $call;"),
			qr/55000: genaiops must be loaded via shared_preload_libraries.*Add to postgresql\.conf: shared_preload_libraries = 'genaiops'/s,
			"without preload: $call says what to do");
	}
	is(scalar(my @requests = $fault->journal), 0, 'without preload: nothing is sent');
	is($node->safe_psql('postgres', <<'END'), '0|ok|t', 'without preload: reading works');
SELECT (SELECT pg_catalog.count(*) FROM gaiops.spans), (SELECT name FROM gaiops.endpoints), gaiops.incarnation() IS NULL
END

	# ---- too few workers; the first two are taken by the server and the launcher
	$node->append_conf('postgresql.conf', <<'END');
shared_preload_libraries = 'genaiops'
gaiops.log_timeout = '500ms'
END
	foreach my $slots (1, 2)
	{
		$node->append_conf('postgresql.conf', "max_worker_processes = $slots");
		$node->restart;
		like(error_of($node, "SELECT gaiops_chat('ok', 'hello');"),
			qr/LM010: could not record the call.*No background worker slot is free.*Raise max_worker_processes/s,
			"max_worker_processes = $slots: a call is told");
		like(error_of($node, "SELECT gaiops_start_span('span');"),
			qr/LM010: .*Raise max_worker_processes/s, "max_worker_processes = $slots: a span is told");
	}
	is(scalar(@requests = $fault->journal), 0, 'too few workers: nothing is sent');
	$node->append_conf('postgresql.conf', 'max_worker_processes = 8');
	$node->restart;
	settled_ok($node, $fault, 'enough workers');
	$node->stop;
}

# ---- a standby ----
{
	$fault->forget;
	my $primary = gaiops_node('primary', conf => <<'END');
wal_level = replica
max_wal_senders = 10
hot_standby = on
END
	make_endpoint($primary, 'ok', $fault->url('ok'));
	make_endpoint($primary, 'hang', $fault->url('hang'));
	$primary->safe_psql('postgres', "SELECT gaiops_chat('ok', 'finished')");
	$primary->backup('backup', backup_options => [ '--checkpoint=fast' ]);
	my $standby = PostgreSQL::Test::Cluster->new('standby');
	$standby->init_from_backup($primary, 'backup', has_streaming => 1);
	$standby->start;

	my $sessions = sessions($primary, $SESSIONS, "SELECT gaiops_chat('hang', 'hello');");
	wait_until(sub { $fault->journal == $SESSIONS + 1 }, 'the requests');
	$primary->wait_for_catchup($standby);

	is($primary->safe_psql('postgres', 'SELECT pg_catalog.count(*) FROM gaiops.intents WHERE incarnation = gaiops.incarnation()'),
		$SESSIONS, 'on the primary, what is under way is of its own life');
	is($standby->safe_psql('postgres', 'SELECT pg_catalog.count(*) FROM gaiops.intents WHERE incarnation <> gaiops.incarnation()'),
		$SESSIONS, 'on the standby, it is of another');
	is($standby->safe_psql('postgres', "SELECT pg_catalog.count(*) FROM gaiops.calls_in_flight WHERE status = 'UNKNOWN'"),
		$SESSIONS, 'and shown as unknown');
	recorded_ok($standby, $fault, 'the standby has every request');
	foreach my $call ("gaiops_chat('ok', 'hello')", "gaiops_start_span('span')", "gaiops_set_experiment('experiment')")
	{
		like(error_of($standby, "SELECT $call;"),
			qr/25006: cannot write records during recovery.*Connect to the primary server/s, "a standby refuses $call");
	}

	$primary->stop('immediate');
	$sessions->finish(30);
	is(scalar(my @requests = $fault->journal), $SESSIONS + 1, 'a standby sends nothing');
	$standby->promote;
	recorded_ok($standby, $fault, 'after promotion every request has one row at once');
	settled_ok($standby, $fault, 'after promotion');
	is(counts($standby, 'status'), "OK:2 UNKNOWN:$SESSIONS", 'after promotion: what the primary had under way is unknown');
	$standby->stop;
}

# ---- a launcher that is told to end ----
{
	my $node = gaiops_node('orphaned');
	my $postmaster = (split /\n/, PostgreSQL::Test::Utils::slurp_file($node->data_dir . '/postmaster.pid'))[0];
	my ($launcher) = grep { is_launcher($_, $postmaster) } map { m{(\d+)$} } glob '/proc/[0-9]*';

	make_endpoint($node, 'echo', 'builtin:echo');
	kill 'TERM', $launcher;
	wait_until(sub { !kill 0, $launcher }, 'the launcher to end');
	is($node->safe_psql('postgres', "SELECT gaiops_chat('echo', 'hello')"), 'hello', 'another launcher is started');
	$node->stop;
}

# ---- a standby that is missing ----
# The server's own synchronous_commit waits for none; that of records has the say.
{
	my $node = gaiops_node('missed', conf => "wal_level = replica\nmax_wal_senders = 4\ngaiops.log_timeout = '500ms'");
	make_endpoint($node, 'ok', $fault->url('ok'));
	$fault->forget;
	$node->append_conf('postgresql.conf', "synchronous_commit = off\nsynchronous_standby_names = 'nobody'");
	$node->restart;
	like(error_of($node, "SELECT gaiops_chat('ok', 'hello');"),
		qr/LM010: could not record the call/, 'a missing standby: an intent is not committed');
	is(scalar(my @requests = $fault->journal), 0, 'and nothing is sent');
	my $begin = time;
	$node->stop('fast');
	cmp_ok(time - $begin, '<', 20, 'a missing standby does not keep the server from stopping');
}

done_testing();
