/*
 * traceparent.h
 *		The W3C trace context header "traceparent".
 */
#ifndef GAIOPS_TRACEPARENT_H
#define GAIOPS_TRACEPARENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Length of a header of version 00, without the NUL. */
#define TRACEPARENT_LEN		55

/* The caller records this trace. */
#define TRACEPARENT_SAMPLED 0x01

typedef struct TraceParent
{
	uint8_t		trace_id[16];
	uint8_t		parent_id[8];	/* the span that the call is made in */
	uint8_t		flags;
} TraceParent;

/*
 * Reads text[0 .. len) into *result.  Strict: lower-case digits, no white
 * space, ids that are not all zero, version not ff.  A version after 00 may
 * have more fields; those are passed over, and of its flags only the sampled
 * one is known.  Returns false and leaves *result alone if it is invalid.
 */
extern bool traceparent_parse(const char *text, size_t len, TraceParent *result);

/* Writes a header of version 00, with a NUL, into text. */
extern void traceparent_format(const TraceParent *parent, char text[TRACEPARENT_LEN + 1]);

#endif							/* GAIOPS_TRACEPARENT_H */
