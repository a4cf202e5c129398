/*
 * prompts.c
 *		The prompt registry.
 */
#include "postgres.h"

#include "prompts/number_shape.h"
#include "prompts/prompts.h"

void
prompts_init(void)
{
	record_register(&number_shape);
}
