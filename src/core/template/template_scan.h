/*
 * template_scan.h
 *		The text of a template, cut into tags and tokens.
 *
 * Nothing here raises or jumps, and nothing is read twice.
 */
#ifndef GAIOPS_TEMPLATE_SCAN_H
#define GAIOPS_TEMPLATE_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum TokenKind
{
	TOKEN_NAME,					/* name, or name.name.0 */
	TOKEN_NUMBER,
	TOKEN_STRING,				/* with its quotes */
	TOKEN_OPERATOR,
	TOKEN_TAG_END,				/* }} or %}, with a minus before it or not */
	TOKEN_TEXT_END,				/* the template ends within the tag */
	TOKEN_BAD_NAME,				/* a dot that no key follows */
	TOKEN_BAD_NUMBER,			/* begins as one does */
	TOKEN_BAD_STRING,			/* has no end */
	TOKEN_BAD_CHARACTER
} TokenKind;

typedef struct Token
{
	TokenKind	kind;
	uint32_t	offset;
	uint32_t	len;
	uint32_t	name_len;		/* of the first part of a name */
	bool		trims;			/* a tag's end that has a minus */
} Token;

typedef struct Scanner
{
	const char *text;
	size_t		len;
	size_t		at;
} Scanner;

/*
 * Steps to the next {{, {% or {#, or to the end.  Returns where the text
 * before it begins and ends; trims_left is whether the tag before it had a
 * minus.
 */
extern void scan_text(Scanner *scanner, bool trims_left, size_t *begin, size_t *end);

/* Reads the next token within a tag. */
extern Token scan_token(Scanner *scanner);

/* Steps over c if it is the next character; returns whether it was. */
extern bool scan_character(Scanner *scanner, char c);

/* Steps over white space. */
extern void scan_space(Scanner *scanner);

/*
 * Steps over a comment, which has been entered, and tells whether white space
 * after it is taken away.  False if it has no end.
 */
extern bool scan_comment(Scanner *scanner, bool *trims);

/*
 * Steps over the text between {% raw %} and {% endraw %}, and over the latter,
 * which trims at both of its ends or not.  False if there is none.
 */
extern bool scan_raw(Scanner *scanner, bool trims_left, size_t *begin, size_t *end, bool *trims);

/* Line and column of a place, counted from 1; of columns characters. */
extern void scan_position(const char *text, size_t offset, int *line, int *column);

#endif							/* GAIOPS_TEMPLATE_SCAN_H */
