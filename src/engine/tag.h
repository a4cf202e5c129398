/*
 * tag.h
 *		Tags of traces and runs: rows of an id, a key and a value.
 */
#ifndef GAIOPS_TAG_H
#define GAIOPS_TAG_H

#include "engine/record.h"
#include "utils/jsonb.h"
#include "utils/uuid.h"

/* Where tags of a kind are kept, and what they may be. */
typedef struct TagKind
{
	RecordTable table;
	int			max_key;		/* bytes */
	int			max_value;
} TagKind;

extern const TagKind tag_of_trace;
extern const TagKind tag_of_run;

/* Adds the row of one tag; raises when it is too long. */
extern void tag_add(Record *record, const TagKind *kind, const pg_uuid_t *id,
					const char *key, const char *value);

/* Adds the rows of tags, a jsonb object or NULL; raises on anything else. */
extern void tag_add_all(Record *record, const TagKind *kind,
						const pg_uuid_t *id, Jsonb *tags);

#endif							/* GAIOPS_TAG_H */
