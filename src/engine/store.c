/*
 * store.c
 *		Statements on our own tables: prepared once, run as their owner.
 *
 * Rights are checked before: by EXECUTE on the SQL function that leads here.
 * The owner's identity is taken only around the statement.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/indexing.h"
#include "catalog/pg_extension.h"
#include "engine/store.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

/* Finds our pg_extension row; returns false if there is none. */
static bool
find_extension(Oid *owner, TransactionId *xmin)
{
	Relation	rel = table_open(ExtensionRelationId, AccessShareLock);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;
	bool		found;

	ScanKeyInit(&key, Anum_pg_extension_extname, BTEqualStrategyNumber,
				F_NAMEEQ, CStringGetDatum(EXTENSION_NAME));
	scan = systable_beginscan(rel, ExtensionNameIndexId, true, NULL, 1, &key);
	tuple = systable_getnext(scan);
	found = HeapTupleIsValid(tuple);
	if (found)
	{
		*owner = ((Form_pg_extension) GETSTRUCT(tuple))->extowner;
		*xmin = HeapTupleHeaderGetXmin(tuple->t_data);
	}
	systable_endscan(scan);
	table_close(rel, AccessShareLock);
	return found;
}

/* Finds our pg_extension row or raises. */
static void
require_extension(Oid *owner, TransactionId *xmin)
{
	if (!find_extension(owner, xmin))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("extension \"%s\" is not installed in this database",
						EXTENSION_NAME),
				 errhint("Run CREATE EXTENSION %s.", EXTENSION_NAME)));
}

bool
store_find_owner(Oid *owner)
{
	TransactionId xmin;

	return find_extension(owner, &xmin);
}

Oid
store_owner(void)
{
	Oid			owner;
	TransactionId xmin;

	require_extension(&owner, &xmin);
	return owner;
}

void
store_require_committed_extension(void)
{
	Oid			owner;
	TransactionId xmin;

	require_extension(&owner, &xmin);
	if (TransactionIdIsCurrentTransactionId(xmin))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("extension \"%s\" was created or updated in this transaction",
						EXTENSION_NAME),
				 errdetail("Calls are recorded by another process, which cannot see the tables yet."),
				 errhint("COMMIT first.")));
}

void
store_open(StoreSession *session)
{
	Oid			owner = store_owner();

	GetUserIdAndSecContext(&session->save_userid, &session->save_sec_context);
	SetUserIdAndSecContext(owner, session->save_sec_context |
						   SECURITY_LOCAL_USERID_CHANGE);
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI");
}

void
store_close(const StoreSession *session)
{
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "could not disconnect from SPI");
	SetUserIdAndSecContext(session->save_userid, session->save_sec_context);
}

/* Prepares a statement for the life of the session. */
static void
prepare(StoreStatement *statement)
{
	SPIPlanPtr	plan = SPI_prepare(statement->sql, statement->nargs,
								   statement->argtypes);

	if (plan == NULL || SPI_keepplan(plan) != 0)
		elog(ERROR, "could not prepare \"%s\": %s", statement->sql,
			 SPI_result_code_string(SPI_result));
	statement->plan = plan;
}

void
store_execute(StoreStatement *statement, Datum *values, const char *nulls,
			  bool latest)
{
	MemoryContext old = CurrentMemoryContext;
	Snapshot	snapshot;
	int			result;

	if (statement->plan == NULL)
		prepare(statement);
	snapshot = latest ? RegisterSnapshot(GetLatestSnapshot()) : InvalidSnapshot;
	result = SPI_execute_snapshot(statement->plan, values, nulls, snapshot,
								  InvalidSnapshot, latest, true, 0);
	if (snapshot != InvalidSnapshot)
		UnregisterSnapshot(snapshot);
	/* SPI leaves its own context current, which ends at store_close(). */
	MemoryContextSwitchTo(old);
	if (result < 0)
		elog(ERROR, "could not execute \"%s\": %s", statement->sql,
			 SPI_result_code_string(result));
}

char *
store_text(int column)
{
	return SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, column);
}

Datum
store_datum(int column, bool *isnull)
{
	return SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, column,
						 isnull);
}
