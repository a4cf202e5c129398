/*
 * arena.h
 *		Memory that is taken piece by piece and given back as a whole.
 *
 * malloc'd, never the server's.  Nothing here raises or jumps.
 */
#ifndef GAIOPS_ARENA_H
#define GAIOPS_ARENA_H

#include <stddef.h>

typedef struct Arena Arena;

/* A new arena that gives out at most limit bytes; NULL if memory is short. */
extern Arena *arena_create(size_t limit);

/*
 * A piece of it, aligned for anything, its bytes zero.  NULL once the limit is
 * reached or memory is short, and then always.
 */
extern void *arena_alloc(Arena *arena, size_t size);

/* Whether a piece was refused. */
extern int	arena_is_exhausted(const Arena *arena);

/* Gives everything back.  NULL is allowed. */
extern void arena_free(Arena *arena);

#endif							/* GAIOPS_ARENA_H */
