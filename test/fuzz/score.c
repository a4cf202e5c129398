/*
 * Fuzzer of core/score: scores are from 0 to 1 or have a reason, a text is
 * equal to itself, what is symmetrical is, what is a part of something is not
 * more, and the tokens of 13a are those of its substitutions one after the
 * other.
 *
 * An input is a text, a NUL and a reference.
 */
#include "core/score/text_score.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "core/score/bleu.h"
#include "core/score/splitters.h"
#include "core/text/unicode.h"
#include "fuzz.h"

#define SCORES		9
#define ROUGE		5			/* the first of ROUGE's */
#define NEAR		1e-9

int			LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static TextScore
score_by(int which, const TextComparison *comparison)
{
	BleuParts	parts;

	switch (which)
	{
		case 0:
			return text_score_quasi_exact(comparison);
		case 1:
			return text_score_token_f1(comparison);
		case 2:
			return text_score_levenshtein(comparison);
		case 3:
			return text_score_chrf(comparison);
		case 4:
			return text_score_bleu(comparison, &parts);
		default:
			return text_score_rouge(comparison, (RougeKind) (which - ROUGE), true);
	}
}

/* A score of a text by references; -1 if it is unknown. */
static double
score(int which, bool by_unicode, TextSlice text, const TextSlice *references, size_t n)
{
	size_t		bytes = text.len;
	TextScore	found;
	Arena	   *arena;
	Scratch		scratch = {0};

	for (size_t i = 0; i < n; i++)
		bytes += references[i].len;
	arena = arena_create(TEXT_SCORE_MEMORY(bytes));
	scratch.arena = arena;
	found = score_by(which, &(TextComparison) {&scratch, NULL, text, references, n, by_unicode});
	REQUIRE(!arena_is_exhausted(arena));
	REQUIRE(scratch.current == NULL);
	REQUIRE(found.is_known == (found.reason == NULL));
	REQUIRE(found.value >= 0 && found.value <= 1);
	arena_free(arena);
	return found.is_known ? found.value : -1;
}

/* ---- the tokens of 13a, by substitutions ---- */

typedef struct Line
{
	char	   *text;
	size_t		len;
} Line;

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_stop(char c)
{
	return c == '.' || c == ',';
}

static bool
is_listed(char c)
{
	return (c >= '{' && c <= '~') || (c >= '[' && c <= '`') || (c >= ' ' && c <= '&') ||
		(c >= '(' && c <= '+') || (c >= ':' && c <= '@') || c == '/';
}

static bool
is_stop_behind(char first, char second)
{
	return !is_digit(first) && is_stop(second);
}

static bool
is_stop_before(char first, char second)
{
	return is_stop(first) && !is_digit(second);
}

static bool
is_dash_behind(char first, char second)
{
	return is_digit(first) && second == '-';
}

/* Puts spaces before, between and behind pairs, from left to right. */
static void
substitute(Line *line, bool (*is_pair) (char, char), const char *before, const char *between, const char *behind)
{
	Line		out = {calloc(1, 3 * line->len + 1), 0};

	for (size_t i = 0; i < line->len; i++)
		if (i + 1 < line->len && is_pair(line->text[i], line->text[i + 1]))
		{
			out.len += (size_t) sprintf(out.text + out.len, "%s%c%s%c%s", before, line->text[i], between, line->text[i + 1], behind);
			i++;
		}
		else
			out.text[out.len++] = line->text[i];
	free(line->text);
	*line = out;
}

static void
space_listed(Line *line)
{
	Line		out = {calloc(1, 3 * line->len + 1), 0};

	for (size_t i = 0; i < line->len; i++)
		out.len += (size_t) sprintf(out.text + out.len, is_listed(line->text[i]) ? " %c " : "%c", line->text[i]);
	free(line->text);
	*line = out;
}

/* What needs substitutions before those of spaces is left to golden cases. */
static void
require_13a(TextSlice text)
{
	size_t		len = text.len - unicode_trailing_space(text.data, text.len);
	Line		line = {calloc(1, len + 3), len + 2};
	Arena	   *arena = arena_create(TEXT_SCORE_MEMORY(text.len));
	Scratch		scratch = {.arena = arena};
	Tokens		tokens;
	size_t		place = 0;

	sprintf(line.text, " %.*s ", (int) len, text.data);
	for (char *c = strchr(line.text, '\n'); c != NULL; c = strchr(c, '\n'))
		*c = ' ';
	space_listed(&line);
	substitute(&line, is_stop_behind, "", " ", " ");
	substitute(&line, is_stop_before, " ", " ", "");
	substitute(&line, is_dash_behind, "", " ", " ");
	REQUIRE(split_13a(&scratch, text, &tokens) == NULL);
	for (uint32_t i = 0; i < tokens.n; i++)
	{
		TokenSpan	span = tokens.spans[i];

		place += unicode_leading_space(line.text + place, line.len - place);
		REQUIRE(line.len - place >= span.len);
		REQUIRE(memcmp(line.text + place, tokens.text + span.start, span.len) == 0);
		place += span.len;
		REQUIRE(place == line.len || unicode_leading_space(line.text + place, line.len - place) > 0);
	}
	REQUIRE(place + unicode_leading_space(line.text + place, line.len - place) == line.len);
	free(line.text);
	arena_free(arena);
}

/* ---- scores ---- */

/* Texts of one word have no pairs in common even if they are equal. */
static void
require_equal(int which, bool by_unicode, TextSlice text)
{
	double		found = score(which, by_unicode, text, &text, 1);

	REQUIRE(found == -1 || found > 1 - NEAR || (which == ROUGE + ROUGE_2 && found == 0));
}

static void
require_scores(TextSlice a, TextSlice b, bool by_unicode)
{
	TextSlice	both[] = {a, b};
	double		found[SCORES];

	for (int which = 0; which < SCORES; which++)
	{
		double		turned = score(which, by_unicode, b, &a, 1);
		double		best = score(which, by_unicode, a, &both[0], 2);

		found[which] = score(which, by_unicode, a, &b, 1);
		require_equal(which, by_unicode, a);
		REQUIRE((turned == -1) == (found[which] == -1));
		if (which != 3 && which != 4 && which != ROUGE + ROUGE_LSUM)
			REQUIRE(fabs(turned - found[which]) < NEAR);
		if (which != 4)
			REQUIRE(best >= found[which]);
	}
	REQUIRE(found[ROUGE + ROUGE_L] <= found[ROUGE + ROUGE_1] + NEAR);
	REQUIRE(found[ROUGE + ROUGE_LSUM] <= found[ROUGE + ROUGE_1] + NEAR);
	REQUIRE(found[0] <= found[1] + NEAR);
}

static bool
has_divided_word(TextSlice text)
{
	for (size_t i = 1; i < text.len; i++)
		if (text.data[i - 1] == '-' && text.data[i] == '\n')
			return true;
	return false;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *) data;
	const char *nul = size == 0 ? NULL : memchr(text, '\0', size);
	TextSlice	a;
	TextSlice	b;

	if (nul == NULL || size > 4096)
		return 0;
	a = (TextSlice) {text, (size_t) (nul - text)};
	b = (TextSlice) {nul + 1, size - 1 - a.len};
	if (!is_storable_text(a.data, a.len) || !is_storable_text(b.data, b.len))
	{
		/* What is no text has no meaning, but does no harm. */
		for (int which = 0; which < 2 * SCORES; which++)
			score(which % SCORES, which >= SCORES, a, &b, 1);
		return 0;
	}
	if (memchr(a.data, '&', a.len) == NULL && memchr(a.data, '<', a.len) == NULL &&
		!has_divided_word(a))
		require_13a(a);
	require_scores(a, b, false);
	require_scores(a, b, true);
	return 0;
}
