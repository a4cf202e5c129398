/*
 * record_shape.c
 *		Shapes of the rows that records have: one for each table that the
 *		writer fills.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "queue/record_shape.h"
#include "utils/memutils.h"

#define MAX_SHAPES 100
#define MAX_RECOVERIES 20

/*
 * By their ids, which are counted from 1: 0 is that of a shape not registered.
 */
static RecordShape *shapes[MAX_SHAPES + 1];
static int	nshapes = 0;

static RecordRecovery recoveries[MAX_RECOVERIES];
static int	nrecoveries = 0;

StaticAssertDecl(MAX_SHAPES <= PG_UINT8_MAX, "ids of shapes have 8 bits in records");

void
record_register(RecordShape *shape)
{
	if (!process_shared_preload_libraries_in_progress)
		return;
	if (nshapes >= MAX_SHAPES || shape->ncolumns > RECORD_MAX_COLUMNS)
		elog(ERROR, "too many shapes, or columns of \"%s\"", shape->table);
	Assert(shape->id == 0);
	Assert(shape->max_per_object == 0 || shape->columns[0].type == UUIDOID);
	shapes[++nshapes] = shape;
	shape->id = nshapes;
}

void
record_observe(RecordShape *shape, const RecordObserver *observer)
{
	if (shape->nobservers >= RECORD_MAX_OBSERVERS)
		elog(ERROR, "too many observers of \"%s\"", shape->table);
	shape->observers[shape->nobservers++] = observer;
}

void
record_add_recovery(RecordRecovery recovery)
{
	if (nrecoveries >= MAX_RECOVERIES)
		elog(ERROR, "too many recoveries");
	recoveries[nrecoveries++] = recovery;
}

void
record_recover(Sink *sink)
{
	for (int i = 0; i < nrecoveries; i++)
		recoveries[i] (sink);
}

int
record_max_id(void)
{
	return nshapes;
}

RecordShape *
record_shape(int id)
{
	if (id < 1 || id > nshapes)
		elog(ERROR, "no shape has id %d", id);
	return shapes[id];
}

int
record_shape_id(const RecordShape *shape)
{
	if (shape->id == 0)
		elog(ERROR, "shape of \"%s\" was not registered", shape->table);
	return shape->id;
}

TupleDesc
record_desc(RecordShape *shape)
{
	TupleDesc	desc;
	MemoryContext old;

	if (shape->desc != NULL)
		return shape->desc;

	desc = CreateTemplateTupleDesc(shape->ncolumns);
	for (int i = 0; i < shape->ncolumns; i++)
		TupleDescInitEntry(desc, i + 1, shape->columns[i].name,
						   shape->columns[i].type, -1, 0);
	old = MemoryContextSwitchTo(TopMemoryContext);
	shape->desc = CreateTupleDescCopy(desc);
	MemoryContextSwitchTo(old);
	return shape->desc;
}

void
record_prepare(void)
{
	for (int id = 1; id <= nshapes; id++)
		(void) record_desc(shapes[id]);
}

/* The table's column of a name, tried first where it most likely is; or -1. */
static int
find_column(TupleDesc table, const char *name, int likely)
{
	for (int i = 0; i < table->natts; i++)
	{
		int			at = (likely + i) % table->natts;
		Form_pg_attribute column = TupleDescAttr(table, at);

		if (!column->attisdropped && strcmp(NameStr(column->attname), name) == 0)
			return at;
	}
	return -1;
}

int *
record_map_columns(const RecordShape *shape, TupleDesc table)
{
	int		   *map = palloc(sizeof(int) * shape->ncolumns);
	int			likely = 0;

	for (int i = 0; i < shape->ncolumns; i++)
	{
		map[i] = find_column(table, shape->columns[i].name, likely);
		likely = map[i] + 1;
	}
	return map;
}
