/*
 * template_parse.c
 *		Parsing templates: their tags.
 */
#include <string.h>

#include "core/memory/length_of.h"
#include "core/template/prompt_address.h"
#include "core/template/template_block.h"
#include "core/template/template_error.h"
#include "core/template/template_expression.h"
#include "core/template/template_mlflow.h"
#include "core/text/unicode.h"

#define STATEMENT_HINT \
	"The statements are if, elif, else, endif, for, endfor, raw and endraw."
#define INCLUDE_HINT \
	"Another prompt is included by {{> prompts:/name@alias }}."

/* What the parts of this file share. */
typedef struct TagParser
{
	TemplateParser parser;
	ProgramWriter program;
	Template   *template;
	bool		trims;			/* the tag before had a minus at its end */

	/* Where the last include was: lines are counted from there. */
	size_t		counted;
	int			line;
	int			column;
} TagParser;

/* Adds the text of the template from begin to end. */
static bool
add_text(TagParser *tags, size_t begin, size_t end)
{
	return begin == end ||
		program_add(&tags->parser, &tags->program, OP_TEXT, begin, end - begin) != NULL;
}

/* Ends a tag: its end must be in hand, which is stepped over. */
static bool
end_tag(TagParser *tags, const char *expected)
{
	if (!parser_at_end(&tags->parser))
		return parser_refuse_end(&tags->parser, expected);
	tags->trims = tags->parser.token.trims;
	return true;
}

/* Whether MLflow, too, takes a tag with that expression for a placeholder. */
static bool
is_plain_tag(const TagParser *tags, const Expression *expression)
{
	const char *text = tags->parser.scanner.text;
	size_t		at = tags->parser.tag;

	return expression->kind == EXPRESSION_VARIABLE &&
		mlflow_placeholder(text + at, tags->parser.scanner.at - at, NULL) ==
		tags->parser.scanner.at - at;
}

/* {{ expression }}; what begins it has been taken. */
static bool
parse_print(TagParser *tags)
{
	TemplateParser *parser = &tags->parser;
	Expression *expression;
	Instruction *print;

	parser_advance(parser);
	expression = parse_expression(parser);
	if (expression == NULL || !end_tag(tags, "\"}}\""))
		return false;
	tags->template->is_plain = tags->template->is_plain && is_plain_tag(tags, expression);
	print = program_add(parser, &tags->program, OP_PRINT, parser->tag,
						parser->scanner.at - parser->tag);
	if (print == NULL)
		return false;
	print->expression = expression;
	return true;
}

/* Moves the place for which line and column are known on to the tag. */
static void
count_lines(TagParser *tags)
{
	const char *text = tags->parser.scanner.text + tags->counted;
	int			line;
	int			column;

	scan_position(text, tags->parser.tag - tags->counted, &line, &column);
	tags->column = line == 1 ? tags->column + column - 1 : column;
	tags->line += line - 1;
	tags->counted = tags->parser.tag;
}

/* Whether a word of an include goes on: no white space, no end of the tag. */
static bool
is_in_word(const Scanner *scanner)
{
	Scanner		ahead = *scanner;

	if (scanner->at == scanner->len || strchr("{}", scanner->text[scanner->at]) != NULL)
		return false;
	scan_space(&ahead);
	if (ahead.at > scanner->at)
		return false;
	/* An address may have a minus in it, but not at its end. */
	return scanner->text[scanner->at] != '-' || scan_token(&ahead).kind != TOKEN_TAG_END;
}

/* Reads a word of an include. */
static TemplateName
read_include_word(TagParser *tags)
{
	Scanner    *scanner = &tags->parser.scanner;
	size_t		begin;

	scan_space(scanner);
	begin = scanner->at;
	while (is_in_word(scanner))
		scanner->at += unicode_first(scanner->text + scanner->at, scanner->len - scanner->at);
	return (TemplateName) {scanner->text + begin, scanner->at - begin};
}

/* Adds an include, whose address has been found to be one. */
static bool
add_include(TagParser *tags, TemplateName address, bool follow)
{
	TemplateParser *parser = &tags->parser;
	Template   *template = tags->template;
	Instruction *instruction;

	template->includes = parser_grow(parser, template->includes, template->n_includes,
									 sizeof(TemplateInclude));
	if (template->includes == NULL)
		return false;
	instruction = program_add(parser, &tags->program, OP_INCLUDE, parser->tag,
							  parser->scanner.at - parser->tag);
	if (instruction == NULL)
		return false;
	count_lines(tags);
	instruction->target = (uint32_t) template->n_includes;
	template->includes[template->n_includes++] = (TemplateInclude) {
		.address = address.text,
		.address_len = address.len,
		.follow = follow,
		.line = tags->line,
		.column = tags->column,
	};
	return true;
}

/* {{> address }} or {{> address follow }}; what begins it has been taken. */
static bool
parse_include(TagParser *tags)
{
	TemplateParser *parser = &tags->parser;
	TemplateName word = read_include_word(tags);
	size_t		offset = (size_t) (word.text - parser->scanner.text);
	PromptAddress address;
	const char *problem;
	bool		follow;

	tags->template->is_plain = false;
	if (!prompt_address_parse(word.text, word.len, &address, &problem))
	{
		if (offset == parser->scanner.len)
			return parser_fail(parser, parser->tag, NULL, "\"{{\" is never closed");
		return parser_fail(parser, offset, problem, "\"%s\" is no address of a prompt",
						   template_quote(word.text, word.len).text);
	}
	parser_advance(parser);
	offset = parser->token.offset;
	follow = parser_take_word(parser, "follow");
	if (!end_tag(tags, follow ? "\"}}\"" : "\"}}\" or \"follow\""))
		return false;
	if (follow && address.alias[0] == '\0')
		return parser_fail(parser, offset, "Give prompts:/name@alias, or leave out \"follow\".",
						   "only an alias can be followed");
	return add_include(tags, word, follow);
}

static bool
parse_if(TagParser *tags)
{
	Expression *condition = parse_expression(&tags->parser);

	return condition != NULL && end_tag(tags, "\"%}\"") &&
		block_begin_if(&tags->parser, &tags->program, condition);
}

/* Parses the variable of a loop and the "in" after it. */
static bool
parse_loop_variable(TemplateParser *parser, TemplateName *variable)
{
	const Token name = parser->token;
	const char *text = parser->scanner.text + name.offset;

	if (name.kind != TOKEN_NAME)
		return parser_refuse(parser, "the name of a variable");
	if (name.len != name.name_len || parser_is_reserved(text, name.len) ||
		(name.len == strlen("loop") && memcmp(text, "loop", name.len) == 0))
		return parser_fail(parser, name.offset, "",
						   "\"%s\" cannot be the variable of a \"for\"",
						   template_quote(text, name.len).text);
	*variable = (TemplateName) {text, name.len};
	parser_advance(parser);
	if (parser_at_operator(parser, ","))
		return parser_fail(parser, parser->token.offset, "A loop over an object goes over its keys.",
						   "a \"for\" with several variables is not supported");
	if (!parser_take_word(parser, "in"))
		return parser_refuse(parser, "\"in\"");
	return true;
}

static bool
parse_for(TagParser *tags)
{
	TemplateParser *parser = &tags->parser;
	TemplateName variable = {NULL, 0};
	Expression *items;

	if (!parse_loop_variable(parser, &variable))
		return false;
	items = parse_expression(parser);
	if (items == NULL)
		return false;
	if (parser_at_word(parser, "if"))
		return parser_fail(parser, parser->token.offset, "Write {% if %} within the loop.",
						   "a \"for\" with an \"if\" is not supported");
	if (parser_at_word(parser, "recursive"))
		return parser_fail(parser, parser->token.offset, "", "a recursive \"for\" is not supported");
	return end_tag(tags, "\"%}\"") &&
		block_begin_for(parser, &tags->program, variable, items);
}

/* The innermost block; NULL, with the error filled in, if there is none. */
static Block *
innermost(TagParser *tags, uint32_t offset, const char *statement)
{
	if (tags->program.depth > 0)
		return &tags->program.blocks[tags->program.depth - 1];
	(void) parser_fail(&tags->parser, offset, "", "\"%s\" outside of a block", statement);
	return NULL;
}

/* Refuses a statement that does not belong into a block. */
static bool
refuse_in_block(TagParser *tags, uint32_t offset, const char *statement, const Block *block)
{
	int			line;
	int			column;

	scan_position(tags->parser.scanner.text, block->offset, &line, &column);
	return parser_fail(&tags->parser, offset, "", "\"%s\" within the \"%s\" of line %d%s",
					   statement, block->is_loop ? "for" : "if", line,
					   block->has_else ? ", after its \"else\"" : "");
}

static bool
parse_elif(TagParser *tags, uint32_t offset)
{
	Block	   *block = innermost(tags, offset, "elif");
	Expression *condition;

	if (block == NULL)
		return false;
	if (block->is_loop || block->has_else)
		return refuse_in_block(tags, offset, "elif", block);
	condition = parse_expression(&tags->parser);
	return condition != NULL && end_tag(tags, "\"%}\"") &&
		block_branch(&tags->parser, &tags->program, condition);
}

static bool
parse_else(TagParser *tags, uint32_t offset)
{
	Block	   *block = innermost(tags, offset, "else");

	if (block == NULL)
		return false;
	if (block->has_else)
		return refuse_in_block(tags, offset, "else", block);
	if (parser_at_word(&tags->parser, "if"))
		return parser_fail(&tags->parser, tags->parser.token.offset, "Write {% elif %}.",
						   "\"else if\" is not supported");
	return end_tag(tags, "\"%}\"") &&
		block_branch(&tags->parser, &tags->program, NULL);
}

static bool
parse_end(TagParser *tags, uint32_t offset, bool is_loop)
{
	const char *statement = is_loop ? "endfor" : "endif";
	Block	   *block = innermost(tags, offset, statement);

	if (block == NULL)
		return false;
	if (block->is_loop != is_loop)
		return refuse_in_block(tags, offset, statement, block);
	return end_tag(tags, "\"%}\"") && block_end(&tags->parser, &tags->program);
}

static bool
parse_raw(TagParser *tags)
{
	TemplateParser *parser = &tags->parser;
	size_t		begin;
	size_t		end;

	if (!end_tag(tags, "\"%}\""))
		return false;
	if (!scan_raw(&parser->scanner, tags->trims, &begin, &end, &tags->trims))
		return parser_fail(parser, parser->tag, "It ends with {% endraw %}.", "\"raw\" is never closed");
	return add_text(tags, begin, end);
}

/* Refuses a statement, by what it is in Jinja2. */
static bool
refuse_statement(TagParser *tags, const Token *name)
{
	static const char *const jinja[] = {
		"autoescape", "block", "break", "call", "continue", "debug", "do", "endautoescape",
		"endblock", "endcall", "endfilter", "endmacro", "endset", "endtrans", "endwith",
		"extends", "filter", "from", "import", "include", "macro", "pluralize", "print",
		"set", "trans", "with"
	};
	const char *text = tags->parser.scanner.text + name->offset;
	QuotedText	quoted = template_quote(text, name->len);

	for (size_t i = 0; i < LENGTH_OF(jinja); i++)
		if (name->len == strlen(jinja[i]) && memcmp(text, jinja[i], name->len) == 0)
			return parser_fail(&tags->parser, name->offset,
							   strcmp(jinja[i], "include") == 0 ? INCLUDE_HINT : STATEMENT_HINT,
							   "statement \"%s\" is not supported", quoted.text);
	return parser_fail(&tags->parser, name->offset, STATEMENT_HINT, "unknown statement \"%s\"", quoted.text);
}

/* {% statement %}; what begins it has been taken. */
static bool
parse_statement(TagParser *tags)
{
	TemplateParser *parser = &tags->parser;
	Token		name;

	tags->template->is_plain = false;
	parser_advance(parser);
	name = parser->token;
	if (name.kind != TOKEN_NAME)
		return parser_refuse(parser, "a statement");
	if (parser_take_word(parser, "if"))
		return parse_if(tags);
	if (parser_take_word(parser, "elif"))
		return parse_elif(tags, name.offset);
	if (parser_take_word(parser, "else"))
		return parse_else(tags, name.offset);
	if (parser_take_word(parser, "endif"))
		return parse_end(tags, name.offset, false);
	if (parser_take_word(parser, "for"))
		return parse_for(tags);
	if (parser_take_word(parser, "endfor"))
		return parse_end(tags, name.offset, true);
	if (parser_take_word(parser, "raw"))
		return parse_raw(tags);
	if (parser_at_word(parser, "endraw"))
		return parser_fail(parser, name.offset, "", "\"endraw\" outside of a block");
	return refuse_statement(tags, &name);
}

/* Parses the tag that the scanner has come to. */
static bool
parse_tag(TagParser *tags)
{
	TemplateParser *parser = &tags->parser;
	Scanner    *scanner = &parser->scanner;
	char		kind = scanner->text[scanner->at + 1];
	bool		trims;

	parser->tag = scanner->at;
	scanner->at += TAG_LENGTH;
	trims = scan_character(scanner, '-');
	if (kind == '#')
	{
		tags->template->is_plain = false;
		return scan_comment(scanner, &tags->trims) ||
			parser_fail(parser, parser->tag, NULL, "\"{#\" is never closed");
	}
	if (!trims && scan_character(scanner, '+'))
		return parser_fail(parser, parser->tag, "White space stands as written unless there is a minus.",
						   "\"{%c+\" is not supported", kind);
	if (kind == '%')
		return parse_statement(tags);
	if (scan_character(scanner, '>'))
		return parse_include(tags);
	return parse_print(tags);
}

/* Parses a template from its beginning to its end. */
static bool
parse_tags(TagParser *tags)
{
	TemplateParser *parser = &tags->parser;
	const Block *block;

	while (parser->scanner.at < parser->scanner.len)
	{
		size_t		begin;
		size_t		end;

		scan_text(&parser->scanner, tags->trims, &begin, &end);
		tags->trims = false;
		if (!add_text(tags, begin, end))
			return false;
		if (parser->scanner.at < parser->scanner.len && !parse_tag(tags))
			return false;
	}
	parser->tag = parser->scanner.len;
	if (tags->program.depth == 0)
		return program_add(parser, &tags->program, OP_END, parser->tag, 0) != NULL;
	block = &tags->program.blocks[tags->program.depth - 1];
	parser->tag = block->offset;
	return parser_fail(parser, block->offset, "", "\"%s\" is never closed",
					   block->is_loop ? "for" : "if");
}

/* Parses text into a template that is empty. */
static bool
parse(Arena *arena, Template *template, TemplateSyntax syntax, TemplateError *error)
{
	TagParser  *tags = arena_alloc(arena, sizeof(TagParser));
	bool		parsed;

	if (tags == NULL)
		return false;
	tags->parser.arena = arena;
	tags->parser.error = error;
	tags->parser.scanner = (Scanner) {.text = template->text,.len = template->len};
	tags->template = template;
	tags->line = tags->column = 1;
	if (syntax == TEMPLATE_SYNTAX_MLFLOW)
		parsed = mlflow_parse(&tags->parser, &tags->program);
	else
		parsed = parse_tags(tags);
	template->instructions = tags->program.instructions;
	template->n_instructions = tags->program.n;
	return parsed;
}

const Template *
template_parse(Arena *arena, const char *text, size_t len, TemplateSyntax syntax,
			   TemplateError *error)
{
	Template   *template = arena_alloc(arena, sizeof(Template));

	*error = (TemplateError) {.line = 1,.column = 1};
	if (len > TEMPLATE_MAX_LENGTH)
	{
		error->kind = TEMPLATE_TOO_LARGE;
		(void) strcpy(error->message, "template is larger than 1 MB");
		return NULL;
	}
	if (template != NULL)
	{
		template->text = text;
		template->len = len;
		template->is_plain = true;
		if (parse(arena, template, syntax, error))
			return template;
	}
	if (error->kind == TEMPLATE_OK)
	{
		error->kind = TEMPLATE_NO_MEMORY;
		(void) strcpy(error->message, "out of memory");
	}
	return NULL;
}

TemplateInclude *
template_includes(const Template *template, int *n)
{
	*n = (int) template->n_includes;
	return template->includes;
}

bool
template_is_plain(const Template *template)
{
	return template->is_plain;
}
