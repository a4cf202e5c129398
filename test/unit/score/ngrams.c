/*
 * Runs of symbols that sequences have in common, beside counting them one by
 * one: of sequences for which all tables are small, and of longer ones.
 */
#include "core/score/ngrams.h"

#include <stdlib.h>

#include "check.h"

#define MEMORY		((size_t) 32 << 20)
#define MOST		3			/* references */
#define ORDERS		6

static uint64_t seed = 20261130;

static uint32_t
draw(uint32_t below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t) (seed >> 33) % below;
}

static Sequence
draw_sequence(uint32_t n, uint32_t nsymbols)
{
	uint32_t   *symbols = calloc(n + 1, sizeof(uint32_t));

	for (uint32_t i = 0; i < n; i++)
		symbols[i] = draw(nsymbols);
	return (Sequence) {symbols, n};
}

/* How often a run is in the first so many places of a sequence. */
static uint32_t
count_run(const uint32_t *run, uint32_t n, Sequence sequence, uint32_t places)
{
	uint32_t	count = 0;

	for (uint32_t i = 0; i < places; i++)
		count += memcmp(run, sequence.symbols + i, n * sizeof(uint32_t)) == 0;
	return count;
}

/*
 * A run of the text matches if it was there less often before than in the
 * reference that has it most often.
 */
static uint32_t
slow_match(Sequence text, const Sequence *references, uint32_t nreferences, uint32_t n)
{
	uint32_t	matched = 0;

	for (uint32_t i = 0; i < ngrams_count(text.n, n); i++)
	{
		uint32_t	before = count_run(text.symbols + i, n, text, i);
		uint32_t	most = 0;

		for (uint32_t j = 0; j < nreferences; j++)
		{
			uint32_t	times = count_run(text.symbols + i, n, references[j], ngrams_count(references[j].n, n));

			most = times > most ? times : most;
		}
		matched += before < most;
	}
	return matched;
}

/* What was in memory before must not matter. */
static void
spoil(Scratch *scratch)
{
	ScratchMark mark = scratch_mark(scratch);

	memset(scratch_alloc(scratch, MEMORY / 8), 0x5A, MEMORY / 8);
	scratch_release(scratch, mark);
}

static void
check_match(uint32_t length, uint32_t nsymbols, uint32_t nreferences)
{
	Arena	   *arena = arena_create(MEMORY);
	Scratch		scratch = {.arena = arena};
	TextComparison comparison = {.scratch = &scratch};
	Sequence	references[MOST];
	Sequence	text = draw_sequence(draw(length + 1), nsymbols);
	Ngrams	   *ngrams;
	Ngrams	   *pairs;

	spoil(&scratch);
	for (uint32_t i = 0; i < nreferences; i++)
		references[i] = draw_sequence(draw(length + 1), nsymbols);
	ngrams = ngrams_create(&comparison, text, references, nreferences, nsymbols);
	CHECK(ngrams != NULL);
	for (uint32_t n = 1; n <= ORDERS; n++)
		CHECK_INT(ngrams_match(ngrams), slow_match(text, references, nreferences, n));
	pairs = ngrams_create(&comparison, text, references, nreferences, nsymbols);
	CHECK(pairs != NULL);
	ngrams_begin_with_two(pairs);
	CHECK_INT(ngrams_match(pairs), slow_match(text, references, nreferences, 2));
	for (uint32_t i = 0; i < nreferences; i++)
		free((uint32_t *) references[i].symbols);
	free((uint32_t *) text.symbols);
	arena_free(arena);
}

int
main(void)
{
	for (uint32_t length = 0; length < 60; length++)
		check_match(length, 1 + draw(6), 1 + length % MOST);
	/* A row for each run and a column for each symbol would be too many. */
	for (uint32_t i = 0; i < 6; i++)
		check_match(600, 2000, 1 + i % MOST);
	/* So would they be of few symbols; these make long runs that match. */
	for (uint32_t i = 0; i < 4; i++)
		check_match(1200, 100 + i, 1 + i % MOST);
	return check_finish();
}
