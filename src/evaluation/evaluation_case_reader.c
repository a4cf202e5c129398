/*
 * evaluation_case_reader.c
 *		Reading what is in the records that an evaluation is about.
 *
 * Some are read at once, and each is in a memory context of its own, which
 * goes to who is given it.  So an evaluation takes memory for what is in
 * flight, however large its dataset is.
 */
#include "postgres.h"

#include "base/ordered.h"
#include "base/store.h"
#include "catalog/pg_type.h"
#include "evaluation/evaluation_case.h"
#include "evaluation/evaluation_case_reader.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/memutils.h"

#define BYTES_AT_ONCE 262144	/* as they are stored, unless one has more */

enum CaseColumn
{
	COL_SPLIT = 1,
	COL_TAGS,
	COL_SESSION_ID,
	COL_INPUTS,
	COL_EXPECTATIONS,
	COL_OUTPUTS,
	COL_WRITTEN,
	COL_QUESTION,
	COL_MESSAGES
};

/*
 * What is asked is looked for only where it is sent.  LIMIT has each record
 * looked up by its key, whatever the planner thinks of how many there are.
 */
static StoreStatement read_records = {
	.sql = "SELECT v.split, v.tags, v.source OPERATOR(pg_catalog.->>) 'session_id',"
	"  v.inputs, v.expectations, v.outputs,"
	"  CASE WHEN v.written OPERATOR(pg_catalog.->) 'inputs' IS NULL"
	"   THEN v.inputs::pg_catalog.text"
	"   ELSE v.written OPERATOR(pg_catalog.->>) 'inputs' END,"
	"  CASE WHEN $4 THEN gaiops.record_question(v.inputs) END,"
	"  CASE WHEN $4 THEN gaiops.question_messages(CASE"
	"   WHEN v.written OPERATOR(pg_catalog.->) 'inputs' IS NULL"
	"   THEN v.inputs::pg_catalog.text::pg_catalog.json"
	"   ELSE v.written OPERATOR(pg_catalog.->) 'inputs' END) END"
	" FROM ROWS FROM (pg_catalog.unnest($2), pg_catalog.unnest($3))"
	"   WITH ORDINALITY AS k (record_id, revision, n),"
	"  LATERAL (SELECT r.* FROM gaiops.dataset_record_versions AS r"
	"   WHERE r.dataset OPERATOR(pg_catalog.=) $1"
	"   AND r.record_id OPERATOR(pg_catalog.=) k.record_id"
	"   AND r.revision OPERATOR(pg_catalog.=) k.revision LIMIT 1) AS v"
	" ORDER BY k.n",
	.nargs = 4,
	.argtypes = {TEXTOID, UUIDARRAYOID, INT4ARRAYOID, BOOLOID},
};

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
read_members(EvaluationCase *subject, HeapTuple tuple)
{
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

/* A record in a memory context of its own. */
static EvaluationCase *
read_case(MemoryContext parent, const EvaluationKey *key, HeapTuple tuple)
{
	MemoryContext context = AllocSetContextCreate(parent, "genaiops case", ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	EvaluationCase *subject = palloc(sizeof(EvaluationCase));

	subject->context = context;
	subject->record_id = key->record_id;
	read_members(subject, tuple);
	MemoryContextSwitchTo(old);
	return subject;
}

/* How many to read at once, from a place on. */
static int
count_next(const EvaluationPlan *plan, int place)
{
	int64		bytes = 0;
	int			n = 0;

	while (n < CASES_AT_ONCE && place + n < plan->ncases && bytes < BYTES_AT_ONCE)
		bytes += plan->keys[place + n++].bytes;
	return n;
}

/* Runs the statement for the records of a reader. */
static void
select_records(const EvaluationCaseReader *reader)
{
	const EvaluationPlan *plan = reader->plan;
	Datum		record_ids[CASES_AT_ONCE];
	Datum		revisions[CASES_AT_ONCE];
	Datum		values[4] = {CStringGetTextDatum(plan->request.dataset), (Datum) 0, (Datum) 0,
	BoolGetDatum(plan->request.model != NULL)};

	for (int i = 0; i < reader->n; i++)
	{
		EvaluationKey *key = &plan->keys[reader->first + i];

		record_ids[i] = UUIDPGetDatum(&key->record_id);
		revisions[i] = Int32GetDatum(key->revision);
	}
	values[1] = PointerGetDatum(construct_array(record_ids, reader->n, UUIDOID, UUID_LEN, false, TYPALIGN_CHAR));
	values[2] = PointerGetDatum(construct_array(revisions, reader->n, INT4OID, sizeof(int32), true, TYPALIGN_INT));
	store_execute(&read_records, values, NULL, false);
}

/* Records go only with their dataset, when somebody deletes that. */
static void
require_all(const EvaluationCaseReader *reader)
{
	if (SPI_processed != reader->n)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("records of dataset \"%s\" are not there any more",
						reader->plan->request.dataset)));
}

/* Reads some records, from a place on. */
static void
read_ahead(EvaluationCaseReader *reader, int place)
{
	MemoryContext old = MemoryContextSwitchTo(reader->context);
	StoreSession session;

	MemoryContextReset(reader->context);
	reader->first = place;
	reader->n = count_next(reader->plan, place);
	store_open(&session);
	select_records(reader);
	require_all(reader);
	for (int i = 0; i < reader->n; i++)
		reader->cases[i] = read_case(reader->context, &reader->plan->keys[place + i], SPI_tuptable->vals[i]);
	store_close(&session);
	MemoryContextSwitchTo(old);
}

void
evaluation_reader_begin(EvaluationCaseReader *reader, const EvaluationPlan *plan)
{
	memset(reader, 0, sizeof(*reader));
	reader->plan = plan;
	reader->context = AllocSetContextCreate(CurrentMemoryContext, "genaiops cases", ALLOCSET_DEFAULT_SIZES);
}

const EvaluationCase *
evaluation_reader_case(EvaluationCaseReader *reader, int place)
{
	EvaluationCase *subject;

	if (place < reader->first || place >= reader->first + reader->n ||
		reader->cases[place - reader->first] == NULL)
		read_ahead(reader, place);
	subject = reader->cases[place - reader->first];
	if (subject == NULL)
		elog(ERROR, "a record was not read");
	reader->cases[place - reader->first] = NULL;
	MemoryContextSetParent(subject->context, CurrentMemoryContext);
	return subject;
}

const EvaluationCase *
evaluation_read_case(const EvaluationPlan *plan, int place)
{
	EvaluationCaseReader reader;
	const EvaluationCase *subject;

	evaluation_reader_begin(&reader, plan);
	subject = evaluation_reader_case(&reader, place);
	evaluation_reader_end(&reader);
	return subject;
}

void
evaluation_reader_end(EvaluationCaseReader *reader)
{
	MemoryContextDelete(reader->context);
}
