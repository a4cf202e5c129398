/*
 * private.h
 *		Memory and files that others must not see.
 */
#ifndef GAIOPS_PRIVATE_H
#define GAIOPS_PRIVATE_H

#include <sys/stat.h>

/* What a file must be, beyond regular and not too large. */
#define PRIVATE_FILE_OWNER_ONLY	0x01	/* ours, no rights for group or others,
										 * reached without a symbolic link */
#define PRIVATE_FILE_NO_OTHERS	0x02	/* no rights for others */

/* A whole file in private memory, or why it could not be had. */
typedef struct PrivateFile
{
	char	   *data;			/* NUL-terminated beyond len; NULL on failure */
	size_t		len;
	struct stat status;
	int			error;			/* errno of a failed system call, else 0 */
	char	   *problem;		/* a sentence for errdetail; NULL on success */
	const char *hint;			/* what to do about it, or NULL */
} PrivateFile;

/*
 * Zeroed memory for size bytes, below the current memory context.  It is
 * overwritten when it is freed or when that context ends, by an error too.
 */
extern char *private_alloc(size_t size);

/* Overwrites and frees what private_alloc() gave; NULL is fine. */
extern void private_free(char *data);

/*
 * Reads a whole file of at most max_len bytes.  Returns false, with the
 * problem told in file, when that is not possible or the file is not what
 * rules ask.
 */
extern bool private_file_read(const char *path, int rules, size_t max_len,
							  PrivateFile *file);

#endif							/* GAIOPS_PRIVATE_H */
