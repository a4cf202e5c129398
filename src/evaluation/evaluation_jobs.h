/*
 * evaluation_jobs.h
 *		The background worker that has the evaluations of a database done.
 */
#ifndef GAIOPS_EVALUATION_JOBS_H
#define GAIOPS_EVALUATION_JOBS_H

/* Entry point of the process; its argument is the database's oid. */
extern PGDLLEXPORT void gaiops_evaluations_main(Datum database);

#endif							/* GAIOPS_EVALUATION_JOBS_H */
