# What one user can fill: a session that leaves spans or runs open takes no room
# from others, is told so at once, and is named to whoever looks for it; tags and
# parameters that many sessions add at once end where they have to.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use GaiopsProof;
use GaiopsTest;
use Test::More;
use Time::HiRes qw(time);

# The least there can be: 512 chunks, of which spans and runs may hold 256.
my $node = gaiops_node('limits', conf => <<'END');
gaiops.queue_size = '4MB'
gaiops.log_timeout = '20s'
autovacuum = off
END
my $LIMIT = 1000;

sub query
{
	my ($sql, $db) = @_;

	return $node->safe_psql($db // 'postgres', $sql);
}

# What gaiops_status() says of an item.
sub status
{
	my ($item, $db) = @_;

	return query("SELECT status || ': ' || detail FROM gaiops_status() WHERE item = '$item'", $db);
}

query('CREATE DATABASE other');
query('CREATE EXTENSION genaiops', 'other');
foreach my $db ('postgres', 'other')
{
	make_endpoint($node, 'echo', 'builtin:echo', undef, $db);
}
query("CREATE ROLE $_ LOGIN") foreach qw(greedy modest);
foreach my $db ('postgres', 'other')
{
	query("SELECT gaiops_grant('$_', 'user')", $db) foreach qw(greedy modest);
}

# ---- open spans ----

my $begin = time;
my $greedy = sessions($node, 3, <<'END', db => 'postgres');
\set VERBOSITY verbose
SET ROLE greedy;
BEGIN;
SELECT pg_catalog.count(gaiops_start_span('span')) FROM pg_catalog.generate_series(1, 20);
SELECT pg_catalog.pg_sleep(300);
END
wait_until(sub { query('SELECT pg_catalog.count(*) FROM gaiops.intents') == 60 }, 'the open spans');
like(status('open spans'), qr/^ok: 60 of at most 256 are open on this server, 60 of 192 in this database; role "greedy" has the most, 60 of 64$/,
	'the status tells whose spans are open');

# A quarter of what there is for all is what a role can have.
my ($rc, $out, $err) = $node->psql('postgres', <<'END', on_error_stop => 0);
\set VERBOSITY verbose
SET ROLE greedy;
SELECT gaiops_start_span('span ' || i) IS NOT NULL FROM pg_catalog.generate_series(1, 256) AS i;
SELECT 'and lives';
SELECT gaiops_chat('echo', 'a call of greedy');
RESET ROLE;
SELECT status || ': ' || detail FROM gaiops_status() WHERE item = 'open spans';
SET ROLE modest;
SELECT gaiops_start_span('a span of modest') IS NOT NULL;
SELECT gaiops_chat('echo', 'a call of modest');
END
cmp_ok(time - $begin, '<', 15, 'nothing of this waits until gaiops.log_timeout is over');
like($err, qr/ERROR:  53400: role "greedy" has too many open spans and runs/, 'a role that leaves too many open is told so at once');
like($err, qr/DETAIL:  A role can have 64 on this server, a database 192, all together 256\. There are 64 in this database and 64 in all, of which role "greedy" has 64\./,
	'and how many there are, and whose');
like($err, qr/HINT:  .*gaiops_end_span\(\).*gaiops\.open_span_share/, 'and what to do');
like($out, qr/and lives\na call of greedy\n/, 'its calls go on');
like($out, qr/\nwarning: 64 of at most 256 are open on this server, 64 of 192 in this database; role "greedy" has the most, 64 of 64, and may open no more here/,
	'the status is not ok, and says who');
like($out, qr/\nt\na call of modest$/, 'another role opens spans and calls');

# All that a role has open counts, wherever that is, and runs do, too.
($rc, $out, $err) = $node->psql('other', <<'END', on_error_stop => 0);
SET ROLE greedy;
SELECT gaiops_start_span('span ' || i) IS NOT NULL FROM pg_catalog.generate_series(1, 5) AS i;
END
like($err, qr/role "greedy" has too many open spans and runs/, 'another database gives a role no other share');
wait_until(sub { query("SELECT count(*) FROM pg_stat_activity WHERE datname = 'other' AND backend_type = 'client backend'") == 0 }, 'the session there to end');
($rc, $out, $err) = $node->psql('postgres', <<'END', on_error_stop => 0);
SET ROLE greedy;
BEGIN;
SELECT gaiops_start_span('span ' || i) IS NOT NULL FROM pg_catalog.generate_series(1, 4) AS i;
SAVEPOINT before;
SELECT gaiops_start_run();
ROLLBACK TO before;
SELECT gaiops_end_span();
SELECT 'run ' || (gaiops_start_run() IS NOT NULL);
END
like($err, qr/role "greedy" has too many open spans and runs/, 'a run counts as a span does');
like($out, qr/run true/, 'and has the place of a span that was ended');

# A SECURITY DEFINER function does not make its owner pay.
query('CREATE FUNCTION open_as_owner() RETURNS text LANGUAGE sql SECURITY DEFINER AS $$ SELECT gaiops_start_span(\'span\') $$');
($rc, $out, $err) = $node->psql('postgres', <<'END', on_error_stop => 0);
SET ROLE greedy;
SELECT open_as_owner() IS NOT NULL FROM pg_catalog.generate_series(1, 5) AS i;
END
like($err, qr/role "greedy" has too many open spans and runs/, 'what a function of another owner opens is of who calls it');

query("SELECT pg_catalog.pg_cancel_backend($_)") foreach $greedy->backends;
$greedy->finish(30);
wait_until(sub { status('open spans') eq 'ok: 0 of at most 256 are open on this server, 0 of 192 in this database' }, 'all spans are ended');
pass('what is ended counts no more');

# Roles together can fill what a database has, and leave calls and other databases theirs.
query("CREATE ROLE many$_ IN ROLE modest") foreach 1 .. 4;
my @many = map { sessions($node, 1, <<"END") } 1 .. 4;
\\set ON_ERROR_STOP off
\\set VERBOSITY verbose
SET ROLE many$_;
SELECT gaiops_start_span('span ' || i) IS NOT NULL FROM pg_catalog.generate_series(1, 256) AS i;
SELECT pg_catalog.pg_sleep(300);
END
wait_until(sub { query("SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_activity WHERE query LIKE '%pg_sleep(300)%' AND state = 'active' AND pid <> pg_catalog.pg_backend_pid()") == 4 },
	'the sessions of many roles');
is(query('SELECT pg_catalog.count(*) FROM gaiops.intents'), 192, 'roles together open what a database can have');
($rc, $out, $err) = $node->psql('postgres', "\\set VERBOSITY verbose\nSET ROLE greedy; SELECT gaiops_start_span('span')");
like($err, qr/ERROR:  53400: database "postgres" has too many open spans and runs/, 'and no more');
like(status('open spans'), qr/^warning: 192 of at most 256 are open on this server, 192 of 192 in this database; role "many\d" has the most, 64 of 64, and may/, 'the status says so');
is(query("SET ROLE greedy; SELECT gaiops_chat('echo', pg_catalog.repeat('x', 100000)) IS NOT NULL"), 't', 'calls go on');
is(query("SELECT gaiops_chat('echo', 'hello')", 'other'), 'hello', 'in other databases, too');
like(query("SET ROLE greedy; SELECT gaiops_start_span('span')", 'other'), qr/^[0-9a-f]{16}$/, 'where there is room for spans as well');
foreach my $sessions (@many)
{
	query("SELECT pg_catalog.pg_cancel_backend($_)") foreach $sessions->backends;
	$sessions->finish(30);
}
wait_until(sub { query('SELECT pg_catalog.count(*) FROM gaiops.intents') == 0 }, 'their ends');

# The part of the queue is a setting.
$node->append_conf('postgresql.conf', 'gaiops.open_span_share = 2');
$node->reload;
wait_until(sub { query('SHOW gaiops.open_span_share') eq '2' }, 'the setting');
($rc, $out, $err) = $node->psql('postgres', "SELECT gaiops_start_span('span ' || i) FROM pg_catalog.generate_series(1, 6) AS i");
like($err, qr/A role can have 2 on this server, a database 7, all together 10\./, 'gaiops.open_span_share is what there is for all');
$node->append_conf('postgresql.conf', 'gaiops.open_span_share = 50');
$node->reload;

# ---- a queue that is full ----
{
	$node->append_conf('postgresql.conf', "gaiops.log_timeout = '1s'");
	$node->reload;
	wait_until(sub { query('SHOW gaiops.log_timeout') eq '1s' }, 'the setting');
	query("SELECT gaiops_chat('echo', 'hello')");
	my $held = hold_writer($node);
	my $writer = stop_writer($node);
	my $calls = sessions($node, 32, "SELECT gaiops_chat('echo', pg_catalog.repeat('x', 100000));");
	my @ended = $calls->finish(60);
	my @told = grep { $_->{err} =~ /The queue had no room for it within gaiops\.log_timeout: of 512 chunks \d+ are free now, this database holds \d+, and open spans and runs hold 1\./ } @ended;
	cmp_ok(scalar @told, '>', 0, 'a call that finds no room is told that the queue is full, and by what');
	like(status('queue'), qr/^(error|warning): \d+ of 512 chunks of 8 kB are free, this database uses \d+ and may take \d+ more$/,
		'the status of the queue is not ok when its database may take no more');
	kill 'CONT', $writer;
	$held->quit;
	wait_until(sub { status('queue') =~ /^ok: / }, 'the queue is empty');
}

# ---- tags and parameters, by many sessions at once ----

my $trace = query("SELECT gaiops_chat('echo', 'hello') \\g /dev/null\nSELECT gaiops_last_trace_id()");
my $run = query('SELECT gaiops_start_run()');
foreach my $kind (
	[ 'tags of a trace', "gaiops_set_trace_tag('$trace', KEY, 'x')", "gaiops.trace_tags WHERE trace_id = '$trace'", "trace \"$trace\" has too many tags" ],
	[ 'tags of a run', "gaiops_set_run_tag(KEY, 'x', '$run')", "gaiops.run_tags WHERE run_id = '$run'", "run \"$run\" has too many tags" ],
	[ 'parameters of a run', "gaiops_log_param(KEY, 'x', '$run')", "gaiops.run_params WHERE run_id = '$run'", "run \"$run\" has too many parameters" ])
{
	my ($name, $call, $rows, $message) = @$kind;
	my $script = sub {
		my $mine = $call =~ s/KEY/'$_[0] ' || i/r;
		return "\\set VERBOSITY verbose\nDO \$\$ BEGIN FOR i IN 1 .. 130 LOOP PERFORM $mine; END LOOP; END \$\$;\n";
	};
	my @ended = sessions($node, 8, $script)->finish(120);
	is(query("SELECT pg_catalog.count(*) FROM $rows"), $LIMIT, "$name: $LIMIT of 1,040 are stored");
	my @refused = grep { $_->{err} =~ /ERROR:  54000: \Q$message\E/ } @ended;
	cmp_ok(scalar @refused, '>', 0, "$name: the rest is refused");
	is((grep { $_->{rc} } @ended), scalar @refused, "$name: by that error alone");
	is(query('SELECT pg_catalog.count(*) FROM gaiops.rejected_records'), 0, "$name: and leaves nothing behind");
}

$node->stop;
done_testing();
