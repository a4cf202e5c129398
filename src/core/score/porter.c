/*
 * porter.c
 *		Stems of English words.
 *
 * Each step looks for the first of its suffixes that a word has; then the
 * suffix is replaced if what is before it is as the step demands, and no other
 * suffix is tried.
 */
#include "core/score/porter.h"

#include <stdbool.h>
#include <string.h>

#include "core/memory/length_of.h"

typedef struct Stem
{
	char	   *text;
	size_t		len;
} Stem;

typedef struct Suffix
{
	const char *suffix;
	const char *replacement;
} Suffix;

/* ---- what a word is like ---- */

static bool
is_vowel_letter(char c)
{
	return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u';
}

/* A y is a consonant unless it is behind one; so in a run they take turns. */
static bool
is_consonant(const char *text, size_t i)
{
	bool		is_turned = false;

	if (text[i] != 'y')
		return !is_vowel_letter(text[i]);
	while (i > 0 && text[i] == 'y')
	{
		is_turned = !is_turned;
		i--;
	}
	return !is_vowel_letter(text[i]) != is_turned;
}

/* How often a consonant follows a vowel in the first len letters. */
static size_t
measure(const char *text, size_t len)
{
	size_t		n = 0;
	bool		was_vowel = false;

	for (size_t i = 0; i < len; i++)
	{
		bool		is_vowel = is_vowel_letter(text[i]) || (text[i] == 'y' && i > 0 && !was_vowel);

		n += was_vowel && !is_vowel;
		was_vowel = is_vowel;
	}
	return n;
}

static bool
has_vowel(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!is_consonant(text, i))
			return true;
	return false;
}

static bool
ends_in_double_consonant(const Stem *stem)
{
	size_t		n = stem->len;

	return n >= 2 && stem->text[n - 1] == stem->text[n - 2] && is_consonant(stem->text, n - 1);
}

/* Consonant, vowel, consonant other than w, x and y; or two, as in "is". */
static bool
ends_in_short_syllable(const char *text, size_t n)
{
	if (n == 2)
		return !is_consonant(text, 0) && is_consonant(text, 1);
	return n >= 3 && is_consonant(text, n - 3) && !is_consonant(text, n - 2) &&
		is_consonant(text, n - 1) && strchr("wxy", text[n - 1]) == NULL;
}

static bool
ends_in(const Stem *stem, const char *suffix)
{
	size_t		n = strlen(suffix);

	return stem->len >= n && memcmp(stem->text + stem->len - n, suffix, n) == 0;
}

/* Replaces what is behind the first len letters. */
static void
replace(Stem *stem, size_t len, const char *replacement)
{
	size_t		n = strlen(replacement);

	memcpy(stem->text + len, replacement, n);
	stem->len = len + n;
}

/* The first of the suffixes that the word has; NULL if none. */
static const Suffix *
find_suffix(const Stem *stem, const Suffix *suffixes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (ends_in(stem, suffixes[i].suffix))
			return &suffixes[i];
	return NULL;
}

/* ---- the steps ---- */

static const Suffix irregular[] = {
	{"sky", "sky"}, {"skies", "sky"}, {"dying", "die"}, {"lying", "lie"}, {"tying", "tie"},
	{"news", "news"}, {"innings", "inning"}, {"inning", "inning"}, {"outings", "outing"},
	{"outing", "outing"}, {"cannings", "canning"}, {"canning", "canning"}, {"howe", "howe"},
	{"proceed", "proceed"}, {"exceed", "exceed"}, {"succeed", "succeed"}
};

static bool
replace_irregular(Stem *stem)
{
	for (size_t i = 0; i < LENGTH_OF(irregular); i++)
		if (stem->len == strlen(irregular[i].suffix) && ends_in(stem, irregular[i].suffix))
		{
			replace(stem, 0, irregular[i].replacement);
			return true;
		}
	return false;
}

/* Plurals. */
static void
step_1a(Stem *stem)
{
	static const Suffix suffixes[] = {{"sses", "ss"}, {"ies", "i"}, {"ss", "ss"}, {"s", ""}};
	const Suffix *found = find_suffix(stem, suffixes, LENGTH_OF(suffixes));

	if (found == NULL)
		return;
	if (found == &suffixes[1] && stem->len == 4)
		stem->len--;			/* dies is die, but flies is fli */
	else
		replace(stem, stem->len - strlen(found->suffix), found->replacement);
}

/* Mends what is left when -ed or -ing is gone. */
static void
mend_1b(Stem *stem)
{
	char		last = stem->text[stem->len - 1];
	bool		is_double = ends_in_double_consonant(stem);
	bool		is_short = measure(stem->text, stem->len) == 1 && ends_in_short_syllable(stem->text, stem->len);

	if (ends_in(stem, "at") || ends_in(stem, "bl") || ends_in(stem, "iz") || (!is_double && is_short))
		replace(stem, stem->len, "e");
	else if (is_double)
		stem->len -= last != 'l' && last != 's' && last != 'z';
}

/* -ed and -ing. */
static void
step_1b(Stem *stem)
{
	size_t		n = stem->len;

	if (ends_in(stem, "ied"))
		stem->len -= n == 4 ? 1 : 2;
	else if (ends_in(stem, "eed"))
		stem->len -= measure(stem->text, n - 3) > 0;
	else if ((ends_in(stem, "ed") && has_vowel(stem->text, n - 2)) ||
			 (ends_in(stem, "ing") && has_vowel(stem->text, n - 3)))
	{
		stem->len -= ends_in(stem, "ed") ? 2 : 3;
		mend_1b(stem);
	}
}

static void
step_1c(Stem *stem)
{
	size_t		n = stem->len;

	if (n > 2 && stem->text[n - 1] == 'y' && is_consonant(stem->text, n - 2))
		stem->text[n - 1] = 'i';
}

static void
step_2(Stem *stem)
{
	static const Suffix suffixes[] = {
		{"ational", "ate"}, {"tional", "tion"}, {"enci", "ence"}, {"anci", "ance"}, {"izer", "ize"},
		{"bli", "ble"}, {"alli", "al"}, {"entli", "ent"}, {"eli", "e"}, {"ousli", "ous"},
		{"ization", "ize"}, {"ation", "ate"}, {"ator", "ate"}, {"alism", "al"}, {"iveness", "ive"},
		{"fulness", "ful"}, {"ousness", "ous"}, {"aliti", "al"}, {"iviti", "ive"}, {"biliti", "ble"},
		{"fulli", "ful"}, {"logi", "log"}
	};
	const Suffix *found;
	size_t		before;

	/* What -alli leaves may have a suffix of this step again. */
	if (ends_in(stem, "alli") && measure(stem->text, stem->len - 4) > 0)
		stem->len -= 2;
	found = find_suffix(stem, suffixes, LENGTH_OF(suffixes));
	if (found == NULL)
		return;
	before = stem->len - strlen(found->suffix);
	/* The l of -logi counts with what is before it: geologi, theologi. */
	if (measure(stem->text, before + (found == &suffixes[LENGTH_OF(suffixes) - 1])) > 0)
		replace(stem, before, found->replacement);
}

static void
step_3(Stem *stem)
{
	static const Suffix suffixes[] = {
		{"icate", "ic"}, {"ative", ""}, {"alize", "al"}, {"iciti", "ic"}, {"ical", "ic"},
		{"ful", ""}, {"ness", ""}
	};
	const Suffix *found = find_suffix(stem, suffixes, LENGTH_OF(suffixes));
	size_t		before;

	if (found == NULL)
		return;
	before = stem->len - strlen(found->suffix);
	if (measure(stem->text, before) > 0)
		replace(stem, before, found->replacement);
}

static void
step_4(Stem *stem)
{
	static const Suffix suffixes[] = {
		{"al", ""}, {"ance", ""}, {"ence", ""}, {"er", ""}, {"ic", ""}, {"able", ""}, {"ible", ""},
		{"ant", ""}, {"ement", ""}, {"ment", ""}, {"ent", ""}, {"ion", ""}, {"ou", ""}, {"ism", ""},
		{"ate", ""}, {"iti", ""}, {"ous", ""}, {"ive", ""}, {"ize", ""}
	};
	const Suffix *found = find_suffix(stem, suffixes, LENGTH_OF(suffixes));
	size_t		before;

	if (found == NULL)
		return;
	before = stem->len - strlen(found->suffix);
	if (measure(stem->text, before) > 1 &&
		(strcmp(found->suffix, "ion") != 0 || strchr("st", stem->text[before - 1]) != NULL))
		stem->len = before;
}

/* An e at the end, and one of two l's. */
static void
step_5(Stem *stem)
{
	size_t		n = stem->len - 1;
	size_t		m;

	if (stem->len > 0 && stem->text[n] == 'e')
	{
		m = measure(stem->text, n);
		if (m > 1 || (m == 1 && !ends_in_short_syllable(stem->text, n)))
			stem->len--;
	}
	if (ends_in(stem, "ll") && measure(stem->text, stem->len - 1) > 1)
		stem->len--;
}

size_t
porter_stem(char *word, size_t len)
{
	Stem		stem = {word, len};

	if (len <= 2 || replace_irregular(&stem))
		return stem.len;
	step_1a(&stem);
	step_1b(&stem);
	step_1c(&stem);
	step_2(&stem);
	step_3(&stem);
	step_4(&stem);
	step_5(&stem);
	return stem.len;
}
