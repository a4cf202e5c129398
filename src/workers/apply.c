/*
 * apply.c
 *		Maintenance where spans come from a publisher.
 *
 * Elsewhere the writer asks for it.  A subscriber has none, but needs
 * partitions and drops old ones like any other database.  So the processes
 * that apply what is published ask, as they commit.
 */
#include "postgres.h"

#include "access/xact.h"
#include "base/subscription.h"
#include "miscadmin.h"
#include "queue/queue_control.h"
#include "queue/record_queue.h"
#include "replication/logicalworker.h"
#include "utils/timestamp.h"
#include "workers/apply.h"
#include "workers/maintenance.h"

static void
want_maintenance(XactEvent event, void *arg)
{
	static TimestampTz wanted = 0;
	TimestampTz now;

	if (event != XACT_EVENT_PRE_COMMIT || !IsLogicalWorker())
		return;
	now = GetCurrentTransactionStopTimestamp();
	if (!TimestampDifferenceExceeds(wanted, now, MAINTENANCE_MS) ||
		!record_queue_available() || !subscription_has_records())
		return;
	wanted = now;
	(void) record_queue_want_worker(WORKER_MAINTENANCE, MyDatabaseId);
}

void
apply_init(void)
{
	RegisterXactCallback(want_maintenance, NULL);
}
