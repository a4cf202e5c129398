-- What traces say, as records of a dataset: read as the caller, so that policies of rows
-- hold for it.  What was given and answered stays as it was written; it is jsonb where it
-- is compared.  Lookups are written as in gaiops.trace_entries(), for the reasons given there.

CREATE OR REPLACE FUNCTION gaiops.retrieved_document(document json, OUT id json, OUT content text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT (
			SELECT i.id
			FROM (VALUES (1, document -> 'id'), (2, document #> '{metadata,doc_uri}'),
				(3, document #> '{metadata,id}')) AS i (rank, id)
			WHERE json_typeof(i.id) IN ('string', 'number')
			ORDER BY i.rank LIMIT 1), (
			SELECT t.content #>> '{}'
			FROM (VALUES (1, document -> 'text'), (2, document -> 'page_content'),
				(3, document -> 'content')) AS t (rank, content)
			WHERE json_typeof(t.content) = 'string'
			ORDER BY t.rank LIMIT 1)
$$;
COMMENT ON FUNCTION gaiops.retrieved_document(json) IS
	'Takes what a retriever found, a document as LangChain and MLflow write it or anything else; '
	'returns its id and its text, each NULL if it has none';

-- Two that differ in the order of members alone are one document.
CREATE OR REPLACE FUNCTION gaiops.retrieved_context(outputs json)
RETURNS json
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	WITH output AS (
		SELECT o.n, CASE
			WHEN json_typeof(o.output) = 'array' THEN o.output
			WHEN json_typeof(o.output -> 'documents') = 'array' THEN o.output -> 'documents'
			ELSE json_build_array(o.output) END AS documents
		FROM json_array_elements(outputs) WITH ORDINALITY AS o (output, n)
	), document AS (
		SELECT f.id, coalesce(f.content, e.document #>> '{}') AS content,
			coalesce(f.content, e.document::jsonb #>> '{}') AS identity, o.n, e.n AS nth
		FROM output AS o
			CROSS JOIN LATERAL json_array_elements(o.documents) WITH ORDINALITY AS e (document, n)
			CROSS JOIN LATERAL gaiops.retrieved_document(e.document) AS f
		WHERE json_typeof(e.document) <> 'null'
	), first AS (
		SELECT DISTINCT ON (d.id::jsonb, d.identity) d.id, d.content, d.n, d.nth
		FROM document AS d
		ORDER BY d.id::jsonb, d.identity, d.n, d.nth
	)
	SELECT ('[' || string_agg(CASE
		WHEN f.id IS NOT NULL THEN '{"id": ' || f.id || ', "text": ' || to_json(f.content) || '}'
		WHEN (SELECT bool_or(d.id IS NOT NULL) FROM document AS d) THEN '{"text": ' || to_json(f.content) || '}'
		ELSE to_json(f.content)::text END, ', ' ORDER BY f.n, f.nth) || ']')::json
	FROM first AS f
$$;
COMMENT ON FUNCTION gaiops.retrieved_context(json) IS
	'Takes an array of the outputs of retrievers; returns each document in them once, as an array of texts, '
	'or of objects with id and text where one has an id, NULL if there are none';

-- An object that a caller gave; what else was given there says nothing to us.
CREATE OR REPLACE FUNCTION gaiops.given_object(given json, key text)
RETURNS json
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE json_typeof(given -> key) WHEN 'object' THEN given -> key ELSE '{}' END
$$;
COMMENT ON FUNCTION gaiops.given_object(json, text) IS
	'Takes what a caller gave and a key; returns the object there, an empty one if there is none';

-- Tools are what the model could choose from, and belong to the question.  A variable that
-- has the name of such a member is another thing, also where there is no such member.
-- Each is where it was given, as those of an object are where the object was.
CREATE OR REPLACE FUNCTION gaiops.call_question(given json)
RETURNS json
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	WITH member AS (
		SELECT m.key, m.value, m.n, m.key IN ('message', 'messages', 'system', 'tools') AS is_question
		FROM json_each(given) WITH ORDINALITY AS m (key, value, n)
	), variable AS (
		SELECT v.key, v.value, v.n, v.key IN ('message', 'messages', 'system', 'tools') AS is_reserved
		FROM json_each(gaiops.given_object(given, 'variables')) WITH ORDINALITY AS v (key, value, n)
	), placed AS (
		SELECT v.key, v.value, v.n,
			v.is_reserved OR (v.key = 'variables'
				AND EXISTS (SELECT FROM variable AS t WHERE t.is_reserved)) AS is_within
		FROM variable AS v
	)
	SELECT coalesce(gaiops.json_line(array_agg(to_json(a.key) || ': ' || a.value ORDER BY a.n, a.nth)), '{}')::json
	FROM (
		SELECT m.key, m.value, m.n, 0 AS nth FROM member AS m WHERE m.is_question
		UNION ALL
		SELECT t.key, t.value, m.n, 0
		FROM member AS m
			CROSS JOIN LATERAL (SELECT 'tools', gaiops.given_object(given, 'params') -> 'tools') AS t (key, value)
		WHERE m.key = 'params' AND t.value IS NOT NULL AND given -> 'tools' IS NULL
		UNION ALL
		SELECT p.key, p.value, m.n, p.n
		FROM member AS m CROSS JOIN placed AS p
		WHERE m.key = 'variables' AND NOT p.is_within
		UNION ALL
		SELECT m.key, gaiops.json_line(w.members)::json, m.n, w.nth
		FROM member AS m CROSS JOIN LATERAL (
			SELECT array_agg(to_json(p.key) || ': ' || p.value ORDER BY p.n), min(p.n)
			FROM placed AS p WHERE p.is_within) AS w (members, nth)
		WHERE m.key = 'variables' AND w.members IS NOT NULL) AS a
$$;
COMMENT ON FUNCTION gaiops.call_question(json) IS
	'Takes what the caller gave to a call; returns the inputs of a record: message or messages, system and tools, '
	'and each variable beside them, or within "variables" where it has one of these names';

CREATE OR REPLACE FUNCTION gaiops.call_manner(given json)
RETURNS json
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	WITH param AS (
		SELECT p.key, p.value, p.n
		FROM json_each(gaiops.given_object(given, 'params')) WITH ORDINALITY AS p (key, value, n)
		WHERE p.key <> 'tools'
	)
	SELECT gaiops.json_line(array_agg(to_json(a.key) || ': ' || a.value ORDER BY a.n, a.nth))::json
	FROM json_each(given) WITH ORDINALITY AS m (key, value, n)
		CROSS JOIN LATERAL (
			SELECT p.key, p.value, m.n, p.n FROM param AS p WHERE m.key = 'params'
			UNION ALL
			SELECT m.key, m.value, m.n, 0
			WHERE m.key NOT IN ('message', 'messages', 'system', 'tools', 'variables', 'prompt', 'params', 'model')
				AND m.key NOT IN (SELECT p.key FROM param AS p)) AS a (key, value, n, nth)
$$;
COMMENT ON FUNCTION gaiops.call_manner(json) IS
	'Takes what the caller gave to a call; returns the parameters in it, '
	'which say how it was asked, NULL if there are none';

-- A retriever within another, however deep, is a part of it, and one that failed found nothing.
-- Which trace a span joins is what its session says of the outermost span that it has open;
-- what is within that is so.  So a retriever counts if it is within the entry span, or within
-- one of the same role and login.
CREATE OR REPLACE FUNCTION gaiops.trace_retrievals(
	trace_ids uuid[], entry_span_ids text[], OUT trace_id uuid, OUT outputs json)
RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE ROWS 100
SET search_path = pg_catalog, gaiops, pg_temp
SET enable_seqscan = off
SET jit = off
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
		SELECT t.trace_id, r.outputs
		FROM unnest(trace_ids, entry_span_ids) AS t (trace_id, entry_span_id)
			CROSS JOIN LATERAL (
				SELECT e.session_role, e.role FROM gaiops.all_spans AS e
				WHERE e.trace_id = t.trace_id AND e.span_id = t.entry_span_id LIMIT 1) AS e
			CROSS JOIN LATERAL (
				SELECT (
					'[' || string_agg(p.inputs::text, ', ' ORDER BY s.start_time, s.span_id) || ']')::json AS outputs
				FROM gaiops.spans AS s
					CROSS JOIN LATERAL (
						SELECT (
							SELECT p.inputs FROM gaiops.span_payloads AS p
							WHERE p.trace_id = s.trace_id AND p.span_id = s.span_id AND p.start_time = s.start_time
								AND p.kind = 'response') AS inputs) AS p
				WHERE s.trace_id = t.trace_id AND s.span_type = 'RETRIEVER' AND s.status = 'OK'
					AND s.span_id <> t.entry_span_id
					AND (
						WITH RECURSIVE around AS (
							SELECT s.span_id, s.parent_span_id, s.span_type, s.is_entry, s.session_role, s.role,
								true AS is_session
							UNION
							SELECT o.span_id, o.parent_span_id, o.span_type, o.is_entry, o.session_role, o.role,
								b.is_session AND NOT b.is_entry
							FROM around AS b, gaiops.all_spans AS o
							WHERE o.trace_id = s.trace_id AND o.span_id = b.parent_span_id
						)
						SELECT bool_or(b.is_session AND b.is_entry AND (b.span_id = t.entry_span_id
								OR (b.session_role = e.session_role AND b.role = e.role)))
							AND NOT bool_or(b.span_type = 'RETRIEVER' AND b.span_id NOT IN (s.span_id, t.entry_span_id))
						FROM around AS b)) AS r;
END
$$;
COMMENT ON FUNCTION gaiops.trace_retrievals(uuid[], text[]) IS
	'Takes ids of traces and the span of each where it entered the database; returns an array of what the other '
	'retrievers of the same role in it gave that ended well, in the order they began, NULL if there are none';

-- What is expected of a part of a trace says nothing of its question.  More than 16 MB
-- is no record anyway, and much more no value at all: then the latest will do.
CREATE OR REPLACE FUNCTION gaiops.trace_expectations(
	trace_ids uuid[], entry_span_ids text[], answer_span_ids text[], OUT trace_id uuid, OUT expectations jsonb)
RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE ROWS 100
SET search_path = pg_catalog, gaiops, pg_temp
SET enable_seqscan = off
SET jit = off
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
		SELECT t.trace_id, x.expectations
		FROM unnest(trace_ids, entry_span_ids, answer_span_ids) AS t (trace_id, entry_span_id, answer_span_id)
			CROSS JOIN LATERAL (
				SELECT coalesce(
					jsonb_object_agg(s.name, s.value ORDER BY s.created_at, s.assessment_id), '{}') AS expectations
				FROM (
					SELECT a.name, a.value, a.created_at, a.assessment_id,
						sum(octet_length(a.value::text)) OVER (ORDER BY a.created_at DESC, a.assessment_id DESC) AS size
					FROM gaiops.assessments AS a
					WHERE a.trace_id = t.trace_id AND a.kind = 'expectation' AND a.is_valid
						AND (a.span_id IS NULL OR a.span_id IN (t.entry_span_id, t.answer_span_id))) AS s
				WHERE s.size <= 16 * 1024 * 1024) AS x;
END
$$;
COMMENT ON FUNCTION gaiops.trace_expectations(uuid[], text[], text[]) IS
	'Takes ids of traces, and of each the span where it entered the database and the one that was answered; '
	'returns the valid expectations of it and of these as an object, the latest one of each name';

-- For an answer to a call: its text, or its message where it only calls tools; as jsonb if it
-- has what that cannot hold, or what is only read the way that jsonb does.
CREATE OR REPLACE FUNCTION gaiops.answer_outputs(body text)
RETURNS json
LANGUAGE plpgsql IMMUTABLE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	answer text := gaiops.answer_text(body);
	message jsonb;
BEGIN
	IF answer IS NOT NULL THEN
		RETURN to_jsonb(answer);
	END IF;
	message := gaiops.read_json(body) #> '{choices,0,message}';
	RETURN CASE WHEN message IS NOT NULL THEN (body::json #> '{choices,0,message}')::gaiops.ordered_json END;
EXCEPTION
	WHEN data_exception OR program_limit_exceeded THEN
		RETURN message;
END
$$;
COMMENT ON FUNCTION gaiops.answer_outputs(text) IS
	'Takes the body of an answer; returns its text, its message if it has no text, or NULL';

-- The mark is known by how it is written: what is given and begins so is kept with a blank
-- in it (src/tracking/payload.c).
CREATE OR REPLACE FUNCTION gaiops.is_cut(document json)
RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT coalesce(starts_with(document::text, '{"gaiops.cut": true, '), false)
$$;
COMMENT ON FUNCTION gaiops.is_cut(json) IS
	'Takes what was given to a span, or came from it; returns whether only a mark is kept, because it was too long';

-- What cannot be a record has a problem.  A call that was answered has an answer: if it is
-- not here, it was dropped; a span of an application need not have outputs.
CREATE OR REPLACE FUNCTION gaiops.trace_contents(
	trace_ids uuid[], OUT trace_id uuid, OUT span_id text, OUT start_time timestamptz, OUT answer_span_id text,
	OUT session_id text, OUT prompt text, OUT is_call boolean, OUT is_ok boolean, OUT given json, OUT outputs json,
	OUT retrieved json, OUT problem text)
RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE ROWS 100
SET search_path = pg_catalog, gaiops, pg_temp
SET enable_seqscan = off
SET jit = off
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
		WITH entry AS MATERIALIZED (
			SELECT * FROM gaiops.trace_entries(trace_ids)
		)
		SELECT e.trace_id, e.span_id, e.start_time, e.answer_span_id, e.session_id, e.prompt, e.attempt IS NOT NULL,
			e.status = 'OK', asked.inputs,
			CASE WHEN e.attempt IS NULL THEN answered.inputs ELSE gaiops.answer_outputs(answered.body) END, r.outputs,
			CASE
				WHEN e.is_open THEN 'It is still in progress.'
				WHEN asked.is_kept IS NULL OR NOT e.is_entry
					OR (e.attempt IS NOT NULL AND e.status = 'OK' AND answered.is_kept IS NULL)
					THEN 'What was said in it is not kept any more.'
				WHEN gaiops.is_cut(asked.inputs) THEN 'What was asked was too long to be kept.'
				WHEN gaiops.is_cut(answered.inputs) OR answered.body_length IS NOT NULL
					THEN 'The answer was too long to be kept.'
				WHEN EXISTS (SELECT FROM json_array_elements(r.outputs) AS o WHERE gaiops.is_cut(o))
					THEN 'What a retriever found was too long to be kept.'
				WHEN coalesce(json_typeof(asked.inputs), 'null') = 'null'
					THEN 'The span that it began with was given no inputs.' END
		FROM entry AS e
			LEFT JOIN LATERAL (
				SELECT true AS is_kept, p.inputs FROM gaiops.span_payloads AS p
				WHERE p.trace_id = e.trace_id AND p.span_id = e.span_id AND p.start_time = e.start_time
					AND p.kind = 'request' LIMIT 1) AS asked ON true
			LEFT JOIN LATERAL (
				SELECT true AS is_kept, p.inputs, p.body, p.body_length FROM gaiops.span_payloads AS p
				WHERE p.trace_id = e.trace_id AND p.span_id = e.answer_span_id AND p.start_time = e.answer_time
					AND p.kind = 'response' LIMIT 1) AS answered ON true
			LEFT JOIN gaiops.trace_retrievals(ARRAY(SELECT o.trace_id FROM entry AS o ORDER BY o.trace_id),
				ARRAY(SELECT o.span_id FROM entry AS o ORDER BY o.trace_id)) AS r ON r.trace_id = e.trace_id;
END
$$;
COMMENT ON FUNCTION gaiops.trace_contents(uuid[]) IS
	'Takes ids of traces; returns what each was given, answered and found, '
	'and why it cannot be a record, NULL if it can';

CREATE OR REPLACE FUNCTION gaiops.trace_inputs(given json, is_call boolean, retrieved json)
RETURNS json
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT CASE
		WHEN json_typeof(g.inputs -> 'context') <> 'null' OR (g.inputs -> 'context' IS NULL AND f.context IS NULL)
			THEN g.inputs
		ELSE gaiops.json_line(ARRAY(
				SELECT to_json(m.key) || ': ' || m.value FROM json_each(g.inputs) WITH ORDINALITY AS m (key, value, n)
				WHERE m.key <> 'context' ORDER BY m.n)
			|| ('"context": ' || f.context))::json END
	FROM gaiops.retrieved_context(retrieved) AS f (context)
		CROSS JOIN LATERAL (
			SELECT CASE
				WHEN is_call THEN gaiops.call_question(given)
				WHEN json_typeof(given) = 'object' THEN given
				ELSE json_build_object('input', given) END AS inputs) AS g
$$;
COMMENT ON FUNCTION gaiops.trace_inputs(json, boolean, json) IS
	'Takes what was given to a span, whether it is a call, and what retrievers found, NULL if there were none; '
	'returns the inputs of a record';

CREATE OR REPLACE FUNCTION gaiops.trace_source(trace_id uuid, span_id text, session_id text, prompt text, params json)
RETURNS json
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT gaiops.json_line(ARRAY['"trace_id": ' || to_json(trace_id), '"span_id": ' || to_json(span_id),
		'"session_id": ' || to_json(session_id), '"prompt": ' || to_json(prompt), '"params": ' || params])::json
$$;
COMMENT ON FUNCTION gaiops.trace_source(uuid, text, text, text, json) IS
	'Takes a trace, the span where it entered the database, its session, the prompt and the parameters, '
	'each NULL if there is none; returns the source of a record';

-- Outputs are there even if null: they belong to the source, and replace those of another one.
CREATE OR REPLACE FUNCTION gaiops.trace_records(
	trace_ids uuid[], OUT trace_id uuid, OUT start_time timestamptz, OUT inputs json, OUT outputs json,
	OUT expectations jsonb, OUT source json, OUT answer json, OUT problem text)
RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE ROWS 100
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
		WITH content AS MATERIALIZED (
			SELECT * FROM gaiops.trace_contents(trace_ids)
		)
		SELECT c.trace_id, c.start_time, gaiops.trace_inputs(c.given, c.is_call, c.retrieved),
			coalesce(c.outputs, 'null'), x.expectations,
			gaiops.trace_source(c.trace_id, c.span_id, c.session_id, c.prompt,
				CASE WHEN c.is_call THEN gaiops.call_manner(c.given) END),
			CASE WHEN c.is_ok AND json_typeof(c.outputs) = 'string' THEN c.outputs END,
			c.problem
		FROM content AS c
			JOIN gaiops.trace_expectations(ARRAY(SELECT o.trace_id FROM content AS o ORDER BY o.trace_id),
				ARRAY(SELECT o.span_id FROM content AS o ORDER BY o.trace_id),
				ARRAY(SELECT o.answer_span_id FROM content AS o ORDER BY o.trace_id)) AS x ON x.trace_id = c.trace_id;
END
$$;
COMMENT ON FUNCTION gaiops.trace_records(uuid[]) IS
	'Takes ids of traces; returns of each what a record for gaiops_merge_records() consists of, '
	'the text that it was answered with, NULL if there is none, and why it cannot be a record, NULL if it can';
