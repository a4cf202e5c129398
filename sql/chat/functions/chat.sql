-- Calling a model.

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_chat(
	model text, message text DEFAULT NULL, prompt text DEFAULT NULL, variables gaiops.ordered_json DEFAULT NULL,
	system text DEFAULT NULL, params gaiops.ordered_json DEFAULT NULL, session_id text DEFAULT NULL,
	user_id text DEFAULT NULL, tags gaiops.ordered_json DEFAULT NULL, metadata gaiops.ordered_json DEFAULT NULL,
	timeout interval DEFAULT NULL, on_error text DEFAULT 'raise')
RETURNS text LANGUAGE c VOLATILE PARALLEL UNSAFE COST 10000 AS 'MODULE_PATHNAME', 'gaiops_chat_about_message';
COMMENT ON FUNCTION pg_catalog.gaiops_chat(
	text, text, text, gaiops.ordered_json, text, gaiops.ordered_json, text, text, gaiops.ordered_json,
	gaiops.ordered_json, interval, text) IS
	'Sends a message to an endpoint and returns the text of the answer; the call is on record when this returns';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_chat(
	model text, messages gaiops.ordered_json, prompt text DEFAULT NULL, variables gaiops.ordered_json DEFAULT NULL,
	system text DEFAULT NULL, params gaiops.ordered_json DEFAULT NULL, session_id text DEFAULT NULL,
	user_id text DEFAULT NULL, tags gaiops.ordered_json DEFAULT NULL, metadata gaiops.ordered_json DEFAULT NULL,
	timeout interval DEFAULT NULL, on_error text DEFAULT 'raise')
RETURNS text LANGUAGE c VOLATILE PARALLEL UNSAFE COST 10000 AS 'MODULE_PATHNAME', 'gaiops_chat_about_messages';
COMMENT ON FUNCTION pg_catalog.gaiops_chat(
	text, gaiops.ordered_json, text, gaiops.ordered_json, text, gaiops.ordered_json, text, text, gaiops.ordered_json,
	gaiops.ordered_json, interval, text) IS
	'Sends a JSON array of messages to an endpoint and returns the text of the answer; '
	'the call is on record when this returns';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_chat_completion(request gaiops.ordered_json)
RETURNS jsonb LANGUAGE c VOLATILE PARALLEL UNSAFE COST 10000 AS 'MODULE_PATHNAME', 'gaiops_chat_request';
COMMENT ON FUNCTION pg_catalog.gaiops_chat_completion(gaiops.ordered_json) IS
	'Sends an OpenAI chat-completions request, whose model is an endpoint, and returns the response with trace_id, '
	'span_id and cost under the key "gaiops"';

CREATE OR REPLACE FUNCTION gaiops.chat_row_support(request internal)
RETURNS internal LANGUAGE c STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_chat_row_support';
COMMENT ON FUNCTION gaiops.chat_row_support(internal) IS
	'Takes what the planner asks of a call of gaiops_chat_row; raises if the query would make it once for each column';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_chat_row(
	model text, message text DEFAULT NULL, prompt text DEFAULT NULL, variables gaiops.ordered_json DEFAULT NULL,
	system text DEFAULT NULL, params gaiops.ordered_json DEFAULT NULL, session_id text DEFAULT NULL,
	user_id text DEFAULT NULL, tags gaiops.ordered_json DEFAULT NULL, metadata gaiops.ordered_json DEFAULT NULL,
	timeout interval DEFAULT NULL, on_error text DEFAULT 'raise',
	OUT answer text, OUT trace_id uuid, OUT span_id text, OUT model text, OUT input_tokens bigint,
	OUT output_tokens bigint, OUT cached_input_tokens bigint, OUT cache_write_tokens bigint,
	OUT reasoning_tokens bigint, OUT cost numeric, OUT attempts integer, OUT latency_ms double precision,
	OUT finish_reason text, OUT error_class text, OUT error_message text)
LANGUAGE c VOLATILE PARALLEL UNSAFE COST 10000 SUPPORT gaiops.chat_row_support
AS 'MODULE_PATHNAME', 'gaiops_chat_row_about_message';
COMMENT ON FUNCTION pg_catalog.gaiops_chat_row(
	text, text, text, gaiops.ordered_json, text, gaiops.ordered_json, text, text, gaiops.ordered_json,
	gaiops.ordered_json, interval, text) IS
	'Sends a message to an endpoint and returns a row: the text of the answer, and what is recorded of the call; '
	'call it in FROM';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_chat_row(
	model text, messages gaiops.ordered_json, prompt text DEFAULT NULL, variables gaiops.ordered_json DEFAULT NULL,
	system text DEFAULT NULL, params gaiops.ordered_json DEFAULT NULL, session_id text DEFAULT NULL,
	user_id text DEFAULT NULL, tags gaiops.ordered_json DEFAULT NULL, metadata gaiops.ordered_json DEFAULT NULL,
	timeout interval DEFAULT NULL, on_error text DEFAULT 'raise',
	OUT answer text, OUT trace_id uuid, OUT span_id text, OUT model text, OUT input_tokens bigint,
	OUT output_tokens bigint, OUT cached_input_tokens bigint, OUT cache_write_tokens bigint,
	OUT reasoning_tokens bigint, OUT cost numeric, OUT attempts integer, OUT latency_ms double precision,
	OUT finish_reason text, OUT error_class text, OUT error_message text)
LANGUAGE c VOLATILE PARALLEL UNSAFE COST 10000 SUPPORT gaiops.chat_row_support
AS 'MODULE_PATHNAME', 'gaiops_chat_row_about_messages';
COMMENT ON FUNCTION pg_catalog.gaiops_chat_row(
	text, gaiops.ordered_json, text, gaiops.ordered_json, text, gaiops.ordered_json, text, text, gaiops.ordered_json,
	gaiops.ordered_json, interval, text) IS
	'Sends a JSON array of messages to an endpoint and returns a row: the text of the answer, and what is recorded '
	'of the call; call it in FROM';
