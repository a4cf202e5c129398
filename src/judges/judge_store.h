/*
 * judge_store.h
 *		Judges that were created.
 */
#ifndef GAIOPS_JUDGE_STORE_H
#define GAIOPS_JUDGE_STORE_H

#include "fmgr.h"

/* A version of a judge or jury, as it is stored. */
typedef struct StoredJudge
{
	int			version;
	char	   *value_type;
	char	   *choices;		/* JSON; NULL if none, as the next ones */
	char	   *instructions;
	char	   *model;
	char	   *params;
	char	   *rule;
	char	   *direction;
	bool		has_threshold;
	double		threshold;
	bool		is_uncommitted; /* made by the transaction that is open */
	Datum		members;		/* text[], if it is a jury */
	Datum		member_versions;	/* int4[] */
} StoredJudge;

/*
 * Reads a version of a judge or, for 0, its latest that is not deleted, in the
 * current memory context.  False if there is none.
 */
extern bool judge_store_read(const char *name, int version, StoredJudge *stored);

#endif							/* GAIOPS_JUDGE_STORE_H */
