/*
 * compat.h
 *		Differences between the PostgreSQL versions we build for.
 *
 * Every file with SQL-callable functions includes this.
 */
#ifndef GAIOPS_COMPAT_H
#define GAIOPS_COMPAT_H

#if PG_VERSION_NUM < 150000
#error "genaiops needs PostgreSQL 15 or later"
#endif

#include "access/htup_details.h"
#include "catalog/pg_database.h"
#include "catalog/pg_proc.h"
#include "common/jsonapi.h"
#include "executor/executor.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "nodes/execnodes.h"
#include "parser/parse_relation.h"
#include "storage/latch.h"
#include "utils/acl.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/wait_event.h"
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

/* A function that does not return; 18 has no other word for it. */
#if PG_VERSION_NUM < 180000
#define pg_noreturn _Noreturn
#endif

/* Before 16 the macro does not export the function, only its description. */
#if PG_VERSION_NUM < 160000
#undef PG_FUNCTION_INFO_V1
#define PG_FUNCTION_INFO_V1(funcname) \
extern PGDLLEXPORT Datum funcname(PG_FUNCTION_ARGS); \
extern PGDLLEXPORT const Pg_finfo_record * CppConcat(pg_finfo_,funcname)(void); \
const Pg_finfo_record * \
CppConcat(pg_finfo_,funcname) (void) \
{ \
	static const Pg_finfo_record my_finfo = { 1 }; \
	return &my_finfo; \
} \
extern int no_such_variable
#endif

/* A wait event set that lives until it is freed, errors notwithstanding. */
static inline WaitEventSet *
compat_create_wait_event_set(int nevents)
{
#if PG_VERSION_NUM >= 170000
	return CreateWaitEventSet(NULL, nevents);
#else
	return CreateWaitEventSet(TopMemoryContext, nevents);
#endif
}

/*
 * The wait event shown in pg_stat_activity while we wait; before 17 that shows
 * one name for all extensions, whatever the number says.  Looks up shared
 * memory: ask once and keep it.
 */
static inline uint32
compat_wait_event(const char *name, int number)
{
#if PG_VERSION_NUM >= 170000
	(void) number;
	return WaitEventExtensionNew(name);
#else
	(void) name;
	return PG_WAIT_EXTENSION | (number + 1);
#endif
}

/* How a row of a partitioned table is laid out in one of its partitions. */
static inline TupleConversionMap *
compat_root_to_child_map(ResultRelInfo *partition, EState *estate)
{
#if PG_VERSION_NUM >= 160000
	return ExecGetRootToChildMap(partition, estate);
#else
	(void) estate;
	return partition->ri_RootToPartitionMap;
#endif
}

/* A row as it is sent, in one piece of the current memory context. */
static inline MinimalTuple
compat_form_minimal_tuple(TupleDesc desc, Datum *values, bool *nulls)
{
#if PG_VERSION_NUM >= 180000
	return heap_form_minimal_tuple(desc, values, nulls, 0);
#else
	return heap_form_minimal_tuple(desc, values, nulls);
#endif
}

/*
 * Adds a relation to the range table of rows that no plan inserts, and returns
 * its place, where foreign data wrappers look for the parent of a partition.
 */
static inline Index
compat_add_range(EState *estate, Relation rel)
{
	RangeTblEntry *entry = makeNode(RangeTblEntry);

	entry->rtekind = RTE_RELATION;
	entry->relid = RelationGetRelid(rel);
	entry->relkind = rel->rd_rel->relkind;
	entry->rellockmode = RowExclusiveLock;
#if PG_VERSION_NUM >= 160000
	(void) addRTEPermissionInfo(&estate->es_rteperminfos, entry);
#endif
	estate->es_range_table = lappend(estate->es_range_table, entry);
	return list_length(estate->es_range_table);
}

/* The index behind a relation's primary key. */
static inline Oid
compat_primary_key_index(Relation rel)
{
#if PG_VERSION_NUM >= 180000
	return RelationGetPrimaryKeyIndex(rel, false);
#else
	return RelationGetPrimaryKeyIndex(rel);
#endif
}

/*
 * Memory for what a check hook passes on, which the server frees; NULL if
 * none.
 */
static inline void *
compat_guc_alloc(size_t size)
{
#if PG_VERSION_NUM >= 160000
	return guc_malloc(LOG, size);
#else
	return malloc(size);
#endif
}

/*
 * What the hook on running a query is given, and passes on; before 18 also
 * whether the query is run once, and so may have parallel workers.
 */
#if PG_VERSION_NUM >= 180000
#define COMPAT_RUN_PARAMETERS QueryDesc *query, ScanDirection direction, uint64 count
#define COMPAT_RUN_ARGUMENTS(alone) query, direction, count
#else
#define COMPAT_RUN_PARAMETERS QueryDesc *query, ScanDirection direction, uint64 count, \
	bool execute_once
#define COMPAT_RUN_ARGUMENTS(alone) query, direction, count, execute_once && !(alone)
#endif

/* Whether a role may execute a function. */
static inline bool
compat_may_execute(Oid function, Oid role)
{
#if PG_VERSION_NUM >= 160000
	return object_aclcheck(ProcedureRelationId, function, role, ACL_EXECUTE) == ACLCHECK_OK;
#else
	return pg_proc_aclcheck(function, role, ACL_EXECUTE) == ACLCHECK_OK;
#endif
}

/* Whether a role owns a database. */
static inline bool
compat_database_ownercheck(Oid database, Oid role)
{
#if PG_VERSION_NUM >= 160000
	return object_ownercheck(DatabaseRelationId, database, role);
#else
	return pg_database_ownercheck(database, role);
#endif
}

/*
 * Whether a role has what another has, or can become it.  From 16 on one can
 * be a member and do neither, as who made a role without being a superuser.
 */
static inline bool
compat_acts_as(Oid member, Oid role)
{
#if PG_VERSION_NUM >= 160000
	return has_privs_of_role(member, role) || member_can_set_role(member, role);
#else
	return is_member_of_role(member, role);
#endif
}

/* What the actions of a JSON parser return, and how they end. */
#if PG_VERSION_NUM >= 160000
typedef JsonParseErrorType CompatJsonResult;
#define COMPAT_JSON_RETURN()	return JSON_SUCCESS
#else
typedef void CompatJsonResult;
#define COMPAT_JSON_RETURN()	return
#endif

/* A lexer of JSON that takes strings apart, and so checks their escapes. */
static inline JsonLexContext *
compat_json_lexer(char *text, int len)
{
#if PG_VERSION_NUM >= 170000
	return makeJsonLexContextCstringLen(NULL, text, len, GetDatabaseEncoding(), true);
#else
	return makeJsonLexContextCstringLen(text, len, GetDatabaseEncoding(), true);
#endif
}

#endif							/* GAIOPS_COMPAT_H */
