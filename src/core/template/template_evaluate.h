/*
 * template_evaluate.h
 *		Evaluating expressions.
 */
#ifndef GAIOPS_TEMPLATE_EVALUATE_H
#define GAIOPS_TEMPLATE_EVALUATE_H

#include "core/template/template_run.h"

/*
 * Evaluates an expression.  A variable that is missing is noted, and counts as
 * undefined; if tolerant, one that is the whole expression is not noted.  The
 * result may lie in the scratch.  False with the error filled in.
 */
extern bool evaluate(TemplateRun *run, const Expression *expression, bool tolerant, Value *result);

#endif							/* GAIOPS_TEMPLATE_EVALUATE_H */
