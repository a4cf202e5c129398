/* What templates may not exceed: length, depth, output, work and memory. */
#include "core/template/template.h"

#include <setjmp.h>

#include "template_session.h"

/* Checks that a template is taken, and that it is refused for its size. */
static void
check_limit(char *within, char *beyond, int column, const char *message, int line)
{
	Session		session = parse(within);

	if (!check_report(session.template != NULL, message, "within", line))
		printf("# %s\n", session.error.message);
	arena_free(session.arena);
	session = parse(beyond);
	check_error(&session, TEMPLATE_TOO_LARGE, 1000 + column, message, line);
	free(within);
	free(beyond);
}

static char *
nest(const char *opening, const char *core, const char *closing, size_t n)
{
	char	   *inner = repeat(core, closing, n, "");
	char	   *whole = repeat("", opening, n, inner);

	free(inner);
	return whole;
}

static void
test_limits_of_templates(void)
{
	const int	max = TEMPLATE_MAX_DEPTH;
	char	   *within;
	char	   *beyond;

	check_limit(repeat("", "a", TEMPLATE_MAX_LENGTH, ""), repeat("", "a", TEMPLATE_MAX_LENGTH, "b"),
				1, "template is larger than 1 MB", __LINE__);
	check_limit(nest("{%if a%}", "x", "{%endif%}", max), nest("{%if a%}", "x", "{%endif%}", max + 1),
				max * 8 + 1, "blocks are nested too deeply", __LINE__);
	check_limit(nest("{%for x in a%}", "x", "{%endfor%}", max), nest("{%for x in a%}", "x", "{%endfor%}", max + 1),
				max * 14 + 1, "blocks are nested too deeply", __LINE__);
	within = nest("(", "x", ")", max);
	beyond = nest("(", "x", ")", max + 1);
	check_limit(repeat("{{", within, 1, "}}"), repeat("{{", beyond, 1, "}}"), max + 4,
				"expressions are nested too deeply", __LINE__);
	free(within);
	free(beyond);
	within = nest("[", "x", "]", max);
	beyond = nest("[", "x", "]", 10000);
	check_limit(repeat("{{", within, 1, "}}"), repeat("{{", beyond, 1, "}}"), max + 4,
				"expressions are nested too deeply", __LINE__);
	free(within);
	free(beyond);
	within = nest("a|default(", "x", ")", max);
	beyond = nest("a|default(", "x", ")", max + 1);
	check_limit(repeat("{{", within, 1, "}}"), repeat("{{", beyond, 1, "}}"), 10 * max + 13,
				"expressions are nested too deeply", __LINE__);
	free(within);
	free(beyond);
}

/* What repeats is not nested. */
static void
test_long_templates(void)
{
	static const char *const parts[][4] = {
		{"{{", "not ", "x}}", "false"},
		{"{{", "z or ", "x}}", "1"},
		{"{{", "x and ", "x}}", "1"},
		{"{{", "1 == ", "x}}", "true"},
		{"{{x", "|lower|upper", "|trim}}", "1"},
		{"{{a", "|default(b)", "|default(x)}}", "1"},
		{"{{", "(x)and ", "x}}", "1"},
		{"{% if z %}", "{% elif z %}", "{% else %}x{% endif %}", "x"},
		{"", "{% if x %}{% endif %}", "x", "x"},
		{"", "{# #}", "x", "x"},
	};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
	{
		size_t		n = (TEMPLATE_MAX_LENGTH - 100) / strlen(parts[i][1]) / 2 * 2 + 1;
		char	   *text = repeat(parts[i][0], parts[i][1], n, parts[i][2]);
		Session		session = parse(text);

		CHECK_CSTRING(session.error.message, "");
		if (session.template != NULL)
		{
			render(&session, "{\"x\": 1, \"z\": 0}");
			CHECK_TEXT(session.result, session.len, parts[i][3]);
		}
		arena_free(session.arena);
		free(text);
	}
}

static int	interruptions = 0;

static void
count_interruptions(void)
{
	interruptions++;
}

/* Loops that say nothing end, too, and can be interrupted before they do. */
static void
test_work(void)
{
	Session		session = parse("{% for a in x %}{% for b in x %}{% for c in x %}{% for d in x %}"
								"{% endfor %}{% endfor %}{% endfor %}{% endfor %}");
	char	   *json = repeat("{\"x\": \"", "0123456789", 100, "\"}");
	Value		variables;

	CHECK(json_read(session.arena, json, strlen(json), &variables));
	interruptions = 0;
	render_value(&session, &variables, count_interruptions);
	CHECK(interruptions > 10000 && interruptions < 20000);
	CHECK_ERROR(&session, TEMPLATE_TOO_LARGE, 1, 65, "rendering takes more than 50000000 steps");
	free(json);
}

/*
 * Work within a single expression is counted: each loop looks for interrupts.
 */
static void
test_work_of_expressions(void)
{
	static const char *const expressions[] = {
		"x == y", "x != y", "x < y", "x in [y]", "'a' in x", "x|tojson", "x|join", "x|upper",
		"s|lower", "s|trim", "s|length", "s == t", "s < t", "'a' in s", "o == p", "n == m",
		"n", "not n", "n and n"
	};
	char	   *list = repeat("[", "0,", 20000, "0]");
	char	   *string = repeat("\"", "        ", 40000, "\"");
	char	   *object = repeat("{\"k\": [", "{}, ", 5000, "0]}");
	char	   *number = repeat("", "1", 300000, "");
	char	   *json = malloc(2 * (strlen(list) + strlen(string) + strlen(object) + strlen(number)) + 100);
	Arena	   *arena = arena_create(ARENA_LIMIT);
	Value		variables;

	sprintf(json, "{\"x\": %s, \"y\": %s, \"s\": %s, \"t\": %s, \"o\": %s, \"p\": %s, \"n\": %s, \"m\": %s}",
			list, list, string, string, object, object, number, number);
	CHECK(json_read(arena, json, strlen(json), &variables));
	for (size_t i = 0; i < sizeof(expressions) / sizeof(expressions[0]); i++)
	{
		char		text[100];
		Session		session;

		snprintf(text, sizeof(text), "{%% for i in '0123456789' %%}{%% if %s %%}{%% endif %%}{%% endfor %%}",
				 expressions[i]);
		session = parse(text);
		interruptions = 0;
		render_value(&session, &variables, count_interruptions);
		if (!check_report(interruptions >= 10, expressions[i], "interruptions", __LINE__))
			printf("# %d\n", interruptions);
		arena_free(session.arena);
	}
	arena_free(arena);
	free(list);
	free(string);
	free(object);
	free(number);
	free(json);
}

/* Callers may ask for less than is possible. */
static void
test_lower_limits(void)
{
	Value		variables = {.kind = VALUE_OBJECT};
	TemplateOptions options = {.variables = &variables,.max_output = 10,.max_steps = 100};
	Session		session = parse("{% for c in '0123456789' %}{{ c }}{% endfor %}");

	session.result = template_render(session.arena, session.template, &options,
									 &session.len, &session.missing, &session.error);
	CHECK_TEXT(session.result, session.len, "0123456789");
	options.max_output = 9;
	session.result = template_render(session.arena, session.template, &options,
									 &session.len, &session.missing, &session.error);
	CHECK_CSTRING(session.error.message, "the text becomes larger than 9 bytes");
	options.max_steps = 10;
	session.result = template_render(session.arena, session.template, &options,
									 &session.len, &session.missing, &session.error);
	CHECK(session.result == NULL);
	CHECK_CSTRING(session.error.message, "rendering takes more than 10 steps");
	arena_free(session.arena);
}

/* What several templates take for one result is added up. */
static void
test_work_of_several(void)
{
	Value		variables = {.kind = VALUE_OBJECT};
	size_t		steps = 0;
	TemplateOptions options = {.variables = &variables,.max_steps = 100,.steps = &steps};
	Session		session = parse("{% for c in '0123456789' %}{{ c }}{% endfor %}");
	int			n = 0;

	do
	{
		session.result = template_render(session.arena, session.template, &options,
										 &session.len, &session.missing, &session.error);
		n++;
	} while (session.result != NULL && n < 100);
	CHECK(n == 2 || n == 3);
	CHECK(steps > 100);
	CHECK_CSTRING(session.error.message, "rendering takes more than 100 steps");
	arena_free(session.arena);
}

/* Comparing long names is work, too. */
static void
test_work_of_names(void)
{
	Value		variables;
	char	   *text = repeat("{% for i in '0123456789' %}{{ ", "n", 300000, " }}{% endfor %}");
	char	   *json = repeat("{\"", "n", 300000, "\": 1}");
	Session		session = parse(text);

	CHECK(json_read(session.arena, json, strlen(json), &variables));
	interruptions = 0;
	render_value(&session, &variables, count_interruptions);
	CHECK_TEXT(session.result, session.len, "1111111111");
	CHECK(interruptions >= 10);
	arena_free(session.arena);
	free(text);
	free(json);
}

static jmp_buf jump;

static void
interrupt(void)
{
	longjmp(jump, 1);
}

/* Whoever is interrupted has nothing to free but the arena. */
static void
test_interrupt(void)
{
	static Session session;
	static Value variables = {.kind = VALUE_OBJECT};

	session = parse("{% for a in [1,2,3,4,5,6,7,8,9] %}{% for b in 'abcdefghijklmnopqrstuvwxyz'|upper %}"
					"{% for c in [b|lower, 'abcdefghijklmnopqrstuvwxyz'|tojson] %}{{ c|upper }}"
					"{% endfor %}{% endfor %}{% endfor %}");
	if (setjmp(jump) == 0)
	{
		render_value(&session, &variables, interrupt);
		CHECK(false);
	}
	else
		CHECK(session.result == NULL);
	arena_free(session.arena);
}

static void
test_output(void)
{
	char	   *text = repeat("", "0123456789abcdef", 65536, "");
	char	   *json = malloc((1 << 20) + 32);
	Session		session = parse("{% for i in '0123456789abcdef' %}{{ x }}{% endfor %}");

	sprintf(json, "{\"x\": \"%s\"}", text);
	render(&session, json);
	CHECK(session.result != NULL);
	CHECK_INT(session.len, TEMPLATE_MAX_OUTPUT);
	arena_free(session.arena);

	session = parse("{% for i in '0123456789abcdef' %}{{ x }}{% endfor %}.");
	render(&session, json);
	CHECK_ERROR(&session, TEMPLATE_TOO_LARGE, 1, 53, "the text becomes larger than 16 MB");

	session = parse("{{ [x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x]|join|length }}");
	render(&session, json);
	CHECK_TEXT(session.result, session.len, "16777216");
	arena_free(session.arena);

	session = parse("{{ [x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x]|tojson|length }}");
	render(&session, json);
	CHECK_ERROR(&session, TEMPLATE_TOO_LARGE, 1, 38, "the text becomes larger than 16 MB");
	free(text);
	free(json);

	/* Each of these becomes three letters. */
	text = repeat("{\"x\": \"", "\xef\xac\x83", (TEMPLATE_MAX_OUTPUT >> 2), "\"}");
	session = parse("{{ x|upper|length }}");
	render(&session, text);
	CHECK_TEXT(session.result, session.len, "12582912");
	arena_free(session.arena);
	free(text);

	/* And these take a byte more. */
	text = repeat("{\"x\": \"", "\xc5\x89", TEMPLATE_MAX_OUTPUT / 3 + 1, "\"}");
	session = parse("{{ x|upper|length }}");
	render(&session, text);
	CHECK_ERROR(&session, TEMPLATE_TOO_LARGE, 1, 6, "the text becomes larger than 16 MB");
	free(text);
}

/* Arrays around arrays, in memory of the caller's. */
static Value
nested_value(Value *levels, int n)
{
	levels[0] = (Value) {.kind = VALUE_ARRAY};
	for (int i = 1; i < n; i++)
		levels[i] = (Value) {.kind = VALUE_ARRAY,.elements = &levels[i - 1],.len = 1};
	return levels[n - 1];
}

static void
check_nested(const char *text, int n, const char *message, int line)
{
	static Value levels[2][100000];
	ValueMember members[2] = {
		{"x", 1, nested_value(levels[0], n)},
		{"y", 1, nested_value(levels[1], n)},
	};
	Value		variables = {.kind = VALUE_OBJECT,.members = members,.len = 2};
	Session		session = parse(text);

	render_value(&session, &variables, NULL);
	check_cstring(session.error.message, message, text, "nested", line);
	arena_free(session.arena);
}

static void
test_nested_values(void)
{
	static const char *const templates[] = {
		"{{ x }}", "{{ x|tojson }}", "{{ x == y }}", "{{ x != y }}", "{{ x < y }}",
		"{{ [1] < x }}", "{{ x in [y] }}", "{{ [x] == [y] }}"
	};

	for (size_t i = 0; i < sizeof(templates) / sizeof(templates[0]); i++)
	{
		bool		is_order = strchr(templates[i], '<') != NULL && strchr(templates[i], '1') != NULL;

		check_nested(templates[i], VALUE_MAX_DEPTH - 1,
					 is_order ? "a number and an array cannot be compared by \"<\"" : "", __LINE__);
		check_nested(templates[i], 100000,
					 is_order ? "a number and an array cannot be compared by \"<\"" :
					 "a value is nested too deeply", __LINE__);
	}
}

/* Scratch memory is used again: a long loop takes no more than a short one. */
static void
test_memory_of_loops(void)
{
	Session		session = {.arena = arena_create((size_t) 2 << 20)};
	static const char text[] = "{% for a in x %}{% for b in [a|upper, a|lower] %}"
		"{% if x|tojson|upper|lower == b %}!{% endif %}{% endfor %}{% endfor %}";
	char	   *json = repeat("{\"x\": [", "\"abcdefghijklmnop\",", 500, "0]}");
	Value		variables;

	session.template = template_parse(session.arena, text, sizeof(text) - 1,
									  TEMPLATE_SYNTAX_GAIOPS, &session.error);
	CHECK(json_read(session.arena, json, strlen(json), &variables));
	render_value(&session, &variables, NULL);
	CHECK_TEXT(session.result, session.len, "");
	arena_free(session.arena);
	free(json);
}

/* The memory that the header asks for is enough, where most is needed, too. */
static void
test_memory_asked_for(void)
{
	static const char *const parts[][3] = {
		{"{{[", "1,", "]}}"}, {"{{[", "a,", "]}}"}, {"{{a", "<a", "}}"}, {"{{[", "-1,", "]}}"},
		{"{{[", "1e99,", "]}}"}, {"", "{{a}}", ""}, {"", "{{>a}}", ""}, {"{%if a%}", "{%elif a%}", "{%endif%}"},
	};
	char	   *text = repeat("", "\x01", (TEMPLATE_MAX_OUTPUT - 2) / 6, "");
	ValueMember member = {"x", 1, {.kind = VALUE_STRING,.text = text,.len = strlen(text)}};
	Value		variables = {.kind = VALUE_OBJECT,.members = &member,.len = 1};
	Session		session = {.arena = arena_create(TEMPLATE_RENDER_MEMORY)};

	session.template = template_parse(session.arena, "{{ x|tojson|trim }}", 19, TEMPLATE_SYNTAX_GAIOPS, &session.error);
	render_value(&session, &variables, NULL);
	CHECK_INT(session.len, (TEMPLATE_MAX_OUTPUT - 2) / 6 * 6 + 2);
	arena_free(session.arena);
	free(text);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
	{
		size_t		n = (TEMPLATE_MAX_LENGTH - 20) / strlen(parts[i][1]);
		TemplateError error;
		Arena	   *arena = arena_create(TEMPLATE_PARSE_MEMORY);

		text = repeat(parts[i][0], parts[i][1], n, parts[i][2]);
		CHECK(template_parse(arena, text, strlen(text), TEMPLATE_SYNTAX_GAIOPS, &error) != NULL);
		CHECK_CSTRING(error.message, "");
		arena_free(arena);
		free(text);
	}
}

/*
 * Parses and renders under all limits until memory is enough.  Returns
 * whether it was short before and nothing else was wrong; *message is what is
 * in the end.
 */
static bool
try_memory(const char *text, TemplateSyntax syntax, const Value *variables, char *message)
{
	int			failures = 0;

	for (size_t limit = 0; limit < 100000; limit += 8)
	{
		Session		session = {.arena = arena_create(limit)};
		TemplateNames names = {0};
		TemplateErrorKind kind;

		session.template = template_parse(session.arena, text, strlen(text), syntax, &session.error);
		if (session.template != NULL)
		{
			include(&session, session.template);
			(void) template_collect_variables(session.arena, session.template, &names);
			render_value(&session, variables, NULL);
		}
		strcpy(message, session.error.message);
		kind = session.error.kind;
		arena_free(session.arena);
		if (kind != TEMPLATE_NO_MEMORY)
			return failures > 50;
		if (strcmp(message, "out of memory") != 0)
			return false;
		failures++;
	}
	return false;
}

/* Whatever memory there is, the result is right or that memory is short. */
static void
test_little_memory(void)
{
	static const struct
	{
		const char *text;
		TemplateSyntax syntax;
		const char *message;	/* what is left to complain of */
	}			tests[] = {
		{"{{ a }}{% for x in [b, 'c'|upper, -1e2] %}{{ x }}{{ loop.index }}"
			"{% for y in x|tojson %}{{ y|default('z')|join('\n') }}{% endfor %}{% endfor %}"
			"{{> d }}{{ 'long'|default(1, 2)|lower|length }}{% raw %}{% {% endraw %}{{ e }}",
		TEMPLATE_SYNTAX_GAIOPS, "includes are nested too deeply"},
		{"{% if a == 1 and not [b] != b or a < 2 %}{{ b|tojson|trim }}{% elif a in b %}1{% elif not a %}2"
			"{% else %}{{ a }}{% endif %}{% for x in [] %}{% else %}{{ '\u20ac' }}{% endfor %}",
		TEMPLATE_SYNTAX_GAIOPS, ""},
		{"{{ c }}{{ d.e }}{{ f is defined }}{{ g|default(h) }}", TEMPLATE_SYNTAX_GAIOPS,
		"variables \"c\", \"d.e\", \"h\" are missing"},
		{"{{ a }} {{ b }} {{ a }}{{", TEMPLATE_SYNTAX_MLFLOW, ""},
	};
	static const char json[] = "{\"a\": 1, \"b\": [1, {\"c\": \"d\"}]}";
	Arena	   *arena = arena_create(ARENA_LIMIT);
	Value		variables;

	CHECK(json_read(arena, json, sizeof(json) - 1, &variables));
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
	{
		char		message[512] = "";

		CHECK(try_memory(tests[i].text, tests[i].syntax, &variables, message));
		CHECK_CSTRING(message, tests[i].message);
	}
	arena_free(arena);
}

int
main(void)
{
	test_limits_of_templates();
	test_long_templates();
	test_work();
	test_work_of_expressions();
	test_lower_limits();
	test_work_of_several();
	test_work_of_names();
	test_interrupt();
	test_output();
	test_nested_values();
	test_memory_of_loops();
	test_memory_asked_for();
	test_little_memory();
	return check_finish();
}
