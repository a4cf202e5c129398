/*
 * prompt_use.c
 *		What a registered prompt gives to a call.
 */
#include "postgres.h"

#include "base/errors.h"
#include "base/ordered.h"
#include "chat/prompt_use.h"
#include "prompts/prompt_render.h"

#define MAX_SCHEMA_NAME 64		/* of a JSON schema, as OpenAI takes it */

/* ---- parameters ---- */

/* Members of a model_config that say for which model it was made. */
static bool
is_note(TextSlice key)
{
	return json_text_says(key, "provider") || json_text_says(key, "model_name") ||
		json_text_says(key, "extra_params");
}

/* The members of a model_config that are sent, in the words of the wire. */
static TextSlice
config_params(TextSlice config)
{
	bool		has_sequences = json_text_member(config, "stop_sequences").data != NULL;
	StringInfoData params;
	JsonWalk	walk;
	TextSlice	key;
	TextSlice	value;

	ordered_begin(&params);
	json_text_enter(&walk, config);
	while (json_text_next(&walk, &key, &value))
	{
		if (json_text_says(key, "stop_sequences"))
			ordered_add(&params, "stop", value);
		else if (!is_note(key) && !(has_sequences && json_text_says(key, "stop")))
			ordered_add_written(&params, key, value);
	}
	return ordered_end(&params);
}

/* A member that is an object; absent if there is none. */
static TextSlice
member_object(TextSlice object, const char *key)
{
	TextSlice	value = json_text_member(object, key);

	return json_text_kind(value) == VALUE_OBJECT ? value : ORDERED_NONE;
}

/*
 * Whether a response_format is one of the wire's, and not a bare JSON schema.
 */
static bool
is_wire_format(TextSlice format)
{
	TextSlice	type = json_text_member(format, "type");
	TextSlice	name;

	if (json_text_kind(type) != VALUE_STRING)
		return false;
	name = json_text_string(type);
	return json_text_says(name, "text") || json_text_says(name, "json_object") ||
		json_text_says(name, "json_schema");
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

/* A bare schema, as MLflow keeps it, as a response_format of the wire. */
static TextSlice
wrap_schema(const Prompt *prompt)
{
	StringInfoData named;
	StringInfoData format;

	ordered_begin(&named);
	ordered_add_text(&named, "name", schema_name(prompt->name));
	ordered_add(&named, "schema", prompt->response_format);
	ordered_begin(&format);
	ordered_add_text(&format, "type", "json_schema");
	ordered_add(&format, "json_schema", ordered_end(&named));
	return ordered_end(&format);
}

/* {"response_format": ...} */
static TextSlice
format_params(const Prompt *prompt)
{
	StringInfoData params;

	ordered_begin(&params);
	ordered_add(&params, "response_format",
				is_wire_format(prompt->response_format) ? prompt->response_format : wrap_schema(prompt));
	return ordered_end(&params);
}

/* The parameters that a prompt gives, absent if none. */
static TextSlice
prompt_params(const Prompt *prompt)
{
	TextSlice	params = ORDERED_NONE;

	if (prompt->model_config.data != NULL)
		params = ordered_merge(member_object(prompt->model_config, "extra_params"),
							   config_params(prompt->model_config));
	if (prompt->response_format.data != NULL)
		params = ordered_merge(params, format_params(prompt));
	return params;
}

/* ---- the record ---- */

/* What was included, as an array of objects. */
static TextSlice
included_document(const Prompt *prompt)
{
	TextSlice	all = ordered_of("[]");
	ListCell   *cell;

	foreach(cell, prompt->included)
	{
		const Prompt *included = lfirst(cell);
		StringInfoData item;

		initStringInfo(&item);
		appendStringInfoString(&item, "[{");
		ordered_add_text(&item, "name", included->name);
		ordered_add(&item, "version", ordered_of(psprintf("%d", included->version)));
		if (included->alias != NULL)
			ordered_add_text(&item, "alias", included->alias);
		(void) ordered_end(&item);
		appendStringInfoChar(&item, ']');
		all = ordered_join(all, (TextSlice) {item.data, (size_t) item.len});
	}
	return all;
}

/* Notes by value which version was used, and through which alias. */
static void
note_use(CallRequest *request, const Prompt *prompt)
{
	StringInfoData attributes;

	request->labels.prompt_name = prompt->name;
	request->labels.prompt_version = prompt->version;
	request->labels.prompt_hash = prompt->content_hash;
	ordered_begin(&attributes);
	ordered_add_text(&attributes, "gaiops.prompt.uri",
					 psprintf("prompts:/%s/%d", prompt->name, prompt->version));
	if (prompt->alias != NULL)
		ordered_add_text(&attributes, "gaiops.prompt.alias", prompt->alias);
	if (prompt->included != NIL)
		ordered_add(&attributes, "gaiops.prompt.includes", included_document(prompt));
	request->attributes = ordered_end(&attributes);
}

/* ---- the messages ---- */

/*
 * The prompt, then what the caller says; alone, a text prompt is the user's.
 */
static TextSlice
rendered_messages(const Prompt *prompt, const ChatInput *input)
{
	bool		is_alone = input->message == NULL && input->messages.data == NULL;
	TextSlice	rendered;

	if (!prompt->is_chat && input->system != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"system\" cannot be used with a text prompt"),
				 errdetail("Prompt \"%s\" version %d is the system message.", prompt->name, prompt->version),
				 errhint("Leave out \"system\", or use a chat prompt.")));
	rendered = prompt_render_messages(prompt, input->variables, false,
									  is_alone ? "user" : "system");
	if (input->system != NULL)
		rendered = ordered_join(ordered_message("system", input->system), rendered);
	return ordered_join(rendered, messages_of_caller(NULL, input));
}

void
prompt_use_apply(CallRequest *request, const ChatInput *input, const Prompt *prompt)
{
	request->messages = rendered_messages(prompt, input);
	if (json_text_count(request->messages) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_GAIOPS_RENDERING_FAILED),
				 errmsg("prompt \"%s\" version %d gives no messages", prompt->name, prompt->version),
				 errhint("Fill its placeholders, or give a message.")));
	request->params = ordered_merge(prompt_params(prompt), request->params);
	note_use(request, prompt);
}

void
prompt_use_compose(CallRequest *request, const ChatInput *input)
{
	PromptAddress address;

	if (input->prompt == NULL)
	{
		if (input->variables.data != NULL)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("argument \"variables\" needs a prompt"),
					 errhint("Name a registered prompt in \"prompt\", such as prompts:/name@alias.")));
		request->messages = messages_of_caller(input->system, input);
		return;
	}
	prompt_parse_address(input->prompt, &address);
	prompt_use_apply(request, input, prompt_load(&address));
}
