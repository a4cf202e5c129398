/*
 * template_filter.h
 *		Filters.
 */
#ifndef GAIOPS_TEMPLATE_FILTER_H
#define GAIOPS_TEMPLATE_FILTER_H

#include "core/template/template_run.h"

/*
 * Applies a filter, but for default, to a value; argument is NULL if there is
 * none.  Of what is undefined every filter makes what is undefined.  The
 * result may lie in the scratch.  False with the error filled in.
 */
extern bool filter_apply(TemplateRun *run, Filter filter, const Value *value,
						 const Value *argument, uint32_t offset, Value *result);

#endif							/* GAIOPS_TEMPLATE_FILTER_H */
