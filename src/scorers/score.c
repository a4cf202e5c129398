/*
 * score.c
 *		What kinds of scorers say.
 */
#include "postgres.h"

#include <math.h>

#include "common/shortest_dec.h"
#include "scorers/scoring.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"

static Jsonb *
boolean_value(bool boolean)
{
	JsonbValue	value = {.type = jbvBool, .val.boolean = boolean};

	return JsonbValueToJsonb(&value);
}

Numeric
score_text_decimal(const char *text)
{
	return DatumGetNumeric(DirectFunctionCall3(numeric_in, CStringGetDatum(text),
											   ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
}

/* By its shortest text: PostgreSQL's own conversion cuts it to 15 digits. */
Numeric
score_decimal(double number)
{
	char		text[DOUBLE_SHORTEST_DECIMAL_LEN];

	double_to_shortest_decimal_buf(number, text);
	return score_text_decimal(text);
}

Jsonb *
score_number_value(double number)
{
	JsonbValue	value = {.type = jbvNumeric};

	if (!isfinite(number))
		return NULL;
	value.val.numeric = score_decimal(number);
	return JsonbValueToJsonb(&value);
}

void
score_verdict(Score *score, bool holds, char *reason)
{
	score->state = SCORE_SCORED;
	score->value = boolean_value(holds);
	score->has_score = score->has_passed = true;
	score->score = holds ? 1 : 0;
	score->passed = holds;
	score->reason = reason;
}

void
score_number(Score *score, double number, char *reason)
{
	score->state = SCORE_SCORED;
	score->value = score_number_value(number);
	score->has_score = true;
	score->score = number;
	score->reason = reason;
}

void
score_unknown(Score *score, char *reason)
{
	score->state = SCORE_UNKNOWN;
	score->reason = reason;
}
