# A call ends when it is told to, wherever it is: cancel, timeouts and
# terminate, in every place a call can wait. Whatever waits would wait for 30 s.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use GaiopsProof;
use GaiopsTest;
use Test::More;
use Time::HiRes qw(time);

my $SESSIONS = 16;
my $PROMPT = 6;    # seconds; it takes a tenth of one, on a busy machine some, and else 10 at least

my $fault = fault_server();
my $node = gaiops_node('interrupts',
	conf => "gaiops.log_timeout = '30s'", preload => hung_dns_library());

make_endpoint($node, 'ok', $fault->url('ok'));

sub spans_with
{
	my ($class) = @_;

	return $node->safe_psql('postgres', <<"END");
SELECT pg_catalog.count(*) FROM gaiops.spans WHERE error_class = '$class'
END
}

sub calls
{
	return $node->safe_psql('postgres', 'SELECT pg_catalog.count(attempt) FROM gaiops.spans');
}

sub threads
{
	my ($pid) = @_;
	my @tasks = glob "/proc/$pid/task/*";

	return scalar @tasks;
}

# Begins calls and returns once each waits where it is meant to.
sub begin_calls
{
	my ($place, $sql) = @_;

	$fault->forget;
	my $sessions = sessions($node, $SESSIONS, "\\set VERBOSITY verbose\n$sql");
	await_in_flight($node, $SESSIONS);
	wait_until(sub { $fault->journal == $SESSIONS }, 'the requests')
	  if $place->{requests};
	if ($place->{thread})
	{
		my @pids = $sessions->backends;
		wait_until(sub { !grep { threads($_) < 2 } @pids }, 'the lookups');
	}
	return $sessions;
}

# Interrupts calls by a function on their process ids.
sub interrupt_ok
{
	my ($place, $how, $state, $class) = @_;
	my $name = "$how in $place->{name}";
	my $before = spans_with($class);
	my $sessions = begin_calls($place, "SELECT gaiops_chat('$place->{endpoint}', 'hello');");
	my $begin = time;

	$node->safe_psql('postgres', <<"END");
SELECT pg_catalog.pg_${how}_backend(pid) FROM pg_catalog.pg_stat_activity
WHERE application_name ~ '^session [0-9]+\$'
END
	my @ended = $sessions->finish(20);
	my $seconds = time - $begin;
	cmp_ok($seconds, '<', $PROMPT, "$name: prompt");
	note(sprintf '%s: %.2f s', $name, $seconds);
	is((grep { $_->{err} =~ /\b$state\b/ } @ended), $SESSIONS, "$name: SQLSTATE $state");
	settled_ok($node, $fault, $name);
	is(spans_with($class) - $before, $SESSIONS, "$name: the spans say $class");
	return;
}

sub timeout_ok
{
	my ($place, $setting, $error) = @_;
	my $name = "$setting in $place->{name}";
	my $sessions = sessions($node, $SESSIONS, <<"END");
\\set VERBOSITY verbose
SET $setting = '1s';
SELECT gaiops_chat('$place->{endpoint}', 'hello');
END
	my @ended = $sessions->finish(20);

	all_ended_ok("$name: prompt", 1 + $PROMPT, @ended);
	is((grep { $_->{err} =~ /$error/ } @ended), $SESSIONS, "$name: $error");
	settled_ok($node, $fault, $name);
	return;
}

my @places = (
	{ name => 'mid-call', url => $fault->url('hang'), requests => 1 },
	{ name => 'mid-answer', url => $fault->url('hang-in-body'), requests => 1 },
	{ name => 'a hung connect', url => hung_connect_url() },
	{ name => 'a hung TLS handshake', url => silent_url('https') },
	{ name => 'a hung name lookup', url => 'https://gateway.hang/v1', thread => 1 });

foreach my $place (@places)
{
	($place->{endpoint} = $place->{name}) =~ s/\W+/-/g;
	make_endpoint($node, $place->{endpoint}, $place->{url},
		"connect_timeout => '60 s', timeout => '60 s'");
	interrupt_ok($place, 'cancel', '57014', 'canceled');
	timeout_ok($place, 'statement_timeout', '57014: canceling statement due to statement timeout');
	interrupt_ok($place, 'terminate', '57P01', 'terminated');
}
timeout_ok($places[0], 'transaction_timeout', '25P04: terminating connection due to transaction timeout')
  if $node->pg_version >= 17;

# A pause before another attempt: that attempt is on record as finished.
make_endpoint($node, 'busy', $fault->url('status,code=503,after=30'));
foreach my $how ('cancel', 'terminate')
{
	$fault->forget;
	my $sessions = sessions($node, $SESSIONS, "SELECT gaiops_chat('busy', 'hello');");
	wait_until(sub { $fault->journal == $SESSIONS }, 'the requests');
	await_in_flight($node, 0);
	my $begin = time;
	$node->safe_psql('postgres', "SELECT pg_catalog.pg_${how}_backend($_)") foreach $sessions->backends;
	my @ended = $sessions->finish(20);
	cmp_ok(time - $begin, '<', $PROMPT, "$how between attempts: prompt");
	is((grep { $_->{rc} != 0 } @ended), $SESSIONS, "$how between attempts: all failed");
	settled_ok($node, $fault, "$how between attempts");
}

# Waiting for the writer: nothing has been sent yet, and the record follows.
foreach my $how ('cancel', 'terminate')
{
	my $name = "$how while the writer is stopped";
	$fault->forget;
	my $pid = stop_writer($node);
	my $before = calls();
	my $sessions = sessions($node, $SESSIONS, "SELECT gaiops_chat('ok', 'hello');");
	wait_until(sub { $node->safe_psql('postgres', <<'END') == $SESSIONS }, 'the waits');
SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_activity
WHERE application_name ~ '^session [0-9]+$' AND wait_event_type = 'Extension'
END
	my $begin = time;
	$node->safe_psql('postgres', "SELECT pg_catalog.pg_${how}_backend($_)") foreach $sessions->backends;
	$sessions->finish(20);
	cmp_ok(time - $begin, '<', $PROMPT, "$name: prompt");
	is(scalar(my @sent = $fault->journal), 0, "$name: nothing was sent");
	kill 'CONT', $pid;
	settled_ok($node, $fault, $name);
	is(calls() - $before, $SESSIONS + 1, "$name: the records follow");
}

# The beginning and the end of a span, cut short.
sub cut_short
{
	my ($session, $sql) = @_;

	my $pid = stop_writer($node);
	$session->query("SET statement_timeout = '300ms'; $sql");
	kill 'CONT', $pid;
	like($session->{stderr}, qr/statement timeout/, "$sql is cut short");
	$session->{stderr} = '';
	$session->query_safe('SET statement_timeout = 0');
	return;
}

sub latest_parent
{
	return $node->safe_psql('postgres', <<'END');
SELECT pg_catalog.count(parent_span_id) FROM
	(SELECT parent_span_id FROM gaiops.spans ORDER BY start_time DESC LIMIT 1) AS s
END
}

foreach my $block ('', 'BEGIN; ')
{
	my $session = $node->background_psql('postgres', on_error_stop => 0);
	my $in = $block ? ' in a transaction block' : '';

	$session->query_safe('SET client_min_messages = error');
	$session->query_safe("${block}SELECT gaiops_start_span('end$in')");
	cut_short($session, $block ? "SAVEPOINT s; SELECT gaiops_end_span(); ROLLBACK TO s"
		: 'SELECT gaiops_end_span()');
	$session->query('SELECT gaiops_end_span()');
	like($session->{stderr}, qr/no span is open/, "an end that was cut short$in is an end");
	$session->{stderr} = '';
	$session->query_safe('ROLLBACK') if $block;
	$session->query_safe("SELECT gaiops_chat('ok', 'hello')");
	is(latest_parent(), 0, "what comes after it$in is no part of it");

	cut_short($session, "${block}SELECT gaiops_start_span('start$in')" . ($block && '; ROLLBACK'));
	$session->query_safe("SELECT gaiops_chat('ok', 'hello')");
	is(latest_parent(), 0, "a span whose start was cut short$in is not open");
	$session->quit;
	is($node->safe_psql('postgres', <<"END"), "end$in|OK start$in|ERROR", "both are recorded once$in");
SELECT pg_catalog.string_agg(name || '|' || status, ' ' ORDER BY name COLLATE "C")
FROM gaiops.spans WHERE name IN ('start$in', 'end$in')
END
}
settled_ok($node, $fault, 'spans cut short');

# JSON that is far too long for any model takes far longer than this to read.
$node->safe_psql('postgres', "SELECT gaiops_create_endpoint('echo', 'builtin:echo')");
$node->safe_psql('postgres', "SELECT gaiops_create_dataset('long')");
$node->safe_psql('postgres', <<'END');
CREATE TABLE long_json AS SELECT array_part::json AS elements,
	pg_catalog.format('{"a": %s}', array_part)::json AS member,
	pg_catalog.format('{"model": "echo", "x": %s, "messages": [{"role": "user", "content": "Hi"}]}', array_part)::json AS request
FROM (SELECT '[' || pg_catalog.repeat('{"role": "user", "content": "Hi"}, ', 600000) || '{"role": "user", "content": "Hi"}]' AS array_part) AS a
END
foreach my $call ("gaiops_chat('echo', elements)", "gaiops_chat('echo', 'Hi', params => member)",
	'gaiops_chat_completion(request)', "gaiops_merge_record('long', member)")
{
	my (undef, undef, $err) = $node->psql('postgres', <<"END");
\\set VERBOSITY verbose
SET statement_timeout = '20ms';
SELECT $call FROM long_json
END
	like($err, qr/ERROR:  57014: canceling statement due to statement timeout/, "$call of 20 MB is cut short");
}
settled_ok($node, $fault, 'long JSON');

# Variables that have been checked before are read, sorted and rendered at once; wherever
# in that a timeout comes, it is heard within a small part of the time that it all takes.
{
	my $format = q{SELECT gaiops_format_prompt('prompts:/one/1', variables) FROM many};
	my $run = sub {
		my ($timeout) = @_;
		my $begin = time;
		my (undef, undef, $err) = $node->psql('postgres', "SET statement_timeout = $timeout; $format");

		return (1000 * (time - $begin), $err);
	};

	$node->safe_psql('postgres', <<'END');
SELECT gaiops_register_prompt('one', 'Hi {{ a }}');
CREATE TABLE many AS SELECT pg_catalog.format('{"a": 1, %s}', pg_catalog.string_agg(pg_catalog.format('"%s": 1', pg_catalog.md5(n::text)), ', '))::gaiops.ordered_json AS variables
FROM pg_catalog.generate_series(1, 1000000) AS n
END
	my ($whole) = $run->(0);
	foreach my $percent (map { 10 * $_ } 1 .. 9)
	{
		my $timeout = int $whole * $percent / 100;
		my ($taken, $err) = $run->($timeout);

		cmp_ok($taken - $timeout, '<', $whole / 5, "statement_timeout after $percent % of a rendering is heard");
		note(sprintf 'of %d ms, %d ms after %d ms', $whole, $taken - $timeout, $timeout);
		like($err, qr/statement timeout/, 'and ends it') if $percent <= 50;
	}
}

# What wants every backend's attention does not wait for calls.
{
	$node->safe_psql('postgres', 'CREATE DATABASE other');
	my $sessions = begin_calls($places[-1], "SELECT gaiops_chat('$places[-1]{endpoint}', 'hello');");
	my $begin = time;
	$node->safe_psql('postgres', 'DROP DATABASE other');
	cmp_ok(time - $begin, '<', $PROMPT, 'DROP DATABASE elsewhere does not wait for calls');
	$node->safe_psql('postgres', "SELECT pg_catalog.pg_terminate_backend($_)") foreach $sessions->backends;
	$sessions->finish(20);
	settled_ok($node, $fault, 'after DROP DATABASE');
}

$node->stop;
done_testing();
