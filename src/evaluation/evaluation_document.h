/*
 * evaluation_document.h
 *		Documents that evaluations record, and how long they may be.
 */
#ifndef GAIOPS_EVALUATION_DOCUMENT_H
#define GAIOPS_EVALUATION_DOCUMENT_H

#include "evaluation/evaluation_plan.h"

/* The scorers of an evaluation, as an array of objects. */
extern Jsonb *evaluation_scorers_document(const EvaluationPlan *plan);

/*
 * What an assessment says of a score besides its value; an object.  The trace
 * is that of the judge; NULL if there is none.
 */
extern Jsonb *evaluation_score_document(const Scorer *scorer, const Score *score,
										const pg_uuid_t *judge_trace_id);

/* A document, or a marker in its place where it is too long to keep. */
extern Jsonb *evaluation_kept_document(Jsonb *document);

/* Makes an error of a score whose value is too long to keep. */
extern void evaluation_bound_score(Score *score);

#endif							/* GAIOPS_EVALUATION_DOCUMENT_H */
