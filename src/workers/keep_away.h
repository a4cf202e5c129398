/*
 * keep_away.h
 *		What must not be in the way of commands: workers, and callers.
 */
#ifndef GAIOPS_KEEP_AWAY_H
#define GAIOPS_KEEP_AWAY_H

/*
 * Has such commands make room for themselves; called once, when the library
 * is loaded.
 */
extern void keep_away_init(void);

#endif							/* GAIOPS_KEEP_AWAY_H */
