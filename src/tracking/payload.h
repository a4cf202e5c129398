/*
 * payload.h
 *		Rows of gaiops.span_payloads: what was said, cut where it is too long.
 */
#ifndef GAIOPS_PAYLOAD_H
#define GAIOPS_PAYLOAD_H

#include "core/text/text_slice.h"
#include "queue/record.h"

typedef struct Payload
{
	const char *kind;			/* request or response */
	const char *body;			/* bytes over the wire; NULL if none */
	size_t		body_len;
	TextSlice	inputs;			/* JSON; absent if none, as the next ones */
	TextSlice	attributes;
	TextSlice	metadata;
} Payload;

/*
 * Adds the row of a payload to a record; span is the row of a span or of its
 * intent.
 */
extern void payload_add(Record *record, const RecordValues *span,
						const Payload *payload);

#endif							/* GAIOPS_PAYLOAD_H */
