/*
 * template.h
 *		Prompt templates: parsed once, rendered in a single pass.
 *
 * The grammar is a part of Jinja2's; doc/prompts.md has it whole.  Values are
 * never parsed: what they contain comes out as it is.
 *
 * Nothing here raises, aborts or jumps, save that the interrupt callback of
 * whoever renders may jump over it; so everything is allocated in arenas,
 * which the caller frees.
 */
#ifndef GAIOPS_TEMPLATE_H
#define GAIOPS_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/json/value.h"
#include "core/memory/arena.h"

#define TEMPLATE_MAX_LENGTH	((size_t) 1 << 20)	/* bytes of a template */
#define TEMPLATE_MAX_OUTPUT	((size_t) 16 << 20) /* bytes of what is rendered */
#define TEMPLATE_MAX_DEPTH	100 /* of blocks, of parentheses, and of includes */
#define TEMPLATE_MAX_STEPS	((size_t) 50000000) /* of work: a second or
														 * two */

typedef enum TemplateSyntax
{
	TEMPLATE_SYNTAX_GAIOPS,		/* doc/prompts.md */
	TEMPLATE_SYNTAX_MLFLOW		/* MLflow's without Jinja2: {{ name }} is a
								 * placeholder, everything else is text */
} TemplateSyntax;

typedef enum TemplateErrorKind
{
	TEMPLATE_OK = 0,
	TEMPLATE_INVALID,			/* the template is not of the grammar */
	TEMPLATE_MISSING,			/* variables are missing */
	TEMPLATE_FAILED,			/* a value is of the wrong kind */
	TEMPLATE_TOO_LARGE,			/* a limit above, or one of work, is exceeded */
	TEMPLATE_NO_MEMORY
} TemplateErrorKind;

typedef struct Template Template;

/*
 * What is wrong.  message is worded as a primary message of PostgreSQL's,
 * such as: unknown filter "sum".  hint is a sentence, or empty.  Line and
 * column count from 1, columns in characters; of several missing variables
 * they are of the first.
 */
typedef struct TemplateError
{
	TemplateErrorKind kind;
	const Template *template;	/* where it happened: the one rendered, or an
								 * included one; NULL from template_parse() */
	int			line;
	int			column;
	char		message[512];
	char		hint[256];
} TemplateError;

/* An {{> address }} or {{> address follow }} of a template. */
typedef struct TemplateInclude
{
	const char *address;		/* as written, such as prompts:/Tone@production */
	size_t		address_len;
	bool		follow;
	int			line;
	int			column;
	const Template *target;		/* set by the caller before rendering */
} TemplateInclude;

/*
 * What an arena has to have for parsing any template that is not too large;
 * for nearly all a tenth of it is enough.
 */
#define TEMPLATE_PARSE_MEMORY	(64 * TEMPLATE_MAX_LENGTH)

/*
 * And for rendering: twice the result, and eight times the largest value that
 * a filter makes on the way.
 */
#define TEMPLATE_RENDER_MEMORY	(12 * TEMPLATE_MAX_OUTPUT)

/*
 * Parses text[0 .. len), valid UTF-8 without NUL, which must outlive the
 * template: it is not copied.  Returns NULL with *error filled when it is no
 * template.  TEMPLATE_SYNTAX_MLFLOW takes any text.
 */
extern const Template *template_parse(Arena *arena, const char *text, size_t len,
									  TemplateSyntax syntax, TemplateError *error);

/* The includes in order of appearance; NULL and *n = 0 if there are none. */
extern TemplateInclude *template_includes(const Template *template, int *n);

/*
 * Whether it has nothing but text and placeholders of the form {{ name }} or
 * {{ name.name }}: these mean the same to MLflow.
 */
extern bool template_is_plain(const Template *template);

/* A name, not NUL-terminated. */
typedef struct TemplateName
{
	const char *text;
	size_t		len;
} TemplateName;

/*
 * The variables a template looks at, and those its included ones do (targets
 * that are not set are passed over): what may be given, one name each,
 * without the variables of its own loops, in order of first appearance.  Of
 * user.name it is user.  Adds to names that several templates may share, an
 * array in the arena that grows.  Returns false if memory is short, or if
 * includes within includes make it more work than rendering might be.
 */
typedef struct TemplateNames
{
	TemplateName *names;
	size_t		n;
	size_t		size;
	struct TemplateNameIndex *index;	/* finds a name; all zero to begin with */
} TemplateNames;

extern bool template_collect_variables(Arena *arena, const Template *template,
									   TemplateNames *names);

typedef struct TemplateOptions
{
	const Value *variables;		/* an object */
	bool		allow_partial;	/* leave placeholders without a value standing */
	void		(*check_interrupts) (void); /* called now and then; may be NULL */
	size_t		max_output;		/* below TEMPLATE_MAX_OUTPUT; 0: that */
	size_t		max_steps;		/* below TEMPLATE_MAX_STEPS; 0: that */
	size_t	   *steps;			/* of work so far, where several templates are
								 * rendered for one result; may be NULL */
} TemplateOptions;

/*
 * Renders a template into the arena, UTF-8, ended by a NUL that *len does not
 * count.  Every include must have its target.  Returns NULL with *error filled
 * on failure; when variables are missing, missing has them all, in order of
 * appearance, as far as they were looked at.
 */
extern char *template_render(Arena *arena, const Template *template,
							 const TemplateOptions *options, size_t *len,
							 TemplateNames *missing, TemplateError *error);

#endif							/* GAIOPS_TEMPLATE_H */
