# scripts/install leaves a server that runs from its copy of PostgreSQL the files that it
# runs with, when a package has changed, and removes them once it runs no more. Two at once
# do not come between each other.
use strict;
use warnings;

use Cwd qw(abs_path);
use FindBin;
use IPC::Run ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

# Another version than this Debian ships may not come from packages.
plan skip_all => 'needs packages of this Debian' if $ENV{PG};

my $sources = PostgreSQL::Test::Utils::tempdir() . '/sources';
my $link = "$sources/.work/pg";
my ($path) = $ENV{PG_CONFIG} =~ m{(/usr/lib/postgresql/.*)/bin/pg_config$};

mkdir $sources;
system_or_bail('cp', '-r', "$FindBin::Bin/../../scripts", "$sources/");
END { system("$sources/scripts/clean", 'all') if $sources }

sub install { return system_or_bail("$sources/scripts/install", 'build'); }

# The first one is held up in the midst of copying.
my $programs = PostgreSQL::Test::Utils::tempdir();
append_to_file("$programs/cp", qq(#!/bin/sh\nmkdir $programs/held 2>/dev/null && sleep 2\nexec /bin/cp "\$@"\n));
chmod 0755, "$programs/cp";
{
	local $ENV{PATH} = "$programs:$ENV{PATH}";
	my $first = IPC::Run::start([ "$sources/scripts/install", 'build' ]);
	my $tries = 0;
	while (!-d "$programs/held" && $tries++ < 1800) { select undef, undef, undef, 0.1 }
	ok(-d "$programs/held", 'one install is copying');
	install();
	ok($first->finish, 'and is not disturbed by another');
}
ok(-x "$link$path/bin/postgres" && -e "$link/stamp", 'so PostgreSQL is there');
install();
my $before = abs_path($link);
system_or_bail('cp', "$before$path/lib/plpgsql.so", "$before$path/lib/of_before.so");
my $node = PostgreSQL::Test::Cluster->new('running', install_path => "$link$path");
$node->init;
$node->start;

install();
is(abs_path($link), $before, 'as long as the packages are the same, so is the copy');
append_to_file("$link/stamp", "another package\n");
install();
isnt(abs_path($link), $before, 'other packages are copied elsewhere');
is($node->safe_psql('postgres', "LOAD 'of_before'; SELECT 'loaded'"), 'loaded',
	'and a server that runs has what it was started with');
$node->stop;
install();
ok(!-e $before, 'which is removed when it has ended');
done_testing();
