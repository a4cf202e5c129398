/*
 * errors.h
 *		Every SQLSTATE of genaiops, and the classes of failure behind them.
 *
 * A failure that a call can meet has one class.  Its name is what spans show
 * in error_class; its SQLSTATE is what a caller catches.
 */
#ifndef GAIOPS_ERRORS_H
#define GAIOPS_ERRORS_H

#define ERRCODE_GAIOPS_UNREACHABLE			MAKE_SQLSTATE('L','M','0','0','1')
#define ERRCODE_GAIOPS_TLS_FAILURE			MAKE_SQLSTATE('L','M','0','0','2')
#define ERRCODE_GAIOPS_TIMEOUT				MAKE_SQLSTATE('L','M','0','0','3')
#define ERRCODE_GAIOPS_RATE_LIMITED			MAKE_SQLSTATE('L','M','0','0','4')
#define ERRCODE_GAIOPS_UPSTREAM_ERROR		MAKE_SQLSTATE('L','M','0','0','5')
#define ERRCODE_GAIOPS_REQUEST_REFUSED		MAKE_SQLSTATE('L','M','0','0','6')
#define ERRCODE_GAIOPS_INVALID_RESPONSE		MAKE_SQLSTATE('L','M','0','0','7')
#define ERRCODE_GAIOPS_RESPONSE_TOO_LARGE	MAKE_SQLSTATE('L','M','0','0','8')
#define ERRCODE_GAIOPS_UNKNOWN_ENDPOINT		MAKE_SQLSTATE('L','M','0','0','9')
#define ERRCODE_GAIOPS_LOG_UNAVAILABLE		MAKE_SQLSTATE('L','M','0','1','0')
#define ERRCODE_GAIOPS_SECRET_UNAVAILABLE	MAKE_SQLSTATE('L','M','0','1','1')
#define ERRCODE_GAIOPS_UNKNOWN_PROMPT		MAKE_SQLSTATE('L','M','0','1','2')
#define ERRCODE_GAIOPS_INVALID_TEMPLATE		MAKE_SQLSTATE('L','M','0','1','3')
#define ERRCODE_GAIOPS_MISSING_VARIABLE		MAKE_SQLSTATE('L','M','0','1','4')
#define ERRCODE_GAIOPS_RENDERING_FAILED		MAKE_SQLSTATE('L','M','0','1','5')

typedef enum FailureClass
{
	FAILURE_NONE = 0,
	FAILURE_UNREACHABLE,		/* no connection, no address */
	FAILURE_TLS,				/* handshake or certificate */
	FAILURE_TIMEOUT,			/* a limit of ours ran out */
	FAILURE_RATE_LIMITED,		/* upstream said 429, in whatever words */
	FAILURE_UPSTREAM_ERROR,		/* upstream said 408 or 5xx, or failed */
	FAILURE_REQUEST_REFUSED,	/* upstream said another 4xx, or 3xx */
	FAILURE_INVALID_RESPONSE,	/* an answer we cannot read */
	FAILURE_RESPONSE_TOO_LARGE, /* an answer over max_response_bytes */
	FAILURE_LOG_UNAVAILABLE,	/* the intent could not be committed */
	FAILURE_SECRET_UNAVAILABLE, /* a key could not be opened */
	FAILURE_INTERNAL,			/* another error of this server's */
	FAILURE_CANCELED,			/* query cancel or statement timeout */
	FAILURE_TERMINATED,			/* the session ended in mid-call */
	FAILURE_UNKNOWN				/* the server died in mid-call */
} FailureClass;

/* The name of a class as stored in error_class; NULL for FAILURE_NONE. */
extern const char *failure_class_name(FailureClass failure);

/* The SQLSTATE of a class, packed as by MAKE_SQLSTATE. */
extern int	failure_class_sqlstate(FailureClass failure);

#endif							/* GAIOPS_ERRORS_H */
