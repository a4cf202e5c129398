/*
 * prompt_view.c
 *		A version of a prompt as a row of gaiops.prompt_versions.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "base/document.h"
#include "base/ordered.h"
#include "base/store.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "prompts/prompt.h"
#include "prompts/prompt_hash.h"
#include "prompts/prompt_view.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/typcache.h"

static StoreStatement select_version = {
	.sql = "SELECT v FROM gaiops.prompt_versions AS v"
	" WHERE v.name OPERATOR(pg_catalog.=) $1 AND v.version OPERATOR(pg_catalog.=) $2",
	.nargs = 2,
	.argtypes = {TEXTOID, INT4OID}
};

/* A text among the members of an include. */
static char *
include_text(TextSlice include, const char *key)
{
	return ordered_decode_cstring(json_text_string(json_text_member(include, key)));
}

/* Where its includes lead: PromptAddress, as in PromptContent. */
static List *
row_includes(HeapTupleHeader row)
{
	bool		isnull;
	Jsonb	   *includes = DatumGetJsonbP(GetAttributeByName(row, "includes", &isnull));
	List	   *addresses = NIL;
	JsonWalk	walk;
	TextSlice	key;
	TextSlice	include;

	json_text_enter(&walk, document_text(includes));
	while (json_text_next(&walk, &key, &include))
	{
		PromptAddress *address = palloc0(sizeof(PromptAddress));
		TextSlice	version = json_text_member(include, "version");

		strlcpy(address->name, include_text(include, "name"), sizeof(address->name));
		if (version.data != NULL)
			address->version = pg_strtoint32(pnstrdup(version.data, version.len));
		else
			strlcpy(address->alias, include_text(include, "alias"), sizeof(address->alias));
		addresses = lappend(addresses, address);
	}
	return addresses;
}

/* Raises unless a row is what was registered. */
static void
check_row(HeapTupleHeader row, const PromptAddress *address)
{
	TupleDesc	shape = lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(row),
											   HeapTupleHeaderGetTypMod(row));
	HeapTupleData tuple = {.t_data = row,.t_len = HeapTupleHeaderGetDatumLength(row)};
	PromptContent content;

	prompt_row_read(shape, &tuple, &content);
	ReleaseTupleDesc(shape);
	content.includes = row_includes(row);
	prompt_hash_check(address->name, address->version, &content);
}

Datum
prompt_view_load(PromptAddress *address)
{
	Datum		values[2];
	Datum		row;
	bool		isnull;

	prompt_resolve(address);
	values[0] = CStringGetTextDatum(address->name);
	values[1] = Int32GetDatum(address->version);
	row = store_value(&select_version, values, &isnull);
	if (isnull)
		prompt_raise_unknown(address);
	check_row(DatumGetHeapTupleHeader(row), address);
	return row;
}
