/*
 * compat.h
 *		Differences between the PostgreSQL versions we build for.
 */
#ifndef GAIOPS_COMPAT_H
#define GAIOPS_COMPAT_H

#if PG_VERSION_NUM < 150000
#error "genaiops needs PostgreSQL 15 or later"
#endif

#include "catalog/pg_database.h"
#include "executor/executor.h"
#include "nodes/execnodes.h"
#include "utils/acl.h"
#include "utils/relcache.h"

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

#endif							/* GAIOPS_COMPAT_H */
