/*
 * texts.c
 *		How many texts a second core/score scores.
 *
 * bench_texts make COUNT
 *		prints so many pairs of an answer and what was expected, a line each,
 *		with a tab between; where texts have line ends there is a vertical tab
 * bench_texts score FILE SECONDS
 *		prints each score's name, and pairs a second
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/memory/length_of.h"
#include "core/score/bleu.h"
#include "core/score/text_score.h"

#define WORDS	60				/* of a text at most */
#define LONGEST	10000			/* bytes of a pair, more than any has */
#define MOST_PAIRS 100000
#define FILE_SIZE ((size_t) 64 << 20)

typedef struct Pair
{
	TextSlice	text;
	TextSlice	reference;
} Pair;

static const char *const vocabulary[] = {
	"the", "a", "of", "to", "in", "is", "and", "database", "index", "query", "planner", "optimized", "running",
	"transactions", "relational", "generally", "scan", "table", "rows", "returned", "estimated", "cost", "because",
	"statistics", "vacuum", "happily", "commits", "isolation", "serializable", "snapshot", "version", "upgrade",
	"replication", "standby", "settings", "memory", "buffers", "checkpoint", "2.5", "42", "however", "therefore",
	"it", "can", "be", "used", "for", "larger", "values", "than", "expected", "when", "sorted", "joined"
};

/* ---- making texts ---- */

static uint32_t
draw(uint32_t below)
{
	static uint64_t state = 20261130;

	state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t) (state >> 33) % below;
}

static void
print_word(const char *word)
{
	static const char *const behind[] = {", ", ". ", ".\v", " (", ") ", "; "};

	fputs(word, stdout);
	fputs(draw(8) == 0 ? behind[draw(LENGTH_OF(behind))] : " ", stdout);
}

/* Two texts that have about three words of four in common. */
static void
print_pair(void)
{
	const char *words[WORDS];
	int			n = WORDS / 2 + (int) draw(WORDS / 2);

	for (int i = 0; i < n; i++)
		words[i] = vocabulary[draw(LENGTH_OF(vocabulary))];
	for (int i = 0; i < n; i++)
		print_word(draw(4) == 0 ? vocabulary[draw(LENGTH_OF(vocabulary))] : words[i]);
	putchar('\t');
	for (int i = 0; i < n; i++)
		print_word(words[i]);
	putchar('\n');
}

/* ---- scoring them ---- */

/* Cuts the next text, up to a character, from what is left. */
static TextSlice
cut_text(char **left, char end)
{
	char	   *begin = *left;

	*left = strchr(begin, end);
	if (*left == NULL)
		exit(1);
	for (char *c = begin; c < *left; c++)
		if (*c == '\v')
			*c = '\n';
	*(*left)++ = '\0';
	return (TextSlice) {begin, (size_t) (*left - 1 - begin)};
}

static size_t
read_pairs(const char *path, Pair **pairs)
{
	FILE	   *file = fopen(path, "r");
	char	   *text = calloc(1, FILE_SIZE);
	size_t		n = 0;

	*pairs = calloc(MOST_PAIRS, sizeof(Pair));
	if (file == NULL || text == NULL || *pairs == NULL)
		exit(1);
	text[fread(text, 1, FILE_SIZE - 1, file)] = '\0';
	while (*text != '\0' && n < MOST_PAIRS)
	{
		(*pairs)[n].text = cut_text(&text, '\t');
		(*pairs)[n++].reference = cut_text(&text, '\n');
	}
	fclose(file);
	return n;
}

static TextScore
score_bleu(const TextComparison *comparison)
{
	BleuParts	parts;

	return text_score_bleu(comparison, &parts);
}

static TextScore
score_rouge_1(const TextComparison *comparison)
{
	return text_score_rouge(comparison, ROUGE_1, false);
}

static TextScore
score_rouge_2(const TextComparison *comparison)
{
	return text_score_rouge(comparison, ROUGE_2, false);
}

static TextScore
score_rouge_l(const TextComparison *comparison)
{
	return text_score_rouge(comparison, ROUGE_L, false);
}

static TextScore
score_rouge_l_stems(const TextComparison *comparison)
{
	return text_score_rouge(comparison, ROUGE_L, true);
}

static TextScore
score_rouge_lsum(const TextComparison *comparison)
{
	return text_score_rouge(comparison, ROUGE_LSUM, false);
}

static const struct
{
	const char *name;
	TextScore	(*score) (const TextComparison *comparison);
}			scores[] = {
	{"quasi_exact_match", text_score_quasi_exact},
	{"token_f1", text_score_token_f1},
	{"levenshtein", text_score_levenshtein},
	{"rouge_1", score_rouge_1},
	{"rouge_2", score_rouge_2},
	{"rouge_l", score_rouge_l},
	{"rouge_l+stems", score_rouge_l_stems},
	{"rouge_lsum", score_rouge_lsum},
	{"bleu", score_bleu},
	{"chrf", text_score_chrf}
};

static double
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (double) ts.tv_sec + (double) ts.tv_nsec / 1e9;
}

/* Scores all pairs over and over, with memory that is used again. */
static void
measure(size_t which, const Pair *pairs, size_t n, double seconds)
{
	Arena	   *arena = arena_create(TEXT_SCORE_MEMORY(LONGEST));
	Scratch		scratch = {.arena = arena};
	double		begin = now();
	double		sum = 0;
	size_t		calls = 0;

	while (now() - begin < seconds)
		for (size_t i = 0; i < n; i++, calls++)
		{
			TextComparison comparison = {&scratch, NULL, pairs[i].text, &pairs[i].reference, 1, false};

			sum += scores[which].score(&comparison).value;
		}
	printf("%s %.0f %.6f\n", scores[which].name, (double) calls / (now() - begin), sum / (double) calls);
	arena_free(arena);
}

int
main(int argc, char **argv)
{
	Pair	   *pairs;
	size_t		n;

	if (argc == 3 && strcmp(argv[1], "make") == 0)
	{
		for (long i = atol(argv[2]); i > 0; i--)
			print_pair();
		return 0;
	}
	if (argc != 4)
		return 1;
	n = read_pairs(argv[2], &pairs);
	for (size_t which = 0; which < LENGTH_OF(scores); which++)
		measure(which, pairs, n, atof(argv[3]));
	return 0;
}
