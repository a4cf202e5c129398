/*
 * splitters.h
 *		The ways of scorers to cut a text into tokens.
 */
#ifndef GAIOPS_SPLITTERS_H
#define GAIOPS_SPLITTERS_H

#include "core/score/tokens.h"

/* SQuAD's words; Unicode's without articles. */
extern const char *split_squad(Scratch *scratch, TextSlice text, Tokens *tokens);
extern const char *split_squad_unicode(Scratch *scratch, TextSlice text, Tokens *tokens);

/* rouge-score's words, a to z and 0 to 9 in lower case; and their stems. */
extern const char *split_rouge(Scratch *scratch, TextSlice text, Tokens *tokens);
extern const char *split_rouge_stems(Scratch *scratch, TextSlice text, Tokens *tokens);

/* Words of any script in lower case; stems of those that are English. */
extern const char *split_unicode(Scratch *scratch, TextSlice text, Tokens *tokens);
extern const char *split_unicode_stems(Scratch *scratch, TextSlice text, Tokens *tokens);

/* sacrebleu's 13a. */
extern const char *split_13a(Scratch *scratch, TextSlice text, Tokens *tokens);

/* Words of any script as they are written, and every other character. */
extern const char *split_unicode_symbols(Scratch *scratch, TextSlice text, Tokens *tokens);

#endif							/* GAIOPS_SPLITTERS_H */
