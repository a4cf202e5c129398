/*
 * prompt_content.c
 *		What a version of a prompt says: its templates, parsed.
 */
#include "postgres.h"

#include "base/errors.h"
#include "base/ordered.h"
#include "prompts/prompt_content.h"
#include "prompts/prompt_messages.h"
#include "utils/memutils.h"

#define ARENA_LIMIT ((size_t) 256 << 20)	/* of the templates of a version */
#define MAX_TEXTS 10000			/* of a chat prompt */

TemplateSyntax
prompt_syntax(const char *name)
{
	return strcmp(name, "mlflow") == 0 ? TEMPLATE_SYNTAX_MLFLOW : TEMPLATE_SYNTAX_GAIOPS;
}

static void
free_arena(void *arg)
{
	arena_free(arg);
}

Arena *
prompt_arena(void)
{
	MemoryContextCallback *callback = palloc0(sizeof(MemoryContextCallback));
	Arena	   *arena = arena_create(ARENA_LIMIT);

	if (arena == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	callback->func = free_arena;
	callback->arg = arena;
	MemoryContextRegisterResetCallback(CurrentMemoryContext, callback);
	return arena;
}

/* The SQLSTATE of what is wrong with a template. */
static int
template_sqlstate(TemplateErrorKind kind)
{
	switch (kind)
	{
		case TEMPLATE_INVALID:
			return ERRCODE_GAIOPS_INVALID_TEMPLATE;
		case TEMPLATE_MISSING:
			return ERRCODE_GAIOPS_MISSING_VARIABLE;
		case TEMPLATE_NO_MEMORY:	/* of what an arena gives */
			return ERRCODE_PROGRAM_LIMIT_EXCEEDED;
		default:
			return ERRCODE_GAIOPS_RENDERING_FAILED;
	}
}

void
prompt_raise_template(const TemplateError *error, const char *where)
{
	ereport(ERROR,
			(errcode(template_sqlstate(error->kind)),
			 error->kind == TEMPLATE_NO_MEMORY ?
			 errmsg("prompt takes more than %d MB of memory", (int) (ARENA_LIMIT >> 20)) :
			 errmsg_internal("%s", error->message),
			 error->line > 0 ?
			 errdetail("Line %d, column %d of %s.", error->line, error->column, where) :
			 errdetail("In %s.", where),
			 error->hint[0] != '\0' ? errhint("%s", error->hint) : 0));
	pg_unreachable();
}

char *
prompt_describe(const Prompt *prompt, int message)
{
	if (prompt->version == 0)
		return message == 0 ? pstrdup("the template") :
			psprintf("message %d", message);
	return message == 0 ?
		psprintf("prompt \"%s\" version %d", prompt->name, prompt->version) :
		psprintf("message %d of prompt \"%s\" version %d", message,
				 prompt->name, prompt->version);
}

/* Whether MLflow takes a text for Jinja2. */
static bool
is_jinja2(const char *text, size_t len)
{
	return memmem(text, len, "{%", 2) != NULL && memmem(text, len, "%}", 2) != NULL;
}

/* Why a text that MLflow takes for Jinja2 is no template of ours. */
static char *
describe_jinja2(Arena *arena, const char *text, size_t len)
{
	TemplateError error;

	if (template_parse(arena, text, len, TEMPLATE_SYNTAX_GAIOPS, &error) != NULL)
		return pstrdup("MLflow renders it by Jinja2.");
	return psprintf("MLflow renders it by Jinja2; here, at line %d, column %d: %s.",
					error.line, error.column, error.message);
}

void
prompt_check_renderable(const Prompt *prompt)
{
	if (prompt->unrendered != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("prompt \"%s\" version %d is a Jinja2 template with what is not supported here",
						prompt->name, prompt->version),
				 errdetail_internal("%s", prompt->unrendered),
				 errhint("Register a version that does without.")));
}

/* Parses one text of a prompt. */
static void
parse_text(Prompt *prompt, const char *text, size_t len, int message)
{
	TemplateError error;
	const Template *template;

	if (list_length(prompt->templates) >= MAX_TEXTS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("prompt has too many texts"),
				 errdetail("The messages of a prompt can have %d texts.", MAX_TEXTS)));
	template = template_parse(prompt->arena, text, len, prompt->syntax, &error);
	if (template == NULL)
		prompt_raise_template(&error, prompt_describe(prompt, message));
	if (prompt->unrendered == NULL && prompt->syntax == TEMPLATE_SYNTAX_MLFLOW &&
		is_jinja2(text, len))
		prompt->unrendered = describe_jinja2(prompt->arena, text, len);
	prompt->templates = lappend(prompt->templates, unconstify(Template *, template));
}

static TextSlice
parse_message_text(void *state, int message, TextSlice text)
{
	parse_text(state, text.data, text.len, message);
	return text;
}

static TextSlice
note_placeholder(void *state, int message, const char *name)
{
	Prompt	   *prompt = state;

	prompt->placeholders = lappend(prompt->placeholders, pstrdup(name));
	return ORDERED_NONE;
}

void
prompt_parse(Prompt *prompt)
{
	PromptVisitor visitor = {
		.text = parse_message_text,
		.placeholder = note_placeholder,
		.state = prompt
	};

	if (prompt->is_chat)
		(void) prompt_messages_walk(prompt->messages, &visitor);
	else
		parse_text(prompt, prompt->text, strlen(prompt->text), 0);
}

TemplateInclude *
prompt_nth_include(const Prompt *prompt, int n)
{
	ListCell   *cell;

	foreach(cell, prompt->templates)
	{
		int			count;
		TemplateInclude *includes = template_includes(lfirst(cell), &count);

		if (n < count)
			return &includes[n];
		n -= count;
	}
	return NULL;
}

Prompt *
prompt_of_text(const char *text)
{
	Prompt	   *prompt = palloc0(sizeof(Prompt));

	prompt->text = pstrdup(text);
	prompt->syntax = TEMPLATE_SYNTAX_GAIOPS;
	prompt->arena = prompt_arena();
	prompt_parse(prompt);
	if (prompt_nth_include(prompt, 0) != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_GAIOPS_INVALID_TEMPLATE),
				 errmsg("the template must not include a prompt"),
				 errhint("Register it with gaiops_register_prompt() to include others.")));
	return prompt;
}
