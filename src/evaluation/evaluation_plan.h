/*
 * evaluation_plan.h
 *		What an evaluation is to do.
 */
#ifndef GAIOPS_EVALUATION_PLAN_H
#define GAIOPS_EVALUATION_PLAN_H

#include "core/text/text_slice.h"
#include "judges/judge.h"
#include "prompts/prompt.h"
#include "scorers/scorer.h"
#include "utils/numeric.h"

/* Most of each; a record of the queue has a row and an assessment of each. */
#define EVALUATION_MAX_SCORERS 32
#define EVALUATION_MAX_CONCURRENCY 1000
#define EVALUATION_MAX_REPEATS 100

/* What is asked for; NULL, or 0 for a number, where it is not given. */
typedef struct EvaluationRequest
{
	const char *dataset;
	int			nscorers;
	char	  **scorers;
	const int  *versions;		/* of these; NULL for the latest */
	const bool *are_judges;		/* these; NULL if that is not known yet */
	char	   *const *judge_models;	/* that they ask for want of another; NULL
								 * if not known */
	const char *model;
	const char *prompt;
	Oid			predict;
	const char *message;
	const char *judge_model;
	const char *split;
	const int32 *revision;
	int			concurrency;
	int			repeats;
	Numeric		max_cost;
	const char *run_name;
	bool		is_background;
} EvaluationRequest;

/* Where a record of the dataset is found, whose rows nobody changes. */
typedef struct EvaluationKey
{
	pg_uuid_t	record_id;
	int32		revision;		/* which made it what it is */
	int32		bytes;			/* about what it takes, as it is stored */
} EvaluationKey;

/* A record of the dataset. */
typedef struct EvaluationCase
{
	MemoryContext context;		/* holds it */
	pg_uuid_t	record_id;
	char	   *split;			/* NULL if none */
	Jsonb	   *tags;
	char	   *session_id;		/* NULL if not known */
	Jsonb	   *inputs;
	Jsonb	   *expectations;
	Jsonb	   *outputs;		/* NULL if none are stored */
	TextSlice	written;		/* the inputs as they were written */
	char	   *question;		/* what the user asks in them; NULL if nothing */
	char	   *messages;		/* the same as messages; NULL if there are none */
} EvaluationCase;

typedef struct EvaluationPlan
{
	EvaluationRequest request;
	pg_uuid_t	run_id;			/* once it is started */
	bool		retries_failed; /* and replaces what is there */
	bool		has_turns;		/* a worker does it, see evaluation_turn.h */
	int32		revision;
	const char *predict;		/* the function's name; NULL if none */
	const Scorer **scorers;		/* request.nscorers of them */
	const Judge **judges;		/* that these are; NULL for one that is none */
	int			njudges;
	const Prompt *prompt;		/* NULL if none */
	const Prompt *message;		/* template of what the user says; NULL if none */
	int			ncases;
	EvaluationKey *keys;		/* of these, by record_id */
} EvaluationPlan;

#endif							/* GAIOPS_EVALUATION_PLAN_H */
