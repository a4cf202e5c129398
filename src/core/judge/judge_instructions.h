/*
 * judge_instructions.h
 *		What a judge is told to do, and which data that is about.
 *
 * Instructions name data by placeholders, such as {{ outputs }}.  A judge
 * reads a reference to a section of the user's message there, never the data
 * themselves: what is judged is in no message with instructions.
 */
#ifndef GAIOPS_JUDGE_INSTRUCTIONS_H
#define GAIOPS_JUDGE_INSTRUCTIONS_H

#include "core/text/text_builder.h"
#include "core/text/text_slice.h"

/* The data that a judge can be shown, in the order of their sections. */
typedef enum JudgeDatum
{
	JUDGE_CONVERSATION,
	JUDGE_INPUTS,
	JUDGE_CONTEXT,
	JUDGE_EXPECTATIONS,
	JUDGE_GUIDELINES,
	JUDGE_TRACE,
	JUDGE_OUTPUTS,
	JUDGE_SECOND_OUTPUTS,		/* of two answers that are compared */
	JUDGE_NDATA
} JudgeDatum;

/* What a datum is called, in placeholders and in sections. */
extern const char *judge_datum_name(JudgeDatum datum);

/*
 * Finds the placeholders in instructions: a bit for each datum, 1 << datum.
 * Returns the first word in braces that is none, absent if all are.
 */
extern TextSlice judge_instructions_scan(TextSlice instructions, unsigned *data);

/* Appends instructions with references; false if the builder has a problem. */
extern bool judge_instructions_write(TextBuilder *builder, TextSlice instructions);

#endif							/* GAIOPS_JUDGE_INSTRUCTIONS_H */
