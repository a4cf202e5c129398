# What the checkers of scripts/lint share. A checker reads the names of the files
# to look at from its standard input, reports what it finds, and ends with
# Lint::done, which tells by the exit status whether there was anything.

package Lint;

use strict;
use warnings;

my $found = 0;

# The names of the files to look at.
sub files
{
	chomp(my @files = <STDIN>);
	die "no files to look at\n" unless @files;
	return @files;
}

sub slurp
{
	my ($path) = @_;
	open(my $file, '<', $path) or die "$path: $!\n";
	local $/;
	my $text = <$file>;
	close($file);
	return $text // '';
}

sub report
{
	my ($path, $line, $text) = @_;
	print defined $line ? "$path:$line: $text\n" : "$path: $text\n";
	$found++;
	return;
}

sub done
{
	exit($found ? 1 : 0);
}

# C without its comments, line for line; without what is in strings, too, if
# told so.
sub bare_c
{
	my ($text, $without_strings) = @_;
	$text =~ s{(/\*.*?\*/|//[^\n]*)|("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')}
		{ defined $1 ? blank($1) : $without_strings ? '"' . blank(substr($2, 1, -1)) . '"' : $2 }gse;
	return $text;
}

# SQL without its comments, line for line.
sub bare_sql
{
	my ($text) = @_;
	$text =~ s{(--[^\n]*|/\*.*?\*/)|('(?:[^']|'')*')}{ defined $1 ? blank($1) : $2 }gse;
	return $text;
}

sub blank
{
	my ($text) = @_;
	$text =~ s/[^\n]/ /g;
	return $text;
}

# The number of the line that a position is in.
sub line_at
{
	my ($text, $position) = @_;
	return 1 + (substr($text, 0, $position) =~ tr/\n//);
}

# Splits a text at the separators that are in no parentheses and in no string;
# stops at the parenthesis that closes it. The quote is that of the language.
# Returns the parts; nothing if it ends within parentheses.
sub split_top
{
	my ($text, $separator, $quote) = @_;
	my $string = $quote eq '"' ? qr/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/s : qr/'(?:[^']|'')*'|"[^"]*"/;
	my ($depth, @parts) = (0, '');
	while ($text =~ /\G($string|.)/gcs)
	{
		my $token = $1;
		if ($token =~ /^[(\[{]$/) { $depth++ }
		elsif ($token =~ /^[)\]}]$/ && $depth-- == 0) { return @parts }
		elsif ($token eq $separator && $depth == 0) { push @parts, ''; next }
		$parts[-1] .= $token;
	}
	return $depth <= 0 ? @parts : ();
}

1;
