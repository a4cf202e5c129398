/*
 * hooks.h
 *		What rooms want to be told of by the server.
 *
 * The server's hooks on statements are taken here, once.  Rooms say what they
 * want of them while the library is loaded, and are told in that order.
 */
#ifndef GAIOPS_HOOKS_H
#define GAIOPS_HOOKS_H

#include "nodes/plannodes.h"

/* A utility command that is going to run, with what rooms do around it. */
typedef struct HookedCommand HookedCommand;

/* What a room wants; what is NULL it does not want. */
typedef struct Hooks
{
	/* A query is going to be run; how it runs may be changed in its plan. */
	void		(*before_query) (PlannedStmt *query);

	/*
	 * Whether the query that is about to run must do so without parallel
	 * workers.
	 */
	bool		(*runs_alone) (void);

	/*
	 * Runs a command, by hooks_run_command() once, with something before it or
	 * around it.
	 */
	void		(*around_command) (Node *command, HookedCommand *rest);

	/*
	 * An error leaves a statement, which may be within another; it may be
	 * changed by what raised.h has.
	 */
	void		(*failed) (void);

	/* DISCARD ALL has been done. */
	void		(*discard_all) (void);

	/*
	 * A statement has ended that was in no other; or, at the end of a
	 * transaction, the deferred triggers, which run in none.  This function
	 * may raise warnings only.
	 */
	void		(*statement_end) (bool succeeded);
} Hooks;

/* Installs the server's hooks; called once, when the library is loaded. */
extern void hooks_init(void);

/*
 * Adds what a room wants, which is not copied; called while the library is
 * loaded.
 */
extern void hooks_register(const Hooks *hooks);

/* Runs a command with what the other rooms have around it. */
extern void hooks_run_command(HookedCommand *command);

#endif							/* GAIOPS_HOOKS_H */
