/* The interface of core/template: names, includes, limits, places of errors. */
#include "core/template.h"

#include <setjmp.h>

#include "check.h"
#include "json_values.h"

#define ARENA_LIMIT		((size_t) 256 << 20)

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
parse_bytes(const char *text, size_t len)
{
	Session		session = {.arena = arena_create(ARENA_LIMIT)};

	session.template = template_parse(session.arena, text, len,
									  TEMPLATE_SYNTAX_GAIOPS, &session.error);
	return session;
}

static Session
parse(const char *text)
{
	return parse_bytes(text, strlen(text));
}

static void
render_value(Session *session, const Value *variables, void (*check_interrupts) (void))
{
	TemplateOptions options = {.variables = variables,.check_interrupts = check_interrupts};

	session->result = template_render(session->arena, session->template, &options,
									  &session->len, &session->missing, &session->error);
}

static void
render(Session *session, const char *variables)
{
	Value		value;

	CHECK(json_read(session->arena, variables, strlen(variables), &value));
	render_value(session, &value, NULL);
}

/* Checks the error of a session, and frees it. */
static void
check_error(Session *session, TemplateErrorKind kind, int place, const char *message, int line)
{
	check_int(session->error.kind, kind, message, "error", line);
	check_int(session->error.line * 1000 + session->error.column, place, message, "place", line);
	check_cstring(session->error.message, message, message, "message", line);
	check_report(session->result == NULL, message, "no result", line);
	arena_free(session->arena);
}

#define CHECK_ERROR(session, kind, line, column, message) \
	check_error(session, kind, (line) * 1000 + (column), message, __LINE__)

/* A long text: opening, piece n times, closing.  The caller frees it. */
static char *
repeat(const char *opening, const char *piece, size_t n, const char *closing)
{
	size_t		step = strlen(piece);
	char	   *text = malloc(strlen(opening) + n * step + strlen(closing) + 1);
	char	   *out = text + strlen(opening);

	strcpy(text, opening);
	for (size_t i = 0; i < n; i++, out += step)
		memcpy(out, piece, step);
	strcpy(out, closing);
	return text;
}

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
		"{% endif %}{{> prompts:/a-b follow }}{% for é in";

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
					"{% if x %}{{>a}}{% endif %} {{ y }}{{> e follow }}");
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
		check_include(&includes[4], "e", true, 4, 36);
	}
	arena_free(session.arena);

	session = parse("{{ a }}");
	CHECK(template_includes(session.template, &n) == NULL);
	CHECK_INT(n, 0);
	arena_free(session.arena);
}

/* Sets all targets of an including template to one. */
static void
include(const Session *session, const Template *target)
{
	int			n;
	TemplateInclude *includes = template_includes(session->template, &n);

	for (int i = 0; i < n; i++)
		includes[i].target = target;
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

/* Includes that double at each level: few templates, many ways through them. */
static void
test_include_lattice(void)
{
	Session		levels[64];
	TemplateNames names = {0};

	levels[63] = parse("{{ x.y }}{{ z }}");
	for (int i = 62; i >= 0; i--)
	{
		levels[i] = parse("{% for z in [1, 2] %}{{> a }}{{> b }}{% endfor %}");
		include(&levels[i], levels[i + 1].template);
	}
	CHECK(template_collect_variables(levels[0].arena, levels[0].template, &names));
	CHECK_INT(names.n, 1);
	CHECK_TEXT(names.names[0].text, names.names[0].len, "x");
	render(&levels[0], "{\"x\": {\"y\": \"\"}}");
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

/* Work within a single expression is counted: each loop looks for interrupts. */
static void
test_work_of_expressions(void)
{
	static const char *const expressions[] = {
		"x == y", "x != y", "x < y", "x in [y]", "'a' in x", "x|tojson", "x|join", "x|upper",
		"s|lower", "s|trim", "s|length", "s == t", "s < t", "'a' in s", "o == p", "n == m"
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

/* Whatever memory there is, the result is right or that memory is short. */
static void
test_little_memory(void)
{
	static const char text[] = "{{ a }}{% for x in [b, 'c'|upper, -1e2] %}{{ x }}{{ loop.index }}"
		"{% for y in x|tojson %}{{ y|default('z')|join('\\n') }}{% endfor %}{% endfor %}"
		"{{> d }}{{ 'long'|default(1, 2)|lower|length }}{% raw %}{% {% endraw %}{{ e }}";
	static const char json[] = "{\"a\": 1, \"b\": [1, {\"c\": \"d\"}]}";
	char	   *first = NULL;
	Value		variables;
	Arena	   *outside = arena_create(ARENA_LIMIT);
	int			short_of = 0;

	CHECK(json_read(outside, json, sizeof(json) - 1, &variables));
	for (size_t limit = 0; limit < 64000 && first == NULL; limit += 16)
	{
		Session		session = {.arena = arena_create(limit)};
		TemplateNames names = {0};

		session.template = template_parse(session.arena, text, sizeof(text) - 1,
										  TEMPLATE_SYNTAX_GAIOPS, &session.error);
		if (session.template != NULL)
		{
			include(&session, session.template);
			(void) template_collect_variables(session.arena, session.template, &names);
			render_value(&session, &variables, NULL);
			if (session.error.kind != TEMPLATE_NO_MEMORY)
				first = strdup(session.error.message);
		}
		short_of += session.error.kind == TEMPLATE_NO_MEMORY;
		if (session.error.kind == TEMPLATE_NO_MEMORY && strcmp(session.error.message, "out of memory") != 0)
			CHECK_CSTRING(session.error.message, "out of memory");
		arena_free(session.arena);
	}
	CHECK(short_of > 100);
	/* With enough of it, what is left to complain of is the circle. */
	CHECK_CSTRING(first, "includes are nested too deeply");
	free(first);
	arena_free(outside);
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
	test_limits_of_templates();
	test_long_templates();
	test_work();
	test_work_of_expressions();
	test_lower_limits();
	test_interrupt();
	test_output();
	test_nested_values();
	test_memory_of_loops();
	test_little_memory();
	test_mlflow();
	return check_finish();
}
