/*
 * rejection.h
 *		Records that cannot be stored as they are.
 */
#ifndef GAIOPS_REJECTION_H
#define GAIOPS_REJECTION_H

#include "queue/queue_types.h"
#include "queue/record_shape.h"

extern RecordShape rejected_shape;

/*
 * Stores what can be stored of a record, and says in gaiops.rejected_records
 * why that is not all.  Raises nothing: if even that fails, it is in the
 * server log.
 */
extern void rejection_store(QueuedRecord *record, const ErrorData *error);

#endif							/* GAIOPS_REJECTION_H */
