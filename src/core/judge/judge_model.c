/*
 * judge_model.c
 *		What the names of models say of their family, and what a refusal of a
 *		request is about.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE				/* for memmem() */
#endif

#include "core/judge/judge_model.h"

#include <string.h>
#include <strings.h>

#include "core/memory/length_of.h"

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The letters that a name begins with, once its path is taken off. */
static TextSlice
family(const char *model)
{
	const char *slash = strrchr(model, '/');
	const char *name = slash == NULL ? model : slash + 1;
	size_t		len = 0;

	while (is_letter(name[len]))
		len++;
	if ((len == 1 && (name[0] | 0x20) == 'o' && name[1] >= '1' && name[1] <= '9') ||
		(len == 7 && strncasecmp(name, "chatgpt", 7) == 0))
		return (TextSlice) {"gpt", 3};
	return (TextSlice) {name, len};
}

bool
judge_models_are_related(const char *one, const char *other)
{
	TextSlice	first = family(one);
	TextSlice	second = family(other);

	return first.len > 0 && first.len == second.len && strncasecmp(first.data, second.data, first.len) == 0;
}

unsigned
judge_refused_options(TextSlice message)
{
	static const struct
	{
		const char *word;
		unsigned	option;
	}			words[] = {
		{"temperature", JUDGE_TEMPERATURE}, {"seed", JUDGE_SEED}, {"max_tokens", JUDGE_MAX_TOKENS},
		{"max_completion_tokens", JUDGE_MAX_COMPLETION_TOKENS}, {"response_format", JUDGE_SCHEMA},
		{"json_schema", JUDGE_SCHEMA}, {"structured output", JUDGE_SCHEMA}
	};
	unsigned	found = 0;

	for (size_t i = 0; message.data != NULL && i < LENGTH_OF(words); i++)
		if (memmem(message.data, message.len, words[i].word, strlen(words[i].word)) != NULL)
			found |= words[i].option;
	return found;
}
