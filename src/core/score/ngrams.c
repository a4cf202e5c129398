/*
 * ngrams.c
 *		Runs of n symbols that sequences have in common.
 *
 * The runs of the references have numbers from 1 on, anew for each n; a run
 * of one symbol has that of the symbol.  A run of n is one of n - 1, by its
 * number, and one symbol more.  Of short texts these two lead straight to the
 * run's number in a table of rows and columns; of longer ones that would be
 * too large, and they are looked up by their hash.  Short texts are what there
 * is most of, so their loops have no branch that depends on the texts.
 */
#include "core/score/ngrams.h"

#include <string.h>

#include "core/score/text_score_best.h"

/* Cells of a table of rows and columns; then numbers fit into 16 bits. */
#define MOST_CELLS	((size_t) 1 << 16)

#define NO_RUN		0

/* A run that is found by its hash; its slot is free while it has no number. */
typedef struct Slot
{
	uint64_t	key;
	uint32_t	number;
} Slot;

/* A sequence and, for each of its symbols, the run that began there last. */
typedef struct Runs
{
	Sequence	sequence;
	uint32_t   *prefixes;		/* NO_RUN if the references do not have it */
} Runs;

/* What the loops below look at all the time. */
typedef struct Table
{
	uint16_t   *cells;			/* by the number of a run less its last symbol,
								 * and that; NULL if there would be too many */
	Slot	   *slots;
	size_t		mask;
	int			shift;			/* from a hash to a slot */
	uint32_t	nsymbols;
	uint32_t	n;				/* symbols of a run */
	uint32_t	nruns;			/* so far */
	uint32_t   *most;			/* times that one reference has a run */
	uint32_t   *times;			/* that what is being read has it */
} Table;

struct Ngrams
{
	const TextComparison *comparison;
	Runs	   *references;
	size_t		nreferences;
	Runs		text;
	uint32_t	most_runs;
	Table		table;
};

/* ---- making the table ---- */

static bool
make_runs(Scratch *scratch, Runs *runs, Sequence sequence)
{
	*runs = (Runs) {sequence, scratch_alloc(scratch, ((size_t) sequence.n + 1) * sizeof(uint32_t))};
	return runs->prefixes != NULL;
}

/* Slots of which at most a quarter will be taken. */
static bool
make_slots(Scratch *scratch, Table *table, size_t nruns)
{
	size_t		size = 16;

	table->shift = 60;
	for (; size < 4 * nruns; size *= 2)
		table->shift--;
	table->mask = size - 1;
	table->slots = scratch_alloc(scratch, size * sizeof(Slot));
	return table->slots != NULL;
}

/* Makes room for so many runs, or for the symbols if they are more. */
static bool
make_table(Ngrams *ngrams, size_t nruns, uint32_t nsymbols)
{
	Scratch    *scratch = ngrams->comparison->scratch;
	Table	   *table = &ngrams->table;
	size_t		most = (nruns > nsymbols ? nruns : nsymbols) + 1;

	ngrams->most_runs = (uint32_t) most;
	table->nsymbols = nsymbols;
	table->most = scratch_alloc(scratch, most * sizeof(uint32_t));
	table->times = scratch_alloc(scratch, most * sizeof(uint32_t));
	if (table->most == NULL || table->times == NULL)
		return false;
	if (nsymbols > 0 && most > MOST_CELLS / nsymbols)
		return make_slots(scratch, table, nruns);
	table->cells = scratch_alloc(scratch, most * nsymbols * sizeof(uint16_t));
	return table->cells != NULL;
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
	*ngrams = (Ngrams) {.comparison = comparison,.references = runs,.nreferences = nreferences};
	if (!make_runs(scratch, &ngrams->text, text))
		return NULL;
	for (size_t i = 0; i < nreferences; i++)
	{
		if (!make_runs(scratch, &runs[i], references[i]))
			return NULL;
		nruns += references[i].n;
	}
	return make_table(ngrams, nruns, nsymbols) ? ngrams : NULL;
}

/* Empties the table for runs of one symbol more. */
static void
clear_table(Ngrams *ngrams)
{
	Table	   *table = &ngrams->table;
	uint32_t	nprefixes = table->n == 1 ? table->nsymbols : table->nruns;

	if (table->n > 0 && table->cells != NULL)
		memset(table->cells, 0, (nprefixes + 1) * (size_t) table->nsymbols * sizeof(uint16_t));
	else if (table->n > 0)
		memset(table->slots, 0, (table->mask + 1) * sizeof(Slot));
	memset(table->most, 0, ngrams->most_runs * sizeof(uint32_t));
	memset(table->times, 0, ngrams->most_runs * sizeof(uint32_t));
	table->nruns = 0;
	table->n++;
}

/* ---- looking for runs ---- */

/* The number of a run, a new one if it has none and is to be added. */
static inline uint32_t
find_in_cells(Table *table, uint32_t prefix, uint32_t symbol, bool is_added)
{
	uint16_t   *cell = &table->cells[(size_t) prefix * table->nsymbols + symbol];
	bool		is_new = is_added & (*cell == NO_RUN);
	uint32_t	number = is_new ? table->nruns + 1 : *cell;

	table->nruns += is_new;
	if (is_added)
		*cell = (uint16_t) number;
	return number;
}

static uint32_t
find_in_slots(Table *table, uint32_t prefix, uint32_t symbol, bool is_added)
{
	uint64_t	key = (uint64_t) prefix << 32 | symbol;
	size_t		place = (key * UINT64_C(0x9E3779B97F4A7C15)) >> table->shift;

	while (table->slots[place].number != NO_RUN && table->slots[place].key != key)
		place = (place + 1) & table->mask;
	if (is_added && table->slots[place].number == NO_RUN)
		table->slots[place] = (Slot) {key, ++table->nruns};
	return table->slots[place].number;
}

/* No run begins with what is none. */
static inline uint32_t
find_run(Table *table, const Runs *runs, uint32_t i, bool is_added)
{
	uint32_t	symbol = runs->sequence.symbols[i + table->n - 1];

	if (table->n == 1)
		return symbol + 1;
	if (table->cells != NULL)
		return find_in_cells(table, runs->prefixes[i], symbol, is_added);
	return runs->prefixes[i] == NO_RUN ? NO_RUN : find_in_slots(table, runs->prefixes[i], symbol, is_added);
}

/* What several references have is no more than what one of them has. */
static void
keep_most(Table *table, const uint32_t *runs, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
	{
		uint32_t	times = table->times[runs[i]];

		table->most[runs[i]] = times > table->most[runs[i]] ? times : table->most[runs[i]];
		table->times[runs[i]] = 0;
	}
}

/* Counts the n runs of a reference; those of an only one are the most. */
static void
add_reference(Ngrams *ngrams, Runs runs, uint32_t n)
{
	Table		table = ngrams->table;
	bool		is_only = ngrams->nreferences == 1;
	uint32_t   *times = is_only ? table.most : table.times;

	for (uint32_t i = 0; i < n; i++)
	{
		runs.prefixes[i] = find_run(&table, &runs, i, true);
		times[runs.prefixes[i]]++;
		if (i % TEXT_SCORE_CHECK_EVERY == 0)
			text_score_check(ngrams->comparison);
	}
	if (!is_only)
		keep_most(&table, runs.prefixes, n);
	ngrams->table = table;
}

/* Looks for the n runs of the text; returns how many have a match. */
static uint32_t
match_text(Ngrams *ngrams, Runs runs, uint32_t n)
{
	Table		table = ngrams->table;
	uint32_t	matched = 0;

	for (uint32_t i = 0; i < n; i++)
	{
		uint32_t	run = find_run(&table, &runs, i, false);

		matched += table.times[run]++ < table.most[run];
		runs.prefixes[i] = table.most[run] > 0 ? run : NO_RUN;
		if (i % TEXT_SCORE_CHECK_EVERY == 0)
			text_score_check(ngrams->comparison);
	}
	return matched;
}

uint32_t
ngrams_match(Ngrams *ngrams)
{
	uint32_t	n;

	clear_table(ngrams);
	n = ngrams->table.n;
	for (size_t i = 0; i < ngrams->nreferences; i++)
		add_reference(ngrams, ngrams->references[i], ngrams_count(ngrams->references[i].sequence.n, n));
	return match_text(ngrams, ngrams->text, ngrams_count(ngrams->text.sequence.n, n));
}

static void
number_by_symbol(Runs runs)
{
	for (uint32_t i = 0; i < runs.sequence.n; i++)
		runs.prefixes[i] = runs.sequence.symbols[i] + 1;
}

void
ngrams_begin_with_two(Ngrams *ngrams)
{
	for (size_t i = 0; i < ngrams->nreferences; i++)
		number_by_symbol(ngrams->references[i]);
	number_by_symbol(ngrams->text);
	ngrams->table.n = 1;
}
