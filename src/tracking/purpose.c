/*
 * purpose.c
 *		The words for what calls and runs are for.
 */
#include "postgres.h"

#include "tracking/purpose.h"

const char *
purpose_name(Purpose purpose)
{
	return settings_purposes[purpose].name;
}

bool
purpose_parse(const char *name, Purpose *purpose)
{
	for (int i = 0; settings_purposes[i].name != NULL; i++)
		if (strcmp(settings_purposes[i].name, name) == 0)
		{
			*purpose = (Purpose) settings_purposes[i].val;
			return true;
		}
	return false;
}
