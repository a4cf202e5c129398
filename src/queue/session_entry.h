/*
 * session_entry.h
 *		What a session holds open: calls, spans, runs.
 *
 * Each entry has a ticket of the queue, and with it the room for the record
 * that ends it; so nothing that ends it has to wait.  It belongs to the
 * subtransaction that began it, and may belong to a resource owner too: an
 * inner rollback ends what is of it, and leaves what is outside alone.
 */
#ifndef GAIOPS_SESSION_ENTRY_H
#define GAIOPS_SESSION_ENTRY_H

#include "lib/ilist.h"
#include "queue/journal.h"
#include "utils/resowner.h"

/* What ends an entry, if not those who began it. */
typedef enum EntryEnd
{
	ENTRY_COMMITTED,			/* what it is local to is committed */
	ENTRY_ABORTED,				/* what it belongs to is rolled back */
	ENTRY_ABANDONED,			/* the query that began it is over */
	ENTRY_DISCARDED,			/* DISCARD ALL */
	ENTRY_LEFT,					/* the session ends */
	ENTRY_KILLED				/* the session is ended by an error */
} EntryEnd;

typedef struct SessionEntry SessionEntry;

/* A kind of entries, and what is to be done about them. */
typedef struct EntryKind
{
	const char *name;			/* of one and of several, for messages */
	const char *plural;
	int			most;			/* that a session may have; 0 for no limit */
	const char *limit_hint;		/* how to get below the limit */
	bool		ends_with_subxact;	/* its commit ends them; else it passes them on */
	bool		ends_with_owner;	/* CurrentResourceOwner when they were made */

	/*
	 * Makes the record that ends an entry, in the entry's memory context,
	 * which is the current one.  Nothing can be waited for or looked up then.
	 */
	const Record *(*make_final) (SessionEntry *entry, EntryEnd end);

	/*
	 * The transaction is about to commit, and may fail to; NULL for nothing.
	 */
	void		(*before_commit) (SessionEntry *entry);

	/* Whether what an entry is recorded in is no more; NULL for never. */
	bool		(*is_gone) (const SessionEntry *entry);

	/* private to session_entry.c */
	dlist_head	entries;		/* the latest first */
	int			nentries;
	struct EntryKind *next;
} EntryKind;

/* The beginning of every entry. */
struct SessionEntry
{
	dlist_node	node;			/* zero unless the session holds it */
	EntryKind  *kind;
	MemoryContext context;		/* holds the entry and all that it is made of */
	Ticket	   *ticket;			/* NULL while there is nothing to be ended */
	const Record *final;		/* made before the commit that ends it; else NULL */
	bool		ended;			/* its last record is queued, or not wanted */
	SubTransactionId subxact;	/* it belongs to; invalid if it outlives transactions */
	ResourceOwner owner;		/* that ends it at the latest; NULL if none does */
};

/*
 * Makes a kind known; called while the library is loaded.  Those within
 * others come later.
 */
extern void session_entry_register(EntryKind *kind);

/* Has DISCARD ALL end entries; called once, when the library is loaded. */
extern void session_entry_init(void);

/* Raises if the session has as many of a kind as it may. */
extern void session_entry_require_room(const EntryKind *kind);

/*
 * Makes an entry of a size, filled with zeros, in a memory context of its own
 * below the current one.
 */
extern void *session_entry_make(EntryKind *kind, Size size);

/* Has no transaction end an entry, which nobody holds yet. */
extern void session_entry_detach(SessionEntry *entry);

/*
 * Has the session hold an entry from now on, and own its memory; in the
 * subtransaction in which it was made.  Whatever ends an entry frees it, so a
 * pointer to one is good no longer than the subtransaction that began it.
 */
extern void session_entry_hold(SessionEntry *entry);

/*
 * Queues the first record of an entry that stays open, and has the session
 * hold it.  Raises, and nothing has happened, when there is no room.  The
 * commit is to be waited for with the journal's entry.
 */
extern void session_entry_open(SessionEntry *entry, JournalEntry *journal, const Record *first);

/*
 * Queues the last record of an entry, bare if there is no room for final,
 * waits for its commit, and frees the entry.  Returns whether it was
 * committed in time; warns if not.
 */
extern bool session_entry_finish(SessionEntry *entry, const Record *final,
								 const Record *bare);

/*
 * Queues the last record of an entry, which must fit the room that is
 * reserved for it, and gives the ticket up.  Does not wait.
 */
extern void session_entry_end(SessionEntry *entry, const Record *final);

/* Gives the ticket of an entry up, if it has one. */
extern void session_entry_release(SessionEntry *entry);

/* Frees an entry, its ticket included; nothing more is recorded. */
extern void session_entry_drop(SessionEntry *entry);

/* Drops the entries whose tables are no more. */
extern void session_entry_drop_gone(EntryKind *kind);

/*
 * The latest entry of a kind, and the one made before another; NULL if there
 * is none.
 */
extern SessionEntry *session_entry_latest(const EntryKind *kind);
extern SessionEntry *session_entry_earlier(const SessionEntry *entry);

#endif							/* GAIOPS_SESSION_ENTRY_H */
