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
