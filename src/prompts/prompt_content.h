/*
 * prompt_content.h
 *		What a version of a prompt says: its templates, parsed.
 */
#ifndef GAIOPS_PROMPT_CONTENT_H
#define GAIOPS_PROMPT_CONTENT_H

#include "compat.h"
#include "core/template/prompt_address.h"
#include "core/template/template.h"
#include "core/text/text_slice.h"
#include "nodes/pg_list.h"

typedef struct Prompt
{
	char		name[PROMPT_MAX_NAME + 1];
	int32		version;		/* 0 before it is registered */
	const char *alias;			/* it was looked up by; NULL if by none */
	bool		is_chat;
	TemplateSyntax syntax;
	char	   *unrendered;		/* why it cannot be rendered here: a text of
								 * it is Jinja2 that only MLflow renders; or
								 * NULL */
	char	   *text;			/* template of a text prompt */
	TextSlice	messages;		/* messages of a chat prompt */
	TextSlice	response_format;	/* absent if none, as the next */
	TextSlice	model_config;
	char	   *content_hash;
	List	   *templates;		/* Template: of the text, or of every text in
								 * messages in the order they are walked */
	List	   *placeholders;	/* char: names of those in messages */
	Arena	   *arena;			/* holds the templates */
	List	   *addresses;		/* private to prompt.c: PromptAddress, where
								 * its includes lead, in order */
	List	   *included;		/* Prompt: all that it includes at any depth,
								 * each once, once prompt_load() has seen to
								 * it */
} Prompt;

/* The syntax of that name, "gaiops" or "mlflow". */
extern TemplateSyntax prompt_syntax(const char *name);

/* An arena that is freed when the current memory context is reset. */
extern Arena *prompt_arena(void);

/*
 * Parses the templates of a prompt whose text or messages, syntax and arena
 * are set.  Raises ERRCODE_GAIOPS_INVALID_TEMPLATE with line and column.
 */
extern void prompt_parse(Prompt *prompt);

/*
 * A template that is not registered, parsed, as a text prompt of version 0, in
 * the current memory context.  Raises ERRCODE_GAIOPS_INVALID_TEMPLATE, also
 * where it includes a prompt.
 */
extern Prompt *prompt_of_text(const char *text);

/*
 * Include number n of its templates, counted from 0; NULL if there are fewer.
 */
extern TemplateInclude *prompt_nth_include(const Prompt *prompt, int n);

/* How an error names a prompt, or a message of it, counted from 1. */
extern char *prompt_describe(const Prompt *prompt, int message);

/* Raises if a prompt was kept although it cannot be rendered here. */
extern void prompt_check_renderable(const Prompt *prompt);

/* Raises what a template's parser or renderer found; where names its place. */
pg_noreturn extern void prompt_raise_template(const TemplateError *error, const char *where);

#endif							/* GAIOPS_PROMPT_CONTENT_H */
