/*
 * completion.h
 *		Reading the body of a chat-completions request.
 */
#ifndef GAIOPS_COMPLETION_H
#define GAIOPS_COMPLETION_H

#include "chat/chat_call.h"

/* Reads a body into a call; raises when it is none. */
extern void completion_read(TextSlice body, ChatCall *chat);

#endif							/* GAIOPS_COMPLETION_H */
