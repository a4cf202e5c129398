/*
 * clock.h
 *		A clock for durations.
 */
#ifndef GAIOPS_CLOCK_H
#define GAIOPS_CLOCK_H

#include <stdint.h>
#include <time.h>

/* Microseconds since some moment; never set back, and safe in a callback. */
static inline int64_t
clock_now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t) now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

#endif							/* GAIOPS_CLOCK_H */
