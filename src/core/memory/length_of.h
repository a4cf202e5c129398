/*
 * length_of.h
 *		How many elements an array has.
 */
#ifndef GAIOPS_LENGTH_OF_H
#define GAIOPS_LENGTH_OF_H

/* As lengthof() of PostgreSQL, which core does without. */
#define LENGTH_OF(array)	(sizeof(array) / sizeof((array)[0]))

#endif							/* GAIOPS_LENGTH_OF_H */
