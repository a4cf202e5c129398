/*
 * prompt_commit.c
 *		Whether what is loaded of a prompt will stay.
 *
 * What is put on record for good must not name a version that a rollback
 * takes back: its number would be that of nothing.
 */
#include "postgres.h"

#include "access/xact.h"
#include "base/store.h"
#include "catalog/pg_type.h"
#include "prompts/prompt.h"
#include "utils/builtins.h"

static StoreStatement find_makers = {
	.sql = "SELECT c.xmin FROM gaiops.prompt_contents AS c"
	" WHERE c.name OPERATOR(pg_catalog.=) $1 AND c.version OPERATOR(pg_catalog.=) $2"
	" UNION ALL"
	" SELECT a.xmin FROM gaiops.prompt_aliases AS a"
	" WHERE a.name OPERATOR(pg_catalog.=) $1 AND a.alias OPERATOR(pg_catalog.=) $3",
	.nargs = 3,
	.argtypes = {TEXTOID, INT4OID, TEXTOID},
};

/* Whether a row of the last statement is of this transaction. */
static bool
is_made_here(uint64 row)
{
	bool		isnull;
	Datum		xmin = SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, 1, &isnull);

	return !isnull && TransactionIdIsCurrentTransactionId(DatumGetTransactionId(xmin));
}

/* Whether this transaction has made the version, or moved its alias. */
static bool
is_changed(const Prompt *prompt)
{
	Datum		values[3] = {CStringGetTextDatum(prompt->name), Int32GetDatum(prompt->version),
	CStringGetTextDatum(prompt->alias ? prompt->alias : "")};
	StoreSession session;
	bool		is_changed = false;

	store_open(&session);
	store_execute(&find_makers, values, NULL, true);
	for (uint64 i = 0; i < SPI_processed; i++)
		is_changed = is_changed || is_made_here(i);
	store_close(&session);
	return is_changed;
}

static void
require_unchanged(const Prompt *prompt)
{
	if (is_changed(prompt))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("prompt \"%s\" version %d is not committed", prompt->name, prompt->version),
				 errdetail("This transaction has registered it or moved its alias; which one was used is recorded for good."),
				 errhint("COMMIT first.")));
}

void
prompt_require_committed(const Prompt *prompt)
{
	ListCell   *cell;

	require_unchanged(prompt);
	foreach(cell, prompt->included)
		require_unchanged(lfirst(cell));
}
