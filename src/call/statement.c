/*
 * statement.c
 *		Hooks on the life of statements.
 *
 * Four things cannot be done from inside a function: WARNINGs at the end of
 * the statement that called it many times; forgetting the session's spans and runs
 * at DISCARD ALL; moving the writer out of a database that a utility command
 * wants for itself; and letting what is being recorded end before a command
 * changes or drops the extension.
 */
#include "postgres.h"

#include "access/xact.h"
#include "base/latch_wait.h"
#include "base/store.h"
#include "call/statement.h"
#include "catalog/namespace.h"
#include "catalog/pg_database.h"
#include "commands/dbcommands.h"
#include "commands/defrem.h"
#include "compat.h"
#include "executor/executor.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "queue/queue_control.h"
#include "queue/record_queue.h"
#include "secrets/log_secrets.h"
#include "storage/ipc.h"
#include "storage/lmgr.h"
#include "tcop/utility.h"
#include "tracking/run.h"
#include "tracking/span.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"

#define LEAVE_POLL_MS 10		/* between looks whether the writer has left */
#define LEAVE_MAX_MS 10000

static ExecutorRun_hook_type prev_ExecutorRun = NULL;
static ExecutorFinish_hook_type prev_ExecutorFinish = NULL;
static ProcessUtility_hook_type prev_ProcessUtility = NULL;

static int	depth = 0;

/* Calls of the statement that have something in common, and what of the first. */
typedef struct Tally
{
	int64		count;
	char		first[1024];
	const char *hint;			/* a constant; NULL if there is one for all */
} Tally;

static Tally failures;
static Tally empty;

/* ---- the warnings at the end ---- */

static void
count(Tally *tally, const char *text, const char *hint)
{
	if (tally->count++ > 0)
		return;
	strlcpy(tally->first, text,
			pg_mbcliplen(text, (int) strlen(text), sizeof(tally->first) - 1) + 1);
	tally->hint = hint;
}

void
statement_count_failure(const char *message)
{
	count(&failures, message, NULL);
}

void
statement_count_empty(const char *detail, const char *hint)
{
	count(&empty, detail, hint);
}

static void
enter(void)
{
	depth++;
}

static void
forget(void)
{
	failures.count = 0;
	empty.count = 0;
}

/* Leaves a statement that failed; nothing is told of its calls. */
static void
leave_failed(void)
{
	if (--depth == 0)
		forget();
}

/* Says how many calls failed since it was said last. */
static void
tell_failures(void)
{
	int64		n = failures.count;

	if (n == 0)
		return;
	failures.count = 0;
	ereport(WARNING,
			(errcode(ERRCODE_WARNING),
			 errmsg_plural("%lld call failed and is NULL",
						   "%lld calls failed and are NULL",
						   (unsigned long) n, (long long) n),
			 errdetail("The first failure was: %s.", failures.first),
			 errhint("See error_class and error_message in gaiops.spans.")));
}

/* Says how many answers had nothing in them since it was said last. */
static void
tell_empty(void)
{
	int64		n = empty.count;

	if (n == 0)
		return;
	empty.count = 0;
	ereport(WARNING,
			(errcode(ERRCODE_WARNING),
			 errmsg_plural("%lld answer has no content",
						   "%lld answers have no content",
						   (unsigned long) n, (long long) n),
			 errdetail_internal("%s", empty.first),
			 errhint("%s", empty.hint)));
}

static void
tell(void)
{
	tell_failures();
	tell_empty();
}

/* Leaves a statement that succeeded. */
static void
leave(void)
{
	if (--depth == 0)
		tell();
}

/* Deferred triggers run in no statement, at the end of the transaction. */
static void
at_transaction_end(XactEvent event, void *arg)
{
	if (depth > 0)
		return;
	if (event == XACT_EVENT_PRE_COMMIT || event == XACT_EVENT_PRE_PREPARE)
		tell();
	else if (event == XACT_EVENT_ABORT)
		forget();
}

/*
 * The workers of a parallel query get its text, and they log; but not whether it has a
 * key.  A query that may be run again runs without workers.
 */
static void
run_executor(QueryDesc *query, ScanDirection direction, uint64 count,
			 bool execute_once)
{
	const bool	alone = log_secrets_hiding();

	/* Minor versions differ in which of the two they look at. */
	if (alone)
		query->already_executed = true;
	enter();
	PG_TRY();
	{
		if (prev_ExecutorRun)
			prev_ExecutorRun(query, direction, count, execute_once && !alone);
		else
			standard_ExecutorRun(query, direction, count, execute_once && !alone);
	}
	PG_CATCH();
	{
		leave_failed();
		PG_RE_THROW();
	}
	PG_END_TRY();
	leave();
}

/* AFTER triggers run here. */
static void
finish_executor(QueryDesc *query)
{
	enter();
	PG_TRY();
	{
		if (prev_ExecutorFinish)
			prev_ExecutorFinish(query);
		else
			standard_ExecutorFinish(query);
	}
	PG_CATCH();
	{
		leave_failed();
		PG_RE_THROW();
	}
	PG_END_TRY();
	leave();
}

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
 * Whether the current user may do such things to a database at all: a command
 * that is going to be refused must not disturb the writer there.
 */
static bool
may_want(Node *command, Oid database)
{
	if (superuser() || compat_database_ownercheck(database, GetUserId()))
		return true;
	return IsA(command, CreatedbStmt) && have_createdb_privilege() &&
		is_template(database);
}

/* Waits until a database has no writer; gives up in silence. */
static void
await_writer_gone(Oid database)
{
	static WaitName leave_wait = {"GaiopsWriterLeave"};
	TimestampTz start = GetCurrentTimestamp();

	while (record_queue_has_writer(database) &&
		   !TimestampDifferenceExceeds(start, GetCurrentTimestamp(), LEAVE_MAX_MS))
	{
		(void) latch_wait(&leave_wait, LEAVE_POLL_MS);
		CHECK_FOR_INTERRUPTS();
	}
}

static void
let_writer_back(int code, Datum database)
{
	record_queue_keep_away(DatumGetObjectId(database), false);
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
 * Waits until no transaction is under way that has something recorded, and makes
 * new ones wait.
 *
 * Such a command locks table after table, in an order of its own.  Halfway it
 * would wait for a caller that waits for the writer, which waits for the command;
 * or be half of a deadlock.  So it takes first what journal_require() takes first.
 */
static void
lock_out_callers(void)
{
	Oid			owner;
	Oid			endpoints;

	if (!store_find_owner(&owner) || !has_privs_of_role(GetUserId(), owner))
		return;
	endpoints = get_relname_relid("endpoints", get_namespace_oid("gaiops", true));
	if (OidIsValid(endpoints))
		LockRelationOid(endpoints, AccessExclusiveLock);
}

/* ---- the hook ---- */

typedef struct UtilityCall
{
	PlannedStmt *statement;
	const char *source;
	bool		read_only_tree;
	ProcessUtilityContext context;
	ParamListInfo params;
	QueryEnvironment *environment;
	DestReceiver *receiver;
	QueryCompletion *completion;
} UtilityCall;

static void
run_next(const UtilityCall *call)
{
	ProcessUtility_hook_type next = prev_ProcessUtility ? prev_ProcessUtility :
	standard_ProcessUtility;

	next(call->statement, call->source, call->read_only_tree, call->context,
		 call->params, call->environment, call->receiver, call->completion);
}

/* Runs a command while a database's writer is kept away. */
static void
run_without_writer(const UtilityCall *call, Oid database)
{
	bool		drops = IsA(call->statement->utilityStmt, DropdbStmt);

	record_queue_keep_away(database, true);
	PG_ENSURE_ERROR_CLEANUP(let_writer_back, ObjectIdGetDatum(database));
	{
		await_writer_gone(database);
		run_next(call);
		if (drops)
			record_queue_forget_database(database);
	}
	PG_END_ENSURE_ERROR_CLEANUP(let_writer_back, ObjectIdGetDatum(database));
	let_writer_back(0, ObjectIdGetDatum(database));
}

static void
run_command(const UtilityCall *call)
{
	Node	   *command = call->statement->utilityStmt;
	const char *name = wanted_database(command);
	Oid			database = name ? get_database_oid(name, true) : InvalidOid;

	if (concerns_extension(command))
		lock_out_callers();
	if (OidIsValid(database) && record_queue_available() && may_want(command, database))
		run_without_writer(call, database);
	else
		run_next(call);
	if (IsA(command, DiscardStmt) &&
		castNode(DiscardStmt, command)->target == DISCARD_ALL)
	{
		span_discard_all();
		run_discard_all();
	}
}

static void
process_utility(PlannedStmt *statement, const char *source,
				bool read_only_tree, ProcessUtilityContext context,
				ParamListInfo params, QueryEnvironment *environment,
				DestReceiver *receiver, QueryCompletion *completion)
{
	UtilityCall call = {statement, source, read_only_tree, context, params,
	environment, receiver, completion};
	bool		ends_transaction = IsA(statement->utilityStmt, TransactionStmt);

	/* These begin and end transactions; no call can be made inside. */
	if (ends_transaction)
	{
		run_next(&call);
		return;
	}
	enter();
	PG_TRY();
	{
		run_command(&call);
	}
	PG_CATCH();
	{
		leave_failed();
		PG_RE_THROW();
	}
	PG_END_TRY();
	leave();
}

void
statement_init(void)
{
	prev_ExecutorRun = ExecutorRun_hook;
	ExecutorRun_hook = run_executor;
	prev_ExecutorFinish = ExecutorFinish_hook;
	ExecutorFinish_hook = finish_executor;
	prev_ProcessUtility = ProcessUtility_hook;
	ProcessUtility_hook = process_utility;
	RegisterXactCallback(at_transaction_end, NULL);
}
