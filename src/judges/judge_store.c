/*
 * judge_store.c
 *		Judges that were created.
 */
#include "postgres.h"

#include "access/transam.h"
#include "access/xact.h"
#include "base/store.h"
#include "catalog/pg_type.h"
#include "judges/judge_store.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/memutils.h"

/* Columns of the statement, from 1. */
enum
{
	FIELD_VERSION = 1, FIELD_VALUE_TYPE, FIELD_CHOICES, FIELD_INSTRUCTIONS, FIELD_MODEL, FIELD_PARAMS,
	FIELD_RULE, FIELD_DIRECTION, FIELD_THRESHOLD, FIELD_MEMBERS, FIELD_MEMBER_VERSIONS, FIELD_XMIN
};

static StoreStatement find_version = {
	"SELECT j.version, j.value_type, j.choices, j.instructions, j.model, j.params, j.rule, j.direction,"
	" j.threshold, j.members, j.member_versions, j.xmin"
	" FROM gaiops.judge_versions AS j"
	" WHERE j.name OPERATOR(pg_catalog.=) $1"
	" AND (j.version OPERATOR(pg_catalog.=) $2"
	" OR $2 OPERATOR(pg_catalog.=) 0 AND j.version OPERATOR(pg_catalog.>) COALESCE("
	"(SELECT pg_catalog.max(d.version) FROM gaiops.judge_deletions AS d"
	" WHERE d.name OPERATOR(pg_catalog.=) j.name), 0))"
	" ORDER BY j.version DESC LIMIT 1",
	2, {TEXTOID, INT4OID}
};

/* An array of the row, copied to the current context; 0 if it is null. */
static Datum
read_array(int column)
{
	bool		isnull;
	Datum		value = store_datum(column, &isnull);

	return isnull ? (Datum) 0 : datumCopy(value, false, -1);
}

static void
read_row(StoredJudge *stored, MemoryContext context)
{
	bool		isnull;
	MemoryContext old;

	stored->version = DatumGetInt32(store_datum(FIELD_VERSION, &isnull));
	stored->value_type = store_copy_text(FIELD_VALUE_TYPE, context);
	stored->choices = store_copy_text(FIELD_CHOICES, context);
	stored->instructions = store_copy_text(FIELD_INSTRUCTIONS, context);
	stored->model = store_copy_text(FIELD_MODEL, context);
	stored->params = store_copy_text(FIELD_PARAMS, context);
	stored->rule = store_copy_text(FIELD_RULE, context);
	stored->direction = store_copy_text(FIELD_DIRECTION, context);
	stored->threshold = DatumGetFloat8(store_datum(FIELD_THRESHOLD, &isnull));
	stored->has_threshold = !isnull;
	stored->is_uncommitted =
		TransactionIdIsCurrentTransactionId(DatumGetTransactionId(store_datum(FIELD_XMIN, &isnull)));
	old = MemoryContextSwitchTo(context);
	stored->members = read_array(FIELD_MEMBERS);
	stored->member_versions = read_array(FIELD_MEMBER_VERSIONS);
	MemoryContextSwitchTo(old);
}

bool
judge_store_read(const char *name, int version, StoredJudge *stored)
{
	MemoryContext context = CurrentMemoryContext;
	Datum		values[] = {CStringGetTextDatum(name), Int32GetDatum(version)};
	StoreSession session;
	bool		found;

	memset(stored, 0, sizeof(*stored));
	store_open(&session);
	store_execute(&find_version, values, NULL, false);
	found = SPI_processed > 0;
	if (found)
		read_row(stored, context);
	store_close(&session);
	MemoryContextSwitchTo(context);
	return found;
}
