/*
 * rights.c
 *		What the SQL functions for rights cannot do in SQL.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "compat.h"
#include "executor/spi.h"
#include "fmgr.h"

PG_FUNCTION_INFO_V1(gaiops_regrant);

/* Grants what a role's rights cover and it does not have. */
static void
settle_role(Datum role)
{
	Oid			argtypes[1] = {OIDOID};

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI");
	if (SPI_execute_with_args("SELECT gaiops.settle_role($1)", 1, argtypes,
							  &role, NULL, false, 0) != SPI_OK_SELECT)
		elog(ERROR, "could not settle the rights of a role");
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "could not disconnect from SPI");
}

/*
 * gaiops.regrant(role oid): gaiops.settle_role(), in an extension script too.
 *
 * What a script grants is recorded in pg_init_privs as a part of the extension,
 * and pg_dump leaves it out.  These grants are the user's own, so the server
 * must not take this for a part of the script.
 */
Datum
gaiops_regrant(PG_FUNCTION_ARGS)
{
	bool		in_script = creating_extension;

	creating_extension = false;
	PG_TRY();
	{
		settle_role(PG_GETARG_DATUM(0));
	}
	PG_FINALLY();
	{
		creating_extension = in_script;
	}
	PG_END_TRY();
	PG_RETURN_VOID();
}
