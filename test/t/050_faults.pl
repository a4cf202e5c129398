# Every way an upstream can fail: the caller gets an error of its own SQLSTATE or
# a right answer, the attempt is on record with its class, and the session lives.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use GaiopsTest;
use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);

my $json = JSON::PP->new->utf8;
my $node = gaiops_node('faults');
my $fault = fault_server();
my $tls = fault_server(tls => 1);

# try_chat() makes a call and returns all that can be seen of it. Error and trace
# are read in a block of their own, as a caller's would be.
$node->safe_psql('postgres', <<'END');
CREATE FUNCTION public.try_chat(endpoint text, timeout interval DEFAULT NULL) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	answer text; state text; message text; detail text; hint text;
BEGIN
	BEGIN
		answer := pg_catalog.gaiops_chat(endpoint, 'Hi'::text, timeout => try_chat.timeout);
		state := '00000';
	EXCEPTION WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT,
			detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	END;
	RETURN jsonb_build_object('state', state, 'answer', left(answer, 200), 'length', length(answer),
		'message', message, 'detail', detail, 'hint', hint, 'trace', pg_catalog.gaiops_last_trace_id());
END $$;
CREATE FUNCTION public.spans_of(trace uuid) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_agg(jsonb_build_object('status', s.status, 'class', s.error_class, 'attempt', s.attempt,
		'http', s.http_status, 'message', s.error_message, 'tokens', s.input_tokens, 'finish', s.finish_reason, 'cost', s.cost::text,
		'answer', (SELECT coalesce(octet_length(p.body), octet_length(p.body_bytes)) FROM gaiops.span_payloads p
			WHERE p.trace_id = s.trace_id AND p.span_id = s.span_id AND p.kind = 'response'))
		ORDER BY s.attempt)
	FROM gaiops.spans s WHERE s.trace_id = trace
$$;
END
make_endpoint($node, 'alive', $fault->url('ok'));
$node->safe_psql('postgres', "SELECT gaiops_create_secret('some_key', 'sk-some-key-000')");

# A fault with a piece of JSON in its URL, and more options.
sub with_json
{
	my ($fault, $text, @more) = @_;
	return join ',', $fault, 'json=' . $text =~ s/([^\w.])/sprintf '%%%02X', ord $1/ger, @more;
}

# The fault that answers with such choices, or with in=content such a content.
sub choice
{
	my ($text, @more) = @_;
	return with_json('choice', $text || 'none', @more);
}

# One session makes all calls; after each fault it makes a good call. A case is
# fault, SQLSTATE, error_class, what DETAIL or the answer looks like; url, more
# (arguments of the endpoint) and timeout (of the call) may follow.
sub run_cases
{
	my ($title, $cases, $more) = @_;
	my $sql = "SET client_min_messages = error;\n";
	my $number = 0;

	foreach my $case (@$cases)
	{
		my ($name, undef, undef, undef, %option) = @$case;
		my $endpoint = "case_" . ++$number;
		my $arguments = join ', ', $option{more} // (), $more // 'max_retries => 0';
		my $url = $option{url} // $fault->url($name);
		my $timeout = $option{timeout} ? "'$option{timeout}'" : 'NULL';

		$sql .= <<"END";
DO \$\$ BEGIN PERFORM gaiops_create_endpoint('$endpoint', '$url', model => 'gpt-4.1-mini', $arguments); END \$\$;
CREATE TEMP TABLE c AS SELECT public.try_chat('$endpoint', $timeout) AS r;
SELECT r FROM c;
SELECT public.spans_of((r ->> 'trace')::uuid) FROM c;
SELECT public.try_chat('alive') -> 'answer', pg_backend_pid();
DROP TABLE c;
DO \$\$ BEGIN PERFORM gaiops_drop_endpoint('$endpoint'); END \$\$;
END
	}
	my $begin = time;
	my ($rc, $out, $err) = $node->psql('postgres', $sql, extra_params => ['-q', '-v', 'ON_ERROR_STOP=1']);
	is($rc, 0, "$title: the session lives") or diag($err);
	note sprintf '%s: %.1f s', $title, time - $begin;
	my @lines = split /\n/, $out;
	my %pids;
	foreach my $case (@$cases)
	{
		my ($result, $spans) = map { $json->decode($_) } splice @lines, 0, 2;
		my ($alive, $pid) = split /\|/, shift @lines;
		$pids{$pid}++;
		check_case($case, $result, $spans, $alive);
	}
	is(scalar keys %pids, 1, "$title: it is one session");
	return;
}

sub check_case
{
	my ($case, $result, $spans, $alive) = @_;
	my ($name, $state, $class, $like, %option) = @$case;
	my $span = $spans->[-1];
	my $text = $state eq '00000' ? $result->{answer} // '' : $result->{detail} // '';
	my @wrong;

	push @wrong, "SQLSTATE $result->{state}" if $result->{state} ne $state;
	push @wrong, "text \"$text\"" if $text !~ $like;
	push @wrong, "finish_reason $span->{finish}" if $option{finish} && $span->{finish} ne $option{finish};
	push @wrong, "message \"$result->{message}\"" if $option{said} && $result->{message} !~ $option{said};
	push @wrong, "hint \"$result->{hint}\"" if $option{hint} && ($result->{hint} // '') !~ $option{hint};
	push @wrong, 'no message' if $state ne '00000' && !$result->{message};
	push @wrong, @$spans . ' spans' if @$spans != ($option{attempts} // 1);
	push @wrong, "class " . ($span->{class} // 'null') if ($span->{class} // '') ne ($class // '');
	push @wrong, "status $span->{status}" if $span->{status} ne ($state eq '00000' ? 'OK' : 'ERROR');
	push @wrong, 'not alive' if $alive ne '"OK from the fault server."';
	push @wrong, "$_ " . ($span->{$_} // 'null')
	  foreach grep { exists $option{$_} && ($span->{$_} // 'null') ne $option{$_} } qw(http tokens cost answer);
	local $Test::Builder::Level = $Test::Builder::Level + 2;
	ok(!@wrong, "$name: " . ($state eq '00000' ? 'a right answer' : "$state, $class"))
	  or diag(join '; ', @wrong);
	return;
}

# Answers ---------------------------------------------------------------------

run_cases('answers', [
	['ok', '00000', undef, qr/^OK from the fault server\.$/, http => 200, tokens => 7, cost => '0.0000108'],
	['choices', '00000', undef, qr/^Choice 0\.$/],
	['refusal', '00000', undef, qr/^I cannot help with that\.$/],
	['tools', '00000', undef, qr/^$/, finish => 'tool_calls'],
	['null-content', '00000', undef, qr/^$/, finish => 'no_content'],
	['no-content,reason=length', '00000', undef, qr/^$/, finish => 'no_content'],
	['no-content,reason=content_filter', '00000', undef, qr/^$/, finish => 'content_filter'],
	[choice('', 'in=content'), '00000', undef, qr/^$/, finish => 'no_content'],
	[choice('[]', 'in=content'), '00000', undef, qr/^$/, finish => 'no_content'],
	[choice('""', 'in=content'), '00000', undef, qr/^$/, finish => 'stop'],
	['logprobs', '00000', undef, qr/^Yes$/],
	['parts', '00000', undef, qr/^Part one, part two\.$/],
	['gzip', '00000', undef, qr/^OK from/],
	['gzip-members', '00000', undef, qr/^OK from the fault server\.$/, tokens => 7],
	['gzip-padded', '00000', undef, qr/^OK from/],
	['html-type', '00000', undef, qr/^OK from/],
	['slow,ms=200', '00000', undef, qr/^OK from/],
	['drip,ms=1', '00000', undef, qr/^OK from/],
	['drip-headers,ms=1', '00000', undef, qr/^OK from/],
	# What says that nothing failed, or that another choice did.
	(map { ["no-error,value=$_", '00000', undef, qr/^OK from/] } qw(null %22%22 %7B%7D %5B%5D false 0)),
	['error-in-200,code=500,where=second', '00000', undef, qr/^OK from/],
	# What strict JSON refuses and can be kept.
	['bom', '00000', undef, qr/^OK from/, tokens => 7, cost => '0.0000108'],
	['nul-escape', '00000', undef, qr/^before\x{fffd}after$/, tokens => 7],
	['lone-surrogate', '00000', undef, qr/^before\x{fffd}after$/, tokens => 7],
	['nan-elsewhere', '00000', undef, qr/^OK from/, tokens => 7, cost => '0.0000108'],
	# What is unknown is NULL: neither 0 nor nonsense.
	['nan', '00000', undef, qr/^OK from/, tokens => 7, cost => '0.0000108'],
	['infinity', '00000', undef, qr/^OK from/, tokens => 7, cost => '0.0000108'],
	['no-usage', '00000', undef, qr/^OK from/, tokens => 'null', cost => 'null'],
	['null-usage', '00000', undef, qr/^OK from/, tokens => 'null', cost => 'null'],
	['negative-usage', '00000', undef, qr/^OK from/, tokens => 'null', cost => 'null'],
	['huge-usage', '00000', undef, qr/^OK from/, tokens => 'null', cost => 'null'],
]);

# An answer without anything is never a silent NULL, and what the upstream gave for
# a reason is not lost.
make_endpoint($node, 'nothing', $fault->url('no-content,reason=length,id=nothing'));
my ($ok, $nothing, $warning) = $node->psql('postgres', <<'END', extra_params => ['-q']);
SELECT gaiops_chat('nothing', 'Hi') IS NULL;
SELECT status, finish_reason FROM gaiops.spans WHERE trace_id = gaiops_last_trace_id();
SELECT attributes -> 'gen_ai.response.finish_reasons' FROM gaiops.span_contents WHERE trace_id = gaiops_last_trace_id();
SELECT gaiops_chat_completion('{"model": "nothing", "messages": [{"role": "user", "content": "Hi"}]}') #> '{choices,0,message,content}';
END
is($nothing, "t\nOK|no_content\n[\"length\"]\nnull", 'no content: NULL, on record as such with the reason given');
is(() = $warning =~ /WARNING:  1 answer has no content\n/g, 2, 'with a WARNING each time');
like($warning, qr/DETAIL:  The first, of model "gpt-4.1-mini" of provider "\S+" in trace [0-9a-f-]{36}, has neither .*finish_reason is "length"\.\n.*HINT:  .*max_tokens/, 'that says why');
($ok, $nothing, $warning) = $node->psql('postgres', "SELECT count(gaiops_chat('nothing', i::text)) FROM generate_series(1, 3) AS i", extra_params => ['-q']);
is($nothing, '0', 'many in one statement');
like($warning, qr/WARNING:  3 answers have no content\nDETAIL:  The first, of /, 'with a WARNING');
is(() = $warning =~ /no content/g, 1, 'that comes once');
($ok, $nothing, $warning) = $node->psql('postgres', "SELECT gaiops_chat('nothing', 'Hi'), 1 / 0; SELECT gaiops_chat('alive', 'Hi')", extra_params => ['-q']);
unlike($warning, qr/no content/, 'and none of a statement that fails');
($ok, $nothing, $warning) = $node->psql('postgres', "SELECT gaiops_chat('alive', 'Hi')", extra_params => ['-q']);
unlike($warning, qr/no content/, 'and none for an answer');

# Usages: what is recorded of each, and why not. Tokens are input, output, cached,
# written, reasoning. Whatever the usage, a call costs what gaiops_get_cost() says.

my @usages = (
	['{"prompt_tokens":1000,"completion_tokens":200,"total_tokens":1200}', '1000|200|||', ''],
	['{"prompt_tokens":1000,"completion_tokens":200,"prompt_tokens_details":{"cached_tokens":600},"completion_tokens_details":{"reasoning_tokens":50}}', '1000|200|600||50', ''],
	# What a proxy makes of no usage.
	['{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}', '||||', '["prompt_tokens is 0", "completion_tokens is 0 beside an answer"]'],
	['{"prompt_tokens":0,"completion_tokens":200}', '|200|||', '["prompt_tokens is 0"]'],
	['{"prompt_tokens":1000,"completion_tokens":0,"total_tokens":1000}', '1000||||', '["completion_tokens is 0 beside an answer"]'],
	# Parts larger than their whole.
	['{"prompt_tokens":10,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":11}}', '|5|||', '["more cached tokens than prompt_tokens"]'],
	['{"prompt_tokens":10,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":6,"cache_write_tokens":6}}', '|5|||', '["more cached tokens than prompt_tokens"]'],
	['{"prompt_tokens":10,"completion_tokens":5,"completion_tokens_details":{"reasoning_tokens":6}}', '10||||', '["more reasoning_tokens than completion_tokens"]'],
	# Anthropic's cached tokens are beside the prompt, by its own names and others.
	['{"input_tokens":10,"output_tokens":5,"cache_read_input_tokens":600,"cache_creation_input_tokens":0}', '610|5|600|0|', ''],
	['{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"cache_read_input_tokens":600}', '610|5|600||', ''],
	# Of three, one is missing.
	['{"prompt_tokens":1000,"total_tokens":1200}', '1000|200|||', ''],
	['{"completion_tokens":200,"total_tokens":1200}', '1000|200|||', ''],
	['{"total_tokens":1200}', '||||', ''],
	['{"prompt_tokens":"1000","completion_tokens":"200","prompt_tokens_details":{"cached_tokens":"600"}}', '1000|200|600||', ''],
	['{"prompt_tokens":-7,"completion_tokens":1e300}', '||||', '["prompt_tokens is not a number of tokens", "completion_tokens is not a number of tokens"]'],
	['null', '||||', ''],
);
make_endpoint($node, "usage_$_", $fault->url(with_json('raw-usage', $usages[$_][0])), 'max_retries => 0') foreach 0 .. $#usages;
make_endpoint($node, 'usage_empty', $fault->url(with_json('raw-usage', '{"prompt_tokens":10,"completion_tokens":0}', 'text=')), 'max_retries => 0');
$node->safe_psql('postgres', "SET client_min_messages = error; SELECT gaiops_chat('usage_' || u, 'Hi') FROM unnest(ARRAY['empty'] || ARRAY(SELECT generate_series(0, $#usages)::text)) u");
foreach my $i (0 .. $#usages)
{
	is($node->safe_psql('postgres', <<"END"), "$usages[$i][1]|$usages[$i][2]", "usage $usages[$i][0]");
SELECT s.input_tokens, s.output_tokens, s.cached_input_tokens, s.cache_write_tokens, s.reasoning_tokens, c.attributes -> 'gaiops.usage_problems'
FROM gaiops.spans s JOIN gaiops.span_contents c USING (trace_id, span_id) WHERE s.endpoint = 'usage_$i'
END
}
is($node->safe_psql('postgres', "SELECT input_tokens, output_tokens, cost > 0 FROM gaiops.spans WHERE endpoint = 'usage_empty'"), '10|0|t',
	'an empty answer can have taken no tokens');
is($node->safe_psql('postgres', <<'END'), scalar(@usages) + 1 . '|0|8', 'a recorded call and gaiops_get_cost() agree');
SELECT count(*), count(*) FILTER (WHERE s.cost IS DISTINCT FROM c.cost), count(s.cost)
FROM gaiops.spans s, LATERAL gaiops_get_cost(s.provider, s.model, s.input_tokens, s.output_tokens, s.cached_input_tokens,
	s.cache_write_tokens, s.reasoning_tokens, s.start_time) AS c (cost)
WHERE s.endpoint LIKE 'usage\_%'
END

# Answers that are none -------------------------------------------------------

run_cases('bad answers', [
	# With the tokens, where they can be read; the cost is unknown all the same.
	['nul-byte', 'LM007', 'invalid_response', qr/NUL byte/, tokens => 7, cost => 'null'],
	['bad-utf8', 'LM007', 'invalid_response', qr/UTF-8/, tokens => 7, cost => 'null'],
	['deep', 'LM007', 'invalid_response', qr/nested too deeply/],
	['deep,levels=100000', 'LM007', 'invalid_response', qr/nested too deeply/],
	[choice('null'), 'LM007', 'invalid_response', qr/has no choices/],
	[choice('{}'), 'LM007', 'invalid_response', qr/has no choices/],
	[choice('[null]'), 'LM007', 'invalid_response', qr/^The first choice of the answer is no object\.$/, tokens => 7],
	[choice('["text"]'), 'LM007', 'invalid_response', qr/is no object/],
	[choice('[{}]'), 'LM007', 'invalid_response', qr/^The first choice of the answer has no message\.$/],
	[choice('[{"message":null}]'), 'LM007', 'invalid_response', qr/has no message/],
	[choice('[{"text":"t"}]'), 'LM007', 'invalid_response', qr/has no message/],
	[choice('12', 'in=content'), 'LM007', 'invalid_response', qr/neither text nor parts nor null/],
	[choice('true', 'in=content'), 'LM007', 'invalid_response', qr/neither text nor parts nor null/],
	[choice('{"text":"t"}', 'in=content'), 'LM007', 'invalid_response', qr/neither text nor parts nor null/],
	[choice('[1]', 'in=content'), 'LM007', 'invalid_response', qr/something in it that is no part/],
	['empty-choices', 'LM007', 'invalid_response', qr/no choices/],
	['no-choices', 'LM007', 'invalid_response', qr/no choices/],
	['empty-body', 'LM007', 'invalid_response', qr/empty/],
	['array', 'LM007', 'invalid_response', qr/not a JSON object/],
	['html', 'LM007', 'invalid_response', qr{text/html}],
	['truncated-json', 'LM007', 'invalid_response', qr/cut off/, tokens => 'null', cost => 'null'],
	['trailing-garbage', 'LM007', 'invalid_response', qr/followed by something else/, tokens => 7, cost => 'null'],
	# In the words of one version of libcurl or another.
	['truncated', 'LM007', 'invalid_response', qr/bytes (?:remaining|missing)/, answer => 40],
	['truncated-chunked', 'LM007', 'invalid_response', qr/closed/, answer => 40],
	['reset-in-body', 'LM007', 'invalid_response', qr/reset/i, answer => 40],
	['bad-status-line', 'LM007', 'invalid_response', qr/HTTP|status line/],
	['big-headers', 'LM007', 'invalid_response', qr/header/i],
	['error-200', 'LM005', 'upstream_error', qr/^The upstream said: the model is overloaded$/, http => 200],
	['error-in-200,code=overloaded,where=beside', 'LM005', 'upstream_error', qr/^The upstream said: it failed$/, tokens => 7],
	['error-in-200,code=500,where=choice', 'LM005', 'upstream_error', qr/^The upstream said: it failed$/, said => qr/with error "500" inside HTTP status 200$/],
	['error-in-200,code=content_blocked,where=choice', 'LM005', 'upstream_error', qr/it failed/, said => qr/"content_blocked" inside/],
	['error-in-200,where=text', 'LM005', 'upstream_error', qr/it failed/, said => qr/with an error inside HTTP status 200$/],
	['error-in-200,where=reason', 'LM005', 'upstream_error', qr/does not say why/],
	['error-in-200,code=429', 'LM004', 'rate_limited', qr/it failed/],
	['error-in-200,code=429,where=beside', 'LM004', 'rate_limited', qr/it failed/, http => 200],
	['error-in-200,code=rate_limit_exceeded,where=choice', 'LM004', 'rate_limited', qr/it failed/],
	['error-in-200,type=RateLimitError,status=400', 'LM004', 'rate_limited', qr/it failed/, http => 400],
	['error-in-200,code=500,status=400', 'LM005', 'upstream_error', qr/it failed/, http => 400],
	['error-in-200,type=overloaded_error,status=400', 'LM005', 'upstream_error', qr/it failed/, http => 400],
	['error-in-200,type=server_error,status=400', 'LM006', 'request_refused', qr/it failed/, http => 400],
	['error-in-200,type=server_error', 'LM005', 'upstream_error', qr/it failed/, http => 200],
	['error-in-200,code=400,where=beside', 'LM006', 'request_refused', qr/it failed/, http => 200],
	['error-in-200,code=401,status=500', 'LM005', 'upstream_error', qr/it failed/, http => 500],
	['big', 'LM008', 'response_too_large', qr/larger than 16777216 bytes/],
	['bomb', 'LM008', 'response_too_large', qr/larger than 16777216 bytes/],
	['bomb-members', 'LM008', 'response_too_large', qr/larger than 16777216 bytes/],
	['gzip-cut', 'LM007', 'invalid_response', qr/^The answer is compressed, and cut off before its end\.$/],
	['gzip-damaged', 'LM007', 'invalid_response', qr/^The answer is compressed, and damaged\.$/],
	['odd-encoding', 'LM007', 'invalid_response', qr/encoded in a way that was not asked for/],
	['bomb,bytes=5000', 'LM008', 'response_too_large', qr/larger than 2048 bytes/, more => 'max_response_bytes => 2048'],
	['big,bytes=900', 'LM008', 'response_too_large', qr/larger than 2048 bytes/, more => 'max_response_bytes => 2048'],
]);

# What was replaced is on record, and what came is kept as it came.
make_endpoint($node, "odd_$_", $fault->url("$_,id=odd")) foreach qw(bom nul-escape lone-surrogate nan-elsewhere);
is($node->safe_psql('postgres', <<'END'), <<'END' =~ s/\n\z//r, 'the record says what was replaced');
SET client_min_messages = error;
SELECT gaiops_chat_completion(jsonb_build_object('model', 'odd_' || e, 'messages', '[{"role": "user", "content": "Hi"}]'::jsonb))
	#>> '{choices,0,message,content}' FROM unnest('{bom,nul-escape,lone-surrogate,nan-elsewhere}'::text[]) e;
SELECT attributes -> 'gaiops.replaced', answer, strpos(response, '\u0000') > 0 OR strpos(response, '\ud800') > 0
	OR strpos(response, '-Infinity') > 0 OR strpos(response, chr(65279)) = 1
FROM gaiops.span_contents JOIN gaiops.spans USING (trace_id, span_id) WHERE endpoint LIKE 'odd_%' ORDER BY spans.start_time;
END
OK from the fault server.
before�after
before�after
OK from the fault server.
{"byte_order_mark": 1}|OK from the fault server.|t
{"nul": 1}|before�after|t
{"surrogate": 1}|before�after|t
{"number": 2}|OK from the fault server.|t
END

# What cannot be read may have been paid for: its cost is unknown, and not 0.
make_endpoint($node, "unread_$_", $fault->url("$_,id=unread"), 'max_retries => 0') foreach qw(bad-utf8 truncated-json truncated big 429);
is($node->safe_psql('postgres', <<'END'), <<'END' =~ s/\n\z//r, 'and counts as unpriced');
SET client_min_messages = error;
SELECT count(gaiops_chat('unread_' || e, 'Hi', on_error => 'null', session_id => 'unread')) FROM unnest('{bad-utf8,truncated-json,truncated,big,429}'::text[]) e;
SELECT endpoint, cost, unpriced, input_tokens FROM gaiops.usage_hourly WHERE endpoint LIKE 'unread_%' ORDER BY 1;
SELECT cost, unpriced FROM gaiops.traces WHERE session_id = 'unread' ORDER BY unpriced, trace_id;
SELECT cost, unpriced FROM gaiops.sessions WHERE session_id = 'unread';
END
0
unread_429|0.000000000000000000|0|0
unread_bad-utf8||1|7
unread_big||1|0
unread_truncated||1|0
unread_truncated-json||1|0
|0
|1
|1
|1
|1
|4
END

# Statuses --------------------------------------------------------------------

run_cases('statuses', [
	['400', 'LM006', 'request_refused', qr/^The upstream said: max_tokens is too large: 1000000$/, http => 400],
	['401-with-key', 'LM006', 'request_refused', qr/Incorrect API key/, http => 401],
	['status,code=404', 'LM006', 'request_refused', qr/status 404/, http => 404],
	['413', 'LM006', 'request_refused', qr/too large/, http => 413],
	['status,code=422', 'LM006', 'request_refused', qr/status 422/, http => 422],
	['408', 'LM005', 'upstream_error', qr/request timeout/, http => 408],
	['429', 'LM004', 'rate_limited', qr/rate limit reached/, http => 429],
	['500', 'LM005', 'upstream_error', qr/internal error/, http => 500],
	['500-html', 'LM005', 'upstream_error', qr/502 Bad Gateway/, http => 500],
	['500-empty', 'LM005', 'upstream_error', qr/^$/, http => 500],
	['503', 'LM005', 'upstream_error', qr/overloaded/, http => 503],
	# A message is one line of at most 500 bytes without control characters.
	['400-dirty', 'LM006', 'request_refused', qr/^The upstream said: line one line two  \[31m red x{300,480}$/],
	# Nobody is followed anywhere, which the journal shows below.
	(map { ["redirect,code=$_", 'LM006', 'request_refused', qr{^\QIt redirects to http://127.0.0.1:\E\d+\Q/fault/ok,id=redirected/v1/chat/completions, which is not followed.\E$},
		http => $_, hint => qr/gaiops_alter_endpoint/] } 301, 302, 303, 307, 308),
	# Where it points, without what is nobody's business.
	['redirect,to=https:%2F%2Fme:pass%40word%40login.example.com%2Fsso%3Ftoken=t0ken%23x', 'LM006', 'request_refused',
		qr{^\QIt redirects to https://login.example.com/sso, which is not followed.\E$}],
	['redirect,to=%2F' . 'x' x 1000, 'LM006', 'request_refused', qr{^\QIt redirects to http://127.0.0.1:\E\d+/x{200,290}, which}],
	['redirect,to=', 'LM006', 'request_refused', qr/^$/, hint => qr/^Check the endpoint's URL in gaiops\.endpoints/],
	# Also where what is shown ends within a key.
	['redirect,to=%2F' . 'x' x 266 . 'sk-some-key-000%2Fy', 'LM006', 'request_refused', qr{/x{266}\*{10,11}, which}, more => "secret => 'some_key'"],
	['401-with-key,cut=10', 'LM006', 'request_refused', qr/provided: Bearer \*{10}$/, more => "secret => 'some_key'"],
	['status,code=304', 'LM006', 'request_refused', qr//],
	# Whose key it is that is refused.
	['status,code=401,id=own', 'LM006', 'request_refused', qr/status 401/, hint => qr/sends no key, so check the gateway's own key for its provider/],
	['status,code=403,id=own', 'LM006', 'request_refused', qr/status 403/, hint => qr/sends no key/],
	['status,code=401,id=secret', 'LM006', 'request_refused', qr/status 401/, hint => qr/^Check what the endpoint sends, secret "some_key"; gaiops_alter_secret\(\)/, more => "secret => 'some_key'"],
	['status,code=401,id=header', 'LM006', 'request_refused', qr/status 401/, hint => qr/secret "some_key" in header "x-api-key"; gaiops_alter_secret/, more => q(headers => '{"x-api-key": "secret:some_key"}')],
	['status,code=204', 'LM007', 'invalid_response', qr/empty/],
]);
is(scalar(grep { $_->{path} =~ /redirected/ } $fault->journal), 0, 'no redirect is followed');

# Connections -----------------------------------------------------------------

run_cases('connections', [
	['refused', 'LM001', 'unreachable', qr/connect/i, url => refused_url(), http => 'null'],
	['no such host', 'LM001', 'unreachable', qr/resolve/i, url => 'https://nowhere.invalid/v1'],
	['reset', 'LM001', 'unreachable', qr/reset|closed/i],
	['no-answer', 'LM001', 'unreachable', qr/Empty reply|closed/],
	['TLS to a port without', 'LM002', 'tls_failure', qr/./, url => $fault->url('ok') =~ s/^http:/https:/r],
	['an unknown certificate', 'LM002', 'tls_failure', qr/certificate/i, url => $tls->url('ok')],
	['http to a TLS port', 'LM001', 'unreachable', qr/./, url => $tls->url('ok') =~ s/^https:/http:/r],
]);

# Waiting, with a limit of 300 ms where 30 s would be: which limit is said.

my $begin = time;
run_cases('limits', [
	['hang', 'LM003', 'timeout', qr/timeout of 0\.3 s for the whole call/, http => 'null'],
	['hang-in-body', 'LM003', 'timeout', qr/timeout of 0\.3 s for the whole/, http => 200, answer => 40],
	['drip', 'LM003', 'timeout', qr/timeout of 0\.3 s for the whole/],
	['drip-headers', 'LM003', 'timeout', qr/timeout of 0\.3 s for the whole/],
	# A busy machine may wake up after the limit of the whole call, too; so that is far.
	['a hung connect', 'LM003', 'timeout', qr/connect timeout of 0\.2 s/, url => hung_connect_url(), timeout => '20 s',
		more => "connect_timeout => '200 ms'"],
	['a hung handshake', 'LM003', 'timeout', qr/timeout of 0\.[23] s/, url => silent_url('https')],
	['a silent server', 'LM003', 'timeout', qr/timeout of 0\.3 s for the whole/, url => silent_url()],
	# The call's own limit wins over the endpoint's, both ways.
	['hang,id=call', 'LM003', 'timeout', qr/timeout of 0\.1 s for the whole/, timeout => '100 ms'],
	['slow,ms=500', '00000', undef, qr/^OK from/, timeout => '20 s'],
], "max_retries => 0, timeout => '300 ms'");
cmp_ok(time - $begin, '<', 25, 'none waits for the 30 s of the upstream');

# A kept connection that has gone stale is no failure of the call -------------

$fault->forget;
make_endpoint($node, $_, $fault->url($_)) foreach 'stale', 'stale-at-reuse';
my ($rc, $out) = $node->psql('postgres', <<"END", extra_params => ['-q']);
SET client_min_messages = error;
SELECT public.try_chat('stale') ->> 'answer';
DO 'BEGIN PERFORM pg_sleep(0.2); END';
SELECT public.try_chat('stale') ->> 'answer';
SELECT public.try_chat('stale-at-reuse') ->> 'answer';
SELECT public.try_chat('stale-at-reuse') ->> 'answer';
END
is($out, join("\n", ('OK from the fault server.') x 4), 'a stale kept connection: the right answer each time')
  or diag($out);
recorded_ok($node, $fault, 'and nothing was sent again without a span of its own');

# Nor is one that the upstream closes without a word after it has failed; any other
# is kept.

foreach my $code (500, 502, 503)
{
	$fault->forget;
	make_endpoint($node, "closed_$code", $fault->url("fail-then-closed,code=$code"), 'max_retries => 0');
	($rc, $out) = $node->psql('postgres', <<"END", extra_params => ['-q']);
SET client_min_messages = error;
SELECT public.try_chat('alive') ->> 'state';
SELECT public.try_chat('closed_$code') ->> 'state';
SELECT public.try_chat('closed_$code') ->> 'answer';
SELECT public.try_chat('alive') ->> 'state';
SELECT string_agg(attempt || coalesce(' ' || http_status, ''), ', ' ORDER BY start_time) FROM gaiops.spans WHERE endpoint = 'closed_$code';
END
	is($out, "00000\nLM005\nOK from the fault server.\n00000\n1 $code, 1 200", "after a $code the next call needs no second attempt");
	my @used = map { $_->{connection} } $fault->journal;
	ok($used[0] == $used[1] && $used[1] != $used[2] && $used[2] == $used[3], "after a $code the connection is not used again, after a 200 it is")
	  or diag("connections @used");
}
$fault->forget;
make_endpoint($node, 'refusing', $fault->url('status,code=429'), 'max_retries => 0');
$node->safe_psql('postgres', "SELECT public.try_chat(e) FROM unnest('{refusing,alive}'::text[]) e");
my @used = map { $_->{connection} } $fault->journal;
ok(@used == 2 && $used[0] == $used[1], 'after a 429 it is, too');

# Retries ---------------------------------------------------------------------

# Endpoint per cause, all called at once. Attempts there should be with two
# retries, and what is in the journal.
my %attempts = (
	'408,id=r' => 3, '429,after=0' => 3, '500,id=r' => 3, '503,id=r' => 3, '500-empty,id=r' => 3,
	'reset,id=r' => 3, 'no-answer,id=r' => 3,
	'408-then-ok' => 2, '429-then-ok,after=0' => 2, '503-then-ok' => 2, 'reset-then-ok' => 2,
	'503-then-ok,times=2' => 3,
	'400,id=r' => 1, '413,id=r' => 1, 'status,code=401,id=r' => 1, 'status,code=404,id=r' => 1,
	'redirect,id=r' => 1, 'error-200,id=r' => 3, 'error-in-200,where=text,id=r' => 1,
	'error-in-200,code=429,where=beside,id=r' => 3, 'error-in-200,code=500,where=choice,id=r' => 3,
	'error-in-200-then-ok,code=502,where=choice' => 2, 'error-in-200,code=rate_limit_exceeded,status=400,id=r' => 3,
	'error-in-200,code=400,where=choice,id=r' => 1, 'error-in-200,code=invalid_prompt,where=beside,id=r' => 1,
	 'truncated,id=r' => 1, 'truncated-json,id=r' => 1,
	'bad-utf8,id=r' => 1, 'empty-choices,id=r' => 1, 'ok,id=r' => 1,
);
my @causes = sort keys %attempts;
$fault->forget;
make_endpoint($node, "cause_$_", $fault->url($causes[ $_ - 1 ])) foreach 1 .. @causes;
my @ended = sessions($node, scalar @causes,
	sub { "SET client_min_messages = error; SELECT public.try_chat('cause_$_[0]') ->> 'state';" })->finish(60);
my @journal = $fault->journal;
foreach my $i (0 .. $#causes)
{
	my $cause = $causes[$i];
	my @requests = grep { $_->{path} =~ m{^/fault/\Q$cause\E/} } @journal;
	my %keys = map { $_->{headers}{'idempotency-key'} // '' => 1 } @requests;
	my %parents = map { $_->{traceparent} // '' => 1 } @requests;
	my ($traces, $numbers, $entries, $last) = split /\|/, $node->safe_psql('postgres', <<"END");
SELECT count(DISTINCT trace_id), string_agg(attempt::text, ',' ORDER BY attempt),
	string_agg(is_entry::text, ',' ORDER BY attempt), (array_agg(status ORDER BY attempt DESC))[1]
FROM gaiops.spans WHERE endpoint = 'cause_@{[ $i + 1 ]}'
END
	my $n = $attempts{$cause};
	my $good = $cause =~ /ok/;

	is_deeply(
		[scalar @requests, scalar keys %keys, scalar keys %parents, $traces, $numbers, $entries, $last, $ended[$i]{out} eq '00000'],
		[$n, 1, $n, 1, join(',', 1 .. $n), join(',', 'true', ('false') x ($n - 1)), $good ? 'OK' : 'ERROR', !!$good],
		"$cause: $n attempts, of one idempotency key and trace, each with a span and traceparent of its own")
	  or diag($ended[$i]{out} . $ended[$i]{err});
}
recorded_ok($node, $fault, 'every attempt is on record');

$fault->forget;
make_endpoint($node, 'never_again', $fault->url('503,id=never'), 'max_retries => 0');
make_endpoint($node, 'unreachable', refused_url(), 'max_retries => 1');
is($node->safe_psql('postgres', "SELECT public.try_chat('never_again') ->> 'state'"), 'LM005', 'max_retries 0: an error');
is(scalar $fault->journal, 1, 'max_retries 0: one attempt');
is($node->safe_psql('postgres', "SELECT public.try_chat('unreachable') ->> 'state'; SELECT jsonb_array_length(public.spans_of(gaiops_last_trace_id()))"),
	"LM001\n2", 'a refused connection is tried again');

# Retry-After

make_endpoint($node, 'later', $fault->url('429-then-ok,after=1,id=later'));
is($node->safe_psql('postgres', <<'END'), "00000\n2|t", 'Retry-After is waited for');
SELECT public.try_chat('later') ->> 'state';
SELECT count(*), max(start_time) - min(start_time) >= '1 s' FROM gaiops.spans WHERE endpoint = 'later'
END
# However it is said: a wait of 600 ms at least, where the backoff is 375 at most.
my @waits = (
	'name=llm_provider-retry-after,value=0.6', 'name=retry-after-ms,value=600', 'name=llm_provider-retry-after-ms,value=600',
	'name=x-ratelimit-reset-requests,value=600ms', 'name=x-ratelimit-reset-tokens,value=0m0.6s,none=x-ratelimit-remaining-tokens',
	'name=llm_provider-x-ratelimit-reset-tokens,value=0.6', 'name=Retry-After,value=0.6');
make_endpoint($node, "wait_$_", $fault->url("wait-then-ok,$waits[$_]")) foreach 0 .. $#waits;
@ended = sessions($node, scalar @waits, sub { "SELECT public.try_chat('wait_" . ($_[0] - 1) . "') ->> 'state';" })->finish(60);
foreach my $i (0 .. $#waits)
{
	is($node->safe_psql('postgres', "SELECT count(*), max(start_time) - min(start_time) >= '600 ms' FROM gaiops.spans WHERE endpoint = 'wait_$i'"),
		'2|t', "waited for: $waits[$i]");
}
make_endpoint($node, 'no_wait', $fault->url('wait-then-ok,code=503,name=x-ratelimit-reset-requests,value=1h'));
is($node->safe_psql('postgres', "SELECT public.try_chat('no_wait') ->> 'state'"), '00000', 'the reset of a limit is none of a 503');
make_endpoint($node, 'much_later', $fault->url('status,code=429,after=20'));
$begin = time;
is($node->safe_psql('postgres', "SELECT public.try_chat('much_later', '10 s') ->> 'state'; SELECT jsonb_array_length(public.spans_of(gaiops_last_trace_id()))"),
	"LM004\n1", 'Retry-After beyond the deadline of the call ends it');
cmp_ok(time - $begin, '<', 8, 'at once');
run_cases('waits that do not fit', [
	map { ["status,code=$_,after=20,message=slow%20down", $_ == 429 ? 'LM004' : 'LM005', $_ == 429 ? 'rate_limited' : 'upstream_error',
		qr/^The upstream asked for a wait of 20 s, which the timeout of 10 s for the whole call does not leave\. The upstream said: slow down$/,
		hint => qr/^Pass timeout =>/, timeout => '10 s'] } 429, 503
], 'max_retries => 1');
run_cases('waits that nobody waits for', [['status,code=429,after=20,message=slow%20down', 'LM004', 'rate_limited', qr/^The upstream said: slow down$/, timeout => '10 s']]);

# The deadline comes while another attempt is under way: the upstream's own reason
# counts, and not that we ran out of time.
run_cases('cut by the deadline', [
	['fail-then-hang,id=cut', 'LM004', 'rate_limited',
		qr/^The upstream said: come back later \(attempt 1 of 2\)\. The timeout of 1\.5 s for the whole call ran out\.$/, attempts => 2],
	['fail-then-hang,code=503,id=cut', 'LM005', 'upstream_error', qr/^The upstream said: come back later \(attempt 1 of 2\)/, attempts => 2],
	['hang,id=cut', 'LM003', 'timeout', qr/^The timeout of 1\.5 s for the whole call ran out\.$/],
], "max_retries => 2, timeout => '1500 ms'");

# Keys ------------------------------------------------------------------------

# An upstream that repeats the key, as it is or as JSON may write it.

my @keys = ('sk-plain-0123456789abcdef', 'sk/with+signs=/and"quote\\x-98765', 'Basic cGstaGVhZGVyLWtleTo1NTU1NQ==');
my @hidden = map { /(\S+)$/ } @keys;
$node->append_conf('postgresql.conf', "log_min_messages = debug1\nlog_error_verbosity = verbose");
$node->reload;
$node->safe_psql('postgres', "SELECT gaiops_create_secret('key_$_', " . ('$k$' . $keys[$_] . '$k$') . ')') foreach 0 .. $#keys;
my $headers = q(headers => '{"x-team": "search", "x-portkey-api-key": "secret:key_2"}');
my $number = 0;
foreach my $name ('401-with-key', '401-with-key,style=slashes', '401-with-key,style=unicode', 'headers', 'headers,style=slashes', 'headers,style=unicode')
{
	foreach my $secret (0, 1)
	{
		my $endpoint = 'keyed_' . ++$number;
		make_endpoint($node, $endpoint, $fault->url("$name,id=$secret"), "secret => 'key_$secret', $headers");
		my ($rc, $out, $err) = $node->psql('postgres',
			"SET client_min_messages = debug1;\n\\set VERBOSITY verbose\nSELECT gaiops_chat('$endpoint', 'Hi');");
		my $said = "$out$err";
		like($said, $name =~ /^401/ ? qr/Incorrect API key provided: Bearer \*+/ : qr/bearer \*+/i, "$name, key $secret: the message is shown");
		ok(!(grep { index($said, $_) >= 0 } @hidden), "$name, key $secret: the caller does not see the key") or diag($said);
		my $stored = $node->safe_psql('postgres', <<"END");
SELECT s, p FROM gaiops.spans s JOIN gaiops.span_payloads p USING (trace_id, span_id) WHERE endpoint = '$endpoint' ORDER BY kind
END
		my $plain = $stored =~ s/""/"/gr =~ s/\\+u([0-9a-f]{4})/chr(hex $1)/ger =~ s{\\+(["/])}{$1}gr;
		like($stored, qr/\*{6}/, "$name, key $secret: the body is stored");
		ok(!(grep { my $k = s/\\//gr; index($plain =~ s/\\//gr, $k) >= 0 } @hidden), "$name, key $secret: without the key") or diag($stored);
	}
}
my ($sent) = grep { $_->{path} =~ /headers,id=1/ } $fault->journal;
is($sent->{headers}{authorization}, "Bearer $keys[1]", 'the key is sent as it is');
is_deeply([@{ $sent->{headers} }{'x-team', 'x-portkey-api-key'}], ['search', $keys[2]], 'so are extra headers');
my $log = slurp_file($node->logfile);
ok(!(grep { index($log, $_) >= 0 } @hidden), 'no key is in the server log');
my $dump = $node->safe_psql('postgres', 'SELECT s::text FROM gaiops_private.secrets s UNION ALL SELECT e::text FROM gaiops.endpoints e');
ok(!(grep { index($dump, $_) >= 0 } @hidden), 'nor in a table');

# Looking for keys takes a moment, whatever the answer is made of.
make_endpoint($node, 'backslashes', $fault->url('mirror,id=keys'), "secret => 'key_1', $headers");
is($node->safe_psql('postgres', q{SELECT length(gaiops_chat('backslashes', repeat(E'\\\\', 2000000))::jsonb #>> '{messages,0,content}')}), 2000000,
	'two million backslashes come back');

# A key that cannot be opened: its own error, and nothing is sent.
my $file = PostgreSQL::Test::Utils::tempdir() . '/key';
append_to_file($file, "sk-from-a-file-777\n");
chmod 0600, $file;
$node->safe_psql('postgres', "SELECT gaiops_create_secret('from_file', 'file:$file')");
make_endpoint($node, 'from_file', $fault->url('ok,id=file'), "secret => 'from_file'");
is($node->safe_psql('postgres', "SELECT public.try_chat('from_file') ->> 'answer'"), 'OK from the fault server.', 'a key from a file is used');
unlink $file;
$fault->forget;
is($node->safe_psql('postgres', "SELECT public.try_chat('from_file') ->> 'state'"), 'LM011', 'a key that is gone: an error of its own');
# An error within us does not wait for its record.
ok($node->poll_query_until('postgres', "SELECT EXISTS (SELECT FROM gaiops.spans WHERE endpoint = 'from_file' AND status = 'ERROR' AND error_class = 'secret_unavailable')"),
	'on record as such');
is(scalar $fault->journal, 0, 'and nothing was sent');
is($node->safe_psql('postgres', "SELECT public.try_chat('alive') ->> 'answer'"), 'OK from the fault server.', 'other endpoints answer');

# A trusted certificate -------------------------------------------------------

make_endpoint($node, 'secure', $tls->url('ok'));
$node->append_conf('postgresql.conf', "gaiops.ca_bundle = '" . $tls->ca_file . "'");
$node->reload;
is($node->safe_psql('postgres', "SELECT public.try_chat('secure') ->> 'answer'"), 'OK from the fault server.',
	'a certificate of the bundle is trusted');
(my $other = $tls->url('ok')) =~ s/127\.0\.0\.1/127.0.0.2/;
make_endpoint($node, 'other_name', $other, 'max_retries => 0');
like($node->safe_psql('postgres', "SELECT public.try_chat('other_name') ->> 'state'"), qr/^LM00[12]$/, 'for its own host only');

# Elsewhere -------------------------------------------------------------------

# DROP DATABASE asks every backend to close its files: one in a call must answer.
$node->safe_psql('postgres', 'CREATE DATABASE elsewhere');
make_endpoint($node, 'hung', $fault->url('hang,id=drop'));
$fault->forget;
my $hung = sessions($node, 1, "SELECT gaiops_chat('hung', 'Hi')");
wait_until(sub { scalar $fault->journal }, 'the call to hang');
$begin = time;
$node->safe_psql('postgres', 'DROP DATABASE elsewhere');
cmp_ok(time - $begin, '<', 2, 'DROP DATABASE elsewhere does not wait for a call');
is($hung->running, 1, 'which is still under way');
$node->safe_psql('postgres', "SELECT pg_terminate_backend($_)") foreach $hung->backends;
my ($last) = $hung->finish(10);
is($last->{rc}, 2, 'until it is terminated');
wait_until(sub { $node->safe_psql('postgres', "SELECT count(*) FROM gaiops.spans WHERE endpoint = 'hung' AND error_class = 'terminated'") },
	'the record of the terminated call');

# A call while the writer of its database is leaving: another one comes at once.
foreach my $round (1 .. 5)
{
	$node->safe_psql('postgres', "SELECT public.try_chat('alive')");
	is($node->safe_psql('postgres', <<'END'), 'OK from the fault server.', "a call as the writer leaves ($round)");
DO $$ BEGIN PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'genaiops writer' AND datname = current_database(); END $$;
SELECT public.try_chat('alive') ->> 'answer';
END
}

done_testing();
