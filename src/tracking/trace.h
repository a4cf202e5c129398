/*
 * trace.h
 *		Whether traces are recorded.
 */
#ifndef GAIOPS_TRACE_H
#define GAIOPS_TRACE_H

/*
 * Raises ERRCODE_UNDEFINED_OBJECT unless something of each trace of a uuid[]
 * is recorded, or being recorded, whatever the snapshot of the transaction.
 */
extern void trace_require_all(Datum trace_ids);

/* The same for one trace, a uuid. */
extern void trace_require(Datum trace_id);

#endif							/* GAIOPS_TRACE_H */
