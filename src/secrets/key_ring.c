/*
 * key_ring.c
 *		The file of master keys that secrets are sealed under.
 *
 * A line that says what the file is, then one line per key, the newest last:
 *
 *		genaiops key ring 1
 *		<id, 16 hex digits> <key, 64 hex digits> <time of creation>
 *
 * The last key seals; every key opens, so old ones stay for the secrets of
 * other databases and of old dumps.  A change writes a new file beside the
 * old one and renames it, under a lock, so that a reader needs none and no
 * key is ever lost.
 */
#include "postgres.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/latch_wait.h"
#include "base/settings.h"
#include "core/text/hex.h"
#include "miscadmin.h"
#include "secrets/key_ring.h"
#include "secrets/private.h"
#include "storage/fd.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#define RING_HEADER			"genaiops key ring 1\n"
#define RING_HEADER_LEN		(sizeof(RING_HEADER) - 1)
#define RING_TIME_LEN		20	/* 2026-01-31T23:59:59Z */
#define RING_HEX_LEN		((size_t) 2 * MASTER_KEY_LEN)
#define RING_LINE_LEN		(KEY_ID_LEN + 1 + RING_HEX_LEN + 1 + RING_TIME_LEN + 1)
#define RING_MAX_KEYS		1000
#define RING_MAX_LEN		(RING_HEADER_LEN + RING_MAX_KEYS * RING_LINE_LEN)
#define LOCK_TIMEOUT_MS		10000
#define LOCK_POLL_MS		10

/* The ring as last read by this session. */
static struct
{
	char	   *path;			/* absolute; NULL if nothing is cached */
	struct stat status;			/* tells whether the file changed since */
	int			nkeys;
	MasterKey  *keys;
} ring;

char *
key_ring_path(void)
{
	char	   *path;

	if (gaiops_key_ring_file == NULL || gaiops_key_ring_file[0] == '\0')
		ereport(ERROR,
				(errcode(ERRCODE_GAIOPS_SECRET_UNAVAILABLE),
				 errmsg("there is no key ring"),
				 errdetail("\"%s\" is empty.", "gaiops.key_ring_file")));
	path = is_absolute_path(gaiops_key_ring_file)
		? pstrdup(gaiops_key_ring_file)
		: psprintf("%s/%s", DataDir, gaiops_key_ring_file);
	canonicalize_path(path);
	return path;
}

/* Forgets what was read. */
static void
forget_ring(void)
{
	if (ring.keys != NULL)
	{
		explicit_bzero(ring.keys, ring.nkeys * sizeof(MasterKey));
		pfree(ring.keys);
	}
	if (ring.path != NULL)
		pfree(ring.path);
	memset(&ring, 0, sizeof(ring));
}

/* Raises that the file cannot be used, for a reason told as a sentence. */
static _Noreturn void
raise_unusable(const char *path, const char *problem, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_GAIOPS_SECRET_UNAVAILABLE),
			 errmsg("key ring \"%s\" cannot be used", path),
			 errdetail_internal("%s", problem),
			 hint != NULL ? errhint("%s", hint) : 0));
}

/* Reads the id and the key of a whole line; returns false if it is no such. */
static bool
parse_line(const char *line, MasterKey *key)
{
	uint8		id[KEY_ID_LEN / 2];
	const char *hex = line + KEY_ID_LEN + 1;
	const char *created = hex + RING_HEX_LEN + 1;

	if (hex[-1] != ' ' || created[-1] != ' ' || created[RING_TIME_LEN] != '\n')
		return false;
	if (!hex_read(line, id, sizeof(id)) ||
		!hex_read(hex, key->key, sizeof(key->key)))
		return false;
	for (int i = 0; i < RING_TIME_LEN; i++)
		if (created[i] <= ' ' || created[i] > '~')
			return false;
	memcpy(key->id, line, KEY_ID_LEN);
	key->id[KEY_ID_LEN] = '\0';
	return true;
}

/* Looks a key up among the first n; NULL if it is not there. */
static const MasterKey *
find_key(const MasterKey *keys, int n, const char *id)
{
	for (int i = 0; i < n; i++)
		if (strcmp(keys[i].id, id) == 0)
			return &keys[i];
	return NULL;
}

/*
 * Reads the keys of a file into keys, which has room for all its lines.
 * Returns how many, or raises with the number of the first bad line.
 */
static int
parse_ring(const char *path, const PrivateFile *file, MasterKey *keys)
{
	size_t		nkeys;

	if (file->len < RING_HEADER_LEN ||
		memcmp(file->data, RING_HEADER, RING_HEADER_LEN) != 0)
		raise_unusable(path, "Its first line is not that of a key ring of version 1.",
					   NULL);
	nkeys = (file->len - RING_HEADER_LEN) / RING_LINE_LEN;
	for (size_t i = 0; i < nkeys; i++)
		if (!parse_line(file->data + RING_HEADER_LEN + i * RING_LINE_LEN, &keys[i]) ||
			find_key(keys, i, keys[i].id) != NULL)
			raise_unusable(path, psprintf("Line %zu is damaged.", i + 2), NULL);
	if (RING_HEADER_LEN + nkeys * RING_LINE_LEN != file->len)
		raise_unusable(path, psprintf("Line %zu is damaged.", nkeys + 2), NULL);
	return nkeys;
}

/* Puts the keys of a file in place of what was read before. */
static void
remember_ring(const char *path, const PrivateFile *file)
{
	size_t		size = Max(file->len / RING_LINE_LEN, 1) * sizeof(MasterKey);
	MasterKey  *keys = (MasterKey *) private_alloc(size);
	int			nkeys = parse_ring(path, file, keys);

	forget_ring();
	ring.path = MemoryContextStrdup(TopMemoryContext, path);
	ring.keys = MemoryContextAlloc(TopMemoryContext, size);
	ring.nkeys = nkeys;
	memcpy(ring.keys, keys, nkeys * sizeof(MasterKey));
	ring.status = file->status;
	private_free((char *) keys);
}

/* Whether two looks at a path saw the same content. */
static bool
same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
		a->st_size == b->st_size &&
		a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
		a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
		a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
		a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

/*
 * Brings what was read up to date.  Returns false if there is no file; raises
 * if there is one that cannot be used.
 */
static bool
load_ring(const char *path)
{
	PrivateFile file;
	struct stat status;

	/* Owner and mode are part of what ctime covers. */
	if (ring.path != NULL && strcmp(ring.path, path) == 0 &&
		lstat(path, &status) == 0 && same_file(&status, &ring.status))
		return true;
	forget_ring();
	if (!private_file_read(path, PRIVATE_FILE_OWNER_ONLY, RING_MAX_LEN, &file))
	{
		if (file.error != ENOENT)
			raise_unusable(path, file.problem, file.hint);
		return false;
	}
	remember_ring(path, &file);
	private_free(file.data);
	return true;
}

/* As load_ring(), for the file that the setting names. */
static bool
load_current_ring(void)
{
	char	   *path = key_ring_path();
	bool		exists = load_ring(path);

	pfree(path);
	return exists;
}

bool
key_ring_exists(void)
{
	return load_current_ring();
}

const MasterKey *
key_ring_find(const char *id)
{
	return load_current_ring() ? find_key(ring.keys, ring.nkeys, id) : NULL;
}

const MasterKey *
key_ring_current(void)
{
	if (!load_current_ring() || ring.nkeys == 0)
		return NULL;
	return &ring.keys[ring.nkeys - 1];
}

/* Raises that a system call on a file beside the ring failed. */
static _Noreturn void
raise_file_error(const char *what, const char *path)
{
	ereport(ERROR,
			(errcode_for_file_access(),
			 errmsg("could not %s file \"%s\": %m", what, path)));
}

/*
 * Takes the lock on changes to the ring, which is a lock on a file beside it:
 * the ring itself is replaced by every change.  Returns the descriptor, whose
 * closing (by an error too) releases it.
 */
static int
lock_ring(const char *path)
{
	char	   *lock_path = psprintf("%s.lock", path);
	int			fd = OpenTransientFilePerm(lock_path,
										   O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | PG_BINARY,
										   S_IRUSR | S_IWUSR);
	TimestampTz give_up = TimestampTzPlusMilliseconds(GetCurrentTimestamp(),
													  LOCK_TIMEOUT_MS);

	if (fd < 0)
		raise_file_error("open", lock_path);
	while (flock(fd, LOCK_EX | LOCK_NB) != 0)
	{
		if (errno != EWOULDBLOCK && errno != EINTR)
			raise_file_error("lock", lock_path);
		if (GetCurrentTimestamp() >= give_up)
			ereport(ERROR,
					(errcode(ERRCODE_LOCK_NOT_AVAILABLE),
					 errmsg("could not lock file \"%s\"", lock_path),
					 errdetail("Another process has held the lock for %d ms.",
							   LOCK_TIMEOUT_MS)));
		(void) latch_wait(WAIT_KEY_RING_LOCK, LOCK_POLL_MS);
		CHECK_FOR_INTERRUPTS();
	}
	pfree(lock_path);
	return fd;
}

/* Writes a line with a new random key, without the NUL. */
static void
make_line(char *line)
{
	uint8		random[KEY_ID_LEN / 2 + MASTER_KEY_LEN];
	time_t		now = time(NULL);
	struct tm	utc;
	char		text[RING_TIME_LEN + 1];

	if (!pg_strong_random(random, sizeof(random)))
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR),
				 errmsg("could not generate a random master key")));
	hex_write(line, random, KEY_ID_LEN / 2);
	hex_write(line + KEY_ID_LEN + 1, random + KEY_ID_LEN / 2, MASTER_KEY_LEN);
	explicit_bzero(random, sizeof(random));
	line[KEY_ID_LEN] = ' ';
	line[KEY_ID_LEN + 1 + 2 * MASTER_KEY_LEN] = ' ';
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
	memcpy(line + RING_LINE_LEN - RING_TIME_LEN - 1, text, RING_TIME_LEN);
	line[RING_LINE_LEN - 1] = '\n';
}

/* Writes a new file and flushes it; returns false, with errno, on failure. */
static bool
write_file(const char *path, const char *data, size_t len)
{
	int			fd;
	int			save_errno;
	bool		done;

	/*
	 * One may be left over from a crash; we hold the lock, so it is nobody's.
	 */
	if (unlink(path) != 0 && errno != ENOENT)
		return false;
	fd = OpenTransientFilePerm(path,
							   O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | PG_BINARY,
							   S_IRUSR | S_IWUSR);
	if (fd < 0)
		return false;
	errno = 0;
	done = write(fd, data, len) == (ssize_t) len && pg_fsync(fd) == 0;
	save_errno = errno;
	if (CloseTransientFile(fd) != 0 && done)
		return false;
	/* A short write leaves errno alone; its usual cause is a full disk. */
	errno = save_errno != 0 ? save_errno : ENOSPC;
	return done;
}

/* Puts a file with this content in the place of path. */
static void
replace_file(const char *path, const char *data, size_t len)
{
	char	   *new_path = psprintf("%s.new", path);

	if (!write_file(new_path, data, len) ||
		durable_rename(new_path, path, LOG) != 0)
	{
		int			save_errno = errno;

		unlink(new_path);
		errno = save_errno;
		raise_file_error("replace", path);
	}
	pfree(new_path);
}

/* Writes the ring at path anew with one more key. */
static void
append_key(const char *path)
{
	PrivateFile file;
	char	   *data;
	size_t		len = RING_HEADER_LEN;

	if (ring.nkeys >= RING_MAX_KEYS)
		raise_unusable(path, psprintf("It has %d keys already.", ring.nkeys),
					   "Remove the keys that no secret is sealed under any more.");
	data = private_alloc(RING_MAX_LEN + RING_LINE_LEN);
	if (private_file_read(path, PRIVATE_FILE_OWNER_ONLY, RING_MAX_LEN, &file))
	{
		memcpy(data, file.data, file.len);
		len = file.len;
		private_free(file.data);
	}
	else if (file.error == ENOENT)
		memcpy(data, RING_HEADER, RING_HEADER_LEN);
	else
		raise_unusable(path, file.problem, file.hint);
	make_line(data + len);
	replace_file(path, data, len + RING_LINE_LEN);
	private_free(data);
}

const MasterKey *
key_ring_add(bool only_first)
{
	char	   *path = key_ring_path();
	int			lock = lock_ring(path);

	/* Parses it again, too: nothing is added to a damaged ring. */
	if (!load_ring(path) || ring.nkeys == 0 || !only_first)
	{
		append_key(path);
		if (!load_ring(path))
			raise_unusable(path, "It vanished.", NULL);
	}
	CloseTransientFile(lock);
	pfree(path);
	return &ring.keys[ring.nkeys - 1];
}
