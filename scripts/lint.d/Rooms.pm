# The rooms of the sources, from left to right. A file uses what is of its own
# room or of a room to the left of it, and nothing else: C by including a header
# that the room lists here, SQL by name.

package Rooms;

use strict;
use warnings;

# Rooms whose names nobody bears yet are those that are to come.
our @ORDER = qw(
	core/memory core/text core/json core/wire core/template core/diff core/stats core/redact core/score core/judge
	base queue secrets http tracking workers prompts feedback datasets gateway governance
	call chat scorers judges evaluation comparison promotion otlp jobs server publication);

# Headers that other rooms may include; all others are private to their room.
our %PUBLIC = (
	'core/memory' => [qw(arena length_of scratch)],
	'core/text' => [qw(hex text_builder text_slice unicode url uuid_text)],
	'core/json' => [qw(json json_repair json_text value value_read value_text)],
	'core/wire' => [qw(http_text http_unzip http_waits openai traceparent usage)],
	'core/template' => [qw(prompt_address template template_names)],
	'core/diff' => [qw(diff)],
	'core/stats' => [qw(agreement arms bootstrap components difference histogram holm interval mean_bound pairs power
		proportion quantile random ratio sample sampling verdict)],
	'core/redact' => [qw(secret_text)],
	'core/score' => [qw(answer_text bleu ranking text_score tool_calls)],
	'core/judge' => [qw(judge_builtin judge_form judge_instructions judge_message judge_model judge_reply)],
	base => [qw(arguments caller document errors function_name hooks ids latch_wait member ordered registry_lock settings store subscription subtransaction tag_limits)],
	queue => [qw(job_slots journal queue_control queue_types queue_writer record record_queue record_shape record_stream session_entry sink)],
	secrets => [qw(key_ring log_secrets secrets)],
	http => [qw(http)],
	tracking => [qw(experiment model_name owner payload run run_log span span_shape tag tracking)],
	workers => [qw(worker workers)],
	prompts => [qw(prompt prompt_render prompts)],
	feedback => [qw(assessment_shape expectation feedback)],
	datasets => [qw(dataset_revision)],
	gateway => [qw(exchange price route_cache)],
	call => [qw(call call_pool failure_count)],
	chat => [qw(chat_call prompt_use)],
	scorers => [qw(scorer)],
	judges => [qw(judge judged_trace)],
	evaluation => [qw(evaluation)],
	comparison => [qw(statistic)]);

my %place = map { $ORDER[$_] => $_ } 0 .. $#ORDER;

# The room of a path below src/ or sql/; undef for what stands outside.
sub of
{
	my ($path) = @_;
	my ($room) = $path =~ m{^(?:src|sql|test/unit|test/pgtap)/((?:core/)?\w+)/};
	return defined $room && exists $place{$room} ? $room : undef;
}

# Whether a room may use another.
sub may_use
{
	my ($room, $other) = @_;
	return $place{$other} <= $place{$room};
}

# Whether a header may be included from other rooms.
sub is_public
{
	my ($room, $header) = @_;
	return scalar grep { $header eq "$room/$_.h" } @{ $PUBLIC{$room} // [] };
}

1;
