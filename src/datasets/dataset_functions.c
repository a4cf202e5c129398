/*
 * dataset_functions.c
 *		SQL-callable functions on datasets and their records.
 */
#include "postgres.h"

#include "base/arguments.h"
#include "base/caller.h"
#include "base/document.h"
#include "base/ordered.h"
#include "base/store.h"
#include "catalog/pg_type.h"
#include "compat.h"
#include "core/stats/components.h"
#include "datasets/dataset_record.h"
#include "datasets/dataset_revision.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "queue/journal.h"
#include "tracking/run.h"
#include "tracking/run_log.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/uuid.h"

PG_FUNCTION_INFO_V1(gaiops_record_id);
PG_FUNCTION_INFO_V1(gaiops_record_problem);
PG_FUNCTION_INFO_V1(gaiops_merged_problem);
PG_FUNCTION_INFO_V1(gaiops_record_members);
PG_FUNCTION_INFO_V1(gaiops_merge_json_members);
PG_FUNCTION_INFO_V1(gaiops_written_otherwise);
PG_FUNCTION_INFO_V1(gaiops_find_dataset_run);
PG_FUNCTION_INFO_V1(gaiops_log_input);
PG_FUNCTION_INFO_V1(gaiops_components);

static StoreStatement find_run = {
	.sql = "SELECT r.run_id FROM gaiops.run_inputs AS r"
	" WHERE r.dataset OPERATOR(pg_catalog.=) $1 LIMIT 1",
	.nargs = 1,
	.argtypes = {TEXTOID},
};

/*
 * gaiops.record_id(inputs, key) returns the identity of a record with these
 * inputs and this key or NULL; NULL without inputs.
 */
Datum
gaiops_record_id(PG_FUNCTION_ARGS)
{
	Jsonb	   *inputs = argument_jsonb(fcinfo, 0);

	if (inputs == NULL)
		PG_RETURN_NULL();
	PG_RETURN_UUID_P(dataset_record_id(inputs, argument_text(fcinfo, 1)));
}

/*
 * gaiops.record_problem(record) returns what is wrong with a record, or NULL.
 */
Datum
gaiops_record_problem(PG_FUNCTION_ARGS)
{
	char	   *problem = dataset_record_problem(PG_GETARG_JSONB_P(0));

	if (problem == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(problem));
}

/*
 * An object that is not empty; NULL if it is, for then it need not be there.
 */
static Jsonb *
filled_object(Jsonb *object)
{
	return object == NULL || JB_ROOT_COUNT(object) == 0 ? NULL : object;
}

/*
 * gaiops.merged_problem(inputs, expectations, outputs, tags, key, split,
 * source, written json) returns what is wrong with a record that is to be
 * stored, which is that it is too large, as it was written or as it is kept,
 * or NULL.  A database that was not updated yet does not give the last one.
 */
Datum
gaiops_merged_problem(PG_FUNCTION_ARGS)
{
	DatasetMember members[] = {
		{"inputs", argument_jsonb(fcinfo, 0), NULL},
		{"expectations", filled_object(argument_jsonb(fcinfo, 1)), NULL},
		{"outputs", argument_jsonb(fcinfo, 2), NULL},
		{"tags", filled_object(argument_jsonb(fcinfo, 3)), NULL},
		{"key", NULL, argument_text(fcinfo, 4)},
		{"split", NULL, argument_text(fcinfo, 5)},
		{"source", argument_jsonb(fcinfo, 6), NULL},
	};

	if (dataset_are_too_large(members, lengthof(members)))
		PG_RETURN_TEXT_P(cstring_to_text(psprintf("With what was merged into it before it has more than %d bytes.",
												  DATASET_RECORD_BYTES)));
	if (PG_NARGS() > 7 && !PG_ARGISNULL(7) &&
		ordered_of_datum(PG_GETARG_DATUM(7)).len > DATASET_RECORD_BYTES)
		PG_RETURN_TEXT_P(cstring_to_text(psprintf("As it was written it has more than %d bytes.",
												  DATASET_RECORD_BYTES)));
	PG_RETURN_NULL();
}

/*
 * gaiops.merge_members(base, changes) returns the members of both objects;
 * raises if one is something else.
 */
Datum
gaiops_merge_json_members(PG_FUNCTION_ARGS)
{
	TextSlice	merged = ordered_merge(argument_object(fcinfo, 0, "base"),
									   argument_object(fcinfo, 1, "changes"));
	StringInfoData given;
	JsonWalk	walk;
	TextSlice	key;
	TextSlice	value;

	ordered_begin(&given);
	json_text_enter(&walk, merged);
	while (json_text_next(&walk, &key, &value))
		if (json_text_kind(value) != VALUE_NULL)
			ordered_add_written(&given, key, value);
	PG_RETURN_DATUM(ordered_to_datum(ordered_end(&given)));
}

/* A document without the white space between what it says. */
static TextSlice
compact(TextSlice document)
{
	char	   *out = palloc(document.len);

	return (TextSlice) {out, json_text_compact(document, out)};
}

/*
 * gaiops.written_otherwise(inputs json, expectations json, outputs json,
 * source json, and the same as jsonb) returns an object with those of the
 * former that jsonb, which sorts members and has one spelling for a number
 * and a string, says otherwise; NULL if none does.  White space is left out:
 * it says nothing, and there may be any amount of it.
 */
Datum
gaiops_written_otherwise(PG_FUNCTION_ARGS)
{
	static const char *const names[] = {"inputs", "expectations", "outputs", "source"};
	StringInfoData object;
	bool		is_empty = true;

	ordered_begin(&object);
	for (int i = 0; i < (int) lengthof(names); i++)
	{
		Jsonb	   *kept = argument_jsonb(fcinfo, (int) lengthof(names) + i);
		TextSlice	written;

		if (kept == NULL || PG_ARGISNULL(i))
			continue;
		written = ordered_of_datum(PG_GETARG_DATUM(i));
		if (json_text_same(written, document_text(kept)))
			continue;
		ordered_add(&object, names[i], compact(written));
		is_empty = false;
	}
	if (is_empty)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(ordered_to_datum(ordered_end(&object)));
}

/*
 * Members of a record, the last ones texts, as gaiops.record_members() has
 * them.
 */
enum RecordMember
{
	MEMBER_INPUTS,
	MEMBER_EXPECTATIONS,
	MEMBER_OUTPUTS,
	MEMBER_TAGS,
	MEMBER_SOURCE,
	MEMBER_KEY,
	MEMBER_SPLIT,
	NMEMBERS
};

static const char *const record_members[] = {
	"inputs", "expectations", "outputs", "tags", "source", "key", "split"
};

StaticAssertDecl(lengthof(record_members) == NMEMBERS, "every member has a name");

/* Finds the members of a record, in one walk. */
static void
find_members(TextSlice record, TextSlice *found)
{
	JsonWalk	walk;
	TextSlice	key;
	TextSlice	value;

	json_text_enter(&walk, record);
	while (json_text_next(&walk, &key, &value))
		for (int i = 0; i < NMEMBERS; i++)
			if (json_text_says(key, record_members[i]))
				found[i] = value;
}

/*
 * gaiops.record_members(record json) returns (inputs json, expectations json,
 * outputs json, tags json, source json, key text, split text, has_outputs
 * boolean, has_source boolean, has_split boolean)
 */
Datum
gaiops_record_members(PG_FUNCTION_ARGS)
{
	TextSlice	found[NMEMBERS] = {{NULL, 0}};
	Datum		values[NMEMBERS + 3];
	bool		nulls[NMEMBERS + 3] = {false};
	TupleDesc	shape;

	if (get_call_result_type(fcinfo, NULL, &shape) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	find_members(argument_object(fcinfo, 0, "record"), found);
	for (int i = 0; i < NMEMBERS; i++)
	{
		ValueKind	kind = json_text_kind(found[i]);
		TextSlice	value = found[i];

		if (i >= MEMBER_KEY && kind == VALUE_STRING)
			value = ordered_decode(json_text_string(value));
		nulls[i] = kind == VALUE_UNDEFINED || kind == VALUE_NULL;
		if (!nulls[i])
			values[i] = ordered_to_datum(value);
	}
	values[NMEMBERS] = BoolGetDatum(found[MEMBER_OUTPUTS].data != NULL);
	values[NMEMBERS + 1] = BoolGetDatum(found[MEMBER_SOURCE].data != NULL);
	values[NMEMBERS + 2] = BoolGetDatum(found[MEMBER_SPLIT].data != NULL);
	return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(shape), values, nulls));
}

/*
 * gaiops.find_dataset_run(name) returns a run that worked on a dataset, as of
 * now, or NULL.
 */
Datum
gaiops_find_dataset_run(PG_FUNCTION_ARGS)
{
	Datum		name = PG_GETARG_DATUM(0);

	return store_value(&find_run, &name, &fcinfo->isnull);
}

/*
 * gaiops_log_input(dataset, revision, run_id) returns integer
 */
Datum
gaiops_log_input(PG_FUNCTION_ARGS)
{
	char	   *dataset = argument_required_text(fcinfo, 0, "dataset");
	int32		given = PG_ARGISNULL(1) ? 0 : PG_GETARG_INT32(1);
	pg_uuid_t	run_id;
	int32		revision;

	caller_require_open_operation(fcinfo);
	journal_require();
	run_choose(PG_ARGISNULL(2) ? NULL : PG_GETARG_UUID_P(2), &run_id);
	revision = dataset_choose_revision(dataset, PG_ARGISNULL(1) ? NULL : &given);
	run_log_input(&run_id, dataset, revision);
	PG_RETURN_INT32(revision);
}

/* Raises unless a node is a number from 1 to the number of array elements. */
static uint32
node_index(Datum node, int limit)
{
	int32		number = DatumGetInt32(node);

	if (number < 1 || number > limit)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("node %d is not from 1 to %d", number, limit)));
	return number - 1;
}

/*
 * gaiops.components(ones, others) takes the ends of edges, which are numbers
 * from 1 to twice the number of edges; an edge may have none in others.
 * Returns the smallest node that each edge is connected with.
 */
Datum
gaiops_components(PG_FUNCTION_ARGS)
{
	Datum	   *ones;
	Datum	   *others;
	bool	   *nulls;
	int			nedges;
	int			nothers;
	uint32	   *parents;

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(0), INT4OID, sizeof(int32), true,
					  TYPALIGN_INT, &ones, NULL, &nedges);
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(1), INT4OID, sizeof(int32), true,
					  TYPALIGN_INT, &others, &nulls, &nothers);
	if (nedges != nothers)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("arrays must have as many elements as each other"),
				 errdetail("They have %d and %d.", nedges, nothers)));
	parents = MemoryContextAllocHuge(CurrentMemoryContext, (Size) nedges * 2 * sizeof(uint32));
	components_init(parents, nedges * 2);
	for (int i = 0; i < nedges; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!nulls[i])
			components_join(parents, node_index(ones[i], nedges * 2),
							node_index(others[i], nedges * 2));
	}
	for (int i = 0; i < nedges; i++)
	{
		CHECK_FOR_INTERRUPTS();
		ones[i] = Int32GetDatum(components_find(parents, node_index(ones[i], nedges * 2)) + 1);
	}
	PG_RETURN_ARRAYTYPE_P(construct_array(ones, nedges, INT4OID, sizeof(int32), true,
										  TYPALIGN_INT));
}
