/*
 * diff_functions.c
 *		Unified diffs, for SQL.
 */
#include "postgres.h"

#include "compat.h"
#include "core/diff/diff.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

PG_FUNCTION_INFO_V1(gaiops_unified_diff);

/* Texts of 1 MB need half of it at most. */
#define DIFF_MEMORY_MB	256

/* Adds a line to the result of a function. */
static void
add_line(void *to, const char *line, size_t len)
{
	ReturnSetInfo *result = to;
	text	   *copy = cstring_to_text_with_len(line, (int) len);
	Datum		values[] = {PointerGetDatum(copy)};
	bool		nulls[] = {false};

	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	pfree(copy);
}

static void
check_interrupts(void)
{
	CHECK_FOR_INTERRUPTS();
}

/* A text argument and the label of it. */
static DiffText
get_text(FunctionCallInfo fcinfo, int text_arg, int label_arg)
{
	text	   *value = PG_GETARG_TEXT_PP(text_arg);
	DiffText	result;

	result.text = VARDATA_ANY(value);
	result.len = VARSIZE_ANY_EXHDR(value);
	result.label = text_to_cstring(PG_GETARG_TEXT_PP(label_arg));
	return result;
}

/*
 * gaiops.unified_diff(from_text text, to_text text, from_label text, to_label
 * text) returns the lines of the diff; raises if that takes too much memory
 */
Datum
gaiops_unified_diff(PG_FUNCTION_ARGS)
{
	DiffText	from = get_text(fcinfo, 0, 2);
	DiffText	to = get_text(fcinfo, 1, 3);
	DiffOptions options = {DIFF_CONTEXT, true, add_line, fcinfo->resultinfo, check_interrupts};
	volatile bool is_done = false;
	Arena	   *arena;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	arena = arena_create((size_t) DIFF_MEMORY_MB << 20);
	if (arena == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY),
				 errmsg("out of memory")));
	PG_TRY();
	{
		is_done = diff_unified(arena, &from, &to, &options);
	}
	PG_FINALLY();
	{
		arena_free(arena);
	}
	PG_END_TRY();
	if (!is_done)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("texts are too long to be compared"),
				 errdetail("They have %zu and %zu bytes; comparing them takes more than %d MB of memory.",
						   from.len, to.len, DIFF_MEMORY_MB)));
	return (Datum) 0;
}
