/*
 * writer.h
 *		The background worker that commits the records of one database.
 */
#ifndef GAIOPS_WRITER_H
#define GAIOPS_WRITER_H

/* Entry point of the process; its argument is the database's oid. */
extern PGDLLEXPORT void gaiops_writer_main(Datum database);

#endif							/* GAIOPS_WRITER_H */
