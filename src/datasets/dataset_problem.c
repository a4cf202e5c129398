/*
 * dataset_problem.c
 *		What is wrong with a record of a dataset.
 *
 * Millions of records are merged at once, hence no SQL.
 */
#include "postgres.h"

#include "base/document.h"
#include "base/member.h"
#include "base/ordered.h"
#include "datasets/dataset_record.h"
#include "feedback/expectation.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"

static const Member record_members[] = {
	{"inputs", MEMBER_OBJECT},
	{"expectations", MEMBER_OBJECT},
	{"outputs", MEMBER_ANYTHING},
	{"tags", MEMBER_OBJECT},
	{"key", MEMBER_NAME},
	{"split", MEMBER_NAME},
	{"source", MEMBER_OBJECT},
};

static const Member known_sources[] = {
	{"trace_id", MEMBER_STRING},
	{"session_id", MEMBER_STRING},
};

/* What is wrong with a name of len bytes; what says whose it is. */
static char *
name_problem(const char *what, int len)
{
	if (len > DATASET_NAME_BYTES)
		return psprintf("%s has %d bytes; the limit is %d.", what, len, DATASET_NAME_BYTES);
	return NULL;
}

/*
 * What is wrong with a member of a record that is there; NULL if nothing is.
 */
static char *
member_problem(const Member *member, const JsonbValue *value)
{
	const char *wanted = member_wanted(value, member->kind);

	if (wanted != NULL)
		return psprintf("Its \"%s\" is of type %s, not %s.", member->name,
						member_type(value), wanted);
	if (member->kind == MEMBER_NAME && value->type == jbvString)
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
		const char *wanted = value ? member_wanted(value, known[i].kind) : NULL;

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
							   name, member_type(&value));
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

/*
 * Inputs are there and have a member: they are what makes a record another
 * one.
 */
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
	if ((problem = known_problem(expectations, "expectations", expectation_members,
								 EXPECTATION_NMEMBERS)) != NULL ||
		(problem = known_problem(document_member(&record->root, "source"), "source",
								 known_sources, lengthof(known_sources))) != NULL)
		return problem;
	if (dataset_is_too_deep(record))
		return psprintf("It has more than %d arrays and objects within each other.", ORDERED_MAX_DEPTH);
	if (dataset_is_too_large(record))
		return psprintf("It has more than %d bytes.", DATASET_RECORD_BYTES);
	return NULL;
}
