/*
 * model_name.c
 *		What the names of models say.
 */
#include "postgres.h"

#include <ctype.h>

#include "tracking/model_name.h"

/*
 * Takes text and a pattern of D (any digit) and other characters that stand
 * for themselves; returns whether the text is exactly that.
 */
static bool
matches_digits(const char *text, const char *pattern)
{
	for (; *pattern != '\0'; text++, pattern++)
	{
		if (*pattern == 'D' ? !isdigit((unsigned char) *text) : *text != *pattern)
			return false;
	}
	return *text == '\0';
}

/* See model_name.h. */
char *
model_name_undated(const char *model)
{
	static const char *const patterns[] = {
		"-DDDD-DD-DD", "-DDDDDDDD", "@DDDDDDDD"
	};
	size_t		len = strlen(model);

	for (int i = 0; i < lengthof(patterns); i++)
	{
		size_t		suffix_len = strlen(patterns[i]);
		const char *date;

		if (len <= suffix_len)
			continue;
		date = model + len - suffix_len;
		if (matches_digits(date, patterns[i]) &&
			(strncmp(date + 1, "19", 2) == 0 || strncmp(date + 1, "20", 2) == 0))
			return pnstrdup(model, len - suffix_len);
	}
	return NULL;
}

/* Takes a model's name; returns it without gateways, provider and date. */
static const char *
bare_model(const char *model)
{
	const char *slash = strrchr(model, '/');
	const char *name = slash == NULL ? model : slash + 1;
	char	   *undated = model_name_undated(name);

	return undated == NULL ? name : undated;
}

/* See model_name.h. */
bool
model_name_is_other(const char *asked, const char *answering)
{
	return pg_strcasecmp(bare_model(asked), bare_model(answering)) != 0;
}
