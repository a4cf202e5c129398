/*
 * Runs the cases of test/golden/templates/cases.jsonl; README.md there has
 * their form.
 */
#include "cases.h"
#include "core/template/template.h"

static int
int_member(Arena *arena, const Value *test, const char *key)
{
	Value		value = case_member(test, key);
	char	   *copy = arena_alloc(arena, value.len + 1);

	if (value.kind == VALUE_NUMBER)
		memcpy(copy, value.text, value.len);
	return atoi(copy);
}

/* A template that is put where each include wants it; itself, too. */
static bool
set_targets(Arena *arena, const Value *test, const Template *template, int depth, TemplateError *error)
{
	Value		texts = case_member(test, "includes");
	int			n;
	TemplateInclude *includes = template_includes(template, &n);

	for (int i = 0; i < n && depth < 5; i++)
	{
		const Value *text = value_member(&texts, includes[i].address, includes[i].address_len);

		if (text == NULL)
			continue;
		includes[i].target = template_parse(arena, text->text, text->len, TEMPLATE_SYNTAX_GAIOPS, error);
		if (includes[i].target == NULL ||
			!set_targets(arena, test, includes[i].target, depth + 1, error))
			return false;
	}
	return true;
}

/* The names as a list in text. */
static const char *
list_names(Arena *arena, const TemplateNames *names)
{
	size_t		len = 1;
	char	   *list;

	for (size_t i = 0; i < names->n; i++)
		len += names->names[i].len + 1;
	list = arena_alloc(arena, len);
	for (size_t i = 0; i < names->n; i++)
	{
		strncat(list, names->names[i].text, names->names[i].len);
		if (i + 1 < names->n)
			strcat(list, " ");
	}
	return list;
}

/* Parses and renders; NULL with the error filled in on failure. */
static char *
run(Arena *arena, const Value *test, const Template **template, size_t *len, TemplateError *error)
{
	Value		text = case_member(test, "template");
	Value		variables = case_member(test, "variables");
	Value		partial = case_member(test, "partial");
	TemplateOptions options = {.variables = &variables,.allow_partial = partial.boolean};
	TemplateNames missing = {0};
	bool		is_mlflow = case_member(test, "syntax").kind == VALUE_STRING;

	if (variables.kind == VALUE_UNDEFINED)
		variables = (Value) {.kind = VALUE_OBJECT};
	*template = template_parse(arena, text.text, text.len,
							   is_mlflow ? TEMPLATE_SYNTAX_MLFLOW : TEMPLATE_SYNTAX_GAIOPS, error);
	if (*template == NULL || !set_targets(arena, test, *template, 0, error))
		return NULL;
	return template_render(arena, *template, &options, len, &missing, error);
}

/* What a case says beyond its result. */
static void
check_details(Arena *arena, const Value *test, const Template *template, const char *name, int line)
{
	const char *uses = case_string(arena, test, "uses");
	Value		plain = case_member(test, "plain");
	TemplateNames names = {0};

	if (plain.kind == VALUE_BOOL)
		check_int(template_is_plain(template), plain.boolean, name, "plain", line);
	if (uses != NULL && template_collect_variables(arena, template, &names))
		check_cstring(list_names(arena, &names), uses, name, "uses", line);
}

static void
check_case(Arena *arena, const Value *test, int line)
{
	const char *name = case_string(arena, test, "name");
	const char *message = case_string(arena, test, "error");
	const char *hint = case_string(arena, test, "hint");
	TemplateError error;
	const Template *template;
	size_t		len = 0;
	char	   *result = run(arena, test, &template, &len, &error);

	if (name == NULL)
		name = case_string(arena, test, "template");
	if (result == NULL)
		printf("# %d:%d %s\n", error.line, error.column, error.message);
	check_text(result, len, case_string(arena, test, "result"), name, "case", line);
	check_cstring(result == NULL ? error.message : NULL, message, name, "case", line);
	if (message != NULL)
	{
		check_int(error.line, int_member(arena, test, "line"), name, "line", line);
		check_int(error.column, int_member(arena, test, "column"), name, "column", line);
	}
	if (hint != NULL)
		check_cstring(error.hint, hint, name, "hint", line);
	if (template != NULL)
		check_details(arena, test, template, name, line);
}

int
main(void)
{
	CHECK(check_cases("template", VALUE_STRING, check_case) >= 160);
	return check_finish();
}
