/*
 * json_repair.c
 *		What JSON does not allow and upstreams send all the same, replaced.
 */
#include "core/json/json_repair.h"

#include <stdlib.h>
#include <string.h>

#include "core/text/hex.h"

#define BYTE_ORDER_MARK	"\xef\xbb\xbf"
#define REPLACEMENT		"\\ufffd"
#define ESCAPE_LEN		((size_t) 6)	/* of \uXXXX */

/* One walk over the text; the first one only counts. */
typedef struct Repairer
{
	const char *p;
	const char *end;
	char	   *out;			/* NULL where it only counts */
	size_t		len;			/* of what was put out */
	JsonRepairs repairs;
} Repairer;

static void
put(Repairer *r, const char *text, size_t len)
{
	if (r->out != NULL)
		memcpy(r->out + r->len, text, len);
	r->len += len;
}

/* Passes on what is at the current place. */
static void
keep(Repairer *r, size_t len)
{
	if (len > (size_t) (r->end - r->p))
		len = (size_t) (r->end - r->p);
	put(r, r->p, len);
	r->p += len;
}

/* Puts something else in its place. */
static void
replace(Repairer *r, size_t len, const char *by, int *count)
{
	put(r, by, strlen(by));
	r->p += len;
	(*count)++;
}

/* Whether the text goes on with these words. */
static bool
starts_with(const char *p, const char *end, const char *words)
{
	size_t		len = strlen(words);

	return (size_t) (end - p) >= len && memcmp(p, words, len) == 0;
}

/* The unit of the escape \uXXXX at p; -1 if there is none. */
static int
read_unit(const char *p, const char *end)
{
	if ((size_t) (end - p) < ESCAPE_LEN || p[0] != '\\' || p[1] != 'u')
		return -1;
	return (int) hex_number(p + 2, ESCAPE_LEN - 2);
}

/* Deals with an escape in a string. */
static void
repair_escape(Repairer *r)
{
	int			unit = read_unit(r->p, r->end);
	int			next;

	if (unit == 0)
		replace(r, ESCAPE_LEN, REPLACEMENT, &r->repairs.nul_escapes);
	else if (unit < 0xD800 || unit > 0xDFFF)
		keep(r, 2);
	else
	{
		next = read_unit(r->p + ESCAPE_LEN, r->end);
		if (unit <= 0xDBFF && next >= 0xDC00 && next <= 0xDFFF)
			keep(r, 2 * ESCAPE_LEN);
		else
			replace(r, ESCAPE_LEN, REPLACEMENT, &r->repairs.surrogates);
	}
}

/* Deals with a string; its opening quote is at the current place. */
static void
repair_string(Repairer *r)
{
	keep(r, 1);
	while (r->p < r->end && *r->p != '"')
	{
		if (*r->p == '\\')
			repair_escape(r);
		else
			keep(r, 1);
	}
	keep(r, 1);
}

/* Deals with what is outside of strings. */
static void
repair_token(Repairer *r)
{
	const char *word = *r->p == '-' ? r->p + 1 : r->p;

	if (starts_with(word, r->end, "NaN"))
		replace(r, (size_t) (word - r->p) + 3, "null", &r->repairs.numbers);
	else if (starts_with(word, r->end, "Infinity"))
		replace(r, (size_t) (word - r->p) + 8, "null", &r->repairs.numbers);
	else
		keep(r, 1);
}

/* Walks once over the text, putting it to out unless that is NULL. */
static Repairer
walk(const char *text, size_t len, char *out)
{
	Repairer	r = {.p = text, .end = text + len, .out = out};

	if (starts_with(r.p, r.end, BYTE_ORDER_MARK))
		replace(&r, 3, "", &r.repairs.byte_order_marks);
	while (r.p < r.end)
	{
		if (*r.p == '"')
			repair_string(&r);
		else
			repair_token(&r);
	}
	return r;
}

bool
json_repair(const char *text, size_t len,
			char **copy, size_t *copy_len, JsonRepairs *repairs)
{
	Repairer	counted;

	if (text == NULL)
		return false;
	counted = walk(text, len, NULL);
	if (counted.repairs.byte_order_marks + counted.repairs.nul_escapes +
		counted.repairs.surrogates + counted.repairs.numbers == 0)
		return false;
	*copy = malloc(counted.len + 1);
	if (*copy == NULL)
		return false;
	*repairs = walk(text, len, *copy).repairs;
	(*copy)[counted.len] = '\0';
	*copy_len = counted.len;
	return true;
}
