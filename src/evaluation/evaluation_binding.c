/*
 * evaluation_binding.c
 *		From a record of a dataset to the request that asks it.
 *
 * The inputs are the prompt's variables.  What the user says is the template
 * for that, or else the question that is found in the inputs.  Of a record
 * that has neither, a prompt is all that is sent.
 */
#include "postgres.h"

#include "base/errors.h"
#include "base/ordered.h"
#include "chat/prompt_use.h"
#include "evaluation/evaluation_binding.h"
#include "evaluation/evaluation_case.h"
#include "evaluation/evaluation_case_reader.h"
#include "miscadmin.h"
#include "prompts/prompt_render.h"
#include "utils/memutils.h"

/* What the template says of a record; NULL if that is nothing. */
static char *
render_message(const EvaluationPlan *plan, const EvaluationCase *subject)
{
	size_t		len;
	char	   *text = prompt_render_text(plan->message, subject->written, false, &len);

	return len > 0 ? text : NULL;
}

/* The system message in the inputs, NULL if there is none. */
static char *
inputs_system(const EvaluationCase *subject)
{
	TextSlice	value = json_text_member(subject->written, "system");

	return json_text_kind(value) == VALUE_STRING ?
		ordered_decode_cstring(json_text_string(value)) : NULL;
}

/* Tools that the model may choose from belong to the question. */
static TextSlice
inputs_params(const EvaluationCase *subject)
{
	TextSlice	tools = json_text_member(subject->written, "tools");
	StringInfoData params;

	if (json_text_kind(tools) != VALUE_ARRAY)
		return ORDERED_NONE;
	ordered_begin(&params);
	ordered_add(&params, "tools", tools);
	return ordered_end(&params);
}

/* What is said without a prompt; raises if that is nothing. */
static void
fill_plain(const EvaluationPlan *plan, const EvaluationCase *subject, ChatInput *input)
{
	if (plan->message != NULL)
	{
		input->message = render_message(plan, subject);
		input->system = inputs_system(subject);
	}
	else if (subject->messages != NULL)
		input->messages = ordered_of(subject->messages);
	if (input->message == NULL && input->messages.data == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("there is nothing to ask"),
				 errhint("Give \"message\" a template such as {{ text }}, or a prompt, or records whose inputs have message, messages, question, query or input.")));
}

/* What is said beside a prompt. */
static void
fill_prompted(const EvaluationPlan *plan, const EvaluationCase *subject, ChatInput *input)
{
	input->prompt = psprintf("prompts:/%s/%d", plan->prompt->name, plan->prompt->version);
	input->variables = subject->written;
	input->message = plan->message != NULL ? render_message(plan, subject) : subject->question;
}

static void
bind(const EvaluationPlan *plan, const EvaluationCase *subject, CallRequest *request)
{
	ChatInput	input = {0};

	memset(request, 0, sizeof(*request));
	request->endpoint = plan->request.model;
	request->params = inputs_params(subject);
	if (plan->prompt == NULL)
	{
		fill_plain(plan, subject, &input);
		request->inputs = messages_inputs(&input, request->params);
		request->messages = messages_of_caller(input.system, &input);
		return;
	}
	fill_prompted(plan, subject, &input);
	request->inputs = messages_inputs(&input, request->params);
	prompt_use_apply(request, &input, plan->prompt);
}

/* Raises an error again as what keeps a record from being asked. */
static void
raise_unbound(const EvaluationPlan *plan, const EvaluationCase *subject, ErrorData *error)
{
	bool		lacks = error->sqlerrcode == ERRCODE_GAIOPS_MISSING_VARIABLE;

	ereport(ERROR,
			(errcode(error->sqlerrcode),
			 errmsg("record \"%s\" of dataset \"%s\" cannot be asked: %s",
					evaluation_record_name(&subject->record_id), plan->request.dataset, error->message),
			 error->detail ? errdetail_internal("%s", error->detail) : 0,
			 lacks ? errhint("Give it in the inputs of the record, or use \"is defined\" or the filter default in the template.") :
			 error->hint ? errhint("%s", error->hint) : 0));
}

/* Whether an error says that the query ends, and not what a record lacks. */
static bool
is_interrupt(const ErrorData *error)
{
	return ERRCODE_TO_CATEGORY(error->sqlerrcode) == ERRCODE_OPERATOR_INTERVENTION;
}

void
evaluation_bind(const EvaluationPlan *plan, const EvaluationCase *subject,
				CallRequest *request)
{
	MemoryContext context = CurrentMemoryContext;

	PG_TRY();
	{
		bind(plan, subject, request);
	}
	PG_CATCH();
	{
		ErrorData  *error;

		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		if (is_interrupt(error))
			PG_RE_THROW();
		FlushErrorState();
		raise_unbound(plan, subject, error);
	}
	PG_END_TRY();
}

/* Raises unless a record has what is to be scored, or can be asked. */
static void
check_case(const EvaluationPlan *plan, const EvaluationCase *subject)
{
	CallRequest request;

	if (plan->request.model != NULL)
		evaluation_bind(plan, subject, &request);
	else if (plan->predict == NULL && subject->outputs == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("record \"%s\" of dataset \"%s\" has no outputs to score",
						evaluation_record_name(&subject->record_id), plan->request.dataset),
				 errhint("Give \"model\" or \"predict\" for the outputs, or store some with gaiops_merge_records().")));
}

void
evaluation_bind_all(const EvaluationPlan *plan)
{
	EvaluationCaseReader reader;
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "genaiops binding",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old;

	evaluation_reader_begin(&reader, plan);
	old = MemoryContextSwitchTo(scratch);
	for (int i = 0; i < plan->ncases; i++)
	{
		CHECK_FOR_INTERRUPTS();
		check_case(plan, evaluation_reader_case(&reader, i));
		MemoryContextReset(scratch);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(scratch);
	evaluation_reader_end(&reader);
}
