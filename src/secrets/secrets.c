/*
 * secrets.c
 *		Sealing and opening API keys.
 *
 * The box is XChaCha20-Poly1305 with a random nonce.  The name of the secret
 * is part of what is authenticated, so a row cannot be opened under another
 * name.  No message here shows a value or a part of one.
 */
#include "postgres.h"

#include <sodium.h>

#include "base/errors.h"
#include "compat.h"
#include "secrets/key_ring.h"
#include "secrets/private.h"
#include "secrets/secrets.h"

#define SEAL_VERSION	1
#define SEAL_PURPOSE	"genaiops secret"
#define NONCE_LEN		crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_LEN			crypto_aead_xchacha20poly1305_ietf_ABYTES
#define SEAL_OVERHEAD	(1 + NONCE_LEN + TAG_LEN)

StaticAssertDecl(MASTER_KEY_LEN == crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
				 "a master key must fit the cipher");

/* What is authenticated beside the value. */
typedef struct SealContext
{
	unsigned char data[sizeof(SEAL_PURPOSE) + 1 + 4 + SECRET_NAME_MAX];
	size_t		len;
} SealContext;

/* The context of a secret: purpose, version, length of name, name. */
static SealContext
make_context(const char *name)
{
	SealContext context;
	size_t		name_len = strlen(name);
	unsigned char *end = context.data;

	if (name_len > SECRET_NAME_MAX)
		elog(ERROR, "name of secret is too long");
	memcpy(end, SEAL_PURPOSE, sizeof(SEAL_PURPOSE));
	end += sizeof(SEAL_PURPOSE);
	*end++ = SEAL_VERSION;
	*end++ = 0;
	*end++ = 0;
	*end++ = name_len >> 8;
	*end++ = name_len & 0xff;
	memcpy(end, name, name_len);
	context.len = end + name_len - context.data;
	return context;
}

/* Makes the library ready; cheap when it is already. */
static void
require_sodium(void)
{
	if (sodium_init() < 0)
		ereport(ERROR,
				(errcode(ERRCODE_EXTERNAL_ROUTINE_EXCEPTION),
				 errmsg("could not initialize libsodium")));
}

/* Raises that a secret cannot be opened, for a reason told as a sentence. */
static _Noreturn void
raise_unavailable(const char *name, const char *problem, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_GAIOPS_SECRET_UNAVAILABLE),
			 errmsg("could not open secret \"%s\"", name),
			 errdetail_internal("%s", problem),
			 hint != NULL ? errhint("%s", hint) : 0));
}

void
secret_raise_no_key(const char *action, const char *name, const SecretRow *row)
{
	bool		same = strcmp(name, row->name) == 0;

	ereport(ERROR,
			(errcode(ERRCODE_GAIOPS_SECRET_UNAVAILABLE),
			 errmsg("could not %s secret \"%s\"", action, name),
			 same
			 ? errdetail("It is sealed with master key \"%s\", which is not in the key ring \"%s\".",
						 row->key_id, key_ring_path())
			 : errdetail("Secret \"%s\" is sealed with master key \"%s\", which is not in the key ring \"%s\".",
						 row->name, row->key_id, key_ring_path()),
			 errhint("Copy the key ring file, or the line of that key, from the server where the secret was sealed; the file must belong to the user that runs this server and have mode 0600.")));
}

/* The first byte that a value must not have, or NULL. */
static const char *
find_bad_byte(const char *data, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (data[i] < ' ' || data[i] > '~')
			return data + i;
	return NULL;
}

/*
 * What is wrong with a value, as a sentence that does not show it; or NULL.
 * A space inside is right: a header may want "Basic" and a login.
 */
static char *
value_problem(const char *data, size_t len)
{
	const char *bad;

	if (len == 0)
		return pstrdup("It is empty.");
	if (len > SECRET_VALUE_MAX)
		return psprintf("It is longer than %d bytes.", SECRET_VALUE_MAX);
	bad = find_bad_byte(data, len);
	if (bad != NULL)
		return psprintf("Its byte %zu is not a printable ASCII character.",
						bad - data + 1);
	if (data[0] == ' ' || data[len - 1] == ' ')
		return pstrdup("It begins or ends with a space.");
	return NULL;
}

/* Raises that what somebody gave cannot be the value of a secret. */
static _Noreturn void
raise_bad_value(const char *name, const char *problem, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("secret \"%s\" cannot have this value", name),
			 errdetail_internal("%s", problem),
			 hint != NULL ? errhint("%s", hint) : 0));
}

SecretValue
secret_value_from_bytes(const char *name, const char *data, size_t len)
{
	char	   *problem = value_problem(data, len);
	SecretValue value;

	if (problem != NULL)
		raise_bad_value(name, problem, NULL);
	value.data = private_alloc(len + 1);
	value.len = len;
	memcpy(value.data, data, len);
	return value;
}

/*
 * Reads a value from a file that obeys rules.  Returns NULL, or what is wrong
 * as a sentence, with a hint or NULL.
 */
static char *
read_value(const char *path, int rules, SecretValue *value, const char **hint)
{
	PrivateFile file;
	char	   *problem;

	*hint = NULL;
	if (!private_file_read(path, rules, SECRET_VALUE_MAX + 2, &file))
	{
		*hint = file.hint;
		return file.problem;
	}
	if (file.len > 0 && file.data[file.len - 1] == '\n')
		file.len--;
	if (file.len > 0 && file.data[file.len - 1] == '\r')
		file.len--;
	problem = value_problem(file.data, file.len);
	if (problem != NULL)
	{
		private_free(file.data);
		return psprintf("The content of file \"%s\" is no key: %c%s", path,
						pg_tolower((unsigned char) problem[0]), problem + 1);
	}
	file.data[file.len] = '\0';
	value->data = file.data;
	value->len = file.len;
	return NULL;
}

SecretValue
secret_value_from_file(const char *name, const char *path)
{
	SecretValue value = {0};
	const char *hint;
	char	   *problem = read_value(path, 0, &value, &hint);

	if (problem != NULL)
		raise_bad_value(name, problem, hint);
	return value;
}

/* The value of an environment variable of the server. */
static SecretValue
open_env(const SecretRow *row)
{
	const char *text = getenv(row->reference);
	size_t		len = text == NULL ? 0 : strlen(text);
	char	   *problem = value_problem(text, len);
	SecretValue value;

	if (text == NULL)
		raise_unavailable(row->name,
						  psprintf("Environment variable \"%s\" is not set in the server.",
								   row->reference),
						  "Set it where the server is started, and restart it.");
	if (problem != NULL)
		raise_unavailable(row->name,
						  psprintf("The value of environment variable \"%s\" is no key: %c%s",
								   row->reference,
								   pg_tolower((unsigned char) problem[0]),
								   problem + 1), NULL);
	value.data = private_alloc(len + 1);
	value.len = len;
	memcpy(value.data, text, len);
	return value;
}

/*
 * The value in a file.  The file may belong to another user and be reached by
 * symbolic links, for that is how Kubernetes and Docker provide secrets.
 */
static SecretValue
open_file(const SecretRow *row)
{
	SecretValue value = {0};
	const char *hint;
	char	   *problem = read_value(row->reference, PRIVATE_FILE_NO_OTHERS,
									 &value, &hint);

	if (problem != NULL)
		raise_unavailable(row->name, problem, hint);
	return value;
}

/* The value in a box. */
static SecretValue
open_sealed(const SecretRow *row)
{
	const unsigned char *box = (const unsigned char *) VARDATA_ANY(row->sealed);
	size_t		box_len = VARSIZE_ANY_EXHDR(row->sealed);
	const MasterKey *key = key_ring_find(row->key_id);
	SealContext context;
	SecretValue value;

	if (key == NULL)
		secret_raise_no_key("open", row->name, row);
	if (box_len <= SEAL_OVERHEAD || box[0] != SEAL_VERSION)
		raise_unavailable(row->name,
						  "It was sealed by another version of the extension, or damaged.",
						  NULL);
	require_sodium();
	context = make_context(row->name);
	value.len = box_len - SEAL_OVERHEAD;
	value.data = private_alloc(value.len + 1);
	if (crypto_aead_xchacha20poly1305_ietf_decrypt((unsigned char *) value.data, NULL, NULL,
												   box + 1 + NONCE_LEN,
												   box_len - 1 - NONCE_LEN,
												   context.data, context.len,
												   box + 1, key->key) != 0)
		raise_unavailable(row->name,
						  psprintf("It does not fit master key \"%s\": the row or the key ring was changed.",
								   row->key_id),
						  "Set it again with gaiops_alter_secret().");
	return value;
}

SecretValue
secret_open(const SecretRow *row)
{
	if (row->kind == SECRET_KIND_SEALED && row->sealed != NULL && row->key_id != NULL)
		return open_sealed(row);
	if (row->kind == SECRET_KIND_ENV && row->reference != NULL)
		return open_env(row);
	if (row->kind == SECRET_KIND_FILE && row->reference != NULL)
		return open_file(row);
	elog(ERROR, "row of secret \"%s\" is incomplete", row->name);
}

void
secret_wipe(SecretValue *value)
{
	private_free(value->data);
	value->data = NULL;
	value->len = 0;
}

void
secret_seal(SecretRow *row, const SecretValue *value)
{
	const MasterKey *key = key_ring_current();
	size_t		box_len = value->len + SEAL_OVERHEAD;
	SealContext context;
	unsigned char *box;

	require_sodium();
	if (key == NULL)
		key = key_ring_add(true);
	context = make_context(row->name);
	row->sealed = palloc(VARHDRSZ + box_len);
	SET_VARSIZE(row->sealed, VARHDRSZ + box_len);
	box = (unsigned char *) VARDATA(row->sealed);
	box[0] = SEAL_VERSION;
	randombytes_buf(box + 1, NONCE_LEN);
	crypto_aead_xchacha20poly1305_ietf_encrypt(box + 1 + NONCE_LEN, NULL,
											   (const unsigned char *) value->data,
											   value->len, context.data,
											   context.len, NULL, box + 1,
											   key->key);
	row->kind = SECRET_KIND_SEALED;
	row->key_id = pstrdup(key->id);
	row->reference = NULL;
}
