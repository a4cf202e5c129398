/*
 * components.c
 *		Which nodes of a graph are connected: trees, one for each component,
 *		whose root is the smallest node.
 */
#include "core/stats/components.h"

void
components_init(uint32_t *parents, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		parents[i] = i;
}

uint32_t
components_find(uint32_t *parents, uint32_t node)
{
	/*
	 * Halves the way for those that come later, or it could be as long as the
	 * graph.
	 */
	while (parents[node] != node)
	{
		parents[node] = parents[parents[node]];
		node = parents[node];
	}
	return node;
}

void
components_join(uint32_t *parents, uint32_t a, uint32_t b)
{
	a = components_find(parents, a);
	b = components_find(parents, b);
	if (a < b)
		parents[b] = a;
	else
		parents[a] = b;
}
