-- Scorers say what reference implementations say: test/golden/scores/README.md has who they are.
\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();

CREATE TEMP TABLE line (text text);
\copy line (text) FROM 'test/golden/scores/cases.jsonl' WITH (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')
CREATE TEMP TABLE golden AS SELECT l.text::jsonb AS c FROM line AS l;

-- What each figure is called there, and the scorer that must come to it.
CREATE TEMP TABLE measure AS
	SELECT k.kind || coalesce(' ' || k.variant, '') AS figure, CASE WHEN k.params IS NULL THEN k.kind ELSE 'golden-' || row_number() OVER () END AS scorer, k.kind, k.params
	FROM (VALUES ('token_f1'), ('levenshtein'), ('chrf'), ('bleu'), ('rouge_1'), ('rouge_2'), ('rouge_l'), ('rouge_lsum')) AS n (kind),
		LATERAL (VALUES (n.kind, NULL, NULL::jsonb), (n.kind, 'unicode', '{"tokenizer": "unicode"}'), (n.kind, 'stems', '{"stemming": true}'), (n.kind, 'stems unicode', '{"stemming": true, "tokenizer": "unicode"}')) AS k (kind, variant, params)
	WHERE k.variant IS NULL OR k.kind LIKE 'rouge%' OR k.variant = 'unicode' AND k.kind IN ('token_f1', 'bleu');
SELECT gaiops_create_scorer(scorer, kind, params) FROM measure WHERE params IS NOT NULL \g /dev/null
SELECT is(count(*), 22::bigint, 'there are scorers of texts') FROM measure;

CREATE TEMP TABLE found AS
	SELECT m.figure, g.c ->> 'name' AS name, g.c -> m.figure AS expected, s.*
	FROM measure AS m, golden AS g, LATERAL gaiops_score(m.scorer, g.c ->> 'text', jsonb_build_object('expected_responses', g.c -> 'references')) AS s
	WHERE g.c ? m.figure;
SELECT is_empty($$ SELECT m.figure FROM measure AS m WHERE (SELECT count(*) FROM found AS f WHERE f.figure = m.figure) < 100 $$, 'each has many cases');
SELECT is_empty($$ SELECT f.figure, f.name, f.expected, f.score FROM found AS f
	WHERE CASE WHEN f.expected = 'null' THEN f.score IS NOT NULL OR f.value IS NOT NULL OR f.passed IS NOT NULL OR f.reason IS NULL ELSE f.score IS NULL OR abs(f.score - (f.expected #>> '{}')::double precision) > 1e-12 END $$,
	'each score is that of the reference implementation, and unknown with a reason where it drops letters');
SELECT is_empty($$ SELECT f.figure FROM found AS f WHERE f.score IS NOT NULL AND ((f.value #>> '{}')::double precision <> f.score OR f.score NOT BETWEEN 0 AND 1 OR f.passed IS NOT NULL) $$,
	'the value is the score, and without a threshold nothing passes');
SELECT cmp_ok(count(*), '>=', 10::bigint, 'some are unknown') FROM found WHERE expected = 'null';

-- SQuAD's equality is a verdict.
SELECT is_empty($$ SELECT g.c ->> 'name', s.* FROM golden AS g, LATERAL gaiops_score('quasi_exact_match', g.c ->> 'text', jsonb_build_object('expected_responses', g.c -> 'references')) AS s
	WHERE g.c ? 'quasi_exact' AND (s.score IS DISTINCT FROM (g.c ->> 'quasi_exact')::double precision OR s.passed IS DISTINCT FROM (s.score = 1) OR s.value IS DISTINCT FROM to_jsonb(s.score = 1)) $$, 'quasi-exact matches');

-- Ranked lists.
CREATE FUNCTION pg_temp.rank(c jsonb, figure text) RETURNS double precision LANGUAGE plpgsql AS $$
BEGIN
	PERFORM gaiops_create_scorer('ranked', figure, CASE WHEN (c ->> 'k')::integer > 0 THEN jsonb_build_object('k', c -> 'k') ELSE '{}' END);
	RETURN (gaiops_score('ranked', c -> 'found', jsonb_build_object('expected_document_grades',
		(SELECT coalesce(jsonb_object_agg(r.id, c -> 'gains' -> (r.n - 1)::integer), '{}') FROM jsonb_array_elements_text(c -> 'relevant') WITH ORDINALITY AS r (id, n))))).score;
END
$$;
CREATE TEMP TABLE ranked AS SELECT g.c, f.figure, f.kind FROM golden AS g, (VALUES ('precision', 'precision_at_k'), ('recall', 'recall_at_k'), ('mrr', 'mrr'), ('ndcg', 'ndcg')) AS f (figure, kind)
	WHERE g.c ? 'found' AND NOT (g.c -> 'gains' @? '$[*] ? (@ < 0)') AND (SELECT count(*) = count(DISTINCT r) FROM jsonb_array_elements(g.c -> 'relevant') AS r)
		AND (f.figure IN ('mrr', 'ndcg') OR (g.c ->> 'k')::integer > 0);
SELECT cmp_ok(count(*), '>=', 20::bigint, 'there are ranked lists') FROM ranked;
SELECT is_empty($$ SELECT r.c ->> 'name', r.figure, s.score FROM ranked AS r, LATERAL pg_temp.rank(r.c, r.kind) AS s (score)
	WHERE CASE WHEN r.c -> r.figure = 'null' THEN s.score IS NOT NULL ELSE s.score IS NULL OR abs(s.score - (r.c ->> r.figure)::double precision) > 1e-12 END $$, 'scores of ranked lists');

SELECT * FROM finish();
