/*
 * tag.c
 *		Tags of traces and runs: rows of an id, a key and a value.
 */
#include "postgres.h"

#include "engine/tag.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

#define MAX_TAGS 64

/* A tag of a trace has to fit an index with its value. */
const TagKind tag_of_trace = {RECORD_TAG, RECORD_MAX_LABEL, 2048};
const TagKind tag_of_run = {RECORD_RUN_TAG, 250, 5000};

StaticAssertDecl((int) TAG_trace_id == (int) RUN_TAG_run_id &&
				 (int) TAG_key == (int) RUN_TAG_key &&
				 (int) TAG_value == (int) RUN_TAG_value &&
				 (int) TAG_updated_at == (int) RUN_TAG_updated_at,
				 "tags of every kind have the same columns");

static void
check_tag(const TagKind *kind, const char *key, const char *value)
{
	if (key[0] == '\0' || strlen(key) > kind->max_key)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("key of a tag must have 1 to %d bytes", kind->max_key)));
	if (strlen(value) > kind->max_value)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("value of tag \"%s\" is too long", key),
				 errdetail("It has %zu bytes; the limit is %d.",
						   strlen(value), kind->max_value)));
}

/* A scalar as text: strings bare, everything else as jsonb prints it. */
static char *
tag_value(const char *key, JsonbValue *value)
{
	if (value->type == jbvString)
		return pnstrdup(value->val.string.val, value->val.string.len);
	if (value->type == jbvNumeric)
		return DatumGetCString(DirectFunctionCall1(numeric_out,
												   NumericGetDatum(value->val.numeric)));
	if (value->type == jbvBool)
		return pstrdup(value->val.boolean ? "true" : "false");
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("value of tag \"%s\" must be a string, a number or a boolean",
					key)));
	return NULL;
}

void
tag_add(Record *record, const TagKind *kind, const pg_uuid_t *id,
		const char *key, const char *value)
{
	RecordValues row;

	check_tag(kind, key, value);
	record_values_reset(&row);
	RECORD_SET(&row, TAG_trace_id, UUIDPGetDatum(id));
	record_set_text(&row, TAG_key, key);
	record_set_text(&row, TAG_value, value);
	RECORD_SET(&row, TAG_updated_at, TimestampTzGetDatum(GetCurrentTimestamp()));
	record_add(record, RECORD_REPLACE, kind->table, &row);
}

void
tag_add_all(Record *record, const TagKind *kind, const pg_uuid_t *id,
			Jsonb *tags)
{
	JsonbIterator *it;
	JsonbIteratorToken token;
	JsonbValue	value;
	char	   *key = NULL;		/* which comes before its value */

	if (tags == NULL)
		return;
	if (!JB_ROOT_IS_OBJECT(tags) || JB_ROOT_COUNT(tags) > MAX_TAGS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("tags must be a JSON object of at most %d tags", MAX_TAGS)));
	it = JsonbIteratorInit(&tags->root);
	while ((token = JsonbIteratorNext(&it, &value, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
			key = pnstrdup(value.val.string.val, value.val.string.len);
		else if (token == WJB_VALUE)
		{
			Assert(key != NULL);
			tag_add(record, kind, id, key, tag_value(key, &value));
		}
	}
}
