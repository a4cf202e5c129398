# What a call over the wire costs: which model is priced when another answers,
# that recording, gaiops_get_cost() and gaiops_reprice() agree, and what a caller
# is told when the cost is unknown.

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

# What a session is told by each of these statements: whatever psql writes to
# stderr, without the prefix that names the file.
sub told
{
	my (@statements) = @_;
	my (undef, undef, $stderr) = $node->psql('postgres', join ";\n", @statements, '');

	$stderr =~ s/^psql:<stdin>:\d+: //gm;
	return $stderr;
}

sub unknown
{
	my ($model, $detail, $hint) = @_;

	return qq{WARNING:  the cost of model "$model" of provider "acme" is unknown\nDETAIL:  $detail\nHINT:  $hint};
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

# What a caller is told -----------------------------------------------------------

my $reprice = 'from an effective_from in the past on, gaiops_reprice() computes the cost of past calls.';

endpoint('unpriced', 'no-prices', 'ok');
endpoint('unpriced2', 'none-either', 'ok');
endpoint('half', 'half-priced', 'ok');
endpoint('silent', 'big', 'no-usage');
endpoint('silent2', 'no-prices', 'no-usage');
endpoint('contradicting', 'big', 'usage,input=10,output=5,cached=600,reasoning=0');
$node->safe_psql('postgres', q{SELECT gaiops_set_price('acme', 'half-priced', input => 1)});

is(told("SELECT gaiops_chat('unpriced', 'Hi') FROM generate_series(1, 2)", "SELECT gaiops_chat('unpriced', 'Hi')"),
	unknown('no-prices', 'It has no prices.', "Set its prices with gaiops_set_price(); $reprice"),
	'a model without prices: said once');
is(told("SELECT gaiops_chat('unpriced', 'Hi')", "SELECT gaiops_chat('unpriced2', 'Hi')"),
	join("\n", map { unknown($_, 'It has no prices.', "Set its prices with gaiops_set_price(); $reprice") } qw(no-prices none-either)),
	'of two models: said of each');
is(told("SELECT gaiops_chat('half', 'Hi')"),
	unknown('half-priced', 'Model "half-priced" has prices, but none for output.', "Set that price with gaiops_set_price(); $reprice"),
	'a price that is missing is named');
my $no_usage = 'Have the gateway or model server report usage in its answers; prices alone do not help.';
is(told("SELECT gaiops_chat('silent', 'Hi')"), unknown('big', 'The answer has no usable number of input tokens.', $no_usage),
	'missing usage is no missing price');
is(told("SELECT gaiops_chat('contradicting', 'Hi')"),
	unknown('big', 'The answer has no usable number of input tokens: more cached tokens than prompt_tokens.', $no_usage),
	'nor is one that contradicts itself');
is(told("SELECT gaiops_chat('unpriced', 'Hi')", "SELECT gaiops_chat('silent2', 'Hi')"),
	join("\n", unknown('no-prices', 'It has no prices.', "Set its prices with gaiops_set_price(); $reprice"),
		unknown('no-prices', 'The answer has no usable number of input and output tokens.', $no_usage)),
	'another reason is said again');

# A remedy that is named is one.
$node->safe_psql('postgres', q{SELECT gaiops_set_price('acme', 'half-priced', output => 2, effective_from => '-infinity'),
	gaiops_set_price('acme', 'half-priced', input => 1, effective_from => '-infinity'), gaiops_reprice('-infinity', 'infinity')});
is($node->safe_psql('postgres', q{SELECT cost, priced_model FROM gaiops.spans WHERE endpoint = 'half'}), '0.000017|half-priced', 'and it helps');
is(told("SELECT gaiops_chat('half', 'Hi')"), '', 'then there is nothing to say');

$node->stop;
done_testing();
