/*
 * verdict.c
 *		What a comparison comes to, in words.
 */
#include "core/stats/verdict.h"

#include <math.h>

#define SIGNIFICANT		0.05

/* Comparisons with what is not known are false, and so it decides nothing. */
VerdictKind
verdict_of(const Evidence *evidence)
{
	bool		is_significant = evidence->p_value < SIGNIFICANT;

	if (is_significant && evidence->interval.low > 0)
		return VERDICT_BETTER;
	if (is_significant && evidence->interval.high < 0)
		return VERDICT_WORSE;
	if (verdict_is_within_margin(evidence))
		return VERDICT_EQUIVALENT;
	if (!isnan(evidence->margin) && !(evidence->detectable <= evidence->margin))
		return VERDICT_TOO_FEW;
	return VERDICT_NO_EVIDENCE;
}

bool
verdict_is_within_margin(const Evidence *evidence)
{
	return evidence->interval.low > -evidence->margin && evidence->interval.high < evidence->margin;
}

const char *
verdict_name(VerdictKind verdict)
{
	static const char *const names[] = {
		[VERDICT_BETTER] = "better",
		[VERDICT_WORSE] = "worse",
		[VERDICT_EQUIVALENT] = "equivalent",
		[VERDICT_TOO_FEW] = "too few",
		[VERDICT_NO_EVIDENCE] = "no evidence",
	};

	return names[verdict];
}
