# What goes over the wire, both ways: sent as it is stored, to where it should
# go, nothing lost of the answer, whatever its size or alphabet; and nothing sent
# where no call was asked for.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/../lib";
use GaiopsTest;
use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $json = JSON::PP->new->utf8->allow_nonref;
my $node = gaiops_node('wire');
my $fault = fault_server();
my $model = model_server();

sub ask { return ask_text($node, $_[0]); }

sub asked { return $json->decode($node->safe_psql('postgres', "SET client_min_messages = error;\n$_[0]")); }

make_endpoint($node, $_, $fault->url($_)) foreach qw(ok mirror choices refusal tools logprobs parts);
make_endpoint($node, 'model', $model->url);

# Where requests go -----------------------------------------------------------

my %paths = (
	'' => 'chat/completions',
	'/' => 'chat/completions',
	'/v1' => 'v1/chat/completions',
	'/v1/' => 'v1/chat/completions',
	'/v1//' => 'v1/chat/completions',
	'/v1/chat/completions' => 'v1/chat/completions',
	'/v1/chat/completions/' => 'v1/chat/completions',
	'/gateway/mlflow/v1' => 'gateway/mlflow/v1/chat/completions',
	'/openai/deployments/d?api-version=2024-10-21' => 'openai/deployments/d/chat/completions?api-version=2024-10-21',
	'/api/v1/chat' => 'api/v1/chat/chat/completions',
);
my $number = 0;
foreach my $path (sort keys %paths)
{
	my $endpoint = 'path_' . ++$number;
	make_endpoint($node, $endpoint, "http://localhost:" . $fault->port . "/fault/ok,id=$endpoint$path", 'max_retries => 0');
	is(ask("SELECT gaiops_chat('$endpoint', 'Hi')"), 'OK from the fault server.', "base URL with \"$path\": answered");
	my ($request) = grep { $_->{path} =~ m{id=$endpoint/} } $fault->journal;
	is($request->{path}, "/fault/ok,id=$endpoint/$paths{$path}", 'at the right path');
}
foreach my $base ('', '/', '/v1', '/v1/', '/v1/chat/completions')
{
	my $endpoint = 'model_' . ++$number;
	make_endpoint($node, $endpoint, 'http://127.0.0.1:' . $model->port . $base);
	is(ask("SELECT gaiops_chat('$endpoint', 'say:found')"), 'found', "the model server is found at \"$base\"");
}

# What is sent ----------------------------------------------------------------

# The mirror answers with the request's body; it is the one that is stored.
make_endpoint($node, 'defaults', $fault->url('mirror,id=defaults'),
	q(params => '{"temperature": 0.70, "max_tokens": 100, "stop": ["a", "b"], "top_p": 1.0}'));
my $sent = ask(<<'END');
SELECT gaiops_chat('defaults', 'Hi, "you" \ there', system => 'Be brief.', params => '{"temperature": 0.10,
	"seed": 12345678901234567890, "stop": null, "x_unknown": {"deep": [1, 1.50, true, null, "é"]}}');
END
is(ask("SELECT body FROM gaiops.span_payloads WHERE kind = 'request'  AND trace_id = (SELECT trace_id FROM gaiops.spans WHERE endpoint = 'defaults')"),
	$sent, 'what is stored is what was sent');
like($sent, qr/"seed": 12345678901234567890\b/, 'a long number keeps its digits');
like($sent, qr/"temperature": 0\.10\b/, 'the trailing zero of a parameter of the call, too');
like($sent, qr/"top_p": 1\.0\b/, 'and of a default of the endpoint');
is_deeply(
	JSON::PP->new->decode($sent),
	JSON::PP->new->decode('{"model": "gpt-4.1-mini", "temperature": 0.1, "seed": 12345678901234567890,
		"max_tokens": 100, "top_p": 1.0, "x_unknown": {"deep": [1, 1.5, true, null, "é"]},
		"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi, \"you\" \\\\ there"}]}'),
	'parameters of the call win over those of the endpoint; the rest passes through');
my ($request) = grep { $_->{path} =~ /id=defaults/ } $fault->journal;
is_deeply([@{ $request->{headers} }{'content-type', 'accept'}, $request->{headers}{authorization}],
	['application/json', 'application/json', undef], 'headers say JSON, and no key where there is none');
is($request->{headers}{'content-length'}, $request->{body_bytes}, 'the length is told');
my ($trace, $span) = trace_and_span($request->{traceparent});
is(ask("SELECT count(*) FROM gaiops.spans WHERE endpoint = 'defaults' AND trace_id = '$trace' AND span_id = '$span'"), 1,
	'traceparent names trace and span');
like($request->{headers}{'idempotency-key'}, qr/^gaiops-[0-9a-f]{16}$/, 'there is an idempotency key');
is(ask("SELECT inputs FROM gaiops.span_payloads WHERE kind = 'request' AND trace_id = '$trace'"),
	qq({"message": "Hi, \\"you\\" \\\\ there", "system": "Be brief.", "params": {"temperature": 0.10,\n)
	. qq(\t"seed": 12345678901234567890, "stop": null, "x_unknown": {"deep": [1, 1.50, true, null, "é"]}}}),
	'what the caller gave is stored beside it');

# Endpoint without a model: its own name.
$node->safe_psql('postgres', "SELECT gaiops_create_endpoint('no-model', '" . $fault->url('mirror,id=no-model') . "')");
is(ask("SELECT gaiops_chat('no-model', 'Hi')::jsonb ->> 'model'"), 'no-model', 'without a model the name of the endpoint is sent');

# Responses API-shaped requests -----------------------------------------------

my $parts = <<'END';
{"model": "mirror", "temperature": 0.10, "seed": 12345678901234567890, "n": 2, "logprobs": true,
 "messages": [
  {"role": "system", "content": "S"},
  {"role": "user", "name": "varun", "content": [
    {"type": "text", "text": "What is this? \ud83d\ude00"},
    {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo=", "detail": "low"}},
    {"type": "input_audio", "input_audio": {"data": "UklGRg==", "format": "wav"}}]},
  {"role": "assistant", "content": null, "refusal": null, "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{\"a\": 1}"}}]},
  {"role": "tool", "tool_call_id": "c1", "content": "18 degrees"}],
 "tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {"a": {"type": "integer"}}}}}],
 "tool_choice": {"type": "function", "function": {"name": "f"}},
 "response_format": {"type": "json_schema", "json_schema": {"name": "s", "schema": {"type": "object"}}},
 "gaiops": {"session_id": "s1", "user_id": "u1", "tags": {"team": "search"}, "metadata": {"note": [1]}}}
END
is(ask("SELECT (gaiops_chat_completion(\$r\$$parts\$r\$) #>> '{choices,0,message,content}')::jsonb = jsonb_set(\$r\$$parts\$r\$::jsonb - 'gaiops', '{model}', '\"gpt-4.1-mini\"')"),
	't', 'a request with images, tools and tool results is sent as it is, the key "gaiops" left out');
is(ask(<<'END'), 's1|u1|search|{"note": [1]}|f', 'which says how the call is recorded');
SELECT s.session_id, s.user_id, (SELECT value FROM gaiops.trace_tags t WHERE t.trace_id = s.trace_id AND key = 'team'), p.metadata, p.inputs::jsonb ? 'gaiops'
FROM gaiops.spans s JOIN gaiops.span_payloads p USING (trace_id, span_id) WHERE s.session_id = 's1' AND p.kind = 'request'
END

# What comes back -------------------------------------------------------------

foreach my $name (qw(ok choices refusal tools logprobs parts))
{
	my $answer = asked(qq(SELECT gaiops_chat_completion('{"model": "$name", "messages": [{"role": "user", "content": "Hi"}]}')));
	my $own = delete $answer->{gaiops};
	my ($stored, $span_id, $cost) = split /\|/, $node->safe_psql('postgres', <<"END");
SELECT encode(convert_to(p.body, 'UTF8'), 'base64'), s.span_id, s.cost::text
FROM gaiops.span_payloads p JOIN gaiops.spans s USING (trace_id, span_id) WHERE p.kind = 'response' AND p.trace_id = '$own->{trace_id}'
END
	require MIME::Base64;
	is_deeply($answer, $json->decode(MIME::Base64::decode_base64($stored)), "$name: the answer is what was received, whole");
	is_deeply([@$own{qw(span_id attempts)}], [$span_id, 1], 'with the ids and attempts of the call beside it')
	  or diag($json->encode($own));
	is($own->{cost} + 0, $cost + 0, 'and its cost');
}
is(ask(q(SELECT gaiops_chat_completion('{"model": "ok", "messages": [{"role": "user", "content": "Hi"}]}') #>> '{gaiops,cost}')),
	'0.0000108', 'the cost keeps its digits');
my $request_of = sub { qq(gaiops_chat_completion('{"model": "$_[0]", "messages": [{"role": "user", "content": "Hi"}]}')) };
is(ask("SELECT jsonb_array_length(r -> 'choices'), r #>> '{choices,2,message,content}' FROM " . $request_of->('choices') . ' r'), '3|Choice 2.', 'several choices survive');
is(ask("SELECT r #>> '{choices,0,message,refusal}' FROM " . $request_of->('refusal') . ' r'), 'I cannot help with that.', 'a refusal survives');
is(ask("SELECT r #>> '{choices,0,message,tool_calls,1,function,arguments}' FROM " . $request_of->('tools') . ' r'), '{"city":"Oslo"}', 'tool calls survive');
is(ask("SELECT r #> '{choices,0,logprobs,content,0,top_logprobs,0,logprob}' FROM " . $request_of->('logprobs') . ' r'), '-1.5', 'log probabilities survive');

# A tool call and its result, with the model server.
is(ask(<<'END'), 'call_weather|get_weather|tool_calls', 'the model server calls a tool');
SELECT r #>> '{choices,0,message,tool_calls,0,id}', r #>> '{choices,0,message,tool_calls,0,function,name}', r #>> '{choices,0,finish_reason}'
FROM gaiops_chat_completion('{"model": "model", "messages": [{"role": "user", "content": "weather in Paris"}],
	"tools": [{"type": "function", "function": {"name": "get_weather", "parameters": {"type": "object"}}}]}') r
END
is(ask(<<'END'), 'It is 18 degrees and sunny in Paris.', 'and answers with its result');
SELECT gaiops_chat('model', '[{"role": "user", "content": "weather in Paris"},
	{"role": "assistant", "content": null, "tool_calls": [{"id": "call_weather", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}]},
	{"role": "tool", "tool_call_id": "call_weather", "content": "18 degrees, sunny"}]'::jsonb)
END

# Alphabets -------------------------------------------------------------------

my %texts = (
	'quotes and backslashes' => q(She said "it's" \\ and {"a": "\\n"}),
	'line breaks and tabs' => "one\ntwo\r\tthree",
	'emoji' => "\x{1F600} \x{1F468}\x{200D}\x{1F469}\x{200D}\x{1F467} \x{1F1EE}\x{1F1F3}",
	'beyond the basic plane' => "\x{1D11E}\x{20BB7}\x{10FFFF}",
	'scripts' => "नमस्ते שלום 你好 ö\x{308}",
	'odd characters' => "\x{1}\x{1f}\x{7f}\x{85}\x{2028}\x{feff}\x{fffd}",
	'empty' => '',
);
make_endpoint($node, 'unicode', $fault->url('mirror,style=unicode'));
foreach my $name (sort keys %texts)
{
	my $text = $texts{$name};
	is(ask("SELECT encode(convert_to(gaiops_chat('model', \$t\$say:$text\$t\$), 'UTF8'), 'hex') = encode(convert_to(\$t\$$text\$t\$, 'UTF8'), 'hex')"), 't',
		"$name: back from the model server as sent")
	  if $text ne '';
	is(ask("SELECT gaiops_chat('$_', \$t\$$text\$t\$)::jsonb #>> '{messages,0,content}' = \$t\$$text\$t\$"), 't', "$name: back from the $_ server")
	  foreach 'mirror', 'unicode';
}

# Size ------------------------------------------------------------------------

# Four bytes a character, after one to three of one byte, so that every cut would
# fall within a character somewhere.
foreach my $megabytes (1, 4)
{
	is(ask("SELECT length(a), md5(a) = md5(repeat('\x{1D11E}', $megabytes * 262144)) FROM (SELECT gaiops_chat('mirror', repeat('\x{1D11E}', $megabytes * 262144))::jsonb #>> '{messages,0,content}' AS a OFFSET 0) q"),
		$megabytes * 262144 . '|t', "$megabytes MB there and back");
}
is(ask(<<'END'), 't|t|t', '1 MB is stored whole');
SELECT bool_and(body_length IS NULL), bool_and(body_sha256 IS NULL), bool_and(octet_length(body) > 1024 * 1024)
FROM gaiops.span_payloads JOIN gaiops.spans USING (trace_id, span_id) WHERE endpoint = 'mirror' AND octet_length(body) BETWEEN 1000000 AND 2000000
END
is(ask(<<'END'), '2|t|t|t', '4 MB and a little are cut, with length and hash');
SELECT count(*), bool_and(body_length > 4194304), bool_and(octet_length(body) BETWEEN 4194301 AND 4194304), bool_and(octet_length(body_sha256) = 32)
FROM gaiops.span_payloads JOIN gaiops.spans USING (trace_id, span_id) WHERE endpoint = 'mirror' AND body_length IS NOT NULL
END
is(ask(<<'END'), 't', 'and what was said remains when there is room for it');
SET gaiops.max_payload_bytes = '7MB';
DO $$ BEGIN PERFORM gaiops_chat('mirror', repeat('x', 4194304)); END $$;
SELECT count(*) = 2 AND bool_and(body_length IS NULL AND octet_length(body) > 4194304) FROM gaiops.span_payloads WHERE trace_id = gaiops_last_trace_id()
END
foreach my $before (0 .. 3)
{
	is(ask(<<"END"), 't|t|t|t', "a cut falls between characters ($before)");
SET gaiops.max_payload_bytes = '1kB';
CREATE TEMP TABLE sent AS SELECT gaiops_chat('mirror', repeat('x', $before) || repeat('\x{1D11E}', 1000)) AS body;
SELECT octet_length(p.body) BETWEEN 1021 AND 1024, left(s.body, length(p.body)) = p.body,
	p.body_length = octet_length(s.body), p.body_sha256 = sha256(convert_to(s.body, 'UTF8'))
FROM gaiops.span_payloads p, sent s WHERE p.kind = 'request' AND p.trace_id = gaiops_last_trace_id()
END
}

# Bytes that are no text are stored as they came.
make_endpoint($node, 'bad-utf8', $fault->url('bad-utf8'));
is(ask("SELECT gaiops_chat('bad-utf8', 'Hi', on_error => 'null'); SELECT body IS NULL, position('\\xffc328'::bytea IN body_bytes) > 0 FROM gaiops.span_payloads WHERE kind = 'response' AND trace_id = gaiops_last_trace_id()"),
	"\nt|t", 'an answer that is no text is stored as bytes');

# Numbers that text can hold and numeric cannot: an answer as text is right; as
# jsonb there is none, and the session lives.
make_endpoint($node, 'huge', $fault->url('huge-usage,value=1e200000'));
is(ask("SELECT gaiops_chat('huge', 'Hi')"), 'OK from the fault server.', 'a number beyond numeric does no harm to a text');
my ($rc, $out, $err) = $node->psql('postgres', "\\set VERBOSITY sqlstate\nSELECT gaiops_chat_completion('{\"model\": \"huge\", \"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}');\nSELECT 'alive';", on_error_stop => 0);
like($err, qr/^(?:psql:<stdin>:\d+: )?ERROR:  22003$/m, 'and is PostgreSQL\'s own error as jsonb');
is($out, 'alive', 'of which the session does not die');

# No call where none was asked for ---------------------------------------------

$fault->forget;
ask(<<'END');
EXPLAIN SELECT gaiops_chat('ok', 'Hi');
EXPLAIN VERBOSE SELECT gaiops_chat('ok', x::text) FROM generate_series(1, 3) x WHERE gaiops_chat('ok', 'where') IS NOT NULL;
PREPARE p AS SELECT gaiops_chat('ok', $1);
EXPLAIN EXECUTE p('Hi');
EXPLAIN CREATE TABLE t AS SELECT gaiops_chat('ok', 'Hi');
SELECT gaiops_chat('ok', 'Hi') WHERE false;
SELECT CASE WHEN false THEN gaiops_chat('ok', 'Hi') END;
CREATE VIEW v AS SELECT gaiops_chat('ok', 'Hi') AS answer;
END
is(scalar $fault->journal, 0, 'EXPLAIN, PREPARE and what is not reached make no call');
ask("EXPLAIN ANALYZE SELECT gaiops_chat('ok', 'Hi')");
is(scalar $fault->journal, 1, 'EXPLAIN ANALYZE makes it');
$fault->forget;
ask("SELECT (gaiops_chat('ok', x::text)) FROM generate_series(1, 3) x; SELECT answer FROM v; EXECUTE p('Hi')" =~ s/; EXECUTE.*//r);
is(scalar $fault->journal, 4, 'one call per row');

# Memory ----------------------------------------------------------------------

# A session that makes 10,000 calls is no larger than after its first 1,000: in
# one statement, and in a loop of statements. Without jit, which loads LLVM.
$node->safe_psql('postgres', "SELECT gaiops_create_endpoint('echo', 'builtin:echo')");
my @sizes = split /\n/, $node->safe_psql('postgres', <<'END');
CREATE FUNCTION pg_temp.rss() RETURNS int LANGUAGE sql AS $$ SELECT substring(pg_read_file('/proc/self/status') FROM 'RssAnon:\s+(\d+) kB')::int $$;
CREATE FUNCTION pg_temp.contexts() RETURNS bigint LANGUAGE sql AS $$ SELECT sum(total_bytes)::bigint / 1024 FROM pg_backend_memory_contexts $$;
SET client_min_messages = error;
SET jit = off;
DO $$ BEGIN FOR i IN 1 .. 1000 LOOP PERFORM gaiops_chat('echo', 'Hi ' || i); END LOOP; END $$;
SELECT pg_temp.rss(), pg_temp.contexts();
DO $$ BEGIN FOR i IN 1 .. 4000 LOOP PERFORM gaiops_chat('echo', 'Hi ' || i); END LOOP; END $$;
SELECT pg_temp.rss(), pg_temp.contexts();
SELECT count(gaiops_chat('echo', 'Hi ' || i)) FROM generate_series(1, 5000) i;
SELECT pg_temp.rss(), pg_temp.contexts();
END
splice @sizes, 2, 1;
my ($first, @later) = map { [split /\|/] } @sizes;
foreach my $size (@later)
{
	cmp_ok($size->[0], '<', $first->[0] + 2048, 'thousands of calls later the process is no larger');
	cmp_ok($size->[1], '<', $first->[1] + 256, 'nor are its memory contexts');
}
is($node->safe_psql('postgres', "SELECT count(*), count(DISTINCT (trace_id, span_id)) FROM gaiops.spans WHERE endpoint = 'echo'"), '10000|10000',
	'every call is on record');

recorded_ok($node, $_, 'every request is on record') foreach $fault, $model;

done_testing();
