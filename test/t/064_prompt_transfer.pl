# Prompts are taken from one database to another and are the same there; and
# importing while others register.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use GaiopsTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = gaiops_node('main');

foreach my $db (qw(source target))
{
	$node->safe_psql('postgres', "CREATE DATABASE $db");
	$node->safe_psql($db, 'CREATE EXTENSION genaiops');
}

sub export
{
	my ($db) = @_;

	return $node->safe_psql($db, q{SELECT regexp_replace(gaiops_export_prompts()::text, '"exported_at" : "[^"]*", ', '')});
}

sub import_statement
{
	my ($document) = @_;

	return "SELECT name, action, detail FROM gaiops_import_prompts(\$document\$$document\$document\$)";
}

sub import_into
{
	my ($db, $document) = @_;

	return $node->safe_psql($db, import_statement($document));
}

# A document of one prompt with one version, as another database would export it.
sub document
{
	my ($name, $template) = @_;

	return $node->safe_psql('source', <<"END");
SELECT jsonb_build_object('format', 'gaiops-prompts', 'format_version', 1, 'prompts', jsonb_build_array(jsonb_build_object(
	'name', '$name', 'highest_number', 1, 'versions', jsonb_build_array(jsonb_build_object('version', 1, 'kind', 'text', 'syntax', 'gaiops',
		'template', '$template', 'created_at', now(), 'created_by', 'r',
		'content_hash', gaiops.prompt_hash('text', '$template', NULL, NULL, NULL, 'gaiops', '[]'))))))
END
}

# ---- everything there can be ----

$node->safe_psql('source', <<'END', extra_params => [ '-v', 'ON_ERROR_STOP=1' ]);
SELECT gaiops_register_prompt('Tone', 'Be polite' || E'.\n"Sehr" höflich, \\ 礼貌.', commit_message => 'first', tags => '{"checked": "no"}');
SELECT gaiops_register_prompt('Tone', '{# none #}Be {{ how | default("very") }} polite.');
SELECT gaiops_register_prompt('Tone', 'Be rude.');
SELECT gaiops_set_prompt_alias('Tone', 'production', 1, 'first');
SELECT gaiops_set_prompt_alias('Tone', 'canary', 2);
SELECT gaiops_set_prompt_alias('Tone', 'production', 3, 'try it');
SELECT gaiops_set_prompt_alias('Tone', 'production', 2, 'better');
SELECT gaiops_rollback_prompt_alias('Tone', 'production', 'worse');
SELECT gaiops_delete_prompt_alias('Tone', 'canary', 'over');
SELECT gaiops_register_prompt('Greet_Prompt', '{{> prompts:/Tone/1 }} You work for {{ company }}.{{> prompts:/Tone@production follow }}',
	model_config => '{"temperature": 0.25, "stop_sequences": ["x"]}', response_format => '{"type": "json_object", "n": null}');
SELECT gaiops_register_prompt('Chat', '[{"role": "system", "content": "{{> prompts:/Greet_Prompt@latest }}"}, {"type": "placeholder", "name": "history"}]'::jsonb);
SELECT gaiops_set_prompt_tag('Tone', 'team', 'say "hi"');
SELECT gaiops_set_prompt_version_tag('Tone', 2, 'score', '0.5');
CREATE ROLE release_manager;
SELECT gaiops_protect_prompt_alias('Tone', 'production', '{release_manager}');
SELECT gaiops_register_prompt('Gone', 'Version ' || n) FROM generate_series(1, 3) AS n;
SELECT gaiops_delete_prompt('Gone');
SELECT gaiops_register_prompt('Gone', 'Back.');
BEGIN;
SELECT gaiops_register_prompt('Gone', 'Rolled back.');
SELECT gaiops_register_prompt('Never', 'Rolled back.');
ROLLBACK;
END
my $document = export('source');

is(import_into('target', $document), <<'END' =~ s/\n$//r, 'all is imported');
Chat|imported|Added: 1 version.
Gone|imported|Added: 4 versions.
Greet_Prompt|imported|Added: 1 version.
Never|imported|Added: number 1.
Tone|imported|Added: 3 versions, 1 tag, 2 aliases, 1 protected alias.
END
is(export('target'), $document, 'and comes out as it went in');
foreach my $query (
	"SELECT gaiops_format_prompt('Greet_Prompt', '{\"company\": \"Acme\"}')",
	"SELECT gaiops_format_messages('Chat', '{\"company\": \"Acme\", \"history\": [{\"role\": \"user\", \"content\": \"Hi\"}]}')",
	"SELECT gaiops_load_prompt('prompts:/Tone\@production')",
	"SELECT gaiops_prompt_variables('Chat')",
	'SELECT * FROM gaiops.prompt_versions ORDER BY name, version',
	'SELECT * FROM gaiops.prompts ORDER BY name',
	'SELECT * FROM gaiops.prompt_includes ORDER BY name, version, position',
	'SELECT * FROM gaiops.prompt_contents ORDER BY name, version',
	'SELECT * FROM gaiops.prompt_deletions ORDER BY name, version',
	'SELECT * FROM gaiops.protected_prompt_aliases ORDER BY name, alias',
	"SELECT name, version, rank, snippet FROM gaiops_search_prompts('polite')",
	"SELECT alias, from_version, to_version, reason, undoes IS NULL, moved_at, moved_by FROM gaiops.prompt_alias_history ORDER BY id")
{
	my $there = $node->safe_psql('source', $query);
	ok($there ne '' && $node->safe_psql('target', $query) eq $there, "the same in both: $query");
}
is(import_into('target', $document) =~ s/^(\w+)\|unchanged\|\n?//gmr, '', 'done again, it changes nothing');
is(export('target'), $document, 'not at all');

# ---- what goes on from there ----

my $more = <<'END';
SELECT gaiops_register_prompt('Gone', 'Next.'), gaiops_register_prompt('Never', 'Next.'), gaiops_register_prompt('Tone', 'Next.');
SET ROLE release_manager;
SELECT gaiops_rollback_prompt_alias('Tone', 'production');
END
$node->safe_psql($_, "SELECT gaiops_grant('release_manager', 'user')") foreach qw(source target);
is($node->safe_psql('target', $more), $node->safe_psql('source', $more), 'numbers go on as there, and moves are taken back as there');
is($node->safe_psql('target', "SELECT gaiops_set_prompt_alias('Tone', 'mine', 4)"), 'prompts:/Tone@mine', 'there is more here');
$document = export('source');
like(import_into('target', $document), qr/^Tone\|unchanged\|$/m, 'what both have made alike is the same');
$node->safe_psql('source', <<'END');
SELECT gaiops_register_prompt('Tone', 'Be brief.', tags => '{"new": "yes"}');
SELECT gaiops_set_prompt_alias('Tone', 'brief', 5);
SELECT gaiops_register_prompt('Chat', 'One there.');
END
$node->safe_psql('target', "SELECT gaiops_register_prompt('Chat', 'Another here.')");
$document = export('source');
is(import_into('target', $document), <<'END' =~ s/\n$//r, 'what is new is added, unless it says something else here');
Chat|conflict|Something else here: version 2.
Gone|unchanged|
Greet_Prompt|unchanged|
Never|unchanged|
Tone|extended|Added: 1 version, 1 alias.
END

# ---- transactions ----

$node->safe_psql('postgres', 'CREATE DATABASE empty');
$node->safe_psql('empty', 'CREATE EXTENSION genaiops');
$node->safe_psql('empty', 'BEGIN;' . import_statement($document) . ';ROLLBACK');
is($node->safe_psql('empty', 'SELECT count(*) FROM gaiops.prompt_contents'), 0, 'an import that is rolled back is none');
is($node->safe_psql('empty', "SELECT gaiops_register_prompt('Tone', 'x')"), 6, 'but the numbers stay taken');
like(import_into('empty', $document), qr/^Tone\|extended\|Added: 5 versions, 1 tag, 3 aliases, 1 protected alias\.$/m, 'and can still be imported');

my ($rc, $out, $err) = $node->psql('target', 'BEGIN ISOLATION LEVEL REPEATABLE READ;' . import_statement($document));
like($err, qr/ERROR:  cannot import prompts at isolation level REPEATABLE READ/, 'an old snapshot will not do');
($rc, $out, $err) = $node->psql('target', 'BEGIN READ ONLY;' . import_statement($document));
like($err, qr/ERROR:  cannot execute gaiops_import_prompts\(\) in a read-only transaction/, 'nor a transaction that may not write');

is($node->safe_psql('target', <<'END'), "1\nSnapshot|1|1", 'what a transaction with an old snapshot registered is exported');
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT count(*) > 0 AS seen FROM gaiops.prompts \gset
SELECT gaiops_register_prompt('Snapshot', 'x');
SELECT p.name, p.highest_number, jsonb_array_length(p.versions)
FROM json_to_recordset(gaiops_export_prompts('{Snapshot}') -> 'prompts') AS p (name text, highest_number integer, versions jsonb);
ROLLBACK;
END

# ---- while others register ----

# Runs a statement in a session that registers race-N and does not end, an import
# of that prompt in another, then ends the first; returns what the import says.
sub race
{
	my ($name, $template, $end) = @_;
	my $other = $node->background_psql('target');

	$other->query_safe("BEGIN; SELECT gaiops_register_prompt('$name', 'The same.')");
	my $import = sessions($node, 1, import_statement(document($name, $template)), db => 'target');
	wait_until(
		sub {
			$node->safe_psql('target', <<'END') == 1;
SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'gaiops.prompt_contents'::regclass
END
		},
		'the import to wait');
	$other->query_safe($end);
	$other->quit;
	my ($ended) = $import->finish(30);
	return $ended->{out};
}
is(race('race-1', 'The same.', 'COMMIT'), 'race-1|unchanged|', 'an import waits for a registration: the same');
is(race('race-2', 'Else.', 'COMMIT'), 'race-2|conflict|Something else here: version 1.', 'something else');
is(race('race-3', 'The same.', 'ROLLBACK'), 'race-3|conflict|Drawn here for something that was not kept: version 1.', 'one that is rolled back');

# The other way round: the number after those that are imported.
my $importer = $node->background_psql('target');
$importer->query_safe('BEGIN;' . import_statement(document('race-4', 'x')));
my $registration = sessions($node, 1, "SELECT gaiops_register_prompt('race-4', 'y')", db => 'target');
wait_until(
	sub {
		$node->safe_psql('target', <<'END') == 1;
SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'gaiops.prompt_contents'::regclass
END
	},
	'the registration to wait');
is($node->safe_psql('target', "SELECT gaiops_format_prompt('prompts:/Tone/3')"), 'Be rude.', 'reading does not wait for an import');
$importer->query_safe('COMMIT');
$importer->quit;
my ($registered) = $registration->finish(30);
is($registered->{out}, 2, 'a registration waits for an import, and gets the next number');

done_testing();
