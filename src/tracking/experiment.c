/*
 * experiment.c
 *		Experiments: names that calls and runs are recorded under.
 *
 * They are made through the writer, at their first use: one made by a call
 * survives that call's rollback.
 */
#include "postgres.h"

#include "base/settings.h"
#include "base/store.h"
#include "catalog/pg_type.h"
#include "queue/journal.h"
#include "tracking/experiment.h"
#include "tracking/label.h"
#include "tracking/span_shape.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/timestamp.h"

#define DEFAULT_EXPERIMENT "Default"

static HTAB *known_experiments = NULL;
static uint64 known_since = 0;	/* generation of the store */

static StoreStatement find_experiment = {
	.sql = "SELECT e.created_at FROM gaiops.experiment_names AS e"
	" WHERE e.name OPERATOR(pg_catalog.=) $1",
	.nargs = 1,
	.argtypes = {TEXTOID},
};

const char *
experiment_choose(const char *given)
{
	const char *name = label_choose("experiment name", given,
									gaiops_experiment);

	return name ? name : DEFAULT_EXPERIMENT;
}

/* The key of an experiment in known_experiments. */
static void
experiment_key(const char *name, char key[RECORD_MAX_LABEL + 1])
{
	memset(key, 0, RECORD_MAX_LABEL + 1);
	strlcpy(key, name, RECORD_MAX_LABEL + 1);
}

void
experiment_add(Record *record, const char *name, TimestampTz created_at,
			   Datum created_by)
{
	char		key[RECORD_MAX_LABEL + 1];
	RecordValues row;
	uint64		now = store_generation();

	/* The extension may not be the same any more. */
	if (known_experiments != NULL && known_since != now)
	{
		hash_destroy(known_experiments);
		known_experiments = NULL;
	}
	known_since = now;
	experiment_key(name, key);
	if (known_experiments != NULL &&
		hash_search(known_experiments, key, HASH_FIND, NULL) != NULL)
		return;
	record_values_reset(&row);
	record_set_text(&row, EXPERIMENT_name, name);
	RECORD_SET(&row, EXPERIMENT_created_at, TimestampTzGetDatum(created_at));
	RECORD_SET(&row, EXPERIMENT_created_by, created_by);
	record_add(record, RECORD_INSERT_MISSING, &experiment_shape, &row);
}

void
experiment_note(const char *name)
{
	char		key[RECORD_MAX_LABEL + 1];

	if (known_experiments == NULL)
	{
		HASHCTL		info = {.keysize = sizeof(key), .entrysize = sizeof(key)};

		known_experiments = hash_create("genaiops experiments", 16, &info,
										HASH_ELEM | HASH_BLOBS);
	}
	experiment_key(name, key);
	(void) hash_search(known_experiments, key, HASH_ENTER, NULL);
}

static void
check_name(const char *name)
{
	if (name[0] == '\0' || strlen(name) > RECORD_MAX_LABEL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("name of an experiment must have 1 to %d bytes",
						RECORD_MAX_LABEL)));
}

/* Makes an experiment known that is said to be first used at a time. */
static void
make(const char *name, TimestampTz created_at, Datum created_by)
{
	Record		record;

	record_reset(&record);
	experiment_add(&record, name, created_at, created_by);
	if (record.nrows > 0)
		journal_write(&record, "experiment");
	experiment_note(name);
}

void
experiment_make(const char *name, Datum created_by)
{
	check_name(name);
	journal_require();
	make(name, GetCurrentTimestamp(), created_by);
}

/* When an experiment was first used; false if it is not there. */
static bool
find(const char *name, TimestampTz *created_at)
{
	Datum		value = CStringGetTextDatum(name);
	StoreSession session;
	bool		found;
	bool		isnull;

	store_open(&session);
	store_execute(&find_experiment, &value, NULL, true);
	found = SPI_processed > 0;
	if (found)
		*created_at = DatumGetTimestampTz(store_datum(1, &isnull));
	store_close(&session);
	return found;
}

bool
experiment_create(const char *name, Datum created_by)
{
	TimestampTz mine = GetCurrentTimestamp();
	TimestampTz created_at;

	check_name(name);
	journal_require();
	if (find(name, &created_at))
		return false;
	make(name, mine, created_by);
	/* Whoever was first has set the time. */
	return find(name, &created_at) && created_at == mine;
}

bool
experiment_exists(const char *name)
{
	TimestampTz created_at;

	return find(name, &created_at);
}
