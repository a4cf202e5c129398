/*
 * call_step.h
 *		Moving a call on, for the loop that does so.
 */
#ifndef GAIOPS_CALL_STEP_H
#define GAIOPS_CALL_STEP_H

#include "base/errors.h"
#include "datatype/timestamp.h"

#define CALL_NO_TIMEOUT (-1)	/* for http_wait(): until something happens */

typedef struct Call Call;

/*
 * Claims what a call needs to be sent, for as long as it is there; false if
 * that is not free now.
 */
extern bool call_claim(Call *call);

/*
 * Gives a call its deadline, and has the session end it if nobody else does.
 */
extern void call_begin(Call *call);

/* Moves a call on as far as it goes without waiting. */
extern void call_step(Call *call);

/*
 * Whether a call is over, and waits for call_add_rows(), which makes the rows
 * of its caller, and may take long; then it is stepped again.
 */
extern bool call_wants_rows(const Call *call);
extern void call_add_rows(Call *call);

/* Whether it is over for its upstream: no other attempt follows. */
extern bool call_is_over(const Call *call);

/* Whether it is also on record. */
extern bool call_is_done(const Call *call);

/*
 * Milliseconds until a call wants another step without being woken, or
 * CALL_NO_TIMEOUT.
 */
extern long call_step_timeout(const Call *call);

/* Until when its upstream has told it to wait; 0 if it has not. */
extern TimestampTz call_told_pause(const Call *call);

/* Has a call that waits for its next attempt wait until then at least. */
extern void call_delay(Call *call, TimestampTz until);

/* Records a call that an error ends, without waiting. */
extern void call_abandon(Call *call, FailureClass failure);

/* Releases what a finished call still holds of the queue. */
extern void call_end(Call *call);

#endif							/* GAIOPS_CALL_STEP_H */
