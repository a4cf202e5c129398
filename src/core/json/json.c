/*
 * json.c
 *		Reading JSON that came over the wire.  The only file that knows json-c.
 *
 * json-c's parser is careless when memory runs out (0.16 loses members and
 * parts of strings without a word, and follows a NULL key), so the memory it
 * can need at most is asked for, and given back, before it starts.
 */
#include "core/json/json.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "core/json/json_scan.h"

struct JsonDocument
{
	struct json_object *root;	/* NULL if the text is null */
};

/* Larger than that a double no longer holds every whole number. */
#define DOUBLE_EXACT_MAX	9007199254740992.0

/* json-c's view of a value; its getters are not const, but change nothing. */
static struct json_object *
unwrap(const JsonValue *value)
{
	return (struct json_object *) value;
}

static const JsonValue *
wrap(struct json_object *object)
{
	return (const JsonValue *) object;
}

/* Whether that much memory can be had now. */
static bool
memory_is_available(size_t size)
{
	char	   *probe = malloc(size);

	if (probe == NULL)
		return false;
	/* A store that counts, or the compiler would drop both calls. */
	*(volatile char *) probe = 0;
	free(probe);
	return true;
}

/* Why json-c gave no document for a text that json_scan() has passed. */
static const char *
parse_trouble(enum json_tokener_error error)
{
	/* Up to 0.16 it says nothing at all when memory is short. */
	if (error == json_tokener_success || error == json_tokener_continue)
		return "more than memory can hold now";
#if JSON_C_VERSION_NUM >= ((0 << 16) | (17 << 8))
	if (error == json_tokener_error_memory)
		return "more than memory can hold now";
#endif
	return "refused by json-c";
}

/*
 * Runs json-c over text that json_scan() has passed, without the white space
 * at its end.  Returns NULL, or why it cannot be parsed.
 *
 * No flag is set, as json_scan() was stricter than any.  What they mean
 * differs between versions: JSON_TOKENER_STRICT refuses integers beyond 64
 * bits from 0.17 on, and every byte from 0x80 on in 0.18.
 */
static const char *
parse_scanned(const char *text, size_t len, struct json_object **root)
{
	/* Leaves need a level of json-c's own, and the last one is not used. */
	struct json_tokener *tokener = json_tokener_new_ex(JSON_MAX_DEPTH + 2);
	enum json_tokener_error error;
	const char *trouble = NULL;

	*root = NULL;
	if (tokener == NULL)
		return "more than memory can hold now";
	*root = json_tokener_parse_ex(tokener, text, (int) len);
	error = json_tokener_get_error(tokener);
	if (error == json_tokener_continue)
	{
		/* A bare number may go on until a NUL says that it does not. */
		*root = json_tokener_parse_ex(tokener, "", 1);
		error = json_tokener_get_error(tokener);
	}
	else if (json_tokener_get_parse_end(tokener) != len)
		trouble = parse_trouble(error);
	if (error != json_tokener_success)
		trouble = parse_trouble(error);
	if (trouble != NULL)
	{
		json_object_put(*root);
		*root = NULL;
	}
	json_tokener_free(tokener);
	return trouble;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The length of text without the white space at its end. */
static size_t
trimmed_length(const char *text, size_t len)
{
	while (len > 0 && is_space(text[len - 1]))
		len--;
	return len;
}

/* Checks, makes sure of the memory, then parses. */
JsonDocument *
json_document_parse(const char *text, size_t len, const char **reason)
{
	JsonDocument *doc;
	size_t		memory;

	/* json-c counts in int. */
	*reason = len >= INT_MAX ? "too large" : json_scan(text, len, &memory);
	if (*reason != NULL)
		return NULL;
	if (memory > JSON_MAX_MEMORY)
	{
		*reason = "too large once parsed";
		return NULL;
	}
	*reason = "more than memory can hold now";
	if (!memory_is_available(memory))
		return NULL;
	doc = malloc(sizeof(JsonDocument));
	if (doc == NULL)
		return NULL;
	*reason = parse_scanned(text, trimmed_length(text, len), &doc->root);
	if (*reason != NULL)
	{
		free(doc);
		return NULL;
	}
	return doc;
}

void
json_document_free(JsonDocument *doc)
{
	if (doc == NULL)
		return;
	json_object_put(doc->root);
	free(doc);
}

const JsonValue *
json_document_root(const JsonDocument *doc)
{
	return doc == NULL ? NULL : wrap(doc->root);
}

JsonKind
json_value_kind(const JsonValue *value)
{
	switch (json_object_get_type(unwrap(value)))
	{
		case json_type_boolean:
			return JSON_KIND_BOOL;
		case json_type_int:
		case json_type_double:
			return JSON_KIND_NUMBER;
		case json_type_string:
			return JSON_KIND_STRING;
		case json_type_array:
			return JSON_KIND_ARRAY;
		case json_type_object:
			return JSON_KIND_OBJECT;
		case json_type_null:
			break;
	}
	return JSON_KIND_NULL;
}

const JsonValue *
json_value_member(const JsonValue *value, const char *key)
{
	struct json_object *member;

	/* On anything but an object json-c finds nothing, without complaint. */
	if (!json_object_object_get_ex(unwrap(value), key, &member))
		return NULL;
	return wrap(member);
}

size_t
json_value_length(const JsonValue *value)
{
	if (json_value_kind(value) != JSON_KIND_ARRAY)
		return 0;
	return json_object_array_length(unwrap(value));
}

const JsonValue *
json_value_element(const JsonValue *value, size_t i)
{
	if (i >= json_value_length(value))
		return NULL;
	return wrap(json_object_array_get_idx(unwrap(value), i));
}

bool
json_value_string(const JsonValue *value, const char **data, size_t *len)
{
	if (json_value_kind(value) != JSON_KIND_STRING)
		return false;
	*data = json_object_get_string(unwrap(value));
	*len = (size_t) json_object_get_string_len(unwrap(value));
	return true;
}

bool
json_value_number_text(const JsonValue *value, const char **data, size_t *len)
{
	const char *text;
	size_t		text_len;

	if (json_value_kind(value) != JSON_KIND_NUMBER)
		return false;
	/* json-c keeps the text with the value, so it lives as long. */
	text = json_object_to_json_string_length(unwrap(value),
											 JSON_C_TO_STRING_PLAIN, &text_len);
	if (text == NULL)
		return false;
	*data = text;
	*len = text_len;
	return true;
}

bool
json_value_int64(const JsonValue *value, int64_t *result)
{
	struct json_object *object = unwrap(value);

	if (json_object_is_type(object, json_type_int))
	{
		int64_t		n = json_object_get_int64(object);

		/* json-c saturates: at the lower end that cannot be told apart. */
		if (n == INT64_MIN || json_object_get_uint64(object) > INT64_MAX)
			return false;
		*result = n;
		return true;
	}
	if (json_object_is_type(object, json_type_double))
	{
		double		d = json_object_get_double(object);

		/* Written so that a NaN would be refused, too. */
		if (!(d >= -DOUBLE_EXACT_MAX && d <= DOUBLE_EXACT_MAX) ||
			(double) (int64_t) d != d)
			return false;
		*result = (int64_t) d;
		return true;
	}
	return false;
}

bool
json_value_bool(const JsonValue *value, bool *result)
{
	if (json_value_kind(value) != JSON_KIND_BOOL)
		return false;
	*result = json_object_get_boolean(unwrap(value));
	return true;
}
