/*
 * json_text.c
 *		Finding one's way in JSON text that has been checked, where it lies.
 */
#include "core/json/json_text.h"

#include <stdint.h>
#include <string.h>

#include "core/text/hex.h"
#include "core/text/unicode.h"

/* Bytes between two looks for interrupts: well below a millisecond. */
#define CHECK_EVERY 65536

void		(*json_text_check_interrupts) (void) = NULL;

static void
check_interrupts(void)
{
	if (json_text_check_interrupts != NULL)
		json_text_check_interrupts();
}

/* How far to go before the next look for interrupts. */
static const char *
find_stop(const char *at, const char *end)
{
	return end - at > CHECK_EVERY ? at + CHECK_EVERY : end;
}

static const char *
skip_space(const char *at, const char *end)
{
	for (; at < end; check_interrupts())
	{
		const char *stop = find_stop(at, end);

		while (at < stop && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r'))
			at++;
		if (at < stop)
			break;
	}
	return at;
}

/* The place behind a string that begins at its quote. */
static const char *
skip_string(const char *at, const char *end)
{
	for (at++; at < end; check_interrupts())
	{
		const char *stop = find_stop(at, end);

		for (; at < stop && *at != '"'; at++)
			if (*at == '\\')
				at++;
		if (at < stop)
			return at + 1;
	}
	return end;
}

/* The place behind a value, whatever is in it. */
static const char *
skip_value(const char *at, const char *end)
{
	const char *stop = find_stop(at, end);
	size_t		depth = 0;

	do
	{
		char		c;

		if (at >= end)
			return end;
		if (at >= stop)
		{
			check_interrupts();
			stop = find_stop(at, end);
		}
		c = *at;
		if (c == '"')
			at = skip_string(at, end);
		else
		{
			/*
			 * A number, true, false or null on its own ends before what
			 * follows.
			 */
			if (depth == 0 && (c == ',' || c == ']' || c == '}' || c == ':'))
				return at;
			at++;
			if (c == '{' || c == '[')
				depth++;
			else if (c == '}' || c == ']')
				depth--;
			else if (depth == 0)
			{
				while (at < end && strchr(",:]} \t\n\r", *at) == NULL)
					at++;
			}
		}
	} while (depth > 0);
	return at;
}

ValueKind
json_text_kind(TextSlice value)
{
	const char *end = value.data + value.len;
	const char *at = value.data == NULL ? NULL : skip_space(value.data, end);

	if (at == NULL || at == end)
		return VALUE_UNDEFINED;
	switch (*at)
	{
		case '{':
			return VALUE_OBJECT;
		case '[':
			return VALUE_ARRAY;
		case '"':
			return VALUE_STRING;
		case 't':
		case 'f':
			return VALUE_BOOL;
		case 'n':
			return VALUE_NULL;
		default:
			return VALUE_NUMBER;
	}
}

void
json_text_enter(JsonWalk *walk, TextSlice container)
{
	ValueKind	kind = json_text_kind(container);

	*walk = (JsonWalk) {.is_object = kind == VALUE_OBJECT};
	if (kind != VALUE_OBJECT && kind != VALUE_ARRAY)
		return;
	walk->end = container.data + container.len;
	walk->at = skip_space(container.data, walk->end) + 1;
}

bool
json_text_more(JsonWalk *walk, TextSlice *key)
{
	const char *at = skip_space(walk->at, walk->end);

	check_interrupts();
	*key = (TextSlice) {NULL, 0};
	if (at < walk->end && *at == ',')
		at = skip_space(at + 1, walk->end);
	walk->at = at;
	if (at >= walk->end || *at == ']' || *at == '}')
		return false;
	if (walk->is_object)
	{
		*key = json_text_string((TextSlice) {at, (size_t) (walk->end - at)});
		at = skip_space(skip_string(at, walk->end), walk->end);
		if (at < walk->end && *at == ':')
			at = skip_space(at + 1, walk->end);
		walk->at = at;
	}
	/* What is no JSON may have nothing here, and would be found for ever. */
	if (at >= walk->end || at == walk->seen)
		return false;
	walk->seen = at;
	return true;
}

ValueKind
json_text_peek(const JsonWalk *walk)
{
	return json_text_kind((TextSlice) {walk->at, (size_t) (walk->end - walk->at)});
}

TextSlice
json_text_take(JsonWalk *walk)
{
	const char *begin = walk->at;

	walk->at = skip_value(begin, walk->end);
	return (TextSlice) {begin, (size_t) (walk->at - begin)};
}

void
json_text_descend(const JsonWalk *walk, JsonWalk *inner)
{
	json_text_enter(inner, (TextSlice) {walk->at, (size_t) (walk->end - walk->at)});
}

void
json_text_ascend(JsonWalk *walk, const JsonWalk *inner)
{
	walk->at = inner->at < inner->end ? inner->at + 1 : walk->end;
}

bool
json_text_next(JsonWalk *walk, TextSlice *key, TextSlice *value)
{
	if (!json_text_more(walk, key))
		return false;
	*value = json_text_take(walk);
	return true;
}

size_t
json_text_count(TextSlice container)
{
	JsonWalk	walk;
	TextSlice	key;
	TextSlice	value;
	size_t		n = 0;

	json_text_enter(&walk, container);
	while (json_text_next(&walk, &key, &value))
		n++;
	return n;
}

TextSlice
json_text_string(TextSlice value)
{
	const char *end = value.data + value.len;
	const char *at = skip_space(value.data, end);
	const char *behind = skip_string(at, end);
	TextSlice	string = {at + 1, behind > at + 1 ? (size_t) (behind - at - 2) : 0};

	return string;
}

/* The code unit of four hexadecimal digits, which they are in JSON. */
static uint32_t
read_unit(const char *digits)
{
	int64_t		unit = hex_number(digits, 4);

	return unit < 0 ? 0xfffd : (uint32_t) unit;
}

/*
 * The character of an escape, whose backslash is at *at, which is moved behind
 * it; two escapes where they are a surrogate pair.
 */
static uint32_t
read_escape(const char **at, const char *end)
{
	const char *from = *at + 1;
	uint32_t	c = (unsigned char) *from;

	*at = from + 1;
	switch (c)
	{
		case 'b':
			return '\b';
		case 'f':
			return '\f';
		case 'n':
			return '\n';
		case 'r':
			return '\r';
		case 't':
			return '\t';
		case 'u':
			break;
		default:
			return c;
	}
	if (end - *at < 4)
		return c;
	c = read_unit(*at);
	*at += 4;
	if (c >= 0xd800 && c < 0xdc00 && end - *at >= 6)
	{
		c = 0x10000 + ((c & 0x3ff) << 10 | (read_unit(*at + 2) & 0x3ff));
		*at += 6;
	}
	return c;
}

size_t
json_text_decode(TextSlice string, char *out)
{
	const char *at = string.data;
	const char *end = string.data + string.len;
	const char *stop = find_stop(at, end);
	size_t		len = 0;

	while (at < end)
	{
		const char *escape = memchr(at, '\\', (size_t) (end - at));
		size_t		plain = (size_t) ((escape ? escape : end) - at);

		if (at >= stop)
		{
			check_interrupts();
			stop = find_stop(at, end);
		}
		memcpy(out + len, at, plain);
		len += plain;
		at += plain;
		if (escape == NULL)
			break;
		if (end - at < 2)
			break;
		len += unicode_encode(read_escape(&at, end), out + len);
	}
	return len;
}

bool
json_text_says(TextSlice string, const char *text)
{
	const char *at = string.data;
	const char *end = string.data + string.len;
	size_t		left = strlen(text);

	while (at < end)
	{
		char		bytes[4];
		size_t		n = 1;

		bytes[0] = *at;
		if (*at != '\\' || end - at < 2)
			at++;
		else
			n = unicode_encode(read_escape(&at, end), bytes);
		if (n > left || memcmp(bytes, text, n) != 0)
			return false;
		text += n;
		left -= n;
	}
	return left == 0;
}

bool
json_text_same(TextSlice one, TextSlice other)
{
	const char *one_end = one.data + one.len;
	const char *other_end = other.data + other.len;
	const char *at = skip_space(one.data, one_end);
	const char *there = skip_space(other.data, other_end);
	const char *stop = find_stop(at, one_end);

	while (at < one_end && there < other_end)
	{
		size_t		len = *at == '"' ? (size_t) (skip_string(at, one_end) - at) : 1;

		if (at >= stop)
		{
			check_interrupts();
			stop = find_stop(at, one_end);
		}
		if (len > (size_t) (other_end - there) || memcmp(at, there, len) != 0)
			return false;
		at = skip_space(at + len, one_end);
		there = skip_space(there + len, other_end);
	}
	return at == one_end && there == other_end;
}

size_t
json_text_compact(TextSlice value, char *out)
{
	const char *end = value.data + value.len;
	const char *at = skip_space(value.data, end);
	const char *stop = find_stop(at, end);
	size_t		total = 0;

	while (at < end)
	{
		size_t		len = *at == '"' ? (size_t) (skip_string(at, end) - at) : 1;

		if (at >= stop)
		{
			check_interrupts();
			stop = find_stop(at, end);
		}
		memcpy(out + total, at, len);
		total += len;
		at = skip_space(at + len, end);
	}
	return total;
}

TextSlice
json_text_member(TextSlice object, const char *key)
{
	JsonWalk	walk;
	TextSlice	name;
	TextSlice	value;

	json_text_enter(&walk, object);
	if (walk.is_object)
		while (json_text_next(&walk, &name, &value))
			if (json_text_says(name, key))
				return value;
	return (TextSlice) {NULL, 0};
}
