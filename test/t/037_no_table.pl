# What is not a table that records can be written to: a view or a foreign table under its
# name, or a table that Citus has taken over, here known by a row in a catalog like its own.
# Records wait, and go in once a plain table is there.  A partition may be a foreign table.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use GaiopsProof;
use GaiopsTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $SESSIONS = 4;

my $fault = fault_server();
my $node = gaiops_node('no_table', conf => "gaiops.log_timeout = '2s'\nautovacuum = off\n");

sub query
{
	my ($sql, $db) = @_;

	return $node->safe_psql($db // 'postgres', $sql);
}

make_endpoint($node, 'ok', $fault->url('ok'));
query(<<'END');
CREATE FOREIGN DATA WRAPPER nobody;
CREATE SERVER nowhere FOREIGN DATA WRAPPER nobody;
SET allow_system_table_mods = on;
CREATE TABLE pg_catalog.pg_dist_partition (partmethod "char", logicalrelid regclass NOT NULL);
END

# What is done to a table, by whom it is told, and how it is taken back.
my @cases = (
	[ 'a view', 'span_payloads', qr/It is not a table/,
		'ALTER TABLE gaiops.span_payloads RENAME TO kept; CREATE VIEW gaiops.span_payloads AS SELECT * FROM gaiops.kept',
		'DROP VIEW gaiops.span_payloads; ALTER TABLE gaiops.kept RENAME TO span_payloads' ],
	[ 'a foreign table', 'usage_deltas', qr/It is not a table/,
		'ALTER TABLE gaiops.usage_deltas RENAME TO kept; CREATE FOREIGN TABLE gaiops.usage_deltas (hour timestamptz) SERVER nowhere',
		'DROP FOREIGN TABLE gaiops.usage_deltas; ALTER TABLE gaiops.kept RENAME TO usage_deltas' ],
	[ 'a shell', 'spans', qr/Citus has it: what is written here is read by no query/,
		q{INSERT INTO pg_catalog.pg_dist_partition VALUES ('n', 'gaiops.prices'), ('h', 'gaiops.spans')},
		q{DELETE FROM pg_catalog.pg_dist_partition WHERE logicalrelid = 'gaiops.spans'::regclass} ]);

foreach my $case (@cases)
{
	my ($what, $table, $detail, $done, $undone) = @$case;
	my $name = "$what for gaiops.$table";

	query('TRUNCATE gaiops.spans, gaiops.span_payloads, gaiops.usage_deltas');
	$fault->forget;
	$fault->suspend;
	my $answered = sessions($node, $SESSIONS, "\\set VERBOSITY verbose\nSELECT gaiops_chat('ok', 'before') = 'OK from the fault server.';");
	await_in_flight($node, $SESSIONS);
	my $from = -s $node->logfile;
	query($done);
	$fault->resume;
	my @ended = $answered->finish(30);
	is((grep { $_->{out} eq 't' && $_->{err} =~ /WARNING:  LM010: the answer is not recorded yet\nDETAIL:  A table of genaiops is not one any more/ } @ended),
		$SESSIONS, "$name: the answers are returned, with a warning");
	my ($rc, undef, $err) = $node->psql('postgres', "\\set VERBOSITY verbose\nSELECT gaiops_chat('ok', 'meanwhile')");
	like($err, qr/ERROR:  LM010: could not record the call\nDETAIL:  A table of genaiops is not one.*HINT:  Have a plain table under its name/s,
		"$name: a new call is refused");
	is(scalar(my @sent = $fault->journal), $SESSIONS, "$name: and not sent");
	like(query("SELECT status || ' ' || detail FROM gaiops_status() WHERE item = 'writer'"),
		qr/^error A table of genaiops is not one any more.*Have a plain table under its name again/, "$name: the status says why, and the remedy");
	like(slurp_file($node->logfile, $from), qr/LOG:  genaiops will try again to store records: records cannot be written to relation "gaiops\.$table"\n.*DETAIL:  $detail/,
		"$name: the server log names it");
	query($undone);
	await_in_flight($node, 0);
	is(query(<<'END'), join('|', ($SESSIONS) x 3, 0), "$name: all has arrived");
SELECT (SELECT count(*) FROM gaiops.spans WHERE status = 'OK'), (SELECT count(*) FROM gaiops.span_payloads WHERE kind = 'response'),
	(SELECT sum(calls - errors) FROM gaiops.usage_hourly WHERE provider IS NOT NULL), (SELECT count(*) FROM gaiops.rejected_records)
END
	settled_ok($node, $fault, $name);
	is(query(q{SELECT status FROM gaiops_status() WHERE item = 'writer'}), 'ok', "$name: and the status is ok");
}

# ---- a foreign partition ----

# A call of long ago whose server died is recorded now, where its month is kept.
SKIP:
{
	skip 'this PostgreSQL has no postgres_fdw', 3 unless query("SELECT count(*) FROM pg_available_extensions WHERE name = 'postgres_fdw'");
	query('CREATE DATABASE other');
	query('CREATE EXTENSION genaiops', 'other');
	my ($host, $port) = ($node->host, $node->port);
	query(<<"END");
CREATE EXTENSION postgres_fdw;
CREATE SERVER elsewhere FOREIGN DATA WRAPPER postgres_fdw OPTIONS (dbname 'other', host '$host', port '$port');
CREATE USER MAPPING FOR CURRENT_USER SERVER elsewhere;
IMPORT FOREIGN SCHEMA gaiops LIMIT TO (spans) FROM SERVER elsewhere INTO public;
ALTER TABLE gaiops.spans ATTACH PARTITION public.spans FOR VALUES FROM ('2019-05-01 00:00+00') TO ('2019-06-01 00:00+00');
INSERT INTO gaiops.intents (trace_id, span_id, name, span_type, purpose, experiment, session_role, role, is_entry, attempt, start_time, pid, incarnation)
SELECT gen_random_uuid(), 'lost', 'chat', 'CHAT_MODEL', 'application', 'Default', 'postgres', 'postgres', true, 1,
	TIMESTAMPTZ '2019-05-10 10:30:00Z' + i * INTERVAL '1 min', 1, gen_random_uuid() FROM generate_series(1, 3) AS i;
END
	$node->restart;
	query("SELECT gaiops_chat('ok', 'a writer comes')");
	await_in_flight($node, 0);
	is(query("SELECT count(*) FROM gaiops.spans WHERE span_id = 'lost' AND status = 'UNKNOWN'", 'other'), 3, 'a foreign partition gets its rows by its own way');
	is(query("SELECT count(*), min(tableoid::regclass::text) FROM gaiops.spans WHERE span_id = 'lost'"), '3|spans', 'and shows them');
	is(query('SELECT count(*) FROM gaiops.rejected_records'), 0, 'none is rejected');
}

$node->stop;
unlike(slurp_file($node->logfile), qr/PANIC|was terminated by signal/, 'no process crashed');
done_testing();
