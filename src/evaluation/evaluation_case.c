/*
 * evaluation_case.c
 *		Finding the records that an evaluation is about.
 *
 * There may be many, and large ones, so they are only found here: what is in
 * them is read where it is needed, in evaluation_case_reader.c.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "evaluation/evaluation_case.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"

static const char find_records[] =
"SELECT r.record_id, r.revision,"
"  (pg_catalog.pg_column_size(r.inputs)"
"   OPERATOR(pg_catalog.+) pg_catalog.pg_column_size(r.expectations)"
"   OPERATOR(pg_catalog.+) COALESCE(pg_catalog.pg_column_size(r.outputs), 0))"
" FROM pg_catalog.gaiops_dataset_records($1, $2, $3) AS r"
" ORDER BY r.record_id";

char *
evaluation_record_name(const pg_uuid_t *record_id)
{
	return DatumGetCString(DirectFunctionCall1(uuid_out, UUIDPGetDatum(record_id)));
}

static void
read_key(EvaluationKey *key, HeapTuple tuple)
{
	TupleDesc	desc = SPI_tuptable->tupdesc;
	bool		isnull;

	key->record_id = *DatumGetUUIDP(SPI_getbinval(tuple, desc, 1, &isnull));
	key->revision = DatumGetInt32(SPI_getbinval(tuple, desc, 2, &isnull));
	key->bytes = DatumGetInt32(SPI_getbinval(tuple, desc, 3, &isnull));
}

static void
raise_none(const EvaluationPlan *plan)
{
	const EvaluationRequest *request = &plan->request;

	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 request->split == NULL ?
			 errmsg("revision %d of dataset \"%s\" has no records",
					plan->revision, request->dataset) :
			 errmsg("split \"%s\" of revision %d of dataset \"%s\" has no records",
					request->split, plan->revision, request->dataset),
			 errhint("See gaiops_dataset_records() for what it has.")));
}

/* Runs the query; its rows are in SPI_tuptable. */
static void
select_records(const EvaluationPlan *plan)
{
	const EvaluationRequest *request = &plan->request;
	Oid			types[3] = {TEXTOID, INT4OID, TEXTOID};
	Datum		values[3] = {CStringGetTextDatum(request->dataset), Int32GetDatum(plan->revision)};
	char		nulls[3] = {' ', ' ', 'n'};

	if (request->split != NULL)
	{
		values[2] = CStringGetTextDatum(request->split);
		nulls[2] = ' ';
	}
	if (SPI_execute_with_args(find_records, 3, types, values, nulls, true, 0) != SPI_OK_SELECT)
		elog(ERROR, "could not find the records of dataset \"%s\"", request->dataset);
}

void
evaluation_find_cases(EvaluationPlan *plan)
{
	MemoryContext context = CurrentMemoryContext;

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI");
	select_records(plan);
	plan->ncases = (int) SPI_processed;
	plan->keys = MemoryContextAllocHuge(context, sizeof(EvaluationKey) * Max(plan->ncases, 1));
	for (int i = 0; i < plan->ncases; i++)
	{
		CHECK_FOR_INTERRUPTS();
		read_key(&plan->keys[i], SPI_tuptable->vals[i]);
	}
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "could not disconnect from SPI");
	if (plan->ncases == 0)
		raise_none(plan);
}

int
evaluation_find_case(const EvaluationPlan *plan, const pg_uuid_t *record_id)
{
	int			low = 0;
	int			high = plan->ncases - 1;

	while (low <= high)
	{
		int			middle = low + (high - low) / 2;
		int			order = memcmp(record_id->data, plan->keys[middle].record_id.data, UUID_LEN);

		if (order == 0)
			return middle;
		if (order < 0)
			high = middle - 1;
		else
			low = middle + 1;
	}
	return -1;
}
