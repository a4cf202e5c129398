-- From 0.1.0 to 0.2.0: what is not made anew by each update.

-- What takes or returns another type than before is dropped, and the columns change under
-- the views on them.  Objects of users that depend on any of it are not ours to drop: they
-- are listed, all at once, before anything is locked or changed, and before what takes the
-- library of this version: an update on a server that was not restarted lists them and fails.
-- What is dropped gets its grants back in the end.  They are kept unlogged, as a logical
-- subscriber has no table for them.
CREATE UNLOGGED TABLE gaiops.former_grants (
	kind text, object text, attribute name, place bigint, grantor oid, grantee oid,
	privilege_type text, is_grantable boolean);
DO $$
DECLARE
	former regprocedure[] := ARRAY[
		'gaiops.inputs_text(jsonb)',
		'pg_catalog.gaiops_alter_endpoint(text, text, text, text, text, jsonb, jsonb, interval, interval, integer, '
			'bigint, text)',
		'pg_catalog.gaiops_alter_experiment(text, text, text, text, jsonb)',
		'pg_catalog.gaiops_chat(text, jsonb, text, jsonb, text, jsonb, text, text, jsonb, jsonb, interval, text)',
		'pg_catalog.gaiops_chat(text, text, text, jsonb, text, jsonb, text, text, jsonb, jsonb, interval, text)',
		'pg_catalog.gaiops_chat_completion(jsonb)',
		'pg_catalog.gaiops_create_dataset(text, text, jsonb)',
		'pg_catalog.gaiops_create_endpoint(text, text, text, text, text, jsonb, jsonb, interval, interval, integer, '
			'bigint, text)',
		'pg_catalog.gaiops_create_experiment(text, text, text, text, jsonb)',
		'pg_catalog.gaiops_dataset_records(text, integer, text)',
		'pg_catalog.gaiops_end_span(text, jsonb, text, jsonb)',
		'pg_catalog.gaiops_export_prompts(text[])',
		'pg_catalog.gaiops_format_messages(text, jsonb, boolean)',
		'pg_catalog.gaiops_format_prompt(text, jsonb, boolean)',
		'pg_catalog.gaiops_import_prices(jsonb, timestamptz, text)',
		'pg_catalog.gaiops_import_prompts(jsonb)',
		'pg_catalog.gaiops_load_prompt(text)',
		'pg_catalog.gaiops_log_expectation(uuid, text, anyelement, text, text, text, text, text, jsonb, text)',
		'pg_catalog.gaiops_log_expectation(uuid, text, text, text, text, text, text, text, jsonb, text)',
		'pg_catalog.gaiops_log_feedback(uuid, text, anyelement, text, text, text, text, text, jsonb, text)',
		'pg_catalog.gaiops_log_feedback(uuid, text, text, text, text, text, text, text, jsonb, text)',
		'pg_catalog.gaiops_log_metrics(jsonb, bigint, uuid)',
		'pg_catalog.gaiops_merge_record(text, jsonb, jsonb, jsonb, jsonb, text, text)',
		'pg_catalog.gaiops_merge_records(text, jsonb)',
		'pg_catalog.gaiops_register_prompt(text, jsonb, text, jsonb, jsonb, jsonb, boolean)',
		'pg_catalog.gaiops_register_prompt(text, text, text, jsonb, jsonb, jsonb, boolean)',
		'pg_catalog.gaiops_split_dataset(text, jsonb, integer)',
		'pg_catalog.gaiops_start_run(text, jsonb, uuid, boolean)',
		'pg_catalog.gaiops_start_span(text, text, jsonb, jsonb)',
		'pg_catalog.gaiops_submit_review(bigint, jsonb, text)',
		'gaiops.answer_message(jsonb)',
		'gaiops.answer_outputs(text)',
		'gaiops.call_manner(jsonb)',
		'gaiops.call_question(jsonb)',
		'gaiops.chat_line(jsonb, jsonb)',
		'gaiops.complete_assessment(gaiops.human_assessments)',
		'gaiops.export_prompt(text, integer)',
		'gaiops.export_prompt_versions(text)',
		'gaiops.find_unchanged_prompt(text, text)',
		'gaiops.fold_traces(text, uuid[], boolean)',
		'gaiops.given_members(jsonb)',
		'gaiops.given_object(jsonb, text)',
		'gaiops.import_alias_protections(jsonb)',
		'gaiops.import_judged_prompts(jsonb, gaiops.prompt_contents[])',
		'gaiops.import_prompt_aliases(jsonb)',
		'gaiops.import_prompt_tags(jsonb)',
		'gaiops.import_prompt_versions(jsonb, gaiops.prompt_contents[])',
		'gaiops.insert_prompt_version(text, integer, text, jsonb, jsonb, jsonb, text, text, timestamptz, name, jsonb)',
		'gaiops.is_cut(jsonb)',
		'gaiops.judge_document(jsonb)',
		'gaiops.judge_prompt_includes(jsonb, jsonb)',
		'gaiops.judge_prompts(jsonb)',
		'gaiops.kept_prompt_parts(jsonb)',
		'gaiops.log_assessment(text, uuid, text, jsonb, text, text, text, text, text, jsonb, text)',
		'gaiops.merge_distinct(text, uuid[], jsonb[])',
		'gaiops.merge_elements(text, jsonb[])',
		'gaiops.merge_lines(text, jsonb[], boolean)',
		'gaiops.merge_members(jsonb, jsonb)',
		'gaiops.merge_traces(text, jsonb[], jsonb[])',
		'gaiops.merged_problem(jsonb, jsonb, jsonb, jsonb, text, text, jsonb)',
		'gaiops.missing_prompt_aliases(jsonb)',
		'gaiops.mlflow_model_config(jsonb)',
		'gaiops.override_assessment(uuid, jsonb, text, text)',
		'gaiops.parse_prompt(text, jsonb, text)',
		'gaiops.prepare_prompts(jsonb, jsonb)',
		'gaiops.prompt_document_versions(jsonb)',
		'gaiops.question_messages(jsonb)',
		'gaiops.read_answer(jsonb)',
		'gaiops.read_chat_line(jsonb)',
		'gaiops.read_mlflow_record(jsonb)',
		'gaiops.read_price_map(jsonb)',
		'gaiops.read_question(jsonb)',
		'gaiops.read_record(text)',
		'gaiops.read_record_line(text)',
		'gaiops.read_record_lines(text)',
		'gaiops.read_records(text[])',
		'gaiops.read_tool_calls(jsonb)',
		'gaiops.record_line(jsonb, jsonb, jsonb, jsonb, text, text, jsonb)',
		'gaiops.reserve_document_numbers(jsonb)',
		'gaiops.retrieved_context(jsonb)',
		'gaiops.retrieved_document(jsonb)',
		'gaiops.trace_contents(uuid[])',
		'gaiops.trace_inputs(jsonb, boolean, jsonb)',
		'gaiops.trace_records(uuid[])',
		'gaiops.trace_retrievals(uuid[], text[])',
		'gaiops.trace_source(uuid, text, text, text, jsonb)',
		'gaiops.unfounded_prompt_aliases(jsonb)'];
	changed CONSTANT text[] := ARRAY[
		'endpoints.params',
		'prompt_contents.messages', 'prompt_contents.response_format', 'prompt_contents.model_config',
		'span_payloads.inputs', 'span_payloads.attributes', 'span_payloads.metadata', 'span_payloads.events'];
	-- Columns have another type now, or the view is on one of those.
	views CONSTANT regclass[] := ARRAY[
		'gaiops.all_spans', 'gaiops.assessments', 'gaiops.calls_in_flight', 'gaiops.dataset_records',
		'gaiops.dataset_revisions', 'gaiops.datasets', 'gaiops.experiments', 'gaiops.prompt_usage',
		'gaiops.prompt_versions', 'gaiops.prompts', 'gaiops.review_queues', 'gaiops.runs', 'gaiops.sessions',
		'gaiops.span_contents', 'gaiops.traces', 'gaiops.usage_hourly'];
	dependents text[];
	routine regprocedure;
	own record;
	deadlock_timeout CONSTANT text := current_setting('deadlock_timeout');
	-- In milliseconds; NULL is for ever.
	lock_timeout CONSTANT integer := (
		SELECT nullif(s.setting::integer, 0) FROM pg_settings AS s WHERE s.name = 'lock_timeout');
	patience integer;
	waits integer;
BEGIN
	WITH RECURSIVE changing AS (
		-- Columns, those of partitions too.
		SELECT a.attrelid, a.attnum, p.relation
		FROM unnest(changed) AS c
			CROSS JOIN LATERAL (SELECT split_part(c, '.', 1), split_part(c, '.', 2)) AS p (relation, name)
			CROSS JOIN LATERAL (
				SELECT format('gaiops.%I', p.relation)::regclass
				UNION SELECT t.relid FROM pg_partition_tree(format('gaiops.%I', p.relation)::regclass) AS t) AS r (oid)
			JOIN pg_attribute AS a ON a.attrelid = r.oid AND a.attname = p.name
	), target (classid, objid, objsubid) AS (
		SELECT 'pg_proc'::regclass::oid, f::oid, 0 FROM unnest(former) AS f
		UNION SELECT 'pg_class'::regclass, c.attrelid, c.attnum FROM changing AS c
		UNION SELECT 'pg_class'::regclass, v::oid, n FROM unnest(views) AS v, generate_series(0, 100) AS n
		-- Rows of these that are stored elsewhere, or taken by functions.
		UNION SELECT 'pg_type'::regclass, t.oid, 0
			FROM pg_class AS r JOIN pg_type AS t ON r.reltype IN (t.oid, t.typelem)
			WHERE r.oid = ANY (views) OR r.oid IN (SELECT c.attrelid FROM changing AS c)
	), dependent AS (
		SELECT DISTINCT CASE WHEN w.oid IS NULL THEN d.classid ELSE 'pg_class'::regclass END AS classid,
			coalesce(w.ev_class, d.objid) AS objid, CASE WHEN w.oid IS NULL THEN d.objsubid ELSE 0 END AS objsubid
		FROM target AS t
			JOIN pg_depend AS d ON d.refclassid = t.classid AND d.refobjid = t.objid AND d.refobjsubid = t.objsubid
			LEFT JOIN pg_rewrite AS w ON d.classid = 'pg_rewrite'::regclass AND w.oid = d.objid
		WHERE d.deptype IN ('n', 'a')
			-- Functions on rows of a table go on; what is told of them anew is the type of a member.
			AND NOT (t.classid = 'pg_type'::regclass AND d.classid = 'pg_proc'::regclass
				AND t.objid NOT IN (SELECT y.oid FROM pg_type AS y WHERE y.typrelid = ANY (views)))
	), in_the_way AS (
		SELECT d.classid, d.objid, d.objsubid FROM dependent AS d
		UNION
		-- What is on a view that is to be dropped.
		SELECT CASE WHEN w.oid IS NULL THEN d.classid ELSE v.classid END, coalesce(w.ev_class, d.objid),
			CASE WHEN w.oid IS NULL THEN d.objsubid ELSE 0 END
		FROM in_the_way AS v
			JOIN pg_class AS r ON v.classid = 'pg_class'::regclass AND r.oid = v.objid AND r.relkind IN ('v', 'm')
			JOIN pg_depend AS d ON d.refclassid = v.classid AND d.refobjid = v.objid AND d.deptype = 'n'
			LEFT JOIN pg_rewrite AS w ON d.classid = 'pg_rewrite'::regclass AND w.oid = d.objid
	)
	SELECT array_agg(o.description ORDER BY o.description COLLATE "C") INTO dependents
		FROM in_the_way AS d CROSS JOIN LATERAL pg_describe_object(d.classid, d.objid, d.objsubid) AS o (description)
		WHERE NOT EXISTS (
				SELECT FROM pg_constraint AS k
				WHERE d.classid = 'pg_constraint'::regclass AND k.oid = d.objid AND (k.contype = 'n' OR k.conname IN (
					'endpoints_params_check', 'prompt_contents_check1')))
			AND NOT EXISTS (
				SELECT FROM pg_depend AS e JOIN pg_extension AS x ON x.oid = e.refobjid
				WHERE e.classid = d.classid AND e.objid = d.objid AND e.deptype = 'e'
					AND e.refclassid = 'pg_extension'::regclass AND x.extname = 'genaiops')
			AND d.objid NOT IN (SELECT t.objid FROM target AS t)
			AND NOT (d.classid = 'pg_type'::regclass);
	IF dependents IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'dependent_objects_still_exist',
			MESSAGE = 'cannot update extension "genaiops" because other objects depend on what changes',
			DETAIL = format('These do: %s.', array_to_string(dependents, '; ')),
			HINT = 'Keep their definitions, as of pg_get_viewdef(), pg_get_functiondef() and pg_get_constraintdef(), '
				'drop them, update, and create them again.';
	END IF;

	-- The library of 0.1.0 has no such function: where the server has not been restarted,
	-- this is the end, and nobody has waited.
	EXECUTE $library$
		CREATE FUNCTION gaiops.library_version() RETURNS text LANGUAGE c AS 'MODULE_PATHNAME', 'gaiops_library_version'
		$library$;

	-- All tables and views at once, before anything is changed.  A statement locks a view and
	-- then what is below it: hence views first, outer ones before inner ones, and each alone,
	-- which LOCK TABLE would not do; then tables, in the order of pg_dump.
	--
	-- A transaction that reads several may do so in any order.  Where that is a deadlock, it is
	-- found here, let go of and tried again: by a look at the beginning of each wait, and
	-- waits that are short, so that it comes before the look of a reader, after 1 s.  Who has
	-- waited for 20 s stays in the queue, where those who come later cannot overtake it.
	PERFORM set_config('deadlock_timeout', '1ms', true);
	FOR attempt IN 1 .. 20 LOOP
		BEGIN
			FOR own IN
				SELECT CASE r.relkind
						WHEN 'v' THEN format('ALTER VIEW %s OWNER TO %s', r.oid::regclass, r.relowner::regrole)
						ELSE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', r.oid::regclass) END AS command
				FROM pg_class AS r
				WHERE r.relnamespace = 'gaiops'::regnamespace AND r.relkind IN ('v', 'r', 'p') AND NOT r.relispartition
				ORDER BY r.relkind = 'v' DESC, CASE r.relkind WHEN 'v' THEN -r.oid::bigint ELSE r.oid::bigint END
			LOOP
				waits := 0;
				LOOP
					patience := lock_timeout - 500 * waits;
					PERFORM set_config('lock_timeout', coalesce(
						CASE WHEN waits < 40 THEN least(patience, 500) ELSE patience END, 0)::text, true);
					BEGIN
						EXECUTE own.command;
						EXIT;
					EXCEPTION WHEN lock_not_available THEN
						IF patience <= 500 OR waits >= 40 THEN
							RAISE;
						END IF;
					END;
					waits := waits + 1;
				END LOOP;
			END LOOP;
			EXIT;
		EXCEPTION WHEN deadlock_detected THEN
			IF attempt = 20 THEN
				RAISE;
			END IF;
		END;
	END LOOP;
	PERFORM set_config('lock_timeout', coalesce(lock_timeout, 0)::text, true),
		set_config('deadlock_timeout', deadlock_timeout, true);

	INSERT INTO gaiops.former_grants
	SELECT g.kind, g.object, g.attribute, a.place, a.grantor, a.grantee, a.privilege_type, a.is_grantable
	FROM (
			SELECT 'function', format('%s.%s', p.pronamespace::regnamespace, p.proname), NULL::name, p.proacl
			FROM pg_proc AS p WHERE p.oid = ANY (former)
			UNION ALL
			SELECT 'relation', format('%s.%s', r.relnamespace::regnamespace, r.relname), NULL, r.relacl
			FROM pg_class AS r WHERE r.oid = ANY (views)
			UNION ALL
			SELECT 'relation', format('%s.%s', r.relnamespace::regnamespace, r.relname), c.attname, c.attacl
			FROM pg_class AS r JOIN pg_attribute AS c ON c.attrelid = r.oid WHERE r.oid = ANY (views)
		) AS g (kind, object, attribute, acl)
		CROSS JOIN LATERAL aclexplode(g.acl) WITH ORDINALITY AS a (grantor, grantee,
			privilege_type, is_grantable, place);
	-- Functions that return rows of the views, the views, and what these call.
	FOREACH routine IN ARRAY former LOOP
		IF EXISTS (SELECT FROM pg_proc AS p JOIN pg_type AS t ON t.oid = p.prorettype
			WHERE p.oid = routine AND t.typrelid = ANY (views))
		THEN
			EXECUTE format('DROP FUNCTION %s', routine);
			former := array_remove(former, routine);
		END IF;
	END LOOP;
	EXECUTE format('DROP VIEW %s', array_to_string(views, ', '));
	FOREACH routine IN ARRAY former LOOP
		EXECUTE format('DROP FUNCTION %s', routine);
	END LOOP;
END
$$;

-- Answers: what their columns say now.
COMMENT ON COLUMN gaiops.spans.finish_reason IS
	'Why the model stopped, such as stop, length or tool_calls; no_content when it answered nothing, whatever it gave';
-- Who counts is the role in force; the one outside of SECURITY DEFINER functions is
-- on record beside it.
ALTER TABLE gaiops.human_assessments ADD COLUMN outer_role name;
ALTER TABLE gaiops.machine_assessments ADD COLUMN outer_role name;
ALTER TABLE gaiops.assessment_deletions ADD COLUMN outer_role name;
ALTER TABLE gaiops.prompt_alias_history ADD COLUMN outer_role name;
ALTER TABLE gaiops.review_claims ADD COLUMN role name, ADD COLUMN outer_role name;
COMMENT ON COLUMN gaiops.human_assessments.outer_role IS
	'Role in force outside of every SECURITY DEFINER function then; NULL before 0.2.0';
COMMENT ON COLUMN gaiops.machine_assessments.outer_role IS
	'Role in force outside of every SECURITY DEFINER function then; NULL before 0.2.0';
COMMENT ON COLUMN gaiops.assessment_deletions.outer_role IS
	'Role in force outside of every SECURITY DEFINER function then; NULL before 0.2.0';
COMMENT ON COLUMN gaiops.review_claims.outer_role IS
	'Role in force outside of every SECURITY DEFINER function then; NULL before 0.2.0';
COMMENT ON COLUMN gaiops.prompt_alias_history.outer_role IS
	'Role in force outside of every SECURITY DEFINER function then; NULL before 0.2.0 and where it was imported';
COMMENT ON COLUMN gaiops.review_claims.role IS
	'Database role that claimed, submitted or declined it last; NULL before 0.2.0';

-- Prices: which model was priced, and whether a price was set or imported.
ALTER TABLE gaiops.spans ADD COLUMN priced_model text;
COMMENT ON COLUMN gaiops.spans.priced_model IS
	'Model whose prices gave the cost, the one asked for or the one that answered; '
	'NULL if the cost is unknown or of 0.1.0';
ALTER TABLE gaiops.prices ADD COLUMN imported boolean;
COMMENT ON COLUMN gaiops.prices.imported IS
	'Whether it is from a list that was imported; NULL if that is not known, and then it counts as set';
-- Many tools know no time before all others; and nobody called a model before 1970.
DELETE FROM gaiops.prices AS p
WHERE p.effective_from = '-infinity' AND EXISTS (
	SELECT FROM gaiops.prices AS e
	WHERE (e.provider, e.model, e.kind, e.builtin) = (p.provider, p.model, p.kind, p.builtin)
		AND e.effective_from = pg_catalog.to_timestamp(0));
UPDATE gaiops.prices SET effective_from = pg_catalog.to_timestamp(0) WHERE effective_from = '-infinity';
ALTER TABLE gaiops.prices
	DROP CONSTRAINT prices_effective_from_check,
	ADD CONSTRAINT prices_effective_from_check CHECK (isfinite(effective_from));
COMMENT ON COLUMN gaiops.prices.effective_from IS
	'Start of its validity, which lasts until the next row of the same kind; '
	'1970-01-01 UTC where it has always been valid';

-- Retries, failed calls, and what calls are for.
ALTER TABLE gaiops.spans ADD COLUMN call_start_time timestamptz, ADD COLUMN retry_reason text,
	ADD COLUMN entry_start_time timestamptz;
COMMENT ON COLUMN gaiops.spans.call_start_time IS
	'Of an attempt after another: when the first one of the call began; NULL otherwise, and before 0.2.0';
COMMENT ON COLUMN gaiops.spans.retry_reason IS
	'Of an attempt after another: error_class of the one before; NULL otherwise, and before 0.2.0';
COMMENT ON COLUMN gaiops.spans.entry_start_time IS
	'When the trace entered the database, of a span that is no entry, or of an entry where an application began '
	'the trace: its own start says that the trace is shown by it; NULL otherwise, and before 0.2.0';
ALTER TABLE gaiops.intents ADD COLUMN call_start_time timestamptz, ADD COLUMN retry_reason text,
	ADD COLUMN entry_start_time timestamptz;
COMMENT ON COLUMN gaiops.intents.call_start_time IS 'As in gaiops.spans';
COMMENT ON COLUMN gaiops.intents.retry_reason IS 'As in gaiops.spans';
COMMENT ON COLUMN gaiops.intents.entry_start_time IS 'As in gaiops.spans';
-- By which spans traces are shown that applications began.  Ids that were drawn here have a time in their first half.
CREATE TABLE gaiops.joined_traces (
	trace_id    uuid PRIMARY KEY,
	span_id     text NOT NULL,
	start_time  timestamptz NOT NULL
);
COMMENT ON TABLE gaiops.joined_traces IS
	'By which span a trace is shown that an application began: the first where it entered the database';
COMMENT ON COLUMN gaiops.joined_traces.trace_id IS 'Trace that an application began, as its id shows';
COMMENT ON COLUMN gaiops.joined_traces.span_id IS
	'The first of its entry spans to be recorded; in rows of 0.1.0 the first to begin';
COMMENT ON COLUMN gaiops.joined_traces.start_time IS 'When that one began';
SELECT pg_catalog.pg_extension_config_dump('gaiops.joined_traces', '');
INSERT INTO gaiops.joined_traces (trace_id, span_id, start_time)
SELECT DISTINCT ON (s.trace_id) s.trace_id, s.span_id, s.start_time
FROM gaiops.spans AS s
WHERE s.is_entry AND s.parent_span_id IS NOT NULL AND s.trace_id::text NOT LIKE '0_____________7%'
ORDER BY s.trace_id, s.start_time, s.span_id;
ALTER TABLE gaiops.usage_deltas ADD COLUMN error_class text, ADD COLUMN failed_calls bigint;
COMMENT ON COLUMN gaiops.usage_deltas.error_class IS
	'As in gaiops.spans; NULL in rows of 0.1.0, whatever failed, and in those of repricing';
COMMENT ON COLUMN gaiops.usage_deltas.failed_calls IS
	'Calls of which an attempt of this class was the last, and failed, in the hour that the call began in; '
	'negative where another attempt was made after the row that says so; NULL in rows of 0.1.0';
ALTER TABLE gaiops.open_runs ADD COLUMN scheduled_in uuid;
COMMENT ON COLUMN gaiops.open_runs.incarnation IS
	'Life of the server it was started in; zeros while it waits for a worker';
COMMENT ON COLUMN gaiops.open_runs.scheduled_in IS
	'Database where a worker does it, by gaiops.database_identity(); NULL if a session does';
ALTER TABLE gaiops.run_starts ADD COLUMN purpose text;
COMMENT ON COLUMN gaiops.run_starts.purpose IS
	'application, evaluation, judge, monitor or optimization; NULL before 0.2.0';
-- Replication: rows of usage have a key, and partitioned tables are published as a whole.
ALTER TABLE gaiops.usage_deltas
	ADD COLUMN delta_id uuid PRIMARY KEY DEFAULT pg_catalog.gen_random_uuid(),
	REPLICA IDENTITY DEFAULT;
COMMENT ON COLUMN gaiops.usage_deltas.delta_id IS 'Id of the row, by which a subscriber finds it';
DO $$
DECLARE
	part regclass;
BEGIN
	FOR part IN
		SELECT t.relid
		FROM unnest('{gaiops.spans,gaiops.span_payloads}'::regclass[]) AS p, pg_partition_tree(p) AS t
			JOIN pg_class AS c ON c.oid = t.relid
		WHERE c.relkind IN ('r', 'p')
	LOOP
		EXECUTE format('ALTER TABLE %s REPLICA IDENTITY FULL', part);
	END LOOP;
END
$$;
-- As in datasets/tables/datasets.sql, where lines were too wide.
CREATE OR REPLACE FUNCTION gaiops.refuse_dataset_change()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'dataset_record_versions' THEN
		IF (NEW.dataset, NEW.record_id, NEW.revision) = (OLD.dataset, OLD.record_id, OLD.revision) AND EXISTS (
			SELECT FROM gaiops.dataset_changes AS c
			WHERE c.dataset = OLD.dataset AND c.revision = OLD.revision
				AND (c.transaction = pg_current_xact_id() AND c.created_at = now()
					OR EXISTS (
						SELECT FROM pg_stat_get_activity(pg_backend_pid()) AS a
						WHERE a.backend_type = 'logical replication worker')
					AND EXISTS (
						SELECT FROM gaiops.dataset_settings AS d WHERE d.name = c.dataset AND d.revision = c.revision)))
		THEN
			RETURN NEW;
		END IF;
	ELSIF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'dataset_settings' THEN
		IF NEW.name = OLD.name AND NEW.revision >= OLD.revision THEN
			RETURN NEW;
		END IF;
	ELSIF TG_OP = 'DELETE' THEN
		IF NOT EXISTS (SELECT FROM gaiops.dataset_settings AS d WHERE d.name = OLD.dataset) THEN
			RETURN OLD;
		END IF;
	END IF;
	RAISE EXCEPTION USING
		ERRCODE = 'object_not_in_prerequisite_state',
		MESSAGE = format('rows of %s.%s cannot be %s', TG_TABLE_SCHEMA, TG_TABLE_NAME,
			CASE TG_OP WHEN 'UPDATE' THEN 'changed' ELSE 'deleted' END),
		DETAIL = 'A revision of a dataset stays as it is for everybody, its owner included.',
		HINT = 'Make another revision with gaiops_merge_records() or gaiops_delete_records().';
END
$$;
-- Claims of reviewers that an admin takes back, and how many one holds.
ALTER TABLE gaiops.review_claims ADD COLUMN released_by name;
CREATE INDEX review_claims_held_idx ON gaiops.review_claims (queue, reviewer, lease_until) WHERE state = 'claimed';
COMMENT ON COLUMN gaiops.review_claims.state IS
	'claimed, also when the lease is over and nobody has taken the item; '
	'lapsed once somebody has, or an admin has taken it back, submitted or declined';
COMMENT ON COLUMN gaiops.review_claims.released_by IS
	'Database role that took it back with gaiops_release_review(), at lease_until; NULL if none did';
-- ---- JSON as it was written ----

-- JSON as it was written.  What reaches a model keeps the order of members and the
-- spelling of numbers that its author gave it, which jsonb does not keep; so whatever
-- takes JSON takes this type, to which json, jsonb and text are cast without being
-- asked.  Overloads of json and jsonb would be ambiguous.  Columns and results are json
-- or jsonb, which every client knows.
CREATE TYPE gaiops.ordered_json;

CREATE FUNCTION gaiops.ordered_json_in(written cstring)
RETURNS gaiops.ordered_json LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'gaiops_ordered_json_in';
COMMENT ON FUNCTION gaiops.ordered_json_in(cstring) IS
	'Input function of gaiops.ordered_json: takes JSON and returns it as it is; '
	'raises on a member given twice, and on what jsonb would not take';

CREATE FUNCTION gaiops.ordered_json_out(value gaiops.ordered_json)
RETURNS cstring LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'gaiops_ordered_json_out';
COMMENT ON FUNCTION gaiops.ordered_json_out(gaiops.ordered_json) IS
	'Output function of gaiops.ordered_json: returns the text as it was written';

CREATE FUNCTION gaiops.ordered_json_recv(message internal)
RETURNS gaiops.ordered_json LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'gaiops_ordered_json_recv';
COMMENT ON FUNCTION gaiops.ordered_json_recv(internal) IS
	'Binary input function of gaiops.ordered_json: takes text, as json does, and returns it checked';

CREATE FUNCTION gaiops.ordered_json_send(value gaiops.ordered_json)
RETURNS bytea LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'gaiops_ordered_json_send';
COMMENT ON FUNCTION gaiops.ordered_json_send(gaiops.ordered_json) IS
	'Binary output function of gaiops.ordered_json: returns the text, as json does';

CREATE TYPE gaiops.ordered_json (
	INPUT = gaiops.ordered_json_in,
	OUTPUT = gaiops.ordered_json_out,
	RECEIVE = gaiops.ordered_json_recv,
	SEND = gaiops.ordered_json_send,
	LIKE = json
);
COMMENT ON TYPE gaiops.ordered_json IS
	'JSON as it was written: with its members in their order and numbers as they are spelled, '
	'and no member given twice';

CREATE FUNCTION gaiops.ordered_json(value text)
RETURNS gaiops.ordered_json LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'gaiops_ordered_json_from_text';
COMMENT ON FUNCTION gaiops.ordered_json(text) IS
	'Takes a text and returns it as JSON; raises as the input of the type does';

CREATE FUNCTION gaiops.ordered_json(value json)
RETURNS gaiops.ordered_json LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'gaiops_ordered_json_from_text';
COMMENT ON FUNCTION gaiops.ordered_json(json) IS
	'Takes JSON and returns it as it is; raises as the input of the type does';

CREATE FUNCTION gaiops.ordered_json(value jsonb)
RETURNS gaiops.ordered_json LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'gaiops_ordered_json_from_jsonb';
COMMENT ON FUNCTION gaiops.ordered_json(jsonb) IS
	'Takes jsonb and returns it with the order it has there, which is not the one it was written in';

CREATE FUNCTION gaiops.ordered_json_to_json(value gaiops.ordered_json)
RETURNS json LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'gaiops_ordered_json_to_json';
COMMENT ON FUNCTION gaiops.ordered_json_to_json(gaiops.ordered_json) IS 'Takes JSON and returns it as json, as it is';

CREATE FUNCTION gaiops.ordered_json_to_jsonb(value gaiops.ordered_json)
RETURNS jsonb LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'gaiops_ordered_json_to_jsonb';
COMMENT ON FUNCTION gaiops.ordered_json_to_jsonb(gaiops.ordered_json) IS 'Takes JSON and returns it as jsonb';

CREATE CAST (text AS gaiops.ordered_json) WITH FUNCTION gaiops.ordered_json(text) AS IMPLICIT;
COMMENT ON CAST (text AS gaiops.ordered_json) IS 'So that a parameter of type text can be given where JSON is taken';
CREATE CAST (varchar AS gaiops.ordered_json) WITH FUNCTION gaiops.ordered_json(text) AS IMPLICIT;
COMMENT ON CAST (varchar AS gaiops.ordered_json) IS
	'So that a parameter of type varchar can be given where JSON is taken';
CREATE CAST (json AS gaiops.ordered_json) WITH FUNCTION gaiops.ordered_json(json) AS IMPLICIT;
COMMENT ON CAST (json AS gaiops.ordered_json) IS 'So that json can be given, and keeps its order';
CREATE CAST (jsonb AS gaiops.ordered_json) WITH FUNCTION gaiops.ordered_json(jsonb) AS IMPLICIT;
COMMENT ON CAST (jsonb AS gaiops.ordered_json) IS 'So that jsonb can be given, with the order it has';
-- With a function, though the text is the same: without one json_agg() and its like would take it for a text.
CREATE CAST (gaiops.ordered_json AS json) WITH FUNCTION gaiops.ordered_json_to_json(gaiops.ordered_json) AS IMPLICIT;
COMMENT ON CAST (gaiops.ordered_json AS json) IS 'So that operators and functions of json take it';
CREATE CAST (gaiops.ordered_json AS jsonb)
	WITH FUNCTION gaiops.ordered_json_to_jsonb(gaiops.ordered_json) AS ASSIGNMENT;
COMMENT ON CAST (gaiops.ordered_json AS jsonb) IS 'To store it as jsonb';
CREATE CAST (gaiops.ordered_json AS text) WITHOUT FUNCTION AS ASSIGNMENT;
COMMENT ON CAST (gaiops.ordered_json AS text) IS 'To have it as it was written';

ALTER TABLE gaiops.dataset_record_versions ADD COLUMN written json;
COMMENT ON COLUMN gaiops.dataset_record_versions.written IS
	'An object with those of inputs, expectations, outputs and source, as they were written but for white space, '
	'whose members had another order, or numbers or strings another spelling, such as an escape; NULL if none had';
ALTER TABLE gaiops.endpoints
	DROP CONSTRAINT endpoints_params_check,
	ALTER COLUMN params TYPE json USING params::json;
ALTER TABLE gaiops.endpoints
	ADD CONSTRAINT endpoints_params_check CHECK (json_typeof(params) = 'object');
ALTER TABLE gaiops.prompt_contents
	ALTER COLUMN messages TYPE json USING messages::json,
	ALTER COLUMN response_format TYPE json USING response_format::json,
	ALTER COLUMN model_config TYPE json USING model_config::json;
ALTER TABLE gaiops.span_payloads
	ALTER COLUMN inputs TYPE json USING inputs::json,
	ALTER COLUMN attributes TYPE json USING attributes::json,
	ALTER COLUMN metadata TYPE json USING metadata::json,
	ALTER COLUMN events TYPE json USING events::json;
COMMENT ON COLUMN gaiops.span_payloads.inputs IS
	'What the caller gave, before anything was added; for an application''s span its inputs '
	'or outputs; as it was written';
-- ---- partitions in a schema of their own ----

-- Takes one argument more now.
DROP FUNCTION gaiops.make_partition(regclass, timestamptz, timestamptz);

-- They are locked by now, all of them.  A foreign table stays: it may go by the name of
-- its schema to find its rows.
CREATE SCHEMA gaiops_partitions;
COMMENT ON SCHEMA gaiops_partitions IS 'Partitions of tables of schema gaiops, to be read there (extension genaiops)';
DO $$
DECLARE
	partition regclass;
BEGIN
	FOR partition IN
		SELECT c.oid
		FROM unnest('{gaiops.spans,gaiops.span_payloads}'::regclass[]) AS p, pg_partition_tree(p) AS t
			JOIN pg_class AS c ON c.oid = t.relid
		WHERE t.level > 0 AND c.relkind IN ('r', 'p') AND c.relnamespace = 'gaiops'::regnamespace
	LOOP
		EXECUTE format('ALTER TABLE %s SET SCHEMA gaiops_partitions', partition);
	END LOOP;
END
$$;
CREATE INDEX span_payloads_default_start_time_idx ON gaiops_partitions.span_payloads_default (start_time);

-- ---- what only the owner reads, in another ----

CREATE SCHEMA gaiops_private;
COMMENT ON SCHEMA gaiops_private IS 'What only the owner of the extension reads (extension genaiops)';
ALTER TABLE gaiops.secrets SET SCHEMA gaiops_private;
