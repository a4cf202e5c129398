/*
 * template_compare.h
 *		How templates compare values.
 */
#ifndef GAIOPS_TEMPLATE_COMPARE_H
#define GAIOPS_TEMPLATE_COMPARE_H

#include "core/template/template_run.h"

/*
 * Compares two values, with an operator at offset.  What is undefined compares
 * as false.  False, with the error filled in, if they cannot be compared.
 */
extern bool compare_values(TemplateRun *run, const Value *a, Comparison comparison,
						   const Value *b, uint32_t offset, bool *result);

#endif							/* GAIOPS_TEMPLATE_COMPARE_H */
