/*
 * messages.h
 *		From what a caller gives to the messages and parameters of a request.
 */
#ifndef GAIOPS_MESSAGES_H
#define GAIOPS_MESSAGES_H

#include "engine/call.h"
#include "utils/jsonb.h"

/* A system message, unless NULL, and a user message. */
extern Jsonb *messages_from_text(const char *system, const char *message);

/* Tells somebody who gave an array of messages, untyped, that it is a text. */
extern void messages_notice_text(const char *message);

/* The messages behind a system message, unless that is NULL. */
extern Jsonb *messages_with_system(const char *system, Jsonb *messages);

/* Raises unless messages is an array of objects that have a role. */
extern void messages_check(Jsonb *messages);

/* Raises if params, an object or NULL, has members that are not for callers. */
extern void messages_check_params(Jsonb *params);

/*
 * What the caller gave, as one object: the message or messages under key, and
 * system and params where given.
 */
extern Jsonb *messages_inputs(const char *key, Jsonb *messages,
							  const char *message, const char *system,
							  Jsonb *params);

/* Reads a chat-completions request body; raises when it is none. */
extern void messages_read_completion(Jsonb *body, CallRequest *request);

#endif							/* GAIOPS_MESSAGES_H */
