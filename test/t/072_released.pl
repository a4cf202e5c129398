# What users have of a released version comes through an update: a dump of each,
# made by that version itself, is restored through it and updated.  Then the
# catalog is that of a fresh install, and every row is there.
use strict;
use warnings;

use File::Basename qw(basename);
use FindBin;
use lib "$FindBin::Bin/../lib";
use GaiopsTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $fingerprint = slurp_file("$FindBin::Bin/../lib/fingerprint.sql");
my $rows = slurp_file("$FindBin::Bin/../lib/rows.sql");
my @versions = map { basename($_, '.sql') =~ s/^genaiops--//r } grep { !/--.*--/ } glob("$FindBin::Bin/../../sql/releases/*.sql");
my $grants = <<'SQL';
SELECT gaiops_grant('viewer_role', 'viewer'), gaiops_grant('user_role', 'user'), gaiops_grant('admin_role', 'admin');
GRANT USAGE ON SCHEMA gaiops TO analyst;
GRANT SELECT ON gaiops.spans, gaiops.traces TO analyst;
SQL

# A dump has the partitions of its own days.
sub catalog_of
{
	my ($node, $db) = @_;

	return join "\n", grep { !/gaiops_partitions\.spans?\w*_20\d\d_\d\d/ } split /\n/, $node->safe_psql($db, $fingerprint);
}

# Whatever an update may change about it: how many rows each table has that has any, but for
# one that the update fills, in whatever schema of ours.
sub counts_of
{
	my ($node, $db) = @_;

	return join "\n", map { /^gaiops(?:_partitions|_private)?\.((?!joined_traces)\S+ [1-9]\d*) / ? $1 : () } split /\n/, $node->safe_psql($db, $rows);
}

sub restore_ok
{
	my ($node, $db, $version) = @_;

	$node->safe_psql('postgres', "CREATE DATABASE $db TEMPLATE template0");
	$node->safe_psql($db, "CREATE EXTENSION genaiops VERSION '$version'");
	return command_ok(
		[
			$node->installed_command('psql'), '--host', $node->host, '--port', $node->port,
			'-Xq', '-v', 'ON_ERROR_STOP=1', '-f', "$FindBin::Bin/../releases/$version.sql", '-d', $db
		],
		"$version: a dump is restored through its version");
}

# What was made with the old version means to the new one what it meant then.
sub means_the_same_ok
{
	my ($node, $db, $version) = @_;

	is($node->safe_psql($db, "SELECT public.ask('after')"), 'after', "$version: a user's function calls");
	is($node->safe_psql($db, q{SELECT gaiops_format_prompt('prompts:/greet@production', '{"who": "Ann"}')}),
		'Be short with Ann.', "$version: a prompt is loaded, so its hash is what it was");
	is($node->safe_psql($db, q{SELECT gaiops_register_prompt('greet', 'Be short with {{ who }}.', if_changed => true)}),
		2, "$version: and found unchanged");
	is($node->safe_psql($db, q{SELECT unchanged FROM gaiops_merge_records('golden', '[{"inputs": {"question": "2+2?", "a": 1.0}}]')}),
		1, "$version: a record has the id it had");
	is($node->safe_psql($db, q{SELECT string_agg(DISTINCT value::text, ' ' ORDER BY value::text) FROM gaiops.assessments WHERE name IN ('tone', 'stars') AND overridden_by IS NULL}),
		'"warm" 4', "$version: feedback is what it was");
	is($node->safe_psql($db, 'SELECT count(*) FROM gaiops.rejected_records'), 1, "$version: nothing is rejected");
	cmp_ok($node->safe_psql($db, 'SELECT count(*) FROM public.costs'), '>', 1, "$version: a user's view shows");
	is($node->safe_psql($db, "SELECT count(*), min(effective_from) = to_timestamp(0) FROM gaiops.prices WHERE provider = 'builtin'"), '2|t',
		"$version: no price is from before all times");
	return;
}

my $node = gaiops_node('released', extension => 0, conf => "gaiops.payload_retention = 0\ntimezone = UTC");
$node->safe_psql('postgres', "CREATE ROLE $_") foreach qw(viewer_role user_role admin_role analyst);
$node->safe_psql('postgres', 'CREATE DATABASE fresh TEMPLATE template0');
$node->safe_psql('fresh', "CREATE EXTENSION genaiops;\n$grants");
my $catalog = catalog_of($node, 'fresh');

foreach my $version (@versions)
{
	my $db = 'of_' . $version =~ s/\W/_/gr;

	restore_ok($node, $db, $version);
	# As calls leave them that join a trace, and a span within one of them.
	$node->safe_psql($db, <<'END');
INSERT INTO gaiops.spans (trace_id, span_id, parent_span_id, name, span_type, status, purpose, experiment, session_role, role, is_entry, start_time)
VALUES ('aaaabbbbccccddddaaaabbbbccccdddd', '1', 'of an application', 'n', 'TOOL', 'OK', 'application', 'joined', 'r', 'r', true, '2024-02-03'),
	('aaaabbbbccccddddaaaabbbbccccdddd', '2', 'of an application', 'n', 'TOOL', 'OK', 'application', 'joined', 'r', 'r', true, '2024-02-02'),
	('aaaabbbbccccddddaaaabbbbccccdddd', '3', '2', 'n', 'TOOL', 'OK', 'application', 'joined', 'r', 'r', false, '2024-02-01')
END
	my $before = counts_of($node, $db);
	like($before, qr/^spans_2024_02 4$/m, "$version: rows are there");
	cmp_ok($node->safe_psql($db, "SELECT gaiops_get_cost('openai', 'gpt-4.1-mini', 1000, 1000)"), '>', 0,
		"$version: the library finds prices before the update");
	like(error_of($node, "SELECT gaiops_create_secret('early', 'sk-early')", $db), qr/55000.*Run ALTER EXTENSION/s,
		"$version: and says that secrets wait for it");
	# What a user's own view is on is made anew.  With a setting that changes how names are spelled.
	my $costs = $node->safe_psql($db, "SELECT pg_get_viewdef('public.costs')");
	$node->safe_psql($db, 'DROP VIEW public.costs; SET quote_all_identifiers = on; ALTER EXTENSION genaiops UPDATE');
	$node->safe_psql($db, "CREATE VIEW public.costs AS $costs");
	same_lines_ok(catalog_of($node, $db), $catalog, "$version: the catalog is that of a fresh install");
	same_lines_ok(counts_of($node, $db), $before, "$version: and every row is there");
	is($node->safe_psql($db, q{SELECT span_id FROM gaiops.joined_traces}), '2', "$version: what joined a trace first is known");
	means_the_same_ok($node, $db, $version);
}
$node->stop;

done_testing();
