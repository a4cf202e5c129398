# An update leads to the catalog that a fresh install has, keeps what users built
# on it, and a dump of the older version is restored through that version.
#
# The next version is made up: a copy of the sources is changed as a release
# would change them, and the Makefile's own rules make its scripts. They go into
# a copy of PostgreSQL, since other tests use the one that is installed.
use strict;
use warnings;

use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Copy;
use File::Path qw(make_path);
use FindBin;
use lib "$FindBin::Bin/../lib";
use GaiopsTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $root = abs_path("$FindBin::Bin/../..");
my $tmp = PostgreSQL::Test::Utils::tempdir();
my $fingerprint = slurp_file("$root/test/lib/fingerprint.sql");
my $rows = slurp_file("$root/test/lib/rows.sql");
my ($old) = slurp_file("$root/genaiops.control") =~ /^default_version = '(.*)'$/m;
my $new = "$old.next";
my $pg_config = 'PG_CONFIG=' . ($ENV{PG_CONFIG} // 'pg_config');
delete local @ENV{qw(MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES)};

# ---- a made-up version ----

sub change_file
{
	my ($file, $from, $to) = @_;
	my $text = slurp_file($file);

	$text =~ s/$from/$to/ or die "$file has no $from";
	unlink $file;
	append_to_file($file, $text);
	return;
}

sub make_next_version
{
	my ($sources) = @_;
	my $delta = "$sources/sql/updates/$old--$new.sql";

	make_path($sources);
	system_or_bail('cp', '-r', "$root/Makefile", "$root/genaiops.control", "$root/sql", "$sources/");
	system_or_bail('make', '-s', '-C', $sources, $pg_config, "sql/genaiops--$old.sql");
	make_path("$sources/sql/updates", "$sources/sql/releases");
	rename "$sources/sql/genaiops--$old.sql", "$sources/sql/releases/genaiops--$old.sql";

	# Columns of a table and of partitioned ones, with what belongs to them.
	change_file("$sources/genaiops.control", quotemeta("default_version = '$old'"), "default_version = '$new'");
	change_file("$sources/sql/tracking/tables/spans.sql", qr/^\tentry_start_time        timestamptz$/m,
		"\tentry_start_time        timestamptz,\n\tregion text CHECK (region <> '')");
	change_file("$sources/sql/tracking/tables/spans.sql", qr/^\tevents        json$/m, "\tevents        json,\n\tlanguage text");
	change_file("$sources/sql/gateway/tables/endpoints.sql", qr/^\tupdated_by          name NOT NULL$/m,
		"\tupdated_by          name NOT NULL,\n\tregion text DEFAULT 'anywhere' CHECK (length(region) < 100)");
	append_to_file($delta, <<'END');
ALTER TABLE gaiops.spans ADD COLUMN region text CHECK (region <> '');
ALTER TABLE gaiops.span_payloads ADD COLUMN language text;
ALTER TABLE gaiops.endpoints ADD COLUMN region text DEFAULT 'anywhere' CHECK (length(region) < 100);
END

	# A table with a sequence, an index and a policy; and a type.
	my $table = <<'END';
CREATE SEQUENCE gaiops.regions_id_seq;
CREATE TYPE gaiops.region_kind AS ENUM ('continent', 'country');
COMMENT ON TYPE gaiops.region_kind IS 'Kinds of regions';
CREATE TABLE gaiops.regions (
	id bigint PRIMARY KEY DEFAULT pg_catalog.nextval('gaiops.regions_id_seq'),
	name text NOT NULL,
	kind gaiops.region_kind
);
CREATE INDEX regions_name_idx ON gaiops.regions (name);
COMMENT ON TABLE gaiops.regions IS 'Regions';
ALTER TABLE gaiops.regions ENABLE ROW LEVEL SECURITY;
CREATE POLICY viewers ON gaiops.regions FOR SELECT USING (true);
SELECT pg_catalog.pg_extension_config_dump('gaiops.regions', '');
SELECT pg_catalog.pg_extension_config_dump('gaiops.regions_id_seq', '');
END
	append_to_file("$sources/sql/gateway/tables/regions.sql", $table);
	append_to_file("$sources/sql/tables.order", "gateway/tables/regions\n");
	append_to_file($delta, $table);

	# A column at the end of a view, a changed function, new ones with a right.
	change_file("$sources/sql/tracking/views/calls_in_flight.sql", qr/\n\s*FROM gaiops\.intents AS i;/, ",\n\t\t1 AS generation\n\tFROM gaiops.intents AS i;");
	change_file("$sources/sql/gateway/functions/endpoints.sql", qr/SELECT array_agg\(u\.name ORDER BY/, 'SELECT array_agg(u.name /* changed */ ORDER BY');
	append_to_file("$sources/sql/tracking/functions/tracing.sql", <<'END');
CREATE OR REPLACE FUNCTION pg_catalog.gaiops_region() RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$ SELECT 'here' $$;
COMMENT ON FUNCTION pg_catalog.gaiops_region() IS 'Returns a region';
CREATE OR REPLACE FUNCTION pg_catalog.gaiops_move() RETURNS text LANGUAGE sql VOLATILE
SET search_path = pg_catalog, pg_temp AS $$ SELECT 'moved' $$;
COMMENT ON FUNCTION pg_catalog.gaiops_move() IS 'Moves';
END
	append_to_file("$sources/sql/gateway/rights.list", "viewer relation gaiops.regions\n");
	append_to_file("$sources/sql/tracking/rights.list", <<'END');
viewer function pg_catalog.gaiops_region()
admin function pg_catalog.gaiops_move()
END
	return;
}

sub install_scripts
{
	my ($sources, $extension) = @_;
	my @targets = ("sql/genaiops--$new.sql", "sql/genaiops--$old--$new.sql");

	command_ok([ 'make', '-s', '-C', $sources, $pg_config, @targets ], 'the Makefile makes both scripts of the next version');
	my $install = qx(make -n -C $sources $pg_config install);
	like($install, qr/\Q$_\E\s/, "make install installs $_") foreach @targets, "sql/releases/genaiops--$old.sql";
	foreach my $file ('genaiops.control', @targets)
	{
		my ($name) = $file =~ m{([^/]+)$};
		unlink "$extension/$name";
		copy("$sources/$file", "$extension/$name") or die "copy: $!";
	}
	return;
}

make_next_version("$tmp/sources");
my $postgres = copy_postgres("$tmp/postgres");
install_scripts("$tmp/sources", "$postgres->{sharedir}/extension");
my $install_path = dirname($postgres->{bindir});

# ---- comparing ----

# Partitions of today are made by maintenance, where there were calls.
sub catalog_of
{
	my ($node, $db) = @_;

	return join "\n", grep { !/gaiops_partitions\.spans?\w*_20(?!24)\d\d_\d\d/ } split /\n/, $node->safe_psql($db, $fingerprint);
}

# What the new version adds is not NULL in these.
sub rows_of
{
	my ($node, $db) = @_;

	return join "\n", grep { !/^gaiops\.(endpoints|regions\w*) / } split /\n/, $node->safe_psql($db, $rows);
}

my $grants = <<'SQL';
SELECT gaiops_grant('viewer_role', 'viewer'), gaiops_grant('user_role', 'user'), gaiops_grant('admin_role', 'admin');
GRANT USAGE ON SCHEMA gaiops TO analyst, blind;
GRANT SELECT ON gaiops.spans, gaiops.traces TO analyst;
GRANT EXECUTE ON FUNCTION gaiops_last_trace_id() TO analyst;
SELECT gaiops.make_partition('gaiops.spans', '2024-02-01 00:00:00+00', '2024-03-01 00:00:00+00'),
	gaiops.make_partition('gaiops.span_payloads', '2024-02-29 00:00:00+00', '2024-03-01 00:00:00+00');
SQL

# A database with the old version in use, and things users built on it.
sub make_old
{
	my ($node, $db) = @_;

	$node->safe_psql('postgres', "CREATE DATABASE $db TEMPLATE template0");
	$node->safe_psql($db, <<"END");
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO blind;
ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO blind;
CREATE EXTENSION genaiops VERSION '$old';
SELECT gaiops_create_endpoint('echo', 'builtin:echo');
$grants
END
	make_endpoint($node, 'silent', silent_url(), 'max_retries => 0', $db);
	$node->safe_psql($db, <<'SQL');
SELECT gaiops_chat('echo', 'before');
CREATE TEMP TABLE s AS SELECT * FROM gaiops.spans LIMIT 1;
UPDATE s SET start_time = '2024-02-10 00:00:00+00', trace_id = gen_random_uuid();
INSERT INTO gaiops.spans SELECT * FROM s;
UPDATE s SET start_time = '2019-02-10 00:00:00+00', trace_id = gen_random_uuid();
INSERT INTO gaiops.spans SELECT * FROM s;
CREATE VIEW public.in_flight AS SELECT * FROM gaiops.calls_in_flight;
CREATE VIEW public.costs AS SELECT t.trace_id, s.cost FROM gaiops.traces AS t JOIN gaiops.spans AS s USING (trace_id);
CREATE FUNCTION public.ask(text) RETURNS text BEGIN ATOMIC SELECT gaiops_chat('echo', $1); END;
GRANT SELECT ON public.in_flight TO analyst;
SQL
	await_maintenance($node, $db);
	return;
}

sub updated_ok
{
	my ($node, $db, $what, $catalog, $content) = @_;

	local $Test::Builder::Level = $Test::Builder::Level + 1;
	same_lines_ok(catalog_of($node, $db), $catalog, "$what: the catalog is that of a fresh install");
	same_lines_ok(rows_of($node, $db), $content, "$what: every row is there");
	is($node->safe_psql($db, q{SELECT status, substring(detail, '^[^:]*') FROM gaiops_status() WHERE item = 'version'}),
		"error|extension $new, library $old", "$what: the status says that the library is of another version");
	is($node->safe_psql($db, "SELECT public.ask('after')"), 'after', "$what: calls work");
	is($node->safe_psql($db, "SELECT count(*) FROM gaiops.spans WHERE region IS NULL"), 4, "$what: and are recorded");
	is($node->safe_psql($db, 'SELECT count(*) FROM gaiops.rejected_records'), 0, "$what: none was rejected");
	is($node->safe_psql($db, 'SELECT count(*) FROM public.costs'), 4, "$what: a view of the user's works");
	is($node->safe_psql($db, 'SET ROLE viewer_role; SELECT gaiops_region(), (SELECT count(*) FROM gaiops.regions)'), 'here|0',
		"$what: a viewer may use what is new");
	my ($rc, $out, $err) = $node->psql($db, 'SET ROLE viewer_role; SELECT gaiops_move()');
	like($err, qr/permission denied/, "$what: but not what is for administrators");
	($rc, $out, $err) = $node->psql($db, 'SET ROLE blind; SELECT FROM gaiops.regions');
	like($err, qr/permission denied for table regions/, "$what: default privileges give nothing");
	$node->safe_psql($db, "SELECT gaiops.make_partition('gaiops.spans', '2024-03-01 00:00:00+00', '2024-04-01 00:00:00+00')");
	is($node->safe_psql($db, "SELECT count(*) FROM pg_attribute WHERE attrelid = 'gaiops_partitions.spans_2024_03'::regclass AND attname = 'region'"), 1,
		"$what: a new partition has the new column");
	return;
}

# ---- update in place ----

my $node = gaiops_node('before', install_path => $install_path, extension => 0, conf => 'gaiops.payload_retention = 0');
$node->safe_psql('postgres', "CREATE ROLE $_") foreach qw(viewer_role user_role admin_role analyst blind);
$node->safe_psql('postgres', 'CREATE DATABASE fresh TEMPLATE template0');
$node->safe_psql('fresh', "CREATE EXTENSION genaiops;\n$grants");
my $catalog = catalog_of($node, 'fresh');
is($node->safe_psql('fresh', "SELECT count(*) FROM pg_extension_update_paths('genaiops') WHERE source = '$old' AND target = '$new' AND path IS NOT NULL"),
	1, 'there is a path to the next version');

make_old($node, 'busy');
is($node->safe_psql('busy', "SELECT status, detail FROM gaiops_status() WHERE item = 'version'"), "ok|$old", 'the status says that the library is of the same version');
my $session = $node->background_psql('busy');
$session->query_safe("SELECT gaiops_chat('echo', 'by a session that stays')");
my $hanging = sessions($node, 1, "SELECT gaiops_chat('silent', 'hanging');", db => 'busy');
wait_until(sub { $node->safe_psql('busy', 'SELECT count(*) FROM gaiops.intents') == 1 }, 'the call to be under way');
my $update = sessions($node, 1, 'ALTER EXTENSION genaiops UPDATE;', db => 'busy');
$node->poll_query_until('busy', <<'END') or die 'the update does not wait';
SELECT EXISTS (SELECT FROM pg_stat_activity WHERE query ~ '^ALTER EXTENSION' AND wait_event_type = 'Lock')
END
$node->safe_psql('postgres', "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query ~ 'hanging' AND pid <> pg_backend_pid()");
$hanging->finish(30);
my $result = ($update->finish(30))[0];
is("$result->{rc} $result->{err}", '0 ', 'an update waits for a call under way, and goes through');
is($session->query_safe("SELECT gaiops_chat('echo', 'and')"), 'and', 'a session goes on calling over an update');
$session->quit;
same_lines_ok(catalog_of($node, 'busy'), $catalog, 'the catalog is that of a fresh install');

# ---- an older dump, restored through its version ----

make_old($node, 'old');
my $old_content = rows_of($node, 'old');
command_ok([ $node->installed_command('pg_dump'), '--host', $node->host, '--port', $node->port, '-f', "$tmp/old.sql", 'old' ],
	'pg_dump of the old version');
$node->safe_psql('postgres', 'CREATE DATABASE restored TEMPLATE template0');
$node->safe_psql('restored', "CREATE EXTENSION genaiops VERSION '$old'");
command_ok(
	[
		$node->installed_command('psql'), '--host', $node->host, '--port', $node->port,
		'-Xq', '-v', 'ON_ERROR_STOP=1', '-f', "$tmp/old.sql", '-d', 'restored'
	],
	'it is restored through that version');
$node->safe_psql('restored', 'ALTER EXTENSION genaiops UPDATE');
updated_ok($node, 'restored', 'restore', $catalog, $old_content);
$node->safe_psql('old', 'ALTER EXTENSION genaiops UPDATE');
updated_ok($node, 'old', 'in place', $catalog, $old_content);

# ---- an update after pg_upgrade ----

make_old($node, 'moved');
my $moved_content = rows_of($node, 'moved');
$node->stop;
my $after = gaiops_node('after', install_path => $install_path, extension => 0, start => 0,
	conf => 'gaiops.payload_retention = 0');
upgrade_ok($node, $after);
$after->start;
$after->safe_psql('moved', 'ALTER EXTENSION genaiops UPDATE');
updated_ok($after, 'moved', 'after pg_upgrade', $catalog, $moved_content);
$after->stop;

done_testing();
