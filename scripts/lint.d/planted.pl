# planted: whether the checks of the layout find what they are for. Plants one
# breach of each rule in a small tree of its own, in which there is nothing else to
# find, and looks for what is reported.
use strict;
use warnings;

use Cwd qw(abs_path);
use File::Basename;
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use Lint;

my $checkers = abs_path(dirname(__FILE__));

# A tree without a breach: a file each that core, base, tracking and chat have.
my %SOUND = (
	'src/compat.h' => header('COMPAT'),
	'src/core/text/url.h' => header('URL'),
	'src/core/text/url.c' => "#include \"core/text/url.h\"\n",
	'src/base/store.h' => header('STORE'),
	'src/base/store.c' => c_file('base/store.h', 'core/text/url.h'),
	'src/base/private.h' => header('PRIVATE'),
	'src/base/private.c' => c_file('base/private.h'),
	'src/tracking/span_functions.c' => c_file('base/store.h') . "PG_FUNCTION_INFO_V1(gaiops_span);\n",
	'src/tracking/span.h' => header('SPAN'),
	'src/chat/chat_functions.c' => c_file('tracking/span.h') . "PG_FUNCTION_INFO_V1(gaiops_chat);\n",
	'sql/tracking/functions/spans.sql' => sql_function('gaiops.span', 'gaiops_span'),
	'sql/chat/functions/chat.sql' => sql_function('gaiops.chat', 'gaiops_chat') . "SELECT gaiops.span();\n");

# What is planted: the check, files in place of others, and what is to be said of it.
my @BREACHES = (
	[ rooms => { 'src/base/store.c' => c_file('base/store.h', 'core/text/url.h', 'tracking/span.h') }, qr/to the right of base/ ],
	[ rooms => { 'src/core/text/url.c' => "#include \"core/text/url.h\"\n\n#include \"base/store.h\"\n" }, qr/to the right of core/ ],
	[ rooms => { 'src/core/text/url.c' => "#include \"core/text/url.h\"\n\n#include <unistd.h>\n" }, qr/not of the C library/ ],
	[ rooms => { 'src/tracking/span.c' => c_file('base/private.h') }, qr/is private to room base/ ],
	[ rooms => { 'src/cellar/rat.c' => c_file() }, qr/is in no room/ ],
	[ rooms => { 'src/chat/chat_functions.c' => c_file() }, qr/no other room includes it/ ],
	[ doors => { 'src/base/private.c' => "PG_FUNCTION_INFO_V1(gaiops_private);\n" }, qr/belong in a file NAME_functions\.c/ ],
	[ doors => { 'src/chat/chat_functions.h' => header('CHAT_FUNCTIONS') }, qr/nobody may include it/ ],
	[ doors => { 'src/chat/store.c' => c_file() }, qr/has the name of/ ],
	[ circles => { 'src/base/store.h' => header('STORE', 'base/private.h'), 'src/base/private.h' => header('PRIVATE', 'base/store.h') }, qr/circle: / ],
	[ sql => { 'sql/tracking/functions/spans.sql' => sql_function('gaiops.span', 'gaiops_span') . "SELECT gaiops.chat();\n" }, qr/gaiops\.chat is of room chat/ ],
	[ sql => { 'sql/tracking/functions/spans.sql' => sql_function('gaiops.span', 'gaiops_chat') }, qr/gaiops_chat is of room chat/ ],
	[ sql => { 'sql/cellar/functions/rat.sql' => sql_function('gaiops.rat', 'gaiops_span') }, qr/is in no room/ ],
	[ libraries => { 'src/base/store.c' => c_file() . "#include <curl/curl.h>\n" }, qr/belongs in src/ ],
	[ libraries => { 'src/base/store.c' => c_file() . "#if PG_VERSION_NUM >= 160000\n#endif\n" }, qr/belongs in src\/compat\.h/ ],
	[ headers => { 'src/base/store.c' => "#include \"base/store.h\"\n" }, qr/not postgres\.h/ ],
	[ headers => { 'src/base/store.c' => c_file('core/text/url.h', 'base/store.h') }, qr/belongs before/ ],
	[ headers => { 'src/base/store.h' => header('PRIVATE') }, qr/is not guarded by/ ]);

sub includes { return join '', map { "#include \"$_\"\n" } @_ }

sub header
{
	my ($name, @includes) = @_;
	return "#ifndef GAIOPS_${name}_H\n#define GAIOPS_${name}_H\n\n" . includes(@includes) . "\n#endif\n";
}

sub c_file { return "#include \"postgres.h\"\n\n" . includes(@_) }

sub sql_function
{
	my ($name, $symbol) = @_;
	return "CREATE OR REPLACE FUNCTION $name()\nRETURNS void LANGUAGE c AS 'MODULE_PATHNAME', '$symbol';\n";
}

# What a check says of a tree, where these headers are public.
sub said
{
	my ($check, %files) = @_;
	my $dir = tempdir(CLEANUP => 1);
	my @paths = sort grep { $check eq 'sql' ? /\.sql$/ : /\.[ch]$/ } keys %files;

	for my $path (keys %files)
	{
		make_path("$dir/" . dirname($path));
		open(my $file, '>', "$dir/$path") or die "$path: $!\n";
		print $file $files{$path};
		close($file);
	}
	my $public = 'base => ["store"], tracking => ["span"], "core/text" => ["url"]';
	my $list = join ' ', map { quotemeta } @paths;
	return scalar qx(cd \Q$dir\E && printf '%s\\n' $list | perl -I\Q$checkers\E -MRooms -e '%Rooms::PUBLIC = ($public); shift \@ARGV; do "$checkers/layout.pl"; die \$\@ if \$\@' layout $check 2>&1);
}

for my $check (qw(rooms doors circles sql libraries headers))
{
	my $said = said($check, %SOUND);
	Lint::report('layout', undef, "\"$check\" finds something where nothing is: $said") if $said ne '';
}
for my $breach (@BREACHES)
{
	my ($check, $planted, $wanted) = @$breach;
	my $said = said($check, %SOUND, %$planted);
	Lint::report('layout', undef, "\"$check\" does not find what was planted in @{[ sort keys %$planted ]}, $wanted: $said")
		unless $said =~ $wanted && $said =~ tr/\n// == 1;
}
Lint::done();
