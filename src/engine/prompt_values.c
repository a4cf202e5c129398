/*
 * prompt_values.c
 *		From jsonb to the values that templates see.
 */
#include "postgres.h"

#include "engine/prompt_values.h"
#include "miscadmin.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"

static void read_container(JsonbContainer *container, Value *value);

/* Zeroed memory for n items, of which there may be many. */
static void *
allocate(uint32 n, size_t size)
{
	return MemoryContextAllocExtended(CurrentMemoryContext, Max(1, n) * size,
									  MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
}

static void
read_value(const JsonbValue *from, Value *value)
{
	CHECK_FOR_INTERRUPTS();
	switch (from->type)
	{
		case jbvNull:
			value->kind = VALUE_NULL;
			break;
		case jbvBool:
			value->kind = VALUE_BOOL;
			value->boolean = from->val.boolean;
			break;
		case jbvNumeric:
			value->kind = VALUE_NUMBER;
			value->text = DatumGetCString(DirectFunctionCall1(numeric_out,
															  NumericGetDatum(from->val.numeric)));
			value->len = strlen(value->text);
			break;
		case jbvString:
			value->kind = VALUE_STRING;
			value->text = from->val.string.val;
			value->len = from->val.string.len;
			break;
		default:
			read_container(from->val.binary.data, value);
			break;
	}
}

static void
read_array(JsonbContainer *array, Value *value)
{
	uint32		n = JsonContainerSize(array);
	Value	   *elements = allocate(n, sizeof(Value));
	JsonbIterator *it = JsonbIteratorInit(array);
	JsonbIteratorToken token;
	JsonbValue	element;
	uint32		i = 0;

	while ((token = JsonbIteratorNext(&it, &element, true)) != WJB_DONE)
		if (token == WJB_ELEM)
			read_value(&element, &elements[i++]);
	value->kind = VALUE_ARRAY;
	value->elements = elements;
	value->len = i;
}

static void
read_object(JsonbContainer *object, Value *value)
{
	uint32		n = JsonContainerSize(object);
	ValueMember *members = allocate(n, sizeof(ValueMember));
	JsonbIterator *it = JsonbIteratorInit(object);
	JsonbIteratorToken token;
	JsonbValue	item;
	uint32		i = 0;

	while ((token = JsonbIteratorNext(&it, &item, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
		{
			members[i].key = item.val.string.val;
			members[i].key_len = item.val.string.len;
		}
		else if (token == WJB_VALUE)
			read_value(&item, &members[i++].value);
	}
	value->kind = VALUE_OBJECT;
	value->members = members;
	value->len = i;
}

static void
read_container(JsonbContainer *container, Value *value)
{
	check_stack_depth();
	if (JsonContainerIsObject(container))
		read_object(container, value);
	else
		read_array(container, value);
}

const Value *
prompt_values_read(Jsonb *document)
{
	Value	   *value = palloc0(sizeof(Value));

	value->kind = VALUE_OBJECT;
	if (document != NULL)
		read_container(&document->root, value);
	return value;
}
