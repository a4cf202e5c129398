/*
 * workers.h
 *		The processes that work for all sessions.
 */
#ifndef GAIOPS_WORKERS_H
#define GAIOPS_WORKERS_H

/*
 * Makes the writer's own table known to it, has workers keep out of the way
 * of commands, and has the launcher started.
 */
extern void workers_init(void);

#endif							/* GAIOPS_WORKERS_H */
