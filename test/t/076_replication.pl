# Logical replication: a reporting replica of everything, and a lake that two publishers feed.
# What arrives is compared table by table; and what the replica refuses to write itself.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use GaiopsTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $publisher = gaiops_node('publisher', conf => <<'END');
wal_level = logical
max_wal_senders = 20
max_replication_slots = 20
gaiops.payload_retention = 0
END
my $subscriber = gaiops_node('subscriber', conf => <<'END');
max_logical_replication_workers = 12
max_replication_slots = 20
max_sync_workers_per_subscription = 4
gaiops.payload_retention = 0
END
my $TRACE = '0197b6a1-0000-7000-8000-00000000000';

# What doc/operations.md says to run in the publisher, there as a superuser, in the
# subscriber, and to see what is not copied yet.
my ($PAGE) = slurp_file("$FindBin::Bin/../../doc/operations.md") =~ /^## Logical replication\n(.*?)^## /ms;
my ($SAID_TO_PUBLISHER, $SAID_OF_ROLE, $SAID_TO_SUBSCRIBER, $SAID_OF_COPIES) = $PAGE =~ /^```sql\n(.*?)^```/msg;

sub publish { return $publisher->safe_psql($_[1] // 'postgres', $_[0]); }
sub report { return $subscriber->safe_psql($_[1] // 'postgres', $_[0]); }

sub subscribe
{
	my ($name, $from, $to, $publication, $options) = @_;
	my $connection = $publisher->connstr($from);

	report("CREATE SUBSCRIPTION $name CONNECTION \$c\$$connection\$c\$ PUBLICATION $publication WITH (" . ($options // 'copy_data = true') . ')', $to);
	return $subscriber->wait_for_subscription_sync($publisher, $name, $to);
}

# One line for each published table of the names that match.  That a trace is shown by it is
# what an entry does not say in a subscriber.
sub contents
{
	my ($node, $db, $names) = @_;
	my $queries = $node->safe_psql($db, <<"END");
SELECT format('SELECT %L, count(*), md5(string_agg(j::text, '','' ORDER BY j::text COLLATE "C")) FROM %s AS t,
		LATERAL (SELECT to_jsonb(t) - CASE WHEN to_jsonb(t) @> ''{"is_entry": true}'' THEN ''entry_start_time'' ELSE '''' END) AS r (j) %s;',
	p.published, p.published, 'WHERE ' || p.condition)
FROM gaiops.published_tables(true) AS p WHERE p.published::text ~ '$names'
END
	return $node->safe_psql($db, $queries);
}

sub same_ok
{
	my ($what) = @_;

	$publisher->wait_for_catchup('reporting');
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	is(contents($subscriber, 'postgres', '.'), contents($publisher, 'postgres', '.'), $what);
	return;
}

sub refused_ok
{
	my ($statement, $table, $name) = @_;

	local $Test::Builder::Level = $Test::Builder::Level + 1;
	like(error_of($subscriber, $statement), qr/ERROR:  55000: cannot write to gaiops\.$table in a database that subscribes to it
DETAIL:  Subscription "reporting" of role "\w+" fills the table from another database\.
HINT:  Do this in the publishing database\. Where this one is to take its place, drop the subscription first\./, $name);
	return;
}

# --- everything is published, and arrives -------------------------------------

# A price of the user's beside one that comes with the extension, and the same of schemas.
my $USE = <<'END';
SELECT gaiops_set_experiment('support');
SELECT gaiops_chat('echo', 'Hi', prompt => NULL);
SELECT gaiops_set_trace_tag(gaiops_last_trace_id(), 'place', 'shop');
SELECT gaiops_set_trace_tag(gaiops_last_trace_id(), 'place', 'desk');
SELECT gaiops_log_feedback(gaiops_last_trace_id(), 'thumbs', true), gaiops_log_feedback(gaiops_last_trace_id(), 'length', 3, source_type => 'CODE', source_id => 'counter');
SELECT gaiops_start_run('r'), gaiops_log_metric('m', 1, 1), gaiops_log_param('p' || random(), 'v'), gaiops_set_run_tag('t', 'v'), gaiops_end_run();
SELECT gaiops_register_prompt('greet', 'Hi {{ name }} ' || random());
SELECT gaiops_set_prompt_alias('greet', 'production', (SELECT max(version) FROM gaiops.prompt_versions WHERE name = 'greet'), 'better');
SELECT gaiops_merge_record('golden', '{"question": "Why?"}', expectations => jsonb_build_object('answer', random()));
SELECT gaiops_enqueue_review('look', ARRAY[gaiops_last_trace_id()]);
SELECT gaiops_set_price('openai', 'gpt-4.1-mini', input => 1, effective_from => now());
END
publish(<<'END');
SELECT gaiops_create_endpoint('echo', 'builtin:echo'), gaiops_create_dataset('golden'), gaiops_create_review_queue('look', ARRAY['thumbs']),
	gaiops_create_label_schema('length', 'number', minimum => 1, maximum => 5);
END
publish($USE);
await_maintenance($publisher, 'postgres');
publish(q{CREATE ROLE keeper; SELECT gaiops_grant('keeper', 'admin')});
is(publish("SET ROLE keeper; $SAID_TO_PUBLISHER"), 'gaiops', 'an admin makes a publication');
like(error_of($publisher, 'SET ROLE keeper; DROP PUBLICATION gaiops'), qr/42501: must be owner of publication gaiops/, 'but does not own it');
like(error_of($publisher, q{SELECT gaiops_create_publication(repeat('x', 64))}), qr/22023: name of a publication must have 1 to 63 bytes/, 'with a name that is kept whole');
is(publish(q{SELECT gaiops_create_publication('records', registry => false)}), 'records', 'and one without a registry');
publish($SAID_OF_ROLE);
$SAID_TO_SUBSCRIBER =~ s/CONNECTION '.*?(user=\w+).*?'/"CONNECTION \$c\$" . $publisher->connstr('postgres') . " $1\$c\$"/e or die;
report("DROP EXTENSION genaiops;\n$SAID_TO_SUBSCRIBER");
$subscriber->wait_for_subscription_sync($publisher, 'reporting');
same_ok('what was there is copied, as a role with the right viewer reads it');
is(report($SAID_OF_COPIES), '', 'no table waits to be copied');
cmp_ok(report('SELECT count(*) FROM gaiops.prices WHERE builtin'), '>', 0, 'built-in rows are left to each side');
publish($USE);
same_ok('what comes arrives');
await_maintenance($subscriber, 'postgres');
pass('a subscriber gets partitions by itself');
is(report(q{SELECT gaiops_format_prompt('prompts:/greet/1', '{"name": "you"}') ~ '^Hi you'}), 't', 'and loads prompts');

# --- new partitions, repricing, folding, retention ----------------------------

publish(<<"END");
INSERT INTO gaiops.spans (trace_id, span_id, name, span_type, status, purpose, experiment, session_role, role, is_entry, attempt,
	provider, model, input_tokens, output_tokens, start_time)
SELECT '${TRACE}1', to_char(n, 'FM0000000000000000'), 'old', 'CHAT_MODEL', 'OK', 'application', 'old', 'app', 'app', true, 1, 'own', 'm', 1000, 1000,
	timestamptz '2031-03-05 10:00+00' + n * interval '1 minute' FROM generate_series(1, 50) AS n;
INSERT INTO gaiops.span_payloads (trace_id, span_id, kind, start_time, body)
SELECT trace_id, span_id, 'request', start_time, 'said' FROM gaiops.spans WHERE experiment = 'old';
END
same_ok('rows without a partition arrive');
publish(<<'END');
SELECT gaiops.make_partition('gaiops.spans', '2031-03-01 00:00:00+00', '2031-04-01 00:00:00+00'),
	gaiops.make_partition('gaiops.span_payloads', '2031-03-05 00:00:00+00', '2031-03-06 00:00:00+00');
END
same_ok('and stay when they are moved into a new one');
report(q{SELECT gaiops.make_partition('gaiops.spans', '2031-03-01 00:00:00+00', '2031-04-01 00:00:00+00')});
same_ok('here, too');
my $session = $subscriber->background_psql('postgres');
my $COST = q{SELECT gaiops_get_cost('own', 'm', 1000000, 0)};
is($session->query($COST), '', 'nobody knows a price');
publish(q{SELECT gaiops_set_price('own', 'm', input => 2, output => 3, effective_from => '2020-01-01')});
is(publish(q{SELECT gaiops_reprice('2031-01-01', '2032-01-01')}), 50, 'calls are repriced');
same_ok('which arrives');
like($session->query($COST), qr/^2(?:\.0*)?$/, 'sessions know the price at once');
$session->quit;
is(report(q{SELECT sum(cost) FROM gaiops.spans WHERE experiment = 'old'}), '0.250', 'in dollars');

publish(<<'END');
INSERT INTO gaiops.usage_deltas (hour, experiment, purpose, calls, attempts, errors, unknown, input_tokens, output_tokens,
	cached_input_tokens, reasoning_tokens, cost, unpriced, latency_buckets, latency_counts)
SELECT '2026-01-01 00:00+00', 'e' || n % 3, 'application', 1, 1, 0, 0, n, n, 0, 0, n, 0, ARRAY[1], ARRAY[1] FROM generate_series(1, 3000) AS n;
END
same_ok('usage arrives');
publish('SELECT gaiops_run_maintenance()');
wait_until(sub { publish(q{SELECT count(*) FROM gaiops.usage_deltas WHERE hour = '2026-01-01 00:00+00'}) == 3 }, 'usage to be folded');
await_maintenance($publisher, 'postgres');
same_ok('and is folded, as at the publisher');
is(report(q{SELECT sum(attempts) FROM gaiops.usage_hourly WHERE hour = '2026-01-01 00:00+00'}), 3000, 'with the same sums');
publish(q{DELETE FROM gaiops.spans WHERE experiment = 'old' AND span_id < '0000000000000010';
DELETE FROM gaiops.span_payloads WHERE body = 'said' AND span_id > '0000000000000040'});
same_ok('what is deleted goes');

# --- a subscriber does not write itself ---------------------------------------

publish(q{SELECT gaiops_set_experiment('known')});
$publisher->wait_for_catchup('reporting');
report(q{SELECT gaiops_create_endpoint('echo', 'builtin:echo'); CREATE ROLE reader; SELECT gaiops_grant('reader', 'viewer')});
pass('endpoints and rights are its own');
refused_ok(q{SELECT gaiops_chat('echo', 'Hi')}, 'spans', 'a call');
refused_ok(q{SELECT gaiops_start_span('s')}, 'spans', 'a span');
refused_ok(q{SELECT gaiops_start_run('r')}, 'spans', 'a run');
refused_ok(q{SELECT gaiops_set_experiment('fresh')}, 'spans', 'an experiment');
refused_ok(q{SELECT gaiops_set_trace_tag((SELECT max(trace_id::text)::uuid FROM gaiops.spans), 'k', 'v')}, 'spans', 'a tag');
refused_ok(q{SELECT gaiops_log_feedback((SELECT trace_id FROM gaiops.spans ORDER BY start_time LIMIT 1), 'thumbs', true)}, 'human_assessments', 'feedback');
refused_ok(q{SELECT gaiops_register_prompt('mine', 'Hi')}, 'prompt_numbers', 'a prompt');
refused_ok(q{SELECT gaiops_set_prompt_alias('greet', 'production', 1)}, 'prompt_\w+', 'an alias');
refused_ok(q{SELECT gaiops_create_dataset('mine')}, 'dataset_settings', 'a dataset');
refused_ok(q{SELECT gaiops_set_price('own', 'm', input => 7)}, 'prices', 'a price');
refused_ok(q{SELECT gaiops_reprice('2031-01-01', '2032-01-01')}, 'spans', 'repricing');
refused_ok(q{SELECT gaiops_create_label_schema('mine', 'text')}, 'label_schemas', 'a label schema');
refused_ok(q{SELECT gaiops_claim_review('look')}, 'review_\w+', 'a review');
is(report(q{SELECT status || ' ' || detail FROM gaiops_status() WHERE item = 'server'}), 'warning subscription "reporting": records can be read, calls are refused',
	'gaiops_status() says so');
is(report(q{SELECT count(*) FROM gaiops.maintenance_steps('2040-01-01') WHERE statement ~ 'fold_usage|trace_tags|joined_traces'}), 0, 'folding is left to the publisher');
is(report(q{SELECT count(*) FROM gaiops.spans WHERE status = 'UNKNOWN'}), 0, 'no call is lost');
publish($USE);
same_ok('and all goes on');
is(report(q{SELECT sum(apply_error_count + sync_error_count) FROM pg_stat_subscription_stats}), 0, 'without an error');

# As an update with new tables wants it.
publish('BEGIN; DROP PUBLICATION gaiops; SELECT gaiops_create_publication($$gaiops$$); COMMIT');
report('ALTER SUBSCRIPTION reporting REFRESH PUBLICATION');
publish($USE);
same_ok('a publication that is made anew goes on');

# --- a publication of the user's own ------------------------------------------

# What is under way there is not lost, and is not for a worker here to end.
report('CREATE DATABASE all_of_it');
report(q{CREATE EXTENSION genaiops; SELECT gaiops_create_endpoint('echo', 'builtin:echo')}, 'all_of_it');
publish('CREATE PUBLICATION all_tables FOR ALL TABLES');
report(publish(<<'END'), 'all_of_it');
SELECT format('SELECT gaiops.make_partition(%L, %L, %L);', t.parent, p.from_time, p.to_time)
FROM unnest('{gaiops.spans,gaiops.span_payloads}'::regclass[]) AS t (parent), gaiops.partitions(t.parent) AS p
END
subscribe('all_tables', 'postgres', 'all_of_it', 'all_tables', 'copy_data = false');
my $open = $publisher->background_psql('postgres');
$open->query_safe(q{SELECT gaiops_start_span('open')});
$publisher->wait_for_catchup('all_tables');
like(error_of($subscriber, q{SELECT gaiops_chat('echo', 'Hi')}, 'all_of_it'), qr/55000: cannot write to gaiops\.spans in a database that subscribes to it/,
	'partitions that are subscribed to count');
is(report(q{SELECT count(*) FROM gaiops.intents}, 'all_of_it') . report(q{SELECT count(*) FROM gaiops.spans WHERE status = 'UNKNOWN'}, 'all_of_it'), '10', 'what is under way there stays so');
$open->quit;

# One of another database is none of a copy of it.
report('ALTER SUBSCRIPTION all_tables DISABLE', 'all_of_it');
wait_until(sub { report(q{SELECT count(*) FROM pg_stat_activity WHERE datname = 'all_of_it' AND backend_type = 'logical replication worker'}) == 0 }, 'the worker to leave');
like(error_of($subscriber, q{SELECT gaiops_chat('echo', 'Hi')}, 'all_of_it'), qr/55000: cannot write to gaiops\.spans/, 'one that is disabled counts');
report('CREATE DATABASE copy_of_it TEMPLATE all_of_it');
is(report(q{SELECT gaiops_chat('echo', 'Hi')}, 'copy_of_it'), 'Hi', 'a copy of the database is no subscriber');

# One of a role that may not write to our tables fills none of them.
publish('CREATE DATABASE unlike');
publish('CREATE SCHEMA gaiops; CREATE TABLE gaiops.spans (n integer); CREATE PUBLICATION unlike FOR TABLE gaiops.spans', 'unlike');
report('CREATE ROLE stranger SUPERUSER');
my $unlike = $publisher->connstr('unlike');
report(<<"END", 'copy_of_it');
SET ROLE stranger;
CREATE SUBSCRIPTION mine CONNECTION \$c\$$unlike\$c\$ PUBLICATION unlike WITH (create_slot = false, slot_name = 'x', enabled = false);
END
my $caller = $subscriber->background_psql('copy_of_it');
$caller->query_safe(<<'SQL');
CREATE FUNCTION pg_temp.try() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	detail text;
BEGIN
	RETURN gaiops_chat('echo', 'Hi');
EXCEPTION WHEN object_not_in_prerequisite_state THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN detail;
END
$$
SQL
my $FILLED = 'Subscription "mine" of role "stranger" fills the table from another database.';
is($caller->query('SELECT pg_temp.try()'), $FILLED, 'that of a superuser counts');
report('ALTER ROLE stranger NOSUPERUSER');
is($caller->query('SELECT pg_temp.try()'), 'Hi', 'that of a role that cannot write to the table does not');
my $owner = report(q{SELECT extowner::regrole FROM pg_extension WHERE extname = 'genaiops'}, 'copy_of_it');
report("GRANT $owner TO stranger");
is($caller->query('SELECT pg_temp.try()'), $FILLED, 'but does when the role can become its owner');
report("REVOKE $owner FROM stranger");
is($caller->query('SELECT pg_temp.try()'), 'Hi', 'until it cannot');
$caller->quit;
# From 18 on what a mere user owns cannot be dropped without a password.
report('ALTER ROLE stranger SUPERUSER');
report('ALTER SUBSCRIPTION mine SET (slot_name = NONE)', 'copy_of_it');
report('DROP SUBSCRIPTION mine', 'copy_of_it');

# Prompts from one place, calls here.
report('CREATE DATABASE calling');
report(q{CREATE EXTENSION genaiops; SELECT gaiops_create_endpoint('echo', 'builtin:echo')}, 'calling');
publish('CREATE PUBLICATION prompts FOR TABLE gaiops.prompt_contents, gaiops.prompt_includes, gaiops.prompt_numbers, gaiops.prompt_aliases, gaiops.prompt_deletions');
subscribe('prompts', 'postgres', 'calling', 'prompts');
like(report(q{SELECT gaiops_chat('echo', NULL, prompt => 'prompts:/greet/1', variables => '{"name": "you"}')}, 'calling'), qr/Hi you/, 'who subscribes to prompts alone makes calls');
like(error_of($subscriber, q{SELECT gaiops_register_prompt('greet', 'Hi')}, 'calling'), qr/55000: cannot write to gaiops\.prompt_numbers/, 'and registers none');

# --- taking the publisher's place ---------------------------------------------

$publisher->wait_for_catchup('reporting');
report('DROP SUBSCRIPTION reporting');
is(report(q{SELECT gaiops_chat('echo', 'promoted')}), 'promoted', 'without the subscription there are calls');
report($USE);
is(report(q{SELECT max(version) FROM gaiops.prompt_versions WHERE name = 'greet'}), 5, 'and numbers go on from where they were');
is(report(q{SELECT count(*), count(DISTINCT item) FROM gaiops.review_items}), '5|5', 'those of reviews, too');

# --- two publishers, one lake -------------------------------------------------

publish('CREATE DATABASE other');
report('CREATE DATABASE lake');
publish(q{CREATE EXTENSION genaiops; SELECT gaiops_create_endpoint('echo', 'builtin:echo'), gaiops_create_publication('records', false)}, 'other');
report('CREATE EXTENSION genaiops', 'lake');
# All of one of them at once besides, where partitions need not be the same.
report('CREATE DATABASE whole');
report('CREATE EXTENSION genaiops', 'whole');
publish('CREATE PUBLICATION whole FOR ALL TABLES WITH (publish_via_partition_root = true)', 'other');
subscribe('whole', 'other', 'whole', 'whole', 'copy_data = false');
foreach my $db (qw(postgres other))
{
	publish(<<"END", $db);
SET gaiops.traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
SELECT gaiops_set_experiment('support'), gaiops_chat('echo', 'Hi');
SELECT gaiops_set_trace_tag('4bf92f3577b34da6a3ce929d0e0e4736', 'node', '$db');
END
	subscribe("lake_$db", $db, 'lake', 'records');
	publish(q{SELECT gaiops_set_experiment('later'), gaiops_chat('echo', 'Ho')}, $db);
	publish(q{SELECT gaiops_set_trace_tag('4bf92f3577b34da6a3ce929d0e0e4736', 'again', current_database())}, $db);
}
$publisher->wait_for_catchup("lake_$_") foreach qw(postgres other);
is(report(q{SELECT count(*) FROM gaiops.spans}, 'lake'), publish('SELECT count(*) FROM gaiops.spans') + publish('SELECT count(*) FROM gaiops.spans', 'other'),
	'a lake has the spans of both');
is(report(q{SELECT string_agg(key || ' ' || value, ', ' ORDER BY key) FROM gaiops.trace_tags WHERE trace_id = '4bf92f3577b34da6a3ce929d0e0e4736'}, 'lake'),
	'again other, node other', 'of one trace the tags that were set last');
is(report(q{SELECT count(*), count(*) FILTER (WHERE s.span_id = j.span_id), bool_and(s.span_id = j.span_id) FILTER (WHERE s.entry_start_time = s.start_time)
	FROM gaiops.joined_traces AS j JOIN gaiops.spans AS s USING (trace_id) WHERE trace_id = '4bf92f3577b34da6a3ce929d0e0e4736'}, 'lake') =~ s/\|t?$//r, '2|1', 'and one of two spans that joined it, which alone may say so');
is(report(q{SELECT count(*) FROM gaiops.traces WHERE trace_id = '4bf92f3577b34da6a3ce929d0e0e4736'}, 'lake'), 1, 'by which it is shown');
publish(q{UPDATE gaiops.spans SET cost = 2}, 'other');
$publisher->wait_for_catchup('lake_other');
is(report(q{SELECT count(*) FROM gaiops.traces WHERE trace_id = '4bf92f3577b34da6a3ce929d0e0e4736'}, 'lake'), 1, 'also when a price has changed');
foreach my $db (qw(postgres other))
{
	publish(q{SET gaiops.traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4737-00f067aa0ba902b7-01'; SELECT gaiops_set_experiment('support'), gaiops_chat('echo', 'Hi')}, $db);
	$publisher->wait_for_catchup("lake_$db");
}
is(report(q{SELECT string_agg(coalesce((entry_start_time = start_time)::text, 'unknown'), ' ' ORDER BY start_time) FROM gaiops.spans
	WHERE trace_id = '4bf92f3577b34da6a3ce929d0e0e4737'}, 'lake'), 'true unknown', 'of spans that arrive, the first of a trace says that it is');
is(report(q{SELECT count(*) FROM gaiops.traces WHERE trace_id = '4bf92f3577b34da6a3ce929d0e0e4737'}, 'lake'), 1, 'and shows it');
is(report(q{SELECT count(*) FROM gaiops.experiments WHERE name IN ('support', 'later')}, 'lake'), 2, 'and experiments that both have');
publish(<<"END", 'other');
INSERT INTO gaiops.span_payloads (trace_id, span_id, kind, start_time, body) VALUES ('${TRACE}1', '0', 'request', '2031-03-05 10:00+00', 'said');
SELECT gaiops.make_partition('gaiops.span_payloads', '2031-03-05 00:00:00+00', '2031-03-06 00:00:00+00');
UPDATE gaiops.spans SET cost = 1;
DELETE FROM gaiops.usage_deltas WHERE experiment = 'later';
END
$publisher->wait_for_catchup('whole');
is(contents($subscriber, 'whole', '.'), contents($publisher, 'other', '.'), 'all tables at once arrive as well');
is(report(q{SELECT sum(apply_error_count + sync_error_count) FROM pg_stat_subscription_stats}), 0, 'nothing was in the way');

report('DROP SUBSCRIPTION whole', 'whole');
report("DROP SUBSCRIPTION lake_$_", 'lake') foreach qw(postgres other);
report('DROP SUBSCRIPTION prompts', 'calling');
report('DROP SUBSCRIPTION all_tables', 'all_of_it');
$_->stop foreach $subscriber, $publisher;

done_testing();
