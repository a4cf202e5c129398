# A schema with operators of the same names and types as those of pg_catalog, ahead of it
# in the search_path.  Whoever makes these has them run with the rights of whoever calls
# them, so no statement of ours that runs as the owner of the extension may.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use GaiopsTest;
use PostgreSQL::Test::Utils;
use Test::More;

# Each does what its model does, and tells if it is run as the owner.
my $OPERATORS = <<'SQL';
CREATE SCHEMA ours;
DO $do$
DECLARE
	o record;
BEGIN
	FOR o IN
		SELECT oprname AS name, format_type(oprleft, NULL) AS l, format_type(oprright, NULL) AS r, format_type(oprresult, NULL) AS result,
			row_number() OVER () AS n
		FROM pg_operator
		WHERE oprnamespace = 'pg_catalog'::regnamespace AND oprkind = 'b'
			AND oprleft::regtype::text = ANY (ARRAY['text', 'name', 'integer', 'bigint', 'smallint', 'double precision', 'numeric', 'boolean', 'uuid', 'oid',
				'timestamp with time zone', 'date', 'interval', 'jsonb', 'json', 'anyarray', 'anyelement', 'anynonarray', 'record'])
			AND oprname = ANY (ARRAY['=', '<>', '<', '>', '<=', '>=', '||', '->', '->>', '#>', '#>>', '@>', '<@', '?', '~', '!~', '~*', '~~', '!~~', '~~*',
				'+', '-', '*', '/', '%', '^'])
	LOOP
		EXECUTE format($f$CREATE FUNCTION ours.f%s(%s, %s) RETURNS %s LANGUAGE plpgsql SET search_path = pg_catalog AS $b$
			BEGIN
				IF current_user::text OPERATOR(pg_catalog.=) 'extension_owner' THEN
					RAISE WARNING '%% of %% and %% runs as the owner', %L, %L, %L;
				END IF;
				RETURN $1 OPERATOR(pg_catalog.%s) $2;
			END $b$$f$, o.n, o.l, o.r, o.result, o.name, o.l, o.r, o.name);
		EXECUTE format('CREATE OPERATOR ours.%s (LEFTARG = %s, RIGHTARG = %s, FUNCTION = ours.f%s)', o.name, o.l, o.r, o.n);
	END LOOP;
END
$do$;
GRANT USAGE ON SCHEMA ours TO PUBLIC;
SQL

my $WALK = <<'SQL';
SELECT gaiops_create_endpoint('tests', url => 'http://127.0.0.1:PORT/v1', model => 'gpt-4.1-mini');
SET gaiops.traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
SELECT gaiops_chat('tests', 'joined');
RESET gaiops.traceparent;
SELECT gaiops_set_trace_tag('4bf92f35-77b3-4da6-a3ce-929d0e0e4736', 'key', 'value');
SELECT gaiops_log_feedback('4bf92f35-77b3-4da6-a3ce-929d0e0e4736', 'good', true);
SELECT calls FROM gaiops_estimate_evaluation('greetings', '{exact_match}', 'tests', message => '{{ message }}');
SELECT gaiops_evaluate('greetings', '{exact_match}', 'tests', message => '{{ message }}', background => true) AS run \gset
DO $$
BEGIN
	FOR i IN 1 .. 600 LOOP
		EXIT WHEN EXISTS (SELECT FROM gaiops.evaluation_progress AS p WHERE p.done OPERATOR(pg_catalog.>) 0 AND p.status::text OPERATOR(pg_catalog.=) 'FINISHED'
			AND p.background);
		COMMIT;
		PERFORM pg_sleep(0.1);
	END LOOP;
END
$$;
SELECT status FROM gaiops.evaluation_progress WHERE run_id = :'run';
SQL

sub warnings_in
{
	my ($text) = @_;
	my %seen = map { $_ => 1 } $text =~ /WARNING:\s+(.* runs as the owner)/g;

	return join "\n", sort keys %seen;
}

my $model = model_server();
my $port = $model->port;
my $walk = qx("$FindBin::Bin/../../scripts/walk" "$FindBin::Bin/../../README.md") =~ s/^CREATE EXTENSION.*\n//mr =~ s/127\.0\.0\.1:4010/127.0.0.1:$port/gr;
my $node = gaiops_node('path', extension => 0);

$node->safe_psql('postgres', <<'END');
CREATE ROLE extension_owner SUPERUSER;
SET ROLE extension_owner;
CREATE EXTENSION genaiops;
END
$node->safe_psql('postgres', $OPERATORS);
my ($rc, $out, $err) = $node->psql('postgres', "SET search_path = ours, pg_catalog, public;\n$walk" . $WALK =~ s/PORT/$port/r);
is($rc, 0, 'the walk succeeds');
unlike($err, qr/ERROR/, 'without an error');
is(warnings_in($err), '', 'and has no operator of others run as the owner');
like($out, qr/FINISHED\s*\z/, 'nor keeps an evaluation in the background from its end');
is(warnings_in(slurp_file($node->logfile)), '', 'in which none is run either');
like(($node->psql('postgres', "SET search_path = ours, pg_catalog; SET ROLE extension_owner; SELECT 'a'::text = 'b'::text"))[2],
	qr/= of text and text runs as the owner/, 'that would have been told');
$node->stop;
done_testing();
