# messages WHAT: whether errors are worded as PostgreSQL's are.
#
#   c, sql  a primary message begins in lower case (but for acronyms) and has no
#           full stop; details and hints are sentences; an error has a SQLSTATE
use strict;
use warnings;

use Lint;

# By function of C: whether its texts are sentences, and where they are among
# its arguments.
my %TEXTS = (
	errmsg => [ 0, 0 ],
	errmsg_internal => [ 0, 0 ],
	errmsg_plural => [ 0, 0, 1 ],
	elog => [ 0, 1 ],
	errdetail => [ 1, 0 ],
	errdetail_internal => [ 1, 0 ],
	errdetail_log => [ 1, 0 ],
	errdetail_plural => [ 1, 0, 1 ],
	errhint => [ 1, 0 ],
	errhint_internal => [ 1, 0 ],
	errhint_plural => [ 1, 0, 1 ],
	GUC_check_errmsg => [ 0, 0 ],
	GUC_check_errdetail => [ 1, 0 ],
	GUC_check_errhint => [ 1, 0 ]);
my $CALL = join '|', sort keys %TEXTS;
my $NAME = qr/(?:libcurl|libsodium|json-c|genaiops) /;	# begins a sentence as it is
my $QUIET = qr/^(?:DEBUG[1-5]|LOG|LOG_SERVER_ONLY|INFO|NOTICE|WARNING)$/;

sub check_text
{
	my ($path, $line, $is_sentence, $text) = @_;
	return if $text =~ /^%s$/;
	if ($is_sentence)
	{
		Lint::report($path, $line, "not a sentence: \"$text\"")
			unless $text =~ /^(?:[A-Z0-9"'(%]|\\"|$NAME)/ && $text =~ /[.?]\)?$/;
		return;
	}
	Lint::report($path, $line, "begins with a capital letter: \"$text\"") if $text =~ /^[A-Z](?![A-Z])/;
	Lint::report($path, $line, "ends with a full stop: \"$text\"") if $text =~ /[.!]$|\n$|\\n$/;
	return;
}

# The strings of an argument of C: those without a gap are one.
sub c_strings
{
	my ($argument) = @_;
	my @strings;
	while ($argument =~ /((?:"(?:\\.|[^"\\])*"\s*)+)/gs)
	{
		(my $string = $1) =~ s/"\s*"//g;
		push @strings, $string =~ /^"(.*)"\s*$/s;
	}
	return @strings;
}

sub check_c
{
	my ($path) = @_;
	my $text = Lint::bare_c(Lint::slurp($path));
	while ($text =~ /(?<!\w)($CALL|ereport)\s*\(/g)
	{
		my ($call, $end) = ($1, pos $text);
		my $line = Lint::line_at($text, $end);
		my @arguments = Lint::split_top(substr($text, $end), ',', '"');
		if ($call eq 'ereport')
		{
			(my $level = $arguments[0]) =~ s/\s//g;
			Lint::report($path, $line, "ereport($level) without errcode()")
				unless $level =~ $QUIET || "@arguments" =~ /\berrcode(?:_for_\w+)?\s*\(/;
			next;
		}
		my ($is_sentence, @places) = @{ $TEXTS{$call} };
		check_text($path, $line, $is_sentence, $_) for map { c_strings($_) } grep { defined } @arguments[@places];
	}
	return;
}

# The strings that an expression of SQL can be, or is formatted from.
sub sql_strings
{
	my ($expression) = @_;
	$expression =~ s/^\s+//;
	return ($1 =~ s/''/'/gr) if $expression =~ /^(?:pg_catalog\.)?(?:format\s*\(\s*|concat\s*\(\s*)?'((?:[^']|'')*)'/;
	return () unless $expression =~ /^CASE\b/;
	return map { sql_strings($_) } $expression =~ /\b(?:THEN|ELSE)\s+(.*?)(?=\bWHEN\b|\bELSE\b|\bEND\b|$)/gs;
}

sub check_raise
{
	my ($path, $line, $statement) = @_;
	return if $statement =~ /^\s*$/;
	# What goes on in the next line is one literal.
	$statement =~ s/(?<!')'\s*\n\s*'(?!')//g;
	my ($level, $options) = $statement =~ /^\s*(?:(EXCEPTION|WARNING|NOTICE|INFO|LOG|DEBUG)\b)?\s*USING\b(.*)$/s;
	if (!defined $options)
	{
		Lint::report($path, $line, 'RAISE without USING');
		return;
	}
	my %is = map { /^\s*(\w+)\s*:?=\s*(.*)$/s ? ($1 => $2) : () } Lint::split_top($options, ',', "'");
	Lint::report($path, $line, 'RAISE without ERRCODE') if ($level // 'EXCEPTION') eq 'EXCEPTION' && !$is{ERRCODE};
	check_text($path, $line, 0, $_) for sql_strings($is{MESSAGE} // '');
	check_text($path, $line, 1, $_) for map { sql_strings($is{$_} // '') } qw(DETAIL HINT);
	return;
}

sub check_sql
{
	my ($path) = @_;
	my $text = Lint::bare_sql(Lint::slurp($path));
	while ($text =~ /\bRAISE\b((?:'(?:[^']|'')*'|[^';])*);/g)
	{
		check_raise($path, Lint::line_at($text, $-[0]), $1);
	}
	return;
}

my $what = shift @ARGV;
my @files = Lint::files();
if ($what eq 'c') { check_c($_) for @files }
elsif ($what eq 'sql') { check_sql($_) for @files }
else { die "messages: no check \"$what\"\n" }
Lint::done();
