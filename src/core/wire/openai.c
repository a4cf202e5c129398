/*
 * openai.c
 *		The chat-completions wire format: reading an answer.
 */
#include "core/wire/openai.h"

#include <stdlib.h>
#include <string.h>

#include "core/memory/length_of.h"

/* How far into an error body a message is looked for. */
#define ERROR_MAX_DEPTH		5

/* The member as a slice; absent if it is no string. */
static TextSlice
string_member(const JsonValue *object, const char *key)
{
	TextSlice	slice = {NULL, 0};

	(void) json_value_string(json_value_member(object, key), &slice.data, &slice.len);
	return slice;
}

/* The same where an empty string says as little as none. */
static TextSlice
nonempty_member(const JsonValue *object, const char *key)
{
	TextSlice	slice = string_member(object, key);

	if (slice.len == 0)
		slice.data = NULL;
	return slice;
}

static bool
slice_equals(TextSlice slice, const char *text)
{
	return slice.data != NULL && slice.len == strlen(text) &&
		memcmp(slice.data, text, slice.len) == 0;
}

/*
 * A name without all but letters and digits, in lower case, cut to fit: they
 * differ in that alone between upstreams.
 */
static void
normalize_name(TextSlice name, char *out, size_t size)
{
	size_t		n = 0;

	for (size_t i = 0; i < name.len && n + 1 < size; i++)
	{
		char		c = name.data[i];

		if (c >= 'A' && c <= 'Z')
			c += 'a' - 'A';
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			out[n++] = c;
	}
	out[n] = '\0';
}

/*
 * The text of one part of a content: of {"type": "text"} and of what differs
 * from it in small things, not of thinking or pictures.
 */
static TextSlice
part_text(const JsonValue *part)
{
	TextSlice	type = string_member(part, "type");
	TextSlice	text = {NULL, 0};

	if (json_value_string(part, &text.data, &text.len))
		return text;
	if (type.data == NULL || slice_equals(type, "text") || slice_equals(type, "output_text"))
		return string_member(part, "text");
	return text;
}

/* Joins the text parts; no such part, no content.  False: out of memory. */
static bool
join_parts(const JsonValue *parts, OpenaiAnswer *answer)
{
	size_t		nparts = json_value_length(parts);
	size_t		len = 0;
	bool		any = false;

	for (size_t i = 0; i < nparts; i++)
	{
		TextSlice	text = part_text(json_value_element(parts, i));

		any = any || text.data != NULL;
		len += text.len;
	}
	if (!any)
		return true;
	answer->parts_text = malloc(len + 1);
	if (answer->parts_text == NULL)
		return false;
	answer->content.data = answer->parts_text;
	for (size_t i = 0; i < nparts; i++)
	{
		TextSlice	text = part_text(json_value_element(parts, i));

		if (text.len > 0)
			memcpy(answer->parts_text + answer->content.len, text.data, text.len);
		answer->content.len += text.len;
	}
	answer->parts_text[len] = '\0';
	return true;
}

/* The refusal may be a member, or a part of the content. */
static TextSlice
read_refusal(const JsonValue *message, const JsonValue *content)
{
	TextSlice	refusal = nonempty_member(message, "refusal");

	for (size_t i = 0; refusal.data == NULL && i < json_value_length(content); i++)
		refusal = nonempty_member(json_value_element(content, i), "refusal");
	return refusal;
}

/* Whether every element may be a part of a content: an object, or a text. */
static bool
are_parts(const JsonValue *content)
{
	for (size_t i = 0; i < json_value_length(content); i++)
	{
		JsonKind	kind = json_value_kind(json_value_element(content, i));

		if (kind != JSON_KIND_OBJECT && kind != JSON_KIND_STRING)
			return false;
	}
	return true;
}

/* Why a choice without an error is nothing that can be read; NULL if it is. */
static const char *
find_unreadable(const JsonValue *choice, const JsonValue *message, const JsonValue *content,
				const OpenaiAnswer *answer)
{
	JsonKind	kind = json_value_kind(content);

	if (json_value_kind(choice) != JSON_KIND_OBJECT)
		return "is no object";
	if (json_value_kind(message) != JSON_KIND_OBJECT)
		return "has no message";
	if (kind != JSON_KIND_NULL && kind != JSON_KIND_STRING && kind != JSON_KIND_ARRAY)
		return "has a content that is neither text nor parts nor null";
	if (answer->content.data == NULL && !are_parts(content))
		return "has a content with something in it that is no part";
	return NULL;
}

/* Whether the upstream held the content back. */
static bool
was_filtered(const OpenaiAnswer *answer)
{
	char		reason[64];

	normalize_name(answer->finish_reason, reason, sizeof(reason));
	return strcmp(reason, "contentfilter") == 0 || strcmp(reason, "contentfiltered") == 0 ||
		strcmp(reason, "safety") == 0;
}

/* Reads the text of a content.  False: out of memory. */
static bool
read_content(const JsonValue *content, OpenaiAnswer *answer)
{
	if (json_value_kind(content) == JSON_KIND_ARRAY)
		return join_parts(content, answer);
	(void) json_value_string(content, &answer->content.data, &answer->content.len);
	return true;
}

/* Reads the first choice.  False: out of memory. */
static bool
read_choice(const JsonValue *choice, OpenaiAnswer *answer)
{
	const JsonValue *message = json_value_member(choice, "message");
	const JsonValue *content = json_value_member(message, "content");

	answer->refusal = read_refusal(message, content);
	/* One tool is called by the older function_call. */
	answer->has_tool_calls =
		json_value_length(json_value_member(message, "tool_calls")) > 0 ||
		json_value_kind(json_value_member(message, "function_call")) == JSON_KIND_OBJECT;
	if (!read_content(content, answer))
		return false;
	answer->unreadable = find_unreadable(choice, message, content, answer);
	answer->is_empty = answer->unreadable == NULL && answer->content.data == NULL &&
		answer->refusal.data == NULL && !answer->has_tool_calls && !was_filtered(answer);
	return true;
}

/* The status that the name of a code or type stands for; 0 if for none. */
static int
status_of_name(TextSlice name)
{
	static const struct
	{
		const char *word;
		bool		whole;		/* it is the whole name, or any part of it */
		int			status;
	}			words[] = {
		{"ratelimit", false, 429}, {"toomanyrequests", false, 429},
		{"throttl", false, 429}, {"resourceexhausted", true, 429},
		{"overloaded", false, 503}, {"serviceunavailable", false, 503},
		{"unavailable", true, 503}, {"capacityexceeded", false, 503},
		{"servererror", false, 500}, {"internalerror", false, 500},
		{"internal", true, 500}, {"apierror", true, 500},
		{"upstreamerror", true, 502}, {"badgateway", false, 502},
		{"gatewaytimeout", false, 504}, {"deadlineexceeded", true, 504},
		{"timeout", true, 504}, {"timeouterror", true, 504}, {"requesttimeout", true, 408},
	};
	char		plain[128];

	normalize_name(name, plain, sizeof(plain));
	for (size_t i = 0; i < LENGTH_OF(words); i++)
		if (words[i].whole ? strcmp(plain, words[i].word) == 0 : strstr(plain, words[i].word) != NULL)
			return words[i].status;
	if (strlen(plain) == 3 && strspn(plain, "0123456789") == 3 &&
		plain[0] >= '4' && plain[0] <= '5')
		return atoi(plain);
	return 0;
}

/*
 * The status that one of the members of an error stands for; 0 if none does.
 */
static int
read_error_status(const JsonValue *error)
{
	static const char *const keys[] = {"code", "error_code", "status", "status_code", "type"};
	int			status = 0;

	for (size_t i = 0; status == 0 && i < LENGTH_OF(keys); i++)
	{
		const JsonValue *value = json_value_member(error, keys[i]);
		TextSlice	text = {NULL, 0};
		int64_t		number;

		if (json_value_int64(value, &number))
			status = number >= 400 && number <= 599 ? (int) number : 0;
		else if (json_value_string(value, &text.data, &text.len))
			status = status_of_name(text);
	}
	return status;
}

/* The error's code as text, or else its type. */
static TextSlice
read_error_code(const JsonValue *error)
{
	static const char *const keys[] = {"code", "error_code", "type"};
	TextSlice	code = {NULL, 0};

	for (size_t i = 0; code.data == NULL && i < LENGTH_OF(keys); i++)
	{
		const JsonValue *value = json_value_member(error, keys[i]);

		code = nonempty_member(error, keys[i]);
		if (code.data == NULL)
			(void) json_value_number_text(value, &code.data, &code.len);
	}
	/* {"type": "error"} names the kind of body, not of error. */
	if (slice_equals(code, "error"))
		code.data = NULL, code.len = 0;
	return code;
}

/*
 * Looks for a message in a value: itself if it is text, the first element that
 * has one, the members that are called so.  The innermost code is taken.
 * Returns whether there was a message.
 */
static bool
read_error(const JsonValue *value, int depth, OpenaiAnswer *answer)
{
	static const char *const keys[] = {"message", "msg", "detail", "error", "errors", "html-message"};
	bool		found = false;

	/*
	 * What is absent has no members: without this, each step of depth is six.
	 */
	if (value == NULL || depth > ERROR_MAX_DEPTH)
		return false;
	if (json_value_string(value, &answer->error_message.data, &answer->error_message.len))
	{
		if (answer->error_message.len == 0)
			answer->error_message.data = NULL;
		return answer->error_message.data != NULL;
	}
	for (size_t i = 0; !found && i < json_value_length(value); i++)
		found = read_error(json_value_element(value, i), depth + 1, answer);
	for (size_t i = 0; !found && i < LENGTH_OF(keys); i++)
		found = read_error(json_value_member(value, keys[i]), depth + 1, answer);
	if (answer->error_code.data == NULL)
		answer->error_code = read_error_code(value);
	if (answer->error_status == 0)
		answer->error_status = read_error_status(value);
	return found;
}

/* Forgets what was taken for an error. */
static void
forget_error(OpenaiAnswer *answer)
{
	answer->has_error = false;
	answer->error_message = answer->error_code = (TextSlice) {NULL, 0};
	answer->error_status = 0;
}

/* Reads the member "error"; null, "" and what says nothing are none. */
static bool
read_error_member(const JsonValue *value, OpenaiAnswer *answer)
{
	answer->has_error = read_error(json_value_member(value, "error"), 1, answer) ||
		answer->error_code.data != NULL;
	if (!answer->has_error)
		forget_error(answer);
	return answer->has_error;
}

/*
 * Whether an answer with choices is a failure all the same: by an error
 * beside them, or in the first one, which is what was asked for.  LiteLLM
 * calls a choice that failed "stop", and moves what tells of it into another
 * member.
 */
static bool
read_failed_choice(const JsonValue *root, const JsonValue *choice, OpenaiAnswer *answer)
{
	const JsonValue *moved = json_value_member(choice, "provider_specific_fields");

	if (read_error_member(root, answer) || read_error_member(choice, answer) ||
		read_error_member(moved, answer))
		return true;
	if (!slice_equals(string_member(choice, "finish_reason"), "error") &&
		!slice_equals(string_member(moved, "native_finish_reason"), "error"))
		return false;
	answer->has_error = true;
	(void) read_error(json_value_member(json_value_member(choice, "message"), "error"), 1, answer);
	return true;
}

/*
 * Reads an error body, of a root without any choice in it:
 *		{"error": {"message", "type", "code"}}, {"error": "text"}, {"message"},
 *		{"detail": "text"}, {"detail": [{"msg"}]}, {"errors": [{"message"}]},
 *		{"object": "error", "message"}, {"error": "name", "message": "text"},
 *		{"html-message": "what was no JSON"}, which is Portkey's
 */
static void
read_error_body(const JsonValue *root, OpenaiAnswer *answer)
{
	const JsonValue *error = json_value_member(root, "error");
	JsonKind	kind = json_value_kind(error);

	/* Beside an error object a message of the root is but a wrapping. */
	if (kind == JSON_KIND_OBJECT || json_value_length(error) > 0)
	{
		answer->has_error = true;
		(void) read_error(error, 1, answer);
		if (answer->error_code.data == NULL)
			answer->error_code = read_error_code(root);
		if (answer->error_status == 0)
			answer->error_status = read_error_status(root);
		return;
	}
	/* An answer that merely lacks its choices is no error of the upstream. */
	if (json_value_kind(json_value_member(root, "choices")) == JSON_KIND_ARRAY)
	{
		(void) read_error_member(root, answer);
		return;
	}
	answer->has_error = read_error(root, 1, answer) ||
		slice_equals(string_member(root, "object"), "error") ||
		slice_equals(string_member(root, "type"), "error");
	if (!answer->has_error)
		forget_error(answer);
	else if (answer->error_code.data == NULL &&
			 answer->error_message.data != nonempty_member(root, "error").data)
		answer->error_code = nonempty_member(root, "error");
	if (answer->has_error && answer->error_status == 0)
		answer->error_status = status_of_name(answer->error_code);
}

/*
 * The object to read: the root, or the first element of an array if that is an
 * error, which is how Google's endpoint puts them.  NULL if there is none.
 */
static const JsonValue *
find_body(const JsonDocument *doc)
{
	const JsonValue *root = json_document_root(doc);
	const JsonValue *first = json_value_element(root, 0);

	if (json_value_kind(root) == JSON_KIND_OBJECT)
		return root;
	if (json_value_kind(json_value_member(first, "error")) == JSON_KIND_OBJECT)
		return first;
	return NULL;
}

/* Reads the choices, or what there is instead.  False: out of memory. */
static bool
read_choices(const JsonValue *root, OpenaiAnswer *answer)
{
	const JsonValue *choices = json_value_member(root, "choices");
	const JsonValue *first = json_value_element(choices, 0);

	answer->nchoices = (int) json_value_length(choices);
	if (answer->nchoices == 0)
	{
		read_error_body(root, answer);
		return true;
	}
	answer->finish_reason = string_member(first, "finish_reason");
	return read_failed_choice(root, first, answer) || read_choice(first, answer);
}

/* Fills *answer from the parsed body.  False: out of memory. */
static bool
read_body(const JsonValue *root, OpenaiAnswer *answer)
{
	answer->id = string_member(root, "id");
	answer->model = string_member(root, "model");
	if (!read_choices(root, answer))
		return false;
	openai_usage_read(json_value_member(root, "usage"),
					  answer->content.len > 0 || answer->refusal.data != NULL || answer->has_tool_calls,
					  &answer->usage, &answer->usage_problems);
	return true;
}

/*
 * Parses a body, repaired if need be.  False, with the reason: it cannot be.
 */
static bool
parse_body(const char *body, size_t len, OpenaiAnswer *answer, const char **reason)
{
	answer->doc = json_document_parse(body, len, reason);
	if (answer->doc == NULL &&
		json_repair(body, len, &answer->repaired, &answer->repaired_len, &answer->repairs))
		answer->doc = json_document_parse(answer->repaired, answer->repaired_len, reason);
	return answer->doc != NULL;
}

bool
openai_answer_parse(const char *body, size_t len,
					OpenaiAnswer *answer, const char **reason)
{
	memset(answer, 0, sizeof(*answer));
	if (parse_body(body, len, answer, reason))
	{
		const JsonValue *root = find_body(answer->doc);

		if (root == NULL)
			*reason = "not a JSON object";
		else if (!read_body(root, answer))
			*reason = "more than memory can hold now";
		else
			return true;
	}
	openai_answer_free(answer);
	return false;
}

void
openai_answer_free(OpenaiAnswer *answer)
{
	free(answer->parts_text);
	free(answer->repaired);
	json_document_free(answer->doc);
	memset(answer, 0, sizeof(*answer));
}
