# An update where others follow: a physical standby with the library of the version that is
# updated to, and a logical subscriber, whose tables get the new columns first.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use GaiopsTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $UPDATE = 'ALTER EXTENSION genaiops UPDATE';

# What doc/operations.md says to run in the publisher once both are updated.
my ($SEND_USAGE) = slurp_file("$FindBin::Bin/../../doc/operations.md") =~ /^\*\*Logical subscribers\*\*.*?^```sql\n(.*?)^```/ms;

# What rows of every changed kind are made by.
my $use = <<'SQL';
SELECT gaiops_chat('echo', 'after'), gaiops_set_price('echo', 'echo', input => 1), gaiops_register_prompt('p', 'Hi {{ a }}'),
	gaiops_merge_record('d', '{"b": 1, "a": 2}');
SELECT gaiops_log_feedback(gaiops_last_trace_id(), 'good', true);
SQL

my $primary = gaiops_node('updated_primary', extension => 0, conf => <<'END');
wal_level = logical
max_wal_senders = 10
hot_standby = on
gaiops.payload_retention = 0
END
$primary->safe_psql('postgres', q{CREATE EXTENSION genaiops VERSION '0.1.0'; SELECT gaiops_create_endpoint('echo', 'builtin:echo')});
$primary->backup('backup', backup_options => [ '--checkpoint=fast' ]);
my $standby = PostgreSQL::Test::Cluster->new('updated_standby');
$standby->init_from_backup($primary, 'backup', has_streaming => 1);
$standby->start;

# Subscribers have the tables, the partitions too, and no calls of their own.  The one in
# database "late" is updated after the publisher.
my $subscriber = gaiops_node('subscriber', extension => 0);
$subscriber->safe_psql('postgres', 'CREATE DATABASE late');
$subscriber->safe_psql($_, q{CREATE EXTENSION genaiops VERSION '0.1.0'}) foreach qw(postgres late);
foreach my $place ([ $primary, 'postgres' ], [ $subscriber, 'postgres' ], [ $subscriber, 'late' ])
{
	my ($node, $db) = @$place;

	$node->safe_psql($db, 'SELECT gaiops_run_maintenance()');
	await_maintenance($node, $db);
}
$primary->safe_psql('postgres', 'CREATE PUBLICATION everything FOR ALL TABLES');
my $connection = $primary->connstr('postgres');
$subscriber->safe_psql($_, "CREATE SUBSCRIPTION of_$_ CONNECTION \$c\$$connection\$c\$ PUBLICATION everything WITH (copy_data = false)")
  foreach qw(postgres late);

sub caught_up
{
	my ($name, $db) = @_;

	$primary->wait_for_catchup("of_$db");
	is($subscriber->safe_psql($db, 'SELECT count(*) FROM gaiops.spans'),
		$primary->safe_psql('postgres', 'SELECT count(*) FROM gaiops.spans'), "$name, the subscriber has what there is");
	return;
}

# Grants that the update keeps in a table of its own, which a subscriber does not have.
$primary->safe_psql('postgres', <<'END');
CREATE ROLE app;
SELECT gaiops_grant('app', 'user');
GRANT EXECUTE ON FUNCTION gaiops_get_cost, gaiops_load_prompt TO PUBLIC;
SELECT gaiops_create_dataset('d');
END

# An hour that is folded later.
$primary->safe_psql('postgres', <<'END');
INSERT INTO gaiops.usage_deltas (hour, experiment, purpose, calls, attempts, errors, unknown, input_tokens, output_tokens,
	cached_input_tokens, reasoning_tokens, cost, unpriced, latency_buckets, latency_counts)
SELECT '2026-01-01 00:00+00', 'old', 'application', 1, 1, 0, 0, n, n, 0, 0, n, 0, ARRAY[1], ARRAY[1] FROM generate_series(1, 10) AS n;
END
my $ATTEMPTS = q{SELECT sum(attempts) FROM gaiops.usage_hourly WHERE hour = '2026-01-01 00:00+00'};

# The subscriber first: until the publisher is updated, the new columns stay empty there.
$subscriber->safe_psql('postgres', $UPDATE);
caught_up('with the extension updated there', 'postgres');
$primary->wait_for_catchup($standby);
my @views = split /\n/, $standby->safe_psql('postgres',
	q{SELECT oid::regclass FROM pg_class WHERE relnamespace = 'gaiops'::regnamespace AND relkind = 'v'});
$primary->safe_psql('postgres', $UPDATE);
$primary->safe_psql('postgres', $use);
caught_up('after the update of the publisher', 'postgres');
is($subscriber->safe_psql('postgres', 'SELECT written FROM gaiops.dataset_record_versions'), '{"inputs": {"b":1,"a":2}}', 'with what the new columns say');
is($subscriber->safe_psql('postgres', q{SELECT apply_error_count FROM pg_stat_subscription_stats WHERE subname = 'of_postgres'}), 0, 'and nothing was in the way');

wait_until(sub { $subscriber->log_contains('is missing replicated column|"gaiops_partitions\..*" does not exist') }, 'the other one to stop');
$subscriber->safe_psql('late', $UPDATE);
caught_up('after an update of its own', 'late');

# Rows of usage from before the update have another key there.
$primary->safe_psql('postgres', 'SELECT gaiops_run_maintenance()');
wait_until(sub { $primary->safe_psql('postgres', q{SELECT count(*) FROM gaiops.usage_deltas WHERE hour = '2026-01-01 00:00+00'}) == 1 }, 'usage to be folded');
await_maintenance($primary, 'postgres');
foreach my $db (qw(postgres late))
{
	$primary->wait_for_catchup("of_$db");
	is($subscriber->safe_psql($db, $ATTEMPTS), 20, "folded, they count twice in $db");
}
$primary->safe_psql('postgres', $SEND_USAGE);
foreach my $db (qw(postgres late))
{
	$primary->wait_for_catchup("of_$db");
	is($subscriber->safe_psql($db, 'SELECT * FROM gaiops.usage_deltas ORDER BY delta_id'),
		$primary->safe_psql('postgres', 'SELECT * FROM gaiops.usage_deltas ORDER BY delta_id'), "sent anew, they are the same in $db");
}
is($primary->safe_psql('postgres', $ATTEMPTS), 10, 'and count once');

$primary->wait_for_catchup($standby);
is($standby->safe_psql('postgres', "SELECT count(*) FROM $_"), $primary->safe_psql('postgres', "SELECT count(*) FROM $_"), "a standby shows $_")
  foreach @views;
is($standby->safe_psql('postgres', q{SELECT gaiops_format_prompt('prompts:/p/1', '{"a": "you"}')}), 'Hi you', 'and loads a prompt');

$_->stop foreach $subscriber, $standby, $primary;

done_testing();
