/*
 * compat.h
 *		Differences between the PostgreSQL versions we build for.
 */
#ifndef GAIOPS_COMPAT_H
#define GAIOPS_COMPAT_H

#include "storage/latch.h"
#include "utils/memutils.h"
#include "utils/wait_event.h"

#if PG_VERSION_NUM < 150000
#error "genaiops needs PostgreSQL 15 or later"
#endif

/* A wait event set that lives until it is freed, errors notwithstanding. */
static inline WaitEventSet *
compat_create_wait_event_set(int nevents)
{
#if PG_VERSION_NUM >= 170000
	return CreateWaitEventSet(NULL, nevents);
#else
	return CreateWaitEventSet(TopMemoryContext, nevents);
#endif
}

/*
 * The wait event shown in pg_stat_activity while we wait; before 17 there is
 * but one for all extensions.  Looks up shared memory: ask once and keep it.
 */
static inline uint32
compat_wait_event(const char *name)
{
#if PG_VERSION_NUM >= 170000
	return WaitEventExtensionNew(name);
#else
	return PG_WAIT_EXTENSION;
#endif
}

#endif							/* GAIOPS_COMPAT_H */
