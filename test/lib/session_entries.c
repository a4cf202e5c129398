/*
 * session_entries.c
 *		Entries of src/queue/session_entry.c that say what has ended them.
 *
 * For tests only: built beside the extension, from the same source, by
 * test/t/033_session_entries.pl.  There is no queue: what would go there is
 * noted here.
 */
#include "postgres.h"

#include "base/hooks.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "queue/session_entry.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#pragma GCC visibility push(default)
PG_MODULE_MAGIC;
PG_FUNCTION_INFO_V1(begin_entry);
PG_FUNCTION_INFO_V1(ended_entries);
void		_PG_init(void);
#pragma GCC visibility pop

typedef struct NamedEntry
{
	SessionEntry entry;
	char		name[NAMEDATALEN];
} NamedEntry;

static StringInfoData ended;

/* ---- what stands for the queue ---- */

void
hooks_register(const Hooks *hooks)
{
}

void
journal_open(JournalEntry *journal, const Record *record, const char *what)
{
}

void
journal_begin_final(JournalEntry *journal, Ticket *ticket, const Record *record, const Record *bare)
{
}

JournalState
journal_push(JournalEntry *journal)
{
	return JOURNAL_COMMITTED;
}

JournalState
journal_wait(JournalEntry *journal)
{
	return JOURNAL_COMMITTED;
}

void
journal_warn_late(const char *what, JournalState state)
{
}

bool
record_queue_push_final(Ticket *ticket, const Record *record)
{
	return true;
}

void
record_queue_release(Ticket *ticket)
{
}

/* ---- the entries ---- */

static const Record *
note_end(SessionEntry *entry, EntryEnd end)
{
	static const char *const names[] = {
		[ENTRY_COMMITTED] = "committed",
		[ENTRY_ABORTED] = "aborted",
		[ENTRY_ABANDONED] = "abandoned",
		[ENTRY_DISCARDED] = "discarded",
		[ENTRY_LEFT] = "left",
		[ENTRY_KILLED] = "killed",
	};
	static const Record record;

	appendStringInfo(&ended, "%s%s %s", ended.len > 0 ? ", " : "",
					 ((NamedEntry *) entry)->name, names[end]);
	ereport(LOG, (errmsg("entry %s: %s", ((NamedEntry *) entry)->name, names[end])));
	return &record;
}

static EntryKind kinds[] = {
	{.name = "handed on", .make_final = note_end},
	{.name = "of a subtransaction", .make_final = note_end, .ends_with_subxact = true},
	{.name = "of an owner", .make_final = note_end, .ends_with_owner = true},
};

void
_PG_init(void)
{
	MemoryContext old = MemoryContextSwitchTo(TopMemoryContext);

	initStringInfo(&ended);
	MemoryContextSwitchTo(old);
	session_entry_init();
	for (int i = 0; i < lengthof(kinds); i++)
		session_entry_register(&kinds[i]);
}

/* begin_entry(kind, name): has the session hold an entry open. */
Datum
begin_entry(PG_FUNCTION_ARGS)
{
	char	   *wanted = text_to_cstring(PG_GETARG_TEXT_PP(0));
	NamedEntry *named = NULL;

	for (int i = 0; i < lengthof(kinds); i++)
		if (strcmp(kinds[i].name, wanted) == 0)
			named = session_entry_make(&kinds[i], sizeof(NamedEntry));
	if (named == NULL)
		elog(ERROR, "no kind \"%s\"", wanted);
	text_to_cstring_buffer(PG_GETARG_TEXT_PP(1), named->name, sizeof(named->name));
	named->entry.ticket = (Ticket *) kinds; /* any will do */
	session_entry_hold(&named->entry);
	PG_RETURN_VOID();
}

/* What has ended since this was asked last, and by what. */
Datum
ended_entries(PG_FUNCTION_ARGS)
{
	text	   *result = cstring_to_text(ended.data);

	resetStringInfo(&ended);
	PG_RETURN_TEXT_P(result);
}
