/*
 * prompt.c
 *		A version of a prompt with all that it includes, as it is now.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "engine/errors.h"
#include "engine/prompt.h"
#include "engine/prompt_messages.h"
#include "engine/store.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#define MAX_INCLUDED 256		/* versions that one includes, at any depth */
#define ARENA_LIMIT ((size_t) 256 << 20)	/* of the templates of one load */

#define IS_LIVE \
	" NOT EXISTS (SELECT FROM gaiops.prompt_deletions AS d" \
	" WHERE d.name OPERATOR(pg_catalog.=) c.name AND d.version OPERATOR(pg_catalog.=) c.version)"

static StoreStatement find_aliased = {
	.sql = "SELECT a.version FROM gaiops.prompt_aliases AS a"
	" WHERE a.name OPERATOR(pg_catalog.=) $1 AND a.alias OPERATOR(pg_catalog.=) $2",
	.nargs = 2,
	.argtypes = {TEXTOID, TEXTOID}
};

static StoreStatement find_latest = {
	.sql = "SELECT c.version FROM gaiops.prompt_contents AS c"
	" WHERE c.name OPERATOR(pg_catalog.=) $1 AND" IS_LIVE
	" ORDER BY c.version DESC LIMIT 1",
	.nargs = 1,
	.argtypes = {TEXTOID}
};

/* The hash that the version has, and the one it should have. */
static StoreStatement find_content = {
	.sql = "SELECT c.kind, c.template, c.messages, c.response_format, c.model_config,"
	" c.syntax, c.content_hash, gaiops.prompt_hash(c.kind, c.template, c.messages,"
	" c.response_format, c.model_config, c.syntax,"
	" gaiops.prompt_includes_document(c.name, c.version))"
	" FROM gaiops.prompt_contents AS c"
	" WHERE c.name OPERATOR(pg_catalog.=) $1 AND c.version OPERATOR(pg_catalog.=) $2"
	" AND" IS_LIVE,
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

/* ---- memory ---- */

static void
free_arena(void *arg)
{
	arena_free(arg);
}

Arena *
prompt_arena(void)
{
	MemoryContextCallback *callback = palloc0(sizeof(MemoryContextCallback));
	Arena	   *arena = arena_create(ARENA_LIMIT);

	if (arena == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	callback->func = free_arena;
	callback->arg = arena;
	MemoryContextRegisterResetCallback(CurrentMemoryContext, callback);
	return arena;
}

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
	if (address->alias[0] != '\0')
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

/* The SQLSTATE of what is wrong with a template. */
static int
template_sqlstate(TemplateErrorKind kind)
{
	switch (kind)
	{
		case TEMPLATE_INVALID:
			return ERRCODE_GAIOPS_INVALID_TEMPLATE;
		case TEMPLATE_MISSING:
			return ERRCODE_GAIOPS_MISSING_VARIABLE;
		case TEMPLATE_NO_MEMORY:
			return ERRCODE_OUT_OF_MEMORY;
		default:
			return ERRCODE_GAIOPS_RENDERING_FAILED;
	}
}

void
prompt_raise_template(const TemplateError *error, const char *where)
{
	ereport(ERROR,
			(errcode(template_sqlstate(error->kind)),
			 errmsg_internal("%s", error->message),
			 error->line > 0 ?
			 errdetail("Line %d, column %d of %s.", error->line, error->column, where) :
			 errdetail("In %s.", where),
			 error->hint[0] != '\0' ? errhint("%s", error->hint) : 0));
	pg_unreachable();
}

static void
raise_corrupted(const Prompt *prompt, const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("prompt \"%s\" version %d is not what was registered",
					prompt->name, prompt->version),
			 errdetail_internal("%s", detail)));
}

/* ---- looking up ---- */

/* Sets the version that an address means; false if there is none. */
static bool
resolve(PromptAddress *address)
{
	StoreStatement *statement = address->alias[0] != '\0' ? &find_aliased : &find_latest;
	Datum		values[2] = {CStringGetTextDatum(address->name),
	CStringGetTextDatum(address->alias)};
	bool		isnull;

	if (address->version > 0)
		return true;
	store_execute(statement, values, NULL, true);
	if (SPI_processed == 0)
		return false;
	address->version = DatumGetInt32(store_datum(1, &isnull));
	SPI_freetuptable(SPI_tuptable);
	return true;
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

/* Reads a version; NULL if there is none that is not deleted. */
static Prompt *
read_version(const char *name, int32 version)
{
	Datum		values[2] = {CStringGetTextDatum(name), Int32GetDatum(version)};
	Prompt	   *prompt;

	store_execute(&find_content, values, NULL, true);
	if (SPI_processed == 0)
		return NULL;
	prompt = palloc0(sizeof(Prompt));
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
		raise_corrupted(prompt, "Its content has another hash than the one that was stored with it.");
	SPI_freetuptable(SPI_tuptable);
	return prompt;
}

void
prompt_find(PromptAddress *address)
{
	StoreSession session;
	bool		found;

	open_store(&session);
	found = resolve(address) && read_version(address->name, address->version) != NULL;
	store_close(&session);
	if (!found)
		prompt_raise_unknown(address);
}

/* ---- templates ---- */

char *
prompt_describe(const Prompt *prompt, int message)
{
	if (prompt->version == 0)
		return message == 0 ? pstrdup("the template") :
			psprintf("message %d", message);
	return message == 0 ?
		psprintf("prompt \"%s\" version %d", prompt->name, prompt->version) :
		psprintf("message %d of prompt \"%s\" version %d", message,
				 prompt->name, prompt->version);
}

/* Whether MLflow takes a text for Jinja2. */
static bool
is_jinja2(const char *text, size_t len)
{
	return memmem(text, len, "{%", 2) != NULL && memmem(text, len, "%}", 2) != NULL;
}

/* Parses one text of a prompt. */
static void
parse_text(Prompt *prompt, const char *text, size_t len, int message)
{
	TemplateError error;
	const Template *template = template_parse(prompt->arena, text, len,
											  prompt->syntax, &error);

	if (template == NULL)
		prompt_raise_template(&error, prompt_describe(prompt, message));
	if (prompt->syntax == TEMPLATE_SYNTAX_MLFLOW && is_jinja2(text, len))
		prompt->is_jinja2 = true;
	prompt->templates = lappend(prompt->templates, unconstify(Template *, template));
}

static char *
parse_message_text(void *state, int message, const char *text, int len,
				   size_t *result_len)
{
	parse_text(state, text, len, message);
	*result_len = len;
	return unconstify(char *, text);
}

static Jsonb *
note_placeholder(void *state, int message, const char *name)
{
	Prompt	   *prompt = state;

	prompt->placeholders = lappend(prompt->placeholders, pstrdup(name));
	return NULL;
}

void
prompt_parse(Prompt *prompt)
{
	PromptVisitor visitor = {
		.text = parse_message_text,
		.placeholder = note_placeholder,
		.state = prompt
	};

	if (prompt->is_chat)
		(void) prompt_messages_walk(prompt->messages, &visitor);
	else
		parse_text(prompt, prompt->text, strlen(prompt->text), 0);
}

/* ---- what it includes ---- */

static void complete(Prompt *prompt, List **path);

/* The include after this many of a prompt's; NULL if there are no more. */
static TemplateInclude *
nth_include(const Prompt *prompt, int wanted)
{
	ListCell   *cell;

	foreach(cell, prompt->templates)
	{
		int			n;
		TemplateInclude *includes = template_includes(lfirst(cell), &n);

		if (wanted < n)
			return &includes[wanted];
		wanted -= n;
	}
	return NULL;
}

/* Where the includes of a prompt lead, in order; versions of 0 follow an alias. */
static List *
read_includes(const Prompt *prompt)
{
	Datum		values[2] = {CStringGetTextDatum(prompt->name), Int32GetDatum(prompt->version)};
	List	   *addresses = NIL;

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
	SPI_freetuptable(SPI_tuptable);
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

/* Loads one included prompt, unless that was done before. */
static Prompt *
load_included(Prompt *prompt, PromptAddress *address, List **path)
{
	Prompt	   *root = linitial(*path);
	const char *followed = address->version == 0 ? pstrdup(address->alias) : NULL;
	Prompt	   *included;

	if (!resolve(address))
		prompt_raise_unknown(address);
	included = find_loaded(*path, address);
	if (included != NULL)
		raise_circle(*path, included);
	included = find_loaded(root->included, address);
	if (included == NULL)
	{
		if (list_length(root->included) >= MAX_INCLUDED || list_length(*path) >= TEMPLATE_MAX_DEPTH)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("prompt \"%s\" includes too many others", root->name),
					 errdetail("A prompt can include %d versions, %d deep.", MAX_INCLUDED, TEMPLATE_MAX_DEPTH)));
		included = read_version(address->name, address->version);
		if (included == NULL)
		{
			address->alias[0] = '\0';
			prompt_raise_unknown(address);
		}
		included->arena = root->arena;
		included->alias = followed;
		root->included = lappend(root->included, included);
	}
	check_includable(prompt, included);
	complete(included, path);
	return included;
}

/* Parses a prompt and loads what it includes; path leads to it. */
static void
complete(Prompt *prompt, List **path)
{
	List	   *addresses;
	ListCell   *cell;
	int			position = 0;

	if (prompt->is_complete)
		return;
	CHECK_FOR_INTERRUPTS();
	prompt_parse(prompt);
	*path = lappend(*path, prompt);
	addresses = nth_include(prompt, 0) != NULL ? read_includes(prompt) : NIL;
	foreach(cell, addresses)
	{
		Prompt	   *included = load_included(prompt, lfirst(cell), path);
		TemplateInclude *include = nth_include(prompt, position++);

		if (include == NULL)
			break;
		include->target = linitial(included->templates);
	}
	if (nth_include(prompt, list_length(addresses)) != NULL || position != list_length(addresses))
		raise_corrupted(prompt, "What it includes is not what was stored with it.");
	*path = list_delete_last(*path);
	prompt->is_complete = true;
}

Prompt *
prompt_load(const PromptAddress *given)
{
	PromptAddress address = *given;
	StoreSession session;
	Prompt	   *prompt;
	List	   *path = NIL;

	open_store(&session);
	prompt = resolve(&address) ? read_version(address.name, address.version) : NULL;
	if (prompt == NULL)
		prompt_raise_unknown(&address);
	prompt->arena = prompt_arena();
	if (address.alias[0] != '\0')
		prompt->alias = pstrdup(address.alias);
	complete(prompt, &path);
	store_close(&session);
	return prompt;
}
