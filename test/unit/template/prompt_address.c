/* Names, aliases and addresses of core/template/prompt_address. */
#include "core/template/prompt_address.h"

#include <stdlib.h>

#include "check.h"

#define FORMS	"The address of a prompt is prompts:/name/3, prompts:/name@alias, prompts:/name@latest, prompts:/name, or a bare name."
#define VERSION "A version is a whole number from 1 to 2147483647, without a sign or leading zeros, as in prompts:/name/3."
#define NAME	"The name of a prompt has 1 to 255 characters out of A-Z, a-z, 0-9, \"_\", \".\" and \"-\"."
#define ALIAS	"An alias has 1 to 255 characters out of A-Z, a-z, 0-9, \"_\" and \"-\"."
#define LATEST	"An alias may have any name but \"latest\", which always means the latest version."
#define NUMBERED "An alias may have any name but \"v\" followed by digits alone; a version is addressed as prompts:/name/3."

/* A copy that ends where the text does, so that overreads are seen. */
static char *
copy_bytes(const char *text, size_t len)
{
	char	   *copy = malloc(len > 0 ? len : 1);

	memcpy(copy, text, len);
	return copy;
}

static void
check_address(const char *text, const char *name, int version, const char *alias, int line)
{
	char	   *copy = copy_bytes(text, strlen(text));
	PromptAddress address;
	const char *problem = "untouched";

	memset(&address, 'x', sizeof(address));
	check_report(prompt_address_parse(copy, strlen(text), &address, &problem), text, "address", line);
	check_cstring(problem, NULL, text, "address", line);
	check_cstring(address.name, name, text, "address", line);
	check_int(address.version, version, text, "address", line);
	check_cstring(address.alias, alias, text, "address", line);
	free(copy);
}

static void
check_refused(const char *text, size_t len, const char *expected, const char *shown, int line)
{
	char	   *copy = copy_bytes(text, len);
	PromptAddress address;
	const char *problem = NULL;

	check_report(!prompt_address_parse(copy, len, &address, &problem), shown, "refused", line);
	check_cstring(problem, expected, shown, "refused", line);
	free(copy);
}

#define ADDRESS(text, name, version, alias) check_address(text, name, version, alias, __LINE__)
#define REFUSED(text, problem)	check_refused(text, sizeof(text) - 1, problem, #text, __LINE__)

static void
test_addresses(void)
{
	ADDRESS("prompts:/Greet_Prompt/3", "Greet_Prompt", 3, "");
	ADDRESS("prompts:/Greet_Prompt@production", "Greet_Prompt", 0, "production");
	ADDRESS("prompts:/Greet_Prompt@latest", "Greet_Prompt", 0, "");
	ADDRESS("prompts:/Greet_Prompt@LATEST", "Greet_Prompt", 0, "");
	ADDRESS("prompts:/Greet_Prompt@Latest", "Greet_Prompt", 0, "");
	ADDRESS("prompts:/Greet_Prompt", "Greet_Prompt", 0, "");
	ADDRESS("Greet_Prompt", "Greet_Prompt", 0, "");
	ADDRESS("prompts", "prompts", 0, "");
	ADDRESS("latest", "latest", 0, "");
	ADDRESS("3", "3", 0, "");
	ADDRESS("..", "..", 0, "");
	ADDRESS("prompts:/a.b-c_1/1", "a.b-c_1", 1, "");
	ADDRESS("prompts:/a/2147483647", "a", 2147483647, "");
	ADDRESS("prompts:/a@v", "a", 0, "v");
	ADDRESS("prompts:/a@v1-beta", "a", 0, "v1-beta");
	ADDRESS("prompts:/a@latest2", "a", 0, "latest2");
	ADDRESS("prompts:/a@1", "a", 0, "1");
}

static void
test_refused(void)
{
	REFUSED("", FORMS);
	REFUSED("a b", FORMS);
	REFUSED("a@b", FORMS);
	REFUSED("a/1", FORMS);
	REFUSED("gr\xc3\xbc\xc3\x9f", FORMS);
	REFUSED("prompts:a", FORMS);
	REFUSED("prompts:", FORMS);
	REFUSED("prompts:/", FORMS);
	REFUSED("prompts://a", FORMS);
	REFUSED("prompts:///a/1", FORMS);
	REFUSED("prompts:/@production", FORMS);
	REFUSED("Prompts:/a", FORMS);
	REFUSED("models:/a/1", FORMS);
	REFUSED(" prompts:/a", FORMS);
	REFUSED("a\0", FORMS);
	REFUSED("prompts:/a/", FORMS);
	REFUSED("prompts:/a/latest", FORMS);
	REFUSED("prompts:/a/b/3", FORMS);
	REFUSED("prompts:/a/ 3", FORMS);
	REFUSED("prompts:/a b/1", NAME);
	REFUSED("prompts:/a\n", NAME);
	REFUSED("prompts:/a\0b/1", NAME);
	REFUSED("prompts:/a/0", VERSION);
	REFUSED("prompts:/a/03", VERSION);
	REFUSED("prompts:/a/-1", VERSION);
	REFUSED("prompts:/a/+1", VERSION);
	REFUSED("prompts:/a/1.0", VERSION);
	REFUSED("prompts:/a/1@b", VERSION);
	REFUSED("prompts:/a/1 ", VERSION);
	REFUSED("prompts:/a/1/", VERSION);
	REFUSED("prompts:/a/2147483648", VERSION);
	REFUSED("prompts:/a/99999999999999999999999999", VERSION);
	REFUSED("prompts:/a@", ALIAS);
	REFUSED("prompts:/a@b c", ALIAS);
	REFUSED("prompts:/a@b@c", ALIAS);
	REFUSED("prompts:/a@b/1", ALIAS);
	REFUSED("prompts:/a@b.c", ALIAS);
	REFUSED("prompts:/a@v1", NUMBERED);
	REFUSED("prompts:/a@V12", NUMBERED);
}

static void
test_names(void)
{
	char		text[PROMPT_MAX_NAME + 1];

	memset(text, 'a', sizeof(text));
	CHECK_CSTRING(prompt_name_problem(text, PROMPT_MAX_NAME), NULL);
	CHECK_CSTRING(prompt_name_problem(text, PROMPT_MAX_NAME + 1), NAME);
	CHECK_CSTRING(prompt_alias_problem(text, PROMPT_MAX_NAME), NULL);
	CHECK_CSTRING(prompt_alias_problem(text, PROMPT_MAX_NAME + 1), ALIAS);
	CHECK_CSTRING(prompt_name_problem("", 0), NAME);
	CHECK_CSTRING(prompt_alias_problem("", 0), ALIAS);
	for (int c = 0; c < 256; c++)
	{
		char		one = (char) c;
		bool		is_word = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
			(c >= 'a' && c <= 'z') || c == '_' || c == '-';

		CHECK((prompt_name_problem(&one, 1) == NULL) == (is_word || c == '.'));
		CHECK((prompt_alias_problem(&one, 1) == NULL) == is_word);
	}
	CHECK_CSTRING(prompt_alias_problem("latest", 6), LATEST);
	CHECK_CSTRING(prompt_alias_problem("LaTeSt", 6), LATEST);
	CHECK_CSTRING(prompt_alias_problem("v007", 4), NUMBERED);
	CHECK_CSTRING(prompt_alias_problem("vv1", 3), NULL);
}

/* The longest parts fit, with a NUL behind them. */
static void
test_longest(void)
{
	char		text[2 * PROMPT_MAX_NAME + 16] = "prompts:/";
	PromptAddress address;
	const char *problem;

	memset(text + 9, 'n', PROMPT_MAX_NAME);
	text[9 + PROMPT_MAX_NAME] = '@';
	memset(text + 10 + PROMPT_MAX_NAME, 'a', PROMPT_MAX_NAME);
	CHECK(prompt_address_parse(text, 10 + 2 * PROMPT_MAX_NAME, &address, &problem));
	CHECK_INT(strlen(address.name), PROMPT_MAX_NAME);
	CHECK_INT(strlen(address.alias), PROMPT_MAX_NAME);
	CHECK(!prompt_address_parse(text + 9, PROMPT_MAX_NAME + 1, &address, &problem));
	CHECK_CSTRING(problem, FORMS);
}

int
main(void)
{
	test_addresses();
	test_refused();
	test_names();
	test_longest();
	return check_finish();
}
