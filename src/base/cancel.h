/*
 * cancel.h
 *		Telling a cancel of this session from an error that looks like one.
 */
#ifndef GAIOPS_CANCEL_H
#define GAIOPS_CANCEL_H

/*
 * Whether an error says that this session's statement was canceled or has
 * timed out.  Another server's may have come with the same SQLSTATE, and a
 * function may raise whatever it likes.
 */
extern bool cancel_is_ours(const ErrorData *error);

#endif							/* GAIOPS_CANCEL_H */
