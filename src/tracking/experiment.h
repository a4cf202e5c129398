/*
 * experiment.h
 *		Experiments: names that calls and runs are recorded under.
 */
#ifndef GAIOPS_EXPERIMENT_H
#define GAIOPS_EXPERIMENT_H

#include "datatype/timestamp.h"
#include "queue/record.h"

/*
 * The experiment something belongs to: the given one, that of the setting, or
 * the one by default.  Raises when its name is too long or no text.
 */
extern const char *experiment_choose(const char *given);

/*
 * Adds the row that makes an experiment known, unless this session had it
 * recorded before; that is noted once the record is committed.
 */
extern void experiment_add(Record *record, const char *name,
						   TimestampTz created_at, Datum created_by);
extern void experiment_note(const char *name);

/*
 * Makes an experiment known, first used by a role; returns when that is
 * committed.  Raises when the name has a length it may not have.
 */
extern void experiment_make(const char *name, Datum created_by);

/*
 * The same; returns whether this call has made it, which is false if it was
 * there already.
 */
extern bool experiment_create(const char *name, Datum created_by);

/* Whether it is recorded by now. */
extern bool experiment_exists(const char *name);

#endif							/* GAIOPS_EXPERIMENT_H */
