# What an attacker with a role of his own, and at most the right "user", tries.
# Each subtest is one attack, in a database of its own; add others at the end.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use GaiopsTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = gaiops_node('attacks');

# Runs statements in a database, as a role unless it is NULL; returns what psql's
# standard output and standard error have.
sub run_as
{
	my ($database, $role, $statements) = @_;
	my ($stdout, $stderr);

	$statements = "SET ROLE $role;\n$statements" if defined $role;
	$node->psql($database, $statements, stdout => \$stdout, stderr => \$stderr, on_error_stop => 0);
	return ($stdout, $stderr);
}

# A database with a trace, where mallory has the right "user", and objects of his own.
sub attacked_database
{
	my ($name) = @_;

	$node->safe_psql('postgres', "CREATE DATABASE $name");
	$node->safe_psql($name, 'CREATE EXTENSION genaiops');
	$node->safe_psql($name, q{
		DO $$ BEGIN
			IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'mallory') THEN
				CREATE ROLE mallory; CREATE ROLE trusted; CREATE ROLE releaser;
			END IF;
		END $$;
		SELECT gaiops_grant('mallory', 'user');
		SELECT gaiops_grant('trusted', 'user');
		SELECT gaiops_grant('releaser', 'user');
		CREATE SCHEMA mallory AUTHORIZATION mallory;
		SELECT gaiops_start_span('asked');
		SELECT gaiops_end_span();
		SELECT gaiops_register_prompt('greet', 'Hi.');
		SELECT gaiops_register_prompt('greet', 'Go away.');
		SELECT gaiops_set_prompt_alias('greet', 'production', 1);
		SELECT gaiops_protect_prompt_alias('greet', 'production', '{releaser}')});
	return $name;
}

# The same of 0.1.0, whose own functions do not make these things any more.
sub database_not_updated
{
	my ($name) = @_;

	$node->safe_psql('postgres', "CREATE DATABASE $name");
	$node->safe_psql('postgres', "CREATE ROLE $_") foreach qw(viewer_role user_role admin_role analyst);
	$node->safe_psql($name, q{CREATE EXTENSION genaiops VERSION '0.1.0'});
	command_ok([ $node->installed_command('psql'), '--host', $node->host, '--port', $node->port,
		'-Xq', '-v', 'ON_ERROR_STOP=1', '-f', "$FindBin::Bin/../releases/0.1.0.sql", '-d', $name ],
		'a dump of 0.1.0 is restored');
	$node->safe_psql($name, q{
		SELECT gaiops_grant('mallory', 'user');
		CREATE SCHEMA mallory AUTHORIZATION mallory;
		SELECT gaiops_set_prompt_alias('greet', 'production', 1)});
	return $name;
}

# Where the protected alias points.
sub production
{
	my ($database) = @_;

	return $node->safe_psql($database, q{SELECT version FROM gaiops.prompt_aliases WHERE name = 'greet' AND alias = 'production'});
}

# ---- a type whose cast to json becomes a superuser ----

# A composite type, an enum, a domain's array: whatever to_jsonb() looks for a cast of.
my %OF_MALLORY = (
	composite => [ 'CREATE TYPE mallory.trap AS (n integer)', 'ROW(1)::mallory.trap' ],
	enum => [ q{CREATE TYPE mallory.trap AS ENUM ('a')}, q{'a'::mallory.trap} ],
	array => [ q{CREATE TYPE mallory.trap AS ENUM ('a')}, q{ARRAY['a'::mallory.trap]} ],
	member => [ q{CREATE TYPE mallory.trap AS ENUM ('a'); CREATE TYPE mallory.pair AS (t mallory.trap)}, q{ROW('a')::mallory.pair} ]);
my %TAKING_VALUES = (
	gaiops_log_feedback => '(SELECT trace_id FROM gaiops.traces), %s, %s',
	gaiops_log_expectation => '(SELECT trace_id FROM gaiops.traces), %s, %s',
	gaiops_override_feedback => '(SELECT assessment_id FROM gaiops.assessments ORDER BY created_at DESC LIMIT 1), value => %2$s',
	gaiops_log_param => '%s, %s, (SELECT run_id FROM gaiops.runs LIMIT 1)',
	gaiops_set_run_tag => '%s, %s, (SELECT run_id FROM gaiops.runs LIMIT 1)',
	gaiops_set_trace_tag => '(SELECT trace_id FROM gaiops.traces LIMIT 1), %s, %s',
	gaiops_set_prompt_tag => q{'greet', %s, %s},
	gaiops_set_prompt_version_tag => q{'greet', 1, %s, %s});

foreach my $kind (sort keys %OF_MALLORY)
{
	subtest "a cast to json of a type of his own: $kind" => sub {
		my $database = attacked_database("cast_$kind");
		my ($type, $value) = @{ $OF_MALLORY{$kind} };

		run_as($database, 'mallory', qq{
			$type;
			CREATE TABLE mallory.ran (as_role name);
			GRANT INSERT ON mallory.ran TO PUBLIC;
			CREATE FUNCTION mallory.spring(mallory.trap) RETURNS json LANGUAGE plpgsql VOLATILE AS \$\$
			BEGIN
				INSERT INTO mallory.ran VALUES (current_user);
				IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
					ALTER ROLE mallory SUPERUSER;
				END IF;
				RETURN '1';
			END \$\$;
			CREATE CAST (mallory.trap AS json) WITH FUNCTION mallory.spring(mallory.trap);
			SELECT gaiops_start_run('mine');
			SELECT gaiops_end_run();
			SELECT gaiops_log_feedback((SELECT trace_id FROM gaiops.traces), 'note', 'text')});
		foreach my $function (sort keys %TAKING_VALUES)
		{
			my $arguments = sprintf($TAKING_VALUES{$function}, "'$kind'", $value);

			run_as($database, 'mallory', "SELECT $function($arguments)");
			is($node->safe_psql($database, q{SELECT rolsuper FROM pg_roles WHERE rolname = 'mallory'}),
				'f', "$function() leaves mallory what he is");
			is($node->safe_psql($database, q{SELECT count(*) FROM mallory.ran WHERE as_role <> 'mallory'}),
				0, "$function() runs the cast as nobody else");
			# A row has no cast of its own to JSON, as far as to_jsonb() is concerned.
			is($node->safe_psql($database, q{SELECT count(*) FROM mallory.ran WHERE as_role = 'mallory'}),
				$kind eq 'composite' ? 0 : 1, 'but it runs it') if $function eq 'gaiops_log_feedback';
			$node->safe_psql($database, 'ALTER ROLE mallory NOSUPERUSER; TRUNCATE mallory.ran');
		}
	};
}

# ---- an index expression, run in somebody's maintenance ----

my $refused = qr/cannot execute gaiops_set_prompt_alias\(\) within security-restricted operation/;

# A table of mallory's whose index moves the alias, if it may.
sub lay_bait
{
	my ($database) = @_;

	return run_as($database, 'mallory', q{
		CREATE TABLE mallory.armed ();
		CREATE TABLE mallory.bait (n integer);
		INSERT INTO mallory.bait SELECT generate_series(1, 100);
		CREATE FUNCTION mallory.move(n integer) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS $$
		BEGIN
			IF to_regclass('mallory.armed') IS NULL THEN
				PERFORM pg_catalog.gaiops_set_prompt_alias('greet', 'production', 2);
			END IF;
			RETURN n;
		END $$;
		CREATE INDEX bait_move_idx ON mallory.bait (mallory.move(n));
		DROP TABLE mallory.armed});
}

subtest 'an index expression that moves a protected alias' => sub {
	my $database = attacked_database('maintained');

	lay_bait($database);
	foreach my $maintenance ('ANALYZE', 'VACUUM (ANALYZE)', 'REINDEX TABLE')
	{
		my (undef, $stderr) = run_as($database, undef, "$maintenance mallory.bait;");

		like($stderr, $refused, "a superuser's $maintenance says so");
		is(production($database), 1, 'and the alias stays');
	}
	# Autovacuum, which has no session to say it to.
	my $offset = -s $node->logfile;
	run_as($database, undef, 'ALTER TABLE mallory.bait SET (autovacuum_analyze_threshold = 1, autovacuum_analyze_scale_factor = 0);
		DELETE FROM mallory.bait WHERE n < 50');
	$node->append_conf('postgresql.conf', "autovacuum = on\nautovacuum_naptime = 1");
	$node->reload;
	$node->wait_for_log($refused, $offset);
	pass('autovacuum is told so in the log');
	is(production($database), 1, 'and the alias stays');
	$node->append_conf('postgresql.conf', 'autovacuum = off');
	$node->reload;
};

subtest 'in a database of 0.1.0, with this library' => sub {
	my $database = database_not_updated('not_updated');

	lay_bait($database);
	my (undef, $stderr) = run_as($database, undef, 'ANALYZE mallory.bait');
	like($stderr, qr/cannot execute outer_role\(\) within security-restricted operation/, 'the index expression is refused before the update');
	$node->safe_psql($database, 'DROP VIEW public.costs; ALTER EXTENSION genaiops UPDATE');
	(undef, $stderr) = run_as($database, undef, 'ANALYZE mallory.bait');
	like($stderr, $refused, 'and after it');
	is(production($database), 1, 'and the alias stays');
	is($node->safe_psql($database, q{SELECT string_agg(p.oid::regprocedure::text, ' ') FROM pg_proc AS p, unnest(p.proargtypes) AS a (type), pg_type AS t
			WHERE p.prosecdef AND p.proname ~ 'gaiops' AND t.oid = a.type AND t.typtype <> 'b'}), '', 'nothing that runs as the owner takes any type then');
};

# ---- whose role counts in a function of the user's own ----

subtest 'a SECURITY DEFINER function of a user' => sub {
	my $database = attacked_database('definers');

	# One that a trusted role made to be called: the role that decides is its owner.
	run_as($database, undef, q{
		CREATE SCHEMA trusted AUTHORIZATION trusted;
		GRANT USAGE ON SCHEMA trusted TO PUBLIC;
		CREATE FUNCTION trusted.release(v integer) RETURNS text LANGUAGE sql SECURITY DEFINER
			BEGIN ATOMIC SELECT gaiops_set_prompt_alias('greet', 'production', v); END;
		ALTER FUNCTION trusted.release OWNER TO releaser;
		CREATE FUNCTION trusted.bait() RETURNS text LANGUAGE sql SECURITY DEFINER
			BEGIN ATOMIC SELECT gaiops_set_prompt_alias('greet', 'production', 2); END;
		ALTER FUNCTION trusted.bait OWNER TO mallory});
	my (undef, $stderr) = run_as($database, 'mallory', 'SELECT trusted.release(2)');
	is(production($database), 2, 'releases what its owner may release, whoever calls it');
	is($node->safe_psql($database, q{SELECT moved_by, outer_role FROM gaiops.prompt_alias_history ORDER BY id DESC LIMIT 1}),
		'releaser|mallory', 'and both are on record');
	run_as($database, 'releaser', q{SELECT gaiops_set_prompt_alias('greet', 'production', 1)});
	is($node->safe_psql($database, q{SELECT moved_by, outer_role FROM gaiops.prompt_alias_history ORDER BY id DESC LIMIT 1}),
		'releaser|releaser', 'one who is himself is on record as both');

	# One of the attacker's, which he gets a releaser to call.
	(undef, $stderr) = run_as($database, 'releaser', 'SELECT trusted.bait()');
	like($stderr, qr/permission denied to move alias "production" of prompt "greet"/, 'one of an attacker may not do what who calls it may');
	is(production($database), 1, 'and the alias stays');
};

subtest 'feedback and reviews in a SECURITY DEFINER function' => sub {
	my $database = attacked_database('speakers');

	run_as($database, 'trusted', q{SELECT gaiops_log_feedback((SELECT trace_id FROM gaiops.traces), 'note', 'mine')});
	run_as($database, undef, q{
		CREATE SCHEMA bait AUTHORIZATION mallory;
		GRANT USAGE ON SCHEMA bait TO PUBLIC;
		SET ROLE mallory;
		CREATE FUNCTION bait.delete() RETURNS void LANGUAGE sql SECURITY DEFINER
			AS $$ SELECT gaiops_delete_feedback(assessment_id) FROM gaiops.assessments WHERE created_by = 'trusted' AND is_valid $$;
		CREATE FUNCTION bait.say() RETURNS uuid LANGUAGE sql SECURITY DEFINER
			AS $$ SELECT gaiops_log_feedback((SELECT trace_id FROM gaiops.traces), 'note', 'I, a proxy', source_id => 'ann@example.com') $$;
		CREATE FUNCTION bait.claim() RETURNS bigint LANGUAGE sql SECURITY DEFINER
			AS $$ SELECT item FROM gaiops_claim_review('checked') $$;
		RESET ROLE;
		CREATE ROLE speaker;
		SELECT gaiops_grant('speaker', 'proxy');
		SELECT gaiops_create_label_schema('good', 'pass_fail');
		SELECT gaiops_create_review_queue('checked', '{good}', reviewers => '{trusted}');
		SELECT gaiops_enqueue_review('checked', ARRAY(SELECT trace_id FROM gaiops.traces))});
	my (undef, $stderr) = run_as($database, 'trusted', 'SELECT bait.delete()');
	like($stderr, qr/permission denied to delete assessment/, 'who calls it does not lend it the right to delete his own');
	(undef, $stderr) = run_as($database, 'speaker', 'SELECT bait.say()');
	like($stderr, qr/permission denied to speak for "ann\@example.com"/, 'nor the right to speak for others');
	(undef, $stderr) = run_as($database, 'trusted', 'SELECT bait.claim()');
	like($stderr, qr/permission denied to review items of review queue "checked"/, 'nor that to review');
	is($node->safe_psql($database, 'SELECT count(*) FROM gaiops.assessments WHERE is_valid'), 1, 'so nothing has changed');
	run_as($database, undef, 'ALTER FUNCTION bait.claim OWNER TO trusted');
	run_as($database, 'speaker', 'SELECT bait.claim()');
	is($node->safe_psql($database, 'SELECT reviewer, role, outer_role FROM gaiops.review_claims'), 'trusted|trusted|speaker', 'one of a reviewer claims as him, and says for whom');
};

done_testing();
