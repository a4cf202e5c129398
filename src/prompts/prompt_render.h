/*
 * prompt_render.h
 *		Putting values into a loaded prompt.
 */
#ifndef GAIOPS_PROMPT_RENDER_H
#define GAIOPS_PROMPT_RENDER_H

#include "prompts/prompt.h"

/*
 * Renders a text prompt, in the current memory context.  variables is an
 * object, or absent.  Raises ERRCODE_GAIOPS_MISSING_VARIABLE, naming all that
 * are missing, unless they may be left standing, and
 * ERRCODE_GAIOPS_RENDERING_FAILED.
 */
extern char *prompt_render_text(const Prompt *prompt, TextSlice variables,
								bool allow_partial, size_t *len);

/*
 * The messages of a chat prompt likewise; of a text prompt, one message with
 * the given role.
 */
extern TextSlice prompt_render_messages(const Prompt *prompt, TextSlice variables,
										bool allow_partial, const char *role);

/*
 * The variables that a prompt and all it includes look at, as TemplateNames.
 */
extern TemplateNames prompt_variables(const Prompt *prompt);

#endif							/* GAIOPS_PROMPT_RENDER_H */
