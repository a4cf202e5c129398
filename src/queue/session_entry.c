/*
 * session_entry.c
 *		What a session holds open: calls, spans, runs.
 *
 * An entry has to end with what began it, whatever ends that.  A
 * subtransaction that is rolled back takes its entries with it.  One that
 * commits ends them, or hands them to the one around it.  An entry may also
 * belong to a resource owner, that of the query which began it: a cursor may
 * be closed while the transaction goes on.  All entries end with the session.
 *
 * What happens at a rollback, or at the end of a session, cannot fail and
 * does not wait: the record goes into the room that is reserved for it.  It
 * is made in memory of the entry's own, since that of the query has been
 * freed by then.
 */
#include "postgres.h"

#include "access/xact.h"
#include "base/hooks.h"
#include "queue/session_entry.h"
#include "storage/ipc.h"
#include "utils/memutils.h"

/*
 * Those registered last come first: what is within something else ends before
 * it.
 */
static EntryKind *kinds = NULL;

#define foreach_kind(kind) \
	for ((kind) = kinds; (kind) != NULL; (kind) = (kind)->next)

/* All entries, of which the current one may be dropped. */
#define foreach_entry(kind, iter) \
	foreach_kind(kind) dlist_foreach_modify(iter, &(kind)->entries)

#define entry_of(iter) dlist_container(SessionEntry, node, (iter).cur)

void
session_entry_register(EntryKind *kind)
{
	kind->next = kinds;
	kinds = kind;
}

/* ---- what the session holds ---- */

SessionEntry *
session_entry_latest(const EntryKind *kind)
{
	if (kind->nentries == 0)
		return NULL;
	return dlist_container(SessionEntry, node, kind->entries.head.next);
}

SessionEntry *
session_entry_earlier(const SessionEntry *entry)
{
	if (entry->node.next == &entry->kind->entries.head)
		return NULL;
	return dlist_container(SessionEntry, node, entry->node.next);
}

void
session_entry_require_room(const EntryKind *kind)
{
	if (kind->most > 0 && kind->nentries >= kind->most)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many open %s", kind->plural),
				 errdetail("A session can have %d.", kind->most),
				 errhint("%s", kind->limit_hint)));
}

void *
session_entry_make(EntryKind *kind, Size size)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext,
												  "genaiops session entry",
												  ALLOCSET_DEFAULT_SIZES);
	SessionEntry *entry = MemoryContextAllocZero(context, size);

	MemoryContextSetIdentifier(context, kind->name);
	entry->kind = kind;
	entry->context = context;
	entry->subxact = GetCurrentSubTransactionId();
	entry->owner = kind->ends_with_owner ? CurrentResourceOwner : NULL;
	return entry;
}

void
session_entry_detach(SessionEntry *entry)
{
	entry->subxact = InvalidSubTransactionId;
	entry->owner = NULL;
}

void
session_entry_release(SessionEntry *entry)
{
	if (entry->ticket != NULL)
		record_queue_release(entry->ticket);
	entry->ticket = NULL;
}

void
session_entry_drop(SessionEntry *entry)
{
	if (entry->node.next != NULL)
	{
		dlist_delete(&entry->node);
		entry->kind->nentries--;
	}
	session_entry_release(entry);
	MemoryContextDelete(entry->context);
}

void
session_entry_drop_gone(EntryKind *kind)
{
	dlist_mutable_iter iter;

	if (kind->is_gone == NULL)
		return;
	dlist_foreach_modify(iter, &kind->entries)
	{
		SessionEntry *entry = entry_of(iter);

		if (kind->is_gone(entry))
			session_entry_drop(entry);
	}
}

/* ---- ending entries ---- */

void
session_entry_end(SessionEntry *entry, const Record *final)
{
	if (!entry->ended)
		(void) record_queue_push_final(entry->ticket, final);
	entry->ended = true;
	session_entry_release(entry);
}

/* Whether a record that ends an entry is still to come. */
static bool
lacks_final(const SessionEntry *entry)
{
	return entry->ticket != NULL && !entry->ended;
}

/* Makes that record. */
static const Record *
make_final(SessionEntry *entry, EntryEnd end)
{
	MemoryContext old = MemoryContextSwitchTo(entry->context);
	const Record *final = entry->kind->make_final(entry, end);

	MemoryContextSwitchTo(old);
	return final;
}

/* Ends an entry without waiting, and frees it. */
static void
close_entry(SessionEntry *entry, EntryEnd end)
{
	if (lacks_final(entry))
		session_entry_end(entry, make_final(entry, end));
	session_entry_drop(entry);
}

bool
session_entry_finish(SessionEntry *entry, const Record *final, const Record *bare)
{
	const char *name = entry->kind->name;
	JournalEntry journal;
	volatile JournalState state = JOURNAL_WAITING;

	journal_begin_final(&journal, entry->ticket, final, bare);
	(void) journal_push(&journal);
	entry->ended = true;
	PG_TRY();
	{
		state = journal_wait(&journal);
	}
	PG_FINALLY();
	{
		/* Its record is queued: an interrupt does not make it open again. */
		session_entry_drop(entry);
	}
	PG_END_TRY();
	if (state != JOURNAL_COMMITTED)
		journal_warn_late(psprintf("end of the %s", name), state);
	return state == JOURNAL_COMMITTED;
}

/* ---- the ends of transactions and of the session ---- */

static void
close_all(EntryEnd end)
{
	EntryKind  *kind;
	dlist_mutable_iter iter;

	foreach_entry(kind, iter)
		close_entry(entry_of(iter), end);
}

/*
 * The record that ends an entry whose owner goes with the transaction is made
 * here: once that has committed nothing may fail, memory included.
 */
static void
before_commit(void)
{
	EntryKind  *kind;
	dlist_mutable_iter iter;

	foreach_kind(kind)
	{
		session_entry_drop_gone(kind);
		dlist_foreach_modify(iter, &kind->entries)
		{
			SessionEntry *entry = entry_of(iter);

			if (kind->before_commit != NULL)
				kind->before_commit(entry);
			else if (entry->owner != NULL && lacks_final(entry))
				entry->final = make_final(entry, ENTRY_ABANDONED);
		}
	}
}

/*
 * Of what the transaction has begun, ends what was local to it or has an
 * owner, and lets all other entries live on.
 */
static void
after_commit(void)
{
	EntryKind  *kind;
	dlist_mutable_iter iter;

	foreach_entry(kind, iter)
	{
		SessionEntry *entry = entry_of(iter);

		if (entry->final != NULL)
		{
			session_entry_end(entry, entry->final);
			session_entry_drop(entry);
		}
		else if (entry->owner == NULL)
			entry->subxact = InvalidSubTransactionId;
	}
}

/*
 * Ends what a subtransaction has begun that is rolled back; invalid: the
 * transaction.
 */
static void
after_abort(SubTransactionId subxact)
{
	EntryKind  *kind;
	dlist_mutable_iter iter;

	foreach_entry(kind, iter)
	{
		SessionEntry *entry = entry_of(iter);

		if (entry->subxact != InvalidSubTransactionId &&
			(subxact == InvalidSubTransactionId || entry->subxact == subxact))
			close_entry(entry, ENTRY_ABORTED);
	}
}

/* Hands an entry to the subtransaction around the one that commits. */
static void
pass_on(SessionEntry *entry, SubTransactionId outer)
{
	entry->subxact = outer;
	/* The owner of a cursor outlives the subtransaction by itself. */
	if (entry->owner != NULL && entry->owner == CurTransactionResourceOwner)
		entry->owner = ResourceOwnerGetParent(entry->owner);
}

static void
after_subcommit(SubTransactionId subxact, SubTransactionId outer)
{
	EntryKind  *kind;
	dlist_mutable_iter iter;

	foreach_entry(kind, iter)
	{
		SessionEntry *entry = entry_of(iter);

		if (entry->subxact != subxact)
			continue;
		if (kind->ends_with_subxact)
			close_entry(entry, ENTRY_COMMITTED);
		else
			pass_on(entry, outer);
	}
}

static void
at_transaction_end(XactEvent event, void *arg)
{
	switch (event)
	{
		case XACT_EVENT_PRE_COMMIT:
		case XACT_EVENT_PRE_PREPARE:
			before_commit();
			break;
		case XACT_EVENT_COMMIT:
		case XACT_EVENT_PREPARE:
			after_commit();
			break;
		case XACT_EVENT_ABORT:
			after_abort(InvalidSubTransactionId);
			break;
		default:
			break;
	}
}

static void
at_subtransaction_end(SubXactEvent event, SubTransactionId mine,
					  SubTransactionId parent, void *arg)
{
	if (event == SUBXACT_EVENT_COMMIT_SUB)
		after_subcommit(mine, parent);
	else if (event == SUBXACT_EVENT_ABORT_SUB)
		after_abort(mine);
}

/*
 * The server calls this for each owner that goes, which is the current one
 * then.
 */
static void
at_owner_end(ResourceReleasePhase phase, bool is_commit, bool is_top_level, void *arg)
{
	EntryKind  *kind;
	dlist_mutable_iter iter;

	if (phase != RESOURCE_RELEASE_BEFORE_LOCKS)
		return;
	foreach_entry(kind, iter)
	{
		SessionEntry *entry = entry_of(iter);

		if (entry->owner != NULL && entry->owner == CurrentResourceOwner)
			close_entry(entry, is_commit ? ENTRY_ABANDONED : ENTRY_ABORTED);
	}
}

static void
at_session_end(int code, Datum arg)
{
	close_all(code == 0 ? ENTRY_LEFT : ENTRY_KILLED);
}

static void
at_discard_all(void)
{
	EntryKind  *kind;

	foreach_kind(kind)
		session_entry_drop_gone(kind);
	close_all(ENTRY_DISCARDED);
}

/*
 * A session that holds nothing is told of nothing.  Not when the library is
 * loaded: what is done at the end of a process is forgotten when it starts.
 */
static void
register_callbacks(void)
{
	static bool registered = false;

	if (registered)
		return;
	RegisterXactCallback(at_transaction_end, NULL);
	RegisterSubXactCallback(at_subtransaction_end, NULL);
	RegisterResourceReleaseCallback(at_owner_end, NULL);
	before_shmem_exit(at_session_end, (Datum) 0);
	registered = true;
}

void
session_entry_init(void)
{
	static const Hooks hooks = {.discard_all = at_discard_all};

	hooks_register(&hooks);
}

/* ---- beginning entries ---- */

void
session_entry_hold(SessionEntry *entry)
{
	Assert(entry->subxact == InvalidSubTransactionId ||
		   entry->subxact == GetCurrentSubTransactionId());
	register_callbacks();
	MemoryContextSetParent(entry->context, TopMemoryContext);
	dlist_push_head(&entry->kind->entries, &entry->node);
	entry->kind->nentries++;
}

void
session_entry_open(SessionEntry *entry, JournalEntry *journal, const Record *first)
{
	register_callbacks();
	journal_open(journal, first, entry->kind->name);
	/* Once its first record is queued the session holds it, come what may. */
	entry->ticket = journal->ticket;
	session_entry_hold(entry);
}
