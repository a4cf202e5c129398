# What else there may be in a database: default privileges, event triggers, a
# publication, an old snapshot, and functions named like ours or like PostgreSQL's.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use GaiopsTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = gaiops_node('main', extension => 0, conf => "wal_level = logical\ngaiops.log_timeout = '20s'");

# Before the extension is made, so that its own tables are concerned as well.
$node->safe_psql('postgres', <<'END');
CREATE ROLE blind LOGIN; CREATE ROLE late LOGIN; CREATE ROLE sighted LOGIN; CREATE ROLE hostile LOGIN;
ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO blind;
ALTER DEFAULT PRIVILEGES GRANT ALL ON SEQUENCES TO blind;
ALTER DEFAULT PRIVILEGES GRANT ALL ON FUNCTIONS TO blind;
ALTER DEFAULT PRIVILEGES GRANT ALL ON TYPES TO blind;
ALTER DEFAULT PRIVILEGES GRANT ALL ON SCHEMAS TO blind;
CREATE TABLE seen_commands (tag text, identity text);
CREATE FUNCTION note_command() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO public.seen_commands SELECT command_tag, object_identity FROM pg_event_trigger_ddl_commands();
END $$;
CREATE EVENT TRIGGER note_command ON ddl_command_end EXECUTE FUNCTION note_command();
CREATE PUBLICATION everything FOR ALL TABLES;
SELECT pg_create_logical_replication_slot('everything', 'pgoutput');
CREATE EXTENSION genaiops;
ALTER DEFAULT PRIVILEGES IN SCHEMA gaiops, gaiops_partitions GRANT ALL ON TABLES TO late;
SELECT gaiops_grant('sighted', 'viewer');
END
make_endpoint($node, 'echo', 'builtin:echo');

subtest 'default privileges give nothing' => sub {
	$node->safe_psql('postgres', "SELECT gaiops_chat('echo', 'hello')");
	await_maintenance($node, 'postgres');
	$node->safe_psql('postgres', 'GRANT USAGE ON SCHEMA gaiops, gaiops_partitions, gaiops_private TO blind, late');
	my @tables = split /\n/, $node->safe_psql('postgres',
		"SELECT oid::regclass FROM pg_class WHERE relnamespace IN ('gaiops'::regnamespace, 'gaiops_partitions'::regnamespace, 'gaiops_private'::regnamespace) AND relkind IN ('r', 'p', 'v', 'm')");
	ok((grep { /gaiops_partitions\.spans_\d/ } @tables) && (grep { /gaiops_partitions\.span_payloads_\d/ } @tables), 'there are partitions');
	foreach my $role (qw(blind late))
	{
		my @open;
		foreach my $table (@tables)
		{
			my ($rc) = $node->psql('postgres', "SET ROLE \"$role\"; SELECT * FROM $table");
			push @open, $table if $rc == 0;
			($rc) = $node->psql('postgres', "SET ROLE \"$role\"; DELETE FROM $table");
			push @open, "$table, writing" if $rc == 0;
		}
		is("@open", '', "$role reads and writes no table");
	}
	is($node->safe_psql('postgres', <<'END'), '', 'no function, type or sequence is open to others');
SELECT i.identity, a.privilege_type FROM pg_depend AS d
	JOIN pg_extension AS e ON e.oid = d.refobjid AND e.extname = 'genaiops' AND d.deptype = 'e'
	JOIN LATERAL (SELECT proacl AS acl FROM pg_proc WHERE d.classid = 'pg_proc'::regclass AND oid = d.objid
		UNION ALL SELECT typacl FROM pg_type WHERE d.classid = 'pg_type'::regclass AND oid = d.objid
		UNION ALL SELECT relacl FROM pg_class WHERE d.classid = 'pg_class'::regclass AND oid = d.objid) AS c ON true,
	aclexplode(c.acl) AS a, pg_identify_object(d.classid, d.objid, 0) AS i
WHERE a.grantee IN (0, 'blind'::regrole, 'late'::regrole)
END
	# Given on purpose, SELECT shows no rows, in a partition as in its parent.
	$node->safe_psql('postgres', 'GRANT SELECT ON ALL TABLES IN SCHEMA gaiops, gaiops_partitions TO late');
	my ($partition) = grep { /gaiops_partitions\.spans_\d/ } @tables;
	is($node->safe_psql('postgres', "SET ROLE late; SELECT (SELECT count(*) FROM gaiops.spans), (SELECT count(*) FROM $partition)"), '0|0', 'nor does a grant show rows');
	is($node->safe_psql('postgres', 'SET ROLE sighted; SELECT count(*) FROM gaiops.spans'), 1, 'while a viewer sees them');
};

subtest 'event triggers' => sub {
	ok($node->safe_psql('postgres', "SELECT count(*) FROM seen_commands WHERE tag = 'CREATE TABLE' AND identity ~ 'gaiops_partitions.spans_\\d'") > 0,
		'see what maintenance does');
	$node->safe_psql('postgres', 'DROP EVENT TRIGGER note_command');
};

subtest 'a publication of all tables' => sub {
	$node->safe_psql('postgres', <<'END');
SELECT gaiops_chat('echo', 'published');
SELECT gaiops_set_trace_tag(gaiops_last_trace_id(), 'k', 'v');
SELECT gaiops_set_trace_tag(gaiops_last_trace_id(), 'k', 'w');
SELECT gaiops_set_price('builtin', 'builtin-echo', 1, 1, effective_from => '2000-01-01');
SELECT gaiops_set_price('builtin', 'echo', 1, 1, effective_from => '2000-01-01');
END
	ok($node->safe_psql('postgres', "SELECT gaiops_reprice('-infinity', 'infinity')") > 0, 'spans can be repriced');
	is($node->safe_psql('postgres', 'SELECT count(*) FROM gaiops.intents'), 0, 'intents are deleted');
	is($node->safe_psql('postgres', 'SELECT value FROM gaiops.trace_tags'), 'w', 'a tag is replaced');
	$node->safe_psql('postgres', <<'END');
CREATE TEMP TABLE u AS SELECT * FROM gaiops.usage_deltas LIMIT 1;
UPDATE u SET hour = '2024-02-01 00:00:00+00';
ALTER TABLE u DROP COLUMN delta_id;
INSERT INTO gaiops.usage_deltas SELECT u.* FROM u, generate_series(1, 5);
SELECT gaiops.fold_usage('2024-02-01 00:00:00+00');
END
	is($node->safe_psql('postgres', "SELECT count(*) FROM gaiops.usage_deltas WHERE hour < '2025-01-01'"), 1, 'usage is folded');
	$node->safe_psql('postgres', <<'END');
SELECT gaiops.make_partition('gaiops.spans', '2024-02-01 00:00:00+00', '2024-03-01 00:00:00+00');
SELECT gaiops.expire_rows('gaiops.trace_tags', 'updated_at', 'infinity');
SELECT gaiops.expire_rows('gaiops_partitions.spans_default', 'start_time', 'infinity');
SELECT gaiops.drop_partition('gaiops_partitions.spans_2024_02');
END
	is($node->safe_psql('postgres', 'SELECT count(*) FROM gaiops.trace_tags'), 0, 'rows expire');
	is($node->safe_psql('postgres', 'SELECT count(*) FROM gaiops.rejected_records'), 0, 'nothing was rejected');
	ok($node->safe_psql('postgres', "SELECT count(*) FROM pg_logical_slot_get_binary_changes('everything', NULL, NULL, 'proto_version', '1', 'publication_names', 'everything')") > 10,
		'a subscriber would get it all');
	$node->safe_psql('postgres', "SELECT pg_drop_replication_slot('everything')");
};

subtest 'a snapshot that is held open' => sub {
	my $holder = $node->background_psql('postgres');
	my $before = $node->safe_psql('postgres', 'SELECT count(*) FROM gaiops.spans');
	$holder->query_safe('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1');
	$node->safe_psql('postgres', "SELECT count(gaiops_chat('echo', 'n' || n)) FROM generate_series(1, 3000) AS n");
	is($node->safe_psql('postgres', 'SELECT count(*) FROM gaiops.spans'), $before + 3000, 'every call is recorded');
	is($node->safe_psql('postgres', 'SELECT count(*) FROM gaiops.intents'), 0, 'and none is under way');
	is($holder->query_safe('SELECT count(*) FROM gaiops.spans'), $before, 'the snapshot sees what it saw');
	$holder->query_safe('COMMIT');
	$holder->quit;
};

# A role that can make objects in public stands before PostgreSQL's own names
# there. If one of its functions ran with our rights, it would leave a mark.
subtest 'names of somebody else in the search path' => sub {
	$node->safe_psql('postgres', <<'END');
CREATE SCHEMA trap AUTHORIZATION hostile;
CREATE TABLE marks (who name, what text);
GRANT INSERT, SELECT ON marks TO PUBLIC;
SELECT gaiops_grant('hostile', 'admin');
END
	my $mark = "BEGIN INSERT INTO public.marks VALUES (current_user, '%s'); RETURN %s; END";
	my @functions = (
		[ 'lower(text)', 'text', '$1' ], [ 'now()', 'timestamptz', 'pg_catalog.clock_timestamp()' ],
		[ 'length(text)', 'integer', '1' ], [ 'coalesce_text(text)', 'text', '$1' ],
		[ 'current_setting(text)', 'text', "''" ], [ 'format(text, text)', 'text', '$1' ], [ 'format(text, name)', 'text', '$1' ],
		[ 'left(text, integer)', 'text', '$1' ], [ 'starts_with(text, text)', 'boolean', 'true' ],
		[ 'jsonb_typeof(jsonb)', 'text', "'object'" ], [ 'date_trunc(text, timestamptz)', 'timestamptz', '$2' ],
		[ 'has_function_privilege(regprocedure, text)', 'boolean', 'true' ], [ 'gaiops_get_cost(text, text)', 'numeric', '0' ],
		[ 'eq(text, text)', 'boolean', 'true' ], [ 'ne(text, text)', 'boolean', 'true' ], [ 'match(text, text)', 'boolean', 'true' ],
		[ 'eq(uuid, uuid)', 'boolean', 'true' ], [ 'eq(name, text)', 'boolean', 'true' ], [ 'get(jsonb, text)', 'text', "''" ]);
	my $sql = "SET ROLE hostile; SET search_path = pg_catalog;\n";
	foreach my $function (@functions)
	{
		my ($signature, $result, $value) = @$function;
		$sql .= "CREATE FUNCTION trap.$signature RETURNS $result LANGUAGE plpgsql AS \$f\$ " . sprintf($mark, $signature, $value) . " \$f\$;\n";
	}
	foreach my $operator ([ '=', 'eq', 'text', 'text' ], [ '<>', 'ne', 'text', 'text' ], [ '~', 'match', 'text', 'text' ], [ '!~', 'match', 'text', 'text' ],
		[ '=', 'eq', 'uuid', 'uuid' ], [ '=', 'eq', 'name', 'text' ], [ '->>', 'get', 'jsonb', 'text' ])
	{
		$sql .= sprintf "CREATE OPERATOR trap.%s (FUNCTION = trap.%s, LEFTARG = %s, RIGHTARG = %s);\n", @$operator;
	}
	$sql .= "CREATE DOMAIN trap.text AS pg_catalog.text; CREATE DOMAIN trap.jsonb AS pg_catalog.jsonb;\n";
	$node->safe_psql('postgres', $sql);

	# All functions as they are called; then as the owner of everything, whose
	# path somebody else has set a trap in.
	my $calls = <<'END';
SELECT gaiops_set_experiment('trapped');
SELECT gaiops_create_secret('trap-key', 'sk-trap');
SELECT gaiops_create_endpoint('trap', 'builtin:echo', secret => 'trap-key', params => '{"temperature": 0}', headers => '{"x-a": "secret:trap-key"}');
SELECT gaiops_alter_endpoint('trap', description => 'd');
SELECT gaiops_chat('trap', 'hello', tags => '{"a": "b"}', metadata => '{"a": 1}');
SELECT gaiops_chat('nowhere', 'hello');
SELECT gaiops_chat_completion('{"model": "trap", "messages": [{"role": "user", "content": "hello"}]}');
SELECT gaiops_start_span('s', 'CHAIN', '{"a": 1}');
SELECT gaiops_end_span();
SELECT gaiops_set_trace_tag(gaiops_last_trace_id(), 'k', 'v');
SELECT gaiops_set_price('builtin', 'trap', 1, 1);
SELECT gaiops_import_prices('{"m": {"litellm_provider": "p", "input_cost_per_token": 0.1}}');
SELECT gaiops_get_cost('builtin', 'trap', 1, 1);
SELECT gaiops_reprice('-infinity', 'infinity');
SELECT gaiops_grant('late', 'viewer');
SELECT gaiops_revoke('late', 'viewer');
SELECT gaiops.has_right('user');
SELECT * FROM gaiops_list_secrets();
SELECT * FROM gaiops_status();
SELECT * FROM gaiops.traces;
SELECT * FROM gaiops.span_contents;
SELECT * FROM gaiops.usage_hourly;
SELECT * FROM gaiops.calls_in_flight;
SELECT * FROM gaiops.sessions;
SELECT gaiops_run_maintenance();
SELECT gaiops_rotate_master_key();
SELECT gaiops_drop_endpoint('trap');
SELECT gaiops_drop_secret('trap-key');
END
	foreach my $role ('hostile', $node->safe_psql('postgres', 'SELECT current_user'))
	{
		my ($rc, $out, $err) = $node->psql('postgres', "SET ROLE \"$role\"; SET search_path = trap, pg_catalog, gaiops, public;\n$calls", on_error_stop => 0);
		my @errors = $err =~ /ERROR:  (.*)/g;
		is("@errors", 'endpoint "nowhere" does not exist', "as $role everything works as it should");
		is($node->safe_psql('postgres', 'SELECT who, what FROM public.marks'), '', "and as $role no function of somebody else's was called");
		$node->safe_psql('postgres', 'TRUNCATE public.marks');
	}
	is($node->safe_psql('postgres', "SET ROLE hostile; SET search_path = trap, pg_catalog; SELECT now() IS NOT NULL; SELECT who FROM public.marks"), "t\nhostile",
		'the traps do work');
};

$node->stop;
done_testing();
