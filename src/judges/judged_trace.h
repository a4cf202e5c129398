/*
 * judged_trace.h
 *		What a trace says of what is judged.
 */
#ifndef GAIOPS_JUDGED_TRACE_H
#define GAIOPS_JUDGED_TRACE_H

#include "judges/judge.h"

/*
 * Fills in of a subject with a trace what is not given, as the role in force
 * sees it, in the current memory context; the session and the steps only if
 * the judge is shown them.  Raises if there is no such trace.  Returns why the
 * trace does not say what it should; NULL if it does.
 */
extern char *judged_trace_read(const Judge *judge, JudgeSubject *subject);

#endif							/* GAIOPS_JUDGED_TRACE_H */
