/*
 * evaluation_resume.h
 *		Going on with an evaluation that was cut short.
 */
#ifndef GAIOPS_EVALUATION_RESUME_H
#define GAIOPS_EVALUATION_RESUME_H

#include "utils/numeric.h"
#include "utils/uuid.h"

/*
 * Does what an evaluation has not done yet; calls whose outcome is not known
 * are made again only if retry_unknown says so, and what failed is only if
 * retry_failed does, in place of what is there.  max_cost takes the place of
 * that of the evaluation unless it is NULL.  Returns how many results it has
 * added.
 */
extern int64 evaluation_resume(const pg_uuid_t *run_id, bool retry_unknown, bool retry_failed,
							   Numeric max_cost);

#endif							/* GAIOPS_EVALUATION_RESUME_H */
