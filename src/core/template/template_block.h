/*
 * template_block.h
 *		Writing the instructions of a template, and its blocks as jumps.
 *
 * Nothing here raises or jumps.
 */
#ifndef GAIOPS_TEMPLATE_BLOCK_H
#define GAIOPS_TEMPLATE_BLOCK_H

#include "core/template/template_parser.h"
#include "core/template/template_program.h"

/* A block that has begun. */
typedef struct Block
{
	bool		is_loop;
	bool		has_else;
	uint32_t	offset;			/* of its first tag */
	uint32_t	begin;			/* its first instruction */
	uint32_t	skip;			/* that which jumps over the current branch */
	uint32_t	to_end;			/* the last of those that jump to its end */
} Block;

/* No such instruction. */
#define NO_INSTRUCTION	UINT32_MAX

/* The instructions so far; all zero to begin with. */
typedef struct ProgramWriter
{
	Instruction *instructions;
	uint32_t	n;
	Block		blocks[TEMPLATE_MAX_DEPTH];
	int			depth;
} ProgramWriter;

/* Adds an instruction, for the text or tag at offset; NULL on an error. */
extern Instruction *program_add(TemplateParser *parser, ProgramWriter *program,
								Opcode op, size_t offset, size_t len);

/* Begins a block with an OP_UNLESS or OP_FOR. */
extern bool block_begin_if(TemplateParser *parser, ProgramWriter *program,
						   const Expression *condition);
extern bool block_begin_for(TemplateParser *parser, ProgramWriter *program,
							TemplateName variable, const Expression *items);

/*
 * Begins the next branch of the innermost block: that of an elif if there is a
 * condition, else that of an else.
 */
extern bool block_branch(TemplateParser *parser, ProgramWriter *program,
						 const Expression *condition);

/* Ends the innermost block. */
extern bool block_end(TemplateParser *parser, ProgramWriter *program);

#endif							/* GAIOPS_TEMPLATE_BLOCK_H */
