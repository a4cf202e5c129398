/*
 * secrets.h
 *		Sealing and opening API keys.
 */
#ifndef GAIOPS_SECRETS_H
#define GAIOPS_SECRETS_H

/* How a secret's value is found. */
#define SECRET_KIND_SEALED	's' /* sealed is the box, under key_id of the ring */
#define SECRET_KIND_ENV		'e' /* reference names an environment variable */
#define SECRET_KIND_FILE	'f' /* reference is an absolute path */

/* A row of gaiops.secrets. */
typedef struct SecretRow
{
	const char *name;
	char		kind;
	bytea	   *sealed;			/* nonce and box; NULL unless sealed */
	const char *key_id;			/* NULL unless sealed */
	const char *reference;		/* NULL if sealed */
} SecretRow;

/* A clear value; wipe it as soon as it is used. */
typedef struct SecretValue
{
	char	   *data;			/* NUL-terminated, no control characters */
	size_t		len;
} SecretValue;

/*
 * The clear value of a row, in the current memory context.  Raises
 * ERRCODE_GAIOPS_SECRET_UNAVAILABLE, with key id and hint when only the key
 * ring is missing or too old.
 */
extern SecretValue secret_open(const SecretRow *row);

/* Overwrites and frees a clear value. */
extern void secret_wipe(SecretValue *value);

#endif							/* GAIOPS_SECRETS_H */
