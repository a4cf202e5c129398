# What an attacker with a role of his own, and at most the right "user", tries.
# Each subtest is one attack, in a database of its own; add others at the end.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use GaiopsTest;
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
	$node->safe_psql($name, q{
		CREATE EXTENSION genaiops;
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
			$node->safe_psql($database, 'ALTER ROLE mallory NOSUPERUSER; TRUNCATE mallory.ran');
		}
	};
}

done_testing();
