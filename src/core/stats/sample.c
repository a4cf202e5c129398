/*
 * sample.c
 *		Numbers of one kind: how many there are, their mean and their spread.
 */
#include "core/stats/sample.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "core/stats/distribution.h"
#include "core/stats/sampling.h"

Moments
sample_moments(const double *values, size_t n)
{
	Moments		moments = {n, NAN, NAN};
	double		sum = 0;
	double		squares = 0;

	for (size_t i = 0; i < n; i++)
		sum += values[i];
	if (n > 0)
		moments.mean = sum / (double) n;
	for (size_t i = 0; i < n; i++)
		squares += (values[i] - moments.mean) * (values[i] - moments.mean);
	if (n > 1)
		moments.sd = sqrt(squares / (double) (n - 1));
	return moments;
}

double
sample_reach(const double *values, size_t n)
{
	double		reach = 0;

	for (size_t i = 0; i < n; i++)
		reach = fmax(reach, fabs(values[i]));
	return reach;
}

Bounds
sample_student(Moments moments)
{
	double		half;

	if (moments.n < 2)
		return (Bounds) {NAN, NAN};
	half = student_quantile(1 - INTERVAL_TAIL, (int64_t) moments.n - 1) * moments.sd / sqrt((double) moments.n);
	return (Bounds) {moments.mean - half, moments.mean + half};
}

double
sample_quantile(const double *values, size_t n, double share)
{
	double		place = share * (double) (n - 1);
	size_t		below = (size_t) floor(place);
	double		beyond = place - floor(place);

	if (below + 1 >= n)
		return values[n - 1];
	return values[below] + beyond * (values[below + 1] - values[below]);
}

/*
 * Puts that value there that belongs there in order; none before it is
 * greater, none behind it less.  It is Hoare's FIND, of 1961.
 */
static void
place_value(double *values, size_t n, size_t place)
{
	ptrdiff_t	low = 0;
	ptrdiff_t	high = (ptrdiff_t) n - 1;

	while (low < high)
	{
		double		middle = values[place];
		ptrdiff_t	i = low;
		ptrdiff_t	j = high;

		while (i <= j)
		{
			while (values[i] < middle)
				i++;
			while (values[j] > middle)
				j--;
			if (i <= j)
			{
				double		value = values[i];

				values[i++] = values[j];
				values[j--] = value;
			}
		}
		if (j < (ptrdiff_t) place)
			low = i;
		if (i > (ptrdiff_t) place)
			high = j;
	}
}

double
sample_select(double *values, size_t n, double share)
{
	size_t		place = (size_t) floor(share * (double) (n - 1));

	place_value(values, n, place);
	if (place + 1 < n)
		place_value(values + place + 1, n - place - 1, 0);
	return sample_quantile(values, n, share);
}

int
sample_compare(const void *one, const void *two)
{
	double		a = *(const double *) one;
	double		b = *(const double *) two;

	return (a > b) - (a < b);
}

void
sampling_check_interrupts(const Sampling *how)
{
	if (how->check_interrupts != NULL)
		how->check_interrupts();
}
