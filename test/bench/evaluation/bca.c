/*
 * bca.c
 *		How long core/stats takes for intervals and tests of differences.
 *
 * bench_bca make COUNT
 *		prints so many differences, one a line
 * bench_bca measure FILE
 *		prints ms for the BCa interval of 10,000 resamples and its bounds, then
 *		ms for the sign-flip test of 100,000 draws; the medians of 7
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/stats/bootstrap.h"
#include "core/stats/random.h"
#include "core/stats/sample.h"
#include "core/stats/sign_flip.h"

#define ROUNDS	7
#define MOST	100000

static const Sampling how = {1, NULL, SAMPLING_RESAMPLES, SAMPLING_DRAWS};

static double
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double) now.tv_sec * 1e3 + (double) now.tv_nsec / 1e6;
}

/* Sums of uniform numbers, about as scores differ. */
static void
make(int count)
{
	Random		random = {20261130};

	for (int i = 0; i < count; i++)
	{
		double		sum = -1;

		for (int j = 0; j < 2; j++)
			sum += (double) (random_next(&random) >> 11) * 0x1p-53;
		printf("%.17g\n", sum / 2);
	}
}

static uint32_t
read_values(const char *path, double *values)
{
	FILE	   *file = fopen(path, "r");
	uint32_t	n = 0;

	while (file != NULL && n < MOST && fscanf(file, "%lf", &values[n]) == 1)
		n++;
	if (file != NULL)
		fclose(file);
	return n;
}

static double
measure(const double *values, uint32_t n, bool is_test)
{
	double		ms[ROUNDS];

	for (int i = 0; i < ROUNDS; i++)
	{
		Arena	   *arena = arena_create((size_t) 1 << 30);
		Units		units = {values, n, 1};
		double		begin = now_ms();
		double		mean;
		Bounds		interval;
		SignFlip	test;

		if (is_test ? !sign_flip_test(arena, values, n, &how, &test)
			: !bootstrap_figure(arena, &units, bootstrap_mean, &how, &mean, &interval))
			exit(1);
		ms[i] = now_ms() - begin;
		if (!is_test && i == 0)
			printf("bounds %.6f %.6f\n", interval.low, interval.high);
		arena_free(arena);
	}
	qsort(ms, ROUNDS, sizeof(double), sample_compare);
	return ms[ROUNDS / 2];
}

int
main(int argc, char **argv)
{
	static double values[MOST];
	uint32_t	n;
	double		ms;

	if (argc != 3)
		return 2;
	if (strcmp(argv[1], "make") == 0)
	{
		make(atoi(argv[2]));
		return 0;
	}
	n = read_values(argv[2], values);
	if (n == 0)
		return 1;
	ms = measure(values, n, false);
	printf("bca %.2f\nbatches %.2f\n", ms, ms);
	printf("sign_flip %.2f\n", measure(values, n, true));
	return 0;
}
