# gaiops_chat_row() over the wire: how many requests the gateway gets of a
# statement, and the row of a call that could not be recorded.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use GaiopsTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = gaiops_node('rows', conf => "gaiops.log_timeout = '1s'");
my $model = model_server();
my $fault = fault_server();
make_endpoint($node, 'llm-dev', $model->url);
make_endpoint($node, 'trying', $fault->url('503-then-ok,times=2'), 'max_retries => 2');
$node->safe_psql('postgres', <<'END');
CREATE TABLE tickets (id integer PRIMARY KEY, body text NOT NULL);
INSERT INTO tickets SELECT i, 'say:' || i FROM generate_series(1, 12) AS i;
CREATE VIEW expanded AS SELECT (gaiops_chat_row('llm-dev', body)).* FROM tickets;
END

# ---- how many requests a statement makes ----

foreach my $case (
	['in FROM', 12, q{SELECT r.* FROM tickets AS t, LATERAL gaiops_chat_row('llm-dev', t.body) AS r ORDER BY r.answer DESC}],
	['of a subquery', 12, q{SELECT (r).* FROM (SELECT id, gaiops_chat_row('llm-dev', body) AS r FROM tickets) AS s ORDER BY id DESC}],
	['with tickets left out', 3, q{SELECT r.answer, r.cost FROM tickets AS t, LATERAL gaiops_chat_row('llm-dev', t.body) AS r WHERE t.id <= 3}],
	['expanded', 0, q{SELECT (gaiops_chat_row('llm-dev', body)).* FROM tickets}],
	['expanded, in a view', 0, 'SELECT * FROM expanded LIMIT 1'],
	['expanded, for a table', 0, q{CREATE TABLE made AS SELECT (gaiops_chat_row('llm-dev', body)).* FROM tickets}])
{
	my ($name, $requests, $statement) = @$case;

	$model->forget;
	my ($rc, $out, $err) = $node->psql('postgres', $statement);
	is(scalar(my @journal = $model->journal), $requests, "$name: $requests requests");
	if ($requests == 0)
	{
		like($err, qr/ERROR:  gaiops_chat_row\(\) would be called once for each of its columns\nDETAIL:.*\n(?:.*\n)*?.*LATERAL gaiops_chat_row/, "$name: refused");
	}
	else
	{
		is(scalar(my @rows = split /\n/, $out), $requests, "$name: as many rows");
	}
}
is($node->safe_psql('postgres', <<'END'), '12', 'answer, trace and cost are of one call, in whatever order');
CREATE TEMP TABLE asked AS SELECT t.body, r.* FROM tickets AS t, LATERAL gaiops_chat_row('llm-dev', t.body) AS r ORDER BY md5(t.body), r.latency_ms;
SELECT count(*) FROM asked AS a JOIN gaiops.spans AS s USING (trace_id, span_id) JOIN gaiops.span_contents AS c USING (trace_id, span_id)
WHERE 'say:' || a.answer = a.body AND c.answer = a.answer AND s.cost = a.cost AND s.output_tokens = a.output_tokens
END

# ---- attempts ----

$fault->forget;
is($node->safe_psql('postgres', <<'END'), "3|OK from the fault server.\n1|503|\n2|503|\n3|200|t", 'the row is of the last attempt, and counts them');
SELECT attempts, answer, span_id FROM gaiops_chat_row('trying', 'Hi') \gset
SELECT :attempts, :'answer';
SELECT attempt, http_status, CASE WHEN span_id = :'span_id' THEN true END FROM gaiops.spans WHERE endpoint = 'trying' ORDER BY attempt;
END
is(scalar(my @attempts = $fault->journal), 3, 'each is a request');

# ---- a call that cannot be recorded ----

$fault->forget;
my ($rc, $out, $err) = $node->psql('postgres', <<'END', extra_params => ['-q']);
BEGIN;
LOCK TABLE gaiops.intents IN ACCESS EXCLUSIVE MODE;
SELECT answer IS NULL, trace_id = gaiops_last_trace_id(), model, input_tokens IS NULL, cost IS NULL, finish_reason IS NULL, error_class, error_message
FROM gaiops_chat_row('trying', 'Hi', on_error => 'null');
COMMIT;
END
like($out, qr/^t\|t\|gpt-4\.1-mini\|t\|t\|t\|log_unavailable\|could not record the call: .*waits for a lock/, 'not recorded: the row says so');
like($err, qr/WARNING:  1 call failed and is NULL\n/, 'not recorded: with a WARNING');
is(scalar(my @requests = $fault->journal), 0, 'not recorded: nothing was sent');

done_testing();
