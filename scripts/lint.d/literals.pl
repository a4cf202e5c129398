# literals WHAT: whether literals mean the same under any setting of the session.
#
#   sql  no backslash in a plain literal, whose meaning depends on
#        standard_conforming_strings, and no U&'', which is refused without it;
#        no \' in E'', which backslash_quote may refuse.  A body is parsed with the
#        settings of who calls it, a script as a whole before its first SET.
use strict;
use warnings;

use Lint;

sub check_literal
{
	my ($path, $line, $prefix, $literal) = @_;

	if ($prefix =~ /^U&$/i)
	{
		Lint::report($path, $line, "not without standard_conforming_strings: $prefix$literal");
	}
	elsif ($prefix =~ /^E$/i)
	{
		Lint::report($path, $line, "not with backslash_quote = off: $prefix$literal")
		  if $literal =~ /(?<!\\)(?:\\\\)*\\'/;
	}
	elsif ($literal =~ /\\/)
	{
		Lint::report($path, $line, "means something else without standard_conforming_strings: $literal");
	}
	return;
}

my ($what) = @ARGV;
die "usage: literals.pl sql\n" unless defined $what && $what eq 'sql';
foreach my $path (Lint::files())
{
	my $text = Lint::bare_sql(Lint::slurp($path));

	# A literal begins with a quote that no other one has opened.
	while ($text =~ /(?<!\w)(?:(E)('(?:[^'\\]|''|\\.)*')|(U&)?('(?:[^']|'')*'))|"[^"]*"|\w+|./gsi)
	{
		my ($prefix, $literal) = defined $2 ? ($1, $2) : ($3 // '', $4);

		check_literal($path, Lint::line_at($text, $-[0]), $prefix, $literal) if defined $literal;
	}
}
Lint::done();
