/*
 * judge_instructions.c
 *		What a judge is told to do, and which data that is about.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE				/* for memmem() */
#endif

#include "core/judge/judge_instructions.h"

#include <stdbool.h>
#include <string.h>

static const char *const names[] = {
	[JUDGE_CONVERSATION] = "conversation",
	[JUDGE_INPUTS] = "inputs",
	[JUDGE_CONTEXT] = "context",
	[JUDGE_EXPECTATIONS] = "expectations",
	[JUDGE_GUIDELINES] = "guidelines",
	[JUDGE_TRACE] = "trace",
	[JUDGE_OUTPUTS] = "outputs",
	[JUDGE_SECOND_OUTPUTS] = "second outputs",
};

const char *
judge_datum_name(JudgeDatum datum)
{
	return names[datum];
}

/* ---- placeholders ---- */

/* A word in double braces. */
typedef struct Braces
{
	size_t		start;			/* of the braces */
	size_t		end;			/* behind them */
	TextSlice	word;
} Braces;

static bool
is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Reads what may be a word in braces at a place that has two of them. */
static bool
read_braces(TextSlice text, size_t at, Braces *found)
{
	size_t		word;

	found->start = at;
	for (at += 2; at < text.len && is_space(text.data[at]);)
		at++;
	for (word = at; at < text.len && is_word(text.data[at]);)
		at++;
	found->word = (TextSlice) {text.data + word, at - word};
	while (at < text.len && is_space(text.data[at]))
		at++;
	found->end = at + 2;
	return found->word.len > 0 && found->end <= text.len && memcmp(text.data + at, "}}", 2) == 0;
}

/* The next word in braces from a place on; false if there is none. */
static bool
next_braces(TextSlice text, size_t at, Braces *found)
{
	while (at < text.len)
	{
		const char *open = memmem(text.data + at, text.len - at, "{{", 2);

		if (open == NULL)
			return false;
		at = (size_t) (open - text.data);
		if (read_braces(text, at, found))
			return true;
		at++;
	}
	return false;
}

/* The datum of a word; JUDGE_NDATA if it is none that may be asked for. */
static JudgeDatum
find_datum(TextSlice word)
{
	for (int i = 0; i < JUDGE_SECOND_OUTPUTS; i++)
		if (strlen(names[i]) == word.len && memcmp(names[i], word.data, word.len) == 0)
			return (JudgeDatum) i;
	return JUDGE_NDATA;
}

TextSlice
judge_instructions_scan(TextSlice instructions, unsigned *data)
{
	Braces		braces;
	size_t		at = 0;

	*data = 0;
	while (next_braces(instructions, at, &braces))
	{
		JudgeDatum	datum = find_datum(braces.word);

		if (datum == JUDGE_NDATA)
			return braces.word;
		*data |= 1u << datum;
		at = braces.end;
	}
	return (TextSlice) {NULL, 0};
}

bool
judge_instructions_write(TextBuilder *builder, TextSlice instructions)
{
	Braces		braces;
	size_t		at = 0;

	while (next_braces(instructions, at, &braces))
	{
		text_append(builder, instructions.data + at, braces.start - at);
		text_append_cstring(builder, "the section \"");
		text_append(builder, braces.word.data, braces.word.len);
		text_append_cstring(builder, "\"");
		at = braces.end;
	}
	return text_append(builder, instructions.data + at, instructions.len - at);
}
