/*
 * pieces.h
 *		Eight characters of a text at a time: which of them are ASCII letters,
 *		and which digits.
 *
 * Where words begin and end no processor can foresee, so these have no branch.
 */
#ifndef GAIOPS_PIECES_H
#define GAIOPS_PIECES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define PIECE_SIZE		sizeof(uint64_t)
#define PIECE_EACH(value)	(UINT64_C(0x0101010101010101) * (value))

/* Characters whose bits are in one number. */
#define PIECES_AT_ONCE	64

/* The first character is in the lowest byte. */
static inline uint64_t
piece_read(const char *text)
{
	uint64_t	piece;

	memcpy(&piece, text, sizeof(piece));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	piece = __builtin_bswap64(piece);
#endif
	return piece;
}

/*
 * The highest bit of those bytes that are in a range of ASCII.  Of what is no
 * ASCII it is set already, which does not count.
 */
static inline uint64_t
piece_in_range(uint64_t piece, unsigned char first, unsigned char last)
{
	uint64_t	low = piece & PIECE_EACH(0x7F);

	return (low + PIECE_EACH(0x80 - first)) & ~(low + PIECE_EACH(0x7F - last)) & ~piece & PIECE_EACH(0x80);
}

/*
 * Which of 64 characters from a place on are letters of either case or digits,
 * the first in the lowest bit; there are len from there on, and seven more may
 * be read.
 */
static inline uint64_t
pieces_alphanumeric(const char *text, size_t len)
{
	uint64_t	bits = 0;

	for (size_t i = 0; i < PIECES_AT_ONCE && i < len; i += PIECE_SIZE)
	{
		uint64_t	piece = piece_read(text + i);
		uint64_t	found = piece_in_range(piece | PIECE_EACH(0x20), 'a', 'z') | piece_in_range(piece, '0', '9');

		bits |= (found >> 7) * UINT64_C(0x0102040810204080) >> 56 << i;
	}
	return bits;
}

#endif							/* GAIOPS_PIECES_H */
