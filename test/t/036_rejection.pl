# What cannot be stored as it is: of a span its text is lost first, then the span,
# but never does it seem to be under way for ever; gaiops.rejected_records says so.
# And what another life of the server has left is counted as all else is.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use GaiopsTest;
use Test::More;

my $node = gaiops_node('rejection');

sub query
{
	my ($sql) = @_;

	return $node->safe_psql('postgres', $sql);
}

# A call while a table takes no rows of a kind; returns what it said.
sub call_with
{
	my ($table, $refused, $call) = @_;
	my (undef, $out, $err);

	query(<<"END");
TRUNCATE gaiops.rejected_records, gaiops.spans, gaiops.span_payloads, gaiops.usage_deltas;
ALTER TABLE gaiops.$table ADD CONSTRAINT refused CHECK (NOT ($refused)) NOT VALID;
END
	(undef, $out, $err) = $node->psql('postgres', $call // "SELECT gaiops_chat('echo', 'hello')");
	query("ALTER TABLE gaiops.$table DROP CONSTRAINT refused");
	return ($out, $err);
}

# What of a call is in each table, as text.
sub stored
{
	return query(<<'END');
SELECT (SELECT pg_catalog.count(*) FROM gaiops.intents) || ' intents, '
	|| (SELECT pg_catalog.count(*) FROM gaiops.spans) || ' spans, '
	|| (SELECT pg_catalog.string_agg(kind, ' ' ORDER BY kind) FROM gaiops.span_payloads) || ', '
	|| (SELECT coalesce(pg_catalog.sum(attempts), 0) FROM gaiops.usage_deltas) || ' attempts'
END
}

sub rejected
{
	return query(<<'END');
SELECT record, trace_id IS NOT NULL, span_id IS NOT NULL, sqlstate, message LIKE '%violates check constraint "refused"'
FROM gaiops.rejected_records
END
}

query("SELECT gaiops_create_endpoint('echo', 'builtin:echo')");
query("SELECT gaiops_chat('echo', 'the experiment is known')");

my ($out, $err) = call_with('span_payloads', "kind = 'response'");
is($out, 'hello', 'an answer whose text cannot be stored is returned');
like($err, qr/WARNING:  the answer could not be recorded as it is.*gaiops\.rejected_records/s, 'with a warning');
is(stored(), '0 intents, 1 spans, request, 1 attempts', 'its span is stored, and counted');
is(rejected(), 'spans|t|t|23514|t', 'and why its text is not');

($out, $err) = call_with('spans', 'true');
is($out, 'hello', 'an answer whose span cannot be stored is returned');
like($err, qr/WARNING:  the answer could not be recorded as it is/, 'with a warning');
is(stored(), '0 intents, 0 spans, request, 0 attempts', 'nothing seems to be under way');
is(rejected(), 'spans|t|t|23514|t', 'and why it is not stored');

($out, $err) = call_with('span_payloads', "kind = 'request'", "SET gaiops.experiment = 'new'; SELECT gaiops_chat('echo', 'hello')");
is($out, '', 'a call whose request cannot be stored is not made');
like($err, qr/could not record the call.*gaiops\.rejected_records/s, 'and says why');
is(rejected(), 'experiment_names|f|f|23514|t', 'and what was rejected, by its first row');
is(query('SELECT pg_catalog.count(*) FROM gaiops.intents'), 0, 'nothing is left of it');

($out, $err) = call_with('trace_tags', 'true', <<'END');
SELECT gaiops_chat('echo', 'hello');
SELECT gaiops_set_trace_tag(gaiops_last_trace_id(), 'key', 'value');
END
like($err, qr/could not record the tag/, 'a tag that cannot be stored is an error');
is(rejected(), 'trace_tags|t|f|23514|t', 'and its trace is known');

# ---- what another life of the server has left ----

query(<<'END');
TRUNCATE gaiops.rejected_records, gaiops.spans, gaiops.span_payloads, gaiops.usage_deltas;
INSERT INTO gaiops.intents (trace_id, span_id, name, span_type, purpose, experiment, endpoint, provider, model,
	session_role, role, is_entry, attempt, start_time, pid, incarnation)
SELECT pg_catalog.gen_random_uuid(), 'lost', 'chat', 'CHAT_MODEL', 'application', 'Default', 'echo', 'p', 'm' || i % 2,
	'postgres', 'postgres', i < 4, CASE WHEN i < 4 THEN 1 WHEN i < 6 THEN 2 END,
	TIMESTAMPTZ '2026-01-01 10:30:00Z' + i * INTERVAL '1 min', 1, pg_catalog.gen_random_uuid()
FROM pg_catalog.generate_series(0, 7) AS i;
END
$node->restart;
query("SELECT gaiops_chat('echo', 'a writer comes')");
wait_until(sub { query('SELECT pg_catalog.count(*) FROM gaiops.intents') == 0 }, 'the recovery');
is(query(<<'END'), '8|8', 'all of it becomes spans');
SELECT pg_catalog.count(*), pg_catalog.count(*) FILTER (WHERE status = 'UNKNOWN' AND error_class = 'unknown')
FROM gaiops.spans WHERE span_id = 'lost'
END
# The second attempts say that a call has not failed with the first, which is not here.
is(query(<<'END'), <<'END' =~ s/\n\z//r, 'and attempts are counted once');
SET TimeZone = 'UTC';
SELECT hour, model, sum(calls), sum(attempts), sum(errors), sum(unknown), sum(input_tokens), sum(cost), sum(unpriced),
	bool_and(latency_buckets = '{}' AND latency_counts = '{}'), min(first_start), max(last_start), sum(failed_calls)
FROM gaiops.usage_deltas WHERE provider = 'p' GROUP BY hour, model ORDER BY model
END
2026-01-01 10:00:00+00|m0|2|3|0|3|0|0|0|t|2026-01-01 10:30:00+00|2026-01-01 10:34:00+00|-1
2026-01-01 10:00:00+00|m1|2|3|0|3|0|0|0|t|2026-01-01 10:31:00+00|2026-01-01 10:35:00+00|-1
END

$node->stop;
done_testing();
