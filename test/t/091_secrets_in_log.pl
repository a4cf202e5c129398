# No key in the server's log, whatever is logged and whatever fails; and nothing else
# missing there.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use GaiopsTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use RawSession;
use Test::More;

my $hidden = '<genaiops: statement with a secret>';

# All that PostgreSQL can log, in all forms.
my $everything = <<'END';
log_line_prefix = ''
log_statement = 'all'
log_duration = on
log_min_duration_statement = 0
log_parameter_max_length = -1
log_parameter_max_length_on_error = -1
log_min_messages = debug2
log_disconnections = on
log_min_error_statement = debug5
log_error_verbosity = verbose
auto_explain.log_min_duration = 0
auto_explain.log_nested_statements = on
auto_explain.log_verbose = on
END
my $parts = <<'END';
debug_print_parse = on
debug_print_rewritten = on
debug_print_plan = on
debug_pretty_print = off
log_parser_stats = on
log_planner_stats = on
log_executor_stats = on
END

# Not every package of PostgreSQL has it.
chomp(my $modules = qx(@{[ $ENV{PG_CONFIG} // 'pg_config' ]} --pkglibdir));
my @explain = -e "$modules/auto_explain.so" ? ('auto_explain') : ();
my $preload = join ', ', @explain, 'genaiops';

my $node = gaiops_node('main', conf => <<"END", extension => 0);
shared_preload_libraries = '$preload'
logging_collector = on
log_rotation_size = 0
log_destination = 'stderr, csvlog, jsonlog'
$everything$parts
END
my $plain = gaiops_node('plain', conf => <<"END", extension => 0);
shared_preload_libraries = '@explain'
logging_collector = on
log_rotation_size = 0
log_destination = 'stderr, csvlog, jsonlog'
$everything
END

sub slurp
{
	my ($path, $from) = @_;
	open(my $file, '<:raw', $path) or die "$path: $!";
	seek($file, $from // 0, 0);
	local $/;
	return scalar(<$file>) // '';
}

# A server's log in each of its forms.
sub log_files
{
	my ($of) = @_;
	return map { glob $of->data_dir . "/log/*.$_" } qw(log csv json);
}

# A session that leaves nothing in the log but what it says.
my %observers;
sub observe
{
	my ($of, $sql) = @_;
	my $observer = $observers{ $of->name } //= do {
		my $session = RawSession->new($of, 'postgres');
		my $settings = "$everything$parts" =~ s/^auto_explain.*\n//mgr;
		my %off = (log_statement => 'none', map { $_ => -1 } qw(log_min_duration_statement auto_explain.log_min_duration));
		my @names = ('auto_explain.log_min_duration', $settings =~ /^(log_statement|log_min_duration_statement|log_duration|debug_print_\w+|log_\w+_stats) = /mg);
		$session->query(join '; ', 'SET log_min_messages = log', 'SET log_min_error_statement = panic', map { "SET $_ = " . ($off{$_} // 'off') } @names);
		$session;
	};
	my $answer = $observer->query($sql);
	die $answer->{error}{M} if $answer->{error};
	return $answer;
}

# Does something and returns what is logged of it, in each form.  A log has all once a
# mark has come, which is said before and behind.
my $marks = 0;
sub logged
{
	my ($of, $what) = @_;
	my @files = log_files($of);
	my @from = map { -s } @files;
	my $mark = sprintf 'mark %d.', ++$marks;
	my @logs;

	observe($of, "DO 'BEGIN RAISE LOG ''$mark''; END'");
	$what->();
	observe($of, "DO 'BEGIN RAISE LOG ''$mark''; END'");
	wait_until(
		sub {
			@logs = map { slurp($files[$_], $from[$_]) } 0 .. $#files;
			return !grep { !/\Q$mark\E["\s](.*)\Q$mark\E["\s]/s } @logs;
		},
		'the log');
	return map { /\Q$mark\E["\s].*?\n(.*)^[^\n]*?\Q$mark\E["\s]/sm ? $1 : die 'no mark' } @logs;
}

my $bytes = join ' ', map { ord } split //, 'sk-clear';

# One message after the other in one session; none of them may leave a key.  A test is
# what the client gets of the last one: undef for no error.
sub hidden_ok
{
	my ($name, $messages, $expected) = @_;
	my ($answer, $seen);
	my @logs = logged(
		$node,
		sub {
			my $session = RawSession->new($node, 'postgres');
			foreach my $message (@$messages)
			{
				$answer = ref $message ? $message->($session) : $session->query($message);
			}
			$seen = join ' ', map { $_->[0] } grep { $_->[0] =~ /sk-clear/ }
			  @{ observe($node, 'SELECT query FROM pg_stat_activity WHERE query IS NOT NULL')->{rows} };
			$session->close;
		});
	my $found = $answer->{error} ? "$answer->{error}{C} $answer->{error}{M}" : 'no error';

	like($found, $expected // qr/^no error$/, "$name: the client");
	foreach my $log (@logs)
	{
		my @lines = map { substr $_, 0, 200 } grep { /sk-clear|\Q$bytes\E/ } split /\n/, $log;
		is(join("\n", @lines), '', "$name: no key in the log");
	}
	ok($logs[0] =~ /\Q$hidden\E/, "$name: which says so");
	is($seen, '', "$name: no key in pg_stat_activity");
	return @logs;
}

my $n = 0;
sub create { $n++; return "gaiops_create_secret('key-$n', 'sk-clear-$n')"; }

observe($node, 'CREATE EXTENSION genaiops');
observe($node, <<'SQL');
SELECT gaiops_create_endpoint('llm', url => 'https://gateway.example/v1');
SELECT gaiops_create_secret_from_file('known', 'PG_VERSION');
CREATE FUNCTION store_sql(name text, key text) RETURNS text LANGUAGE sql AS 'SELECT gaiops_create_secret(name, key)';
CREATE FUNCTION store_plpgsql(name text, key text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN gaiops_create_secret(name, key);
END
$$;
CREATE FUNCTION store_and_fail(name text, key text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM gaiops_create_secret(name, key);
	RAISE EXCEPTION 'failed with %', key USING DETAIL = key, HINT = key;
END
$$;
CREATE FUNCTION store_built(name text, key text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text;
BEGIN
	EXECUTE 'SELECT gaiops_' || 'create_secret($1, $2)' INTO result USING name, key;
	RETURN result;
END
$$;
CREATE FUNCTION store_built_text(name text, key text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text;
BEGIN
	EXECUTE 'SELECT gaiops_' || format('create_secret(%L, %L)', name, key) INTO result;
	RETURN result;
END
$$;
CREATE TABLE numbers AS SELECT i FROM generate_series(1, 20000) AS i;
SQL

# A statement of its own.
hidden_ok('a call', [ 'SELECT ' . create() ]);
hidden_ok('a call in other words', [ "select Pg_Catalog . \"gaiops_create_secret\" -- x\n ('other', 'sk-clear')" ]);
hidden_ok('a call with escapes', [ "SELECT U&\"gaiops\\005Fcreate!005fsecret\"('x', 'sk-clear')" ], qr/^42883 /);
hidden_ok('a call with escapes of its own', [ "SELECT U&\"gaiops!005Fcreate!005fsecret\" UESCAPE '!' ('escaped', 'sk-clear')" ]);
hidden_ok('a call that looks like a signature',
	[ "SELECT gaiops_create_secret(name.text, value.text) FROM (VALUES ('columns')) AS name (text), (VALUES ('sk-clear')) AS value (text)" ]);
hidden_ok('altering', [ "SELECT gaiops_alter_secret('known', 'sk-clear')" ]);
hidden_ok('EXPLAIN', [ 'EXPLAIN (ANALYZE, VERBOSE) SELECT ' . create() ]);
hidden_ok('CREATE TABLE AS', [ 'CREATE TEMP TABLE t AS SELECT ' . create() ]);
hidden_ok('a key that is text of another part',
	[ "WITH k (n, v) AS (VALUES ('part', 'sk-clear-part')) SELECT gaiops_create_secret(n, v) FROM k" ]);

# What fails.
my $divide = qr/^22012 division by zero$/;
hidden_ok('the name is taken', [ "SELECT gaiops_create_secret('known', 'sk-clear')" ], qr/^42710 secret "known" already exists$/);
hidden_ok('a later part of the statement', [ 'SELECT ' . create() . ', 1 / (random() * 0)::int' ], $divide);
hidden_ok('a later part that shows the key', [ "SELECT (x || 'sk-clear')::int FROM (SELECT " . create() . " OFFSET 0) AS t (x)" ],
	qr/^22P02 invalid input syntax for type integer: "key-\d+sk-clear"$/);
hidden_ok('changing an endpoint', [ "SELECT gaiops_alter_endpoint('nobody', secret => " . create() . ')' ], qr/^LM009 /);
hidden_ok('changing an endpoint to what it cannot be',
	[ "SELECT gaiops_alter_endpoint('llm', url => 'ftp://gateway.example', secret => " . create() . ')' ], qr/^22023 /);
hidden_ok('a later statement', [ 'SELECT ' . create() . '; SELECT 1 / 0' ], $divide);
hidden_ok('an earlier statement', [ 'SELECT 1 / 0; SELECT ' . create() ], $divide);
hidden_ok('a later statement that does not parse', [ 'SELECT ' . create() . '; SELECT nothing' ], qr/^42703 /);
hidden_ok('a later syntax error', [ 'SELECT ' . create() . '; SELCT 1' ], qr/^42601 syntax error at or near "SELCT"$/);
hidden_ok('a syntax error at the key', [ "SELECT gaiops_create_secret('x' 'sk-clear')" ], qr/^42601 syntax error at or near "'sk-clear'"$/);
hidden_ok('a syntax error without parenthesis', [ "SELECT gaiops_create_secret 'x', 'sk-clear')" ], qr/^42601 /);
hidden_ok('another syntax error', [ "SELECT gaiops_create_secret $_" ], qr/^42/)
	foreach "['x', 'sk-clear']", "= 'sk-clear'", ", ('x', 'sk-clear')", ": ('x', 'sk-clear')", ". ('x', 'sk-clear')", "; ('x', 'sk-clear')", 'x, "sk-clear"';
hidden_ok('a string without its end', [ "SELECT gaiops_create_secret('x', 'sk-clear)" ], qr/^42601 unterminated quoted string/);
hidden_ok('too many arguments', [ "SELECT gaiops_create_secret('x', 'sk-clear', 1)" ], qr/^42883 /);
hidden_ok('a mistyped end of the name', [ "SELECT gaiops_create_secrets('x', 'sk-clear')" ], qr/^42883 /);
hidden_ok('no right', [ 'CREATE ROLE nobody', 'SET ROLE nobody', 'SELECT ' . create() ], qr/^42501 /);
hidden_ok('a transaction that has failed', [ 'BEGIN', 'SELECT 1 / 0', 'SELECT ' . create() ], qr/^25P02 /);
hidden_ok('a cancel', [ 'SET statement_timeout = 50', 'SELECT ' . create() . ', pg_sleep(60)' ], qr/^57014 /);
hidden_ok('a constraint at the end',
	[ 'CREATE TEMP TABLE t (a text UNIQUE DEFERRABLE INITIALLY DEFERRED); INSERT INTO t SELECT ' . create() . '; INSERT INTO t SELECT max(a) FROM t' ],
	qr/^23505 /);

# DO, and what is raised to the client.
hidden_ok('DO', [ 'DO $$BEGIN PERFORM ' . create() . '; END$$' ]);
hidden_ok('DO that fails', [ 'DO $$BEGIN PERFORM ' . create() . '; PERFORM 1 / 0; END$$' ], $divide);
hidden_ok('DO that fails with the key', [ "DO \$\$BEGIN RAISE EXCEPTION 'sk-clear' USING DETAIL = 'sk-clear', HINT = 'sk-clear'; PERFORM " . create() . '; END$$' ],
	qr/^P0001 sk-clear$/);
hidden_ok('DO with a variable', [ "DO \$\$DECLARE k text := 'sk-clear'; BEGIN SELECT 'sk-clear-2' INTO k; PERFORM gaiops_create_secret('variable', k); END\$\$" ]);
hidden_ok('DO that catches', [ 'DO $$BEGIN PERFORM ' . create() . ', 1 / (random() * 0)::int; EXCEPTION WHEN OTHERS THEN RAISE WARNING $m$%, sk-clear$m$, SQLERRM; END$$; SELECT 1 / 0' ], $divide);

# PREPARE.
hidden_ok('PREPARE', [ 'PREPARE p AS SELECT ' . create() ]);
hidden_ok('EXECUTE', [ 'PREPARE p AS SELECT gaiops_create_secret($1, $2)', "EXECUTE p('execute', 'sk-clear')" ]);
hidden_ok('EXECUTE that fails', [ 'PREPARE p AS SELECT gaiops_create_secret($1, $2), 1 / (random() * 0)::int', "EXECUTE p('x', 'sk-clear')" ], $divide);
hidden_ok('EXECUTE with arguments that fail', [ 'PREPARE "P x" AS SELECT gaiops_create_secret($1, $2)', "EXECUTE \"P x\"('x', 'sk-clear', 1)" ], qr/^42601 wrong number/);
hidden_ok('EXECUTE before a syntax error', [ 'PREPARE p AS SELECT gaiops_create_secret($1, $2)', "EXECUTE p('x', 'sk-clear'); SELCT 1" ], qr/^42601 /);
hidden_ok('EXECUTE behind another', [ 'PREPARE o(int) AS SELECT $1', 'PREPARE p AS SELECT gaiops_create_secret($1, $2)', "EXECUTE o(1); EXECUTE p('behind', 'sk-clear')" ]);
hidden_ok('a long name', [ 'PREPARE ' . ('é' x 40) . ' AS SELECT gaiops_create_secret($1, $2)', 'EXECUTE ' . ('é' x 35) . "('long', 'sk-clear')" ]);
hidden_ok('a cursor', [ 'BEGIN', 'DECLARE c CURSOR FOR SELECT ' . create() . ' FROM generate_series(1, 1)', 'FETCH c', 'CLOSE c' ]);

# The extended protocol.
my $call = 'SELECT gaiops_create_secret($1, $2)';
hidden_ok('parameters', [ sub { $_[0]->extended($call, [ 'bound', 'sk-clear' ]) } ]);
hidden_ok('parameters of a call that fails', [ sub { $_[0]->extended("$call, 1 / (random() * 0)::int", [ 'x', 'sk-clear' ]) } ], $divide);
hidden_ok('parameters that cannot be read',
	[ sub { $_[0]->extended("$call, \$3::int", [ 'x', 'sk-clear', 'sk-clear' ]) } ], qr/^22P02 /);
hidden_ok('a literal', [ sub { $_[0]->extended('SELECT ' . create(), []) } ]);
hidden_ok('a literal that is parsed only', [ sub { $_[0]->parse('s', 'SELECT ' . create()) } ]);
hidden_ok('a literal that does not parse', [ sub { $_[0]->parse('s', 'SELCT ' . create()) } ], qr/^42601 /);
hidden_ok('a statement parsed before', [ sub { $_[0]->parse('s', $call) }, sub { $_[0]->run('s', [ 'parsed', 'sk-clear' ]) } ]);
hidden_ok('a statement parsed before, with EXECUTE', [ sub { $_[0]->parse('s', $call) }, "EXECUTE s('parsed.too', 'sk-clear')" ]);
hidden_ok('row by row', [ sub { $_[0]->parse('s', "$call FROM generate_series(1, 2)") }, sub { $_[0]->run('s', [ 'rows', 'sk-clear' ], 1) } ], qr/^42710 /);

# Functions, and calls whose names are built at run time: from then on.  What is logged
# before they run cannot be known.
my $late = 'SET log_statement = none; SET log_min_messages = notice; SET debug_print_parse = off; SET debug_print_rewritten = off; '
  . 'SET debug_print_plan = off; SET log_parser_stats = off; SET log_planner_stats = off';
my $do = 'DO $$BEGIN EXECUTE %s; END$$';
foreach my $function (qw(store_sql store_plpgsql store_built store_built_text))
{
	hidden_ok("$function()", [ $late, "SELECT $function('$function', 'sk-clear')" ]);
	hidden_ok("$function(), and a failure", [ $late, "SELECT $function('$function 2', 'sk-clear'), 1 / (random() * 0)::int" ], qr/^42602 |$divide/);
	hidden_ok("$function(), and a later failure", [ $late, "SELECT $function('$function.3', 'sk-clear'); SELECT 1 / 0" ], $divide);
	hidden_ok("$function() that fails", [ $late, "SELECT $function('known', 'sk-clear')" ], qr/^42710 /);
	hidden_ok("$function() with parameters", [ "$late; SET log_duration = off; SET log_min_duration_statement = -1", sub { $_[0]->parse('s', "SELECT $function(\$1, \$2)") }, sub { $_[0]->run('s', [ 'known', 'sk-clear' ]) } ], qr/^42710 /);
}
hidden_ok('a function that fails with the key', [ $late, "SELECT store_and_fail('x', 'sk-clear')" ], qr/^P0001 failed with sk-clear$/);
hidden_ok('DO that builds', [ $late, sprintf $do, q{'SELECT gaiops_' || 'create_secret(''built'', ''sk-clear'')'} ]);
hidden_ok('DO that builds, and a later failure',
	[ $late, sprintf("$do; SELECT 1 / 0", q{'SELECT gaiops_' || 'create_secret(''built.2'', ''sk-clear'')'}) ], $divide);
hidden_ok('DO that builds, and is refused',
	[ $late, 'SET ROLE nobody', sprintf($do, q{'SELECT gaiops_' || 'create_secret(''x'', ''sk-clear'')'}) ], qr/^42501 /);
hidden_ok('a failure behind a transaction',
	[ $late, sprintf("$do; COMMIT; SELECT 1 / 0", q{'SELECT gaiops_' || 'create_secret(''built.3'', ''sk-clear'')'}) ], $divide);

# The workers of a parallel query write to the log themselves.
my $parallel = "SET debug_parallel_query = on; SET max_parallel_workers_per_gather = 2; SET parallel_setup_cost = 0; SET parallel_leader_participation = off; "
  . "SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0; SET log_min_messages = debug2";
$parallel =~ s/debug_parallel_query/force_parallel_mode/ if $node->pg_version < 16;
{
	my $count = 'SELECT count(*) FROM numbers WHERE 1 / (i - 20000) > 0';
	my @logs = logged($node, sub { my $s = RawSession->new($node, 'postgres'); $s->query($parallel); $s->query($count); $s->close; });
	ok($logs[0] =~ /division by zero.*parallel worker/s, 'a query fails in a worker');
	hidden_ok('a parallel query',
		[ "$late; $parallel", sprintf("$do; $count", q{'SELECT gaiops_' || 'create_secret(''built.4'', ''sk-clear'')'}) ], $divide);
}

# auto_explain with each of its settings, on what is nested.
my $each = 0;
foreach my $setting (!@explain ? () : (
	'log_format = json', 'log_format = xml', 'log_format = yaml', 'log_verbose = off', 'log_analyze = on',
	'log_nested_statements = off', 'log_level = notice', 'log_buffers = on', 'log_settings = on', 'log_triggers = on',
	'log_timing = off', 'log_wal = on', 'sample_rate = 1', 'log_min_duration = 0',
	($node->pg_version >= 16 ? ('log_parameter_max_length = 4') : ())))
{
	$each++;
	my $set = "LOAD 'auto_explain'; SET client_min_messages = error; SET auto_explain.$setting";
	hidden_ok("auto_explain with $setting, DO",
		[ $set, "DO \$\$DECLARE k text := 'sk-clear'; BEGIN PERFORM gaiops_create_secret('do.$each', k); PERFORM k FROM numbers LIMIT 1; END\$\$" ]);
	hidden_ok("auto_explain with $setting, parameters", [ $set, sub { $_[0]->extended($call, [ "explained.$each", 'sk-clear' ]) } ]);
	hidden_ok("auto_explain with $setting, a function", [ "$late; $set", "SELECT store_built_text('built-$each', 'sk-clear')" ]);
}

# What the log keeps, and the client gets.
{
	my $session = RawSession->new($node, 'postgres');
	my $answer;
	my ($log) = logged($node, sub { $answer = $session->query("SELECT gaiops_create_secret('x', 'sk-clear'), 1 +; SELECT 2") });
	like($log, qr/^ERROR:  42601: syntax error at character 50$/m, 'the log has the kind of error');
	like($log, qr/^STATEMENT:  \Q$hidden\E$/m, 'and that a statement was hidden');
	is($answer->{error}{P}, 50, 'the client gets the place');

	($log) = logged($node, sub { $answer = $session->query("SELECT gaiops_create_secret('known', 'sk-clear')") });
	like($log, qr/^LOG:  00000: \Q$hidden\E$/m, 'the log has another text in place of the statement');
	like($log, qr/^ERROR:  42710: secret "%s" already exists$/m, 'and no name');
	like($answer->{error}{H}, qr/^Use gaiops_alter_secret\(\)/, 'the client gets the hint');

	$session->query($late);
	$answer = undef;
	($log) = logged($node, sub { $answer = $session->query("SELECT store_and_fail('x', 'sk-clear')") });
	is_deeply([ @{ $answer->{error} }{qw(M D H)} ], [ 'failed with sk-clear', 'sk-clear', 'sk-clear' ], 'the client gets all parts');
	like($answer->{error}{W}, qr/^PL\/pgSQL function store_and_fail/, 'and the context');
	like($log, qr/^ERROR:  P0001: \Q$hidden\E\nDETAIL:  \Q$hidden\E\nHINT:  \Q$hidden\E\nCONTEXT:  \Q$hidden\E\n/m, 'the log has none of them');
	$session->close;
}

# The end of a session that had a key.  What is logged of it comes after pg_stat_activity
# has lost it, so that its process tells.
foreach my $last (sub { $_[0]->query('SELECT ' . create()) }, sub { $_[0]->query('SELECT ' . create() . '; SELCT') }, sub { $_[0]->extended('SELECT ' . create(), []) })
{
	my ($log) = logged($node, sub {
		my $session = RawSession->new($node, 'postgres');
		my $pid = $session->query('SELECT pg_backend_pid()')->{rows}[0][0];
		$last->($session);
		$session->close;
		wait_until(sub { !kill(0, $pid) }, 'the end of a session');
	});
	like($log, qr/^LOG:  00000: disconnection: session time: 0:\d\d:\S+ user=\w+ database=postgres/m, 'a session that had a key ends in the log');
}

# What ends the session: by another one while the statement runs, by itself, by an error
# that a setting makes one that does, by a message that is none.
{
	my $neighbour = RawSession->new($node, 'postgres');
	$neighbour->query('CREATE TEMP TABLE mine AS SELECT 1 AS one');
	my $ends_ok = sub {
		my ($name, $messages, $expected, $logged, $kill) = @_;
		my ($last, $pid) = $messages->[-1];
		my @logs = hidden_ok($name,
			[
				sub { $pid = $_[0]->query('SELECT pg_backend_pid()')->{rows}[0][0] },
				@$messages[ 0 .. $#$messages - 1 ],
				sub {
					my ($session) = @_;
					ref $last ? $last->($session) : $session->say_message('Q', "$last\0");
					$session->{socket}->flush;
					if ($kill)
					{
						wait_until(sub { observe($node, "SELECT wait_event = 'PgSleep' FROM pg_stat_activity WHERE pid = $pid")->{rows}[0][0] eq 't' }, 'a statement');
						observe($node, "SELECT pg_terminate_backend($pid)");
					}
					my $answer = $session->read_answer;
					wait_until(sub { !kill(0, $pid) }, 'the end of a session');
					is($answer->{error}{V}, 'FATAL', "$name: the session has ended");
					return $answer;
				}
			],
			$expected);
		like($logs[0], qr/^FATAL:  $logged$/m, "$name: which the log says");
		like($logs[0], qr/^LOG:  00000: disconnection: session time: /m, "$name: as it does of any session's end");
		is($neighbour->query('SELECT one FROM mine')->{rows}[0][0], 1, "$name: other sessions go on");
	};
	my @terminated = (qr/^57P01 terminating connection due to administrator command$/, '57P01: terminating connection due to administrator command');
	my $kill_me = 'pg_terminate_backend(pg_backend_pid()), pg_sleep(60)';

	$ends_ok->('termination', [ 'SELECT ' . create() . ', pg_sleep(600)' ], @terminated, 1);
	$ends_ok->('termination of parameters', [ sub { $_[0]->parse('s', "$call, pg_sleep(600)") }, sub { $_[0]->say_run('s', [ 'ended', 'sk-clear' ], 0) } ], @terminated, 1);
	$ends_ok->('termination by itself', [ 'SELECT ' . create() . ", $kill_me" ], @terminated);
	$ends_ok->('termination within a transaction block', [ 'BEGIN; SELECT ' . create() . "; SAVEPOINT s; SELECT $kill_me" ], @terminated);
	$ends_ok->('termination within DO', [ 'DO $$BEGIN PERFORM ' . create() . ", $kill_me; EXCEPTION WHEN OTHERS THEN RAISE; END\$\$" ], @terminated);
	$ends_ok->('termination of what is built', [ $late, sprintf($do, "\$x\$SELECT gaiops_\$x\$ || \$x\$create_secret('ended.1', 'sk-clear'), $kill_me\$x\$") ], @terminated);
	$ends_ok->('exit_on_error', [ 'SET exit_on_error = on', "SELECT gaiops_create_secret('known', 'sk-clear')" ],
		qr/^42710 secret "known" already exists$/, '42710: secret "%s" already exists');
	$ends_ok->('exit_on_error and a syntax error', [ 'SET exit_on_error = on', "SELECT gaiops_create_secret('x' 'sk-clear')" ], qr/^42601 /, '42601: syntax error at character \d+');
	$ends_ok->('exit_on_error and what is built', [ "$late; SET exit_on_error = on", "SELECT store_built_text('known', 'sk-clear')" ],
		qr/^42710 secret "known" already exists$/, '42710: secret "%s" already exists');
	$ends_ok->('a message that is none', [ sub { $_[0]->say_message('P', "\0SELECT " . create() . "\0" . pack('n', 0)); $_[0]->say_message('?', '') } ],
		qr/^08P01 invalid frontend message type 63$/, '08P01: invalid frontend message type 63');
	$neighbour->close;
}

# A long text is read once, however much is logged of it: each time would take minutes.
observe($node, "SET statement_timeout = '60s'");
observe($node, 'DO $$BEGIN FOR i IN 1 .. 3000 LOOP RAISE LOG $m$said$m$; END LOOP; END$$ --' . 'x' x 20_000_000);
observe($node, 'RESET statement_timeout');

# Nor is one that names the functions, or executes, all over: 20 MB of it would take days.
# What is meant to be shown is hidden there, since nobody looks to the end of each.
{
	my $session = RawSession->new($node, 'postgres');
	$session->query("$late; SET statement_timeout = '60s'");
	foreach my $piece ("'gaiops_create_secret'", '/*gaiops_create_secret ', 'gaiops_create_secret(--', '/*execute ', 'execute--')
	{
		my $answer = $session->query('SELCT ' . $piece x (20_000_000 / length $piece));
		is($answer->{error}{C}, '42601', "a text of $piece");
	}

	# Prepared statements are read once, and not without end where they take turns.
	my $long = "SELECT '" . 'x' x 1_000_000 . "'";
	$session->query("PREPARE p AS $long");
	$session->query("PREPARE q AS $long");
	my ($log) = logged($node, sub { $session->query('SELCT ' . 'execute p ' x 1000) });
	unlike($log, qr/\Q$hidden\E/, 'a long statement that is executed often is logged');
	($log) = logged($node, sub { $session->query('SELCT ' . 'execute p execute q ' x 1000) });
	like($log, qr/^STATEMENT:  \Q$hidden\E$/m, 'long statements that are executed in turns are hidden');
	$session->close;
}

# Who is logged has no say in it, and a superuser has.  A comment hides, for it may hold a
# key; who ran something, and when, is there all the same.
{
	observe($node, "ALTER SYSTEM SET log_line_prefix = '%m %u '");
	$node->reload;
	my $session = RawSession->new($node, 'postgres');
	wait_until(sub { $session->query('SHOW log_line_prefix')->{rows}[0][0] ne '' }, 'the setting');
	my ($own, $comment) = ("SELECT gaiops_create_secret('known', 'visible')", "SELECT 'mine' /* gaiops_create_secret('k') */");
	my ($log) = logged($node, sub { $session->query($comment) });
	unlike($log, qr/mine/, 'a comment hides a statement');
	like($log, qr/^\S+ \S+ \w+ \w+ LOG:  00000: \Q$hidden\E$/m, 'not that there was one, when, and whose');

	$session->query("$late; SET ROLE nobody");
	is($session->query('SET gaiops.hide_secrets_in_log = off')->{error}{C}, '42501', 'hiding is not for everybody to end');
	my $set = $session->query('RESET ROLE; SET gaiops.hide_secrets_in_log = off; SET log_statement = "all"');
	is($set->{error}, undef, 'which a superuser can');
	($log) = logged($node, sub { $session->query($_) foreach $comment, $own });
	like($log, qr/statement: \Q$comment\E$/m, 'then it is logged');
	like($log, qr/statement: \Q$own\E\n.*^\S+ \S+ \w+ \w+ ERROR:  42710: secret "known" already exists\n.*^\S+ \S+ \w+ \w+ STATEMENT:  \Q$own\E$/ms, 'with keys');
	unlike($log, qr/\Q$hidden\E/, 'and nothing is hidden');
	is($session->query('SELECT query FROM pg_stat_activity WHERE pid = pg_backend_pid() -- gaiops_create_secret($$k$$)')->{rows}[0][0] =~ /hidden|genaiops/, '',
		'nor in pg_stat_activity');
	$session->query('RESET gaiops.hide_secrets_in_log');
	($log) = logged($node, sub { $session->query($own) });
	unlike($log, qr/visible/, 'until it is on again');
	$session->close;
	observe($node, 'ALTER SYSTEM RESET log_line_prefix');
	$node->reload;
	wait_until(sub { observe($node, 'SHOW log_line_prefix')->{rows}[0][0] eq '' }, 'the setting');
}

# A part of a message of another statement.
{
	observe($node, <<'SQL');
CREATE FUNCTION warn() RETURNS void LANGUAGE plpgsql AS $f$
BEGIN
	RAISE WARNING 'said' USING DETAIL = 'It is SELECT gaiops_create_' || $$secret('x', 'sk-clear').$$;
END
$f$
SQL
	my ($log) = logged($node, sub { my $s = RawSession->new($node, 'postgres'); $s->query($late); $s->query('SELECT warn()'); $s->close });
	like($log, qr/^WARNING:  01000: said\nDETAIL:  \Q$hidden\E\nCONTEXT:  PL.*?\nSTATEMENT:  SELECT warn\(\)$/ms, 'a detail alone is replaced');
	unlike($log, qr/sk-clear/, 'with its key');
}

# A statement without a key is logged as ever, also right after one with a key.
sub say_others
{
	my ($session) = @_;
	$session->query('SELECT 1');
	$session->query('SELECT 1; SELCT 2');
	$session->query("SELECT 'a'::int");
	$session->query("DO \$\$BEGIN RAISE WARNING 'warned' USING DETAIL = 'd', HINT = 'h'; PERFORM 1; RAISE EXCEPTION 'raised'; END\$\$");
	$session->query("PREPARE o(text) AS SELECT \$1; EXECUTE o('x'); EXECUTE o(1, 2)");
	$session->query("PREPARE gaiops AS SELECT 'gaiops_create_secret', 'gaiops_create_secret()'; EXECUTE gaiops");
	$session->extended('SELECT $1::text || $2', [ 'a', 'b' ]);
	$session->extended('SELECT $1::int', ['a']);
	$session->query("SELECT proname FROM pg_proc WHERE proname = 'gaiops_create_secrets'");
	$session->query('DEALLOCATE ALL; SELECT set_config(\'a.b\', \'c\', false)');
	$session->query("SELECT gaiops_create_() FROM gaiops_create_secret");
	$session->query('SET work_mem = 64; SELECT count(*) FROM generate_series(1, 20000) AS i GROUP BY i OFFSET 20000; RESET work_mem');
	return;
}
my $quiet = join '; ', map { "SET $_ = off" } $parts =~ /(\w+) = on/g;
sub normal
{
	my ($log) = @_;
	my @lines = split /\n/, $log;
	s/\d+\.\d+ ms/N ms/, s/cost=\S+/cost/, s/^(LOCATION:.*:)\d+$/$1N/, s/pgsql_tmp\d+/pgsql_tmpN/ for @lines;
	return grep { !/^DEBUG|genaiops writer|checkpoint|^STATEMENT:  \s*$/ } @lines;
}
{
	my @expected = do {
		my $session = RawSession->new($plain, 'postgres');
		$session->query($quiet);
		normal((logged($plain, sub { say_others($session) }))[0]);
	};
	my $session = RawSession->new($node, 'postgres');
	$session->query($quiet);
	my @found = normal((logged($node, sub { say_others($session) }))[0]);
	cmp_ok(scalar(@expected), '>', 50, 'much is logged');
	is_deeply(\@found, \@expected, 'a session without a secret is logged as without the extension');
	$session->query('SELECT ' . create());
	@found = normal((logged($node, sub { say_others($session) }))[0]);
	is_deeply(\@found, \@expected, 'so is one that had a secret');
	$session->query("SELECT gaiops_create_secret('x', 'sk-clear'); SELCT");
	$session->query("SELECT store_built_text('before', 'x'); SELECT 1 / 0");
	@found = normal((logged($node, sub { say_others($session) }))[0]);
	is_deeply(\@found, \@expected, 'so is one whose secret failed');

	# Statements that name the functions, and have no key.
	foreach my $sql (
		'GRANT EXECUTE ON FUNCTION gaiops_create_secret(text, text) TO nobody',
		"SELECT gaiops_alter_secret_from_file('known', 'PG_VERSION')",
		"SELECT gaiops_drop_secret('before')",
		'CREATE EXTENSION genaiops')
	{
		my @logs = logged($node, sub { $session->query($sql) });
		is(scalar(grep { !/statement: \Q$sql\E/ } @logs), 0, "logged: $sql");
		unlike($logs[0], qr/\Q$hidden\E/, 'and nothing hidden of it');
	}
	$session->close;
}

# Making the extension is logged too.
{
	observe($node, 'CREATE DATABASE another');
	my $session = RawSession->new($node, 'another');
	$session->query("$quiet; SET log_min_messages = notice; SET auto_explain.log_nested_statements = off");
	my ($log) = logged($node, sub { $session->query('CREATE EXTENSION genaiops') });
	$session->close;
	ok($log =~ /^LOG:  00000: statement: CREATE EXTENSION genaiops$/m, 'making the extension is logged');
	ok($log !~ /\Q$hidden\E/, 'and nothing hidden of it');
}

# A process that crashes leaves what it was running to the postmaster's log.
{
	my $session = RawSession->new($node, 'postgres');
	my $pid = $session->query('SELECT pg_backend_pid()')->{rows}[0][0];
	$node->append_conf('postgresql.conf', 'restart_after_crash = on');
	$node->reload;
	$session->say_message('Q', 'SELECT pg_sleep(600), ' . create() . "\0");
	$session->{socket}->flush;
	wait_until(sub { observe($node, "SELECT wait_event = 'PgSleep' FROM pg_stat_activity WHERE pid = $pid")->{rows}[0][0] eq 't' }, 'a statement');
	delete $observers{ $node->name };
	kill 'KILL', $pid;
	my ($file) = log_files($node);
	my $log;
	wait_until(sub { $log = slurp($file); $log =~ /PID $pid\) was terminated/ }, 'the crash');
	wait_until(sub { server_answers($node) }, 'the server');
	like($log, qr/PID $pid\) was terminated by signal 9: Killed\nDETAIL:  Failed process was running: \Q$hidden\E$/m, 'a crash is logged without the key');
}

# Without preloading, from when the library is there.
{
	observe($plain, 'CREATE EXTENSION genaiops');
	my $session = RawSession->new($plain, 'postgres');
	$session->query("LOAD 'genaiops'");
	my @logs = logged($plain, sub { $session->query("SELECT gaiops_create_secret('a', 'sk-clear'); SELCT"); $session->query("SELECT gaiops_create_secret('a', 'sk-clear')") });
	ok(!grep({ /sk-clear/ } @logs), 'a session that has loaded the library hides keys');
	$session->close;
}

# Nothing has come later.
$node->stop;
$plain->stop;
foreach my $file (map { $_->logfile, log_files($_) } $node, $plain)
{
	ok(slurp($file) !~ /sk-clear|\Q$bytes\E/, "there is no key in $file");
}

done_testing();
