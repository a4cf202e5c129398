/*
 * usage_rollup.h
 *		Adding up the attempts of a commit into rows of gaiops.usage_deltas.
 */
#ifndef GAIOPS_USAGE_ROLLUP_H
#define GAIOPS_USAGE_ROLLUP_H

#include "queue/record_shape.h"

extern RecordShape usage_shape;

/* Observes spans: adds one row per key for those that are model calls. */
extern const RecordObserver usage_rollup;

#endif							/* GAIOPS_USAGE_ROLLUP_H */
