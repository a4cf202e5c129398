/*
 * judged_trace.c
 *		What a trace says of what is judged.
 */
#include "postgres.h"

#include "base/ordered.h"
#include "catalog/pg_type.h"
#include "core/judge/judge_instructions.h"
#include "executor/spi.h"
#include "judges/judged_trace.h"
#include "utils/builtins.h"
#include "utils/uuid.h"

/* Columns of gaiops.judged_trace(), from 1. */
enum
{
	FIELD_INPUTS = 1, FIELD_OUTPUTS, FIELD_EXPECTATIONS, FIELD_CONTEXT, FIELD_CONVERSATION, FIELD_STEPS,
	FIELD_MODEL, FIELD_PROBLEM, NUM_FIELDS = FIELD_PROBLEM
};

/* Whether a judge, or one of a jury, is shown a datum. */
static bool
is_shown(const Judge *judge, JudgeDatum datum)
{
	for (int i = 0; i < judge->nmembers; i++)
		if (is_shown(judge->members[i], datum))
			return true;
	return (judge->data & (1u << datum)) != 0;
}

/* Runs the query, as the role in force; texts[i] is NULL where it is null. */
static void
run_query(const Judge *judge, const JudgeSubject *subject, char **texts)
{
	MemoryContext context = CurrentMemoryContext;
	Oid			types[] = {UUIDOID, BOOLOID, BOOLOID};
	Datum		values[] = {UUIDPGetDatum(subject->trace_id), BoolGetDatum(is_shown(judge, JUDGE_CONVERSATION)),
	BoolGetDatum(is_shown(judge, JUDGE_TRACE))};

	SPI_connect();
	if (SPI_execute_with_args("SELECT t.* FROM gaiops.judged_trace($1, $2, $3) AS t", lengthof(types), types,
							  values, NULL, false, 1) != SPI_OK_SELECT || SPI_processed != 1)
		elog(ERROR, "a trace could not be read");
	for (int i = 1; i <= NUM_FIELDS; i++)
	{
		char	   *text = SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, i);

		texts[i] = text ? MemoryContextStrdup(context, text) : NULL;
	}
	SPI_finish();
	MemoryContextSwitchTo(context);
}

/* Takes a text where nothing is given. */
static void
fill_in(TextSlice *given, const char *text)
{
	if (given->data == NULL && text != NULL)
		*given = ordered_of(text);
}

char *
judged_trace_read(const Judge *judge, JudgeSubject *subject)
{
	char	   *texts[NUM_FIELDS + 1];
	bool		has_context = subject->inputs.data != NULL &&
		json_text_member(subject->inputs, "context").data != NULL;

	run_query(judge, subject, texts);
	if (!has_context)
		fill_in(&subject->context, texts[FIELD_CONTEXT]);
	fill_in(&subject->inputs, texts[FIELD_INPUTS]);
	fill_in(&subject->outputs, texts[FIELD_OUTPUTS]);
	fill_in(&subject->expectations, texts[FIELD_EXPECTATIONS]);
	fill_in(&subject->conversation, texts[FIELD_CONVERSATION]);
	fill_in(&subject->trace, texts[FIELD_STEPS]);
	subject->model = texts[FIELD_MODEL];
	return texts[FIELD_PROBLEM];
}
