/*
 * label.h
 *		Labels under which calls are recorded: experiment, session, user.
 */
#ifndef GAIOPS_LABEL_H
#define GAIOPS_LABEL_H

/*
 * The given label, or the setting's; NULL if it is empty.  Raises when it is
 * too long or no text.
 */
extern const char *label_choose(const char *what, const char *given,
								const char *setting);

#endif							/* GAIOPS_LABEL_H */
