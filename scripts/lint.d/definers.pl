# definers WHAT: what runs as the owner of the extension.
#
#   types  a function that is SECURITY DEFINER, that gaiops_enter() runs as the owner
#          (gaiops.inner_…), or that a statement of our C calls, takes built-in types
#          only: a value of a user's own type is converted by that user's own cast. And
#          whatever these and our triggers call takes no value whose type its caller
#          chooses, but for a few functions that convert nothing.
use strict;
use warnings;

use Lint;

# Of no user's making; those of the extension itself that are neither composite
# nor a domain can be added.
my $BUILT_IN = qr/^(?:text|name|uuid|oid|regclass|bytea|jsonb?|boolean|integer|bigint|numeric|double\ precision
	|timestamptz|timestamp\ with\ time\ zone|date|interval|internal|gaiops\.(?:ordered_json|latency_histogram))(?:\[\])?$/x;
my $POLYMORPHIC = qr/^(?:any(?:element|array|nonarray|enum|range|multirange|compatible\w*)|"any"|record)$/;
# They look whether there is a value.
my %HARMLESS = map { $_ => 1 } qw(gaiops.check_given gaiops.check_elements);

# The arguments that go in, each as its name and its type.
sub arguments_of
{
	my ($text) = @_;
	my @arguments;

	foreach my $argument (Lint::split_top($text, ',', "'"))
	{
		next if $argument !~ /\S/ || $argument =~ /^\s*OUT\s/i;
		my ($name, $type) = $argument =~ /^\s*(?:INOUT\s+|IN\s+|VARIADIC\s+)?("[^"]+"|\w+)\s+(\S.*?)(?:\s+DEFAULT\b.*)?\s*$/si;
		push @arguments, [ $name, $type =~ s/\s+/ /gr ] if defined $type;
	}
	return @arguments;
}

# Every function of a file: its name, line, arguments and the rest of its statement.
sub functions
{
	my ($path) = @_;
	my $text = Lint::bare_sql(Lint::slurp($path));
	my @functions;

	while ($text =~ /^CREATE (?:OR REPLACE )?FUNCTION ([\w.]+)\(/mg)
	{
		my ($name, $start) = ($1, pos $text);
		my $arguments = join ',', Lint::split_top(substr($text, $start), ',', "'");
		my $rest = substr($text, $start + length $arguments);
		my ($head, $body) = $rest =~ /^\)(.*?)(?:AS \$\$(.*?)\$\$;|;\n)/s;

		push @functions, {
			path => $path, line => Lint::line_at($text, $start), name => $name,
			arguments => [ arguments_of($arguments) ],
			is_owners => ($head =~ /SECURITY DEFINER/ || $name =~ /^gaiops\.inner_/ ? 1 : 0),
			is_trigger => ($head =~ /^\s*RETURNS (?:event_)?trigger\b/ ? 1 : 0), body => $body // $head };
	}
	return @functions;
}

# The names of functions that a text calls.
sub called
{
	my ($text) = @_;
	return $text =~ /\b((?:gaiops|pg_catalog)\.\w+)\(/g;
}

# The names of functions that the strings in a file of C call: statements on our own
# tables, which the owner runs.
sub called_by_c
{
	my ($path) = @_;
	return map { called($_) } Lint::bare_c(Lint::slurp($path)) =~ /"((?:\\.|[^"\\\n])*)"/g;
}

# The functions that run as the owner, and all that they call.
sub owners
{
	my (@functions) = @_;
	my %named;
	my %seen;

	push @{ $named{ $_->{name} } }, $_ foreach @functions;
	my @todo = grep { $_->{is_owners} || $_->{is_trigger} } @functions;
	while (my $function = shift @todo)
	{
		next if $seen{$function}++;
		$function->{runs_as_owner} = 1;
		push @todo, map { @{ $named{$_} // [] } } called($function->{body});
	}
	return grep { $_->{runs_as_owner} } @functions;
}

my $what = shift @ARGV;
die "definers: no check \"$what\"\n" unless $what eq 'types';
my @files = Lint::files();
my %by_c = map { $_ => 1 } map { called_by_c($_) } grep { /\.c$/ } @files;
my @functions = map { functions($_) } grep { /\.sql$/ } @files;
die "definers: no function found\n" unless @functions && %by_c;
$_->{is_owners} ||= $by_c{ $_->{name} } foreach @functions;
foreach my $function (owners(@functions))
{
	foreach my $argument (@{ $function->{arguments} })
	{
		my ($name, $type) = @$argument;

		Lint::report($function->{path}, $function->{line}, "$function->{name} runs as the owner and takes a value of type $type")
			if $function->{is_owners} && $type !~ $BUILT_IN;
		Lint::report($function->{path}, $function->{line}, "$function->{name} may run as the owner and takes \"$name\", whose type its caller chooses")
			if $type =~ $POLYMORPHIC && !$HARMLESS{ $function->{name} };
	}
}
Lint::done();
