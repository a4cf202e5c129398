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

/* A run; its slot is free while key is 0. */
typedef struct Run
{
	uint64_t	key;			/* plus 1 */
	uint32_t	most;			/* times that one reference has it, less those
								 * that were matched */
	uint32_t	times;			/* that the reference being read has it */
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
	Runs	   *references;
	size_t		nreferences;
	Runs		text;
	uint32_t	n;
	Run		   *table;
	uint32_t	nsymbols;
	size_t		size;			/* of the table, a power of 2 */
	int			shift;			/* from a hash to a slot */
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

/* Has a place for each symbol, and is never more than a quarter full. */
static bool
make_table(Ngrams *ngrams, size_t nruns)
{
	ngrams->size = 16;
	ngrams->shift = 60;
	while (ngrams->size < 4 * nruns || ngrams->size < ngrams->nsymbols)
	{
		ngrams->size *= 2;
		ngrams->shift--;
	}
	ngrams->table = scratch_alloc(ngrams->comparison->scratch, ngrams->size * sizeof(Run));
	return ngrams->table != NULL;
}

Ngrams *
ngrams_create(const TextComparison *comparison, Sequence text,
			  const Sequence *references, size_t nreferences, uint32_t nsymbols)
{
	Scratch    *scratch = comparison->scratch;
	Ngrams	   *ngrams = scratch_alloc(scratch, sizeof(Ngrams));
	Runs	   *runs = scratch_alloc(scratch, nreferences * sizeof(Runs));
	size_t		nruns = 0;

	if (ngrams == NULL || runs == NULL)
		return NULL;
	*ngrams = (Ngrams) {.comparison = comparison,.references = runs,.nreferences = nreferences,.nsymbols = nsymbols};
	if (!make_runs(scratch, &ngrams->text, text))
		return NULL;
	for (size_t i = 0; i < nreferences; i++)
	{
		if (!make_runs(scratch, &runs[i], references[i]))
			return NULL;
		nruns += references[i].n;
	}
	return make_table(ngrams, nruns) ? ngrams : NULL;
}

/* What the loops below look at all the time, for them to have at hand. */
typedef struct Table
{
	Run		   *runs;
	size_t		mask;
	int			shift;
	uint32_t	n;
	const uint32_t *symbols;	/* of a sequence, each the last of a run */
	uint32_t   *prefixes;
} Table;

static inline Table
table_for(const Ngrams *ngrams, const Runs *runs)
{
	return (Table) {ngrams->table, ngrams->size - 1, ngrams->shift, ngrams->n,
		runs->sequence.symbols + ngrams->n - 1, runs->prefixes};
}

static inline uint64_t
run_key(const Table *table, uint32_t i)
{
	return ((uint64_t) table->prefixes[i] << 32 | table->symbols[i]) + 1;
}

/*
 * The slot of a run, or the free one where it would be.  The key of a run of
 * one is its symbol plus 1, which has a slot of its own.
 */
static inline Run *
find_run(const Table *table, uint64_t key)
{
	size_t		slot = (key * UINT64_C(0x9E3779B97F4A7C15)) >> table->shift;

	if (table->n == 1)
		return &table->runs[key - 1];
	while (table->runs[slot].key != key && table->runs[slot].key != 0)
		slot = (slot + 1) & table->mask;
	return &table->runs[slot];
}

/* Counts the runs of a reference. */
static void
add_reference(const TextComparison *comparison, Table table, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
	{
		uint64_t	key = run_key(&table, i);
		Run		   *run = find_run(&table, key);

		run->key = key;
		run->times++;
		table.prefixes[i] = (uint32_t) (run - table.runs);
		if (i % TEXT_SCORE_CHECK_EVERY == 0)
			text_score_check(comparison);
	}
	for (uint32_t i = 0; i < n; i++)
	{
		Run		   *run = &table.runs[table.prefixes[i]];

		if (run->times > run->most)
			run->most = run->times;
		run->times = 0;
	}
}

/* Looks for the runs of the text; returns how many have a match. */
static uint32_t
match_text(const TextComparison *comparison, Table table, uint32_t n)
{
	uint32_t	matched = 0;

	for (uint32_t i = 0; i < n; i++)
		if (table.prefixes[i] != NOT_FOUND)
		{
			Run		   *run = find_run(&table, run_key(&table, i));
			bool		is_left = run->most > 0;

			run->most -= is_left;
			matched += is_left;
			table.prefixes[i] = run->key == 0 ? NOT_FOUND : (uint32_t) (run - table.runs);
			if (i % TEXT_SCORE_CHECK_EVERY == 0)
				text_score_check(comparison);
		}
	return matched;
}

uint32_t
ngrams_match(Ngrams *ngrams)
{
	const TextComparison *comparison = ngrams->comparison;
	uint32_t	n = ++ngrams->n;

	memset(ngrams->table, 0, (n == 1 ? ngrams->nsymbols : ngrams->size) * sizeof(Run));
	for (size_t i = 0; i < ngrams->nreferences; i++)
	{
		const Runs *runs = &ngrams->references[i];

		add_reference(comparison, table_for(ngrams, runs), ngrams_count(runs->sequence.n, n));
	}
	return match_text(comparison, table_for(ngrams, &ngrams->text), ngrams_count(ngrams->text.sequence.n, n));
}
