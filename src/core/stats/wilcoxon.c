/*
 * wilcoxon.c
 *		Wilcoxon's signed-rank test of differences.
 *
 * Ranks are doubled, so that shared ones are whole numbers, too.
 */
#include "core/stats/wilcoxon.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "core/stats/distribution.h"
#include "core/stats/sampling.h"

/* Twice the sum of the most ranks that are counted one by one. */
#define MOST_SUMS	(WILCOXON_EXACT * (WILCOXON_EXACT + 1))

typedef struct Ranked
{
	double		size;
	bool		is_positive;
	int64_t		rank;			/* doubled */
} Ranked;

static int
compare_sizes(const void *one, const void *two)
{
	double		a = ((const Ranked *) one)->size;
	double		b = ((const Ranked *) two)->size;

	return (a > b) - (a < b);
}

/* Fills in what is not 0, in order; returns how much that is. */
static size_t
take_differences(const double *differences, size_t n, Ranked *ranked)
{
	size_t		count = 0;

	for (size_t i = 0; i < n; i++)
		if (differences[i] != 0)
			ranked[count++] = (Ranked) {fabs(differences[i]), differences[i] > 0, 0};
	if (count > 0)
		qsort(ranked, count, sizeof(Ranked), compare_sizes);
	return count;
}

/* Those that differ by rounding alone share a rank: twice their mean. */
static void
rank(Ranked *ranked, size_t n)
{
	size_t		end;

	for (size_t i = 0; i < n; i = end)
	{
		end = i + 1;
		while (end < n && ranked[end].size - ranked[end - 1].size <= SAMPLING_TIE * ranked[n - 1].size)
			end++;
		for (size_t j = i; j < end; j++)
			ranked[j].rank = (int64_t) (i + 1 + end);
	}
}

/*
 * Counts in how many of all signs each sum of the positive ranks comes, as a
 * share, adding one rank after the other.  Returns twice the smaller tail.
 */
static double
try_all(const Ranked *ranked, size_t n, int64_t positive)
{
	double		shares[MOST_SUMS + 1] = {1};
	int64_t		most = 0;
	double		below = 0;
	double		above = 0;

	for (size_t i = 0; i < n; i++)
	{
		most += ranked[i].rank;
		for (int64_t sum = most; sum >= 0; sum--)
			shares[sum] = (shares[sum] + (sum >= ranked[i].rank ? shares[sum - ranked[i].rank] : 0)) / 2;
	}
	for (int64_t sum = 0; sum <= most; sum++)
	{
		below += sum <= positive ? shares[sum] : 0;
		above += sum >= positive ? shares[sum] : 0;
	}
	return fmin(1, 2 * fmin(below, above));
}

bool
wilcoxon_test(Arena *arena, const double *differences, size_t n, double *p_value)
{
	Ranked	   *ranked = arena_alloc(arena, n * sizeof(Ranked) + 1);
	size_t		count = ranked != NULL ? take_differences(differences, n, ranked) : 0;
	int64_t		positive = 0;
	double		sum = 0;
	double		squares = 0;

	rank(ranked, count);
	for (size_t i = 0; i < count; i++)
	{
		positive += ranked[i].is_positive ? ranked[i].rank : 0;
		sum += (double) ranked[i].rank;
		squares += (double) ranked[i].rank * (double) ranked[i].rank;
	}
	if (count == 0)
		*p_value = 1;
	else if (count <= WILCOXON_EXACT)
		*p_value = try_all(ranked, count, positive);
	else
		*p_value = 2 * normal_below(-fabs((double) positive - sum / 2) / (sqrt(squares) / 2));
	return ranked != NULL;
}
