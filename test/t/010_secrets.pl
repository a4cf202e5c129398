# Secrets: the key ring file, rotation, moving to another server, races, and that
# a clear value is nowhere but where it has to be.
use strict;
use warnings;

use Fcntl ':mode';
use File::Copy;
use File::Spec::Functions qw(rel2abs);
use FindBin;
use lib "$FindBin::Bin/../lib";
use GaiopsTest qw(server_library);
use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $dir = rel2abs(PostgreSQL::Test::Utils::tempdir);
$ENV{GAIOPS_TEST_KEY} = 'sk-clear-env';
$ENV{GAIOPS_TEST_BAD_KEY} = "sk-clear\tbad";

sub slurp
{
	my ($path) = @_;
	open(my $file, '<', $path) or die "$path: $!";
	local $/;
	return scalar <$file>;
}

sub spew
{
	my ($path, $content, $mode) = @_;
	unlink $path;
	open(my $file, '>', $path) or die "$path: $!";
	print $file $content;
	close $file;
	chmod($mode // 0600, $path) or die "$path: $!";
	return;
}

# The test library shows what no function of the extension shows.
my $library = server_library('open_secret',
	map({ "src/$_.c" } qw(core/text/hex base/latch_wait secrets/secrets secrets/key_ring secrets/private)), '-lsodium');
ok(-e $library, 'the test library builds');

sub new_node
{
	my ($name, %init) = @_;
	my $node = PostgreSQL::Test::Cluster->new($name);
	$node->init(%init);
	$node->append_conf('postgresql.conf', <<'CONF');
shared_preload_libraries = 'genaiops'
log_min_messages = debug1
log_statement = none
log_min_duration_statement = -1
log_min_error_statement = error
CONF
	return $node;
}

sub ring_path
{
	my ($node) = @_;
	return rel2abs($node->data_dir) . '/gaiops_key_ring';
}

# The ids of the keys in a ring, oldest first.
sub ring_ids
{
	my ($path) = @_;
	my @ids = slurp($path) =~ /^([0-9a-f]{16}) [0-9a-f]{64} /mg;
	return @ids;
}

sub create_opener
{
	my ($node, $db) = @_;
	for my $function ('open_secret', 'secret_is_wiped')
	{
		my $type = $function eq 'open_secret' ? 'text' : 'boolean';
		$node->safe_psql($db,
			"CREATE FUNCTION $function(text, text, bytea, text, text) RETURNS $type "
			  . "AS '$library', '$function' LANGUAGE C");
	}
	return;
}

# The clear value of a secret, or the error.
sub opened
{
	my ($node, $db, $name, $function) = @_;
	$function //= 'open_secret';
	my ($rc, $out, $err) = $node->psql($db,
		"\\set VERBOSITY verbose\n"
		  . "SELECT $function(name, kind, sealed, key_id, reference) FROM gaiops_private.secrets WHERE name = '$name'"
	);
	return $rc == 0 ? $out : $err;
}

sub psql_error
{
	my ($node, $db, $sql) = @_;
	my ($rc, $out, $err) = $node->psql($db, "\\set VERBOSITY verbose\n$sql");
	return $rc == 0 ? "no error: $out" : $err;
}

my $node = new_node('one', allows_streaming => 1);
$node->start;
$node->safe_psql('postgres', "CREATE DATABASE app ENCODING 'UTF8' TEMPLATE template0");
$node->safe_psql('postgres', "CREATE DATABASE other ENCODING 'UTF8' TEMPLATE template0");
for my $db ('app', 'other')
{
	$node->safe_psql($db, 'CREATE EXTENSION genaiops');
	create_opener($node, $db);
}
my $ring = ring_path($node);

# The ring is made by the first sealing and by nothing else.

ok(!-e $ring, 'the extension alone makes no ring');
$node->safe_psql('app', "SELECT gaiops_create_secret('env', 'env:GAIOPS_TEST_KEY')");
is(opened($node, 'app', 'env'), 'sk-clear-env', 'a variable is opened');
ok(!-e $ring, 'a reference makes no ring');
$node->safe_psql('app', "SELECT gaiops_create_secret('gateway-key', 'sk-clear-typed')");
my @status = stat($ring);
is(S_IMODE($status[2]), 0600, 'the ring is for its owner only');
is(scalar(ring_ids($ring)), 1, 'and has one key');
is(opened($node, 'app', 'gateway-key'), 'sk-clear-typed', 'what was sealed is opened');
is(opened($node, 'app', 'gateway-key', 'secret_is_wiped'),
	't', 'and overwritten when its memory context ends');

# From a file, and by reference to a file.

my $key_file = "$dir/key";
spew($key_file, "sk-clear-file\n");
$node->safe_psql('app', "SELECT gaiops_create_secret_from_file('from-file', '$key_file')");
is(opened($node, 'app', 'from-file'), 'sk-clear-file', 'a file is sealed without its newline');
spew($key_file, "sk-clear-file2\r\n");
$node->safe_psql('app', "SELECT gaiops_alter_secret_from_file('from-file', '$key_file')");
is(opened($node, 'app', 'from-file'), 'sk-clear-file2', 'and sealed again');
for my $bad ("", "\n", "sk-clear\ttwo\n", " sk-clear\n", "sk-clear\n\n", "sk-clear\0", "\xff", 'x' x 16385)
{
	spew($key_file, $bad);
	my $error = psql_error($node, 'app',
		"SELECT gaiops_create_secret_from_file('bad', '$key_file')");
	like($error, qr/22023: secret "bad" cannot have this value/, 'no key in a file');
	unlike($error, qr/sk-clear/, 'which is not shown');
}
like(psql_error($node, 'app', "SELECT gaiops_create_secret_from_file('bad', '$dir')"),
	qr/not a regular file/, 'a directory is no key');

my $mounted = "$dir/mounted";
my $link = "$dir/link";
spew($mounted, "sk-clear-mounted\n", 0640);
symlink($mounted, $link);
$node->safe_psql('app', "SELECT gaiops_create_secret('mounted', 'file:$link')");
is(opened($node, 'app', 'mounted'), 'sk-clear-mounted', 'a file is opened through a link');
spew($mounted, "sk-clear-mounted2\n", 0440);
is(opened($node, 'app', 'mounted'), 'sk-clear-mounted2', 'and read again each time');
chmod(0644, $mounted);
like(opened($node, 'app', 'mounted'), qr/LM011.*open to other users \(mode 0644\)/s,
	'one that others may read is refused');
unlink $mounted;
like(opened($node, 'app', 'mounted'), qr/LM011.*No such file/s, 'so is one that is gone');
like(psql_error($node, 'app', "SELECT gaiops_create_secret('bad', 'env:GAIOPS_TEST_BAD_KEY')"),
	qr/LM011: could not open secret "bad".*is no key/s, 'a variable that is no key is refused');

# Rows belong to their names.

$node->safe_psql('app', "SELECT gaiops_create_secret('second', 'sk-clear-second')");
$node->safe_psql('app',
	"UPDATE gaiops_private.secrets AS s SET sealed = o.sealed FROM gaiops_private.secrets AS o "
	  . "WHERE s.name = 'second' AND o.name = 'gateway-key'");
like(opened($node, 'app', 'second'), qr/LM011.*does not fit master key/s,
	'a box does not open under another name');
$node->safe_psql('app',
	"UPDATE gaiops_private.secrets SET sealed = substr(sealed, 1, 41) WHERE name = 'second'");
like(opened($node, 'app', 'second'), qr/LM011.*damaged/s, 'nor does a short one');
$node->safe_psql('app', "SELECT gaiops_alter_secret('second', 'sk-clear-second')");

# Who may read the ring, and what it is.

my $good = slurp($ring);
for my $mode (0640, 0604, 0644, 0660)
{
	chmod($mode, $ring);
	like(opened($node, 'app', 'second'), qr/LM011.*open to other users/s,
		sprintf('a ring with mode %04o is refused', $mode));
}
chmod(0600, $ring);
is(opened($node, 'app', 'second'), 'sk-clear-second', 'one with mode 0600 is taken');
{
	move($ring, "$ring.away");
	symlink("$ring.away", $ring);
	like(opened($node, 'app', 'second'), qr/LM011.*cannot be used/s, 'a link is refused');
	unlink $ring;
	mkdir $ring;
	like(opened($node, 'app', 'second'), qr/LM011.*not a regular file|LM011.*cannot be used/s,
		'a directory is refused');
	rmdir $ring;
	system('mkfifo', '-m', '0600', $ring);
	like(opened($node, 'app', 'second'), qr/LM011.*not a regular file/s,
		'a FIFO is refused, without waiting for its writer');
	unlink $ring;
	move("$ring.away", $ring);
}

# Damage is told by the line, and never mended silently.
my ($head, $line) = $good =~ /\A(.*?\n)(.*?\n)/s;
my %damaged = (
	'empty' => '',
	'another version' => $good =~ s/ring 1/ring 2/r,
	'not ended' => substr($good, 0, -1),
	'cut' => substr($good, 0, length($head) + 40),
	'an empty line' => "$good\n",
	'upper case' => $head . uc($line),
	'no hex digit' => $good =~ s/[0-9a-f]{8} /zzzzzzzz /r,
	'twice the same id' => $good . $line,
	'a NUL' => $head . ("\0" x length($line)),
	'too long' => $head . ($line x 1002));
for my $kind (sort keys %damaged)
{
	spew($ring, $damaged{$kind});
	like(opened($node, 'app', 'second'), qr/LM011: .*key ring ".*" cannot be used/s,
		"a damaged ring is refused: $kind");
	like(psql_error($node, 'app', 'SELECT gaiops_rotate_master_key()'),
		qr/LM011/, 'nothing is added to it');
	is(slurp($ring), $damaged{$kind}, 'and it is left alone');
}
spew($ring, $good);
is(opened($node, 'app', 'second'), 'sk-clear-second', 'a ring put back is taken');

# Rotation.

my ($first_id) = ring_ids($ring);
$node->safe_psql('other', "SELECT gaiops_create_secret('theirs', 'sk-clear-theirs')");
my $second_id = $node->safe_psql('app', 'SELECT gaiops_rotate_master_key()');
is_deeply([ ring_ids($ring) ], [ $first_id, $second_id ], 'rotation adds a key at the end');
is(S_IMODE((stat $ring)[2]), 0600, 'the ring stays for its owner only');
is( $node->safe_psql('app',
		"SELECT string_agg(DISTINCT key_id, ',') FROM gaiops_private.secrets WHERE kind = 'sealed'"),
	$second_id,
	'every secret of the database is resealed');
is(opened($node, 'app', 'second'), 'sk-clear-second', 'and opened with the new key');
is(opened($node, 'app', 'mounted') =~ /LM011/, 1, 'references are left alone');
is($node->safe_psql('other', 'SELECT key_id FROM gaiops_private.secrets'),
	$first_id, 'another database keeps its key');
is(opened($node, 'other', 'theirs'), 'sk-clear-theirs', 'which is still in the ring');
$node->safe_psql('app', 'BEGIN; SELECT gaiops_rotate_master_key(); ROLLBACK');
is(scalar(ring_ids($ring)), 3, 'a rollback leaves the new key in the ring');
is(opened($node, 'app', 'second'), 'sk-clear-second', 'and the secrets under the old one');

# Rotation waits for who has sealed and not committed, and misses nobody so.
{
	my $session = $node->background_psql('app');
	my @before = ring_ids($ring);
	$session->query_safe('BEGIN');
	$session->query_safe("SELECT gaiops_create_secret('uncommitted', 'sk-clear-uncommitted')");
	like(psql_error($node, 'app', 'SET lock_timeout = 100; SELECT gaiops_rotate_master_key()'),
		qr/55P03/, 'rotation waits for a session that has sealed');
	is_deeply([ ring_ids($ring) ], \@before, 'and adds no key before');
	$session->query_safe('COMMIT');
	$session->quit;
}

# A session that has the ring in memory sees the change.
{
	my $session = $node->background_psql('app', on_error_stop => 0);
	my $query = "SELECT open_secret(name, kind, sealed, key_id, reference) "
	  . "FROM gaiops_private.secrets WHERE name = 'second'";
	is($session->query_safe($query), 'sk-clear-second', 'a session opens a secret');
	$node->safe_psql('app', 'SELECT gaiops_rotate_master_key()');
	is($session->query_safe($query), 'sk-clear-second', 'and again after a rotation elsewhere');
	move($ring, "$ring.away");
	my ($rc, $out, $err) = $node->psql('app', $query);
	isnt($rc, 0, 'a new session does not open it without the ring');
	$session->query($query);
	like($session->{stderr}, qr/not in the key ring/, 'nor does one that knew the ring');
	$session->{stderr} = '';
	move("$ring.away", $ring);
	$session->quit;
}

# Two sessions start the ring at once; two databases rotate at once.  A lock on
# the table holds all of them back until they are at the same place.

sub run_at_once
{
	my ($db, @statements) = @_;
	my $holder = $node->background_psql('app');
	$holder->query_safe('BEGIN');
	$holder->query_safe('LOCK TABLE gaiops_private.secrets IN ACCESS EXCLUSIVE MODE');
	my @runs = map {
		my $sql = $_;
		my $out = '';
		my $run = IPC::Run::start(
			[ 'psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr($db), '-c', $sql ],
			'<', \undef, '>', \$out, '2>&1');
		{ run => $run, out => \$out };
	} @statements;
	$node->poll_query_until('postgres',
		"SELECT count(*) = "
		  . scalar(@statements)
		  . " FROM pg_locks WHERE NOT granted AND locktype = 'relation'")
	  or die 'sessions did not come to wait';
	$holder->query_safe('COMMIT');
	$holder->quit;
	my @results;
	for my $run (@runs)
	{
		$run->{run}->finish;
		chomp ${ $run->{out} };
		push @results, ${ $run->{out} };
	}
	return @results;
}

$node->safe_psql('app', 'CREATE TABLE kept AS SELECT * FROM gaiops_private.secrets; DELETE FROM gaiops_private.secrets');
move($ring, "$ring.away");
for my $round (1 .. 5)
{
	my @names = map { "race-$round-$_" } 1 .. 6;
	my @results = run_at_once('app', map { "SELECT gaiops_create_secret('$_', 'sk-clear-$_')" } @names);
	is_deeply(\@results, \@names, "all sessions of round $round created their secret");
	is(scalar(ring_ids($ring)), 1, 'under a single key');
	is_deeply([ map { opened($node, 'app', $_) } @names ],
		[ map { "sk-clear-$_" } @names ], 'and each can be opened');
	$node->safe_psql('app', 'DELETE FROM gaiops_private.secrets');
	unlink $ring;
}
move("$ring.away", $ring);
$node->safe_psql('app', 'INSERT INTO gaiops_private.secrets SELECT * FROM kept; DROP TABLE kept');

{
	my $before = ring_ids($ring);
	my @scripts;
	for my $db (('app', 'other') x 3)
	{
		my $sql = join(';', ('SELECT gaiops_rotate_master_key()') x 10);
		my $out = '';
		push @scripts, {
			out => \$out,
			run => IPC::Run::start(
				[ 'psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr($db) ],
				'<', \"$sql;", '>', \$out, '2>&1')
		};
	}
	$_->{run}->finish for @scripts;
	my @ids = map { split /\n/, ${ $_->{out} } } @scripts;
	my %in_ring = map { $_ => 1 } ring_ids($ring);
	is(scalar(@ids), 60, 'sixty rotations in two databases at once');
	is(scalar(grep { !$in_ring{$_} } @ids), 0, 'lost none of their keys');
	is(scalar(ring_ids($ring)), $before + 60, 'nor another');
	is(opened($node, 'app', 'second'), 'sk-clear-second', 'one database opens its secrets');
	is(opened($node, 'other', 'theirs'), 'sk-clear-theirs', 'so does the other');
}

# Errors that meet a statement with a value.

my %failing = (
	'a name that is taken' => "SELECT gaiops_create_secret('second', 'sk-clear-failed')",
	'no such name' => "SELECT gaiops_alter_secret('unknown', 'sk-clear-failed')",
	'a bad name' => "SELECT gaiops_create_secret('a b', 'sk-clear-failed')",
	'arguments swapped' => "SELECT gaiops_create_secret('sk-clear-failed=', 'second')",
	'a bad value' => "SELECT gaiops_create_secret('bad', 'sk-clear failed ')",
	'a read-only transaction' =>
	  "BEGIN READ ONLY; SELECT gaiops_create_secret('bad', 'sk-clear-failed')",
	'a NULL' => "SELECT gaiops_create_secret(NULL, 'sk-clear-failed')",
	'a lock' =>
	  "SET lock_timeout = 1; SELECT gaiops_create_secret('bad', 'sk-clear-failed')",
	'PL/pgSQL' =>
	  "DO \$\$BEGIN PERFORM gaiops_create_secret('second', 'sk-clear-failed'); END\$\$");
my $holder = $node->background_psql('app');
for my $kind (sort keys %failing)
{
	my $offset = -s $node->logfile;
	if ($kind eq 'a lock')
	{
		$holder->query_safe('BEGIN');
		$holder->query_safe('LOCK TABLE gaiops_private.secrets');
	}
	my $error = psql_error($node, 'app', $failing{$kind});
	$holder->query_safe('ROLLBACK') if $kind eq 'a lock';
	like($error, qr/^(psql:.*)?ERROR:/m, "an error: $kind");
	# What psql shows of the failed statement is what it was given.
	unlike($error =~ s/^(LINE|CONTEXT|SQL statement).*//mgr, qr/sk-clear/, 'which shows no value');
	like(slurp($node->logfile), qr/ERROR:/, 'the log has the error');
	unlike(substr(slurp($node->logfile), $offset), qr/sk-clear/, 'but no value');
}
$holder->quit;

# What others see of a session that gave one.
{
	my $session = $node->background_psql('app');
	$session->query_safe("SELECT gaiops_create_secret('seen', 'sk-clear-seen')");
	is( $node->safe_psql('postgres',
			"SELECT query FROM pg_stat_activity WHERE query ~ 'secret>' AND pid <> pg_backend_pid()"),
		'<genaiops: statement with a secret>',
		'pg_stat_activity shows another text');
	is( $node->safe_psql('postgres',
			"SELECT count(*) FROM pg_stat_activity WHERE query ~ 'sk-clear' AND pid <> pg_backend_pid()"),
		'0', 'and no value');
	$session->quit;
}

# A clear value is nowhere on disk.

$node->safe_psql('app', 'CHECKPOINT');
my $dump = "$dir/dump.sql";
$node->command_ok([ 'pg_dump', '-f', $dump, $node->connstr('app') ], 'pg_dump works');
like(slurp($dump), qr/gateway-key/, 'the dump has the secrets');
unlike(slurp($dump), qr/sk-clear/, 'but no value');
sub files_with
{
	my ($text) = @_;
	my ($out, $err);
	IPC::Run::run([ 'grep', '-rlF', $text, rel2abs($node->data_dir) ], '>', \$out, '2>', \$err);
	return $out;
}
like(files_with('gateway-key'), qr/pg_wal/, 'the data directory has the name of a secret');
is(files_with('sk-clear'), '', 'but no value');
unlike(slurp($node->logfile), qr/sk-clear/, 'nor has the log');
my ($newest_key) = slurp($ring) =~ /([0-9a-f]{64}) \S+\n\z/;
is(files_with($newest_key), "$ring\n", 'a master key is in the ring only');

# Another cluster.

my $two = new_node('two');
$two->start;
my $ring2 = ring_path($two);
$two->safe_psql('postgres', "CREATE DATABASE app ENCODING 'UTF8' TEMPLATE template0");
$two->command_ok([ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-f', $dump, '-d', $two->connstr('app') ],
	'the dump is restored');
my $lost = qr/master key "[0-9a-f]{16}", which is not in the key ring "\Q$ring2\E".*HINT:  Copy the key ring file/s;
like(opened($two, 'app', 'gateway-key'),
	qr/LM011: could not open secret "gateway-key".*It is sealed with $lost/s,
	'without the ring its own error says which key is missing');
is(opened($two, 'app', 'env'), 'sk-clear-env', 'a reference needs no ring');
like(psql_error($two, 'app', "SELECT gaiops_create_secret('new', 'sk-clear-new')"),
	qr/LM011: could not seal secret "new".*is sealed with $lost/s,
	'sealing does not start a ring that hides the loss');
like(psql_error($two, 'app', "SELECT gaiops_alter_secret('second', 'sk-clear-new')"),
	qr/LM011: could not seal secret "second".*is sealed with $lost/s, 'nor does altering');
like(psql_error($two, 'app', 'SELECT gaiops_rotate_master_key()'),
	qr/LM011.*$lost/s, 'nor does rotation');
ok(!-e $ring2, 'there is still no ring');
copy($ring, $ring2);
chmod(0600, $ring2);
is(opened($two, 'app', 'gateway-key'), 'sk-clear-typed', 'with the ring the secret is opened');
isnt($two->safe_psql('app', 'SELECT gaiops_rotate_master_key()'), '', 'and rotated');

# A ring elsewhere, and one that is lost for good.

my $elsewhere = "$dir/elsewhere";
move($ring2, $elsewhere);
$two->safe_psql('postgres', "ALTER SYSTEM SET gaiops.key_ring_file = '$elsewhere'");
$two->reload;
is(opened($two, 'app', 'gateway-key'), 'sk-clear-typed', 'the ring may be elsewhere');
like(psql_error($two, 'app', "CREATE ROLE nobody; SET ROLE nobody; SET gaiops.key_ring_file = 'x'"),
	qr/42501/, 'which only a superuser decides');
spew($elsewhere, "genaiops key ring 1\n");
$two->safe_psql('app', "SELECT gaiops_alter_secret('gateway-key', 'sk-clear-again')");
is(opened($two, 'app', 'gateway-key'), 'sk-clear-again', 'an empty ring is the way to begin anew');
like(opened($two, 'app', 'second'), qr/not in the key ring/, 'which opens nothing old');
unlink $elsewhere;
$two->safe_psql('app', "DELETE FROM gaiops_private.secrets WHERE kind = 'sealed' AND name <> 'second'");
$two->safe_psql('app', "SELECT gaiops_alter_secret('second', 'sk-clear-last')");
is(opened($two, 'app', 'second'), 'sk-clear-last', 'the only sealed secret may be replaced without the ring');
$two->stop;

# A standby.

$node->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($node, 'base', has_streaming => 1);
$standby->start;
my $ring3 = ring_path($standby);
is(S_IMODE((stat $node->backup_dir . '/base/gaiops_key_ring')[2]), 0600, 'a base backup keeps the mode of the ring');
chmod(0600, $ring3); # the test suite's own copy does not
is(opened($standby, 'app', 'second'), 'sk-clear-second', 'a base backup has the ring');
unlink $ring3;
like(opened($standby, 'app', 'second'), qr/not in the key ring "\Q$ring3\E"/, 'a standby without it says so');
like(psql_error($standby, 'app', "SELECT gaiops_create_secret('new', 'sk-clear-new')"),
	qr/25006/, 'a standby seals nothing');
ok(!-e $ring3, 'and makes no ring');
$node->safe_psql('app', 'SELECT gaiops_rotate_master_key()');
$node->wait_for_catchup($standby);
copy($ring, $ring3);
chmod(0600, $ring3);
is(opened($standby, 'app', 'second'), 'sk-clear-second', 'with the ring of the primary it opens secrets');
$standby->promote;
isnt($standby->safe_psql('app', 'SELECT gaiops_rotate_master_key()'), '', 'and rotates once promoted');
$standby->stop;
$node->stop;

done_testing();
