/*
 * text_slice.h
 *		A piece of text that lies in memory of somebody else.
 */
#ifndef GAIOPS_TEXT_SLICE_H
#define GAIOPS_TEXT_SLICE_H

#include <stddef.h>

/* Not NUL-terminated by contract. */
typedef struct TextSlice
{
	const char *data;			/* NULL if absent */
	size_t		len;
} TextSlice;

#endif							/* GAIOPS_TEXT_SLICE_H */
