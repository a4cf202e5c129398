-- The one place which says what belongs to which right.  Every function, table,
-- view and type of the extension is here; "none" is for those that only the
-- owner and the functions of the extension use.
CREATE OR REPLACE FUNCTION gaiops.rights(OUT kind text, OUT object text, OUT "right" text)
RETURNS SETOF record
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT l.kind, o.object, l."right"
	FROM (VALUES
		('schema', 'viewer', ARRAY[
			'gaiops']),
		('relation', 'viewer', ARRAY[
			'gaiops.agreement',
			'gaiops.all_spans',
			'gaiops.assessment_deletions',
			'gaiops.assessments',
			'gaiops.calls_in_flight',
			'gaiops.dataset_changes',
			'gaiops.dataset_record_versions',
			'gaiops.dataset_records',
			'gaiops.dataset_revisions',
			'gaiops.dataset_settings',
			'gaiops.datasets',
			'gaiops.endpoints',
			'gaiops.experiment_details',
			'gaiops.experiment_names',
			'gaiops.experiments',
			'gaiops.human_assessments',
			'gaiops.intents',
			'gaiops.label_schemas',
			'gaiops.machine_assessments',
			'gaiops.open_runs',
			'gaiops.prices',
			'gaiops.prompt_alias_history',
			'gaiops.prompt_aliases',
			'gaiops.prompt_contents',
			'gaiops.prompt_deletions',
			'gaiops.prompt_includes',
			'gaiops.prompt_numbers',
			'gaiops.prompt_tags',
			'gaiops.prompt_usage',
			'gaiops.prompt_version_tags',
			'gaiops.prompt_versions',
			'gaiops.prompts',
			'gaiops.protected_prompt_aliases',
			'gaiops.rejected_records',
			'gaiops.review_claims',
			'gaiops.review_items',
			'gaiops.review_queues',
			'gaiops.review_settings',
			'gaiops.run_ends',
			'gaiops.run_inputs',
			'gaiops.run_metrics',
			'gaiops.run_params',
			'gaiops.run_starts',
			'gaiops.run_tags',
			'gaiops.runs',
			'gaiops.sessions',
			'gaiops.span_contents',
			'gaiops.span_payloads',
			'gaiops.spans',
			'gaiops.trace_tags',
			'gaiops.traces',
			'gaiops.usage_deltas',
			'gaiops.usage_hourly']),
		('relation', 'none', ARRAY[
			'gaiops.secrets',
			'gaiops.span_payloads_default',
			'gaiops.spans_default']),
		('sequence', 'none', ARRAY[
			'gaiops.prompt_alias_history_id_seq',
			'gaiops.review_items_item_seq']),
		('type', 'viewer', ARRAY[
			'gaiops.latency_histogram']),
		('function', 'viewer', ARRAY[
			'gaiops.agreement_on',
			'gaiops.answer_message',
			'gaiops.answer_text',
			'gaiops.chat_line',
			'gaiops.check_given',
			'gaiops.check_runs',
			'gaiops.check_size',
			'gaiops.content_part_layout',
			'gaiops.dataset_size',
			'gaiops.export_alias_history',
			'gaiops.export_prompt',
			'gaiops.export_prompt_versions',
			'gaiops.fit_categories',
			'gaiops.fit_number',
			'gaiops.fit_pass_fail',
			'gaiops.has_right',
			'gaiops.histogram_mean',
			'gaiops.histogram_sum',
			'gaiops.incarnation',
			'gaiops.inputs_text',
			'gaiops.label_schema',
			'gaiops.measure_agreement',
			'gaiops.message_layout',
			'gaiops.message_text',
			'gaiops.messages_problem',
			'gaiops.place_value',
			'gaiops.preview',
			'gaiops.prompt_layout',
			'gaiops.prompt_search_condition',
			'gaiops.prompt_search_conditions',
			'gaiops.prompt_search_fit',
			'gaiops.prompt_search_query',
			'gaiops.prompt_search_statement',
			'gaiops.prompt_search_terms',
			'gaiops.prompt_sections',
			'gaiops.prompt_snippet',
			'gaiops.question_messages',
			'gaiops.raise_unknown_dataset',
			'gaiops.raise_unknown_prompt',
			'gaiops.rating_number',
			'gaiops.ratings',
			'gaiops.read_json',
			'gaiops.record_context',
			'gaiops.record_line',
			'gaiops.record_question',
			'gaiops.request_attributes',
			'gaiops.reviewed_contents',
			'gaiops.unified_diff',
			'gaiops.viewer_right',
			'gaiops.wanted_words',
			'gaiops.word_verdict',
			'pg_catalog.gaiops_compare_run_metrics',
			'pg_catalog.gaiops_dataset_records',
			'pg_catalog.gaiops_diff_prompt',
			'pg_catalog.gaiops_disagreements',
			'pg_catalog.gaiops_export_dataset',
			'pg_catalog.gaiops_export_prompts',
			'pg_catalog.gaiops_format_messages',
			'pg_catalog.gaiops_format_prompt',
			'pg_catalog.gaiops_get_cost',
			'pg_catalog.gaiops_load_prompt',
			'pg_catalog.gaiops_percentile',
			'pg_catalog.gaiops_prompt_variables',
			'pg_catalog.gaiops_search_prompts',
			'pg_catalog.gaiops_status',
			'pg_catalog.gaiops_trace_id_hex']),
		('function', 'user', ARRAY[
			'gaiops.take_review',
			'gaiops.user_right',
			'pg_catalog.gaiops_add_traces',
			'pg_catalog.gaiops_alter_experiment',
			'pg_catalog.gaiops_chat',
			'pg_catalog.gaiops_chat_completion',
			'pg_catalog.gaiops_claim_review',
			'pg_catalog.gaiops_create_dataset',
			'pg_catalog.gaiops_create_experiment',
			'pg_catalog.gaiops_create_label_schema',
			'pg_catalog.gaiops_create_review_queue',
			'pg_catalog.gaiops_current_run',
			'pg_catalog.gaiops_decline_review',
			'pg_catalog.gaiops_delete_feedback',
			'pg_catalog.gaiops_delete_prompt_alias',
			'pg_catalog.gaiops_delete_prompt_tag',
			'pg_catalog.gaiops_delete_prompt_version_tag',
			'pg_catalog.gaiops_delete_records',
			'pg_catalog.gaiops_end_run',
			'pg_catalog.gaiops_end_span',
			'pg_catalog.gaiops_enqueue_review',
			'pg_catalog.gaiops_import_dataset',
			'pg_catalog.gaiops_last_trace_id',
			'pg_catalog.gaiops_log_expectation',
			'pg_catalog.gaiops_log_feedback',
			'pg_catalog.gaiops_log_input',
			'pg_catalog.gaiops_log_metric',
			'pg_catalog.gaiops_log_metrics',
			'pg_catalog.gaiops_log_param',
			'pg_catalog.gaiops_merge_record',
			'pg_catalog.gaiops_merge_records',
			'pg_catalog.gaiops_override_feedback',
			'pg_catalog.gaiops_register_prompt',
			'pg_catalog.gaiops_rollback_prompt_alias',
			'pg_catalog.gaiops_set_experiment',
			'pg_catalog.gaiops_set_prompt_alias',
			'pg_catalog.gaiops_set_prompt_tag',
			'pg_catalog.gaiops_set_prompt_version_tag',
			'pg_catalog.gaiops_set_run_tag',
			'pg_catalog.gaiops_set_trace_tag',
			'pg_catalog.gaiops_split_dataset',
			'pg_catalog.gaiops_start_run',
			'pg_catalog.gaiops_start_span',
			'pg_catalog.gaiops_submit_review']),
		('function', 'proxy', ARRAY[
			'gaiops.proxy_right']),
		('function', 'admin', ARRAY[
			'gaiops.admin_right',
			'gaiops.check_mlflow_schema',
			'gaiops.import_mlflow_prompt',
			'pg_catalog.gaiops_alter_endpoint',
			'pg_catalog.gaiops_alter_secret',
			'pg_catalog.gaiops_alter_secret_from_file',
			'pg_catalog.gaiops_create_endpoint',
			'pg_catalog.gaiops_create_secret',
			'pg_catalog.gaiops_create_secret_from_file',
			'pg_catalog.gaiops_delete_prompt',
			'pg_catalog.gaiops_delete_prompt_version',
			'pg_catalog.gaiops_drop_dataset',
			'pg_catalog.gaiops_drop_endpoint',
			'pg_catalog.gaiops_drop_label_schema',
			'pg_catalog.gaiops_drop_review_queue',
			'pg_catalog.gaiops_drop_secret',
			'pg_catalog.gaiops_grant',
			'pg_catalog.gaiops_import_mlflow_prompts',
			'pg_catalog.gaiops_import_prices',
			'pg_catalog.gaiops_import_prompts',
			'pg_catalog.gaiops_list_secrets',
			'pg_catalog.gaiops_protect_prompt_alias',
			'pg_catalog.gaiops_reprice',
			'pg_catalog.gaiops_revoke',
			'pg_catalog.gaiops_rotate_master_key',
			'pg_catalog.gaiops_run_maintenance',
			'pg_catalog.gaiops_set_price']),
		('function', 'none', ARRAY[
			'gaiops.admin_grant',
			'gaiops.answer_outputs',
			'gaiops.assessment_in_force',
			'gaiops.assessment_source',
			'gaiops.assessment_state',
			'gaiops.assessment_value',
			'gaiops.begin_alias_move',
			'gaiops.call_manner',
			'gaiops.call_question',
			'gaiops.check_alias_protection',
			'gaiops.check_assessment',
			'gaiops.check_assessment_name',
			'gaiops.check_assessment_target',
			'gaiops.check_dataset_name',
			'gaiops.check_dataset_tags',
			'gaiops.check_duration',
			'gaiops.check_endpoint',
			'gaiops.check_endpoint_text',
			'gaiops.check_expectation',
			'gaiops.check_experiment',
			'gaiops.check_fractions',
			'gaiops.check_grant',
			'gaiops.check_headers',
			'gaiops.check_import',
			'gaiops.check_label',
			'gaiops.check_lease',
			'gaiops.check_mlflow_name',
			'gaiops.check_model_config',
			'gaiops.check_object',
			'gaiops.check_params',
			'gaiops.check_price_key',
			'gaiops.check_prompt',
			'gaiops.check_prompt_alias',
			'gaiops.check_prompt_content',
			'gaiops.check_prompt_document',
			'gaiops.check_prompt_includes',
			'gaiops.check_prompt_messages',
			'gaiops.check_prompt_name',
			'gaiops.check_prompt_tag',
			'gaiops.check_prompt_template',
			'gaiops.check_records',
			'gaiops.check_response_format',
			'gaiops.check_review_answers',
			'gaiops.check_review_schemas',
			'gaiops.check_review_settings',
			'gaiops.check_reviewer',
			'gaiops.check_roles',
			'gaiops.check_same_assessment',
			'gaiops.check_schema_arguments',
			'gaiops.check_schema_limits',
			'gaiops.check_traces',
			'gaiops.check_undrawn',
			'gaiops.check_writable',
			'gaiops.choose_review_item',
			'gaiops.complete_assessment',
			'gaiops.components',
			'gaiops.delete_records',
			'gaiops.describe_alias_moves',
			'gaiops.describe_experiment',
			'gaiops.describe_import',
			'gaiops.describe_label_schema',
			'gaiops.describe_review_schemas',
			'gaiops.draw_prompt_version',
			'gaiops.drop_partition',
			'gaiops.endpoint_secrets',
			'gaiops.endpoint_url',
			'gaiops.experiment_exists',
			'gaiops.expire_rows',
			'gaiops.find_alias_protection',
			'gaiops.find_assessment',
			'gaiops.find_dataset_run',
			'gaiops.find_lapsed_review',
			'gaiops.find_prompt_version_users',
			'gaiops.find_review_item',
			'gaiops.find_review_queue',
			'gaiops.find_schema_queue',
			'gaiops.find_traces',
			'gaiops.find_unchanged_prompt',
			'gaiops.fit_text',
			'gaiops.fold_traces',
			'gaiops.fold_usage',
			'gaiops.given_members',
			'gaiops.given_object',
			'gaiops.has_key_ring',
			'gaiops.hashed_prompt_includes',
			'gaiops.header_problem',
			'gaiops.hide_prompt_versions',
			'gaiops.histogram_add',
			'gaiops.histogram_result',
			'gaiops.import_alias_protections',
			'gaiops.import_judged_prompts',
			'gaiops.import_mlflow_aliases',
			'gaiops.import_mlflow_tags',
			'gaiops.import_mlflow_version',
			'gaiops.import_prompt_aliases',
			'gaiops.import_prompt_tags',
			'gaiops.import_prompt_versions',
			'gaiops.insert_prompt_version',
			'gaiops.is_cut',
			'gaiops.is_member',
			'gaiops.is_message_array',
			'gaiops.is_plain_message',
			'gaiops.is_price',
			'gaiops.join_objects',
			'gaiops.judge_document',
			'gaiops.judge_prompt_includes',
			'gaiops.judge_prompts',
			'gaiops.keep_used_secret',
			'gaiops.kept_prompt_parts',
			'gaiops.key_ring_status',
			'gaiops.keyed_assessment_id',
			'gaiops.list_some',
			'gaiops.lock_alias_moves',
			'gaiops.lock_assessment',
			'gaiops.lock_assessment_in_force',
			'gaiops.lock_dataset',
			'gaiops.lock_endpoint_secrets',
			'gaiops.lock_given_version',
			'gaiops.lock_prompt',
			'gaiops.lock_prompt_alias',
			'gaiops.lock_prompt_includes',
			'gaiops.lock_prompt_version',
			'gaiops.lock_registry',
			'gaiops.lock_review_claim',
			'gaiops.log_assessment',
			'gaiops.log_review',
			'gaiops.maintenance_steps',
			'gaiops.make_assessment_id',
			'gaiops.make_experiment',
			'gaiops.make_partition',
			'gaiops.may_speak_for_others',
			'gaiops.members',
			'gaiops.merge_elements',
			'gaiops.merge_lines',
			'gaiops.merge_members',
			'gaiops.message_problem',
			'gaiops.missing_prompt_aliases',
			'gaiops.mlflow_model_config',
			'gaiops.mlflow_syntax',
			'gaiops.model_config_problem',
			'gaiops.move_prompt_alias',
			'gaiops.needed_partitions',
			'gaiops.next_review_item',
			'gaiops.next_revision',
			'gaiops.normalize_provider',
			'gaiops.note_change',
			'gaiops.note_revision',
			'gaiops.outer_role',
			'gaiops.override_assessment',
			'gaiops.parse_prompt',
			'gaiops.partitions',
			'gaiops.place_assessment',
			'gaiops.placed_words',
			'gaiops.placeholder_problem',
			'gaiops.plain_words',
			'gaiops.point_prompt_alias',
			'gaiops.prepare_prompt_version',
			'gaiops.prepare_prompts',
			'gaiops.prompt_alias_uri',
			'gaiops.prompt_document_parts',
			'gaiops.prompt_document_sense_problem',
			'gaiops.prompt_document_shape',
			'gaiops.prompt_document_shape_problem',
			'gaiops.prompt_document_value_problem',
			'gaiops.prompt_document_versions',
			'gaiops.prompt_hash',
			'gaiops.prompt_inventory',
			'gaiops.prompt_names',
			'gaiops.prompt_version_users',
			'gaiops.prompt_words',
			'gaiops.protect_partition',
			'gaiops.provider_of_url',
			'gaiops.proxy_grant',
			'gaiops.queue_stats',
			'gaiops.raise_no_rollback',
			'gaiops.raise_not_in_force',
			'gaiops.raise_unclaimed_review',
			'gaiops.raise_unfit_trace',
			'gaiops.raise_unknown_endpoint',
			'gaiops.raise_unknown_review_queue',
			'gaiops.raise_unknown_tag',
			'gaiops.read_answer',
			'gaiops.read_chat_line',
			'gaiops.read_line',
			'gaiops.read_price_map',
			'gaiops.read_prompt_tags',
			'gaiops.read_question',
			'gaiops.read_record_line',
			'gaiops.read_record_lines',
			'gaiops.read_tool_calls',
			'gaiops.record_assessment',
			'gaiops.record_id',
			'gaiops.record_problem',
			'gaiops.record_states',
			'gaiops.record_status',
			'gaiops.refuse_change',
			'gaiops.refuse_dataset_change',
			'gaiops.register_prompt',
			'gaiops.regrant',
			'gaiops.remove_prompt_alias',
			'gaiops.reserve_document_numbers',
			'gaiops.reserve_prompt_versions',
			'gaiops.resolve_prompt_include',
			'gaiops.response_format_problem',
			'gaiops.resume_review',
			'gaiops.retention_start',
			'gaiops.retrieved_context',
			'gaiops.retrieved_document',
			'gaiops.reviewer_name',
			'gaiops.right_level',
			'gaiops.rights',
			'gaiops.running_status',
			'gaiops.schema_labels_problem',
			'gaiops.set_splits',
			'gaiops.settle_grants',
			'gaiops.settle_role',
			'gaiops.split_groups',
			'gaiops.split_position',
			'gaiops.store_assessment',
			'gaiops.store_label_schema',
			'gaiops.store_prompt_version',
			'gaiops.take_back_reviews',
			'gaiops.trace_contents',
			'gaiops.trace_entries',
			'gaiops.trace_expectations',
			'gaiops.trace_inputs',
			'gaiops.trace_records',
			'gaiops.trace_retrievals',
			'gaiops.trace_source',
			'gaiops.unfounded_prompt_aliases',
			'gaiops.user_grant',
			'gaiops.viewer_grant'])
	) AS l (kind, "right", objects), unnest(l.objects) AS o (object)
$$;
COMMENT ON FUNCTION gaiops.rights() IS 'Returns the right that each object of the extension belongs to: viewer, user, proxy, admin or none';

CREATE OR REPLACE FUNCTION gaiops.right_level("right" text)
RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT array_position(ARRAY['viewer', 'user', 'proxy', 'admin'], "right")
$$;
COMMENT ON FUNCTION gaiops.right_level(text) IS 'Takes a right and returns its level: each covers those of a lower level; NULL if there is no such right';

-- "settled" says that the object was there before this transaction, or that
-- pg_init_privs has it as ours alone: its record is for one role, which is the
-- owner, or was and had it taken over.  The record alone would not do: pg_upgrade
-- keeps none where it says no more than the default.  Subtransactions of this
-- transaction are younger than it, hence the negative ages.
CREATE OR REPLACE FUNCTION gaiops.members(
	OUT kind text, OUT object text, OUT target text, OUT privilege text,
	OUT "right" text, OUT owner oid, OUT acl aclitem[], OUT settled boolean)
RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	WITH member AS MATERIALIZED (
		SELECT d.classid, d.objid, age(d.xmin) BETWEEN -1000000 AND 0 AS is_new
		FROM pg_depend AS d JOIN pg_extension AS e ON e.oid = d.refobjid
		WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND e.extname = 'genaiops'
	), member_acl AS (
		SELECT m.*, 'function' AS kind, format('%s.%s', p.pronamespace::regnamespace, p.proname) AS object,
			format('ROUTINE %s', p.oid::regprocedure) AS target, 'EXECUTE' AS privilege,
			p.proowner AS owner, coalesce(p.proacl, acldefault('f', p.proowner)) AS acl
		FROM member AS m JOIN pg_proc AS p ON m.classid = 'pg_proc'::regclass AND p.oid = m.objid
		UNION ALL
		SELECT m.*, CASE c.relkind WHEN 'S' THEN 'sequence' ELSE 'relation' END,
			format('%s.%s', c.relnamespace::regnamespace, c.relname),
			format('%s %s', CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, c.oid::regclass), 'SELECT',
			c.relowner, coalesce(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner))
		FROM member AS m JOIN pg_class AS c ON m.classid = 'pg_class'::regclass AND c.oid = m.objid
		WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
		UNION ALL
		SELECT m.*, 'schema', n.nspname::text, format('SCHEMA %I', n.nspname), 'USAGE',
			n.nspowner, coalesce(n.nspacl, acldefault('n', n.nspowner))
		FROM member AS m JOIN pg_namespace AS n ON m.classid = 'pg_namespace'::regclass AND n.oid = m.objid
		UNION ALL
		SELECT m.*, 'type', format('%s.%s', t.typnamespace::regnamespace, t.typname),
			format('TYPE %s', t.oid::regtype), 'USAGE',
			t.typowner, coalesce(t.typacl, acldefault('T', t.typowner))
		FROM member AS m JOIN pg_type AS t ON m.classid = 'pg_type'::regclass AND t.oid = m.objid
	)
	SELECT m.kind, m.object, m.target, m.privilege, r."right", m.owner, m.acl,
		NOT m.is_new OR coalesce((
			SELECT count(DISTINCT i.grantee) = 1
				AND bool_and(i.grantee = m.owner OR i.grantee <> 0
					AND NOT EXISTS (SELECT FROM aclexplode(m.acl) AS a WHERE a.grantee = i.grantee))
			FROM pg_init_privs AS p, aclexplode(p.initprivs) AS i
			WHERE p.classoid = m.classid AND p.objoid = m.objid AND p.objsubid = 0), false)
	FROM member_acl AS m LEFT JOIN gaiops.rights() AS r ON r.kind = m.kind AND r.object = m.object
$$;
COMMENT ON FUNCTION gaiops.members() IS 'Returns what privileges can be granted on in the extension, with its right, its access control list, and whether the grants of the script that made it are settled';

CREATE OR REPLACE FUNCTION gaiops.settle_role(role oid)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	held text;
	lacking record;
BEGIN
	SELECT r INTO held
		FROM unnest(ARRAY['admin', 'proxy', 'user', 'viewer']) AS r
		JOIN gaiops.members() AS m ON m.kind = 'function' AND m.object = format('gaiops.%s_grant', r)
		JOIN aclexplode(m.acl) AS a ON a.grantee = role
		ORDER BY gaiops.right_level(r) DESC LIMIT 1;
	FOR lacking IN
		SELECT m.privilege, m.target FROM gaiops.members() AS m
		WHERE gaiops.right_level(m."right") <= gaiops.right_level(held)
			AND NOT EXISTS (SELECT FROM aclexplode(m.acl) AS a
				WHERE a.grantee = role AND a.privilege_type = m.privilege)
	LOOP
		EXECUTE format('GRANT %s ON %s TO %s', lacking.privilege, lacking.target, role::regrole);
	END LOOP;
	RETURN held;
END
$$;
COMMENT ON FUNCTION gaiops.settle_role(oid) IS 'Takes a role, grants what its rights cover and it does not have, and returns the highest of them, NULL if none';

CREATE OR REPLACE FUNCTION gaiops.regrant(role oid)
RETURNS void
AS 'MODULE_PATHNAME', 'gaiops_regrant'
LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION gaiops.regrant(oid) IS 'Takes a role and does as gaiops.settle_role(), so that pg_dump knows the grants from those of the extension even when a script of the extension runs it; returns nothing';

-- Run at the end of every install and update script.  What is new there has the
-- server's defaults, for PUBLIC and by ALTER DEFAULT PRIVILEGES, and is taken
-- from everybody.  What was there before is left alone: a REVOKE in a script
-- would tell pg_dump that all grants on the object are the extension's own.
CREATE OR REPLACE FUNCTION gaiops.settle_grants()
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	holders CONSTANT oid[] := ARRAY(
		SELECT DISTINCT a.grantee FROM gaiops.members() AS m, aclexplode(m.acl) AS a
		WHERE m.kind = 'function' AND m.settled AND a.grantee NOT IN (0, m.owner)
			AND m.object IN ('gaiops.viewer_grant', 'gaiops.user_grant', 'gaiops.proxy_grant', 'gaiops.admin_grant'));
	fresh record;
	holder oid;
BEGIN
	FOR fresh IN
		SELECT m.target, g.grantee
		FROM gaiops.members() AS m,
			LATERAL (SELECT a.grantee FROM aclexplode(m.acl) AS a UNION SELECT 0::oid) AS g
		WHERE NOT m.settled AND g.grantee <> m.owner
	LOOP
		EXECUTE format('REVOKE ALL ON %s FROM %s CASCADE', fresh.target,
			CASE fresh.grantee WHEN 0 THEN 'PUBLIC' ELSE fresh.grantee::regrole::text END);
	END LOOP;
	FOREACH holder IN ARRAY holders LOOP
		PERFORM gaiops.regrant(holder);
	END LOOP;
END
$$;
COMMENT ON FUNCTION gaiops.settle_grants() IS 'Takes new objects of the extension from everybody but their owner, and gives them to the roles whose rights cover them; returns nothing';

CREATE OR REPLACE FUNCTION gaiops.has_right("right" text)
RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	-- Runs as the caller, who may call nothing here that is not for viewers.
	IF "right" IN ('viewer', 'user', 'proxy', 'admin') IS NOT TRUE THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('unknown right "%s"', "right"),
			HINT = 'The rights are viewer, user, proxy and admin.';
	END IF;
	RETURN has_function_privilege(CASE "right"
		WHEN 'viewer' THEN 'gaiops.viewer_right()'::regprocedure
		WHEN 'user' THEN 'gaiops.user_right()'::regprocedure
		WHEN 'proxy' THEN 'gaiops.proxy_right()'::regprocedure
		ELSE 'gaiops.admin_right()'::regprocedure END, 'EXECUTE');
END
$$;
COMMENT ON FUNCTION gaiops.has_right(text) IS 'Takes a right and returns whether the current role has it; true for superusers';

CREATE OR REPLACE FUNCTION gaiops.check_grant(role text, "right" text)
RETURNS oid
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	wanted CONSTANT text := role;
	found_role oid;
BEGIN
	IF wanted IS NULL OR "right" IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'null_value_not_allowed',
			MESSAGE = format('argument "%s" must not be null', CASE WHEN wanted IS NULL THEN 'role' ELSE 'right' END);
	END IF;
	IF gaiops.right_level("right") IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('unknown right "%s"', "right"),
			HINT = 'The rights are viewer, user, proxy and admin.';
	END IF;
	SELECT r.oid INTO found_role FROM pg_roles AS r WHERE r.rolname = wanted;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_object',
			MESSAGE = format('role "%s" does not exist', wanted),
			HINT = CASE wanted WHEN 'public'
				THEN 'Rights are not given to PUBLIC; give them to a role that others are members of.'
				ELSE 'Give the name of a role as it is in pg_roles, without quotes.' END;
	END IF;
	IF EXISTS (SELECT FROM gaiops.members() AS m WHERE m.owner = found_role) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_grant_operation',
			MESSAGE = format('role "%s" owns the extension', wanted),
			DETAIL = 'The owner has every right, always.';
	END IF;
	RETURN found_role;
END
$$;
COMMENT ON FUNCTION gaiops.check_grant(text, text) IS 'Takes a role and a right and returns the oid of the role; raises unless the one can be given the other';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_grant(role text, "right" text)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	receiver CONSTANT oid := gaiops.check_grant(role, "right");
BEGIN
	-- Two at a time would fail to update the same row of a catalog.
	PERFORM gaiops.lock_registry('rights');
	EXECUTE format('GRANT EXECUTE ON FUNCTION gaiops.%I() TO %s', "right" || '_grant', receiver::regrole);
	RETURN gaiops.settle_role(receiver);
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_grant(text, text) IS 'Takes a role and a right (viewer, user, proxy or admin), gives the one the other, and returns the highest right the role has been given';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_revoke(role text, "right" text)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	receiver CONSTANT oid := gaiops.check_grant(role, "right");
	taken record;
	held text;
BEGIN
	PERFORM gaiops.lock_registry('rights');
	FOR taken IN
		SELECT r FROM unnest(ARRAY['viewer', 'user', 'proxy', 'admin']) AS r
		WHERE gaiops.right_level(r) >= gaiops.right_level("right")
	LOOP
		EXECUTE format('REVOKE ALL ON FUNCTION gaiops.%I() FROM %s', taken.r || '_grant', receiver::regrole);
	END LOOP;
	held := gaiops.settle_role(receiver);
	FOR taken IN
		SELECT m.target FROM gaiops.members() AS m
		WHERE gaiops.right_level(m."right") > coalesce(gaiops.right_level(held), 0)
			AND EXISTS (SELECT FROM aclexplode(m.acl) AS a WHERE a.grantee = receiver)
	LOOP
		EXECUTE format('REVOKE ALL ON %s FROM %s', taken.target, receiver::regrole);
	END LOOP;
	RETURN held;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_revoke(text, text) IS 'Takes a role and a right, takes the right and those above it from the role, and returns the highest right left to it, NULL if none';
