# The examples of the documentation: every block of SQL is run, in order, in one
# session per page, in a database where what `make demo` runs was run before.  A page
# that is in parts counts as one, of the parts in the order of its links.
#
# A block in a fence of its own right behind one of SQL is what psql then says:
#
#   - Without one, the SQL must give no error and no warning.
#   - Lines that begin with ERROR:, WARNING: or NOTICE: are messages: every one that
#     comes has to be there. DETAIL:, HINT: and CONTEXT: may be left out.
#   - The rest is the output, without row counts. An ellipsis stands for any text
#     in a line, and on a line of its own for any lines.
#   - Widths of columns do not count.
#
# Besides, the reference has to have a section for every function, which names its
# arguments, and a row for every setting, SQLSTATE and class of failure.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/../lib";
use GaiopsTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $root = "$FindBin::Bin/../..";
my $severity = qr/^(?:ERROR|WARNING|NOTICE):/;
my $message = qr/^(?:ERROR|WARNING|NOTICE|DETAIL|HINT|CONTEXT):/;

sub read_page
{
	my ($page) = @_;

	open my $file, '<:encoding(UTF-8)', "$root/$page" or die "$page: $!";
	local $/;
	return scalar <$file>;
}

# A page and its parts: doc/X.md and doc/X/*.md.
sub parts
{
	my ($page) = @_;
	my ($name) = $page =~ m{(\w+)\.md$};
	my %seen;

	return $page, map { "doc/$_" } grep { !$seen{$_}++ } read_page($page) =~ m{\]\((\Q$name\E/\w+\.md)}g;
}

# The blocks of SQL of a page, each with its place and what it is to say, if told.
sub examples
{
	my ($page) = @_;
	my (@examples, $fence, $answers);
	my $number = 0;

	foreach (split /\n/, read_page($page))
	{
		$number++;
		if (!defined $fence && /^```(\w*)$/)
		{
			$fence = $1;
			push @examples, { place => "$page, line $number", sql => '' } if $fence eq 'sql';
			$examples[-1]{expected} = '' if $fence eq '' && $answers;
		}
		elsif (defined $fence && /^```$/)
		{
			$answers = $fence eq 'sql';
			undef $fence;
		}
		elsif (defined $fence && $fence eq 'sql')
		{
			$examples[-1]{sql} .= "$_\n";
		}
		elsif (defined $fence && $fence eq '' && $answers)
		{
			$examples[-1]{expected} .= "$_\n";
		}
		elsif (/\S/)
		{
			$answers = 0;
		}
	}
	return @examples;
}

# What psql says to each example: (its output, its messages).
sub run_examples
{
	my ($node, $db, $edit, @examples) = @_;
	my $script = "\\pset format aligned\n\\pset tuples_only off\n\\pset footer off\n";

	$script .= "\\echo \@\@example\n\\warn \@\@example\n" . $edit->($_->{sql})
	  foreach @examples;
	utf8::encode($script);
	my ($rc, $out, $err) = $node->psql($db, $script, on_error_stop => 0);
	utf8::decode($out);
	utf8::decode($err);
	$err =~ s/^psql:<stdin>:\d+: //mg;
	my (undef, @outputs) = split /^\@\@example$/m, $out;
	my (undef, @messages) = split /^\@\@example$/m, $err;
	return map { [ $outputs[$_] // '', $messages[$_] // '' ] } 0 .. $#examples;
}

# A line without what depends on the widths of columns.
sub plain
{
	my ($line) = @_;

	$line =~ s/^(-\[ RECORD \d+ \])[-+]*$/$1/;
	$line =~ s/^[-+]+$/-/;
	$line =~ s/\s+/ /g;
	$line =~ s/^ | $//g;
	return $line;
}

sub plain_lines { return grep { $_ ne '' } map { plain($_) } split /\n/, $_[0]; }

# What is expected of a line, as a pattern.
sub pattern { return join '[^\n]*', map { quotemeta } split /…/, $_[0], -1; }

# Whether lines are as expected.
sub is_output
{
	my ($lines, $expected) = @_;
	my $whole = join '', map { $_ eq '…' ? '(?:.*\n)*' : pattern($_) . "\n" } @$expected;

	return join('', map { "$_\n" } @$lines) =~ /^$whole\z/;
}

# Whether messages are as expected.
sub are_messages
{
	my ($lines, $expected) = @_;
	my @expected = @$expected;

	foreach my $line (@$lines)
	{
		my $pattern = @expected ? pattern($expected[0]) : undef;

		if (defined $pattern && $line =~ /^$pattern$/)
		{
			shift @expected;
		}
		elsif ($line =~ /$severity/)
		{
			return 0;
		}
	}
	return !@expected;
}

sub example_ok
{
	my ($example, $out, $err) = @_;
	my $expected = $example->{expected} // '';
	my @lines = plain_lines($expected);
	my @messages = grep { /$message/ } @lines;
	my @output = grep { !/$message/ } @lines;
	my $is_ok = are_messages([ plain_lines($err) ], \@messages)
	  && (!@lines || is_output([ plain_lines($out) ], \@output));
	my $report = "said:\n$out$err\nexpected:\n"
	  . ($example->{expected} // 'no error and no warning');

	utf8::encode($report);
	ok($is_ok, $example->{place}) or diag($report);
	return;
}

sub page_ok
{
	my ($node, $edit, $page) = @_;
	my ($db) = $page =~ m{(\w+)\.md$};
	my @examples = map { examples($_) } parts($page);
	my $walk = qx("$root/scripts/walk" "$root/README.md" 2);

	cmp_ok(scalar @examples, '>', 0, "$page has examples");
	$node->safe_psql('postgres', "CREATE DATABASE $db");
	$node->safe_psql($db, $edit->($walk));
	my @said = run_examples($node, $db, $edit, @examples);
	example_ok($examples[$_], @{ $said[$_] }) foreach 0 .. $#examples;
	return;
}

sub functions_ok
{
	my ($node, $reference) = @_;
	my $functions = $node->safe_psql('reference', <<'END');
SELECT p.proname || ' ' || array_to_string(p.proargnames[1:p.pronargs], ' ')
FROM pg_proc AS p JOIN pg_depend AS d ON d.objid = p.oid AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e'
WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proname ~ '^gaiops_'
ORDER BY 1
END
	foreach (split /\n/, $functions)
	{
		my ($name, @arguments) = split / /;
		my ($section) = $reference =~ /^### `?\Q$name\E`?\n(.*?)(?=^##)/ms;
		my @missing = grep { ($section // '') !~ /\b\Q$_\E\b/ } @arguments;
		ok(defined $section && !@missing, "the reference has $name")
		  or diag(defined $section ? "without: @missing" : 'not at all');
	}
	return;
}

sub names_ok
{
	my ($reference, $what, @names) = @_;
	my @missing = grep { $reference !~ /^\| `\Q$_\E` \|/m } @names;

	cmp_ok(scalar @names, '>', 0, "there is a $what");
	is("@missing", '', "the reference has every $what");
	return;
}

sub reference_ok
{
	my ($node) = @_;
	my $reference = join "\n", (map { read_page($_) } parts('doc/reference.md')), '## ';
	my $settings = slurp_file("$root/src/base/settings.c");
	my $codes = slurp_file("$root/src/base/errors.h");
	my $classes = slurp_file("$root/src/base/errors.c");

	functions_ok($node, $reference);
	names_ok($reference, 'setting', $settings =~ /"(gaiops\.\w+)"/g);
	names_ok($reference, 'SQLSTATE',
		map { s/[',]//gr } $codes =~ /MAKE_SQLSTATE\(([^)]*)\)/g);
	names_ok($reference, 'class of failure', $classes =~ /\[FAILURE_\w+\] = \{"(\w+)"/g);
	return;
}

my $model = model_server(port => 4010);
my $node = gaiops_node('examples', extension => 0, conf => 'wal_level = logical');
my $edit = sub { return $_[0] =~ s/127\.0\.0\.1:4010/'127.0.0.1:' . $model->port/ger; };

page_ok($node, $edit, $_)
  foreach qw(doc/datasets.md doc/evaluation.md doc/feedback.md doc/from-tools.md doc/gateways.md doc/guide.md doc/judges.md
	doc/prompts.md doc/reference.md doc/runs.md doc/scorecard.md doc/security.md doc/tables.md);
reference_ok($node);

done_testing();
