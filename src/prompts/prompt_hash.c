/*
 * prompt_hash.c
 *		The hash of all that makes up a version of a prompt.
 *
 * It is checked at each load, hence the document is written at once, without
 * building a jsonb first.
 */
#include "postgres.h"

#include "base/document.h"
#include "common/sha2.h"
#include "core/template/prompt_address.h"
#include "mb/pg_wchar.h"
#include "prompts/prompt_hash.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/json.h"

static void
add_text(StringInfo document, const char *text)
{
	if (text != NULL)
		escape_json(document, text);
	else
		appendStringInfoString(document, "null");
}

static void
add_jsonb(StringInfo document, Jsonb *value)
{
	if (value != NULL)
		(void) JsonbToCString(document, &value->root, VARSIZE(value));
	else
		appendStringInfoString(document, "null");
}

/* SHA-256 in hexadecimal digits. */
static char *
digest(const char *bytes, int len)
{
	Datum		data = PointerGetDatum(cstring_to_text_with_len(bytes, len));
	bytea	   *hash = DatumGetByteaPP(DirectFunctionCall1(sha256_bytea, data));
	char	   *digits = palloc(PG_SHA256_DIGEST_STRING_LENGTH);

	digits[hex_encode(VARDATA_ANY(hash), VARSIZE_ANY_EXHDR(hash), digits)] = '\0';
	return digits;
}

char *
prompt_hash(const char *kind, const char *template, Jsonb *messages,
			Jsonb *response_format, Jsonb *model_config, const char *syntax,
			const char *includes)
{
	StringInfoData document;
	char	   *encoded;

	initStringInfo(&document);
	appendStringInfoChar(&document, '[');
	add_text(&document, kind);
	appendStringInfoString(&document, ", ");
	add_text(&document, template);
	appendStringInfoString(&document, ", ");
	add_jsonb(&document, messages);
	appendStringInfoString(&document, ", ");
	add_jsonb(&document, response_format);
	appendStringInfoString(&document, ", ");
	add_jsonb(&document, model_config);
	appendStringInfoString(&document, ", ");
	add_text(&document, syntax);
	appendStringInfo(&document, ", %s]", includes);
	encoded = pg_server_to_any(document.data, document.len, PG_UTF8);
	return digest(encoded, encoded == document.data ? document.len : (int) strlen(encoded));
}

/* A list of PromptAddress as the array that is hashed. */
static char *
spell_includes(const List *includes)
{
	StringInfoData document;
	ListCell   *cell;

	initStringInfo(&document);
	appendStringInfoChar(&document, '[');
	foreach(cell, includes)
	{
		const PromptAddress *address = lfirst(cell);

		appendStringInfo(&document, "%s{\"name\": ", document.len > 1 ? ", " : "");
		escape_json(&document, address->name);
		if (address->version > 0)
			appendStringInfo(&document, ", \"version\": %d}", address->version);
		else
		{
			appendStringInfoString(&document, ", \"alias\": ");
			escape_json(&document, address->alias);
			appendStringInfoString(&document, ", \"follow\": true}");
		}
	}
	appendStringInfoChar(&document, ']');
	return document.data;
}

/* ---- what was stored ---- */

/* JSON as it is hashed: the order of members is no part of it. */
static Jsonb *
hashed(TextSlice document)
{
	return document.data == NULL ? NULL : document_parse(pnstrdup(document.data, document.len));
}

void
prompt_hash_check(const char *name, int32 version, const PromptContent *content)
{
	char	   *hash = prompt_hash(content->kind, content->text, hashed(content->messages),
								   hashed(content->response_format), hashed(content->model_config),
								   content->syntax, spell_includes(content->includes));

	if (strcmp(hash, content->hash) != 0)
		prompt_raise_corrupted(name, version,
							   "Its content has another hash than the one that was stored with it.");
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
