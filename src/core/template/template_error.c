/*
 * template_error.c
 *		How errors of templates are filled in.
 */
#include "core/template/template_error.h"

#include <stdio.h>
#include <string.h>

#include "core/template/template_scan.h"
#include "core/text/unicode.h"

#define ELLIPSIS	"..."

QuotedText
template_quote(const char *text, size_t len)
{
	QuotedText	quoted = {""};
	size_t		n = unicode_clip(text, len, sizeof(quoted.text) - sizeof(ELLIPSIS));

	for (size_t i = 0; i < n; i++)
		quoted.text[i] = (unsigned char) text[i] < ' ' || text[i] == 0x7F ? ' ' : text[i];
	if (n < len)
		memcpy(quoted.text + n, ELLIPSIS, sizeof(ELLIPSIS));
	return quoted;
}

void
template_error_fill(TemplateError *error, TemplateErrorKind kind, const char *text,
					size_t offset, const char *hint, const char *format, va_list arguments)
{
	error->kind = kind;
	error->hint[0] = '\0';
	scan_position(text, offset, &error->line, &error->column);
	(void) vsnprintf(error->message, sizeof(error->message), format, arguments);
	if (hint != NULL)
		(void) snprintf(error->hint, sizeof(error->hint), "%s", hint);
}
