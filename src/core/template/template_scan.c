/*
 * template_scan.c
 *		The text of a template, cut into tags and tokens.
 */
#include "core/template/template_scan.h"

#include <string.h>

#include "core/text/unicode.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_name_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool
is_name_character(char c)
{
	return is_name_start(c) || is_digit(c);
}

/* The character that far ahead; a NUL, which no template has, at the end. */
static char
peek(const Scanner *scanner, size_t ahead)
{
	return ahead < scanner->len - scanner->at ? scanner->text[scanner->at + ahead] : '\0';
}

bool
scan_character(Scanner *scanner, char c)
{
	if (peek(scanner, 0) != c)
		return false;
	scanner->at++;
	return true;
}

/* Steps to the next such character, or to the end.  False: the end. */
static bool
seek(Scanner *scanner, char c)
{
	size_t		left = scanner->len - scanner->at;
	const char *found = left == 0 ? NULL : memchr(scanner->text + scanner->at, c, left);

	scanner->at = found == NULL ? scanner->len : (size_t) (found - scanner->text);
	return found != NULL;
}

/* Takes white space away from the ends of text[*begin .. *end). */
static void
trim(const Scanner *scanner, bool left, bool right, size_t *begin, size_t *end)
{
	if (left)
		*begin += unicode_leading_space(scanner->text + *begin, *end - *begin);
	if (right)
		*end -= unicode_trailing_space(scanner->text + *begin, *end - *begin);
}

void
scan_text(Scanner *scanner, bool trims_left, size_t *begin, size_t *end)
{
	*begin = scanner->at;
	while (seek(scanner, '{'))
	{
		char		next = peek(scanner, 1);

		if (next == '{' || next == '%' || next == '#')
			break;
		scanner->at++;
	}
	*end = scanner->at;
	trim(scanner, trims_left, peek(scanner, 0) == '{' && peek(scanner, 2) == '-', begin, end);
}

void
scan_space(Scanner *scanner)
{
	scanner->at += unicode_leading_space(scanner->text + scanner->at, scanner->len - scanner->at);
}

bool
scan_comment(Scanner *scanner, bool *trims)
{
	size_t		start = scanner->at;

	for (; seek(scanner, '#'); scanner->at++)
	{
		if (peek(scanner, 1) != '}')
			continue;
		*trims = scanner->at > start && scanner->text[scanner->at - 1] == '-';
		scanner->at += 2;
		return true;
	}
	return false;
}

/* Steps over {% endraw %} if it is next; leaves the place alone otherwise. */
static bool
scan_endraw(Scanner *scanner, bool *trims_before, bool *trims_after)
{
	Scanner		ahead = *scanner;

	if (!scan_character(&ahead, '{') || !scan_character(&ahead, '%'))
		return false;
	*trims_before = scan_character(&ahead, '-');
	scan_space(&ahead);
	for (const char *c = "endraw"; *c != '\0'; c++)
		if (!scan_character(&ahead, *c))
			return false;
	scan_space(&ahead);
	*trims_after = scan_character(&ahead, '-');
	if (!scan_character(&ahead, '%') || !scan_character(&ahead, '}'))
		return false;
	*scanner = ahead;
	return true;
}

bool
scan_raw(Scanner *scanner, bool trims_left, size_t *begin, size_t *end, bool *trims)
{
	*begin = scanner->at;
	for (; seek(scanner, '{'); scanner->at++)
	{
		bool		trims_right;

		*end = scanner->at;
		if (!scan_endraw(scanner, &trims_right, trims))
			continue;
		trim(scanner, trims_left, trims_right, begin, end);
		return true;
	}
	return false;
}

/* Steps over characters of names and numbers. */
static void
skip_word(Scanner *scanner)
{
	while (is_name_character(peek(scanner, 0)))
		scanner->at++;
}

/* Steps over a key or an index of a path; the dot has been taken. */
static bool
scan_key(Scanner *scanner)
{
	size_t		start = scanner->at;

	if (is_name_start(peek(scanner, 0)))
	{
		skip_word(scanner);
		return true;
	}
	while (is_digit(peek(scanner, 0)))
		scanner->at++;
	return scanner->at > start && !is_name_character(peek(scanner, 0)) &&
		(scanner->text[start] != '0' || scanner->at == start + 1);
}

static void
scan_name(Scanner *scanner, Token *token)
{
	token->kind = TOKEN_NAME;
	skip_word(scanner);
	token->name_len = (uint32_t) (scanner->at - token->offset);
	while (scan_character(scanner, '.'))
		if (!scan_key(scanner))
		{
			skip_word(scanner);
			token->kind = TOKEN_BAD_NAME;
			return;
		}
}

/* Whether there are digits, which then are stepped over. */
static bool
scan_digits(Scanner *scanner)
{
	size_t		start = scanner->at;

	while (is_digit(peek(scanner, 0)))
		scanner->at++;
	return scanner->at > start;
}

/* Steps over a number as JSON has it, but for its sign. */
static void
scan_number(Scanner *scanner, Token *token)
{
	bool		good = scan_character(scanner, '0') || scan_digits(scanner);

	token->kind = TOKEN_NUMBER;
	if (good && scan_character(scanner, '.'))
		good = scan_digits(scanner);
	if (good && (scan_character(scanner, 'e') || scan_character(scanner, 'E')))
	{
		if (!scan_character(scanner, '+'))
			(void) scan_character(scanner, '-');
		good = scan_digits(scanner);
	}
	if (good && !is_name_character(peek(scanner, 0)) && peek(scanner, 0) != '.')
		return;
	token->kind = TOKEN_BAD_NUMBER;
	while (is_name_character(peek(scanner, 0)) || peek(scanner, 0) == '.')
		scanner->at++;
}

static void
scan_string(Scanner *scanner, Token *token)
{
	char		quote = scanner->text[scanner->at++];

	token->kind = TOKEN_STRING;
	while (scanner->at < scanner->len)
	{
		char		c = scanner->text[scanner->at++];

		if (c == quote)
			return;
		if (c == '\\' && scanner->at < scanner->len)
			scanner->at++;
	}
	token->kind = TOKEN_BAD_STRING;
}

/* Whether a tag ends here; then it is stepped over. */
static bool
scan_tag_end(Scanner *scanner, Token *token)
{
	bool		trims = peek(scanner, 0) == '-';
	char		first = peek(scanner, trims);

	if ((first != '}' && first != '%') || peek(scanner, trims + 1) != '}')
		return false;
	token->kind = TOKEN_TAG_END;
	token->trims = trims;
	scanner->at += (size_t) trims + 2;
	return true;
}

/* Operators, ours and those of Jinja2 that are refused by name. */
static void
scan_operator(Scanner *scanner, Token *token)
{
	static const char doubles[][3] = {"==", "!=", "<=", ">=", "//", "**"};
	size_t		left = scanner->len - scanner->at;

	token->kind = TOKEN_OPERATOR;
	for (size_t i = 0; i < sizeof(doubles) / sizeof(doubles[0]); i++)
		if (peek(scanner, 0) == doubles[i][0] && peek(scanner, 1) == doubles[i][1])
		{
			scanner->at += 2;
			return;
		}
	if (strchr("<>()[]{},|.:=+-*/%~", peek(scanner, 0)) == NULL)
		token->kind = TOKEN_BAD_CHARACTER;
	scanner->at += unicode_first(scanner->text + scanner->at, left);
}

Token
scan_token(Scanner *scanner)
{
	Token		token = {.kind = TOKEN_TEXT_END};
	char		c;

	scan_space(scanner);
	token.offset = (uint32_t) scanner->at;
	if (scanner->at == scanner->len)
		return token;
	c = peek(scanner, 0);
	if (is_name_start(c))
		scan_name(scanner, &token);
	else if (is_digit(c))
		scan_number(scanner, &token);
	else if (c == '"' || c == '\'')
		scan_string(scanner, &token);
	else if (!scan_tag_end(scanner, &token))
		scan_operator(scanner, &token);
	token.len = (uint32_t) (scanner->at - token.offset);
	return token;
}

void
scan_position(const char *text, size_t offset, int *line, int *column)
{
	size_t		start = 0;

	*line = 1;
	for (size_t i = 0; i < offset; i++)
		if (text[i] == '\n')
		{
			++*line;
			start = i + 1;
		}
	*column = (int) unicode_length(text + start, offset - start) + 1;
}
