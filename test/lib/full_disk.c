/*
 * full_disk.c
 *		A full disk for ordinary users, to be preloaded into the server.
 *
 * While the file FLAG exists, the tables' files can be written to but not made
 * longer, as on a disk that is full: it fails with ENOSPC.  What lies outside
 * of base/ is left alone, since a server that cannot write WAL stops at once.
 *
 * Build: cc -shared -fPIC -DFLAG='"/path"' -o full_disk.so full_disk.c -ldl
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

/* Whether a file of a table would have to be longer than it is. */
static int
is_full(int fd, off_t end)
{
	char		link[64];
	char		path[1024];
	ssize_t		length;
	struct stat status;

	if (access(FLAG, F_OK) != 0)
		return 0;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = readlink(link, path, sizeof(path) - 1);
	if (length < 0)
		return 0;
	path[length] = '\0';
	return strstr(path, "/base/") != NULL && fstat(fd, &status) == 0 &&
		end > status.st_size;
}

static ssize_t
no_space(void)
{
	errno = ENOSPC;
	return -1;
}

/* These take the place of the C library's functions of the same names. */

ssize_t
pwrite(int fd, const void *bytes, size_t length, off_t offset)
{
	ssize_t		(*real) (int, const void *, size_t, off_t);

	*(void **) &real = dlsym(RTLD_NEXT, "pwrite");
	return is_full(fd, offset + length) ? no_space() : real(fd, bytes, length, offset);
}

ssize_t
pwrite64(int fd, const void *bytes, size_t length, off64_t offset)
{
	return pwrite(fd, bytes, length, offset);
}

ssize_t
pwritev(int fd, const struct iovec *parts, int count, off_t offset)
{
	ssize_t		(*real) (int, const struct iovec *, int, off_t);
	off_t		end = offset;

	*(void **) &real = dlsym(RTLD_NEXT, "pwritev");
	for (int i = 0; i < count; i++)
		end += parts[i].iov_len;
	return is_full(fd, end) ? no_space() : real(fd, parts, count, offset);
}

ssize_t
pwritev64(int fd, const struct iovec *parts, int count, off64_t offset)
{
	return pwritev(fd, parts, count, offset);
}

int
posix_fallocate(int fd, off_t offset, off_t length)
{
	int			(*real) (int, off_t, off_t);

	*(void **) &real = dlsym(RTLD_NEXT, "posix_fallocate");
	return is_full(fd, offset + length) ? ENOSPC : real(fd, offset, length);
}

int
posix_fallocate64(int fd, off64_t offset, off64_t length)
{
	return posix_fallocate(fd, offset, length);
}
