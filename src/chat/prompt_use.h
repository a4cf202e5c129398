/*
 * prompt_use.h
 *		What a registered prompt gives to a call.
 */
#ifndef GAIOPS_PROMPT_USE_H
#define GAIOPS_PROMPT_USE_H

#include "chat/messages.h"
#include "prompts/prompt.h"

/*
 * Sets the messages of a request.  Where the caller names a prompt, it is
 * rendered before the caller's own messages, gives its parameters as
 * defaults, and is noted in the labels and attributes.  Raises when it cannot
 * be rendered.
 */
extern void prompt_use_compose(CallRequest *request, const ChatInput *input);

/* The same of a prompt that is loaded, for many calls. */
extern void prompt_use_apply(CallRequest *request, const ChatInput *input,
							 const Prompt *prompt);

#endif							/* GAIOPS_PROMPT_USE_H */
