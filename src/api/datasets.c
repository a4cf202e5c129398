/*
 * datasets.c
 *		SQL-callable functions on records of datasets.
 */
#include "postgres.h"

#include "api/arguments.h"
#include "catalog/pg_type.h"
#include "compat.h"
#include "engine/dataset_record.h"
#include "engine/store.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/uuid.h"

PG_FUNCTION_INFO_V1(gaiops_record_id);
PG_FUNCTION_INFO_V1(gaiops_record_problem);
PG_FUNCTION_INFO_V1(gaiops_merge_members);
PG_FUNCTION_INFO_V1(gaiops_find_dataset_run);

static StoreStatement find_run = {
	.sql = "SELECT r.run_id FROM gaiops.run_inputs AS r"
	" WHERE r.dataset OPERATOR(pg_catalog.=) $1 LIMIT 1",
	.nargs = 1,
	.argtypes = {TEXTOID},
};

/*
 * gaiops.record_id(inputs, key) returns the identity of a record with these
 * inputs and this key or NULL; NULL without inputs.
 */
Datum
gaiops_record_id(PG_FUNCTION_ARGS)
{
	Jsonb	   *inputs = argument_jsonb(fcinfo, 0);

	if (inputs == NULL)
		PG_RETURN_NULL();
	PG_RETURN_UUID_P(dataset_record_id(inputs, argument_text(fcinfo, 1)));
}

/*
 * gaiops.record_problem(record) returns what is wrong with a record, or NULL.
 */
Datum
gaiops_record_problem(PG_FUNCTION_ARGS)
{
	char	   *problem = dataset_record_problem(PG_GETARG_JSONB_P(0));

	if (problem == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(problem));
}

/*
 * gaiops.merge_members(base, changes) returns the members of both objects;
 * raises if one is something else.
 */
Datum
gaiops_merge_members(PG_FUNCTION_ARGS)
{
	Jsonb	   *base = argument_object(fcinfo, 0, "base");
	Jsonb	   *changes = argument_object(fcinfo, 1, "changes");

	PG_RETURN_JSONB_P(dataset_merge_members(base, changes));
}

/*
 * gaiops.find_dataset_run(name) returns a run that worked on a dataset, as of
 * now, or NULL.
 */
Datum
gaiops_find_dataset_run(PG_FUNCTION_ARGS)
{
	StoreSession session;
	Datum		name = PG_GETARG_DATUM(0);
	Datum		run = (Datum) 0;
	bool		is_null = true;

	store_open(&session);
	store_execute(&find_run, &name, NULL, true);
	if (SPI_processed > 0)
		run = SPI_datumTransfer(store_datum(1, &is_null), false, UUID_LEN);
	store_close(&session);
	if (is_null)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(run);
}
