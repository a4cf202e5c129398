/*
 * prompt_number.c
 *		Numbers of prompt versions: each is given once.
 *
 * A number is a row of gaiops.prompt_numbers.  The writer inserts it unless it
 * is there; whose token it then has tells whose it is.
 */
#include "postgres.h"

#include "base/store.h"
#include "base/subscription.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "prompts/number_shape.h"
#include "prompts/prompt_number.h"
#include "queue/journal.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"

static const RecordColumn number_columns[] = {NUMBER_COLUMNS(RECORD_COLUMN)};

RecordShape number_shape = {
	.table = "prompt_numbers",
	.columns = number_columns,
	.ncolumns = NUMBER_NCOLUMNS,
};

static StoreStatement highest_number = {
	.sql = "SELECT pg_catalog.max(n.version) FROM gaiops.prompt_numbers AS n"
	" WHERE n.name OPERATOR(pg_catalog.=) $1",
	.nargs = 1,
	.argtypes = {TEXTOID}
};

static StoreStatement token_of_number = {
	.sql = "SELECT n.token FROM gaiops.prompt_numbers AS n"
	" WHERE n.name OPERATOR(pg_catalog.=) $1 AND n.version OPERATOR(pg_catalog.=) $2"
	" AND NOT EXISTS (SELECT FROM gaiops.prompt_numbers AS i"
	"  WHERE i.name OPERATOR(pg_catalog.=) $1 AND i.version OPERATOR(pg_catalog.>) $2"
	"  AND i.token IS NULL)",
	.nargs = 2,
	.argtypes = {TEXTOID, INT4OID}
};

static StoreStatement insert_number = {
	.sql = "INSERT INTO gaiops.prompt_numbers (name, version, token, drawn_at)"
	" VALUES ($1, $2, $3, pg_catalog.now()) ON CONFLICT DO NOTHING",
	.nargs = 3,
	.argtypes = {TEXTOID, INT4OID, UUIDOID}
};

/* The number after the highest one that was drawn. */
static int32
next_number(const char *name)
{
	Datum		values[1] = {CStringGetTextDatum(name)};
	bool		isnull;
	Datum		highest = store_value(&highest_number, values, &isnull);

	if (isnull)
		return 1;
	if (DatumGetInt32(highest) == PG_INT32_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("prompt \"%s\" has no more version numbers", name)));
	return DatumGetInt32(highest) + 1;
}

/*
 * Whether a number was drawn with this token, and is not below one that an
 * import has reserved meanwhile.
 */
static bool
is_ours(const char *name, int32 version, Datum token)
{
	Datum		values[2] = {CStringGetTextDatum(name), Int32GetDatum(version)};
	bool		isnull;
	Datum		found = store_value(&token_of_number, values, &isnull);

	return !isnull && DatumGetBool(DirectFunctionCall2(uuid_eq, found, token));
}

/*
 * Adds the row of a number to a record; token is NULL for one that is
 * imported.
 */
static void
add_number(Record *record, const char *name, int32 version, const pg_uuid_t *token)
{
	RecordValues row;

	record_values_reset(&row);
	record_set_text(&row, NUMBER_name, name);
	RECORD_SET(&row, NUMBER_version, Int32GetDatum(version));
	if (token != NULL)
		RECORD_SET(&row, NUMBER_token, UUIDPGetDatum(token));
	RECORD_SET(&row, NUMBER_drawn_at,
			   TimestampTzGetDatum(GetCurrentTimestamp()));
	record_add(record, RECORD_INSERT_MISSING, &number_shape, &row);
}

/*
 * Inserts a number, unless it is there, as part of the caller's transaction.
 */
static void
insert_inside(const char *name, int32 version, const pg_uuid_t *token)
{
	Datum		values[3] = {CStringGetTextDatum(name), Int32GetDatum(version),
	UUIDPGetDatum(token)};
	char		nulls[3] = {' ', ' ', token == NULL ? 'n' : ' '};
	StoreSession session;

	store_open(&session);
	store_execute(&insert_number, values, nulls, false);
	store_close(&session);
}

static void
insert_outside(const char *name, int32 version, const pg_uuid_t *token)
{
	Record	   *record = palloc(sizeof(Record));

	record_reset(record);
	add_number(record, name, version, token);
	journal_write(record, "number of the version");
	pfree(record);
}

int32
prompt_number_draw(const char *name)
{
	bool		outside = journal_is_possible();
	pg_uuid_t  *token = DatumGetUUIDP(DirectFunctionCall1(gen_random_uuid, (Datum) 0));
	int32		version;

	subscription_refuse(subscription_table("prompt_numbers"));
	/* Of all who try for a number at once, one gets it. */
	do
	{
		CHECK_FOR_INTERRUPTS();
		version = next_number(name);
		if (outside)
			insert_outside(name, version, token);
		else
			insert_inside(name, version, token);
	} while (!is_ours(name, version, UUIDPGetDatum(token)));
	return version;
}

void
prompt_number_reserve(int n, char *const *names, const int32 *versions)
{
	Record	   *record;

	subscription_refuse(subscription_table("prompt_numbers"));
	if (!journal_is_possible())
	{
		for (int i = 0; i < n; i++)
			insert_inside(names[i], versions[i], NULL);
		return;
	}
	record = palloc(sizeof(Record));
	record_reset(record);
	for (int i = 0; i < n; i++)
	{
		add_number(record, names[i], versions[i], NULL);
		if (record->nrows == RECORD_MAX_ROWS || i == n - 1)
		{
			journal_write(record, "numbers of the versions");
			record_reset(record);
		}
	}
	pfree(record);
}
