-- JSON as text: reading what may be none, and comparing.

CREATE OR REPLACE FUNCTION gaiops.read_json(body text)
RETURNS jsonb
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'gaiops_read_json';
COMMENT ON FUNCTION gaiops.read_json(text) IS
	'Takes a text; returns it as jsonb, or NULL if it is none, for instance because it was cut';

CREATE OR REPLACE FUNCTION gaiops.is_written_alike(one json, other json)
RETURNS boolean
LANGUAGE C IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'gaiops_is_written_alike';
COMMENT ON FUNCTION gaiops.is_written_alike(json, json) IS
	'Takes two JSON values, NULL for none; returns whether members are in the same order '
	'and numbers are spelled the same, whatever the white space';
