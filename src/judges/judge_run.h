/*
 * judge_run.h
 *		Asking at once, while the statement waits.
 */
#ifndef GAIOPS_JUDGE_RUN_H
#define GAIOPS_JUDGE_RUN_H

#include "judges/judge.h"

/*
 * Drives asks to their ends, all at the same time.  Raises where no calls can
 * be made.
 */
extern void judge_run(JudgeAsk **asks, int nasks);

#endif							/* GAIOPS_JUDGE_RUN_H */
