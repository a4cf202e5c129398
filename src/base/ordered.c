/*
 * ordered.c
 *		JSON text put together from pieces, which stay as they were written.
 */
#include "postgres.h"

#include "base/ordered.h"
#include "compat.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/json.h"

#define CHECK_EVERY 65536	/* bytes between two looks for interrupts */

static void
check_interrupts(void)
{
	CHECK_FOR_INTERRUPTS();
}

void
ordered_init(void)
{
	json_text_check_interrupts = check_interrupts;
}

TextSlice
ordered_of(const char *text)
{
	return (TextSlice) {text, strlen(text)};
}

TextSlice
ordered_of_datum(Datum value)
{
	text	   *packed = DatumGetTextPP(value);

	return (TextSlice) {VARDATA_ANY(packed), VARSIZE_ANY_EXHDR(packed)};
}

Datum
ordered_to_datum(TextSlice text)
{
	return PointerGetDatum(cstring_to_text_with_len(text.data, (int) text.len));
}

TextSlice
ordered_decode(TextSlice string)
{
	char	   *plain;

	if (string.len == 0 || memchr(string.data, '\\', string.len) == NULL)
		return string;
	plain = palloc(string.len);
	return (TextSlice) {plain, json_text_decode(string, plain)};
}

char *
ordered_decode_cstring(TextSlice string)
{
	char	   *plain = palloc(string.len + 1);

	plain[json_text_decode(string, plain)] = '\0';
	return plain;
}

/* ---- putting together ---- */

void
ordered_append_string(StringInfo document, const char *text, size_t len)
{
	size_t		begin = 0;

	appendStringInfoCharMacro(document, '"');
	for (size_t i = 0; i < len; i++)
	{
		unsigned char c = (unsigned char) text[i];

		if (i % CHECK_EVERY == 0)
			CHECK_FOR_INTERRUPTS();
		if (c >= ' ' && c != '"' && c != '\\')
			continue;
		appendBinaryStringInfo(document, text + begin, (int) (i - begin));
		begin = i + 1;
		if (c == '"' || c == '\\')
			appendStringInfo(document, "\\%c", c);
		else if (c == '\n')
			appendStringInfoString(document, "\\n");
		else if (c == '\t')
			appendStringInfoString(document, "\\t");
		else if (c == '\r')
			appendStringInfoString(document, "\\r");
		else
			appendStringInfo(document, "\\u%04x", c);
	}
	if (begin < len)
		appendBinaryStringInfo(document, text + begin, (int) (len - begin));
	appendStringInfoCharMacro(document, '"');
}

static void
append_slice(StringInfo document, TextSlice slice)
{
	if (slice.len > 0)
		appendBinaryStringInfo(document, slice.data, (int) slice.len);
}

/* Separates what comes next from what came before it. */
static void
append_comma(StringInfo document)
{
	char		last = document->data[document->len - 1];

	if (last != '{' && last != '[')
		appendStringInfoString(document, ", ");
}

void
ordered_begin(StringInfo object)
{
	initStringInfo(object);
	appendStringInfoChar(object, '{');
}

void
ordered_add(StringInfo object, const char *key, TextSlice value)
{
	append_comma(object);
	ordered_append_string(object, key, strlen(key));
	appendStringInfoString(object, ": ");
	append_slice(object, value);
}

void
ordered_add_text(StringInfo object, const char *key, const char *text)
{
	ordered_add(object, key, ORDERED_NONE);
	ordered_append_string(object, text, strlen(text));
}

TextSlice
ordered_end(StringInfo object)
{
	appendStringInfoChar(object, '}');
	return (TextSlice) {object->data, (size_t) object->len};
}

void
ordered_add_written(StringInfo object, TextSlice key, TextSlice value)
{
	append_comma(object);
	appendStringInfoCharMacro(object, '"');
	append_slice(object, key);
	appendStringInfoString(object, "\": ");
	append_slice(object, value);
}

TextSlice
ordered_message(const char *role, const char *content)
{
	StringInfoData message;

	initStringInfo(&message);
	appendStringInfoString(&message, "[{\"role\": ");
	ordered_append_string(&message, role, strlen(role));
	ordered_add_text(&message, "content", content);
	appendStringInfoString(&message, "}]");
	return (TextSlice) {message.data, (size_t) message.len};
}

size_t
ordered_find_nonmessage(TextSlice array)
{
	JsonWalk	walk;
	TextSlice	key;
	TextSlice	element;
	size_t		n = 0;

	json_text_enter(&walk, array);
	while (json_text_next(&walk, &key, &element))
	{
		n++;
		if (json_text_kind(element) != VALUE_OBJECT ||
			json_text_kind(json_text_member(element, "role")) != VALUE_STRING)
			return n;
	}
	return 0;
}

/* ---- putting two together ---- */

/* What is within the brackets of an array. */
static TextSlice
inside(TextSlice array)
{
	size_t		begin = 1;
	size_t		end = array.len - 1;

	while (begin < end && strchr(" \t\r\n", array.data[begin]) != NULL)
		begin++;
	while (end > begin && strchr(" \t\r\n", array.data[end - 1]) != NULL)
		end--;
	return (TextSlice) {array.data + begin, end - begin};
}

TextSlice
ordered_join(TextSlice first, TextSlice second)
{
	StringInfoData joined;

	if (first.data == NULL || second.data == NULL)
		return first.data ? first : second;
	initStringInfo(&joined);
	appendStringInfoChar(&joined, '[');
	append_slice(&joined, inside(first));
	if (inside(second).len > 0)
		append_comma(&joined);
	append_slice(&joined, inside(second));
	appendStringInfoChar(&joined, ']');
	return (TextSlice) {joined.data, (size_t) joined.len};
}

/* A member of an object, its name without escapes. */
typedef struct Member
{
	TextSlice	name;
	TextSlice	value;
	bool		is_used;
} Member;

static int
compare_names(TextSlice a, TextSlice b)
{
	if (a.len != b.len)
		return a.len < b.len ? -1 : 1;
	return a.len == 0 ? 0 : memcmp(a.data, b.data, a.len);
}

static int
compare_members(const void *a, const void *b)
{
	CHECK_FOR_INTERRUPTS();
	return compare_names(((const Member *) a)->name, ((const Member *) b)->name);
}

/* The members of an object in the order of their names. */
static Member *
sort_members(TextSlice object, size_t *nmembers)
{
	size_t		n = json_text_count(object);
	Member	   *members = MemoryContextAllocHuge(CurrentMemoryContext, Max(n, 1) * sizeof(Member));
	JsonWalk	walk;
	TextSlice	key;
	size_t		i = 0;

	json_text_enter(&walk, object);
	while (i < n && json_text_next(&walk, &key, &members[i].value))
	{
		members[i].name = ordered_decode(key);
		members[i++].is_used = false;
	}
	qsort(members, i, sizeof(Member), compare_members);
	*nmembers = i;
	return members;
}

/*
 * The member of the name of key, which is as it was written; NULL if there is
 * none.
 */
static Member *
find_member(Member *members, size_t n, TextSlice key)
{
	Member		wanted = {.name = ordered_decode(key)};

	return bsearch(&wanted, members, n, sizeof(Member), compare_members);
}

TextSlice
ordered_merge(TextSlice first, TextSlice second)
{
	StringInfoData merged;
	Member	   *members;
	size_t		n;
	JsonWalk	walk;
	TextSlice	key;
	TextSlice	value;

	if (second.data == NULL || json_text_count(second) == 0)
		return first;
	if (first.data == NULL || json_text_count(first) == 0)
		return second;
	members = sort_members(second, &n);
	ordered_begin(&merged);
	json_text_enter(&walk, first);
	while (json_text_next(&walk, &key, &value))
	{
		Member	   *same = find_member(members, n, key);

		if (same != NULL)
			same->is_used = true;
		ordered_add_written(&merged, key, same ? same->value : value);
	}
	json_text_enter(&walk, second);
	while (json_text_next(&walk, &key, &value))
		if (!find_member(members, n, key)->is_used)
			ordered_add_written(&merged, key, value);
	pfree(members);
	return ordered_end(&merged);
}

static bool
is_among(TextSlice key, const char *const *keys, int nkeys)
{
	for (int i = 0; i < nkeys; i++)
		if (json_text_says(key, keys[i]))
			return true;
	return false;
}

TextSlice
ordered_without(TextSlice object, const char *const *keys, int nkeys)
{
	StringInfoData rest;
	JsonWalk	walk;
	TextSlice	key;
	TextSlice	value;

	ordered_begin(&rest);
	json_text_enter(&walk, object);
	while (json_text_next(&walk, &key, &value))
		if (!is_among(key, keys, nkeys))
			ordered_add_written(&rest, key, value);
	return ordered_end(&rest);
}
