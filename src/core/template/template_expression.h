/*
 * template_expression.h
 *		Parsing expressions.
 */
#ifndef GAIOPS_TEMPLATE_EXPRESSION_H
#define GAIOPS_TEMPLATE_EXPRESSION_H

#include "core/template/template_parser.h"

/*
 * Parses the expression that begins with the token in hand; that behind it is
 * in hand then.  NULL with the parser's error filled in.
 */
extern Expression *parse_expression(TemplateParser *parser);

#endif							/* GAIOPS_TEMPLATE_EXPRESSION_H */
