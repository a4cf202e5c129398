/*
 * trial.h
 *		Whether a candidate may take the place of what is there: whether by
 *		one score it is worse by no more than does not matter.
 *
 * Who says so is wrong in at most 5 %, over all attempts that are made at one
 * candidate: each has a share of that.
 */
#ifndef GAIOPS_TRIAL_H
#define GAIOPS_TRIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TRIAL_ALPHA		0.05

/*
 * What is tried: differences of units, candidate minus baseline, of which more
 * is better; what is not finite is left out.
 */
typedef struct Trial
{
	const double *differences;
	size_t		n;
	double		scale;			/* no difference exceeds it; NaN if unbounded */
	double		margin;			/* by which worse does not matter */
	int64_t		attempt;		/* which it is, from 1 */
	int64_t		least_n;		/* that are wanted whatever they say; may be 0 */
	int			scores;			/* by how many it is tried, this one included */
	void		(*check_interrupts) (void); /* may be NULL */
} Trial;

typedef enum TrialProblem
{
	TRIAL_FINE,
	TRIAL_UNBOUNDED,			/* nobody knows what a rare loss costs */
	TRIAL_TOO_FEW,				/* to say anything at that margin */
	TRIAL_BEYOND_MARGIN			/* it may be worse by more than the margin */
} TrialProblem;

/* What is not defined is NaN. */
typedef struct TrialOutcome
{
	int64_t		n;				/* differences that are finite */
	double		mean;
	double		alpha;			/* of this attempt */
	double		bound;			/* the mean is below it in alpha at most */
	int64_t		least_n;		/* units that are wanted at least */
	int64_t		n_needed;		/* for a bound within the margin in 80 %, if
								 * the mean is the truth; -1 if none */
	bool		is_better;		/* the bound of all scores is above 0 */
	TrialProblem problem;
} TrialOutcome;

/* The share of the error that the attempt has; all of them add up to 5 %. */
extern double trial_alpha(int64_t attempt);

/*
 * How many units it takes at least: of so many, one that loses all would be
 * seen in all but 5 %, if such made up the margin.  -1 if no number does.
 */
extern int64_t trial_least_n(double margin, double scale);

/*
 * Tries a candidate by one score.  It is better if it is so with what the
 * attempt may be wrong, divided by the number of scores.  The values are
 * sorted out in room, which has as many.
 */
extern TrialOutcome trial_hold(const Trial *trial, double *room);

/* The words for it, as users read them; NULL if all is fine. */
extern const char *trial_problem_name(TrialProblem problem);

#endif							/* GAIOPS_TRIAL_H */
