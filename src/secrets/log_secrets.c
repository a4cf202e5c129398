/*
 * log_secrets.c
 *		Keys in statements, kept out of the server's log.
 *
 * A statement that stores a key has it in its text, and PostgreSQL logs texts
 * in many places: before a statement runs, after it, when a later one fails,
 * as the context of something nested, with the plan.  All of it comes by
 * emit_log_hook.  There a key cannot be known, but a call that takes one can;
 * so what is logged of a client's message that has such a call is replaced as
 * a whole.
 *
 * A call whose name is put together at run time shows itself when it is
 * parsed or runs; see log_secrets_hide().
 */
#include "postgres.h"

#include "access/xact.h"
#include "base/hooks.h"
#include "base/settings.h"
#include "commands/prepare.h"
#include "core/redact/secret_text.h"
#include "miscadmin.h"
#include "parser/analyze.h"
#include "parser/scansup.h"
#include "pgstat.h"
#include "secrets/log_secrets.h"
#include "tcop/tcopprot.h"
#include "utils/plancache.h"
#include "utils/timestamp.h"

/*
 * Bytes of prepared statements that are read to find a call in what executes
 * them.
 */
#define MAX_PREPARED_BYTES ((size_t) 16 * 1024 * 1024)

static emit_log_hook_type prev_emit_log = NULL;
static post_parse_analyze_hook_type prev_post_parse_analyze = NULL;

/*
 * What the log and other sessions see.  Not const: ErrorData has char
 * pointers.
 */
static char hidden[] = "<genaiops: statement with a secret>";
static char syntax_error[] = "syntax error";

/*
 * The client's message that is known to hold a key: when it came, and its
 * text by now.
 */
static TimestampTz hidden_message = DT_NOBEGIN;
static const char *hidden_text = NULL;

/*
 * The client's message whose text has no call, so that it is read once,
 * however much is logged of it; and whether it executes prepared statements,
 * which may come and go.
 */
static TimestampTz harmless_message = DT_NOBEGIN;
static const char *harmless_text = NULL;
static bool harmless_executes = false;

/*
 * The record that is on its way through the hook without its key.  Where the
 * process ends meanwhile, nobody sets this back; what is logged then is
 * another record.
 */
static const ErrorData *emitting = NULL;

/*
 * Whether the client's message that is being worked on is known to hold a key.
 *
 * The server sets the text back when a message is over, and gives each
 * message that can run something a time of its own.  The text alone would not
 * do: a message that calls a function by its number has none.
 */
static bool
is_hiding(void)
{
	return hidden_message == GetCurrentStatementStartTimestamp() &&
		hidden_text == debug_query_string;
}

/*
 * Whoever asks for the message's text from now on gets another: the log,
 * current_query(), the workers of a parallel command.
 */
void
log_secrets_hide(void)
{
	if (!gaiops_hide_secrets_in_log)
		return;
	pgstat_report_activity(STATE_RUNNING, hidden);
	if (debug_query_string != NULL)
		debug_query_string = hidden;
	hidden_text = debug_query_string;
	hidden_message = GetCurrentStatementStartTimestamp();
}

/*
 * Whether a statement that a text executes was prepared with a call that
 * takes a key.  One that is executed again and again is read once.  Where
 * some take turns, so much is read of them, and then nobody knows.
 */
static bool
executes_call(const char *text)
{
	char		name[2 * NAMEDATALEN];
	const char *latest = NULL;
	size_t		bytes = 0;

	while ((text = secret_text_next_execute(text, name, sizeof(name))) != NULL)
	{
		PreparedStatement *prepared;
		const char *query;

		if (name[0] == '\0' || bytes > MAX_PREPARED_BYTES)
			return true;
		truncate_identifier(name, strlen(name), false);
		prepared = FetchPreparedStatement(name, false);
		query = prepared != NULL ? prepared->plansource->query_string : latest;
		if (query == latest)
			continue;
		if (secret_text_has_call(query))
			return true;
		latest = query;
		bytes += strlen(query);
	}
	return false;
}

/* Whether a text, or NULL, may show a key. */
static bool
shows_key(const char *text)
{
	return text != NULL && (secret_text_has_call(text) || executes_call(text));
}

/*
 * Whether the text of the client's message may show a key.  Only where the
 * server's own loop sets it, the text of one time is the same as long as it
 * is in the same place.
 */
static bool
message_shows_key(void)
{
	const char *text = debug_query_string;
	char		name[2 * NAMEDATALEN];

	if (text == NULL || MyBackendType != B_BACKEND)
		return shows_key(text);
	if (harmless_text != text || harmless_message != GetCurrentStatementStartTimestamp())
	{
		if (secret_text_has_call(text))
			return true;
		harmless_executes = secret_text_next_execute(text, name, sizeof(name)) != NULL;
		harmless_text = text;
		harmless_message = GetCurrentStatementStartTimestamp();
	}
	return harmless_executes && executes_call(text);
}

/*
 * Whether a message was made of words that are the same every time, and of
 * numbers.
 */
static bool
is_constant(const char *format)
{
	for (const char *c = strchr(format, '%'); c != NULL; c = strchr(c, '%'))
	{
		c += 1 + strspn(c + 1, "0123456789.+- #*$hlzjt");
		if (*c == '\0' || strchr("diuxXfgeE%m", *c) == NULL)
			return false;
		c++;
	}
	return true;
}

/*
 * What to log of a message in place of its text.  What was put into it may be
 * the key, and what it was put into says what happened; unless the statement
 * is all there is.  The parser puts its own words in, too.
 */
static char *
message_without_key(const ErrorData *edata)
{
	const char *format = edata->message_id;

	if (format != NULL && is_constant(format))
		return edata->message;
	if (edata->sqlerrcode == ERRCODE_SYNTAX_ERROR)
		return syntax_error;
	if (format == NULL || edata->hide_stmt || strcmp(format, "%s") == 0)
		return hidden;
	return unconstify(char *, format);
}

/*
 * Takes what could show a key out of a record; returns whether there was
 * anything.
 *
 * What another session runs is only in the detail: in the log of a deadlock,
 * or of a crash, which is the postmaster's.
 */
static bool
take_key_out(ErrorData *edata)
{
	char	  **parts[] = {&edata->detail, &edata->detail_log, &edata->hint,
	&edata->context, &edata->internalquery};
	bool		all = is_hiding() || message_shows_key() ||
	shows_key(edata->message) || shows_key(edata->context) ||
	shows_key(edata->internalquery);
	bool		any = all;

	if (all)
		edata->message = message_without_key(edata);
	for (int i = 0; i < lengthof(parts); i++)
		if (*parts[i] != NULL && (all || shows_key(*parts[i])))
		{
			*parts[i] = hidden;
			any = true;
		}
	if (all && debug_query_string != NULL)
		log_secrets_hide();
	return any;
}

/* Has a record logged as it is now, without sending it to the client. */
static void
log_only(ErrorData *edata)
{
	const ErrorData *outer = emitting;

	edata->output_to_client = false;
	emitting = edata;
	PG_TRY();
	{
		EmitErrorReport();
	}
	PG_FINALLY();
	{
		emitting = outer;
	}
	PG_END_TRY();
}

/*
 * emit_log_hook.  The client, who has typed the key, gets the record as it
 * is, or a message such as a syntax error would be of no use.  Since a hook
 * may change nothing but whether it is logged, we log another one ourselves,
 * by way of the hooks before us, and put everything back.  Nothing is
 * allocated.
 */
static void
emit_log(ErrorData *edata)
{
	ErrorData	original = *edata;

	if (edata == emitting || !gaiops_hide_secrets_in_log || !take_key_out(edata))
	{
		if (prev_emit_log)
			prev_emit_log(edata);
		return;
	}
	log_only(edata);
	*edata = original;
	edata->output_to_server = false;
}

/*
 * Raises if somebody wants the statement to end.  Not in what is logged on
 * the way, nor after an error.
 */
static void
check_interrupts(void)
{
	secret_text_check_interrupts = NULL;
	CHECK_FOR_INTERRUPTS();
	secret_text_check_interrupts = check_interrupts;
}

/*
 * Whether a text shows a key, unless somebody wants the statement to end,
 * which raises.  Nothing else in here does.
 */
static bool
look_for_key(const char *text)
{
	bool		shows;

	secret_text_check_interrupts = check_interrupts;
	shows = shows_key(text);
	secret_text_check_interrupts = NULL;
	return shows;
}

/*
 * Whether a statement that was analyzed may show a key.  Only its own part of
 * the text is looked at: a script has thousands of statements, and each has
 * the whole of it.
 */
static bool
statement_shows_key(const char *text, const Query *query)
{
	char	   *own;
	bool		shows;

	if (text == NULL || query->stmt_location < 0)
		return look_for_key(text);
	if (query->stmt_len == 0)
		return look_for_key(text + query->stmt_location);
	own = pnstrdup(text + query->stmt_location, query->stmt_len);
	shows = look_for_key(own);
	pfree(own);
	return shows;
}

/* post_parse_analyze_hook: hides a statement that will not run what it has. */
static void
post_parse_analyze(ParseState *pstate, Query *query, JumbleState *jstate)
{
	if (prev_post_parse_analyze)
		prev_post_parse_analyze(pstate, query, jstate);
	if (gaiops_hide_secrets_in_log && !is_hiding() &&
		statement_shows_key(pstate->p_sourcetext, query))
		log_secrets_hide();
}

/*
 * The workers of a parallel query get its text, and they log; but they do not
 * know whether it has a key.
 */
void
log_secrets_init(void)
{
	static const Hooks hooks = {.runs_alone = is_hiding};

	hooks_register(&hooks);
	prev_emit_log = emit_log_hook;
	emit_log_hook = emit_log;
	prev_post_parse_analyze = post_parse_analyze_hook;
	post_parse_analyze_hook = post_parse_analyze;
}
