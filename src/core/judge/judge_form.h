/*
 * judge_form.h
 *		What a judge is to say: the form of its verdict.
 */
#ifndef GAIOPS_JUDGE_FORM_H
#define GAIOPS_JUDGE_FORM_H

#include <stdbool.h>

#include "core/text/text_slice.h"

typedef enum JudgeType
{
	JUDGE_YES_NO,
	JUDGE_SCALE,				/* a whole number from min to max */
	JUDGE_NUMBER,				/* any number from min to max */
	JUDGE_CHOICE,				/* one of the choices */
	JUDGE_SHARE					/* how many of the claims hold */
} JudgeType;

typedef struct JudgeChoice
{
	TextSlice	label;
	bool		has_number;
	double		number;			/* the score that it stands for */
} JudgeChoice;

typedef struct JudgeForm
{
	JudgeType	type;
	bool		lists_claims;	/* of a share always; with yes or no it is yes if
								 * all hold */
	size_t		nclaims;		/* how many there are; 0 if the judge is to say */
	bool		says_intent;	/* which one it saw */
	double		min;
	double		max;
	const JudgeChoice *choices;
	size_t		nchoices;
} JudgeForm;

/* The names of the types, as SQL has them; NULL behind the last. */
extern const char *judge_type_name(int type);

#endif							/* GAIOPS_JUDGE_FORM_H */
