/*
 * value_text.c
 *		How values are printed: as jsonb does, and as Python does.
 */
#include "core/json/value_text.h"

#include <stdio.h>
#include <string.h>

#include "core/text/unicode.h"

typedef bool (*StringPrinter) (TextBuilder *builder, const char *text, size_t len);

/* What two notations have different. */
typedef struct Notation
{
	const char *null;
	const char *truth[2];
	StringPrinter print_string;
} Notation;

/* Appends the escape of a character that JSON does not take as it is. */
static bool
append_json_escape(TextBuilder *builder, unsigned char c)
{
	char		escape[8];

	switch (c)
	{
		case '"':
			return text_append_cstring(builder, "\\\"");
		case '\\':
			return text_append_cstring(builder, "\\\\");
		case '\b':
			return text_append_cstring(builder, "\\b");
		case '\f':
			return text_append_cstring(builder, "\\f");
		case '\n':
			return text_append_cstring(builder, "\\n");
		case '\r':
			return text_append_cstring(builder, "\\r");
		case '\t':
			return text_append_cstring(builder, "\\t");
		default:
			(void) snprintf(escape, sizeof(escape), "\\u%04x", (unsigned int) c);
			return text_append_cstring(builder, escape);
	}
}

/* A string as escape_json() of the server writes it. */
static bool
print_json_string(TextBuilder *builder, const char *text, size_t len)
{
	size_t		begin = 0;

	(void) text_append(builder, "\"", 1);
	for (size_t i = 0; i < len && builder->problem == TEXT_OK; i++)
	{
		unsigned char c = (unsigned char) text[i];

		if (c >= ' ' && c != '"' && c != '\\')
			continue;
		(void) text_append(builder, text + begin, i - begin);
		(void) append_json_escape(builder, c);
		begin = i + 1;
	}
	(void) text_append(builder, text + begin, len - begin);
	return text_append(builder, "\"", 1);
}

/* Appends a character within Python's quotes. */
static bool
append_python_character(TextBuilder *builder, const char *text, size_t len, char quote)
{
	uint32_t	code_point = unicode_code_point(text, len);
	char		escape[16];

	switch (code_point)
	{
		case '\n':
			return text_append_cstring(builder, "\\n");
		case '\r':
			return text_append_cstring(builder, "\\r");
		case '\t':
			return text_append_cstring(builder, "\\t");
		default:
			break;
	}
	if (code_point == '\\' || code_point == (unsigned char) quote)
		(void) snprintf(escape, sizeof(escape), "\\%c", (char) code_point);
	else if (unicode_is_printable(code_point))
		return text_append(builder, text, len);
	else if (code_point < 0x100)
		(void) snprintf(escape, sizeof(escape), "\\x%02x", (unsigned int) code_point);
	else if (code_point < 0x10000)
		(void) snprintf(escape, sizeof(escape), "\\u%04x", (unsigned int) code_point);
	else
		(void) snprintf(escape, sizeof(escape), "\\U%08x", (unsigned int) code_point);
	return text_append_cstring(builder, escape);
}

/* A string as repr() writes it: in single quotes, if that saves escapes. */
static bool
print_python_string(TextBuilder *builder, const char *text, size_t len)
{
	bool		has_single = len > 0 && memchr(text, '\'', len) != NULL;
	bool		has_double = len > 0 && memchr(text, '"', len) != NULL;
	char		quote = has_single && !has_double ? '"' : '\'';
	size_t		n;

	(void) text_append(builder, &quote, 1);
	for (size_t i = 0; i < len && builder->problem == TEXT_OK; i += n)
	{
		n = unicode_first(text + i, len - i);
		(void) append_python_character(builder, text + i, n, quote);
	}
	return text_append(builder, &quote, 1);
}

/* A string or key, which may be empty and nowhere. */
static bool
print_string(TextBuilder *builder, const Notation *notation, const char *text, size_t len)
{
	return notation->print_string(builder, len > 0 ? text : "", len);
}

static const Notation json = {"null", {"false", "true"}, print_json_string};
static const Notation python = {"None", {"False", "True"}, print_python_string};

static bool print_value(TextBuilder *builder, const Value *value,
						const Notation *notation, int depth);

static bool
print_array(TextBuilder *builder, const Value *value, const Notation *notation, int depth)
{
	(void) text_append(builder, "[", 1);
	for (size_t i = 0; i < value->len && builder->problem == TEXT_OK; i++)
	{
		if (i > 0)
			(void) text_append(builder, ", ", 2);
		(void) print_value(builder, &value->elements[i], notation, depth);
	}
	return text_append(builder, "]", 1);
}

static bool
print_object(TextBuilder *builder, const Value *value, const Notation *notation, int depth)
{
	(void) text_append(builder, "{", 1);
	for (size_t i = 0; i < value->len && builder->problem == TEXT_OK; i++)
	{
		const ValueMember *member = &value->members[i];

		if (i > 0)
			(void) text_append(builder, ", ", 2);
		(void) print_string(builder, notation, member->key, member->key_len);
		(void) text_append(builder, ": ", 2);
		(void) print_value(builder, &member->value, notation, depth);
	}
	return text_append(builder, "}", 1);
}

/* Appends a value, which is within depth others. */
static bool
print_value(TextBuilder *builder, const Value *value, const Notation *notation, int depth)
{
	if (depth > VALUE_MAX_DEPTH)
		return text_fail(builder, TEXT_TOO_DEEP);
	switch (value->kind)
	{
		case VALUE_UNDEFINED:
		case VALUE_NULL:
			return text_append_cstring(builder, notation->null);
		case VALUE_BOOL:
			return text_append_cstring(builder, notation->truth[value->boolean]);
		case VALUE_NUMBER:
			return text_append(builder, value->text, value->len);
		case VALUE_STRING:
			return print_string(builder, notation, value->text, value->len);
		case VALUE_ARRAY:
			return print_array(builder, value, notation, depth + 1);
		case VALUE_OBJECT:
			return print_object(builder, value, notation, depth + 1);
	}
	return false;
}

bool
value_print_json(TextBuilder *builder, const Value *value)
{
	return print_value(builder, value, &json, 0);
}

bool
value_print_python(TextBuilder *builder, const Value *value)
{
	if (value->kind == VALUE_STRING)
		return text_append(builder, value->text, value->len);
	return print_value(builder, value, &python, 0);
}
