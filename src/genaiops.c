/*
 * genaiops.c
 *		LLM operations in the database: the front door.
 */
#include "postgres.h"

#include "base/ordered.h"
#include "base/settings.h"
#include "call/statement.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "queue/record_queue.h"
#include "secrets/log_secrets.h"
#include "workers/launcher.h"

PG_MODULE_MAGIC;

PGDLLEXPORT void _PG_init(void);

void
_PG_init(void)
{
	settings_init();
	log_secrets_init();
	ordered_init();
	statement_init();
	if (!process_shared_preload_libraries_in_progress)
		return;
	record_queue_init();
	if (!IsBinaryUpgrade)
		launcher_init();
}
