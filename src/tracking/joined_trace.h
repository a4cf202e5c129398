/*
 * joined_trace.h
 *		By which span each trace that an application began is shown here.
 */
#ifndef GAIOPS_JOINED_TRACE_H
#define GAIOPS_JOINED_TRACE_H

#include "queue/record_shape.h"

extern RecordShape joined_trace_shape;

/*
 * Prepares a span: of an entry of a trace that an application began, says
 * which one the trace is shown by.
 */
extern void joined_trace_name(Sink *sink, RecordValues *span);

#endif							/* GAIOPS_JOINED_TRACE_H */
