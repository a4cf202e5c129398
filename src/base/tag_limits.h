/*
 * tag_limits.h
 *		What tags may be, whatever has them.  Those of runs may be longer.
 */
#ifndef GAIOPS_TAG_LIMITS_H
#define GAIOPS_TAG_LIMITS_H

#define TAG_MAX_GIVEN	64		/* tags in one call */
#define TAG_MAX_KEY		255		/* bytes */
#define TAG_MAX_VALUE	2048	/* bytes: a tag of a trace has to fit an index
								 * with it */

#endif							/* GAIOPS_TAG_LIMITS_H */
