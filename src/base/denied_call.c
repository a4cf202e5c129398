/*
 * denied_call.c
 *		What to do about a function that a role may not call.
 *
 * The server says that permission is denied, and cannot know of
 * gaiops_grant().
 */
#include "postgres.h"

#include "base/denied_call.h"
#include "base/hooks.h"
#include "base/raised.h"
#include "utils/memutils.h"

/* The words are the server's, before they are translated. */
static bool
is_of_function(const ErrorData *error)
{
	return error->message_id != NULL &&
		strcmp(error->message_id, "permission denied for function %s") == 0 &&
		strstr(error->message, "gaiops_") != NULL;
}

/* An error leaves a statement. */
static void
add_hint(void)
{
	ErrorData  *error;

	if (geterrcode() != ERRCODE_INSUFFICIENT_PRIVILEGE)
		return;
	error = raised_take(CurTransactionContext);
	if (error->hint == NULL && is_of_function(error))
		error->hint = MemoryContextStrdup(CurTransactionContext,
										  _("Have an administrator give the role the right to it with gaiops_grant(): "
											"\"viewer\" reads, \"user\" calls and writes, \"admin\" may do all."));
	raised_put_back(error);
}

void
denied_call_init(void)
{
	static const Hooks hooks = {.failed = add_hint};

	hooks_register(&hooks);
}
