/*
 * judge_definition.h
 *		What SQL says of a judge, read and checked.
 */
#ifndef GAIOPS_JUDGE_DEFINITION_H
#define GAIOPS_JUDGE_DEFINITION_H

#include "core/judge/judge_form.h"

/*
 * The form of a value type and its choices, JSON or absent; raises unless
 * these are acceptable.  In the current memory context.
 */
extern JudgeForm judge_definition_form(const char *value_type, TextSlice choices);

/* Choices as SQL has them, of a form; absent if it has none. */
extern TextSlice judge_definition_choices(const JudgeForm *form);

/* Raises that an argument is not acceptable. */
pg_noreturn extern void judge_definition_raise(const char *argument, const char *problem);

#endif							/* GAIOPS_JUDGE_DEFINITION_H */
