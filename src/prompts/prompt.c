/*
 * prompt.c
 *		A version of a prompt with all that it includes, as it is now.
 */
#include "postgres.h"

#include "base/errors.h"
#include "base/store.h"
#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "prompts/prompt.h"
#include "prompts/prompt_hash.h"
#include "prompts/prompt_rows.h"
#include "utils/builtins.h"

#define MAX_INCLUDED 256		/* versions that one includes, at any depth */
#define MAX_SHOWN 600			/* bytes of an address in an error */

static StoreStatement describe_prompt = {
	.sql = "SELECT gaiops.prompt_inventory($1)",
	.nargs = 1,
	.argtypes = {TEXTOID}
};

static StoreStatement describe_registry = {
	.sql = "SELECT gaiops.prompt_names()"
};

/* ---- errors ---- */

void
prompt_parse_address(const char *uri, PromptAddress *address)
{
	const char *problem;
	const char *ignored;
	char	   *prefixed;

	if (prompt_address_parse(uri, strlen(uri), address, &problem))
		return;
	/* What people write first: name@alias and name/3. */
	prefixed = psprintf("prompts:/%s", uri);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("invalid address of a prompt: \"%.*s\"",
					pg_mbcliplen(uri, (int) strlen(uri), MAX_SHOWN), uri),
			 errdetail_internal("%s", problem),
			 prompt_address_parse(prefixed, strlen(prefixed), address, &ignored) ?
			 errhint("Write %s.", prefixed) : 0));
}

/*
 * A text that a statement tells, or NULL; between store_open() and
 * store_close().
 */
static char *
tell(StoreStatement *statement, const char *name)
{
	Datum		values[1] = {CStringGetTextDatum(name)};

	store_execute(statement, statement->nargs > 0 ? values : NULL, NULL, true);
	return SPI_processed == 1 ? store_text(1) : NULL;
}

/* Whether a version is there, as of now. */
static bool
is_there(const char *name, int32 version)
{
	PromptRows	rows;
	PromptContent content;
	bool		found;

	prompt_rows_open(&rows);
	found = prompt_rows_content(&rows, name, version, &content);
	prompt_rows_close(&rows);
	return found;
}

void
prompt_raise_unknown(const PromptAddress *address)
{
	StoreSession session;
	char	   *inventory;

	store_open(&session);
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
	/* Somebody who looked with an older snapshot did not find it. */
	if (is_there(address->name, address->version))
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("prompt \"%s\" was registered after the snapshot of this transaction was taken",
						address->name),
				 errhint("Run the transaction again.")));
	ereport(ERROR,
			(errcode(ERRCODE_GAIOPS_UNKNOWN_PROMPT),
			 errmsg("prompt \"%s\" has no version %d", address->name, address->version),
			 errdetail_internal("%s", inventory)));
	pg_unreachable();
}

/* ---- looking up ---- */

/* Sets the version that an address means; false if it means none. */
static bool
resolve(const PromptRows *rows, PromptAddress *address)
{
	if (address->version == 0)
		address->version = address->alias[0] != '\0' ?
			prompt_rows_aliased(rows, address->name, address->alias) :
			prompt_rows_latest(rows, address->name);
	return address->version != 0;
}

/*
 * The version that an address means, not parsed yet; raises if there is none.
 */
static Prompt *
read_version(const PromptRows *rows, PromptAddress *address)
{
	PromptContent content;
	Prompt	   *prompt = palloc0(sizeof(Prompt));

	if (!resolve(rows, address) ||
		!prompt_rows_content(rows, address->name, address->version, &content))
		prompt_raise_unknown(address);
	strlcpy(prompt->name, address->name, sizeof(prompt->name));
	prompt->version = address->version;
	prompt->is_chat = strcmp(content.kind, "chat") == 0;
	prompt->text = content.text;
	prompt->messages = content.messages;
	prompt->response_format = content.response_format;
	prompt->model_config = content.model_config;
	prompt->syntax = prompt_syntax(content.syntax);
	prompt->content_hash = content.hash;
	prompt->addresses = content.includes;
	prompt_hash_check(prompt->name, prompt->version, &content);
	return prompt;
}

void
prompt_resolve(PromptAddress *address)
{
	PromptRows	rows;
	bool		found;

	prompt_rows_open(&rows);
	found = resolve(&rows, address);
	prompt_rows_close(&rows);
	if (!found)
		prompt_raise_unknown(address);
}

/* ---- what it includes ---- */

static void complete(const PromptRows *rows, Prompt *prompt, List **path);

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
load_included(const PromptRows *rows, Prompt *prompt, PromptAddress *address,
			  List **path)
{
	Prompt	   *root = linitial(*path);
	bool		follows = address->version == 0;
	Prompt	   *included;

	if (!resolve(rows, address))
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
	included = read_version(rows, address);
	check_includable(prompt, included);
	included->arena = root->arena;
	if (follows)
		included->alias = pstrdup(address->alias);
	root->included = lappend(root->included, included);
	complete(rows, included, path);
	prompt_check_renderable(included);
	return included;
}

/* Parses a prompt and loads what it includes; path leads to it. */
static void
complete(const PromptRows *rows, Prompt *prompt, List **path)
{
	ListCell   *cell;
	int			position = 0;

	CHECK_FOR_INTERRUPTS();
	prompt_parse(prompt);
	*path = lappend(*path, prompt);
	foreach(cell, prompt->addresses)
	{
		Prompt	   *included = load_included(rows, prompt, lfirst(cell), path);
		TemplateInclude *include = prompt_nth_include(prompt, position++);

		if (include == NULL)
			break;
		include->target = linitial(included->templates);
	}
	if (prompt_nth_include(prompt, position) != NULL || position != list_length(prompt->addresses))
		prompt_raise_corrupted(prompt->name, prompt->version,
							   "What it includes is not what was stored with it.");
	*path = list_delete_last(*path);
}

Prompt *
prompt_load(const PromptAddress *given)
{
	PromptAddress address = *given;
	PromptRows	rows;
	Prompt	   *prompt;
	List	   *path = NIL;

	prompt_rows_open(&rows);
	prompt = read_version(&rows, &address);
	prompt->arena = prompt_arena();
	if (address.alias[0] != '\0')
		prompt->alias = pstrdup(address.alias);
	complete(&rows, prompt, &path);
	prompt_rows_close(&rows);
	return prompt;
}
