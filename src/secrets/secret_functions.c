/*
 * secret_functions.c
 *		gaiops_create_secret() and its kin.
 *
 * Who may call them is a matter of EXECUTE; what makes the server read its own
 * environment or files asks for more, and is checked here.
 */
#include "postgres.h"

#include "access/detoast.h"
#include "base/caller.h"
#include "catalog/pg_authid.h"
#include "compat.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "secrets/key_ring.h"
#include "secrets/log_secrets.h"
#include "secrets/secret_rows.h"
#include "secrets/secrets.h"
#include "utils/acl.h"
#include "utils/builtins.h"

#define ENV_PREFIX	"env:"
#define FILE_PREFIX	"file:"

PG_FUNCTION_INFO_V1(gaiops_create_secret);
PG_FUNCTION_INFO_V1(gaiops_create_secret_from_file);
PG_FUNCTION_INFO_V1(gaiops_alter_secret);
PG_FUNCTION_INFO_V1(gaiops_alter_secret_from_file);
PG_FUNCTION_INFO_V1(gaiops_drop_secret);
PG_FUNCTION_INFO_V1(gaiops_rotate_master_key);

/* Raises if an argument is NULL. */
static void
require_argument(FunctionCallInfo fcinfo, int i, const char *name)
{
	if (PG_ARGISNULL(i))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("argument \"%s\" must not be null", name)));
}

/* The argument "name", which is that of an existing or possible secret. */
static char *
get_name(FunctionCallInfo fcinfo)
{
	static const char allowed[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";
	char	   *name;
	size_t		len;

	require_argument(fcinfo, 0, "name");
	name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	len = strlen(name);
	if (len == 0 || len > SECRET_NAME_MAX || strspn(name, allowed) != len)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_NAME),
				 errmsg("this cannot be the name of a secret"),
				 errdetail("A name has 1 to %d characters, which are letters A to Z and a to z, digits, \"_\", \".\" or \"-\".",
						   SECRET_NAME_MAX)));
	return name;
}

/*
 * The argument "value" in private memory; what was detoasted is overwritten.
 */
static SecretValue
get_value(FunctionCallInfo fcinfo, const char *name)
{
	Datum		datum;
	text	   *argument;
	SecretValue value;

	require_argument(fcinfo, 1, "value");
	datum = PG_GETARG_DATUM(1);
	if (toast_raw_datum_size(datum) - VARHDRSZ > SECRET_VALUE_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("secret \"%s\" cannot have this value", name),
				 errdetail("It is longer than %d bytes.", SECRET_VALUE_MAX)));
	argument = PG_GETARG_TEXT_PP(1);
	value = secret_value_from_bytes(name, VARDATA_ANY(argument),
									VARSIZE_ANY_EXHDR(argument));
	if ((Pointer) argument != DatumGetPointer(datum))
	{
		explicit_bzero(argument, VARSIZE_ANY(argument));
		pfree(argument);
	}
	return value;
}

/* The argument "path" as the server sees it. */
static char *
get_path(FunctionCallInfo fcinfo)
{
	char	   *path;

	require_argument(fcinfo, 1, "path");
	if (!has_privs_of_role(GetUserId(), ROLE_PG_READ_SERVER_FILES))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("permission denied to read a secret from a file"),
				 errhint("This takes a superuser or the rights of role \"%s\".",
						 "pg_read_server_files")));
	path = text_to_cstring(PG_GETARG_TEXT_PP(1));
	canonicalize_path(path);
	return path;
}

/* Raises unless a name can be that of an environment variable. */
static void
check_env(const char *variable)
{
	size_t		len = strlen(variable);

	if (len == 0 || (variable[0] >= '0' && variable[0] <= '9') ||
		strspn(variable, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") != len)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("what follows \"%s\" is not the name of an environment variable",
						ENV_PREFIX)));
}

/* Raises unless a path is absolute. */
static void
check_file(const char *path)
{
	if (!is_absolute_path(path))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("what follows \"%s\" is not an absolute path",
						FILE_PREFIX)));
}

/*
 * Makes row a reference, if that is what the value is.  The reference has to
 * lead to a key already: a mistyped one would fail at the first call only.
 */
static bool
set_reference(SecretRow *row, const SecretValue *value)
{
	SecretValue target;

	if (strncmp(value->data, ENV_PREFIX, strlen(ENV_PREFIX)) == 0)
	{
		row->kind = SECRET_KIND_ENV;
		row->reference = pstrdup(value->data + strlen(ENV_PREFIX));
		check_env(row->reference);
	}
	else if (strncmp(value->data, FILE_PREFIX, strlen(FILE_PREFIX)) == 0)
	{
		row->kind = SECRET_KIND_FILE;
		row->reference = pstrdup(value->data + strlen(FILE_PREFIX));
		check_file(row->reference);
	}
	else
		return false;
	if (!superuser())
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("permission denied to refer to the server's environment or files"),
				 errhint("Only a superuser may use \"%s\" and \"%s\".",
						 ENV_PREFIX, FILE_PREFIX)));
	target = secret_open(row);
	secret_wipe(&target);
	return true;
}

/*
 * Where the ring is missing although rows are sealed, a new ring would hide
 * that the old one was lost or not copied.  Raises unless no row but the one
 * called name, which is to be replaced, is sealed.
 */
static void
forbid_second_ring(const char *name)
{
	SecretRow  *other = secret_rows_next_sealed("");

	if (other != NULL && strcmp(other->name, name) == 0)
		other = secret_rows_next_sealed(name);

	/* Another session may have made the ring and committed meanwhile. */
	if (other != NULL && key_ring_find(other->key_id) == NULL)
		secret_raise_no_key("seal", name, other);
}

/* Seals a value. */
static void
seal(SecretRow *row, const SecretValue *value)
{
	if (!key_ring_exists())
		forbid_second_ring(row->name);
	secret_seal(row, value);
}

/* Writes a new secret. */
static void
create(const SecretRow *row)
{
	if (!secret_rows_insert(row))
		ereport(ERROR,
				(errcode(ERRCODE_DUPLICATE_OBJECT),
				 errmsg("secret \"%s\" already exists", row->name),
				 errhint("Use gaiops_alter_secret() to change it.")));
}

/* Raises that there is no secret of this name. */
static _Noreturn void
raise_unknown(const char *name)
{
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("secret \"%s\" does not exist", name)));
}

/* Writes a secret anew. */
static void
alter(const SecretRow *row)
{
	if (!secret_rows_update(row))
		raise_unknown(row->name);
}

/* Stores what the caller typed by way of write(). */
static Datum
store_value(FunctionCallInfo fcinfo, const char *function,
			void (*write) (const SecretRow *))
{
	SecretRow	row = {0};
	SecretValue value;

	log_secrets_hide();
	caller_require_open_operation(fcinfo);
	PreventCommandIfReadOnly(function);
	row.name = get_name(fcinfo);
	value = get_value(fcinfo, row.name);
	secret_rows_lock(false);
	if (!set_reference(&row, &value))
		seal(&row, &value);
	secret_wipe(&value);
	write(&row);
	PG_RETURN_TEXT_P(cstring_to_text(row.name));
}

/* Stores the content of a file by way of write(). */
static Datum
store_file(FunctionCallInfo fcinfo, const char *function,
		   void (*write) (const SecretRow *))
{
	SecretRow	row = {0};
	SecretValue value;
	char	   *path;

	caller_require_open_operation(fcinfo);
	PreventCommandIfReadOnly(function);
	row.name = get_name(fcinfo);
	path = get_path(fcinfo);
	secret_rows_lock(false);
	value = secret_value_from_file(row.name, path);
	seal(&row, &value);
	secret_wipe(&value);
	write(&row);
	PG_RETURN_TEXT_P(cstring_to_text(row.name));
}

/* gaiops_create_secret(name text, value text) RETURNS text */
Datum
gaiops_create_secret(PG_FUNCTION_ARGS)
{
	return store_value(fcinfo, "gaiops_create_secret()", create);
}

/* gaiops_create_secret_from_file(name text, path text) RETURNS text */
Datum
gaiops_create_secret_from_file(PG_FUNCTION_ARGS)
{
	return store_file(fcinfo, "gaiops_create_secret_from_file()", create);
}

/* gaiops_alter_secret(name text, value text) RETURNS text */
Datum
gaiops_alter_secret(PG_FUNCTION_ARGS)
{
	return store_value(fcinfo, "gaiops_alter_secret()", alter);
}

/* gaiops_alter_secret_from_file(name text, path text) RETURNS text */
Datum
gaiops_alter_secret_from_file(PG_FUNCTION_ARGS)
{
	return store_file(fcinfo, "gaiops_alter_secret_from_file()", alter);
}

/*
 * gaiops_drop_secret(name text) RETURNS void
 *
 * What still refers to the secret is for a trigger to refuse.
 */
Datum
gaiops_drop_secret(PG_FUNCTION_ARGS)
{
	char	   *name = get_name(fcinfo);

	caller_require_open_operation(fcinfo);
	if (!secret_rows_delete(name))
		raise_unknown(name);
	PG_RETURN_VOID();
}

/* Raises if a secret of this database cannot be opened. */
static void
check_rows(void)
{
	SecretRow  *row = secret_rows_next_sealed("");

	while (row != NULL)
	{
		SecretValue value = secret_open(row);

		secret_wipe(&value);
		row = secret_rows_next_sealed(row->name);
	}
}

/* Seals every secret of this database anew, under the current key. */
static void
reseal_rows(void)
{
	SecretRow  *row = secret_rows_next_sealed("");

	while (row != NULL)
	{
		SecretValue value = secret_open(row);

		secret_seal(row, &value);
		secret_wipe(&value);
		if (!secret_rows_update(row))
			ereport(ERROR,
					(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
					 errmsg("could not serialize access due to concurrent update")));
		row = secret_rows_next_sealed(row->name);
	}
}

/*
 * gaiops_rotate_master_key() RETURNS text
 *
 * Nothing is added to the ring if the secrets cannot be resealed.
 */
Datum
gaiops_rotate_master_key(PG_FUNCTION_ARGS)
{
	char	   *key_id;

	caller_require_open_operation(fcinfo);
	PreventCommandIfReadOnly("gaiops_rotate_master_key()");
	secret_rows_lock(true);
	check_rows();
	key_id = pstrdup(key_ring_add(false)->id);
	reseal_rows();
	PG_RETURN_TEXT_P(cstring_to_text(key_id));
}
