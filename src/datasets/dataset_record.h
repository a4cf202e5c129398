/*
 * dataset_record.h
 *		What a record of a dataset may be, and what tells it from others.
 */
#ifndef GAIOPS_DATASET_RECORD_H
#define GAIOPS_DATASET_RECORD_H

#include "utils/jsonb.h"
#include "utils/uuid.h"

/*
 * Bytes of a record, as text, and of a key, a split or the name of a tag.
 * There is no other place that says how many they may be.
 */
#define DATASET_RECORD_BYTES 4194304
#define DATASET_NAME_BYTES 255

/*
 * What is wrong with a record as a caller gave it, a sentence; NULL if nothing
 * is.
 */
extern char *dataset_record_problem(Jsonb *record);

/*
 * A member of a record, which is a document or a text; neither if it is not
 * there.
 */
typedef struct DatasetMember
{
	const char *name;
	Jsonb	   *document;
	const char *text;
} DatasetMember;

/*
 * Whether a record, or one of these members, has more than
 * DATASET_RECORD_BYTES.
 */
extern bool dataset_is_too_large(Jsonb *record);
extern bool dataset_are_too_large(const DatasetMember *members, int nmembers);

/* Whether a record as a line of JSON could not be read again. */
extern bool dataset_is_too_deep(Jsonb *record);

/*
 * The identity of a record: a UUID of version 8 out of the SHA-256 of its
 * inputs and its key, which may be NULL.  Inputs that are equal as jsonb have
 * the same.
 */
extern pg_uuid_t *dataset_record_id(Jsonb *inputs, const char *key);

#endif							/* GAIOPS_DATASET_RECORD_H */
