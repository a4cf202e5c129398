/*
 * queue_writer.h
 *		The queue of records as the writer of a database sees it.
 */
#ifndef GAIOPS_QUEUE_WRITER_H
#define GAIOPS_QUEUE_WRITER_H

#include "queue/queue_types.h"

/* Makes this process the writer of its database; false if it has one. */
extern bool record_queue_attach_writer(void);

/*
 * Takes the oldest records of this database, at most max of them; returns how
 * many.  They keep their room until they are finished.
 */
extern int	record_queue_take(QueuedRecord *records, int max);

/*
 * Points at a record's bytes, which it copies into the current memory context
 * if they are in pieces.
 */
extern void record_queue_locate(QueuedRecord *record);

/* Tells the callers what became of records, and frees their room. */
extern void record_queue_finish(QueuedRecord *records, int n, TicketState state);

/*
 * Puts records that were taken back at the head of the queue, in their order.
 */
extern void record_queue_put_back(const QueuedRecord *records, int n);

/*
 * Says, for people, what keeps this database's records from being committed.
 */
extern void record_queue_set_trouble(QueueTrouble trouble);

/* Whether anything of this database may still have to be recorded. */
extern bool record_queue_has_tickets(void);

/* Whether this database's writer should leave now, idle or not. */
extern bool record_queue_writer_must_leave(void);

/*
 * Whether another database waits for a writer and there is no place for one.
 */
extern bool record_queue_others_wait(void);

#endif							/* GAIOPS_QUEUE_WRITER_H */
