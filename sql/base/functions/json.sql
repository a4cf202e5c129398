-- Reading JSON that may be none.

CREATE OR REPLACE FUNCTION gaiops.read_json(body text)
RETURNS jsonb
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'gaiops_read_json';
COMMENT ON FUNCTION gaiops.read_json(text) IS 'Takes a text; returns it as jsonb, or NULL if it is none, for instance because it was cut';
