/*
 * settings.c
 *		Every setting of genaiops.
 *
 * What decides where data goes, what protects it, or what it costs everybody
 * is for superusers or the configuration file; what only labels the caller's
 * own records is for the caller.
 */
#include "postgres.h"

#include <limits.h>

#include "access/xact.h"
#include "base/settings.h"
#include "compat.h"
#include "core/text/uuid_text.h"
#include "core/wire/traceparent.h"
#include "miscadmin.h"
#include "utils/guc.h"

bool		gaiops_allow_plain_http = false;
char	   *gaiops_ca_bundle = NULL;
bool		gaiops_error_context = false;
char	   *gaiops_experiment = NULL;
bool		gaiops_hide_secrets_in_log = true;
char	   *gaiops_judge_model = NULL;
char	   *gaiops_key_ring_file = NULL;
int			gaiops_log_timeout = 5000;
int			gaiops_max_evaluations = 2;
int			gaiops_max_payload_bytes = 4096;
int			gaiops_max_writers = 4;
int			gaiops_open_span_share = 50;
int			gaiops_payload_retention = 30;
int			gaiops_purpose = PURPOSE_APPLICATION;
int			gaiops_queue_size = 64;
RunSetting *gaiops_run = NULL;
char	   *gaiops_run_id = NULL;
char	   *gaiops_session_id = NULL;
int			gaiops_span_retention = 0;
int			gaiops_synchronous_commit = SYNCHRONOUS_COMMIT_ON;
char	   *gaiops_traceparent = NULL;
char	   *gaiops_user_id = NULL;

/* The same words as the server's own synchronous_commit. */
static const struct config_enum_entry synchronous_commit_options[] = {
	{"local", SYNCHRONOUS_COMMIT_LOCAL_FLUSH, false},
	{"remote_write", SYNCHRONOUS_COMMIT_REMOTE_WRITE, false},
	{"remote_apply", SYNCHRONOUS_COMMIT_REMOTE_APPLY, false},
	{"on", SYNCHRONOUS_COMMIT_ON, false},
	{"off", SYNCHRONOUS_COMMIT_OFF, false},
	{"true", SYNCHRONOUS_COMMIT_ON, true},
	{"false", SYNCHRONOUS_COMMIT_OFF, true},
	{"yes", SYNCHRONOUS_COMMIT_ON, true},
	{"no", SYNCHRONOUS_COMMIT_OFF, true},
	{"1", SYNCHRONOUS_COMMIT_ON, true},
	{"0", SYNCHRONOUS_COMMIT_OFF, true},
	{NULL, 0, false}
};

const struct config_enum_entry settings_purposes[] = {
	{"application", PURPOSE_APPLICATION, false},
	{"evaluation", PURPOSE_EVALUATION, false},
	{"judge", PURPOSE_JUDGE, false},
	{"monitor", PURPOSE_MONITOR, false},
	{"optimization", PURPOSE_OPTIMIZATION, false},
	{NULL, 0, false}
};

/* An empty string, or a trace context that can be joined. */
static bool
check_traceparent(char **value, void **extra, GucSource source)
{
	TraceParent parent;

	if ((*value)[0] == '\0' ||
		traceparent_parse(*value, strlen(*value), &parent))
		return true;
	GUC_check_errdetail("A trace context looks like 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.");
	return false;
}

/*
 * An empty string, or the id of a run.  What is known of the run stays with
 * the value: when a rollback brings that back, it still says that the run is
 * over.
 */
static bool
check_run_id(char **value, void **extra, GucSource source)
{
	RunSetting	setting = {0};

	if ((*value)[0] == '\0')
		return true;
	setting.nruns = 1;
	if (!uuid_text_parse(*value, setting.runs[0].run_id.data))
	{
		GUC_check_errdetail("The id of a run is a uuid.");
		return false;
	}
	*extra = compat_guc_alloc(sizeof(setting));
	if (*extra == NULL)
		return false;
	memcpy(*extra, &setting, sizeof(setting));
	return true;
}

static void
assign_run_id(const char *value, void *extra)
{
	gaiops_run = (RunSetting *) extra;
}

/* Labels of the caller's own records: anybody may set them for themselves. */
static void
define_label(const char *name, const char *description, char **variable)
{
	DefineCustomStringVariable(name, description, NULL, variable, "",
							   PGC_USERSET, 0, NULL, NULL, NULL);
}

/* What a session says about its own calls. */
static void
define_labels(void)
{
	define_label("gaiops.experiment",
				 "Experiment that calls are recorded under.",
				 &gaiops_experiment);

	DefineCustomStringVariable("gaiops.judge_model",
							   "Endpoint that judges ask, unless they or their caller name one.",
							   "Empty means none.",
							   &gaiops_judge_model, "",
							   PGC_USERSET, 0, NULL, NULL, NULL);

	DefineCustomEnumVariable("gaiops.purpose",
							 "What calls are made for.",
							 "Unless it says so, calls in a run are for what the run is.",
							 &gaiops_purpose, PURPOSE_APPLICATION, settings_purposes,
							 PGC_USERSET, 0, NULL, NULL, NULL);

	DefineCustomStringVariable("gaiops.run_id",
							   "Run that calls are recorded under.",
							   "gaiops_start_run() sets it; empty means none.",
							   &gaiops_run_id, "",
							   PGC_USERSET, 0, check_run_id, assign_run_id, NULL);

	define_label("gaiops.session_id",
				 "Session (conversation) that calls are recorded under.",
				 &gaiops_session_id);

	DefineCustomStringVariable("gaiops.traceparent",
							   "W3C trace context that calls join.",
							   NULL, &gaiops_traceparent, "",
							   PGC_USERSET, 0, check_traceparent, NULL, NULL);

	define_label("gaiops.user_id",
				 "End user that calls are recorded under.",
				 &gaiops_user_id);
}

/* What a session wants to be told; no record of it shows that. */
static void
define_messages(void)
{
	DefineCustomBoolVariable("gaiops.error_context",
							 "Has errors say where in the functions of genaiops they were raised.",
							 NULL, &gaiops_error_context, false,
							 PGC_USERSET, 0, NULL, NULL, NULL);
}

/* Where data goes, and what protects it. */
static void
define_reach(void)
{
	/* Sending keys in the clear is a decision about the whole installation. */
	DefineCustomBoolVariable("gaiops.allow_plain_http",
							 "Allows endpoints to use http to hosts other than this one.",
							 NULL, &gaiops_allow_plain_http, false,
							 PGC_SUSET, 0, NULL, NULL, NULL);

	/* Whoever chooses the CA chooses whom the server trusts. */
	DefineCustomStringVariable("gaiops.ca_bundle",
							   "File of CA certificates that gateways are verified with.",
							   "Empty means the operating system's.",
							   &gaiops_ca_bundle, "",
							   PGC_SUSET, 0, NULL, NULL, NULL);

	/* Who is logged has no say in whether. */
	DefineCustomBoolVariable("gaiops.hide_secrets_in_log",
							 "Hides statements with a secret in the server's log.",
							 NULL, &gaiops_hide_secrets_in_log, true,
							 PGC_SUSET, 0, NULL, NULL, NULL);

	/* Names a file that the server reads and writes. */
	DefineCustomStringVariable("gaiops.key_ring_file",
							   "File that holds the keys which seal secrets.",
							   "A relative path is relative to the data directory.",
							   &gaiops_key_ring_file, "gaiops_key_ring",
							   PGC_SUSET, GUC_SUPERUSER_ONLY, NULL, NULL, NULL);
}

/* How and how long calls are recorded. */
static void
define_recording(void)
{
	/* The caller waits, so the caller may choose to wait less or longer. */
	DefineCustomIntVariable("gaiops.log_timeout",
							"Longest wait for a record to be committed.",
							NULL, &gaiops_log_timeout, 5000, 1, INT_MAX,
							PGC_USERSET, GUC_UNIT_MS, NULL, NULL, NULL);

	/* Worker slots are shared with the rest of the server. */
	DefineCustomIntVariable("gaiops.max_evaluations",
							"Most evaluations in the background at once.",
							"0 has all of them wait.",
							&gaiops_max_evaluations, 2, 0, 64,
							PGC_SIGHUP, 0, NULL, NULL, NULL);

	/* Decides what everybody's records keep. */
	DefineCustomIntVariable("gaiops.max_payload_bytes",
							"Largest request or answer that is stored whole.",
							"Never more than an eighth of gaiops.queue_size.",
							&gaiops_max_payload_bytes, 4096, 1, 1024 * 1024,
							PGC_SUSET, GUC_UNIT_KB, NULL, NULL, NULL);

	/* Worker slots are shared with the rest of the server. */
	DefineCustomIntVariable("gaiops.max_writers",
							"Most databases that are written to at once.",
							NULL, &gaiops_max_writers, 4, 1, 64,
							PGC_SIGHUP, 0, NULL, NULL, NULL);

	/* What one session holds is missing to all others. */
	DefineCustomIntVariable("gaiops.open_span_share",
							"Percentage of gaiops.queue_size that open spans and runs may hold.",
							NULL, &gaiops_open_span_share, 50, 1, 75,
							PGC_SIGHUP, 0, NULL, NULL, NULL);

	/* Sizes shared memory, so it exists only where there is some of ours. */
	if (process_shared_preload_libraries_in_progress)
		DefineCustomIntVariable("gaiops.queue_size",
								"Shared memory for records on their way to the tables.",
								NULL, &gaiops_queue_size, 64, 4, 16 * 1024,
								PGC_POSTMASTER, GUC_UNIT_MB, NULL, NULL, NULL);

	/* A caller must not be able to weaken its own record. */
	DefineCustomEnumVariable("gaiops.synchronous_commit",
							 "Durability of the record of a call.",
							 NULL, &gaiops_synchronous_commit,
							 SYNCHRONOUS_COMMIT_ON, synchronous_commit_options,
							 PGC_SIGHUP, 0, NULL, NULL, NULL);
}

/* How long records are kept. */
static void
define_retention(void)
{
	DefineCustomIntVariable("gaiops.payload_retention",
							"Days that requests and answers are kept.",
							"0 keeps them for ever.",
							&gaiops_payload_retention, 30, 0, 36500,
							PGC_SIGHUP, 0, NULL, NULL, NULL);

	DefineCustomIntVariable("gaiops.span_retention",
							"Days that spans are kept.",
							"0 keeps them for ever.",
							&gaiops_span_retention, 0, 0, 36500,
							PGC_SIGHUP, 0, NULL, NULL, NULL);
}

/* Defines every setting; called once, when the library is loaded. */
void
settings_init(void)
{
	define_labels();
	define_messages();
	define_reach();
	define_recording();
	define_retention();
	MarkGUCPrefixReserved("gaiops");
}
