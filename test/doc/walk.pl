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
like($out, qr/^You are a polite assistant for \{\{ company \}\}\.$/m, 'the prompt is loaded');
like($out, qr/^You are a polite assistant for Acme\.$/m, 'and its variable filled in');
like($out, qr/^1\|Hello Varun, and welcome to Acme!.*\n2\|I am well, thank you, Varun/m,
	'two versions are answered side by side');
like($out, qr/^2\|0\|0\nupdated$/m, 'four traces make two records, and one is told what is right');
like($out, qr/^\{"company": "Acme", "message": "Hi, I am Varun\. How are you\?"\}\|\{"expected_facts": \[/m,
	'it is kept with the question and the variables of the prompt');
like($out, qr/^thumbs\|code\|says hello\|4\|0\.5$/m, 'the program agrees with people in part');
like($out, qr/^\{"\w+": false\}\|\{"says hello": true\}$/m, 'and differs on one trace');
unlike($out, qr/sk-demo/, 'the key is not shown');

is($node->safe_psql('postgres', <<'END'), <<'END' =~ s/\n\z//r, 'the last statement shows the calls');
SELECT experiment, status, prompt_name, prompt_version, calls FROM gaiops.traces ORDER BY start_time
END
LLMOps walk|OK|||1
LLMOps walk|OK|Greet_Prompt|1|1
LLMOps walk|OK|Greet_Prompt|1|1
LLMOps walk|OK|Greet_Prompt|2|1
END
is(scalar $model->journal, 4, 'the gateway was called four times');
recorded_ok($node, $model, 'and these requests are the ones on record', exact => 1);

my ($rows) = slurp_file("$FindBin::Bin/../../README.md") =~ /^```sql\n([^`]*gaiops_chat_row[^`]*)^```$/m;
is($node->safe_psql('postgres', $rows) =~ s/\|[-0-9a-f]{36}$/|trace/gmr, <<'END' =~ s/\n\z//r, 'a row for each message, with its cost and its trace');
Hi, I am Varun. How are you?|Hello Varun! I am doing well, thank you. How can I help you today?|18|0.0000356|trace
Thank you.|Echo: Thank you.|4|0.0000076|trace
END

# The evaluation, which is what make demo runs behind the walk.
like(slurp_file("$FindBin::Bin/../../scripts/demo"), qr{scripts/walk README\.md 2 }, 'make demo runs the block behind the walk, too');
my $whole = qx("$FindBin::Bin/../../scripts/walk" "$FindBin::Bin/../../README.md" 2);
my $evaluation = substr $whole, length qx("$FindBin::Bin/../../scripts/walk" "$FindBin::Bin/../../README.md");
like($evaluation, qr/gaiops_evaluate.*gaiops_evaluate.*gaiops_compare_runs/s, 'that evaluates two versions, and compares them');
my ($verdicts) = slurp_file("$FindBin::Bin/../../README.md") =~ /\Q$evaluation\E```\n```\n[^\n]*\n-[-+]*\n([^`]*)```$/m;
($rc, $out, $err) = $node->psql('postgres', "SET client_min_messages = warning;\n$evaluation", extra_params => [ '-v', 'ON_ERROR_STOP=1' ]);
is("$rc$err", '0', 'without an error or a warning');
is($out =~ s/.*\n(?=([^\n]*\n){1}[^\n]*\z)//sr, ($verdicts // 'none') =~ s/^ +| *$//gmr =~ s/ *\| */|/gr =~ s/\n\z//r, 'the README has the verdicts');
is($node->safe_psql('postgres', <<'END'), '14|14', 'each question has an answer of its own from either version');
SELECT count(*), count(DISTINCT output) FROM gaiops.evaluation_results
END

my ($list) = slurp_file("$FindBin::Bin/../../README.md") =~ /^```sql\n([^`]*obj_description[^`]*);\n```$/m;
is($node->safe_psql('postgres', <<"END"), 't|0', 'the README lists every function, with a comment');
SELECT count(*) = (SELECT count(*) FROM pg_proc WHERE starts_with(proname, 'gaiops_')),
	count(*) FILTER (WHERE coalesce(l.comment, '') = '')
FROM ($list) AS l
END

done_testing();
