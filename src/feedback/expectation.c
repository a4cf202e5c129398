/*
 * expectation.c
 *		What is known to be right, as scorers read it.
 */
#include "postgres.h"

#include "feedback/expectation.h"

const Member expectation_members[EXPECTATION_NMEMBERS] = {
	{"expected_response", MEMBER_STRING},
	{"expected_responses", MEMBER_STRINGS},
	{"expected_facts", MEMBER_STRINGS},
	{"guidelines", MEMBER_STRING_OR_STRINGS},
	{"expected_tool_calls", MEMBER_OBJECTS},
	{"expected_document_ids", MEMBER_STRINGS},
	{"expected_document_grades", MEMBER_OBJECT},
};

const char *
expectation_wanted(const char *name, Jsonb *value)
{
	JsonbValue	whole;

	if (!JsonbExtractScalar(&value->root, &whole))
		JsonbToJsonbValue(value, &whole);
	for (int i = 0; i < EXPECTATION_NMEMBERS; i++)
		if (strcmp(name, expectation_members[i].name) == 0)
			return member_wanted(&whole, expectation_members[i].kind);
	return NULL;
}
