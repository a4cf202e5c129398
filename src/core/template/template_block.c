/*
 * template_block.c
 *		Writing the instructions of a template, and its blocks as jumps.
 *
 * Jumps whose target is not known yet are linked through their targets.
 */
#include "core/template/template_block.h"

Instruction *
program_add(TemplateParser *parser, ProgramWriter *program, Opcode op, size_t offset, size_t len)
{
	Instruction *instruction;

	program->instructions = parser_grow(parser, program->instructions, program->n,
										sizeof(Instruction));
	if (program->instructions == NULL)
		return NULL;
	instruction = &program->instructions[program->n++];
	*instruction = (Instruction) {.op = op,.offset = (uint32_t) offset,.len = (uint32_t) len};
	return instruction;
}

/* Adds an instruction for the current tag. */
static Instruction *
add(TemplateParser *parser, ProgramWriter *program, Opcode op)
{
	return program_add(parser, program, op, parser->tag, parser->scanner.at - parser->tag);
}

/* Begins a block with an instruction that jumps over its first branch. */
static Instruction *
begin(TemplateParser *parser, ProgramWriter *program, Opcode op, const Expression *expression)
{
	Instruction *instruction;

	if (program->depth == TEMPLATE_MAX_DEPTH)
	{
		(void) parser_fail_limit(parser, parser->tag, "blocks are nested too deeply");
		return NULL;
	}
	instruction = add(parser, program, op);
	if (instruction == NULL)
		return NULL;
	instruction->expression = expression;
	program->blocks[program->depth++] = (Block) {
		.is_loop = op == OP_FOR,
		.offset = (uint32_t) parser->tag,
		.begin = program->n - 1,
		.skip = program->n - 1,
		.to_end = NO_INSTRUCTION,
	};
	return instruction;
}

bool
block_begin_if(TemplateParser *parser, ProgramWriter *program, const Expression *condition)
{
	return begin(parser, program, OP_UNLESS, condition) != NULL;
}

bool
block_begin_for(TemplateParser *parser, ProgramWriter *program, TemplateName variable,
				const Expression *items)
{
	Instruction *instruction = begin(parser, program, OP_FOR, items);

	if (instruction == NULL)
		return false;
	instruction->variable = variable;
	parser->loops++;
	return true;
}

/* Ends the body of a loop. */
static bool
end_body(TemplateParser *parser, ProgramWriter *program, const Block *block)
{
	Instruction *next = add(parser, program, OP_NEXT);

	if (next == NULL)
		return false;
	next->target = block->begin + 1;
	parser->loops--;
	return true;
}

bool
block_branch(TemplateParser *parser, ProgramWriter *program, const Expression *condition)
{
	Block	   *block = &program->blocks[program->depth - 1];
	Instruction *jump;

	if (block->is_loop && !end_body(parser, program, block))
		return false;
	jump = add(parser, program, OP_JUMP);
	if (jump == NULL)
		return false;
	jump->target = block->to_end;
	block->to_end = program->n - 1;
	program->instructions[block->skip].target = program->n;
	block->skip = NO_INSTRUCTION;
	block->has_else = condition == NULL;
	if (condition == NULL)
		return true;
	block->skip = program->n;
	jump = add(parser, program, OP_UNLESS);
	if (jump == NULL)
		return false;
	jump->expression = condition;
	return true;
}

bool
block_end(TemplateParser *parser, ProgramWriter *program)
{
	Block	   *block = &program->blocks[program->depth - 1];

	if (block->is_loop && !block->has_else && !end_body(parser, program, block))
		return false;
	if (block->skip != NO_INSTRUCTION)
		program->instructions[block->skip].target = program->n;
	while (block->to_end != NO_INSTRUCTION)
	{
		Instruction *jump = &program->instructions[block->to_end];

		block->to_end = jump->target;
		jump->target = program->n;
	}
	program->depth--;
	return true;
}
