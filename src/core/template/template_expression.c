/*
 * template_expression.c
 *		Parsing expressions, by recursive descent.
 *
 *		expression	and {"or" and}
 *		and			not {"and" not}
 *		not			{"not"} comparison
 *		comparison	chain {("==" | "<" | ... | ["not"] "in") chain}
 *		chain		primary {"|" filter | "is" ["not"] "defined"}
 *		primary		name | literal | "(" expression ")" | "[" expressions "]"
 *
 * What repeats makes a list, not a tree, so the depth of recursion is that of
 * brackets.
 */
#include "core/template/template_expression.h"

#include <string.h>

#include "core/memory/length_of.h"
#include "core/template/template_error.h"
#include "core/template/template_literal.h"

#define FILTER_HINT \
	"The filters are default, join, length, tojson, upper, lower and trim."
#define TEST_HINT \
	"The only test is \"defined\"; what is null compares with \"== none\"."
#define LOOP_HINT \
	"A loop knows loop.index, loop.first and loop.last."
#define ESCAPE_HINT \
	"The escapes are \\\\ \\' \\\" \\n \\r \\t \\b \\f \\xHH \\uXXXX and \\UXXXXXXXX."

static const struct
{
	const char *name;
	Filter		filter;
	int			max_arguments;
}			filters[] = {
	{"default", FILTER_DEFAULT, 2},
	{"join", FILTER_JOIN, 1},
	{"length", FILTER_LENGTH, 0},
	{"tojson", FILTER_TOJSON, 0},
	{"upper", FILTER_UPPER, 0},
	{"lower", FILTER_LOWER, 0},
	{"trim", FILTER_TRIM, 0},
};

static const struct
{
	const char *operator;
	Comparison	comparison;
}			comparisons[] = {
	{"==", COMPARE_EQUAL},
	{"!=", COMPARE_NOT_EQUAL},
	{"<", COMPARE_LESS},
	{"<=", COMPARE_LESS_EQUAL},
	{">", COMPARE_GREATER},
	{">=", COMPARE_GREATER_EQUAL},
};

/* The text of the token in hand. */
static const char *
token_text(const TemplateParser *parser)
{
	return parser->scanner.text + parser->token.offset;
}

/* A new expression, which begins at offset. */
static Expression *
new_expression(TemplateParser *parser, ExpressionKind kind, uint32_t offset)
{
	Expression *expression = parser_alloc(parser, sizeof(Expression));

	if (expression != NULL)
	{
		expression->kind = kind;
		expression->offset = offset;
	}
	return expression;
}

/*
 * Appends an expression, which may be NULL, to a list of operands: *end is
 * where the next one is linked, and moves on.  NULL if either cannot be had.
 */
static Operand *
append_operand(TemplateParser *parser, Operand ***end, Expression *expression)
{
	Operand    *operand = NULL;

	if (expression != NULL)
		operand = parser_alloc(parser, sizeof(Operand));
	if (operand == NULL)
		return NULL;
	operand->expression = expression;
	operand->offset = expression->offset;
	**end = operand;
	*end = &operand->next;
	return operand;
}

/*
 * Parses expressions with commas between them up to a closing bracket, one
 * comma before which is allowed.  Returns how many, or -1.
 */
static int
parse_items(TemplateParser *parser, const char *closing, const char *expected, Operand **items)
{
	int			n = 0;

	while (!parser_take_operator(parser, closing))
	{
		if (append_operand(parser, &items, parse_expression(parser)) == NULL)
			return -1;
		n++;
		if (parser_at_operator(parser, "=") && closing[0] == ')')
		{
			(void) parser_fail(parser, parser->token.offset, "", "keyword arguments are not supported");
			return -1;
		}
		if (!parser_take_operator(parser, ",") && !parser_at_operator(parser, closing))
		{
			(void) parser_refuse(parser, expected);
			return -1;
		}
	}
	return n;
}

static Expression *
parse_list(TemplateParser *parser)
{
	Expression *list = new_expression(parser, EXPRESSION_LIST, parser->token.offset);

	parser_advance(parser);
	if (list == NULL || parse_items(parser, "]", "\",\" or \"]\"", &list->u.operands) < 0)
		return NULL;
	return list;
}

static Expression *
parse_parentheses(TemplateParser *parser)
{
	Expression *inner;

	parser_advance(parser);
	inner = parse_expression(parser);
	if (inner == NULL || parser_take_operator(parser, ")"))
		return inner;
	(void) parser_refuse_end(parser, "\")\"");
	return NULL;
}

/* Fills in the error of a literal; at and len are where in the template. */
static void
refuse_literal(TemplateParser *parser, LiteralProblem problem, size_t at, size_t len)
{
	QuotedText	quoted = template_quote(parser->scanner.text + at, len);

	switch (problem)
	{
		case LITERAL_NO_MEMORY:
			(void) parser_fail_memory(parser);
			break;
		case LITERAL_TOO_LARGE:
			(void) parser_fail(parser, at, "", "number \"%s\" is too large", quoted.text);
			break;
		case LITERAL_NO_CHARACTER:
			(void) parser_fail(parser, at, "", "escape \"%s\" stands for no character", quoted.text);
			break;
		default:
			(void) parser_fail(parser, at, ESCAPE_HINT, "unknown escape \"%s\"", quoted.text);
	}
}

static Expression *
parse_string(TemplateParser *parser)
{
	Expression *string = new_expression(parser, EXPRESSION_CONSTANT, parser->token.offset);
	size_t		at = 0;
	size_t		len = 0;
	LiteralProblem problem;

	if (string == NULL)
		return NULL;
	problem = literal_string(parser->arena, token_text(parser) + 1, parser->token.len - 2,
							 &string->u.constant, &at, &len);
	if (problem != LITERAL_OK)
	{
		refuse_literal(parser, problem, parser->token.offset + 1 + at, len);
		return NULL;
	}
	parser_advance(parser);
	return string;
}

/* Parses a number; a minus has been seen and taken, or not. */
static Expression *
parse_number(TemplateParser *parser, uint32_t offset, bool negative)
{
	Expression *number = new_expression(parser, EXPRESSION_CONSTANT, offset);
	LiteralProblem problem;

	if (number == NULL)
		return NULL;
	problem = literal_number(parser->arena, negative, token_text(parser), parser->token.len,
							 &number->u.constant);
	if (problem != LITERAL_OK)
	{
		refuse_literal(parser, problem, parser->token.offset, parser->token.len);
		return NULL;
	}
	parser_advance(parser);
	return number;
}

/* Minus belongs to numbers only. */
static Expression *
parse_negative(TemplateParser *parser)
{
	Token		minus = parser->token;

	parser_advance(parser);
	if (parser->token.kind == TOKEN_NUMBER)
		return parse_number(parser, minus.offset, true);
	if (parser->token.kind <= TOKEN_TAG_END)
		parser->token = minus;
	(void) parser_refuse(parser, NULL);
	return NULL;
}

/* Of "loop" within a loop there is not everything. */
static bool
is_loop_path(const char *path, size_t len)
{
	static const char *const paths[] = {"loop.index", "loop.first", "loop.last"};

	for (size_t i = 0; i < LENGTH_OF(paths); i++)
		if (len == strlen(paths[i]) && memcmp(path, paths[i], len) == 0)
			return true;
	return false;
}

static Expression *
parse_variable(TemplateParser *parser)
{
	Token		name = parser->token;
	const char *text = token_text(parser);
	Expression *variable = new_expression(parser, EXPRESSION_VARIABLE, name.offset);

	if (variable == NULL)
		return NULL;
	if (parser_is_reserved(text, name.name_len))
	{
		(void) parser_refuse(parser, "an expression");
		return NULL;
	}
	if (parser->loops > 0 && name.name_len == strlen("loop") &&
		memcmp(text, "loop", name.name_len) == 0 && !is_loop_path(text, name.len))
	{
		(void) parser_fail(parser, name.offset, LOOP_HINT, "\"%s\" is not supported",
						   template_quote(text, name.len).text);
		return NULL;
	}
	variable->u.variable.path = (TemplateName) {text, name.len};
	variable->u.variable.name_len = name.name_len;
	parser_advance(parser);
	return variable;
}

/* Parses a name or one of the words that are literals. */
static Expression *
parse_name(TemplateParser *parser)
{
	static const struct
	{
		const char *word;
		Value		value;
	}			literals[] = {
		{"true", {.kind = VALUE_BOOL, .boolean = true}},
		{"True", {.kind = VALUE_BOOL, .boolean = true}},
		{"false", {.kind = VALUE_BOOL}},
		{"False", {.kind = VALUE_BOOL}},
		{"none", {.kind = VALUE_NULL}},
		{"None", {.kind = VALUE_NULL}},
	};

	for (size_t i = 0; i < LENGTH_OF(literals); i++)
		if (parser_at_word(parser, literals[i].word))
		{
			Expression *literal = new_expression(parser, EXPRESSION_CONSTANT, parser->token.offset);

			if (literal != NULL)
				literal->u.constant = literals[i].value;
			parser_advance(parser);
			return literal;
		}
	return parse_variable(parser);
}

static Expression *
parse_primary(TemplateParser *parser)
{
	switch (parser->token.kind)
	{
		case TOKEN_NAME:
			return parse_name(parser);
		case TOKEN_NUMBER:
			return parse_number(parser, parser->token.offset, false);
		case TOKEN_STRING:
			return parse_string(parser);
		default:
			break;
	}
	if (parser_at_operator(parser, "("))
		return parse_parentheses(parser);
	if (parser_at_operator(parser, "["))
		return parse_list(parser);
	if (parser_at_operator(parser, "-"))
		return parse_negative(parser);
	(void) parser_refuse(parser, "an expression");
	return NULL;
}

/* Parses the arguments of a filter, if there are any. */
static bool
parse_arguments(TemplateParser *parser, ChainLink *link, const char *name, int max)
{
	int			n;

	if (!parser_take_operator(parser, "("))
		return true;
	n = parse_items(parser, ")", "\",\" or \")\"", &link->arguments);
	if (n > max && max == 0)
		return parser_fail(parser, link->offset, "", "filter \"%s\" takes no arguments", name);
	if (n > max)
		return parser_fail(parser, link->offset, "", "filter \"%s\" takes at most %d argument%s",
						   name, max, max == 1 ? "" : "s");
	return n >= 0;
}

/* Parses the filter after a "|". */
static bool
parse_filter(TemplateParser *parser, ChainLink *link)
{
	if (parser->token.kind != TOKEN_NAME)
		return parser_refuse(parser, "the name of a filter");
	link->offset = parser->token.offset;
	for (size_t i = 0; i < LENGTH_OF(filters); i++)
		if (parser_take_word(parser, filters[i].name))
		{
			link->filter = filters[i].filter;
			return parse_arguments(parser, link, filters[i].name, filters[i].max_arguments);
		}
	return parser_fail(parser, link->offset, FILTER_HINT, "unknown filter \"%s\"",
					   template_quote(token_text(parser), parser->token.len).text);
}

/* Parses the test after "is". */
static bool
parse_test(TemplateParser *parser, ChainLink *link)
{
	bool		negated = parser_take_word(parser, "not");

	link->offset = parser->token.offset;
	link->filter = negated ? TEST_NOT_DEFINED : TEST_DEFINED;
	if (parser->token.kind != TOKEN_NAME)
		return parser_refuse(parser, "\"defined\"");
	if (!parser_take_word(parser, "defined"))
		return parser_fail(parser, link->offset, TEST_HINT, "unknown test \"%s\"",
						   template_quote(token_text(parser), parser->token.len).text);
	if (parser_at_operator(parser, "("))
		return parser_fail(parser, link->offset, "", "test \"defined\" takes no arguments");
	if (parser_at_word(parser, "is"))
		return parser_fail(parser, parser->token.offset, "", "tests cannot be chained");
	return true;
}

/* Filters and tests bind equally: one applies to all before it. */
static Expression *
parse_chain(TemplateParser *parser)
{
	uint32_t	offset = parser->token.offset;
	Expression *base = parse_primary(parser);
	Expression *chain;
	ChainLink **end;

	if (base == NULL || (!parser_at_operator(parser, "|") && !parser_at_word(parser, "is")))
		return base;
	chain = new_expression(parser, EXPRESSION_CHAIN, offset);
	if (chain == NULL)
		return NULL;
	chain->u.chain.base = base;
	end = &chain->u.chain.links;
	while (parser_at_operator(parser, "|") || parser_at_word(parser, "is"))
	{
		bool		is_filter = parser_at_operator(parser, "|");
		ChainLink  *link = parser_alloc(parser, sizeof(ChainLink));

		if (link == NULL)
			return NULL;
		parser_advance(parser);
		if (is_filter ? !parse_filter(parser, link) : !parse_test(parser, link))
			return NULL;
		*end = link;
		end = &link->next;
	}
	return chain;
}

/*
 * Takes an operator that compares.  Returns 1 if there is one, 0 if there is
 * none, -1 on an error.
 */
static int
take_comparison(TemplateParser *parser, Comparison *comparison)
{
	for (size_t i = 0; i < LENGTH_OF(comparisons); i++)
		if (parser_take_operator(parser, comparisons[i].operator))
		{
			*comparison = comparisons[i].comparison;
			return 1;
		}
	*comparison = COMPARE_IN;
	if (parser_take_word(parser, "in"))
		return 1;
	if (!parser_take_word(parser, "not"))
		return 0;
	*comparison = COMPARE_NOT_IN;
	if (parser_take_word(parser, "in"))
		return 1;
	(void) parser_refuse(parser, "\"in\"");
	return -1;
}

static Expression *
parse_comparison(TemplateParser *parser)
{
	Expression *first = parse_chain(parser);
	Expression *whole = NULL;
	Operand   **end = NULL;

	while (first != NULL)
	{
		uint32_t	offset = parser->token.offset;
		Comparison	comparison;
		int			found = take_comparison(parser, &comparison);
		Operand    *operand;

		if (found == 0)
			return whole == NULL ? first : whole;
		if (found < 0)
			return NULL;
		if (whole == NULL)
		{
			whole = new_expression(parser, EXPRESSION_COMPARISON, first->offset);
			if (whole == NULL)
				return NULL;
			end = &whole->u.operands;
			if (append_operand(parser, &end, first) == NULL)
				return NULL;
		}
		operand = append_operand(parser, &end, parse_chain(parser));
		if (operand == NULL)
			return NULL;
		operand->comparison = comparison;
		operand->offset = offset;
	}
	return NULL;
}

/*
 * Of many negations in a row only whether they are odd matters, but for one.
 */
static Expression *
parse_not(TemplateParser *parser)
{
	uint32_t	offset = parser->token.offset;
	size_t		n = 0;
	Expression *expression;

	while (parser_take_word(parser, "not"))
		n++;
	expression = parse_comparison(parser);
	for (size_t i = n == 0 ? 0 : 2 - n % 2; i > 0 && expression != NULL; i--)
	{
		Expression *negation = new_expression(parser, EXPRESSION_NOT, offset);

		if (negation != NULL)
			negation->u.operand = expression;
		expression = negation;
	}
	return expression;
}

/* Parses operands with a word between them; a single one is itself. */
static Expression *
parse_operands(TemplateParser *parser, const char *word, ExpressionKind kind,
			   Expression *(*parse_operand) (TemplateParser *))
{
	Expression *first = parse_operand(parser);
	Expression *whole;
	Operand   **end;

	if (first == NULL || !parser_at_word(parser, word))
		return first;
	whole = new_expression(parser, kind, first->offset);
	if (whole == NULL)
		return NULL;
	end = &whole->u.operands;
	if (append_operand(parser, &end, first) == NULL)
		return NULL;
	while (parser_take_word(parser, word))
		if (append_operand(parser, &end, parse_operand(parser)) == NULL)
			return NULL;
	return whole;
}

static Expression *
parse_and(TemplateParser *parser)
{
	return parse_operands(parser, "and", EXPRESSION_AND, parse_not);
}

Expression *
parse_expression(TemplateParser *parser)
{
	Expression *expression;

	if (parser->depth > TEMPLATE_MAX_DEPTH)
	{
		(void) parser_fail_limit(parser, parser->token.offset, "expressions are nested too deeply");
		return NULL;
	}
	parser->depth++;
	expression = parse_operands(parser, "or", EXPRESSION_OR, parse_and);
	parser->depth--;
	return expression;
}
