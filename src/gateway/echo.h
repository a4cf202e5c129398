/*
 * echo.h
 *		The endpoint inside the server, for a first try and for tests.
 */
#ifndef GAIOPS_ECHO_H
#define GAIOPS_ECHO_H

/*
 * The answer to a request body: a chat completion that repeats the last user
 * message, palloc'd.  The same request always gets the same answer.
 */
extern char *echo_answer(const char *request, size_t len);

#endif							/* GAIOPS_ECHO_H */
