/*
 * label.c
 *		Labels under which calls are recorded: experiment, session, user.
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "queue/record.h"
#include "tracking/label.h"

const char *
label_choose(const char *what, const char *given, const char *setting)
{
	const char *label = given ? given : setting;

	if (label == NULL || label[0] == '\0')
		return NULL;
	if (strlen(label) > RECORD_MAX_LABEL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s is too long", what),
				 errdetail("It has %zu bytes; the limit is %d.",
						   strlen(label), RECORD_MAX_LABEL)));
	/* A setting may come with the connection, and nobody has looked at it. */
	(void) pg_verifymbstr(label, (int) strlen(label), false);
	return label;
}
