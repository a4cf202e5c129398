/*
 * dataset_record.c
 *		The identity of a record of a dataset, and merging into one.
 */
#include "postgres.h"

#include "engine/dataset_record.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/json.h"
#include "utils/numeric.h"

/* Writes a string of jsonb, which does not end with a NUL, as JSON. */
static void
write_string(StringInfo out, const JsonbValue *value)
{
	char	   *text = pnstrdup(value->val.string.val, value->val.string.len);

	escape_json(out, text);
	pfree(text);
}

/* Writes a value that is neither an array nor an object. */
static void
write_scalar(StringInfo out, const JsonbValue *value)
{
	switch (value->type)
	{
		case jbvString:
			write_string(out, value);
			break;
		case jbvNumeric:
			appendStringInfoString(out, numeric_normalize(value->val.numeric));
			break;
		case jbvBool:
			appendStringInfoString(out, value->val.boolean ? "true" : "false");
			break;
		default:
			appendStringInfoString(out, "null");
			break;
	}
}

/*
 * Writes a document as JSON without spaces.  Keys are in the order of jsonb, and
 * numbers have no zeros at the end of a fraction: documents that are equal come
 * to the same text, and no others.
 */
static void
write_canonical(StringInfo out, Jsonb *document)
{
	JsonbIterator *iterator = JsonbIteratorInit(&document->root);
	JsonbIteratorToken token;
	JsonbValue	value;
	bool		is_first = true;
	bool		is_scalar = JB_ROOT_IS_SCALAR(document);

	while ((token = JsonbIteratorNext(&iterator, &value, false)) != WJB_DONE)
	{
		bool		ends = token == WJB_END_ARRAY || token == WJB_END_OBJECT;

		CHECK_FOR_INTERRUPTS();
		if (!ends && !is_first)
			appendStringInfoChar(out, ',');
		is_first = false;
		switch (token)
		{
			case WJB_BEGIN_ARRAY:
			case WJB_BEGIN_OBJECT:
				if (!is_scalar)
					appendStringInfoChar(out, token == WJB_BEGIN_ARRAY ? '[' : '{');
				is_first = true;
				break;
			case WJB_END_ARRAY:
			case WJB_END_OBJECT:
				if (!is_scalar)
					appendStringInfoChar(out, token == WJB_END_ARRAY ? ']' : '}');
				break;
			case WJB_KEY:
				write_string(out, &value);
				appendStringInfoChar(out, ':');
				is_first = true;
				break;
			default:
				write_scalar(out, &value);
				break;
		}
	}
}

pg_uuid_t *
dataset_record_id(Jsonb *inputs, const char *key)
{
	StringInfoData document;
	pg_uuid_t  *id = palloc(sizeof(pg_uuid_t));
	bytea	   *hash;
	char	   *encoded;

	initStringInfo(&document);
	appendStringInfoChar(&document, '[');
	write_canonical(&document, inputs);
	appendStringInfoChar(&document, ',');
	if (key != NULL)
		escape_json(&document, key);
	else
		appendStringInfoString(&document, "null");
	appendStringInfoChar(&document, ']');
	encoded = pg_server_to_any(document.data, document.len, PG_UTF8);
	hash = DatumGetByteaPP(DirectFunctionCall1(sha256_bytea,
											   CStringGetTextDatum(encoded)));
	memcpy(id->data, VARDATA_ANY(hash), UUID_LEN);
	/* RFC 9562: the version, and the variant. */
	id->data[6] = (id->data[6] & 0x0f) | 0x80;
	id->data[8] = (id->data[8] & 0x3f) | 0x80;
	return id;
}

/* Pushes the members of base that changes has not. */
static void
push_kept(JsonbParseState **state, Jsonb *base, Jsonb *changes)
{
	JsonbIterator *iterator = JsonbIteratorInit(&base->root);
	JsonbIteratorToken token;
	JsonbValue	value;
	bool		is_kept = false;

	while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		CHECK_FOR_INTERRUPTS();
		if (token == WJB_KEY)
			is_kept = changes == NULL ||
				findJsonbValueFromContainer(&changes->root, JB_FOBJECT, &value) == NULL;
		if ((token == WJB_KEY || token == WJB_VALUE) && is_kept)
			pushJsonbValue(state, token, &value);
	}
}

/* Pushes the members that are not null. */
static void
push_given(JsonbParseState **state, Jsonb *changes)
{
	JsonbIterator *iterator = JsonbIteratorInit(&changes->root);
	JsonbIteratorToken token;
	JsonbValue	key;
	JsonbValue	value;

	while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		CHECK_FOR_INTERRUPTS();
		if (token == WJB_KEY)
			key = value;
		else if (token == WJB_VALUE && value.type != jbvNull)
		{
			pushJsonbValue(state, WJB_KEY, &key);
			pushJsonbValue(state, WJB_VALUE, &value);
		}
	}
}

Jsonb *
dataset_merge_members(Jsonb *base, Jsonb *changes)
{
	JsonbParseState *state = NULL;

	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	if (base != NULL)
		push_kept(&state, base, changes);
	if (changes != NULL)
		push_given(&state, changes);
	return JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL));
}
