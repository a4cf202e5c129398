# What a caller wrote reaches the gateway as it was written, and is recorded so:
# members in their order, numbers in their spelling, byte for byte; and what is
# refused is neither sent nor recorded.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/../lib";
use GaiopsTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = gaiops_node('order');
my $fault = fault_server();

sub ask { return ask_text($node, $_[0]); }

# Records of datasets are kept without the white space outside of strings.
sub tight { return $_[0] =~ s/("(?:[^"\\]|\\.)*")|\s+/$1 \/\/ ''/gesr; }

sub written_is
{
	my ($got, $wanted, $name) = @_;

	local $Test::Builder::Level = $Test::Builder::Level + 1;
	return is(tight($got), tight($wanted), $name);
}

# The mirror answers with the body that it was sent; it is the one that is on record.
my $number = 0;

sub sent
{
	my ($what, $call, $params, $wanted) = @_;
	my $endpoint = 'mirror' . ++$number;

	make_endpoint($node, $endpoint, $fault->url("mirror,id=$endpoint"), $params ? "params => '$params'" : ());
	(my $statement = $call) =~ s/ENDPOINT/$endpoint/g;
	my $sent = ask("SELECT $statement");
	is($sent, qq({"model": "gpt-4.1-mini", $wanted}) =~ s/"gpt-4.1-mini"/model_of($endpoint)/er, $what);
	is(ask("SELECT p.body FROM gaiops.spans s JOIN gaiops.span_payloads p USING (trace_id, span_id) WHERE s.endpoint = '$endpoint' AND p.kind = 'request'"),
		$sent, '... and is on record so');
	return $endpoint;
}

sub model_of { return '"' . ask("SELECT coalesce(model, name) FROM gaiops.endpoints WHERE name = '$_[0]'") . '"'; }

my $schema = '{"type":"json_schema","json_schema":{"name":"v","schema":{"type":"object","properties":{"reasoning":{"type":"string"},"answer":{"type":"boolean"}},"required":["reasoning","answer"]}}}';
my $tools = '[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{"zone":{"type":"string"},"a":{"minimum":0.1000,"maximum":1E5}}}}}]';
my $user = '"messages": [{"role": "user", "content": "Hi"}]';

# Parameters --------------------------------------------------------------------

foreach my $cast ('', '::json', '::text', '::varchar')
{
	sent("a response format, tools and numbers as params$cast", "gaiops_chat('ENDPOINT', 'Hi', params => '{\"response_format\": $schema, \"tools\": $tools, \"seed\": 12345678901234567890123, \"top_p\": 1.0, \"n\": 1e0}'$cast)",
		'', qq($user, "response_format": $schema, "tools": $tools, "seed": 12345678901234567890123, "top_p": 1.0, "n": 1e0));
}
sent('params of type jsonb have the order of jsonb', q{gaiops_chat('ENDPOINT', 'Hi', params => '{"zeta": {"b": 1, "a": 2}, "b": 1.0}'::jsonb)},
	'', qq($user, "b": 1.0, "zeta": {"a": 2, "b": 1}));
my $defaulted = sent('defaults of the endpoint have their places, and what is new follows',
	q{gaiops_chat('ENDPOINT', 'Hi', params => '{"zz": {"y": 1, "x": 2}, "temperature": 0.50, "aa": 1}')},
	'{"top_p": 0.10, "temperature": 0.7, "logit_bias": {"9": 1.0, "10": -1e0}}',
	qq($user, "top_p": 0.10, "temperature": 0.50, "logit_bias": {"9": 1.0, "10": -1e0}, "zz": {"y": 1, "x": 2}, "aa": 1));
is(ask("SELECT params FROM gaiops.endpoints WHERE name = '$defaulted'"), '{"top_p": 0.10, "temperature": 0.7, "logit_bias": {"9": 1.0, "10": -1e0}}', 'defaults are stored as they were written');
sent('a null takes back a default, and is not sent', q{gaiops_chat('ENDPOINT', 'Hi', params => '{"max_tokens": null, "stop": null}')},
	'{"max_tokens": 100, "top_p": 1.0}', qq($user, "top_p": 1.0));
sent('a key that is escaped is the same key', q{gaiops_chat('ENDPOINT', 'Hi', params => '{"max\u005ftokens": 5}')}, '{"max_tokens": 100}', qq($user, "max_tokens": 5));
sent('that nothing is streamed may be said', q{gaiops_chat('ENDPOINT', 'Hi', params => '{"stream": false}')}, '', qq($user, "stream": false));
sent('by the endpoint, too', q{gaiops_chat('ENDPOINT', 'Hi')}, '{"stream": false}', qq($user, "stream": false));

# Messages ----------------------------------------------------------------------

my $messages = '[{"role":"system","content":"é \u00e9 \/"}, {"content": [{"type": "image_url", "image_url": {"url": "https://example.com/p", "detail": "low"}}, {"text": "b", "type": "text"}], "role": "user", "name": "n"}]';
sent('messages', "gaiops_chat('ENDPOINT', messages => '$messages')", '', qq("messages": $messages));
sent('a system message joins them', "gaiops_chat('ENDPOINT', '$messages'::json, system => 'Be brief.')", '',
	'"messages": [{"role": "system", "content": "Be brief."}, ' . substr($messages, 1));
sent('a whole request', qq{gaiops_chat_completion('{"tools": $tools, "temperature": 1E-1, "messages": $messages, "stream": false, "gaiops": {"session_id": "s"}, "model": "ENDPOINT", "max_tokens": null}') #>> '{choices,0,message,content}'},
	'{"max_tokens": 1}', qq("messages": $messages, "tools": $tools, "temperature": 1E-1, "stream": false));

# Prompts -----------------------------------------------------------------------

ask(<<"END");
SELECT gaiops_register_prompt('judge', messages => '[{"content": "Judge {{ given }}.", "role": "system", "zeta": 1.0, "alpha": [1E2]}, {"type": "placeholder", "name": "history"}]',
	response_format => '$schema', model_config => '{"zeta": {"b": 1, "a": 2.0}, "stop_sequences": ["b", "a"], "extra_params": {"y": 0.10, "x": {"d": 1, "c": 2}}, "temperature": 0.20}');
SELECT gaiops_register_prompt('plain', 'Verdict on {{ given }}', response_format => '{"properties": {"why": {"type": "string"}, "good": {"type": "boolean"}}, "type": "object"}');
END
my $judged = sent('a prompt, its format, its parameters and the variables',
	q{gaiops_chat('ENDPOINT', 'So?', prompt => 'prompts:/judge', variables => '{"given": {"z": 1.50, "a": [1E1, {"k": 0, "b": null}]}, "history": [{"content": "q", "role": "user", "a": 1.0}]}', params => '{"temperature": 0.30}')},
	'{"top_p": 1.0}',
	q("messages": [{"content": "Judge {\"z\": 1.50, \"a\": [1E1, {\"k\": 0, \"b\": null}]}.", "role": "system", "zeta": 1.0, "alpha": [1E2]}, {"content": "q", "role": "user", "a": 1.0}, {"role": "user", "content": "So?"}], )
	. qq("top_p": 1.0, "y": 0.10, "x": {"d": 1, "c": 2}, "zeta": {"b": 1, "a": 2.0}, "stop": ["b", "a"], "temperature": 0.30, "response_format": $schema));
sent('a bare JSON schema', q{gaiops_chat('ENDPOINT', prompt => 'prompts:/plain', variables => '{"given": 1.0}')}, '',
	q("messages": [{"role": "user", "content": "Verdict on 1.0"}], "response_format": {"type": "json_schema", "json_schema": {"name": "plain", "schema": {"properties": {"why": {"type": "string"}, "good": {"type": "boolean"}}, "type": "object"}}}));
is(ask(q{SELECT concat_ws(' ', messages, response_format, model_config) FROM gaiops_load_prompt('prompts:/judge/1')}),
	qq([{"content": "Judge {{ given }}.", "role": "system", "zeta": 1.0, "alpha": [1E2]}, {"type": "placeholder", "name": "history"}] $schema )
	. '{"zeta": {"b": 1, "a": 2.0}, "stop_sequences": ["b", "a"], "extra_params": {"y": 0.10, "x": {"d": 1, "c": 2}}, "temperature": 0.20}', 'a loaded prompt is as it was written');
my $exported = ask("SELECT gaiops_export_prompts('{judge}')");
like($exported, qr/\Q"zeta": {"b": 1, "a": 2.0}, "stop_sequences"\E/, 'so is an exported one');
$node->safe_psql('postgres', 'CREATE DATABASE other');
$node->safe_psql('other', "CREATE EXTENSION genaiops; SELECT gaiops_import_prompts('" . ($exported =~ s/'/''/gr) . "')");
is($node->safe_psql('other', q{SELECT concat_ws(' ', messages, response_format, model_config, content_hash) FROM gaiops_load_prompt('prompts:/judge/1')}),
	ask(q{SELECT concat_ws(' ', messages, response_format, model_config, content_hash) FROM gaiops_load_prompt('prompts:/judge/1')}), 'and an imported one');
is(ask(q{SELECT gaiops_register_prompt('plain', 'Verdict on {{ given }}', response_format => '{"type": "object", "properties": {"good": {"type": "boolean"}, "why": {"type": "string"}}}', if_changed => true)}), 2,
	'another order is another version');
is(ask(q{SELECT count(DISTINCT content_hash) FROM gaiops.prompt_versions WHERE name = 'plain'}), 1, 'with the same hash');

# What the caller gave is on record as given ------------------------------------------

is(ask("SELECT p.inputs FROM gaiops.spans s JOIN gaiops.span_payloads p USING (trace_id, span_id) WHERE s.endpoint = '$judged' AND p.kind = 'request'"),
	'{"message": "So?", "prompt": "prompts:/judge", "variables": {"given": {"z": 1.50, "a": [1E1, {"k": 0, "b": null}]}, "history": [{"content": "q", "role": "user", "a": 1.0}]}, "params": {"temperature": 0.30}}',
	'variables and params');
is(ask(<<'END'), "{\"z\": 1.0, \"a\": 2} {\"y\": 1E2, \"b\": 3}\n{\"k\": [1.50], \"c\": 4} {\"x\": 0.0, \"d\": 5}", 'inputs, outputs and attributes of a span');
SELECT gaiops_end_span(gaiops_start_span('s', 'TOOL', '{"z": 1.0, "a": 2}', '{"y": 1E2, "b": 3}'), '{"k": [1.50], "c": 4}', 'OK', '{"x": 0.0, "d": 5}') WHERE false;
SELECT gaiops_start_span('s', 'TOOL', '{"z": 1.0, "a": 2}', '{"y": 1E2, "b": 3}') \g /dev/null
SELECT gaiops_end_span(NULL, '{"k": [1.50], "c": 4}', 'OK', '{"x": 0.0, "d": 5}') \g /dev/null
SELECT concat_ws(' ', p.inputs, p.attributes) FROM gaiops.spans s JOIN gaiops.span_payloads p USING (trace_id, span_id) WHERE s.name = 's' ORDER BY p.kind;
END

# Datasets ----------------------------------------------------------------------

ask(<<"END");
SELECT gaiops_create_dataset('d');
SELECT gaiops_merge_record('d', '{"messages": [{"content": "q", "role": "user", "a": 1.0}], "tools": $tools}', '{"zeta": 1.0, "expected_tool_calls": [{"name": "f", "arguments": {"z": 1.50, "a": 2}}]}', '{"y": 1E2, "x": [0.10]}', key => 'k');
SELECT * FROM gaiops_merge_records('d', '[{"inputs": {"message": "m", "b": 1.0, "aa": {"z": 1, "y": 2}}, "expectations": {"expected_response": "r", "k": {"d": 1, "c": 2.0}}, "source": {"s": 1, "r": 2}}]');
END
my %line = map { /"message"/ ? (one => $_) : (tools => $_) } split /\n/, ask(q{SELECT gaiops_export_dataset('d')});
written_is($line{one}, '{"inputs": {"message": "m", "b": 1.0, "aa": {"z": 1, "y": 2}}, "source": {"s": 1, "r": 2}, "expectations": {"expected_response": "r", "k": {"d": 1, "c": 2.0}}}', 'an exported record');
written_is($line{tools}, qq({"key": "k", "inputs": {"messages": [{"content": "q", "role": "user", "a": 1.0}], "tools": $tools}, "outputs": {"y": 1E2, "x": [0.10]}, "expectations": {"zeta": 1.0, "expected_tool_calls": [{"name": "f", "arguments": {"z": 1.50, "a": 2}}]}}), 'and one with tools');
my %chat = map { /"tools"/ ? (tools => $_) : (one => $_) } split /\n/, ask(q{SELECT gaiops_export_dataset('d', 'chat')});
written_is($chat{tools}, qq({"tools": $tools, "messages": [{"content": "q", "role": "user", "a": 1.0}, {"role": "assistant", "tool_calls": [{"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{\\"z\\":1.50,\\"a\\":2}"}}]}]}), 'a line for fine-tuning');
foreach my $layout ('records', 'chat')
{
	my $exported = ask("SELECT string_agg(line, E'\n') FROM gaiops_export_dataset('d', '$layout') AS line");
	my $copy = "copy_$layout";
	ask("SELECT gaiops_create_dataset('$copy')");
	is(ask("SELECT string_agg(action, ' ') FROM gaiops_import_dataset('$copy', \$lines\$$exported\$lines\$)"), 'inserted inserted', "layout $layout: imported");
	is(ask("SELECT string_agg(line, E'\n') FROM gaiops_export_dataset('$copy', '$layout') AS line"), $exported, '... and exported again, it is the same');
}
is(ask(q{SELECT * FROM gaiops_merge_records('d', '[{"inputs": {"b": 1.0, "aa": {"y": 2, "z": 1}, "message": "m"}, "expectations": {"k": {"c": 2.0, "d": 1}}}]')}), '0|0|1', 'another order is the same record, unchanged');
is(ask(q{SELECT gaiops_merge_record('d', '{"b": 1.0, "aa": {"y": 2, "z": 1}, "message": "m"}', '{"k": null, "z": 0.0, "expected_response": "R", "a": 1}')}), 'updated', 'what is merged');
like(tight(ask(q{SELECT gaiops_export_dataset('d')})), qr/\Q"expectations":{"expected_response":"R","z":0.0,"a":1}}\E/, '... keeps the places of what was there, and what is new follows');
is(ask(<<'END'), 1, 'lines have no line feeds, however it was written');
SELECT gaiops_create_dataset('feeds') \g /dev/null
SELECT gaiops_merge_record('feeds', E'{"a":\n\t1,\r\n"message": "m\\n"}') \g /dev/null
SELECT count(*) FROM gaiops_export_dataset('feeds') AS line WHERE line !~ '[\n\r]' AND line::json #>> '{inputs,message}' = E'm\n';
END
my ($status_of_merge, $output, $refusal) = $node->psql('postgres', q{SELECT gaiops_merge_record('d', '{"a": {"b": 1, "b": 2}}')});
like($refusal, qr/the member "b" twice/, 'a record with a member given twice is refused');
like(ask(q{SELECT detail FROM gaiops_import_dataset('d', '{"inputs": {"a": {"b": 1, "b": 2}}}')}), qr/^It cannot be read: JSON object has the member "b" twice\. The object is \$\.inputs\.a\.$/, 'so is a line');

# Datasets from traces ------------------------------------------------------------

make_endpoint($node, 'asked', $fault->url('mirror,id=asked'));
my ($asked, $span, $answer) = split /\n/, ask(<<"END");
SELECT gaiops_create_dataset('traced') \\g /dev/null
SELECT gaiops_chat('asked', messages => '[{"role": "user", "name": "n", "content": [{"type": "text", "text": "q", "b": 1.0, "a": 1E3}]}]',
	params => '{"top_p": 1.0, "tools": $tools, "n": 1e0, "logit_bias": {"9": 1.0, "10": -1e0}}') \\g /dev/null
SELECT * FROM gaiops_add_traces('traced', ARRAY[gaiops_last_trace_id()]) \\g /dev/null
SELECT trace_id FROM gaiops.spans WHERE trace_id = gaiops_last_trace_id();
SELECT span_id FROM gaiops.spans WHERE trace_id = gaiops_last_trace_id();
SELECT to_json(gaiops.answer_text(body)) FROM gaiops.span_payloads WHERE trace_id = gaiops_last_trace_id() AND kind = 'response';
SELECT gaiops_log_expectation(gaiops_last_trace_id(), 'expected_response', 'r') \\g /dev/null
SELECT * FROM gaiops_add_traces('traced', ARRAY[gaiops_last_trace_id()]) \\g /dev/null
END
my $question = '"messages": [{"role": "user", "name": "n", "content": [{"type": "text", "text": "q", "b": 1.0, "a": 1E3}]}]';
written_is(ask(q{SELECT gaiops_export_dataset('traced')}), qq({"inputs": {$question, "tools": $tools}, )
	. qq("source": {"trace_id": "$asked", "span_id": "$span", "params": {"top_p": 1.0, "n": 1e0, "logit_bias": {"9": 1.0, "10": -1e0}}}, )
	. qq("outputs": $answer, "expectations": {"expected_response": "r"}}), 'a call is exported as it was written');
written_is(ask(q{SELECT gaiops_export_dataset('traced', 'chat')}), qq({"tools": $tools, ) . substr($question, 0, -1) . ', {"role": "assistant", "content": "r"}]}', '... for fine-tuning, too');
written_is(ask(<<'END'), '{"zeta": {"y": 1.0, "b": 1E3}, "variables": {"tools": [0.10], "message": 1}, "alpha": [1e0]}', 'variables have their order');
SELECT gaiops_chat('asked', prompt => 'prompts:/plain', variables => '{"zeta": {"y": 1.0, "b": 1E3}, "tools": [0.10], "alpha": [1e0], "message": 1, "given": "g"}') \g /dev/null
SELECT gaiops_create_dataset('variables'), gaiops_add_traces('variables', ARRAY[gaiops_last_trace_id()]) \g /dev/null
SELECT regexp_replace((line::json -> 'inputs')::text, ', ?"given": ?"g"', '') FROM gaiops_export_dataset('variables') AS line;
END
like(tight(ask(<<'END')), qr/^\Q{"inputs":{"zeta":1.0,"b":{"y":1E3,"aa":2},"context":[{"id":"i","text":"{\"id\": \"i\", \"z\": 1.0, \"a\": 1E1}"}]},"source":{"trace_id":\E"[^"]*","span_id":"[^"]*"\Q},"outputs":{"k":[1.50],"c":4}}\E$/, 'so have inputs and outputs of an application, and what was found');
SELECT gaiops_start_span('s', 'AGENT', '{"zeta": 1.0, "b": {"y": 1E3, "aa": 2}}') AS outer \gset
SELECT gaiops_start_span('r', 'RETRIEVER', '{}') AS inner \gset
SELECT gaiops_end_span(:'inner', '[{"id": "i", "z": 1.0, "a": 1E1}, {"a": 10, "id": "i", "z": 1.0}]'), gaiops_end_span(:'outer', '{"k": [1.50], "c": 4}') \g /dev/null
SELECT gaiops_create_dataset('spans'), gaiops_add_traces('spans', ARRAY[gaiops_last_trace_id()]) \g /dev/null
SELECT gaiops_export_dataset('spans');
END
is(ask(q{SELECT gaiops.answer_outputs('{"choices": [{"message": {"role": "assistant", "content": null, "tool_calls": [{"type": "function", "id": "c", "function": {"name": "f", "arguments": "{}"}, "b": 1.0, "a": 1E3}]}}]}')}),
	'{"role": "assistant", "content": null, "tool_calls": [{"type": "function", "id": "c", "function": {"name": "f", "arguments": "{}"}, "b": 1.0, "a": 1E3}]}', 'so has an answer that calls tools');
is(ask(q{SELECT gaiops.answer_outputs('{"choices": [{"message": {"role": "assistant", "content": null, "a": 1, "a": 1.0}}]}')}),
	'{"a": 1.0, "role": "assistant", "content": null}', 'one with a member given twice is read as jsonb reads it');

# A member given twice is refused before anything is spent -----------------------------

make_endpoint($node, 'twice', $fault->url('ok,id=twice'));
my $before = ask('SELECT count(*) FROM gaiops.spans');
my %twice = (
	q{gaiops_chat('twice', 'Hi', params => '{"temperature": 0, "temperature": 1}')} => 'It is in the outermost object',
	q{gaiops_chat('twice', 'Hi', params => '{"a": {"b": [1, {"c": 1, "c": 1}]}}'::json)} => 'The object is $.a.b[1]',
	q{gaiops_chat('twice', messages => '[{"role": "user", "content": "a", "role": "system"}]'::text)} => 'The object is $[0]',
	q{gaiops_chat('twice', 'Hi', metadata => '{"\u0061": 1, "a": 2}')} => 'It is in the outermost object',
	q{gaiops_chat_completion('{"model": "twice", "messages": [{"role": "user", "content": "a"}], "mod\u0065l": "x"}')} => 'It is in the outermost object',
	q{gaiops_start_span('twice', 'TOOL', '{"x": {"y": 1, "y": 2}}')} => 'The object is $.x',
);
foreach my $call (sort keys %twice)
{
	my ($status, $out, $error) = $node->psql('postgres', "\\set VERBOSITY verbose\nSELECT $call");
	like($error, qr/22030.*twice\n(?:.*\n)*?DETAIL:  \Q$twice{$call}\E\./, "$call: refused");
}
is(ask('SELECT count(*) FROM gaiops.spans'), $before, 'nothing of it is recorded');
is(scalar(grep { $_->{path} =~ /id=twice/ } $fault->journal), 0, 'nor sent');

$node->stop;

done_testing();
