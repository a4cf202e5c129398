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

#endif							/* GAIOPS_DOCUMENT_H */
