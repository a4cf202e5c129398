
=pod

=head1 NAME

GaiopsPrograms - the programs on pages of the documentation

=head1 SYNOPSIS

  use GaiopsPrograms;

  local %ENV = (%ENV, program_environment($node));
  prints_ok($_) foreach programs('doc/from-applications.md');

=head1 FUNCTIONS

=over

=item programs($page)

The programs of a page: the first block of each section that has a language other than
SQL, with a block of its output right behind. Each is a hash: name (of the section),
language, text, output.

=item prints_ok($program)

One test: it prints what the page says. An ellipsis there is any text in a line. Those of
Go and Rust were compiled by test/drivers/build, into the directory that GAIOPS_DRIVERS
names.

=item program_environment($node)

Where the node is, for drivers of any kind; it has to listen on 127.0.0.1.

=item program_directory()

Where the programs are put, beside modules of Node.

=back

=cut

package GaiopsPrograms;

use strict;
use warnings;
use utf8;

use Cwd qw(abs_path);
use Exporter qw(import);
use File::Basename qw(dirname);
use GaiopsTest;
use IPC::Run;
use PostgreSQL::Test::Utils;
use Test::More;

our @EXPORT = qw(programs prints_ok program_environment program_directory);

my $root = abs_path(dirname(__FILE__) . '/../..');
my $directory;

# How a program in a language is run: its file, and the command.
my %ways = (
	python => [ 'chat.py', sub { '/usr/bin/python3', $_[0] } ],
	js => [ 'chat.mjs', sub { GaiopsTest::node_binary(), $_[0] } ],
	java => [ 'Chat.java', sub { 'java', '-cp', '/usr/share/java/postgresql.jar', $_[0] } ],
	go => [ 'chat.go', sub { "$ENV{GAIOPS_DRIVERS}/bin/pgx" } ],
	rust => [ 'chat.rs', sub { "$ENV{GAIOPS_DRIVERS}/bin/tokio-postgres" } ]);

sub programs
{
	my ($page) = @_;
	my @programs;

	open my $file, '<:encoding(UTF-8)', "$root/$page" or die "$page: $!";
	my $text = do { local $/; <$file> };
	foreach my $section (split /^## /m, $text)
	{
		my ($name) = split /\n/, $section;
		my ($language, $program, $output) = $section =~ /^```(?!sql)([a-z]+)\n(.*?)^```\n```\n(.*?)^```$/ms or next;
		push @programs, { name => $name, language => $language, text => $program, output => $output };
	}
	return @programs;
}

sub program_directory
{
	my $modules = $ENV{GAIOPS_NODE_MODULES} // "$root/.work/drivers/node/node_modules";

	return $directory if $directory;
	$directory = PostgreSQL::Test::Utils::tempdir();
	symlink $modules, "$directory/node_modules" or die "symlink: $!";
	return $directory;
}

sub program_environment
{
	my ($node) = @_;
	my ($port, $user) = ($node->port, scalar getpwuid($<));

	return PGHOST => '127.0.0.1', PGPORT => $port, PGUSER => $user, PGDATABASE => 'postgres',
	  DATABASE_URL => "postgresql://$user\@127.0.0.1:$port/postgres",
	  JDBC_URL => "jdbc:postgresql://127.0.0.1:$port/postgres?user=$user";
}

sub output_of
{
	my ($program) = @_;
	my ($name, $command) = @{ $ways{ $program->{language} } };
	my $path = program_directory() . "/$name";
	my ($out, $err) = ('', '');

	open my $file, '>:encoding(UTF-8)', $path or die "$name: $!";
	print $file $program->{text};
	close $file;
	IPC::Run::run([ $command->($path) ], '>', \$out, '2>', \$err, IPC::Run::timeout(60));
	return $out . $err;
}

sub prints_ok
{
	my ($program) = @_;
	my $out = output_of($program);
	my $pattern = join '[^\n]*', map { quotemeta } split /…/, $program->{output}, -1;

	local $Test::Builder::Level = $Test::Builder::Level + 1;
	return like($out, qr/\A$pattern\z/, "$program->{name} prints what the page says");
}

1;
