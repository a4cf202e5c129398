-- BLEU of all texts of two evaluations.  It is no mean of the BLEU of each: what it is
-- computed of is added up.

CREATE OR REPLACE FUNCTION gaiops.bleu_parts(run_id uuid)
RETURNS TABLE (scorer text, record_id uuid, n bigint, part double precision)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 100000
SET search_path = pg_catalog, gaiops, pg_temp
SET jit = off
AS $$
BEGIN
	RETURN QUERY
	SELECT s.scorer, s.record_id, p.n, sum(p.part::double precision) / count(*)
	FROM gaiops.evaluation_scores AS s
		CROSS JOIN LATERAL jsonb_array_elements_text(s.parts) WITH ORDINALITY AS p (part, n)
	WHERE s.run_id = bleu_parts.run_id AND s.parts IS NOT NULL
	GROUP BY s.scorer, s.record_id, p.n;
END
$$;
COMMENT ON FUNCTION gaiops.bleu_parts(uuid) IS
	'Takes a run of an evaluation; returns what BLEU of each record is computed of, numbered, as means over '
	'repeats';

CREATE OR REPLACE FUNCTION gaiops.gathered_corpora(baseline uuid, candidate uuid, "by" text)
RETURNS TABLE (scorer text, slice text, b double precision[], c double precision[])
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10
SET search_path = pg_catalog, gaiops, pg_temp
SET jit = off
SET enable_mergejoin = off
AS $$
BEGIN
	RETURN QUERY
	SELECT u.scorer, u.slice, array_agg(u.b ORDER BY u.session_id COLLATE "C", u.unit, u.n),
		array_agg(u.c ORDER BY u.session_id COLLATE "C", u.unit, u.n)
	FROM (
		SELECT b.scorer, r.slice, r.session_id, r.unit, b.n, sum(b.part) AS b, sum(c.part) AS c
		FROM gaiops.paired_records(gathered_corpora.baseline, gathered_corpora.candidate, "by") AS r
			JOIN gaiops.bleu_parts(gathered_corpora.baseline) AS b ON b.record_id = r.record_id
			JOIN gaiops.bleu_parts(gathered_corpora.candidate) AS c
				ON c.record_id = r.record_id AND c.scorer = b.scorer AND c.n = b.n
		GROUP BY b.scorer, r.slice, r.session_id, r.unit, b.n) AS u
		JOIN gaiops.compared_scorers(gathered_corpora.baseline, gathered_corpora.candidate) AS d
			ON d.scorer = u.scorer AND d.problem IS NULL
	GROUP BY u.scorer, u.slice;
END
$$;
COMMENT ON FUNCTION gaiops.gathered_corpora(uuid, uuid, text) IS
	'Takes two runs of evaluations and by what records are put into slices, or NULL; returns for each scorer of '
	'BLEU and each slice what it is computed of in either arm, unit by unit, of the records that both have it of';

CREATE OR REPLACE FUNCTION gaiops.corpus_comparisons(baseline uuid, candidate uuid, "by" text)
RETURNS TABLE (place bigint, figures jsonb)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10
SET search_path = pg_catalog, gaiops, pg_temp
SET jit = off
AS $$
BEGIN
	RETURN QUERY
	SELECT 10000::bigint, jsonb_build_object('scorer', 'corpus_bleu', 'slice', g.slice, 'n', m.n,
		'measure', 'BLEU of all texts by ' || g.scorer, 'test', 'paired bootstrap', 'baseline', m.bleu_baseline,
		'candidate', m.bleu_candidate, 'difference', m.difference, 'ci_low', m.ci_low, 'ci_high', m.ci_high)
	FROM gaiops.gathered_corpora(corpus_comparisons.baseline, corpus_comparisons.candidate, "by") AS g
		CROSS JOIN LATERAL gaiops.compare_bleu(g.b, g.c, concat_ws(' ',
			corpus_comparisons.baseline, corpus_comparisons.candidate, g.scorer, g.slice)) AS m;
END
$$;
COMMENT ON FUNCTION gaiops.corpus_comparisons(uuid, uuid, text) IS
	'Takes two runs of evaluations and by what records are put into slices, or NULL; returns rows for BLEU of all '
	'texts, as objects by the names of columns';
