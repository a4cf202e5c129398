# sizes WHAT: whether files and functions stay small enough to be read in one go.
#
#   functions  prints the ten longest; none has more than 80 lines
#   files      none has more than 700 lines
use strict;
use warnings;

use Lint;

my $MAX_FUNCTION = 80;
my $MAX_FILE = 700;

# Functions in the layout of pgindent: the name and both braces begin a line.
sub functions
{
	my ($path) = @_;
	my @lines = split /\n/, Lint::bare_c(Lint::slurp($path), 1);
	my ($name, $begin, @functions);
	for my $i (0 .. $#lines)
	{
		if ($lines[$i] =~ /^(\w+)\s*\(/) { ($name, $begin) = ($1, $i) }
		elsif ($lines[$i] =~ /^(?:typedef|struct|enum|union)\b|^[^{\t ].*[;=]\s*$/) { $name = undef }
		elsif ($lines[$i] eq '}' && defined $name)
		{
			push @functions, { path => $path, line => $begin + 1, name => $name, lines => $i - $begin + 1 };
			$name = undef;
		}
	}
	return @functions;
}

sub check_functions
{
	my @functions = sort { $b->{lines} <=> $a->{lines} || $a->{name} cmp $b->{name} } map { functions($_) } @_;
	die "no functions found\n" unless @functions;
	for my $i (0 .. $#functions)
	{
		my $f = $functions[$i];
		my $text = "$f->{name} has $f->{lines} lines";
		if ($f->{lines} > $MAX_FUNCTION) { Lint::report($f->{path}, $f->{line}, "$text, more than $MAX_FUNCTION") }
		elsif ($i < 10) { print "$f->{path}:$f->{line}: $text\n" }
	}
	return;
}

sub check_files
{
	for my $path (@_)
	{
		my $lines = Lint::slurp($path) =~ tr/\n//;
		Lint::report($path, undef, "has $lines lines, more than $MAX_FILE") if $lines > $MAX_FILE;
	}
	return;
}

my $what = shift @ARGV;
my @files = Lint::files();
if ($what eq 'functions') { check_functions(@files) }
elsif ($what eq 'files') { check_files(@files) }
else { die "sizes: no check \"$what\"\n" }
Lint::done();
