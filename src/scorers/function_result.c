/*
 * function_result.c
 *		What a function of a user's own returned, as a score.
 */
#include "postgres.h"

#include <math.h>

#include "base/document.h"
#include "catalog/pg_type.h"
#include "common/shortest_dec.h"
#include "core/memory/length_of.h"
#include "core/score/answer_text.h"
#include "scorers/function_result.h"
#include "scorers/scoring.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"

/* What a text is that means pass or fail, as gaiops.word_verdict() has it. */
static const struct
{
	const char *word;
	bool		verdict;
}			verdict_words[] = {
	{"yes", true}, {"true", true}, {"pass", true},
	{"no", false}, {"false", false}, {"fail", false}
};

/* A number of a type of numbers as numeric, in as few digits as say it. */
static Numeric
to_numeric(Oid type, Datum number)
{
	char		text[FLOAT_SHORTEST_DECIMAL_LEN];

	switch (type)
	{
		case NUMERICOID:
			return DatumGetNumeric(number);
		case INT2OID:
			return int64_to_numeric(DatumGetInt16(number));
		case INT4OID:
			return int64_to_numeric(DatumGetInt32(number));
		case INT8OID:
			return int64_to_numeric(DatumGetInt64(number));
		case FLOAT4OID:
			float_to_shortest_decimal_buf(DatumGetFloat4(number), text);
			return score_text_decimal(text);
		default:
			return score_decimal(DatumGetFloat8(number));
	}
}

static void
read_number(Numeric number, Score *score)
{
	double		value = DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow, NumericGetDatum(number)));
	JsonbValue	scalar = {.type = jbvNumeric, .val.numeric = number};

	if (!isfinite(value))
	{
		score_unknown(score, psprintf("the function returned %s", numeric_normalize(number)));
		return;
	}
	score_number(score, value, NULL);
	score->value = JsonbValueToJsonb(&scalar);
}

/* What is no number and no verdict is kept, but no score comes of it. */
static void
keep_unknown(const JsonbValue *value, const char *what, Score *score)
{
	score_unknown(score, psprintf("the function returned %s", what));
	score->value = JsonbValueToJsonb(unconstify(JsonbValue *, value));
}

/* A text is a score only where it means pass or fail. */
static void
read_text(const JsonbValue *value, Score *score)
{
	TextSlice	word = answer_trim((TextSlice) {value->val.string.val, value->val.string.len});

	for (size_t i = 0; i < LENGTH_OF(verdict_words); i++)
		if (word.len == strlen(verdict_words[i].word) &&
			pg_strncasecmp(word.data, verdict_words[i].word, word.len) == 0)
		{
			score_verdict(score, verdict_words[i].verdict, NULL);
			score->value = JsonbValueToJsonb(unconstify(JsonbValue *, value));
			return;
		}
	keep_unknown(value, "a text that is neither yes nor no", score);
}

static void
read_value(JsonbValue *value, Score *score)
{
	if (value->type == jbvNull)
		score_unknown(score, "the function returned null");
	else if (value->type == jbvBool)
		score_verdict(score, value->val.boolean, NULL);
	else if (value->type == jbvNumeric)
		read_number(value->val.numeric, score);
	else if (value->type == jbvString)
		read_text(value, score);
	else if (JsonContainerIsArray(value->val.binary.data))
		keep_unknown(value, "an array", score);
	else
		keep_unknown(value, "an object without \"value\"", score);
}

/* The reason that a function gives, behind why its value is no score. */
static void
take_reason(const JsonbValue *reason, Score *score)
{
	char	   *given = pnstrdup(reason->val.string.val, reason->val.string.len);

	if (score->state == SCORE_UNKNOWN && score->value != NULL)
		score->reason = psprintf("%s: %s", score->reason, given);
	else
		score->reason = given;
}

static void
read_document(Jsonb *document, Score *score)
{
	JsonbValue	whole;
	JsonbValue *value = NULL;
	JsonbValue *reason;

	if (JB_ROOT_IS_OBJECT(document))
		value = document_member(&document->root, "value");
	if (value == NULL)
	{
		if (!JsonbExtractScalar(&document->root, &whole))
			JsonbToJsonbValue(document, &whole);
		read_value(&whole, score);
		return;
	}
	if (value->type == jbvBinary)
		keep_unknown(value, "a \"value\" that is an array or an object", score);
	else
		read_value(value, score);
	reason = document_member(&document->root, "reason");
	if (reason != NULL && reason->type == jbvString)
		take_reason(reason, score);
}

void
function_result_read(Oid type, Datum result, Score *score)
{
	JsonbValue	value = {.type = jbvString};

	switch (type)
	{
		case BOOLOID:
			score_verdict(score, DatumGetBool(result), NULL);
			break;
		case JSONBOID:
			read_document(DatumGetJsonbP(result), score);
			break;
		case TEXTOID:
		case VARCHAROID:
			value.val.string.val = TextDatumGetCString(result);
			value.val.string.len = (int) strlen(value.val.string.val);
			read_text(&value, score);
			break;
		default:
			read_number(to_numeric(type, result), score);
			break;
	}
}
