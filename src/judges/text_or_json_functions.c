/*
 * text_or_json_functions.c
 *		The type gaiops.text_or_json: what is judged, a text or JSON.
 *
 * Its values are JSON, and a text is a string.  Nothing but a literal has to
 * be looked at to tell what it is: all else has a type that says so.
 */
#include "postgres.h"

#include "base/arguments.h"
#include "base/ordered.h"
#include "compat.h"
#include "core/json/value_read.h"
#include "fmgr.h"
#include "libpq/pqformat.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(gaiops_text_or_json_in);
PG_FUNCTION_INFO_V1(gaiops_text_or_json_recv);
PG_FUNCTION_INFO_V1(gaiops_text_or_json_from_text);

#define MEMORY_EACH	200			/* bytes that one of JSON takes at most, read */

static Datum
string_datum(TextSlice text)
{
	StringInfoData string;

	initStringInfo(&string);
	ordered_append_string(&string, text.data, text.len);
	return ordered_to_datum((TextSlice) {string.data, string.len});
}

/* Whether text is JSON; a cancel leaves no memory behind. */
static bool
is_json(TextSlice text)
{
	Arena	   *arena = arena_create(((size_t) 1 << 20) + MEMORY_EACH * text.len);
	const char *reason;
	volatile bool found = false;

	PG_TRY();
	{
		found = arena != NULL && value_read(text, arena, &reason) != NULL;
	}
	PG_FINALLY();
	{
		arena_free(arena);
	}
	PG_END_TRY();
	return found;
}

/* Whether text is an object or array of JSON. */
static bool
is_container(TextSlice text)
{
	ValueKind	kind = json_text_kind(text);

	return (kind == VALUE_OBJECT || kind == VALUE_ARRAY) && is_json(text);
}

static Datum
read_literal(TextSlice text)
{
	return is_container(text) ? ordered_to_datum(text) : string_datum(text);
}

/*
 * gaiops.text_or_json_in(cstring) returns text_or_json
 */
Datum
gaiops_text_or_json_in(PG_FUNCTION_ARGS)
{
	const char *text = PG_GETARG_CSTRING(0);

	PG_RETURN_DATUM(read_literal((TextSlice) {text, strlen(text)}));
}

/*
 * gaiops.text_or_json_recv(internal) returns text_or_json
 */
Datum
gaiops_text_or_json_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	int			len;
	char	   *text = pq_getmsgtext(message, message->len - message->cursor, &len);

	PG_RETURN_DATUM(read_literal((TextSlice) {text, len}));
}

/*
 * gaiops.text_or_json(text) returns text_or_json
 */
Datum
gaiops_text_or_json_from_text(PG_FUNCTION_ARGS)
{
	text	   *string = PG_GETARG_TEXT_PP(0);

	PG_RETURN_DATUM(string_datum((TextSlice) {VARDATA_ANY(string), VARSIZE_ANY_EXHDR(string)}));
}
