/*
 * http.c
 *		HTTP transfers of one session, on one libcurl multi handle.
 *
 * libcurl tells us which sockets and which time it waits for; we wait for
 * them together with the process latch, and hand over what happened.  Two
 * rules hold everywhere below:
 *
 * No callback may throw or palloc: libcurl's frames are below it on the stack.
 *
 * libcurl is entered with every signal blocked, because its name lookup runs
 * in a thread that inherits the mask, and PostgreSQL's signal handlers must
 * not run on a thread.
 */
#include "postgres.h"

#include <pthread.h>
#include <signal.h>

#include "http/clock.h"
#include "http/http.h"
#include "http/http_transfer.h"
#include "http/sockets.h"

#define MAX_IDLE_HANDLES	8	/* easy handles kept for the next transfers */
#define MAX_CONNECTIONS		64	/* connections kept open in a session */
#define EVENTS_PER_WAIT		64

static CURLM *multi = NULL;
static CURL *idle_handles[MAX_IDLE_HANDLES];
static int	num_idle_handles = 0;

static int	writable_wanted = -1;	/* last socket to want writing */

static int64 timer_due_us = -1; /* when libcurl wants to be called; -1 never */
static bool finished_unseen = false;	/* finished since the last http_wait */

static void
block_signals(sigset_t *saved)
{
	sigset_t	all;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, saved);
}

/* libcurl says what it waits for on a socket. */
static int
note_interest(CURL *easy, curl_socket_t fd, int what, void *arg, void *socketp)
{
	uint32		wanted = 0;

	if (what == CURL_POLL_IN || what == CURL_POLL_INOUT)
		wanted |= WL_SOCKET_READABLE;
	if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT)
		wanted |= WL_SOCKET_WRITEABLE;

	/* A socket that could not be noted is served by libcurl's timers. */
	if (!(sockets_want(fd, wanted) & WL_SOCKET_WRITEABLE) &&
		(wanted & WL_SOCKET_WRITEABLE))
		writable_wanted = fd;
	return 0;
}

/* libcurl says in how many ms it wants to be called; -1 for never. */
static int
note_timer(CURLM *m, long timeout_ms, void *arg)
{
	timer_due_us = timeout_ms < 0 ? -1 : clock_now_us() + (int64) timeout_ms * 1000;
	return 0;
}

/*
 * Takes the transfer out of libcurl.  A handle worth keeping goes back to the
 * free list, reset so that nothing of this request is left in it; after a
 * failure there may be, as libcurl frees some buffers only in success.
 */
static void
release_handle(HttpTransfer *transfer, bool keep)
{
	if (transfer->in_multi)
		curl_multi_remove_handle(multi, transfer->easy);
	transfer->in_multi = false;
	if (transfer->easy != NULL && keep && num_idle_handles < MAX_IDLE_HANDLES)
	{
		curl_easy_reset(transfer->easy);
		idle_handles[num_idle_handles++] = transfer->easy;
	}
	else
		curl_easy_cleanup(transfer->easy);
	transfer->easy = NULL;
	http_options_free(transfer);
}

/* Takes what came of a transfer that libcurl is done with. */
static void
finish_transfer(HttpTransfer *transfer, CURLcode result)
{
	http_receive_end(transfer, result);
	release_handle(transfer, result == CURLE_OK);
	transfer->done = true;
	finished_unseen = true;
}

/*
 * Reports one event, or with CURL_SOCKET_TIMEOUT the passing of time.  Signals
 * are blocked.
 */
static CURLMcode
drive(curl_socket_t fd, int events)
{
	int			running;

	if (fd == CURL_SOCKET_TIMEOUT)
		timer_due_us = -1;		/* set anew from within, if need be */
	return curl_multi_socket_action(multi, fd, events, &running);
}

/* Lets libcurl do all that is due by now, and gathers what has finished. */
static CURLMcode
drive_timers(void)
{
	CURLMcode	code = CURLM_OK;
	CURLMsg    *msg;
	int			left;

	/* A bound, so that a timer that is always due cannot hold the session. */
	for (int i = 0; i < 100 && code == CURLM_OK &&
		 timer_due_us >= 0 && timer_due_us <= clock_now_us(); i++)
		code = drive(CURL_SOCKET_TIMEOUT, 0);
	while ((msg = curl_multi_info_read(multi, &left)) != NULL)
	{
		HttpTransfer *transfer;

		if (msg->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, (char **) &transfer);
		finish_transfer(transfer, msg->data.result);
	}
	return code;
}

/* After libcurl has been left: settles accounts and raises its own errors. */
static void
check_driven(CURLMcode code)
{
	sockets_account();
	if (code != CURLM_OK)
		ereport(ERROR,
				(errcode(code == CURLM_OUT_OF_MEMORY ? ERRCODE_OUT_OF_MEMORY : ERRCODE_INTERNAL_ERROR),
				 errmsg("could not drive HTTP transfers: %s", curl_multi_strerror(code))));
}

/* Makes the session's multi handle, at its first call. */
static void
ensure_multi(void)
{
	sigset_t	saved;
	CURLcode	code;

	if (multi != NULL)
		return;
	block_signals(&saved);
	code = curl_global_init(CURL_GLOBAL_DEFAULT);
	pthread_sigmask(SIG_SETMASK, &saved, NULL);
	if (code != CURLE_OK)
		ereport(ERROR,
				(errcode(ERRCODE_EXTERNAL_ROUTINE_EXCEPTION),
				 errmsg("could not initialize libcurl: %s", curl_easy_strerror(code))));
	if (!(curl_version_info(CURLVERSION_NOW)->features & CURL_VERSION_ASYNCHDNS))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("libcurl was built without asynchronous name lookup")));
	multi = curl_multi_init();
	if (multi == NULL)
		http_raise_out_of_memory();
	curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, note_interest);
	curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, note_timer);
	curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long) MAX_CONNECTIONS);
}

static void
close_at_reset(void *arg)
{
	http_close(arg);
}

/* An empty transfer that is closed with its owner, whatever happens next. */
static HttpTransfer *
make_transfer(const HttpRequest *request, MemoryContext owner)
{
	HttpTransfer *transfer = MemoryContextAllocZero(owner, sizeof(HttpTransfer));

	transfer->at_reset.func = close_at_reset;
	transfer->at_reset.arg = transfer;
	MemoryContextRegisterResetCallback(owner, &transfer->at_reset);
	transfer->request = request->body;
	transfer->request_len = request->body_len;
	transfer->body.limit = request->max_response_bytes;
	transfer->connect_timeout_ms = request->connect_timeout_ms;
	transfer->timeout_ms = request->timeout_ms;
	transfer->limit_ms = request->limit_ms;
	transfer->response.body = "";
	transfer->response.retry_after_ms = -1;
	http_waits_reset(&transfer->waits);
	transfer->response.first_byte_us = -1;
	return transfer;
}

/* Adds the transfer to the multi handle and goes as far as it can by now. */
static CURLMcode
launch(HttpTransfer *transfer)
{
	CURLMcode	code;
	sigset_t	saved;

	block_signals(&saved);
	writable_wanted = -1;
	transfer->started_us = clock_now_us();
	code = curl_multi_add_handle(multi, transfer->easy);
	transfer->in_multi = code == CURLM_OK;
	if (code == CURLM_OK)
		code = drive(CURL_SOCKET_TIMEOUT, 0);
	/* A kept connection can nearly always be written to: spare a turn. */
	if (code == CURLM_OK && writable_wanted >= 0)
		code = drive(writable_wanted, CURL_CSELECT_OUT);
	if (code == CURLM_OK)
		code = drive_timers();
	pthread_sigmask(SIG_SETMASK, &saved, NULL);
	return code;
}

static void
unclaim_at_reset(void *arg)
{
	sockets_unclaim();
}

bool
http_claim(MemoryContext owner)
{
	MemoryContextCallback *at_reset = MemoryContextAlloc(owner, sizeof(MemoryContextCallback));

	if (!sockets_claim())
		return false;
	at_reset->func = unclaim_at_reset;
	at_reset->arg = NULL;
	MemoryContextRegisterResetCallback(owner, at_reset);
	return true;
}

void
http_raise_no_room(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_INSUFFICIENT_RESOURCES),
			 errmsg("could not start an HTTP request"),
			 errdetail("There are too many open files on the local server."),
			 errhint("Raise the server's max_files_per_process and/or \"ulimit -n\" limits.")));
	pg_unreachable();
}

HttpTransfer *
http_start(const HttpRequest *request, MemoryContext owner)
{
	HttpTransfer *transfer;

	Assert(request->max_response_bytes > 0);
	Assert(request->connect_timeout_ms > 0 && request->timeout_ms > 0);

	ensure_multi();
	transfer = make_transfer(request, owner);
	transfer->easy = num_idle_handles > 0 ? idle_handles[--num_idle_handles] : curl_easy_init();
	if (transfer->easy == NULL)
		http_raise_out_of_memory();
	if (!http_options_set(transfer, request))
		ereport(ERROR,
				(errcode(ERRCODE_EXTERNAL_ROUTINE_EXCEPTION),
				 errmsg("could not prepare an HTTP request"),
				 errdetail("libcurl %s refused an option or ran out of memory.",
						   curl_version_info(CURLVERSION_NOW)->version)));
	check_driven(launch(transfer));
	return transfer;
}

const HttpResponse *
http_response(HttpTransfer *transfer)
{
	return transfer->done ? &transfer->response : NULL;
}

void
http_close(HttpTransfer *transfer)
{
	sigset_t	saved;

	if (transfer->easy != NULL || transfer->headers != NULL)
	{
		block_signals(&saved);
		release_handle(transfer, false);
		pthread_sigmask(SIG_SETMASK, &saved, NULL);
	}
	http_body_free(&transfer->body);
	transfer->done = false;
	sockets_release();
}

/* Hands the events of one wait to libcurl, then whatever is due. */
static CURLMcode
drive_events(const WaitEvent *events, int n)
{
	CURLMcode	code = CURLM_OK;
	sigset_t	saved;

	block_signals(&saved);
	for (int i = 0; i < n && code == CURLM_OK; i++)
	{
		int			what = 0;

		if (events[i].events & WL_SOCKET_READABLE)
			what |= CURL_CSELECT_IN;
		if (events[i].events & WL_SOCKET_WRITEABLE)
			what |= CURL_CSELECT_OUT;
		code = drive(events[i].fd, what);
	}
	if (code == CURLM_OK)
		code = drive_timers();
	pthread_sigmask(SIG_SETMASK, &saved, NULL);
	return code;
}

void
http_wait(long timeout_ms)
{
	WaitEvent	events[EVENTS_PER_WAIT];
	int			n;

	/* What finished without a wait is news to the caller, too. */
	if (finished_unseen)
		timeout_ms = 0;
	n = sockets_wait(timeout_ms, timer_due_us, events, EVENTS_PER_WAIT);
	if (multi != NULL)
		check_driven(drive_events(events, n));
	finished_unseen = false;
}
