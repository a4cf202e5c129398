/*
 * member.h
 *		Members of documents, and of what kind they may be.
 */
#ifndef GAIOPS_MEMBER_H
#define GAIOPS_MEMBER_H

#include "utils/jsonb.h"

/* What a member may be, besides null. */
typedef enum MemberKind
{
	MEMBER_ANYTHING,
	MEMBER_NAME,
	MEMBER_OBJECT,
	MEMBER_STRING,
	MEMBER_STRINGS,
	MEMBER_STRING_OR_STRINGS,
	MEMBER_OBJECTS,
} MemberKind;

typedef struct Member
{
	const char *name;
	MemberKind	kind;
} Member;

/* The type of a value, as jsonb_typeof() has it. */
extern const char *member_type(const JsonbValue *value);

/* What a value should have been, in words; NULL if it is of that kind. */
extern const char *member_wanted(const JsonbValue *value, MemberKind kind);

#endif							/* GAIOPS_MEMBER_H */
