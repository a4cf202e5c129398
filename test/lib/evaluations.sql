-- Evaluations with any results, written to the tables as the writer would.
CREATE FUNCTION pg_temp.t(n integer) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT lpad(n::text, 32, '0')::uuid $$;

-- A run with that number: what one scorer gave for records 1, 2 and so on, of a repeat each where there are several
-- with a comma: a number, F for a failed prediction, E for an error of the scorer, U for unknown, - for no such result.
-- A second call adds another scorer to the run. Options: columns of gaiops.evaluations and members of a scorer, and of
-- the results, as texts like the scores: session_id, cost, latency_ms, tags, split, reason, judging.
CREATE FUNCTION pg_temp.evaluate(run integer, scorer text, scores text, options jsonb DEFAULT '{}') RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
	definition CONSTANT jsonb := '{"source": "builtin", "kind": "exact_match", "version": null, "direction": "higher", "scale": 1,
		"threshold": null, "pass_fail": false, "params": null}'::jsonb || jsonb_build_object('name', scorer)
		|| (SELECT coalesce(jsonb_object_agg(o.key, o.value), '{}') FROM jsonb_each(options) AS o
			WHERE o.key IN ('direction', 'scale', 'pass_fail', 'version', 'threshold'));
	id CONSTANT uuid := pg_temp.t(run);
BEGIN
	INSERT INTO gaiops.evaluations AS e (run_id, dataset, revision, concurrency, repeats, scorers, background, records, created_by, created_at)
		VALUES (id, coalesce(options ->> 'dataset', 'd'), coalesce((options ->> 'revision')::integer, 1),
			coalesce((options ->> 'concurrency')::integer, 10), coalesce((options ->> 'repeats')::integer, 1), jsonb_build_array(definition), false,
			coalesce((options ->> 'records')::bigint, cardinality(string_to_array(scores, ' '))), CURRENT_USER, now())
		ON CONFLICT (run_id) DO UPDATE SET scorers = e.scorers || definition;
	CREATE TEMP TABLE IF NOT EXISTS given (record integer, repeat integer, said text);
	TRUNCATE given;
	INSERT INTO given SELECT r.n, v.n, v.said FROM unnest(string_to_array(scores, ' ')) WITH ORDINALITY AS r (said, n),
		unnest(string_to_array(r.said, ',')) WITH ORDINALITY AS v (said, n) WHERE v.said <> '-';
	INSERT INTO gaiops.evaluation_outcomes (run_id, record_id, repeat, trace_id, split, tags, session_id, output, error, error_class, latency_ms,
			cost, attempts, started_at, ended_at)
		SELECT id, pg_temp.t(g.record), g.repeat, gen_random_uuid(), o.of ->> 'split',
			coalesce((o.of ->> 'tags')::jsonb, '{}'), o.of ->> 'session_id',
			CASE WHEN g.said <> 'F' THEN to_jsonb(format('answer %s.%s of %s', g.record, g.repeat, run)) END,
			CASE WHEN g.said = 'F' THEN 'it failed' END, CASE WHEN g.said = 'F' THEN 'timeout' END,
			(o.of ->> 'latency_ms')::double precision, (o.of ->> 'cost')::numeric, 1,
			'2031-01-01 00:00+00'::timestamptz + coalesce((options ->> 'started')::interval, '0'),
			'2031-01-01 00:01+00'::timestamptz + coalesce((options ->> 'started')::interval, '0')
		FROM given AS g CROSS JOIN LATERAL (
			SELECT jsonb_object_agg(p.key, nullif((string_to_array(p.value, ' '))[g.record], '-')) AS of
			FROM jsonb_each_text(options) AS p WHERE p.key IN ('session_id', 'cost', 'latency_ms', 'tags', 'split')) AS o
		ON CONFLICT DO NOTHING;
	INSERT INTO gaiops.evaluation_marks (run_id, scorer, record_id, repeat, direction, scale, pass_fail, value, score, state, reason, cost, created_at)
		SELECT id, scorer, pg_temp.t(g.record), g.repeat, definition ->> 'direction', (definition ->> 'scale')::double precision,
			(definition ->> 'pass_fail')::boolean, CASE WHEN g.said ~ '^[-0-9]' THEN g.said::jsonb END,
			CASE WHEN g.said ~ '^[-0-9NI]' THEN g.said::double precision END,
			CASE g.said WHEN 'F' THEN 'failed' WHEN 'E' THEN 'error' WHEN 'U' THEN 'unknown' ELSE 'scored' END,
			format('reason %s.%s of %s', g.record, g.repeat, run), (string_to_array(options ->> 'judging', ' '))[g.record]::numeric, now()
		FROM given AS g;
	RETURN id;
END
$$;
