/*
 * evaluation.c
 *		Runs of a model, a function or stored outputs over a dataset.
 */
#include "postgres.h"

#include "evaluation/evaluation.h"
#include "evaluation/evaluation_shape.h"

void
evaluation_init(void)
{
	record_register(&evaluation_shape);
	record_register(&evaluation_request_shape);
	record_register(&evaluation_outcome_shape);
	record_register(&evaluation_mark_shape);
	record_register(&evaluation_job_shape);
}
