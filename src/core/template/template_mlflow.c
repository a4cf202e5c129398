/*
 * template_mlflow.c
 *		Templates as MLflow has them: placeholders, and everything else is
 *		text.
 */
#include "core/template/template_mlflow.h"

#include <string.h>

/*
 * MLflow looks for
 *		\{\{\s*([a-zA-Z_][a-zA-Z0-9_]*(?:\.[a-zA-Z_][a-zA-Z0-9_]*)*)\s*\}\}
 * which are our paths without indices.
 */
size_t
mlflow_placeholder(const char *text, size_t len, TemplateName *name)
{
	Scanner		scanner = {.text = text,.len = len};
	Token		path;

	if (!scan_character(&scanner, '{') || !scan_character(&scanner, '{'))
		return 0;
	scan_space(&scanner);
	if (scanner.at == len || strchr("'\"", text[scanner.at]) != NULL)
		return 0;
	path = scan_token(&scanner);
	if (path.kind != TOKEN_NAME)
		return 0;
	for (size_t i = 1; i < path.len; i++)
		if (text[path.offset + i - 1] == '.' && text[path.offset + i] >= '0' && text[path.offset + i] <= '9')
			return 0;
	scan_space(&scanner);
	if (!scan_character(&scanner, '}') || !scan_character(&scanner, '}'))
		return 0;
	if (name != NULL)
		*name = (TemplateName) {text + path.offset, path.len};
	return scanner.at;
}

/* Adds the text from begin to end. */
static bool
add_text(TemplateParser *parser, ProgramWriter *program, size_t begin, size_t end)
{
	return begin == end ||
		program_add(parser, program, OP_TEXT, begin, end - begin) != NULL;
}

/* Adds a placeholder, of that length and at the current place. */
static bool
add_placeholder(TemplateParser *parser, ProgramWriter *program, size_t len, TemplateName name)
{
	Expression *variable = parser_alloc(parser, sizeof(Expression));
	const char *dot = memchr(name.text, '.', name.len);
	Instruction *print;

	if (variable == NULL)
		return false;
	variable->kind = EXPRESSION_VARIABLE;
	variable->offset = (uint32_t) (name.text - parser->scanner.text);
	variable->u.variable.path = name;
	variable->u.variable.name_len = dot == NULL ? name.len : (size_t) (dot - name.text);
	print = program_add(parser, program, OP_PRINT_MLFLOW, parser->scanner.at, len);
	if (print == NULL)
		return false;
	print->expression = variable;
	return true;
}

bool
mlflow_parse(TemplateParser *parser, ProgramWriter *program)
{
	Scanner    *scanner = &parser->scanner;
	size_t		begin = 0;

	while (scanner->at < scanner->len)
	{
		TemplateName name;
		size_t		len = mlflow_placeholder(scanner->text + scanner->at, scanner->len - scanner->at, &name);

		if (len == 0)
		{
			scanner->at++;
			continue;
		}
		if (!add_text(parser, program, begin, scanner->at) ||
			!add_placeholder(parser, program, len, name))
			return false;
		begin = scanner->at += len;
	}
	return add_text(parser, program, begin, scanner->len) &&
		program_add(parser, program, OP_END, scanner->len, 0) != NULL;
}
