/*
 * chat_row_functions.c
 *		gaiops_chat_row(): a call, and what is recorded of it, as a row.
 *
 * (gaiops_chat_row(...)).* is as many calls as there are columns, since
 * PostgreSQL makes one expression of each.  Nobody means that, and it costs.
 * So the planner asks us about each call, and we look whether the query has
 * the same one again for another column, or for the row as a whole.
 */
#include "postgres.h"

#include "base/ordered.h"
#include "chat/chat_arguments.h"
#include "compat.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "nodes/pathnodes.h"
#include "nodes/supportnodes.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/uuid.h"

/* Columns of the row, by position. */
enum RowColumn
{
	COL_ANSWER,
	COL_TRACE_ID,
	COL_SPAN_ID,
	COL_MODEL,
	COL_INPUT_TOKENS,
	COL_OUTPUT_TOKENS,
	COL_CACHED_INPUT_TOKENS,
	COL_CACHE_WRITE_TOKENS,
	COL_REASONING_TOKENS,
	COL_COST,
	COL_ATTEMPTS,
	COL_LATENCY_MS,
	COL_FINISH_REASON,
	COL_ERROR_CLASS,
	COL_ERROR_MESSAGE,
	NUM_COLUMNS
};

typedef struct ChatRow
{
	Datum		values[NUM_COLUMNS];
	bool		nulls[NUM_COLUMNS];
} ChatRow;

PG_FUNCTION_INFO_V1(gaiops_chat_row_about_message);
PG_FUNCTION_INFO_V1(gaiops_chat_row_about_messages);
PG_FUNCTION_INFO_V1(gaiops_chat_row_support);

/* ---- the row ---- */

static void
set_value(ChatRow *row, int column, Datum value)
{
	row->values[column] = value;
	row->nulls[column] = false;
}

/* A text, unless it is NULL. */
static void
set_text(ChatRow *row, int column, const char *text)
{
	if (text != NULL)
		set_value(row, column, CStringGetTextDatum(text));
}

/* A text, unless it is absent. */
static void
set_slice(ChatRow *row, int column, TextSlice text)
{
	if (text.data != NULL)
		set_value(row, column, ordered_to_datum(text));
}

static void
set_count(ChatRow *row, int column, int64 count)
{
	if (count != TOKENS_UNKNOWN)
		set_value(row, column, Int64GetDatum(count));
}

static void
set_usage(ChatRow *row, const TokenUsage *usage)
{
	set_count(row, COL_INPUT_TOKENS, usage->input_tokens);
	set_count(row, COL_OUTPUT_TOKENS, usage->output_tokens);
	set_count(row, COL_CACHED_INPUT_TOKENS, usage->cached_input_tokens);
	set_count(row, COL_CACHE_WRITE_TOKENS, usage->cache_write_tokens);
	set_count(row, COL_REASONING_TOKENS, usage->reasoning_tokens);
}

/* All that is known of a call that is over. */
static void
fill_row(ChatRow *row, const Call *call)
{
	const CallResult *result = call_result(call);

	memset(row->nulls, true, sizeof(row->nulls));
	set_slice(row, COL_ANSWER, chat_answer_text(result));
	set_value(row, COL_TRACE_ID, UUIDPGetDatum(&result->trace_id));
	set_text(row, COL_SPAN_ID, result->span_id);
	set_text(row, COL_MODEL, result->model);
	if (result->usage != NULL)
		set_usage(row, result->usage);
	if (result->has_cost)
		set_value(row, COL_COST, result->cost);
	set_value(row, COL_ATTEMPTS, Int32GetDatum(result->attempts));
	set_value(row, COL_LATENCY_MS, Float8GetDatum(result->latency_ms));
	set_slice(row, COL_FINISH_REASON, result->finish_reason);
	set_text(row, COL_ERROR_CLASS, failure_class_name(result->failure));
	set_text(row, COL_ERROR_MESSAGE, call_error_message(call));
}

/* Makes a call and returns its row. */
static Datum
run_for_row(FunctionCallInfo fcinfo, ChatCall *chat)
{
	TupleDesc	shape;
	ChatRow		row;
	HeapTuple	tuple;
	Call	   *call;

	if (get_call_result_type(fcinfo, NULL, &shape) != TYPEFUNC_COMPOSITE ||
		shape->natts != NUM_COLUMNS)
		elog(ERROR, "gaiops_chat_row() must return its row");
	call = chat_run(fcinfo, chat);
	fill_row(&row, call);
	tuple = heap_form_tuple(BlessTupleDesc(shape), row.values, row.nulls);
	call_free(call);
	return HeapTupleGetDatum(tuple);
}

/*
 * gaiops_chat_row(model, message text, ...) returns record
 */
Datum
gaiops_chat_row_about_message(PG_FUNCTION_ARGS)
{
	ChatCall	chat;

	chat_read_message(fcinfo, &chat);
	return run_for_row(fcinfo, &chat);
}

/*
 * gaiops_chat_row(model, messages ordered_json, ...) returns record
 */
Datum
gaiops_chat_row_about_messages(PG_FUNCTION_ARGS)
{
	ChatCall	chat;

	chat_read_messages(fcinfo, &chat);
	return run_for_row(fcinfo, &chat);
}

/* ---- one call for each column ---- */

/* A call as it was written, and the column that is wanted of it. */
typedef struct CallUse
{
	FuncExpr   *call;
	AttrNumber	column;			/* InvalidAttrNumber for the row as a whole */
} CallUse;

/* What a query wants of calls of either form. */
typedef struct CallUses
{
	Oid			support;		/* which both forms have */
	List	   *uses;			/* of CallUse */
} CallUses;

/* Takes an expression; returns whether it is such a call. */
static bool
is_call(Node *node, const CallUses *of)
{
	return node != NULL && IsA(node, FuncExpr) &&
		get_func_support(castNode(FuncExpr, node)->funcid) == of->support;
}

static void
add_use(CallUses *to, Node *call, AttrNumber column)
{
	CallUse    *use = palloc(sizeof(CallUse));

	use->call = castNode(FuncExpr, call);
	use->column = column;
	to->uses = lappend(to->uses, use);
}

/* Collects them, within one query and not in those within it. */
static bool
collect_uses(Node *node, void *context)
{
	if (node == NULL || IsA(node, Query))
		return false;
	if (is_call(node, context))
		add_use(context, node, InvalidAttrNumber);
	if (IsA(node, FieldSelect))
	{
		FieldSelect *select = castNode(FieldSelect, node);

		if (is_call((Node *) select->arg, context))
		{
			add_use(context, (Node *) select->arg, select->fieldnum);
			/* The call itself is not wanted besides; look within it. */
			node = (Node *) select->arg;
		}
	}
	return expression_tree_walker(node, collect_uses, context);
}

/*
 * A call of which, as it was written, two columns are wanted, or one besides
 * the row; NULL if there is none.  To want the same twice is to make two calls
 * on purpose.
 */
static const FuncExpr *
find_expanded_call(const List *uses)
{
	for (int i = 1; i < list_length(uses); i++)
	{
		CHECK_FOR_INTERRUPTS();
		for (int j = 0; j < i; j++)
		{
			const CallUse *one = list_nth(uses, i);
			const CallUse *other = list_nth(uses, j);

			if (one->column != other->column && equal(one->call, other->call))
				return one->call;
		}
	}
	return NULL;
}

/* Raises if a query would make a call once for each column that it wants. */
static void
refuse_expansion(Query *query, Oid support)
{
	CallUses	wanted = {.support = support};
	const FuncExpr *call;
	const char *name;

	query_tree_walker(query, collect_uses, &wanted,
					  QTW_IGNORE_RC_SUBQUERIES | QTW_IGNORE_JOINALIASES);
	call = find_expanded_call(wanted.uses);
	if (call == NULL)
		return;
	name = get_func_name(call->funcid);
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("%s() would be called once for each of its columns", name),
			 errdetail("Each column of a call in an expression, by \".*\" too, is a call of its own to the model."),
			 errhint("Call it in FROM: SELECT r.* FROM t, LATERAL %s(...) AS r.", name)));
}

/* The query that was looked at last, as long as the planner's memory is. */
static const Query *checked = NULL;

static void
forget_checked(void *arg)
{
	checked = NULL;
}

/* The planner asks for every call, and one look is at all of them. */
static void
refuse_expansion_once(PlannerInfo *root, Oid support)
{
	MemoryContextCallback *callback;

	if (checked == root->parse)
		return;
	refuse_expansion(root->parse, support);
	callback = MemoryContextAllocZero(root->planner_cxt, sizeof(*callback));
	callback->func = forget_checked;
	MemoryContextRegisterResetCallback(root->planner_cxt, callback);
	checked = root->parse;
}

/*
 * gaiops.chat_row_support(internal) returns internal: what the planner asks
 * before it would simplify a call.  It gets no answer.
 */
Datum
gaiops_chat_row_support(PG_FUNCTION_ARGS)
{
	Node	   *request = (Node *) PG_GETARG_POINTER(0);

	if (IsA(request, SupportRequestSimplify))
	{
		SupportRequestSimplify *simplify = castNode(SupportRequestSimplify, request);

		if (simplify->root != NULL && simplify->root->parse != NULL)
			refuse_expansion_once(simplify->root, get_func_support(simplify->fcall->funcid));
	}
	PG_RETURN_POINTER(NULL);
}
