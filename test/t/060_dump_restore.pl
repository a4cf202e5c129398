# A dump keeps everything, and the restored database takes calls: pg_dump, its
# custom format, its parts, and pg_upgrade.
use strict;
use warnings;

use File::Copy;
use FindBin;
use lib "$FindBin::Bin/../lib";
use GaiopsTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $fingerprint = slurp_file("$FindBin::Bin/../lib/fingerprint.sql");
my $rows = slurp_file("$FindBin::Bin/../lib/rows.sql");
my $dumps = PostgreSQL::Test::Utils::tempdir();
my $model = model_server();
my $keep = 'gaiops.payload_retention = 0';

# ---- the database that is dumped ----

$ENV{GAIOPS_TEST_KEY} = 'sk-env';
my $source = gaiops_node('source', conf => "$keep\nwal_level = replica\nmax_wal_senders = 5");

sub copy_ring_to
{
	my ($node) = @_;
	my $file = $node->data_dir . '/gaiops_key_ring';

	copy($source->data_dir . '/gaiops_key_ring', $file) or die "copy: $!";
	chmod 0600, $file;
	return;
}

sub answers_ok
{
	my ($node, $db, $message, $name) = @_;

	local $Test::Builder::Level = $Test::Builder::Level + 1;
	return is($node->safe_psql($db, "SELECT gaiops_chat('gateway', 'say:$message')"), $message, $name);
}

$source->safe_psql('postgres', <<'END');
CREATE ROLE viewer_role; CREATE ROLE user_role LOGIN; CREATE ROLE admin_role; CREATE ROLE analyst; CREATE ROLE blind;
CREATE ROLE "Odd ""name""";
SELECT gaiops_grant('viewer_role', 'viewer'), gaiops_grant('user_role', 'user'), gaiops_grant('admin_role', 'admin'),
	gaiops_grant('Odd "name"', 'viewer');
GRANT USAGE ON SCHEMA gaiops TO analyst;
GRANT SELECT ON gaiops.spans, gaiops.traces TO analyst;
GRANT SELECT (name, created_at) ON gaiops.experiments TO analyst;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO blind;
SELECT gaiops_create_secret('gateway-key', 'sk-dumped');
SELECT gaiops_create_secret('from-env', 'env:GAIOPS_TEST_KEY');
SELECT gaiops_register_prompt('Greet_Prompt', 'Be polite to {{ who }}.', tags => '{"kind": "dumped"}'),
	gaiops_set_prompt_alias('Greet_Prompt', 'production', 1);
SELECT gaiops_set_price('openai', 'gpt-4.1-mini', 0.5, 2.5, source => 'contract'),
	gaiops_set_price('example', 'tiny', 0.125, 0.25, effective_from => '2020-01-01');
END
make_endpoint($source, 'gateway', $model->url, "secret => 'gateway-key', headers => '{\"x-team\": \"search\"}'");
make_endpoint($source, 'silent', silent_url(), 'max_retries => 0');
make_endpoint($source, 'refused', refused_url(), 'max_retries => 0');
$source->safe_psql('postgres', <<'END', extra_params => [ '-v', 'ON_ERROR_STOP=1' ]);
SELECT gaiops_set_experiment('Dumped experiment');
SELECT gaiops_chat('gateway', 'say:hello', tags => '{"kind": "dumped"}', metadata => '{"n": 1.50}', session_id => 's', user_id => 'u');
SELECT gaiops_chat('gateway', 'Wörter, "Zitate", \ und 中文' || chr(9), on_error => 'null');
BEGIN;
SELECT gaiops_start_span('outer', 'AGENT', '{"in": [1, 2]}') AS span \gset
SELECT gaiops_chat('gateway', 'say:inner');
SELECT gaiops_end_span(:'span', '{"out": null}');
COMMIT;
SELECT gaiops_chat('refused', 'x', on_error => 'null');
SELECT gaiops_create_label_schema('tone', 'categories', labels => '{warm,cold}');
SELECT gaiops_log_feedback(trace_id, 'tone', 'cold') AS cold, trace_id AS assessed FROM gaiops.spans ORDER BY start_time LIMIT 1 \gset
SELECT gaiops_log_feedback(:'assessed', 'tone', 'warm', source_type => 'LLM_JUDGE', source_id => 'judge', idempotency_key => 'dumped');
SELECT gaiops_delete_feedback(gaiops_override_feedback(gaiops_override_feedback(:'cold', 'warm', 'by a person'), 'cold'));
SELECT gaiops_create_review_queue('q', '{thumbs}', 2), gaiops_enqueue_review('q', ARRAY[:'assessed'::uuid]);
SELECT gaiops_submit_review(item, '{"thumbs": "up"}', 'ann') FROM gaiops_claim_review('q', reviewer => 'ann');
SELECT gaiops_log_expectation(session_id => 's', name => 'expected_facts', value => ARRAY['It is dumped.']);
END
await_maintenance($source, 'postgres');

# Partitions of the past and rows in them; rows of a time that has none; records
# that were rejected; what a user has built on top.
$source->safe_psql('postgres', <<'END');
SELECT gaiops.make_partition('gaiops.spans', '2024-02-01 00:00:00+00', '2024-03-01 00:00:00+00'),
	gaiops.make_partition('gaiops.span_payloads', '2024-02-29 00:00:00+00', '2024-03-01 00:00:00+00');
CREATE TEMP TABLE s AS SELECT * FROM gaiops.spans LIMIT 1;
CREATE TEMP TABLE p AS SELECT * FROM gaiops.span_payloads WHERE body IS NOT NULL LIMIT 1;
UPDATE s SET start_time = '2024-02-29 23:59:59.999999+00', cost = 0.000000000000000001;
UPDATE p SET start_time = '2024-02-29 23:59:59.999999+00', body = NULL, body_bytes = '\x00ff80', body_length = 4711;
INSERT INTO gaiops.spans SELECT * FROM s;
INSERT INTO gaiops.span_payloads SELECT * FROM p;
UPDATE s SET start_time = '2019-01-01 00:00:00+00';
UPDATE p SET start_time = '2019-01-01 00:00:00+00';
INSERT INTO gaiops.spans SELECT * FROM s;
INSERT INTO gaiops.span_payloads SELECT * FROM p;
INSERT INTO gaiops.rejected_records VALUES (now(), 'spans', NULL, NULL, '22000', 'of old');
CREATE VIEW public.my_costs AS SELECT experiment, sum(cost) AS cost FROM gaiops.spans GROUP BY experiment;
CREATE TABLE public.notes (trace_id uuid, note text);
CREATE FUNCTION public.ask(text) RETURNS text LANGUAGE sql AS $$ SELECT gaiops_chat('gateway', $1) $$;
END
is($source->safe_psql('postgres', 'SELECT count(*) FROM gaiops_partitions.spans_default'), 1, 'a row is in the default partition');

$source->safe_psql('postgres', <<'END');
SELECT gaiops_alter_experiment('Dumped experiment', 'about', 'goal', 'owner', '{"a": "b"}');
SELECT gaiops_set_criterion('Dumped experiment', 'cost', 'p95', maximum => 0.5);
SELECT gaiops_start_run('dumped run', '{"a": "b"}'), gaiops_log_param('p', 1), gaiops_log_metric('m', 0.1), gaiops_end_run();
END
my $in_run = $source->background_psql('postgres');
$in_run->query_safe("SELECT gaiops_start_run('open at the dump')");
my $hanging = sessions($source, 1, "SELECT gaiops_chat('silent', 'in flight');");
wait_until(sub { $source->safe_psql('postgres', 'SELECT count(*) FROM gaiops.intents') == 1 }, 'the call to be under way');

my $catalog = $source->safe_psql('postgres', $fingerprint);
my $content = $source->safe_psql('postgres', $rows);
like($content, qr/^gaiops\.intents 1 /m, 'a call is under way while the dump is taken');
like($content, qr/^gaiops\.open_runs 1 /m, 'and so is a run');

run_tool($source, 'pg_dumpall', '--roles-only', '-f', "$dumps/roles.sql");
run_tool($source, 'pg_dump', '-f', "$dumps/plain.sql", 'postgres');
run_tool($source, 'pg_dump', '-Fc', '-f', "$dumps/custom", 'postgres');
run_tool($source, 'pg_dump', '--schema-only', '-f', "$dumps/schema.sql", 'postgres');
unlike(slurp_file("$dumps/plain.sql"), qr/sk-dumped/, 'no clear key is in the dump');

# The dump without requests and answers, as the page on security has it.
my ($excluded) = slurp_file("$FindBin::Bin/../../doc/security.md") =~ /`pg_dump --exclude-table-data='([^']+)'`/;
run_tool($source, 'pg_dump', "--exclude-table-data=$excluded", '-f', "$dumps/figures.sql", 'postgres');
like(slurp_file("$dumps/plain.sql"), qr/^COPY gaiops_partitions\.span_payloads_\d/m, 'payloads of partitions are in a dump');
unlike(slurp_file("$dumps/figures.sql"), qr/^COPY \S*span_payloads/m, 'and in none that leaves them out');
like(slurp_file("$dumps/figures.sql"), qr/^COPY gaiops_partitions\.spans_\d/m, 'which has the spans');
run_tool($source, 'pg_dump', '-n', 'gaiops*', '-f', "$dumps/schemas.sql", 'postgres');
like(slurp_file("$dumps/schemas.sql"), qr/^COPY gaiops_partitions\.span_payloads_\d.*^COPY gaiops_partitions\.spans_\d/ms, 'a dump of our schemas has both');
is(() = slurp_file("$dumps/plain.sql") =~ /gpt-4\.1-nano/g, 0, 'nor are the prices that come with the extension');

$source->safe_psql('postgres', "SELECT pg_cancel_backend($_)") foreach $hanging->backends;
$hanging->finish(30);
$in_run->quit;

# ---- another cluster, at first without the library ----

my $target = gaiops_node('target', extension => 0, start => 0, conf => $keep);
$target->append_conf('postgresql.conf', "shared_preload_libraries = ''");
$target->start;
foreach my $db (qw(plain custom parallel schema))
{
	$target->safe_psql('postgres', "CREATE DATABASE $db TEMPLATE template0");
}
# This cluster has the first of these roles already.
my $roles = slurp_file("$dumps/roles.sql");
my $superuser = $source->safe_psql('postgres', 'SELECT quote_ident(current_user)');
$roles =~ s/^CREATE ROLE \Q$superuser\E;$//m;
$target->safe_psql('postgres', $roles);
run_tool($target, 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-f', "$dumps/plain.sql", '-d', 'plain');
run_tool($target, 'pg_restore', '--exit-on-error', '-d', 'custom', "$dumps/custom");
run_tool($target, 'pg_restore', '--exit-on-error', '--jobs=3', '-d', 'parallel', "$dumps/custom");
run_tool($target, 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-f', "$dumps/schema.sql", '-d', 'schema');

foreach my $db (qw(plain custom parallel))
{
	same_lines_ok($target->safe_psql($db, $fingerprint), $catalog, "$db: the catalog is the same");
	same_lines_ok($target->safe_psql($db, $rows), $content, "$db: every row is there");
}
same_lines_ok($target->safe_psql('schema', $fingerprint), $catalog, 'the schema alone gives the same catalog');
like($target->safe_psql('schema', $rows), qr/^gaiops_partitions\.spans_default 0 /m, 'and no rows');
is($target->safe_psql('plain', 'SELECT status FROM gaiops.calls_in_flight'), 'UNKNOWN',
	'the call that was under way is shown as unknown, even without the library');
is($target->safe_psql('plain', "SELECT status FROM gaiops.runs WHERE name = 'open at the dump'"), 'KILLED',
	'and the run that was open as killed');
is($target->safe_psql('plain', 'SELECT count(*) FROM public.my_costs'), 1, 'what users built on it is there');
my ($rc, $out, $err) = $target->psql('plain', "SELECT gaiops_chat('gateway', 'hello')");
like($err, qr/must be loaded via shared_preload_libraries.*HINT:  Add to postgresql.conf/s, 'a call says what to put where');
my $assess = "SELECT gaiops_log_feedback(trace_id, 'tone', 'warm', source_type => '%s', source_id => '%s') IS NOT NULL FROM gaiops.assessments WHERE trace_id IS NOT NULL LIMIT 1";
is($target->safe_psql('schema', "SELECT count(*) FROM gaiops.label_schemas WHERE builtin"), 4, 'label schemas that come with the extension are there once');
is($target->safe_psql('custom', 'BEGIN; ' . sprintf($assess, 'HUMAN', 'ann') . '; ROLLBACK'), 't', 'without the library people log feedback');
($rc, $out, $err) = $target->psql('plain', sprintf($assess, 'CODE', 'c'));
like($err, qr/must be loaded via shared_preload_libraries/, 'and programs do not');

# ---- with the library, at first without the key ring ----

$target->append_conf('postgresql.conf', "shared_preload_libraries = 'genaiops'");
$target->restart;
$model->forget;
my ($key) = $source->safe_psql('postgres', "SELECT key_id FROM gaiops_private.secrets WHERE name = 'gateway-key'");
($rc, $out, $err) = $target->psql('plain', "\\set VERBOSITY verbose\nSELECT gaiops_chat('gateway', 'hello')");
like($err, qr/ERROR:  LM011: .*\Q$key\E.*HINT:  /s, 'without the key ring a call has an error of its own, with key and remedy');
is(scalar(my @none = $model->journal), 0, 'and nothing was sent');
is($target->safe_psql('plain', "SELECT status FROM gaiops_status() WHERE item = 'key ring'"), 'error', 'gaiops_status() says so, too');

copy_ring_to($target);
foreach my $db (qw(plain custom parallel))
{
	answers_ok($target, $db, "restored $db", "$db takes calls");
	is($target->safe_psql($db, "SELECT string_agg(value #>> '{}', ' ' ORDER BY created_at) FROM gaiops.assessments WHERE name = 'tone' AND is_valid"), 'warm warm',
		'what is in force in place of what is still is');
	is($target->safe_psql($db, "SELECT gaiops_log_feedback(trace_id, 'tone', 'warm', source_type => 'LLM_JUDGE', source_id => 'judge', idempotency_key => 'dumped') = assessment_id FROM gaiops.assessments WHERE source_type = 'LLM_JUDGE'"), 't',
		'an idempotency key stands for the same assessment');
	is($target->safe_psql($db, "SELECT metric, aggregate, measured, said_by, maximum FROM gaiops.criteria WHERE experiment = 'Dumped experiment'"),
		'cost|p95|promotion|usage|0.5', 'a criterion is what it was');
	is($target->safe_psql($db, "SELECT reviews FROM gaiops.review_queues; SELECT count(*) FROM gaiops_claim_review('q', reviewer => 'ann'); SELECT count(*) FROM gaiops_claim_review('q', reviewer => 'ben')"), "1\n0\n1",
		'a review queue goes on where it was');
	is($target->safe_psql($db, "SELECT count(*) FROM gaiops.spans WHERE status = 'UNKNOWN' AND endpoint = 'silent'"), 1,
		'the unknown call has become a span');
	is($target->safe_psql($db, 'SELECT count(*) FROM gaiops.intents'), 0, 'and is under way no more');
	is($target->safe_psql($db, "SELECT status FROM gaiops.run_ends JOIN gaiops.run_starts USING (run_id) WHERE name = 'open at the dump'"),
		'KILLED', 'the run that was open has been ended');
	await_maintenance($target, $db);
	is($target->safe_psql($db, 'SELECT count(*) FROM gaiops.rejected_records'), 1, 'nothing was rejected');
	is($target->safe_psql($db, "SET ROLE user_role; SELECT gaiops_chat('gateway', 'say:by role')"), 'by role', 'a granted role has its rights');
	$target->safe_psql($db, "SELECT gaiops_grant('blind', 'viewer'), gaiops_revoke('blind', 'viewer'), gaiops_set_price('example', 'tiny', 1, 1)");
}
is((grep { !$_->{headers}{authorization} } $model->journal), 0, 'every request had the key');

# A dump of what was restored is as good as the first.
$catalog = $target->safe_psql('plain', $fingerprint);
$content = $target->safe_psql('plain', $rows);
run_tool($target, 'pg_dump', '-f', "$dumps/again.sql", 'plain');
$target->safe_psql('postgres', 'CREATE DATABASE again TEMPLATE template0');
run_tool($target, 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-f', "$dumps/again.sql", '-d', 'again');
same_lines_ok($target->safe_psql('again', $fingerprint), $catalog, 'a second restore has the same catalog');
same_lines_ok($target->safe_psql('again', $rows), $content, 'and the same rows');
answers_ok($target, 'again', 'twice', 'and takes calls');
$target->stop;

# ---- a standby, and its promotion ----

await_maintenance($source, 'postgres');
$source->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($source, 'base', has_streaming => 1);
$standby->start;
$hanging = sessions($source, 1, "SELECT gaiops_chat('silent', 'in flight');");
wait_until(sub { $source->safe_psql('postgres', 'SELECT count(*) FROM gaiops.intents') == 1 }, 'the call to be under way');
is($source->safe_psql('postgres', 'SELECT status FROM gaiops.calls_in_flight'), 'IN_PROGRESS', 'a call is under way on the primary');
$source->wait_for_catchup($standby, 'replay', $source->lsn('flush'));
is($standby->safe_psql('postgres', 'SELECT status FROM gaiops.calls_in_flight'), 'UNKNOWN', 'on a standby nobody knows how it is');
$content = $source->safe_psql('postgres', $rows);
same_lines_ok($standby->safe_psql('postgres', $rows), $content, 'the standby has every row');
($rc, $out, $err) = $standby->psql('postgres', "\\set VERBOSITY verbose\nSELECT gaiops_chat('gateway', 'hello')");
like($err, qr/25006: .*during recovery/, 'and refuses calls');
copy_ring_to($standby);
$standby->promote;
same_lines_ok($standby->safe_psql('postgres', $rows), $content, 'so it has when promoted');
answers_ok($standby, 'postgres', 'promoted', 'and takes calls');
is($standby->safe_psql('postgres', "SELECT status, count(*) FROM gaiops.spans WHERE endpoint = 'silent' GROUP BY 1 ORDER BY 1"),
	"ERROR|1\nUNKNOWN|1", 'the call that was under way has become a span');
$standby->stop;
$source->safe_psql('postgres', "SELECT pg_cancel_backend($_)") foreach $hanging->backends;
$hanging->finish(30);

# ---- pg_upgrade ----

await_maintenance($source, 'postgres');
$catalog = $source->safe_psql('postgres', $fingerprint);
$content = $source->safe_psql('postgres', $rows);
$source->stop;
my $upgraded = gaiops_node('upgraded', extension => 0, start => 0, conf => $keep);
upgrade_ok($source, $upgraded);
copy_ring_to($upgraded);
$upgraded->start;
same_lines_ok($upgraded->safe_psql('postgres', $fingerprint), $catalog, 'pg_upgrade keeps the catalog');
same_lines_ok($upgraded->safe_psql('postgres', $rows), $content, 'and every row');
answers_ok($upgraded, 'postgres', 'upgraded', 'and calls work');
is($upgraded->safe_psql('postgres', <<'END'), "Be polite to Ann.\n2", 'prompts are loaded, and registered with the next number');
SELECT gaiops_format_prompt('prompts:/Greet_Prompt@production', '{"who": "Ann"}');
SELECT gaiops_register_prompt('Greet_Prompt', 'Be polite.');
END
$upgraded->stop;

done_testing();
