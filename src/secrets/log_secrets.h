/*
 * log_secrets.h
 *		Keys in statements, kept out of the server's log.
 */
#ifndef GAIOPS_LOG_SECRETS_H
#define GAIOPS_LOG_SECRETS_H

/* Installs the hooks; called once, when the library is loaded. */
extern void log_secrets_init(void);

/*
 * The client's message that is being worked on holds a key: from now on until
 * it is over, the log has another text in place of what could show it, and
 * other sessions see that text in pg_stat_activity.  Nothing changes while
 * gaiops.hide_secrets_in_log is off.  Never raises.
 */
extern void log_secrets_hide(void);

#endif							/* GAIOPS_LOG_SECRETS_H */
