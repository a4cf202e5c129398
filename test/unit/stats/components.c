/* Connected nodes of core/stats/components. */
#include "core/stats/components.h"

#include "check.h"

#define NODES 1000

static uint32_t parents[NODES];

static void
test_alone(void)
{
	components_init(parents, 3);
	for (uint32_t i = 0; i < 3; i++)
		CHECK_INT(components_find(parents, i), i);
	components_join(parents, 1, 1);
	CHECK_INT(components_find(parents, 1), 1);
}

/* The smallest node is found, whichever way nodes were connected. */
static void
test_smallest_node(void)
{
	components_init(parents, 6);
	components_join(parents, 5, 3);
	components_join(parents, 4, 2);
	CHECK_INT(components_find(parents, 5), 3);
	CHECK_INT(components_find(parents, 4), 2);
	components_join(parents, 5, 4);
	components_join(parents, 3, 2);
	for (uint32_t i = 2; i < 6; i++)
		CHECK_INT(components_find(parents, i), 2);
	CHECK_INT(components_find(parents, 0), 0);
	CHECK_INT(components_find(parents, 1), 1);
}

static int
count_strangers(uint32_t step)
{
	int			strangers = 0;

	for (uint32_t i = 0; i < NODES; i++)
		if (components_find(parents, i) != i % step)
			strangers++;
	return strangers;
}

/* Long chains, from both ends. */
static void
test_chains(void)
{
	components_init(parents, NODES);
	for (uint32_t i = NODES - 1; i >= 7; i--)
		components_join(parents, i, i - 7);
	CHECK_INT(count_strangers(7), 0);
	components_init(parents, NODES);
	for (uint32_t i = 2; i < NODES; i++)
		components_join(parents, i - 2, i);
	CHECK_INT(count_strangers(2), 0);
}

int
main(void)
{
	test_alone();
	test_smallest_node();
	test_chains();
	return check_finish();
}
