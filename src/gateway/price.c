/*
 * price.c
 *		The prices in force at a time, and the exact cost of a usage.
 *
 * This is the only implementation of either: what a call records, what
 * gaiops_get_cost() says and what gaiops_reprice() writes all come from here.
 */
#include "postgres.h"

#include <ctype.h>

#include "base/store.h"
#include "catalog/pg_type.h"
#include "gateway/price.h"
#include "tracking/model_name.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"

/* Token prices are per 10^6 tokens. */
#define PRICE_LOG10_UNIT 6

/*
 * Most decimals of a cost, as in the views.  Prices that were set before they
 * had to fit would give more.
 */
#define COST_MAX_DECIMALS 18

/* openrouter/openai/gpt-4.1-mini: names of gateways nest, but not for ever. */
#define PRICE_MAX_PREFIXES 3

/* Provider and model that every endpoint of URL builtin:echo is priced as. */
#define PROVIDER_BUILTIN "builtin"
#define MODEL_ECHO "echo"

typedef enum PriceKind
{
	PRICE_INPUT = 0,
	PRICE_OUTPUT,
	PRICE_CACHED_INPUT,
	PRICE_CACHE_WRITE,
	PRICE_REASONING,
	PRICE_CALL,
	PRICE_NKINDS
} PriceKind;

/* As in gaiops.prices.kind. */
static const char *const price_kind_names[PRICE_NKINDS] = {
	"input", "output", "cached_input", "cache_write", "reasoning", "call"
};

struct PriceList
{
	Numeric		prices[PRICE_NKINDS];	/* NULL where there is none */
	bool		is_set;			/* one of them by gaiops_set_price() */
};

/*
 * Other names of providers, by LiteLLM, OpenRouter and the people.  Each is
 * the same service: codestral, which is Mistral's free trial, and
 * bedrock_mantle, which has prices of its own, are not mistral and bedrock.
 */
static const struct
{
	const char *alias;
	const char *provider;
}			provider_aliases[] = {
	{"amazon", "aws.bedrock"},
	{"amazon-nova", "amazon_nova"},
	{"anthropic_text", "anthropic"},
	{"az.ai.inference", "azure.ai.inference"},
	{"az.ai.openai", "azure.ai.openai"},
	{"azure", "azure.ai.openai"},
	{"azure_ai", "azure.ai.inference"},
	{"azure_openai", "azure.ai.openai"},
	{"azure_text", "azure.ai.openai"},
	{"bedrock", "aws.bedrock"},
	{"bedrock_converse", "aws.bedrock"},
	{"cohere_chat", "cohere"},
	{"fireworks_ai-embedding-models", "fireworks_ai"},
	{"gemini", "gcp.gemini"},
	{"google", "gcp.gemini"},
	{"mistral", "mistral_ai"},
	{"mistralai", "mistral_ai"},
	{"text-completion-codestral", "codestral"},
	{"text-completion-inception", "inception"},
	{"text-completion-openai", "openai"},
	{"vertex_ai", "gcp.vertex_ai"},
	{"watsonx", "ibm.watsonx.ai"},
	{"watsonx_text", "ibm.watsonx.ai"},
	{"x-ai", "x_ai"},
	{"xai", "x_ai"}
};

/* vertex_ai-language-models and a dozen like it. */
#define VERTEX_PREFIX "vertex_ai-"

/*
 * Who passes a call on to the provider that the model's name begins with.
 * OpenAI is here for every gateway that speaks its protocol and was given no
 * other provider.  Whoever is not here serves models on its own machines: with
 * it, deepseek/deepseek-v3.2 is a name, and DeepSeek's price says nothing.
 */
static const char *const gateways[] = {
	"openai", "litellm", "mlflow", "openrouter", "portkey", "vercel_ai_gateway"
};

/*
 * Per kind, one row: of the user's prices that have come into force the
 * latest, and only where there is none, of those that came with the
 * extension.  The column "imported" is asked for by way of the row, as a
 * table of 0.1.0 that was not updated yet lacks it.
 */
static StoreStatement find_prices = {
	.sql = "SELECT DISTINCT ON (p.kind) p.kind, p.price,"
	" NOT p.builtin AND (pg_catalog.jsonb_extract_path_text(pg_catalog.to_jsonb(p), 'imported')"
	" OPERATOR(pg_catalog.=) 'true') IS NOT TRUE"
	" FROM gaiops.prices p"
	" WHERE p.provider OPERATOR(pg_catalog.=) $1"
	" AND p.model OPERATOR(pg_catalog.=) $2"
	" AND p.effective_from OPERATOR(pg_catalog.<=) $3"
	" ORDER BY p.kind, p.builtin, p.effective_from DESC",
	.nargs = 3,
	.argtypes = {TEXTOID, TEXTOID, TIMESTAMPTZOID}
};

/*
 * Takes a provider's name; returns the one its prices are filed under, in the
 * current memory context.
 */
char *
price_provider(const char *provider)
{
	char	   *name = pstrdup(provider);

	for (char *c = name; *c != '\0'; c++)
		*c = pg_ascii_tolower((unsigned char) *c);

	for (int i = 0; i < lengthof(provider_aliases); i++)
	{
		if (strcmp(name, provider_aliases[i].alias) == 0)
			return pstrdup(provider_aliases[i].provider);
	}
	if (strncmp(name, VERTEX_PREFIX, strlen(VERTEX_PREFIX)) == 0)
		return pstrdup("gcp.vertex_ai");
	return name;
}

/* Returns whether a provider (NULL is none) passes calls on to others. */
static bool
is_gateway(const char *provider)
{
	if (provider == NULL)
		return true;
	for (int i = 0; i < lengthof(gateways); i++)
	{
		if (strcmp(provider, gateways[i]) == 0)
			return true;
	}
	return false;
}

/* Returns the kind that a name stands for, or PRICE_NKINDS. */
static PriceKind
price_kind(const char *name)
{
	int			kind;

	for (kind = 0; kind < PRICE_NKINDS; kind++)
	{
		if (strcmp(name, price_kind_names[kind]) == 0)
			break;
	}
	return (PriceKind) kind;
}

/*
 * Takes a provider and model exactly as on file; returns their prices in force
 * at a time in the context of store_open(), or NULL if there are none.
 */
static PriceList *
read_prices(const char *provider, const char *model, TimestampTz at)
{
	Datum		values[3];
	PriceList  *list = NULL;

	values[0] = CStringGetTextDatum(provider);
	values[1] = CStringGetTextDatum(model);
	values[2] = TimestampTzGetDatum(at);
	store_execute(&find_prices, values, NULL, true);

	if (SPI_processed > 0)
		list = memset(SPI_palloc(sizeof(PriceList)), 0, sizeof(PriceList));
	for (uint64 row = 0; row < SPI_processed; row++)
	{
		HeapTuple	tuple = SPI_tuptable->vals[row];
		TupleDesc	tupdesc = SPI_tuptable->tupdesc;
		PriceKind	kind = price_kind(SPI_getvalue(tuple, tupdesc, 1));
		bool		isnull;
		Datum		price = SPI_getbinval(tuple, tupdesc, 2, &isnull);

		list->is_set |= DatumGetBool(SPI_getbinval(tuple, tupdesc, 3, &isnull));
		if (kind == PRICE_NKINDS)
			continue;			/* of a later version than this library */
		/* unpack first: price_cost() would do so again for every use */
		price = NumericGetDatum(DatumGetNumeric(price));
		list->prices[kind] = DatumGetNumeric(SPI_datumTransfer(price, false, -1));
	}
	SPI_freetuptable(SPI_tuptable);
	return list;
}

/*
 * Takes a provider as on file and a model; returns the prices of that very
 * name, else those of the name without its date, else NULL.
 */
static PriceList *
read_prices_of_model(const char *provider, const char *model, TimestampTz at)
{
	PriceList  *list = read_prices(provider, model, at);

	if (list == NULL)
	{
		char	   *undated = model_name_undated(model);

		if (undated != NULL)
			list = read_prices(provider, undated, at);
	}
	return list;
}

/* See price.h. */
PriceList *
price_lookup(const char *provider, const char *model, TimestampTz at)
{
	PriceList  *list = NULL;

	if (model == NULL)
		return NULL;
	if (provider != NULL)
		provider = price_provider(provider);
	if (provider != NULL && strcmp(provider, PROVIDER_BUILTIN) == 0)
		return read_prices(provider, MODEL_ECHO, at);

	for (int i = 0; i <= PRICE_MAX_PREFIXES; i++)
	{
		const char *slash = strchr(model, '/');

		if (provider != NULL)
			list = read_prices_of_model(provider, model, at);
		if (list != NULL || !is_gateway(provider) ||
			slash == NULL || slash == model || slash[1] == '\0')
			break;
		provider = price_provider(pnstrdup(model, slash - model));
		model = slash + 1;
	}
	return list;
}

/*
 * Takes two names of models; returns whether the first says all of the second
 * and more, as gpt-4o-2024-05-13 does of gpt-4o.
 */
static bool
is_more_exact(const char *name, const char *part)
{
	size_t		len = strlen(part);
	const char *found = name;

	if (len == 0 || strlen(name) == len)
		return false;
	while ((found = strstr(found, part)) != NULL)
	{
		if ((found == name || !isalnum((unsigned char) found[-1])) &&
			!isalnum((unsigned char) found[len]))
			return true;
		found++;
	}
	return false;
}

/*
 * Takes the model that was asked for and another that answered, both with
 * prices; returns whether the former is to be priced.  What somebody has set
 * comes before what is in a list; a more exact name before another.  Of names
 * that have nothing to do with each other, the one that was asked for if its
 * price was set, since asking for it was to cost that, else the one that
 * answered, since providers charge for that: a router or a fallback chose it.
 */
static bool
is_asked_priced(const PricedModel *asked, const PricedModel *answering)
{
	if (asked->prices->is_set != answering->prices->is_set)
		return asked->prices->is_set;
	if (is_more_exact(asked->model, answering->model))
		return true;
	return asked->prices->is_set && !is_more_exact(answering->model, asked->model);
}

/* See price.h. */
PricedModel
price_choose(const char *provider, PricedModel asked, const char *answering,
			 TimestampTz at)
{
	PricedModel other = {.model = answering};

	if (answering == NULL ||
		(asked.model != NULL && strcmp(asked.model, answering) == 0))
		return asked;
	other.prices = price_lookup(provider, answering, at);
	if (other.prices == NULL)
		return asked;
	if (asked.model == NULL || asked.prices == NULL)
		return other;
	return is_asked_priced(&asked, &other) ? asked : other;
}

/*
 * Adds the price of a number of tokens to *sum, which is in units of 10^-6
 * dollars.  Where the kind has no price of its own, the fallback's holds.
 * Returns false when tokens were used and neither has one.
 */
static bool
add_tokens(Numeric *sum, const PriceList *prices, PriceKind kind,
		   PriceKind fallback, int64 tokens)
{
	Numeric		price = prices->prices[kind];
	Datum		part;

	if (price == NULL)
		price = prices->prices[fallback];
	if (tokens == 0)
		return true;
	if (price == NULL)
		return false;
	part = DirectFunctionCall2(numeric_mul, NumericGetDatum(price),
							   NumericGetDatum(int64_to_numeric(tokens)));
	*sum = DatumGetNumeric(DirectFunctionCall2(numeric_add,
											   NumericGetDatum(*sum), part));
	return true;
}

/*
 * Returns whether a kind has a price and it is 0, so that counts do not
 * matter.
 */
static bool
is_free(const PriceList *prices, PriceKind kind)
{
	return prices->prices[kind] != NULL &&
		DatumGetBool(DirectFunctionCall2(numeric_eq,
										 NumericGetDatum(prices->prices[kind]),
										 NumericGetDatum(int64_to_numeric(0))));
}

/* Returns whether a kind has no price, or one of 0. */
static bool
is_free_or_absent(const PriceList *prices, PriceKind kind)
{
	return prices->prices[kind] == NULL || is_free(prices, kind);
}

/* Returns whether the model is paid by the call and not by the token. */
static bool
is_priced_per_call(const PriceList *prices)
{
	for (int kind = 0; kind < PRICE_NKINDS; kind++)
	{
		if (kind != PRICE_CALL && prices->prices[kind] != NULL)
			return false;
	}
	return prices->prices[PRICE_CALL] != NULL;
}

/*
 * Adds the price of the input to *sum.  Each token counts once: what was read
 * from or written to a cache is taken out of the rest.  Returns false when the
 * price is unknown.
 */
static bool
add_input(Numeric *sum, const PriceList *prices, const TokenUsage *usage)
{
	int64		cached = Max(usage->cached_input_tokens, 0);
	int64		written = Max(usage->cache_write_tokens, 0);
	int64		rest = usage->input_tokens;

	if (rest < 0)
		return is_free(prices, PRICE_INPUT) &&
			is_free_or_absent(prices, PRICE_CACHED_INPUT) &&
			is_free_or_absent(prices, PRICE_CACHE_WRITE);
	if (cached > rest || written > rest - cached)
		return false;
	rest -= cached + written;
	return add_tokens(sum, prices, PRICE_INPUT, PRICE_INPUT, rest) &&
		add_tokens(sum, prices, PRICE_CACHED_INPUT, PRICE_INPUT, cached) &&
		add_tokens(sum, prices, PRICE_CACHE_WRITE, PRICE_INPUT, written);
}

/* Adds the price of the output to *sum; returns false when it is unknown. */
static bool
add_output(Numeric *sum, const PriceList *prices, const TokenUsage *usage)
{
	int64		reasoning = Max(usage->reasoning_tokens, 0);
	int64		rest = usage->output_tokens;

	if (rest < 0)
		return is_free(prices, PRICE_OUTPUT) &&
			is_free_or_absent(prices, PRICE_REASONING);
	if (reasoning > rest)
		return false;
	return add_tokens(sum, prices, PRICE_OUTPUT, PRICE_OUTPUT, rest - reasoning) &&
		add_tokens(sum, prices, PRICE_REASONING, PRICE_OUTPUT, reasoning);
}

/* A cost with no more decimals than one has. */
static Datum
fit_decimals(Datum cost)
{
	if (DatumGetInt32(DirectFunctionCall1(numeric_scale, cost)) <= COST_MAX_DECIMALS)
		return cost;
	cost = DirectFunctionCall2(numeric_round, cost, Int32GetDatum(COST_MAX_DECIMALS));
	return DirectFunctionCall1(numeric_trim_scale, cost);
}

/* See price.h. */
bool
price_cost(const PriceList *prices, const TokenUsage *usage, Datum *cost)
{
	Numeric		sum;
	Datum		total;

	if (prices == NULL || usage == NULL)
		return false;

	sum = int64_to_numeric(0);
	if (!is_priced_per_call(prices) &&
		(!add_input(&sum, prices, usage) || !add_output(&sum, prices, usage)))
		return false;

	/* times 0.000001, not divided by 1000000: a product loses no digit */
	total = DirectFunctionCall2(numeric_mul, NumericGetDatum(sum),
								NumericGetDatum(int64_div_fast_to_numeric(1, PRICE_LOG10_UNIT)));
	if (prices->prices[PRICE_CALL] != NULL)
		total = DirectFunctionCall2(numeric_add, total,
									NumericGetDatum(prices->prices[PRICE_CALL]));
	*cost = fit_decimals(DirectFunctionCall1(numeric_trim_scale, total));
	return true;
}

/*
 * Takes a kind of which the price of some tokens is unknown, and their number;
 * returns whether the number is to blame, and not the price.
 */
static bool
is_count_missing(const PriceList *prices, PriceKind kind, int64 count)
{
	return count < 0 || (prices != NULL && prices->prices[kind] != NULL);
}

/* See price.h. */
CostGap
price_gap(const PriceList *prices, const TokenUsage *usage, bool *input,
		  bool *output)
{
	Numeric		sum = int64_to_numeric(0);
	bool		lacks_input = prices == NULL || !add_input(&sum, prices, usage);
	bool		lacks_output = prices == NULL || !add_output(&sum, prices, usage);

	*input = lacks_input && is_count_missing(prices, PRICE_INPUT, usage->input_tokens);
	*output = lacks_output && is_count_missing(prices, PRICE_OUTPUT, usage->output_tokens);
	if (*input || *output)
		return COST_GAP_USAGE;
	*input = lacks_input;
	*output = lacks_output;
	return prices == NULL ? COST_GAP_PRICES : COST_GAP_PRICE;
}

static StoreStatement next_change_statement = {
	.sql = "SELECT pg_catalog.min(effective_from) FROM gaiops.prices"
	" WHERE effective_from OPERATOR(pg_catalog.>) $1",
	.nargs = 1,
	.argtypes = {TIMESTAMPTZOID},
};

TimestampTz
price_next_change(TimestampTz at)
{
	Datum		values[1] = {TimestampTzGetDatum(at)};
	bool		isnull;
	Datum		next;

	store_execute(&next_change_statement, values, NULL, true);
	next = store_datum(1, &isnull);
	return isnull ? DT_NOEND : DatumGetTimestampTz(next);
}
