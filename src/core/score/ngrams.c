/*
 * ngrams.c
 *		Runs of n symbols that sequences have in common.
 *
 * A run of n is one of n - 1, by the number of the place where that was found
 * in the table, and one symbol more: 64 bits whatever n.  The table has the
 * runs of the references; a run of the text that is not there is not looked
 * for when it is longer.
 */
#include "core/score/ngrams.h"

#include <string.h>

#include "core/score/text_score_best.h"

#define NOT_FOUND	UINT32_MAX

/* A run; most is 0 if the slot is free. */
typedef struct Run
{
	uint64_t	key;
	uint32_t	most;			/* times that one reference has it */
	uint32_t	times;			/* that the owner has it so far */
	uint32_t	owner;			/* the reference that was read last, or the text */
} Run;

/* A sequence and, for each of its symbols, the run that began there last. */
typedef struct Runs
{
	Sequence	sequence;
	uint32_t   *prefixes;
} Runs;

struct Ngrams
{
	const TextComparison *comparison;
	Runs	   *all;			/* of the references, then of the text */
	uint32_t	ntext;			/* number of the text among them */
	uint32_t	n;
	Run		   *table;
	size_t		mask;
};

static bool
make_runs(Scratch *scratch, Runs *runs, Sequence sequence)
{
	size_t		size = ((size_t) sequence.n + 1) * sizeof(uint32_t);

	*runs = (Runs) {sequence, scratch_alloc(scratch, size)};
	if (runs->prefixes != NULL)
		memset(runs->prefixes, 0, size);
	return runs->prefixes != NULL;
}

/* A table that is never filled by more than two thirds. */
static bool
make_table(Ngrams *ngrams, size_t nruns)
{
	size_t		size = 16;

	while (2 * size < 3 * nruns)
		size *= 2;
	ngrams->mask = size - 1;
	ngrams->table = scratch_alloc(ngrams->comparison->scratch, size * sizeof(Run));
	return ngrams->table != NULL;
}

Ngrams *
ngrams_create(const TextComparison *comparison, Sequence text,
			  const Sequence *references, size_t nreferences)
{
	Scratch    *scratch = comparison->scratch;
	Ngrams	   *ngrams = scratch_alloc(scratch, sizeof(Ngrams));
	Runs	   *all = scratch_alloc(scratch, (nreferences + 1) * sizeof(Runs));
	size_t		nruns = 0;

	if (ngrams == NULL || all == NULL || !make_runs(scratch, &all[nreferences], text))
		return NULL;
	*ngrams = (Ngrams) {.comparison = comparison,.all = all,.ntext = (uint32_t) nreferences};
	for (size_t i = 0; i < nreferences; i++)
	{
		if (!make_runs(scratch, &all[i], references[i]))
			return NULL;
		nruns += references[i].n;
	}
	return make_table(ngrams, nruns) ? ngrams : NULL;
}

/* The slot of a run, or the free one where it would be. */
static inline Run *
find_run(const Ngrams *ngrams, uint64_t key)
{
	uint64_t	hash = key * UINT64_C(0x9E3779B97F4A7C15);
	size_t		slot = (hash ^ hash >> 32) & ngrams->mask;

	while (ngrams->table[slot].most > 0 && ngrams->table[slot].key != key)
		slot = (slot + 1) & ngrams->mask;
	return &ngrams->table[slot];
}

static inline uint64_t
run_key(const Ngrams *ngrams, const Runs *runs, uint32_t i)
{
	return (uint64_t) runs->prefixes[i] << 32 | runs->sequence.symbols[i + ngrams->n - 1];
}

/* Counts a run for its owner, who has none yet if it was another's. */
static inline void
count_run(Run *run, uint32_t owner)
{
	if (run->owner != owner)
	{
		run->owner = owner;
		run->times = 0;
	}
	run->times++;
}

static void
add_reference(Ngrams *ngrams, uint32_t reference)
{
	Runs	   *runs = &ngrams->all[reference];
	uint32_t	n = ngrams_count(runs->sequence.n, ngrams->n);

	for (uint32_t i = 0; i < n; i++)
	{
		uint64_t	key = run_key(ngrams, runs, i);
		Run		   *run = find_run(ngrams, key);

		if (run->most == 0)
			*run = (Run) {.key = key,.owner = reference};
		count_run(run, reference);
		if (run->times > run->most)
			run->most = run->times;
		runs->prefixes[i] = (uint32_t) (run - ngrams->table);
		if (i % TEXT_SCORE_CHECK_EVERY == 0)
			text_score_check(ngrams->comparison);
	}
}

/* Counts a run of the text, and returns whether it has a match. */
static inline bool
match_run(Ngrams *ngrams, Runs *runs, uint32_t i)
{
	Run		   *run = find_run(ngrams, run_key(ngrams, runs, i));

	if (run->most == 0)
	{
		runs->prefixes[i] = NOT_FOUND;
		return false;
	}
	runs->prefixes[i] = (uint32_t) (run - ngrams->table);
	count_run(run, ngrams->ntext);
	return run->times <= run->most;
}

uint32_t
ngrams_match(Ngrams *ngrams)
{
	Runs	   *text = &ngrams->all[ngrams->ntext];
	uint32_t	matched = 0;
	uint32_t	n;

	ngrams->n++;
	n = ngrams_count(text->sequence.n, ngrams->n);
	memset(ngrams->table, 0, (ngrams->mask + 1) * sizeof(Run));
	for (uint32_t i = 0; i < ngrams->ntext; i++)
		add_reference(ngrams, i);
	for (uint32_t i = 0; i < n; i++)
	{
		matched += text->prefixes[i] != NOT_FOUND && match_run(ngrams, text, i);
		if (i % TEXT_SCORE_CHECK_EVERY == 0)
			text_score_check(ngrams->comparison);
	}
	return matched;
}
