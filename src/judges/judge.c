/*
 * judge.c
 *		Finding a judge by its name.
 */
#include "postgres.h"

#include "base/arguments.h"
#include "base/hooks.h"
#include "base/ordered.h"
#include "base/settings.h"
#include "catalog/pg_type.h"
#include "core/judge/judge_instructions.h"
#include "judges/judge.h"
#include "judges/judge_definition.h"
#include "judges/judge_store.h"
#include "judges/judge_warning.h"
#include "utils/array.h"
#include "utils/builtins.h"

/* What a created judge needs, of the data that it is shown. */
static unsigned
needs_of_data(unsigned data)
{
	static const struct
	{
		JudgeDatum	datum;
		unsigned	need;
	}			needs[] = {
		{JUDGE_CONVERSATION, JUDGE_NEEDS_CONVERSATION}, {JUDGE_INPUTS, JUDGE_NEEDS_INPUTS},
		{JUDGE_CONTEXT, JUDGE_NEEDS_CONTEXT}, {JUDGE_EXPECTATIONS, JUDGE_NEEDS_EXPECTATIONS},
		{JUDGE_GUIDELINES, JUDGE_NEEDS_GUIDELINES}, {JUDGE_TRACE, JUDGE_NEEDS_TRACE},
		{JUDGE_OUTPUTS, JUDGE_NEEDS_OUTPUTS}
	};
	unsigned	found = 0;

	for (int i = 0; i < lengthof(needs); i++)
		if (data & (1u << needs[i].datum))
			found |= needs[i].need;
	return found;
}

/* ---- built in ---- */

static bool
find_builtin(Judge *judge, int version)
{
	const JudgeBuiltin *found = judge_builtin_find(judge->name, version);

	if (found == NULL)
		return false;
	judge->is_builtin = true;
	judge->version = found->version;
	judge->instructions = ordered_of(found->instructions);
	judge->form = found->form;
	judge->counts = found->counts;
	judge->needs = found->needs;
	judge->has_threshold = found->has_threshold;
	judge->threshold = found->threshold;
	judge->is_lower = strcmp(found->direction, "lower") == 0;
	(void) judge_instructions_scan(judge->instructions, &judge->data);
	return true;
}

/* ---- created ---- */

/* The members of a jury, in the versions that it was made of. */
static void
find_members(Judge *jury, const StoredJudge *stored)
{
	Datum	   *names;
	Datum	   *versions;
	int			n;

	deconstruct_array(DatumGetArrayTypeP(stored->members), TEXTOID, -1, false, TYPALIGN_INT,
					  &names, NULL, &jury->nmembers);
	deconstruct_array(DatumGetArrayTypeP(stored->member_versions), INT4OID, sizeof(int32), true,
					  TYPALIGN_INT, &versions, NULL, &n);
	jury->members = palloc(jury->nmembers * sizeof(Judge *));
	for (int i = 0; i < jury->nmembers; i++)
		jury->members[i] = judge_find(TextDatumGetCString(names[i]), DatumGetInt32(versions[i]));
}

static void
fill_created(Judge *judge, const StoredJudge *stored)
{
	judge->version = stored->version;
	judge->is_uncommitted = stored->is_uncommitted;
	judge->form = judge_definition_form(stored->value_type,
										stored->choices ? ordered_of(stored->choices) : ORDERED_NONE);
	judge->has_threshold = stored->has_threshold;
	judge->threshold = stored->threshold;
	judge->is_lower = strcmp(stored->direction, "lower") == 0;
	judge->model = stored->model;
	if (stored->params != NULL)
		judge->params = ordered_of(stored->params);
	if (stored->instructions == NULL)
		return;
	judge->instructions = ordered_of(stored->instructions);
	(void) judge_instructions_scan(judge->instructions, &judge->data);
	judge->needs = needs_of_data(judge->data);
}

static bool
find_created(Judge *judge, int version)
{
	StoredJudge stored;

	if (!judge_store_read(judge->name, version, &stored))
		return false;
	fill_created(judge, &stored);
	if (stored.rule == NULL)
		return true;
	judge->rule = strcmp(stored.rule, "mean") == 0 ? JURY_MEAN : JURY_MAJORITY;
	find_members(judge, &stored);
	return true;
}

Judge *
judge_find_if_any(const char *name, int version)
{
	Judge	   *judge = palloc0(sizeof(Judge));

	judge->name = pstrdup(name);
	return find_created(judge, version) || find_builtin(judge, version) ? judge : NULL;
}

Judge *
judge_find(const char *name, int version)
{
	Judge	   *judge = judge_find_if_any(name, version);

	if (judge == NULL && version != 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("judge \"%s\" has no version %d", argument_excerpt(name), version)));
	if (judge == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("judge \"%s\" does not exist", argument_excerpt(name)),
				 errhint("Judges are listed in gaiops.judges.")));
	return judge;
}

const char *
judge_model(const Judge *judge, const char *given)
{
	if (given != NULL)
		return given;
	if (judge->model != NULL)
		return judge->model;
	if (gaiops_judge_model == NULL || gaiops_judge_model[0] == '\0')
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("there is no model for judge \"%s\" to ask", judge->name),
				 errhint("Give \"model\" an endpoint, or set gaiops.judge_model to one.")));
	return pstrdup(gaiops_judge_model);
}

void
judges_init(void)
{
	judge_warning_init();
}
