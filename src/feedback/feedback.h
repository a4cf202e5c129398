/*
 * feedback.h
 *		Feedback and expectations, and what people are asked to review.
 */
#ifndef GAIOPS_FEEDBACK_H
#define GAIOPS_FEEDBACK_H

/* Makes the tables of this room known to the writer. */
extern void feedback_init(void);

#endif							/* GAIOPS_FEEDBACK_H */
