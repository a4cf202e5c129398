/*
 * sink.c
 *		Writing rows of records into our tables, straight through the table
 *		access method.
 *
 * The way of the logical replication apply worker: no parsing, no planning,
 * partition routing by the executor's own code.  It works only in the
 * writer's process.  Rows may come from a record, from an observer of others,
 * or from the recovery of what was lost.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/table.h"
#include "access/xact.h"
#include "base/store.h"
#include "catalog/namespace.h"
#include "catalog/pg_namespace.h"
#include "commands/trigger.h"
#include "compat.h"
#include "executor/execPartition.h"
#include "executor/executor.h"
#include "foreign/fdwapi.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "queue/sink.h"
#include "queue/sink_target.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

typedef struct SinkTable
{
	RecordShape *shape;
	Relation	rel;			/* NULL until first used */
	ResultRelInfo *result;
	TupleTableSlot *slot;		/* a row of the table */
	TupleTableSlot *found;		/* a row found by its key */
	int		   *map;			/* shape column -> table column, or -1 */
	ModifyTableState *routing_state;	/* both NULL unless partitioned */
	PartitionTupleRouting *routing;
	void	   *states[RECORD_MAX_OBSERVERS];
} SinkTable;

struct Sink
{
	EState	   *estate;
	Oid			schema;
	Oid			owner;
	int			max_id;			/* of shapes */
	SinkTable  *tables;			/* by the ids of their shapes */
	bool		is_closing;		/* rows come from observers, and none is told */
};

#define SCHEMA_NAME "gaiops"

/* Our schema, if it belongs to the extension's owner. */
static Oid
find_schema(Oid owner)
{
	Oid			schema = get_namespace_oid(SCHEMA_NAME, true);
	HeapTuple	tuple;
	bool		ours = false;

	tuple = SearchSysCache1(NAMESPACEOID, ObjectIdGetDatum(schema));
	if (HeapTupleIsValid(tuple))
	{
		ours = ((Form_pg_namespace) GETSTRUCT(tuple))->nspowner == owner;
		ReleaseSysCache(tuple);
	}
	return ours ? schema : InvalidOid;
}

bool
sink_available(void)
{
	Oid			owner;

	if (!store_find_owner(&owner) || !OidIsValid(find_schema(owner)))
		return false;
	SetUserIdAndSecContext(owner, SECURITY_LOCAL_USERID_CHANGE |
						   SECURITY_RESTRICTED_OPERATION);
	return true;
}

Sink *
sink_open(void)
{
	Sink	   *sink = palloc0(sizeof(Sink));

	sink->max_id = record_max_id();
	sink->tables = palloc0(sizeof(SinkTable) * (sink->max_id + 1));
	sink->owner = GetUserId();
	sink->schema = find_schema(sink->owner);
	sink->estate = CreateExecutorState();
	sink->estate->es_output_cid = GetCurrentCommandId(true);
	sink->estate->es_snapshot = GetActiveSnapshot();
	AfterTriggerBeginQuery();
	return sink;
}

/*
 * Opens a table of ours.  A relation somebody else put in its place is
 * refused: its triggers would run with our rights.
 */
static Relation
open_relation(const Sink *sink, const char *name)
{
	Oid			oid = get_relname_relid(name, sink->schema);
	Relation	rel;

	if (!OidIsValid(oid))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("relation \"%s.%s\" does not exist", SCHEMA_NAME, name)));
	rel = table_open(oid, RowExclusiveLock);
	if (rel->rd_rel->relowner != sink->owner)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("relation \"%s.%s\" does not belong to the owner of the extension",
						SCHEMA_NAME, name)));
	sink_check_target(rel);
	return rel;
}

/* Makes the routing to partitions ready. */
static void
open_routing(Sink *sink, SinkTable *target)
{
	ModifyTableState *state = makeNode(ModifyTableState);

	state->ps.state = sink->estate;
	state->operation = CMD_INSERT;
	state->resultRelInfo = target->result;
	target->routing_state = state;
	target->routing = ExecSetupPartitionTupleRouting(sink->estate, target->rel);
}

/* The table of a shape, opened at its first use in the transaction. */
static SinkTable *
open_table(Sink *sink, RecordShape *shape)
{
	SinkTable  *target = &sink->tables[record_shape_id(shape)];
	TupleDesc	desc;

	if (target->rel != NULL)
		return target;

	target->shape = shape;
	target->rel = open_relation(sink, shape->table);
	desc = RelationGetDescr(target->rel);
	target->result = makeNode(ResultRelInfo);
	InitResultRelInfo(target->result, target->rel,
					  compat_add_range(sink->estate, target->rel), NULL, 0);
	target->map = record_map_columns(shape, desc);
	target->slot = ExecInitExtraTupleSlot(sink->estate, desc, &TTSOpsVirtual);
	if (target->rel->rd_rel->relkind == RELKIND_PARTITIONED_TABLE)
		open_routing(sink, target);
	else
	{
		target->found = table_slot_create(target->rel,
										  &sink->estate->es_tupleTable);
		ExecOpenIndices(target->result, false);
	}
	for (int i = 0; i < shape->nobservers; i++)
		target->states[i] = shape->observers[i]->begin();
	return target;
}

/*
 * Raises where a column has another type than its values, whose bytes it must
 * not get: a database that is not updated yet may have one of before.  The
 * error names the column in its fields, which tells it from those of triggers.
 */
static void
check_type(Oid type, Relation rel, Form_pg_attribute column)
{
	if (type != column->atttypid)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("column \"%s\" of table \"%s.%s\" has type %s, but its values have type %s",
						NameStr(column->attname), SCHEMA_NAME, RelationGetRelationName(rel),
						format_type_be(column->atttypid), format_type_be(type)),
				 errhint("Run ALTER EXTENSION genaiops UPDATE in this database."),
				 errtablecol(rel, column->attnum)));
}

/* Puts a row of the table's shape into its slot. */
static void
fill_slot(SinkTable *target, const RecordValues *row)
{
	const RecordShape *shape = target->shape;
	TupleTableSlot *slot = ExecClearTuple(target->slot);
	TupleDesc	table = slot->tts_tupleDescriptor;

	memset(slot->tts_isnull, true,
		   sizeof(bool) * table->natts);
	for (int i = 0; i < shape->ncolumns; i++)
	{
		int			column = target->map[i];

		if (column < 0 || row->nulls[i])
			continue;
		check_type(shape->columns[i].type, target->rel, TupleDescAttr(table, column));
		slot->tts_values[column] = row->values[i];
		slot->tts_isnull[column] = false;
	}
	ExecStoreVirtualTuple(slot);
}

/*
 * Inserts the slot, into the right partition if there are any.  That may be a
 * foreign table, where past periods are kept elsewhere.
 */
static void
insert_slot(Sink *sink, SinkTable *target)
{
	ResultRelInfo *result = target->result;
	TupleTableSlot *slot = target->slot;

	if (target->routing != NULL)
	{
		TupleConversionMap *map;

		result = ExecFindPartition(target->routing_state, target->result,
								   target->routing, slot, sink->estate);
		map = compat_root_to_child_map(result, sink->estate);
		if (map != NULL)
			slot = execute_attr_map_slot(map->attrMap, slot,
										 result->ri_PartitionTupleSlot);
	}
	if (result->ri_FdwRoutine != NULL)
		result->ri_FdwRoutine->ExecForeignInsert(sink->estate, result, slot, slot);
	else
		ExecSimpleRelationInsert(result, sink->estate, slot);
}

/* Makes the rows of this very batch visible, so that they are found. */
static void
show_batch(Sink *sink)
{
	CommandCounterIncrement();
	sink->estate->es_output_cid = GetCurrentCommandId(true);
	UpdateActiveSnapshotCommandId();
}

/* Looks for the row with the slot's primary key, and locks it. */
static bool
find_row(Sink *sink, SinkTable *target)
{
	Oid			index = compat_primary_key_index(target->rel);

	show_batch(sink);
	if (!OidIsValid(index))
		elog(ERROR, "relation \"%s\" has no primary key",
			 RelationGetRelationName(target->rel));
	return RelationFindReplTupleByIndex(target->rel, index,
										LockTupleExclusive, target->slot,
										target->found);
}

/* Begins to read the rows that have a uuid in the shape's first column. */
static SysScanDesc
begin_scan(const SinkTable *target, Datum id)
{
	ScanKeyData key;

	ScanKeyInit(&key, target->map[0] + 1, BTEqualStrategyNumber, F_UUID_EQ, id);
	return systable_beginscan(target->rel, compat_primary_key_index(target->rel),
							  true, GetActiveSnapshot(), 1, &key);
}

bool
sink_find(Sink *sink, RecordShape *shape, RecordValues *row)
{
	SinkTable  *target = open_table(sink, shape);
	HeapTuple	tuple;
	SysScanDesc scan;

	show_batch(sink);
	scan = begin_scan(target, row->values[0]);
	tuple = systable_getnext(scan);
	if (HeapTupleIsValid(tuple))
		record_read_tuple(row, shape, heap_copytuple(tuple),
						  RelationGetDescr(target->rel));
	systable_endscan(scan);
	return HeapTupleIsValid(tuple);
}

/*
 * Whether the object of the slot's row, which find_row() did not find, has as
 * many rows as it may.  Nobody else inserts any, so that none can come in
 * between.
 */
static bool
object_is_full(SinkTable *target)
{
	int			most = target->shape->max_per_object;
	SysScanDesc scan = begin_scan(target, target->slot->tts_values[target->map[0]]);
	int			nrows = 0;

	while (nrows < most && HeapTupleIsValid(systable_getnext(scan)))
		nrows++;
	systable_endscan(scan);
	return nrows >= most;
}

/* Whether a row whose key was looked for is to be inserted. */
static bool
is_to_be_inserted(RecordOp op, SinkTable *target, bool found)
{
	if (op == RECORD_DELETE || (op == RECORD_INSERT_MISSING && found))
		return false;
	return found || target->shape->max_per_object == 0 || !object_is_full(target);
}

/*
 * Makes room for the slot's row as the operation says; returns whether it is
 * to be inserted.
 */
static bool
prepare_key(Sink *sink, RecordOp op, SinkTable *target)
{
	bool		found;

	if (op == RECORD_INSERT)
		return true;
	found = find_row(sink, target);
	if (found && op != RECORD_INSERT_MISSING)
		simple_table_tuple_delete(target->rel, &target->found->tts_tid,
								  GetActiveSnapshot());
	return is_to_be_inserted(op, target, found);
}

static void
tell_observers(SinkTable *target, const RecordValues *row)
{
	for (int i = 0; i < target->shape->nobservers; i++)
		target->shape->observers[i]->see(target->states[i], row);
}

void
sink_write(Sink *sink, RecordOp op, RecordShape *shape, RecordValues *row)
{
	SinkTable  *target = open_table(sink, shape);

	if (op == RECORD_INSERT && shape->prepare != NULL)
		shape->prepare(sink, row);
	fill_slot(target, row);
	if (prepare_key(sink, op, target))
	{
		insert_slot(sink, target);
		if (!sink->is_closing)
			tell_observers(target, row);
	}
	ResetPerTupleExprContext(sink->estate);
}

/* Has those who observe a table's rows add theirs. */
static void
end_observers(Sink *sink, SinkTable *target)
{
	for (int i = 0; i < target->shape->nobservers; i++)
		target->shape->observers[i]->end(target->states[i], sink);
}

static void
close_table(SinkTable *target)
{
	if (target->routing != NULL)
		ExecCleanupTupleRouting(target->routing_state, target->routing);
	else
		ExecCloseIndices(target->result);
	table_close(target->rel, NoLock);
}

void
sink_close(Sink *sink)
{
	sink->is_closing = true;
	for (int id = 1; id <= sink->max_id; id++)
		if (sink->tables[id].rel != NULL)
			end_observers(sink, &sink->tables[id]);
	AfterTriggerEndQuery(sink->estate);
	for (int id = 1; id <= sink->max_id; id++)
		if (sink->tables[id].rel != NULL)
			close_table(&sink->tables[id]);
	ExecResetTupleTable(sink->estate->es_tupleTable, false);
	FreeExecutorState(sink->estate);
}
