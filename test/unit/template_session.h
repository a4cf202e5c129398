/*
 * template_session.h
 *		What unit tests of templates share: one template and what becomes of
 *		it.
 */
#ifndef GAIOPS_TEMPLATE_SESSION_H
#define GAIOPS_TEMPLATE_SESSION_H

#include "check.h"
#include "core/template/template.h"
#include "json_values.h"

#define ARENA_LIMIT		((size_t) 256 << 20)

/* Everything that one rendering needs. */
typedef struct Session
{
	Arena	   *arena;
	const Template *template;
	TemplateError error;
	TemplateNames missing;
	char	   *result;
	size_t		len;
} Session;

static inline Session
parse_bytes(const char *text, size_t len)
{
	Session		session = {.arena = arena_create(ARENA_LIMIT)};

	session.template = template_parse(session.arena, text, len,
									  TEMPLATE_SYNTAX_GAIOPS, &session.error);
	return session;
}

static inline Session
parse(const char *text)
{
	return parse_bytes(text, strlen(text));
}

static inline void
render_value(Session *session, const Value *variables, void (*check_interrupts) (void))
{
	TemplateOptions options = {.variables = variables,.check_interrupts = check_interrupts};

	session->result = template_render(session->arena, session->template, &options,
									  &session->len, &session->missing, &session->error);
}

static inline void
render(Session *session, const char *variables)
{
	Value		value;

	CHECK(json_read(session->arena, variables, strlen(variables), &value));
	render_value(session, &value, NULL);
}

/* Checks the error of a session, and frees it. */
static inline void
check_error(Session *session, TemplateErrorKind kind, int place, const char *message, int line)
{
	check_int(session->error.kind, kind, message, "error", line);
	check_int(session->error.line * 1000 + session->error.column, place, message, "place", line);
	check_cstring(session->error.message, message, message, "message", line);
	check_report(session->result == NULL, message, "no result", line);
	arena_free(session->arena);
}

#define CHECK_ERROR(session, kind, line, column, message) \
	check_error(session, kind, (line) * 1000 + (column), message, __LINE__)

/* A long text: opening, piece n times, closing.  The caller frees it. */
static inline char *
repeat(const char *opening, const char *piece, size_t n, const char *closing)
{
	size_t		step = strlen(piece);
	char	   *text = malloc(strlen(opening) + n * step + strlen(closing) + 1);
	char	   *out = text + strlen(opening);

	strcpy(text, opening);
	for (size_t i = 0; i < n; i++, out += step)
		memcpy(out, piece, step);
	strcpy(out, closing);
	return text;
}

/* Sets all targets of an including template to one. */
static inline void
include(const Session *session, const Template *target)
{
	int			n;
	TemplateInclude *includes = template_includes(session->template, &n);

	for (int i = 0; i < n; i++)
		includes[i].target = target;
}

#endif							/* GAIOPS_TEMPLATE_SESSION_H */
