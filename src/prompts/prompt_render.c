/*
 * prompt_render.c
 *		Putting values into a loaded prompt.
 *
 * Of a chat prompt all texts are rendered before one error is raised, so that
 * it names what is missing in any of them.
 */
#include "postgres.h"

#include "base/errors.h"
#include "base/ordered.h"
#include "core/template/template_names.h"
#include "miscadmin.h"
#include "prompts/prompt_messages.h"
#include "prompts/prompt_render.h"
#include "prompts/prompt_values.h"
#include "utils/builtins.h"

#define MAX_NAMES_SHOWN 20
#define MAX_NAME_SHOWN 200		/* bytes of one */

typedef struct Rendering
{
	const Prompt *prompt;
	TextSlice	variables;
	TemplateOptions options;
	Arena	   *arena;
	TemplateNames missing;		/* of all texts so far */
	TemplateError first;		/* place of the first of them */
	int			first_message;
	int			next_template;
	size_t		total;			/* bytes rendered so far */
	size_t		steps;			/* of work for them */
} Rendering;

static void
check_interrupts(void)
{
	CHECK_FOR_INTERRUPTS();
}

static void
begin_rendering(Rendering *rendering, const Prompt *prompt, TextSlice variables,
				bool allow_partial)
{
	prompt_check_renderable(prompt);
	memset(rendering, 0, sizeof(Rendering));
	rendering->prompt = prompt;
	rendering->variables = variables;
	rendering->options.variables = prompt_values_read(variables);
	rendering->options.allow_partial = allow_partial;
	rendering->options.check_interrupts = check_interrupts;
	rendering->options.steps = &rendering->steps;
	rendering->arena = prompt_arena();
}

/* The version that a template is of, as an error names it. */
static char *
place_of(const Prompt *prompt, const Template *template, int message)
{
	ListCell   *cell;

	foreach(cell, prompt->included)
	{
		const Prompt *included = lfirst(cell);

		if (linitial(included->templates) == template)
			return prompt_describe(included, 0);
	}
	return prompt_describe(prompt, message);
}

/* Renders one text; what is missing in it is noted. */
static char *
render(Rendering *rendering, const Template *template, int message, size_t *len)
{
	TemplateError error;
	bool		was_complete = rendering->missing.n == 0;
	char	   *text = template_render(rendering->arena, template, &rendering->options,
									   len, &rendering->missing, &error);

	if (text == NULL && error.kind != TEMPLATE_MISSING)
		prompt_raise_template(&error, place_of(rendering->prompt, error.template, message));
	if (text == NULL)
	{
		if (was_complete)
		{
			rendering->first = error;
			rendering->first_message = message;
		}
		*len = 0;
		return "";
	}
	rendering->total += *len;
	if (rendering->total > TEMPLATE_MAX_OUTPUT)
		ereport(ERROR,
				(errcode(ERRCODE_GAIOPS_RENDERING_FAILED),
				 errmsg("the rendered prompt is too large"),
				 errdetail("The limit is %zu bytes.", TEMPLATE_MAX_OUTPUT)));
	return text;
}

/* The names of what is missing; *dotted says whether one has a dot. */
static char *
list_missing(const TemplateNames *missing, bool *dotted)
{
	StringInfoData names;

	initStringInfo(&names);
	*dotted = false;
	for (size_t i = 0; i < missing->n && i < MAX_NAMES_SHOWN; i++)
	{
		const TemplateName *name = &missing->names[i];

		*dotted = *dotted || memchr(name->text, '.', name->len) != NULL;
		appendStringInfo(&names, "%s\"%.*s\"", i > 0 ? ", " : "",
						 (int) Min(name->len, MAX_NAME_SHOWN), name->text);
	}
	if (missing->n > MAX_NAMES_SHOWN)
		appendStringInfo(&names, " and %zu more", missing->n - MAX_NAMES_SHOWN);
	return names.data;
}

/* Raises if something is missing, and names all of it. */
static void
end_rendering(const Rendering *rendering)
{
	const TemplateNames *missing = &rendering->missing;
	char	   *names;
	bool		dotted;

	if (missing->n == 0)
		return;
	names = list_missing(missing, &dotted);
	ereport(ERROR,
			(errcode(ERRCODE_GAIOPS_MISSING_VARIABLE),
			 errmsg_plural("variable %s is missing", "variables %s are missing",
						   missing->n, names),
			 errdetail("Line %d, column %d of %s.", rendering->first.line, rendering->first.column,
					   place_of(rendering->prompt, rendering->first.template, rendering->first_message)),
			 dotted ?
			 errhint("Give it in \"variables\", where a dot leads into an object: {\"user\": {\"name\": \"Ann\"}}; or use \"is defined\" or the filter default.") :
			 errhint("Give it in \"variables\", or use \"is defined\" or the filter default.")));
}

char *
prompt_render_text(const Prompt *prompt, TextSlice variables, bool allow_partial,
				   size_t *len)
{
	Rendering	rendering;
	char	   *text;

	Assert(!prompt->is_chat);
	begin_rendering(&rendering, prompt, variables, allow_partial);
	text = render(&rendering, linitial(prompt->templates), 0, len);
	end_rendering(&rendering);
	return text;
}

/* ---- messages ---- */

static TextSlice
render_message_text(void *state, int message, TextSlice text)
{
	Rendering  *rendering = state;
	const Template *template = list_nth(rendering->prompt->templates,
										rendering->next_template++);
	TextSlice	result;

	result.data = render(rendering, template, message, &result.len);
	return result;
}

/* Raises unless a value can stand in the place of a placeholder. */
static void
check_placeholder(const Rendering *rendering, int message, const char *name,
				  TextSlice value)
{
	const char *problem = NULL;
	size_t		bad = 0;

	if (json_text_kind(value) != VALUE_ARRAY)
		problem = "it is not an array";
	else
		bad = ordered_find_nonmessage(value);
	if (bad > 0)
		problem = psprintf("element %zu is not an object with a \"role\"", bad);
	if (problem != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_GAIOPS_RENDERING_FAILED),
				 errmsg("variable \"%s\" is not an array of messages: %s", name, problem),
				 errdetail("It fills the placeholder that is %s.",
						   prompt_describe(rendering->prompt, message))));
}

/*
 * The messages that a placeholder stands for: none if nobody gave any, or
 * null, as the history of a conversation that begins.
 */
static TextSlice
find_placeholder(void *state, int message, const char *name)
{
	Rendering  *rendering = state;
	TextSlice	value = json_text_member(rendering->variables, name);

	if (value.data == NULL || json_text_kind(value) == VALUE_NULL)
		return ORDERED_NONE;
	check_placeholder(rendering, message, name, value);
	return value;
}

TextSlice
prompt_render_messages(const Prompt *prompt, TextSlice variables,
					   bool allow_partial, const char *role)
{
	Rendering	rendering;
	PromptVisitor visitor = {
		.text = render_message_text,
		.placeholder = find_placeholder,
		.state = &rendering
	};
	TextSlice	messages;

	if (!prompt->is_chat)
	{
		size_t		len;

		return ordered_message(role, prompt_render_text(prompt, variables, allow_partial, &len));
	}
	begin_rendering(&rendering, prompt, variables, allow_partial);
	messages = prompt_messages_walk(prompt->messages, &visitor);
	end_rendering(&rendering);
	return messages;
}

/* ---- variables ---- */

TemplateNames
prompt_variables(const Prompt *prompt)
{
	TemplateNames names = {0};
	Arena	   *arena = prompt_arena();
	ListCell   *cell;

	foreach(cell, prompt->templates)
		if (!template_collect_variables(arena, lfirst(cell), &names))
			ereport(ERROR,
					(errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	foreach(cell, prompt->placeholders)
	{
		const char *name = lfirst(cell);

		if (!template_names_add(arena, &names, (TemplateName) {name, strlen(name)}))
			ereport(ERROR,
					(errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	}
	return names;
}
