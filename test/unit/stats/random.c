/* The generator of core/stats/random. */
#include "core/stats/random.h"

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

/* Both halves of a number, as parts of n. */
static void
test_two(void)
{
	Random		random = {1234567};
	int			counts[10] = {0};
	int			uneven = 0;
	uint32_t	one;
	uint32_t	two;

	random_two(&random, 1000, &one, &two);
	CHECK_INT(one, (UINT64_C(6457827717110365317) >> 32) * 1000 >> 32);
	CHECK_INT(two, (UINT64_C(6457827717110365317) & UINT32_MAX) * 1000 >> 32);
	for (int i = 0; i < 50000; i++)
	{
		random_two(&random, 10, &one, &two);
		counts[one]++;
		counts[two]++;
	}
	for (int i = 0; i < 10; i++)
		uneven += counts[i] < 9600 || counts[i] > 10400;
	CHECK_INT(uneven, 0);
}

int
main(void)
{
	test_known_numbers();
	test_bounds();
	test_evenness();
	test_two();
	return check_finish();
}
