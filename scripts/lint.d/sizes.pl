# sizes WHAT: whether files, functions and lines stay small enough to be read in
# one go.
#
#   functions  the length of functions in C
#   bodies     the length of functions in SQL and PL/pgSQL
#   files      the length of files
#   width      the width of lines of SQL, and of comments in C, which pgindent folds
#
# The first two print how long functions of the sources are on the whole.
use strict;
use warnings;

use Lint;

# Lines: what half of all functions have at most, what nine of ten have, and what all have.
my %MOST = (half => 13, tenths => 26, all => 60);

# Of so few functions nothing is said on the whole.
my $FEW = 20;

# Lines of a file of the sources, and of any other.
my ($MOST_IN_SOURCE, $MOST_IN_FILE) = (600, 700);

my ($TAB, $SQL_WIDTH, $COMMENT_WIDTH) = (4, 120, 79);

my $SOURCE = qr{^(?:src|sql)/};

# A list, which nobody reads in one go.
my $PRICES = 'sql/gateway/tables/price_catalogue.sql';

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

# Functions of SQL, with the lines between their quotes, or from RETURN on.
sub bodies
{
	my ($path) = @_;
	my $text = Lint::bare_sql(Lint::slurp($path));
	my @functions;
	while ($text =~ /^CREATE (?:OR REPLACE )?(?:FUNCTION|PROCEDURE) ([\w.]+)(.*?)(?=^(?:CREATE|COMMENT)\b|\z)/gms)
	{
		my ($name, $rest, $begin) = ($1, $2, $-[0]);
		my ($body) = $rest =~ /\$(\w*)\$\n?(.*)^\$\1\$/ms ? $2 : $rest =~ /^(RETURN\b.*;)$/ms;
		next unless defined $body;
		my $lines = split /\n/, $body;
		push @functions, { path => $path, line => Lint::line_at($text, $begin), name => $name, lines => $lines };
	}
	return @functions;
}

# How many lines that part of the functions has at most; the longest is first.
sub lines_of
{
	my ($part, @functions) = @_;
	return $functions[ $#functions - int($part * $#functions) ]{lines};
}

sub check_lengths
{
	my @functions = sort { $b->{lines} <=> $a->{lines} || $a->{name} cmp $b->{name} } @_;
	die "no functions found\n" unless @functions;
	my @long = grep { $_->{lines} > $MOST{all} } @functions;
	Lint::report($_->{path}, $_->{line}, "$_->{name} has $_->{lines} lines, more than $MOST{all}") for @long;
	@functions = grep { $_->{path} =~ $SOURCE } @functions;
	return if @long || @functions < $FEW;
	my ($half, $tenths) = (lines_of(0.5, @functions), lines_of(0.9, @functions));
	if ($half > $MOST{half}) { Lint::report('sources', undef, "half of the functions have $half lines, more than $MOST{half}") }
	elsif ($tenths > $MOST{tenths}) { Lint::report('sources', undef, "nine of ten functions have $tenths lines, more than $MOST{tenths}") }
	else { print "half of the functions have $half lines at most, nine of ten $tenths, the longest $functions[0]{lines}\n" }
	return;
}

sub check_file
{
	my ($path) = @_;
	my $most = $path =~ $SOURCE ? $MOST_IN_SOURCE : $MOST_IN_FILE;
	my $lines = Lint::slurp($path) =~ tr/\n//;
	Lint::report($path, undef, "has $lines lines, more than $most") if $lines > $most && $path ne $PRICES;
	return;
}

# ---- width ----

sub width_of
{
	my ($line) = @_;
	1 while $line =~ s/\t/' ' x ($TAB - $-[0] % $TAB)/e;
	utf8::decode($line);
	return length $line;
}

# A comment that stands behind code or SQL in a string is no business of this.
sub check_width
{
	my ($path) = @_;
	my $text = Lint::slurp($path);
	my $is_c = $path =~ /\.[ch]$/;
	my $most = $is_c ? $COMMENT_WIDTH : $SQL_WIDTH;
	my @bare = split /\n/, $is_c ? Lint::bare_c($text) : '';
	my @lines = split /\n/, $text;
	for my $i (0 .. $#lines)
	{
		next if $is_c && $bare[$i] =~ /\S/;
		my $width = width_of($lines[$i]);
		Lint::report($path, $i + 1, "is $width wide, more than $most") if $width > $most;
	}
	return;
}

my $what = shift @ARGV;
my @files = Lint::files();
if ($what eq 'functions') { check_lengths(map { functions($_) } @files) }
elsif ($what eq 'bodies') { check_lengths(map { bodies($_) } @files) }
elsif ($what eq 'files') { check_file($_) for @files }
elsif ($what eq 'width') { check_width($_) for grep { $_ ne $PRICES } @files }
else { die "sizes: no check \"$what\"\n" }
Lint::done();
