/*
 * characters.c
 *		Texts as sequences of their characters.
 */
#include "core/score/characters.h"

#include <string.h>

#include "core/score/text_score_best.h"
#include "core/text/unicode.h"

#define PAGE_SIZE	((uint32_t) 256)
#define PAGES		((uint32_t) 0x110000 / PAGE_SIZE)

/* The numbers of code points, in pages of which few are needed. */
typedef struct Numbers
{
	Scratch    *scratch;
	uint32_t	n;
	uint32_t   *pages[PAGES];	/* numbers plus 1; 0 for those without */
} Numbers;

/* ---- code points ---- */

/* What is no valid text may have what is no code point. */
static inline uint32_t
code_point_at(const char *text, size_t len)
{
	uint32_t	c = (unsigned char) *text < 0x80 ? (uint32_t) *text : unicode_code_point(text, len);

	return c < PAGES * PAGE_SIZE ? c : 0xFFFD;
}

/* Writes the code points of a text; returns their number. */
static uint32_t
decode_any(TextSlice text, bool with_space, uint32_t *out)
{
	uint32_t	n = 0;
	size_t		step;

	for (size_t i = 0; i < text.len; i += step)
	{
		const char *c = text.data + i;

		step = (unsigned char) *c < 0x80 ? 1 : unicode_first(c, text.len - i);
		if (with_space || (*c > ' ' && *c < 0x7F) || unicode_leading_space(c, step) == 0)
			out[n++] = code_point_at(c, step);
	}
	return n;
}

/*
 * The same of ASCII, without a branch, for where words end is hard to foresee.
 */
static uint32_t
decode_ascii(TextSlice text, bool with_space, uint32_t *out)
{
	uint32_t	n = 0;

	for (size_t i = 0; i < text.len; i++)
	{
		unsigned char c = (unsigned char) text.data[i];

		out[n] = c;
		n += with_space | !unicode_is_ascii_space(c);
	}
	return n;
}

static uint32_t
decode(TextSlice text, bool with_space, uint32_t *out)
{
	return unicode_is_ascii(text.data, text.len) ? decode_ascii(text, with_space, out) :
		decode_any(text, with_space, out);
}

static bool
read_text(Scratch *scratch, TextSlice text, bool with_space, Sequence *sequence)
{
	uint32_t   *symbols = scratch_alloc(scratch, (text.len + 1) * sizeof(uint32_t));

	if (symbols == NULL)
		return false;
	*sequence = (Sequence) {symbols, decode(text, with_space, symbols)};
	return true;
}

static bool
read_texts(const TextComparison *comparison, bool with_space, CharacterTexts *texts)
{
	size_t		n = comparison->nreferences;

	texts->references = scratch_alloc(comparison->scratch, n * sizeof(Sequence));
	if (texts->references == NULL ||
		!read_text(comparison->scratch, comparison->text, with_space, &texts->text))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!read_text(comparison->scratch, comparison->references[i], with_space, &texts->references[i]))
			return false;
	return true;
}

/* ---- numbers ---- */

static uint32_t
greatest(Sequence sequence)
{
	uint32_t	most = 0;

	for (uint32_t i = 0; i < sequence.n; i++)
		most = sequence.symbols[i] > most ? sequence.symbols[i] : most;
	return most;
}

/* Replaces code points by their numbers; false if memory is short. */
static bool
number_text(Numbers *numbers, Sequence sequence)
{
	uint32_t   *symbols = (uint32_t *) sequence.symbols;

	for (uint32_t i = 0; i < sequence.n; i++)
	{
		uint32_t	c = symbols[i];
		uint32_t  **page = &numbers->pages[c / PAGE_SIZE];

		if (*page == NULL)
		{
			*page = scratch_alloc(numbers->scratch, PAGE_SIZE * sizeof(uint32_t));
			if (*page == NULL)
				return false;
			memset(*page, 0, PAGE_SIZE * sizeof(uint32_t));
		}
		if ((*page)[c % PAGE_SIZE] == 0)
			(*page)[c % PAGE_SIZE] = ++numbers->n;
		symbols[i] = (*page)[c % PAGE_SIZE] - 1;
	}
	return true;
}

static bool
number_texts(const TextComparison *comparison, CharacterTexts *texts)
{
	uint32_t	most = greatest(texts->text);
	Numbers    *numbers;
	bool		ok;

	for (size_t i = 0; i < comparison->nreferences; i++)
		most = greatest(texts->references[i]) > most ? greatest(texts->references[i]) : most;
	numbers = scratch_alloc(comparison->scratch, sizeof(Numbers));
	if (numbers == NULL)
		return false;
	numbers->scratch = comparison->scratch;
	numbers->n = 0;
	memset(numbers->pages, 0, (most / PAGE_SIZE + 1) * sizeof(uint32_t *));
	ok = number_text(numbers, texts->text);
	for (size_t i = 0; ok && i < comparison->nreferences; i++)
		ok = number_text(numbers, texts->references[i]);
	texts->nsymbols = numbers->n;
	return ok;
}

const char *
characters_prepare(const TextComparison *comparison, bool with_space, CharacterTexts *texts)
{
	const char *problem = text_score_problem(comparison);

	if (problem != NULL)
		return problem;
	return read_texts(comparison, with_space, texts) && number_texts(comparison, texts) ?
		NULL : text_score_too_long;
}
