-- What gaiops_compare_runs() returns rows of.  A type of its own, since it has columns of
-- the names of that function's arguments.
CREATE TYPE gaiops.comparison AS (
	scorer               text,
	slice                text,
	n                    bigint,
	baseline             double precision,
	candidate            double precision,
	difference           double precision,
	ci_low               double precision,
	ci_high              double precision,
	p_value              double precision,
	p_holm               double precision,
	test                 text,
	effect_size          double precision,
	detectable           double precision,
	verdict              text,
	within_margin        boolean,
	margin               double precision,
	n_needed             bigint,
	measure              text,
	unit                 text,
	records              bigint,
	n_differing          bigint,
	wilcoxon_p           double precision,
	worst_difference     double precision,
	best_difference      double precision,
	noise_baseline       double precision,
	noise_candidate      double precision,
	failed_baseline      bigint,
	failed_candidate     bigint,
	errors_baseline      bigint,
	errors_candidate     bigint,
	unknown_baseline     bigint,
	unknown_candidate    bigint,
	unpaired_baseline    bigint,
	unpaired_candidate   bigint,
	changed              bigint,
	baseline_low         double precision,
	baseline_high        double precision,
	candidate_low        double precision,
	candidate_high       double precision,
	confidence           text,
	exploratory          boolean,
	notes                text[]
);
COMMENT ON TYPE gaiops.comparison IS
	'How one evaluation compares with another by one scorer, or in cost or latency: a row of gaiops_compare_runs()';
COMMENT ON COLUMN gaiops.comparison.scorer IS
	'Scorer by name; or cost, judging_cost, cost_per_pass, latency, latency_p50, latency_p90, latency_p95, '
	'corpus_bleu';
COMMENT ON COLUMN gaiops.comparison.slice IS 'Part of the records that the row is of; NULL for all';
COMMENT ON COLUMN gaiops.comparison.n IS 'Units that were compared: records, or sessions where one has several';
COMMENT ON COLUMN gaiops.comparison.baseline IS 'Figure of the baseline: its mean, or what "measure" says';
COMMENT ON COLUMN gaiops.comparison.candidate IS 'Figure of the candidate';
COMMENT ON COLUMN gaiops.comparison.difference IS
	'Candidate minus baseline, '
	'turned so that more is better; the ratio of candidate to baseline where "measure" is one';
COMMENT ON COLUMN gaiops.comparison.ci_low IS
	'Lower bound of the interval of the difference; NULL if it is open or not known';
COMMENT ON COLUMN gaiops.comparison.ci_high IS 'Upper bound of it';
COMMENT ON COLUMN gaiops.comparison.p_value IS 'How likely a difference as large is if the arms are alike';
COMMENT ON COLUMN gaiops.comparison.p_holm IS
	'The same, adjusted by Holm for all scorers, or for all scorers and slices';
COMMENT ON COLUMN gaiops.comparison.test IS 'What found it';
COMMENT ON COLUMN gaiops.comparison.effect_size IS
	'd_z: the mean difference by the standard deviation of the differences; of passes, the difference';
COMMENT ON COLUMN gaiops.comparison.detectable IS
	'Smallest difference that so many units would show with 80 % power';
COMMENT ON COLUMN gaiops.comparison.verdict IS
	'better, worse, equivalent, too few, or no evidence; NULL where none can be given';
COMMENT ON COLUMN gaiops.comparison.within_margin IS
	'Whether the interval is inside the margin, also of what is better or worse';
COMMENT ON COLUMN gaiops.comparison.margin IS 'Difference that does not matter; of cost and latency as a part of 1';
COMMENT ON COLUMN gaiops.comparison.n_needed IS 'Units that would show a difference of the margin with 80 % power';
COMMENT ON COLUMN gaiops.comparison.measure IS 'What the figures are: mean, or a ratio and of what';
COMMENT ON COLUMN gaiops.comparison.unit IS 'What n counts: record or session';
COMMENT ON COLUMN gaiops.comparison.records IS 'Records in these units with a score in both arms';
COMMENT ON COLUMN gaiops.comparison.n_differing IS 'Units whose difference is not 0';
COMMENT ON COLUMN gaiops.comparison.wilcoxon_p IS 'p-value of the Wilcoxon signed-rank test, for comparison';
COMMENT ON COLUMN gaiops.comparison.worst_difference IS
	'The difference if all that is missing were to the candidate''s disadvantage; NULL without a scale';
COMMENT ON COLUMN gaiops.comparison.best_difference IS
	'The difference if all that is missing were to its advantage';
COMMENT ON COLUMN gaiops.comparison.noise_baseline IS
	'Mean variance of the repeats of a record; NULL without repeats';
COMMENT ON COLUMN gaiops.comparison.noise_candidate IS 'The same of the candidate';
COMMENT ON COLUMN gaiops.comparison.failed_baseline IS
	'Failed predictions, which count as the worst of the scale, or as missing without one';
COMMENT ON COLUMN gaiops.comparison.failed_candidate IS 'The same of the candidate';
COMMENT ON COLUMN gaiops.comparison.errors_baseline IS 'Scores that the scorer failed to give, which are missing';
COMMENT ON COLUMN gaiops.comparison.errors_candidate IS 'The same of the candidate';
COMMENT ON COLUMN gaiops.comparison.unknown_baseline IS 'Scores that were unknown, which are missing';
COMMENT ON COLUMN gaiops.comparison.unknown_candidate IS 'The same of the candidate';
COMMENT ON COLUMN gaiops.comparison.unpaired_baseline IS 'Records that only the baseline has';
COMMENT ON COLUMN gaiops.comparison.unpaired_candidate IS 'Records that only the candidate has';
COMMENT ON COLUMN gaiops.comparison.changed IS
	'Records whose expectations are not the same in both, which are not compared';
COMMENT ON COLUMN gaiops.comparison.baseline_low IS
	'Lower bound of the interval of the figure of the baseline, where that has one';
COMMENT ON COLUMN gaiops.comparison.baseline_high IS 'Upper bound of it; NULL if it is open';
COMMENT ON COLUMN gaiops.comparison.candidate_low IS 'Lower bound of the interval of the figure of the candidate';
COMMENT ON COLUMN gaiops.comparison.candidate_high IS 'Upper bound of it';
COMMENT ON COLUMN gaiops.comparison.confidence IS
	'Of the intervals: each is for itself, not adjusted for how many there are';
COMMENT ON COLUMN gaiops.comparison.exploratory IS
	'Whether the row is of a slice: something to look into, and no result';
COMMENT ON COLUMN gaiops.comparison.notes IS 'What else to know; empty if nothing';
