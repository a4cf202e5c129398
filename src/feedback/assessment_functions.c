/*
 * assessment_functions.c
 *		What the SQL functions for feedback cannot do in SQL.
 */
#include "postgres.h"

#include "base/arguments.h"
#include "base/ids.h"
#include "compat.h"
#include "feedback/assessment.h"
#include "feedback/expectation.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(gaiops_place_assessment);
PG_FUNCTION_INFO_V1(gaiops_make_assessment_id);
PG_FUNCTION_INFO_V1(gaiops_record_assessment);
PG_FUNCTION_INFO_V1(gaiops_find_assessment);
PG_FUNCTION_INFO_V1(gaiops_find_schema_queue);
PG_FUNCTION_INFO_V1(gaiops_find_feedback_author);
PG_FUNCTION_INFO_V1(gaiops_count_held_reviews);
PG_FUNCTION_INFO_V1(gaiops_wanted_expectation);

/*
 * gaiops.place_assessment(trace_id uuid, span_id text, session_id text)
 * returns text: the experiment of what is assessed.  Raises unless it is
 * recorded, or being recorded, by now.
 */
Datum
gaiops_place_assessment(PG_FUNCTION_ARGS)
{
	char	   *experiment;

	if (PG_ARGISNULL(0))
		experiment = assessment_session_experiment(argument_required_text(fcinfo, 2, "session_id"));
	else
	{
		experiment = assessment_trace_experiment(PG_GETARG_DATUM(0));
		if (!PG_ARGISNULL(1))
			assessment_require_span(PG_GETARG_DATUM(0), argument_text(fcinfo, 1));
	}
	PG_RETURN_TEXT_P(cstring_to_text(experiment));
}

/*
 * gaiops.make_assessment_id() returns uuid: a new one, of version 7
 */
Datum
gaiops_make_assessment_id(PG_FUNCTION_ARGS)
{
	pg_uuid_t  *id = palloc(sizeof(pg_uuid_t));

	ids_make_uuid(id);
	PG_RETURN_UUID_P(id);
}

/*
 * gaiops.record_assessment(assessment gaiops.human_assessments) returns void:
 * has the writer insert it into gaiops.machine_assessments, whose shape is the
 * same, unless a row has its id
 */
Datum
gaiops_record_assessment(PG_FUNCTION_ARGS)
{
	assessment_record(PG_GETARG_HEAPTUPLEHEADER(0));
	PG_RETURN_VOID();
}

/*
 * gaiops.find_assessment(assessment_id uuid) returns record: what
 * gaiops.assessment_state() tells, as of now
 */
Datum
gaiops_find_assessment(PG_FUNCTION_ARGS)
{
	return assessment_state(PG_GETARG_DATUM(0));
}

/*
 * gaiops.find_schema_queue(name text) returns text: a review queue that asks
 * for a label schema, as of now; null if there is none
 */
Datum
gaiops_find_schema_queue(PG_FUNCTION_ARGS)
{
	char	   *queue = assessment_find_queue(argument_required_text(fcinfo, 0, "name"));

	if (queue == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(queue));
}

/*
 * gaiops.find_feedback_author(name text, other_than name) returns text: a
 * role but that one which has given feedback of a name, as of now; null if
 * there is none
 */
Datum
gaiops_find_feedback_author(PG_FUNCTION_ARGS)
{
	char	   *author = assessment_find_author(argument_required_text(fcinfo, 0, "name"),
												PG_GETARG_NAME(1));

	if (author == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(author));
}

/*
 * gaiops.count_held_reviews(queue text, reviewer text) returns bigint: the
 * items that a reviewer has claimed and not answered, as of now
 */
Datum
gaiops_count_held_reviews(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(assessment_count_held(argument_required_text(fcinfo, 0, "queue"),
										  argument_required_text(fcinfo, 1, "reviewer")));
}

/*
 * gaiops.wanted_expectation(name, value) returns what the value of an
 * expectation should have been, in words, or NULL.
 */
Datum
gaiops_wanted_expectation(PG_FUNCTION_ARGS)
{
	const char *wanted = expectation_wanted(text_to_cstring(PG_GETARG_TEXT_PP(0)),
											PG_GETARG_JSONB_P(1));

	if (wanted == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(wanted));
}
