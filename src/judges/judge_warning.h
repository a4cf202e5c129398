/*
 * judge_warning.h
 *		A WARNING where a model judges one of its own family.
 */
#ifndef GAIOPS_JUDGE_WARNING_H
#define GAIOPS_JUDGE_WARNING_H

/* Called when the library is loaded. */
extern void judge_warning_init(void);

/* Warns of it, once in a statement.  judged may be NULL. */
extern void judge_warn_of_family(const char *judging, const char *judged);

#endif							/* GAIOPS_JUDGE_WARNING_H */
