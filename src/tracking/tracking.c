/*
 * tracking.c
 *		What happened: spans, runs, and the usage that comes of them.
 */
#include "postgres.h"

#include "tracking/joined_trace.h"
#include "tracking/recovery.h"
#include "tracking/run.h"
#include "tracking/run_shape.h"
#include "tracking/span.h"
#include "tracking/span_shape.h"
#include "tracking/tracking.h"
#include "tracking/usage_rollup.h"

static RecordShape *const shapes[] = {
	&experiment_shape,
	&intent_shape,
	&span_shape,
	&payload_shape,
	&tag_shape,
	&tag_of_others_shape,
	&usage_shape,
	&joined_trace_shape,
	&run_start_shape,
	&run_end_shape,
	&open_run_shape,
	&run_param_shape,
	&run_param_of_others_shape,
	&run_metric_shape,
	&run_tag_shape,
	&run_tag_of_others_shape,
	&run_input_shape,
	&run_input_of_others_shape,
};

void
tracking_init(void)
{
	for (int i = 0; i < lengthof(shapes); i++)
		record_register(shapes[i]);
	span_shape.prepare = joined_trace_name;
	record_observe(&span_shape, &usage_rollup);
	record_add_recovery(recover_spans);
	record_add_recovery(recover_runs);
	run_init();
	span_init();
}
