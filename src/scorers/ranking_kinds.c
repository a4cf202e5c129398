/*
 * ranking_kinds.c
 *		How good the documents are that were found.
 *
 * Outputs are an array of documents, the best one first, or an object that has
 * it: each an id, or an object with one.
 */
#include "postgres.h"

#include "base/document.h"
#include "core/score/ranking.h"
#include "miscadmin.h"
#include "scorers/scorer_kind.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"

#define DEFAULT_MEMBER	"documents"
#define MAX_GRADE		1000000

static const Value *
find_member(const Value *value, const char *key)
{
	return value == NULL ? NULL : value_member(value, key, strlen(key));
}

static bool
is_id(const Value *value)
{
	return value != NULL && (value->kind == VALUE_STRING || value->kind == VALUE_NUMBER);
}

/* The id of a document, where gaiops_add_traces() finds it; NULL if none. */
static const Value *
document_id(const Value *document)
{
	const Value *metadata = find_member(document, "metadata");
	const Value *places[] = {document, find_member(document, "id"),
	find_member(metadata, "doc_uri"), find_member(metadata, "id")};

	for (int i = 0; i < lengthof(places); i++)
		if (is_id(places[i]))
			return places[i];
	return NULL;
}

/* The array of documents; NULL, with the score unknown, if there is none. */
static const Value *
find_documents(Scoring *scoring, Score *score)
{
	TextSlice	member = scoring->options->member;
	const char *problem;
	const Value *outputs = scoring_json(scoring, &problem, score);

	if (outputs != NULL && outputs->kind == VALUE_OBJECT)
		outputs = member.data != NULL ? value_member(outputs, member.data, member.len)
			: find_member(outputs, DEFAULT_MEMBER);
	if (outputs != NULL && outputs->kind == VALUE_ARRAY)
		return outputs;
	if (score->reason == NULL)
		score_unknown(score, "there is no array of documents in the outputs");
	return NULL;
}

/* Reads the ids of what was found; false if one has none. */
static bool
read_found(Scoring *scoring, Ranking *ranking, Score *score)
{
	const Value *documents = find_documents(scoring, score);
	TextSlice  *found;

	if (documents == NULL)
		return false;
	found = palloc_extended((documents->len + 1) * sizeof(TextSlice), MCXT_ALLOC_HUGE);
	for (size_t i = 0; i < documents->len; i++)
	{
		const Value *id = document_id(&documents->elements[i]);

		CHECK_FOR_INTERRUPTS();
		if (id == NULL)
		{
			score_unknown(score, psprintf("document %zu of the outputs has no id", i + 1));
			return false;
		}
		found[i] = (TextSlice) {id->text, id->len};
	}
	ranking->found = found;
	ranking->nfound = documents->len;
	return true;
}

/* ---- what is relevant ---- */

/* Ids as an array of strings, which all are worth the same. */
static bool
read_ids(const JsonbValue *ids, Ranking *ranking)
{
	JsonbContainer *array = ids->type == jbvBinary ? ids->val.binary.data : NULL;
	TextSlice  *relevant;

	if (array == NULL || !JsonContainerIsArray(array))
		return false;
	relevant = palloc((JsonContainerSize(array) + 1) * sizeof(TextSlice));
	for (uint32 i = 0; i < JsonContainerSize(array); i++)
	{
		JsonbValue *id = getIthJsonbValueFromContainer(array, i);

		if (id->type != jbvString)
			return false;
		relevant[i] = (TextSlice) {id->val.string.val, id->val.string.len};
	}
	ranking->relevant = relevant;
	ranking->nrelevant = JsonContainerSize(array);
	return true;
}

static bool
read_grade(const JsonbValue *grade, double *gain)
{
	if (grade->type != jbvNumeric)
		return false;
	*gain = DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow,
											   NumericGetDatum(grade->val.numeric)));
	return *gain >= 0 && *gain <= MAX_GRADE;
}

/* Ids as the members of an object, whose values are what each is worth. */
static bool
read_grades(const JsonbValue *grades, Ranking *ranking)
{
	JsonbContainer *object = grades->type == jbvBinary ? grades->val.binary.data : NULL;
	JsonbIterator *walk;
	JsonbIteratorToken token;
	JsonbValue	item;
	TextSlice  *relevant;
	double	   *gains;

	if (object == NULL || !JsonContainerIsObject(object))
		return false;
	relevant = palloc((JsonContainerSize(object) + 1) * sizeof(TextSlice));
	gains = palloc((JsonContainerSize(object) + 1) * sizeof(double));
	walk = JsonbIteratorInit(object);
	while ((token = JsonbIteratorNext(&walk, &item, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
			relevant[ranking->nrelevant] = (TextSlice) {item.val.string.val, item.val.string.len};
		else if (token == WJB_VALUE && !read_grade(&item, &gains[ranking->nrelevant++]))
			return false;
	}
	ranking->relevant = relevant;
	ranking->gains = gains;
	return true;
}

static bool
read_relevant(Scoring *scoring, Ranking *ranking, Score *score)
{
	const JsonbValue *grades = scoring_find_expectation(scoring, "expected_document_grades");
	const JsonbValue *ids;

	if (grades != NULL && !read_grades(grades, ranking))
	{
		score_unknown(score, psprintf("expected_document_grades are no object of numbers from 0 to %d", MAX_GRADE));
		return false;
	}
	if (grades != NULL)
		return true;
	ids = scoring_expectation(scoring, "expected_document_ids", score);
	if (ids == NULL)
		return false;
	if (!read_ids(ids, ranking))
		score_unknown(score, "expected_document_ids are no array of strings");
	return ranking->relevant != NULL;
}

/* ---- the kinds ---- */

static void
say_ranking(Scoring *scoring, TextScore (*measure) (const Ranking *), Score *score)
{
	Ranking		ranking = {.scratch = &scoring->scratch, .k = (size_t) scoring->options->k};
	TextScore	found;

	if (!read_relevant(scoring, &ranking, score) || !read_found(scoring, &ranking, score))
		return;
	found = measure(&ranking);
	if (found.is_known)
		score_number(score, found.value, NULL);
	else
		score_unknown(score, pstrdup(found.reason));
}

void
kind_precision_at_k(Scoring *scoring, Score *score)
{
	say_ranking(scoring, ranking_precision, score);
}

void
kind_recall_at_k(Scoring *scoring, Score *score)
{
	say_ranking(scoring, ranking_recall, score);
}

void
kind_mrr(Scoring *scoring, Score *score)
{
	say_ranking(scoring, ranking_reciprocal, score);
}

void
kind_ndcg(Scoring *scoring, Score *score)
{
	say_ranking(scoring, ranking_ndcg, score);
}
