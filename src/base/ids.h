/*
 * ids.h
 *		New ids of traces, runs and spans.
 */
#ifndef GAIOPS_IDS_H
#define GAIOPS_IDS_H

#include "utils/uuid.h"

/* Fills bytes at random; raises if the system has no randomness. */
extern void ids_make_random(void *bytes, size_t len);

/*
 * A new id of version 7 (RFC 9562): neighbours in time are neighbours in
 * indexes.
 */
extern void ids_make_uuid(pg_uuid_t *id);

/* Writes bytes as lower-case hexadecimal digits, with a NUL. */
extern void ids_format_hex(const uint8 *bytes, int len, char *text);

#endif							/* GAIOPS_IDS_H */
