# shapes columns: reads the names of the sources in C and of the SQL that makes tables. A
# row of a record is matched to its table's columns by name, and what has none is left
# out in silence. So each column of a shape is in its table, of its type, and each
# column that has to have a value is in the shape.
use strict;
use warnings;

use Lint;

my %SQL_TYPE_OF = (
	BOOLOID => 'boolean', BYTEAOID => 'bytea', FLOAT8OID => 'double precision', INETOID => 'inet',
	OIDOID => 'oid', INT4OID => 'integer', INT8OID => 'bigint', INT4ARRAYOID => 'integer[]', INT8ARRAYOID => 'bigint[]',
	JSONOID => 'json', JSONBOID => 'jsonb', NAMEOID => 'name', NUMERICOID => 'numeric', TEXTOID => 'text',
	TIMESTAMPTZOID => 'timestamptz', UUIDOID => 'uuid');

# Lists of columns, by the names of their macros: the text, and the parameter that
# names the shape.
sub lists_in
{
	my ($text) = @_;
	my %lists;
	$text =~ s/\\\n//g;
	while ($text =~ /^#define (\w+_COLUMNS)\(X(?:, (\w+))?\)(.*)$/gm)
	{
		$lists{$1} = { parameter => $2, text => $3 };
	}
	return %lists;
}

# The columns of a list, with those of lists within it: names and types.
sub columns_of
{
	my ($lists, $name) = @_;
	my $list = $lists->{$name} // die "there is no list $name\n";
	my $text = $list->{text} =~ s{(\w+_COLUMNS)\(X, \w+\)}{ $lists->{$1}{text} }ger;
	return $text =~ /\bX\(\w+, (\w+), (\w+)\)/g;
}

# Tables that SQL makes, by name: type and whether it must have a value, by column.
sub tables_in
{
	my ($text) = @_;
	my %tables;
	while ($text =~ /^CREATE TABLE gaiops\.(\w+) \(\n(.*?)^\)/gms)
	{
		my ($table, $body) = ($1, $2);
		while ($body =~ /^\t(\w+)\s+(double precision|[a-z0-9]+(?:\[\])?)([^\n]*)/gm)
		{
			my ($column, $type, $rest) = ($1, $2, $3);
			$tables{$table}{$column} =
				{ type => $type, needed => $rest =~ /NOT NULL|PRIMARY KEY/ && $rest !~ /DEFAULT|GENERATED/ };
		}
	}
	return %tables;
}

sub check_shape
{
	my ($path, $table, $columns, %types) = @_;
	for my $name (sort keys %types)
	{
		my $wanted = $SQL_TYPE_OF{ $types{$name} } // $types{$name};
		if (!$columns->{$name}) { Lint::report($path, undef, "gaiops.$table has no column $name") }
		elsif ($columns->{$name}{type} ne $wanted)
		{
			Lint::report($path, undef, "gaiops.$table.$name has type $columns->{$name}{type}, not $wanted");
		}
	}
	for my $name (grep { $columns->{$_}{needed} && !$types{$_} } sort keys %$columns)
	{
		Lint::report($path, undef, "gaiops.$table.$name must have a value, and the shape has no such column");
	}
	return;
}

my (%lists, %tables, %text_of);
for my $path (Lint::files())
{
	$text_of{$path} = $path =~ /\.sql$/ ? Lint::bare_sql(Lint::slurp($path)) : Lint::bare_c(Lint::slurp($path));
	if ($path =~ /\.sql$/) { %tables = (%tables, tables_in($text_of{$path})) }
	else { %lists = (%lists, lists_in($text_of{$path})) }
}
my $nshapes = 0;
for my $path (grep { /\.c$/ } sort keys %text_of)
{
	my %list_of = $text_of{$path} =~ /^static const RecordColumn (\w+)\[\] = \{(\w+)\(RECORD_COLUMN\)\};/gm;
	while ($text_of{$path} =~ /^RecordShape \w+ = \{\s*\.table = "(\w+)",\s*\.columns = (\w+),/gm)
	{
		my ($table, $columns) = ($1, $tables{$1});
		$nshapes++;
		if ($columns) { check_shape($path, $table, $columns, columns_of(\%lists, $list_of{$2} // $2)) }
		else { Lint::report($path, undef, "there is no table gaiops.$table") }
	}
}
die "no shapes found\n" unless $nshapes;
print "$nshapes shapes\n";
Lint::done();
