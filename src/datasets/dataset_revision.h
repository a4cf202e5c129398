/*
 * dataset_revision.h
 *		The revision of a dataset that something is done with.
 */
#ifndef GAIOPS_DATASET_REVISION_H
#define GAIOPS_DATASET_REVISION_H

/*
 * Chooses a revision of a dataset, NULL for the latest, and returns its
 * number.  Raises unless it exists and will stay.  Until the transaction ends,
 * the dataset is not dropped.
 */
extern int32 dataset_choose_revision(const char *dataset, const int32 *given);

#endif							/* GAIOPS_DATASET_REVISION_H */
