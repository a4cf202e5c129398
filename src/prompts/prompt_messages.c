/*
 * prompt_messages.c
 *		Walking the messages of a chat prompt: the texts in them are templates.
 */
#include "postgres.h"

#include "base/ordered.h"
#include "miscadmin.h"
#include "prompts/prompt_messages.h"

typedef struct Walk
{
	const PromptVisitor *visitor;
	StringInfoData out;
	const char *copied;			/* what was written is in out up to here */
	int			message;		/* number of the one that is walked */
} Walk;

/* Puts what was written up to there into the result. */
static void
copy_until(Walk *walk, const char *end)
{
	appendBinaryStringInfo(&walk->out, walk->copied, (int) (end - walk->copied));
	walk->copied = end;
}

/* Puts what the visitor makes of a text in its place. */
static void
visit_text(Walk *walk, TextSlice value)
{
	TextSlice	text = ordered_decode(json_text_string(value));
	TextSlice	result = walk->visitor->text(walk->visitor->state, walk->message, text);

	if (result.len == text.len && (text.len == 0 || memcmp(result.data, text.data, text.len) == 0))
		return;
	copy_until(walk, value.data);
	ordered_append_string(&walk->out, result.data, result.len);
	walk->copied = value.data + value.len;
}

/*
 * Visits the texts of a content, which inner walks.  What a "type" says is no
 * text.
 */
static void
visit_content(Walk *walk, JsonWalk *inner)
{
	TextSlice	key;

	check_stack_depth();
	while (json_text_more(inner, &key))
	{
		ValueKind	kind = json_text_peek(inner);
		JsonWalk	deeper;
		TextSlice	value;

		if (kind == VALUE_OBJECT || kind == VALUE_ARRAY)
		{
			json_text_descend(inner, &deeper);
			visit_content(walk, &deeper);
			json_text_ascend(inner, &deeper);
			continue;
		}
		value = json_text_take(inner);
		if (kind == VALUE_STRING && (key.data == NULL || !json_text_says(key, "type")))
			visit_text(walk, value);
	}
}

/* Copies a message, its texts visited. */
static void
walk_message(Walk *walk, TextSlice message)
{
	TextSlice	content = json_text_member(message, "content");
	JsonWalk	inner;

	walk->copied = message.data;
	if (json_text_kind(content) == VALUE_STRING)
		visit_text(walk, content);
	else if (content.data != NULL)
	{
		json_text_enter(&inner, content);
		visit_content(walk, &inner);
	}
	copy_until(walk, message.data + message.len);
}

/* The name of a placeholder; NULL if the message is none. */
static char *
placeholder_name(TextSlice message)
{
	TextSlice	type = json_text_member(message, "type");
	TextSlice	name = json_text_member(message, "name");

	if (json_text_kind(type) != VALUE_STRING || json_text_kind(name) != VALUE_STRING ||
		!json_text_says(json_text_string(type), "placeholder"))
		return NULL;
	return ordered_decode_cstring(json_text_string(name));
}

/* Separates the next message from those before it. */
static void
begin_message(Walk *walk)
{
	if (walk->out.len > 1)
		appendStringInfoString(&walk->out, ", ");
}

/* Puts the messages that a placeholder stands for in its place. */
static void
fill_placeholder(Walk *walk, const char *name)
{
	TextSlice	messages = walk->visitor->placeholder(walk->visitor->state, walk->message, name);
	JsonWalk	filling;
	TextSlice	key;
	TextSlice	message;

	json_text_enter(&filling, messages);
	while (json_text_next(&filling, &key, &message))
	{
		begin_message(walk);
		appendBinaryStringInfo(&walk->out, message.data, (int) message.len);
	}
}

TextSlice
prompt_messages_walk(TextSlice messages, const PromptVisitor *visitor)
{
	Walk		walk = {.visitor = visitor};
	JsonWalk	all;
	TextSlice	key;
	TextSlice	message;

	initStringInfo(&walk.out);
	appendStringInfoChar(&walk.out, '[');
	json_text_enter(&all, messages);
	while (json_text_next(&all, &key, &message))
	{
		char	   *name;

		CHECK_FOR_INTERRUPTS();
		walk.message++;
		if (json_text_kind(message) != VALUE_OBJECT)
			elog(ERROR, "message %d of a prompt is no object", walk.message);
		name = placeholder_name(message);
		if (name != NULL)
			fill_placeholder(&walk, name);
		else
		{
			begin_message(&walk);
			walk_message(&walk, message);
		}
	}
	appendStringInfoChar(&walk.out, ']');
	return (TextSlice) {walk.out.data, (size_t) walk.out.len};
}
