/*
 * wilcoxon.h
 *		Wilcoxon's signed-rank test of differences.
 */
#ifndef GAIOPS_WILCOXON_H
#define GAIOPS_WILCOXON_H

#include <stdbool.h>
#include <stddef.h>

#include "core/memory/arena.h"

/* As many differences that are not 0 are compared with all signs there are. */
#define WILCOXON_EXACT	50

/*
 * The p-value, two-sided.  Differences that are 0 are left out, as Wilcoxon
 * does; equal ones share their ranks.  Up to WILCOXON_EXACT it is what all
 * signs of these very ranks come to, shared ones included; beyond, that of a
 * normal distribution of the same spread.  1 where nothing differs.  False if
 * memory is short.
 */
extern bool wilcoxon_test(Arena *arena, const double *differences, size_t n, double *p_value);

#endif							/* GAIOPS_WILCOXON_H */
