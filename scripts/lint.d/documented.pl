# documented WHAT: whether the pages for users have everything.
#
#   settings   every setting is in doc/operations.md or the reference
#   functions  every function for users, gaiops_*, is in the reference
#   sqlstates  every SQLSTATE of ours is in the reference
#   rooms      a section of the reference or of the tables is on the page of the room that makes
#              what it is about
#   links      what a page links to in the repository is there
#   paths      so is a file that a page or a file of C names
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

# A page, and those that it is the index of.
sub whole
{
	my ($path) = @_;
	return map { page($_) } $path, glob($path =~ s{\.md$}{/*.md}r);
}

# check_words FILES, PATTERN, PAGES: what the pattern finds is on the pages.
sub check_words
{
	my ($files, $pattern, @pages) = @_;
	my $pages = join "\n", map { whole($_) } @pages;
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

sub check_rooms
{
	my %room_of;
	for my $path (@_)
	{
		my ($room) = $path =~ m{^sql/(\w+)/(?:functions|tables|views)/} or next;
		my $text = Lint::slurp($path);
		$room_of{$1} //= $room while $text =~ /^CREATE (?:OR REPLACE )?(?:FUNCTION|AGGREGATE|TABLE|VIEW) (?:pg_catalog\.)?([\w.]+)/gm;
	}
	my @pages = glob('doc/reference/*.md doc/tables/*.md');
	die "there are no pages of rooms\n" unless @pages && %room_of;
	for my $path (@pages)
	{
		my $room = basename($path, '.md');
		for my $name (page($path) =~ /^### `?([\w.]+)`?$/gm)
		{
			my $home = $room_of{$name} // 'none';
			Lint::report($path, undef, "has a section on $name, which is of room $home") if $home ne $room;
		}
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

# What stands for a name, as in test/pgtap/ROOM or OLD--NEW.sql.
my $STANDS_FOR_ONE = qr/(?<![a-z])(?:X|[A-Z]{3,})(?![a-z])/;

# Files by their path from the top, or as ROOM/FILE.c below src; but for those that a
# page says how to make.
sub check_paths
{
	for my $path (@_)
	{
		my $text = Lint::slurp($path) =~ s/^#include .*//gmr;
		my %is_new = map { s{^src/}{}r => 1 } $text =~ /^`([^`\n]+)`:$/gm;
		while ($text =~ m{(?<![\w./-])((?:src|sql|test|scripts|doc)/[\w./-]*\.[a-z]+|(?:core/)?\w+/\w+\.[ch])\b}g)
		{
			my $file = $1;
			Lint::report($path, Lint::line_at($text, $-[0]), "names $file, which is not there")
				unless $file =~ $STANDS_FOR_ONE || $is_new{ $file =~ s{^src/}{}r } || -e $file || -e "src/$file";
		}
	}
	return;
}

my $what = shift @ARGV;
my @files = Lint::files();
if ($what eq 'settings') { check_words(\@files, qr/"(gaiops\.\w+)",/, $OPERATIONS, $REFERENCE) }
elsif ($what eq 'functions') { check_words(\@files, qr/^CREATE (?:OR REPLACE )?FUNCTION pg_catalog\.(gaiops_\w+)/m, $REFERENCE) }
elsif ($what eq 'sqlstates') { check_words(\@files, qr/MAKE_SQLSTATE\('(.)', *'(.)', *'(.)', *'(.)', *'(.)'\)/, $REFERENCE) }
elsif ($what eq 'rooms') { check_rooms(@files) }
elsif ($what eq 'links') { check_links(@files) }
elsif ($what eq 'paths') { check_paths(@files) }
else { die "documented: no check \"$what\"\n" }
Lint::done();
