-- Judging at once: what a trace says, and asking.  Traces are read as the caller, so that
-- policies of rows hold.

-- What a judge must not know is left out: which model, prompt and endpoint answered.
CREATE OR REPLACE FUNCTION gaiops.trace_steps(wanted uuid)
RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
SET jit = off
AS $$
	SELECT json_agg(json_build_object('type', s.span_type, 'name', CASE WHEN s.is_call THEN 'model' ELSE s.name END,
			'status', s.status, 'inputs', s.inputs, 'outputs', s.outputs) ORDER BY s.start_time, s.span_id)
	FROM (
			SELECT c.span_id, c.span_type, c.name, c.status, c.start_time, c.request IS NOT NULL AS is_call,
				CASE WHEN c.request IS NULL THEN c.inputs ELSE gaiops.read_json(c.request) -> 'messages' END AS inputs,
				CASE WHEN c.request IS NULL THEN c.outputs
					ELSE gaiops.read_json(c.response) #> '{choices,0,message}' END AS outputs
			FROM gaiops.span_contents AS c
			WHERE c.trace_id = wanted
			ORDER BY c.start_time LIMIT 1000) AS s
$$;
COMMENT ON FUNCTION gaiops.trace_steps(uuid) IS
	'Takes a trace; returns its first 1000 spans as an array of objects with type, name, status, inputs and outputs, '
	'NULL if it has none; nothing in them says which model was called';

CREATE OR REPLACE FUNCTION gaiops.session_messages(session text)
RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
SET jit = off
AS $$
	SELECT json_agg(json_build_object('role', m.role, 'content', m.content) ORDER BY r.start_time, r.trace_id, m.n)
	FROM gaiops.trace_records(ARRAY(
			SELECT s.trace_id FROM gaiops.all_spans AS s
			WHERE s.session_id = session AND s.purpose <> 'judge'
			GROUP BY s.trace_id ORDER BY min(s.start_time) DESC, s.trace_id LIMIT 1000)) AS r
		CROSS JOIN LATERAL (VALUES
			(1, 'user', gaiops.record_question(r.inputs::jsonb)),
			(2, 'assistant', r.outputs #>> '{}')) AS m (n, role, content)
	WHERE m.content IS NOT NULL
$$;
COMMENT ON FUNCTION gaiops.session_messages(text) IS
	'Takes a session; returns what was asked and answered in its latest 1000 traces, as an array of messages, '
	'without what judges were asked; NULL if there is nothing';

CREATE OR REPLACE FUNCTION gaiops.judged_trace(
	wanted uuid, with_session boolean, with_steps boolean, OUT inputs json, OUT outputs json, OUT expectations json,
	OUT context json, OUT conversation json, OUT steps json, OUT model text, OUT problem text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	session text;
BEGIN
	PERFORM gaiops.find_traces(ARRAY[wanted]);
	SELECT r.inputs, r.outputs, r.expectations::json, r.inputs -> 'context', r.source ->> 'session_id', r.problem
		INTO inputs, outputs, expectations, context, session, problem
		FROM gaiops.trace_records(ARRAY[wanted]) AS r;
	IF with_session THEN
		conversation := gaiops.session_messages(session);
	END IF;
	IF with_steps THEN
		steps := gaiops.trace_steps(wanted);
	END IF;
	model := (
		SELECT coalesce(s.response_model, s.model) FROM gaiops.spans AS s
		WHERE s.trace_id = wanted AND s.attempt IS NOT NULL AND s.status = 'OK'
		ORDER BY s.start_time DESC LIMIT 1);
END
$$;
COMMENT ON FUNCTION gaiops.judged_trace(uuid, boolean, boolean) IS
	'Takes a trace, whether its session is wanted, and its spans; returns what was asked, answered, expected and found '
	'in it, the model that answered last, and why it cannot say that, NULL if it can; raises if it is not known';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_judge(
	name text, inputs gaiops.text_or_json DEFAULT NULL, outputs gaiops.text_or_json DEFAULT NULL,
	expectations gaiops.text_or_json DEFAULT NULL, context gaiops.text_or_json DEFAULT NULL,
	trace_id uuid DEFAULT NULL, model text DEFAULT NULL,
	OUT value jsonb, OUT score double precision, OUT passed boolean, OUT rationale text, OUT error text,
	OUT cost numeric, OUT trace_id uuid)
RETURNS record
LANGUAGE c VOLATILE PARALLEL UNSAFE COST 10000 SUPPORT gaiops.chat_row_support
AS 'MODULE_PATHNAME', 'gaiops_judge';
COMMENT ON FUNCTION pg_catalog.gaiops_judge(
	text, gaiops.text_or_json, gaiops.text_or_json, gaiops.text_or_json, gaiops.text_or_json, uuid, text) IS
	'Takes a judge or jury, what was asked, the answer, what is expected, what the answer must rest on, '
	'the trace of all that, and the endpoint to ask; returns the verdict, that as a number, whether the answer passes, '
	'why, what went wrong, what the judge cost, and the trace of its call';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_judge_pair(
	name text, inputs gaiops.text_or_json, a gaiops.text_or_json, b gaiops.text_or_json,
	expectations gaiops.text_or_json DEFAULT NULL, context gaiops.text_or_json DEFAULT NULL, model text DEFAULT NULL,
	OUT winner text, OUT flipped boolean, OUT rationale text, OUT error text, OUT cost numeric, OUT trace_ids uuid[])
RETURNS record
LANGUAGE c VOLATILE PARALLEL UNSAFE COST 20000 SUPPORT gaiops.chat_row_support
AS 'MODULE_PATHNAME', 'gaiops_judge_pair';
COMMENT ON FUNCTION pg_catalog.gaiops_judge_pair(
	text, gaiops.text_or_json, gaiops.text_or_json, gaiops.text_or_json, gaiops.text_or_json, gaiops.text_or_json,
	text) IS
	'Takes a judge, what was asked, two answers, what is expected, what answers must rest on, and the endpoint to ask; '
	'has the judge compare them in both orders and returns which is better, a, b or tie, whether the orders '
	'contradicted each other, why, what went wrong, what both calls cost, and their traces';
