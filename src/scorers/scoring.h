/*
 * scoring.h
 *		What is scored, as kinds of scorers read it, and what they say of it.
 *
 * What cannot be read leaves the score unknown, with the reason, and the
 * function that reads returns false or NULL.
 */
#ifndef GAIOPS_SCORING_H
#define GAIOPS_SCORING_H

#include "core/json/value.h"
#include "core/memory/scratch.h"
#include "core/text/text_slice.h"
#include "scorers/score_types.h"
#include "scorers/scorer_options.h"
#include "utils/numeric.h"

typedef struct Scoring
{
	const ScorerSubject *subject;
	const ScorerOptions *options;
	Scratch		scratch;		/* with the arena that values are read into */
} Scoring;

#define SCORING_MAX_JSON	((size_t) 4 << 20)	/* bytes that are parsed */

/* ---- reading ---- */

/*
 * Outputs as text: a string is its text, a message of a model its content,
 * anything else its JSON.  A model's whole answer is its first message.
 */
extern bool scoring_text(const Scoring *scoring, TextSlice *text, Score *score);

/* expected_response and expected_responses, at least one. */
extern bool scoring_expected_texts(const Scoring *scoring, OptionTexts *texts,
									Score *score);

/*
 * Outputs as JSON: a string is parsed, and so is the content of a message
 * that calls no tools.  *problem is why that is none, as the end of "the text
 * is ..."; the score is then left alone.  What is too long is unknown, for
 * values take many times the memory of their text.
 */
extern const Value *scoring_json(Scoring *scoring, const char **problem, Score *score);

/*
 * A text that is JSON, or a document, as a value.  NULL if it is none or too
 * long, with *problem.
 */
extern const Value *scoring_parse(Scoring *scoring, TextSlice text, const char **problem);
extern const Value *scoring_parse_document(Scoring *scoring, const JsonbValue *document,
											const char **problem);

/* An expectation; NULL if it is null or not there. */
extern const JsonbValue *scoring_find_expectation(const Scoring *scoring, const char *name);

/* The same, but the score is then unknown. */
extern const JsonbValue *scoring_expectation(const Scoring *scoring, const char *name,
											  Score *score);

/* Text in lower case, in the current memory context. */
extern TextSlice scoring_fold(TextSlice text);

/* ---- saying ---- */

/*
 * What a kind found; the reason may be NULL, and is kept where it is.
 */
extern void score_verdict(Score *score, bool holds, char *reason);
extern void score_number(Score *score, double number, char *reason);
extern void score_unknown(Score *score, char *reason);

/* A finite number as it is written: 0.1 is a tenth. */
extern Numeric score_decimal(double number);

/* The same of its text, which is one of a number. */
extern Numeric score_text_decimal(const char *text);

/* A number as jsonb; NULL if it is not finite. */
extern Jsonb *score_number_value(double number);

/* A text that is quoted in a reason: its beginning. */
extern char *score_excerpt(TextSlice text);

#endif							/* GAIOPS_SCORING_H */
