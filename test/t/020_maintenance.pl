# Maintenance in a running server: partitions appear without anybody asking,
# never in the process that records, never at the cost of a call; what cannot be
# done is left for later and said; retention, folding, dumps, standbys.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use GaiopsTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = gaiops_node(
	'main',
	init => ['--data-checksums'],
	conf => "wal_level = logical\nmax_wal_senders = 5\nautovacuum = off\n");

# What gaiops_status() says of an item.
sub status_of
{
	my ($db, $item, $server) = @_;
	return ($server // $node)
	  ->safe_psql($db, "SELECT status FROM gaiops_status() WHERE item = '$item'");
}

sub call
{
	my ($db, $message) = @_;
	return $node->safe_psql($db, "SELECT gaiops_chat('echo', '$message')");
}

sub make_database
{
	my ($db) = @_;
	$node->safe_psql('postgres', "CREATE DATABASE $db") if $db ne 'postgres';
	$node->safe_psql($db, 'CREATE EXTENSION genaiops') if $db ne 'postgres';
	$node->safe_psql($db, "SELECT gaiops_create_endpoint('echo', 'builtin:echo')");
	return;
}

sub all_present
{
	my ($db) = @_;
	return $node->safe_psql($db,
		'SELECT bool_and(present) FROM gaiops.needed_partitions()') eq 't';
}

sub maintenance_pid
{
	my ($db) = @_;
	return $node->safe_psql('postgres',
		"SELECT pid FROM pg_stat_activity WHERE backend_type = 'genaiops maintenance' AND datname = '$db'");
}

sub rest_of_default
{
	my ($db) = @_;
	return $node->safe_psql($db,
		'SELECT (SELECT count(*) FROM gaiops_partitions.spans_default) + (SELECT count(*) FROM gaiops_partitions.span_payloads_default)');
}

# --- a new database, as doc/operations.md sets it up --------------------------

my ($SETTING_UP, $ALARM) = slurp_file("$FindBin::Bin/../../doc/operations.md") =~ /^## Setting up\n.*?^```sql\n(.*?)^```.*?^```sql\n(.*?)^```/ms;
$node->safe_psql('postgres', 'CREATE DATABASE set_up');
$node->safe_psql('set_up', $SETTING_UP);
wait_until(sub { $node->safe_psql('set_up', $ALARM) eq '' }, 'nothing to be said of a new database');

# --- partitions appear --------------------------------------------------------

$node->safe_psql('postgres', 'CREATE PUBLICATION everything FOR ALL TABLES');
make_database('postgres');
ok(!all_present('postgres'), 'a new extension has no partitions');
is(call('postgres', 'first'), 'first', 'a call succeeds');
wait_until(sub { all_present('postgres') && rest_of_default('postgres') == 0 },
	'partitions after the first call');
is( $node->safe_psql('postgres', 'SELECT count(*) FROM gaiops.spans'),
	1, 'the row of the call that came before has moved');
call('postgres', 'second');
is(rest_of_default('postgres'), 0, 'the next one goes to its partition');
is( $node->safe_psql('postgres', <<'END'), '2|2', 'both are whole');
SELECT count(*), count(*) FILTER (WHERE status = 'OK' AND request_preview = response_preview) FROM gaiops.traces
END
is(status_of('postgres', $_), 'ok', "status of $_")
  foreach (
	'partitions of gaiops.spans, now',
	'partitions of gaiops.spans, next',
	'partitions of gaiops.span_payloads, now',
	'partitions of gaiops.span_payloads, next',
	'default partition of gaiops.spans',
	'maintenance', 'writer', 'queue', 'preload');
is($node->safe_psql('postgres', 'SELECT count(*) FROM gaiops.rejected_records'),
	0, 'nothing was rejected');

# --- the documentation ----------------------------------------------------------

my $reference = join "\n", map { slurp_file($_) } glob("$FindBin::Bin/../../doc/tables/*.md");
my @undocumented = grep { index($reference, $_) < 0 } split /\n/,
  $node->safe_psql('postgres', <<'END');
SELECT format('| `%s` | `%s` | %s |', a.attname, replace(format_type(a.atttypid, a.atttypmod), 'timestamp with time zone', 'timestamptz'),
	col_description(c.oid, a.attnum))
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = 'gaiops'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
	AND (c.relkind = 'v' OR c.relname IN ('spans', 'span_payloads', 'trace_tags', 'joined_traces', 'usage_deltas', 'rejected_records')
		OR c.relkind = 'r' AND c.relname ~ '^(prompt_|protected_prompt_)')
END
is_deeply(\@undocumented, [], 'doc/tables has every column as its comment says it');

# --- a lock in the way ----------------------------------------------------------

make_database('locked');
my $reader = $node->background_psql('locked');
$reader->query_safe('BEGIN; SELECT count(*) FROM gaiops.spans, gaiops.span_payloads');
my $log_start = -s $node->logfile;
is(call('locked', 'third'), 'third', 'a call succeeds while somebody reads the tables');
my $pid = wait_until(sub { maintenance_pid('locked') }, 'maintenance that waits');
isnt(
	$node->safe_psql('postgres', <<'END'), $pid, 'it is not the process that records');
SELECT pid FROM pg_stat_activity WHERE backend_type = 'genaiops writer' AND datname = 'locked'
END
is(call('locked', "call $_"), "call $_", "call $_ beside waiting maintenance")
  foreach (1 .. 20);
wait_until(
	sub {
		slurp_file($node->logfile, $log_start) =~
		  /maintenance left something undone: canceling statement due to lock timeout/;
	},
	'maintenance that gave up');
is( status_of('locked', $_), 'warning', "status of $_ while locked")
  foreach (
	'partitions of gaiops.spans, now',
	'partitions of gaiops.span_payloads, next',
	'default partition of gaiops.spans');
is($node->safe_psql('locked', 'SELECT count(*), count(DISTINCT trace_id) FROM gaiops.spans'),
	'21|21', 'every call is recorded');
wait_until(sub { !maintenance_pid('locked') }, 'the end of maintenance');
$reader->query_safe('COMMIT');
$reader->quit;
$node->safe_psql('locked', 'SELECT gaiops_run_maintenance()');
wait_until(sub { all_present('locked') && rest_of_default('locked') == 0 },
	'partitions once the lock is gone');
is($node->safe_psql('locked', 'SELECT count(*) FROM gaiops.traces'),
	21, 'and every row has moved');

# --- many rows in the default partitions ----------------------------------------

# More than a few, of this month and of one long over, while calls go on: every row is
# moved, and seen once; not while a transaction keeps a snapshot from before.
make_database('flooded');
$node->safe_psql('flooded', <<'END');
INSERT INTO gaiops.spans (trace_id, span_id, name, span_type, status, purpose, experiment, session_role, role, is_entry, start_time)
SELECT gen_random_uuid(), 'aaaaaaaaaaaaaaaa', 'flood', 'CHAIN', 'OK', 'application', 'flood', 'r', 'r', true,
	CASE WHEN n > 12000 THEN '2025-02-10 00:00+00' ELSE now() END - n * interval '1 ms'
FROM generate_series(1, 24000) AS n;
INSERT INTO gaiops.span_payloads (trace_id, span_id, kind, start_time, body)
SELECT trace_id, span_id, 'request', now() - random() * interval '1 ms', 'flood' FROM gaiops.spans;
END
my $flood = q{SELECT count(*), count(DISTINCT trace_id), (SELECT count(*) FROM gaiops.span_payloads WHERE body = 'flood') FROM gaiops.spans WHERE name = 'flood'};
my $earlier = $node->background_psql('flooded');
$earlier->query_safe('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1');
$log_start = -s $node->logfile;
$node->safe_psql('flooded', 'SELECT gaiops_run_maintenance()');
wait_until(sub { slurp_file($node->logfile, $log_start) =~ /left something undone: cannot move rows while an idle transaction keeps a snapshot/ },
	'maintenance that met a snapshot');
wait_until(sub { !maintenance_pid('flooded') }, 'its end');
is($earlier->query_safe(q{SELECT count(*) FROM gaiops.spans WHERE start_time >= '2025-02-01' AND start_time < '2025-03-01'}), 12000,
	'a snapshot from before sees rows that are to move');
$earlier->quit;
my $callers = sessions($node, 2, "SELECT count(gaiops_chat('echo', 'n' || n)) FROM generate_series(1, 300) AS n;", db => 'flooded');
$node->safe_psql('flooded', 'SELECT gaiops_run_maintenance()');
wait_until(sub { all_present('flooded') && rest_of_default('flooded') == 0 }, 'many rows to move');
is($node->safe_psql('flooded', $flood), '24000|24000|24000', 'however many rows there are, each has moved once');
is(join(' ', map { $_->{out} } $callers->finish(60)), '300 300', 'calls went on meanwhile');
is($node->safe_psql('flooded', "SELECT count(*) FROM gaiops.spans WHERE name <> 'flood' UNION ALL SELECT count(*) FROM gaiops.rejected_records"), "600\n0",
	'and are recorded');
is($node->safe_psql('flooded', q{SELECT count(*) FROM gaiops_partitions.spans_2025_02}), 12000, 'a month of the past has its partition');
is(status_of('flooded', 'default partition of gaiops.spans'), 'ok', 'and the status is ok');

# What takes too long is tried with half as much, until it does not: here 40 payloads
# of 1 MB, of which 20 are as many as can be deleted at once.
$node->safe_psql('flooded', <<'END');
CREATE FUNCTION public.take_long() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF (SELECT count(*) FROM gone) > 20 THEN
		RAISE EXCEPTION USING ERRCODE = 'query_canceled';
	END IF;
	RETURN NULL;
END;
$$;
CREATE TRIGGER take_long AFTER DELETE ON gaiops_partitions.span_payloads_default REFERENCING OLD TABLE AS gone
	FOR EACH STATEMENT EXECUTE FUNCTION public.take_long();
ALTER TABLE gaiops_partitions.span_payloads_default ALTER COLUMN body SET STORAGE EXTERNAL;
INSERT INTO gaiops.span_payloads (trace_id, span_id, kind, start_time, body)
SELECT gen_random_uuid(), 'aaaaaaaaaaaaaaaa', 'request', date_trunc('day', now(), 'UTC') - n * interval '1 s', repeat('x', 1000000)
FROM generate_series(1, 40) AS n;
SELECT gaiops_run_maintenance();
END
wait_until(sub { rest_of_default('flooded') == 0 }, 'large rows to move');
is($node->safe_psql('flooded', <<'END'), '17,17,6', 'large rows are moved by what they weigh, less where that takes too long');
SELECT string_agg(n::text, ',' ORDER BY first) FROM (SELECT count(*) AS n, min(start_time) AS first FROM gaiops.span_payloads WHERE length(body) = 1000000 GROUP BY tableoid) AS p
END

# --- maintenance that is killed, or in the way of DROP DATABASE ----------------

make_database('doomed');
$reader = $node->background_psql('doomed');
$reader->query_safe('BEGIN; SELECT count(*) FROM gaiops.spans, gaiops.span_payloads');
call('doomed', 'x');
$pid = wait_until(sub { maintenance_pid('doomed') }, 'maintenance to kill');
$node->safe_psql('postgres', "SELECT pg_terminate_backend($pid)");
wait_until(sub { !maintenance_pid('doomed') }, 'its end');
is(call('doomed', 'y'), 'y', 'calls go on after maintenance was killed');
$node->safe_psql('doomed', 'SELECT gaiops_run_maintenance()');
wait_until(sub { maintenance_pid('doomed') }, 'maintenance once more');
$reader->quit;
is( $node->psql('postgres', 'DROP DATABASE doomed'),
	0, 'a database with maintenance under way can be dropped');

# --- retention and folding -------------------------------------------------------

$node->safe_psql('postgres', <<'END');
ALTER SYSTEM SET gaiops.payload_retention = 2;
ALTER SYSTEM SET gaiops.span_retention = 40;
SELECT pg_reload_conf();
CREATE FUNCTION pg_temp.old(days integer) RETURNS void LANGUAGE sql AS $$
	INSERT INTO gaiops.spans (trace_id, span_id, name, span_type, status, purpose, experiment, session_role, role, is_entry, start_time)
	VALUES (lpad(days::text, 32, '0')::uuid, 'aaaaaaaaaaaaaaaa', 'old', 'CHAIN', 'OK', 'application', 'old', 'r', 'r', true, now() - days * interval '24 hours');
	INSERT INTO gaiops.joined_traces VALUES (lpad(days::text, 32, '0')::uuid, 'aaaaaaaaaaaaaaaa', now() - days * interval '24 hours');
	INSERT INTO gaiops.span_payloads (trace_id, span_id, kind, start_time, body)
	VALUES (lpad(days::text, 32, '0')::uuid, 'aaaaaaaaaaaaaaaa', 'request', now() - days * interval '24 hours', 'old');
$$;
SELECT gaiops.make_partition('gaiops.spans', m, m + interval '1 month'),
	gaiops.make_partition('gaiops.span_payloads', d, d + interval '1 day')
FROM date_trunc('month', now() - interval '100 days', 'UTC') AS m, date_trunc('day', now() - interval '5 days', 'UTC') AS d;
SELECT pg_temp.old(d) FROM unnest('{1,3,5,39,60,100}'::integer[]) AS d;
INSERT INTO gaiops.evaluation_outcomes (run_id, record_id, repeat, trace_id, tags, output, attempts, started_at, ended_at)
	SELECT gen_random_uuid(), gen_random_uuid(), 1, lpad(d::text, 32, '0')::uuid, '{}', '"kept"', 0, t, t
	FROM unnest('{1,3}'::integer[]) AS d, LATERAL (SELECT now() - d * interval '24 hours') AS a (t);
INSERT INTO gaiops.usage_deltas
	SELECT date_trunc('hour', now(), 'UTC') - interval '1 hour', 'old', 'application', 'echo', 'builtin', 'm', NULL, NULL,
		1, 1, 0, 0, 10, 5, 0, 0, 0.1, 0, '{100}', '{1}'
	FROM generate_series(1, 1000);
SELECT gaiops_run_maintenance();
END
sub remaining
{
	my ($table) = @_;
	my $rows = $node->safe_psql('postgres',
		"SELECT string_agg(ltrim(right(trace_id::text, 12), '0'), ',' ORDER BY trace_id) FROM $table WHERE trace_id < lpad('1000', 32, '0')::uuid");
	return $rows;
}
wait_until(
	sub {
		remaining('gaiops.spans') eq '1,3,5,39'
		  && remaining('gaiops.span_payloads') eq '1';
	},
	'old rows to go');
is(remaining('gaiops.spans'), '1,3,5,39', 'spans are kept for gaiops.span_retention');
wait_until(sub { remaining('gaiops.joined_traces') eq '1,3,5,39' }, 'names of spans to go with them');
is(remaining('gaiops.span_payloads'), '1', 'payloads for gaiops.payload_retention');
wait_until(sub { remaining('(SELECT * FROM gaiops.evaluation_outcomes WHERE output IS NOT NULL) AS o') eq '1' },
	'answers of evaluations to go as payloads do');
is( $node->safe_psql('postgres', <<'END'), 0, 'partitions of which all is old are gone');
SELECT count(*) FROM unnest('{gaiops.spans,gaiops.span_payloads}'::regclass[]) AS t, gaiops.partitions(t)
WHERE to_time < now() - CASE t WHEN 'gaiops.spans'::regclass THEN interval '41 days' ELSE interval '3 days' END
END
wait_until(
	sub {
		$node->safe_psql('postgres',
			"SELECT count(*) FROM gaiops.usage_deltas WHERE experiment = 'old'") == 1;
	},
	'usage to be folded, under a publication of all tables');
is( $node->safe_psql('postgres',
		"SELECT calls, cost, latency_buckets, latency_counts FROM gaiops.usage_hourly WHERE experiment = 'old'"),
	'1000|100.000000000000000000|{100}|{1000}',
	'with the same sums');
is($node->safe_psql('postgres', "SELECT count(*) FROM gaiops.traces WHERE request_preview = 'second'"),
	1, 'and nothing new was lost');

# --- what a dead server left, here and on a standby ---------------------------

$node->safe_psql('postgres', <<'END');
INSERT INTO gaiops.intents (trace_id, span_id, name, span_type, purpose, experiment, prompt_name, prompt_version, session_role, role, is_entry, attempt, start_time, pid, incarnation)
VALUES (lpad('7', 32, '0')::uuid, 'bbbbbbbbbbbbbbbb', 'lost', 'CHAT_MODEL', 'application', 'lost', 'greet', 3, 'r', 'r', true, 1, now(), 1, gen_random_uuid())
END
my $lost = "SELECT status, spans FROM gaiops.traces WHERE experiment = 'lost'";
is($node->safe_psql('postgres', $lost), 'UNKNOWN|1', 'what a dead server left is shown at once');
$node->backup('copy', backup_options => ['--checkpoint=fast']);
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($node, 'copy', has_streaming => 1);
$standby->start;
$node->wait_for_catchup($standby, 'replay', $node->lsn('insert'));
is($standby->safe_psql('postgres', $lost), 'UNKNOWN|1', 'and on a standby');
is(status_of('postgres', 'server', $standby), 'warning', 'whose status says what it is');
my ($rc, $out, $err) = $standby->psql('postgres', 'SELECT gaiops_run_maintenance()');
like($err, qr/recovery/, 'it does no maintenance');
$standby->stop;
call('postgres', 'third');
$node->restart;
call('postgres', 'fourth');
is( $node->safe_psql('postgres',
		"SELECT count(*), count(DISTINCT status) FROM gaiops.all_spans WHERE experiment = 'lost' AND status = 'UNKNOWN'"),
	'1|1',
	'the next writer turns it into a span');
is($node->safe_psql('postgres', 'SELECT count(*) FROM gaiops.intents'), 0, 'for good');
is($node->safe_psql('postgres', $lost), 'UNKNOWN|1', 'and the trace is still the same');
is($node->safe_psql('postgres', <<'END'), '3|1|1|t|t', 'its prompt was used');
SELECT u.prompt_version, u.calls, u.unknown, u.first_used = s.start_time, u.last_used = s.start_time
FROM gaiops.prompt_usage AS u JOIN gaiops.spans AS s USING (prompt_name) WHERE u.prompt_name = 'greet'
END

# --- dump and restore ----------------------------------------------------------

my $dump = $node->basedir . '/dump.sql';
$node->command_ok([ 'pg_dump', '-h', $node->host, '-p', $node->port, '-f', $dump, 'postgres' ],
	'a database with partitions is dumped');
my $other = PostgreSQL::Test::Cluster->new('other');
$other->init(extra => [ '--encoding=UTF8', '--locale=C' ]);
$other->append_conf('postgresql.conf', "shared_preload_libraries = 'genaiops'\n");
$other->start;
$other->command_ok(
	[
		'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-h', $other->host, '-p', $other->port,
		'-f', $dump, 'postgres'
	],
	'and restored without an error');
my $everything = <<'END';
SELECT t, c.relname, pg_get_expr(c.relpartbound, c.oid), c.relrowsecurity, c.relacl, obj_description(c.oid),
	(SELECT string_agg(pg_get_indexdef(i.indexrelid), ';' ORDER BY pg_get_indexdef(i.indexrelid)) FROM pg_index i WHERE i.indrelid = c.oid),
	(SELECT string_agg(p.polname || pg_get_expr(p.polqual, p.polrelid), ';') FROM pg_policy p WHERE p.polrelid = c.oid)
FROM unnest('{gaiops.spans,gaiops.span_payloads}'::regclass[]) AS t JOIN pg_inherits i ON i.inhparent = t JOIN pg_class c ON c.oid = i.inhrelid
WHERE c.relname !~ 'default' ORDER BY 1, 2;
SELECT * FROM gaiops.traces ORDER BY start_time;
SELECT * FROM gaiops.span_contents ORDER BY start_time, span_id;
SELECT * FROM gaiops.usage_hourly ORDER BY hour, experiment, endpoint;
SELECT tableoid::regclass::text, count(*) FROM gaiops.spans GROUP BY 1 ORDER BY 1;
END
is( $other->safe_psql('postgres', $everything),
	$node->safe_psql('postgres', $everything),
	'with every row, partition, index and policy');
is($other->safe_psql('postgres', "SELECT gaiops_chat('echo', 'restored')"), 'restored', 'it takes calls');
$other->safe_psql('postgres', 'SELECT gaiops_run_maintenance()');
is( $other->safe_psql('postgres', <<'END'), 'gaiops_partitions.spans', 'which go into the restored partition');
SELECT regexp_replace(tableoid::regclass::text, '_\d{4}_\d\d$', '') FROM gaiops.spans ORDER BY start_time DESC LIMIT 1
END
$other->safe_psql('postgres', 'DROP EXTENSION genaiops');
is( $other->safe_psql('postgres', "SELECT count(*) FROM pg_namespace WHERE nspname ~ '^gaiops'"),
	0, 'the extension goes with its partitions');
$other->stop;

$node->stop;
unlike(slurp_file($node->logfile), qr/PANIC|was terminated by signal/, 'no process crashed');
done_testing();
