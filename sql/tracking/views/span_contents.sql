-- Attributes are computed from columns and bodies here; only what an application
-- gave is stored as attributes, and wins over what is computed.
CREATE OR REPLACE VIEW gaiops.span_contents WITH (security_invoker = true) AS
	SELECT s.trace_id, s.span_id, s.parent_span_id, s.name, s.span_type, s.status, s.start_time,
		asked.inputs::jsonb AS inputs,
		CASE WHEN s.attempt IS NULL THEN answered.inputs::jsonb END AS outputs,
		gaiops.answer_text(answered.body) AS answer,
		asked.body AS request,
		answered.body AS response,
		answered.body_bytes AS response_bytes,
		asked.body_length AS request_length,
		answered.body_length AS response_length,
		jsonb_strip_nulls(jsonb_build_object(
			'gen_ai.operation.name', CASE s.span_type
				WHEN 'CHAT_MODEL' THEN 'chat'
				WHEN 'LLM' THEN 'text_completion'
				WHEN 'EMBEDDING' THEN 'embeddings'
				WHEN 'RETRIEVER' THEN 'retrieval'
				WHEN 'AGENT' THEN 'invoke_agent'
				WHEN 'TOOL' THEN 'execute_tool' END,
			'gen_ai.provider.name', s.provider,
			'gen_ai.request.model', s.model,
			'gen_ai.response.model', s.response_model,
			'gen_ai.response.id', s.response_id,
			'gen_ai.response.finish_reasons', CASE WHEN s.finish_reason IS NOT NULL
				THEN jsonb_build_array(s.finish_reason) END,
			'gen_ai.response.time_to_first_chunk', s.time_to_first_token_ms / 1000,
			'gen_ai.usage.input_tokens', s.input_tokens,
			'gen_ai.usage.output_tokens', s.output_tokens,
			'gen_ai.usage.cache_read.input_tokens', s.cached_input_tokens,
			'gen_ai.usage.cache_write.input_tokens', s.cache_write_tokens,
			'gen_ai.usage.reasoning.output_tokens', s.reasoning_tokens,
			'gen_ai.conversation.id', s.session_id,
			'user.id', s.user_id,
			'error.type', s.error_class))
			|| coalesce(gaiops.request_attributes(
				gaiops.read_json(CASE WHEN asked.body_length IS NULL THEN asked.body END)), '{}')
			|| coalesce(asked.attributes::jsonb, '{}') || coalesce(answered.attributes::jsonb, '{}') AS attributes,
		coalesce(asked.metadata, answered.metadata)::jsonb AS metadata,
		coalesce(answered.events, asked.events)::jsonb AS events
	FROM gaiops.all_spans AS s
	LEFT JOIN gaiops.span_payloads AS asked ON asked.trace_id = s.trace_id AND asked.span_id = s.span_id
		AND asked.start_time = s.start_time AND asked.kind = 'request'
	LEFT JOIN gaiops.span_payloads AS answered ON answered.trace_id = s.trace_id AND answered.span_id = s.span_id
		AND answered.start_time = s.start_time AND answered.kind = 'response';
COMMENT ON VIEW gaiops.span_contents IS
	'One row per span with what was said, as long as gaiops.payload_retention keeps it, '
	'and its OpenTelemetry attributes';
COMMENT ON COLUMN gaiops.span_contents.trace_id IS 'Trace the span belongs to';
COMMENT ON COLUMN gaiops.span_contents.span_id IS 'Span, 16 lower-case hexadecimal digits, unique in its trace';
COMMENT ON COLUMN gaiops.span_contents.parent_span_id IS 'Span that this one is part of; NULL for a root';
COMMENT ON COLUMN gaiops.span_contents.name IS 'What was done, such as "chat gpt-4.1-mini"';
COMMENT ON COLUMN gaiops.span_contents.span_type IS 'CHAT_MODEL, CHAIN, AGENT, TOOL, RETRIEVER, EMBEDDING and so on';
COMMENT ON COLUMN gaiops.span_contents.status IS 'OK, ERROR, UNKNOWN when the server died in mid-call, or IN_PROGRESS';
COMMENT ON COLUMN gaiops.span_contents.start_time IS
	'When the attempt or span began; a condition on it makes queries fast';
COMMENT ON COLUMN gaiops.span_contents.inputs IS
	'What the caller gave, before anything was added; for an application''s span its inputs';
COMMENT ON COLUMN gaiops.span_contents.outputs IS 'Outputs of an application''s span; NULL for a call';
COMMENT ON COLUMN gaiops.span_contents.answer IS
	'Text of the answer to a call; NULL if there is none or the answer was cut';
COMMENT ON COLUMN gaiops.span_contents.request IS 'Body of the request as sent';
COMMENT ON COLUMN gaiops.span_contents.response IS 'Body of the answer as received, keys masked';
COMMENT ON COLUMN gaiops.span_contents.response_bytes IS 'The same when it is no valid UTF-8 text';
COMMENT ON COLUMN gaiops.span_contents.request_length IS 'Bytes of the whole request if it was cut; NULL if it was not';
COMMENT ON COLUMN gaiops.span_contents.response_length IS 'Bytes of the whole answer if it was cut; NULL if it was not';
COMMENT ON COLUMN gaiops.span_contents.attributes IS
	'Attributes named as in the OpenTelemetry conventions for generative AI, with those that the application gave';
COMMENT ON COLUMN gaiops.span_contents.metadata IS 'Metadata that the caller gave';
COMMENT ON COLUMN gaiops.span_contents.events IS 'Events within the span';
