/*
 * keep_away.c
 *		What must not be in the way of commands: workers, and callers.
 *
 * A command that wants a database for itself, such as DROP DATABASE, would be
 * refused for a worker that is there: it is moved out before.  And one
 * that changes or drops the extension lets what is being recorded end first.
 */
#include "postgres.h"

#include "base/hooks.h"
#include "base/latch_wait.h"
#include "base/store.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_database.h"
#include "commands/dbcommands.h"
#include "commands/defrem.h"
#include "compat.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "queue/queue_control.h"
#include "queue/record_queue.h"
#include "storage/ipc.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"
#include "workers/keep_away.h"

#define LEAVE_POLL_MS 10		/* between looks whether they have left */
#define LEAVE_MAX_MS 10000

/* ---- databases that a command wants for itself ---- */

/* The value of an option of CREATE or ALTER DATABASE; NULL if not given. */
static char *
find_option(List *options, const char *name)
{
	ListCell   *cell;

	foreach(cell, options)
	{
		DefElem    *option = lfirst_node(DefElem, cell);

		if (strcmp(option->defname, name) == 0 && option->arg != NULL)
			return defGetString(option);
	}
	return NULL;
}

/* The database that nobody may be connected to for a command; NULL if none. */
static const char *
wanted_database(Node *command)
{
	switch (nodeTag(command))
	{
		case T_DropdbStmt:
			return castNode(DropdbStmt, command)->dbname;
		case T_CreatedbStmt:
			{
				CreatedbStmt *create = castNode(CreatedbStmt, command);
				char	   *template = find_option(create->options, "template");

				return template ? template : "template1";
			}
		case T_AlterDatabaseStmt:
			{
				AlterDatabaseStmt *alter = castNode(AlterDatabaseStmt, command);

				return find_option(alter->options, "tablespace") ?
					alter->dbname : NULL;
			}
		case T_RenameStmt:
			{
				RenameStmt *rename = castNode(RenameStmt, command);

				return rename->renameType == OBJECT_DATABASE ?
					rename->subname : NULL;
			}
		default:
			return NULL;
	}
}

/* Whether every role that may create databases may copy this one. */
static bool
is_template(Oid database)
{
	HeapTuple	tuple = SearchSysCache1(DATABASEOID, ObjectIdGetDatum(database));
	bool		result = false;

	if (HeapTupleIsValid(tuple))
	{
		result = ((Form_pg_database) GETSTRUCT(tuple))->datistemplate;
		ReleaseSysCache(tuple);
	}
	return result;
}

/*
 * Whether the current user may create databases.  The server's own answer is
 * not exported by every minor version of 15.
 */
static bool
may_create_databases(void)
{
	HeapTuple	tuple = SearchSysCache1(AUTHOID, ObjectIdGetDatum(GetUserId()));
	bool		result = false;

	if (HeapTupleIsValid(tuple))
	{
		result = ((Form_pg_authid) GETSTRUCT(tuple))->rolcreatedb;
		ReleaseSysCache(tuple);
	}
	return result;
}

/*
 * Whether the current user may do such things to a database at all: a command
 * that is going to be refused must not disturb the workers there.
 */
static bool
may_want(Node *command, Oid database)
{
	if (superuser() || compat_database_ownercheck(database, GetUserId()))
		return true;
	return IsA(command, CreatedbStmt) && may_create_databases() &&
		is_template(database);
}

/* Waits until a database has no worker; gives up in silence. */
static void
await_workers_gone(Oid database)
{
	TimestampTz start = GetCurrentTimestamp();

	while (record_queue_has_workers(database) &&
		   !TimestampDifferenceExceeds(start, GetCurrentTimestamp(), LEAVE_MAX_MS))
	{
		(void) latch_wait(WAIT_WRITER_LEAVE, LEAVE_POLL_MS);
		CHECK_FOR_INTERRUPTS();
	}
}

static void
let_workers_back(int code, Datum database)
{
	record_queue_keep_away(DatumGetObjectId(database), false);
}

/* Runs a command while a database's workers are kept away. */
static void
run_without_workers(Node *command, HookedCommand *rest, Oid database)
{
	bool		drops = IsA(command, DropdbStmt);

	record_queue_keep_away(database, true);
	PG_ENSURE_ERROR_CLEANUP(let_workers_back, ObjectIdGetDatum(database));
	{
		await_workers_gone(database);
		hooks_run_command(rest);
		if (drops)
			record_queue_forget_database(database);
	}
	PG_END_ENSURE_ERROR_CLEANUP(let_workers_back, ObjectIdGetDatum(database));
	let_workers_back(0, ObjectIdGetDatum(database));
}

/* ---- commands that change or drop the extension ---- */

static bool
concerns_extension(Node *command)
{
	ListCell   *cell;

	if (IsA(command, AlterExtensionStmt))
		return strcmp(castNode(AlterExtensionStmt, command)->extname,
					  EXTENSION_NAME) == 0;
	if (!IsA(command, DropStmt) ||
		castNode(DropStmt, command)->removeType != OBJECT_EXTENSION)
		return false;
	foreach(cell, castNode(DropStmt, command)->objects)
		if (strcmp(strVal(lfirst(cell)), EXTENSION_NAME) == 0)
			return true;
	return false;
}

/*
 * Waits until no transaction is under way that has something recorded, and
 * makes new ones wait.
 *
 * Such a command locks table after table, in an order of its own.  Halfway it
 * would wait for a caller that waits for the writer, which waits for the
 * command; or be half of a deadlock.  So it takes first what
 * journal_require() takes first.
 */
static void
lock_out_callers(void)
{
	Oid			owner;

	if (store_find_owner(&owner) && has_privs_of_role(GetUserId(), owner))
		store_lock_configuration(AccessExclusiveLock);
}

/* ---- the hook ---- */

static void
around_command(Node *command, HookedCommand *rest)
{
	const char *name = wanted_database(command);
	Oid			database = name ? get_database_oid(name, true) : InvalidOid;

	if (concerns_extension(command))
		lock_out_callers();
	if (OidIsValid(database) && record_queue_available() && may_want(command, database))
		run_without_workers(command, rest, database);
	else
		hooks_run_command(rest);
}

void
keep_away_init(void)
{
	static const Hooks hooks = {.around_command = around_command};

	hooks_register(&hooks);
}
