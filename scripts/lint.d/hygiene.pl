# hygiene WHAT: nothing is here that belongs to one machine or to one day.
#
#   space      no white space at the end of lines, none but LF ends them
#   paths      no directories that only somebody's own machine has
#   hosts      no hosts but those that are reserved for examples or that everybody
#              knows, and none in lock files
#   leftovers  no marks of unfinished work, of a merge or of who wrote it
use strict;
use warnings;

use Lint;

my @HOSTS = qw(
	127.0.0.1 localhost host user github.com postgresql.org opentelemetry.io
	mlflow.org w3.org keepachangelog.com semver.org openai.com azure.com mistral.ai
	portkey.ai groq.com googleapis.com amazonaws.com api.aws x.ai perplexity.ai
	deepseek.com cohere.ai anthropic.com together.xyz fireworks.ai openrouter.ai);
my $KNOWN_HOST = join '|', map { quotemeta } @HOSTS;
my $RESERVED_HOST = qr/(?:^|\.)(?:example(?:\.(?:com|net|org))?|invalid|test|hang|localhost)$/i;
my $MACHINE_PATH = qr{(?<![\w.)\}*\$"/-])/(?:root|home|work|workspace|Users|mnt|srv|media)/\w};
my $MARK = qr/\b(?:TODO|FIXME|XXX|HACK)\b|\b(?i:co-authored-by|as an ai|sub-?agents?)\b|^(?:<{7}|>{7}|={7}$)/;

sub check_space
{
	my ($path, $number, $line) = @_;
	Lint::report($path, $number, 'white space at the end') if $line =~ /[ \t\r\f]$/;
	return;
}

sub check_paths
{
	my ($path, $number, $line) = @_;
	Lint::report($path, $number, "a directory of one machine: $&") if $line =~ $MACHINE_PATH;
	return;
}

sub check_hosts
{
	my ($path, $number, $line) = @_;
	Lint::report($path, $number, 'a lock file names where packages came from') if $line =~ /^\s*"resolved"\s*:/;
	while ($line =~ m{\bhttps?://(?:[^/\s"'@]*@)?([A-Za-z0-9.-]*[A-Za-z0-9])}g)
	{
		my $host = $1;
		Lint::report($path, $number, "an unknown host: $host")
			unless $host =~ $RESERVED_HOST || $host =~ /(?:^|\.)(?:$KNOWN_HOST)$/i;
	}
	return;
}

sub check_leftovers
{
	my ($path, $number, $line) = @_;
	Lint::report($path, $number, "left over: $&") if $line =~ $MARK;
	return;
}

my %CHECKS = (space => \&check_space, paths => \&check_paths, hosts => \&check_hosts, leftovers => \&check_leftovers);
my $what = shift @ARGV;
my $check = $CHECKS{$what} or die "hygiene: no check \"$what\"\n";
for my $path (grep { -T } Lint::files())
{
	next if $path eq 'scripts/lint.d/hygiene.pl';
	my $number = 0;
	my $text = Lint::slurp($path);
	$check->($path, ++$number, $_) for split /\n/, $text;
	Lint::report($path, $number, 'does not end with a line break') if $what eq 'space' && $text =~ /[^\n]\z/;
}
Lint::done();
