/*
 * assessment.h
 *		What feedback and expectations need of the records of calls.
 *
 * All of it is looked up with the latest snapshot: what is assessed may have
 * been recorded after the caller's transaction began.
 */
#ifndef GAIOPS_ASSESSMENT_H
#define GAIOPS_ASSESSMENT_H

#include "access/htup.h"

/*
 * The experiment of a trace, which is that of its entry span.  Raises
 * ERRCODE_UNDEFINED_OBJECT unless there is such a trace.
 */
extern char *assessment_trace_experiment(Datum trace_id);

/* Raises ERRCODE_UNDEFINED_OBJECT unless a trace, a uuid, has the span. */
extern void assessment_require_span(Datum trace_id, const char *span_id);

/*
 * The experiment of a session, which is that of its latest span.  Raises
 * ERRCODE_UNDEFINED_OBJECT unless a span names the session.
 */
extern char *assessment_session_experiment(const char *session_id);

/* Has the writer insert a row of the shape of gaiops.machine_assessments. */
extern void assessment_record(HeapTupleHeader assessment);

/*
 * What gaiops.assessment_state() tells of an assessment; as a datum of that
 * function's type.
 */
extern Datum assessment_state(Datum assessment_id);

/* A review queue that asks for a label schema; NULL if there is none. */
extern char *assessment_find_queue(const char *schema);

/*
 * A role but the given one that has stored feedback of a name; NULL if there
 * is none.
 */
extern char *assessment_find_author(const char *name, Name other_than);

/* How many items of a review queue a reviewer holds by now, unanswered. */
extern int64 assessment_count_held(const char *queue, const char *reviewer);

#endif							/* GAIOPS_ASSESSMENT_H */
