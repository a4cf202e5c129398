/*
 * diff.h
 *		A unified diff of two texts, its changed words marked.
 *
 * As diff -u has it, but for the marks: a run of lines that go is paired with
 * the run that comes in their place, the first with the first and so on, and
 * [-words-] that go and {+words+} that come in are marked in each pair.  Lines
 * that have less than a quarter in common have no marks.
 *
 * Bounds: lines are compared with a max_cost (see core/diff/edits.h) that is
 * DIFF_WORK by the number of lines, and words with one that is DIFF_WORK by
 * the number of bytes, each of both texts; but DIFF_MIN_COST at least.  So of
 * texts of 100 kB the diff is the shortest there is while pairs of lines do
 * not differ in more than 1300 words; of longer ones, and beyond, it is right
 * but may be longer.  Texts of 1 MB take about a second and 128 MB of memory
 * at worst.
 *
 * Nothing here raises or jumps, save that the callbacks may jump over it; so
 * everything is in the arena, which the caller frees.
 */
#ifndef GAIOPS_DIFF_H
#define GAIOPS_DIFF_H

#include <stdbool.h>
#include <stddef.h>

#include "core/memory/arena.h"

#define DIFF_CONTEXT	3		/* lines around a change, as diff -u has it */
#define DIFF_WORK		((size_t) 1 << 27)
#define DIFF_MIN_COST	64

/* A text and what it is called in the head of the diff. */
typedef struct DiffText
{
	const char *text;
	size_t		len;
	const char *label;
} DiffText;

typedef struct DiffOptions
{
	int			context;		/* unchanged lines around a change, if not
								 * negative */
	bool		mark_words;

	/*
	 * Takes a line of the diff, which has no line break and no NUL at its end.
	 */
	void		(*emit) (void *to, const char *line, size_t len);
	void	   *to;
	void		(*check_interrupts) (void); /* called now and then; may be NULL */
} DiffOptions;

/*
 * Emits the lines of the diff, none if the texts are equal.  Returns false if
 * a text is longer than EDITS_MAX_LENGTH or memory is short: what was emitted
 * is then not all.
 */
extern bool diff_unified(Arena *arena, const DiffText *old, const DiffText *new,
						 const DiffOptions *options);

#endif							/* GAIOPS_DIFF_H */
