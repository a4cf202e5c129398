/*
 * evaluation_resume.c
 *		Going on with an evaluation that was cut short.
 *
 * What was asked for is read from its row: the same revision, version of the
 * prompt and versions of scorers, whatever has become of them since.
 */
#include "postgres.h"

#include "base/store.h"
#include "catalog/pg_type.h"
#include "evaluation/evaluation_case.h"
#include "evaluation/evaluation_drive.h"
#include "evaluation/evaluation_job.h"
#include "evaluation/evaluation_planning.h"
#include "evaluation/evaluation_resume.h"
#include "evaluation/evaluation_unjudged.h"
#include "miscadmin.h"
#include "tracking/owner.h"
#include "tracking/run.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"

enum EvaluationField
{
	FIELD_DATASET = 1,
	FIELD_REVISION,
	FIELD_SPLIT,
	FIELD_PROMPT,
	FIELD_MODEL,
	FIELD_PREDICT,
	FIELD_MESSAGE,
	FIELD_CONCURRENCY,
	FIELD_REPEATS,
	FIELD_MAX_COST,
	FIELD_SCORERS,
	FIELD_VERSIONS,
	FIELD_ARE_JUDGES,
	FIELD_JUDGE_MODELS,
	FIELD_JUDGE_MODEL,
	FIELD_PROMPT_NAME
};

static StoreStatement find_evaluation = {
	.sql = "SELECT e.dataset, e.revision, e.split,"
	" pg_catalog.format('prompts:/%s/%s', e.prompt_name, e.prompt_version),"
	" e.model, e.predict, e.message, e.concurrency, e.repeats, e.max_cost,"
	" ARRAY(SELECT s.scorer OPERATOR(pg_catalog.->>) 'name'"
	"  FROM pg_catalog.jsonb_array_elements(e.scorers) WITH ORDINALITY AS s (scorer, n)"
	"  ORDER BY s.n),"
	" ARRAY(SELECT COALESCE((s.scorer OPERATOR(pg_catalog.->>) 'version')::pg_catalog.int4, 0)"
	"  FROM pg_catalog.jsonb_array_elements(e.scorers) WITH ORDINALITY AS s (scorer, n)"
	"  ORDER BY s.n),"
	" ARRAY(SELECT (s.scorer OPERATOR(pg_catalog.->>) 'source') OPERATOR(pg_catalog.=) 'judge'"
	"  FROM pg_catalog.jsonb_array_elements(e.scorers) WITH ORDINALITY AS s (scorer, n)"
	"  ORDER BY s.n),"
	" ARRAY(SELECT COALESCE(s.scorer OPERATOR(pg_catalog.->) 'params' OPERATOR(pg_catalog.->>) 'model', '')"
	"  FROM pg_catalog.jsonb_array_elements(e.scorers) WITH ORDINALITY AS s (scorer, n)"
	"  ORDER BY s.n),"
	" e.judge_model, e.prompt_name"
	" FROM gaiops.evaluations AS e WHERE e.run_id OPERATOR(pg_catalog.=) $1",
	.nargs = 1,
	.argtypes = {UUIDOID},
};

/* Who began it, if that is not $2 and it has functions of his. */
static StoreStatement find_author = {
	.sql = "SELECT e.created_by::pg_catalog.text FROM gaiops.evaluations AS e"
	" WHERE e.run_id OPERATOR(pg_catalog.=) $1"
	" AND e.created_by OPERATOR(pg_catalog.<>) $2"
	" AND (e.predict IS NOT NULL OR e.scorers OPERATOR(pg_catalog.@>) '[{\"source\": \"function\"}]')",
	.nargs = 2,
	.argtypes = {UUIDOID, NAMEOID},
};

/*
 * What need not be asked, and whether it has failed: of what has, if $3 says
 * so, and of what nobody knows the outcome, if $2 does.
 */
static StoreStatement find_done = {
	.sql = "SELECT o.record_id, o.repeat, o.error IS NOT NULL"
	" FROM gaiops.evaluation_outcomes AS o"
	" WHERE o.run_id OPERATOR(pg_catalog.=) $1 AND ($3 OR o.error IS NULL)"
	" UNION ALL"
	" SELECT q.record_id, q.repeat, false FROM gaiops.evaluation_requests AS q"
	" WHERE q.run_id OPERATOR(pg_catalog.=) $1 AND $2 AND NOT EXISTS ("
	"  SELECT FROM gaiops.evaluation_outcomes AS o"
	"  WHERE o.run_id OPERATOR(pg_catalog.=) q.run_id"
	"  AND o.record_id OPERATOR(pg_catalog.=) q.record_id"
	"  AND o.repeat OPERATOR(pg_catalog.=) q.repeat)",
	.nargs = 3,
	.argtypes = {UUIDOID, BOOLOID, BOOLOID},
};

/* ---- what was asked for ---- */

static int
read_number(int field)
{
	bool		isnull;

	return DatumGetInt32(store_datum(field, &isnull));
}

/* The function for predict, found as the role in force would. */
static Oid
find_predict(const char *name)
{
	return name == NULL ? InvalidOid :
		DatumGetObjectId(DirectFunctionCall1(regprocedurein, CStringGetDatum(name)));
}

/* The elements of an array of a row, none of which is null. */
static Datum *
read_elements(int field, Oid type, int16 width, char align, int *n)
{
	bool		isnull;
	Datum	   *elements;

	deconstruct_array(DatumGetArrayTypeP(store_datum(field, &isnull)), type, width, width > 0,
					  align, &elements, NULL, n);
	return elements;
}

/* The same of texts, in the current memory context. */
static char **
read_texts(int field, int *n)
{
	Datum	   *elements = read_elements(field, TEXTOID, -1, TYPALIGN_INT, n);
	char	  **texts = palloc(sizeof(char *) * (*n + 1));

	for (int i = 0; i < *n; i++)
		texts[i] = TextDatumGetCString(elements[i]);
	return texts;
}

static void
read_scorers(EvaluationRequest *request)
{
	int			n;
	Datum	   *versions = read_elements(FIELD_VERSIONS, INT4OID, 4, TYPALIGN_INT, &n);
	Datum	   *are_judges = read_elements(FIELD_ARE_JUDGES, BOOLOID, 1, TYPALIGN_CHAR, &n);
	int		   *numbers = palloc(sizeof(int) * (n + 1));
	bool	   *flags = palloc(sizeof(bool) * (n + 1));

	for (int i = 0; i < n; i++)
	{
		numbers[i] = DatumGetInt32(versions[i]);
		flags[i] = DatumGetBool(are_judges[i]);
	}
	request->versions = numbers;
	request->are_judges = flags;
	request->scorers = read_texts(FIELD_SCORERS, &request->nscorers);
	request->judge_models = read_texts(FIELD_JUDGE_MODELS, &n);
}

/* Reads the row that was found. */
static void
read_request(MemoryContext context, EvaluationRequest *request, char **predict)
{
	MemoryContext old;
	bool		isnull;
	Datum		max_cost = store_datum(FIELD_MAX_COST, &isnull);

	request->dataset = store_copy_text(FIELD_DATASET, context);
	request->split = store_copy_text(FIELD_SPLIT, context);
	request->model = store_copy_text(FIELD_MODEL, context);
	request->message = store_copy_text(FIELD_MESSAGE, context);
	request->judge_model = store_copy_text(FIELD_JUDGE_MODEL, context);
	*predict = store_copy_text(FIELD_PREDICT, context);
	if (store_text(FIELD_PROMPT_NAME) != NULL)
		request->prompt = store_copy_text(FIELD_PROMPT, context);
	request->concurrency = read_number(FIELD_CONCURRENCY);
	request->repeats = read_number(FIELD_REPEATS);
	old = MemoryContextSwitchTo(context);
	request->max_cost = isnull ? NULL : DatumGetNumericCopy(max_cost);
	read_scorers(request);
	MemoryContextSwitchTo(old);
}

/* What an evaluation was asked to do; raises if there is none of that id. */
static void
find_request(const pg_uuid_t *run_id, EvaluationRequest *request)
{
	MemoryContext context = CurrentMemoryContext;
	Datum		value = UUIDPGetDatum(run_id);
	int32	   *revision = palloc(sizeof(int32));
	StoreSession session;
	char	   *predict;

	memset(request, 0, sizeof(*request));
	store_open(&session);
	store_execute(&find_evaluation, &value, NULL, true);
	if (SPI_processed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("evaluation \"%s\" does not exist",
						DatumGetCString(DirectFunctionCall1(uuid_out, value)))));
	read_request(context, request, &predict);
	*revision = read_number(FIELD_REVISION);
	store_close(&session);
	request->revision = revision;
	request->predict = find_predict(predict);
}

/* ---- what is done ---- */

/* Notes a row that was found; returns whether that item has failed. */
static bool
note_done(const EvaluationPlan *plan, uint64 row, bool *done)
{
	HeapTuple	tuple = SPI_tuptable->vals[row];
	bool		isnull;
	pg_uuid_t  *record_id = DatumGetUUIDP(SPI_getbinval(tuple, SPI_tuptable->tupdesc, 1, &isnull));
	int			repeat = DatumGetInt32(SPI_getbinval(tuple, SPI_tuptable->tupdesc, 2, &isnull));
	int			place = evaluation_find_case(plan, record_id);

	if (place >= 0 && repeat >= 1 && repeat <= plan->request.repeats)
		done[(int64) (repeat - 1) * plan->ncases + place] = true;
	return DatumGetBool(SPI_getbinval(tuple, SPI_tuptable->tupdesc, 3, &isnull));
}

/* Of each item whether there is nothing to do; how many of these failed. */
static bool *
find_items_done(const EvaluationPlan *plan, bool retry_unknown, int64 *nerrors)
{
	Datum		values[3] = {UUIDPGetDatum(&plan->run_id), BoolGetDatum(!retry_unknown),
	BoolGetDatum(!plan->retries_failed)};
	bool	   *done = MemoryContextAllocExtended(CurrentMemoryContext,
												  (Size) plan->ncases * plan->request.repeats,
												  MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	StoreSession session;

	*nerrors = 0;
	store_open(&session);
	store_execute(&find_done, values, NULL, true);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		CHECK_FOR_INTERRUPTS();
		*nerrors += note_done(plan, i, done);
	}
	store_close(&session);
	return done;
}

/* Raises unless the role in force may go on with what another began. */
static void
check_owner(const pg_uuid_t *run_id)
{
	if (!owner_of_run(run_id))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("permission denied for evaluation \"%s\"",
						DatumGetCString(DirectFunctionCall1(uuid_out, UUIDPGetDatum(run_id)))),
				 errdetail("Only the role that began it, or a member of that role, can go on with it.")));
}

/*
 * Raises if others would run functions that somebody has chosen: they run as
 * the role in force, and might do what he may not.
 */
static void
check_author(const pg_uuid_t *run_id)
{
	NameData	role;
	Datum		values[2] = {UUIDPGetDatum(run_id)};
	Datum		author;
	bool		isnull;

	namestrcpy(&role, GetUserNameFromId(GetUserId(), false));
	values[1] = NameGetDatum(&role);
	author = store_value(&find_author, values, &isnull);
	if (!isnull)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("permission denied for evaluation \"%s\"",
						DatumGetCString(DirectFunctionCall1(uuid_out, values[0]))),
				 errdetail("It runs functions that role \"%s\" has chosen, so only that role can go on with it.",
						   TextDatumGetCString(author)),
				 errhint("Use SET ROLE to act as that role.")));
}

/*
 * Once the run is open again, all that was queued for it before is committed,
 * and what is done can be read.
 */
int64
evaluation_resume(const EvaluationResumption *resumption)
{
	const pg_uuid_t *run_id = resumption->run_id;
	int64		nerrors;
	int64		nunjudged;
	bool	   *done;
	EvaluationUnjudged *unjudged;
	EvaluationRequest request;
	EvaluationPlan *plan;

	find_request(run_id, &request);
	check_owner(run_id);
	check_author(run_id);
	evaluation_lock(run_id, resumption->is_job);
	if (resumption->max_cost != NULL)
		request.max_cost = resumption->max_cost;
	plan = evaluation_plan_make(&request);
	plan->run_id = *run_id;
	plan->retries_failed = resumption->retry_failed;
	plan->has_turns = resumption->is_job;
	if (resumption->is_job && !evaluation_job_is_wanted(run_id))
		return 0;
	run_resume(run_id, resumption->is_job);
	done = find_items_done(plan, resumption->retry_unknown, &nerrors);
	unjudged = evaluation_find_unjudged(plan, &nunjudged);
	return evaluation_go_on(plan, done, nerrors, unjudged, nunjudged);
}
