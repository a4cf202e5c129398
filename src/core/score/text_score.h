/*
 * text_score.h
 *		How near a text comes to reference texts, as reference implementations
 *		of these scores have it.
 *
 * All scores are from 0, nothing in common, to 1.  Of several references the
 * best counts; BLEU takes them all as one.  A score is unknown where the
 * tokens of its reference implementation leave out letters or digits: what is
 * left could be equal where the texts are not.  Where neither text has any
 * token the score is 1, where one has none it is 0.
 *
 * doc/evaluation.md has the definitions.  Texts are UTF-8.  Nothing here
 * raises or jumps, save that the callback may jump over it; so everything is
 * in the arena of the scratch memory, which is as it was when they return.
 */
#ifndef GAIOPS_TEXT_SCORE_H
#define GAIOPS_TEXT_SCORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/memory/scratch.h"
#include "core/text/text_slice.h"

/*
 * What the arena of the scratch memory must have room for, where n is the
 * bytes of the text and of all its references together.
 */
#define TEXT_SCORE_MEMORY(n)	(((size_t) 1 << 20) + (size_t) 200 * (n))

/* A text that is to be scored. */
typedef struct TextComparison
{
	Scratch    *scratch;
	void		(*check_interrupts) (void); /* now and then; may be NULL */
	TextSlice	text;
	const TextSlice *references;
	size_t		nreferences;
	bool		by_unicode;		/* words are told by what Unicode says of
								 * characters, not as by the reference */
} TextComparison;

typedef struct TextScore
{
	bool		is_known;
	double		value;			/* 0 if it is not known */
	const char *reason;			/* why it is not, a constant; or NULL */
} TextScore;

/*
 * SQuAD's: lower case, without ASCII punctuation, articles and surplus space.
 * quasi_exact is 1 if texts are equal then, else 0; token_f1 is the harmonic
 * mean of precision and recall of their words.
 */
extern TextScore text_score_quasi_exact(const TextComparison *comparison);
extern TextScore text_score_token_f1(const TextComparison *comparison);

/*
 * 1 less the share of characters that have to be inserted, deleted or replaced
 * to make one text the other; of the longer text.  Time is quadratic.
 */
extern TextScore text_score_levenshtein(const TextComparison *comparison);

typedef enum RougeKind
{
	ROUGE_1,					/* words */
	ROUGE_2,					/* pairs of words */
	ROUGE_L,					/* longest common subsequence of words */
	ROUGE_LSUM					/* the same of lines, united over those of the
								 * text */
} RougeKind;

/*
 * ROUGE's F-measure.  Time of ROUGE_L and ROUGE_LSUM is quadratic.  With stem
 * English words of more than three letters are cut to their stems.
 */
extern TextScore text_score_rouge(const TextComparison *comparison, RougeKind kind,
								  bool stem);

/* The F-measure of runs of up to six characters; recall counts twice. */
extern TextScore text_score_chrf(const TextComparison *comparison);

#endif							/* GAIOPS_TEXT_SCORE_H */
