/*
 * owner.h
 *		Whose a run or a trace is.
 */
#ifndef GAIOPS_OWNER_H
#define GAIOPS_OWNER_H

#include "utils/uuid.h"

/* Whether the role in force is a member of the one that started a run. */
extern bool owner_of_run(const pg_uuid_t *run_id);

/* The same of the one whose call or span a trace began with here. */
extern bool owner_of_trace(const pg_uuid_t *trace_id);

#endif							/* GAIOPS_OWNER_H */
