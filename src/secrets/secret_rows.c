/*
 * secret_rows.c
 *		The table gaiops_private.secrets.
 */
#include "postgres.h"

#include "base/store.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "secrets/secret_rows.h"
#include "utils/builtins.h"

static StoreStatement lock_for_row = {
	.sql = "LOCK TABLE gaiops_private.secrets IN ROW EXCLUSIVE MODE"
};

static StoreStatement lock_for_all = {
	.sql = "LOCK TABLE gaiops_private.secrets IN SHARE ROW EXCLUSIVE MODE"
};

static StoreStatement insert_row = {
	.sql = "INSERT INTO gaiops_private.secrets (name, kind, sealed, key_id, reference, created_by) "
	"VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (name) DO NOTHING",
	.nargs = 6,
	.argtypes = {TEXTOID, TEXTOID, BYTEAOID, TEXTOID, TEXTOID, NAMEOID}
};

static StoreStatement update_row = {
	.sql = "UPDATE gaiops_private.secrets SET kind = $2, sealed = $3, key_id = $4, reference = $5, "
	"updated_at = pg_catalog.now() WHERE name OPERATOR(pg_catalog.=) $1",
	.nargs = 5,
	.argtypes = {TEXTOID, TEXTOID, BYTEAOID, TEXTOID, TEXTOID}
};

static StoreStatement delete_row = {
	.sql = "DELETE FROM gaiops_private.secrets WHERE name OPERATOR(pg_catalog.=) $1",
	.nargs = 1,
	.argtypes = {TEXTOID}
};

static StoreStatement next_sealed = {
	.sql = "SELECT s.name, s.sealed, s.key_id FROM gaiops_private.secrets AS s "
	"WHERE s.kind OPERATOR(pg_catalog.=) 'sealed' AND s.name OPERATOR(pg_catalog.>) $1 "
	"ORDER BY s.name LIMIT 1",
	.nargs = 1,
	.argtypes = {TEXTOID}
};

/* Before its update to 0.2.0 a database has the table in another schema. */
static void
require_table(void)
{
	if (!OidIsValid(get_namespace_oid("gaiops_private", true)))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("table gaiops.secrets is of an earlier version of extension \"genaiops\" than its library"),
				 errhint("Run ALTER EXTENSION genaiops UPDATE in this database.")));
}

/* Runs a statement that writes; returns whether it met a row. */
static bool
write_row(StoreStatement *statement, Datum *values, const char *nulls)
{
	StoreSession session;
	bool		met;

	require_table();
	store_open(&session);
	store_execute(statement, values, nulls, false);
	met = SPI_processed > 0;
	store_close(&session);
	return met;
}

/* The word in the column kind. */
static const char *
kind_word(char kind)
{
	switch (kind)
	{
		case SECRET_KIND_ENV:
			return "env";
		case SECRET_KIND_FILE:
			return "file";
		default:
			return "sealed";
	}
}

/* A text datum, or a null one for NULL. */
static Datum
text_or_null(const char *text, char *null)
{
	*null = text == NULL ? 'n' : ' ';
	return text == NULL ? (Datum) 0 : CStringGetTextDatum(text);
}

/* Fills in what INSERT and UPDATE have in common: $1 to $5. */
static void
bind_row(const SecretRow *row, Datum *values, char *nulls)
{
	values[0] = text_or_null(row->name, &nulls[0]);
	values[1] = text_or_null(kind_word(row->kind), &nulls[1]);
	values[2] = PointerGetDatum(row->sealed);
	nulls[2] = row->sealed == NULL ? 'n' : ' ';
	values[3] = text_or_null(row->key_id, &nulls[3]);
	values[4] = text_or_null(row->reference, &nulls[4]);
}

void
secret_rows_lock(bool exclusive)
{
	write_row(exclusive ? &lock_for_all : &lock_for_row, NULL, NULL);
}

bool
secret_rows_insert(const SecretRow *row)
{
	Datum		values[6];
	char		nulls[6];
	NameData	creator;

	bind_row(row, values, nulls);
	namestrcpy(&creator, GetUserNameFromId(GetUserId(), false));
	values[5] = NameGetDatum(&creator);
	nulls[5] = ' ';
	return write_row(&insert_row, values, nulls);
}

bool
secret_rows_update(const SecretRow *row)
{
	Datum		values[5];
	char		nulls[5];

	bind_row(row, values, nulls);
	return write_row(&update_row, values, nulls);
}

bool
secret_rows_delete(const char *name)
{
	Datum		value = CStringGetTextDatum(name);

	return write_row(&delete_row, &value, NULL);
}

/* Row 0 of the result of next_sealed, in the current memory context. */
static SecretRow *
copy_row(void)
{
	SecretRow  *row = palloc0(sizeof(SecretRow));
	bool		isnull;

	row->name = store_text(1);
	row->kind = SECRET_KIND_SEALED;
	row->sealed = DatumGetByteaPCopy(store_datum(2, &isnull));
	row->key_id = store_text(3);
	return row;
}

SecretRow *
secret_rows_next_sealed(const char *above)
{
	MemoryContext caller = CurrentMemoryContext;
	Datum		value = CStringGetTextDatum(above);
	StoreSession session;
	SecretRow  *row = NULL;

	store_open(&session);
	store_execute(&next_sealed, &value, NULL, true);
	if (SPI_processed > 0)
	{
		MemoryContext spi = MemoryContextSwitchTo(caller);

		row = copy_row();
		MemoryContextSwitchTo(spi);
	}
	store_close(&session);
	return row;
}
