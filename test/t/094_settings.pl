# Settings that change what literals, dates, numbers and names mean, or how a
# statement runs: set for a database, before the extension is made there, so that
# it is made, used and written to by workers with them.  The README's walk and what
# goes beyond it leave the same rows as in a database without any.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use GaiopsProof;
use GaiopsTest;
use PostgreSQL::Test::Utils;
use Test::More;

# Databases, each with settings that cannot hide what the others do.
my @SETTINGS = (
	plain => {},
	literals => {
		standard_conforming_strings => 'off', backslash_quote => 'off', escape_string_warning => 'on',
		plan_cache_mode => 'force_generic_plan'
	},
	dates => { DateStyle => 'SQL, DMY', IntervalStyle => 'sql_standard', TimeZone => 'Asia/Kathmandu' },
	more_dates => { DateStyle => 'German', IntervalStyle => 'iso_8601', TimeZone => '<+14>-14', client_min_messages => 'error' },
	numbers => {
		bytea_output => 'escape', extra_float_digits => '-15', xmloption => 'document', xmlbinary => 'hex',
		lc_numeric => 'C.UTF-8', lc_messages => 'C.UTF-8', lc_time => 'C.UTF-8', lc_monetary => 'C.UTF-8'
	},
	names => {
		quote_all_identifiers => 'on', search_path => 'pg_temp', array_nulls => 'off', transform_null_equals => 'on',
		check_function_bodies => 'on', default_text_search_config => 'german', 'plpgsql.variable_conflict' => 'use_column',
		'plpgsql.extra_errors' => 'all', 'plpgsql.check_asserts' => 'off'
	},
	transactions => {
		default_transaction_isolation => 'serializable', default_transaction_deferrable => 'on',
		synchronous_commit => 'off'
	},
	rows => {
		row_security => 'off', session_replication_role => 'replica', default_toast_compression => 'pglz',
		plan_cache_mode => 'force_custom_plan', exit_on_error => 'on', work_mem => '64kB'
	},
	time => {
		statement_timeout => '60s', lock_timeout => '50s', idle_in_transaction_session_timeout => '20s',
		idle_session_timeout => '60s', transaction_timeout => '60s'
	},
	jit => {
		jit => 'on', jit_above_cost => '100', jit_inline_above_cost => '-1', jit_optimize_above_cost => '-1',
		enable_seqscan => 'off', enable_hashjoin => 'off', enable_hashagg => 'off', enable_material => 'off'
	},
	plans => {
		jit => 'off', enable_indexscan => 'off', enable_indexonlyscan => 'off', enable_bitmapscan => 'off', enable_nestloop => 'off',
		enable_sort => 'off',
		enable_partition_pruning => 'off', enable_memoize => 'off', enable_tidscan => 'off',
		constraint_exclusion => 'off', cursor_tuple_fraction => '1', from_collapse_limit => '1', join_collapse_limit => '1'
	},
	parallel => {
		jit => 'off', force_parallel_mode => 'on', debug_parallel_query => 'on', parallel_setup_cost => '0', parallel_tuple_cost => '0',
		min_parallel_table_scan_size => '0', min_parallel_index_scan_size => '0', enable_partitionwise_join => 'on',
		enable_partitionwise_aggregate => 'on'
	});

# Beyond the walk: what is read by patterns, written as text or looked up by name.
# Nothing is shown, since showing is what some of the settings are for; no literal
# here has a backslash without E''.
my $MORE = <<'END';
SELECT gaiops_create_endpoint('azure', url => 'https://x.openai.azure.com/openai/v1', model => 'gpt-4.1-mini');
SELECT gaiops_create_endpoint('azure_inference', url => 'https://x.services.ai.azure.com/v1', model => 'm', timeout => '1 minute 30 seconds');
SELECT gaiops_create_endpoint('bedrock', url => 'https://bedrock-runtime.eu-central-1.amazonaws.com/openai/v1', model => 'm');
SELECT gaiops_create_endpoint('vertex', url => 'https://europe-west1-aiplatform.googleapis.com/v1', model => 'm');
SELECT gaiops_create_endpoint('echo', url => 'builtin:echo');
SELECT gaiops_set_price('acme', 'm', input => 0.1, output => 1234567.000000001, effective_from => '2030-02-01T00:00:00Z');
SELECT gaiops_chat('echo', E'back\\slash  "quoted"\n\tstress \u00e9', metadata => E'{"path": "C:\\\\temp"}');

SELECT gaiops_start_run('settings', tags => '{"a": 0.1}');
SELECT gaiops_log_param('interval', make_interval(days => 1, secs => -7384.5));
SELECT gaiops_log_param('float', 0.1::float8 + 0.2::float8);
SELECT gaiops_log_param('real', 0.1::real);
SELECT gaiops_log_param('bytea', decode('00ff5c', 'hex'));
SELECT gaiops_log_param('date', date '2030-02-03');
SELECT gaiops_log_param('timestamp', timestamp '2030-02-03 04:05:06.789');
SELECT gaiops_log_param('floats', ARRAY[0.1::float8 + 0.2::float8]);
SELECT gaiops_log_param('nulls', ARRAY['a', NULL, 'null']);
SELECT gaiops_log_metric('float', 0.1::float8 + 0.2::float8);
SELECT gaiops_log_metrics('{"largest": 1.7976931348623157e308, "third": 0.3333333333333333}');
SELECT gaiops_chat('echo', 'in a run');
SELECT gaiops_end_run();
SELECT gaiops_start_run('other'), gaiops_log_metric('largest', -1), gaiops_log_metric('third', 1), gaiops_end_run();
SELECT gaiops_start_run('compared'), gaiops_log_param('difference', c.difference) FROM (
	SELECT difference FROM gaiops_compare_run_metrics(ARRAY(SELECT run_id FROM gaiops.runs WHERE name IN ('settings', 'other') ORDER BY name))
	WHERE key = 'third') AS c;
SELECT gaiops_end_run();

SELECT gaiops_log_feedback(trace_id, 'float', 0.1::float8 + 0.2::float8) FROM gaiops.traces WHERE prompt_version = 2;
SELECT gaiops_log_feedback(trace_id, 'interval', make_interval(days => -1, hours => 2)) FROM gaiops.traces WHERE prompt_version = 2;
SELECT gaiops_log_feedback(trace_id, 'date', date '2030-02-03') FROM gaiops.traces WHERE prompt_version = 2;
SELECT gaiops_log_feedback(trace_id, 'range', daterange('2030-02-03', '2030-03-04')) FROM gaiops.traces WHERE prompt_version = 2;
SELECT gaiops_create_label_schema('topics', 'categories', labels => ARRAY['a', 'b'], multiple => true);
SELECT gaiops_log_feedback(trace_id, 'topics', '["a"]'::jsonb) FROM gaiops.traces WHERE prompt_version = 2;
SELECT gaiops_create_review_queue('queue', schemas => ARRAY['topics']);
SELECT gaiops_enqueue_review('queue', ARRAY(SELECT trace_id FROM gaiops.traces WHERE prompt_version = 2));
SELECT gaiops_submit_review(c.item, '{"topics": ["b"]}') FROM gaiops_claim_review('queue', '1 hour') AS c;

SELECT gaiops_register_prompt('Escapes', E'C:\\{{ path }}\n{% if loud %}!{% endif %}', commit_message => 'über "zwei  Worte"');
SELECT gaiops_register_prompt('Escapes', E'C:\\\\{{ path }}\n{% if loud %}?{% endif %}', tags => '{"k": "v"}');
SELECT gaiops_register_prompt('Talk', '[{"role": "system", "content": "Be {{ mood }}."}, {"role": "user", "content": "{{ ask }}"}]'::jsonb,
	model_config => '{"temperature": 0.30000000000000004}');
CREATE TABLE public.said AS SELECT '' AS what, ''::text AS text;
INSERT INTO public.said SELECT 'search ' || q, string_agg(s.name || ' ' || s.version || ' ' || s.snippet, '; ' ORDER BY s.name)
	FROM unnest(ARRAY['polite assistant', '"in one sentence"', 'polite -sentence', 'company--- acme', 'tag:k=v', 'worte', '"zwei  Worte"', 'name:Esc* ']) AS q
	LEFT JOIN LATERAL gaiops_search_prompts(q) AS s ON true GROUP BY q;
INSERT INTO public.said SELECT 'diff', d FROM gaiops_diff_prompt('Escapes', 1, 2) AS d UNION ALL SELECT 'diff', d FROM gaiops_diff_prompt('Greet_Prompt', 1, 2) AS d;
INSERT INTO public.said VALUES ('format', gaiops_format_prompt('prompts:/Escapes/1', E'{"path": "a\\\\b", "loud": true}')),
	('messages', gaiops_format_messages('prompts:/Talk/1', '{"mood": 0.1, "ask": "1e400"}')::text);
BEGIN ISOLATION LEVEL READ COMMITTED;
INSERT INTO public.said SELECT 'import', gaiops_import_prompts(gaiops_export_prompts())::text;
COMMIT;

SELECT gaiops_create_dataset('lines');
INSERT INTO public.said SELECT 'lines', i::text FROM gaiops_import_dataset('lines', E'\uFEFF{"inputs": {"message": "one\\\\n"}, "expectations": {"expected_response": 0.1}}\n\u00a0\n'
	|| '{"messages": [{"role": "user", "content": "two"}, {"role": "assistant", "content": "zwei"}]}') AS i;
SELECT gaiops_split_dataset('lines', '{"train": 0.5, "test": 0.5}', seed => 1);
INSERT INTO public.said SELECT 'records', string_agg(l, E'\n' ORDER BY l) FROM gaiops_export_dataset('lines') AS l;
INSERT INTO public.said SELECT 'chat', string_agg(l, E'\n' ORDER BY l) FROM gaiops_export_dataset('lines', 'chat') AS l;

SELECT gaiops_grant('settings_user', 'user'), gaiops_grant('settings_viewer', 'viewer');
GRANT CREATE, USAGE ON SCHEMA public TO settings_user;
SET ROLE settings_user;
SELECT gaiops_chat('echo', 'as a user', prompt => 'prompts:/Escapes/2', variables => '{"path": "p", "loud": false}');
RESET ROLE;
SELECT gaiops_set_trace_tag(trace_id, 'tag', E'v\\al''ue') FROM gaiops.traces WHERE prompt_version = 2;
INSERT INTO public.said SELECT 'trace ' || coalesce(request_preview, ''), response_preview FROM gaiops.traces;
INSERT INTO public.said SELECT 'provider of ' || name, provider FROM gaiops.endpoints;
SELECT gaiops_run_maintenance();
END

# Later, when there are partitions.
my $LAST = "INSERT INTO public.said SELECT 'status ' || item, status FROM gaiops_status()";

# Every row of every table of ours, without what is another one each time.
my $ROWS = <<'END';
SELECT format('SELECT %L || (to_jsonb(t) - %L::text[])::text FROM %s AS t;', c.relname || ' ',
	'{transaction,start_time,latency_ms,gateway_ms,time_to_first_token_ms,created_at,updated_at,logged_at,sealed,pid,hour,first_start,last_start,latency_buckets,latency_counts}',
	c.oid::regclass)
FROM pg_depend AS d JOIN pg_class AS c ON c.oid = d.objid AND d.classid = 'pg_class'::regclass
WHERE d.deptype = 'e' AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname NOT IN ('prices', 'usage_deltas')
UNION ALL SELECT $$SELECT 'prices ' || (to_jsonb(t) - '{changed_at,created_at}'::text[])::text FROM gaiops.prices AS t;$$
UNION ALL SELECT $$SELECT 'usage ' || concat_ws(' ', experiment, model, prompt_name, prompt_version, sum(calls), sum(cost), sum(input_tokens))
	FROM gaiops.usage_hourly GROUP BY experiment, model, prompt_name, prompt_version;$$
UNION ALL SELECT $$SELECT 'said ' || to_jsonb(t)::text FROM public.said AS t;$$
UNION ALL SELECT $$SELECT 'partition ' || relid::regclass FROM pg_partition_tree('gaiops.spans');$$
UNION ALL SELECT $$SELECT 'partition ' || relid::regclass FROM pg_partition_tree('gaiops.span_payloads');$$
UNION ALL SELECT $$SELECT 'comment ' || obj_description(relid, 'pg_class') FROM pg_partition_tree('gaiops.spans');$$
UNION ALL SELECT $$SELECT 'rights ' || kind || ' ' || object || ' ' || "right" || ' ' || acl::text FROM gaiops.members();$$
END

my $model = model_server();
my $walk = qx("$FindBin::Bin/../../scripts/walk" "$FindBin::Bin/../../README.md");
$walk =~ s/127\.0\.0\.1:4010/'127.0.0.1:' . $model->port/ge;
my $node = gaiops_node('settings', extension => 0);

# A statement run with the settings of a server that nobody has touched.
sub plainly
{
	my ($db, $sql) = @_;

	local $ENV{PGOPTIONS} = join ' ', map { "-c $_" } 'default_transaction_isolation=read\ committed',
	  qw(standard_conforming_strings=on DateStyle=ISO IntervalStyle=postgres TimeZone=UTC bytea_output=hex
	  extra_float_digits=1 quote_all_identifiers=off search_path=public array_nulls=on row_security=on
	  exit_on_error=off default_transaction_read_only=off);
	return $node->safe_psql($db, $sql);
}

sub normal
{
	my ($text) = @_;

	$text =~ s/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/UUID/g;
	$text =~ s/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[+-]\d\d(?::\d\d)?)?/TIME/g;
	$text =~ s/\b(?=[0-9a-f]*\d)[0-9a-f]{16}\b/SPAN/g;
	$text =~ s/chatcmpl-[\w-]+/ANSWER/g;
	$text =~ s/"created\\?":\d+/CREATED/g;
	return $text;
}

sub rows_of
{
	my ($db) = @_;

	return normal(plainly($db, plainly($db, $ROWS)));
}

sub make_database
{
	my ($db, $settings) = @_;

	plainly('postgres', "CREATE DATABASE $db");
	foreach my $name (sort keys %$settings)
	{
		my $known = $name =~ /\./ ? 't'
		  : plainly('postgres', "SELECT count(*) > 0 FROM pg_settings WHERE name = lower('$name') OR name = '$name'");
		plainly('postgres', "ALTER DATABASE $db SET $name = '$settings->{$name}'") if $known eq 't';
	}
	return;
}

sub warnings_in
{
	my ($err) = @_;

	return join '', grep { /WARNING|ERROR|FATAL/ } split /^/, $err;
}

sub walk_ok
{
	my ($db, $statements, $name) = @_;
	my ($rc, $out, $err) = $node->psql($db, $statements, extra_params => [ '-v', 'ON_ERROR_STOP=1' ]);

	is($rc, 0, "$db: $name, all statements succeed") or diag($err);
	is(warnings_in($err), '', "$db: $name, without a warning");
	return;
}

plainly('postgres', 'CREATE ROLE settings_user; CREATE ROLE settings_viewer LOGIN');
my $expected;
while (my ($db, $settings) = splice @SETTINGS, 0, 2)
{
	make_database($db, $settings);
	# What a transaction with one snapshot reads is not to be moved meanwhile.
	my ($first, $rest) = split /^(?=SELECT gaiops_create_dataset)/m, "$walk$MORE", 2;
	walk_ok($db, $first, 'the first calls');
	await_maintenance($node, $db);
	walk_ok($db, $rest, 'all else');
	await_maintenance($node, $db);
	$node->safe_psql($db, $LAST);
	my $rows = rows_of($db);
	same_lines_ok($rows, $expected, "$db: the same rows as without settings") if defined $expected;
	$expected //= $rows;
}
unlike($expected, qr/^rejected_records/m, 'nothing is rejected');
like($expected, qr/^said .*"ok", "what": "status partitions of gaiops.spans, now"/m, 'partitions are found');
like($expected, qr/^endpoints .*"azure\.ai\.openai"/m, 'a provider is recognized');
like($expected, qr/^run_params .*"0\.30000000000000004"/m, 'no digit is lost');

# A worker outlives an error where sessions do not.
my $holder = hold_writer($node, 'rows');
my $writer = writer_pid($node, 'rows');
my $locker = $node->background_psql('rows');
$locker->query_safe("BEGIN; SET LOCAL idle_in_transaction_session_timeout = 0; LOCK TABLE gaiops.intents IN ACCESS EXCLUSIVE MODE");
my $caller = sessions($node, 1, "SET gaiops.log_timeout = '30s'; SELECT gaiops_chat('echo', 'late');", db => 'rows');
wait_until(sub { slurp_file($node->logfile) =~ /genaiops will try again to store records/ }, 'a failure of the writer');
$locker->query_safe('ROLLBACK');
my ($late) = $caller->finish(60);
is($late->{rc}, 0, 'exit_on_error: the call is recorded') or diag($late->{err});
is(writer_pid($node, 'rows'), $writer, 'by the writer that had the error');
$_->quit foreach $locker, $holder;

# What a setting forbids is refused in PostgreSQL's own words.
sub refused_ok
{
	my ($db, $sql, $message, $name) = @_;
	my ($rc, $out, $err) = $node->psql($db, "\\set VERBOSITY verbose\n$sql");

	like($err, qr/(?:ERROR|FATAL):  $message/, $name);
	return;
}

make_database('read_only', { default_transaction_read_only => 'on' });
refused_ok('read_only', 'CREATE EXTENSION genaiops', '25006: cannot execute CREATE EXTENSION in a read-only transaction',
	'default_transaction_read_only: the extension is not made');
plainly('read_only', "CREATE EXTENSION genaiops; SELECT gaiops_create_endpoint('echo', url => 'builtin:echo')");
is($node->safe_psql('read_only', "SELECT gaiops_chat('echo', 'hello')"), 'hello', 'a call is made');
is(plainly('read_only', 'SELECT status FROM gaiops.traces'), 'OK', 'and recorded');
await_maintenance($node, 'read_only');
refused_ok('read_only', "SELECT gaiops_create_dataset('d')", '25006: cannot execute \S+ in a read-only transaction',
	'a dataset is not');
refused_ok('rows', 'SET ROLE settings_viewer; SELECT count(*) FROM gaiops.traces',
	'42501: query would be affected by row-level security policy', 'row_security: what cannot be seen is not left out in silence');

done_testing();
