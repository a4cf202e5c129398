/*
 * compiling.h
 *		Queries on tables of ours are not compiled.
 */
#ifndef GAIOPS_COMPILING_H
#define GAIOPS_COMPILING_H

/* Called once, when the library is loaded, after hooks_init(). */
extern void compiling_init(void);

#endif							/* GAIOPS_COMPILING_H */
