/*
 * scorer.c
 *		Finding a scorer by its name, and applying it.
 */
#include "postgres.h"

#include <math.h>

#include "base/subtransaction.h"
#include "compat.h"
#include "core/score/text_score.h"
#include "scorers/scorer.h"
#include "scorers/scorer_function.h"
#include "scorers/scorer_kind.h"
#include "scorers/scorer_store.h"
#include "scorers/scoring.h"

#define LARGE	((size_t) 1 << 20)	/* bytes; no document of so many is too long
									 * as text */

struct ScorerWork
{
	const ScorerKind *kind;		/* NULL if it is a function */
	ScorerOptions options;
	ScorerFunction *function;
};

/* ---- finding ---- */

/* One that needs no arguments; false if there is none of that name. */
static bool
find_builtin(Scorer *scorer)
{
	const ScorerKind *kind = scorer_kind_find(scorer->name);

	if (kind == NULL || !kind->is_scorer)
		return false;
	scorer->source = "builtin";
	scorer->kind = kind->name;
	scorer->direction = kind->direction;
	scorer->has_scale = true;
	scorer->scale = 1;
	scorer->is_pass_fail = kind->result == KIND_PASS_FAIL;
	scorer->work->kind = kind;
	return true;
}

/* A created one; raises if it is of a kind that this library does not have. */
static bool
find_created(Scorer *scorer, int version)
{
	ScorerWork *work = scorer->work;

	if (!scorer_store_read(scorer->name, version, scorer))
		return false;
	scorer->source = "created";
	work->kind = scorer_kind_find(scorer->kind);
	if (work->kind == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("scorer \"%s\" is of kind \"%s\", which is not known here", scorer->name, scorer->kind),
				 errhint("Restart the server, if genaiops was updated.")));
	scorer_options_read(scorer->kind, work->kind->rules, scorer->params, &work->options);
	return true;
}

/* Raises that there is no scorer of that name. */
pg_noreturn static void
raise_unknown(const char *name)
{
	bool		is_kind = scorer_kind_find(name) != NULL;

	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("scorer \"%s\" does not exist", name),
			 is_kind ? errdetail("It is a kind of scorers, which need arguments.") : 0,
			 is_kind ? errhint("Create one with gaiops_create_scorer(), under a name of its own.")
			 : errhint("Scorers are listed in gaiops.scorers; a function is one by its name with its schema.")));
}

/* A function; raises if there is none. */
static void
find_function(Scorer *scorer)
{
	if (strchr(scorer->name, '.') == NULL)
		raise_unknown(scorer->name);
	scorer->work->function = scorer_function_find(scorer->name);
	scorer->name = scorer_function_name(scorer->work->function);
	scorer->source = "function";
	scorer->direction = "higher";
	scorer->is_pass_fail = scorer_function_is_pass_fail(scorer->work->function);
	scorer->has_scale = scorer->is_pass_fail;
	scorer->scale = scorer->is_pass_fail ? 1 : 0;
}

Scorer *
scorer_find(const char *name, int version)
{
	Scorer	   *scorer = palloc0(sizeof(Scorer));

	scorer->name = pstrdup(name);
	scorer->work = palloc0(sizeof(ScorerWork));
	if (find_created(scorer, version))
		return scorer;
	if (version != 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("scorer \"%s\" has no version %d", name, version)));
	if (!find_builtin(scorer))
		find_function(scorer);
	return scorer;
}

bool
scorer_is_created(const char *name)
{
	Scorer		found;

	return scorer_store_read(name, 0, &found);
}

/* ---- applying ---- */

static size_t
subject_size(const ScorerSubject *subject)
{
	size_t		bytes = 0;

	if (subject->outputs != NULL)
		bytes += VARSIZE(subject->outputs);
	if (subject->expectations != NULL)
		bytes += VARSIZE(subject->expectations);
	return bytes;
}

/* A kind, and what it is to score. */
typedef struct KindCall
{
	const ScorerWork *work;
	const ScorerSubject *subject;
	Score	   *score;
} KindCall;

/* Lets a kind look at the subject, with memory that does not outlast it. */
static void
look_at(void *arg)
{
	const ScorerWork *work = ((KindCall *) arg)->work;
	const ScorerSubject *subject = ((KindCall *) arg)->subject;
	Arena	   *arena = arena_create(TEXT_SCORE_MEMORY(subject_size(subject)));
	Scoring	scoring = {.subject = subject, .options = &work->options, .scratch.arena = arena};

	if (arena == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY),
				 errmsg("out of memory")));
	PG_TRY();
	{
		work->kind->apply(&scoring, ((KindCall *) arg)->score);
	}
	PG_FINALLY();
	{
		arena_free(arena);
	}
	PG_END_TRY();
}

/*
 * Whether what is to be scored may be too much for PostgreSQL: a pattern, or a
 * document that is longer than a text may be.  Other errors are that memory is
 * short, whoever asks for it.
 */
static bool
may_raise(const ScorerWork *work, const ScorerSubject *subject)
{
	return work->kind->may_raise || subject_size(subject) > LARGE;
}

/*
 * Scores by a kind.  What it raises is said by the score; the subtransaction
 * that this takes would be a sixth of the time of exact_match.
 */
static void
apply_kind(const ScorerWork *work, const ScorerSubject *subject, Score *score)
{
	KindCall	call = {work, subject, score};
	char	   *problem = NULL;

	if (may_raise(work, subject))
		problem = subtransaction_try(look_at, &call);
	else
		look_at(&call);
	if (problem == NULL)
		return;
	memset(score, 0, sizeof(*score));
	score->state = SCORE_ERROR;
	score->reason = problem;
}

/* Nothing is said by a number that figures of many could not be taken of. */
static void
bound(Score *score)
{
	double		number = score->score;

	if (!score->has_score || fabs(number) <= SCORE_MOST)
		return;
	memset(score, 0, sizeof(*score));
	score_unknown(score, psprintf("the score %g is not between -%g and %g", number, SCORE_MOST, SCORE_MOST));
}

/* Whether a score passes, where that can be said. */
static void
judge(const Scorer *scorer, Score *score)
{
	bool		is_lower = strcmp(scorer->direction, "lower") == 0;

	if (score->has_passed)
		score->passed = score->passed != is_lower;
	else if (score->has_score && scorer->has_threshold)
	{
		score->has_passed = true;
		score->passed = is_lower ? score->score <= scorer->threshold : score->score >= scorer->threshold;
	}
}

void
scorer_apply(const Scorer *scorer, const ScorerSubject *subject, Score *score)
{
	memset(score, 0, sizeof(*score));
	if (scorer->work->function != NULL)
		scorer_function_apply(scorer->work->function, subject, score);
	else
		apply_kind(scorer->work, subject, score);
	bound(score);
	judge(scorer, score);
}
