/*
 * prompt.c
 *		A version of a prompt with all that it includes, as it is now.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "engine/errors.h"
#include "engine/prompt.h"
#include "engine/prompt_cache.h"
#include "engine/prompt_rows.h"
#include "engine/store.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#define MAX_INCLUDED 256		/* versions that one includes, at any depth */

/* The hash that the version has, and the one it should have. */
static StoreStatement find_content = {
	.sql = "SELECT c.kind, c.template, c.messages, c.response_format, c.model_config,"
	" c.syntax, c.content_hash, gaiops.prompt_hash(c.kind, c.template, c.messages,"
	" c.response_format, c.model_config, c.syntax,"
	" gaiops.prompt_includes_document(c.name, c.version))"
	" FROM gaiops.prompt_contents AS c"
	" WHERE c.name OPERATOR(pg_catalog.=) $1 AND c.version OPERATOR(pg_catalog.=) $2",
	.nargs = 2,
	.argtypes = {TEXTOID, INT4OID}
};

/* Columns of find_content. */
enum
{
	CONTENT_KIND = 1,
	CONTENT_TEMPLATE,
	CONTENT_MESSAGES,
	CONTENT_RESPONSE_FORMAT,
	CONTENT_MODEL_CONFIG,
	CONTENT_SYNTAX,
	CONTENT_HASH,
	CONTENT_ACTUAL_HASH
};

static StoreStatement list_includes = {
	.sql = "SELECT i.included_name, coalesce(i.included_version, 0), i.alias"
	" FROM gaiops.prompt_includes AS i"
	" WHERE i.name OPERATOR(pg_catalog.=) $1 AND i.version OPERATOR(pg_catalog.=) $2"
	" ORDER BY i.position",
	.nargs = 2,
	.argtypes = {TEXTOID, INT4OID}
};

static StoreStatement describe_prompt = {
	.sql = "SELECT gaiops.prompt_inventory($1)",
	.nargs = 1,
	.argtypes = {TEXTOID}
};

static StoreStatement describe_registry = {
	.sql = "SELECT gaiops.prompt_names()"
};

/* Begins statements on our tables whose results are for the caller's context. */
static void
open_store(StoreSession *session)
{
	MemoryContext caller = CurrentMemoryContext;

	store_open(session);
	MemoryContextSwitchTo(caller);
}

/* ---- errors ---- */

void
prompt_parse_address(const char *uri, PromptAddress *address)
{
	const char *problem;

	if (!prompt_address_parse(uri, strlen(uri), address, &problem))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid address of a prompt: \"%s\"", uri),
				 errdetail_internal("%s", problem)));
}

/* A text that a statement tells, or NULL; between open_store() and store_close(). */
static char *
tell(StoreStatement *statement, const char *name)
{
	Datum		values[1] = {CStringGetTextDatum(name)};

	store_execute(statement, statement->nargs > 0 ? values : NULL, NULL, true);
	return SPI_processed == 1 ? store_text(1) : NULL;
}

void
prompt_raise_unknown(const PromptAddress *address)
{
	StoreSession session;
	char	   *inventory;

	open_store(&session);
	inventory = tell(&describe_prompt, address->name);
	if (inventory == NULL)
	{
		char	   *names = tell(&describe_registry, "");

		ereport(ERROR,
				(errcode(ERRCODE_GAIOPS_UNKNOWN_PROMPT),
				 errmsg("prompt \"%s\" does not exist", address->name),
				 names ? errdetail_internal("%s", names) : 0,
				 errhint("Register it with gaiops_register_prompt().")));
	}
	if (address->version == 0 && address->alias[0] != '\0')
		ereport(ERROR,
				(errcode(ERRCODE_GAIOPS_UNKNOWN_PROMPT),
				 errmsg("prompt \"%s\" has no alias \"%s\"", address->name, address->alias),
				 errdetail_internal("%s", inventory),
				 errhint("Set it with gaiops_set_prompt_alias().")));
	ereport(ERROR,
			(errcode(ERRCODE_GAIOPS_UNKNOWN_PROMPT),
			 errmsg("prompt \"%s\" has no version %d", address->name, address->version),
			 errdetail_internal("%s", inventory)));
	pg_unreachable();
}

void
prompt_raise_corrupted(const char *name, int32 version, const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("prompt \"%s\" version %d is not what was registered",
					name, version),
			 errdetail_internal("%s", detail)));
	pg_unreachable();
}

/* ---- looking up ---- */

/* Sets the version that an address means; false if there is none. */
static bool
resolve(PromptAddress *address)
{
	if (address->version == 0)
		address->version = address->alias[0] != '\0' ?
			prompt_rows_alias(address->name, address->alias) :
			prompt_rows_latest(address->name);
	return address->version != 0;
}

/* A jsonb column of row 0 in the current memory context; NULL if null. */
static Jsonb *
jsonb_column(int column)
{
	bool		isnull;
	Datum		value = store_datum(column, &isnull);

	return isnull ? NULL : DatumGetJsonbPCopy(value);
}

/* A text column likewise. */
static char *
text_column(int column)
{
	bool		isnull;
	Datum		value = store_datum(column, &isnull);

	return isnull ? NULL : TextDatumGetCString(value);
}

/* Reads the row of a version, and checks its hash. */
static Prompt *
read_row(const char *name, int32 version)
{
	Datum		values[2] = {CStringGetTextDatum(name), Int32GetDatum(version)};
	Prompt	   *prompt = palloc0(sizeof(Prompt));
	StoreSession session;

	open_store(&session);
	store_execute(&find_content, values, NULL, true);
	if (SPI_processed != 1)
		elog(ERROR, "prompt \"%s\" version %d is gone", name, version);
	strlcpy(prompt->name, name, sizeof(prompt->name));
	prompt->version = version;
	prompt->is_chat = strcmp(store_text(CONTENT_KIND), "chat") == 0;
	prompt->text = text_column(CONTENT_TEMPLATE);
	prompt->messages = jsonb_column(CONTENT_MESSAGES);
	prompt->response_format = jsonb_column(CONTENT_RESPONSE_FORMAT);
	prompt->model_config = jsonb_column(CONTENT_MODEL_CONFIG);
	prompt->syntax = strcmp(store_text(CONTENT_SYNTAX), "mlflow") == 0 ?
		TEMPLATE_SYNTAX_MLFLOW : TEMPLATE_SYNTAX_GAIOPS;
	prompt->content_hash = text_column(CONTENT_HASH);
	if (strcmp(prompt->content_hash, store_text(CONTENT_ACTUAL_HASH)) != 0)
		prompt_raise_corrupted(name, version,
							   "Its content has another hash than the one that was stored with it.");
	store_close(&session);
	return prompt;
}

/* Reads and parses a version, in a memory context of its own below the current. */
static Prompt *
read_version(const char *name, int32 version)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext,
												  "genaiops prompt",
												  ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	Prompt	   *prompt = read_row(name, version);

	prompt->arena = prompt_arena();
	prompt_parse(prompt);
	MemoryContextSwitchTo(old);
	if (prompt_nth_include(prompt, 0) == NULL && prompt_cache_add(prompt, context))
		prompt = prompt_cache_find(prompt->content_hash);
	return prompt;
}

/* A version, parsed, its includes not looked up; NULL if there is none that is not deleted. */
static Prompt *
load_version(const char *name, int32 version)
{
	char	   *hash = prompt_rows_hash(name, version);
	Prompt	   *prompt;

	if (hash == NULL)
		return NULL;
	prompt = prompt_cache_find(hash);
	if (prompt == NULL)
		return read_version(name, version);
	strlcpy(prompt->name, name, sizeof(prompt->name));
	prompt->version = version;
	return prompt;
}

/* A version, parsed, or raises. */
static Prompt *
require_version(const PromptAddress *address)
{
	Prompt	   *prompt = load_version(address->name, address->version);

	if (prompt == NULL)
		prompt_raise_unknown(address);
	return prompt;
}

void
prompt_find(PromptAddress *address)
{
	if (!resolve(address))
		prompt_raise_unknown(address);
	(void) require_version(address);
}

/* ---- what it includes ---- */

static void complete(Prompt *prompt, List **path);

/* Where the includes of a prompt lead, in order; versions of 0 follow an alias. */
static List *
read_includes(const Prompt *prompt)
{
	Datum		values[2] = {CStringGetTextDatum(prompt->name), Int32GetDatum(prompt->version)};
	List	   *addresses = NIL;
	StoreSession session;

	open_store(&session);
	store_execute(&list_includes, values, NULL, true);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		PromptAddress *address = palloc0(sizeof(PromptAddress));
		HeapTuple	row = SPI_tuptable->vals[i];
		bool		isnull;
		Datum		version = SPI_getbinval(row, SPI_tuptable->tupdesc, 2, &isnull);
		char	   *alias = SPI_getvalue(row, SPI_tuptable->tupdesc, 3);

		strlcpy(address->name, SPI_getvalue(row, SPI_tuptable->tupdesc, 1), sizeof(address->name));
		address->version = DatumGetInt32(version);
		if (alias != NULL)
			strlcpy(address->alias, alias, sizeof(address->alias));
		addresses = lappend(addresses, address);
	}
	store_close(&session);
	return addresses;
}

/* Raises that a prompt includes itself; path is how. */
static void
raise_circle(const List *path, const Prompt *again)
{
	StringInfoData way;
	ListCell   *cell;
	bool		within = false;

	initStringInfo(&way);
	foreach(cell, path)
	{
		const Prompt *prompt = lfirst(cell);

		within = within || prompt == again;
		if (within)
			appendStringInfo(&way, "prompts:/%s/%d includes ", prompt->name, prompt->version);
	}
	appendStringInfo(&way, "prompts:/%s/%d.", again->name, again->version);
	ereport(ERROR,
			(errcode(ERRCODE_GAIOPS_INVALID_TEMPLATE),
			 errmsg("prompt \"%s\" would include itself", again->name),
			 errdetail_internal("%s", way.data)));
}

/* A version that is loaded already; NULL if it is not. */
static Prompt *
find_loaded(const List *loaded, const PromptAddress *address)
{
	ListCell   *cell;

	foreach(cell, loaded)
	{
		Prompt	   *prompt = lfirst(cell);

		if (prompt->version == address->version && strcmp(prompt->name, address->name) == 0)
			return prompt;
	}
	return NULL;
}

/* A prompt that is included as text: it has one template. */
static void
check_includable(const Prompt *prompt, const Prompt *included)
{
	if (included->is_chat)
		ereport(ERROR,
				(errcode(ERRCODE_GAIOPS_INVALID_TEMPLATE),
				 errmsg("chat prompt \"%s\" cannot be included", included->name),
				 errdetail("It is included by prompts:/%s/%d.", prompt->name, prompt->version),
				 errhint("Include text prompts only.")));
}

/* Raises if a prompt includes as many as it may. */
static void
check_number(const Prompt *root, const List *path)
{
	if (list_length(root->included) >= MAX_INCLUDED || list_length(path) >= TEMPLATE_MAX_DEPTH)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("prompt \"%s\" includes too many others", root->name),
				 errdetail("A prompt can include %d versions, %d deep.",
						   MAX_INCLUDED, TEMPLATE_MAX_DEPTH)));
}

/* Loads one included prompt, unless that was done before. */
static Prompt *
load_included(Prompt *prompt, PromptAddress *address, List **path)
{
	Prompt	   *root = linitial(*path);
	bool		follows = address->version == 0;
	Prompt	   *included;

	if (!resolve(address))
		prompt_raise_unknown(address);
	included = find_loaded(*path, address);
	if (included != NULL)
		raise_circle(*path, included);
	included = find_loaded(root->included, address);
	if (included != NULL)
	{
		check_includable(prompt, included);
		return included;
	}
	check_number(root, *path);
	included = require_version(address);
	check_includable(prompt, included);
	if (follows)
		included->alias = pstrdup(address->alias);
	root->included = lappend(root->included, included);
	complete(included, path);
	return included;
}

/* Loads what a prompt includes; path leads to it. */
static void
complete(Prompt *prompt, List **path)
{
	List	   *addresses;
	ListCell   *cell;
	int			position = 0;

	CHECK_FOR_INTERRUPTS();
	*path = lappend(*path, prompt);
	addresses = prompt_nth_include(prompt, 0) != NULL ? read_includes(prompt) : NIL;
	foreach(cell, addresses)
	{
		Prompt	   *included = load_included(prompt, lfirst(cell), path);
		TemplateInclude *include = prompt_nth_include(prompt, position++);

		if (include == NULL)
			break;
		include->target = linitial(included->templates);
	}
	if (prompt_nth_include(prompt, list_length(addresses)) != NULL || position != list_length(addresses))
		prompt_raise_corrupted(prompt->name, prompt->version,
							   "What it includes is not what was stored with it.");
	*path = list_delete_last(*path);
}

Prompt *
prompt_load(const PromptAddress *given)
{
	PromptAddress address = *given;
	Prompt	   *prompt;
	List	   *path = NIL;

	if (!resolve(&address))
		prompt_raise_unknown(&address);
	prompt = require_version(&address);
	if (address.alias[0] != '\0')
		prompt->alias = pstrdup(address.alias);
	complete(prompt, &path);
	return prompt;
}
