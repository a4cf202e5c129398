# The queue and the writers when they cannot keep up: a writer that is stopped, a
# queue that is full, large payloads, a column of another type, a disk that is full, many
# databases.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use GaiopsProof;
use GaiopsTest;
use List::Util qw(max);
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);

my $SESSIONS = 16;
my $LOG_TIMEOUT = 2;
my $BOUND = $LOG_TIMEOUT + 5;

my $fault = fault_server();
my ($library, $full) = full_disk_library();
my $node = gaiops_node('queue', preload => $library, conf => <<"END");
gaiops.queue_size = '4MB'
gaiops.log_timeout = '${LOG_TIMEOUT}s'
autovacuum = off
END

sub query
{
	my ($sql, $db) = @_;

	return $node->safe_psql($db // 'postgres', $sql);
}

# Sessions whose requests have been sent, to a gateway that does not go on.
sub start_unanswered
{
	my ($sql) = @_;

	$fault->suspend;
	my $sessions = sessions($node, $SESSIONS, "\\set VERBOSITY verbose\n$sql");
	await_in_flight($node, $SESSIONS);
	return $sessions;
}

sub make_endpoints
{
	my ($db) = @_;

	make_endpoint($node, 'ok', $fault->url('ok'), undef, $db);
	make_endpoint($node, 'mirror', $fault->url('mirror'), undef, $db);
	make_endpoint($node, 'hang', $fault->url('hang'), undef, $db);
	make_endpoint($node, 'echo', 'builtin:echo', undef, $db);
	return;
}

make_endpoints('postgres');
query('CREATE DATABASE other');
query('CREATE EXTENSION genaiops', 'other');
make_endpoints('other');

# ---- a full queue ----

# What is under way has its room; what is new waits, is told, and is not sent.
foreach my $round (1, 2)
{
	my $name = "full queue, round $round";
	$fault->forget;
	my $answered = start_unanswered("SELECT gaiops_chat('mirror', repeat('x', 100000));");
	my $hanging = sessions($node, $SESSIONS, "SELECT gaiops_chat('hang', 'hello');");
	await_in_flight($node, 2 * $SESSIONS);
	my @canceled = grep { !/^$/ } split /\n/, query(<<'END');
SELECT pid FROM gaiops.intents WHERE endpoint = 'hang'
END
	my $writer = stop_writer($node);
	my @new = sessions($node, 3 * $SESSIONS, <<'END')->finish(60);
\set VERBOSITY verbose
SELECT gaiops_chat('ok', repeat('x', 100000));
END
	all_ended_ok("$name: new calls do not hang", $BOUND, @new);
	is((grep { $_->{err} =~ /LM010: could not record the call/ } @new), 3 * $SESSIONS,
		"$name: new calls are told");

	query("SELECT pg_catalog.pg_cancel_backend($_)") foreach @canceled;
	my $begin = time;
	$hanging->finish(30);
	cmp_ok(time - $begin, '<', 5, "$name: what is canceled does not wait for room");

	$fault->resume;
	$begin = time;
	my @ended = $answered->finish(60);
	cmp_ok(time - $begin, '<', $BOUND, "$name: what is answered waits for so long only");
	is((grep { $_->{rc} == 0 && $_->{out} =~ /x{1000}/ } @ended), $SESSIONS,
		"$name: an answer is given, recorded or not");
	is((grep { $_->{err} =~ /WARNING:  LM010: the answer is not recorded yet/ } @ended),
		$SESSIONS, "$name: with a warning");

	my $elsewhere = query("SET gaiops.log_timeout = '30s'; SELECT gaiops_chat('ok', 'hello')", 'other');
	is($elsewhere, 'OK from the fault server.', "$name: another database has room");
	kill 'CONT', $writer;
	settled_ok($node, $fault, $name, dbs => [ 'postgres', 'other' ]);
	is(query(<<'END'), "$SESSIONS $SESSIONS", "$name: the records are whole");
SELECT pg_catalog.count(*) FILTER (WHERE endpoint = 'mirror' AND status = 'OK' AND input_tokens IS NOT NULL) || ' ' ||
	pg_catalog.count(*) FILTER (WHERE endpoint = 'hang' AND error_class = 'canceled') FROM gaiops.spans
END
	query('TRUNCATE gaiops.spans, gaiops.span_payloads');
	$fault->forget;
}

# ---- a writer that is stopped for 10 s ----
{
	my $name = 'a stopped writer';
	query('TRUNCATE gaiops.spans, gaiops.span_payloads', 'other');
	my $writer = stop_writer($node);
	my $begin = time;
	my $waiting = sessions($node, $SESSIONS, "SET gaiops.log_timeout = '60s'; SELECT gaiops_chat('ok', 'patience');");
	my ($rounds, $failed) = (0, 0);
	while (time - $begin < 10)
	{
		my @ended = sessions($node, $SESSIONS,
			"SELECT gaiops_chat('ok', 'hello ' || i) FROM pg_catalog.generate_series(1, 20) AS i;",
			db => 'other')->finish(30);
		$failed += grep { $_->{rc} != 0 } @ended;
		$rounds++;
	}
	is($failed, 0, "$name: $rounds rounds in another database go on");
	is($waiting->running, $SESSIONS, "$name: its own callers wait");
	kill 'CONT', $writer;
	my @ended = $waiting->finish(30);
	is((grep { $_->{rc} == 0 } @ended), $SESSIONS, "$name: and then go on");
	settled_ok($node, $fault, $name, dbs => [ 'postgres', 'other' ]);
}

# Told to go, and its transactions broken off: nothing is lost by it.
{
	my $name = 'a writer that is sent away';
	my ($calls, $failed, %sent) = (0, 0);
	$fault->forget;
	while (keys %sent < 3)
	{
		my $sessions = sessions($node, $SESSIONS, <<'END');
SET gaiops.log_timeout = '20s';
SELECT gaiops_chat('ok', 'hello ' || i) FROM pg_catalog.generate_series(1, 60) AS i;
END
		while ($sessions->running)
		{
			my $pid = query("SELECT pid FROM pg_catalog.pg_stat_activity WHERE backend_type = 'genaiops writer' AND datname = 'postgres'");
			next unless $pid;
			query("SELECT pg_catalog.pg_cancel_backend($pid)");
			query("SELECT pg_catalog.pg_terminate_backend($pid)") unless $sent{$pid}++;
		}
		$failed += grep { $_->{rc} != 0 } $sessions->finish(60);
		$calls += 60 * $SESSIONS;
	}
	is($failed, 0, "$name: every call ends well");
	is(scalar(my @requests = $fault->journal), $calls, "$name: every call is sent once");
	settled_ok($node, $fault, $name);
}

# ---- large payloads, and what they cost the writer ----
{
	my $name = '4 MB each way';
	my $megabytes = 4 * 1024 * 1024;
	query('TRUNCATE gaiops.spans, gaiops.span_payloads');
	$fault->forget;
	my @ended = sessions($node, $SESSIONS, <<"END")->finish(120);
SET gaiops.log_timeout = '60s';
SELECT pg_catalog.length(gaiops_chat('mirror', repeat('x', $megabytes))) > $megabytes;
SELECT pg_catalog.length(gaiops_chat('mirror', repeat('y', $megabytes))) > $megabytes;
END
	is((grep { $_->{out} eq "t\nt" } @ended), $SESSIONS, "$name: every answer arrives");
	settled_ok($node, $fault, $name);
	is(query(<<"END"), 4 * $SESSIONS, "$name: cut, with length and hash of the whole");
SELECT pg_catalog.count(*) FROM gaiops.span_payloads WHERE body_length > $megabytes
	AND pg_catalog.octet_length(body) BETWEEN 100000 AND 4 * 1024 * 1024 / 8
	AND pg_catalog.octet_length(body_sha256) = 32
END
}
{
	my $held = hold_writer($node);
	my $writer = writer_pid($node);
	my @memory;
	foreach my $round (1 .. 4)
	{
		my @ended = sessions($node, 8, <<'END')->finish(60);
SET gaiops.log_timeout = '60s';
SELECT gaiops_chat('echo', repeat('x', 3000)) FROM pg_catalog.generate_series(1, 150);
END
		is((grep { $_->{rc} } @ended), 0, "memory of the writer: round $round");
		push @memory, anonymous_memory($writer);
	}
	note("the writer's memory: @memory kB");
	is(writer_pid($node), $writer, 'memory of the writer: it is the same process');
	$held->quit;
	cmp_ok($memory[-1], '<', 64 * 1024, 'memory of the writer: bounded');
	cmp_ok($memory[-1] - $memory[1], '<', 1024, 'memory of the writer: does not grow');
}

# ---- a column of another type ----

# No value lands in it, and none is lost: records wait until the column is as it was.
# Views hold columns by their number, so another one can take the name meanwhile.
foreach my $case ([ 'spans', 'model' ], [ 'span_payloads', 'body' ], [ 'usage_deltas', 'provider' ])
{
	my ($table, $column) = @$case;
	my $name = "another type of gaiops.$table.$column";
	query('TRUNCATE gaiops.spans, gaiops.span_payloads, gaiops.usage_deltas');
	$fault->forget;
	my $answered = start_unanswered("SELECT gaiops_chat('ok', 'before') = 'OK from the fault server.';");
	my $from = -s $node->logfile;
	query("ALTER TABLE gaiops.$table RENAME $column TO kept; ALTER TABLE gaiops.$table ADD $column integer");
	$fault->resume;
	my @ended = $answered->finish(30);
	all_ended_ok("$name: nobody hangs", $BOUND, @ended);
	is((grep { $_->{out} eq 't' && $_->{err} =~ /WARNING:  LM010: the answer is not recorded yet\nDETAIL:  A column of a table/ } @ended),
		$SESSIONS, "$name: the answers are returned, with a warning");
	my ($rc, undef, $err) = $node->psql('postgres', "\\set VERBOSITY verbose\nSELECT gaiops_chat('ok', 'meanwhile')");
	like($err, qr/ERROR:  LM010: could not record the call\nDETAIL:  A column of a table.*HINT:  Run ALTER EXTENSION/s, "$name: a new call is refused");
	is(scalar(my @sent = $fault->journal), $SESSIONS, "$name: and not sent");
	like(query("SELECT string_agg(status || ' ' || detail, ' ') FROM gaiops_status() WHERE status <> 'ok'"), qr/A column of a table/, "$name: the status says why");
	like(slurp_file($node->logfile, $from), qr/LOG:  genaiops will try again to store records: column "$column" of table "gaiops\.$table" has type integer, but its values have type text$/m,
		"$name: the server log names it");
	is(query("SELECT count($column) FROM gaiops.$table"), 0, "$name: nothing has got into it");
	query("ALTER TABLE gaiops.$table DROP $column; ALTER TABLE gaiops.$table RENAME kept TO $column");
	await_in_flight($node, 0);
	is(query(<<'END'), join('|', ($SESSIONS) x 4, 0), "$name: all has arrived");
SELECT (SELECT count(*) FROM gaiops.spans WHERE status = 'OK' AND model = 'gpt-4.1-mini'),
	(SELECT count(*) FROM gaiops.span_payloads WHERE kind = 'request' AND body LIKE '%before%'),
	(SELECT count(*) FROM gaiops.span_payloads WHERE kind = 'response' AND body LIKE '%OK from the fault server.%'),
	(SELECT sum(calls - errors) FROM gaiops.usage_hourly WHERE provider IS NOT NULL), (SELECT count(*) FROM gaiops.rejected_records)
END
	settled_ok($node, $fault, $name);
}

# A trigger that says the same of a row is no reason to wait: the row is rejected.
{
	my $name = 'a trigger that raises datatype_mismatch';
	query('TRUNCATE gaiops.spans, gaiops.span_payloads, gaiops.rejected_records');
	$fault->forget;
	query(<<'END');
CREATE FUNCTION mismatch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE datatype_mismatch USING MESSAGE = 'not this one'; END $$;
CREATE TRIGGER mismatch BEFORE INSERT ON gaiops.span_payloads FOR EACH ROW WHEN (NEW.kind = 'response' AND NEW.body LIKE '%fault server%') EXECUTE FUNCTION mismatch();
END
	is(query("SELECT gaiops_chat('ok', 'hello')"), 'OK from the fault server.', "$name: the answer is returned");
	is(query("SELECT gaiops_chat('ok', 'hello')"), 'OK from the fault server.', "$name: and calls go on");
	await_in_flight($node, 0);
	is(query("SELECT count(*), count(*) FILTER (WHERE status = 'OK' AND output_tokens > 0) FROM gaiops.spans"), '2|2', "$name: they are on record");
	is(query('SELECT count(*), min(sqlstate), min(message) FROM gaiops.rejected_records'), '2|42804|not this one', "$name: with what became of their payload");
	query('DROP TRIGGER mismatch ON gaiops.span_payloads; DROP FUNCTION mismatch()');
}

# ---- a full disk ----
{
	my $name = 'full disk';
	query('TRUNCATE gaiops.spans, gaiops.span_payloads');
	query('CHECKPOINT');
	$fault->forget;
	my $answered = start_unanswered("SELECT gaiops_chat('mirror', pg_catalog.left(pg_catalog.string_agg(pg_catalog.md5(i::text), ''), 100000)) FROM pg_catalog.generate_series(1, 4000) AS i;");
	append_to_file($full, '');
	my @new = sessions($node, $SESSIONS, <<'END')->finish(60);
\set VERBOSITY verbose
SELECT gaiops_chat('ok', pg_catalog.string_agg(pg_catalog.md5(i::text), '')) FROM pg_catalog.generate_series(1, 4000) AS i;
END
	all_ended_ok("$name: new calls do not hang", $BOUND, @new);
	is((grep { $_->{err} =~ /LM010: could not record the call.*run out of disk space.*Free some space/s } @new),
		$SESSIONS, "$name: new calls are told why");
	$fault->resume;
	my @ended = $answered->finish(60);
	all_ended_ok("$name: what is answered does not hang", 3 * $BOUND, @ended);
	is((grep { $_->{rc} == 0 && $_->{err} =~ /WARNING:  LM010/ } @ended), $SESSIONS,
		"$name: an answer is given, with a warning");
	is(scalar(my @requests = $fault->journal), $SESSIONS, "$name: nothing else was sent");
	is(in_flight($node), $SESSIONS, "$name: what was sent is on record");
	unlink $full;
	settled_ok($node, $fault, $name, cut => $SESSIONS);
	is(query("SELECT pg_catalog.count(*) FROM gaiops.spans WHERE endpoint = 'mirror' AND status = 'OK'"),
		$SESSIONS, "$name: and recorded once there is space");

	# It does not keep the server from stopping.
	$fault->forget;
	$answered = start_unanswered("SELECT gaiops_chat('mirror', pg_catalog.left(pg_catalog.string_agg(pg_catalog.md5(i::text), ''), 100000)) FROM pg_catalog.generate_series(1, 4000) AS i;");
	append_to_file($full, '');
	$fault->resume;
	$answered->finish(60);
	my $begin = time;
	$node->stop('fast');
	cmp_ok(time - $begin, '<', 20, "$name: the server stops");
	unlink $full;
	$node->start;
	recorded_ok($node, $fault, "$name: every request has one row after that");
	settled_ok($node, $fault, "$name, after a restart", cut => $SESSIONS);
}

# Nobody mends a column while the server stops: the span is kept without its payload.
{
	my $name = 'another type, and a restart';
	query('TRUNCATE gaiops.spans, gaiops.span_payloads, gaiops.rejected_records');
	$fault->forget;
	my $answered = start_unanswered("SELECT gaiops_chat('ok', 'before') = 'OK from the fault server.';");
	ok($node->poll_query_until('postgres', "SELECT every(wait_event = 'GaiopsCall') FROM gaiops.calls_in_flight"),
		"$name: each call is said to wait for the gateway");
	query('ALTER TABLE gaiops.span_payloads RENAME body TO kept; ALTER TABLE gaiops.span_payloads ADD body integer');
	$fault->resume;
	all_ended_ok("$name: nobody hangs", $BOUND, $answered->finish(30));
	$node->restart;
	is(query('SELECT count(*) FROM gaiops.calls_in_flight'), 0, "$name: no call is forgotten");
	is(query("SELECT count(*), count(output_tokens) FROM gaiops.spans WHERE status = 'OK'"), "$SESSIONS|$SESSIONS", "$name: all are on record with what they cost");
	is(query('SELECT count(*), min(sqlstate), max(sqlstate) FROM gaiops.rejected_records'), "$SESSIONS|42804|42804", "$name: and what is missing is noted");
	query('ALTER TABLE gaiops.span_payloads DROP body; ALTER TABLE gaiops.span_payloads RENAME kept TO body; TRUNCATE gaiops.rejected_records');
}

# A writer that is told to end while calls come and come does so, and another goes on.
{
	my $name = 'a writer ended under load';
	$fault->forget;
	my $load = sessions($node, 4, <<'LOAD');
DO $$
DECLARE
	until CONSTANT timestamptz := clock_timestamp() + interval '12 s';
BEGIN
	WHILE clock_timestamp() < until LOOP
		PERFORM gaiops_chat('ok', 'hello');
	END LOOP;
END
$$;
LOAD
	my $writer = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'genaiops writer' AND datname = 'postgres'";
	ok($node->poll_query_until('postgres', "SELECT count(*) > 20 FROM gaiops.spans"), "$name: it is busy");
	my $pid = query($writer);
	my $begin = time;
	query("SELECT pg_terminate_backend($pid)");
	ok($node->poll_query_until('postgres', "SELECT NOT EXISTS ($writer AND pid = $pid)"), "$name: it ends");
	cmp_ok(time - $begin, '<', 8, "$name: within the time it has");
	ok($load->running, "$name: before the load does");
	is((grep { $_->{rc} } $load->finish(60)), 0, "$name: no call fails");
	settled_ok($node, $fault, $name);
}

# ---- open spans ----

# As many as there may be; 092_limits.pl has what becomes of more.
{
	my $session = sessions($node, 1, <<'END');
BEGIN;
SELECT pg_catalog.count(gaiops_start_span('span')) FROM pg_catalog.generate_series(1, 64);
SELECT pg_catalog.pg_sleep(300);
END
	wait_until(sub { query('SELECT pg_catalog.count(*) FROM gaiops.intents') == 64 }, 'the open spans');
	is(query("SELECT gaiops_chat('ok', 'hello') IS NOT NULL", 'other'), 't', 'open spans leave other databases their room');
	query("SELECT pg_catalog.pg_cancel_backend($_)") foreach $session->backends;
	$session->finish(30);
	wait_until(sub { query('SELECT pg_catalog.count(*) FROM gaiops.intents') == 0 }, 'their ends');
}

# ---- many databases ----

query('CREATE DATABASE d1 TEMPLATE other');
query('TRUNCATE gaiops.spans, gaiops.span_payloads', 'd1');
my @dbs = map { "d$_" } 1 .. 12;
query("CREATE DATABASE $_ TEMPLATE d1") foreach @dbs[1 .. $#dbs];
foreach my $writers (2, 4)
{
	my $name = "12 databases, $writers writers";
	$node->append_conf('postgresql.conf', "gaiops.max_writers = $writers\ngaiops.log_timeout = '30s'");
	$node->reload;
	wait_until(sub { query('SHOW gaiops.max_writers') == $writers }, 'the setting');
	$fault->forget if $writers == 2;
	my @sessions = map { sessions($node, 3, <<'END', db => $_) } @dbs;
SELECT gaiops_chat('ok', 'hello ' || i) FROM pg_catalog.generate_series(1, 10) AS i;
END
	my $most = 0;
	while (grep { $_->running } @sessions)
	{
		$most = max $most, query("SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_activity WHERE backend_type = 'genaiops writer'");
	}
	my @ended = map { $_->finish(60) } @sessions;
	all_ended_ok("$name: no session hangs", 35, @ended);
	is((grep { $_->{rc} } @ended), 0, "$name: every call ends well");
	cmp_ok($most, '<=', $writers, "$name: no more than that");
	settled_ok($node, $fault, $name, dbs => \@dbs);
}

# A database whose records wait keeps no other one from writing its own.
{
	my $name = 'one writer, and a column of another type';
	$node->append_conf('postgresql.conf', 'gaiops.max_writers = 1');
	$node->reload;
	wait_until(sub { query('SHOW gaiops.max_writers') == 1 }, 'the setting');
	query('ALTER TABLE gaiops.spans RENAME model TO kept; ALTER TABLE gaiops.spans ADD model integer', 'd1');
	my ($rc, $out) = $node->psql('d1', "SET gaiops.log_timeout = '1s'; SELECT gaiops_chat('ok', 'waits')");
	is($out, 'OK from the fault server.', "$name: a record waits");
	is(query("SELECT gaiops_chat('ok', 'hello')", 'd2'), 'OK from the fault server.', "$name: another database goes on");
	is(in_flight($node, 'd1'), 1, "$name: it still waits");
	query('ALTER TABLE gaiops.spans DROP model; ALTER TABLE gaiops.spans RENAME kept TO model', 'd1');
	await_in_flight($node, 0, 'd1');
	settled_ok($node, $fault, $name, dbs => \@dbs);
}

$node->stop;
done_testing();
