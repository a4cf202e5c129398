/*
 * The interface of core/template/template: names, includes, places of errors.
 */
#include "core/template/template.h"

#include "template_session.h"

static void
test_results(void)
{
	Session		session = parse("Hello {{ name }}!");

	CHECK(session.template != NULL);
	CHECK_INT(session.error.kind, TEMPLATE_OK);
	render(&session, "{\"name\": \"World\"}");
	CHECK_TEXT(session.result, session.len, "Hello World!");
	CHECK_INT(session.result[session.len], 0);
	CHECK_INT(session.error.kind, TEMPLATE_OK);
	/* Once parsed a template may be rendered any number of times. */
	render(&session, "{\"name\": \"\"}");
	CHECK_TEXT(session.result, session.len, "Hello !");
	arena_free(session.arena);

	session = parse("");
	render(&session, "{}");
	CHECK_TEXT(session.result, session.len, "");
	arena_free(session.arena);
}

/* Text without its NUL, in memory that ends with it: overreads are seen. */
static void
test_ends(void)
{
	static const char text[] = "a {{- b.c|default('d\\x41', [1.5e1]) -}} {% if x in [1] %}{% raw %}{{{%endraw%}{#- # -#}"
		"{% endif %}{{> prompts:/a-b@c follow }}{% for é in";

	for (size_t len = 0; len < sizeof(text); len++)
	{
		char	   *copy = malloc(len > 0 ? len : 1);
		Session		session;

		memcpy(copy, text, len);
		session = parse_bytes(copy, len);
		if (session.template == NULL && session.error.kind != TEMPLATE_INVALID)
			CHECK_INT(session.error.kind, TEMPLATE_INVALID);
		arena_free(session.arena);
		free(copy);
	}
	CHECK(true);
}

static void
check_include(const TemplateInclude *include, const char *address, bool follow, int line, int column)
{
	CHECK_TEXT(include->address, include->address_len, address);
	CHECK(include->follow == follow);
	CHECK(include->target == NULL);
	CHECK_INT(include->line, line);
	CHECK_INT(include->column, column);
}

static void
test_includes(void)
{
	int			n = -1;
	Session		session = parse("{{> a }}é{{> prompts:/b/3 }}\n\n日本 {{-> prompts:/c@d follow -}}\n"
					"{% if x %}{{>a}}{% endif %} {{ y }}{{> e }}");
	CHECK(session.template != NULL);
	CHECK(!template_is_plain(session.template));
	if (session.template != NULL)
	{
		TemplateInclude *includes = template_includes(session.template, &n);

		CHECK_INT(n, 5);
		check_include(&includes[0], "a", false, 1, 1);
		check_include(&includes[1], "prompts:/b/3", false, 1, 10);
		check_include(&includes[2], "prompts:/c@d", true, 3, 4);
		check_include(&includes[3], "a", false, 4, 11);
		check_include(&includes[4], "e", false, 4, 36);
	}
	arena_free(session.arena);

	session = parse("{{ a }}");
	CHECK(template_includes(session.template, &n) == NULL);
	CHECK_INT(n, 0);
	arena_free(session.arena);
}

/* An error within an included template tells which. */
static void
test_error_of_included(void)
{
	Session		outer = parse("\n\n{{> a }}");
	Session		inner = parse("é {{ 1 < x }}");

	include(&outer, inner.template);
	render(&outer, "{\"x\": \"1\"}");
	CHECK(outer.error.template == inner.template);
	outer.result = NULL;
	CHECK_INT(outer.error.line, 1);
	CHECK_INT(outer.error.column, 8);
	render(&outer, "{}");
	CHECK(outer.error.template == inner.template);
	CHECK_INT(outer.missing.n, 1);
	arena_free(inner.arena);
	CHECK_ERROR(&outer, TEMPLATE_MISSING, 1, 10, "variable \"x\" is missing");

	outer = parse("a\n {{> prompts:/b }}");
	render(&outer, "{}");
	CHECK(outer.error.template == outer.template);
	CHECK_ERROR(&outer, TEMPLATE_FAILED, 2, 2, "prompt \"prompts:/b\" is not loaded");
}

/* Included templates may lie as deep as the limit says. */
static void
test_include_depth(void)
{
	Session		levels[TEMPLATE_MAX_DEPTH + 2];
	int			n = TEMPLATE_MAX_DEPTH + 2;

	levels[n - 1] = parse("{{ x }}");
	for (int i = n - 2; i >= 0; i--)
	{
		levels[i] = parse(".{{> a }}");
		include(&levels[i], levels[i + 1].template);
	}
	render(&levels[1], "{\"x\": 1}");
	CHECK_INT(levels[1].len, TEMPLATE_MAX_DEPTH + 1);
	render(&levels[0], "{\"x\": 1}");
	CHECK(levels[0].error.template == levels[n - 2].template);
	for (int i = 1; i < n; i++)
		arena_free(levels[i].arena);
	CHECK_ERROR(&levels[0], TEMPLATE_TOO_LARGE, 1, 2, "includes are nested too deeply");
}

/* A template that includes itself twice has no end, but rendering it has. */
static void
test_include_circle(void)
{
	Session		session = parse("{% if x %}{% endif %}{{> a }}{{> a }}");
	TemplateNames names = {0};

	include(&session, session.template);
	CHECK(template_collect_variables(session.arena, session.template, &names));
	CHECK_INT(names.n, 1);
	render(&session, "{\"x\": 1}");
	CHECK_ERROR(&session, TEMPLATE_TOO_LARGE, 1, 22, "includes are nested too deeply");
}

/*
 * Includes that double at each level: few templates, many ways through them.
 */
static void
test_include_lattice(void)
{
	Session		levels[64];
	TemplateNames names = {0};
	static const char json[] = "{\"x\": {\"y\": \"\"}}";
	Value		variables;
	TemplateOptions options = {.variables = &variables,.max_steps = 100000};

	levels[63] = parse("{{ x.y }}{{ z }}");
	for (int i = 62; i >= 0; i--)
	{
		levels[i] = parse("{% for z in [1, 2] %}{{> a }}{{> b }}{% endfor %}");
		include(&levels[i], levels[i + 1].template);
	}
	CHECK(template_collect_variables(levels[0].arena, levels[0].template, &names));
	CHECK_INT(names.n, 1);
	CHECK_TEXT(names.names[0].text, names.names[0].len, "x");
	CHECK(json_read(levels[0].arena, json, sizeof(json) - 1, &variables));
	levels[0].result = template_render(levels[0].arena, levels[0].template, &options, &levels[0].len,
									   &levels[0].missing, &levels[0].error);
	CHECK_INT(levels[0].error.kind, TEMPLATE_TOO_LARGE);
	for (int i = 0; i < 64; i++)
		arena_free(levels[i].arena);
}

static void
check_names(const TemplateNames *names, const char *expected, int line)
{
	char		list[1024] = "";

	for (size_t i = 0; i < names->n; i++)
	{
		strncat(list, names->names[i].text, names->names[i].len);
		strcat(list, " ");
	}
	check_cstring(list, expected, expected, "names", line);
}

/* Several templates may share the names. */
static void
test_variables(void)
{
	Session		one = parse("{% for x in xs %}{{ x.a }}{{ y.b }}{% for y in x %}{{ y }}{{ loop.index }}{% endfor %}"
							"{% else %}{{ x }}{% endfor %}{{ z|default(d)|join(j) }}{{ y }}{{ loop.x }}");
	Session		two = parse("{{ a is defined }}{{ not (b or [c, d] and 'e' in f) }}{{ true }}{{ z }}{{> g }}");
	TemplateNames names = {0};

	CHECK(template_collect_variables(one.arena, one.template, &names));
	check_names(&names, "xs y x z d j loop ", __LINE__);
	/* An include without a target has none. */
	CHECK(template_collect_variables(one.arena, two.template, &names));
	check_names(&names, "xs y x z d j loop a b c f ", __LINE__);
	arena_free(one.arena);
	arena_free(two.arena);
}

static void
test_missing(void)
{
	Session		one = parse("{{ a }}{{ b.c }}{{ a }}");
	Session		two = parse("{{ d }}{{ a }}");

	render(&one, "{}");
	check_names(&one.missing, "a b.c ", __LINE__);
	two.missing = one.missing;
	render(&two, "{}");
	check_names(&two.missing, "a b.c d ", __LINE__);
	CHECK_ERROR(&two, TEMPLATE_MISSING, 1, 4, "variables \"a\", \"b.c\", \"d\" are missing");
	CHECK_ERROR(&one, TEMPLATE_MISSING, 1, 4, "variables \"a\", \"b.c\" are missing");
}

/* The message names as many as fit, and the list has all. */
static void
test_many_missing(void)
{
	char	   *text = malloc(30000);
	size_t		len = 0;
	Session		session;
	const char *end;

	for (int i = 0; i < 2000; i++)
		len += (size_t) snprintf(text + len, 30000 - len, "{{ v%d }}", i);
	session = parse_bytes(text, len);
	render(&session, "{}");
	CHECK_INT(session.missing.n, 2000);
	CHECK_TEXT(session.missing.names[1999].text, session.missing.names[1999].len, "v1999");
	CHECK(strncmp(session.error.message, "variables \"v0\", \"v1\", ", 22) == 0);
	CHECK(strlen(session.error.message) < sizeof(session.error.message) - 1);
	end = strstr(session.error.message, " and ");
	CHECK(end != NULL);
	if (end != NULL)
		CHECK_CSTRING(strstr(end, "more"), "more are missing");
	arena_free(session.arena);
	free(text);

	text = repeat("{{ ", "long_name_", 100, " }}");
	session = parse(text);
	render(&session, "{}");
	CHECK_ERROR(&session, TEMPLATE_MISSING, 1, 4, "variable \"long_name_long_name_long_name_long_name_"
				"long_name_long_name_long_name_long_n...\" is missing");
	free(text);
}

/* MLflow's templates are never refused but for their size. */
static void
test_mlflow(void)
{
	static const char text[] = "{{ a }}{{ b.c }} {% if %}{{ a|b }}{{";
	Arena	   *arena = arena_create(ARENA_LIMIT);
	TemplateError error;
	const Template *template = template_parse(arena, text, sizeof(text) - 1, TEMPLATE_SYNTAX_MLFLOW, &error);
	char	   *large = repeat("", "{{ a }}", TEMPLATE_MAX_LENGTH / 7 + 1, "");
	TemplateNames names = {0};

	CHECK(template != NULL);
	CHECK(template_is_plain(template));
	CHECK(template_collect_variables(arena, template, &names));
	check_names(&names, "a b ", __LINE__);
	CHECK(template_parse(arena, large, TEMPLATE_MAX_LENGTH, TEMPLATE_SYNTAX_MLFLOW, &error) != NULL);
	CHECK(template_parse(arena, large, TEMPLATE_MAX_LENGTH + 1, TEMPLATE_SYNTAX_MLFLOW, &error) == NULL);
	CHECK_INT(error.kind, TEMPLATE_TOO_LARGE);
	arena_free(arena);
	free(large);
}

int
main(void)
{
	test_results();
	test_ends();
	test_includes();
	test_error_of_included();
	test_include_depth();
	test_include_circle();
	test_include_lattice();
	test_variables();
	test_missing();
	test_many_missing();
	test_mlflow();
	return check_finish();
}
