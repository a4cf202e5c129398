/*
 * sink_target.h
 *		Whether a relation is one that rows of records can be written to.
 */
#ifndef GAIOPS_SINK_TARGET_H
#define GAIOPS_SINK_TARGET_H

#include "utils/relcache.h"

/*
 * Raises, naming the table in the error's fields, unless the rows of an open
 * relation are where queries look for them.
 */
extern void sink_check_target(Relation rel);

#endif							/* GAIOPS_SINK_TARGET_H */
