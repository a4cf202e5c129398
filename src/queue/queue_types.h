/*
 * queue_types.h
 *		What the record queue and its memory both speak of.
 */
#ifndef GAIOPS_QUEUE_TYPES_H
#define GAIOPS_QUEUE_TYPES_H

typedef struct Ticket Ticket;
typedef struct DatabaseQueue DatabaseQueue;

/* What became of the last record pushed with a ticket. */
typedef enum TicketState
{
	TICKET_IDLE,				/* nothing pushed yet */
	TICKET_PENDING,
	TICKET_COMMITTED,
	TICKET_REFUSED				/* not stored; nothing of it remains */
} TicketState;

/* Why the writer of a database cannot work, for error messages. */
typedef enum QueueTrouble
{
	TROUBLE_NONE,
	TROUBLE_NO_WORKER,			/* no background worker slot */
	TROUBLE_DISK_FULL,
	TROUBLE_LOCKED,				/* a table is locked by somebody */
	TROUBLE_OTHER_TYPE,			/* a column has another type than its values */
	TROUBLE_NO_TABLE			/* what has a table's name takes no rows */
} QueueTrouble;

/* The workers that a database may want, and what wants them. */
typedef enum WorkerKind
{
	WORKER_WRITER,				/* records that are queued, and no writer */
	WORKER_MAINTENANCE,			/* whoever asks for it */
	WORKER_EVALUATIONS			/* the same */
} WorkerKind;

#define NUM_WORKER_KINDS (WORKER_EVALUATIONS + 1)

/* A kind in a set of kinds. */
#define WORKER_BIT(kind) (1U << (kind))

/* Most jobs that workers do at once on the server. */
#define MAX_JOB_SLOTS 64

/* Whose open spans and runs hold all that they may of the queue. */
typedef enum OpenLimit
{
	OPEN_UNLIMITED,				/* nobody's */
	OPEN_LIMIT_OF_ROLE,
	OPEN_LIMIT_OF_DATABASE,
	OPEN_LIMIT_OF_ALL
} OpenLimit;

/* A record that a writer has taken. */
typedef struct QueuedRecord
{
	int32		chunk;			/* first chunk; private to the queue */
	Ticket	   *ticket;
	bool		is_final;
	char	   *data;			/* flat rows; NULL until located */
	Size		size;
} QueuedRecord;

#endif							/* GAIOPS_QUEUE_TYPES_H */
