/*
 * template_mlflow.h
 *		Templates as MLflow has them where they are none of Jinja2's.
 *
 * Nothing here raises or jumps.
 */
#ifndef GAIOPS_TEMPLATE_MLFLOW_H
#define GAIOPS_TEMPLATE_MLFLOW_H

#include "core/template/template_block.h"
#include "core/template/template_parser.h"

/*
 * The length of the placeholder that text begins with, 0 if there is none; its
 * name goes to *name unless that is NULL.
 */
extern size_t mlflow_placeholder(const char *text, size_t len, TemplateName *name);

/*
 * Parses the whole text.  False, with the error filled in, if memory is short.
 */
extern bool mlflow_parse(TemplateParser *parser, ProgramWriter *program);

#endif							/* GAIOPS_TEMPLATE_MLFLOW_H */
