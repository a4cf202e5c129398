/*
 * tag.c
 *		Tags of traces and runs: rows of an id, a key and a value.
 */
#include "postgres.h"

#include "base/ordered.h"
#include "base/tag_limits.h"
#include "catalog/pg_type.h"
#include "queue/journal.h"
#include "tracking/owner.h"
#include "tracking/run_shape.h"
#include "tracking/span_shape.h"
#include "tracking/tag.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

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

const TagKind tag_of_trace = {&tag_shape, &tag_of_others_shape, owner_of_trace,
TAG_MAX_KEY, TAG_MAX_VALUE, "trace", &find_trace_tag, &count_trace_tags};
const TagKind tag_of_run = {&run_tag_shape, &run_tag_of_others_shape, owner_of_run,
250, 5000, "run", &find_run_tag, &count_run_tags};

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

/* A scalar as text: strings bare, everything else as it was written. */
static char *
tag_value(const char *key, TextSlice value)
{
	switch (json_text_kind(value))
	{
		case VALUE_STRING:
			return ordered_decode_cstring(json_text_string(value));
		case VALUE_NUMBER:
		case VALUE_BOOL:
			return pnstrdup(value.data, value.len);
		default:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("value of tag \"%s\" must be a string, a number or a boolean",
							key)));
	}
	pg_unreachable();
}

/*
 * Adds the row of one tag, of a shape of its kind; raises when it is too
 * long.
 */
static void
tag_add(Record *record, const TagKind *kind, RecordShape *shape,
		const pg_uuid_t *id, const char *key, const char *value)
{
	RecordValues row;

	check_tag(kind, key, value);
	record_values_reset(&row);
	RECORD_SET(&row, TAG_trace_id, UUIDPGetDatum(id));
	record_set_text(&row, TAG_key, key);
	record_set_text(&row, TAG_value, value);
	RECORD_SET(&row, TAG_updated_at, TimestampTzGetDatum(GetCurrentTimestamp()));
	record_add(record, RECORD_REPLACE, shape, &row);
}

static void
check_tags(TextSlice tags)
{
	if (json_text_kind(tags) != VALUE_OBJECT || json_text_count(tags) > TAG_MAX_GIVEN)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("tags must be a JSON object of at most %d tags", TAG_MAX_GIVEN)));
}

/* Adds the rows of tags, an object that was checked. */
static void
add_rows(Record *record, const TagKind *kind, RecordShape *shape,
		 const pg_uuid_t *id, TextSlice tags)
{
	JsonWalk	walk;
	TextSlice	name;
	TextSlice	value;

	json_text_enter(&walk, tags);
	while (json_text_next(&walk, &name, &value))
	{
		char	   *key = ordered_decode_cstring(name);

		tag_add(record, kind, shape, id, key, tag_value(key, value));
	}
}

void
tag_add_all(Record *record, const TagKind *kind, const pg_uuid_t *id,
			TextSlice tags)
{
	if (tags.data == NULL)
		return;
	check_tags(tags);
	add_rows(record, kind, kind->shape, id, tags);
}

/* ---- how many there may be ---- */

static void
raise_too_many(const TagKind *kind, const pg_uuid_t *id, bool is_own)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("%s \"%s\" has too many tags", kind->object,
					DatumGetCString(DirectFunctionCall1(uuid_out, UUIDPGetDatum(id)))),
			 is_own ? errdetail("It can have %d.", RECORD_MAX_PER_OBJECT) :
			 errdetail("It can have %d, the last quarter of which is for the role that began it.",
					   RECORD_MAX_PER_OBJECT),
			 errhint("Change the value of a tag that it has, or put more into one value.")));
}

/* How many tags an object would have with those of tags, an object. */
static int64
count_with(const TagKind *kind, const pg_uuid_t *id, TextSlice tags)
{
	Datum		values[2] = {UUIDPGetDatum(id)};
	bool		isnull;

	values[1] = DirectFunctionCall1(jsonb_in, CStringGetDatum(pnstrdup(tags.data, tags.len)));
	return DatumGetInt64(store_value(kind->count, values, &isnull)) +
		(int64) json_text_count(tags);
}

/* Whose an object is matters, and is looked up, where it has many already. */
void
tag_add_more(Record *record, const TagKind *kind, const pg_uuid_t *id,
			 TextSlice tags)
{
	int64		total;
	bool		is_own;

	if (tags.data == NULL)
		return;
	check_tags(tags);
	total = count_with(kind, id, tags);
	is_own = total > RECORD_MAX_OF_OTHERS && kind->is_own(id);
	if (total > (is_own ? RECORD_MAX_PER_OBJECT : RECORD_MAX_OF_OTHERS))
		raise_too_many(kind, id, is_own);
	add_rows(record, kind, is_own ? kind->shape : kind->shape_of_others, id, tags);
}

void
tag_write(const TagKind *kind, const pg_uuid_t *id, const char *key,
		  const char *value)
{
	Datum		values[2] = {UUIDPGetDatum(id), CStringGetTextDatum(key)};
	bool		is_own = kind->is_own(id);
	Record		record;

	record_reset(&record);
	tag_add(&record, kind, is_own ? kind->shape : kind->shape_of_others, id, key, value);
	journal_write(&record, "tag");

	/*
	 * The writer, which alone knows how many there are, has not taken one too
	 * many.
	 */
	if (!store_exists(kind->find, values))
		raise_too_many(kind, id, is_own);
}
