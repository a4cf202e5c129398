/*
 * launcher.h
 *		The background worker that starts writers and maintenance.
 */
#ifndef GAIOPS_LAUNCHER_H
#define GAIOPS_LAUNCHER_H

/* Registers the launcher; called while the library is preloaded. */
extern void launcher_init(void);

/* Entry point of the process. */
extern PGDLLEXPORT void gaiops_launcher_main(Datum arg);

#endif							/* GAIOPS_LAUNCHER_H */
