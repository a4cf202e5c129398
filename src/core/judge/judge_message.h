/*
 * judge_message.h
 *		What a judge is sent.
 *
 * The system message has the instructions, and how to answer; the user's
 * message has all data, each section between two lines with the boundary.
 * Boundary and nonce are drawn at random for each call, so that nothing in the
 * data can end its section, or be taken for the answer to the call.  The nonce
 * is in the system message alone: what repeats the user's message has none.
 */
#ifndef GAIOPS_JUDGE_MESSAGE_H
#define GAIOPS_JUDGE_MESSAGE_H

#include "core/judge/judge_form.h"
#include "core/judge/judge_instructions.h"

#define JUDGE_KEY_LEN	32		/* characters of a boundary or nonce */

typedef struct JudgeMessage
{
	TextSlice	instructions;
	const JudgeForm *form;
	TextSlice	data[JUDGE_NDATA];	/* absent ones are not shown */
	const char *boundary;
	const char *nonce;
	const char *complaint;		/* why an earlier reply was not taken, as the
								 * end of "it ..."; NULL if there was none */
} JudgeMessage;

/* Whether no data have the boundary or the nonce in them. */
extern bool judge_message_is_apart(const JudgeMessage *message);

/*
 * Appends the array of both messages.  What is needed for a moment is in the
 * arena, too.  False if the builder has a problem.
 */
extern bool judge_message_write(TextBuilder *builder, const JudgeMessage *message,
								Arena *arena);

/* Appends the response_format that forces the form of a reply. */
extern bool judge_schema_write(TextBuilder *builder, const JudgeForm *form);

#endif							/* GAIOPS_JUDGE_MESSAGE_H */
