/*
 * compat.h
 *		Differences between the PostgreSQL versions we build for.
 */
#ifndef GAIOPS_COMPAT_H
#define GAIOPS_COMPAT_H

#if PG_VERSION_NUM < 150000
#error "genaiops needs PostgreSQL 15 or later"
#endif

#endif							/* GAIOPS_COMPAT_H */
