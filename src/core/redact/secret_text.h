/*
 * secret_text.h
 *		Statements that carry a key, known by their text.
 */
#ifndef GAIOPS_SECRET_TEXT_H
#define GAIOPS_SECRET_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Called now and then while text is looked at; may be NULL, as it is at
 * first, and jump away.
 */
extern void (*secret_text_check_interrupts) (void);

/*
 * Whether a text calls gaiops_create_secret() or gaiops_alter_secret() with
 * arguments.  The name may be quoted, in any case, or have Unicode escapes.
 * The forms that read a file, the functions' signatures, as GRANT takes them,
 * and empty parentheses, as a hint has them, are no calls.  A call that was
 * mistyped behind the name is one, and so is a name with hundreds of spaces
 * or comments behind it.
 */
extern bool secret_text_has_call(const char *text);

/*
 * Finds where a text executes a prepared statement, copies its name as the
 * parser would read it, cut to size - 1 bytes, and returns where to look for
 * the next one; NULL if there is none.  The name is empty where it stands
 * behind too many comments.
 */
extern const char *secret_text_next_execute(const char *text, char *name, size_t size);

#endif							/* GAIOPS_SECRET_TEXT_H */
