/*
 * scratch.h
 *		Memory for what is needed for a moment: taken like that of a stack, and
 *		used again.
 *
 * It comes from an arena, which it never asks for more than four times what
 * was in use at any one time.  Nothing here raises or jumps.
 */
#ifndef GAIOPS_SCRATCH_H
#define GAIOPS_SCRATCH_H

#include <stddef.h>

#include "core/memory/arena.h"

typedef struct ScratchBlock ScratchBlock;

/* All zero to begin with but for the arena. */
typedef struct Scratch
{
	Arena	   *arena;
	ScratchBlock *first;
	ScratchBlock *current;		/* is being cut; NULL before the first */
	size_t		used;			/* of the current block */
} Scratch;

typedef struct ScratchMark
{
	ScratchBlock *block;
	size_t		used;
} ScratchMark;

/* A piece, aligned for anything, not zeroed; NULL if memory is short. */
extern void *scratch_alloc(Scratch *scratch, size_t size);

/* Where it stands now, and taking back everything since it stood there. */
extern ScratchMark scratch_mark(const Scratch *scratch);
extern void scratch_release(Scratch *scratch, ScratchMark mark);

#endif							/* GAIOPS_SCRATCH_H */
