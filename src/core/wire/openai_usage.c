/*
 * openai_usage.c
 *		The chat-completions wire format: how many tokens an answer took.
 *
 * Upstreams agree on the names of the two wholes and on little else.  Three
 * differ in what a whole includes:
 *
 * - Anthropic's input_tokens leave out what was read from or written to the
 *   cache.  Some gateways rename it to prompt_tokens and keep the meaning.
 * - xAI's completion_tokens leave out reasoning_tokens.
 * - Gemini's completion_tokens leave out thinking, without saying how much.
 *
 * The latter ones give themselves away in total_tokens; Anthropic's also by
 * the names of its parts, where they are larger than the whole.
 *
 * A gateway that was given no usage may make one up of zeros.
 */
#include "core/wire/openai.h"

#include <string.h>

#include "core/memory/length_of.h"

/*
 * How much of a body that cannot be parsed is tried as its usage, and how
 * often.
 */
#define SALVAGE_MAX_LEN		8192
#define SALVAGE_MAX_TRIES	8

/* Where a whole is given and no count, the total is not believed either. */
static const char no_input_count[] = "prompt_tokens is not a number of tokens";
static const char no_output_count[] = "completion_tokens is not a number of tokens";

/* A member of the usage object, or of an object in it if "in" is not NULL. */
typedef struct CountPath
{
	const char *in;
	const char *key;
} CountPath;

/* The first one that holds a sensible count wins. */
static const CountPath cached_paths[] = {
	{"prompt_tokens_details", "cached_tokens"},
	{"input_tokens_details", "cached_tokens"},
	{NULL, "cache_read_input_tokens"},
	{NULL, "prompt_cache_hit_tokens"},	/* DeepSeek */
	{NULL, "cached_tokens"},	/* Moonshot */
};

static const CountPath cache_write_paths[] = {
	{"prompt_tokens_details", "cache_creation_tokens"},
	{"prompt_tokens_details", "cache_write_tokens"},
	{"input_tokens_details", "cache_creation_tokens"},
	{"input_tokens_details", "cache_write_tokens"},
	{NULL, "cache_creation_input_tokens"},
};

static const CountPath reasoning_paths[] = {
	{"completion_tokens_details", "reasoning_tokens"},
	{"output_tokens_details", "reasoning_tokens"},
	{NULL, "reasoning_tokens"},
};

/* The number of some digits; false if it is none, or surely too large. */
static bool
read_digits(const JsonValue *value, int64_t *number)
{
	const char *text;
	size_t		len;

	if (!json_value_string(value, &text, &len) || len == 0 || len > 12)
		return false;
	*number = 0;
	for (size_t i = 0; i < len; i++)
	{
		if (text[i] < '0' || text[i] > '9')
			return false;
		*number = *number * 10 + text[i] - '0';
	}
	return true;
}

/* A count that can be true, as a number or a text, or TOKENS_UNKNOWN. */
static int64_t
read_count(const JsonValue *value)
{
	int64_t		count;

	if (read_digits(value, &count))
		return count <= TOKENS_MAX ? count : TOKENS_UNKNOWN;
	if (!json_value_int64(value, &count) || count < 0 || count > TOKENS_MAX)
		return TOKENS_UNKNOWN;
	return count;
}

/* The first sensible count among the paths, or TOKENS_UNKNOWN. */
static int64_t
read_first_count(const JsonValue *usage, const CountPath *paths, size_t npaths)
{
	for (size_t i = 0; i < npaths; i++)
	{
		const JsonValue *holder = usage;
		int64_t		count;

		if (paths[i].in != NULL)
			holder = json_value_member(usage, paths[i].in);
		count = read_count(json_value_member(holder, paths[i].key));
		if (count != TOKENS_UNKNOWN)
			return count;
	}
	return TOKENS_UNKNOWN;
}

/*
 * A whole with a part added that it leaves out.  A part that is not given is
 * none; one that makes no sense leaves the sum unknown.
 */
static int64_t
add_part(int64_t whole, const JsonValue *part)
{
	int64_t		count;

	if (whole == TOKENS_UNKNOWN || json_value_kind(part) == JSON_KIND_NULL)
		return whole;
	count = read_count(part);
	if (count == TOKENS_UNKNOWN || whole + count > TOKENS_MAX)
		return TOKENS_UNKNOWN;
	return whole + count;
}

/* All of the input, except that reconcile_total() may know better. */
static int64_t
read_input(const JsonValue *usage)
{
	const JsonValue *prompt = json_value_member(usage, "prompt_tokens");
	const JsonValue *input = json_value_member(usage, "input_tokens");
	const JsonValue *details = json_value_member(usage, "input_tokens_details");
	int64_t		count;

	if (json_value_kind(prompt) != JSON_KIND_NULL)
		return read_count(prompt);
	count = read_count(input);
	/* OpenAI's own input_tokens are a total and come with these details. */
	if (json_value_kind(details) == JSON_KIND_OBJECT)
		return count;
	count = add_part(count, json_value_member(usage, "cache_read_input_tokens"));
	return add_part(count, json_value_member(usage, "cache_creation_input_tokens"));
}

static int64_t
read_output(const JsonValue *usage)
{
	const JsonValue *completion = json_value_member(usage, "completion_tokens");

	if (json_value_kind(completion) != JSON_KIND_NULL)
		return read_count(completion);
	return read_count(json_value_member(usage, "output_tokens"));
}

static int64_t
at_least_zero(int64_t count)
{
	return count > 0 ? count : 0;
}

/*
 * Adds to the wholes what a larger total shows them to leave out: exactly the
 * cached tokens, exactly the reasoning, or both; and where no reasoning is
 * told of, it is reasoning that the rest was spent on.
 */
static void
reconcile_total(TokenUsage *usage, int64_t total)
{
	int64_t		excess = total - usage->input_tokens - usage->output_tokens;
	int64_t		cache = at_least_zero(usage->cached_input_tokens) +
		at_least_zero(usage->cache_write_tokens);
	int64_t		reasoning = at_least_zero(usage->reasoning_tokens);

	if (total == TOKENS_UNKNOWN || usage->input_tokens == TOKENS_UNKNOWN ||
		usage->output_tokens == TOKENS_UNKNOWN || excess <= 0)
		return;
	if (excess == cache)
		usage->input_tokens += cache;
	else if (excess == reasoning)
		usage->output_tokens += reasoning;
	else if (excess == cache + reasoning)
	{
		usage->input_tokens += cache;
		usage->output_tokens += reasoning;
	}
	else if (usage->reasoning_tokens == TOKENS_UNKNOWN)
		usage->output_tokens += excess;
}

/* Whether a whole was given at all, under either name. */
static bool
is_given(const JsonValue *usage, const char *name, const char *other)
{
	return json_value_kind(json_value_member(usage, name)) != JSON_KIND_NULL ||
		json_value_kind(json_value_member(usage, other)) != JSON_KIND_NULL;
}

/* Whether the cached tokens have the names that Anthropic gives them. */
static bool
is_anthropic(const JsonValue *usage)
{
	return is_given(usage, "cache_read_input_tokens", "cache_creation_input_tokens");
}

static int64_t
cache_tokens(const TokenUsage *usage)
{
	return at_least_zero(usage->cached_input_tokens) + at_least_zero(usage->cache_write_tokens);
}

/*
 * Takes wholes that are not given as unknown, as well as those that cannot be
 * true; where the rest of the prompt was cached, zero can.
 */
static void
check_wholes(const JsonValue *value, bool has_output, TokenUsage *usage, UsageProblems *problems)
{
	if (usage->input_tokens == TOKENS_UNKNOWN && is_given(value, "prompt_tokens", "input_tokens"))
		problems->input = no_input_count;
	if (usage->input_tokens == 0 && cache_tokens(usage) == 0)
	{
		problems->input = "prompt_tokens is 0";
		usage->input_tokens = TOKENS_UNKNOWN;
	}
	if (usage->output_tokens == TOKENS_UNKNOWN && is_given(value, "completion_tokens", "output_tokens"))
		problems->output = no_output_count;
	if (usage->output_tokens == 0 && has_output)
	{
		problems->output = "completion_tokens is 0 beside an answer";
		usage->output_tokens = TOKENS_UNKNOWN;
	}
}

/*
 * Computes the one whole that is not known from the other one and the total.
 */
static void
infer_whole(TokenUsage *usage, int64_t total, UsageProblems *problems)
{
	if (usage->output_tokens == TOKENS_UNKNOWN && usage->input_tokens != TOKENS_UNKNOWN &&
		total > usage->input_tokens && problems->output != no_output_count)
	{
		usage->output_tokens = total - usage->input_tokens;
		problems->output = NULL;
	}
	else if (usage->input_tokens == TOKENS_UNKNOWN && usage->output_tokens != TOKENS_UNKNOWN &&
			 total > usage->output_tokens && problems->input != no_input_count)
	{
		usage->input_tokens = total - usage->output_tokens;
		problems->input = NULL;
	}
}

/*
 * Settles parts that are larger than their wholes: Anthropic's way of
 * counting is known, and everything else is unknown.
 */
static void
check_parts(const JsonValue *value, TokenUsage *usage, UsageProblems *problems)
{
	int64_t		cache = cache_tokens(usage);

	/* Read and written tokens are different ones: together they fit, too. */
	if (usage->input_tokens != TOKENS_UNKNOWN && cache > usage->input_tokens)
	{
		if (is_anthropic(value) && usage->input_tokens + cache <= TOKENS_MAX)
			usage->input_tokens += cache;
		else
		{
			problems->input = "more cached tokens than prompt_tokens";
			usage->input_tokens = TOKENS_UNKNOWN;
		}
	}
	if (usage->output_tokens != TOKENS_UNKNOWN && usage->reasoning_tokens > usage->output_tokens)
	{
		problems->output = "more reasoning_tokens than completion_tokens";
		usage->output_tokens = TOKENS_UNKNOWN;
	}
	/* The parts of what is not known say nothing. */
	if (usage->input_tokens == TOKENS_UNKNOWN)
		usage->cached_input_tokens = usage->cache_write_tokens = TOKENS_UNKNOWN;
	if (usage->output_tokens == TOKENS_UNKNOWN)
		usage->reasoning_tokens = TOKENS_UNKNOWN;
}

void
openai_usage_read(const JsonValue *value, bool has_output,
				  TokenUsage *usage, UsageProblems *problems)
{
	int64_t		total = read_count(json_value_member(value, "total_tokens"));

	*problems = (UsageProblems) {NULL, NULL};
	usage->input_tokens = read_input(value);
	usage->output_tokens = read_output(value);
	usage->cached_input_tokens =
		read_first_count(value, cached_paths, LENGTH_OF(cached_paths));
	usage->cache_write_tokens =
		read_first_count(value, cache_write_paths, LENGTH_OF(cache_write_paths));
	usage->reasoning_tokens =
		read_first_count(value, reasoning_paths, LENGTH_OF(reasoning_paths));
	check_wholes(value, has_output, usage, problems);
	/* What such a total includes is not known. */
	if (!is_anthropic(value) || cache_tokens(usage) == 0)
		infer_whole(usage, total, problems);
	reconcile_total(usage, total);
	check_parts(value, usage, problems);
}

/*
 * The length of the object that text begins with; 0 if it has no end in time.
 */
static size_t
object_length(const char *text, size_t len)
{
	int			depth = 0;
	bool		in_string = false;

	for (size_t i = 0; i < len && i < SALVAGE_MAX_LEN; i++)
	{
		if (in_string && text[i] == '\\')
			i++;
		else if (text[i] == '"')
			in_string = !in_string;
		else if (!in_string && text[i] == '{')
			depth++;
		else if (!in_string && text[i] == '}' && --depth == 0)
			return i + 1;
	}
	return 0;
}

/* Reads the usage behind its key, if that is one.  False: it has no count. */
static bool
salvage_here(const char *text, size_t len, TokenUsage *usage)
{
	const char *end = text + len;
	const char *reason;
	UsageProblems problems;
	JsonDocument *doc;

	while (text < end && (*text == ':' || *text == ' ' || *text == '\t' || *text == '\r' || *text == '\n'))
		text++;
	if (text == end || *text != '{')
		return false;
	doc = json_document_parse(text, object_length(text, (size_t) (end - text)), &reason);
	openai_usage_read(json_document_root(doc), true, usage, &problems);
	json_document_free(doc);
	return usage->input_tokens != TOKENS_UNKNOWN || usage->output_tokens != TOKENS_UNKNOWN;
}

bool
openai_usage_salvage(const char *body, size_t len, TokenUsage *usage)
{
	static const char key[] = "\"usage\"";
	size_t		key_len = sizeof(key) - 1;
	int			tries = 0;

	for (size_t i = len; i-- > 0 && tries < SALVAGE_MAX_TRIES;)
	{
		/* Within a string there would be a backslash before its last quote. */
		if (body[i] != '"' || len - i < key_len || memcmp(body + i, key, key_len) != 0)
			continue;
		tries++;
		if (salvage_here(body + i + key_len, len - i - key_len, usage))
			return true;
	}
	return false;
}
