/*
 * prompt_rows.c
 *		Looking up rows of the prompt registry by key.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/table.h"
#include "catalog/namespace.h"
#include "compat.h"
#include "engine/prompt_rows.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

/* The keys of the tables: name, and version or alias. */
#define KEY_NAME 1
#define KEY_SECOND 2

/* A scan of a table by the beginning of its primary key. */
typedef struct KeyScan
{
	Relation	rel;
	Relation	index;
	Snapshot	snapshot;
	SysScanDesc scan;
} KeyScan;

/*
 * Begins a scan.  The tables are held until the end of the transaction, as a
 * statement would hold them.
 */
static void
begin_scan(KeyScan *scan, const char *table, int nkeys, ScanKey keys)
{
	Oid			schema = get_namespace_oid("gaiops", false);
	Oid			oid = get_relname_relid(table, schema);

	if (!OidIsValid(oid))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("relation \"gaiops.%s\" does not exist", table)));
	scan->rel = table_open(oid, AccessShareLock);
	scan->index = index_open(compat_primary_key_index(scan->rel), AccessShareLock);
	scan->snapshot = RegisterSnapshot(GetLatestSnapshot());
	scan->scan = systable_beginscan_ordered(scan->rel, scan->index,
											scan->snapshot, nkeys, keys);
}

static void
end_scan(KeyScan *scan)
{
	systable_endscan_ordered(scan->scan);
	UnregisterSnapshot(scan->snapshot);
	index_close(scan->index, NoLock);
	table_close(scan->rel, NoLock);
}

/* Keys are of collation "C", as the columns are. */
static void
set_name_key(ScanKey key, const char *name)
{
	ScanKeyInit(key, KEY_NAME, BTEqualStrategyNumber, F_TEXTEQ,
				CStringGetTextDatum(name));
}

static void
set_version_key(ScanKey key, int32 version)
{
	ScanKeyInit(key, KEY_SECOND, BTEqualStrategyNumber, F_INT4EQ,
				Int32GetDatum(version));
}

/* A column of a row that cannot be null. */
static Datum
column(const KeyScan *scan, HeapTuple row, const char *name)
{
	TupleDesc	shape = RelationGetDescr(scan->rel);

	for (int i = 0; i < shape->natts; i++)
	{
		bool		isnull;
		Datum		value;

		if (strcmp(NameStr(TupleDescAttr(shape, i)->attname), name) != 0)
			continue;
		value = heap_getattr(row, i + 1, shape, &isnull);
		if (!isnull)
			return value;
	}
	elog(ERROR, "relation \"%s\" has no column \"%s\" with a value",
		 RelationGetRelationName(scan->rel), name);
	return (Datum) 0;
}

int32
prompt_rows_alias(const char *name, const char *alias)
{
	ScanKeyData keys[2];
	KeyScan		scan;
	HeapTuple	row;
	int32		version = 0;

	set_name_key(&keys[0], name);
	ScanKeyInit(&keys[1], KEY_SECOND, BTEqualStrategyNumber, F_TEXTEQ,
				CStringGetTextDatum(alias));
	begin_scan(&scan, "prompt_aliases", 2, keys);
	row = systable_getnext_ordered(scan.scan, ForwardScanDirection);
	if (HeapTupleIsValid(row))
		version = DatumGetInt32(column(&scan, row, "version"));
	end_scan(&scan);
	return version;
}

static bool
is_deleted(const char *name, int32 version)
{
	ScanKeyData keys[2];
	KeyScan		scan;
	bool		found;

	set_name_key(&keys[0], name);
	set_version_key(&keys[1], version);
	begin_scan(&scan, "prompt_deletions", 2, keys);
	found = HeapTupleIsValid(systable_getnext_ordered(scan.scan, ForwardScanDirection));
	end_scan(&scan);
	return found;
}

int32
prompt_rows_latest(const char *name)
{
	ScanKeyData key;
	KeyScan		scan;
	HeapTuple	row;
	int32		version = 0;

	set_name_key(&key, name);
	begin_scan(&scan, "prompt_contents", 1, &key);
	while (HeapTupleIsValid(row = systable_getnext_ordered(scan.scan, BackwardScanDirection)))
	{
		version = DatumGetInt32(column(&scan, row, "version"));
		if (!is_deleted(name, version))
			break;
		version = 0;
	}
	end_scan(&scan);
	return version;
}

char *
prompt_rows_hash(const char *name, int32 version)
{
	ScanKeyData keys[2];
	KeyScan		scan;
	HeapTuple	row;
	char	   *hash = NULL;

	if (is_deleted(name, version))
		return NULL;
	set_name_key(&keys[0], name);
	set_version_key(&keys[1], version);
	begin_scan(&scan, "prompt_contents", 2, keys);
	row = systable_getnext_ordered(scan.scan, ForwardScanDirection);
	if (HeapTupleIsValid(row))
		hash = TextDatumGetCString(column(&scan, row, "content_hash"));
	end_scan(&scan);
	return hash;
}
