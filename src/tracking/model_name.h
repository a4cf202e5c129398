/*
 * model_name.h
 *		What the names of models say.
 */
#ifndef GAIOPS_MODEL_NAME_H
#define GAIOPS_MODEL_NAME_H

/*
 * Takes a model's name; returns it without the date at its end, in the
 * current memory context, or NULL if it ends in none.  Dates are -2025-04-14,
 * -20250219 and, on Vertex AI, @20250219: nothing shorter, as -0613 may be a
 * size.
 */
extern char *model_name_undated(const char *model);

/*
 * Whether a model that answered is another than was asked for.  The provider
 * and gateways before a name and the date after it make no difference.
 */
extern bool model_name_is_other(const char *asked, const char *answering);

#endif							/* GAIOPS_MODEL_NAME_H */
