# What users built on what an update changes is listed before anything is changed;
# once it is out of the way, the update goes on, and it can be made again.  What
# was granted by hand on what an update makes anew is granted on that.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use GaiopsTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = gaiops_node('update_views', extension => 0);
$node->safe_psql('postgres', q{CREATE EXTENSION genaiops VERSION '0.1.0'});

# Those that are on others come last.
sub in_order
{
	my %after = map { $_ => / FROM of_figures/ ? 2 : / FROM (?:figures|prompts)\b/ ? 1 : 0 } @_;
	return sort { $after{$a} <=> $after{$b} || $a cmp $b } @_;
}

my %own = (
	'view public.asked' => 'VIEW asked AS SELECT trace_id, inputs FROM gaiops.span_payloads',
	'view public.of_default' => 'VIEW of_default AS SELECT metadata FROM gaiops.span_payloads_default',
	'view public.answers' => q{VIEW answers AS SELECT gaiops_chat('echo', q) AS a FROM (VALUES ('x'::text)) AS v (q)},
	'view public.prompts' => 'VIEW prompts AS SELECT name, template FROM gaiops.prompt_versions',
	'view public.configs' => 'VIEW configs AS SELECT model_config FROM gaiops.prompt_contents',
	'materialized view public.defaults' => 'MATERIALIZED VIEW defaults AS SELECT name, params FROM gaiops.endpoints',
	'function public.loaded(text)' => q{FUNCTION loaded(uri text) RETURNS text BEGIN ATOMIC SELECT gaiops_format_prompt(uri, '{}'); END},
	'function public.whole(gaiops.prompt_versions)' => 'FUNCTION whole(gaiops.prompt_versions) RETURNS text LANGUAGE sql RETURN ($1).name',
	'column p of table public.kept' => 'TABLE kept (p gaiops.prompt_versions)',
	'view public.figures' => 'VIEW figures AS SELECT t.trace_id, t.cost, t.request_preview, c.inputs, c.attributes FROM gaiops.traces AS t JOIN gaiops.span_contents AS c USING (trace_id)',
	# On views of users; one with an operator that json does not have.
	'materialized view public.of_figures' => 'MATERIALIZED VIEW of_figures AS SELECT count(*) FROM figures',
	'view public.on_of_figures' => 'VIEW on_of_figures AS SELECT * FROM of_figures',
	'function public.counted()' => 'FUNCTION counted() RETURNS bigint BEGIN ATOMIC SELECT count(*) FROM prompts; END',
	'view public.appended' => q{VIEW appended AS SELECT messages || '[]' AS messages FROM gaiops.prompt_versions},
	'index gaiops.params_idx' => 'INDEX params_idx ON gaiops.endpoints USING gin (params)',
);
# One of ours that somebody has altered.
$node->safe_psql('postgres', 'ALTER VIEW gaiops.span_contents RESET (security_invoker)');
# These go on as they are.
my @unchanged = (
	q{VIEW known AS SELECT name, url FROM gaiops.endpoints WHERE gaiops.has_right('viewer')},
	q{FUNCTION ask(q text) RETURNS text LANGUAGE sql AS 'SELECT gaiops_chat(''echo'', q, params => ''{"seed": 1}''::jsonb)'},
);
$node->safe_psql('postgres', "CREATE $_") foreach @unchanged, in_order(values %own);
my $check = 'constraint own_check on table gaiops.prompt_contents';
$node->safe_psql('postgres', q{ALTER TABLE gaiops.prompt_contents ADD CONSTRAINT own_check CHECK (jsonb_typeof(model_config) = 'object')});
$node->safe_psql('postgres', q{SELECT gaiops_create_endpoint('echo', 'builtin:echo', params => '{"top_p": 1.0}'); CREATE ROLE analyst; GRANT SELECT ON gaiops.traces TO analyst});

# Who may do what with what is made anew, by whom; a star is a grant option.
my $granted = <<'SQL';
SELECT string_agg(format('%s %s %s%s by %s', g.object, g.grantee, g.privilege_type, CASE WHEN g.is_grantable THEN '*' END, g.grantor), E'\n' ORDER BY g.object COLLATE "C", g.grantee COLLATE "C", g.grantor COLLATE "C")
FROM (
	SELECT DISTINCT o.object, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, a.privilege_type, a.is_grantable, a.grantor::regrole::text
	FROM (
		SELECT proname, proacl FROM pg_proc WHERE proname ~ '^(gaiops_(chat|chat_completion|load_prompt|get_cost)|log_assessment)$'
		UNION ALL SELECT relname, relacl FROM pg_class WHERE oid = 'gaiops.prompt_versions'::regclass
		UNION ALL SELECT attname, attacl FROM pg_attribute WHERE attrelid = 'gaiops.prompt_versions'::regclass
	) AS o (object, acl), aclexplode(o.acl) AS a
	WHERE a.grantee = 0 OR a.grantee::regrole::text IN ('analyst', 'app', 'lender', 'friend', 'lost')
) AS g (object, grantee, privilege_type, is_grantable, grantor)
SQL
$node->safe_psql('postgres', <<'SQL');
CREATE ROLE app;
CREATE ROLE lender;
CREATE ROLE friend;
CREATE ROLE lost;
CREATE ROLE member;
SELECT gaiops_grant('member', 'viewer');
GRANT USAGE ON SCHEMA gaiops TO lender;
GRANT EXECUTE ON FUNCTION gaiops_chat(text, text, text, jsonb, text, jsonb, text, text, jsonb, jsonb, interval, text), gaiops_get_cost TO app;
GRANT EXECUTE ON FUNCTION gaiops_load_prompt TO PUBLIC;
GRANT EXECUTE ON FUNCTION gaiops_chat_completion TO lender WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION gaiops.log_assessment TO app;
GRANT SELECT ON gaiops.prompt_versions TO lender WITH GRANT OPTION;
GRANT SELECT (template) ON gaiops.prompt_versions TO lost WITH GRANT OPTION;
GRANT USAGE ON SCHEMA gaiops TO lost;
SET ROLE lost;
GRANT SELECT (template) ON gaiops.prompt_versions TO friend;
RESET ROLE;
REVOKE USAGE ON SCHEMA gaiops FROM lost;
SET ROLE lender;
GRANT EXECUTE ON FUNCTION gaiops_chat_completion TO friend;
GRANT SELECT (name) ON gaiops.prompt_versions TO app;
SQL

my ($status, $out, $error) = $node->psql('postgres', "\\set VERBOSITY verbose\nALTER EXTENSION genaiops UPDATE");
like($error, qr/ERROR:  2BP01: cannot update extension "genaiops" because other objects depend on what changes/, 'an update is refused');
my ($detail) = $error =~ /^DETAIL:  These do: (.*)\.$/m;
is(join("\n", split /; /, $detail // ''), join("\n", sort $check, keys %own), 'and lists what depends, and nothing else');
like($error, qr/^HINT:  Keep their definitions, as of pg_get_viewdef\(\)/m, 'with the remedy');
is($node->safe_psql('postgres', "SELECT extversion FROM pg_extension WHERE extname = 'genaiops'"), '0.1.0', 'nothing is changed');
($status, $out, $error) = $node->psql('postgres', q{SELECT gaiops_chat('echo', 'before')});
like($error, qr/ERROR:  function gaiops_chat\(\) is of an earlier version of extension "genaiops" than its library\nHINT:  Run ALTER EXTENSION/,
	'what the library does not do any more says so by its name');

# What gaiops.endpoints has an index on of jsonb, it can have none of json; partitions have moved.
$node->safe_psql('postgres', 'ALTER TABLE gaiops.prompt_contents DROP CONSTRAINT own_check');
my @again = map { s/gaiops\.(span_payloads_default)/gaiops_partitions.$1/r } grep { !/params_idx|VIEW appended/ } in_order(values %own);
my @drops = map { 'DROP ' . (/^column .* of (.*)/ ? $1 : $_) }
	reverse map { my $made = $_; grep { $own{$_} eq $made } keys %own } in_order(values %own);
$node->safe_psql('postgres', join(";\n", 'BEGIN', @drops, 'ALTER EXTENSION genaiops UPDATE', (map { "CREATE $_" } @again), 'COMMIT'));
pass('what was dropped can be made again, word for word but for the schema of partitions, in the transaction of the update');
is($node->safe_psql('postgres', $granted), <<'END' =~ s/\n\z//r, 'what was granted by hand is, by whom it was');
gaiops_chat app EXECUTE by postgres
gaiops_chat_completion friend EXECUTE by lender
gaiops_chat_completion lender EXECUTE* by postgres
gaiops_get_cost app EXECUTE by postgres
gaiops_load_prompt PUBLIC EXECUTE by postgres
name app SELECT by lender
prompt_versions lender SELECT* by postgres
template friend SELECT by postgres
template lost SELECT* by postgres
END
is($node->safe_psql('postgres', q{SELECT has_function_privilege('member', 'gaiops_load_prompt(text)', 'EXECUTE') AND has_table_privilege('member', 'gaiops.prompt_versions', 'SELECT')}),
	't', 'a right still covers what was made anew');
is($node->safe_psql('postgres', "SELECT reloptions FROM pg_class WHERE oid = 'gaiops.span_contents'::regclass"),
	'{security_invoker=true}', 'and a view of ours has its options, though they were reset');
is($node->safe_psql('postgres', "SELECT to_regclass('gaiops.former_grants') IS NULL"), 't', 'nothing is left over');
command_like([ $node->installed_command('pg_dump'), '--host', $node->host, '--port', $node->port, '--schema-only', 'postgres' ],
	qr/^SET SESSION AUTHORIZATION lender;\n+GRANT ALL ON FUNCTION pg_catalog\.gaiops_chat_completion\(.*\) TO friend;/m, 'a dump has it as granted by hand');
is($node->safe_psql('postgres', "SELECT ask('after')"), 'after', 'a function that was left calls');
is($node->safe_psql('postgres', q{SELECT count(*), min(request_preview), min(inputs ->> 'message') FROM figures}), '1|after|after', 'and a view that was made again shows');
is($node->safe_psql('postgres', q{SELECT has_table_privilege('analyst', 'gaiops.traces', 'SELECT')}), 't', 'what was granted on our views is');
is($node->safe_psql('postgres', q{SELECT string_agg(params::text || pg_typeof(params), '') FROM gaiops.endpoints}), '{"top_p": 1.0}json', 'columns have the new type');
is($node->safe_psql('postgres', q{SET ROLE app; SELECT gaiops_chat('echo', 'granted')}), 'granted', 'what was granted by hand is enough for a call, as before');
is($node->safe_psql('postgres', qq{SET ROLE app; SELECT gaiops_chat('echo', 'granted', params => '{"seed": 1}'::$_)}), 'granted', "and for one with an argument of type $_")
	foreach qw(jsonb json text varchar);
is($node->safe_psql('postgres', q{SET ROLE friend; SELECT gaiops_chat_completion('{"model": "echo", "messages": [{"role": "user", "content": "Hi"}]}'::jsonb) #>> '{choices,0,message,content}'}),
	'Hi', 'whoever granted it');
is($node->safe_psql('postgres', q{SELECT has_function_privilege('lender', 'gaiops.ordered_json(jsonb)', 'EXECUTE WITH GRANT OPTION'), has_function_privilege('lost', 'gaiops.ordered_json(jsonb)', 'EXECUTE')}),
	't|f', 'who can grant such a function can grant what it takes to call it; others get nothing');
$node->stop;

done_testing();
