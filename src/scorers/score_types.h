/*
 * score_types.h
 *		What gives scores, what is scored, and what comes of it.
 */
#ifndef GAIOPS_SCORE_TYPES_H
#define GAIOPS_SCORE_TYPES_H

#include "utils/jsonb.h"
#include "utils/uuid.h"

/* How a scorer does its work; private to the room. */
typedef struct ScorerWork ScorerWork;

/*
 * What a name means now.  Everything in it is in the memory context in which
 * it was found.
 */
typedef struct Scorer
{
	const char *name;
	const char *source;			/* builtin, created or function */
	const char *kind;			/* NULL if it is a function */
	int			version;		/* 0 if it has none */
	bool		is_uncommitted; /* made by the transaction that is open */
	Jsonb	   *params;			/* an object; NULL if it has none */
	const char *direction;		/* higher or lower: which is better */
	bool		has_scale;
	double		scale;			/* width of the range of its scores */
	bool		has_threshold;
	double		threshold;
	bool		is_pass_fail;	/* its scores are 0 and 1, and mean that */
	ScorerWork *work;
} Scorer;

/* What is scored; what is NULL is not there. */
typedef struct ScorerSubject
{
	Jsonb	   *inputs;
	Jsonb	   *outputs;		/* a text is a JSON string */
	Jsonb	   *expectations;
	const char *problem;		/* why expectations cannot be read; NULL if
								 * they can */
	const pg_uuid_t *trace_id;
	bool		has_latency;
	double		latency_ms;
	bool		has_cost;
	double		cost;
} ScorerSubject;

typedef enum ScoreState
{
	SCORE_SCORED,
	SCORE_UNKNOWN,				/* there is nothing to be said */
	SCORE_ERROR					/* the scorer failed */
} ScoreState;

/* Sums of squares of such numbers are finite, however many there are. */
#define SCORE_MOST	1e100

/* What was found, in the current memory context. */
typedef struct Score
{
	ScoreState	state;
	Jsonb	   *value;			/* NULL unless scored */
	bool		has_score;		/* whether the value is a number, or means one */
	double		score;			/* SCORE_MOST at most, either way */
	bool		has_passed;
	bool		passed;
	char	   *reason;			/* or the error's message; may be NULL */
	Jsonb	   *parts;			/* of bleu: an array of what a corpus adds up;
								 * NULL for all others, and if not scored */
} Score;

#endif							/* GAIOPS_SCORE_TYPES_H */
