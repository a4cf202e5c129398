/*
 * template_program.h
 *		What a template is once parsed: instructions with expressions.
 *
 * Blocks become jumps, so that rendering a template needs no recursion:
 *
 *		{% if a %}A{% else %}B{% endif %}
 *			0 UNLESS a, 3   1 TEXT A   2 JUMP 4   3 TEXT B   4 END
 *		{% for x in a %}A{% else %}B{% endfor %}
 *			0 FOR x in a, 4   1 TEXT A   2 NEXT 1   3 JUMP 5   4 TEXT B   5 END
 *
 * Only the files of the parser and those of the renderer include this.
 */
#ifndef GAIOPS_TEMPLATE_PROGRAM_H
#define GAIOPS_TEMPLATE_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>

#include "core/json/value.h"
#include "core/template/template.h"

typedef struct Expression Expression;
typedef struct Operand Operand;

typedef enum ExpressionKind
{
	EXPRESSION_CONSTANT,
	EXPRESSION_VARIABLE,		/* name or name.name.0 */
	EXPRESSION_LIST,
	EXPRESSION_NOT,
	EXPRESSION_AND,
	EXPRESSION_OR,
	EXPRESSION_COMPARISON,		/* a < b == c */
	EXPRESSION_CHAIN			/* a|filter|filter is defined */
} ExpressionKind;

typedef enum Comparison
{
	COMPARE_EQUAL,
	COMPARE_NOT_EQUAL,
	COMPARE_LESS,
	COMPARE_LESS_EQUAL,
	COMPARE_GREATER,
	COMPARE_GREATER_EQUAL,
	COMPARE_IN,
	COMPARE_NOT_IN
} Comparison;

typedef enum Filter
{
	FILTER_DEFAULT,
	FILTER_JOIN,
	FILTER_LENGTH,
	FILTER_TOJSON,
	FILTER_UPPER,
	FILTER_LOWER,
	FILTER_TRIM,
	TEST_DEFINED,				/* tests are applied as filters are */
	TEST_NOT_DEFINED
} Filter;

/* One of several operands, in a list. */
struct Operand
{
	Operand    *next;
	Expression *expression;
	Comparison	comparison;		/* of it and what is before it */
	uint32_t	offset;			/* of the operator */
};

/* One filter or test of a chain. */
typedef struct ChainLink
{
	struct ChainLink *next;
	Filter		filter;
	uint32_t	offset;
	Operand    *arguments;
} ChainLink;

struct Expression
{
	ExpressionKind kind;
	uint32_t	offset;			/* where it begins in the template */
	union
	{
		Value		constant;
		struct
		{
			TemplateName path;	/* as written */
			size_t		name_len;	/* of its first part */
		}			variable;
		Operand    *operands;	/* of a list, and, or; of a comparison */
		Expression *operand;	/* of not */
		struct
		{
			Expression *base;
			ChainLink  *links;
		}			chain;
	}			u;
};

typedef enum Opcode
{
	OP_TEXT,
	OP_PRINT,					/* the value of an expression */
	OP_PRINT_MLFLOW,			/* the value of a variable, as Python does */
	OP_JUMP,
	OP_UNLESS,					/* jump if the expression is false */
	OP_FOR,						/* begin a loop; jump if there is nothing */
	OP_NEXT,					/* jump if the loop has another item */
	OP_INCLUDE,
	OP_END
} Opcode;

typedef struct Instruction
{
	Opcode		op;
	uint32_t	offset;			/* of the text, or of the tag */
	uint32_t	len;			/* of both */
	uint32_t	target;			/* of a jump; the number of an include */
	const Expression *expression;
	TemplateName variable;		/* of a loop */
} Instruction;

struct Template
{
	const char *text;
	size_t		len;
	const Instruction *instructions;
	size_t		n_instructions;
	TemplateInclude *includes;
	size_t		n_includes;
	bool		is_plain;
};

#endif							/* GAIOPS_TEMPLATE_PROGRAM_H */
