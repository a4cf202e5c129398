/*
 * document.h
 *		Small steps of building and reading jsonb.
 */
#ifndef GAIOPS_DOCUMENT_H
#define GAIOPS_DOCUMENT_H

#include "core/text/text_slice.h"
#include "utils/jsonb.h"

/* JSON as a document; raises if it is none, or one that jsonb cannot hold. */
extern Jsonb *document_parse(const char *text);

/* A document as JSON. */
extern TextSlice document_text(Jsonb *document);

/* A text as a document that is a string. */
extern Jsonb *document_string(TextSlice text);

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
