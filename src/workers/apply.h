/*
 * apply.h
 *		Maintenance where spans come from a publisher.
 */
#ifndef GAIOPS_APPLY_H
#define GAIOPS_APPLY_H

/* Called once, when the library is preloaded. */
extern void apply_init(void);

#endif							/* GAIOPS_APPLY_H */
