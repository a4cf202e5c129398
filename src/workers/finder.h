/*
 * finder.h
 *		The background worker that finds where there is work to go on with.
 */
#ifndef GAIOPS_FINDER_H
#define GAIOPS_FINDER_H

/* Entry point of the process; its argument is not used. */
extern PGDLLEXPORT void gaiops_finder_main(Datum arg);

#endif							/* GAIOPS_FINDER_H */
