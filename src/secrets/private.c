/*
 * private.c
 *		Memory and files that others must not see.
 *
 * A piece of private memory is a memory context of its own, whose reset
 * callback overwrites it.  An error that ends the caller's context ends the
 * piece with it, so no caller needs code for that.
 */
#include "postgres.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "secrets/private.h"
#include "storage/fd.h"
#include "utils/memutils.h"

typedef struct PrivateMemory
{
	MemoryContextCallback callback;
	size_t		size;
	char		data[FLEXIBLE_ARRAY_MEMBER];
} PrivateMemory;

/* Reset callback: overwrites the piece before its memory is given back. */
static void
wipe(void *arg)
{
	PrivateMemory *memory = arg;

	explicit_bzero(memory->data, memory->size);
}

char *
private_alloc(size_t size)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext,
												  "genaiops private",
												  ALLOCSET_SMALL_SIZES);
	PrivateMemory *memory;

	memory = MemoryContextAllocZero(context,
									offsetof(PrivateMemory, data) + size);
	memory->size = size;
	memory->callback.func = wipe;
	memory->callback.arg = memory;
	MemoryContextRegisterResetCallback(context, &memory->callback);
	return memory->data;
}

void
private_free(char *data)
{
	if (data != NULL)
		MemoryContextDelete(GetMemoryChunkContext(data - offsetof(PrivateMemory, data)));
}

/* Whether a file with this status obeys rules; if not, tells why in file. */
static bool
check_file(const char *path, const struct stat *status, int rules,
		   PrivateFile *file)
{
	mode_t		forbidden = 0;

	if (rules & PRIVATE_FILE_OWNER_ONLY)
		forbidden = S_IRWXG | S_IRWXO;
	else if (rules & PRIVATE_FILE_NO_OTHERS)
		forbidden = S_IRWXO;

	if (!S_ISREG(status->st_mode))
		file->problem = psprintf("\"%s\" is not a regular file.", path);
	else if ((rules & PRIVATE_FILE_OWNER_ONLY) && status->st_uid != geteuid())
	{
		file->problem = psprintf("File \"%s\" does not belong to the user that runs the server.",
								 path);
		file->hint = "Change its owner with chown.";
	}
	else if (status->st_mode & forbidden)
	{
		file->problem = psprintf("File \"%s\" is open to other users (mode %04o).",
								 path, (unsigned) (status->st_mode & 07777));
		file->hint = (rules & PRIVATE_FILE_OWNER_ONLY)
			? "Run chmod 0600 on it." : "Run chmod o= on it.";
	}
	return file->problem == NULL;
}

/* Tells in file that a system call on path failed. */
static bool
fail(const char *what, const char *path, PrivateFile *file)
{
	file->error = errno;
	file->problem = psprintf("Could not %s file \"%s\": %s.", what, path,
							 strerror(file->error));
	return false;
}

/* Reads an open file of at most max_len bytes into file. */
static bool
read_all(int fd, const char *path, size_t max_len, PrivateFile *file)
{
	char	   *data = private_alloc(max_len + 2);
	size_t		len = 0;

	while (len <= max_len)
	{
		ssize_t		n = read(fd, data + len, max_len + 1 - len);

		if (n == 0)
			break;
		if (n > 0)
			len += n;
		else if (errno != EINTR)
		{
			fail("read", path, file);
			private_free(data);
			return false;
		}
	}
	if (len > max_len)
	{
		file->problem = psprintf("File \"%s\" is larger than %zu bytes.", path,
								 max_len);
		private_free(data);
		return false;
	}
	file->data = data;
	file->len = len;
	return true;
}

bool
private_file_read(const char *path, int rules, size_t max_len,
				  PrivateFile *file)
{
	/* O_NONBLOCK, for opening a FIFO would wait for its writer. */
	int			flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | PG_BINARY;
	int			fd;
	bool		done;

	memset(file, 0, sizeof(*file));
	if (rules & PRIVATE_FILE_OWNER_ONLY)
		flags |= O_NOFOLLOW;
	fd = OpenTransientFile(path, flags);
	if (fd < 0)
		return fail("open", path, file);
	done = fstat(fd, &file->status) == 0 || fail("stat", path, file);
	done = done && check_file(path, &file->status, rules, file) &&
		read_all(fd, path, max_len, file);
	CloseTransientFile(fd);
	return done;
}
