/*
 * prompt_rows.c
 *		Rows of the prompt registry, found by their keys.
 *
 * A load looks for three or four rows.  Statements that did so would cost
 * several times as much as the rows, hence this reads the indexes of the
 * primary keys itself.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "base/document.h"
#include "base/ordered.h"
#include "base/store.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "compat.h"
#include "prompts/prompt_rows.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#define MAX_KEYS 2

/* What is compared with the first columns of a table, which are its key. */
typedef struct RowKey
{
	ScanKeyData keys[MAX_KEYS];
	int			n;
} RowKey;

typedef struct RowScan
{
	Relation	table;
	Relation	index;
	SysScanDesc scan;
} RowScan;

void
prompt_rows_open(PromptRows *rows)
{
	store_lock_configuration(AccessShareLock);
	(void) store_owner();
	rows->schema = get_namespace_oid("gaiops", false);
	rows->snapshot = RegisterSnapshot(GetLatestSnapshot());
}

void
prompt_rows_close(PromptRows *rows)
{
	UnregisterSnapshot(rows->snapshot);
	rows->snapshot = InvalidSnapshot;
}

/* ---- scanning ---- */

/* Has the next column equal a text, collated "C" as all keys are. */
static void
add_text(RowKey *key, const char *text)
{
	ScanKeyInit(&key->keys[key->n], (AttrNumber) (key->n + 1), BTEqualStrategyNumber,
				F_TEXTEQ, CStringGetTextDatum(text));
	key->n++;
}

static void
add_number(RowKey *key, int32 number)
{
	ScanKeyInit(&key->keys[key->n], (AttrNumber) (key->n + 1), BTEqualStrategyNumber,
				F_INT4EQ, Int32GetDatum(number));
	key->n++;
}

/* The key of a version. */
static RowKey
version_key(const char *name, int32 version)
{
	RowKey		key = {.n = 0};

	add_text(&key, name);
	add_number(&key, version);
	return key;
}

static void
begin_scan(RowScan *scan, const PromptRows *rows, const char *table, RowKey *key)
{
	Oid			index;

	scan->table = table_open(get_relname_relid(table, rows->schema), AccessShareLock);
	index = compat_primary_key_index(scan->table);
	if (!OidIsValid(index))
		elog(ERROR, "table \"%s\" has no primary key", table);
	scan->index = index_open(index, AccessShareLock);
	scan->scan = systable_beginscan_ordered(scan->table, scan->index,
											rows->snapshot, key->n, key->keys);
}

/* Locks are kept until the transaction ends, as a statement keeps them. */
static void
end_scan(RowScan *scan)
{
	systable_endscan_ordered(scan->scan);
	index_close(scan->index, NoLock);
	table_close(scan->table, NoLock);
}

/* A column of a row and its type; its position may differ after an update. */
static Datum
typed_column(TupleDesc shape, HeapTuple row, const char *name, Oid *type,
			 bool *isnull)
{
	for (int i = 0; i < shape->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(shape, i);

		if (!attribute->attisdropped && strcmp(NameStr(attribute->attname), name) == 0)
		{
			*type = attribute->atttypid;
			return heap_getattr(row, i + 1, shape, isnull);
		}
	}
	elog(ERROR, "%s has no column \"%s\"", format_type_be(shape->tdtypeid), name);
}

static Datum
column(TupleDesc shape, HeapTuple row, const char *name, bool *isnull)
{
	Oid			type;

	return typed_column(shape, row, name, &type, isnull);
}

static int32
number_column(TupleDesc shape, HeapTuple row, const char *name)
{
	bool		isnull;
	Datum		value = column(shape, row, name, &isnull);

	return isnull ? 0 : DatumGetInt32(value);
}

/* The text in a column; NULL if null. */
static char *
text_column(TupleDesc shape, HeapTuple row, const char *name)
{
	bool		isnull;
	Datum		value = column(shape, row, name, &isnull);

	return isnull ? NULL : TextDatumGetCString(value);
}

/* The JSON in a column, absent if null; before 0.2.0 it was jsonb. */
static TextSlice
json_column(TupleDesc shape, HeapTuple row, const char *name)
{
	Oid			type;
	bool		isnull;
	Datum		value = typed_column(shape, row, name, &type, &isnull);

	if (isnull)
		return ORDERED_NONE;
	if (type != JSONBOID)
		return ordered_of(TextDatumGetCString(value));
	return document_text(DatumGetJsonbP(value));
}

/* ---- looking up ---- */

int32
prompt_rows_aliased(const PromptRows *rows, const char *name, const char *alias)
{
	RowKey		key = {.n = 0};
	RowScan		scan;
	HeapTuple	row;
	int32		version = 0;

	add_text(&key, name);
	add_text(&key, alias);
	begin_scan(&scan, rows, "prompt_aliases", &key);
	row = systable_getnext_ordered(scan.scan, ForwardScanDirection);
	if (row != NULL)
		version = number_column(RelationGetDescr(scan.table), row, "version");
	end_scan(&scan);
	return version;
}

static bool
is_deleted(const PromptRows *rows, const char *name, int32 version)
{
	RowKey		key = version_key(name, version);
	RowScan		scan;
	bool		found;

	begin_scan(&scan, rows, "prompt_deletions", &key);
	found = systable_getnext_ordered(scan.scan, ForwardScanDirection) != NULL;
	end_scan(&scan);
	return found;
}

int32
prompt_rows_latest(const PromptRows *rows, const char *name)
{
	RowKey		key = {.n = 0};
	RowScan		scan;
	HeapTuple	row;
	int32		version = 0;

	add_text(&key, name);
	begin_scan(&scan, rows, "prompt_contents", &key);
	while (version == 0 &&
		   (row = systable_getnext_ordered(scan.scan, BackwardScanDirection)) != NULL)
	{
		version = number_column(RelationGetDescr(scan.table), row, "version");
		if (is_deleted(rows, name, version))
			version = 0;
	}
	end_scan(&scan);
	return version;
}

static List *
read_includes(const PromptRows *rows, const char *name, int32 version)
{
	RowKey		key = version_key(name, version);
	List	   *includes = NIL;
	RowScan		scan;
	TupleDesc	shape;
	HeapTuple	row;

	begin_scan(&scan, rows, "prompt_includes", &key);
	shape = RelationGetDescr(scan.table);
	while ((row = systable_getnext_ordered(scan.scan, ForwardScanDirection)) != NULL)
	{
		PromptAddress *address = palloc0(sizeof(PromptAddress));
		char	   *alias = text_column(shape, row, "alias");

		strlcpy(address->name, text_column(shape, row, "included_name"), sizeof(address->name));
		address->version = number_column(shape, row, "included_version");
		if (alias != NULL)
			strlcpy(address->alias, alias, sizeof(address->alias));
		includes = lappend(includes, address);
	}
	end_scan(&scan);
	return includes;
}

void
prompt_row_read(TupleDesc shape, HeapTuple row, PromptContent *content)
{
	content->kind = text_column(shape, row, "kind");
	content->syntax = text_column(shape, row, "syntax");
	content->text = text_column(shape, row, "template");
	content->messages = json_column(shape, row, "messages");
	content->response_format = json_column(shape, row, "response_format");
	content->model_config = json_column(shape, row, "model_config");
	content->hash = text_column(shape, row, "content_hash");
}

bool
prompt_rows_content(const PromptRows *rows, const char *name, int32 version,
					PromptContent *content)
{
	RowKey		key = version_key(name, version);
	RowScan		scan;
	HeapTuple	row;
	bool		found;

	begin_scan(&scan, rows, "prompt_contents", &key);
	row = systable_getnext_ordered(scan.scan, ForwardScanDirection);
	found = row != NULL && !is_deleted(rows, name, version);
	if (found)
	{
		prompt_row_read(RelationGetDescr(scan.table), row, content);
		content->includes = read_includes(rows, name, version);
	}
	end_scan(&scan);
	return found;
}
