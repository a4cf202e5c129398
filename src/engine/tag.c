/*
 * tag.c
 *		Tags of traces and runs: rows of an id, a key and a value.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "engine/journal.h"
#include "engine/tag.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

#define MAX_TAGS 64

#define FIND_TAG(table, id) { \
	.sql = "SELECT true FROM gaiops." table " AS t" \
	" WHERE t." id " OPERATOR(pg_catalog.=) $1 AND t.key OPERATOR(pg_catalog.=) $2", \
	.nargs = 2, \
	.argtypes = {UUIDOID, TEXTOID}, \
}

#define COUNT_TAGS(table, id) { \
	.sql = "SELECT pg_catalog.count(*) FROM gaiops." table " AS t" \
	" WHERE t." id " OPERATOR(pg_catalog.=) $1 AND NOT $2 OPERATOR(pg_catalog.?) t.key", \
	.nargs = 2, \
	.argtypes = {UUIDOID, JSONBOID}, \
}

static StoreStatement find_trace_tag = FIND_TAG("trace_tags", "trace_id");
static StoreStatement count_trace_tags = COUNT_TAGS("trace_tags", "trace_id");
static StoreStatement find_run_tag = FIND_TAG("run_tags", "run_id");
static StoreStatement count_run_tags = COUNT_TAGS("run_tags", "run_id");

/* A tag of a trace has to fit an index with its value. */
const TagKind tag_of_trace = {RECORD_TAG, RECORD_MAX_LABEL, 2048, "trace",
&find_trace_tag, &count_trace_tags};
const TagKind tag_of_run = {RECORD_RUN_TAG, 250, 5000, "run",
&find_run_tag, &count_run_tags};

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

/* ---- how many there may be ---- */

static void
raise_too_many(const TagKind *kind, const pg_uuid_t *id)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("%s \"%s\" has too many tags", kind->object,
					DatumGetCString(DirectFunctionCall1(uuid_out, UUIDPGetDatum(id)))),
			 errdetail("It can have %d.", RECORD_MAX_PER_OBJECT),
			 errhint("Give a tag that it has another value, or put more into one value.")));
}

void
tag_require_room(const TagKind *kind, const pg_uuid_t *id, Jsonb *tags)
{
	Datum		values[2] = {UUIDPGetDatum(id), JsonbPGetDatum(tags)};
	StoreSession session;
	int64		others;
	bool		isnull;

	if (tags == NULL)
		return;
	store_open(&session);
	store_execute(kind->count, values, NULL, true);
	others = DatumGetInt64(store_datum(1, &isnull));
	store_close(&session);
	if (others + JB_ROOT_COUNT(tags) > RECORD_MAX_PER_OBJECT)
		raise_too_many(kind, id);
}

void
tag_write(const TagKind *kind, const pg_uuid_t *id, const char *key,
		  const char *value)
{
	Datum		values[2] = {UUIDPGetDatum(id), CStringGetTextDatum(key)};
	StoreSession session;
	Record		record;
	bool		is_there;

	record_reset(&record);
	tag_add(&record, kind, id, key, value);
	journal_write(&record, "tag");
	/* The writer, which alone knows how many there are, has not taken one too many. */
	store_open(&session);
	store_execute(kind->find, values, NULL, true);
	is_there = SPI_processed > 0;
	store_close(&session);
	if (!is_there)
		raise_too_many(kind, id);
}
