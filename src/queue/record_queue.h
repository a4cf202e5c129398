/*
 * record_queue.h
 *		The shared-memory queue from callers to the writers, as callers see it.
 *
 * Before it does anything that has to be recorded, a caller takes a ticket,
 * and with it the room for its final record.  So a cancelled or dying session
 * never waits to record.
 */
#ifndef GAIOPS_RECORD_QUEUE_H
#define GAIOPS_RECORD_QUEUE_H

#include "queue/queue_types.h"
#include "queue/record.h"
#include "utils/uuid.h"

/* Asks for the queue's memory, if the library is being preloaded. */
extern void record_queue_init(void);

/* Whether the library was preloaded. */
extern bool record_queue_available(void);

/*
 * The random id of this life of the server, in this database: what is copied
 * into another one is not under way there.  NULL if not preloaded.
 */
extern const pg_uuid_t *record_queue_incarnation(void);

/* Payloads above this many bytes must be cut. */
extern Size record_queue_max_payload(void);

/*
 * Takes a ticket whose first record has first_size bytes; NULL when the queue
 * has no room now.  Never waits.  The first record must be pushed with it, or
 * the ticket released.
 */
extern Ticket *record_queue_reserve(Size first_size);

/*
 * The same for what stays open until a session ends it.  NULL as well when it
 * may hold no more of the queue, as limit says then.
 */
extern Ticket *record_queue_reserve_open(Size first_size, OpenLimit *limit);

/* Pushes the first record of a ticket; the space was reserved. */
extern void record_queue_push(Ticket *ticket, const Record *record);

/*
 * Pushes the last record of a ticket, taking what it needs beyond the reserved
 * chunk from the pool; false when there is no room now.  Never waits.
 */
extern bool record_queue_push_final(Ticket *ticket, const Record *record);

extern TicketState record_queue_state(const Ticket *ticket);

/* Why this database's records do not get committed. */
extern QueueTrouble record_queue_trouble(void);

/*
 * Gives the ticket up.  A record still under way with it is committed all the
 * same; a reserved chunk that was not used goes back to the pool.
 */
extern void record_queue_release(Ticket *ticket);

/* Have this process's latch set when room may have been made. */
extern void record_queue_await_room(void);
extern void record_queue_stop_awaiting_room(void);

#endif							/* GAIOPS_RECORD_QUEUE_H */
