-- What belongs to which right.  Every function, table, view and type of the
-- extension is listed by its room, in sql/ROOM/rights.list, a line each: right, kind
-- and name, which for a function has () behind it, lest this text read like a call of
-- what takes a key, and be hidden in the log.  "none" is for those that only the owner
-- and the functions of the extension use.  make puts all the lists behind the line that
-- begins with #.
CREATE OR REPLACE FUNCTION gaiops.rights(OUT kind text, OUT object text, OUT "right" text)
RETURNS SETOF record
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT listed.columns[2], listed.columns[3], listed.columns[1]
	FROM regexp_matches('
# right, kind, object
', '^([a-z]+) +([a-z]+) +([a-z0-9_.]+)(?:[(][)])?$', 'gn') AS listed (columns)
$$;
COMMENT ON FUNCTION gaiops.rights() IS
	'Returns the right that each object of the extension belongs to: viewer, user, proxy, admin or none';
