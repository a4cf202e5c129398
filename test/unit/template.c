/* The interface of core/template: names, includes, limits, places of errors. */
#include "core/template.h"

#include "check.h"
#include "json_values.h"

/* Everything that one rendering needs. */
typedef struct Session
{
	Arena	   *arena;
	const Template *template;
	TemplateError error;
	TemplateNames missing;
	char	   *result;
	size_t		len;
} Session;

static Session
parse(const char *text)
{
	Session		session = {.arena = arena_create((size_t) 256 << 20)};

	session.template = template_parse(session.arena, text, strlen(text),
									  TEMPLATE_SYNTAX_GAIOPS, &session.error);
	return session;
}

static void
render(Session *session, const char *variables, bool allow_partial)
{
	Value		value;
	TemplateOptions options = {&value, allow_partial, NULL};

	if (!json_read(session->arena, variables, strlen(variables), &value))
		CHECK(false);
	session->result = template_render(session->arena, session->template, &options,
									  &session->len, &session->missing, &session->error);
}

static void
test_first(void)
{
	Session		session = parse("Hello {{ name }}!");

	CHECK(session.template != NULL);
	render(&session, "{\"name\": \"World\"}", false);
	CHECK_TEXT(session.result, session.len, "Hello World!");
	arena_free(session.arena);
}

int
main(void)
{
	test_first();
	return check_finish();
}
