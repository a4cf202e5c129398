/*
 * joined_trace.h
 *		By which span each trace that an application began is shown here.
 */
#ifndef GAIOPS_JOINED_TRACE_H
#define GAIOPS_JOINED_TRACE_H

#include "queue/record_shape.h"

extern RecordShape joined_trace_shape;

/*
 * Observes spans: has a row name the first entry span of each trace that an
 * application began.
 */
extern const RecordObserver joined_traces;

#endif							/* GAIOPS_JOINED_TRACE_H */
