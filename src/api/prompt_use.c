/*
 * prompt_use.c
 *		What a registered prompt gives to a call.
 */
#include "postgres.h"

#include "api/prompt_use.h"
#include "engine/document.h"
#include "engine/errors.h"
#include "engine/prompt.h"
#include "engine/prompt_render.h"

#define MAX_SCHEMA_NAME 64		/* of a JSON schema, as OpenAI takes it */

/* ---- parameters ---- */

/* Members of a model_config that say for which model it was made. */
static bool
is_note(const JsonbValue *key)
{
	return document_is_text(key, "provider") || document_is_text(key, "model_name") ||
		document_is_text(key, "extra_params");
}

/* The members of a model_config that are sent, in the words of the wire. */
static Jsonb *
config_params(Jsonb *config)
{
	JsonbParseState *state = NULL;
	JsonbIterator *it = JsonbIteratorInit(&config->root);
	JsonbIteratorToken token;
	JsonbValue	item;
	bool		is_sent = false;	/* the value of the key that came last */

	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	while ((token = JsonbIteratorNext(&it, &item, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
		{
			is_sent = !is_note(&item);
			if (document_is_text(&item, "stop_sequences"))
			{
				item.val.string.val = "stop";
				item.val.string.len = strlen("stop");
			}
		}
		if (is_sent && (token == WJB_KEY || token == WJB_VALUE))
			pushJsonbValue(&state, token, &item);
	}
	return JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL));
}

/* A member that is an object; NULL if there is none. */
static Jsonb *
member_object(Jsonb *object, const char *key)
{
	JsonbValue *value = document_member(&object->root, key);

	if (value == NULL || value->type != jbvBinary ||
		!JsonContainerIsObject(value->val.binary.data))
		return NULL;
	return JsonbValueToJsonb(value);
}

/* Whether a response_format is one of the wire's, and not a bare JSON schema. */
static bool
is_wire_format(Jsonb *format)
{
	JsonbValue *type = document_member(&format->root, "type");

	return type != NULL &&
		(document_is_text(type, "text") || document_is_text(type, "json_object") ||
		 document_is_text(type, "json_schema"));
}

/* The name of a prompt as that of a schema: letters, digits, _ and -. */
static char *
schema_name(const char *prompt)
{
	char	   *name = pnstrdup(prompt, MAX_SCHEMA_NAME);

	for (char *c = name; *c != '\0'; c++)
		if (*c == '.')
			*c = '_';
	return name;
}

/* {"response_format": ...}; a bare schema, as MLflow keeps it, is wrapped. */
static Jsonb *
format_params(const Prompt *prompt)
{
	JsonbParseState *state = NULL;

	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	if (!is_wire_format(prompt->response_format))
	{
		JsonbParseState *inner = NULL;
		JsonbParseState *outer = NULL;

		pushJsonbValue(&inner, WJB_BEGIN_OBJECT, NULL);
		document_push_text(&inner, "name", schema_name(prompt->name));
		document_push_value(&inner, "schema", prompt->response_format);
		pushJsonbValue(&outer, WJB_BEGIN_OBJECT, NULL);
		document_push_text(&outer, "type", "json_schema");
		document_push_value(&outer, "json_schema",
							JsonbValueToJsonb(pushJsonbValue(&inner, WJB_END_OBJECT, NULL)));
		document_push_value(&state, "response_format",
							JsonbValueToJsonb(pushJsonbValue(&outer, WJB_END_OBJECT, NULL)));
	}
	else
		document_push_value(&state, "response_format", prompt->response_format);
	return JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL));
}

/* The parameters that a prompt gives, NULL if none. */
static Jsonb *
prompt_params(const Prompt *prompt)
{
	Jsonb	   *params = NULL;

	if (prompt->model_config != NULL)
		params = document_merge(member_object(prompt->model_config, "extra_params"),
								config_params(prompt->model_config));
	if (prompt->response_format != NULL)
		params = document_merge(params, format_params(prompt));
	return params;
}

/* ---- the record ---- */

/* What was included, as an array of objects. */
static Jsonb *
included_document(const Prompt *prompt)
{
	JsonbParseState *state = NULL;
	ListCell   *cell;

	pushJsonbValue(&state, WJB_BEGIN_ARRAY, NULL);
	foreach(cell, prompt->included)
	{
		const Prompt *included = lfirst(cell);

		pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
		document_push_text(&state, "name", included->name);
		document_push_number(&state, "version", included->version);
		if (included->alias != NULL)
			document_push_text(&state, "alias", included->alias);
		pushJsonbValue(&state, WJB_END_OBJECT, NULL);
	}
	return JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_ARRAY, NULL));
}

/* Notes by value which version was used, and through which alias. */
static void
note_use(CallRequest *request, const Prompt *prompt)
{
	JsonbParseState *state = NULL;

	request->labels.prompt_name = prompt->name;
	request->labels.prompt_version = prompt->version;
	request->labels.prompt_hash = prompt->content_hash;
	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	document_push_text(&state, "gaiops.prompt.uri",
					   psprintf("prompts:/%s/%d", prompt->name, prompt->version));
	if (prompt->alias != NULL)
		document_push_text(&state, "gaiops.prompt.alias", prompt->alias);
	if (prompt->included != NIL)
		document_push_value(&state, "gaiops.prompt.includes", included_document(prompt));
	request->attributes = JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL));
}

/* ---- the messages ---- */

/* The prompt, then what the caller says; alone, a text prompt is the user's. */
static Jsonb *
rendered_messages(const Prompt *prompt, const ChatInput *input)
{
	bool		is_alone = input->message == NULL && input->messages == NULL;
	Jsonb	   *rendered;

	if (!prompt->is_chat && input->system != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"system\" cannot be used with a text prompt"),
				 errdetail("Prompt \"%s\" version %d is the system message.", prompt->name, prompt->version),
				 errhint("Leave out \"system\", or use a chat prompt.")));
	rendered = prompt_render_messages(prompt, input->variables, false,
									  is_alone ? "user" : "system");
	if (input->system != NULL)
		rendered = document_join(document_message("system", input->system), rendered);
	return document_join(rendered, messages_of_caller(NULL, input));
}

void
prompt_use_compose(CallRequest *request, const ChatInput *input)
{
	PromptAddress address;
	Prompt	   *prompt;

	if (input->prompt == NULL)
	{
		if (input->variables != NULL)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("argument \"variables\" needs a prompt"),
					 errhint("Name a registered prompt in \"prompt\", such as prompts:/name@alias.")));
		request->messages = messages_of_caller(input->system, input);
		return;
	}
	prompt_parse_address(input->prompt, &address);
	prompt = prompt_load(&address);
	request->messages = rendered_messages(prompt, input);
	if (JB_ROOT_COUNT(request->messages) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_GAIOPS_RENDERING_FAILED),
				 errmsg("prompt \"%s\" version %d gives no messages", prompt->name, prompt->version),
				 errhint("Fill its placeholders, or give a message.")));
	request->params = document_merge(prompt_params(prompt), request->params);
	note_use(request, prompt);
}
