/*
 * template_names.h
 *		Sets of names that keep their order.  Nothing here raises or jumps.
 */
#ifndef GAIOPS_TEMPLATE_NAMES_H
#define GAIOPS_TEMPLATE_NAMES_H

#include "core/template/template.h"

/* Adds a name unless it is there.  False if memory is short. */
extern bool template_names_add(Arena *arena, TemplateNames *names, TemplateName name);

extern bool template_name_equals(TemplateName a, TemplateName b);

#endif							/* GAIOPS_TEMPLATE_NAMES_H */
