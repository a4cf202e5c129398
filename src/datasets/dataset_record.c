/*
 * dataset_record.c
 *		The identity of a record of a dataset, and merging into one.
 */
#include "postgres.h"

#include "common/cryptohash.h"
#include "common/sha2.h"
#include "datasets/dataset_record.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/json.h"
#include "utils/numeric.h"

/*
 * Bytes hashed in a step: a gigabyte of digits is not to be in memory, nor
 * unending.
 */
#define HASHED_AT_ONCE 65536

/*
 * A hash, and the text that is to be added to it, in the encoding of the
 * server.
 */
typedef struct Hasher
{
	StringInfoData text;
	pg_cryptohash_ctx *sha256;
} Hasher;

/* Writes a string of jsonb, which does not end with a NUL, as JSON. */
static void
write_string(StringInfo out, const JsonbValue *value)
{
	char	   *text = pnstrdup(value->val.string.val, value->val.string.len);

	escape_json(out, text);
	pfree(text);
}

static void
write_number(StringInfo out, Numeric number)
{
	char	   *text = numeric_normalize(number);

	appendStringInfoString(out, text);
	pfree(text);
}

/* Writes a value that is neither an array nor an object. */
static void
write_scalar(StringInfo out, const JsonbValue *value)
{
	switch (value->type)
	{
		case jbvString:
			write_string(out, value);
			break;
		case jbvNumeric:
			write_number(out, value->val.numeric);
			break;
		case jbvBool:
			appendStringInfoString(out, value->val.boolean ? "true" : "false");
			break;
		default:
			appendStringInfoString(out, "null");
			break;
	}
}

/* Raises unless a step of hashing went well. */
static void
check_hash(const Hasher *hasher, int result)
{
	if (result < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR),
				 errmsg("could not compute SHA-256: %s", pg_cryptohash_error(hasher->sha256))));
}

static void
begin_hash(Hasher *hasher)
{
	initStringInfo(&hasher->text);
	hasher->sha256 = pg_cryptohash_create(PG_SHA256);
	check_hash(hasher, hasher->sha256 == NULL ? -1 : pg_cryptohash_init(hasher->sha256));
}

/* Hashes the text that there is, in UTF-8, and empties it. */
static void
hash_text(Hasher *hasher)
{
	char	   *encoded = pg_server_to_any(hasher->text.data, hasher->text.len, PG_UTF8);
	size_t		len = encoded == hasher->text.data ? hasher->text.len : strlen(encoded);

	for (size_t at = 0; at < len; at += HASHED_AT_ONCE)
	{
		CHECK_FOR_INTERRUPTS();
		check_hash(hasher, pg_cryptohash_update(hasher->sha256, (uint8 *) encoded + at,
												Min(len - at, HASHED_AT_ONCE)));
	}
	if (encoded != hasher->text.data)
		pfree(encoded);
	resetStringInfo(&hasher->text);
}

static void
end_hash(Hasher *hasher, uint8 *hash)
{
	hash_text(hasher);
	check_hash(hasher, pg_cryptohash_final(hasher->sha256, hash, PG_SHA256_DIGEST_LENGTH));
	pg_cryptohash_free(hasher->sha256);
	pfree(hasher->text.data);
}

/*
 * Hashes a document as JSON without spaces.  Keys are in the order of jsonb,
 * and numbers have no zeros at the end of a fraction: documents that are
 * equal come to the same text, and no others.
 */
static void
hash_canonical(Hasher *hasher, Jsonb *document)
{
	StringInfo	out = &hasher->text;
	JsonbIterator *iterator = JsonbIteratorInit(&document->root);
	JsonbIteratorToken token;
	JsonbValue	value;
	bool		is_first = true;
	bool		is_scalar = JB_ROOT_IS_SCALAR(document);

	while ((token = JsonbIteratorNext(&iterator, &value, false)) != WJB_DONE)
	{
		bool		ends = token == WJB_END_ARRAY || token == WJB_END_OBJECT;

		CHECK_FOR_INTERRUPTS();
		if (out->len >= HASHED_AT_ONCE)
			hash_text(hasher);
		if (!ends && !is_first)
			appendStringInfoChar(out, ',');
		is_first = false;
		switch (token)
		{
			case WJB_BEGIN_ARRAY:
			case WJB_BEGIN_OBJECT:
				if (!is_scalar)
					appendStringInfoChar(out, token == WJB_BEGIN_ARRAY ? '[' : '{');
				is_first = true;
				break;
			case WJB_END_ARRAY:
			case WJB_END_OBJECT:
				if (!is_scalar)
					appendStringInfoChar(out, token == WJB_END_ARRAY ? ']' : '}');
				break;
			case WJB_KEY:
				write_string(out, &value);
				appendStringInfoChar(out, ':');
				is_first = true;
				break;
			default:
				write_scalar(out, &value);
				break;
		}
	}
}

pg_uuid_t *
dataset_record_id(Jsonb *inputs, const char *key)
{
	Hasher		hasher;
	pg_uuid_t  *id = palloc(sizeof(pg_uuid_t));
	uint8		hash[PG_SHA256_DIGEST_LENGTH];

	begin_hash(&hasher);
	appendStringInfoChar(&hasher.text, '[');
	hash_canonical(&hasher, inputs);
	appendStringInfoChar(&hasher.text, ',');
	if (key != NULL)
		escape_json(&hasher.text, key);
	else
		appendStringInfoString(&hasher.text, "null");
	appendStringInfoChar(&hasher.text, ']');
	end_hash(&hasher, hash);
	memcpy(id->data, hash, UUID_LEN);
	/* RFC 9562: the version, and the variant. */
	id->data[6] = (id->data[6] & 0x0f) | 0x80;
	id->data[8] = (id->data[8] & 0x3f) | 0x80;
	return id;
}
