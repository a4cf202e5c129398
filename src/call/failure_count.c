/*
 * failure_count.c
 *		WARNINGs at the end of a statement, of the calls that gave it nothing.
 *
 * A statement may call a function for each of many rows.  One warning says
 * how many calls came to nothing, which only the end of the statement can
 * know.
 */
#include "postgres.h"

#include "base/hooks.h"
#include "call/failure_count.h"
#include "mb/pg_wchar.h"

/*
 * Calls of the statement that have something in common, and what of the
 * first.
 */
typedef struct Tally
{
	int64		count;
	char		first[1024];
	const char *hint;			/* a constant; NULL if there is one for all */
} Tally;

static Tally failures;
static Tally empty;

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
failure_count_add(const char *message)
{
	count(&failures, message, NULL);
}

void
failure_count_add_empty(const char *detail, const char *hint)
{
	count(&empty, detail, hint);
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

/* Of a statement that failed nothing is told. */
static void
at_statement_end(bool succeeded)
{
	if (!succeeded)
	{
		failures.count = 0;
		empty.count = 0;
	}
	tell_failures();
	tell_empty();
}

void
failure_count_init(void)
{
	static const Hooks hooks = {.statement_end = at_statement_end};

	hooks_register(&hooks);
}
