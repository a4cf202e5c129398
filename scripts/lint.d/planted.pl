# planted: whether lint finds what it is for. Makes a small tree in which there is
# nothing to find, has scripts/lint say so, then plants one breach after the other,
# and looks for what the very check says of it.
use strict;
use warnings;

use File::Basename;
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use Lint;

my $tree = tempdir(CLEANUP => 1);

# What the tree has: a file each that core, base, tracking and chat have, and their pages.
my %SOUND = (
	'src/compat.h' => header('COMPAT'),
	'src/genaiops.c' => c_file() . "void\n_PG_init(void)\n{\n\tstore_init();\n\tspan_init();\n}\n",
	'src/core/text/url.h' => header('URL'),
	'src/core/text/url.c' => "#include \"core/text/url.h\"\n\n#include <string.h>\n",
	'src/base/errors.h' => header('ERRORS') =~ s/\n\n/\n\n#define ERRCODE_SPAN MAKE_SQLSTATE('G', 'A', '0', '0', '1')\n/r,
	'src/base/settings.c' => c_file() . "static const char *const names[] = {\"gaiops.experiment\", NULL};\n",
	'src/base/store.h' => header('STORE') =~ s/\n\n/\n\nextern void store_init(void);\n/r,
	'src/base/store.c' => c_file('base/errors.h', 'base/store.h', 'core/text/url.h'),
	'src/base/private.h' => header('PRIVATE'),
	'src/base/private.c' => c_file('base/private.h'),
	'src/tracking/span_functions.c' => c_file('base/store.h') . "PG_FUNCTION_INFO_V1(gaiops_span);\n",
	'src/tracking/span.h' => header('SPAN') =~ s/\n\n/\n\nextern void span_init(void);\n/r,
	'src/tracking/span.c' => c_file('base/store.h', 'tracking/span.h') . c_function(9, "\tsql = \"SELECT gaiops.inner_span(1)\";"),
	'src/tracking/span_shape.c' => shape_file('TEXTOID'),
	'src/chat/chat_functions.c' => c_file('tracking/span.h') . "PG_FUNCTION_INFO_V1(gaiops_chat);\n",
	'sql/tracking/tables/spans.sql' => "CREATE TABLE gaiops.spans (\n\tspan_id  text NOT NULL\n);\n",
	'sql/tracking/functions/spans.sql' => sql_function('gaiops.inner_span', 'gaiops_span'),
	'sql/base/functions/checks.sql' => sql_body('gaiops.check', 1),
	'sql/tracking/rights.list' => "none function gaiops.inner_span()\n",
	'sql/chat/functions/chat.sql' => sql_function('pg_catalog.gaiops_chat', 'gaiops_chat') . "SELECT gaiops.inner_span(1);\n",
	'doc/operations.md' => "# Operations\n\n`gaiops.experiment`\n",
	'doc/reference.md' => "# Reference\n\n[chat](reference/chat.md#chat), GA001\n",
	'doc/reference/chat.md' => "# Chat\n\n### `gaiops_chat`\n",
	'doc/tables/tracking.md' => "# Tables of tracking\n");

# The headers that rooms of the tree have made public.
my $PUBLIC = 'base => ["store"], tracking => ["span"], "core/text" => ["url"]';

# What is planted: the check, files in place of others, and what is to be said of it.
my @BREACHES = (
	[ 'layout: rooms' => { 'src/base/store.c' => c_file('base/store.h', 'core/text/url.h', 'tracking/span.h') }, qr/to the right of base/ ],
	[ 'layout: rooms' => { 'src/core/text/url.c' => "#include \"core/text/url.h\"\n\n#include \"base/store.h\"\n" }, qr/to the right of core/ ],
	[ 'layout: rooms' => { 'src/core/text/url.c' => "#include \"core/text/url.h\"\n\n#include \"compat.h\"\n" }, qr/is no part of core/ ],
	[ 'layout: rooms' => { 'src/core/text/url.c' => "#include \"core/text/url.h\"\n\n#include <unistd.h>\n" }, qr/not of the C library/ ],
	[ 'layout: rooms' => { 'src/base/store.c' => c_file('core/text/url.h') . "#include <openssl/evp.h>\n" }, qr/is of a library/ ],
	[ 'layout: rooms' => { 'src/base/store.c' => c_file('core/text/url.h', 'base/lost.h') }, qr/is not there/ ],
	[ 'layout: rooms' => { 'src/tracking/span.c' => c_file('base/private.h') }, qr/is private to room base/ ],
	[ 'layout: rooms' => { 'src/tracking/span.c' => c_file('../base/private.h') }, qr/is to be named as/ ],
	[ 'layout: rooms' => { 'src/base/store.c' => c_file('core/text/url.h', 'private.h') }, qr/is to be named as/ ],
	[ 'layout: rooms' => { 'src/base/store.c' => c_file('core/text/url.h') . "#include <tracking/span.h>\n" }, qr/is to be named as/ ],
	[ 'layout: rooms' => { 'src/cellar/rat.c' => c_file() }, qr/is in no room/ ],
	[ 'layout: rooms' => { 'src/rat.c' => c_file() }, qr/is in no room/ ],
	[ 'layout: rooms' => { 'src/chat/chat_functions.c' => c_file() }, qr/no other room includes it/ ],
	[ 'layout: doors' => { 'src/base/private.c' => "PG_FUNCTION_INFO_V1(gaiops_private);\n" }, qr/belong in a file NAME_functions\.c/ ],
	[ 'layout: doors' => { 'src/chat/chat_functions.h' => header('CHAT_FUNCTIONS') }, qr/nobody may include it/ ],
	[ 'layout: doors' => { 'src/chat/chat.c' => c_file('chat/chat_functions.c') }, qr/which is no header/ ],
	[ 'layout: doors' => { 'src/chat/store.c' => c_file() }, qr/has the name of/ ],
	[ 'layout: circles' => { 'src/base/store.h' => header('STORE', 'base/private.h'), 'src/base/private.h' => header('PRIVATE', 'base/store.h') }, qr/circle: / ],
	[ 'layout: SQL' => { 'sql/tracking/functions/spans.sql' => sql_function('gaiops.inner_span', 'gaiops_span') . "SELECT pg_catalog.gaiops_chat();\n" }, qr/gaiops_chat is of room chat/ ],
	[ 'layout: SQL' => { 'sql/chat/tables/chats.sql' => "CREATE TABLE gaiops.chats ();\n", 'sql/tracking/views/chats.sql' => "CREATE VIEW gaiops.all_chats AS TABLE gaiops.chats;\n" }, qr/gaiops\.chats is of room chat/ ],
	[ 'layout: SQL' => { 'sql/tracking/functions/spans.sql' => sql_function('gaiops.inner_span', 'gaiops_chat') }, qr/gaiops_chat is of room chat/ ],
	[ 'layout: SQL' => { 'src/base/store.c' => c_file() . "static const char sql[] = \"SELECT gaiops.inner_span(1)\";\n" }, qr/gaiops\.inner_span is of room tracking/ ],
	[ 'layout: SQL' => { 'sql/cellar/functions/rat.sql' => sql_function('gaiops.rat', 'gaiops_span') }, qr/is in no room/ ],
	[ 'layout: SQL' => { 'sql/tracking/rights.list' => "user function pg_catalog.gaiops_chat()\n" }, qr/gaiops_chat is of room chat/ ],
	[ 'layout: SQL' => { 'sql/tracking/rights.list' => "anybody function gaiops.inner_span()\n" }, qr/is not a right, a kind and a name/ ],
	[ 'layout: SQL' => { 'sql/tracking/rights.list' => "none function gaiops.inner_span()\n" x 2 }, qr/is listed twice/ ],
	[ 'layout: libraries and versions' => { 'src/base/store.c' => c_file() . "#include <curl/curl.h>\n" }, qr/belongs in src/ ],
	[ 'layout: libraries and versions' => { 'src/base/store.c' => c_file() . "#if PG_VERSION_NUM >= 160000\n#endif\n" }, qr/belongs in src\/compat\.h/ ],
	[ 'layout: tests and pages' => { 'test/pgtap/cellar/rat.sql' => "SELECT 1;\n" }, qr/is in no room/ ],
	[ 'layout: tests and pages' => { 'test/unit/base/store.c' => c_file() }, qr/is in no room/ ],
	[ 'layout: tests and pages' => { 'doc/tables/cellar.md' => "# Cellar\n" }, qr/is in no room/ ],
	[ 'layout: inits' => { 'src/genaiops.c' => "void\n_PG_init(void)\n{\n\tspan_init();\n\tstore_init();\n}\n" }, qr/calls store_init\(\) of room base after span_init/ ],
	[ 'layout: inits' => { 'src/genaiops.c' => "void\n_PG_init(void)\n{\n\tstore_init();\n}\n" }, qr/does not have span_init\(\) called/ ],
	[ 'layout: headers' => { 'src/base/store.c' => "#include \"base/store.h\"\n" }, qr/not postgres\.h/ ],
	[ 'layout: headers' => { 'src/base/store.h' => header('STORE', 'postgres.h') }, qr/headers do not include/ ],
	[ 'layout: headers' => { 'src/base/store.c' => c_file('core/text/url.h', 'base/store.h') }, qr/belongs before/ ],
	[ 'layout: headers' => { 'src/base/store.h' => header('PRIVATE') }, qr/is not guarded by/ ],
	[ 'size: functions' => { 'src/base/store.c' => c_file() . c_function(61) }, qr/fill has 61 lines/ ],
	[ 'size: functions' => { 'src/base/store.c' => c_file() . c_function(14) x 20 }, qr/half of the functions have 14 lines/ ],
	[ 'size: functions' => { 'src/base/store.c' => c_file() . c_function(5) x 20 . c_function(27) x 4 }, qr/nine of ten functions have 27 lines/ ],
	[ 'size: functions in SQL' => { 'sql/base/functions/f.sql' => sql_body('gaiops.f', 61) }, qr/gaiops\.f has 61 lines/ ],
	[ 'size: files' => { 'src/base/store.c' => c_file() . "\n" x 600 }, qr/602 lines, more than 600/ ],
	[ 'size: width of SQL' => { 'sql/base/functions/f.sql' => '-- ' . 'x' x 118 . "\n" }, qr/is 121 wide/ ],
	[ 'size: width of comments in C' => { 'src/base/store.c' => c_file() . '/* ' . 'x' x 74 . " */\n" }, qr/is 80 wide/ ],
	[ 'shapes: columns' => { 'src/tracking/span_shape.c' => shape_file('UUIDOID') }, qr/has type text, not uuid/ ],
	[ 'messages: C' => { 'src/base/store.c' => c_file() . "static void\nf(void)\n{\n\telog(ERROR, \"Went wrong\");\n}\n" }, qr/capital letter/ ],
	[ 'messages: C' => { 'src/base/store.c' => c_file() . "static void\nf(void)\n{\n\telog(ERROR, \"went wrong.\");\n}\n" }, qr/full stop/ ],
	[ 'messages: C' => { 'src/base/store.c' => c_file() . "static void\nf(void)\n{\n\terrhint(\"try again\");\n}\n" }, qr/not a sentence/ ],
	[ 'messages: C' => { 'src/base/store.c' => c_file() . "static void\nf(void)\n{\n\tereport(ERROR, errmsg(\"wrong\"));\n}\n" }, qr/without errcode/ ],
	[ 'messages: SQL' => { 'sql/base/functions/f.sql' => "\tRAISE 'wrong';\n" }, qr/without USING/ ],
	[ 'messages: SQL' => { 'sql/base/functions/f.sql' => "\tRAISE EXCEPTION USING MESSAGE = 'wrong';\n" }, qr/without ERRCODE/ ],
	[ 'messages: SQL' => { 'sql/base/functions/f.sql' => "\tRAISE EXCEPTION USING ERRCODE = 'data_exception', MESSAGE = 'Wrong';\n" }, qr/capital letter/ ],
	[ 'literals: SQL' => { 'sql/base/functions/f.sql' => "SELECT '\\d';\n" }, qr/standard_conforming_strings/ ],
	[ 'literals: SQL' => { 'sql/base/functions/f.sql' => "SELECT E'\\'';\n" }, qr/backslash_quote/ ],
	[ 'definers: types' => { 'sql/tracking/functions/spans.sql' => sql_function('gaiops.inner_span', 'gaiops_span', 'gaiops.spans') }, qr/takes a value of type gaiops\.spans/ ],
	[ 'definers: types' => { 'sql/base/functions/f.sql' => sql_function('gaiops.f', 'gaiops_f', 'varchar') =~ s/LANGUAGE/SECURITY DEFINER LANGUAGE/r }, qr/takes a value of type varchar/ ],
	[ 'hygiene: white space' => { 'sql/base/functions/f.sql' => "SELECT 1; \n" }, qr/white space at the end/ ],
	[ 'hygiene: paths' => { 'doc/operations.md' => "`gaiops.experiment`, /" . "home/me\n" }, qr/a directory of one machine/ ],
	[ 'hygiene: hosts' => { 'doc/operations.md' => "`gaiops.experiment`, http:" . "//registry.somewhere.net\n" }, qr/an unknown host/ ],
	[ 'hygiene: leftovers' => { 'doc/operations.md' => "`gaiops.experiment` TO" . "DO\n" }, qr/left over/ ],
	[ 'documented: settings' => { 'doc/operations.md' => "# Operations\n" }, qr/gaiops\.experiment is not in/ ],
	[ 'documented: functions' => { 'doc/reference/chat.md' => "# Chat\n" }, qr/gaiops_chat is not in/ ],
	[ 'documented: SQLSTATEs' => { 'doc/reference.md' => "# Reference\n" }, qr/GA001 is not in/ ],
	[ 'documented: rooms' => { 'doc/tables/tracking.md' => "# Tracking\n\n### gaiops_chat\n" }, qr/which is of room chat/ ],
	[ 'documented: links' => { 'doc/operations.md' => "`gaiops.experiment`, [lost](lost.md)\n" }, qr/is not there/ ],
	[ 'documented: links' => { 'doc/operations.md' => "`gaiops.experiment`, [lost](reference/chat.md#lost)\n" }, qr/no heading is so/ ],
	[ 'documented: paths' => { 'doc/operations.md' => "`gaiops.experiment`, test/" . "lost.c\n" }, qr/names test\/lost\.c/ ],
	[ 'documented: paths' => { 'src/base/store.c' => c_file() . "/* See chat/" . "lost.c. */\n" }, qr/names chat\/lost\.c/ ]);

# ---- what files say ----

sub includes { return join '', map { "#include \"$_\"\n" } @_ }

sub header
{
	my ($name, @includes) = @_;
	return "#ifndef GAIOPS_${name}_H\n#define GAIOPS_${name}_H\n\n" . includes(@includes) . "\n#endif\n";
}

sub c_file { return "#include \"postgres.h\"\n\n" . includes(@_) }

# A function of so many lines, of which one may be given.
sub c_function
{
	my ($lines, $line) = @_;
	return "\nvoid\nfill(void)\n{\n" . ($line // "\tstep();") . "\n" . "\tstep();\n" x ($lines - 4) . "}\n";
}

# A shape with one column.
sub shape_file
{
	my ($type) = @_;
	return c_file() . "#define SPAN_COLUMNS(X) X(SPAN, span_id, $type)\n\n"
		. "static const RecordColumn columns[] = {SPAN_COLUMNS(RECORD_COLUMN)};\n\n"
		. "RecordShape span_shape = {\n\t.table = \"spans\",\n\t.columns = columns,\n};\n";
}

sub sql_function
{
	my ($name, $symbol, $type) = @_;
	return "CREATE OR REPLACE FUNCTION $name(n " . ($type // 'integer') . ")\nRETURNS void LANGUAGE c AS 'MODULE_PATHNAME', '$symbol';\n";
}

# A function whose body has so many lines.
sub sql_body
{
	my ($name, $lines) = @_;
	return "CREATE OR REPLACE FUNCTION $name()\nRETURNS void\nLANGUAGE plpgsql\nAS \$\$\n" . "\tSELECT 1;\n" x $lines . "\$\$;\n";
}

# ---- the tree ----

sub put
{
	my ($path, $text) = @_;
	make_path("$tree/" . dirname($path));
	open(my $file, '>', "$tree/$path") or die "$path: $!\n";
	print $file $text;
	close($file);
	return;
}

# Lint itself, with other public headers, and with nothing to install.
sub move_in
{
	put($_, $SOUND{$_}) for keys %SOUND;
	put('scripts/install', "#!/bin/sh\n");
	for my $path (qw(scripts/lint scripts/lib.sh), glob('scripts/lint.d/*.p[lm]'))
	{
		put($path, Lint::slurp($path)) unless $path =~ /planted/;
	}
	put('scripts/lint.d/Rooms.pm', Lint::slurp('scripts/lint.d/Rooms.pm') =~ s/^1;$/%PUBLIC = ($PUBLIC);\n\n1;/mr);
	chmod 0755, map { "$tree/scripts/$_" } qw(lint install);
	return;
}

sub restore
{
	for my $path (@_)
	{
		defined $SOUND{$path} ? put($path, $SOUND{$path}) : unlink "$tree/$path";
	}
	return;
}

# Runs checks. Returns for each whether it passed and the lines that it said.
sub lint
{
	my (%passed, %said, $check);
	my $names = join ' ', map { quotemeta } @_;
	for (split /\n/, qx(\Q$tree\E/scripts/lint $names 2>&1))
	{
		if (/^(ok|not ok) \d+ - (.*)$/) { $check = $2; $passed{$check} = $1 eq 'ok'; $said{$check} = [] }
		elsif (/^#   (.*)/ && defined $check) { push @{ $said{$check} }, $1 }
		elsif (!/^1\.\.|^\d+ passed, \d+ failed$/) { Lint::report('scripts/lint', undef, $_) }
	}
	return (\%passed, \%said);
}

my @checks = Lint::slurp('scripts/lint') =~ /^check "([^"]+)" perl_check/mg;
my %planted = map { $_->[0] => 1 } @BREACHES;
for my $check (grep { !$planted{$_} } @checks)
{
	Lint::report('scripts/lint', undef, "nothing is planted for \"$check\"");
}

move_in();
my ($sound, $usual) = lint(@checks);
for my $check (grep { !$sound->{$_} } @checks)
{
	Lint::report('scripts/lint', undef, "\"$check\" finds something where nothing is: @{ $usual->{$check} // [] }");
}
for my $breach (@BREACHES)
{
	my ($check, $files, $wanted) = @$breach;
	put($_, $files->{$_}) for keys %$files;
	my ($passed, $said) = lint($check);
	my %usual = map { $_ => 1 } @{ $usual->{$check} // [] };
	my @said = grep { !$usual{$_} } @{ $said->{$check} // [] };
	Lint::report('scripts/lint', undef, "\"$check\" says of what is planted in @{[ sort keys %$files ]} not $wanted: @said")
		unless defined $passed->{$check} && !$passed->{$check} && @said == 1 && $said[0] =~ $wanted;
	restore(keys %$files);
}
Lint::done();
