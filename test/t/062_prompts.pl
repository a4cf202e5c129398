# The prompt registry whatever happens to transactions, sessions and servers:
# numbers are given once, versions stay what they were, and are found again after
# a crash, in a restored dump and on a standby.
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
my $VERSIONS = 20;
my $LOG_TIMEOUT = 2;

my $model = model_server();
my $conf = <<"END";
gaiops.log_timeout = '${LOG_TIMEOUT}s'
gaiops.payload_retention = 0
autovacuum = off
restart_after_crash = on
wal_level = logical
max_wal_senders = 10
END
my $node = gaiops_node('prompts', conf => $conf);

# Whatever is below is done under a publication of all tables.
$node->safe_psql('postgres', 'CREATE PUBLICATION everything FOR ALL TABLES');
make_endpoint($node, 'gateway', $model->url);

sub query
{
	my ($sql, $db) = @_;

	return $node->safe_psql($db // 'postgres', $sql);
}

sub register
{
	my ($name, $server, $db) = @_;

	return ($server // $node)->safe_psql($db // 'postgres',
		"SELECT gaiops_register_prompt('$name', 'Be polite to {{ who }}.')");
}

sub stored
{
	my ($name) = @_;

	return query("SELECT pg_catalog.count(*) FROM gaiops.prompt_contents WHERE name = '$name'");
}

sub drawn
{
	my ($name) = @_;

	return query("SELECT pg_catalog.count(*) FROM gaiops.prompt_numbers WHERE name = '$name'");
}

# ---- numbers of transactions that come to nothing ----
{
	my ($version, $answer, $hash) = split /\n/, query(<<'END');
BEGIN;
SELECT gaiops_register_prompt('x', 'You are polite to {{ who }}.');
SELECT gaiops_chat('gateway', 'say:hello', prompt => 'prompts:/x/1', variables => '{"who": "Ann"}');
SELECT (gaiops_load_prompt('prompts:/x/1')).content_hash;
ROLLBACK;
END
	is("$version $answer", '1 hello', 'a call is made with a version that is rolled back');
	is(stored('x'), 0, 'the version is gone');
	is(query("SELECT name, version FROM gaiops.prompt_numbers"), 'x|1', 'its number is not');
	is(query(<<'END'), "x|1|$hash|You are polite to Ann.", 'the call is on record with name, version, hash and text');
SELECT s.prompt_name, s.prompt_version, s.prompt_hash, c.request::jsonb #>> '{messages,0,content}'
FROM gaiops.spans AS s JOIN gaiops.span_contents AS c USING (trace_id, span_id)
END
	recorded_ok($node, $model, 'and every request has one row', exact => 1);
	is(register('x'), 2, 'another version gets another number');
	is(query(<<'END'), "3\n4", 'as does one after a rollback to a savepoint');
BEGIN;
SAVEPOINT s;
SELECT gaiops_register_prompt('x', 'third');
ROLLBACK TO s;
SELECT gaiops_register_prompt('x', 'fourth');
COMMIT;
END
}
{
	my $open = sessions($node, 1, <<'END');
BEGIN;
SELECT gaiops_register_prompt('x', 'lost'), gaiops_register_prompt('new', 'lost too');
SELECT pg_catalog.pg_sleep(300);
END
	wait_until(sub { query("SELECT pg_catalog.count(*) FROM gaiops.prompt_numbers WHERE (name, version) IN (('x', 5), ('new', 1))") == 2 },
		'the numbers to be drawn');
	$node->stop('immediate');
	$open->finish(30);
	$node->start;
	is(stored('new'), 0, 'an immediate stop takes the versions of an open transaction');
	is(register('x') . ' ' . register('new'), '6 2', 'but not their numbers');
	is(query("SELECT pg_catalog.string_agg(version::text, ' ' ORDER BY version) FROM gaiops.prompt_contents WHERE name = 'x'"),
		'2 4 6', 'what was committed is there');
}

# ---- many at once ----
{
	my @ended = sessions($node, $SESSIONS,
		sub {
			my ($session) = @_;
			my $calls = join '', map { <<"END" } 1 .. $VERSIONS;
SELECT gaiops_register_prompt('race', 'text $_ of session $session') AS v \\gset
SELECT :v || ' text $_ of session $session';
END
			return $session % 2 ? $calls : "BEGIN ISOLATION LEVEL REPEATABLE READ;\n${calls}COMMIT;\n";
		})->finish(120);
	is((grep { $_->{rc} != 0 } @ended), 0, "$SESSIONS sessions register versions of one new name without an error")
	  or diag(map { "$_->{err}\n" } @ended);
	my $said = join "\n", map { $_->{out} } @ended;
	my @numbers = sort { $a <=> $b } $said =~ /^(\d+) /gm;
	is_deeply(\@numbers, [ 1 .. $SESSIONS * $VERSIONS ], 'each gets a number of its own, none is left out');
	same_lines_ok(query("SELECT version || ' ' || template FROM gaiops.prompt_contents WHERE name = 'race'"),
		$said, 'and under each is what was registered');
}

# ---- a writer that is stopped ----
{
	my $writer = stop_writer($node);
	my @ended = sessions($node, 2, sub { <<"END" })->finish(60);
\\set VERBOSITY verbose
@{[ $_[0] == 1 ? '' : "SET gaiops.log_timeout = '60s'; SET statement_timeout = '500ms';" ]}
SELECT gaiops_register_prompt('late$_[0]', 'text');
END
	like($ended[0]{err}, qr/LM010: could not record the number of the version/, 'a stopped writer: registration fails');
	all_ended_ok('a stopped writer: after gaiops.log_timeout', $LOG_TIMEOUT + 5, $ended[0]);
	like($ended[1]{err}, qr/57014: /, 'a stopped writer: and can be canceled before');
	kill 'CONT', $writer;
	is(stored("late$_") . ' ' . register("late$_"), '0 2', "a stopped writer: nothing was stored, number 1 is taken ($_)")
	  foreach 1, 2;
}

# ---- numbers that are reserved by an import while one of them is drawn ----
{
	my $writer = stop_writer($node);
	my $registration = sessions($node, 1, <<'END');
SET gaiops.log_timeout = '60s';
SELECT gaiops_register_prompt('reserved', 'text');
END
	wait_until(sub { query("SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_activity WHERE query ~ 'reserved' AND wait_event_type = 'Extension'") },
		'the session to wait for the writer');
	query("INSERT INTO gaiops.prompt_numbers VALUES ('reserved', 3, NULL, pg_catalog.now())");
	kill 'CONT', $writer;
	my ($ended) = $registration->finish(60);
	is($ended->{out}, 4, 'a number below those that an import reserves meanwhile is not taken');
}

# ---- a session that is killed with a number in its hand ----
{
	my @both = (
		sessions($node, 1, 'BEGIN; LOCK TABLE gaiops.prompt_contents IN SHARE MODE; SELECT pg_catalog.pg_sleep(300);'),
		undef);
	wait_until(sub { query("SELECT pg_catalog.count(*) FROM pg_catalog.pg_locks WHERE relation = 'gaiops.prompt_contents'::regclass AND mode = 'ShareLock' AND granted") },
		'the lock');
	$both[1] = sessions($node, 1, "SELECT gaiops_register_prompt('killed', 'text');");
	my $pid = wait_until(sub { query(<<'END') }, 'the session to wait with a number');
SELECT pid FROM pg_catalog.pg_stat_activity
WHERE wait_event_type = 'Lock' AND query ~ 'killed' AND EXISTS (SELECT FROM gaiops.prompt_numbers WHERE name = 'killed')
END
	kill 'KILL', $pid;
	$_->finish(30) foreach @both;
	wait_until(sub { server_answers($node) }, 'the server');
	is(stored('killed') . ' ' . drawn('killed'), '0 1', 'a killed session: nothing is stored, the number is taken');
	is(register('killed'), 2, 'a killed session: the next registration goes on');
}

# ---- under a publication of all tables ----

query('CREATE ROLE lead');
query(<<'END');
SELECT gaiops_register_prompt('Tone', 'Be {{ mood }}.', tags => '{"team": "support", "kind": "tone"}'),
	gaiops_register_prompt('Tone', 'Be very {{ mood }}.', commit_message => 'louder'),
	gaiops_register_prompt('Tone', 'Be quiet.'),
	gaiops_register_prompt('doomed', 'text'), gaiops_register_prompt('doomed', 'text');
SELECT gaiops_set_prompt_alias('Tone', 'production', 1, 'first'), gaiops_set_prompt_alias('Tone', 'old', 1);
SELECT gaiops_register_prompt('Greet_Prompt', '{{> prompts:/Tone/1 }} {{> prompts:/Tone@production follow }} Greet {{ company }}.'),
	gaiops_register_prompt('Greet_Prompt', '[{"role": "system", "content": "Greet {{ company }}."}, {"type": "placeholder", "name": "history"}]'::jsonb,
		response_format => '{"type": "json_object"}', model_config => '{"temperature": 0.5}');
SELECT gaiops_set_prompt_alias('Greet_Prompt', 'production', 1);
END
foreach my $change (
	"gaiops_set_prompt_alias('Tone', 'production', 2, 'better')",
	"gaiops_set_prompt_alias('Tone', 'production', 1, 'worse')",
	"gaiops_rollback_prompt_alias('Tone', 'production', 'back')",
	"gaiops_delete_prompt_alias('Tone', 'old', 'no longer used')",
	"gaiops_set_prompt_tag('Tone', 'owner', 'Ann')",
	"gaiops_set_prompt_tag('Tone', 'owner', 'Ben')",
	"gaiops_set_prompt_tag('Tone', 'other', '')",
	"gaiops_delete_prompt_tag('Tone', 'other')",
	"gaiops_set_prompt_version_tag('Tone', 1, 'kind', 'changed')",
	"gaiops_delete_prompt_version_tag('Tone', 1, 'team')",
	"gaiops_protect_prompt_alias('Tone', 'production', '{postgres}')",
	"gaiops_protect_prompt_alias('Tone', 'production', '{lead}')",
	"gaiops_delete_prompt_version('Tone', 3)",
	"gaiops_delete_prompt('doomed')")
{
	is(error_of($node, "SELECT $change;") =~ s/^no error: .*//sr, '', "under a publication: $change");
}
is(register('doomed'), 3, 'under a publication: a deleted name goes on with its numbers');

# ---- what nobody may change, changed ----

my $tamper = "UPDATE gaiops.prompt_contents SET template = template || '!' WHERE (name, version) = ('Tone', 2)";
my $greet = q(gaiops_format_prompt('prompts:/Greet_Prompt@production', '{"mood": "kind", "company": "Acme"}'));
is(query("SELECT $greet"), 'Be kind. Be very kind. Greet Acme.', 'a prompt with what it includes');
like(error_of($node, "$tamper;"), qr/55000: rows of gaiops\.prompt_contents cannot be changed/, 'not even a superuser changes a version');
like(error_of($node, "SET session_replication_role = replica; $tamper;"), qr/55000: rows of/, 'nor a subscriber');
query("ALTER TABLE gaiops.prompt_contents DISABLE TRIGGER refuse_change; $tamper");
foreach my $load ("gaiops_load_prompt('prompts:/Tone/2')", "gaiops_format_prompt('prompts:/Tone/2', '{\"mood\": \"kind\"}')", $greet,
	"gaiops_chat('gateway', prompt => 'prompts:/Tone/2', variables => '{\"mood\": \"kind\"}')")
{
	like(error_of($node, "SELECT $load;"), qr/XX001: prompt "Tone" version 2 is not what was registered/, "a version that was changed is not loaded: $load");
}
is(query("SELECT (gaiops_load_prompt('prompts:/Tone/1')).template"), 'Be {{ mood }}.', 'another one is');
query(<<'END');
UPDATE gaiops.prompt_contents SET template = pg_catalog.rtrim(template, '!') WHERE (name, version) = ('Tone', 2);
ALTER TABLE gaiops.prompt_contents ENABLE ALWAYS TRIGGER refuse_change;
END
is(query("SELECT $greet"), 'Be kind. Be very kind. Greet Acme.', 'put back, it is loaded');

# ---- loops that would take minutes ----
{
	my $loops = join '', map { "{% for v$_ in xs %}" } 1 .. 8;
	my $ends = '{% endfor %}' x 8;
	query("SELECT gaiops_register_prompt('loops', '$loops$ends')");
	my @ended = sessions($node, 1, <<'END')->finish(60);
\set VERBOSITY verbose
SET statement_timeout = '100ms';
SELECT gaiops_format_prompt('loops', pg_catalog.jsonb_build_object('xs', (SELECT pg_catalog.jsonb_agg(i) FROM pg_catalog.generate_series(1, 1000) AS i)));
END
	like($ended[0]{err}, qr/57014: canceling statement due to statement timeout/, 'rendering ends at statement_timeout');
	all_ended_ok('and at once', 2, @ended);
}

# ---- a restored dump ----

# Everything that a registry is and does, in one line each.
sub registry_of
{
	my ($server, $db) = @_;
	my $rows = slurp_file("$FindBin::Bin/../lib/rows.sql");

	return join "\n", grep { /^gaiops\.(?:prompt|protected_prompt)/ } split /\n/, $server->safe_psql($db, $rows);
}

sub registry_ok
{
	my ($server, $db, $name, $rows) = @_;

	same_lines_ok(registry_of($server, $db), $rows, "$name: every row is there, and sequences stand where they stood");
	is($server->safe_psql($db, "SELECT $greet"), 'Be kind. Be very kind. Greet Acme.', "$name: prompts are loaded and rendered");
	is($server->safe_psql($db, <<'END'), 't', "$name: every version is what was registered");
SELECT pg_catalog.count((gaiops_load_prompt(pg_catalog.format('prompts:/%s/%s', v.name, v.version))).content_hash)
	= pg_catalog.count(*) FROM gaiops.prompt_versions AS v
END
	return;
}

# Whether the registry of a server that takes writes goes on from there.
sub goes_on_ok
{
	my ($server, $db, $name) = @_;

	is($server->safe_psql($db, "SELECT pg_catalog.string_agg(tgenabled::text, '') FROM pg_catalog.pg_trigger WHERE tgname = 'refuse_change' AND tgfoid = 'gaiops.refuse_change()'::pg_catalog.regprocedure"),
		'AAAA', "$name: versions cannot be changed");
	like(error_of($server, "SET session_replication_role = replica; $tamper;", $db), qr/55000: rows of/, "$name: by nobody");
	is(join(' ', map { register($_, $server, $db) } qw(x race killed doomed)), '7 321 3 4', "$name: numbers go on");
	$server->safe_psql($db, "CREATE ROLE lead") unless $server->safe_psql($db, "SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = 'lead'");
	like(error_of($server, "CREATE ROLE other; SELECT gaiops_grant('other', 'user'); SET ROLE other; SELECT gaiops_set_prompt_alias('Tone', 'production', 1);", $db),
		qr/42501: /, "$name: a protected alias is protected");
	$server->safe_psql($db, 'SELECT gaiops_revoke(\'other\', \'user\'); DROP ROLE other');
	is($server->safe_psql($db, <<'END'), 't', "$name: moves of aliases have higher numbers");
SELECT pg_catalog.max(id) AS before FROM gaiops.prompt_alias_history \gset
SELECT gaiops_set_prompt_alias('Greet_Prompt', 'next', 2) IS NULL AS moved \gset
SELECT pg_catalog.max(id) > :before FROM gaiops.prompt_alias_history
END
	return;
}

my $rows = registry_of($node, 'postgres');
my $dumps = PostgreSQL::Test::Utils::tempdir();
my $target = gaiops_node('target', extension => 0, conf => $conf);

foreach my $table (qw(numbers contents includes deletions tags version_tags aliases alias_history))
{
	like($rows, qr/^gaiops\.prompt_$table [1-9]/m, "something is in gaiops.prompt_$table");
}
run_tool($node, 'pg_dump', '-f', "$dumps/plain.sql", 'postgres');
run_tool($node, 'pg_dump', '-Fc', '-f', "$dumps/custom", 'postgres');
$target->safe_psql('postgres', "CREATE DATABASE $_ TEMPLATE template0") foreach qw(plain parallel);
run_tool($target, 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-f', "$dumps/plain.sql", '-d', 'plain');
run_tool($target, 'pg_restore', '--exit-on-error', '--jobs=4', '-d', 'parallel', "$dumps/custom");
foreach my $db (qw(plain parallel))
{
	registry_ok($target, $db, "restored, $db", $rows);
	goes_on_ok($target, $db, "restored, $db");
}
$target->stop;

# ---- a standby ----
{
	query(<<'END');
CREATE SCHEMA mlflow;
CREATE TABLE mlflow.registered_model_tags AS SELECT 'x' AS name, 'mlflow.prompt.is_prompt' AS key, 'true' AS value;
CREATE TABLE mlflow.registered_model_aliases (name text, alias text, version integer);
CREATE TABLE mlflow.model_versions (name text, version integer, creation_time bigint, user_id text, description text, current_stage text);
CREATE TABLE mlflow.model_version_tags (name text, version integer, key text, value text);
END
	$node->backup('base', backup_options => ['--checkpoint=fast']);
	my $standby = PostgreSQL::Test::Cluster->new('standby');
	$standby->init_from_backup($node, 'base', has_streaming => 1);
	$standby->start;
	$node->wait_for_catchup($standby);
	registry_ok($standby, 'postgres', 'a standby', $rows);
	foreach my $write ("gaiops_register_prompt('x', 'text')", "gaiops_register_prompt('x', 'text', if_changed => true)",
		"gaiops_set_prompt_alias('x', 'production', 2)", "gaiops_delete_prompt_version('x', 2)",
		"gaiops_set_prompt_tag('x', 'key', 'value')", 'gaiops_import_prompts(gaiops_export_prompts())',
		"gaiops_import_mlflow_prompts('mlflow')")
	{
		like(error_of($standby, "SELECT $write;"), qr/25006: cannot execute .+ in a read-only transaction/, "a standby: no $write");
	}

	# A session there sees what happens here.
	my $session = $standby->background_psql('postgres');
	is($session->query_safe("SELECT $greet"), 'Be kind. Be very kind. Greet Acme.', 'a standby: before the alias is moved');
	query("SET ROLE lead; RESET ROLE; SELECT gaiops_set_prompt_alias('Tone', 'production', 1)");
	$node->wait_for_catchup($standby);
	is($session->query_safe("SELECT $greet"), 'Be kind. Be kind. Greet Acme.', 'a standby: and after that');
	$session->quit;

	$node->stop('immediate');
	$standby->promote;
	goes_on_ok($standby, 'postgres', 'promoted');
	$standby->stop;
}

# ---- without the library preloaded ----
{
	my $alone = gaiops_node('alone', conf => "shared_preload_libraries = ''");
	make_endpoint($alone, 'gateway', $model->url);
	is($alone->safe_psql('postgres', <<'END'), "1\n2\nBe kind, Ann.\n{mood,who}\n{who}", 'without preload: registering, loading and rendering work');
BEGIN;
SELECT gaiops_register_prompt('Tone', 'Be {{ mood }}, ');
ROLLBACK;
SELECT gaiops_register_prompt('Tone', 'Be {{ mood }}, ') IS NULL AS registered,
	gaiops_register_prompt('Greet', 'text') IS NULL AS registered_too,
	gaiops_set_prompt_alias('Tone', 'production', 1) IS NULL AS moved \gset
SELECT gaiops_register_prompt('Greet', '{{> prompts:/Tone@production }}{{ who }}.');
SELECT gaiops_format_prompt('Greet', '{"mood": "kind", "who": "Ann"}');
SELECT gaiops_prompt_variables('Greet'), (gaiops_load_prompt('Greet')).variables \gset
\echo :gaiops_prompt_variables
\echo :variables
END
	$model->forget;
	like(error_of($alone, "SELECT gaiops_chat('gateway', prompt => 'Tone', variables => '{\"mood\": \"kind\"}');"),
		qr/55000: genaiops must be loaded via shared_preload_libraries.*Add to postgresql\.conf/s, 'without preload: a call says what to do');
	is(scalar(my @requests = $model->journal), 0, 'without preload: and is not made');
	my @ended = sessions($alone, 4, "SELECT gaiops_register_prompt('race', 'text');\n" x 5)->finish(60);
	is_deeply([ sort { $a <=> $b } map { split /\n/, $_->{out} } @ended ], [ 1 .. 20 ], 'without preload: sessions at once get numbers of their own');
	$alone->append_conf('postgresql.conf', "shared_preload_libraries = 'genaiops'");
	$alone->restart;
	is(join(' ', map { register($_, $alone) } qw(race Tone)), '21 2', 'and numbers go on once it is preloaded');

	# The writer cannot see the tables of such a transaction.
	foreach my $preloaded (1, 0)
	{
		$alone->safe_psql('postgres', "CREATE DATABASE db$preloaded");
		is($alone->safe_psql("db$preloaded", <<'END'), "1\nBe kind.\n2", "in the transaction that creates the extension, preloaded: $preloaded");
BEGIN;
CREATE EXTENSION genaiops;
SELECT gaiops_register_prompt('Tone', 'Be {{ mood }}.');
SELECT gaiops_format_prompt('Tone', '{"mood": "kind"}');
COMMIT;
SELECT gaiops_register_prompt('Tone', 'Be very {{ mood }}.');
END
		$alone->append_conf('postgresql.conf', "shared_preload_libraries = ''");
		$alone->restart;
	}
	$alone->stop;
}

done_testing();
