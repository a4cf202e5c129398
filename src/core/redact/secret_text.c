/*
 * secret_text.c
 *		Statements that carry a key, known by their text.
 *
 * The text may be any part of any message, in no state to be parsed.  So this
 * looks for names and what follows them, and sees rather a call too many than
 * one too few.  What stands in a comment counts: it may hold a key, or be no
 * comment but within a string.
 *
 * It looks only so far behind a name, or a text of nothing but names, or of
 * comments that are never closed, would be walked to its end once for each of
 * them.
 */
#include "core/redact/secret_text.h"

#include <string.h>

#include "core/text/hex.h"

/* How far it looks behind a name. */
#define LOOK_AHEAD 256

/* Bytes between two looks for interrupts: well below a millisecond. */
#define CHECK_EVERY 65536

void		(*secret_text_check_interrupts) (void) = NULL;

/* Bytes that were looked at since the latest look for interrupts. */
static size_t looked = 0;

/* Counts bytes that were looked at, those that were looked at again too. */
static void
count_looked(size_t bytes)
{
	looked += bytes;
	if (looked < CHECK_EVERY)
		return;
	looked = 0;
	if (secret_text_check_interrupts != NULL)
		secret_text_check_interrupts();
}

/* These do not ask the locale: keywords and our names are ASCII. */
static char
to_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Whether c can stand within an identifier that is not quoted. */
static bool
is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		(c >= '0' && c <= '9') || c == '_' || c == '$' || (unsigned char) c >= 0x80;
}

/*
 * Reads an ASCII character that is written as a Unicode escape, and returns
 * what is behind; NULL if there is none.  UESCAPE lets any byte begin an
 * escape; a second one is there where the text was quoted once more, as in
 * JSON.
 */
static const char *
read_escape(const char *s, char *c)
{
	int64_t		code;

	if (*s == '\0')
		return NULL;
	s += s[1] == s[0] ? 2 : 1;
	if (*s == '+')
	{
		code = hex_number(s + 1, 6);
		s += 7;
	}
	else
	{
		code = hex_number(s, 4);
		s += 4;
	}
	if (code <= 0 || code >= 0x80)
		return NULL;
	*c = (char) code;
	return s;
}

/*
 * What is behind a word, in lower case, that s begins with in any case and
 * with or without escapes; NULL if it does not.
 */
static const char *
match(const char *s, const char *word)
{
	for (; s != NULL && *word != '\0'; word++)
	{
		char		c;

		if (to_lower(*s) == *word)
			s++;
		else
		{
			s = read_escape(s, &c);
			if (s != NULL && to_lower(c) != *word)
				return NULL;
		}
	}
	return s;
}

/* How far to look from s: a place that is not behind the text's end. */
static const char *
find_limit(const char *s)
{
	return s + strnlen(s, LOOK_AHEAD);
}

/* What is behind a comment like this one, or the limit. */
static const char *
skip_comment(const char *s, const char *limit)
{
	int			depth = 0;

	do
	{
		int			step = s[0] == '/' && s[1] == '*' ? 1 :
		s[0] == '*' && s[1] == '/' ? -1 : 0;

		depth += step;
		s += step != 0 ? 2 : 1;
	} while (depth > 0 && s < limit);
	return s;
}

/* What is behind spaces and comments, or the limit; s if that is beyond it. */
static const char *
skip_space(const char *s, const char *limit)
{
	const char *begin = s;

	while (s < limit)
	{
		if (is_space(*s))
			s++;
		else if (s[0] == '-' && s[1] == '-')
			while (s < limit && *s != '\r' && *s != '\n')
				s++;
		else if (s[0] == '/' && s[1] == '*')
			s = skip_comment(s, limit);
		else
			break;
	}
	count_looked((size_t) (s - begin));
	return s;
}

/* What is behind a whole word that s begins with; NULL if it does not. */
static const char *
match_whole(const char *s, const char *word)
{
	const char *end = match(s, word);

	return end != NULL && !is_word(*end) ? end : NULL;
}

/*
 * What is behind an argument by its type, with or without its name, and
 * spaces; NULL if it is something else.
 */
static const char *
skip_argument(const char *s, const char *limit, const char *name)
{
	const char *end;

	end = match_whole(s, "in");
	if (end != NULL)
		s = skip_space(end, limit);
	end = match_whole(s, name);
	if (end != NULL)
		s = skip_space(end, limit);
	end = match_whole(s, "pg_catalog");
	if (end != NULL)
	{
		s = skip_space(end, limit);
		if (*s != '.')
			return NULL;
		s = skip_space(s + 1, limit);
	}
	end = match_whole(s, "text");
	return end != NULL ? skip_space(end, limit) : NULL;
}

/*
 * Whether what follows an opening parenthesis, up to the closing one, is
 * nothing or the two arguments by their types.  Columns may have the names of
 * these: no other form will do.  At the limit there may be more of a comment,
 * whatever it has.
 */
static bool
is_signature(const char *s, const char *limit)
{
	s = skip_space(s, limit);
	if (s < limit && *s == ')')
		return true;
	s = skip_argument(s, limit, "name");
	if (s == NULL || *s != ',')
		return false;
	s = skip_argument(skip_space(s + 1, limit), limit, "value");
	return s != NULL && s < limit && *s == ')';
}

/* What is behind UESCAPE and its character, if they are there, and spaces. */
static const char *
skip_uescape(const char *s, const char *limit)
{
	const char *end = match_whole(s, "uescape");

	if (end == NULL)
		return s;
	s = skip_space(end, limit);
	for (int i = 0; i < 3 && *s != '\0'; i++)
		s++;
	return skip_space(s, limit);
}

/*
 * What is behind the rest of a name, its quote and spaces, as far as the
 * limit.  Sets *name_end to where the name ends with its quote.
 */
static const char *
skip_name(const char *s, const char *limit, const char **name_end)
{
	const char *begin = s;

	while (s < limit && is_word(*s))
		s++;
	while (s < limit && (*s == '"' || *s == '\\'))
		s++;
	count_looked((size_t) (s - begin));
	*name_end = s;
	return skip_uescape(skip_space(s, limit), limit);
}

/*
 * Whether a call goes on like this behind the name of its function.  The last
 * quote of the text, NULL if there is none, tells whether a constant may
 * follow.
 */
static bool
is_call(const char *s, const char *last_quote)
{
	const char *limit = find_limit(s);
	const char *name_end;

	if (match(s, "_from_file") != NULL)
		return false;
	s = skip_name(s, limit, &name_end);
	if (*s == '\'' && s == name_end)
		return false;			/* it ends a string */
	if (*s == ')' || *s == ']' || *s == '}')
	{
		while (s < limit && strchr(")]} \t\r\n", *s) != NULL)
			s++;
		if (s < limit && *s != '(')
			return false;
	}
	if (s >= limit && *s != '\0')
		return true;			/* nobody knows */
	if (*s == '(')
		return !is_signature(s + 1, limit);

	/* Somebody may have mistyped the parenthesis. */
	return last_quote != NULL && s <= last_quote;
}

/*
 * The last character of a text that begins or ends a constant or a name; NULL
 * if none.
 */
static const char *
find_last_quote(const char *s)
{
	const char *last = NULL;

	while ((s = strpbrk(s, "'\"$")) != NULL)
		last = s++;
	return last;
}

/*
 * Whether a word may begin here, as two bytes tell, for almost nowhere one
 * does: it has that first letter, in lower case, or an escape, which for
 * ASCII begins with a zero.
 */
static bool
may_begin(const char *s, char first)
{
	return to_lower(*s) == first || s[1] == '0' || s[1] == '+' || s[1] == s[0];
}

bool
secret_text_has_call(const char *text)
{
	const char *last_quote = NULL;
	bool		is_first = true;

	for (; *text != '\0'; text++)
	{
		const char *prefix = may_begin(text, 'g') ? match(text, "gaiops_") : NULL;
		const char *end;

		count_looked(1);
		if (prefix == NULL)
			continue;
		end = match(prefix, "create_secret");
		if (end == NULL)
			end = match(prefix, "alter_secret");
		if (end == NULL)
			continue;
		if (is_first)
			last_quote = find_last_quote(end);
		is_first = false;
		if (is_call(end, last_quote))
			return true;
	}
	return false;
}

/*
 * Reads an identifier as the parser does, cut to size - 1 bytes; false if
 * there is none.
 */
static bool
read_identifier(const char *s, char *name, size_t size)
{
	bool		escapes = to_lower(s[0]) == 'u' && s[1] == '&' && s[2] == '"';
	size_t		len = 0;

	if (escapes)
		s += 2;
	if (*s == '"')
	{
		for (s++; len + 1 < size && *s != '\0' && (*s != '"' || *++s == '"');)
		{
			const char *end;

			name[len] = *s;
			end = escapes ? read_escape(s, &name[len]) : NULL;
			s = end != NULL ? end : s + 1;
			len++;
		}
	}
	else
		while (len + 1 < size && is_word(*s))
			name[len++] = to_lower(*s++);
	name[len] = '\0';
	count_looked(len);
	return len > 0;
}

const char *
secret_text_next_execute(const char *text, char *name, size_t size)
{
	bool		inside = false; /* of a word */

	for (; *text != '\0'; inside = is_word(*text), text++)
	{
		const char *end = inside || !may_begin(text, 'e') ? NULL : match_whole(text, "execute");
		const char *limit;
		const char *behind;

		count_looked(1);
		if (end == NULL)
			continue;
		limit = find_limit(end);
		behind = skip_space(end, limit);
		name[0] = '\0';
		if ((behind >= limit && *behind != '\0') || read_identifier(behind, name, size))
			return end;
	}
	return NULL;
}
