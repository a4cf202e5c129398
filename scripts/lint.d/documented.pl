# documented WHAT: whether the pages for users have everything.
#
#   settings   every setting is in doc/operations.md or doc/reference.md
#   functions  every function for users, gaiops_*, is in doc/reference.md
#   sqlstates  every SQLSTATE of ours is in doc/reference.md
#   links      what a page links to in the repository is there
use strict;
use warnings;

use File::Basename;
use Lint;

my $REFERENCE = 'doc/reference.md';
my $OPERATIONS = 'doc/operations.md';

sub page
{
	my ($path) = @_;
	return -e $path ? Lint::slurp($path) : '';
}

# check_words FILES, PATTERN, PAGES: what the pattern finds is on the pages.
sub check_words
{
	my ($files, $pattern, @pages) = @_;
	my $pages = join "\n", map { page($_) } @pages;
	my %words;
	for my $path (@$files)
	{
		my $text = Lint::slurp($path);
		$words{ join '', grep { defined } @{^CAPTURE} } //= $path while $text =~ /$pattern/g;
	}
	die "found nothing that could be documented\n" unless %words;
	for my $word (sort keys %words)
	{
		Lint::report($words{$word}, undef, "$word is not in " . join(' or ', @pages))
			unless $pages =~ /(?<![\w.])\Q$word\E(?!\w)/;
	}
	return;
}

sub anchors
{
	my ($path) = @_;
	return map { lc =~ s/[^\w\- ]//gr =~ s/ /-/gr } page($path) =~ /^#+ +(.*?) *$/gm;
}

sub check_links
{
	for my $path (@_)
	{
		my $text = Lint::slurp($path);
		$text =~ s/^```.*?^```//gms;
		while ($text =~ /\]\(([^)\s]+)\)/g)
		{
			my $target = $1;
			next if $target =~ /^(?:https?|mailto):/;
			my ($file, $anchor) = $target =~ /^([^#]*)(?:#(.*))?$/;
			my $to = $file eq '' ? $path : dirname($path) . "/$file";
			if (!-e $to) { Lint::report($path, undef, "links to $target, which is not there") }
			elsif (defined $anchor && !grep { $_ eq $anchor } anchors($to))
			{
				Lint::report($path, undef, "links to $target, where no heading is so");
			}
		}
	}
	return;
}

my $what = shift @ARGV;
my @files = Lint::files();
if ($what eq 'settings') { check_words(\@files, qr/"(gaiops\.\w+)",/, $OPERATIONS, $REFERENCE) }
elsif ($what eq 'functions') { check_words(\@files, qr/^CREATE (?:OR REPLACE )?FUNCTION pg_catalog\.(gaiops_\w+)/m, $REFERENCE) }
elsif ($what eq 'sqlstates') { check_words(\@files, qr/MAKE_SQLSTATE\('(.)', *'(.)', *'(.)', *'(.)', *'(.)'\)/, $REFERENCE) }
elsif ($what eq 'links') { check_links(@files) }
else { die "documented: no check \"$what\"\n" }
Lint::done();
