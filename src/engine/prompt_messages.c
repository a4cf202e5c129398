/*
 * prompt_messages.c
 *		Walking the messages of a chat prompt: the texts in them are templates.
 */
#include "postgres.h"

#include "engine/document.h"
#include "engine/prompt_messages.h"
#include "miscadmin.h"

/* Depth of the members of a message, as the iterator goes. */
#define MESSAGE_DEPTH 1

typedef struct Walk
{
	const PromptVisitor *visitor;
	JsonbParseState *out;
	int			message;		/* number of the one that is walked */
} Walk;

/* Puts what the visitor makes of a text in its place. */
static void
visit_text(Walk *walk, JsonbIteratorToken token, JsonbValue *value)
{
	size_t		len;
	char	   *text = walk->visitor->text(walk->visitor->state, walk->message,
										   value->val.string.val,
										   value->val.string.len, &len);
	JsonbValue	result = {.type = jbvString};

	result.val.string.val = text;
	result.val.string.len = (int) len;
	pushJsonbValue(&walk->out, token, &result);
}

/* Copies a message, its texts visited. */
static void
walk_message(Walk *walk, JsonbContainer *message)
{
	JsonbIterator *it = JsonbIteratorInit(message);
	JsonbIteratorToken token;
	JsonbValue	value;
	int			depth = 0;
	bool		in_content = false;
	bool		is_type = false;	/* the value is that of a "type" */

	while ((token = JsonbIteratorNext(&it, &value, false)) != WJB_DONE)
	{
		switch (token)
		{
			case WJB_KEY:
				if (depth == MESSAGE_DEPTH)
					in_content = document_is_text(&value, "content");
				is_type = depth > MESSAGE_DEPTH && document_is_text(&value, "type");
				pushJsonbValue(&walk->out, token, &value);
				break;
			case WJB_VALUE:
			case WJB_ELEM:
				if (in_content && !is_type && value.type == jbvString)
					visit_text(walk, token, &value);
				else
					pushJsonbValue(&walk->out, token, &value);
				is_type = false;
				break;
			case WJB_BEGIN_ARRAY:
			case WJB_BEGIN_OBJECT:
				depth++;
				is_type = false;
				pushJsonbValue(&walk->out, token, NULL);
				break;
			default:
				depth--;
				pushJsonbValue(&walk->out, token, NULL);
				break;
		}
	}
}

/* The name of a placeholder; NULL if the message is none. */
static char *
placeholder_name(JsonbContainer *message)
{
	JsonbValue *type = document_member(message, "type");
	JsonbValue *name = document_member(message, "name");

	if (type == NULL || !document_is_text(type, "placeholder") ||
		name == NULL || name->type != jbvString)
		return NULL;
	return pnstrdup(name->val.string.val, name->val.string.len);
}

/* Puts the messages that a placeholder stands for in its place. */
static void
fill_placeholder(Walk *walk, const char *name)
{
	Jsonb	   *messages = walk->visitor->placeholder(walk->visitor->state,
													  walk->message, name);
	uint32		n = messages ? JB_ROOT_COUNT(messages) : 0;

	for (uint32 i = 0; i < n; i++)
		pushJsonbValue(&walk->out, WJB_ELEM,
					   getIthJsonbValueFromContainer(&messages->root, i));
}

Jsonb *
prompt_messages_walk(Jsonb *messages, const PromptVisitor *visitor)
{
	Walk		walk = {.visitor = visitor};
	uint32		n = JB_ROOT_COUNT(messages);

	pushJsonbValue(&walk.out, WJB_BEGIN_ARRAY, NULL);
	for (uint32 i = 0; i < n; i++)
	{
		JsonbValue *message = getIthJsonbValueFromContainer(&messages->root, i);
		char	   *name;

		CHECK_FOR_INTERRUPTS();
		if (message->type != jbvBinary ||
			!JsonContainerIsObject(message->val.binary.data))
			elog(ERROR, "message %u of a prompt is no object", i + 1);
		walk.message = (int) i + 1;
		name = placeholder_name(message->val.binary.data);
		if (name != NULL)
			fill_placeholder(&walk, name);
		else
			walk_message(&walk, message->val.binary.data);
	}
	return JsonbValueToJsonb(pushJsonbValue(&walk.out, WJB_END_ARRAY, NULL));
}
