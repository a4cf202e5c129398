/*
 * member.c
 *		Members of documents, and of what kind they may be.
 */
#include "postgres.h"

#include "base/member.h"
#include "miscadmin.h"

const char *
member_type(const JsonbValue *value)
{
	switch (value->type)
	{
		case jbvNull:
			return "null";
		case jbvString:
			return "string";
		case jbvNumeric:
			return "number";
		case jbvBool:
			return "boolean";
		default:
			return JsonContainerIsArray(value->val.binary.data) ? "array" : "object";
	}
}

static bool
is_type(const JsonbValue *value, const char *type)
{
	return strcmp(member_type(value), type) == 0;
}

/* Whether a value is an array whose elements are all of a type. */
static bool
is_array_of(const JsonbValue *value, const char *type)
{
	JsonbContainer *array;

	if (!is_type(value, "array"))
		return false;
	array = value->val.binary.data;
	for (uint32 i = 0; i < JsonContainerSize(array); i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!is_type(getIthJsonbValueFromContainer(array, i), type))
			return false;
	}
	return true;
}

const char *
member_wanted(const JsonbValue *value, MemberKind kind)
{
	if (value->type == jbvNull)
		return NULL;
	switch (kind)
	{
		case MEMBER_NAME:
		case MEMBER_STRING:
			return is_type(value, "string") ? NULL : "a string";
		case MEMBER_OBJECT:
			return is_type(value, "object") ? NULL : "an object";
		case MEMBER_STRINGS:
			return is_array_of(value, "string") ? NULL : "an array of strings";
		case MEMBER_STRING_OR_STRINGS:
			return is_type(value, "string") || is_array_of(value, "string")
				? NULL : "a string or an array of strings";
		case MEMBER_OBJECTS:
			return is_array_of(value, "object") ? NULL : "an array of objects";
		default:
			return NULL;
	}
}
