/*
 * dataset_revision.c
 *		The revision of a dataset that something is done with.
 */
#include "postgres.h"

#include "access/xact.h"
#include "base/registry_lock.h"
#include "base/store.h"
#include "catalog/pg_type.h"
#include "datasets/dataset_revision.h"
#include "utils/builtins.h"

static StoreStatement find_dataset = {
	.sql = "SELECT d.revision FROM gaiops.dataset_settings AS d"
	" WHERE d.name OPERATOR(pg_catalog.=) $1",
	.nargs = 1,
	.argtypes = {TEXTOID},
};

static StoreStatement find_revision = {
	.sql = "SELECT r.xmin FROM gaiops.dataset_changes AS r"
	" WHERE r.dataset OPERATOR(pg_catalog.=) $1"
	" AND r.revision OPERATOR(pg_catalog.=) $2",
	.nargs = 2,
	.argtypes = {TEXTOID, INT4OID},
};

/*
 * Keeps a dataset from being dropped until what names it is there to be seen:
 * gaiops_drop_dataset() wants the lock for itself.
 */
static void
lock_dataset(const char *dataset)
{
	char	   *key = psprintf("dataset %s", dataset);

	registry_lock(key, strlen(key), ShareLock);
	pfree(key);
}

/* The latest revision of a dataset. */
static int32
latest_revision(const char *dataset)
{
	Datum		name = CStringGetTextDatum(dataset);
	int32		revision;
	bool		isnull;

	lock_dataset(dataset);
	revision = DatumGetInt32(store_value(&find_dataset, &name, &isnull));
	if (isnull)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("dataset \"%s\" does not exist", dataset)));
	return revision;
}

/*
 * Raises unless a revision exists and will stay: a rollback would take it
 * back, and its number would be given to another.
 */
static void
require_revision(const char *dataset, int32 revision)
{
	Datum		values[2] = {CStringGetTextDatum(dataset), Int32GetDatum(revision)};
	bool		isnull;
	Datum		made_by = store_value(&find_revision, values, &isnull);

	if (isnull)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("revision %d of dataset \"%s\" does not exist",
						revision, dataset)));
	if (TransactionIdIsCurrentTransactionId(DatumGetTransactionId(made_by)))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("revision %d of dataset \"%s\" is not committed",
						revision, dataset),
				 errdetail("This transaction has made it; what a run worked on is recorded for good."),
				 errhint("COMMIT first, or give an earlier revision.")));
}

int32
dataset_choose_revision(const char *dataset, const int32 *given)
{
	int32		latest = latest_revision(dataset);
	int32		chosen = given != NULL ? *given : latest;

	if (given == NULL && latest == 0)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("dataset \"%s\" has no revision yet", dataset),
				 errhint("Put records into it with gaiops_merge_records().")));
	require_revision(dataset, chosen);
	return chosen;
}
