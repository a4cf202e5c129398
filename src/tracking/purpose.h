/*
 * purpose.h
 *		The words for what calls and runs are for.
 */
#ifndef GAIOPS_PURPOSE_H
#define GAIOPS_PURPOSE_H

#include "base/settings.h"

/* The word for a purpose, a constant. */
extern const char *purpose_name(Purpose purpose);

/* Whether a word, taken as it is, stands for a purpose, and for which. */
extern bool purpose_parse(const char *name, Purpose *purpose);

#endif							/* GAIOPS_PURPOSE_H */
