/*
 * evaluation_case.c
 *		Reading the records that an evaluation is about.
 */
#include "postgres.h"

#include "base/ordered.h"
#include "catalog/pg_type.h"
#include "evaluation/evaluation_case.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"

enum CaseColumn
{
	COL_RECORD_ID = 1,
	COL_SPLIT,
	COL_TAGS,
	COL_SESSION_ID,
	COL_INPUTS,
	COL_EXPECTATIONS,
	COL_OUTPUTS,
	COL_WRITTEN,
	COL_QUESTION,
	COL_MESSAGES
};

/* What is asked is looked for only where it is sent. */

static const char read_records[] =
"SELECT r.record_id, r.split, r.tags,"
"  r.source OPERATOR(pg_catalog.->>) 'session_id',"
"  r.inputs, r.expectations, r.outputs,"
"  CASE WHEN v.written OPERATOR(pg_catalog.->) 'inputs' IS NULL"
"   THEN r.inputs::pg_catalog.text"
"   ELSE v.written OPERATOR(pg_catalog.->>) 'inputs' END,"
"  CASE WHEN $4 THEN gaiops.record_question(r.inputs) END,"
"  CASE WHEN $4 THEN gaiops.question_messages(CASE"
"   WHEN v.written OPERATOR(pg_catalog.->) 'inputs' IS NULL"
"   THEN r.inputs::pg_catalog.text::pg_catalog.json"
"   ELSE v.written OPERATOR(pg_catalog.->) 'inputs' END) END"
" FROM pg_catalog.gaiops_dataset_records($1, $2, $3) AS r"
"  JOIN gaiops.dataset_record_versions AS v"
"   ON v.dataset OPERATOR(pg_catalog.=) r.dataset"
"   AND v.record_id OPERATOR(pg_catalog.=) r.record_id"
"   AND v.revision OPERATOR(pg_catalog.=) r.revision"
" ORDER BY r.record_id";

char *
evaluation_case_name(const EvaluationCase *subject)
{
	return DatumGetCString(DirectFunctionCall1(uuid_out, UUIDPGetDatum(&subject->record_id)));
}

/* A column of a row; false if it is null. */
static bool
read_column(HeapTuple tuple, int column, Datum *value)
{
	bool		isnull;

	*value = SPI_getbinval(tuple, SPI_tuptable->tupdesc, column, &isnull);
	return !isnull;
}

/* The same of a text, or of json, which is stored alike. */
static char *
read_text(HeapTuple tuple, int column)
{
	Datum		value;

	return read_column(tuple, column, &value) ? TextDatumGetCString(value) : NULL;
}

/* The same of a jsonb. */
static Jsonb *
read_jsonb(HeapTuple tuple, int column)
{
	Datum		value;

	return read_column(tuple, column, &value) ? DatumGetJsonbPCopy(value) : NULL;
}

static void
read_case(EvaluationCase *subject, HeapTuple tuple)
{
	Datum		value;

	(void) read_column(tuple, COL_RECORD_ID, &value);
	subject->record_id = *DatumGetUUIDP(value);
	subject->split = read_text(tuple, COL_SPLIT);
	subject->tags = read_jsonb(tuple, COL_TAGS);
	subject->session_id = read_text(tuple, COL_SESSION_ID);
	subject->inputs = read_jsonb(tuple, COL_INPUTS);
	subject->expectations = read_jsonb(tuple, COL_EXPECTATIONS);
	subject->outputs = read_jsonb(tuple, COL_OUTPUTS);
	subject->written = ordered_of(read_text(tuple, COL_WRITTEN));
	subject->question = read_text(tuple, COL_QUESTION);
	subject->messages = read_text(tuple, COL_MESSAGES);
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
	Oid			types[4] = {TEXTOID, INT4OID, TEXTOID, BOOLOID};
	Datum		values[4] = {CStringGetTextDatum(request->dataset), Int32GetDatum(plan->revision),
	(Datum) 0, BoolGetDatum(request->model != NULL)};
	char		nulls[4] = {' ', ' ', 'n', ' '};

	if (request->split != NULL)
	{
		values[2] = CStringGetTextDatum(request->split);
		nulls[2] = ' ';
	}
	if (SPI_execute_with_args(read_records, 4, types, values, nulls, true, 0) != SPI_OK_SELECT)
		elog(ERROR, "could not read the records of dataset \"%s\"", request->dataset);
}

void
evaluation_read_cases(EvaluationPlan *plan)
{
	MemoryContext context = CurrentMemoryContext;

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI");
	select_records(plan);
	plan->ncases = (int) SPI_processed;
	MemoryContextSwitchTo(context);
	plan->cases = MemoryContextAllocHuge(context, sizeof(EvaluationCase) * Max(plan->ncases, 1));
	for (int i = 0; i < plan->ncases; i++)
	{
		CHECK_FOR_INTERRUPTS();
		read_case(&plan->cases[i], SPI_tuptable->vals[i]);
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
		int			order = memcmp(record_id->data, plan->cases[middle].record_id.data, UUID_LEN);

		if (order == 0)
			return middle;
		if (order < 0)
			high = middle - 1;
		else
			low = middle + 1;
	}
	return -1;
}
