/*
 * errors.c
 *		The name and the SQLSTATE of each class of failure.
 */
#include "postgres.h"

#include "base/errors.h"

typedef struct FailureClassInfo
{
	const char *name;
	int			sqlstate;
} FailureClassInfo;

/*
 * Names are stored in spans: they can be added to, never changed.  A class
 * that PostgreSQL itself has a SQLSTATE for keeps it.
 */
static const FailureClassInfo failure_classes[] = {
	[FAILURE_NONE] = {NULL, ERRCODE_SUCCESSFUL_COMPLETION},
	[FAILURE_UNREACHABLE] = {"unreachable", ERRCODE_GAIOPS_UNREACHABLE},
	[FAILURE_TLS] = {"tls_failure", ERRCODE_GAIOPS_TLS_FAILURE},
	[FAILURE_TIMEOUT] = {"timeout", ERRCODE_GAIOPS_TIMEOUT},
	[FAILURE_RATE_LIMITED] = {"rate_limited", ERRCODE_GAIOPS_RATE_LIMITED},
	[FAILURE_UPSTREAM_ERROR] = {"upstream_error", ERRCODE_GAIOPS_UPSTREAM_ERROR},
	[FAILURE_REQUEST_REFUSED] = {"request_refused", ERRCODE_GAIOPS_REQUEST_REFUSED},
	[FAILURE_INVALID_RESPONSE] = {"invalid_response", ERRCODE_GAIOPS_INVALID_RESPONSE},
	[FAILURE_RESPONSE_TOO_LARGE] = {"response_too_large", ERRCODE_GAIOPS_RESPONSE_TOO_LARGE},
	[FAILURE_LOG_UNAVAILABLE] = {"log_unavailable", ERRCODE_GAIOPS_LOG_UNAVAILABLE},
	[FAILURE_SECRET_UNAVAILABLE] = {"secret_unavailable", ERRCODE_GAIOPS_SECRET_UNAVAILABLE},
	[FAILURE_INTERNAL] = {"internal_error", ERRCODE_INTERNAL_ERROR},
	[FAILURE_CANCELED] = {"canceled", ERRCODE_QUERY_CANCELED},
	[FAILURE_TERMINATED] = {"terminated", ERRCODE_ADMIN_SHUTDOWN},
	[FAILURE_UNKNOWN] = {"unknown", ERRCODE_CRASH_SHUTDOWN}
};

StaticAssertDecl(lengthof(failure_classes) == FAILURE_UNKNOWN + 1,
				 "every failure class needs a name and a SQLSTATE");

/* The name of a class; NULL for FAILURE_NONE. */
const char *
failure_class_name(FailureClass failure)
{
	Assert(failure >= FAILURE_NONE && failure <= FAILURE_UNKNOWN);
	return failure_classes[failure].name;
}

/* The SQLSTATE that a failure of this class is raised with. */
int
failure_class_sqlstate(FailureClass failure)
{
	Assert(failure >= FAILURE_NONE && failure <= FAILURE_UNKNOWN);
	return failure_classes[failure].sqlstate;
}
