/*
 * message_slip.h
 *		Texts of one message that were meant to be an array of messages.
 */
#ifndef GAIOPS_MESSAGE_SLIP_H
#define GAIOPS_MESSAGE_SLIP_H

/*
 * Raises if a message begins with an array of messages, in JSON or as drivers
 * write a list: the model would be asked what it thinks of JSON.
 */
extern void message_slip_check(const char *message);

#endif							/* GAIOPS_MESSAGE_SLIP_H */
