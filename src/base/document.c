/*
 * document.c
 *		Small steps of building and reading jsonb.
 */
#include "postgres.h"

#include "base/document.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"

Jsonb *
document_parse(const char *text)
{
	return DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(text)));
}

TextSlice
document_text(Jsonb *document)
{
	char	   *text = JsonbToCString(NULL, &document->root, VARSIZE(document));

	return (TextSlice) {text, strlen(text)};
}

Jsonb *
document_string(TextSlice text)
{
	JsonbValue	value = {.type = jbvString};

	value.val.string.val = unconstify(char *, text.data);
	value.val.string.len = (int) text.len;
	return JsonbValueToJsonb(&value);
}

JsonbValue *
document_member(JsonbContainer *object, const char *key)
{
	return getKeyJsonValueFromContainer(object, key, strlen(key), NULL);
}

bool
document_is_text(const JsonbValue *value, const char *text)
{
	return value->type == jbvString &&
		value->val.string.len == (int) strlen(text) &&
		memcmp(value->val.string.val, text, value->val.string.len) == 0;
}

static JsonbValue
string_value(const char *text)
{
	JsonbValue	value = {.type = jbvString};

	value.val.string.val = unconstify(char *, text);
	value.val.string.len = strlen(text);
	return value;
}

static void
push_key(JsonbParseState **state, const char *key)
{
	JsonbValue	value = string_value(key);

	pushJsonbValue(state, WJB_KEY, &value);
}

void
document_push_text(JsonbParseState **state, const char *key, const char *text)
{
	JsonbValue	value = string_value(text);

	push_key(state, key);
	pushJsonbValue(state, WJB_VALUE, &value);
}

void
document_push_number(JsonbParseState **state, const char *key, int32 number)
{
	JsonbValue	value = {.type = jbvNumeric};

	value.val.numeric = int64_to_numeric(number);
	push_key(state, key);
	pushJsonbValue(state, WJB_VALUE, &value);
}

void
document_push_bool(JsonbParseState **state, const char *key, bool boolean)
{
	JsonbValue	value = {.type = jbvBool};

	value.val.boolean = boolean;
	push_key(state, key);
	pushJsonbValue(state, WJB_VALUE, &value);
}
