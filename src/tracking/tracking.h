/*
 * tracking.h
 *		What happened: spans, runs, and the usage that comes of them.
 */
#ifndef GAIOPS_TRACKING_H
#define GAIOPS_TRACKING_H

/* Makes the tables of this room known to the writer. */
extern void tracking_init(void);

#endif							/* GAIOPS_TRACKING_H */
