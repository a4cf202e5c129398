# Commands on the extension and on whole databases, while a writer is idle or
# busy there or elsewhere.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use GaiopsTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = gaiops_node('main', conf => "gaiops.log_timeout = '20s'\nautovacuum = off");

# A command that has to be done at once must not wait for a call under way.
my $SOON = "SET statement_timeout = '20s';";

sub make_database
{
	my ($db) = @_;

	$node->safe_psql('postgres', "CREATE DATABASE $db TEMPLATE template0");
	$node->safe_psql($db, 'CREATE EXTENSION genaiops');
	prepare_database($db);
	return;
}

sub prepare_database
{
	my ($db) = @_;

	make_endpoint($node, 'echo', 'builtin:echo', undef, $db);
	make_endpoint($node, 'silent', silent_url(), 'max_retries => 0', $db);
	return;
}

sub call
{
	my ($db, $message) = @_;

	return $node->safe_psql($db, "SELECT gaiops_chat('echo', '$message')");
}

sub count_rows
{
	my ($db, $table) = @_;

	return $node->safe_psql($db, "SELECT count(*) FROM $table");
}

# A call that is under way: its request is on record, no answer comes.
sub call_in_flight
{
	my ($db) = @_;
	my $session = sessions($node, 1, "SELECT gaiops_chat('silent', 'hanging');", db => $db);

	wait_until(sub { count_rows($db, 'gaiops.intents') == 1 }, "the call in $db to be under way");
	return $session;
}

sub cancel
{
	my ($session) = @_;

	# Not all backends of sessions: the command that waits for the call is one.
	$node->safe_psql('postgres', "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query ~ '^SELECT gaiops_chat' AND state = 'active'");
	return ($session->finish(30))[0];
}

sub await_writer_of
{
	my ($db, $wanted) = @_;

	wait_until(
		sub {
			$wanted == $node->safe_psql('postgres', <<"END");
SELECT count(*) FROM pg_stat_activity
WHERE backend_type = 'genaiops writer' AND datname = '$db' AND state = 'idle'
END
		},
		"$wanted idle writers in $db");
	return;
}

sub wait_for_lock
{
	my ($db, $table) = @_;

	$node->poll_query_until($db, <<"END") or die "nobody waits for $table";
SELECT EXISTS (SELECT FROM pg_locks AS l JOIN pg_stat_activity AS a USING (pid)
	WHERE NOT l.granted AND l.relation = '$table'::regclass AND a.backend_type = 'genaiops writer')
END
	return;
}

sub runs_ok
{
	my ($db, $sql, $name) = @_;
	my ($rc, $out, $err) = $node->psql($db, $SOON . $sql);

	local $Test::Builder::Level = $Test::Builder::Level + 1;
	return is("$rc $err", '0 ', $name);
}

sub refused_ok
{
	my ($db, $sql, $pattern, $name) = @_;
	my ($rc, $out, $err) = $node->psql($db, $sql);

	local $Test::Builder::Level = $Test::Builder::Level + 1;
	return ok($rc == 3 && $err =~ $pattern, $name) || diag("rc $rc: $err");
}

subtest 'where the extension refuses to be' => sub {
	$node->safe_psql('postgres',
		"CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'; CREATE DATABASE taken TEMPLATE template0; CREATE ROLE squatter;");
	refused_ok('latin', 'CREATE EXTENSION genaiops',
		qr/ERROR:  extension "genaiops" needs a database with encoding UTF8.*HINT:  Create a database/s, 'a database that is not UTF8');
	is($node->safe_psql('latin', "SELECT count(*) FROM pg_namespace WHERE nspname = 'gaiops'"), 0, 'nothing is left there');

	$node->safe_psql('taken', 'CREATE SCHEMA gaiops AUTHORIZATION squatter');
	refused_ok('taken', 'CREATE EXTENSION genaiops', qr/schema "gaiops" already exists/, 'a schema gaiops made by somebody else');
	$node->safe_psql('taken', 'DROP SCHEMA gaiops');
	refused_ok('postgres', 'ALTER EXTENSION genaiops SET SCHEMA public', qr/does not support SET SCHEMA/, 'SET SCHEMA');
	refused_ok('postgres', 'CREATE EXTENSION genaiops SCHEMA public', qr/already exists|must be installed in schema "pg_catalog"/, 'another schema');
	refused_ok('taken', 'CREATE EXTENSION genaiops SCHEMA public', qr/must be installed in schema "pg_catalog"/, 'another schema from the start');
};

subtest 'a call in the transaction that makes the extension' => sub {
	$node->safe_psql('postgres', 'CREATE DATABASE fresh TEMPLATE template0');
	refused_ok('fresh', <<'END', qr/was created or updated in this transaction.*HINT:  COMMIT first/s, 'is refused');
BEGIN;
CREATE EXTENSION genaiops;
SELECT gaiops_create_endpoint('echo', 'builtin:echo');
SELECT gaiops_chat('echo', 'too early');
END
	runs_ok('postgres', 'DROP DATABASE fresh', 'and leaves no trouble');
};

subtest 'DROP EXTENSION' => sub {
	make_database('dropped');
	call('dropped', 'one');
	await_writer_of('dropped', 1);
	runs_ok('dropped', 'DROP EXTENSION genaiops', 'with an idle writer');
	is( $node->safe_psql('dropped', <<'END'), '0', 'leaves nothing behind');
SELECT (SELECT count(*) FROM pg_namespace WHERE nspname = 'gaiops')
	+ (SELECT count(*) FROM pg_proc WHERE proname ~ '^gaiops')
	+ (SELECT count(*) FROM pg_class WHERE relname ~ '^gaiops' OR relname ~ '^span')
END

	# The same writer, and the same session, meet another extension.
	my $session = $node->background_psql('dropped');
	for my $round (1 .. 2)
	{
		$session->query_safe('CREATE EXTENSION genaiops');
		$session->query_safe("SELECT gaiops_create_endpoint('echo', 'builtin:echo')");
		is($session->query_safe("SELECT gaiops_chat('echo', 'again')"), 'again', "calls work again, round $round");
		is($session->query_safe('SELECT count(*) FROM gaiops.spans'), 1, 'and are recorded once');
		$session->query_safe('DROP EXTENSION genaiops');
	}
	$session->quit;

	$node->safe_psql('dropped', 'CREATE EXTENSION genaiops');
	prepare_database('dropped');
	my $hanging = call_in_flight('dropped');
	my $drop = sessions($node, 1, 'DROP EXTENSION genaiops;', db => 'dropped');
	$node->poll_query_until('dropped', <<'END') or die 'DROP EXTENSION does not wait';
SELECT EXISTS (SELECT FROM pg_stat_activity WHERE query ~ '^DROP EXTENSION' AND wait_event_type = 'Lock')
END
	my $call = cancel($hanging);
	like($call->{err}, qr/canceling statement/, 'it waits for a call under way, which can be cancelled');
	my $dropped = ($drop->finish(60))[0];
	is("$dropped->{rc} $dropped->{err}", '0 ', 'and then goes through');
};

# Such a command has locked nothing while it waits for a call, and whoever comes later waits
# for it with nothing locked, whatever tables it is going to use.
subtest 'DROP EXTENSION between a call and others' => sub {
	make_database('between');
	$node->safe_psql('between', <<'END');
SELECT gaiops_register_prompt('p', 'Say {{ word }}.'), gaiops_create_dataset('d'), gaiops_set_experiment('e');
SELECT gaiops_set_prompt_alias('p', 'live', 1);
END
	my @uses = (
		q{gaiops_chat('echo', prompt => 'prompts:/p@live', variables => '{"word": "x"}')},
		q{gaiops_chat('echo', '[{"role": "user", "content": "x"}]'::json, prompt => 'prompts:/p/1', variables => '{"word": "x"}')},
		q{gaiops_chat_completion('{"model": "echo", "gaiops": {"prompt": "prompts:/p/1", "variables": {"word": "x"}}}')},
		q{gaiops_load_prompt('prompts:/p@live')},
		q{gaiops_format_prompt('prompts:/p/1', '{"word": "x"}')},
		q{gaiops_format_messages('prompts:/p/1', '{"word": "x"}')},
		q{gaiops_prompt_variables('prompts:/p/1')},
		q{gaiops_register_prompt('q', 'x')},
		q{gaiops_set_prompt_alias('p', 'new', 1)},
		q{gaiops_merge_record('d', '{"question": "x"}')},
		q{gaiops_set_price('echo', 'echo', input => 1, output => 1)},
		q{gaiops_start_span('s')});
	my $first = $node->background_psql('between');

	$first->query_safe("BEGIN; SELECT gaiops_chat('echo', 'x')");
	my $drop = sessions($node, 1, 'BEGIN; DROP EXTENSION genaiops; ROLLBACK;', db => 'between');
	$node->poll_query_until('between', <<'END') or die 'DROP EXTENSION does not wait';
SELECT EXISTS (SELECT FROM pg_stat_activity WHERE query ~ '^DROP EXTENSION' AND wait_event_type = 'Lock')
END
	my $others = sessions($node, scalar @uses, sub { "BEGIN; SELECT $uses[$_[0] - 1]; SELECT gaiops_chat('echo', 'y'); COMMIT;" }, db => 'between');
	wait_until(
		sub {
			1 + $others->running == $node->safe_psql('between',
				"SELECT count(*) FROM pg_stat_activity WHERE application_name ~ '^session ' AND wait_event_type = 'Lock'");
		},
		'the others to wait');
	is($node->safe_psql('between', <<'END'), '', 'whoever waits has locked nothing of ours');
SELECT DISTINCT l.relation::regclass FROM pg_locks AS l JOIN pg_class AS c ON c.oid = l.relation
	JOIN pg_stat_activity AS a ON a.pid = l.pid AND a.application_name ~ '^session '
WHERE l.granted AND c.relnamespace = ANY ('{gaiops,gaiops_partitions,gaiops_private}'::regnamespace[])
END
	$first->query_safe('COMMIT');
	$first->quit;
	my ($dropped) = $drop->finish(60);
	is("$dropped->{rc} $dropped->{err}", '0 ', 'the extension is dropped');
	my @results = $others->finish(60);
	is($results[$_]{rc} . $results[$_]{err}, '0', "after it, $uses[$_]") foreach 0 .. $#uses;
};

subtest 'DROP EXTENSION with records queued' => sub {
	foreach my $table (qw(gaiops.spans gaiops.intents))
	{
		$node->safe_psql('dropped', 'DROP EXTENSION IF EXISTS genaiops; CREATE EXTENSION genaiops');
		prepare_database('dropped');
		my $log_start = -s $node->logfile;
		my $locker = $node->background_psql('dropped');
		$locker->query_safe("BEGIN; LOCK TABLE $table");
		my $calls = sessions($node, 3, "SET gaiops.log_timeout = '3s'; SELECT gaiops_chat('echo', 'queued');", db => 'dropped');
		wait_for_lock('dropped', $table);
		$node->poll_query_until('dropped', <<'END') or die 'not all calls wait for the writer';
SELECT count(*) = 3 FROM pg_stat_activity WHERE application_name ~ '^session ' AND wait_event_type = 'Extension'
END
		$locker->query_safe('DROP EXTENSION genaiops; COMMIT');
		$locker->quit;
		my @results = $calls->finish(30);
		is((grep { $_->{timed_out} } @results), 0, "no session hangs that waited for $table");
		# Behind an answer that cannot be recorded, intents wait, too.
		my @answered = grep { $_->{rc} == 0 } @results;
		my $first = $table eq 'gaiops.spans' ? 1 : 0;
		ok(@answered >= $first && @answered <= 3 * $first, 'none is sent without a record');
		is((grep { $_->{err} =~ /WARNING:  the answer is not recorded|ERROR:  could not record/ } @results), 3, 'each is told')
		  or diag(explain(\@results));
		wait_until(
			sub { $node->log_contains('threw away \d+ records?: the extension was dropped', $log_start) },
			'the server log to say that records were thrown away');
		$node->safe_psql('dropped', 'CREATE EXTENSION genaiops');
		prepare_database('dropped');
		is(call('dropped', 'after'), 'after', 'calls work in the next one');
		is(count_rows('dropped', 'gaiops.spans'), 1, 'which has nothing of the old one');
	}
};

subtest 'DROP and CREATE EXTENSION under load' => sub {
	# While there is no extension a call fails at once: so as not to be through then.
	my $pause = "SELECT pg_sleep(CASE WHEN EXISTS (SELECT FROM pg_extension WHERE extname = 'genaiops') THEN 0.002 ELSE 0.05 END)";
	my $calls = sessions($node, 4,
		"\\set ON_ERROR_STOP 0\n" . "SELECT gaiops_chat('echo', 'load'); $pause;\n" x 500,
		db => 'dropped');
	my $again = "DROP EXTENSION genaiops; CREATE EXTENSION genaiops; SELECT gaiops_create_endpoint('echo', 'builtin:echo');";
	foreach my $round (1 .. 6)
	{
		wait_until(sub { count_rows('dropped', 'gaiops.spans') > 3 }, 'calls') if $round < 4;
		runs_ok('dropped', $again, "round $round");
	}
	my @results = $calls->finish(60);
	is((grep { $_->{timed_out} || $_->{rc} == 2 } @results), 0, 'no session hangs or dies');
	is(call('dropped', 'after'), 'after', 'calls work afterwards');
	is(count_rows('dropped', 'gaiops.intents'), 0, 'no call seems under way');
	is(count_rows('dropped', 'gaiops.rejected_records'), 0, 'no record was rejected');
};

subtest 'commands that want a database for themselves' => sub {
	my $space = PostgreSQL::Test::Utils::tempdir();

	make_database('elsewhere');
	make_database('db');
	$node->safe_psql('postgres', "CREATE TABLESPACE other LOCATION '$space'");
	my $elsewhere = call_in_flight('elsewhere');

	foreach my $when ('an idle writer', 'a call just made')
	{
		my $ready = sub {
			call($_[0], 'hello');
			await_writer_of($_[0], 1) if $when eq 'an idle writer';
		};

		$ready->('db');
		runs_ok('postgres', 'ALTER DATABASE db RENAME TO renamed', "RENAME with $when");
		$ready->('renamed');
		runs_ok('postgres', 'ALTER DATABASE renamed RENAME TO db', "RENAME back with $when");
		$ready->('db');
		runs_ok('postgres', 'ALTER DATABASE db SET TABLESPACE other', "SET TABLESPACE with $when");
		$ready->('db');
		runs_ok('postgres', 'ALTER DATABASE db SET TABLESPACE pg_default', "SET TABLESPACE back with $when");
		$ready->('db');
		runs_ok('postgres', 'CREATE DATABASE copy TEMPLATE db', "TEMPLATE with $when");
		is(count_rows('copy', 'gaiops.spans'), count_rows('db', 'gaiops.spans'), 'the copy has every row');
		is(count_rows('copy', 'gaiops.intents'), 0, 'and no call under way');
		$ready->('copy');
		runs_ok('postgres', 'DROP DATABASE copy', "DROP with $when");
		$ready->('db');
		runs_ok('postgres', "CREATE DATABASE copy TEMPLATE db STRATEGY file_copy", "TEMPLATE by file copy with $when");
		$ready->('copy');
		runs_ok('postgres', 'DROP DATABASE copy WITH (FORCE)', "DROP WITH (FORCE) with $when");
	}
	is(count_rows('db', 'gaiops.spans'), 12, 'no record was lost');
	is($elsewhere->running, 1, 'a call in another database was under way all the time');
	refused_ok('postgres', 'ALTER DATABASE elsewhere RENAME TO nowhere', qr/is being accessed by other users/, 'a call under way keeps its database');
	like(cancel($elsewhere)->{err}, qr/canceling statement/, 'and can be cancelled');
	wait_until(sub { count_rows('elsewhere', 'gaiops.intents') == 0 }, 'its record');
	is(count_rows('elsewhere', "gaiops.spans WHERE error_class = 'canceled'"), 1, 'and is recorded');
};

subtest 'the databases that new ones are made of' => sub {
	$node->safe_psql('template1', 'CREATE EXTENSION genaiops');
	prepare_database('template1');
	call('template1', 'hello');
	runs_ok('postgres', 'CREATE DATABASE child', 'template1 right after a call');
	is(call('child', 'hello'), 'hello', 'its copy takes calls');
	is(count_rows('child', 'gaiops.spans'), 2, 'and has the rows');
	$node->safe_psql('postgres', 'ALTER DATABASE child ALLOW_CONNECTIONS false');
	runs_ok('postgres', 'CREATE DATABASE grandchild TEMPLATE child', 'a database that takes no connections');
	runs_ok('postgres', 'DROP DATABASE grandchild; DROP DATABASE child', 'both are dropped');
	$node->safe_psql('template1', 'DROP EXTENSION genaiops');
};

subtest 'a database dropped with a session killed in mid-call' => sub {
	my $hanging = call_in_flight('db');
	runs_ok('postgres', 'DROP DATABASE db WITH (FORCE)', 'DROP WITH (FORCE)');
	my $result = ($hanging->finish(30))[0];
	is($result->{rc}, 2, 'the session has lost its connection');
	is(call('elsewhere', 'after'), 'after', 'other databases go on');
};

subtest 'roles without the right to a database do not disturb its writer' => sub {
	$node->safe_psql('postgres', 'CREATE ROLE nobody LOGIN');
	call('elsewhere', 'here');
	refused_ok('postgres', 'SET ROLE nobody; DROP DATABASE elsewhere', qr/must be owner/, 'DROP is refused');
	is(call('elsewhere', 'still'), 'still', 'calls go on');
};

$node->stop;
unlike(PostgreSQL::Test::Utils::slurp_file($node->logfile), qr/PANIC|TRAP|terminated by signal/, 'no process crashed');
done_testing();
