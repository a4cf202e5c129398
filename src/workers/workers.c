/*
 * workers.c
 *		The processes that work for all sessions.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "workers/apply.h"
#include "workers/keep_away.h"
#include "workers/launcher.h"
#include "workers/rejection.h"
#include "workers/workers.h"

void
workers_init(void)
{
	record_register(&rejected_shape);
	keep_away_init();
	if (process_shared_preload_libraries_in_progress && !IsBinaryUpgrade)
	{
		launcher_init();
		apply_init();
	}
}
