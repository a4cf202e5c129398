/*
 * jury.c
 *		What a jury makes of the verdicts of its judges.
 *
 * A majority is more than half of all its judges, those that failed or cannot
 * tell included; so whoever is missing cannot turn a verdict.  A mean is of
 * all or of none.  The votes are kept, whatever comes of them.
 */
#include "postgres.h"

#include "base/document.h"
#include "base/ordered.h"
#include "common/shortest_dec.h"
#include "judges/judge_score.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"
#include "utils/uuid.h"

/* ---- counting ---- */

static bool
is_scored(const JudgeVerdict *verdict)
{
	return verdict->score.state == SCORE_SCORED;
}

static bool
agree(const JudgeVerdict *one, const JudgeVerdict *other)
{
	return is_scored(one) && is_scored(other) &&
		compareJsonbContainers(&one->score.value->root, &other->score.value->root) == 0;
}

/* The verdict that most judges gave, with their number; NULL without any. */
static const JudgeVerdict *
find_most(const JudgeVerdict *const *verdicts, int n, int *most)
{
	const JudgeVerdict *found = NULL;

	*most = 0;
	for (int i = 0; i < n; i++)
	{
		int			votes = 0;

		for (int j = 0; j < n; j++)
			votes += agree(verdicts[i], verdicts[j]);
		if (votes > *most)
		{
			*most = votes;
			found = verdicts[i];
		}
	}
	return found;
}

static int
count_state(const JudgeVerdict *const *verdicts, int n, ScoreState state)
{
	int			found = 0;

	for (int i = 0; i < n; i++)
		found += verdicts[i]->score.state == state;
	return found;
}

/* Why a jury says nothing. */
static void
say_nothing(const JudgeVerdict *const *verdicts, int n, Score *score)
{
	int			failed = count_state(verdicts, n, SCORE_ERROR);
	int			unknown = count_state(verdicts, n, SCORE_UNKNOWN);

	if (failed > 0)
		judge_score_none(score, SCORE_ERROR, psprintf("%d of %d judges failed, and the others decide nothing", failed, n));
	else if (unknown > 0)
		judge_score_none(score, SCORE_UNKNOWN, psprintf("%d of %d judges cannot tell, and the others decide nothing", unknown, n));
	else
		judge_score_none(score, SCORE_UNKNOWN, "the jury has no majority");
}

/* ---- deciding ---- */

/* The disagreement: the share of judges that did not say what most said. */
static double
decide_majority(const JudgeVerdict *const *verdicts, int n, Score *score)
{
	int			most;
	const JudgeVerdict *found = find_most(verdicts, n, &most);

	if (2 * most > n)
		*score = found->score;
	else
		say_nothing(verdicts, n, score);
	return 1 - (double) most / n;
}

/* The disagreement: from the least to the greatest score. */
static double
decide_mean(const JudgeVerdict *const *verdicts, int n, Score *score)
{
	double		sum = 0;
	double		least = verdicts[0]->score.score;
	double		greatest = least;

	for (int i = 0; i < n; i++)
	{
		double		given = verdicts[i]->score.score;

		sum += given;
		least = Min(least, given);
		greatest = Max(greatest, given);
		if (is_scored(verdicts[i]) && verdicts[i]->score.has_score)
			continue;
		say_nothing(verdicts, n, score);
		return 0;
	}
	judge_score_none(score, SCORE_SCORED, NULL);
	score->has_score = true;
	score->score = sum / n;
	return greatest - least;
}

/* ---- the votes ---- */

/* A number as JSON, whatever the settings of the session. */
static char *
number_text(double number)
{
	char	   *text = palloc(DOUBLE_SHORTEST_DECIMAL_LEN);

	double_to_shortest_decimal_buf(number, text);
	return text;
}

static void
add_vote(StringInfo votes, const Judge *judge, const JudgeVerdict *verdict)
{
	const Score *score = &verdict->score;
	const char *word = score->state == SCORE_ERROR ? "error" : "reason";
	StringInfoData vote;

	ordered_begin(&vote);
	ordered_add_text(&vote, "judge", judge->name);
	ordered_add(&vote, "version", ordered_of(psprintf("%d", judge->version)));
	if (score->value != NULL)
		ordered_add(&vote, "value", document_text(score->value));
	if (score->has_score)
		ordered_add(&vote, "score", ordered_of(number_text(score->score)));
	if (!is_scored(verdict) && score->reason != NULL)
		ordered_add_text(&vote, word, score->reason);
	if (verdict->ncalls > 0)
		ordered_add_text(&vote, "trace_id", DatumGetCString(DirectFunctionCall1(uuid_out, UUIDPGetDatum(&verdict->trace_id))));
	appendStringInfo(votes, "%s%s", votes->len > 1 ? ", " : "", ordered_end(&vote).data);
}

/* What the jury says, with the votes. */
static Jsonb *
make_value(const Judge *jury, const JudgeVerdict *const *verdicts, const Score *score, double disagreement)
{
	StringInfoData value;
	StringInfoData votes;
	TextSlice	result = ordered_of("null");

	if (score->value != NULL)
		result = document_text(score->value);
	else if (score->has_score)
		result = ordered_of(number_text(score->score));
	initStringInfo(&votes);
	appendStringInfoChar(&votes, '[');
	for (int i = 0; i < jury->nmembers; i++)
		add_vote(&votes, jury->members[i], verdicts[i]);
	appendStringInfoChar(&votes, ']');
	ordered_begin(&value);
	ordered_add(&value, "result", result);
	ordered_add(&value, "disagreement", ordered_of(number_text(disagreement)));
	ordered_add(&value, "votes", ordered_of(votes.data));
	return document_parse(ordered_end(&value).data);
}

/* The reasons of all, one a line. */
static char *
join_reasons(const Judge *jury, const JudgeVerdict *const *verdicts)
{
	StringInfoData reasons;

	initStringInfo(&reasons);
	for (int i = 0; i < jury->nmembers; i++)
		if (verdicts[i]->score.reason != NULL)
			appendStringInfo(&reasons, "%s%s: %s", reasons.len > 0 ? "\n" : "",
							 jury->members[i]->name, verdicts[i]->score.reason);
	return reasons.data;
}

/* Those of juries and of single judges have the same form. */
static void
decide(const Judge *jury, const JudgeVerdict *const *verdicts, JudgeVerdict *decided)
{
	Score	   *score = &decided->score;
	double		disagreement;

	judge_verdict_begin(decided);
	decided->is_of_jury = true;
	for (int i = 0; i < jury->nmembers; i++)
		judge_verdict_add(decided, verdicts[i]);
	disagreement = jury->rule == JURY_MEAN ? decide_mean(verdicts, jury->nmembers, score) :
		decide_majority(verdicts, jury->nmembers, score);
	score->value = make_value(jury, verdicts, score, disagreement);
	if (score->state != SCORE_SCORED)
		return;
	score->reason = join_reasons(jury, verdicts);
	judge_score_pass(jury, &jury->form, score);
}

int
judge_nasked(const Judge *judge)
{
	return judge->rule == JURY_NONE ? 1 : judge->nmembers;
}

const Judge *
judge_asked(const Judge *judge, int i)
{
	return judge->rule == JURY_NONE ? judge : judge->members[i];
}

void
judge_decide(const Judge *judge, JudgeAsk *const *asks, JudgeVerdict *decided)
{
	int			n = judge_nasked(judge);
	const JudgeVerdict **verdicts = palloc(n * sizeof(JudgeVerdict *));

	for (int i = 0; i < n; i++)
		verdicts[i] = judge_verdict(asks[i]);
	if (judge->rule == JURY_NONE)
		*decided = *verdicts[0];
	else
		decide(judge, verdicts, decided);
}
