/*
 * prompt_view.h
 *		A version of a prompt as a row of gaiops.prompt_versions.
 */
#ifndef GAIOPS_PROMPT_VIEW_H
#define GAIOPS_PROMPT_VIEW_H

#include "core/template/prompt_address.h"

/*
 * The row that an address means, in the current memory context.  Raises as
 * prompt_resolve() and prompt_hash_check() do.
 */
extern Datum prompt_view_load(PromptAddress *address);

#endif							/* GAIOPS_PROMPT_VIEW_H */
