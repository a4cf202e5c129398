/*
 * tracking.h
 *		What happened: spans, runs, and the usage that comes of them.
 */
#ifndef GAIOPS_TRACKING_H
#define GAIOPS_TRACKING_H

/* Makes known the tables of this room, and what its sessions hold open. */
extern void tracking_init(void);

#endif							/* GAIOPS_TRACKING_H */
