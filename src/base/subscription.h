/*
 * subscription.h
 *		Tables that a subscription fills from another database, and which
 *		nobody else may write to.
 */
#ifndef GAIOPS_SUBSCRIPTION_H
#define GAIOPS_SUBSCRIPTION_H

/*
 * The name of a subscription of this database that fills a table, or the
 * default partition of a partitioned one, in the current memory context; NULL
 * if there is none.  One that is disabled counts, since it may be enabled; one
 * whose owner cannot become the owner of the table does not.
 */
extern char *subscription_of(Oid table);

/*
 * Raises ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE if there is one.  A row of
 * our own could have the key of one that is yet to come, and applying would
 * stop there.
 */
extern void subscription_refuse(Oid table);

/* A table of ours by name, for these; InvalidOid if it is not there. */
extern Oid	subscription_table(const char *name);

/*
 * Whether spans come from another database; remembered until subscriptions or
 * roles change.
 */
extern bool subscription_has_records(void);

#endif							/* GAIOPS_SUBSCRIPTION_H */
