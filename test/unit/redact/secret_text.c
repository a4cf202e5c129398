/* What core/redact/secret_text takes for a statement with a key. */
#include "core/redact/secret_text.h"

#include <stdlib.h>

#include "check.h"

static const char *const calls[] = {
	"SELECT gaiops_create_secret('a', 'sk')",
	"SELECT gaiops_alter_secret('a', 'sk')",
	"select GAIOPS_Create_SECRET('a', 'sk')",
	"SELECT pg_catalog . \"gaiops_create_secret\" ('a', 'sk')",
	"SELECT gaiops_create_secret\n\t('a', 'sk')",
	"SELECT gaiops_create_secret /* a /* b */ c */ -- d\n ('a', 'sk')",
	"SELECT U&\"gaiops\\005fcreate_secret\"('a', 'sk')",
	"SELECT U&\"\\0067aiops_create\\+00005Fsecret\"('a', 'sk')",
	"SELECT U&\"gaiops!005fcreate!005fsecret\" UESCAPE '!' ('a', 'sk')",
	"SELECT U&\"gaiopsz005fcreate_secret\" UESCAPE 'z' ('a', 'sk')",
	"{\"Query Text\": \"SELECT U&\\\"gaiops\\\\005fcreate_secret\\\"('a', 'sk')\"}",
	"SELECT gaiops_create_secret(name, value) FROM (VALUES ('a', 'sk')) AS t (name, value)",
	"SELECT gaiops_create_secret(name => 'a', value => 'sk')",
	"SELECT gaiops_create_secret($1, $2)",
	"SELECT gaiops_create_secret(text '', 'sk')",
	"SELECT gaiops_create_secret(",
	"SELECT gaiops_create_secret 'a', 'sk')",
	"SELECT gaiops_create_secret E'a', 'sk')",
	"SELECT gaiops_create_secret U&'a', 'sk')",
	"SELECT gaiops_create_secret $$a$$, 'sk')",
	"SELECT gaiops_create_secret ['a', 'sk']",
	"SELECT gaiops_create_secret[\"a\", \"sk\"]",
	"SELECT gaiops_create_secret {'a', 'sk'}",
	"SELECT gaiops_create_secret = 'sk'",
	"SELECT gaiops_create_secret, ('a', 'sk')",
	"SELECT gaiops_create_secret: ('a', 'sk')",
	"SELECT gaiops_create_secret . ('a', 'sk')",
	"SELECT gaiops_create_secret; ('a', 'sk')",
	"SELECT (gaiops_create_secret) ('a', 'sk')",
	"SELECT gaiops_create_secret VALUES ('a', 'sk')",
	"CALL gaiops_create_secret a, $$sk$$",
	"SELECT gaiops_create_secrets('a', 'sk')",
	"SELECT my_gaiops_create_secret('a', 'sk')",
	"GRANT EXECUTE ON FUNCTION gaiops_create_secret(text, text) TO a; SELECT gaiops_alter_secret('a', 'sk')",
	"gaiops_create_secret() gaiops_create_secret(text) ",
	"gaiops_create_secret(text, text, text)",
	"SELECT gaiops_create_secret(name.text, value.text) FROM (VALUES ('a')) AS name (text), (VALUES ('sk')) AS value (text)",
	"gaiops_create_secret(name, text text)",
	"gaiops_create_secret(name text value, text)",
	"gaiops_create_secret(text text)",
	"gaiops_create_secret(text,, text)",
	"gaiops_create_secret(text.text, text)",
	"gaiops_create_secret(pg_catalog text, text)",
	"gaiops_create_secret(value text, name text)",
	"SELECT gaiops_create_secret(/* unended",
};

/*
 * What repeats, and of which each piece could be looked at to the end of the
 * text.
 */
static const char *const repeated[] = {
	"'gaiops_create_secret'",
	"gaiops_create_secret",
	"gaiops_create_secret ",
	"gaiops_create_secret\"",
	"gaiops_create_secret)",
	"/*gaiops_create_secret ",
	"gaiops_create_secret/*",
	"gaiops_create_secret--",
	"gaiops_create_secret(--",
	"gaiops_create_secret(/*",
	"gaiops_create_secret uescape--",
	"gaiops_create_secret(text--",
	"gaiops_create_secret_from_file--",
	"execute ",
	"execute--",
	"/*execute ",
	"execute/*",
	"execute\"",
	"execute u&\"",
	"execute \\0065",
	"executee",
};

static const char *const others[] = {
	"",
	"SELECT 1",
	"SELECT gaiops_create_secret_from_file('a', '/key')",
	"SELECT gaiops_alter_secret_FROM_FILE ('a', '/key')",
	"SELECT gaiops_drop_secret('a')",
	"SELECT * FROM gaiops_list_secrets()",
	"GRANT EXECUTE ON FUNCTION gaiops_create_secret(text, text) TO a",
	"GRANT EXECUTE ON FUNCTION gaiops_create_secret ( text , pg_catalog.text ) TO a",
	"CREATE FUNCTION pg_catalog.gaiops_create_secret(IN name text, value text) RETURNS text",
	"COMMENT ON FUNCTION gaiops_alter_secret(text,text) IS 'Seals a key'",
	"Create it with gaiops_create_secret().",
	"SELECT 'gaiops_create_secret'::regproc",
	"WHERE proname = 'gaiops_create_secret' AND prosecdef",
	"WHERE proname IN ('gaiops_create_secret', 'gaiops_alter_secret')",
	"WHERE p.proname OPERATOR(pg_catalog.~) '^(gaiops_create_secret)$' COLLATE pg_catalog.default",
	"WHERE oid = 'gaiops_create_secret(text, text)'::regprocedure",
	"GRANT EXECUTE ON FUNCTION gaiops_create_secret(IN name pg_catalog . text, IN value text) TO a",
	"GRANT EXECUTE ON FUNCTION gaiops_create_secret TO a",
	"SELECT 'a', gaiops_create_secret FROM b",
	"DROP FUNCTION gaiops_create_secret, gaiops_alter_secret",
	"what gaiops_create_secret takes",
	"gaiops_create_secret",
	"gaiops_create_",
	"gaiops",
	"g",
	"\\",
	"\\0",
	"\\+00006",
	"U&\"gaiops\\",
};

/*
 * One check: whether a text has a call.  The text is told if it is not as
 * expected.
 */
static void
check_call(const char *text, bool expected, const char *what)
{
	if (!check_report(secret_text_has_call(text) == expected, what, __FILE_NAME__, __LINE__))
		printf("# %s\n", text);
}

static void
check_calls(void)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		check_call(calls[i], true, "a call");
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		check_call(others[i], false, "no call");
}

/*
 * Every beginning of every text, in memory of its own, so that reading beyond
 * is seen.
 */
static void
check_beginnings(void)
{
	int			seen = 0;
	char		name[64];

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		for (size_t len = 0; len <= strlen(calls[i]); len++)
		{
			char	   *copy = strndup(calls[i], len);

			seen += secret_text_has_call(copy);
			seen += secret_text_next_execute(copy, name, sizeof(name)) != NULL;
			free(copy);
		}
	CHECK(seen > 0);
}

/*
 * The names of the prepared statements that a text executes, each with a
 * stroke behind.
 */
static const char *
executed(const char *text)
{
	static char all[256];
	char		name[8];

	all[0] = '\0';
	while ((text = secret_text_next_execute(text, name, sizeof(name))) != NULL)
	{
		strcat(all, name);
		strcat(all, "|");
	}
	return all;
}

static void
check_executes(void)
{
	CHECK_CSTRING(executed("EXECUTE p('sk')"), "p|");
	CHECK_CSTRING(executed("explain execute P ('sk'); Execute\n/* c */q"), "p|q|");
	CHECK_CSTRING(executed("EXECUTE \"P\"\"x\"('sk')"), "P\"x|");
	CHECK_CSTRING(executed("EXECUTE U&\"\\0070\\+000071\"('sk')"), "pq|");
	CHECK_CSTRING(executed("EXECUTE \"\\0070\""), "\\0070|");
	CHECK_CSTRING(executed("EXECUTE abcdefghij('sk')"), "abcdefg|");
	CHECK_CSTRING(executed("EXECUTE 'SELECT 1'"), "");
	CHECK_CSTRING(executed("executed p, my_execute p, execute"), "");
	CHECK_CSTRING(executed("EXECUTE \"p"), "p|");
	CHECK_CSTRING(executed("EXECUTE \"\" x"), "");
}

static size_t looks = 0;

static void
count_look(void)
{
	looks++;
}

/*
 * How many looks for interrupts n pieces with an end behind take, which is by
 * work.
 */
static size_t
count_looks(const char *piece, size_t n, const char *end)
{
	size_t		len = strlen(piece);
	char	   *text = malloc(n * len + strlen(end) + 1);
	const char *at = text;
	char		name[64];

	for (size_t i = 0; i < n; i++)
		memcpy(text + i * len, piece, len);
	strcpy(text + n * len, end);
	looks = 0;
	(void) secret_text_has_call(text);
	while ((at = secret_text_next_execute(at, name, sizeof(name))) != NULL)
		;
	free(text);
	return looks;
}

/*
 * Nothing is looked at more often because there is more of it, with or
 * without an end.
 */
static void
check_work(void)
{
	const char *const ends[] = {"", "*/ (text, text)", "\n--\n--\n(text, text)", "\n--\n--\ntext, text)"};

	secret_text_check_interrupts = count_look;
	for (size_t i = 0; i < sizeof(repeated) / sizeof(repeated[0]); i++)
		for (size_t j = 0; j < sizeof(ends) / sizeof(ends[0]); j++)
		{
			size_t		found = count_looks(repeated[i], 262144 / strlen(repeated[i]), ends[j]);

			/*
			 * Each of both scans looks for interrupts 4 times if it looks at
			 * nothing twice.
			 */
			if (!check_report(found <= 2 * 4 * 40, "work by length", __FILE_NAME__, __LINE__))
				printf("# %zu looks at %s\n", found, repeated[i]);
		}
	CHECK(count_looks(" ", 1048576, "") >= 2 * 16 - 1);
	secret_text_check_interrupts = NULL;
}

/* Puts more of a character behind text than is looked at. */
static void
fill(char *text, char c)
{
	size_t		len = strlen(text);

	memset(text + len, c, 400);
	text[len + 400] = '\0';
}

/* What cannot be seen to its end is rather a call. */
static void
check_ends(void)
{
	char		text[1024];
	char		name[8];

	strcpy(text, "gaiops_create_secret(/*");
	fill(text, ')');
	strcat(text, "*/ 'k', 'v')");
	check_call(text, true, "a long comment of what closes the parenthesis");
	strcpy(text, "gaiops_create_secret(--");
	fill(text, ')');
	strcat(text, "\n'k', 'v')");
	check_call(text, true, "the same to the end of the line");
	strcpy(text, "gaiops_create_secret /*");
	fill(text, '-');
	strcat(text, "*/ (text, text)");
	check_call(text, true, "a long comment");
	memcpy(text, "             execute /*", strlen("gaiops_create_secret /*"));
	CHECK(secret_text_next_execute(text, name, sizeof(name)) != NULL);
	CHECK_CSTRING(name, "");
}

int
main(void)
{
	check_work();
	check_ends();
	check_calls();
	check_beginnings();
	check_executes();
	return check_finish();
}
