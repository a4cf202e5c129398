# No call without a record: whatever happens to the transaction, the session, the
# writer or the server, each request that the gateway has got has its row.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use GaiopsProof;
use GaiopsTest;
use Test::More;

my $SESSIONS = 16;
my $BOUND = 2 + 5;    # gaiops.log_timeout and 5 s

my $model = model_server();
my $fault = fault_server();
my $node = gaiops_node('durability', conf => <<'END');
gaiops.log_timeout = '2s'
restart_after_crash = on
fsync = on
autovacuum = off
END

sub query
{
	my ($sql) = @_;

	return $node->safe_psql('postgres', $sql);
}

sub start_sessions
{
	my ($sql) = @_;

	$_->forget foreach $fault, $model;
	return sessions($node, $SESSIONS, "\\set VERBOSITY verbose\n$sql");
}

# Sessions with a call that hangs, each sent.
sub start_hanging
{
	my ($sql) = @_;
	my $sessions = start_sessions($sql // "SELECT gaiops_chat('hang', 'hello');");

	wait_until(sub { $fault->journal == $SESSIONS }, 'the requests');
	return $sessions;
}

sub await_server
{
	wait_until(sub { server_answers($node) }, 'the server');
	return;
}

# After the server's life has ended in mid-call: what was under way is unknown
# from the first look, and a span of that status once there is a writer.
sub unknown_ok
{
	my ($name, $n, $server) = @_;

	is(query(<<'END'), $n, "$name: what was under way is of another life");
SELECT pg_catalog.count(*) FROM gaiops.intents WHERE incarnation <> gaiops.incarnation()
END
	is(query(<<'END'), $n, "$name: and shown as unknown at once");
SELECT pg_catalog.count(*) FROM gaiops.calls_in_flight WHERE status = 'UNKNOWN' AND wait_event IS NULL
END
	recorded_ok($node, $fault, "$name: every request has one row at once");
	settled_ok($node, $fault, $name);
	is(query(<<'END'), $n, "$name: they have become spans");
SELECT pg_catalog.count(*) FROM gaiops.spans WHERE status = 'UNKNOWN' AND error_class = 'unknown'
	AND latency_ms IS NULL AND cost IS NULL AND input_tokens IS NULL
END
	query('TRUNCATE gaiops.spans, gaiops.span_payloads');
	return;
}

# ---- the transaction ----

my ($rc, undef, $err) = $node->psql('postgres', <<'END');
DROP EXTENSION genaiops;
BEGIN;
CREATE EXTENSION genaiops;
SELECT gaiops_create_endpoint('echo', 'builtin:echo');
SELECT gaiops_chat('echo', 'hello');
END
is($rc, 3, 'a call in the transaction that created the extension fails');
like($err, qr/extension "genaiops" was created or updated in this transaction.*COMMIT first/s,
	'with a message of its own');
query('CREATE EXTENSION IF NOT EXISTS genaiops');

make_endpoint($node, 'llm-dev', $model->url);
make_endpoint($node, 'ok', $fault->url('ok'));
make_endpoint($node, 'hang', $fault->url('hang'));
make_endpoint($node, 'refused', $fault->url('400'));

{
	my @ended = start_sessions(<<'END')->finish(30);
\set ON_ERROR_STOP 0
BEGIN;
SELECT gaiops_chat('llm-dev', 'rolled back');
SAVEPOINT s;
SELECT gaiops_chat('llm-dev', 'rolled back to');
ROLLBACK TO s;
SELECT gaiops_chat('llm-dev', 'then an error');
SELECT 1 / 0;
ROLLBACK;
BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY;
SELECT gaiops_chat('llm-dev', 'read only');
ROLLBACK;
SELECT gaiops_chat('llm-dev', 'and an error')::integer;
DO $$ BEGIN
	BEGIN
		PERFORM gaiops_chat('refused', 'an error');
	EXCEPTION WHEN others THEN
		PERFORM gaiops_chat('llm-dev', 'in a handler');
		RAISE;
	END;
EXCEPTION WHEN others THEN
	PERFORM gaiops_chat('llm-dev', 'in the outer handler');
	RAISE;
END $$;
END
	all_ended_ok('ROLLBACK: no session hangs', $BOUND, @ended);
	is(scalar(my @sent = $model->journal), 7 * $SESSIONS, 'ROLLBACK: all was sent');
	recorded_ok($node, $model, 'ROLLBACK: the model server has seen nothing without a row');
	settled_ok($node, $fault, 'ROLLBACK');
	is(counts($node, 'error_class'), "request_refused:$SESSIONS", 'ROLLBACK: status is that of the call');
}

# The writer's commit is durable, whatever the caller sets for its own.
{
	my @ended = start_sessions(<<'END')->finish(30);
SET synchronous_commit = off;
SELECT gaiops_chat('ok', 'one of many') FROM pg_catalog.generate_series(1, 5);
END
	$node->stop('immediate');
	$node->start;
	is((grep { $_->{rc} } @ended), 0, 'synchronous_commit = off of a caller: the calls end well');
	recorded_ok($node, $fault, 'and each is on disk when it returns');
	is(in_flight($node), 0, 'with its end');
	settled_ok($node, $fault, 'synchronous_commit');
}

# ---- locks that the caller itself holds ----

foreach my $lock ([ 'intents', 0 ], [ 'spans', 1 ], [ 'span_payloads', 0 ],
	[ 'usage_deltas', 1 ])
{
	my ($table, $sent) = @$lock;
	my $name = "LOCK TABLE gaiops.$table";
	$fault->forget;
	my $session = sessions($node, 1, <<"END");
\\set VERBOSITY verbose
BEGIN;
LOCK TABLE gaiops.$table IN ACCESS EXCLUSIVE MODE;
SELECT gaiops_chat('ok', 'behind my own lock');
COMMIT;
END
	my ($ended) = $session->finish(30);
	all_ended_ok("$name: the caller does not hang", $BOUND, $ended);
	is(scalar(my @requests = $fault->journal), $sent, "$name: sent if on record");
	like($ended->{err}, $sent ? qr/WARNING:  LM010: the answer is not recorded yet/
		: qr/ERROR:  LM010: could not record the call/, "$name: the caller is told");
	like($ended->{err}, qr/waits for a lock/, "$name: and why");
	settled_ok($node, $fault, $name);
}

# Many sessions behind the lock of one.
{
	my $sessions = start_sessions(<<'END');
BEGIN;
LOCK TABLE gaiops.spans IN ROW EXCLUSIVE MODE;
SELECT gaiops_chat('ok', 'before');
LOCK TABLE gaiops.intents IN ACCESS SHARE MODE;
SELECT gaiops_chat('ok', 'after');
COMMIT;
END
	my @ended = $sessions->finish(30);
	all_ended_ok('weak locks: no session hangs', $BOUND, @ended);
	is((grep { $_->{rc} } @ended), 0, 'weak locks are in nobody\'s way');
	settled_ok($node, $fault, 'weak locks');
}

# A partition made just when the writer has chosen the default one for a row.
foreach my $parent ('spans', 'span_payloads')
{
	my $name = "a partition of gaiops.$parent made meanwhile";
	$fault->forget;
	wait_until(sub { query(<<'END') eq '0' }, 'maintenance to end');
SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_activity WHERE backend_type = 'genaiops maintenance'
END
	my $writer = stop_writer($node);
	query(<<"END");
TRUNCATE gaiops.$parent;
SELECT pg_catalog.format('DROP TABLE %s', inhrelid::regclass) FROM pg_catalog.pg_inherits
WHERE inhparent = 'gaiops.$parent'::regclass AND inhrelid <> 'gaiops_partitions.${parent}_default'::regclass \\gexec
END
	my $maker = $node->background_psql('postgres');
	$maker->query_safe(<<"END");
BEGIN;
CREATE TABLE gaiops.made_$parent (LIKE gaiops.$parent INCLUDING ALL);
ALTER TABLE gaiops.$parent ATTACH PARTITION gaiops.made_$parent FOR VALUES FROM ('2000-01-01') TO ('2100-01-01');
END
	my $session = sessions($node, 1, "SET gaiops.log_timeout = '30s'; SELECT gaiops_chat('ok', 'hello');");
	kill 'CONT', $writer;
	wait_until(sub { query(<<"END") }, 'the writer to wait');
SELECT pid FROM pg_catalog.pg_locks WHERE pid = $writer AND NOT granted
END
	$maker->query_safe('COMMIT');
	$maker->quit;
	my ($ended) = $session->finish(60);
	is($ended->{out}, 'OK from the fault server.', "$name: the call ends well");
	recorded_ok($node, $fault, "$name: it is recorded");
	is(query('SELECT pg_catalog.count(*) FROM gaiops.rejected_records'), 0, "$name: nothing is rejected");
	query("DROP TABLE gaiops.made_$parent");
}

# ---- the server ----

query('TRUNCATE gaiops.spans, gaiops.span_payloads');
{
	my $sessions = start_hanging();
	my ($victim) = $sessions->backends;
	kill 'KILL', $victim;
	my @ended = $sessions->finish(30);
	await_server();
	all_ended_ok('SIGKILL of a backend: no session hangs', 30, @ended);
	unknown_ok('SIGKILL of a backend', $SESSIONS);
}
{
	my $sessions = start_hanging();
	kill 'KILL', writer_pid($node);
	my @ended = $sessions->finish(30);
	await_server();
	all_ended_ok('SIGKILL of the writer: no session hangs', 30, @ended);
	unknown_ok('SIGKILL of the writer', $SESSIONS);
}
{
	my $sessions = start_hanging();
	$node->stop('immediate');
	$sessions->finish(30);
	$node->start;
	unknown_ok('immediate stop', $SESSIONS);
}

# In the middle of much work: what has ended is there as ended.
foreach my $how ('immediate stop', 'SIGKILL of the writer')
{
	my $name = "$how under load";
	my $sessions = start_sessions(<<'END');
SELECT gaiops_chat(endpoint, 'call ' || i)
FROM pg_catalog.generate_series(1, 100000) AS i, (VALUES ('llm-dev'), ('ok')) AS e (endpoint)
END
	wait_until(sub { $model->journal >= 150 }, 'some requests');
	if ($how eq 'immediate stop')
	{
		$node->stop('immediate');
		$node->start;
	}
	else
	{
		kill 'KILL', writer_pid($node);
	}
	$sessions->finish(30);
	await_server();
	recorded_ok($node, $_, "$name: every request has one row at once") foreach $fault, $model;
	settled_ok($node, $fault, $name);
	like(counts($node, 'status'), qr/^OK:\d+( UNKNOWN:\d+)?$/, "$name: ended or unknown");
	query('TRUNCATE gaiops.spans, gaiops.span_payloads');
}

# A fast shutdown ends the calls, and their records are written before it ends.
{
	my $sessions = start_hanging();
	$node->stop('fast');
	my @ended = $sessions->finish(30);
	is((grep { $_->{err} =~ /57P01/ } @ended), $SESSIONS, 'fast shutdown: the calls are ended');
	$node->start;
	is(in_flight($node), 0, 'fast shutdown: nothing is in flight');
	is(counts($node, 'error_class'), "terminated:$SESSIONS", 'fast shutdown: all has ended as terminated');
	settled_ok($node, $fault, 'fast shutdown');
}

# The same with records in the queue that nobody waits for any more.
{
	query('TRUNCATE gaiops.spans, gaiops.span_payloads');
	my $writer = stop_writer($node);
	my @ended = start_sessions("SELECT gaiops_start_span('queued');")->finish(30);
	all_ended_ok('a stopped writer: no session hangs', $BOUND, @ended);
	$node->command_ok([ 'pg_ctl', '-D', $node->data_dir, '-m', 'fast', '-W', 'stop' ], 'begin a fast shutdown');
	kill 'CONT', $writer;
	$node->stop('fast', fail_ok => 1);
	$node->start;
	is(query("SELECT pg_catalog.count(*) FROM gaiops.spans WHERE name = 'queued' AND error_class = 'log_unavailable'"),
		$SESSIONS, 'fast shutdown with a deep queue: all of it is written');
	is(in_flight($node), 0, 'fast shutdown with a deep queue: nothing is in flight');
}

# ---- spans of an application ----

sub span_states
{
	return query(<<'END');
SELECT coalesce(pg_catalog.string_agg(name || ':' || status || coalesce(':' || error_class, ''), ' '
	ORDER BY name COLLATE "C"), '') FROM gaiops.spans
END
}

sub span_state_is
{
	my ($sql, $expected, $name, $rc) = @_;

	query('TRUNCATE gaiops.spans, gaiops.span_payloads');
	$node->psql('postgres', $sql, on_error_stop => 0);
	await_in_flight($node, 0);
	is(span_states(), $expected, "span: $name");
	return;
}

span_state_is("BEGIN; SELECT gaiops_start_span('a'); SELECT gaiops_start_span('b');\nCOMMIT;",
	'a:OK b:OK', 'COMMIT ends those of its block');
span_state_is("BEGIN;\nSELECT gaiops_start_span('a');\nROLLBACK;", 'a:ERROR:aborted', 'ROLLBACK ends them as aborted');
span_state_is("BEGIN;\nSELECT gaiops_start_span('a');\nSELECT 1 / 0;\nCOMMIT;", 'a:ERROR:aborted', 'so does an error');
span_state_is("BEGIN;\nSELECT gaiops_start_span('a');\nSAVEPOINT s;\nSELECT gaiops_start_span('b');\nROLLBACK TO s;\nSELECT gaiops_chat('ok', 'c');\nCOMMIT;",
	'a:OK b:ERROR:aborted chat gpt-4.1-mini:OK', 'ROLLBACK TO ends those of the subtransaction');
span_state_is("BEGIN;\nSELECT gaiops_start_span('a');\nSAVEPOINT s;\nSELECT gaiops_start_span('b');\nRELEASE s;\nROLLBACK;",
	'a:ERROR:aborted b:OK', 'RELEASE ends them well');
span_state_is("SELECT gaiops_start_span('a');\nBEGIN;\nSELECT gaiops_start_span('b');\nROLLBACK;\nSELECT gaiops_end_span();",
	'a:OK b:ERROR:aborted', 'one opened outside outlives a block');
span_state_is("SELECT gaiops_start_span('a');\nSELECT 1 / 0;\nSELECT gaiops_end_span(status => 'ERROR');",
	'a:ERROR', 'and an error');
span_state_is("SELECT gaiops_start_span('a');", 'a:OK', 'the end of the session ends it');
span_state_is("SELECT gaiops_start_span('a');\nDISCARD ALL;\nSELECT gaiops_start_span('b');\nSELECT gaiops_end_span();\nSELECT pg_catalog.pg_sleep(0);",
	'a:OK b:OK', 'DISCARD ALL ends it');
is(query("SELECT pg_catalog.count(DISTINCT trace_id) FROM gaiops.spans"), 2, 'span: and its trace');
span_state_is("SELECT gaiops_start_span('a');\nSELECT pg_catalog.pg_terminate_backend(pg_catalog.pg_backend_pid());",
	'a:ERROR:terminated', 'terminate ends it as terminated');
span_state_is("SELECT gaiops_start_span('a');\nSELECT gaiops_start_span('b');\nSELECT gaiops_end_span((SELECT span_id FROM gaiops.intents WHERE name = 'a'));",
	'a:OK b:OK', 'the end of one is the end of those within');
span_state_is("BEGIN;\nSELECT gaiops_start_span('a');\nDO \$\$ BEGIN PERFORM gaiops_start_span('b'); RAISE 'no'; EXCEPTION WHEN others THEN PERFORM gaiops_chat('ok', 'c'); END \$\$;\nCOMMIT;",
	'a:OK b:ERROR:aborted chat gpt-4.1-mini:OK', 'a handler of PL/pgSQL is outside of what failed');
span_state_is("DO \$\$ BEGIN PERFORM gaiops_start_span('b'); RAISE 'no'; EXCEPTION WHEN others THEN PERFORM gaiops_chat('ok', 'c'); END \$\$;",
	'b:ERROR:aborted chat gpt-4.1-mini:OK', 'and ends it without BEGIN, too');

# ---- a text that the tables do not take ----

# The call was made and paid for: what can be kept of it is kept.
query("ALTER TABLE gaiops.span_payloads ADD CONSTRAINT no_poison CHECK (kind <> 'response' OR body NOT LIKE '%poison%')");
make_endpoint($node, 'echo', 'builtin:echo');
{
	my ($rc, $out, $err) = $node->psql('postgres', "SELECT gaiops_chat('echo', 'poison')");
	is($out, 'poison', 'a text that cannot be stored: the answer is returned');
	like($err, qr/WARNING:  the answer could not be recorded as it is/, 'with a warning');
	is(query("SELECT status FROM gaiops.spans WHERE endpoint = 'echo'"), 'OK', 'the span is there');
	is(query("SELECT kind FROM gaiops.span_payloads JOIN gaiops.spans USING (trace_id, span_id) WHERE endpoint = 'echo'"),
		'request', 'with the request');
	is(query("SELECT record || ' ' || sqlstate FROM gaiops.rejected_records"), 'spans 23514', 'and what happened is noted');
	is(query("SELECT sum(calls) FROM gaiops.usage_hourly WHERE endpoint = 'echo'"), '1', 'and it counts as usage');
	is(query('SELECT count(*) FROM gaiops.intents'), '0', 'and is not in flight any more');
}
query('ALTER TABLE gaiops.span_payloads DROP CONSTRAINT no_poison');

# ---- a label that is no text ----

{
	local $ENV{PGOPTIONS} = "-c gaiops.user_id=a\xff";
	my ($rc, $out, $err) = $node->psql('postgres', "SELECT gaiops_chat('echo', 'who')");
	like($err, qr/invalid byte sequence for encoding "UTF8"/, 'a label that is no valid text is refused');
}
is(query("SELECT count(*) FROM gaiops.spans WHERE user_id IS NOT NULL AND endpoint = 'echo'"), '0', 'and not recorded');

# ---- an extension that is made anew ----

is(query(<<'END'), "a\nb\nDefault", 'the experiments of a new extension are recorded, too');
SELECT gaiops_chat('echo', 'a');
DROP EXTENSION genaiops;
CREATE EXTENSION genaiops;
DO $$ BEGIN PERFORM gaiops_create_endpoint('echo', url => 'builtin:echo'); END $$;
SELECT gaiops_chat('echo', 'b');
SELECT name FROM gaiops.experiments;
END

$node->stop;
done_testing();
