/*
 * edits.h
 *		Which pieces have to go from one text, and come in, to make another.
 *
 * Pieces are lines, or words, or whatever else a text is cut into.  The fewest
 * are found by Myers' algorithm (An O(ND) Difference Algorithm and Its
 * Variations, 1986), searching from both ends in linear space.  It looks only
 * at pieces that both texts have: the others have to go, or come in, anyway.
 *
 * Where texts differ in too many of these, the fewest are not found but some:
 * max_cost bounds the work, as is said there.  Memory is about 60 bytes for
 * each piece of the longest texts that are compared.
 *
 * Nothing here raises or jumps, save that the interrupt callback may jump over
 * it; so everything is in the arena.
 */
#ifndef GAIOPS_EDITS_H
#define GAIOPS_EDITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/memory/arena.h"

#define EDITS_MAX_LENGTH ((size_t) 1 << 28) /* bytes of a text */

/* The two texts. */
#define EDITS_OLD	0
#define EDITS_NEW	1

/* A piece that both texts have. */
typedef struct EditsKept
{
	int32_t		piece;			/* its number */
	int32_t		class;
} EditsKept;

/* One of the texts, in pieces that are numbered from 0. */
typedef struct EditsSide
{
	const char *text;
	int32_t		n;
	int32_t    *starts;			/* where each begins, and where the last ends */
	bool	   *changed;		/* whether it has no counterpart in the other
								 * text; false also before the first and behind
								 * the last */

	/* Private. */
	int32_t		size;			/* pieces there is room for */
	int32_t    *classes;		/* equal pieces are of the same class */
	EditsKept  *kept;
	int32_t		nkept;
} EditsSide;

typedef struct EditsClass EditsClass;

/* Both texts, and room to compare them in, which is used again and grows. */
typedef struct Edits
{
	EditsSide	sides[2];

	/* Private. */
	Arena	   *arena;
	void		(*check_interrupts) (void);
	int32_t		head;			/* pieces that are equal at the begin and at the */
	int32_t		tail;			/* end */
	int32_t		size;			/* pieces of both there is room for */
	EditsClass *classes;
	int32_t		nclasses;
	int32_t    *table;			/* classes by hash, plus 1; 0 if free */
	uint32_t	table_mask;
	int32_t    *reach[2];		/* see edits.c */
	int32_t		max_cost;
} Edits;

/*
 * Makes *edits ready.  check_interrupts is called now and then; may be NULL.
 */
extern void edits_init(Edits *edits, Arena *arena, void (*check_interrupts) (void));

/*
 * The length of the piece that text[0 .. len) begins with; both are above 0.
 */
typedef size_t (*EditsPieceLength) (const char *text, size_t len);

/*
 * Cuts one of the texts into pieces; it is not copied.  Returns false if it is
 * too long or memory is short.
 */
extern bool edits_cut(Edits *edits, int which, const char *text, size_t len,
					  EditsPieceLength piece_length);

/* A piece of a text. */
static inline const char *
edits_piece(const EditsSide *side, int32_t piece, size_t *len)
{
	*len = (size_t) (side->starts[piece + 1] - side->starts[piece]);
	return side->text + side->starts[piece];
}

/*
 * Finds what has changed between the texts as they were cut last.  The pieces
 * that have not are equal and as many on both sides, in order.  Where a run of
 * changes could as well be a little further down, it is said to be there.
 *
 * Not more than 2 * max_cost (at least 1) changes are looked for at a time:
 * of pieces that both texts have, and beside those at the ends that are the
 * same.  If there are more, the best start or end that was found is kept, and
 * the rest is looked at alone.  So the time is linear in max_cost times the
 * pieces.  Returns false if memory is short.
 */
extern bool edits_compare(Edits *edits, int32_t max_cost);

#endif							/* GAIOPS_EDITS_H */
