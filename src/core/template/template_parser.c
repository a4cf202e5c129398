/*
 * template_parser.c
 *		What the parts of the parser share.
 */
#include "core/template/template_parser.h"

#include <string.h>

#include "core/memory/length_of.h"
#include "core/template/template_error.h"

#define RAW_HINT_VARIABLE \
	"What \"{{\" begins is an expression; a literal one is written {% raw %}{{{% endraw %}."
#define RAW_HINT_STATEMENT \
	"What \"{%\" begins is a statement; a literal one is written {% raw %}{%{% endraw %}."
#define RAW_HINT_COMMENT \
	"What \"{#\" begins is a comment; a literal one is written {% raw %}{#{% endraw %}."

void
parser_advance(TemplateParser *parser)
{
	parser->token = scan_token(&parser->scanner);
}

/* Whether the token in hand is of that kind and has that text. */
static bool
is_at(const TemplateParser *parser, TokenKind kind, const char *text)
{
	const Token *token = &parser->token;

	return token->kind == kind && token->len == strlen(text) &&
		memcmp(parser->scanner.text + token->offset, text, token->len) == 0;
}

bool
parser_at_operator(const TemplateParser *parser, const char *operator)
{
	return is_at(parser, TOKEN_OPERATOR, operator);
}

bool
parser_at_word(const TemplateParser *parser, const char *word)
{
	return is_at(parser, TOKEN_NAME, word);
}

bool
parser_take_operator(TemplateParser *parser, const char *operator)
{
	bool		found = parser_at_operator(parser, operator);

	if (found)
		parser_advance(parser);
	return found;
}

bool
parser_take_word(TemplateParser *parser, const char *word)
{
	bool		found = parser_at_word(parser, word);

	if (found)
		parser_advance(parser);
	return found;
}

bool
parser_at_end(const TemplateParser *parser)
{
	const char *text = parser->scanner.text;
	const Token *token = &parser->token;

	return token->kind == TOKEN_TAG_END &&
		(text[parser->tag + 1] == '{' ? '}' : '%') == text[token->offset + token->trims];
}

bool
parser_is_reserved(const char *text, size_t len)
{
	static const char *const words[] = {
		"and", "elif", "else", "false", "False", "if", "in", "is", "none", "None",
		"not", "or", "true", "True"
	};

	for (size_t i = 0; i < LENGTH_OF(words); i++)
		if (len == strlen(words[i]) && memcmp(text, words[i], len) == 0)
			return true;
	return false;
}

/* How to write the beginning of the current tag as text. */
static const char *
raw_hint(const TemplateParser *parser)
{
	switch (parser->scanner.text[parser->tag + 1])
	{
		case '{':
			return RAW_HINT_VARIABLE;
		case '%':
			return RAW_HINT_STATEMENT;
		default:
			return RAW_HINT_COMMENT;
	}
}

bool
parser_fail(TemplateParser *parser, size_t offset, const char *hint, const char *format,...)
{
	va_list		arguments;

	if (hint == NULL)
		hint = raw_hint(parser);
	va_start(arguments, format);
	template_error_fill(parser->error, TEMPLATE_INVALID, parser->scanner.text, offset,
						hint, format, arguments);
	va_end(arguments);
	return false;
}

bool
parser_fail_limit(TemplateParser *parser, size_t offset, const char *message)
{
	(void) parser_fail(parser, offset, "", "%s", message);
	parser->error->kind = TEMPLATE_TOO_LARGE;
	return false;
}

bool
parser_fail_memory(TemplateParser *parser)
{
	(void) parser_fail(parser, 0, "", "out of memory");
	parser->error->kind = TEMPLATE_NO_MEMORY;
	return false;
}

void *
parser_alloc(TemplateParser *parser, size_t size)
{
	void	   *piece = arena_alloc(parser->arena, size);

	if (piece == NULL)
		(void) parser_fail_memory(parser);
	return piece;
}

void *
parser_grow(TemplateParser *parser, void *array, size_t n, size_t element_size)
{
	void	   *larger;

	if ((n & (n - 1)) != 0)
		return array;
	larger = parser_alloc(parser, (n == 0 ? 1 : 2 * n) * element_size);
	if (larger != NULL && n > 0)
		memcpy(larger, array, n * element_size);
	return larger;
}

/* What is refused by name, by the token that betrays it. */
static const struct
{
	const char *text;
	const char *message;
	const char *hint;
}			refused[] = {
	{"~", "operator \"~\" is not supported", "Write one placeholder after the other."},
	{"+", "operator \"+\" is not supported", ""},
	{"-", "operator \"-\" is not supported", ""},
	{"*", "operator \"*\" is not supported", ""},
	{"/", "operator \"/\" is not supported", ""},
	{"//", "operator \"//\" is not supported", ""},
	{"%", "operator \"%\" is not supported", ""},
	{"**", "operator \"**\" is not supported", ""},
	{"[", "subscripts in brackets are not supported",
	"Keys and indices follow a dot, as in user.name and items.0."},
	{"(", "calls are not supported", ""},
	{"{", "dict literals are not supported", NULL},
	{"if", "\"if\" within an expression is not supported", "Write {% if %} around what depends on it."},
	{"=", "unexpected \"=\"", "Equality is written \"==\"."},
	{".", "unexpected \".\"", "Dots follow names only, without blanks, as in user.name and items.0."},
};

/* Says what is wrong with the token in hand, which the scanner refused. */
static bool
refuse_bad_token(TemplateParser *parser)
{
	const Token *token = &parser->token;
	QuotedText	quoted = template_quote(parser->scanner.text + token->offset, token->len);

	switch (token->kind)
	{
		case TOKEN_TEXT_END:
			return parser_fail(parser, parser->tag, NULL, "\"%.2s\" is never closed",
							   parser->scanner.text + parser->tag);
		case TOKEN_BAD_NAME:
			return parser_fail(parser, token->offset, "A dot is followed by a key, which is a name, or by an index.",
							   "\"%s\" is no path", quoted.text);
		case TOKEN_BAD_NUMBER:
			return parser_fail(parser, token->offset, "Numbers are written as in 12, 0.5 and 1e3.",
							   "\"%s\" is no number", quoted.text);
		case TOKEN_BAD_STRING:
			return parser_fail(parser, token->offset, "", "a string is never closed");
		default:
			return parser_fail(parser, token->offset, NULL, "unexpected \"%s\"", quoted.text);
	}
}

bool
parser_refuse(TemplateParser *parser, const char *expected)
{
	const Token *token = &parser->token;
	QuotedText	quoted = template_quote(parser->scanner.text + token->offset, token->len);

	if (token->kind > TOKEN_TAG_END)
		return refuse_bad_token(parser);
	for (size_t i = 0; i < LENGTH_OF(refused); i++)
		if (parser_at_operator(parser, refused[i].text) || parser_at_word(parser, refused[i].text))
			return parser_fail(parser, token->offset, refused[i].hint, "%s", refused[i].message);
	if (expected != NULL)
		return parser_fail(parser, token->offset, NULL, "expected %s, not \"%s\"", expected, quoted.text);
	return parser_fail(parser, token->offset, NULL, "unexpected \"%s\"", quoted.text);
}

bool
parser_refuse_end(TemplateParser *parser, const char *expected)
{
	if (parser_at_operator(parser, ","))
		return parser_fail(parser, parser->token.offset,
						   "A list is written in brackets, as in [a, b].",
						   "tuples are not supported");
	return parser_refuse(parser, expected);
}
