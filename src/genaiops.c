/*
 * genaiops.c
 *		LLM operations in the database: the front door.
 */
#include "postgres.h"

#include "engine/launcher.h"
#include "engine/log_secrets.h"
#include "engine/ordered.h"
#include "engine/settings.h"
#include "engine/span_queue.h"
#include "engine/statement.h"
#include "fmgr.h"
#include "miscadmin.h"

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
	span_queue_init();
	if (!IsBinaryUpgrade)
		launcher_init();
}
