# The README's walk, word for word: every statement of the block is run as it
# stands, in one session, and does what the text promises.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use GaiopsTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $walk = qx("$FindBin::Bin/../../scripts/walk" "$FindBin::Bin/../../README.md");
my @statements = split /(?<=;)\n/, $walk;
cmp_ok(scalar @statements, '>=', 5, 'the README has a walk');

my $model = model_server(port => 4010);
if ($model->port != 4010)
{
	note 'port 4010 is taken: the walk is run with ' . $model->port;
	$walk =~ s/127\.0\.0\.1:4010/'127.0.0.1:' . $model->port/ge;
}
my $node = gaiops_node('walk', extension => 0);

my ($rc, $out, $err) =
  $node->psql('postgres', $walk, extra_params => [ '-v', 'ON_ERROR_STOP=1' ]);
is($rc, 0, 'every statement of the walk succeeds') or diag($err);
is($err, '', 'without a warning');
like($out, qr/^Hello Varun! I am doing well, thank you\. How can I help you today\?$/m,
	'the model answers');
unlike($out, qr/sk-demo/, 'the key is not shown');

is($node->safe_psql('postgres', <<'END'), "1|LLMOps walk|OK", 'the last statement shows the call');
SELECT count(*), min(experiment), min(status) FROM gaiops.traces
END
is(scalar $model->journal, 1, 'the gateway was called once');
recorded_ok($node, $model, 'and that request is the one on record', exact => 1);

done_testing();
