/*
 * key_ring.h
 *		The file of master keys that secrets are sealed under.
 */
#ifndef GAIOPS_KEY_RING_H
#define GAIOPS_KEY_RING_H

#define KEY_ID_LEN		16		/* hex digits */
#define MASTER_KEY_LEN	32		/* bytes */

typedef struct MasterKey
{
	char		id[KEY_ID_LEN + 1];
	uint8		key[MASTER_KEY_LEN];
} MasterKey;

/*
 * These look at the file each time, and read it only when it changed.  They
 * raise ERRCODE_GAIOPS_SECRET_UNAVAILABLE when it is there but unusable.  What
 * they return lasts until the next call of any of them.
 */
extern bool key_ring_exists(void);
extern const MasterKey *key_ring_find(const char *id);	/* NULL if not there */
extern const MasterKey *key_ring_current(void); /* NULL if there is none */

/*
 * Adds a random key, which becomes the current one, and returns it; makes the
 * file if it is missing.  With only_first, a ring that has a key by now stays
 * as it is, and its current key is returned.  Not undone by a rollback.
 */
extern const MasterKey *key_ring_add(bool only_first);

/* The absolute path of the file; palloc'd. */
extern char *key_ring_path(void);

#endif							/* GAIOPS_KEY_RING_H */
