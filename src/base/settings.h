/*
 * settings.h
 *		Every setting of genaiops.
 */
#ifndef GAIOPS_SETTINGS_H
#define GAIOPS_SETTINGS_H

#include "utils/guc.h"
#include "utils/uuid.h"

/* Runs that a session may have open. */
#define MAX_OPEN_RUNS 32

/* What calls are made for. */
typedef enum Purpose
{
	PURPOSE_APPLICATION,
	PURPOSE_EVALUATION,
	PURPOSE_JUDGE,
	PURPOSE_MONITOR,
	PURPOSE_OPTIMIZATION
} Purpose;

/* A run that gaiops.run_id says, or said when one was started within it. */
typedef struct RunEntry
{
	pg_uuid_t	run_id;
	bool		is_own;			/* set when this session started the run */
	bool		is_over;		/* this session has ended the run since then */
	bool		has_purpose;	/* purpose has been looked up */
	Purpose		purpose;
} RunEntry;

/* What gaiops.run_id says: the last of these, with what leads back from it. */
typedef struct RunSetting
{
	int			nruns;
	RunEntry	runs[MAX_OPEN_RUNS + 1];	/* the first may be of another session */
} RunSetting;

extern bool gaiops_allow_plain_http;
extern char *gaiops_ca_bundle;
extern char *gaiops_experiment;
extern bool gaiops_error_context;
extern bool gaiops_hide_secrets_in_log;
extern char *gaiops_judge_model;
extern char *gaiops_key_ring_file;
extern int	gaiops_log_timeout;		/* ms */
extern int	gaiops_max_evaluations;
extern int	gaiops_max_payload_bytes;	/* kB */
extern int	gaiops_max_writers;
extern int	gaiops_open_span_share; /* percent of the queue */
extern int	gaiops_payload_retention;	/* days, 0 for ever */
extern int	gaiops_queue_size;		/* MB */
extern int	gaiops_purpose;			/* a Purpose */
extern RunSetting *gaiops_run;	/* NULL if it is empty */
extern char *gaiops_run_id;
extern char *gaiops_session_id;
extern int	gaiops_span_retention;	/* days, 0 for ever */
extern int	gaiops_synchronous_commit;
extern char *gaiops_traceparent;
extern char *gaiops_user_id;

/* The words for each Purpose. */
extern const struct config_enum_entry settings_purposes[];

extern void settings_init(void);

#endif							/* GAIOPS_SETTINGS_H */
