/*
 * scorer_store.c
 *		Scorers that were created.
 */
#include "postgres.h"

#include "access/transam.h"
#include "access/xact.h"
#include "base/store.h"
#include "catalog/pg_type.h"
#include "scorers/scorer_store.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

/* Columns of the statement, from 1. */
enum
{
	FIELD_VERSION = 1, FIELD_KIND, FIELD_PARAMS, FIELD_DIRECTION, FIELD_SCALE,
	FIELD_THRESHOLD, FIELD_PASS_FAIL, FIELD_XMIN
};

static StoreStatement find_version = {
	"SELECT s.version, s.kind, s.params, s.direction, s.scale, s.threshold, s.pass_fail, s.xmin"
	" FROM gaiops.scorer_versions AS s"
	" WHERE s.name OPERATOR(pg_catalog.=) $1"
	" AND (s.version OPERATOR(pg_catalog.=) $2"
	" OR $2 OPERATOR(pg_catalog.=) 0 AND s.version OPERATOR(pg_catalog.>) COALESCE("
	"(SELECT pg_catalog.max(d.version) FROM gaiops.scorer_deletions AS d"
	" WHERE d.name OPERATOR(pg_catalog.=) s.name), 0))"
	" ORDER BY s.version DESC LIMIT 1",
	2, {TEXTOID, INT4OID}
};

/* A number of the row, if it is not null. */
static double
read_double(int column, bool *has)
{
	bool		isnull;
	Datum		value = store_datum(column, &isnull);

	*has = !isnull;
	return isnull ? 0 : DatumGetFloat8(value);
}

/* Copies the row that was found to a context that outlives the statement. */
static void
read_row(Scorer *scorer, MemoryContext context)
{
	bool		isnull;

	scorer->version = DatumGetInt32(store_datum(FIELD_VERSION, &isnull));
	scorer->kind = store_copy_text(FIELD_KIND, context);
	scorer->direction = store_copy_text(FIELD_DIRECTION, context);
	scorer->scale = read_double(FIELD_SCALE, &scorer->has_scale);
	scorer->threshold = read_double(FIELD_THRESHOLD, &scorer->has_threshold);
	scorer->is_pass_fail = DatumGetBool(store_datum(FIELD_PASS_FAIL, &isnull));
	scorer->is_uncommitted = TransactionIdIsCurrentTransactionId(
																 DatumGetTransactionId(store_datum(FIELD_XMIN, &isnull)));
	MemoryContextSwitchTo(context);
	scorer->params = DatumGetJsonbPCopy(store_datum(FIELD_PARAMS, &isnull));
}

bool
scorer_store_read(const char *name, int version, Scorer *scorer)
{
	MemoryContext context = CurrentMemoryContext;
	Datum		values[] = {CStringGetTextDatum(name), Int32GetDatum(version)};
	StoreSession session;
	bool		found;

	store_open(&session);
	store_execute(&find_version, values, NULL, false);
	found = SPI_processed > 0;
	if (found)
		read_row(scorer, context);
	store_close(&session);
	MemoryContextSwitchTo(context);
	return found;
}
