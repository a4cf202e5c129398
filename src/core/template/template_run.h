/*
 * template_run.h
 *		What the parts of the renderer share: variables, work done, the error.
 *
 * Functions that return false have filled in the error.  Nothing here raises,
 * but the interrupt callback may jump away from every call that counts work.
 */
#ifndef GAIOPS_TEMPLATE_RUN_H
#define GAIOPS_TEMPLATE_RUN_H

#include "core/memory/scratch.h"
#include "core/template/template.h"
#include "core/template/template_program.h"
#include "core/text/text_builder.h"

/* Room for the index of a loop in digits. */
#define INDEX_LENGTH	24

/* The members of "loop", in the order of jsonb. */
enum
{
	LOOP_LAST,
	LOOP_FIRST,
	LOOP_INDEX,
	LOOP_MEMBERS
};

/*
 * The variable of a loop, and "loop" itself, which is filled in when it is
 * asked for.
 */
typedef struct Scope
{
	struct Scope *outer;
	TemplateName name;
	Value		value;
	size_t		index;			/* counted from 1 */
	bool		is_last;
	char		index_text[INDEX_LENGTH];
	ValueMember members[LOOP_MEMBERS];
	Value		loop;
} Scope;

typedef struct TemplateRun
{
	Arena	   *arena;
	Scratch		scratch;
	const TemplateOptions *options;
	const Template *template;	/* the one at work */
	Scope	   *scope;			/* the innermost; NULL outside of loops */
	size_t		max_output;
	size_t		max_steps;
	size_t		steps;			/* of work, so far */
	size_t		next_check;		/* for interrupts */
	TemplateNames *missing;
	bool		is_missing;		/* a variable was; the place is of the first */
	const Template *missing_template;
	uint32_t	missing_offset;
	TemplateError *error;
} TemplateRun;

/* Fills in the error, at an offset in the template at work; returns false. */
extern bool run_fail(TemplateRun *run, TemplateErrorKind kind, uint32_t offset,
					 const char *format,...) __attribute__((format(printf, 4, 5)));

extern bool run_fail_memory(TemplateRun *run);

/* The same for the problem of a builder. */
extern bool run_fail_text(TemplateRun *run, const TextBuilder *builder, uint32_t offset);

/* Counts steps of work for what is at offset. */
extern bool run_work(TemplateRun *run, size_t steps, uint32_t offset);

/* The steps that it takes to look at that many bytes. */
extern size_t run_steps_of(size_t bytes);

/*
 * Looks a variable up, such as user.name; its first part has name_len bytes.
 * The value is undefined if there is none.
 */
extern bool run_lookup(TemplateRun *run, TemplateName path, size_t name_len,
					   uint32_t offset, Value *value);

/* Notes that a variable is missing. */
extern bool run_note_missing(TemplateRun *run, TemplateName path, uint32_t offset);

/* Fills in the error that some are, once the run is over; returns false. */
extern bool run_fail_missing(TemplateRun *run);

#endif							/* GAIOPS_TEMPLATE_RUN_H */
