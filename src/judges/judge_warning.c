/*
 * judge_warning.c
 *		A WARNING where a model judges one of its own family.
 */
#include "postgres.h"

#include "base/hooks.h"
#include "core/judge/judge_model.h"
#include "judges/judge_warning.h"

static bool warned = false;		/* in this statement */

static void
at_statement_end(bool succeeded)
{
	warned = false;
}

void
judge_warning_init(void)
{
	static const Hooks hooks = {.statement_end = at_statement_end};

	hooks_register(&hooks);
}

void
judge_warn_of_family(const char *judging, const char *judged)
{
	if (warned || judging == NULL || judged == NULL || !judge_models_are_related(judging, judged))
		return;
	warned = true;
	ereport(WARNING,
			(errcode(ERRCODE_WARNING),
			 errmsg("model \"%s\" judges answers of model \"%s\", which is of its own family", judging, judged),
			 errdetail("Models tend to favor answers that are like their own."),
			 errhint("Name an endpoint with a model of another family in \"model\".")));
}
