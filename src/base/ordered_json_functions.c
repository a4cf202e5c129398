/*
 * ordered_json_functions.c
 *		The type gaiops.ordered_json: JSON as it was written.
 *
 * What a model is sent has to have its members in the order its author gave
 * them: a model that is told to answer before it reasons answers worse.  The
 * type jsonb sorts them.  This one is the text of json, checked for what json
 * lets pass and could not be sent, stored, or made jsonb of: a member given
 * twice, of which the upstream may read the other one; characters that text
 * cannot hold; numbers that numeric cannot; exponents beyond those of a
 * double, and more of these than make a value 16 MB longer in jsonb, which
 * writes out their zeros; values nested so deeply that a server with less
 * stack fails.
 */
#include "postgres.h"

#include "base/ordered.h"
#include "compat.h"
#include "core/text/text_slice.h"
#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"
#include "utils/jsonfuncs.h"
#include "utils/memutils.h"

#define MAX_PLAIN_NUMBER 1000	/* digits of a number that is surely a numeric */
#define MAX_EXPONENT 400		/* more than a double has */
#define MAX_ZEROS 16777216		/* that exponents stand for, in one value */
#define MAX_PATH_SHOWN 500

PG_FUNCTION_INFO_V1(gaiops_ordered_json_in);
PG_FUNCTION_INFO_V1(gaiops_ordered_json_out);
PG_FUNCTION_INFO_V1(gaiops_ordered_json_recv);
PG_FUNCTION_INFO_V1(gaiops_ordered_json_send);
PG_FUNCTION_INFO_V1(gaiops_ordered_json_from_text);
PG_FUNCTION_INFO_V1(gaiops_ordered_json_from_jsonb);
PG_FUNCTION_INFO_V1(gaiops_ordered_json_to_json);
PG_FUNCTION_INFO_V1(gaiops_ordered_json_to_jsonb);

/* An object or array that is being read. */
typedef struct Level
{
	bool		is_object;
	int			first_key;		/* of an object, in Check.keys */
	int			elements;		/* of an array so far */
} Level;

typedef struct Check
{
	Level		levels[ORDERED_MAX_DEPTH];
	int			depth;
	char	  **keys;			/* of all objects that are being read */
	int			nkeys;
	int			max_keys;
	int64		zeros;			/* that the exponents so far stand for */
} Check;

/* Where the innermost object or array is, as in $.messages[0]. */
static char *
describe_place(const Check *check)
{
	StringInfoData path;

	initStringInfo(&path);
	appendStringInfoChar(&path, '$');
	for (int i = 0; i < check->depth - 1; i++)
	{
		const Level *level = &check->levels[i];

		if (level->is_object)
		{
			/*
			 * Its latest key so far comes right before the keys of objects in
			 * it.
			 */
			int			next = check->nkeys;

			for (int j = check->depth - 1; j > i; j--)
				if (check->levels[j].is_object)
					next = check->levels[j].first_key;
			appendStringInfo(&path, ".%s", check->keys[next - 1]);
		}
		else
			appendStringInfo(&path, "[%d]", level->elements - 1);
	}
	if (path.len > MAX_PATH_SHOWN)
	{
		path.len = pg_mbcliplen(path.data, path.len, MAX_PATH_SHOWN);
		path.data[path.len] = '\0';
		appendStringInfoString(&path, "...");
	}
	return path.data;
}

static void
raise_duplicate(const Check *check, const char *key)
{
	ereport(ERROR,
			(errcode(ERRCODE_DUPLICATE_JSON_OBJECT_KEY_VALUE),
			 errmsg("JSON object has the member \"%s\" twice",
					pnstrdup(key, pg_mbcliplen(key, (int) strlen(key), MAX_PATH_SHOWN))),
			 check->depth == 1 ? errdetail("It is in the outermost object.") :
			 errdetail("The object is %s.", describe_place(check)),
			 errhint("Leave out one of them: who reads it may take either.")));
}

static int
compare_keys(const void *a, const void *b)
{
	CHECK_FOR_INTERRUPTS();
	return strcmp(*(char *const *) a, *(char *const *) b);
}

/* ---- what the parser calls ---- */

/*
 * Raises if something is nested more deeply than anybody may be asked to read.
 */
static void
enter_level(Check *check, bool is_object)
{
	Level	   *level;

	if (check->depth == ORDERED_MAX_DEPTH)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("JSON value is nested too deeply"),
				 errdetail("The limit is %d arrays and objects within each other.", ORDERED_MAX_DEPTH)));
	level = &check->levels[check->depth++];
	level->is_object = is_object;
	level->first_key = check->nkeys;
	level->elements = 0;
}

static CompatJsonResult
begin_object(void *state)
{
	enter_level(state, true);
	COMPAT_JSON_RETURN();
}

static CompatJsonResult
begin_array(void *state)
{
	enter_level(state, false);
	COMPAT_JSON_RETURN();
}

static CompatJsonResult
end_array(void *state)
{
	((Check *) state)->depth--;
	COMPAT_JSON_RETURN();
}

/* Sorts the keys of the object, so that equal ones are neighbours. */
static CompatJsonResult
end_object(void *state)
{
	Check	   *check = state;
	int			first = check->levels[check->depth - 1].first_key;
	int			n = check->nkeys - first;

	qsort(check->keys + first, n, sizeof(char *), compare_keys);
	for (int i = first + 1; i < check->nkeys; i++)
		if (strcmp(check->keys[i - 1], check->keys[i]) == 0)
			raise_duplicate(check, check->keys[i]);
	check->nkeys = first;
	check->depth--;
	COMPAT_JSON_RETURN();
}

static CompatJsonResult
begin_member(void *state, char *name, bool is_null)
{
	Check	   *check = state;

	CHECK_FOR_INTERRUPTS();
	if (check->nkeys == check->max_keys)
	{
		check->max_keys *= 2;
		check->keys = repalloc_huge(check->keys, check->max_keys * sizeof(char *));
	}
	check->keys[check->nkeys++] = name;
	COMPAT_JSON_RETURN();
}

static CompatJsonResult
begin_element(void *state, bool is_null)
{
	Check	   *check = state;

	CHECK_FOR_INTERRUPTS();
	check->levels[check->depth - 1].elements++;
	COMPAT_JSON_RETURN();
}

/*
 * Raises on a great exponent, and on many of them: jsonb writes out the zeros
 * that they stand for.
 */
static void
check_exponent(Check *check, long exponent)
{
	if (labs(exponent) > MAX_EXPONENT)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("exponent of a number in JSON is out of range"),
				 errdetail("An exponent is from -%d to %d.", MAX_EXPONENT, MAX_EXPONENT)));
	check->zeros += labs(exponent);
	if (check->zeros > MAX_ZEROS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("JSON value has too many numbers with exponents"),
				 errdetail("They stand for more than %d zeros.", MAX_ZEROS)));
}

/*
 * Raises what numeric raises, for numbers that might be none, and on
 * exponents.
 */
static CompatJsonResult
check_scalar(void *state, char *token, JsonTokenType type)
{
	const char *exponent;

	if (type != JSON_TOKEN_NUMBER)
		COMPAT_JSON_RETURN();
	exponent = strpbrk(token, "eE");
	if (exponent != NULL || strlen(token) > MAX_PLAIN_NUMBER)
		(void) DirectFunctionCall3(numeric_in, CStringGetDatum(token),
								   ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
	if (exponent != NULL)
		check_exponent(state, strtol(exponent + 1, NULL, 10));
	COMPAT_JSON_RETURN();
}

/* ---- the type ---- */

/* Raises unless text is JSON that everybody reads alike. */
static void
check_text(char *text, int len)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "ordered_json",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	Check	   *check = palloc0(sizeof(Check));
	JsonSemAction actions = {
		.semstate = check,
		.object_start = begin_object,
		.object_end = end_object,
		.array_start = begin_array,
		.array_end = end_array,
		.object_field_start = begin_member,
		.array_element_start = begin_element,
		.scalar = check_scalar
	};

	check->max_keys = 64;
	check->keys = palloc(check->max_keys * sizeof(char *));
	pg_parse_json_or_ereport(compat_json_lexer(text, len), &actions);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
}

/* A checked value of the type, without the white space around it. */
static Datum
make_value(char *text, int len)
{
	int			begin = 0;

	check_text(text, len);
	while (strchr(" \t\r\n", text[begin]) != NULL)
		begin++;
	while (strchr(" \t\r\n", text[len - 1]) != NULL)
		len--;
	return PointerGetDatum(cstring_to_text_with_len(text + begin, len - begin));
}

/*
 * gaiops.ordered_json_in(cstring): raises unless it is JSON as above
 */
Datum
gaiops_ordered_json_in(PG_FUNCTION_ARGS)
{
	char	   *text = PG_GETARG_CSTRING(0);

	PG_RETURN_DATUM(make_value(text, (int) strlen(text)));
}

/*
 * gaiops.ordered_json_out(ordered_json) returns cstring
 */
Datum
gaiops_ordered_json_out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(TextDatumGetCString(PG_GETARG_DATUM(0)));
}

/*
 * gaiops.ordered_json_recv(internal): the text, as json has it
 */
Datum
gaiops_ordered_json_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	int			len;
	char	   *text = pq_getmsgtext(message, message->len - message->cursor, &len);

	PG_RETURN_DATUM(make_value(text, len));
}

/*
 * gaiops.ordered_json_send(ordered_json) returns bytea: the text, as json has
 * it
 */
Datum
gaiops_ordered_json_send(PG_FUNCTION_ARGS)
{
	text	   *value = PG_GETARG_TEXT_PP(0);
	StringInfoData message;

	pq_begintypsend(&message);
	pq_sendtext(&message, VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}

/*
 * gaiops.ordered_json(text) and gaiops.ordered_json(json): a text, checked
 */
Datum
gaiops_ordered_json_from_text(PG_FUNCTION_ARGS)
{
	char	   *string = TextDatumGetCString(PG_GETARG_DATUM(0));

	PG_RETURN_DATUM(make_value(string, (int) strlen(string)));
}

/*
 * gaiops.ordered_json(jsonb): the order that jsonb has
 */
Datum
gaiops_ordered_json_from_jsonb(PG_FUNCTION_ARGS)
{
	Jsonb	   *value = PG_GETARG_JSONB_P(0);
	char	   *text = JsonbToCString(NULL, &value->root, VARSIZE(value));

	PG_RETURN_DATUM(make_value(text, (int) strlen(text)));
}

/*
 * gaiops.ordered_json_to_json(ordered_json) returns json
 *
 * A copy: what builds JSON frees the result of a cast, which could be in a
 * tuple.
 */
Datum
gaiops_ordered_json_to_json(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(PG_GETARG_TEXT_P_COPY(0));
}

/*
 * gaiops.ordered_json_to_jsonb(ordered_json) returns jsonb
 */
Datum
gaiops_ordered_json_to_jsonb(PG_FUNCTION_ARGS)
{
	return DirectFunctionCall1(jsonb_in,
							   CStringGetDatum(TextDatumGetCString(PG_GETARG_DATUM(0))));
}
