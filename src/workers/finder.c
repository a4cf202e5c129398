/*
 * finder.c
 *		The background worker that finds where there is work to go on with.
 *
 * Evaluations survive the server, whose memory says nothing of them when it
 * starts, and maybe nobody connects.  So once in a life of the server each
 * database is asked for a look into its tables.  Only a few are asked at a
 * time: each has an entry in the queue until it is done, which others need.
 */
#include "postgres.h"

#include "access/heapam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/pg_database.h"
#include "miscadmin.h"
#include "nodes/pg_list.h"
#include "postmaster/bgworker.h"
#include "postmaster/interrupt.h"
#include "queue/queue_control.h"
#include "storage/ipc.h"
#include "tcop/tcopprot.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "workers/finder.h"
#include "workers/worker.h"

#define MAX_ASKED 4				/* databases at a time */
#define ASK_MS 200				/* between two looks whether there is room */

/*
 * Adds a database that one can connect to, and that is no template.  A limit
 * below that of no limit is of one whose DROP was interrupted.
 */
static List *
add_database(List *databases, HeapTuple tuple)
{
	Form_pg_database form = (Form_pg_database) GETSTRUCT(tuple);

	if (!form->datallowconn || form->datistemplate || form->datconnlimit < -1)
		return databases;
	return lappend_oid(databases, form->oid);
}

/* The databases, in TopMemoryContext. */
static List *
find_databases(void)
{
	List	   *databases = NIL;
	Relation	catalog;
	TableScanDesc scan;
	HeapTuple	tuple;

	StartTransactionCommand();
	(void) GetTransactionSnapshot();
	catalog = table_open(DatabaseRelationId, AccessShareLock);
	scan = table_beginscan_catalog(catalog, 0, NULL);
	while (HeapTupleIsValid(tuple = heap_getnext(scan, ForwardScanDirection)))
	{
		MemoryContext old = MemoryContextSwitchTo(TopMemoryContext);

		databases = add_database(databases, tuple);
		MemoryContextSwitchTo(old);
	}
	table_endscan(scan);
	table_close(catalog, AccessShareLock);
	CommitTransactionCommand();
	return databases;
}

/* Waits until there is room to ask for another. */
static void
await_turn(void)
{
	while (record_queue_count_wanting(WORKER_EVALUATIONS) >= MAX_ASKED)
		worker_pause(ASK_MS);
}

void
gaiops_finder_main(Datum arg)
{
	List	   *databases;
	ListCell   *cell;

	pqsignal(SIGTERM, die);
	BackgroundWorkerUnblockSignals();
	BackgroundWorkerInitializeConnectionByOid(InvalidOid, InvalidOid, 0);
	databases = find_databases();
	foreach(cell, databases)
	{
		await_turn();
		while (!record_queue_want_worker(WORKER_EVALUATIONS, lfirst_oid(cell)))
			worker_pause(ASK_MS);
	}
	proc_exit(0);
}
