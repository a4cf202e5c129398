/*
 * trace.c
 *		Whether traces are recorded.
 */
#include "postgres.h"

#include "base/store.h"
#include "catalog/pg_type.h"
#include "tracking/trace.h"
#include "utils/array.h"
#include "utils/fmgrprotos.h"
#include "utils/uuid.h"

/*
 * Subqueries of one row, which are never made into a join that reads all
 * spans.
 */
static StoreStatement find_unknown_trace = {
	.sql = "SELECT t.trace_id FROM pg_catalog.unnest($1) AS t (trace_id)"
	" WHERE (SELECT true FROM gaiops.spans AS s"
	"  WHERE s.trace_id OPERATOR(pg_catalog.=) t.trace_id LIMIT 1) IS NULL"
	" AND (SELECT true FROM gaiops.intents AS i"
	"  WHERE i.trace_id OPERATOR(pg_catalog.=) t.trace_id LIMIT 1) IS NULL"
	" LIMIT 1",
	.nargs = 1,
	.argtypes = {UUIDARRAYOID},
};

void
trace_require_all(Datum trace_ids)
{
	StoreSession session;
	char	   *unknown = NULL;

	store_open(&session);
	store_execute(&find_unknown_trace, &trace_ids, NULL, true);
	if (SPI_processed > 0)
		unknown = store_text(1);
	if (unknown != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("trace \"%s\" does not exist", unknown)));
	store_close(&session);
}

void
trace_require(Datum trace_id)
{
	ArrayType  *trace_ids = construct_array(&trace_id, 1, UUIDOID, UUID_LEN, false,
											TYPALIGN_CHAR);

	trace_require_all(PointerGetDatum(trace_ids));
}
