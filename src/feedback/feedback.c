/*
 * feedback.c
 *		Feedback and expectations, and what people are asked to review.
 */
#include "postgres.h"

#include "feedback/assessment_shape.h"
#include "feedback/feedback.h"

void
feedback_init(void)
{
	record_register(&assessment_shape);
}
