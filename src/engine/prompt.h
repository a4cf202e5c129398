/*
 * prompt.h
 *		A version of a prompt with all that it includes, as it is now.
 *
 * Nothing is remembered between loads, and each looks with the latest snapshot,
 * so that what a session loads is never stale.
 */
#ifndef GAIOPS_PROMPT_H
#define GAIOPS_PROMPT_H

#include "core/prompt_address.h"
#include "core/template.h"
#include "nodes/pg_list.h"
#include "utils/jsonb.h"

typedef struct Prompt
{
	char		name[PROMPT_MAX_NAME + 1];
	int32		version;
	const char *alias;			/* it was looked up by; NULL if by none */
	bool		is_chat;
	TemplateSyntax syntax;
	bool		is_jinja2;		/* MLflow renders a text of it by Jinja2, which
								 * is not done here */
	char	   *text;			/* template of a text prompt */
	Jsonb	   *messages;		/* messages of a chat prompt */
	Jsonb	   *response_format;	/* NULL if none, as the next */
	Jsonb	   *model_config;
	char	   *content_hash;
	List	   *templates;		/* Template: of the text, or of every text in
								 * messages in the order they are walked */
	List	   *placeholders;	/* char: names of those in messages */
	List	   *included;		/* Prompt: all that it includes at any depth,
								 * each once; the same list for all of them */
	bool		is_complete;	/* private to prompt.c: includes are loaded */
	Arena	   *arena;			/* holds the templates */
} Prompt;

/* An arena that is freed when the current memory context is reset. */
extern Arena *prompt_arena(void);

/* Reads an address, or raises. */
extern void prompt_parse_address(const char *uri, PromptAddress *address);

/*
 * Finds the version that an address means: sets address->version.  Raises
 * ERRCODE_GAIOPS_UNKNOWN_PROMPT, saying what exists, and
 * ERRCODE_DATA_CORRUPTED if the version is not what was registered.
 */
extern void prompt_find(PromptAddress *address);

/*
 * Loads the version that an address means and all it includes, in the current
 * memory context.  Raises as prompt_find() does, and
 * ERRCODE_GAIOPS_INVALID_TEMPLATE when it would include itself.
 */
extern Prompt *prompt_load(const PromptAddress *address);

/*
 * Parses the templates of a prompt whose text or messages, syntax and arena are
 * set.  Raises ERRCODE_GAIOPS_INVALID_TEMPLATE with line and column.
 */
extern void prompt_parse(Prompt *prompt);

/* How an error names a prompt, or a message of it, counted from 1. */
extern char *prompt_describe(const Prompt *prompt, int message);

/* Raises that there is no such prompt, version or alias, and says what exists. */
extern void prompt_raise_unknown(const PromptAddress *address) pg_attribute_noreturn();

/* Raises what a template's parser or renderer found; where names its place. */
extern void prompt_raise_template(const TemplateError *error, const char *where) pg_attribute_noreturn();

#endif							/* GAIOPS_PROMPT_H */
