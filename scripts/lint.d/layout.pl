# layout WHAT: who may include what in src.
#
#   floors     core < engine < api, and core knows nothing but the C library
#   rooms      rooms (a .c and its .h) do not include each other in a circle
#   libraries  one file each knows curl, json-c, sodium, unistring, zlib and the server's version
#   headers    postgres.h is first, headers have guards, includes are in order
use strict;
use warnings;

use Lint;

my %FLOOR = (core => 1, compat => 2, engine => 2, api => 3, door => 4);

# What src/core may have besides its own: the C library.
my %C_LIBRARY = map { $_ => 1 } qw(
	arpa/inet.h ctype.h errno.h float.h inttypes.h limits.h math.h netinet/in.h
	stdalign.h stdarg.h stdbool.h stddef.h stdint.h stdio.h stdlib.h string.h
	strings.h time.h);

# Where a library, or the version of the server, is asked for.
my %ONLY_IN = (
	'<curl/' => 'src/engine/http.c',
	'<json-c/' => 'src/core/json.c',
	'<sodium' => 'src/engine/secrets.c',
	'<zlib.h>' => 'src/core/http_unzip.c',
	'<unicase.h>' => 'src/core/unicode.c',
	'<unictype.h>' => 'src/core/unicode.c',
	PG_VERSION_NUM => 'src/compat.h',
	PG_MAJORVERSION_NUM => 'src/compat.h');

sub floor_of
{
	my ($path) = @_;
	return $1 if $path =~ m{^src/(core|engine|api)/};
	return $path eq 'src/compat.h' ? 'compat' : 'door';
}

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

sub check_floors
{
	my ($path) = @_;
	my $floor = floor_of($path);
	for my $include (includes($path))
	{
		my $name = $include->{name};
		if (is_ours($include))
		{
			my $other = floor_of("src/$name");
			Lint::report($path, $include->{line}, "$floor includes $name, which is above it")
				if $FLOOR{$other} > $FLOOR{$floor};
		}
		elsif ($floor eq 'core' && !$C_LIBRARY{$name} && $name !~ m{^(?:json-c/|unicase\.h$|unictype\.h$|zlib\.h$)})
		{
			Lint::report($path, $include->{line}, "core includes $name, which is not of the C library");
		}
		elsif ($include->{mark} eq '"' && $name =~ m{^(core|engine|api)/})
		{
			Lint::report($path, $include->{line}, "there is no $name");
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

sub room_of
{
	my ($path) = @_;
	$path =~ s{^src/}{};
	$path =~ s{\.[ch]$}{};
	return $path;
}

# Walks from a room and reports the first circle met, once.
sub walk
{
	my ($leads_to, $state, @way) = @_;
	my $room = $way[-1];
	$state->{$room} = 'open';
	for my $next (sort keys %{ $leads_to->{$room} })
	{
		if (($state->{$next} // '') eq 'open')
		{
			my ($begin) = grep { $way[$_] eq $next } 0 .. $#way;
			Lint::report("src/$next", undef, 'circle: ' . join(' -> ', @way[ $begin .. $#way ], $next));
		}
		walk($leads_to, $state, @way, $next) unless $state->{$next};
	}
	$state->{$room} = 'closed';
	return;
}

sub check_rooms
{
	my (%leads_to, %state);
	for my $path (@_)
	{
		my $room = room_of($path);
		$leads_to{$room} //= {};
		for my $include (grep { is_ours($_) } includes($path))
		{
			my $other = room_of($include->{name});
			$leads_to{$room}{$other} = 1 if $other ne $room;
		}
	}
	for my $room (sort keys %leads_to)
	{
		walk(\%leads_to, \%state, $room) unless $state{$room};
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
	if (floor_of($path) eq 'core')
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
if ($what eq 'rooms') { check_rooms(@files) }
elsif ($what eq 'floors') { check_floors($_) for @files }
elsif ($what eq 'libraries') { check_libraries($_) for @files }
elsif ($what eq 'headers') { check_headers($_) for @files }
else { die "layout: no check \"$what\"\n" }
Lint::done();
