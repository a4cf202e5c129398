/*
 * evaluation_case_reader.h
 *		Reading what is in the records that an evaluation is about.
 */
#ifndef GAIOPS_EVALUATION_CASE_READER_H
#define GAIOPS_EVALUATION_CASE_READER_H

#include "evaluation/evaluation_plan.h"

#define CASES_AT_ONCE 32

typedef struct EvaluationCaseReader
{
	const EvaluationPlan *plan;
	MemoryContext context;		/* holds those that were read ahead */
	int			first;			/* place of the first of these */
	int			n;
	EvaluationCase *cases[CASES_AT_ONCE];	/* NULL once it was given */
} EvaluationCaseReader;

/* Begins to read, in the current memory context. */
extern void evaluation_reader_begin(EvaluationCaseReader *reader, const EvaluationPlan *plan);

/*
 * The record at a place, in a child of the current memory context.  Reads it
 * with some of those that follow, unless it has been read ahead.
 */
extern const EvaluationCase *evaluation_reader_case(EvaluationCaseReader *reader, int place);

/* The same of one record, without a reader. */
extern const EvaluationCase *evaluation_read_case(const EvaluationPlan *plan, int place);

/* Lets go of what was read ahead. */
extern void evaluation_reader_end(EvaluationCaseReader *reader);

#endif							/* GAIOPS_EVALUATION_CASE_READER_H */
