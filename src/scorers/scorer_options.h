/*
 * scorer_options.h
 *		The params of a scorer: checked once, then read as options.
 */
#ifndef GAIOPS_SCORER_OPTIONS_H
#define GAIOPS_SCORER_OPTIONS_H

#include "core/text/text_slice.h"
#include "utils/jsonb.h"

#define SCORER_MAX_VALUES	1000
#define SCORER_MAX_PATTERN	1000	/* bytes; time grows faster than they do */
#define SCORER_MAX_NUMBER	1000000 /* of documents that count */

typedef struct OptionNumber
{
	bool		is_given;
	double		value;
} OptionNumber;

typedef struct OptionTexts
{
	TextSlice  *items;
	size_t		n;
} OptionTexts;

/* All options of all kinds; what was not given is zero. */
typedef struct ScorerOptions
{
	bool		ignore_case;
	bool		any_order;
	bool		stemming;
	int			tokenizer;		/* 0: the reference's, 1: by Unicode */
	int			unit;			/* 0: characters, 1: words */
	int			find;			/* an AnswerNumber */
	int			arguments;		/* a ToolArguments */
	int			k;
	OptionNumber min;
	OptionNumber max;
	OptionNumber tolerance;
	TextSlice	pattern;
	TextSlice	prefix;
	TextSlice	member;
	OptionTexts values;
	OptionTexts *keys;			/* paths */
	size_t		nkeys;
} ScorerOptions;

typedef enum OptionType
{
	OPTION_BOOLEAN,
	OPTION_NUMBER,				/* an OptionNumber */
	OPTION_SIZE,				/* the same, not negative */
	OPTION_COUNT,				/* an int from 1 */
	OPTION_TEXT,				/* a TextSlice, not empty */
	OPTION_PATTERN,				/* the same, a regular expression */
	OPTION_TEXTS,				/* OptionTexts, not empty */
	OPTION_KEYS,				/* keys and nkeys */
	OPTION_WORD					/* an int: the number of the word */
} OptionType;

/* What a member of params is; a list of these ends with one without a name. */
typedef struct OptionRule
{
	const char *name;
	OptionType	type;
	size_t		offset;			/* in ScorerOptions */
	bool		is_required;
	const char *const *words;	/* of OPTION_WORD, with NULL at the end */
} OptionRule;

/*
 * Reads params, an object, into options, in the current memory context; they
 * must outlive these.  Raises, naming the member, unless they are what the
 * rules of that kind say.
 */
extern void scorer_options_read(const char *kind, const OptionRule *rules,
								Jsonb *params, ScorerOptions *options);

#endif							/* GAIOPS_SCORER_OPTIONS_H */
