/*
 * What is looked for in answers: words, numbers, parts.
 */
#include "core/score/answer_text.h"

#include <stdlib.h>

#include "check.h"

#define SLICE(text) ((TextSlice) {(text), sizeof(text) - 1})
#define NUMBER(text, which) find(SLICE(text), (which))

/* The number found, as text; "none" if there is none. */
static const char *
find(TextSlice text, AnswerNumber which)
{
	static char result[64];
	double		number = 17;
	char	   *copy = malloc(text.len + 1);

	memcpy(copy, text.data, text.len);
	if (answer_number((TextSlice) {copy, text.len}, which, &number))
		snprintf(result, sizeof(result), "%.15g", number);
	else
		snprintf(result, sizeof(result), number == 17 ? "none" : "touched");
	free(copy);
	return result;
}

static void
check_parts(void)
{
	CHECK(answer_equals(SLICE("Paris"), SLICE("Paris")));
	CHECK(!answer_equals(SLICE("Paris"), SLICE("paris")));
	CHECK(!answer_equals(SLICE("Paris"), SLICE("Paris.")));
	CHECK(answer_equals(SLICE(""), SLICE("")));
	/* Composed and decomposed are different bytes. */
	CHECK(!answer_equals(SLICE("\xc3\xa9"), SLICE("e\xcc\x81")));
	CHECK(answer_contains(SLICE("It is Paris."), SLICE("Paris")));
	CHECK(answer_contains(SLICE("Paris"), SLICE("")));
	CHECK(answer_contains(SLICE(""), SLICE("")));
	CHECK(!answer_contains(SLICE("Pari"), SLICE("Paris")));
	CHECK(answer_starts_with(SLICE("Paris!"), SLICE("Paris")));
	CHECK(!answer_starts_with(SLICE("A Paris"), SLICE("Paris")));
	CHECK(!answer_starts_with(SLICE("Par"), SLICE("Paris")));
	CHECK_SLICE(answer_trim(SLICE("\xc2\xa0 a b\n\t")), "a b");
	CHECK_SLICE(answer_trim(SLICE(" \n")), "");
}

static void
check_words(void)
{
	CHECK_INT(answer_count_words(SLICE("")), 0);
	CHECK_INT(answer_count_words(SLICE(" \n\t ")), 0);
	CHECK_INT(answer_count_words(SLICE("one")), 1);
	CHECK_INT(answer_count_words(SLICE(" one  two\xc2\xa0three\xe3\x80\x80vier ")), 4);
	CHECK_INT(answer_count_words(SLICE("don't stop-now")), 2);
}

static void
check_numbers(void)
{
	CHECK_CSTRING(NUMBER("42", ANSWER_NUMBER_WHOLE), "42");
	CHECK_CSTRING(NUMBER(" -1.5e3\n", ANSWER_NUMBER_WHOLE), "-1500");
	CHECK_CSTRING(NUMBER("+.5", ANSWER_NUMBER_WHOLE), "0.5");
	CHECK_CSTRING(NUMBER("1,234,567.89", ANSWER_NUMBER_WHOLE), "1234567.89");
	CHECK_CSTRING(NUMBER("1,23", ANSWER_NUMBER_WHOLE), "none");
	CHECK_CSTRING(NUMBER("1234,567", ANSWER_NUMBER_WHOLE), "none");
	CHECK_CSTRING(NUMBER("5.", ANSWER_NUMBER_WHOLE), "none");
	CHECK_CSTRING(NUMBER("42 km", ANSWER_NUMBER_WHOLE), "none");
	CHECK_CSTRING(NUMBER("", ANSWER_NUMBER_WHOLE), "none");
	CHECK_CSTRING(NUMBER("-", ANSWER_NUMBER_FIRST), "none");
	CHECK_CSTRING(NUMBER("nan", ANSWER_NUMBER_FIRST), "none");
	CHECK_CSTRING(NUMBER("0x10", ANSWER_NUMBER_WHOLE), "none");
	CHECK_CSTRING(NUMBER("1e999", ANSWER_NUMBER_WHOLE), "none");
	CHECK_CSTRING(NUMBER("1e", ANSWER_NUMBER_FIRST), "1");
	CHECK_CSTRING(NUMBER("It is 3, or -4.5.", ANSWER_NUMBER_FIRST), "3");
	CHECK_CSTRING(NUMBER("It is 3, or -4.5.", ANSWER_NUMBER_LAST), "-4.5");
	CHECK_CSTRING(NUMBER("GPT-4 scores 80%", ANSWER_NUMBER_FIRST), "4");
	CHECK_CSTRING(NUMBER("from 3-7", ANSWER_NUMBER_LAST), "7");
	CHECK_CSTRING(NUMBER("\xe2\x82\xac-5", ANSWER_NUMBER_FIRST), "-5");
	CHECK_CSTRING(NUMBER("Stra\xc3\x9f\x65\xc3\x9f-5", ANSWER_NUMBER_FIRST), "5");
	CHECK_CSTRING(NUMBER("none here", ANSWER_NUMBER_LAST), "none");
}

int
main(void)
{
	check_parts();
	check_words();
	check_numbers();
	return check_finish();
}
