-- Locks on versions of prompts.
--
-- Whatever makes a version used (an alias, another version's include, a tag)
-- locks its row in gaiops.prompt_contents FOR KEY SHARE; whoever deletes it locks
-- the row FOR UPDATE and then looks for users.  Both look again with the latest
-- snapshot once they have the lock, since a snapshot of REPEATABLE READ shows
-- nothing of what was committed while they waited.

CREATE OR REPLACE FUNCTION gaiops.lock_prompt_version(prompt text, number integer, to_delete boolean DEFAULT false)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	is_seen boolean;
BEGIN
	IF to_delete THEN
		PERFORM FROM gaiops.prompt_contents AS c WHERE c.name = prompt AND c.version = number FOR UPDATE;
	ELSE
		PERFORM FROM gaiops.prompt_contents AS c WHERE c.name = prompt AND c.version = number FOR KEY SHARE;
	END IF;
	is_seen := FOUND;
	IF number < 1 THEN
		PERFORM gaiops.raise_unknown_prompt(prompt, number);
	END IF;
	-- Raises unless it is there and not deleted, as of now.
	PERFORM pg_catalog.gaiops_load_prompt(format('prompts:/%s/%s', prompt, number));
	IF NOT is_seen THEN
		RAISE EXCEPTION USING
			ERRCODE = 'serialization_failure',
			MESSAGE = format('could not lock version %s of prompt "%s"', number, prompt),
			DETAIL = 'It was registered after the snapshot of this transaction was taken.',
			HINT = 'Run the transaction again.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.lock_prompt_version(text, integer, boolean) IS
	'Takes a version of a prompt, keeps it from being deleted, or used if it is to be deleted, '
	'until the transaction ends, and returns nothing; raises unless it exists';

CREATE OR REPLACE FUNCTION gaiops.lock_given_version(prompt text, number integer, to_delete boolean DEFAULT false)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_prompt_name(prompt);
	PERFORM gaiops.check_given('version', number);
	PERFORM gaiops.lock_prompt_version(prompt, number, to_delete);
END
$$;
COMMENT ON FUNCTION gaiops.lock_given_version(text, integer, boolean) IS
	'Takes a version of a prompt as a caller gave it and does as gaiops.lock_prompt_version(); '
	'returns nothing and raises unless it exists';

CREATE OR REPLACE FUNCTION gaiops.lock_prompt(prompt text)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	latest gaiops.prompt_versions;
BEGIN
	PERFORM gaiops.check_prompt_name(prompt);
	latest := pg_catalog.gaiops_load_prompt('prompts:/' || prompt);
	PERFORM gaiops.lock_prompt_version(prompt, latest.version);
END
$$;
COMMENT ON FUNCTION gaiops.lock_prompt(text) IS
	'Takes the name of a prompt, keeps it from being deleted until the transaction ends, '
	'and returns nothing; raises unless it exists';
