/*
 * prompts.h
 *		The prompt registry.
 */
#ifndef GAIOPS_PROMPTS_H
#define GAIOPS_PROMPTS_H

/* Makes the tables of this room known to the writer. */
extern void prompts_init(void);

#endif							/* GAIOPS_PROMPTS_H */
