/*
 * chat_call.h
 *		A call as SQL asks for it, and making it.
 */
#ifndef GAIOPS_CHAT_CALL_H
#define GAIOPS_CHAT_CALL_H

#include "chat/messages.h"
#include "fmgr.h"

typedef struct ChatCall
{
	CallRequest request;		/* without its messages, until it is run */
	ChatInput	input;
	bool		null_on_error;	/* a failed call is NULL instead of an error */
} ChatCall;

/*
 * Makes a call, and returns it when it is over.  A failure is raised, or
 * counted where it is to be NULL; of an answer, what it lacks is told.
 */
extern Call *chat_run(FunctionCallInfo fcinfo, ChatCall *chat);

/*
 * The text of an answer, or of its refusal; absent if it has neither, and of a
 * call that failed.
 */
extern TextSlice chat_answer_text(const CallResult *result);

#endif							/* GAIOPS_CHAT_CALL_H */
