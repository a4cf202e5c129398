/*
 * dataset_size.c
 *		How large a record of a dataset is.
 *
 * A number of a few bytes may have 131072 digits as text.  So that nobody
 * makes us write a gigabyte to see that it is too much, nothing is written as
 * a whole, and the limit ends it.
 */
#include "postgres.h"

#include "base/document.h"
#include "base/ordered.h"
#include "datasets/dataset_record.h"
#include "miscadmin.h"
#include "utils/fmgrprotos.h"

/*
 * Bytes of a string of len bytes in JSON: between quotes, and with what
 * escape_json() does.
 */
static int64
string_size(const char *string, int len)
{
	int64		size = (int64) len + 2;

	for (int i = 0; i < len; i++)
	{
		unsigned char c = (unsigned char) string[i];

		if (c == '"' || c == '\\')
			size++;
		else if (c < ' ')
			size += strchr("\b\f\n\r\t", c) != NULL ? 1 : 5;
	}
	return size;
}

static int64
number_size(Numeric number)
{
	char	   *text = DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(number)));
	int64		size = strlen(text);

	pfree(text);
	return size;
}

/* Bytes of a value that is neither an array nor an object. */
static int64
scalar_size(const JsonbValue *value)
{
	switch (value->type)
	{
		case jbvString:
			return string_size(value->val.string.val, value->val.string.len);
		case jbvNumeric:
			return number_size(value->val.numeric);
		case jbvBool:
			return value->val.boolean ? strlen("true") : strlen("false");
		default:
			return strlen("null");
	}
}

/* Bytes of the brackets around n elements and of what is between them. */
static int64
frame_size(int64 n)
{
	return strlen("[]") + (n > 0 ? (n - 1) * strlen(", ") : 0);
}

/*
 * Bytes of a document as text, as jsonb_out() writes it.  It is not walked
 * further once it has more than there may be in a record.
 */
static int64
document_size(Jsonb *document)
{
	JsonbIterator *iterator = JsonbIteratorInit(&document->root);
	JsonbIteratorToken token;
	JsonbValue	value;
	int64		size = 0;

	while (size <= DATASET_RECORD_BYTES &&
		   (token = JsonbIteratorNext(&iterator, &value, false)) != WJB_DONE)
	{
		CHECK_FOR_INTERRUPTS();
		switch (token)
		{
			case WJB_BEGIN_ARRAY:
				size += value.val.array.rawScalar ? 0 : frame_size(value.val.array.nElems);
				break;
			case WJB_BEGIN_OBJECT:
				size += frame_size(value.val.object.nPairs);
				break;
			case WJB_KEY:
				size += scalar_size(&value) + strlen(": ");
				break;
			case WJB_ELEM:
			case WJB_VALUE:
				size += scalar_size(&value);
				break;
			default:
				break;
		}
	}
	return size;
}

/* An array or object takes 8 bytes at least, so that most need no walk. */
bool
dataset_is_too_deep(Jsonb *record)
{
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue	value;
	int			depth = 0;

	if (VARSIZE(record) < ORDERED_MAX_DEPTH * 8)
		return false;
	iterator = JsonbIteratorInit(&record->root);
	while (depth <= ORDERED_MAX_DEPTH &&
		   (token = JsonbIteratorNext(&iterator, &value, false)) != WJB_DONE)
	{
		CHECK_FOR_INTERRUPTS();
		if (token == WJB_BEGIN_ARRAY || token == WJB_BEGIN_OBJECT)
			depth++;
		else if (token == WJB_END_ARRAY || token == WJB_END_OBJECT)
			depth--;
	}
	return depth > ORDERED_MAX_DEPTH;
}

bool
dataset_is_too_large(Jsonb *record)
{
	return document_size(record) > DATASET_RECORD_BYTES;
}

bool
dataset_are_too_large(const DatasetMember *members, int nmembers)
{
	int64		size = 0;
	int			n = 0;

	for (int i = 0; i < nmembers && size <= DATASET_RECORD_BYTES; i++)
	{
		const DatasetMember *member = &members[i];

		if (member->document == NULL && member->text == NULL)
			continue;
		size += strlen(member->name) + strlen("\"\": ");
		size += member->document != NULL ? document_size(member->document)
			: string_size(member->text, strlen(member->text));
		n++;
	}
	return size + frame_size(n) > DATASET_RECORD_BYTES;
}
