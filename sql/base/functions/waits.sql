-- What sessions wait for.

CREATE OR REPLACE FUNCTION gaiops.awaited(pid integer)
RETURNS text
LANGUAGE C VOLATILE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'gaiops_awaited';
COMMENT ON FUNCTION gaiops.awaited(integer) IS
	'Takes a server process; returns what it waits for now, such as GaiopsCall, or NULL if for nothing of ours';
