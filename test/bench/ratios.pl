# ratios.pl TITLE SESSIONS: read "row sessions round build rate" of one cell, print its
# line; fail if the build "now" is slower than the build "before" is than itself.
use strict;
use warnings;

my ($title, $sessions) = @ARGV;
my %rates;
while (<STDIN>)
{
	my (undef, undef, $round, $build, $rate) = split;
	$rates{$build}{$round} = $rate if $rate > 0;
}

# The ratios of a build to "before", round by round, in order.
sub ratios
{
	my ($build) = @_;
	my $before = $rates{before} // {};

	return sort { $a <=> $b } map { $rates{$build}{$_} / $before->{$_} }
	  grep { exists $before->{$_} } keys %{ $rates{$build} // {} };
}

sub median
{
	my @sorted = @_;

	return ($sorted[$#sorted / 2] + $sorted[@sorted / 2]) / 2;
}

# How many values to leave out at either end so that the rest spans the median with
# 95 %: fewer than k of n are below it with the chance of a binomial distribution.
sub left_out
{
	my ($n) = @_;
	my ($term, $sum, $k) = (0.5**$n, 0.5**$n, 0);

	while (2 * ($sum + $term * ($n - $k) / ($k + 1)) <= 0.05)
	{
		$term *= ($n - $k) / ($k + 1);
		$sum += $term;
		$k++;
	}
	return $k;
}

# (median, lower end, upper end) of sorted values.
sub summary
{
	my @sorted = @_;
	my $k = left_out(scalar @sorted);

	return (median(@sorted), $sorted[$k], $sorted[$#sorted - $k]);
}

my @now = ratios('now');
my @again = ratios('again');
if (!@now || !@again)
{
	printf "%-28s %4s not measured\n", $title, $sessions;
	exit 1;
}
my @rates = sort { $a <=> $b } values %{ $rates{now} };
my ($median, $low, $high) = summary(@now);
my ($own, $own_low, $own_high) = summary(@again);
my $is_slower = $median < $own_low;
printf "%-28s %4s %9.0f   %.3f (%.3f to %.3f)   %.3f (%.3f to %.3f)   %s\n", $title, $sessions, median(@rates),
  $median, $low, $high, $own, $own_low, $own_high, $is_slower ? 'SLOWER' : 'ok';
exit($is_slower ? 1 : 0);
