/*
 * messages.h
 *		From what a caller gives to the messages and parameters of a request.
 */
#ifndef GAIOPS_MESSAGES_H
#define GAIOPS_MESSAGES_H

#include "call/call.h"

/* Key of our own members in a request; it is not sent. */
#define MESSAGES_OWN_KEY "gaiops"

/*
 * What a caller gives a model to answer; each NULL or absent if it is not
 * given.
 */
typedef struct ChatInput
{
	const char *prompt;			/* address of a registered one */
	TextSlice	variables;		/* its values, an object */
	const char *system;
	const char *message;		/* of the user */
	TextSlice	messages;		/* instead of message */
} ChatInput;

/*
 * The system message, unless there is none, and the caller's message or
 * messages.
 */
extern TextSlice messages_of_caller(const char *system, const ChatInput *input);

/* Raises unless messages is an array of objects that have a role. */
extern void messages_check(TextSlice messages);

/* Raises that messages are no such array; the detail says why. */
extern void messages_raise_bad(const char *detail);

/*
 * Raises if params, an object or absent, has members that are not for callers.
 */
extern void messages_check_params(TextSlice params);

/* What the caller gave, as one object for the record. */
extern TextSlice messages_inputs(const ChatInput *input, TextSlice params);

#endif							/* GAIOPS_MESSAGES_H */
