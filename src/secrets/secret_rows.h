/*
 * secret_rows.h
 *		The table gaiops_private.secrets.
 */
#ifndef GAIOPS_SECRET_ROWS_H
#define GAIOPS_SECRET_ROWS_H

#include "secrets/secrets.h"

/*
 * Locks the table until the end of the transaction: for writing a row, or
 * against everybody else's writing.  Take it before sealing, so that rotation
 * misses no row that is sealed under the key before.
 */
extern void secret_rows_lock(bool exclusive);

/* These return false if the name is taken, or there is no such row. */
extern bool secret_rows_insert(const SecretRow *row);
extern bool secret_rows_update(const SecretRow *row);
extern bool secret_rows_delete(const char *name);

/*
 * The sealed row with the lowest name above the given one, committed or
 * written by this transaction, in the current memory context; NULL if there
 * is none.
 */
extern SecretRow *secret_rows_next_sealed(const char *above);

#endif							/* GAIOPS_SECRET_ROWS_H */
