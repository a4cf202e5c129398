-- What is judged may be a text or JSON, and one function takes both.  Literals that are
-- an object or an array are JSON, all others text.
CREATE TYPE gaiops.text_or_json;

CREATE FUNCTION gaiops.text_or_json_in(written cstring)
RETURNS gaiops.text_or_json LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'gaiops_text_or_json_in';
COMMENT ON FUNCTION gaiops.text_or_json_in(cstring) IS
	'Input function of gaiops.text_or_json: takes an object or array of JSON and returns it as it is; '
	'anything else is a text, and returned as a string of JSON';

CREATE FUNCTION gaiops.text_or_json_out(value gaiops.text_or_json)
RETURNS cstring LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'gaiops_ordered_json_out';
COMMENT ON FUNCTION gaiops.text_or_json_out(gaiops.text_or_json) IS
	'Output function of gaiops.text_or_json: returns it as JSON';

CREATE FUNCTION gaiops.text_or_json_recv(message internal)
RETURNS gaiops.text_or_json LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'gaiops_text_or_json_recv';
COMMENT ON FUNCTION gaiops.text_or_json_recv(internal) IS
	'Binary input function of gaiops.text_or_json: takes text and returns what the input function does';

CREATE FUNCTION gaiops.text_or_json_send(value gaiops.text_or_json)
RETURNS bytea LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'gaiops_ordered_json_send';
COMMENT ON FUNCTION gaiops.text_or_json_send(gaiops.text_or_json) IS
	'Binary output function of gaiops.text_or_json: returns it as JSON';

CREATE TYPE gaiops.text_or_json (
	INPUT = gaiops.text_or_json_in,
	OUTPUT = gaiops.text_or_json_out,
	RECEIVE = gaiops.text_or_json_recv,
	SEND = gaiops.text_or_json_send,
	LIKE = json
);
COMMENT ON TYPE gaiops.text_or_json IS 'A text, or JSON as it was written';

CREATE FUNCTION gaiops.text_or_json(value text)
RETURNS gaiops.text_or_json LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'gaiops_text_or_json_from_text';
COMMENT ON FUNCTION gaiops.text_or_json(text) IS 'Takes a text and returns it as a string of JSON, whatever it says';

CREATE FUNCTION gaiops.text_or_json(value jsonb)
RETURNS gaiops.text_or_json LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'gaiops_ordered_json_from_jsonb';
COMMENT ON FUNCTION gaiops.text_or_json(jsonb) IS 'Takes jsonb and returns it with the order it has there';

CREATE CAST (text AS gaiops.text_or_json) WITH FUNCTION gaiops.text_or_json(text) AS IMPLICIT;
COMMENT ON CAST (text AS gaiops.text_or_json) IS 'So that a text can be given';
CREATE CAST (varchar AS gaiops.text_or_json) WITH FUNCTION gaiops.text_or_json(text) AS IMPLICIT;
COMMENT ON CAST (varchar AS gaiops.text_or_json) IS 'So that a varchar can be given';
CREATE CAST (jsonb AS gaiops.text_or_json) WITH FUNCTION gaiops.text_or_json(jsonb) AS IMPLICIT;
COMMENT ON CAST (jsonb AS gaiops.text_or_json) IS 'So that jsonb can be given';
CREATE CAST (json AS gaiops.text_or_json) WITHOUT FUNCTION AS IMPLICIT;
COMMENT ON CAST (json AS gaiops.text_or_json) IS 'So that json can be given, and keeps its order';
CREATE CAST (gaiops.ordered_json AS gaiops.text_or_json) WITHOUT FUNCTION AS IMPLICIT;
COMMENT ON CAST (gaiops.ordered_json AS gaiops.text_or_json) IS 'So that what functions take as JSON can be given on';
