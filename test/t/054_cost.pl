# What a call over the wire costs: which model is priced when another answers, and
# that recording, gaiops_get_cost() and gaiops_reprice() agree.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use GaiopsTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = gaiops_node('cost');
my $fault = fault_server();

# An endpoint of provider acme: name, model that is asked for, fault.
sub endpoint
{
	my ($name, $model, $fault_path) = @_;

	my $url = $fault->url($fault_path);

	return $node->safe_psql('postgres',
		"SELECT gaiops_create_endpoint('$name', '$url', provider => 'acme', model => '$model', max_retries => 0)");
}

$node->safe_psql('postgres', <<'SQL');
SELECT gaiops_import_prices('{"acme/big": {"litellm_provider": "acme", "input_cost_per_token": 10e-06, "output_cost_per_token": 0},
	"acme/big-2030-01-01": {"litellm_provider": "acme", "input_cost_per_token": 12e-06, "output_cost_per_token": 0},
	"acme/small": {"litellm_provider": "acme", "input_cost_per_token": 1e-06, "output_cost_per_token": 0}}', '-infinity');
SELECT gaiops_set_price('acme', 'mine', input => 5, output => 0, effective_from => '-infinity');
SQL

# Asked for and answering, the cost of 7 input tokens in 10^-6 dollars, and whose it is.
my @choices = (
	[qw(big big 70 big f)], [qw(big small 7 small t)], [qw(big big-2030-01-01 84 big-2030-01-01 f)],
	[qw(big nobody 70 big t)], [qw(nobody small 7 small t)], [qw(mine small 35 mine t)]);
my $i = 0;
foreach my $choice (@choices)
{
	my ($asked, $answering, $cost, $priced, $other) = @$choice;
	my $name = 'choice' . $i++;

	endpoint($name, $asked, "model,name=$answering");
	# the second call is answered from memory
	$node->safe_psql('postgres', "SELECT gaiops_chat('$name', 'Hi') FROM generate_series(1, 2)");
	is($node->safe_psql('postgres', "SELECT DISTINCT trim_scale(cost * 1000000), priced_model FROM gaiops.spans WHERE endpoint = '$name'"),
		"$cost|$priced", "asked for $asked, $answering answered: $priced is priced");
	is($node->safe_psql('postgres', "SELECT sum(substituted) FROM gaiops.traces WHERE endpoint = '$name'"), $other eq 't' ? 2 : 0,
		'and traces show whether it is another');
}
is($node->safe_psql('postgres', q{SELECT count(*) FROM gaiops.spans
	WHERE cost IS DISTINCT FROM gaiops_get_cost(provider, priced_model, input_tokens, output_tokens, cached_input_tokens, cache_write_tokens,
		reasoning_tokens, start_time)}),
	0, 'gaiops_get_cost() of the priced model is what was recorded');
is($node->safe_psql('postgres', q{SELECT gaiops_reprice('-infinity', 'infinity')}), 0, 'so is what repricing computes');

# More names than are remembered, and each its own price.
endpoint('many', 'big', 'model');
$node->safe_psql('postgres', q{SELECT gaiops_set_price('acme', 'm' || i, input => i, output => 0, effective_from => '-infinity') FROM generate_series(1, 20) AS i});
$node->safe_psql('postgres', q{SELECT gaiops_chat('many', 'Hi') FROM generate_series(1, 20)});
is($node->safe_psql('postgres', q{SELECT count(*) FROM gaiops.spans WHERE endpoint = 'many' AND priced_model = response_model AND cost = 7e-6 * substr(priced_model, 2)::integer}),
	20, 'each of many answering models has its own price');

$node->stop;
done_testing();
