/*
 * prompt_number.h
 *		Numbers of prompt versions: each is given once.
 *
 * They are drawn by the writer, outside of the caller's transaction: a
 * rollback does not give one back, since a call may have been made with it.
 * Where nothing can be recorded, for instance because the library is not
 * preloaded, no call can be made either; then they are drawn inside of it.
 */
#ifndef GAIOPS_PROMPT_NUMBER_H
#define GAIOPS_PROMPT_NUMBER_H

/* A new number for a version of a prompt. */
extern int32 prompt_number_draw(const char *name);

/* Has the numbers of prompts up to and including these taken. */
extern void prompt_number_reserve(int n, char *const *names,
								  const int32 *versions);

#endif							/* GAIOPS_PROMPT_NUMBER_H */
