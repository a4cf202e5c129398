/*
 * genaiops.c
 *		LLM operations in the database: the front door.
 */
#include "postgres.h"

#include "base/compiling.h"
#include "base/denied_call.h"
#include "base/error_context.h"
#include "base/hooks.h"
#include "base/ordered.h"
#include "base/settings.h"
#include "call/call.h"
#include "evaluation/evaluation.h"
#include "feedback/feedback.h"
#include "fmgr.h"
#include "judges/judge.h"
#include "prompts/prompts.h"
#include "queue/record_queue.h"
#include "queue/session_entry.h"
#include "secrets/log_secrets.h"
#include "tracking/tracking.h"
#include "workers/workers.h"

PG_MODULE_MAGIC;

PGDLLEXPORT void _PG_init(void);

void
_PG_init(void)
{
	/* Room by room, from left to right. */
	settings_init();
	ordered_init();
	hooks_init();
	compiling_init();
	error_context_init();
	denied_call_init();
	record_queue_init();
	session_entry_init();
	log_secrets_init();
	tracking_init();
	workers_init();
	prompts_init();
	feedback_init();
	call_init();
	judges_init();
	evaluation_init();
}
