# symbols INSTALL-SCRIPTS SOURCES: reads the symbols that the library exports.
# They are the functions that SQL refers to, each with its description, and what
# the server and its background workers look up by name; and none is missing.
use strict;
use warnings;

use Lint;

my %exported = map { chomp; ($_ => 1) } <STDIN>;
my (%wanted, %from_sql);

for my $path (@ARGV)
{
	my $text = Lint::slurp($path);
	if ($path =~ /\.sql$/)
	{
		$from_sql{$_} = $path for $text =~ /'MODULE_PATHNAME'\s*,\s*'(\w+)'/g;
		next;
	}
	my $bare = Lint::bare_c($text);
	$wanted{$_} = $path for $bare =~ /\bbgw_function_name\s*,\s*"(\w+)"/g;
	$wanted{$_} = $path for $bare =~ /"(gaiops_\w+_main)"/g;
}
die "no functions found in the install script\n" unless %from_sql;
$wanted{$_} = 'the server' for qw(_PG_init Pg_magic_func);
for my $function (keys %from_sql)
{
	$wanted{$function} = $from_sql{$function};
	$wanted{"pg_finfo_$function"} = $from_sql{$function};
}
for my $symbol (sort keys %exported)
{
	Lint::report('genaiops.so', undef, "exports $symbol, which nothing asks for") unless $wanted{$symbol};
}
for my $symbol (sort keys %wanted)
{
	Lint::report('genaiops.so', undef, "lacks $symbol, which $wanted{$symbol} asks for") unless $exported{$symbol};
}
Lint::done();
