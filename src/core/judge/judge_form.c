/*
 * judge_form.c
 *		The form of a verdict.
 */
#include "core/judge/judge_form.h"

#include "core/memory/length_of.h"

static const char *const names[] = {"yes_no", "scale", "number", "choice", "share"};

const char *
judge_type_name(int type)
{
	return type < (int) LENGTH_OF(names) ? names[type] : NULL;
}
