# What ends an entry that a session holds open: the rollback of the subtransaction that
# began it, the end of its query, or that of the session; and what leaves it alone.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use GaiopsTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $library = server_library('session_entries', 'src/queue/session_entry.c');
my $node = PostgreSQL::Test::Cluster->new('entries');
$node->init;
$node->start;
$node->safe_psql('postgres', <<"END");
CREATE FUNCTION begin_entry(text, text) RETURNS void AS '$library' LANGUAGE C;
CREATE FUNCTION ended_entries() RETURNS text AS '$library' LANGUAGE C;
CREATE FUNCTION handed(name text) RETURNS void LANGUAGE sql AS \$\$ SELECT begin_entry('handed on', name) \$\$;
CREATE FUNCTION nested(name text) RETURNS void LANGUAGE sql AS \$\$ SELECT begin_entry('of a subtransaction', name) \$\$;
CREATE FUNCTION owned(name text) RETURNS void LANGUAGE sql AS \$\$ SELECT begin_entry('of an owner', name) \$\$;
END

# What a session says has ended, at each "ended".
sub ended_is
{
	my ($sql, $expected, $name) = @_;

	$sql =~ s/\bended\b/SELECT '[' || ended_entries() || ']'/g;
	my ($rc, $out, $err) = $node->psql('postgres', $sql);
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	return is(join(' ', $out =~ /\[.*?\]/g), $expected, $name) || diag($err);
}

my $all = "SELECT handed('h'); SELECT nested('n');";

ended_is("BEGIN; $all ROLLBACK; ended", '[n aborted, h aborted]', 'a rollback ends all, what is within first');
ended_is("BEGIN; $all COMMIT; ended", '[]', 'a commit lets them live on');
ended_is("BEGIN; $all COMMIT; BEGIN; ROLLBACK; ended", '[]', 'also through a later rollback');
ended_is("BEGIN; SELECT nested('a'); SELECT nested('b'); ROLLBACK; ended", '[b aborted, a aborted]', 'the latest ends first');

ended_is("BEGIN; $all SAVEPOINT s; SELECT handed('h2'); SELECT nested('n2'); ROLLBACK TO s; ended; ROLLBACK; ended",
	'[n2 aborted, h2 aborted] [n aborted, h aborted]', 'ROLLBACK TO ends what is of the savepoint, and leaves the rest alone');
ended_is("BEGIN; SAVEPOINT s; $all RELEASE s; ended; ROLLBACK; ended", '[n committed] [h aborted]',
	'RELEASE ends one kind, and hands the other on');
ended_is("BEGIN; SAVEPOINT s; SAVEPOINT t; $all RELEASE t; ended; ROLLBACK TO s; ended; COMMIT; ended",
	'[n committed] [h aborted] []', 'to the savepoint around it');
ended_is("BEGIN; SAVEPOINT s; SAVEPOINT t; $all ROLLBACK TO s; ended; COMMIT; ended", '[n aborted, h aborted] []',
	'a rollback ends what is of savepoints within');

# What belongs to a query.
ended_is("SELECT owned('o'); ended", '[o abandoned]', 'the end of a query ends what belongs to it');
ended_is("BEGIN; SELECT owned('o'); ended; COMMIT; ended", '[o abandoned] []', 'also within a transaction');
ended_is("BEGIN; DECLARE c CURSOR FOR SELECT owned('o'); FETCH c; ended; CLOSE c; ended; COMMIT; ended", '[] [o abandoned] []',
	'a cursor is a query that goes on');
ended_is("BEGIN; DECLARE c CURSOR FOR SELECT owned('o'); FETCH c; ended; COMMIT; ended", '[] [o abandoned]', 'until the transaction is over');
ended_is("BEGIN; DECLARE c CURSOR FOR SELECT owned('o'); FETCH c; ROLLBACK; ended", '[o aborted]', 'or rolled back');
ended_is("BEGIN; SAVEPOINT s; DECLARE c CURSOR FOR SELECT owned('o'); FETCH c; RELEASE s; ended; CLOSE c; ended; COMMIT", '[] [o abandoned]',
	'a savepoint that commits leaves its cursor, and what belongs to that');
ended_is("BEGIN; SAVEPOINT s; DECLARE c CURSOR FOR SELECT owned('o'); FETCH c; ROLLBACK TO s; ended; COMMIT; ended", '[o aborted] []',
	'one that is rolled back does not');
ended_is("BEGIN; DECLARE c CURSOR FOR SELECT owned('o'); FETCH c; SAVEPOINT s; SELECT handed('h'); ROLLBACK TO s; ended; CLOSE c; ended; COMMIT",
	'[h aborted] [o abandoned]', 'a rollback within leaves a cursor around it alone');

# Blocks with handlers, in one query.
ended_is(<<'END', '[inner aborted] [] [outer abandoned]', 'an error that is caught ends what its block has begun');
CREATE TEMP TABLE seen (what text);
DO $$ BEGIN
	PERFORM owned('outer');
	BEGIN
		PERFORM owned('inner');
		RAISE 'oh';
	EXCEPTION WHEN OTHERS THEN INSERT INTO seen VALUES (ended_entries());
	END;
	INSERT INTO seen VALUES (ended_entries());
END $$;
SELECT '[' || what || ']' FROM seen;
ended
END
ended_is(<<'END', '[] [] [inner abandoned]', 'a block that ends well hands on what belongs to it to the transaction');
BEGIN;
CREATE TEMP TABLE seen (what text);
DO $$ BEGIN
	BEGIN
		PERFORM owned('inner');
	EXCEPTION WHEN OTHERS THEN RAISE;
	END;
	INSERT INTO seen VALUES (ended_entries());
END $$;
SELECT '[' || what || ']' FROM seen;
ended;
COMMIT;
ended
END
ended_is(<<'END', '[b aborted, a aborted] [c aborted]', 'blocks within blocks');
CREATE TEMP TABLE seen (what text);
DO $$ BEGIN
	BEGIN
		BEGIN
			PERFORM owned('a'), handed('handed on');
		EXCEPTION WHEN OTHERS THEN RAISE;
		END;
		PERFORM owned('b');
		RAISE 'oh';
	EXCEPTION WHEN OTHERS THEN INSERT INTO seen VALUES (replace(ended_entries(), ', handed on aborted', ''));
	END;
	BEGIN
		PERFORM owned('c');
		PERFORM 1 / 0;
	EXCEPTION WHEN OTHERS THEN INSERT INTO seen VALUES (ended_entries());
	END;
END $$;
SELECT '[' || what || ']' FROM seen;
END
ended_is(<<'END', '[o abandoned, o abandoned]', 'a procedure that ends transactions');
CREATE PROCEDURE steps() LANGUAGE plpgsql AS $$ BEGIN
	PERFORM owned('o'), handed('h');
	COMMIT;
	PERFORM owned('o');
	ROLLBACK;
END $$;
CALL steps();
SELECT '[' || replace(ended_entries(), 'aborted', 'abandoned') || ']';
END

# The session.  Its entries have names of their own: sessions before it may still be ending.
sub session_end_is
{
	my ($sql, $expected, $name) = @_;
	my $start = -s $node->logfile;
	my $ended = sub { return join ' ', slurp_file($node->logfile, $start) =~ /entry ([xyz]: \w+)/g };

	$node->psql('postgres', "BEGIN; SELECT handed('x'), nested('y'); COMMIT; BEGIN; DECLARE c CURSOR FOR SELECT owned('z'); FETCH c; $sql");
	# The client may be told before.
	wait_until(sub { length $ended->() >= length $expected }, 'the session to end');
	return is($ended->(), $expected, $name);
}
session_end_is('', 'z: left y: left x: left', 'a session that leaves ends all it holds');
session_end_is('SELECT pg_terminate_backend(pg_backend_pid())', 'z: killed y: killed x: killed', 'so does one that is killed');

# Memory.
is($node->safe_psql('postgres', <<'END'), '3|0', 'what has ended leaves no memory');
BEGIN;
SELECT handed('h'), nested('n') \g /dev/null
DECLARE c CURSOR FOR SELECT owned('o');
FETCH c \g /dev/null
SELECT count(*) AS held FROM pg_backend_memory_contexts WHERE name = 'genaiops session entry' \gset
ROLLBACK;
SELECT :held, count(*) FROM pg_backend_memory_contexts WHERE name = 'genaiops session entry';
END

$node->stop;
done_testing();
