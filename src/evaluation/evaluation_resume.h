/*
 * evaluation_resume.h
 *		Going on with an evaluation that was cut short.
 */
#ifndef GAIOPS_EVALUATION_RESUME_H
#define GAIOPS_EVALUATION_RESUME_H

#include "utils/numeric.h"
#include "utils/uuid.h"

typedef struct EvaluationResumption
{
	const pg_uuid_t *run_id;
	bool		retry_unknown;	/* calls whose outcome is not known */
	bool		retry_failed;	/* what failed, in place of what is there */
	Numeric		max_cost;		/* in place of that it has, unless NULL */
	bool		is_job;			/* a worker does it, in turns; one is begun */
} EvaluationResumption;

/*
 * Does what an evaluation has not done yet.  Returns how many results it has
 * added.
 */
extern int64 evaluation_resume(const EvaluationResumption *resumption);

#endif							/* GAIOPS_EVALUATION_RESUME_H */
