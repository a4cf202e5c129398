/*
 * holm.c
 *		P-values of many tests, so that all of them together rarely mislead.
 */
#include "core/stats/holm.h"

#include <math.h>
#include <stdlib.h>

static int
compare_tests(const void *one, const void *two)
{
	double		a = ((const HolmTest *) one)->p_value;
	double		b = ((const HolmTest *) two)->p_value;

	return (a > b) - (a < b);
}

/* Each is multiplied by how many are left, and none is below one before it. */
void
holm_adjust(double *p_values, size_t n, HolmTest *tests)
{
	size_t		count = 0;
	double		adjusted = 0;

	for (size_t i = 0; i < n; i++)
		if (!isnan(p_values[i]))
			tests[count++] = (HolmTest) {p_values[i], i};
	if (count > 0)
		qsort(tests, count, sizeof(HolmTest), compare_tests);
	for (size_t i = 0; i < count; i++)
	{
		adjusted = fmax(adjusted, fmin(1, tests[i].p_value * (double) (count - i)));
		p_values[tests[i].place] = adjusted;
	}
}
