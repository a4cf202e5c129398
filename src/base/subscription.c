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
#include "catalog/pg_class.h"
#include "catalog/pg_subscription.h"
#include "catalog/pg_subscription_rel.h"
#include "compat.h"
#include "miscadmin.h"
#include "utils/catcache.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

/*
 * The owner of a subscription, if it is of this database: one that was made
 * from a template has the rows of the template's subscriptions.
 */
static Oid
owner_here(Oid subscription)
{
	HeapTuple	tuple = SearchSysCache1(SUBSCRIPTIONOID,
										ObjectIdGetDatum(subscription));
	Form_pg_subscription form;
	Oid			owner;

	if (!HeapTupleIsValid(tuple))
		return InvalidOid;
	form = (Form_pg_subscription) GETSTRUCT(tuple);
	owner = form->subdbid == MyDatabaseId ? form->subowner : InvalidOid;
	ReleaseSysCache(tuple);
	return owner;
}

static Oid
table_owner(Oid table)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(table));
	Oid			owner;

	if (!HeapTupleIsValid(tuple))
		return InvalidOid;
	owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
	ReleaseSysCache(tuple);
	return owner;
}

/*
 * Whether a subscription of this database can fill a table.  Making one takes
 * no right to its tables from 16 on; what it brings is refused then.
 */
static bool
can_fill(Oid subscription, Oid table)
{
	Oid			owner = owner_here(subscription);

	return OidIsValid(owner) && compat_acts_as(owner, table_owner(table));
}

/* A subscription that fills this very table; or InvalidOid. */
static Oid
find_subscription(Oid table)
{
	CatCList   *list = SearchSysCacheList1(SUBSCRIPTIONRELMAP,
										   ObjectIdGetDatum(table));
	Oid			found = InvalidOid;

	for (int i = 0; !OidIsValid(found) && i < list->n_members; i++)
	{
		HeapTuple	tuple = &list->members[i]->tuple;
		Oid			subscription =
			((Form_pg_subscription_rel) GETSTRUCT(tuple))->srsubid;

		if (can_fill(subscription, table))
			found = subscription;
	}
	ReleaseCatCacheList(list);
	return found;
}

/* A publication that is not via the root has the partitions instead. */
static Oid
filling_subscription(Oid table)
{
	Oid			found;
	Oid			partition;

	if (!OidIsValid(table))
		return InvalidOid;
	found = find_subscription(table);
	if (OidIsValid(found) || get_rel_relkind(table) != RELKIND_PARTITIONED_TABLE)
		return found;
	partition = get_default_partition_oid(table);
	return OidIsValid(partition) ? find_subscription(partition) : InvalidOid;
}

char *
subscription_of(Oid table)
{
	return get_subscription_name(filling_subscription(table), true);
}

Oid
subscription_table(const char *name)
{
	return get_relname_relid(name, get_namespace_oid("gaiops", true));
}

void
subscription_refuse(Oid table)
{
	Oid			subscription = filling_subscription(table);

	if (OidIsValid(subscription))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("cannot write to %s.%s in a database that subscribes to it",
						get_namespace_name(get_rel_namespace(table)), get_rel_name(table)),
				 errdetail("Subscription \"%s\" of role \"%s\" fills the table from another database.",
						   get_subscription_name(subscription, true),
						   GetUserNameFromId(owner_here(subscription), true)),
				 errhint("Do this in the publishing database. Where this one is to take its place, drop the subscription first.")));
}

/* ---- what is remembered ---- */

static uint64 changes = 1;		/* of subscriptions and roles */

static void
subscriptions_changed(Datum arg, int cache, uint32 hash)
{
	changes++;
}

static void
watch_subscriptions(void)
{
	static bool registered = false;
	static const int caches[] = {
		SUBSCRIPTIONRELMAP, SUBSCRIPTIONOID, AUTHOID, AUTHMEMROLEMEM
	};

	if (registered)
		return;
	for (int i = 0; i < lengthof(caches); i++)
		CacheRegisterSyscacheCallback(caches[i], subscriptions_changed,
									  (Datum) 0);
	registered = true;
}

bool
subscription_has_records(void)
{
	static uint64 known_generation = 0;
	static uint64 known_changes = 0;
	static bool known = false;
	const uint64 generation = store_generation();
	const uint64 before = changes;

	watch_subscriptions();
	if (known_changes == before && known_generation == generation)
		return known;
	known = subscription_of(subscription_table("spans")) != NULL;
	/* Not before: a lookup that raises, or is overtaken, is made again. */
	known_generation = generation;
	known_changes = before;
	return known;
}
