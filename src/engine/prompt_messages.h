/*
 * prompt_messages.h
 *		Walking the messages of a chat prompt: the texts in them are templates.
 */
#ifndef GAIOPS_PROMPT_MESSAGES_H
#define GAIOPS_PROMPT_MESSAGES_H

#include "utils/jsonb.h"

/*
 * What to do at each place of interest, in order.  Both get the number of the
 * message, from 1.
 */
typedef struct PromptVisitor
{
	/* A text that is a template: returns what stands in its place. */
	char	   *(*text) (void *state, int message, const char *text, int len,
						 size_t *result_len);
	/* A placeholder of that name: returns an array of messages, or NULL. */
	Jsonb	   *(*placeholder) (void *state, int message, const char *name);
	void	   *state;
} PromptVisitor;

/*
 * Visits the messages, and returns them with what the visitor gave.  Templates
 * are the "content" of a message, or every string in it when it has parts, save
 * for their "type".  A placeholder is {"type": "placeholder", "name": ...}.
 */
extern Jsonb *prompt_messages_walk(Jsonb *messages, const PromptVisitor *visitor);

#endif							/* GAIOPS_PROMPT_MESSAGES_H */
