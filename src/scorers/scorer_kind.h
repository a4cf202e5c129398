/*
 * scorer_kind.h
 *		The kinds of scorers that there are, and what each works with.
 */
#ifndef GAIOPS_SCORER_KIND_H
#define GAIOPS_SCORER_KIND_H

#include "scorers/scorer_options.h"
#include "scorers/scoring.h"

typedef enum KindResult
{
	KIND_PASS_FAIL,
	KIND_SHARE,					/* a number from 0 to 1 */
	KIND_MEASURE				/* a number; with bounds, whether it is within */
} KindResult;

typedef struct ScorerKind
{
	const char *name;
	bool		is_scorer;		/* its name alone is a scorer, without params */
	KindResult	result;
	const char *direction;		/* which numbers are better */
	const OptionRule *rules;	/* of its params */
	void		(*apply) (Scoring *scoring, Score *score);
	const char *meaning;		/* what it says of an answer */
	bool		may_raise;		/* what it is given may be too much */
} ScorerKind;

/* The kind of a name; NULL if there is none. */
extern const ScorerKind *scorer_kind_find(const char *name);

/* Kind i, from 0; NULL behind the last. */
extern const ScorerKind *scorer_kind_at(int i);

/* Whether a kind with these options says only pass or fail. */
extern bool scorer_kind_is_pass_fail(const ScorerKind *kind,
									 const ScorerOptions *options);

/* ---- what they do, by file ---- */

/* text_kinds.c */
extern void kind_exact_match(Scoring *scoring, Score *score);
extern void kind_contains_expected(Scoring *scoring, Score *score);
extern void kind_contains_any(Scoring *scoring, Score *score);
extern void kind_contains_all(Scoring *scoring, Score *score);
extern void kind_starts_with(Scoring *scoring, Score *score);
extern void kind_regex(Scoring *scoring, Score *score);

/* json_kinds.c */
extern void kind_json_valid(Scoring *scoring, Score *score);
extern void kind_json_equal(Scoring *scoring, Score *score);
extern void kind_required_keys(Scoring *scoring, Score *score);
extern void kind_tool_calls_match(Scoring *scoring, Score *score);

/* measure_kinds.c */
extern void kind_length(Scoring *scoring, Score *score);
extern void kind_number(Scoring *scoring, Score *score);
extern void kind_latency(Scoring *scoring, Score *score);
extern void kind_cost(Scoring *scoring, Score *score);

/* similarity_kinds.c */
extern void kind_quasi_exact_match(Scoring *scoring, Score *score);
extern void kind_token_f1(Scoring *scoring, Score *score);
extern void kind_levenshtein(Scoring *scoring, Score *score);
extern void kind_rouge_1(Scoring *scoring, Score *score);
extern void kind_rouge_2(Scoring *scoring, Score *score);
extern void kind_rouge_l(Scoring *scoring, Score *score);
extern void kind_rouge_lsum(Scoring *scoring, Score *score);
extern void kind_bleu(Scoring *scoring, Score *score);
extern void kind_chrf(Scoring *scoring, Score *score);

/* ranking_kinds.c */
extern void kind_precision_at_k(Scoring *scoring, Score *score);
extern void kind_recall_at_k(Scoring *scoring, Score *score);
extern void kind_mrr(Scoring *scoring, Score *score);
extern void kind_ndcg(Scoring *scoring, Score *score);

#endif							/* GAIOPS_SCORER_KIND_H */
