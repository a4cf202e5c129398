/*
 * answer_text.h
 *		What is simply looked for in the text of an answer.
 *
 * Text is UTF-8 and need not end in a NUL.  Nothing here raises or jumps.
 */
#ifndef GAIOPS_ANSWER_TEXT_H
#define GAIOPS_ANSWER_TEXT_H

#include <stdbool.h>

#include "core/text/text_slice.h"

/* Whether text is the same, byte for byte; has another somewhere, or first. */
extern bool answer_equals(TextSlice text, TextSlice other);
extern bool answer_contains(TextSlice text, TextSlice part);
extern bool answer_starts_with(TextSlice text, TextSlice start);

/* Text without white space around it, as Unicode and Python have it. */
extern TextSlice answer_trim(TextSlice text);

/* How many runs of other characters than white space there are. */
extern size_t answer_count_words(TextSlice text);

/* Which number in a text is meant. */
typedef enum AnswerNumber
{
	ANSWER_NUMBER_WHOLE = 0,	/* the text is a number, and nothing else */
	ANSWER_NUMBER_FIRST,
	ANSWER_NUMBER_LAST
} AnswerNumber;

/*
 * Finds a number written with digits, a decimal point, commas between groups
 * of three, a sign and an exponent, all but the digits by choice.  A minus
 * behind a letter or a number is a hyphen.  Returns false, and leaves *number
 * alone, if there is none, or it is not finite.
 */
extern bool answer_number(TextSlice text, AnswerNumber which, double *number);

#endif							/* GAIOPS_ANSWER_TEXT_H */
