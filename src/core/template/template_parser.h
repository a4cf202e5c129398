/*
 * template_parser.h
 *		What the parts of the parser share: the token in hand, and the error.
 *
 * Functions that return NULL or false have filled in the error.  Nothing here
 * raises or jumps.
 */
#ifndef GAIOPS_TEMPLATE_PARSER_H
#define GAIOPS_TEMPLATE_PARSER_H

#include "core/template/template.h"
#include "core/template/template_program.h"
#include "core/template/template_scan.h"

typedef struct TemplateParser
{
	Arena	   *arena;
	TemplateError *error;
	Scanner		scanner;
	Token		token;			/* the one in hand */
	size_t		tag;			/* where the tag begins that is being read */
	int			depth;			/* of parentheses and the like */
	int			loops;			/* around the place */
} TemplateParser;

/* The length of what a tag begins with. */
#define TAG_LENGTH	2

/* Takes the next token in hand. */
extern void parser_advance(TemplateParser *parser);

/* Whether the token in hand is that operator, or that word. */
extern bool parser_at_operator(const TemplateParser *parser, const char *operator);
extern bool parser_at_word(const TemplateParser *parser, const char *word);

/* The same; if it is, the next one is taken in hand. */
extern bool parser_take_operator(TemplateParser *parser, const char *operator);
extern bool parser_take_word(TemplateParser *parser, const char *word);

/* Whether the token in hand is what ends the tag. */
extern bool parser_at_end(const TemplateParser *parser);

/* Whether text is a word of the language and so no name of a variable. */
extern bool parser_is_reserved(const char *text, size_t len);

/*
 * Fills in the error, at an offset; returns false.  Without a hint it gets one
 * that says how to write a tag that is none.
 */
extern bool parser_fail(TemplateParser *parser, size_t offset, const char *hint,
						const char *format,...) __attribute__((format(printf, 4, 5)));

/* The same where memory is short, and where something is too large. */
extern bool parser_fail_memory(TemplateParser *parser);
extern bool parser_fail_limit(TemplateParser *parser, size_t offset, const char *message);

/*
 * Refuses the token in hand, by what it would be in Jinja2; returns false.
 * expected is what belongs there, or NULL if that would say nothing.
 */
extern bool parser_refuse(TemplateParser *parser, const char *expected);

/* The same behind an expression, where a comma would make a tuple of it. */
extern bool parser_refuse_end(TemplateParser *parser, const char *expected);

/* Memory of the arena, or NULL with the error filled in. */
extern void *parser_alloc(TemplateParser *parser, size_t size);

/*
 * Makes room for one more in an array of n elements: whenever n is a power of
 * two it is copied to one twice as large.  NULL with the error filled in.
 */
extern void *parser_grow(TemplateParser *parser, void *array, size_t n, size_t element_size);

#endif							/* GAIOPS_TEMPLATE_PARSER_H */
