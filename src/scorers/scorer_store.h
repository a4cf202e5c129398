/*
 * scorer_store.h
 *		Scorers that were created.
 */
#ifndef GAIOPS_SCORER_STORE_H
#define GAIOPS_SCORER_STORE_H

#include "scorers/score_types.h"

/*
 * Reads a version of a scorer or, for 0, its latest that is not deleted, all
 * but its work, in the current memory context, as the statement that is
 * running sees it.  False if there is none.
 */
extern bool scorer_store_read(const char *name, int version, Scorer *scorer);

#endif							/* GAIOPS_SCORER_STORE_H */
