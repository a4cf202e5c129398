/*
 * prompt_rows.h
 *		Rows of the prompt registry, found by their keys.
 *
 * All that is read between prompt_rows_open() and prompt_rows_close() is read
 * with one snapshot, the latest when that began.  Rights were checked before:
 * by EXECUTE on the SQL function that leads here.
 */
#ifndef GAIOPS_PROMPT_ROWS_H
#define GAIOPS_PROMPT_ROWS_H

#include "access/htup.h"
#include "access/tupdesc.h"
#include "core/template/prompt_address.h"
#include "core/text/text_slice.h"
#include "nodes/pg_list.h"
#include "utils/snapshot.h"

typedef struct PromptRows
{
	Oid			schema;
	Snapshot	snapshot;
} PromptRows;

/* What is hashed of a version, and its hash. */
typedef struct PromptContent
{
	char	   *kind;
	char	   *syntax;
	char	   *text;			/* NULL for a chat prompt */
	TextSlice	messages;		/* absent for a text prompt */
	TextSlice	response_format;	/* absent if none, as the next */
	TextSlice	model_config;
	char	   *hash;
	List	   *includes;		/* PromptAddress, in order; version 0 if the
								 * alias is followed */
} PromptContent;

/*
 * Reads a row of gaiops.prompt_contents, or of gaiops.prompt_versions, into
 * the current memory context, but for what it includes.
 */
extern void prompt_row_read(TupleDesc shape, HeapTuple row, PromptContent *content);

/* Raises if the extension is not installed here. */
extern void prompt_rows_open(PromptRows *rows);
extern void prompt_rows_close(PromptRows *rows);

/* The version that an alias points to; 0 if there is none. */
extern int32 prompt_rows_aliased(const PromptRows *rows, const char *name,
								 const char *alias);

/* The highest version that is not deleted; 0 if there is none. */
extern int32 prompt_rows_latest(const PromptRows *rows, const char *name);

/*
 * Reads a version into the current memory context; false if there is none that
 * is not deleted.
 */
extern bool prompt_rows_content(const PromptRows *rows, const char *name,
								int32 version, PromptContent *content);

#endif							/* GAIOPS_PROMPT_ROWS_H */
