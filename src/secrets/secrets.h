/*
 * secrets.h
 *		Sealing and opening API keys.
 */
#ifndef GAIOPS_SECRETS_H
#define GAIOPS_SECRETS_H

/*
 * How a secret's value is found: the first letter of column kind of
 * gaiops_private.secrets, which is sealed, env or file.
 */
#define SECRET_KIND_SEALED	's' /* sealed is the box, under key_id of the ring */
#define SECRET_KIND_ENV		'e' /* reference names an environment variable */
#define SECRET_KIND_FILE	'f' /* reference is an absolute path */

#define SECRET_NAME_MAX		255
#define SECRET_VALUE_MAX	16384

/* A row of gaiops_private.secrets. */
typedef struct SecretRow
{
	const char *name;
	char		kind;
	bytea	   *sealed;			/* version, nonce and box; NULL unless sealed */
	const char *key_id;			/* NULL unless sealed */
	const char *reference;		/* NULL if sealed */
} SecretRow;

/* A clear value; wipe it as soon as it is used. */
typedef struct SecretValue
{
	char	   *data;			/* NUL-terminated, printable ASCII */
	size_t		len;
} SecretValue;

/*
 * The clear value of a row, in the current memory context; overwritten when
 * that ends, if secret_wipe() was not called.  Raises
 * ERRCODE_GAIOPS_SECRET_UNAVAILABLE, with key id and hint when only the key
 * ring is missing or too old.
 */
extern SecretValue secret_open(const SecretRow *row);

/* Overwrites and frees a clear value. */
extern void secret_wipe(SecretValue *value);

/*
 * Seals the value of the secret row->name under the current key of the ring,
 * filling in the rest of row; makes the ring's first key if there is none.
 */
extern void secret_seal(SecretRow *row, const SecretValue *value);

/*
 * A clear value from bytes that somebody gave, or from a file whose path they
 * gave (one newline at the end is dropped).  Raises
 * ERRCODE_INVALID_PARAMETER_VALUE unless it can be the value of a secret.
 */
extern SecretValue secret_value_from_bytes(const char *name, const char *data,
										   size_t len);
extern SecretValue secret_value_from_file(const char *name, const char *path);

/*
 * Raises that the key ring does not have the key a row is sealed under, when
 * trying to action ("open", "seal") the secret called name.
 */
extern _Noreturn void secret_raise_no_key(const char *action, const char *name,
										  const SecretRow *row);

#endif							/* GAIOPS_SECRETS_H */
