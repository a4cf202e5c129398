/*
 * span_functions.c
 *		Spans an application opens, tags, and the ids of traces.
 */
#include "postgres.h"

#include "base/arguments.h"
#include "base/caller.h"
#include "base/ids.h"
#include "compat.h"
#include "queue/journal.h"
#include "tracking/span.h"
#include "tracking/tag.h"
#include "tracking/trace.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/formatting.h"
#include "utils/uuid.h"

PG_FUNCTION_INFO_V1(gaiops_open_span);
PG_FUNCTION_INFO_V1(gaiops_close_span);
PG_FUNCTION_INFO_V1(gaiops_set_trace_tag);
PG_FUNCTION_INFO_V1(gaiops_last_trace_id);
PG_FUNCTION_INFO_V1(gaiops_trace_id_hex);
PG_FUNCTION_INFO_V1(gaiops_incarnation);
PG_FUNCTION_INFO_V1(gaiops_check_traces);

/*
 * gaiops_start_span(name, span_type, inputs, attributes) returns text
 */
Datum
gaiops_open_span(PG_FUNCTION_ARGS)
{
	char	   *name = argument_required_text(fcinfo, 0, "name");
	char	   *given = argument_required_text(fcinfo, 1, "span_type");
	char	   *type = asc_toupper(given, strlen(given));

	caller_require_open_operation(fcinfo);
	if (name[0] == '\0' || strlen(name) > RECORD_MAX_LABEL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("name of a span must have 1 to %d bytes", RECORD_MAX_LABEL)));
	if (!span_type_is_known(type))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unknown span type \"%s\"", given),
				 errhint("Use one of LLM, CHAT_MODEL, CHAIN, AGENT, TOOL, RETRIEVER, EMBEDDING, RERANKER, PARSER, GUARDRAIL, EVALUATOR, MEMORY, WORKFLOW, TASK, UNKNOWN.")));
	PG_RETURN_TEXT_P(cstring_to_text(span_open(name, type,
											   argument_json(fcinfo, 2),
											   argument_object(fcinfo, 3, "attributes"), false)));
}

/*
 * gaiops_end_span(span_id, outputs, status, attributes) returns void
 */
Datum
gaiops_close_span(PG_FUNCTION_ARGS)
{
	char	   *status = argument_required_text(fcinfo, 2, "status");

	caller_require_open_operation(fcinfo);
	if (strcmp(status, "OK") != 0 && strcmp(status, "ERROR") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid status \"%s\"", status),
				 errhint("Use \"OK\" or \"ERROR\".")));
	span_require_endable(argument_text(fcinfo, 0));
	span_close(argument_text(fcinfo, 0), argument_json(fcinfo, 1), status,
			   argument_object(fcinfo, 3, "attributes"));
	PG_RETURN_VOID();
}

/*
 * gaiops_set_trace_tag(trace_id, key, value) returns void
 */
Datum
gaiops_set_trace_tag(PG_FUNCTION_ARGS)
{
	char	   *key = argument_required_text(fcinfo, 1, "key");
	char	   *value = argument_required_text(fcinfo, 2, "value");

	if (PG_ARGISNULL(0))
		argument_raise_null("trace_id");
	caller_require_open_operation(fcinfo);
	journal_require();
	trace_require(PG_GETARG_DATUM(0));
	tag_write(&tag_of_trace, PG_GETARG_UUID_P(0), key, value);
	PG_RETURN_VOID();
}

/* Returns a copy of an id, or null. */
static Datum
return_id(FunctionCallInfo fcinfo, const pg_uuid_t *id)
{
	pg_uuid_t  *copy;

	if (id == NULL)
		PG_RETURN_NULL();
	copy = palloc(sizeof(pg_uuid_t));
	*copy = *id;
	PG_RETURN_UUID_P(copy);
}

/*
 * gaiops_last_trace_id() returns uuid
 */
Datum
gaiops_last_trace_id(PG_FUNCTION_ARGS)
{
	return return_id(fcinfo, span_last_trace());
}

/*
 * gaiops_trace_id_hex(trace_id uuid) returns text: 32 hexadecimal digits
 */
Datum
gaiops_trace_id_hex(PG_FUNCTION_ARGS)
{
	char		hex[2 * UUID_LEN + 1];

	ids_format_hex(PG_GETARG_UUID_P(0)->data, UUID_LEN, hex);
	PG_RETURN_TEXT_P(cstring_to_text(hex));
}

/*
 * gaiops.incarnation() returns uuid: this life of the server
 */
Datum
gaiops_incarnation(PG_FUNCTION_ARGS)
{
	return return_id(fcinfo, record_queue_incarnation());
}

/*
 * gaiops.check_traces(trace_ids uuid[]) returns void: raises unless all are
 * known
 */
Datum
gaiops_check_traces(PG_FUNCTION_ARGS)
{
	trace_require_all(PG_GETARG_DATUM(0));
	PG_RETURN_VOID();
}
