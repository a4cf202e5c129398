/*
 * uuid_text.h
 *		UUIDs as text.
 */
#ifndef GAIOPS_UUID_TEXT_H
#define GAIOPS_UUID_TEXT_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Reads every form that PostgreSQL's type uuid takes: 32 hexadecimal digits,
 * a hyphen after any group of four, braces around.  Returns false, with *id
 * in any state, if the text is none.
 */
extern bool uuid_text_parse(const char *text, uint8_t id[16]);

#endif							/* GAIOPS_UUID_TEXT_H */
