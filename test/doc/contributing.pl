# The example of CONTRIBUTING.md, word for word: what it adds to a copy of the
# sources builds, keeps to the layout, touches one room, and works, in a new database
# and in one that was updated.
#
# A block whose line before names a file is that file, or a diff to it.

use strict;
use warnings;

use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Copy;
use File::Path qw(make_path);
use FindBin;
use lib "$FindBin::Bin/../lib";
use GaiopsTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $root = abs_path("$FindBin::Bin/../..");
my $tmp = PostgreSQL::Test::Utils::tempdir();
my $sources = "$tmp/sources";
my ($version) = slurp_file("$root/genaiops.control") =~ /^default_version = '(.*)'$/m;
delete local @ENV{qw(MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES)};

# Lists of the catalog as a whole, which name the rooms.
my %IS_LIST = ('sql/tables.order' => 1);

# The blocks of the example: of each the file, the kind and the text.
sub blocks
{
	my ($section) = slurp_file("$root/CONTRIBUTING.md") =~ /^### An example: (.*?)^##/ms;
	my @blocks;

	push @blocks, { file => $1, kind => $2, text => $3 } while $section =~ /^`([^`]+)`:\n\n```(\w+)\n(.*?)^```$/gms;
	return @blocks;
}

sub write_file
{
	my ($file, $text) = @_;

	make_path(dirname($file));
	unlink $file;
	append_to_file($file, $text);
	return;
}

# Applies a diff that only adds lines, beside others that it has.
sub add_lines
{
	my ($file, $diff) = @_;
	my $text = slurp_file($file);

	foreach my $hunk (split /^\@\@\n/m, $diff)
	{
		my $before = join '', $hunk =~ /^ (.*\n)/gm;
		my $after = $hunk =~ s/^[ +]//gmr;

		$text =~ s/^\Q$before\E/$after/m or die "$file has no $before";
	}
	write_file($file, $text);
	return;
}

sub apply
{
	my ($block) = @_;
	my $file = "$sources/$block->{file}";

	if ($block->{kind} eq 'diff') { add_lines($file, $block->{text}) }
	else
	{
		ok(!-e $file, "$block->{file} is new");
		write_file($file, $block->{text});
	}
	like($block->{file}, qr{/tracking[/.]}, "$block->{file} is of one room") unless $IS_LIST{ $block->{file} };
	return;
}

make_path($sources);
system_or_bail('cp', '-r', (map { "$root/$_" } qw(Makefile genaiops.control sql src scripts)), "$sources/");
my @blocks = blocks();
cmp_ok(scalar @blocks, '>=', 8, 'there is an example');
apply($_) foreach @blocks;
my ($table) = map { $_->{text} } grep { $_->{file} =~ m{/tables/} } @blocks;
append_to_file($_, $table) foreach glob("$sources/sql/updates/*--$version.sql");

foreach my $what (qw(rooms doors circles headers sql))
{
	my $find = $what eq 'sql' ? "sql/*/*/*.sql sql/*/rights.list src/*/*.c" : 'src/*.[ch] src/*/*.[ch] src/core/*/*.[ch]';

	command_ok([ 'sh', '-c', "cd $sources && ls $find | perl -Iscripts/lint.d scripts/lint.d/layout.pl $what" ], "it keeps to the layout: $what");
}

# ---- building and installing ----

my $postgres = copy_postgres("$tmp/postgres");
command_ok([ 'make', '-s', '-j2', '-C', $sources, 'with_llvm=no', 'COPT=-O0', 'WERROR=-Werror', 'PG_CONFIG=' . ($ENV{PG_CONFIG} // 'pg_config') ], 'it builds');
foreach my $file ("$sources/genaiops.so", glob("$sources/genaiops.control $sources/sql/genaiops--*.sql $sources/sql/releases/*.sql"))
{
	my ($name) = $file =~ m{([^/]+)$};
	my $to = $name =~ /\.so$/ ? "$postgres->{pkglibdir}/$name" : "$postgres->{sharedir}/extension/$name";

	unlink $to;
	copy($file, $to) or die "copy: $!";
}
my $node = gaiops_node('example', extension => 0, conf => 'wal_level = logical', install_path => dirname($postgres->{bindir}));

# ---- what it does ----

my ($test) = map { "$sources/$_->{file}" } grep { $_->{file} =~ m{^test/} } @blocks;

# Runs the example's test in a new database, in which a version was made, if told.
sub works_ok
{
	my ($db, $from, $name) = @_;

	$node->safe_psql('postgres', "CREATE DATABASE $db TEMPLATE template0");
	$node->safe_psql($db, "CREATE EXTENSION genaiops VERSION '$from'; ALTER EXTENSION genaiops UPDATE") if defined $from;
	my ($rc, $out, $err) = $node->psql($db, "\\i $test", extra_params => [ '-v', 'ON_ERROR_STOP=1' ]);
	is("$rc $err", '0 ', "$name: no error");
	like($out, qr/^ok 1 - .*\n1\.\.1$/m, "$name: its test passes");
	return;
}

works_ok('made', undef, 'a new database');
foreach my $update (glob("$sources/sql/updates/*--$version.sql"))
{
	my ($from) = $update =~ m{([^/]+)--[^/]+$};

	works_ok('updated_' . ($from =~ s/\W/_/gr), $from, "an update from $from");
}
is($node->safe_psql('made', <<'END'), 't|1', 'the table is for viewers');
SELECT relrowsecurity, (SELECT count(*) FROM pg_policy WHERE polrelid = c.oid) FROM pg_class AS c WHERE oid = 'gaiops.trace_notes'::regclass
END
my (undef, undef, $refused) = $node->psql('made', "SELECT gaiops_add_note(gen_random_uuid(), repeat('x', 2049))", on_error_stop => 0);
like($refused, qr/a note must have 1 to 2048 bytes\nDETAIL:  It has 2049\.$/m, 'a note has a size');

# What holds for all objects holds for those of the example.
foreach my $rules (qw(base/contract base/grants workers/maintenance))
{
	my $db = 'rules_' . ($rules =~ s{/}{_}r);

	$node->safe_psql('postgres', "CREATE DATABASE $db TEMPLATE template0");
	my ($rc, $out, $err) = $node->psql($db, "\\i $root/test/pgtap/$rules.sql");
	is("$rc $err", '0 ', "$rules: no error");
	like($out, qr/^ok 1 - /m, "$rules: it runs");
	unlike($out, qr/^(?:not ok|# Looks like)/m, "$rules: it passes");
}

done_testing();
