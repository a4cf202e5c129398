/*
 * porter.h
 *		Stems of English words.
 */
#ifndef GAIOPS_PORTER_H
#define GAIOPS_PORTER_H

#include <stddef.h>

/*
 * Cuts a word of a to z and 0 to 9 to its stem, where it is; returns the
 * stem's length, which is never more.  M. F. Porter, An algorithm for suffix
 * stripping (Program 14, 1980), with the changes that NLTK has.
 */
extern size_t porter_stem(char *word, size_t len);

#endif							/* GAIOPS_PORTER_H */
