/*
 * openai_check.h
 *		What the unit tests of core/wire/openai share.
 */
#ifndef GAIOPS_OPENAI_CHECK_H
#define GAIOPS_OPENAI_CHECK_H

#include "check.h"
#include "core/wire/openai.h"

/* Parses a body that must be readable. */
static inline OpenaiAnswer
parse_at(const char *body, int line)
{
	OpenaiAnswer answer;
	const char *reason = "none";

	if (!check_report(openai_answer_parse(body, strlen(body), &answer, &reason),
					  "readable", __FILE_NAME__, line))
		printf("# %s\n", reason);
	return answer;
}

#define PARSE(body)		parse_at(body, __LINE__)

/* A whole answer around a message, or around a usage. */
#define MESSAGE(message)	"{\"choices\":[{\"index\":0,\"message\":" message "}]}"
#define USAGE(usage)		"{\"choices\":[{\"message\":{\"content\":\"x\"}}],\"usage\":" usage "}"

#endif							/* GAIOPS_OPENAI_CHECK_H */
