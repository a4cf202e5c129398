/*
 * record_shape.h
 *		Shapes of the rows that records have: one for each table that the
 *		writer fills.
 *
 * A room declares its shapes and registers them from its init function.  A
 * shape says all that the writer has to know of the table.
 */
#ifndef GAIOPS_RECORD_SHAPE_H
#define GAIOPS_RECORD_SHAPE_H

#include "access/tupdesc.h"

typedef struct Sink Sink;
typedef struct RecordValues RecordValues;

typedef struct RecordColumn
{
	const char *name;
	Oid			type;
} RecordColumn;

/*
 * Columns are listed once, by a macro COLUMNS(X) of lines X(SHAPE, name,
 * TYPEOID).  From this come the positions SHAPE_name, counted from 0, and the
 * columns.
 */
#define RECORD_POSITION(shape, column, type) shape##_##column,
#define RECORD_COLUMN(shape, column, type) {#column, type},

/* More than any shape has. */
#define RECORD_MAX_COLUMNS 48

/* Most observers of a shape. */
#define RECORD_MAX_OBSERVERS 4

/*
 * Who observes a shape is told of each row of it that a commit inserts, and
 * may add rows to that commit.  Of these nobody is told.
 */
typedef struct RecordObserver
{
	/* What it keeps for one commit, in the current memory context. */
	void	   *(*begin) (void);

	/* A row is inserted; what its values point to lasts until end. */
	void		(*see) (void *state, const RecordValues *row);

	/* There are no more rows: adds its own. */
	void		(*end) (void *state, Sink *sink);
} RecordObserver;

typedef struct RecordShape
{
	const char *table;			/* in schema gaiops */
	const RecordColumn *columns;
	int			ncolumns;

	/*
	 * Sets columns of a row that is about to be inserted without a look at
	 * its key; may write other rows.  NULL if there is nothing to set.
	 */
	void		(*prepare) (Sink *sink, RecordValues *row);

	/*
	 * Most rows with one value in the first column, a uuid; 0 if there is no
	 * limit.
	 */
	int			max_per_object;

	/* Rows are left out where the record cannot be stored with them. */
	bool		is_payload;

	/*
	 * Rows say that a final record is to come.  That one deletes them, even
	 * where nothing else of it can be stored.
	 */
	bool		is_intent;

	/* private to record_shape.c */
	int			id;
	TupleDesc	desc;

	/* private to the queue */
	int			nobservers;
	const RecordObserver *observers[RECORD_MAX_OBSERVERS];
} RecordShape;

/*
 * Makes a shape known.  Its id is in records, which one process writes and
 * another reads, so all have to give the same ids: this is for init
 * functions, which run while the library is preloaded, and in an order that
 * is always the same.  It does nothing when the library is loaded later,
 * since nothing can be recorded then.
 */
extern void record_register(RecordShape *shape);

/* Has an observer told of rows; for init functions as well, of any room. */
extern void record_observe(RecordShape *shape, const RecordObserver *observer);

/*
 * What ends, in the commit that is under way, what another life of the server
 * has left in tables of a room.  Each writer has it done once, when it
 * starts.
 */
typedef void (*RecordRecovery) (Sink *sink);

extern void record_add_recovery(RecordRecovery recovery);

/* Does all of these, in the order they were added. */
extern void record_recover(Sink *sink);

/* Shapes have ids from 1 to this. */
extern int	record_max_id(void);

/* The shape with an id; raises if there is none. */
extern RecordShape *record_shape(int id);

/* The id of a shape; raises if it was not registered. */
extern int	record_shape_id(const RecordShape *shape);

/*
 * The columns of a shape; made once per process.  Reads the catalogs the
 * first time, so whoever records while a transaction aborts calls
 * record_prepare() before.
 */
extern TupleDesc record_desc(RecordShape *shape);

/*
 * Makes the columns of all shapes, so that nothing later reads the catalogs.
 */
extern void record_prepare(void);

/*
 * For each column of a shape, the index of the column of the same name in the
 * table, or -1; palloc'd.
 */
extern int *record_map_columns(const RecordShape *shape, TupleDesc table);

#endif							/* GAIOPS_RECORD_SHAPE_H */
