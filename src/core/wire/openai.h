/*
 * openai.h
 *		The chat-completions wire format: reading an answer.
 */
#ifndef GAIOPS_OPENAI_H
#define GAIOPS_OPENAI_H

#include <stdbool.h>
#include <stddef.h>

#include "core/json/json.h"
#include "core/json/json_repair.h"
#include "core/text/text_slice.h"
#include "core/wire/usage.h"

/*
 * What stands for the upstream's finish_reason where an answer has no content.
 */
#define OPENAI_NO_CONTENT	"no_content"

/*
 * One chat.completion answer.  Slices point into doc and live until
 * openai_answer_free().
 */
typedef struct OpenaiAnswer
{
	JsonDocument *doc;
	TextSlice	content;		/* text of the first choice: its content, or
								 * the text parts of it joined in parts_text;
								 * absent where it is null, as beside tool
								 * calls, and not where it is empty */
	TextSlice	refusal;		/* refusal of the first choice, never empty */
	TextSlice	id;				/* response id */
	TextSlice	model;			/* the model that answered */
	TextSlice	finish_reason;	/* of the first choice */
	TextSlice	error_message;	/* of an error body, whatever its dialect; may
								 * be absent all the same, never empty */
	TextSlice	error_code;		/* its code, or its type; never empty */
	int			error_status;	/* the HTTP status that its code or type stands
								 * for, 400 to 599; 0 if for none */
	int			nchoices;
	bool		has_tool_calls; /* the first choice calls a tool */
	bool		has_error;		/* the body is an error object, or has one beside
								 * its choices, or the first choice has failed;
								 * there is no content then */
	const char *unreadable;		/* why the first choice cannot be read, to follow
								 * "the first choice"; NULL if it can be */
	bool		is_empty;		/* the first choice has no content, no refusal and
								 * no tool call, and not because of a filter */
	TokenUsage	usage;
	UsageProblems usage_problems;
	char	   *parts_text;		/* malloc'd when content came in parts */
	char	   *repaired;		/* malloc'd body that could be parsed, when the one
								 * that came could not; NULL otherwise */
	size_t		repaired_len;
	JsonRepairs repairs;		/* what it has otherwise */
} OpenaiAnswer;

/*
 * Reads body into *answer.  Returns true when it is one JSON object in valid
 * UTF-8 (or, as some upstreams put errors, an array with an error object in
 * it), or is one once json_repair() has been over it; then look at has_error
 * and nchoices.  Returns false otherwise, and when memory is short, with a
 * constant string in *reason that reads as the end of "the answer is ...",
 * and nothing to free.
 */
extern bool openai_answer_parse(const char *body, size_t len,
								OpenaiAnswer *answer, const char **reason);

/*
 * Finds the usage in a body that cannot be parsed, from its end, where it
 * mostly is.  Returns whether it has a count.
 */
extern bool openai_usage_salvage(const char *body, size_t len, TokenUsage *usage);

/* Frees what the answer holds; all its slices are gone then. */
extern void openai_answer_free(OpenaiAnswer *answer);

/*
 * Reads a "usage" object of any dialect into *usage, normalised as usage.h
 * says.  NULL or anything else is allowed: what is not there is unknown.  So
 * is what cannot be true, and then *problems says why: a prompt of no tokens,
 * an answer of none where there is one (has_output), a part larger than its
 * whole.  A part never exceeds its whole, and is unknown where the whole is.
 */
extern void openai_usage_read(const JsonValue *value, bool has_output,
							  TokenUsage *usage, UsageProblems *problems);

#endif							/* GAIOPS_OPENAI_H */
