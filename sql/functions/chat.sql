-- Calling a model.

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_chat(
	model text, message text DEFAULT NULL, prompt text DEFAULT NULL, variables jsonb DEFAULT NULL,
	system text DEFAULT NULL, params jsonb DEFAULT NULL, session_id text DEFAULT NULL, user_id text DEFAULT NULL,
	tags jsonb DEFAULT NULL, metadata jsonb DEFAULT NULL, timeout interval DEFAULT NULL, on_error text DEFAULT 'raise')
RETURNS text LANGUAGE c VOLATILE PARALLEL UNSAFE COST 10000 AS 'MODULE_PATHNAME', 'gaiops_chat_message';
COMMENT ON FUNCTION pg_catalog.gaiops_chat(text, text, text, jsonb, text, jsonb, text, text, jsonb, jsonb, interval, text) IS
'Sends a message to an endpoint and returns the text of the answer; the call is on record when this returns';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_chat(
	model text, messages jsonb, prompt text DEFAULT NULL, variables jsonb DEFAULT NULL,
	system text DEFAULT NULL, params jsonb DEFAULT NULL, session_id text DEFAULT NULL, user_id text DEFAULT NULL,
	tags jsonb DEFAULT NULL, metadata jsonb DEFAULT NULL, timeout interval DEFAULT NULL, on_error text DEFAULT 'raise')
RETURNS text LANGUAGE c VOLATILE PARALLEL UNSAFE COST 10000 AS 'MODULE_PATHNAME', 'gaiops_chat_messages';
COMMENT ON FUNCTION pg_catalog.gaiops_chat(text, jsonb, text, jsonb, text, jsonb, text, text, jsonb, jsonb, interval, text) IS
'Sends a JSON array of messages to an endpoint and returns the text of the answer; the call is on record when this returns';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_chat_completion(request jsonb)
RETURNS jsonb LANGUAGE c VOLATILE PARALLEL UNSAFE COST 10000 AS 'MODULE_PATHNAME', 'gaiops_chat_completion';
COMMENT ON FUNCTION pg_catalog.gaiops_chat_completion(jsonb) IS
'Sends an OpenAI chat-completions request, whose model is an endpoint, and returns the response with trace_id, span_id and cost under the key "gaiops"';
