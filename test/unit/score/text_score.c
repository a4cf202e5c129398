/*
 * What no reference implementation says of text scores: memory, interrupts,
 * reasons.
 */
#include "core/score/text_score.h"

#include <setjmp.h>
#include <stdlib.h>

#include "check.h"
#include "core/memory/length_of.h"
#include "core/score/bleu.h"
#include "core/score/ranking.h"

/* Long enough for scores whose time is quadratic to be interrupted. */
#define LONG_TEXT	20000
#define SCORES		9

static int	checked_interrupts = 0;
static jmp_buf interrupted;

static void
count_interrupts(void)
{
	checked_interrupts++;
}

static void
jump_away(void)
{
	longjmp(interrupted, 1);
}

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
			return text_score_rouge(comparison, (RougeKind) (which - 5), true);
	}
}

static TextSlice
slice(const char *text)
{
	return (TextSlice) {text, strlen(text)};
}

/* Random pieces up to a length; the caller frees it. */
static char *
make_text(const char *const *pieces, uint32_t npieces, uint32_t seed)
{
	char	   *text = calloc(1, LONG_TEXT + 16);
	size_t		len = 0;

	while (len < LONG_TEXT)
	{
		const char *piece = pieces[(seed >> 16) % npieces];

		seed = seed * 1103515245 + 12345;
		memcpy(text + len, piece, strlen(piece));
		len += strlen(piece);
	}
	return text;
}

/*
 * The memory that is said to be enough is, for two references, whatever texts
 * are made of, and is all given back.
 */
static void
check_memory(const char *const *pieces, uint32_t npieces)
{
	char	   *texts[3];
	TextSlice	references[2];
	size_t		bytes = 0;

	for (int i = 0; i < 3; i++)
	{
		texts[i] = make_text(pieces, npieces, 7 + (uint32_t) i * 12345);
		bytes += strlen(texts[i]);
	}
	references[0] = slice(texts[1]);
	references[1] = slice(texts[2]);
	for (int which = 0; which < 2 * SCORES; which++)
	{
		Arena	   *arena = arena_create(TEXT_SCORE_MEMORY(bytes));
		Scratch		scratch = {.arena = arena};
		TextComparison comparison = {&scratch, count_interrupts, slice(texts[0]), references, 2, which >= SCORES};
		TextScore	score = score_by(which % SCORES, &comparison);

		check_report(score.is_known && score.value >= 0 && score.value <= 1, "known", __FILE_NAME__, 1000 + which);
		check_report(!arena_is_exhausted(arena), "memory", __FILE_NAME__, 1000 + which);
		check_report(scratch.current == NULL, "given back", __FILE_NAME__, 1000 + which);
		arena_free(arena);
	}
	for (int i = 0; i < 3; i++)
		free(texts[i]);
}

/* Whether a score is known with so much memory; if not that must be short. */
static bool
is_known_with(size_t limit, int which, const TextComparison *comparison)
{
	Arena	   *arena = arena_create(limit);
	Scratch		scratch = {.arena = arena};
	TextComparison limited = *comparison;
	TextScore	score;

	limited.scratch = &scratch;
	score = score_by(which, &limited);
	if (score.is_known == arena_is_exhausted(arena) || score.is_known == (score.reason != NULL))
		check_report(false, "known or short", __FILE_NAME__, which);
	arena_free(arena);
	return score.is_known;
}

/* With too little memory there is no score, whatever could not be had. */
static void
check_shortage(void)
{
	TextSlice	references[] = {slice("the quick brown fox"), slice("over the\nlazy dog")};
	TextSlice	others[] = {slice("M\303\274ller"), slice("over the\nlazy dog \344\270\255\345\233\275")};
	TextComparison ascii = {NULL, NULL, slice("quick\nfoxes"), references, 2, false};
	TextComparison unicode = {NULL, NULL, slice("M\303\266ller over\n\344\270\255"), others, 2, true};

	for (int which = 0; which < 2 * SCORES; which++)
	{
		size_t		limit = 0;

		while (limit < 200000 && !is_known_with(limit, which % SCORES, which < SCORES ? &ascii : &unicode))
			limit += 64;
		check_report(limit < 200000, "enough at last", __FILE_NAME__, which);
	}
}

/* All that may take long is interrupted, and then memory is in the arena. */
static void
check_interrupted(void)
{
	static const char *const pieces[] = {"alpha ", "beta ", "gamma\n", "d "};
	char	   *text = make_text(pieces, 4, 1);
	char	   *other = make_text(pieces, 4, 99);
	TextSlice	reference = slice(other);

	for (int which = 0; which < SCORES; which++)
	{
		Arena	   *arena = arena_create((size_t) 256 << 20);
		Scratch		scratch = {.arena = arena};
		TextComparison comparison = {&scratch, jump_away, slice(text), &reference, 1, false};
		volatile bool is_through = false;

		if (setjmp(interrupted) == 0)
		{
			score_by(which, &comparison);
			is_through = true;
		}
		check_report(!is_through, "interrupted", __FILE_NAME__, which);
		arena_free(arena);
	}
	free(text);
	free(other);
}

static void
check_reasons(void)
{
	Arena	   *arena = arena_create(TEXT_SCORE_MEMORY(100));
	Scratch		scratch = {.arena = arena};
	TextSlice	reference = slice("M\303\266ller");
	TextComparison comparison = {&scratch, NULL, slice("M\303\274ller"), &reference, 1, false};
	TextComparison none = {&scratch, NULL, slice("x"), NULL, 0, false};
	TextComparison too_long = {&scratch, NULL, {"x", ((size_t) 1 << 22) + 1}, &reference, 1, false};
	TextScore	score = text_score_rouge(&comparison, ROUGE_1, false);
	Ranking		ranking = {.scratch = &scratch};

	CHECK(!score.is_known && strstr(score.reason, "leave out other letters") != NULL);
	for (int which = 0; which < SCORES; which++)
	{
		CHECK_CSTRING(score_by(which, &none).reason, "there is no text to compare with");
		CHECK_CSTRING(score_by(which, &too_long).reason, "the texts are too long to be compared");
	}
	comparison.text = slice("<skipped> x");
	CHECK(strstr(score_by(4, &comparison).reason, "<skipped>") != NULL);
	CHECK_CSTRING(ranking_ndcg(&ranking).reason, "no document is relevant");
	arena_free(arena);
}

/* What is relevant twice counts once, with the greater gain; some do not. */
static void
check_ranking(void)
{
	Arena	   *arena = arena_create(1 << 20);
	Scratch		scratch = {.arena = arena};
	TextSlice	found[] = {slice("a"), slice("b"), slice("z")};
	TextSlice	relevant[] = {slice("a"), slice("b"), slice("a"), slice("z")};
	double		gains[] = {1, 3, 2, 0};
	Ranking		ranking = {&scratch, found, 3, relevant, gains, 4, 0};

	CHECK(ranking_recall(&ranking).value == 1);
	CHECK(ranking_precision(&ranking).value * 3 == 2);
	/* Gains of 2 and 3 where 3 and 2 were best; log2(3) is 1.58496. */
	CHECK(ranking_ndcg(&ranking).value > 0.9133 && ranking_ndcg(&ranking).value < 0.9135);
	gains[1] = gains[2] = gains[0] = -1;
	CHECK(!ranking_recall(&ranking).is_known);
	ranking.gains = NULL;
	CHECK(ranking_precision(&ranking).value == 1);
	arena_free(arena);
}

int
main(void)
{
	static const char *const words[] = {"alpha ", "beta ", "gamma, ", "delta\n", "running ", "1.5 "};
	static const char *const one_byte[] = {"!", "a", ".", " "};
	static const char *const line[] = {"x ", "y "};

	check_memory(words, LENGTH_OF(words));
	check_memory(one_byte, LENGTH_OF(one_byte));
	check_memory(line, LENGTH_OF(line));
	CHECK(checked_interrupts > 0);
	check_shortage();
	check_interrupted();
	check_reasons();
	check_ranking();
	return check_finish();
}
