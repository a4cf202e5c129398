/*
 * chat_arguments.h
 *		Reading what gaiops_chat() and its like are given.
 */
#ifndef GAIOPS_CHAT_ARGUMENTS_H
#define GAIOPS_CHAT_ARGUMENTS_H

#include "chat/chat_call.h"

/* Reads the arguments of gaiops_chat(), which others take alike. */
extern void chat_read_message(FunctionCallInfo fcinfo, ChatCall *chat);

/* The same of the form that takes an array of messages. */
extern void chat_read_messages(FunctionCallInfo fcinfo, ChatCall *chat);

/*
 * What on_error says: whether a failed call is to be NULL.  name is what to
 * call it where it says something else, which raises; NULL is the default.
 */
extern bool chat_null_on_error(const char *on_error, const char *name);

#endif							/* GAIOPS_CHAT_ARGUMENTS_H */
