/*
 * prompt_address.c
 *		How a prompt version is named.
 */
#include "core/template/prompt_address.h"

#include <string.h>
#include <strings.h>

#define SCHEME			"prompts:/"
#define SCHEME_LEN		(sizeof(SCHEME) - 1)

#define FORMS_PROBLEM \
	"The address of a prompt is prompts:/name/3, prompts:/name@alias, prompts:/name@latest, prompts:/name, or a bare name."
#define VERSION_PROBLEM \
	"A version is a whole number from 1 to 2147483647, without a sign or leading zeros, as in prompts:/name/3."
#define NAME_PROBLEM \
	"The name of a prompt has 1 to 255 characters out of A-Z, a-z, 0-9, \"_\", \".\" and \"-\"."
#define ALIAS_PROBLEM \
	"An alias has 1 to 255 characters out of A-Z, a-z, 0-9, \"_\" and \"-\"."
#define LATEST_PROBLEM \
	"An alias may have any name but \"latest\", which always means the latest version."
#define NUMBERED_PROBLEM \
	"An alias may have any name but \"v\" followed by digits alone; a version is addressed as prompts:/name/3."

/* A part of an address. */
typedef struct Part
{
	const char *text;
	size_t		len;
} Part;

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/*
 * Whether text has 1 to 255 characters, letters, digits, "_", "-" and others.
 */
static bool
has_characters(const char *text, size_t len, const char *others)
{
	if (len == 0 || len > PROMPT_MAX_NAME)
		return false;
	for (size_t i = 0; i < len; i++)
	{
		char		c = text[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !is_digit(c) &&
			(c == '\0' || strchr(others, c) == NULL))
			return false;
	}
	return true;
}

static bool
is_latest(const char *text, size_t len)
{
	return len == strlen("latest") && strncasecmp(text, "latest", len) == 0;
}

const char *
prompt_name_problem(const char *name, size_t len)
{
	return has_characters(name, len, "_.-") ? NULL : NAME_PROBLEM;
}

const char *
prompt_alias_problem(const char *alias, size_t len)
{
	size_t		digits = 0;

	if (!has_characters(alias, len, "_-"))
		return ALIAS_PROBLEM;
	if (is_latest(alias, len))
		return LATEST_PROBLEM;
	if (alias[0] == 'v' || alias[0] == 'V')
		while (1 + digits < len && is_digit(alias[1 + digits]))
			digits++;
	return digits > 0 && digits + 1 == len ? NUMBERED_PROBLEM : NULL;
}

/* Returns what is wrong with a name, or NULL with the name copied. */
static const char *
read_name(Part part, PromptAddress *address)
{
	const char *problem = prompt_name_problem(part.text, part.len);

	if (problem == NULL)
		memcpy(address->name, part.text, part.len);
	return problem;
}

/* The same of an alias; "latest" leaves it empty. */
static const char *
read_alias(Part part, PromptAddress *address)
{
	const char *problem;

	if (is_latest(part.text, part.len))
		return NULL;
	problem = prompt_alias_problem(part.text, part.len);
	if (problem == NULL)
		memcpy(address->alias, part.text, part.len);
	return problem;
}

/* The same of a version. */
static const char *
read_version(Part part, PromptAddress *address)
{
	int64_t		version = 0;

	if (part.len == 0 || !(is_digit(part.text[0]) || part.text[0] == '-' || part.text[0] == '+'))
		return FORMS_PROBLEM;
	if (part.text[0] == '0')
		return VERSION_PROBLEM;
	for (size_t i = 0; i < part.len; i++)
	{
		if (!is_digit(part.text[i]))
			return VERSION_PROBLEM;
		version = version * 10 + (part.text[i] - '0');
		if (version > INT32_MAX)
			return VERSION_PROBLEM;
	}
	address->version = (int32_t) version;
	return NULL;
}

/* Reads what follows the scheme. */
static const char *
read_address(const char *text, size_t len, PromptAddress *address)
{
	Part		name = {text, 0};
	Part		rest;
	const char *problem;

	while (name.len < len && text[name.len] != '/' && text[name.len] != '@')
		name.len++;
	if (name.len == 0)
		return FORMS_PROBLEM;
	problem = read_name(name, address);
	if (problem != NULL || name.len == len)
		return problem;
	rest.text = text + name.len + 1;
	rest.len = len - name.len - 1;
	if (text[name.len] == '/')
		return read_version(rest, address);
	return read_alias(rest, address);
}

bool
prompt_address_parse(const char *text, size_t len, PromptAddress *address,
					 const char **problem)
{
	memset(address, 0, sizeof(*address));
	if (len >= SCHEME_LEN && memcmp(text, SCHEME, SCHEME_LEN) == 0)
		*problem = read_address(text + SCHEME_LEN, len - SCHEME_LEN, address);
	else if (read_name((Part) {text, len}, address) != NULL)
		*problem = FORMS_PROBLEM;
	else
		*problem = NULL;
	return *problem == NULL;
}
