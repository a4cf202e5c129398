/*
 * template_error.h
 *		How errors of templates are filled in.  Nothing here raises or jumps.
 */
#ifndef GAIOPS_TEMPLATE_ERROR_H
#define GAIOPS_TEMPLATE_ERROR_H

#include <stdarg.h>

#include "core/template/template.h"

/* Text as it is quoted in a message: cut, on one line, with its NUL. */
typedef struct QuotedText
{
	char		text[80];
} QuotedText;

extern QuotedText template_quote(const char *text, size_t len);

/*
 * Fills in everything but error->template.  The place is an offset in text; no
 * hint is NULL.
 */
extern void template_error_fill(TemplateError *error, TemplateErrorKind kind,
								const char *text, size_t offset, const char *hint,
								const char *format, va_list arguments)
			__attribute__((format(printf, 6, 0)));

#endif							/* GAIOPS_TEMPLATE_ERROR_H */
