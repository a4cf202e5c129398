/*
 * maintenance.h
 *		The background worker that does the DDL of one database.
 */
#ifndef GAIOPS_MAINTENANCE_H
#define GAIOPS_MAINTENANCE_H

#define MAINTENANCE_MS 3600000	/* between two, whoever asks for it */

/*
 * Whether a partition that records go to now is missing although nobody tried
 * to make it lately.  For the writer, as often as it likes; now and then it
 * runs a transaction of its own.
 */
extern bool maintenance_is_missed(void);

/* Entry point of the process; its argument is the database's oid. */
extern PGDLLEXPORT void gaiops_maintenance_main(Datum database);

#endif							/* GAIOPS_MAINTENANCE_H */
