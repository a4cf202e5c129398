# layout WHAT: who may include what in src.
#
#   rooms      a file includes what is of its own room or of one to its left, and
#              core knows nothing but the C library
#   doors      NAME_functions.c alone has functions that SQL calls, and nobody
#              includes it; base names of .c files are unique
#   circles    files (a .c and its .h) do not include each other in a circle
#   sql        SQL, also that in strings of C, uses what is made by its own room or by one
#              to its left, in SQL or in C; rooms list the rights of what they make
#   libraries  one file each knows curl, json-c, sodium, unistring, zlib and the server's
#              version, and there is no library besides
#   tests      tests of pgTAP, unit tests and pages of the reference are in rooms, too
#   inits      src/genaiops.c calls the rooms' NAME_init() in their order, and none is forgotten
#   headers    postgres.h is first, headers have guards, includes are in order
use strict;
use warnings;

use File::Basename;
use Lint;
use Rooms;

# What src/core may have besides its own: the C library.
my %C_LIBRARY = map { $_ => 1 } qw(
	arpa/inet.h ctype.h errno.h float.h inttypes.h limits.h math.h netinet/in.h
	stdalign.h stdarg.h stdbool.h stddef.h stdint.h stdio.h stdlib.h string.h
	strings.h time.h);

# What the other rooms may have besides that: the system.
my $SYSTEM = qr{^(?:fcntl|netdb|poll|pthread|signal|unistd|(?:netinet|sys)/\w+)\.h$};

# What belongs to no room: where the library is loaded, and what all but core may use.
my %NO_ROOM = map { $_ => 1 } qw(src/genaiops.c src/former.c src/compat.h);

# Where a library, or the version of the server, is asked for.
my %ONLY_IN = (
	'<curl/' => 'src/http/http_transfer.h',
	'<json-c/' => 'src/core/json/json.c',
	'<sodium' => 'src/secrets/secrets.c',
	'<zlib.h>' => 'src/core/wire/http_unzip.c',
	'<unicase.h>' => 'src/core/text/unicode.c',
	'<uninorm.h>' => 'src/core/text/unicode.c',
	'<unictype.h>' => 'src/core/text/unicode.c',
	PG_VERSION_NUM => 'src/compat.h',
	PG_MAJORVERSION_NUM => 'src/compat.h');

# The includes of a file, each with its line, its delimiter and its name.
sub includes
{
	my ($path) = @_;
	my ($number, @includes) = (0);
	for my $line (split /\n/, Lint::bare_c(Lint::slurp($path)))
	{
		$number++;
		push @includes, { line => $number, mark => $1, name => $2 }
			if $line =~ /^\s*#\s*include\s*([<"])([^>"]+)[>"]/;
	}
	return @includes;
}

sub is_ours { return $_[0]{mark} eq '"' && -e "src/$_[0]{name}" }

sub is_core { return $_[0] =~ m{^src/core/} }

# Whether a header is of a library that one of our files may know.
sub is_library
{
	my ($include) = @_;
	return scalar grep { index("<$include->{name}>", $_) == 0 } keys %ONLY_IN;
}

# What is wrong with one of our headers being included in a file; undef if nothing.
sub problem_of
{
	my ($path, $name) = @_;
	my ($room, $other) = (Rooms::of($path), Rooms::of("src/$name"));
	return is_core($path) ? 'is no part of core' : undef unless defined $other;
	return unless defined $room && $room ne $other;
	return "is of room $other, which is to the right of $room" unless Rooms::may_use($room, $other);
	return "is private to room $other" unless Rooms::is_public($other, $name);
	return;
}

# What is wrong with what is none of our headers, or not named as one; undef if nothing.
sub problem_of_other
{
	my ($path, $include) = @_;
	my $name = $include->{name};
	return 'is to be named as it is below src' if $name =~ m{\.\.} || -e dirname($path) . "/$name" || -e "src/$name";
	return if $C_LIBRARY{$name} || is_library($include);
	return 'is not of the C library, and this is core' if is_core($path);
	return $name =~ $SYSTEM ? undef : 'is of a library that nobody here may know' if $include->{mark} eq '<';
	return defined Rooms::of("src/$name") ? 'is not there' : undef;
}

# Headers that other rooms include.
my %entered;

sub check_rooms
{
	my ($path) = @_;
	Lint::report($path, undef, 'is in no room') unless defined Rooms::of($path) || $NO_ROOM{$path};
	for my $include (includes($path))
	{
		my $name = $include->{name};
		my $is_ours = is_ours($include);
		my $problem = $is_ours ? problem_of($path, $name) : problem_of_other($path, $include);
		$entered{$name} = 1 if $is_ours && (Rooms::of($path) // '') ne (Rooms::of("src/$name") // '');
		Lint::report($path, $include->{line}, "$name $problem") if defined $problem;
	}
	return;
}

# What is listed as public is used by others.
sub check_public
{
	for my $room (sort keys %Rooms::PUBLIC)
	{
		for my $header (grep { !$entered{$_} } map { "$room/$_.h" } @{ $Rooms::PUBLIC{$room} })
		{
			Lint::report("src/$header", undef, 'is listed as public, and no other room includes it');
		}
	}
	return;
}

# Functions of former versions are in a file of their own.
sub check_doors
{
	my %seen;
	for my $path (grep { /\.c$/ } @_)
	{
		my ($base) = $path =~ m{(\w+)\.c$};
		my $is_door = $base =~ /_functions$/ || $path eq 'src/former.c';
		Lint::report($path, undef, "has the name of $seen{$base}") if $seen{$base};
		$seen{$base} = $path;
		Lint::report($path, undef, 'has functions that SQL calls; these belong in a file NAME_functions.c')
			if !$is_door && Lint::bare_c(Lint::slurp($path)) =~ /\bPG_FUNCTION_INFO_V1\s*\(\s*gaiops/;
		Lint::report($path, undef, 'has a header; nobody may include it')
			if $is_door && -e $path =~ s/c$/h/r;
	}
	for my $path (@_)
	{
		Lint::report($path, $_->{line}, "includes $_->{name}, which is no header")
			for grep { $_->{name} !~ /\.h$/ } includes($path);
	}
	return;
}

# ---- SQL ----

my $NAME = qr/\b(gaiops(?:_partitions|_private)?\.\w+|pg_catalog\.gaiops_\w+)/;

# Statements among the strings of C, in their lines.
sub statements
{
	my ($path) = @_;
	my $piece = qr/'(?:\\.|[^'\\\n])*'|(?:"(?:\\.|[^"\\\n])*"\s*)+|[^"']+/;
	return join '', map { /^"\s*(?:SELECT|WITH|INSERT|UPDATE|DELETE|LOCK)\b/ ? $_ : Lint::blank($_) }
		Lint::bare_c(Lint::slurp($path)) =~ /$piece/g;
}

# SQL without what only people read.
sub told
{
	my ($path) = @_;
	return statements($path) if $path =~ /\.c$/;
	return Lint::bare_sql(Lint::slurp($path)) =~ s{^COMMENT ON .*?\sIS\s+(?:'(?:[^']|'')*'\s*)+;}{ Lint::blank($&) }gmser;
}

# What a file makes: functions, relations, types.
sub made_in
{
	my ($text) = @_;
	return grep { defined }
		$text =~ /^CREATE (?:SCHEMA (\w+)|(?:OR REPLACE )?(?:FUNCTION|AGGREGATE|TABLE|VIEW|TYPE|SEQUENCE|DOMAIN) $NAME)/gm;
}

# The rooms of the functions in C.
sub rooms_of_symbols
{
	my %room_of;
	for my $path (glob('src/*/*_functions.c'))
	{
		$room_of{$_} = Rooms::of($path) for Lint::slurp($path) =~ /^PG_FUNCTION_INFO_V1\((\w+)\)/gm;
	}
	die "C has no functions\n" unless %room_of;
	return %room_of;
}

# A list of rights has what its own room makes, each once.
sub check_rights
{
	my ($path, %room_of) = @_;
	my ($number, %seen) = (0);
	for my $line (split /\n/, Lint::slurp($path))
	{
		$number++;
		my ($name) = grep { defined } $line =~ /^(?:viewer|user|proxy|admin|none) +(?:(?:schema|relation|sequence|type) +([a-z0-9_.]+)|function +([a-z0-9_.]+)\(\))$/;
		if (!defined $name) { Lint::report($path, $number, 'is not a right, a kind and a name') }
		elsif ($seen{$line}++) { Lint::report($path, $number, "$name is listed twice") }
		elsif (($room_of{$name} // 'none') ne Rooms::of($path))
		{
			Lint::report($path, $number, "$name is of room " . ($room_of{$name} // 'none'));
		}
	}
	return;
}

sub check_sql
{
	my %room_of = rooms_of_symbols();
	my %text_of = map { $_ => told($_) } grep { !/\.list$/ && defined Rooms::of($_) } @_;
	for my $path (grep { !defined Rooms::of($_) && m{^sql/.*/} } @_)
	{
		Lint::report($path, undef, 'is in no room');
	}
	my @scripts = grep { /\.sql$/ } keys %text_of;
	die "SQL makes nothing\n" unless @scripts;
	for my $path (@scripts)
	{
		$room_of{$_} //= Rooms::of($path) for made_in($text_of{$path});
	}
	check_rights($_, %room_of) for grep { /\.list$/ && defined Rooms::of($_) } @_;
	for my $path (sort keys %text_of)
	{
		my ($room, $text) = (Rooms::of($path), $text_of{$path});
		while ($text =~ /$NAME|'MODULE_PATHNAME',\s*'(\w+)'/g)
		{
			my $name = $1 // $2;
			my $other = $room_of{$name};
			Lint::report($path, Lint::line_at($text, $-[0]), "$name is of room $other, which is to the right of $room")
				if defined $other && !Rooms::may_use($room, $other);
		}
	}
	return;
}

sub check_libraries
{
	my ($path) = @_;
	my $number = 0;
	for my $line (split /\n/, Lint::bare_c(Lint::slurp($path)))
	{
		$number++;
		for my $word (sort keys %ONLY_IN)
		{
			Lint::report($path, $number, "$word belongs in $ONLY_IN{$word} alone")
				if index($line, $word) >= 0 && $path ne $ONLY_IN{$word};
		}
	}
	return;
}

# Unit tests are of core; json_c is about a library.
sub check_tests
{
	my ($path) = @_;
	my ($room) = $path =~ m{^test/unit/(\w+)/} ? "core/$1" : $path =~ m{^(?:test/pgtap|doc/\w+)/(\w+)[./]};
	Lint::report($path, undef, 'is in no room') unless $room eq 'core/json_c' || defined Rooms::of("src/$room/");
	return;
}

# The functions NAME_init() that headers declare, each with the room of its header.
sub inits
{
	my %room_of;
	for my $path (grep { /\.h$/ } @_)
	{
		$room_of{$_} = Rooms::of($path) for Lint::slurp($path) =~ /^extern void (\w+_init)\(void\);/gm;
	}
	return %room_of;
}

# What is called in a room's own file is that room's business.
sub check_inits
{
	my %room_of = inits(@_);
	my ($last, %called);
	for my $path (grep { /\.c$/ } @_)
	{
		my $text = Lint::bare_c(Lint::slurp($path));
		while ($text =~ /^\t+(\w+_init)\(\);/gm)
		{
			my ($name, $line) = ($1, Lint::line_at($text, $-[1]));
			$called{$name} = 1;
			next unless $path eq 'src/genaiops.c' && defined $room_of{$name};
			Lint::report($path, $line, "calls $name() of room $room_of{$name} after $last()")
				if defined $last && !Rooms::may_use($room_of{$name}, $room_of{$last});
			$last = $name;
		}
	}
	Lint::report('src/genaiops.c', undef, "does not have $_() called") for grep { !$called{$_} } sort keys %room_of;
	return;
}

sub stem_of
{
	my ($path) = @_;
	$path =~ s{^src/}{};
	$path =~ s{\.[ch]$}{};
	return $path;
}

# Walks from a file and reports the first circle met, once.
sub walk
{
	my ($leads_to, $state, @way) = @_;
	my $stem = $way[-1];
	$state->{$stem} = 'open';
	for my $next (sort keys %{ $leads_to->{$stem} })
	{
		if (($state->{$next} // '') eq 'open')
		{
			my ($begin) = grep { $way[$_] eq $next } 0 .. $#way;
			Lint::report("src/$next", undef, 'circle: ' . join(' -> ', @way[ $begin .. $#way ], $next));
		}
		walk($leads_to, $state, @way, $next) unless $state->{$next};
	}
	$state->{$stem} = 'closed';
	return;
}

sub check_circles
{
	my (%leads_to, %state);
	for my $path (@_)
	{
		my $stem = stem_of($path);
		$leads_to{$stem} //= {};
		for my $include (grep { is_ours($_) } includes($path))
		{
			my $other = stem_of($include->{name});
			$leads_to{$stem}{$other} = 1 if $other ne $stem;
		}
	}
	for my $stem (sort keys %leads_to)
	{
		walk(\%leads_to, \%state, $stem) unless $state{$stem};
	}
	return;
}

# Within a block of lines without a gap, includes are in alphabetical order.
sub check_order
{
	my ($path, @includes) = @_;
	for my $i (1 .. $#includes)
	{
		my ($one, $two) = @includes[ $i - 1, $i ];
		Lint::report($path, $two->{line}, "$two->{name} belongs before $one->{name}")
			if $two->{line} == $one->{line} + 1
			&& $one->{mark} eq $two->{mark}
			&& $one->{name} gt $two->{name};
	}
	return;
}

sub check_first
{
	my ($path, $first) = @_;
	my $name = defined $first ? $first->{name} : 'nothing';
	my $wanted = 'postgres.h';
	if (is_core($path))
	{
		($wanted = $path) =~ s{^src/(.*)\.c$}{$1.h};
		return unless -e "src/$wanted";
	}
	Lint::report($path, defined $first ? $first->{line} : 1, "includes $name first, not $wanted")
		if $name ne $wanted;
	return;
}

my %guards;

# The guard is named after the file, and is no other file's.
sub check_guard
{
	my ($path) = @_;
	my $text = Lint::bare_c(Lint::slurp($path));
	my $base = uc(($path =~ m{(\w+)\.h$})[0]);
	my ($guard) = $text =~ /\A\s*#ifndef (GAIOPS_(?:\w+_)?${base}_(?:\w+_)?H)\n#define \1\n.*\n#endif\s*\z/s;
	if (!defined $guard) { Lint::report($path, undef, "is not guarded by GAIOPS_${base}_H") }
	elsif ($guards{$guard}) { Lint::report($path, undef, "has the guard of $guards{$guard}") }
	else { $guards{$guard} = $path }
	return;
}

sub check_headers
{
	my ($path) = @_;
	my @includes = includes($path);
	check_order($path, @includes);
	if ($path =~ /\.c$/)
	{
		check_first($path, $includes[0]);
		return;
	}
	check_guard($path);
	for my $include (@includes)
	{
		Lint::report($path, $include->{line}, 'headers do not include postgres.h')
			if $include->{name} eq 'postgres.h';
	}
	return;
}

my $what = shift @ARGV;
my @files = Lint::files();
if ($what eq 'rooms') { check_rooms($_) for @files; check_public() }
elsif ($what eq 'doors') { check_doors(@files) }
elsif ($what eq 'circles') { check_circles(@files) }
elsif ($what eq 'sql') { check_sql(@files) }
elsif ($what eq 'libraries') { check_libraries($_) for @files }
elsif ($what eq 'tests') { check_tests($_) for @files }
elsif ($what eq 'inits') { check_inits(@files) }
elsif ($what eq 'headers') { check_headers($_) for @files }
else { die "layout: no check \"$what\"\n" }
Lint::done();
