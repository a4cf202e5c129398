-- Locks on things that have a name, and no row to lock.

CREATE OR REPLACE FUNCTION gaiops.lock_registry(key text)
RETURNS void LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_lock_registry';
COMMENT ON FUNCTION gaiops.lock_registry(text) IS
	'Takes a key, has others that give the same one wait until the transaction ends, and returns nothing';
