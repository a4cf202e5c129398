/*
 * open_secret.c
 *		What no function of the extension does: show the clear value of a
 *		secret.
 *
 * For tests only: built beside the extension, from the same sources, by
 * test/t/010_secrets.pl.
 */
#include "postgres.h"

#include "base/settings.h"
#include "fmgr.h"
#include "secrets/secrets.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/memutils.h"

#pragma GCC visibility push(default)
PG_MODULE_MAGIC;
PG_FUNCTION_INFO_V1(open_secret);
PG_FUNCTION_INFO_V1(secret_is_wiped);
#pragma GCC visibility pop

char	   *gaiops_key_ring_file;

/* The row of gaiops_private.secrets whose columns are the arguments. */
static SecretRow
get_row(FunctionCallInfo fcinfo)
{
	SecretRow	row = {0};

	gaiops_key_ring_file = unconstify(char *,
									  GetConfigOption("gaiops.key_ring_file",
													  false, false));
	row.name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	row.kind = *VARDATA_ANY(PG_GETARG_TEXT_PP(1));
	if (!PG_ARGISNULL(2))
		row.sealed = PG_GETARG_BYTEA_PP(2);
	if (!PG_ARGISNULL(3))
		row.key_id = text_to_cstring(PG_GETARG_TEXT_PP(3));
	if (!PG_ARGISNULL(4))
		row.reference = text_to_cstring(PG_GETARG_TEXT_PP(4));
	return row;
}

/* open_secret(name, kind, sealed, key_id, reference) RETURNS text */
Datum
open_secret(PG_FUNCTION_ARGS)
{
	SecretRow	row = get_row(fcinfo);
	SecretValue value = secret_open(&row);
	text	   *result = cstring_to_text_with_len(value.data, value.len);

	secret_wipe(&value);
	PG_RETURN_TEXT_P(result);
}

/*
 * secret_is_wiped(name, kind, sealed, key_id, reference) RETURNS boolean
 *
 * Opens a secret and lets an error end the context it is in.  Looks at what is
 * left of it by way of a callback that runs after the overwriting one.
 */
static char *left_data;
static bool left_clean;

static void
look(void *arg)
{
	left_clean = true;
	for (size_t i = 0; i < *(size_t *) arg; i++)
		left_clean = left_clean && left_data[i] == '\0';
}

Datum
secret_is_wiped(PG_FUNCTION_ARGS)
{
	SecretRow	row = get_row(fcinfo);
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext context = AllocSetContextCreate(caller, "call",
												  ALLOCSET_DEFAULT_SIZES);
	static MemoryContextCallback callback;
	static MemoryContextCallback *wiping;
	static size_t len;

	MemoryContextSwitchTo(context);
	{
		SecretValue value = secret_open(&row);
		MemoryContext inner = context->firstchild;

		/* Ours has to run after the one that is there already. */
		left_data = value.data;
		len = value.len;
		left_clean = false;
		callback.func = look;
		callback.arg = &len;
		wiping = inner->reset_cbs;
		callback.next = NULL;
		wiping->next = &callback;
		if (strlen(value.data) != value.len)
			elog(ERROR, "value was not there");
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
	PG_RETURN_BOOL(left_clean);
}
