/*
 * prompt_messages.h
 *		Walking the messages of a chat prompt: the texts in them are templates.
 */
#ifndef GAIOPS_PROMPT_MESSAGES_H
#define GAIOPS_PROMPT_MESSAGES_H

#include "core/text/text_slice.h"

/*
 * What to do at each place of interest, in order.  Both get the number of the
 * message, from 1.
 */
typedef struct PromptVisitor
{
	/* A text that is a template: returns what stands in its place. */
	TextSlice	(*text) (void *state, int message, TextSlice text);
	/* A placeholder of that name: returns an array of messages, or absent. */
	TextSlice	(*placeholder) (void *state, int message, const char *name);
	void	   *state;
} PromptVisitor;

/*
 * Visits the messages, and returns them with what the visitor gave; all else
 * stays as it was written.  Templates are the "content" of a message, or
 * every string in it when it has parts, save for their "type".  A placeholder
 * is {"type": "placeholder", "name": ...}.
 */
extern TextSlice prompt_messages_walk(TextSlice messages, const PromptVisitor *visitor);

#endif							/* GAIOPS_PROMPT_MESSAGES_H */
