/*
 * subscription.c
 *		Tables that a subscription fills from another database.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "base/store.h"
#include "base/subscription.h"
#include "catalog/namespace.h"
#include "catalog/partition.h"
#include "catalog/pg_subscription.h"
#include "catalog/pg_subscription_rel.h"
#include "miscadmin.h"
#include "utils/catcache.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

/*
 * The name of a subscription, if it is of this database: one that was made
 * from a template has the rows of the template's subscriptions.
 */
static char *
name_here(Oid subscription)
{
	HeapTuple	tuple = SearchSysCache1(SUBSCRIPTIONOID,
										ObjectIdGetDatum(subscription));
	Form_pg_subscription form;
	char	   *name = NULL;

	if (!HeapTupleIsValid(tuple))
		return NULL;
	form = (Form_pg_subscription) GETSTRUCT(tuple);
	if (form->subdbid == MyDatabaseId)
		name = pstrdup(NameStr(form->subname));
	ReleaseSysCache(tuple);
	return name;
}

/* The name of a subscription that fills this very table; or NULL. */
static char *
find_subscription(Oid table)
{
	CatCList   *list = SearchSysCacheList1(SUBSCRIPTIONRELMAP,
										   ObjectIdGetDatum(table));
	char	   *name = NULL;

	for (int i = 0; name == NULL && i < list->n_members; i++)
	{
		HeapTuple	tuple = &list->members[i]->tuple;

		name = name_here(((Form_pg_subscription_rel) GETSTRUCT(tuple))->srsubid);
	}
	ReleaseCatCacheList(list);
	return name;
}

/* A publication that is not via the root has the partitions instead. */
char *
subscription_of(Oid table)
{
	char	   *name;
	Oid			partition;

	if (!OidIsValid(table))
		return NULL;
	name = find_subscription(table);
	if (name != NULL || get_rel_relkind(table) != RELKIND_PARTITIONED_TABLE)
		return name;
	partition = get_default_partition_oid(table);
	return OidIsValid(partition) ? find_subscription(partition) : NULL;
}

Oid
subscription_table(const char *name)
{
	return get_relname_relid(name, get_namespace_oid("gaiops", true));
}

void
subscription_refuse(Oid table)
{
	char	   *name = subscription_of(table);

	if (name != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("cannot write to %s.%s in a database that subscribes to it",
						get_namespace_name(get_rel_namespace(table)), get_rel_name(table)),
				 errdetail("Subscription \"%s\" fills the table from another database.", name),
				 errhint("Do this in the publishing database. Where this one is to take its place, drop the subscription first.")));
}

/* ---- what is remembered ---- */

static uint64 changes = 1;		/* of what subscriptions fill */

static void
subscriptions_changed(Datum arg, int cache, uint32 hash)
{
	changes++;
}

bool
subscription_has_records(void)
{
	static bool registered = false;
	static uint64 known_generation = 0;
	static uint64 known_changes = 0;
	static bool known = false;
	const uint64 generation = store_generation();
	const uint64 before = changes;

	if (!registered)
		CacheRegisterSyscacheCallback(SUBSCRIPTIONRELMAP, subscriptions_changed,
									  (Datum) 0);
	registered = true;
	if (known_changes == before && known_generation == generation)
		return known;
	known = subscription_of(subscription_table("spans")) != NULL;
	/* Not before: a lookup that raises, or is overtaken, is made again. */
	known_generation = generation;
	known_changes = before;
	return known;
}
