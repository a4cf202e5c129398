/*
 * corpus_functions.c
 *		BLEU of all texts of one run, for SQL.
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "compat.h"
#include "core/score/bleu.h"
#include "fmgr.h"
#include "utils/array.h"

PG_FUNCTION_INFO_V1(gaiops_corpus_bleu);

/* Numbers that BLEU of texts is computed of. */
#define PARTS	((int) (sizeof(BleuParts) / sizeof(double)))

/*
 * gaiops.corpus_bleu(sums) returns double precision; raises if they are not as
 * many as BLEU is computed of
 */
Datum
gaiops_corpus_bleu(PG_FUNCTION_ARGS)
{
	ArrayType  *sums = PG_GETARG_ARRAYTYPE_P(0);
	int			n = ArrayGetNItems(ARR_NDIM(sums), ARR_DIMS(sums));
	BleuParts	parts;
	TextScore	score;

	if (n != PARTS || ARR_HASNULL(sums))
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("BLEU of a corpus has %d sums", PARTS),
				 errdetail("There are %d elements.", n)));
	memcpy(&parts, ARR_DATA_PTR(sums), sizeof(parts));
	score = bleu_of_corpus(&parts);
	if (!score.is_known || isnan(score.value))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(score.value);
}
