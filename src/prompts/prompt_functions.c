/*
 * prompt_functions.c
 *		The functions that read the prompt registry, and what those that write
 *		it cannot do in SQL.
 */
#include "postgres.h"

#include "base/arguments.h"
#include "base/document.h"
#include "base/errors.h"
#include "base/ordered.h"
#include "base/store.h"
#include "catalog/pg_type.h"
#include "compat.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "prompts/prompt.h"
#include "prompts/prompt_hash.h"
#include "prompts/prompt_number.h"
#include "prompts/prompt_render.h"
#include "prompts/prompt_view.h"
#include "utils/array.h"
#include "utils/builtins.h"

#define MAX_INCLUDES 256		/* of one version */

PG_FUNCTION_INFO_V1(gaiops_load_prompt);
PG_FUNCTION_INFO_V1(gaiops_render_prompt);
PG_FUNCTION_INFO_V1(gaiops_render_messages);
PG_FUNCTION_INFO_V1(gaiops_prompt_variables);
PG_FUNCTION_INFO_V1(gaiops_parse_prompt_texts);
PG_FUNCTION_INFO_V1(gaiops_check_prompt);
PG_FUNCTION_INFO_V1(gaiops_prompt_hash);
PG_FUNCTION_INFO_V1(gaiops_check_prompt_name);
PG_FUNCTION_INFO_V1(gaiops_check_prompt_alias);
PG_FUNCTION_INFO_V1(gaiops_raise_unknown_prompt);
PG_FUNCTION_INFO_V1(gaiops_draw_prompt_version);
PG_FUNCTION_INFO_V1(gaiops_reserve_prompt_versions);
PG_FUNCTION_INFO_V1(gaiops_find_prompt_version_users);
PG_FUNCTION_INFO_V1(gaiops_find_alias_protection);
PG_FUNCTION_INFO_V1(gaiops_count_prompt_tags);
PG_FUNCTION_INFO_V1(gaiops_count_prompt_version_tags);
PG_FUNCTION_INFO_V1(gaiops_count_prompt_aliases);

static StoreStatement select_users = {
	.sql = "SELECT gaiops.prompt_version_users($1, $2)",
	.nargs = 2,
	.argtypes = {TEXTOID, INT4OID}
};

static StoreStatement select_protection = {
	.sql = "SELECT p.roles FROM gaiops.protected_prompt_aliases AS p"
	" WHERE p.name OPERATOR(pg_catalog.=) $1 AND p.alias OPERATOR(pg_catalog.=) $2",
	.nargs = 2,
	.argtypes = {TEXTOID, TEXTOID}
};

static StoreStatement count_tags = {
	.sql = "SELECT pg_catalog.count(*) FROM gaiops.prompt_tags AS t"
	" WHERE t.name OPERATOR(pg_catalog.=) $1 AND t.key OPERATOR(pg_catalog.<>) $2",
	.nargs = 2,
	.argtypes = {TEXTOID, TEXTOID}
};

static StoreStatement count_version_tags = {
	.sql = "SELECT pg_catalog.count(*) FROM gaiops.prompt_version_tags AS t"
	" WHERE t.name OPERATOR(pg_catalog.=) $1 AND t.version OPERATOR(pg_catalog.=) $2"
	" AND t.key OPERATOR(pg_catalog.<>) $3",
	.nargs = 3,
	.argtypes = {TEXTOID, INT4OID, TEXTOID}
};

static StoreStatement count_aliases = {
	.sql = "SELECT pg_catalog.count(*) FROM gaiops.prompt_aliases AS a"
	" WHERE a.name OPERATOR(pg_catalog.=) $1 AND a.alias OPERATOR(pg_catalog.<>) $2",
	.nargs = 2,
	.argtypes = {TEXTOID, TEXTOID}
};

/* ---- reading ---- */

/* The address in argument 0. */
static PromptAddress
argument_address(FunctionCallInfo fcinfo)
{
	PromptAddress address;

	prompt_parse_address(argument_required_text(fcinfo, 0, "uri"), &address);
	return address;
}

/* gaiops_load_prompt(uri text) returns gaiops.prompt_versions */
Datum
gaiops_load_prompt(PG_FUNCTION_ARGS)
{
	PromptAddress address = argument_address(fcinfo);

	return prompt_view_load(&address);
}

/*
 * gaiops_format_prompt(uri text, variables ordered_json, allow_partial
 * boolean) returns text
 */
Datum
gaiops_render_prompt(PG_FUNCTION_ARGS)
{
	PromptAddress address = argument_address(fcinfo);
	TextSlice	variables = argument_object(fcinfo, 1, "variables");
	bool		allow_partial = !PG_ARGISNULL(2) && PG_GETARG_BOOL(2);
	Prompt	   *prompt = prompt_load(&address);
	size_t		len;
	char	   *text;

	if (prompt->is_chat)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("prompt \"%s\" version %d is a chat prompt", prompt->name, prompt->version),
				 errhint("Use gaiops_format_messages(), which returns its messages as json.")));
	text = prompt_render_text(prompt, variables, allow_partial, &len);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(text, (int) len));
}

/*
 * gaiops_format_messages(uri text, variables ordered_json, allow_partial
 * boolean) returns json
 */
Datum
gaiops_render_messages(PG_FUNCTION_ARGS)
{
	PromptAddress address = argument_address(fcinfo);
	TextSlice	variables = argument_object(fcinfo, 1, "variables");
	bool		allow_partial = !PG_ARGISNULL(2) && PG_GETARG_BOOL(2);
	Prompt	   *prompt = prompt_load(&address);

	PG_RETURN_DATUM(ordered_to_datum(prompt_render_messages(prompt, variables, allow_partial,
															"system")));
}

/* The variables of a prompt as an array of text. */
static ArrayType *
variables_array(const Prompt *prompt)
{
	TemplateNames names = prompt_variables(prompt);
	Datum	   *texts = palloc(sizeof(Datum) * (names.n + 1));

	for (size_t i = 0; i < names.n; i++)
		texts[i] = PointerGetDatum(cstring_to_text_with_len(names.names[i].text,
															(int) names.names[i].len));
	return construct_array(texts, (int) names.n, TEXTOID, -1, false, TYPALIGN_INT);
}

/*
 * gaiops_prompt_variables(uri text) returns text[]
 */
Datum
gaiops_prompt_variables(PG_FUNCTION_ARGS)
{
	PromptAddress address = argument_address(fcinfo);

	PG_RETURN_ARRAYTYPE_P(variables_array(prompt_load(&address)));
}

/*
 * gaiops.check_prompt(name text, version integer) returns text[]: the same,
 * for those that write: it raises on a circle and on whatever is not there.
 */
Datum
gaiops_check_prompt(PG_FUNCTION_ARGS)
{
	PromptAddress address = {.version = PG_GETARG_INT32(1)};

	strlcpy(address.name, argument_excerpt(text_to_cstring(PG_GETARG_TEXT_PP(0))), sizeof(address.name));
	PG_RETURN_ARRAYTYPE_P(variables_array(prompt_load(&address)));
}

/* ---- parsing, at registration ---- */

/* Adds an include to the array being built, which refers to its texts. */
static void
push_include(JsonbParseState **state, const TemplateInclude *include)
{
	PromptAddress address;
	const char *problem;

	if (!prompt_address_parse(include->address, include->address_len, &address, &problem))
		elog(ERROR, "parser took an include without an address");
	pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
	document_push_text(state, "address", pnstrdup(include->address, include->address_len));
	document_push_text(state, "name", pstrdup(address.name));
	if (address.version > 0)
		document_push_number(state, "version", address.version);
	if (address.alias[0] != '\0')
		document_push_text(state, "alias", pstrdup(address.alias));
	document_push_bool(state, "follow", include->follow);
	document_push_number(state, "line", include->line);
	document_push_number(state, "column", include->column);
	pushJsonbValue(state, WJB_END_OBJECT, NULL);
}

/* The includes of all templates, in order, as an array of objects. */
static Jsonb *
list_includes(const Prompt *prompt)
{
	JsonbParseState *state = NULL;
	ListCell   *cell;
	int			total = 0;

	pushJsonbValue(&state, WJB_BEGIN_ARRAY, NULL);
	foreach(cell, prompt->templates)
	{
		int			n;
		TemplateInclude *includes = template_includes(lfirst(cell), &n);

		total += n;
		if (total > MAX_INCLUDES)
			ereport(ERROR,
					(errcode(ERRCODE_GAIOPS_INVALID_TEMPLATE),
					 errmsg("prompt includes too many others"),
					 errdetail("A prompt can include others %d times.", MAX_INCLUDES)));
		for (int i = 0; i < n; i++)
			push_include(&state, &includes[i]);
	}
	return JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_ARRAY, NULL));
}

static bool
is_plain(const Prompt *prompt)
{
	ListCell   *cell;

	foreach(cell, prompt->templates)
		if (!template_is_plain(lfirst(cell)))
			return false;
	return true;
}

/*
 * gaiops.parse_prompt(template text, messages json, syntax text) returns
 * (variables text[], includes jsonb, is_plain boolean)
 */
Datum
gaiops_parse_prompt_texts(PG_FUNCTION_ARGS)
{
	Prompt	   *prompt = palloc0(sizeof(Prompt));
	char	   *syntax = argument_required_text(fcinfo, 2, "syntax");
	TupleDesc	shape;
	Datum		values[3];
	bool		nulls[3] = {false, false, false};

	if (get_call_result_type(fcinfo, NULL, &shape) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	prompt->text = argument_text(fcinfo, 0);
	prompt->messages = argument_json(fcinfo, 1);
	prompt->is_chat = prompt->messages.data != NULL;
	if (prompt->text == NULL && !prompt->is_chat)
		argument_raise_null("template");
	prompt->syntax = prompt_syntax(syntax);
	prompt->arena = prompt_arena();
	prompt_parse(prompt);
	values[0] = PointerGetDatum(variables_array(prompt));
	values[1] = JsonbPGetDatum(list_includes(prompt));
	values[2] = BoolGetDatum(is_plain(prompt));
	return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(shape), values, nulls));
}

/*
 * gaiops.prompt_hash(kind text, template text, messages jsonb, response_format
 * jsonb, model_config jsonb, syntax text, includes jsonb) returns text
 */
Datum
gaiops_prompt_hash(PG_FUNCTION_ARGS)
{
	Jsonb	   *includes = argument_jsonb(fcinfo, 6);
	char	   *document = includes == NULL ? "null" :
		JsonbToCString(NULL, &includes->root, VARSIZE(includes));

	PG_RETURN_TEXT_P(cstring_to_text(prompt_hash(argument_text(fcinfo, 0), argument_text(fcinfo, 1),
												 argument_jsonb(fcinfo, 2), argument_jsonb(fcinfo, 3),
												 argument_jsonb(fcinfo, 4), argument_text(fcinfo, 5),
												 document)));
}

/* ---- names ---- */

/*
 * gaiops.check_prompt_name(name text): raises unless a prompt may have the
 * name.
 */
Datum
gaiops_check_prompt_name(PG_FUNCTION_ARGS)
{
	char	   *name = argument_required_text(fcinfo, 0, "name");
	const char *problem = prompt_name_problem(name, strlen(name));

	if (problem != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid name of a prompt: \"%s\"", argument_excerpt(name)),
				 errdetail_internal("%s", problem)));
	PG_RETURN_VOID();
}

/*
 * gaiops.check_prompt_alias(alias text): raises unless an alias may be so.
 */
Datum
gaiops_check_prompt_alias(PG_FUNCTION_ARGS)
{
	char	   *alias = argument_required_text(fcinfo, 0, "alias");
	const char *problem = prompt_alias_problem(alias, strlen(alias));

	if (problem != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid alias of a prompt: \"%s\"", argument_excerpt(alias)),
				 errdetail_internal("%s", problem)));
	PG_RETURN_VOID();
}

/*
 * gaiops.raise_unknown_prompt(name text, version integer): raises as
 * gaiops_load_prompt() would, or, if it is there by now, that the transaction
 * has an old snapshot.  Without a version, any is meant.
 */
Datum
gaiops_raise_unknown_prompt(PG_FUNCTION_ARGS)
{
	PromptAddress address = {.version = PG_ARGISNULL(1) ? 0 : PG_GETARG_INT32(1)};

	/* Nobody has checked it. */
	strlcpy(address.name, argument_excerpt(argument_required_text(fcinfo, 0, "name")),
			sizeof(address.name));
	if (PG_ARGISNULL(1))
		prompt_resolve(&address);
	prompt_raise_unknown(&address);
	PG_RETURN_VOID();
}

/* ---- numbers ---- */

/*
 * gaiops.draw_prompt_version(name text) returns integer: a new number, which a
 * rollback does not give back.
 */
Datum
gaiops_draw_prompt_version(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(prompt_number_draw(text_to_cstring(PG_GETARG_TEXT_PP(0))));
}

/*
 * gaiops.reserve_prompt_versions(names text[], versions integer[]): has
 * numbers up to and including these taken.
 */
Datum
gaiops_reserve_prompt_versions(PG_FUNCTION_ARGS)
{
	Datum	   *texts;
	Datum	   *numbers;
	int			ntexts;
	int			nnumbers;
	char	  **names;
	int32	   *versions;

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(0), TEXTOID, -1, false, TYPALIGN_INT,
					  &texts, NULL, &ntexts);
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(1), INT4OID, 4, true, TYPALIGN_INT,
					  &numbers, NULL, &nnumbers);
	if (ntexts != nnumbers)
		elog(ERROR, "arrays of names and versions must have the same length");
	names = palloc(sizeof(char *) * (ntexts + 1));
	versions = palloc(sizeof(int32) * (ntexts + 1));
	for (int i = 0; i < ntexts; i++)
	{
		names[i] = TextDatumGetCString(texts[i]);
		versions[i] = DatumGetInt32(numbers[i]);
	}
	prompt_number_reserve(ntexts, names, versions);
	PG_RETURN_VOID();
}

/* ---- what is there by now ---- */

/*
 * What a statement about the arguments, none of them null, gives with the
 * latest snapshot.
 */
static Datum
select_for_arguments(FunctionCallInfo fcinfo, StoreStatement *statement)
{
	Datum		values[STORE_MAX_ARGS];

	for (int i = 0; i < statement->nargs; i++)
		values[i] = PG_GETARG_DATUM(i);
	return store_value(statement, values, &fcinfo->isnull);
}

/*
 * gaiops.find_prompt_version_users(name text, version integer) returns text:
 * what gaiops.prompt_version_users() tells, as of now.
 */
Datum
gaiops_find_prompt_version_users(PG_FUNCTION_ARGS)
{
	return select_for_arguments(fcinfo, &select_users);
}

/*
 * gaiops.find_alias_protection(name text, alias text) returns text[]: the
 * roles that may move an alias, as of now; NULL if everybody may.
 */
Datum
gaiops_find_alias_protection(PG_FUNCTION_ARGS)
{
	return select_for_arguments(fcinfo, &select_protection);
}

/*
 * gaiops.count_prompt_tags(name text, other_than text) returns bigint: the
 * tags of a prompt, as of now, that have another key.
 */
Datum
gaiops_count_prompt_tags(PG_FUNCTION_ARGS)
{
	return select_for_arguments(fcinfo, &count_tags);
}

/*
 * gaiops.count_prompt_version_tags(name text, version integer, other_than
 * text) returns bigint: the same of a version.
 */
Datum
gaiops_count_prompt_version_tags(PG_FUNCTION_ARGS)
{
	return select_for_arguments(fcinfo, &count_version_tags);
}

/*
 * gaiops.count_prompt_aliases(name text, other_than text) returns bigint: the
 * aliases of a prompt, as of now, but one.
 */
Datum
gaiops_count_prompt_aliases(PG_FUNCTION_ARGS)
{
	return select_for_arguments(fcinfo, &count_aliases);
}
