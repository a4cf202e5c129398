/*
 * scorer_options.c
 *		The params of a scorer: checked once, then read as options.
 */
#include "postgres.h"

#include <math.h>

#include "base/arguments.h"
#include "base/document.h"
#include "base/member.h"
#include "catalog/pg_collation.h"
#include "regex/regex.h"
#include "scorers/scorer_options.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"

/* A member that is being read. */
typedef struct OptionMember
{
	const char *kind;
	const OptionRule *rule;
	const JsonbValue *value;
	void	   *target;
} OptionMember;

/* Raises that a member is not what it should be. */
pg_noreturn static void
raise_unfit(const OptionMember *member, const char *wanted)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("params of kind \"%s\" are not acceptable", member->kind),
			 errdetail("Member \"%s\" must be %s.", member->rule->name, wanted)));
}

static TextSlice
string_of(const JsonbValue *value)
{
	return (TextSlice) {value->val.string.val, value->val.string.len};
}

/* ---- one type each ---- */

static void
read_boolean(const OptionMember *member)
{
	if (member->value->type != jbvBool)
		raise_unfit(member, "true or false");
	*(bool *) member->target = member->value->val.boolean;
}

static double
read_double(const OptionMember *member, double lowest, const char *wanted)
{
	double		number;

	if (member->value->type != jbvNumeric)
		raise_unfit(member, wanted);
	number = DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow,
												NumericGetDatum(member->value->val.numeric)));
	if (!isfinite(number) || number < lowest)
		raise_unfit(member, wanted);
	return number;
}

static void
read_number(const OptionMember *member)
{
	bool		is_size = member->rule->type == OPTION_SIZE;
	OptionNumber *number = member->target;

	number->value = read_double(member, is_size ? 0 : -INFINITY,
								is_size ? "a number that is not negative" : "a number");
	number->is_given = true;
}

static void
read_count(const OptionMember *member)
{
	const char *wanted = psprintf("a whole number from 1 to %d", SCORER_MAX_NUMBER);
	double		number = read_double(member, 1, wanted);

	if (number > SCORER_MAX_NUMBER || number != floor(number))
		raise_unfit(member, wanted);
	*(int *) member->target = (int) number;
}

static void
read_text(const OptionMember *member)
{
	if (member->value->type != jbvString || member->value->val.string.len == 0)
		raise_unfit(member, "a string that is not empty");
	*(TextSlice *) member->target = string_of(member->value);
}

/* Compiles it, which raises what is wrong with it. */
static void
read_pattern(const OptionMember *member)
{
	TextSlice	pattern;

	read_text(member);
	pattern = *(TextSlice *) member->target;
	if (pattern.len > SCORER_MAX_PATTERN)
		raise_unfit(member, psprintf("at most %d bytes long", SCORER_MAX_PATTERN));
	(void) RE_compile_and_cache(cstring_to_text_with_len(pattern.data, (int) pattern.len),
								REG_ADVANCED, DEFAULT_COLLATION_OID);
}

/* The elements of an array of strings that are not empty. */
static OptionTexts
read_strings(const OptionMember *member, const JsonbValue *value, const char *wanted)
{
	OptionTexts texts;
	JsonbContainer *array;

	if (strcmp(member_type(value), "array") != 0)
		raise_unfit(member, wanted);
	array = value->val.binary.data;
	texts.n = JsonContainerSize(array);
	if (texts.n < 1 || texts.n > SCORER_MAX_VALUES)
		raise_unfit(member, wanted);
	texts.items = palloc(texts.n * sizeof(TextSlice));
	for (size_t i = 0; i < texts.n; i++)
	{
		JsonbValue *item = getIthJsonbValueFromContainer(array, (uint32) i);

		if (item->type != jbvString || item->val.string.len == 0)
			raise_unfit(member, wanted);
		texts.items[i] = string_of(item);
	}
	return texts;
}

static void
read_texts(const OptionMember *member)
{
	*(OptionTexts *) member->target = read_strings(member, member->value,
												   psprintf("an array of 1 to %d strings that are not empty",
															SCORER_MAX_VALUES));
}

/* A key is a name, or an array of names that lead there. */
static void
read_keys(const OptionMember *member, ScorerOptions *options)
{
	const char *wanted = "an array of names, or of arrays of names, of members";
	JsonbContainer *array;

	if (strcmp(member_type(member->value), "array") != 0)
		raise_unfit(member, wanted);
	array = member->value->val.binary.data;
	options->nkeys = JsonContainerSize(array);
	if (options->nkeys < 1 || options->nkeys > SCORER_MAX_VALUES)
		raise_unfit(member, wanted);
	options->keys = palloc(options->nkeys * sizeof(OptionTexts));
	for (size_t i = 0; i < options->nkeys; i++)
	{
		JsonbValue *item = getIthJsonbValueFromContainer(array, (uint32) i);
		OptionTexts *key = &options->keys[i];

		if (item->type == jbvString)
		{
			key->n = 1;
			key->items = palloc(sizeof(TextSlice));
			key->items[0] = string_of(item);
		}
		else
			*key = read_strings(member, item, wanted);
	}
}

static void
read_word(const OptionMember *member)
{
	const char *const *words = member->rule->words;
	StringInfoData wanted;

	for (int i = 0; words[i] != NULL; i++)
		if (document_is_text(member->value, words[i]))
		{
			*(int *) member->target = i;
			return;
		}
	initStringInfo(&wanted);
	for (int i = 0; words[i] != NULL; i++)
		appendStringInfo(&wanted, "%s\"%s\"", i == 0 ? "" : words[i + 1] == NULL ? " or " : ", ", words[i]);
	raise_unfit(member, wanted.data);
}

/* ---- all of them ---- */

static void
read_member(const OptionMember *member, ScorerOptions *options)
{
	switch (member->rule->type)
	{
		case OPTION_BOOLEAN:
			read_boolean(member);
			break;
		case OPTION_NUMBER:
		case OPTION_SIZE:
			read_number(member);
			break;
		case OPTION_COUNT:
			read_count(member);
			break;
		case OPTION_TEXT:
			read_text(member);
			break;
		case OPTION_PATTERN:
			read_pattern(member);
			break;
		case OPTION_TEXTS:
			read_texts(member);
			break;
		case OPTION_KEYS:
			read_keys(member, options);
			break;
		case OPTION_WORD:
			read_word(member);
			break;
	}
}

/* The names that a kind takes, in words. */
static char *
list_rules(const OptionRule *rules)
{
	StringInfoData list;

	initStringInfo(&list);
	for (const OptionRule *rule = rules; rule->name != NULL; rule++)
		appendStringInfo(&list, "%s\"%s\"",
						 rule == rules ? "" : rule[1].name == NULL ? " and " : ", ", rule->name);
	return list.data;
}

/* Raises if there is a member that the kind does not take. */
static void
refuse_others(const char *kind, const OptionRule *rules, Jsonb *params)
{
	JsonbIterator *walk = JsonbIteratorInit(&params->root);
	JsonbIteratorToken token;
	JsonbValue	key;

	while ((token = JsonbIteratorNext(&walk, &key, true)) != WJB_DONE)
	{
		const OptionRule *rule = rules;

		if (token != WJB_KEY)
			continue;
		while (rule->name != NULL && !document_is_text(&key, rule->name))
			rule++;
		if (rule->name == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("params of kind \"%s\" are not acceptable", kind),
					 errdetail("There is no member \"%s\".",
							   argument_excerpt(pnstrdup(key.val.string.val, key.val.string.len))),
					 rules->name == NULL ? errhint("This kind takes none.")
					 : errhint("This kind takes %s.", list_rules(rules))));
	}
}

/* Raises unless bounds are in order, and of one sort. */
static void
check_bounds(const char *kind, const ScorerOptions *options)
{
	const char *problem = NULL;

	if (options->min.is_given && options->max.is_given && options->min.value > options->max.value)
		problem = "Member \"min\" must not be greater than \"max\".";
	else if (options->tolerance.is_given && (options->min.is_given || options->max.is_given))
		problem = "Member \"tolerance\" is about what is expected, and cannot be given with \"min\" or \"max\".";
	if (problem != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("params of kind \"%s\" are not acceptable", kind),
				 errdetail_internal("%s", problem)));
}

void
scorer_options_read(const char *kind, const OptionRule *rules, Jsonb *params,
					ScorerOptions *options)
{
	memset(options, 0, sizeof(*options));
	refuse_others(kind, rules, params);
	for (const OptionRule *rule = rules; rule->name != NULL; rule++)
	{
		OptionMember member = {kind, rule, document_member(&params->root, rule->name),
		(char *) options + rule->offset};

		if (member.value != NULL && member.value->type != jbvNull)
			read_member(&member, options);
		else if (rule->is_required)
			raise_unfit(&member, "given");
	}
	check_bounds(kind, options);
}
