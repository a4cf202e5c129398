/*
 * bleu_functions.c
 *		Corpus BLEU of two runs beside each other, for SQL.
 */
#include "postgres.h"

#include <math.h>

#include "comparison/statistic.h"
#include "compat.h"
#include "core/score/bleu.h"
#include "core/stats/bootstrap.h"

PG_FUNCTION_INFO_V1(gaiops_compare_bleu);

/* Numbers that BLEU of a text is computed of. */
#define PARTS	((int) (sizeof(BleuParts) / sizeof(double)))

/* The parts of either arm, unit by unit, baseline before candidate. */
typedef struct BleuTask
{
	double	   *parts;
	uint32		n;
	Sampling	how;
	double		difference;
	Bounds		interval;
} BleuTask;

/* BLEU of the sums of parts; NaN if it is not known. */
static double
measure_corpus(const double *sums)
{
	BleuParts	parts;
	TextScore	score;

	memcpy(&parts, sums, sizeof(parts));
	score = bleu_of_corpus(&parts);
	return score.is_known ? score.value : NAN;
}

static double
subtract_corpora(const double *sums, double n)
{
	return measure_corpus(sums + PARTS) - measure_corpus(sums);
}

static bool
is_complete(const double *parts)
{
	for (int i = 0; i < PARTS; i++)
		if (!isfinite(parts[i]) || parts[i] < 0)
			return false;
	return true;
}

/*
 * Puts the parts of both arms of a unit beside each other, of those units that
 * have both; adds them to the sums.
 */
static void
take_units(BleuTask *task, const StatisticNumbers pair[2], double *sums)
{
	task->parts = palloc_extended((Size) pair[0].n * 2 * sizeof(double) + 1, MCXT_ALLOC_HUGE);
	for (int i = 0; i < pair[0].n; i += PARTS)
	{
		double	   *unit = task->parts + (Size) task->n * 2 * PARTS;

		if (!is_complete(pair[0].values + i) || !is_complete(pair[1].values + i))
			continue;
		memcpy(unit, pair[0].values + i, PARTS * sizeof(double));
		memcpy(unit + PARTS, pair[1].values + i, PARTS * sizeof(double));
		for (int j = 0; j < 2 * PARTS; j++)
			sums[j] += unit[j];
		task->n++;
	}
}

static bool
compare_bleu(Arena *arena, void *context)
{
	BleuTask   *task = context;
	Units		units = {task->parts, task->n, 2 * PARTS};

	return bootstrap_figure(arena, &units, subtract_corpora, &task->how, &task->difference, &task->interval);
}

/*
 * gaiops.compare_bleu(baseline, candidate, seed) returns a row; raises if the
 * arrays are not of as many parts for each unit
 */
Datum
gaiops_compare_bleu(PG_FUNCTION_ARGS)
{
	const char *const names[] = {"baseline", "candidate"};
	StatisticNumbers pair[2];
	double		sums[2 * PARTS] = {0};
	BleuTask	task = {.how = statistic_sampling(fcinfo, 2)};
	StatisticRow row = {0};

	statistic_paired(fcinfo, names, pair);
	if (pair[0].n % PARTS != 0)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("BLEU of each text has %d parts", PARTS),
				 errdetail("There are %d elements.", pair[0].n)));
	take_units(&task, pair, sums);
	statistic_do(compare_bleu, &task, 4096 + (Size) task.n * 2 * sizeof(double) + task.how.resamples * sizeof(double));
	statistic_put_count(&row, task.n);
	statistic_put_number(&row, task.n > 0 ? measure_corpus(sums) : NAN);
	statistic_put_number(&row, task.n > 0 ? measure_corpus(sums + PARTS) : NAN);
	statistic_put_number(&row, task.difference);
	statistic_put_interval(&row, task.interval);
	PG_RETURN_DATUM(statistic_row(fcinfo, &row));
}
