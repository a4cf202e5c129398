# The library, built for the oldest minor version that the README names, runs there,
# and in the minor version that is installed, as after an update of the server.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use GaiopsTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $directory = PostgreSQL::Test::Utils::tempdir();

# A PostgreSQL of its own with what was built for the oldest.
sub install_into
{
	my ($name, $pg_config) = @_;
	my $to = do
	{
		local $ENV{PG_CONFIG} = $pg_config;
		copy_postgres("$directory/$name");
	};

	system_or_bail('rm', '-f', "$to->{pkglibdir}/genaiops.so", glob("$to->{sharedir}/extension/genaiops*"));
	system_or_bail('cp', "$ENV{GAIOPS_BUILT}/genaiops.so", "$to->{pkglibdir}/");
	system_or_bail('cp', "$ENV{GAIOPS_BUILT}/genaiops.control",
		glob("$ENV{GAIOPS_BUILT}/sql/genaiops--*.sql"), "$to->{sharedir}/extension/");
	return $to->{bindir} =~ s{/bin$}{}r;
}

# Returns the minor version that runs there.
sub calls_ok
{
	my ($name, $pg_config) = @_;
	my $node = gaiops_node($name, extension => 0, install_path => install_into($name, $pg_config));
	my $version = $node->safe_psql('postgres', q{SELECT split_part(current_setting('server_version'), ' ', 1)});

	$node->safe_psql('postgres', 'CREATE EXTENSION genaiops');
	make_endpoint($node, 'echo', 'builtin:echo');
	is($node->safe_psql('postgres', "SELECT gaiops_chat('echo', 'Hi')"), 'Hi', "$version: a call is answered");
	is($node->safe_psql('postgres', 'SELECT status, response_preview FROM gaiops.traces'), 'OK|Hi', "$version: and recorded");
	$node->safe_psql('postgres', 'CREATE ROLE maker LOGIN CREATEDB');
	$node->safe_psql('postgres', 'CREATE DATABASE blank IS_TEMPLATE true');
	is(($node->psql('postgres', 'CREATE DATABASE made TEMPLATE blank', extra_params => [ '-U', 'maker' ]))[0],
		0, "$version: who may create databases is known");
	$node->stop;
	return $version;
}

my $oldest = calls_ok('oldest', $ENV{GAIOPS_OLDEST});
my $readme = slurp_file("$FindBin::Bin/../../README.md");

# Of a Debian that is still to have point releases the README can name none.
if ($oldest =~ /^15\./)
{
	like($readme, qr/\b\Q$oldest\E or later\b/, "the README names $oldest");
}
calls_ok('installed', $ENV{PG_CONFIG});
done_testing();
