/*
 * store.h
 *		Statements on our own tables: prepared once, run as their owner.
 *
 * A room declares its statements as static StoreStatements with every name and
 * operator qualified, and runs them between store_open() and store_close().
 * The search_path there is our own, since some operators have no name that
 * could be qualified: NULLIF and IS DISTINCT FROM take any "=" that they find.
 */
#ifndef GAIOPS_STORE_H
#define GAIOPS_STORE_H

#include "executor/spi.h"
#include "storage/lockdefs.h"

#define EXTENSION_NAME "genaiops"
#define STORE_MAX_ARGS 24

typedef struct StoreStatement
{
	const char *sql;
	int			nargs;
	Oid			argtypes[STORE_MAX_ARGS];
	SPIPlanPtr	plan;			/* private to store.c */
} StoreStatement;

/* What store_open() changed; on error, transaction abort puts it back. */
typedef struct StoreSession
{
	Oid			save_userid;
	int			save_sec_context;
	int			save_nest_level;	/* of settings */
} StoreSession;

/*
 * A number that changes whenever endpoints, secrets, prices or the extension
 * itself may have changed, by this transaction or a committed one: what was
 * read under the same number still holds.
 */
extern uint64 store_generation(void);

/*
 * Locks gaiops.endpoints, if it is there, until this transaction ends.  With
 * AccessShareLock, as reading it would take, commands that change or drop the
 * extension wait.  Those take AccessExclusiveLock, and take it first: so
 * whatever locks others of our tables and may need this lock in the end
 * begins with it, or would be half of a deadlock.
 */
extern void store_lock_configuration(LOCKMODE mode);

/* Has the number change everywhere, here at once and elsewhere at commit. */
extern void store_note_change(void);

/* Finds the owner of the extension; false if it is not installed here. */
extern bool store_find_owner(Oid *owner);

/*
 * Its OID, which another CREATE EXTENSION changes; InvalidOid if not
 * installed.
 */
extern Oid	store_extension(void);

/* The owner again, but raises if the extension is not installed here. */
extern Oid	store_owner(void);

/* Whether it is installed here, and was before this transaction. */
extern bool store_extension_is_committed(void);

/*
 * Raises unless the extension was committed before this transaction began to
 * change it: the writer could not see its tables otherwise.
 */
extern void store_require_committed_extension(void);

extern void store_open(StoreSession *session);
extern void store_close(const StoreSession *session);

/*
 * Runs a statement; SPI_processed and SPI_tuptable have its result.  With
 * latest, it sees everything committed so far even under REPEATABLE READ.
 */
extern void store_execute(StoreStatement *statement, Datum *values,
						  const char *nulls, bool latest);

/*
 * The C string of a column of row 0, in the caller's (SPI's) context; NULL if
 * null.
 */
extern char *store_text(int column);

/* The same, copied to a context that outlives store_close(). */
extern char *store_copy_text(int column, MemoryContext context);

/* The datum of a column of row 0. */
extern Datum store_datum(int column, bool *isnull);

/*
 * The first column of the first row that a statement finds, with everything
 * committed so far, in the current memory context; null if it finds none.
 * Opens the session itself, as the next one does.
 */
extern Datum store_value(StoreStatement *statement, Datum *values, bool *isnull);

/* Whether a statement finds a row, with everything committed so far. */
extern bool store_exists(StoreStatement *statement, Datum *values);

#endif							/* GAIOPS_STORE_H */
