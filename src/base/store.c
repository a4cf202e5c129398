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
#include "base/error_context.h"
#include "base/store.h"
#include "catalog/indexing.h"
#include "catalog/namespace.h"
#include "catalog/pg_extension.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/guc.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

/* Finds our pg_extension row; returns false if there is none. */
static bool
find_extension(Oid *oid, Oid *owner, TransactionId *xmin)
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
		*oid = ((Form_pg_extension) GETSTRUCT(tuple))->oid;
		*owner = ((Form_pg_extension) GETSTRUCT(tuple))->extowner;
		*xmin = HeapTupleHeaderGetXmin(tuple->t_data);
	}
	systable_endscan(scan);
	table_close(rel, AccessShareLock);
	return found;
}

/* ---- what may be remembered between statements ---- */

static uint64 generation = 1;
static Oid	watched_relation = InvalidOid;

/* Endpoints, secrets or prices changed; see store_note_change(). */
static void
relation_changed(Datum arg, Oid relation)
{
	if (!OidIsValid(relation) || relation == watched_relation)
		generation++;
}

/*
 * Every script of the extension makes functions, so this tells of those too.
 */
static void
function_changed(Datum arg, int cache, uint32 hash)
{
	generation++;
}

/* The table whose invalidation stands for a change of what is configured. */
static Oid
configuration_relation(void)
{
	return get_relname_relid("endpoints", get_namespace_oid("gaiops", true));
}

uint64
store_generation(void)
{
	static bool registered = false;
	static uint64 watched_generation = 0;

	if (!registered)
	{
		CacheRegisterRelcacheCallback(relation_changed, (Datum) 0);
		CacheRegisterSyscacheCallback(PROCOID, function_changed, (Datum) 0);
		registered = true;
	}
	AcceptInvalidationMessages();
	if (watched_generation != generation)
	{
		watched_relation = configuration_relation();
		watched_generation = generation;
	}
	return generation;
}

void
store_lock_configuration(LOCKMODE mode)
{
	Oid			locked = InvalidOid;

	(void) store_generation();
	/* What was waited for may have dropped it and made another one. */
	while (OidIsValid(watched_relation) && watched_relation != locked)
	{
		locked = watched_relation;
		LockRelationOid(locked, mode);
		(void) store_generation();
	}
}

void
store_note_change(void)
{
	Oid			relation = configuration_relation();

	if (OidIsValid(relation))
		CacheInvalidateRelcacheByRelid(relation);
}

/* ---- the extension ---- */

/* What is known of the extension, and since when. */
static struct
{
	uint64		generation;		/* 0 if nothing is known */
	Oid			oid;
	Oid			owner;
	bool		committed;		/* not made or changed by this transaction */
}			extension = {0};

/*
 * Looks the extension up, unless it is known; returns false if it is absent.
 */
static bool
know_extension(void)
{
	uint64		now = store_generation();
	TransactionId xmin;

	if (extension.generation == now && extension.committed)
		return true;
	extension.generation = 0;
	if (!find_extension(&extension.oid, &extension.owner, &xmin))
		return false;
	extension.committed = !TransactionIdIsCurrentTransactionId(xmin);
	extension.generation = now;
	return true;
}

bool
store_find_owner(Oid *owner)
{
	if (!know_extension())
		return false;
	*owner = extension.owner;
	return true;
}

Oid
store_extension(void)
{
	return know_extension() ? extension.oid : InvalidOid;
}

Oid
store_owner(void)
{
	if (!know_extension())
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("extension \"%s\" is not installed in this database",
						EXTENSION_NAME),
				 errhint("Run CREATE EXTENSION %s.", EXTENSION_NAME)));
	return extension.owner;
}

bool
store_extension_is_committed(void)
{
	return know_extension() && extension.committed;
}

void
store_require_committed_extension(void)
{
	(void) store_owner();
	if (!extension.committed)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("extension \"%s\" was created or updated in this transaction",
						EXTENSION_NAME),
				 errdetail("Records are written by another process, which cannot see the tables yet."),
				 errhint("COMMIT first.")));
}

/* ---- statements ---- */

void
store_open(StoreSession *session)
{
	Oid			owner = store_owner();

	GetUserIdAndSecContext(&session->save_userid, &session->save_sec_context);
	SetUserIdAndSecContext(owner, session->save_sec_context |
						   SECURITY_LOCAL_USERID_CHANGE);
	session->save_nest_level = NewGUCNestLevel();
	(void) set_config_option("search_path", "pg_catalog, pg_temp", PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI");
}

void
store_close(const StoreSession *session)
{
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "could not disconnect from SPI");
	AtEOXact_GUC(true, session->save_nest_level);
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

static void
execute(StoreStatement *statement, Datum *values, const char *nulls,
		bool latest)
{
	Snapshot	snapshot;
	int			result;

	if (statement->plan == NULL)
		prepare(statement);
	snapshot = latest ? RegisterSnapshot(GetLatestSnapshot()) : InvalidSnapshot;
	result = SPI_execute_snapshot(statement->plan, values, nulls, snapshot,
								  InvalidSnapshot, latest, true, 0);
	if (snapshot != InvalidSnapshot)
		UnregisterSnapshot(snapshot);
	if (result < 0)
		elog(ERROR, "could not execute \"%s\": %s", statement->sql,
			 SPI_result_code_string(result));
}

void
store_execute(StoreStatement *statement, Datum *values, const char *nulls,
			  bool latest)
{
	MemoryContext old = CurrentMemoryContext;

	PG_TRY();
	{
		execute(statement, values, nulls, latest);
	}
	PG_CATCH();
	{
		error_context_leave_out(old);
		PG_RE_THROW();
	}
	PG_END_TRY();
	/* SPI leaves its own context current, which ends at store_close(). */
	MemoryContextSwitchTo(old);
}

char *
store_text(int column)
{
	return SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, column);
}

char *
store_copy_text(int column, MemoryContext context)
{
	char	   *text = store_text(column);

	return text != NULL ? MemoryContextStrdup(context, text) : NULL;
}

Datum
store_datum(int column, bool *isnull)
{
	return SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, column,
						 isnull);
}

Datum
store_value(StoreStatement *statement, Datum *values, bool *isnull)
{
	StoreSession session;
	Datum		value = (Datum) 0;

	*isnull = true;
	store_open(&session);
	store_execute(statement, values, NULL, true);
	if (SPI_processed > 0)
		value = store_datum(1, isnull);
	if (!*isnull)
	{
		Form_pg_attribute column = TupleDescAttr(SPI_tuptable->tupdesc, 0);

		value = SPI_datumTransfer(value, column->attbyval, column->attlen);
	}
	store_close(&session);
	return value;
}

bool
store_exists(StoreStatement *statement, Datum *values)
{
	StoreSession session;
	bool		exists;

	store_open(&session);
	store_execute(statement, values, NULL, true);
	exists = SPI_processed > 0;
	store_close(&session);
	return exists;
}
