/*
 * evaluation_metrics.c
 *		Metrics that an evaluation leaves on its run.
 */
#include "postgres.h"

#include "base/store.h"
#include "catalog/pg_type.h"
#include "evaluation/evaluation_metrics.h"
#include "tracking/run_log.h"

#define MAX_KEY 250				/* bytes of the key of a metric */

static StoreStatement find_figures = {
	.sql = "SELECT s.scorer OPERATOR(pg_catalog.||) m.suffix, m.value"
	" FROM gaiops.evaluation_summary AS s"
	" CROSS JOIN LATERAL (VALUES ('/mean', s.mean), ('/corpus', s.corpus_bleu)) AS m (suffix, value)"
	" WHERE s.run_id OPERATOR(pg_catalog.=) $1 AND m.value IS NOT NULL"
	" AND pg_catalog.octet_length(s.scorer OPERATOR(pg_catalog.||) m.suffix) OPERATOR(pg_catalog.<=) $2"
	" ORDER BY 1",
	.nargs = 2,
	.argtypes = {UUIDOID, INT4OID},
};

/* The figures that were found, in memory that outlives the session. */
static RunMetric *
read_metrics(MemoryContext context, int *n)
{
	RunMetric  *metrics;

	*n = (int) SPI_processed;
	metrics = MemoryContextAlloc(context, sizeof(RunMetric) * (*n + 1));
	for (int i = 0; i < *n; i++)
	{
		HeapTuple	tuple = SPI_tuptable->vals[i];
		bool		isnull;

		metrics[i].key = MemoryContextStrdup(context, SPI_getvalue(tuple, SPI_tuptable->tupdesc, 1));
		metrics[i].value = DatumGetFloat8(SPI_getbinval(tuple, SPI_tuptable->tupdesc, 2, &isnull));
	}
	return metrics;
}

void
evaluation_log_metrics(const pg_uuid_t *run_id)
{
	MemoryContext context = CurrentMemoryContext;
	Datum		values[2] = {UUIDPGetDatum(run_id), Int32GetDatum(MAX_KEY)};
	StoreSession session;
	RunMetric  *metrics;
	int			n;

	store_open(&session);
	store_execute(&find_figures, values, NULL, true);
	metrics = read_metrics(context, &n);
	store_close(&session);
	if (n > 0)
		run_log_metrics(run_id, metrics, n, 0);
}
