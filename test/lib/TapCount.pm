# A formatter for prove that ends with one line a script can read:
#
#   N passed, N failed
#
# A test file that died, planned wrongly or ran no test counts as one failed
# test if it has no failed test of its own. Use it with
# PERL5LIB=test/lib prove --formatter TapCount.

package TapCount;

use strict;
use warnings;

use parent 'TAP::Formatter::Console';

sub summary
{
	my ($self, $aggregate, $interrupted) = @_;
	my $failed = $aggregate->failed;

	for my $parser ($aggregate->parsers)
	{
		$failed++ if $parser->has_problems && !$parser->failed;
	}
	$self->SUPER::summary($aggregate, $interrupted);
	printf "%d passed, %d failed\n", scalar $aggregate->passed, $failed;
	return;
}

1;
