/*
 * content_functions.c
 *		Reading what was said, for the views.
 *
 * What was stored may be anything, cut in the middle for one: nothing here may
 * raise an error because of it.
 */
#include "postgres.h"

#include "compat.h"
#include "core/wire/openai.h"
#include "fmgr.h"
#include "tracking/model_name.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(gaiops_answer_text);
PG_FUNCTION_INFO_V1(gaiops_is_other_model);

/* The text of an answer as a datum; NULL if it has none. */
static text *
copy_answer(const OpenaiAnswer *answer)
{
	TextSlice	slice = answer->content;

	/* Beside a refusal the content is empty, or not there at all. */
	if (slice.data == NULL || (slice.len == 0 && answer->refusal.data != NULL))
		slice = answer->refusal;

	/*
	 * Only memory can run out here, and then the session has other troubles.
	 */
	return slice.data ? cstring_to_text_with_len(slice.data, slice.len) : NULL;
}

/* gaiops.answer_text(text) returns text */
Datum
gaiops_answer_text(PG_FUNCTION_ARGS)
{
	text	   *body = PG_GETARG_TEXT_PP(0);
	OpenaiAnswer answer;
	const char *reason;
	text	   *volatile result = NULL;

	if (!openai_answer_parse(VARDATA_ANY(body), VARSIZE_ANY_EXHDR(body),
							 &answer, &reason))
		PG_RETURN_NULL();
	PG_TRY();
	{
		result = copy_answer(&answer);
	}
	PG_FINALLY();
	{
		openai_answer_free(&answer);
	}
	PG_END_TRY();
	if (result == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(result);
}

/*
 * gaiops.is_other_model(asked, answering) returns whether they are different
 * models.
 */
Datum
gaiops_is_other_model(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(model_name_is_other(text_to_cstring(PG_GETARG_TEXT_PP(0)),
									   text_to_cstring(PG_GETARG_TEXT_PP(1))));
}
