/*
 * dataset_problem.c
 *		What is wrong with a record of a dataset.
 *
 * Millions of records are merged at once, hence no SQL.
 */
#include "postgres.h"

#include "base/document.h"
#include "datasets/dataset_record.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"

/* What a member may be, besides null. */
typedef enum MemberKind
{
	ANYTHING,
	NAME,
	OBJECT,
	STRING,
	STRINGS,
	STRING_OR_STRINGS,
	OBJECTS,
} MemberKind;

typedef struct Member
{
	const char *name;
	MemberKind	kind;
} Member;

static const Member record_members[] = {
	{"inputs", OBJECT},
	{"expectations", OBJECT},
	{"outputs", ANYTHING},
	{"tags", OBJECT},
	{"key", NAME},
	{"split", NAME},
	{"source", OBJECT},
};

/* Others may be anything. */
static const Member known_expectations[] = {
	{"expected_response", STRING},
	{"expected_facts", STRINGS},
	{"guidelines", STRING_OR_STRINGS},
	{"expected_tool_calls", OBJECTS},
	{"expected_document_ids", STRINGS},
};

static const Member known_sources[] = {
	{"trace_id", STRING},
	{"session_id", STRING},
};

/* The type of a value, as jsonb_typeof() has it. */
static const char *
type_name(const JsonbValue *value)
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
	return strcmp(type_name(value), type) == 0;
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

/* What a value should have been, in words; NULL if it is of that kind. */
static const char *
wanted_kind(const JsonbValue *value, MemberKind kind)
{
	if (value->type == jbvNull)
		return NULL;
	switch (kind)
	{
		case NAME:
		case STRING:
			return is_type(value, "string") ? NULL : "a string";
		case OBJECT:
			return is_type(value, "object") ? NULL : "an object";
		case STRINGS:
			return is_array_of(value, "string") ? NULL : "an array of strings";
		case STRING_OR_STRINGS:
			return is_type(value, "string") || is_array_of(value, "string")
				? NULL : "a string or an array of strings";
		case OBJECTS:
			return is_array_of(value, "object") ? NULL : "an array of objects";
		default:
			return NULL;
	}
}

const char *
dataset_wanted_expectation(const char *name, Jsonb *value)
{
	JsonbValue	whole;

	if (!JsonbExtractScalar(&value->root, &whole))
		JsonbToJsonbValue(value, &whole);
	for (int i = 0; i < lengthof(known_expectations); i++)
		if (strcmp(name, known_expectations[i].name) == 0)
			return wanted_kind(&whole, known_expectations[i].kind);
	return NULL;
}

/* What is wrong with a name of len bytes; what says whose it is. */
static char *
name_problem(const char *what, int len)
{
	if (len > DATASET_NAME_BYTES)
		return psprintf("%s has %d bytes; the limit is %d.", what, len, DATASET_NAME_BYTES);
	return NULL;
}

/* What is wrong with a member of a record that is there; NULL if nothing is. */
static char *
member_problem(const Member *member, const JsonbValue *value)
{
	const char *wanted = wanted_kind(value, member->kind);

	if (wanted != NULL)
		return psprintf("Its \"%s\" is of type %s, not %s.", member->name,
						type_name(value), wanted);
	if (member->kind == NAME && value->type == jbvString)
		return name_problem(psprintf("Its \"%s\"", member->name), value->val.string.len);
	return NULL;
}

/* What is wrong with the members of one of its objects that are known. */
static char *
known_problem(JsonbValue *object, const char *name, const Member *known, int nknown)
{
	if (object == NULL || object->type == jbvNull)
		return NULL;
	for (int i = 0; i < nknown; i++)
	{
		JsonbValue *value = document_member(object->val.binary.data, known[i].name);
		const char *wanted = value ? wanted_kind(value, known[i].kind) : NULL;

		if (wanted != NULL)
			return psprintf("The \"%s\" of its \"%s\" is not %s.", known[i].name, name, wanted);
	}
	return NULL;
}

/* Tags are named briefly and are strings, numbers or booleans. */
static char *
tags_problem(JsonbValue *tags)
{
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue	value;
	char	   *name = NULL;
	char	   *problem = NULL;

	if (tags == NULL || tags->type == jbvNull)
		return NULL;
	iterator = JsonbIteratorInit(tags->val.binary.data);
	while (problem == NULL &&
		   (token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		CHECK_FOR_INTERRUPTS();
		if (token == WJB_KEY)
		{
			problem = name_problem("The name of a tag", value.val.string.len);
			name = pnstrdup(value.val.string.val, value.val.string.len);
		}
		else if (token == WJB_VALUE && value.type == jbvBinary)
			problem = psprintf("Its tag \"%s\" is of type %s, not a string, a number or a boolean.",
							   name, type_name(&value));
	}
	return problem;
}

/* What is wrong with the names and types of the members of a record. */
static char *
members_problem(Jsonb *record)
{
	JsonbIterator *iterator = JsonbIteratorInit(&record->root);
	JsonbIteratorToken token;
	JsonbValue	value;
	const Member *member = NULL;
	char	   *problem = NULL;

	while (problem == NULL &&
		   (token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
		{
			member = NULL;
			for (int i = 0; i < lengthof(record_members); i++)
				if (document_is_text(&value, record_members[i].name))
					member = &record_members[i];
			if (member == NULL)
				problem = psprintf("It has an unknown member \"%.*s\".",
								   pg_mbcliplen(value.val.string.val, value.val.string.len, 64),
								   value.val.string.val);
		}
		else if (token == WJB_VALUE && member != NULL)
			problem = member_problem(member, &value);
	}
	return problem;
}

/* Inputs are there and have a member: they are what makes a record another one. */
static char *
inputs_problem(Jsonb *record)
{
	JsonbValue *inputs = document_member(&record->root, "inputs");

	if (inputs == NULL || inputs->type == jbvNull)
		return pstrdup("It has no \"inputs\".");
	if (JsonContainerSize(inputs->val.binary.data) == 0)
		return pstrdup("Its \"inputs\" are empty.");
	return NULL;
}

char *
dataset_record_problem(Jsonb *record)
{
	char	   *problem;
	JsonbValue *expectations;
	JsonbValue *split;

	if (!JB_ROOT_IS_OBJECT(record))
		return pstrdup("It is not an object.");
	if ((problem = members_problem(record)) != NULL ||
		(problem = inputs_problem(record)) != NULL ||
		(problem = tags_problem(document_member(&record->root, "tags"))) != NULL)
		return problem;
	split = document_member(&record->root, "split");
	if (split != NULL && document_is_text(split, ""))
		return pstrdup("Its \"split\" is empty.");
	expectations = document_member(&record->root, "expectations");
	if ((problem = known_problem(expectations, "expectations", known_expectations,
								 lengthof(known_expectations))) != NULL ||
		(problem = known_problem(document_member(&record->root, "source"), "source",
								 known_sources, lengthof(known_sources))) != NULL)
		return problem;
	if (dataset_is_too_large(record))
		return psprintf("It has more than %d bytes.", DATASET_RECORD_BYTES);
	return NULL;
}
