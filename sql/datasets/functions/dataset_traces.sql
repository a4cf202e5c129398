-- From traces to records of datasets.  What is read is read as the caller, so that policies
-- of rows hold for it; what is written is written by gaiops.merge_traces().  What was given
-- and answered stays as it was written; it is jsonb where it is compared.

-- ---- what was found, put as it is read ----

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

-- ---- what was asked ----

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

-- ---- where it is ----

-- Here and below lookups are written as in gaiops.trace_entries(), for the reasons given there.

-- A retriever within another, however deep, is a part of it, and one that failed found nothing.
CREATE OR REPLACE FUNCTION gaiops.trace_retrievals(
	trace_ids uuid[], entry_span_ids text[], OUT trace_id uuid, OUT outputs json)
RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
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
					AND NOT EXISTS (
						WITH RECURSIVE above AS (
							SELECT o.span_id, o.parent_span_id, o.span_type FROM gaiops.all_spans AS o
							WHERE o.trace_id = s.trace_id AND o.span_id = s.parent_span_id
							UNION
							SELECT o.span_id, o.parent_span_id, o.span_type
							FROM above AS b, gaiops.all_spans AS o
							WHERE o.trace_id = s.trace_id AND o.span_id = b.parent_span_id
						)
						SELECT FROM above AS b WHERE b.span_type = 'RETRIEVER' AND b.span_id <> t.entry_span_id)) AS r;
END
$$;
COMMENT ON FUNCTION gaiops.trace_retrievals(uuid[], text[]) IS
	'Takes ids of traces and the span of each where it entered the database; returns an array '
	'of what the other retrievers in it gave that ended well, in the order they began, NULL if there are none';

-- What is expected of a part of a trace says nothing of its question.  More than 16 MB
-- is no record anyway, and much more no value at all: then the latest will do.
CREATE OR REPLACE FUNCTION gaiops.trace_expectations(
	trace_ids uuid[], entry_span_ids text[], answer_span_ids text[], OUT trace_id uuid, OUT expectations jsonb)
RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
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

-- For an answer to a call: its text, or its message where it only calls tools.
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
	-- It has what jsonb cannot hold, or what is only read the way that jsonb does.
	WHEN data_exception OR program_limit_exceeded THEN
		RETURN message;
END
$$;
COMMENT ON FUNCTION gaiops.answer_outputs(text) IS
	'Takes the body of an answer; returns its text, its message if it has no text, or NULL';

CREATE OR REPLACE FUNCTION gaiops.join_objects(objects jsonb[])
RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT coalesce(jsonb_object_agg(m.key, m.value ORDER BY o.n), '{}')
	FROM unnest(objects) WITH ORDINALITY AS o (object, n)
		CROSS JOIN LATERAL jsonb_each(o.object) AS m
$$;
COMMENT ON FUNCTION gaiops.join_objects(jsonb[]) IS
	'Takes JSON objects; returns one with the members of all, where those of later ones win';

-- Nearly nothing is, and most need not be parsed to see it.
CREATE OR REPLACE FUNCTION gaiops.is_cut(document json)
RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE WHEN strpos(document::text, '"gaiops.cut"') > 0
		THEN document::jsonb @> '{"gaiops.cut": true}' AND document::jsonb ? 'gaiops.bytes' ELSE false END
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
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
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
				SELECT to_json(m.key) || ': ' || m.value
				FROM json_each(g.inputs) WITH ORDINALITY AS m (key, value, n)
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
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
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

-- ---- several traces with one question ----

CREATE OR REPLACE FUNCTION gaiops.record_traces(
	target text, record_ids uuid[], OUT record_id uuid, OUT trace_id uuid, OUT start_time timestamptz)
RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
SET enable_seqscan = off
SET jit = off
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
		WITH stored AS MATERIALIZED (
			SELECT i.record_id,
				CASE WHEN l.source ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN l.source::uuid END AS trace_id
			FROM unnest(record_ids) AS i (record_id)
				CROSS JOIN LATERAL (
					SELECT v.is_deleted, v.source ->> 'trace_id' AS source
					FROM gaiops.dataset_record_versions AS v
					WHERE v.dataset = target AND v.record_id = i.record_id
					ORDER BY v.revision DESC LIMIT 1) AS l
			WHERE NOT l.is_deleted
		)
		SELECT s.record_id, s.trace_id, e.start_time
		FROM stored AS s
			JOIN gaiops.trace_entries(ARRAY(
				SELECT DISTINCT o.trace_id FROM stored AS o WHERE o.trace_id IS NOT NULL)) AS e
				ON e.trace_id = s.trace_id;
END
$$;
COMMENT ON FUNCTION gaiops.record_traces(text, uuid[]) IS
	'Takes a dataset and identities of records; returns for each that is from a trace the trace '
	'and when it began, NULL if it is not seen';

-- Ids that are made here have the time in front, and tell it when the trace is gone.
CREATE OR REPLACE FUNCTION gaiops.is_older_trace(
	trace_id uuid, start_time timestamptz, other_trace_id uuid, other_start_time timestamptz)
RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE
		WHEN other_start_time IS NOT NULL THEN (start_time, trace_id) < (other_start_time, other_trace_id)
		WHEN substr(trace_id::text, 15, 1) = '7' AND substr(other_trace_id::text, 15, 1) = '7'
			THEN trace_id < other_trace_id
		ELSE false END
$$;
COMMENT ON FUNCTION gaiops.is_older_trace(uuid, timestamptz, uuid, timestamptz) IS
	'Takes a trace, when it began, another or NULL, and when that began, NULL if not known; '
	'returns whether the first is known to be older';

-- One question that was asked in several traces is one record: of the latest of them, with
-- what is expected of any.  A trace that is older than the one that the record is from only
-- adds what nobody has said: so that adding traces again, in any portions, changes nothing.
-- What is too large is not hashed.
CREATE OR REPLACE FUNCTION gaiops.fold_traces(
	target text, trace_ids uuid[], accept_outputs boolean, OUT n integer, OUT record json, OUT fallback jsonb,
	OUT problem text)
RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
		WITH found AS MATERIALIZED (
			SELECT w.n::integer, r.trace_id, r.start_time, r.inputs, r.outputs, r.expectations, r.source, r.question,
				CASE WHEN accept_outputs THEN r.answer END AS answer,
				coalesce(r.problem, gaiops.record_problem(jsonb_build_object('inputs',
					r.question, 'outputs', r.outputs::jsonb,
					'expectations', r.expectations, 'source', r.source::jsonb))) AS problem
			FROM (SELECT t.*, t.inputs::jsonb AS question FROM gaiops.trace_records(trace_ids) AS t OFFSET 0) AS r
				JOIN unnest(trace_ids) WITH ORDINALITY AS w (trace_id, n) ON w.trace_id = r.trace_id
		), identified AS MATERIALIZED (
			SELECT f.*, CASE WHEN f.problem IS NULL THEN gaiops.record_id(f.question, NULL) END AS record_id
			FROM found AS f
		), judged AS (
			SELECT i.*, gaiops.is_older_trace(i.trace_id, i.start_time, s.trace_id, s.start_time) AS is_older
			FROM identified AS i
				LEFT JOIN gaiops.record_traces(target, ARRAY(
					SELECT DISTINCT o.record_id FROM identified AS o WHERE o.record_id IS NOT NULL)) AS s
					ON s.record_id = i.record_id
		), latest AS (
			SELECT max(j.n) AS n, (array_agg(j.inputs ORDER BY j.n DESC))[1] AS inputs,
				(array_agg(j.outputs ORDER BY j.n DESC))[1] AS outputs,
				(array_agg(j.source ORDER BY j.n DESC))[1] AS source,
					(array_agg(j.is_older ORDER BY j.n DESC))[1] AS is_older,
				gaiops.join_objects(array_agg(j.expectations ORDER BY j.n)
					FILTER (WHERE NOT j.is_older)) AS expectations,
				CASE WHEN count(j.answer) > 0 THEN jsonb_build_object('expected_response',
					(array_agg(j.answer ORDER BY j.n DESC) FILTER (WHERE j.answer IS NOT NULL))[1]) ELSE '{}' END
					|| gaiops.join_objects(array_agg(j.expectations ORDER BY j.n)
						FILTER (WHERE j.is_older)) AS fallback,
				(array_agg(j.problem ORDER BY j.n))[1] AS problem
			FROM judged AS j
			GROUP BY j.record_id, CASE WHEN j.record_id IS NULL THEN j.trace_id END
		)
		SELECT l.n, gaiops.record_line(l.inputs, l.expectations::json, CASE WHEN NOT l.is_older THEN l.outputs END,
				NULL, NULL, NULL, CASE WHEN NOT l.is_older THEN l.source END)::json,
			l.fallback, l.problem
		FROM latest AS l;
END
$$;
COMMENT ON FUNCTION gaiops.fold_traces(text, uuid[], boolean) IS
	'Takes a dataset, ids of traces, each once and in the order they began, and whether answers are expectations; '
	'returns for each question in them the position of the latest trace with it, a record, '
	'what else is expected unless the dataset knows better, and why it cannot be a record, NULL if it can';

-- ---- doing it ----

CREATE OR REPLACE FUNCTION gaiops.raise_unfit_trace(trace uuid, problem text)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RAISE EXCEPTION USING
		ERRCODE = 'object_not_in_prerequisite_state',
		MESSAGE = format('trace "%s" cannot be added to a dataset', trace),
		DETAIL = problem,
		HINT = CASE
			WHEN problem = 'It is still in progress.' THEN 'Add it in another transaction, once it has ended.'
			WHEN problem = 'What was said in it is not kept any more.'
				THEN 'Leave it out; gaiops.payload_retention says how long it is kept.'
			WHEN problem = 'The span that it began with was given no inputs.'
				THEN 'Leave it out; gaiops_start_span() has an argument for them.'
			WHEN problem ~ 'too long to be kept' THEN 'Leave it out; gaiops.max_payload_bytes says how much is kept.'
			ELSE 'Leave it out, or correct what is expected of it.' END;
END
$$;
COMMENT ON FUNCTION gaiops.raise_unfit_trace(uuid, text) IS 'Takes a trace and why it cannot be a record, and raises';

-- What the caller may not see does not exist for him; what is only too new for his snapshot
-- is told from that as the owner, who sees all.
CREATE OR REPLACE FUNCTION gaiops.check_seen_traces(trace_ids uuid[])
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
SET enable_seqscan = off
SET jit = off
AS $$
DECLARE
	unseen CONSTANT uuid[] := ARRAY(
		SELECT t.trace_id FROM unnest(trace_ids) AS t (trace_id)
		WHERE (SELECT true FROM gaiops.spans AS s WHERE s.trace_id = t.trace_id LIMIT 1) IS NULL
			AND (SELECT true FROM gaiops.intents AS i WHERE i.trace_id = t.trace_id LIMIT 1) IS NULL
		ORDER BY t.trace_id);
BEGIN
	PERFORM gaiops.check_traces(unseen);
	IF unseen <> '{}' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'serialization_failure',
			MESSAGE = format('trace "%s" is not visible to this transaction', unseen[1]),
			DETAIL = 'It was recorded after the snapshot of the transaction was taken.',
			HINT = 'Run the transaction again.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_seen_traces(uuid[]) IS
	'Takes ids of traces and returns nothing; raises if one is not known, '
	'or was recorded after the snapshot of this transaction';

-- In the order they began, so that the latest answer to a question stays.
CREATE OR REPLACE FUNCTION gaiops.find_traces(trace_ids uuid[])
RETURNS uuid[]
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	found uuid[];
	hidden text;
BEGIN
	PERFORM gaiops.check_elements('trace_ids', trace_ids);
	PERFORM gaiops.check_seen_traces(trace_ids);
	SELECT coalesce(array_agg(e.trace_id ORDER BY e.start_time, e.trace_id), '{}'),
		min(e.trace_id::text) FILTER (WHERE e.span_id IS NULL)
		INTO found, hidden
		FROM gaiops.trace_entries(ARRAY(SELECT DISTINCT t FROM unnest(trace_ids) AS t)) AS e;
	IF hidden IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_object',
			MESSAGE = format('trace "%s" does not exist', hidden);
	END IF;
	RETURN found;
END
$$;
COMMENT ON FUNCTION gaiops.find_traces(uuid[]) IS
	'Takes ids of traces; returns each once, in the order they began; raises if one is not known, '
	'or not seen by the caller';

CREATE OR REPLACE FUNCTION gaiops.inner_take_dataset(target text)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_writable('gaiops_add_traces');
	PERFORM gaiops.lock_dataset(target);
END
$$;
COMMENT ON FUNCTION gaiops.inner_take_dataset(text) IS
	'Takes the arguments of gaiops.take_dataset() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION gaiops.take_dataset(target text)
RETURNS void
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION gaiops.take_dataset(text) IS
	'Takes a dataset, locks it for gaiops_add_traces() until the transaction ends '
	'and returns nothing; raises if there is none';

-- Any user may call this, and can do no more with it than with gaiops_merge_records().
-- What a record has already is looked up here, where no policy hides it.  Records are cast, so
-- that a member given twice is refused.
CREATE OR REPLACE FUNCTION gaiops.inner_merge_traces(
	target text, records json[], fallbacks jsonb[], OUT "position" integer, OUT action text, OUT problem text)
RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
SET enable_seqscan = off
AS $$
DECLARE
	completed json[];
	problems text[];
BEGIN
	PERFORM gaiops.inner_take_dataset(target);
	WITH complete AS MATERIALIZED (
		SELECT e.n, CASE WHEN k.missing = '{}' THEN e.record ELSE gaiops.record_line(e.record -> 'inputs',
			(k.missing || (e.record -> 'expectations')::jsonb)::json, e.record -> 'outputs', NULL, NULL, NULL,
				e.record -> 'source')::json END AS record
		FROM unnest(records::gaiops.ordered_json[]::json[], fallbacks) WITH ORDINALITY AS e (record, fallback, n)
			CROSS JOIN LATERAL (
				SELECT CASE WHEN e.fallback = '{}' THEN e.fallback ELSE e.fallback - ARRAY(
					SELECT jsonb_object_keys(l.expectations)
					FROM (
						SELECT v.expectations
						FROM gaiops.dataset_record_versions AS v
						WHERE v.dataset = target AND v.record_id = gaiops.record_id((e.record -> 'inputs')::jsonb, NULL)
						ORDER BY v.revision DESC LIMIT 1) AS l) END AS missing) AS k
	), judged AS MATERIALIZED (
		SELECT c.n, c.record, gaiops.record_problem(c.record::jsonb) AS problem FROM complete AS c
	)
	SELECT array_agg(CASE WHEN j.problem IS NULL THEN j.record END ORDER BY j.n), array_agg(j.problem ORDER BY j.n)
		INTO completed, problems
		FROM judged AS j;
	RETURN QUERY
		SELECT m.* FROM gaiops.merge_elements(target, completed) AS m
		UNION ALL
		SELECT p.n::integer, 'refused', p.problem
		FROM unnest(problems) WITH ORDINALITY AS p (problem, n) WHERE p.problem IS NOT NULL;
END
$$;
COMMENT ON FUNCTION gaiops.inner_merge_traces(text, json[], jsonb[]) IS
	'Takes the arguments of gaiops.merge_traces() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION gaiops.merge_traces(
	target text, records json[], fallbacks jsonb[], OUT "position" integer, OUT action text, OUT problem text)
RETURNS SETOF record
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION gaiops.merge_traces(text, json[], jsonb[]) IS
	'Takes a dataset, records without keys, and for each what else is expected where the dataset says nothing of it, '
	'merges them, and returns what gaiops.merge_elements() does; raises if there is no such dataset';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_add_traces(
	dataset text, trace_ids uuid[], accept_outputs boolean DEFAULT false, OUT inserted integer, OUT updated integer,
	OUT unchanged integer)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	wanted uuid[];
	folded record;
	refused integer;
	problem text;
BEGIN
	PERFORM gaiops.check_given('dataset', dataset);
	PERFORM gaiops.check_given('trace_ids', trace_ids);
	PERFORM gaiops.check_given('accept_outputs', accept_outputs);
	PERFORM gaiops.take_dataset(dataset);
	wanted := gaiops.find_traces(trace_ids);
	SELECT array_agg(f.n ORDER BY f.n) AS positions, array_agg(f.record ORDER BY f.n) AS records,
			array_agg(f.fallback ORDER BY f.n) AS fallbacks, min(f.n) FILTER (WHERE f.problem IS NOT NULL) AS unfit,
			(array_agg(f.problem ORDER BY f.n) FILTER (WHERE f.problem IS NOT NULL))[1] AS problem
		INTO folded
		FROM gaiops.fold_traces(dataset, wanted, accept_outputs) AS f;
	IF folded.unfit IS NOT NULL THEN
		PERFORM gaiops.raise_unfit_trace(wanted[folded.unfit], folded.problem);
	END IF;
	SELECT count(*) FILTER (WHERE m.action = 'inserted'), count(*) FILTER (WHERE m.action = 'updated'),
			count(*) FILTER (WHERE m.action = 'unchanged'), min(m.position) FILTER (WHERE m.action = 'refused'),
			(array_agg(m.problem ORDER BY m.position) FILTER (WHERE m.action = 'refused'))[1]
		INTO inserted, updated, unchanged, refused, problem
		FROM gaiops.merge_traces(dataset, folded.records, folded.fallbacks) AS m;
	IF refused IS NOT NULL THEN
		PERFORM gaiops.raise_unfit_trace(wanted[folded.positions[refused]], problem);
	END IF;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_add_traces(text, uuid[], boolean) IS
	'Takes a dataset, ids of traces, and whether their answers are what is expected where nothing else is; '
	'makes a record of what was asked in each, and returns how many were inserted, updated and left as they were; '
	'raises if a trace is not seen, under way or not kept';
