/*
 * right_functions.c
 *		What the SQL functions for rights cannot do in SQL.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "compat.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(gaiops_acts_as);
PG_FUNCTION_INFO_V1(gaiops_grant_as);
PG_FUNCTION_INFO_V1(gaiops_regrant);

/*
 * gaiops.acts_as(member oid, role oid): whether membership lets it act as the
 * role, of which versions of the server have their own idea.
 */
Datum
gaiops_acts_as(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compat_acts_as(PG_GETARG_OID(0), PG_GETARG_OID(1)));
}

/* Runs a command, with an oid if it has a parameter. */
static void
run(const char *command, int nargs, Datum oid)
{
	Oid			argtypes[1] = {OIDOID};

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI");
	if (SPI_execute_with_args(command, nargs, argtypes, &oid, NULL, false, 0) < 0)
		elog(ERROR, "could not change the rights of a role");
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "could not disconnect from SPI");
}

/*
 * Runs a command as a role, and in an extension script as if it were no part
 * of that.
 *
 * What a script grants is recorded in pg_init_privs as a part of the
 * extension, and pg_dump leaves it out.  These grants are the user's own, so
 * the server must not take this for a part of the script.
 */
static void
run_apart(Oid role, const char *command, int nargs, Datum oid)
{
	bool		in_script = creating_extension;
	Oid			caller;
	int			context;

	GetUserIdAndSecContext(&caller, &context);
	creating_extension = false;
	PG_TRY();
	{
		SetUserIdAndSecContext(role, context | SECURITY_LOCAL_USERID_CHANGE);
		run(command, nargs, oid);
	}
	PG_FINALLY();
	{
		SetUserIdAndSecContext(caller, context);
		creating_extension = in_script;
	}
	PG_END_TRY();
}

/*
 * gaiops.regrant(role oid): gaiops.settle_role(), in an extension script too.
 */
Datum
gaiops_regrant(PG_FUNCTION_ARGS)
{
	run_apart(GetUserId(), "SELECT gaiops.settle_role($1)", 1, PG_GETARG_DATUM(0));
	PG_RETURN_VOID();
}

/*
 * gaiops.grant_as(grantor oid, command text): runs a GRANT as who gave it
 * once.
 *
 * The server notes as grantor of a privilege who executes the command, unless
 * that is the owner or a superuser; GRANTED BY names no other.
 */
Datum
gaiops_grant_as(PG_FUNCTION_ARGS)
{
	run_apart(PG_GETARG_OID(0), text_to_cstring(PG_GETARG_TEXT_PP(1)), 0, (Datum) 0);
	PG_RETURN_VOID();
}
