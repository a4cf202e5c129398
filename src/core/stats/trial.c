/*
 * trial.c
 *		Whether a candidate may take the place of what is there.
 */
#include "core/stats/trial.h"

#include <math.h>

#include "core/stats/mean_bound.h"
#include "core/stats/power.h"
#include "core/stats/sample.h"

double
trial_alpha(int64_t attempt)
{
	return TRIAL_ALPHA / ((double) attempt * ((double) attempt + 1));
}

int64_t
trial_least_n(double margin, double scale)
{
	double		least = log(TRIAL_ALPHA) / log1p(-margin / scale);

	if (!(margin > 0) || !(scale > 0) || !(least < 1e15))
		return margin >= scale ? 1 : -1;
	return (int64_t) fmax(1, ceil(least - 1e-9));
}

/*
 * As many as bring the bound within the margin in 80 %, and no fewer than do
 * so where all are alike.  The deviation is that of two more, one at either
 * end, as differences that are all the same say little.
 */
static int64_t
count_needed(const Trial *trial, const TrialOutcome *outcome, Moments moments)
{
	double		n = (double) moments.n;
	double		squares = (n > 1 ? (n - 1) * moments.sd * moments.sd : 0) + 2 * trial->scale * trial->scale;
	double		room = outcome->mean + trial->margin;
	Power		power = {POWER_USUAL, 2 * outcome->alpha};
	double		alike = log(outcome->alpha) / log1p(-fmin(trial->margin / trial->scale, 1));
	int64_t		needed = -1;

	if (moments.n > 0 && room > 0)
		needed = power_n(sqrt(squares / (n + 1)), room, power);
	if (needed < 0 || !(alike < 1e15))
		return -1;
	return (int64_t) fmax(fmax((double) needed, (double) outcome->least_n), ceil(alike));
}

static TrialProblem
find_problem(const Trial *trial, const TrialOutcome *outcome)
{
	if (outcome->least_n < 0 || outcome->n < outcome->least_n)
		return TRIAL_TOO_FEW;
	if (!(outcome->bound > -trial->margin))
		return TRIAL_BEYOND_MARGIN;
	return TRIAL_FINE;
}

static size_t
take_finite(const Trial *trial, double *room)
{
	size_t		n = 0;

	for (size_t i = 0; i < trial->n; i++)
		if (isfinite(trial->differences[i]))
			room[n++] = trial->differences[i];
	return n;
}

TrialOutcome
trial_hold(const Trial *trial, double *room)
{
	size_t		n = take_finite(trial, room);
	Moments		moments = sample_moments(room, n);
	TrialOutcome outcome = {(int64_t) n, moments.mean, trial_alpha(trial->attempt), NAN, -1, -1, false,
	TRIAL_UNBOUNDED};
	double		all_alpha = outcome.alpha / trial->scores;

	if (!(trial->scale > 0) || !isfinite(trial->scale))
		return outcome;
	outcome.least_n = trial_least_n(trial->margin, trial->scale);
	if (outcome.least_n >= 0 && outcome.least_n < trial->least_n)
		outcome.least_n = trial->least_n;
	outcome.bound = mean_bound(room, n, -trial->scale, 1, outcome.alpha, trial->check_interrupts);
	outcome.is_better = outcome.mean > 0 &&
		mean_bound(room, n, -trial->scale, 1, all_alpha, trial->check_interrupts) > 0;
	outcome.n_needed = count_needed(trial, &outcome, moments);
	outcome.problem = find_problem(trial, &outcome);
	return outcome;
}

const char *
trial_problem_name(TrialProblem problem)
{
	static const char *const names[] = {
		[TRIAL_FINE] = NULL,
		[TRIAL_UNBOUNDED] = "unbounded",
		[TRIAL_TOO_FEW] = "too few",
		[TRIAL_BEYOND_MARGIN] = "beyond margin",
	};

	return names[problem];
}
