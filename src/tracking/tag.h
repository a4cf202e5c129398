/*
 * tag.h
 *		Tags of traces and runs: rows of an id, a key and a value.
 */
#ifndef GAIOPS_TAG_H
#define GAIOPS_TAG_H

#include "base/store.h"
#include "core/text/text_slice.h"
#include "queue/record.h"
#include "utils/uuid.h"

/* Where tags of a kind are kept, and what they may be. */
typedef struct TagKind
{
	RecordShape *shape;
	RecordShape *shape_of_others;
	bool		(*is_own) (const pg_uuid_t *id);
	int			max_key;		/* bytes */
	int			max_value;
	const char *object;			/* what is tagged, in words */
	StoreStatement *find;		/* one tag of an object */
	StoreStatement *count;		/* the tags of an object that are not in some jsonb */
} TagKind;

extern const TagKind tag_of_trace;
extern const TagKind tag_of_run;

/*
 * Adds the rows of tags, an object or absent, of an object that is new; raises
 * on anything else.
 */
extern void tag_add_all(Record *record, const TagKind *kind,
						const pg_uuid_t *id, TextSlice tags);

/*
 * The same of an object that may be there; raises if it would have more tags
 * than it may then.
 */
extern void tag_add_more(Record *record, const TagKind *kind,
						 const pg_uuid_t *id, TextSlice tags);

/* Has one tag written; raises unless it is there then. */
extern void tag_write(const TagKind *kind, const pg_uuid_t *id,
					  const char *key, const char *value);

#endif							/* GAIOPS_TAG_H */
