/*
 * prompt_rows.h
 *		Looking up rows of the prompt registry by key.
 *
 * Every use of a prompt does it, so it goes straight to the index, which costs a
 * tenth of a statement.  It looks with the latest snapshot, changes of this
 * transaction included, and asks for no rights: who may call the functions above
 * may see the rows.
 */
#ifndef GAIOPS_PROMPT_ROWS_H
#define GAIOPS_PROMPT_ROWS_H

/* The version an alias points to; 0 if there is no such alias. */
extern int32 prompt_rows_alias(const char *name, const char *alias);

/* The latest version that is not deleted; 0 if there is none. */
extern int32 prompt_rows_latest(const char *name);

/*
 * The content hash that is stored with a version, in the current memory context;
 * NULL if there is no such version or it is deleted.
 */
extern char *prompt_rows_hash(const char *name, int32 version);

#endif							/* GAIOPS_PROMPT_ROWS_H */
