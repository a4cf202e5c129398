/*
 * components.h
 *		Which nodes of a graph are connected.
 *
 * Nodes are numbers below a count.  The caller owns an array with an element
 * for each; nothing is allocated, and nothing fails.
 */
#ifndef GAIOPS_COMPONENTS_H
#define GAIOPS_COMPONENTS_H

#include <stdint.h>

/* Makes each of count nodes a component of its own. */
extern void components_init(uint32_t *parents, uint32_t count);

/* Connects two nodes. */
extern void components_join(uint32_t *parents, uint32_t a, uint32_t b);

/* The smallest node of the component of a node. */
extern uint32_t components_find(uint32_t *parents, uint32_t node);

#endif							/* GAIOPS_COMPONENTS_H */
