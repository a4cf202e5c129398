/* The generator of core/stats/random. */
#include "core/stats/random.h"

#include <math.h>

#include "check.h"

/*
 * The first numbers of SplitMix64 from the seed 1234567, as others have them.
 */
static void
test_known_numbers(void)
{
	Random		random = {1234567};

	CHECK(random_next(&random) == UINT64_C(6457827717110365317));
	CHECK(random_next(&random) == UINT64_C(3203168211198807973));
	CHECK(random_next(&random) == UINT64_C(9817491932198370423));
	CHECK(random_next(&random) == UINT64_C(4593380528125082431));
	CHECK(random_next(&random) == UINT64_C(16408922859458223821));
}

static void
test_bounds(void)
{
	const uint32_t bounds[] = {1, 2, 3, 1000, UINT32_C(0x80000001), UINT32_MAX};
	Random		random = {7};
	int			beyond = 0;

	CHECK_INT(random_below(&random, 0), 0);
	for (int b = 0; b < 6; b++)
		for (int i = 0; i < 1000; i++)
			beyond += random_below(&random, bounds[b]) >= bounds[b];
	CHECK_INT(beyond, 0);
}

/* Each of ten comes about as often as the others. */
static void
test_evenness(void)
{
	Random		random = {0};
	int			counts[10] = {0};
	int			uneven = 0;

	for (int i = 0; i < 100000; i++)
		counts[random_below(&random, 10)]++;
	for (int i = 0; i < 10; i++)
		uneven += counts[i] < 9600 || counts[i] > 10400;
	CHECK_INT(uneven, 0);
}

/* The digits of a number between 0 and 1, to the base of 1000. */
static void
test_five(void)
{
	const uint32_t digits[RANDOM_FIVE] = {350, 79, 542, 21, 408};
	Random		random = {1234567};
	uint32_t	numbers[RANDOM_FIVE];
	int			counts[RANDOM_FIVE][10] = {{0}};
	int			uneven = 0;

	random_five(&random, 1000, numbers);
	for (int i = 0; i < RANDOM_FIVE; i++)
		CHECK_INT(numbers[i], digits[i]);
	for (int i = 0; i < 100000; i++)
	{
		random_five(&random, 10, numbers);
		for (int j = 0; j < RANDOM_FIVE; j++)
			counts[j][numbers[j]]++;
	}
	for (int i = 0; i < RANDOM_FIVE * 10; i++)
		uneven += counts[i / 10][i % 10] < 9600 || counts[i / 10][i % 10] > 10400;
	CHECK_INT(uneven, 0);
}

/* How often of so many draws k hit, beside how often they should. */
static void
test_binomial(void)
{
	const double expected[] = {0.16807, 0.36015, 0.3087, 0.1323, 0.02835, 0.00243}; /* of 5, by 0.3 */
	Random		random = {99};
	int			counts[6] = {0};
	int			uneven = 0;
	double		sum = 0;

	CHECK_INT(random_binomial(&random, 0, 1, 2), 0);
	CHECK_INT(random_binomial(&random, 1000, 0, 2), 0);
	for (int i = 0; i < 100000; i++)
		counts[random_binomial(&random, 5, 3, 10)]++;
	for (int i = 0; i < 6; i++)
		uneven += fabs(counts[i] - 100000 * expected[i]) > 5 * sqrt(100000 * expected[i]);
	CHECK_INT(uneven, 0);
	for (int i = 0; i < 1000; i++)
		sum += random_binomial(&random, 1000, 1, 3);
	CHECK(fabs(sum / 1000 - 1000 / 3.0) < 5 * sqrt(2000 / 9.0 / 1000));
}

int
main(void)
{
	test_known_numbers();
	test_bounds();
	test_evenness();
	test_five();
	test_binomial();
	return check_finish();
}
