/*
 * Fuzzer of core/template/template: a template, variables, a template to be
 * included and options, with NULs between them.  Of the options "m" is
 * MLflow's syntax, "p" leaves placeholders standing, "c" makes includes a
 * circle.
 */
#include "core/template/template.h"

#include <string.h>

#include "fuzz.h"
#include "json_values.h"

#define ARENA_LIMIT		((size_t) 64 << 20)
#define MAX_OUTPUT		4096
#define MAX_STEPS		20000

int			LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct Input
{
	char	   *texts[4];		/* template, variables, included, options */
	size_t		lens[4];
	Value		variables;
	bool		has_variables;
} Input;

/* Cuts data up; text that is none is made some. */
static Input
read_input(Arena *arena, const uint8_t *data, size_t size)
{
	Input		input = {.has_variables = false};

	for (int i = 0; i < 4; i++)
	{
		const uint8_t *end = size == 0 ? NULL : memchr(data, 0, size);
		size_t		len = end == NULL ? size : (size_t) (end - data);

		input.texts[i] = arena_alloc(arena, len);
		input.lens[i] = len;
		if (len > 0)
			memcpy(input.texts[i], data, len);
		if (!is_storable_text(input.texts[i], len))
			for (size_t j = 0; j < len; j++)
				if ((unsigned char) input.texts[i][j] >= 0x80)
					input.texts[i][j] = '?';
		data += end == NULL ? size : len + 1;
		size -= end == NULL ? size : len + 1;
	}
	input.has_variables = json_read(arena, input.texts[1], input.lens[1], &input.variables) &&
		input.variables.kind == VALUE_OBJECT;
	if (!input.has_variables)
		input.variables = (Value) {.kind = VALUE_OBJECT};
	return input;
}

static bool
has_option(const Input *input, char option)
{
	return input->lens[3] > 0 && memchr(input->texts[3], option, input->lens[3]) != NULL;
}

/* Whether a place is one of text, or just behind its end. */
static bool
is_place(const char *text, size_t len, int line, int column)
{
	size_t		at = 0;

	for (; line > 1; line--)
	{
		const char *end = at < len ? memchr(text + at, '\n', len - at) : NULL;

		if (end == NULL)
			return false;
		at = (size_t) (end - text) + 1;
	}
	for (; column > 1; column--)
	{
		if (at == len || text[at] == '\n')
			return false;
		for (at++; at < len && ((unsigned char) text[at] & 0xC0) == 0x80;)
			at++;
	}
	return line == 1 && column == 1;
}

static void
check_error(const TemplateError *error, const char *text, size_t len)
{
	REQUIRE(error->kind != TEMPLATE_OK && error->kind != TEMPLATE_NO_MEMORY);
	REQUIRE(error->message[0] != '\0');
	REQUIRE(is_storable_text(error->message, strlen(error->message)));
	REQUIRE(is_storable_text(error->hint, strlen(error->hint)));
	REQUIRE(is_place(text, len, error->line, error->column));
}

static const Template *
parse(Arena *arena, const Input *input, int i, TemplateSyntax syntax)
{
	TemplateError error;
	const Template *template = template_parse(arena, input->texts[i], input->lens[i], syntax, &error);

	if (template != NULL)
		REQUIRE(error.kind == TEMPLATE_OK);
	else
	{
		check_error(&error, input->texts[i], input->lens[i]);
		REQUIRE(error.template == NULL);
		REQUIRE(syntax == TEMPLATE_SYNTAX_GAIOPS || error.kind == TEMPLATE_TOO_LARGE);
	}
	return template;
}

/* Sets the targets of includes, which must be where they say they are. */
static void
set_targets(const Template *template, const char *text, size_t len, const Template *target)
{
	int			n;
	TemplateInclude *includes = template_includes(template, &n);

	for (int i = 0; i < n; i++)
	{
		REQUIRE(is_place(text, len, includes[i].line, includes[i].column));
		REQUIRE(includes[i].address >= text && includes[i].address + includes[i].address_len <= text + len);
		REQUIRE(includes[i].address_len > 0);
		includes[i].target = target;
	}
}

static bool
contains(const char *text, size_t len, const char *piece)
{
	size_t		n = strlen(piece);

	for (size_t at = 0; at + n <= len; at++)
		if (memcmp(text + at, piece, n) == 0)
			return true;
	return false;
}

/* Renders under an arena of that limit; NULL with the error on failure. */
static char *
render(Arena *arena, const Input *input, const Template *template, size_t *len, TemplateError *error)
{
	TemplateOptions options = {
		.variables = &input->variables,
		.allow_partial = has_option(input, 'p'),
		.max_output = MAX_OUTPUT,
		.max_steps = MAX_STEPS,
	};
	TemplateNames missing = {0};
	char	   *result = template_render(arena, template, &options, len, &missing, error);

	REQUIRE((result == NULL) == (error->kind != TEMPLATE_OK));
	REQUIRE(error->kind != TEMPLATE_MISSING || missing.n > 0);
	REQUIRE(error->kind != TEMPLATE_INVALID);
	for (size_t i = 0; i < missing.n; i++)
		REQUIRE(missing.names[i].len > 0 && is_storable_text(missing.names[i].text, missing.names[i].len));
	return result;
}

/*
 * A second rendering gives the same, and one with little memory does or fails.
 */
static void
check_again(const Input *input, const Template *template, const char *result, size_t len,
			const TemplateError *error)
{
	for (int i = 0; i < 2; i++)
	{
		size_t		limit = i == 0 ? ARENA_LIMIT : (input->lens[0] * 37 + input->lens[1] * 101) % 20000;
		Arena	   *arena = arena_create(limit);
		TemplateError again_error;
		size_t		again_len = 0;
		char	   *again = render(arena, input, template, &again_len, &again_error);

		if (i == 0 || again_error.kind != TEMPLATE_NO_MEMORY)
		{
			REQUIRE((again == NULL) == (result == NULL));
			REQUIRE(again == NULL || (again_len == len && memcmp(again, result, len) == 0));
			REQUIRE(strcmp(again_error.message, error->message) == 0);
			REQUIRE(again_error.line == error->line && again_error.column == error->column);
			REQUIRE(again_error.template == error->template);
		}
		arena_free(arena);
	}
}

/* Whether to MLflow the variables are what they are to us. */
static bool
are_plain(const Value *variables)
{
	for (size_t i = 0; i < variables->len; i++)
		if (variables->members[i].value.kind != VALUE_STRING ||
			contains(variables->members[i].key, variables->members[i].key_len, "."))
			return false;
	return true;
}

/* What is known of some results without rendering them. */
static void
check_known(Arena *arena, const Input *input, const Template *template, const char *result, size_t len,
			const TemplateError *error)
{
	const char *text = input->texts[0];
	size_t		text_len = input->lens[0];

	if (!contains(text, text_len, "{{") && !contains(text, text_len, "{%") && !contains(text, text_len, "{#"))
	{
		REQUIRE(template_is_plain(template));
		REQUIRE(text_len > MAX_OUTPUT || (len == text_len && memcmp(result, text, len) == 0));
	}
	if (template_is_plain(template) && are_plain(&input->variables))
	{
		const Template *mlflow = parse(arena, input, 0, TEMPLATE_SYNTAX_MLFLOW);
		TemplateError mlflow_error;
		size_t		mlflow_len = 0;
		char	   *mlflow_result = render(arena, input, mlflow, &mlflow_len, &mlflow_error);

		REQUIRE((result == NULL) == (mlflow_result == NULL));
		REQUIRE(result == NULL || (len == mlflow_len && memcmp(result, mlflow_result, len) == 0));
		REQUIRE(strcmp(error->message, mlflow_error.message) == 0);
	}
}

/* Anything but its own end stands within {% raw %}. */
static void
check_raw(Arena *arena, const Input *input)
{
	size_t		len = input->lens[0];
	char	   *text = arena_alloc(arena, len + 32);
	size_t		text_len;
	TemplateError error;
	const Template *template;
	char	   *result;

	if (contains(input->texts[0], len, "endraw") || len > MAX_OUTPUT)
		return;
	text_len = strlen(strcpy(text, "{% raw %}"));
	memcpy(text + text_len, input->texts[0], len);
	strcpy(text + text_len + len, "{% endraw %}");
	template = template_parse(arena, text, strlen(text), TEMPLATE_SYNTAX_GAIOPS, &error);
	REQUIRE(template != NULL);
	result = render(arena, input, template, &text_len, &error);
	REQUIRE(result != NULL && text_len == len && memcmp(result, input->texts[0], len) == 0);
}

static void
check_names(Arena *arena, const Template *template)
{
	TemplateNames names = {0};

	REQUIRE(template_collect_variables(arena, template, &names));
	for (size_t i = 0; i < names.n; i++)
	{
		REQUIRE(names.names[i].len > 0 && memchr(names.names[i].text, '.', names.names[i].len) == NULL);
		for (size_t j = 0; j < i && i < 100; j++)
			REQUIRE(names.names[i].len != names.names[j].len ||
					memcmp(names.names[i].text, names.names[j].text, names.names[i].len) != 0);
	}
}

static void
check_template(Arena *arena, const Input *input, const Template *template, const Template *included)
{
	TemplateError error;
	size_t		len = 0;
	char	   *result;

	set_targets(template, input->texts[0], input->lens[0], included);
	if (included != NULL)
		set_targets(included, input->texts[2], input->lens[2], has_option(input, 'c') ? template : NULL);
	check_names(arena, template);
	result = render(arena, input, template, &len, &error);
	if (result != NULL)
	{
		REQUIRE(len <= MAX_OUTPUT && result[len] == '\0');
		REQUIRE(is_storable_text(result, len));
	}
	else
	{
		bool		is_outer = error.template == template;

		REQUIRE(is_outer || error.template == included);
		check_error(&error, input->texts[is_outer ? 0 : 2], input->lens[is_outer ? 0 : 2]);
	}
	check_again(input, template, result, len, &error);
	if (!has_option(input, 'm'))
		check_known(arena, input, template, result, len, &error);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena	   *arena = arena_create(ARENA_LIMIT);
	Input		input = read_input(arena, data, size);
	TemplateSyntax syntax = has_option(&input, 'm') ? TEMPLATE_SYNTAX_MLFLOW : TEMPLATE_SYNTAX_GAIOPS;
	const Template *template = parse(arena, &input, 0, syntax);
	const Template *included = parse(arena, &input, 2, TEMPLATE_SYNTAX_GAIOPS);

	check_raw(arena, &input);
	if (template != NULL)
		check_template(arena, &input, template, included);
	arena_free(arena);
	return 0;
}
