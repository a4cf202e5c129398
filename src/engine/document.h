/*
 * document.h
 *		Small steps of building and reading jsonb.
 */
#ifndef GAIOPS_DOCUMENT_H
#define GAIOPS_DOCUMENT_H

#include "utils/jsonb.h"

/* A member of an object; NULL if it has none of that name. */
extern JsonbValue *document_member(JsonbContainer *object, const char *key);

/* Whether a value is the string text. */
extern bool document_is_text(const JsonbValue *value, const char *text);

/* Add a member to the object being built. */
extern void document_push_text(JsonbParseState **state, const char *key,
							   const char *text);
extern void document_push_number(JsonbParseState **state, const char *key,
								 int32 number);
extern void document_push_bool(JsonbParseState **state, const char *key,
							   bool boolean);
extern void document_push_value(JsonbParseState **state, const char *key,
								Jsonb *value);

/* An array of one chat message. */
extern Jsonb *document_message(const char *role, const char *content);

/*
 * Number, from 1, of the first element of an array that is not an object with a
 * "role", as a chat message is; 0 if all are.
 */
extern uint32 document_find_nonmessage(JsonbContainer *array);

/*
 * The elements of both arrays, or the members of both objects; NULL is empty, not
 * for both.
 */
extern Jsonb *document_join(Jsonb *first, Jsonb *second);

/* The members of both objects, where those of the second win; NULL is empty. */
extern Jsonb *document_merge(Jsonb *first, Jsonb *second);

#endif							/* GAIOPS_DOCUMENT_H */
