-- What has to be known to read the figures of an evaluation.

-- An answer that was accepted as the expected one is both the record's output and its
-- expectation, and its trace says which model and prompt gave it.
CREATE OR REPLACE FUNCTION gaiops.own_expectations(run_id uuid)
RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT count(DISTINCT o.record_id)
	FROM gaiops.evaluations AS e
		JOIN gaiops.evaluation_outcomes AS o ON o.run_id = e.run_id
		CROSS JOIN LATERAL (
			SELECT v.expectations -> 'expected_response' = v.outputs AS is_accepted, v.source ->> 'trace_id' AS trace_id
			FROM gaiops.dataset_record_versions AS v
			WHERE v.dataset = e.dataset AND v.record_id = o.record_id AND v.revision <= e.revision
			ORDER BY v.revision DESC LIMIT 1) AS r
	WHERE e.run_id = own_expectations.run_id AND e.model IS NOT NULL AND r.is_accepted
		AND r.trace_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
		AND EXISTS (
			SELECT FROM gaiops.spans AS s
			WHERE s.trace_id = r.trace_id::uuid AND s.endpoint = e.model
				AND s.prompt_name IS NOT DISTINCT FROM e.prompt_name
				AND s.prompt_version IS NOT DISTINCT FROM e.prompt_version)
$$;
COMMENT ON FUNCTION gaiops.own_expectations(uuid) IS
	'Takes an evaluation; returns how many records expect an answer that its own model and prompt once gave '
	'and that was accepted';

CREATE OR REPLACE FUNCTION gaiops.evaluation_warnings(run_id uuid)
RETURNS text[]
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT array_remove(ARRAY[
		CASE WHEN own.n > 0 THEN format('%s of %s expectations are accepted answers of the same model and prompt',
			own.n, e.records) END,
		CASE WHEN NOT w.is_open AND d.n < e.records * e.repeats THEN format(
			'cut short: %s of %s results are missing', e.records * e.repeats - d.n, e.records * e.repeats) END], NULL)
	FROM gaiops.evaluations AS e
		CROSS JOIN LATERAL gaiops.own_expectations(e.run_id) AS own (n)
		CROSS JOIN LATERAL (
			SELECT EXISTS (SELECT FROM gaiops.open_runs AS o
				WHERE o.run_id = e.run_id AND (o.incarnation = gaiops.incarnation()
					OR o.scheduled_in = gaiops.database_identity()))) AS w (is_open)
		CROSS JOIN LATERAL (
			SELECT count(*) FROM gaiops.evaluation_outcomes AS o WHERE o.run_id = e.run_id) AS d (n)
	WHERE e.run_id = evaluation_warnings.run_id
$$;
COMMENT ON FUNCTION gaiops.evaluation_warnings(uuid) IS
	'Takes an evaluation; returns what keeps its figures from meaning what they seem to, '
	'an empty array if nothing does';

-- A comparison goes by sessions, so that it need not warn of them.
CREATE OR REPLACE FUNCTION gaiops.session_warnings(run_id uuid)
RETURNS text[]
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT CASE WHEN d.sessions > 0 AND d.sessions < d.records THEN ARRAY[format(
			'%s records are of %s sessions: intervals take them for independent, and are too narrow',
			d.records, d.sessions)] ELSE '{}' END
	FROM (
		SELECT count(DISTINCT o.session_id), count(DISTINCT o.record_id) FILTER (WHERE o.session_id IS NOT NULL)
		FROM gaiops.evaluation_outcomes AS o WHERE o.run_id = session_warnings.run_id) AS d (sessions, records)
$$;
COMMENT ON FUNCTION gaiops.session_warnings(uuid) IS
	'Takes an evaluation; returns a warning if several of its records are of one session, an empty array if none are';

-- BLEU of all texts is no mean of the BLEU of each: what it is computed of is added up,
-- as means over repeats.
CREATE OR REPLACE FUNCTION gaiops.corpus_bleu(sums double precision[])
RETURNS double precision
AS 'MODULE_PATHNAME', 'gaiops_corpus_bleu'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION gaiops.corpus_bleu(double precision[]) IS
	'Takes the sums of the ten numbers that BLEU of each text is computed of; returns BLEU of all texts, from 0 to 1, '
	'NULL if it is not known; raises if there are not ten';

CREATE OR REPLACE FUNCTION gaiops.run_bleu(run_id uuid, scorer text)
RETURNS double precision
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT gaiops.corpus_bleu(array_agg(t.total ORDER BY t.n))
	FROM (
		SELECT p.n, sum(p.part::double precision / r.repeats) AS total
		FROM (
			SELECT s.parts, count(*) OVER (PARTITION BY s.record_id) AS repeats
			FROM gaiops.evaluation_scores AS s
			WHERE s.run_id = run_bleu.run_id AND s.scorer = run_bleu.scorer AND s.parts IS NOT NULL) AS r
			CROSS JOIN LATERAL jsonb_array_elements_text(r.parts) WITH ORDINALITY AS p (part, n)
		GROUP BY p.n) AS t
$$;
COMMENT ON FUNCTION gaiops.run_bleu(uuid, text) IS
	'Takes an evaluation and a scorer of BLEU; returns BLEU of all answers that it has scored, NULL if it is not '
	'known';
