/*
 * judge_reply.c
 *		What a judge replied: a verdict, or nothing that may be taken for one.
 *
 * Nothing is searched for in a text, and nothing is mended: what a judge was
 * talked into repeating would be found there as well.  A fence of Markdown
 * around the whole is taken off, because many models write one and it hides
 * nothing: what is within it must be the object, with the nonce.
 */
#include "core/judge/judge_reply.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/json/json_text.h"
#include "core/json/value_read.h"
#include "core/json/value_text.h"
#include "core/text/text_builder.h"

#define MAX_NUMBER	64			/* bytes of a number in a string */

/* A reply that is being read. */
typedef struct Reading
{
	const JudgeForm *form;
	Arena	   *arena;
	JudgeReply *reply;
	TextSlice	text;			/* of the object */
	const Value *object;
	size_t		nclaims;
	size_t		nholding;
} Reading;

static bool
unfit(Reading *reading, const char *problem)
{
	reading->reply->outcome = JUDGE_UNFIT;
	reading->reply->problem = problem;
	return false;
}

/* ---- the text ---- */

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static TextSlice
trim(TextSlice text)
{
	while (text.len > 0 && is_space(text.data[0]))
		text = (TextSlice) {text.data + 1, text.len - 1};
	while (text.len > 0 && is_space(text.data[text.len - 1]))
		text.len--;
	return text;
}

static bool
starts_with(TextSlice text, const char *start)
{
	return text.len >= strlen(start) && memcmp(text.data, start, strlen(start)) == 0;
}

/* Takes a fence off that is around the whole text, if there is one. */
static TextSlice
unwrap(TextSlice text)
{
	TextSlice	inner;

	if (text.len < 6 || !starts_with(text, "```") || memcmp(text.data + text.len - 3, "```", 3) != 0)
		return text;
	inner = (TextSlice) {text.data + 3, text.len - 6};
	if (starts_with(inner, "json"))
		inner = (TextSlice) {inner.data + 4, inner.len - 4};
	return trim(inner);
}

/* ---- its members ---- */

static const Value *
member(const Value *object, const char *name)
{
	return value_member(object, name, strlen(name));
}

static bool
is_text(const Value *value)
{
	return value != NULL && value->kind == VALUE_STRING;
}

/* A member that is given twice is there once in the value. */
static bool
has_each_once(TextSlice text, const Value *object)
{
	return json_text_count(text) == object->len;
}

/* Whether an object has these members, and no others. */
static bool
has_just(const Value *object, const char *const *names)
{
	size_t		n = 0;

	for (; names[n] != NULL; n++)
		if (member(object, names[n]) == NULL)
			return false;
	return object->len == n;
}

static bool
check_members(Reading *reading)
{
	const JudgeForm *form = reading->form;
	const char *names[6] = {"nonce", "rationale", "result"};
	int			n = 3;

	if (form->says_intent)
		names[n++] = "intent";
	if (form->lists_claims)
		names[n++] = "claims";
	if (!has_each_once(reading->text, reading->object))
		return unfit(reading, "has a member twice");
	if (!has_just(reading->object, names))
		return unfit(reading, "does not have exactly the members asked for");
	if (!is_text(member(reading->object, "rationale")) ||
		(form->says_intent && !is_text(member(reading->object, "intent"))))
		return unfit(reading, "has a member that is no text where one was asked for");
	return true;
}

static bool
check_nonce(Reading *reading, const char *nonce)
{
	const Value *given = member(reading->object, "nonce");

	if (!is_text(given) || given->len != strlen(nonce) || memcmp(given->text, nonce, given->len) != 0)
		return unfit(reading, "has not the nonce of this call");
	return true;
}

/* ---- yes and no ---- */

/* Whether a trimmed text is a word, whatever the case of its letters. */
static bool
says(TextSlice text, const char *word)
{
	if (text.len != strlen(word))
		return false;
	for (size_t i = 0; i < text.len; i++)
		if ((text.data[i] | 0x20) != word[i])
			return false;
	return true;
}

/* Reads yes or no; a boolean says it as well. */
static bool
read_yes_no(const Value *value, bool *yes)
{
	TextSlice	text;

	if (value == NULL || (value->kind != VALUE_STRING && value->kind != VALUE_BOOL))
		return false;
	text = trim((TextSlice) {value->text, value->len});
	*yes = value->kind == VALUE_BOOL ? value->boolean : says(text, "yes");
	return value->kind == VALUE_BOOL || *yes || says(text, "no");
}

/* ---- claims ---- */

static bool
read_claim(Reading *reading, TextSlice text, const Value *claim)
{
	static const char *const names[] = {"claim", "holds", NULL};
	bool		holds;

	if (claim->kind != VALUE_OBJECT || !has_each_once(text, claim) || !has_just(claim, names) ||
		!is_text(member(claim, "claim")) || !read_yes_no(member(claim, "holds"), &holds))
		return unfit(reading, "has claims of another form");
	reading->nclaims++;
	reading->nholding += holds;
	return true;
}

static bool
read_claims(Reading *reading)
{
	const Value *claims = member(reading->object, "claims");
	JsonWalk	walk;
	TextSlice	key;
	TextSlice	text;

	if (claims->kind != VALUE_ARRAY)
		return unfit(reading, "has claims of another form");
	json_text_enter(&walk, json_text_member(reading->text, "claims"));
	for (size_t i = 0; i < claims->len; i++)
	{
		if (!json_text_next(&walk, &key, &text))
			return unfit(reading, "has claims of another form");
		if (!read_claim(reading, text, &claims->elements[i]))
			return false;
	}
	if (reading->form->nclaims > 0 && reading->nclaims != reading->form->nclaims)
		return unfit(reading, "does not list as many claims as it was given");
	return true;
}

/* ---- the value ---- */

/* The shortest number that reads as the same. */
static void
append_double(TextBuilder *builder, double number)
{
	char		text[40];

	for (int digits = 1; digits <= 17; digits++)
	{
		snprintf(text, sizeof(text), "%.*g", digits, number);
		if (strtod(text, NULL) == number)
			break;
	}
	text_append_cstring(builder, text);
}

/* Appends a claim as {"claim": "...", "holds": true}. */
static void
append_claim(TextBuilder *builder, const Value *claim)
{
	bool		holds = false;

	(void) read_yes_no(member(claim, "holds"), &holds);
	text_append_cstring(builder, "{\"claim\": ");
	value_print_json(builder, member(claim, "claim"));
	text_append_cstring(builder, holds ? ", \"holds\": true}" : ", \"holds\": false}");
}

static void
append_share(Reading *reading, TextBuilder *builder)
{
	const Value *claims = member(reading->object, "claims");

	text_append_cstring(builder, "{\"share\": ");
	append_double(builder, reading->reply->score);
	text_append_cstring(builder, ", \"claims\": [");
	for (size_t i = 0; i < claims->len; i++)
	{
		text_append_cstring(builder, i > 0 ? ", " : "");
		append_claim(builder, &claims->elements[i]);
	}
	text_append_cstring(builder, "]}");
}

/* Keeps the value: that given, and with an intent an object. */
static bool
keep_value(Reading *reading, const Value *value)
{
	TextBuilder builder = {.arena = reading->arena,.limit = 16 * JUDGE_REPLY_MAX};

	if (reading->form->type == JUDGE_SHARE)
		append_share(reading, &builder);
	else if (reading->form->says_intent)
	{
		text_append_cstring(&builder, "{\"result\": ");
		value_print_json(&builder, value);
		text_append_cstring(&builder, ", \"intent\": ");
		value_print_json(&builder, member(reading->object, "intent"));
		text_append_cstring(&builder, "}");
	}
	else
		value_print_json(&builder, value);
	reading->reply->value = text_finish(&builder);
	return reading->reply->value != NULL || unfit(reading, "is too large");
}

static bool
keep(Reading *reading, const Value *value, bool has_score, double score)
{
	reading->reply->has_score = has_score;
	reading->reply->score = score;
	return keep_value(reading, value);
}

/* ---- the result ---- */

static const char out_of_range[] = "has a result that it may not have";
static const char contradicting[] = "has claims that contradict its result";

static bool
take_yes_no(Reading *reading, const Value *result)
{
	bool		yes;
	Value		value = {.kind = VALUE_STRING};

	if (!read_yes_no(result, &yes))
		return unfit(reading, out_of_range);
	if (reading->form->lists_claims && reading->nclaims == 0)
		return unfit(reading, "lists no claims");
	if (reading->form->lists_claims && yes != (reading->nholding == reading->nclaims))
		return unfit(reading, contradicting);
	value.text = yes ? "yes" : "no";
	value.len = strlen(value.text);
	return keep(reading, &value, true, yes ? 1 : 0);
}

/* Digits, with a minus and a point by choice. */
static bool
is_plain_number(TextSlice text)
{
	size_t		digits = 0;
	size_t		points = 0;

	for (size_t i = 0; i < text.len; i++)
	{
		digits += text.data[i] >= '0' && text.data[i] <= '9';
		points += text.data[i] == '.' && i > 0 && i + 1 < text.len;
	}
	return digits > 0 && points <= 1 && digits + points + (text.data[0] == '-') == text.len;
}

/* Reads a number, which may be in quotes. */
static bool
read_number(const Value *value, double *number)
{
	char		copy[MAX_NUMBER + 1];
	TextSlice	text;

	if (value->kind != VALUE_NUMBER && value->kind != VALUE_STRING)
		return false;
	text = trim((TextSlice) {value->text, value->len});
	if (text.len > MAX_NUMBER || (value->kind == VALUE_STRING && !is_plain_number(text)))
		return false;
	memcpy(copy, text.data, text.len);
	copy[text.len] = '\0';
	*number = strtod(copy, NULL);
	return isfinite(*number);
}

static bool
take_number(Reading *reading, const Value *result)
{
	const JudgeForm *form = reading->form;
	double		number;
	Value		value = {.kind = VALUE_NUMBER};
	TextBuilder builder = {.arena = reading->arena,.limit = MAX_NUMBER};

	if (!read_number(result, &number) || !(number >= form->min && number <= form->max) ||
		(form->type == JUDGE_SCALE && number != floor(number)))
		return unfit(reading, out_of_range);
	append_double(&builder, number == 0 ? 0 : number);
	value.text = text_finish(&builder);
	value.len = builder.len;
	if (value.text == NULL)
		return unfit(reading, "is too large");
	return keep(reading, &value, true, number);
}

static bool
take_choice(Reading *reading, const Value *result)
{
	TextSlice	text;
	Value		value = {.kind = VALUE_STRING};

	if (result->kind != VALUE_STRING)
		return unfit(reading, out_of_range);
	text = trim((TextSlice) {result->text, result->len});
	for (size_t i = 0; i < reading->form->nchoices; i++)
	{
		const JudgeChoice *choice = &reading->form->choices[i];

		if (choice->label.len != text.len || memcmp(choice->label.data, text.data, text.len) != 0)
			continue;
		value.text = choice->label.data;
		value.len = choice->label.len;
		return keep(reading, &value, choice->has_number, choice->number);
	}
	return unfit(reading, out_of_range);
}

static bool
take_share(Reading *reading, const Value *result)
{
	double		number;

	if (!read_number(result, &number))
		return unfit(reading, out_of_range);
	if (number != (double) reading->nholding)
		return unfit(reading, contradicting);
	if (reading->nclaims == 0)
	{
		reading->reply->outcome = JUDGE_NO_CLAIMS;
		reading->reply->problem = "found no claims";
		return false;
	}
	return keep(reading, NULL, true, (double) reading->nholding / (double) reading->nclaims);
}

static bool
take_result(Reading *reading)
{
	const Value *result = member(reading->object, "result");

	switch (reading->form->type)
	{
		case JUDGE_YES_NO:
			return take_yes_no(reading, result);
		case JUDGE_SCALE:
		case JUDGE_NUMBER:
			return take_number(reading, result);
		case JUDGE_CHOICE:
			return take_choice(reading, result);
		case JUDGE_SHARE:
			return take_share(reading, result);
	}
	return unfit(reading, out_of_range);
}

/* Reads the one object that a reply is. */
static bool
read_object(Reading *reading, TextSlice text)
{
	const char *reason;

	reading->text = unwrap(trim(text));
	if (text.len > JUDGE_REPLY_MAX)
		return unfit(reading, "is too long");
	reading->object = value_read(reading->text, reading->arena, &reason);
	if (reading->object == NULL || reading->object->kind != VALUE_OBJECT)
		return unfit(reading, "is not one JSON object and nothing else");
	return true;
}

void
judge_reply_read(TextSlice text, const JudgeForm *form, const char *nonce, Arena *arena, JudgeReply *reply)
{
	Reading		reading = {.form = form,.arena = arena,.reply = reply};
	const Value *rationale;

	memset(reply, 0, sizeof(*reply));
	if (!read_object(&reading, text) || !check_members(&reading) || !check_nonce(&reading, nonce) ||
		(form->lists_claims && !read_claims(&reading)))
		return;
	rationale = member(reading.object, "rationale");
	if (take_result(&reading))
		reply->outcome = JUDGE_VERDICT;
	if (reply->outcome != JUDGE_UNFIT)
		reply->rationale = trim((TextSlice) {rationale->text, rationale->len});
}
