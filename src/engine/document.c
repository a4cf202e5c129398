/*
 * document.c
 *		Small steps of building and reading jsonb.
 */
#include "postgres.h"

#include "engine/document.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"

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

void
document_push_value(JsonbParseState **state, const char *key, Jsonb *document)
{
	JsonbValue	value;

	push_key(state, key);
	JsonbToJsonbValue(document, &value);
	pushJsonbValue(state, WJB_VALUE, &value);
}

Jsonb *
document_message(const char *role, const char *content)
{
	JsonbParseState *state = NULL;

	pushJsonbValue(&state, WJB_BEGIN_ARRAY, NULL);
	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	document_push_text(&state, "role", role);
	document_push_text(&state, "content", content);
	pushJsonbValue(&state, WJB_END_OBJECT, NULL);
	return JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_ARRAY, NULL));
}

uint32
document_find_nonmessage(JsonbContainer *array)
{
	uint32		n = JsonContainerSize(array);

	for (uint32 i = 0; i < n; i++)
	{
		JsonbValue *element = getIthJsonbValueFromContainer(array, i);
		JsonbValue *role = NULL;

		if (element->type == jbvBinary && JsonContainerIsObject(element->val.binary.data))
			role = document_member(element->val.binary.data, "role");
		if (role == NULL || role->type != jbvString)
			return i + 1;
	}
	return 0;
}

Jsonb *
document_join(Jsonb *first, Jsonb *second)
{
	if (first == NULL || second == NULL)
		return first ? first : second;
	return DatumGetJsonbP(DirectFunctionCall2(jsonb_concat,
											  JsonbPGetDatum(first),
											  JsonbPGetDatum(second)));
}

Jsonb *
document_merge(Jsonb *first, Jsonb *second)
{
	if (second == NULL || JB_ROOT_COUNT(second) == 0)
		return first;
	if (first == NULL || JB_ROOT_COUNT(first) == 0)
		return second;
	return document_join(first, second);
}
