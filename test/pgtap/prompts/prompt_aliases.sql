-- Aliases of prompts: moving them, their history, taking moves back, and who may.
\set QUIET on
SET client_min_messages = warning;
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();

\ir ../../lib/raised.sql

-- The moves of an alias, one a line, the last one first.
CREATE FUNCTION pg_temp.moves(name text, alias text) RETURNS text[] LANGUAGE sql AS $$
	SELECT array_agg(format('%s to %s%s%s', coalesce(h.from_version::text, '-'), coalesce(h.to_version::text, '-'), ': ' || h.reason,
		CASE WHEN h.undoes IS NOT NULL THEN ' (undoes ' || (SELECT format('%s to %s', coalesce(u.from_version::text, '-'), coalesce(u.to_version::text, '-')) FROM gaiops.prompt_alias_history AS u WHERE u.id = h.undoes) || ')' END) ORDER BY h.id DESC)
	FROM gaiops.prompt_alias_history AS h WHERE h.name = moves.name AND h.alias = moves.alias
$$;

-- What the functions are.
SELECT is(p.oid::regprocedure::text || ' ' || p.prorettype::regtype, e.signature, e.signature)
FROM (VALUES
	('gaiops_set_prompt_alias(text,text,integer,text) text'),
	('gaiops_delete_prompt_alias(text,text,text) text'),
	('gaiops_rollback_prompt_alias(text,text,text) integer'),
	('gaiops_protect_prompt_alias(text,text,text[]) text')) AS e (signature)
LEFT JOIN pg_proc AS p ON p.proname = split_part(e.signature, '(', 1);
SELECT is(p.proargnames, e.names, p.proname || ' names its arguments')
FROM pg_proc AS p JOIN (VALUES
	('gaiops_set_prompt_alias', ARRAY['name', 'alias', 'version', 'reason']), ('gaiops_delete_prompt_alias', ARRAY['name', 'alias', 'reason']),
	('gaiops_rollback_prompt_alias', ARRAY['name', 'alias', 'reason']), ('gaiops_protect_prompt_alias', ARRAY['name', 'alias', 'roles'])) AS e (name, names) ON p.proname = e.name;

SELECT gaiops_register_prompt('Greet_Prompt', 'Version ' || v) FROM generate_series(1, 5) AS v \g /dev/null

-- Moving.
SELECT is(gaiops_set_prompt_alias('Greet_Prompt', 'production', 1), 'prompts:/Greet_Prompt@production', 'making an alias returns its URI');
SELECT is(gaiops_format_prompt('prompts:/Greet_Prompt@production'), 'Version 1', 'where it points to');
SELECT is(gaiops_set_prompt_alias('Greet_Prompt', 'production', 3, reason => 'better'), 'prompts:/Greet_Prompt@production', 'so does moving it');
SELECT is(gaiops_format_prompt('prompts:/Greet_Prompt@production'), 'Version 3', 'where it points to now');
SELECT gaiops_set_prompt_alias('Greet_Prompt', 'staging', 3, '') \g /dev/null
SELECT is((gaiops_load_prompt('prompts:/Greet_Prompt/3')).aliases, ARRAY['production', 'staging'], 'a version may have several');
SELECT is((SELECT aliases FROM gaiops.prompts WHERE name = 'Greet_Prompt'), '{"production": 3, "staging": 3}'::jsonb, 'the prompt has them all');
SELECT is(pg_temp.moves('Greet_Prompt', 'production'), ARRAY['1 to 3: better', '- to 1'], 'every move is kept: from, to, why');
SELECT is(pg_temp.moves('Greet_Prompt', 'staging'), ARRAY['- to 3'], 'an empty reason is none');
SELECT row_eq($$ SELECT DISTINCT moved_by, moved_at = now() FROM gaiops.prompt_alias_history $$, ROW(current_user, true), 'and who and when');
SELECT row_eq($$ SELECT updated_by, updated_at = now() FROM gaiops.prompt_aliases WHERE alias = 'production' $$, ROW(current_user, true), 'the latest of it beside the alias');
SELECT is(gaiops_set_prompt_alias('Greet_Prompt', 'production', 3, 'again'), 'prompts:/Greet_Prompt@production', 'where it points to already it is not moved');
SELECT is(pg_temp.moves('Greet_Prompt', 'production'), ARRAY['1 to 3: better', '- to 1'], 'and has no history of it');
SELECT is(gaiops_set_prompt_alias('Greet_Prompt', alias, 1), 'prompts:/Greet_Prompt@' || alias, 'alias ' || left(alias, 20))
FROM unnest(ARRAY['a', '-', '_', '1', 'V', 'v', 'v2a', 'vv2', 'latest_', 'Production', repeat('x', 255)]) AS alias;
SELECT is((gaiops_load_prompt('prompts:/Greet_Prompt@Production')).version, 1, 'upper and lower case differ');

-- What is refused.
SELECT is(pg_temp.raised(format('SELECT gaiops_set_prompt_alias(''Greet_Prompt'', %L, 1)', alias)), format(E'22023\ninvalid alias of a prompt: "%s"\nAn alias %s', alias, problem), 'alias ' || alias)
FROM (VALUES
	('', 'has 1 to 255 characters out of A-Z, a-z, 0-9, "_" and "-".'), ('a b', 'has 1 to 255 characters out of A-Z, a-z, 0-9, "_" and "-".'),
	('a.b', 'has 1 to 255 characters out of A-Z, a-z, 0-9, "_" and "-".'), ('ä', 'has 1 to 255 characters out of A-Z, a-z, 0-9, "_" and "-".'),
	('@a', 'has 1 to 255 characters out of A-Z, a-z, 0-9, "_" and "-".'),
	('latest', 'may have any name but "latest", which always means the latest version.'), ('Latest', 'may have any name but "latest", which always means the latest version.'),
	('v2', 'may have any name but "v" followed by digits alone; a version is addressed as prompts:/name/3.'), ('V10', 'may have any name but "v" followed by digits alone; a version is addressed as prompts:/name/3.')) AS v (alias, problem);
SELECT matches(pg_temp.raised(format('SELECT %s', call)), '^22023\ninvalid alias of a prompt: "latest"\n', call)
FROM unnest(ARRAY['gaiops_delete_prompt_alias(''Greet_Prompt'', ''latest'')', 'gaiops_rollback_prompt_alias(''Greet_Prompt'', ''latest'')', 'gaiops_protect_prompt_alias(''Greet_Prompt'', ''latest'', NULL)']) AS call;
SELECT matches(pg_temp.raised(format('SELECT %s', call)), '^22023\ninvalid name of a prompt: "a/b"\n', call)
FROM unnest(ARRAY['gaiops_set_prompt_alias(''a/b'', ''a'', 1)', 'gaiops_delete_prompt_alias(''a/b'', ''a'')', 'gaiops_rollback_prompt_alias(''a/b'', ''a'')', 'gaiops_protect_prompt_alias(''a/b'', ''a'', NULL)']) AS call;
SELECT is(pg_temp.raised(format('SELECT %s', call)), format(E'22004\nargument "%s" must not be null', argument), call)
FROM (VALUES
	('gaiops_set_prompt_alias(NULL, ''a'', 1)', 'name'), ('gaiops_set_prompt_alias(''Greet_Prompt'', NULL, 1)', 'alias'), ('gaiops_set_prompt_alias(''Greet_Prompt'', ''a'', NULL)', 'version'),
	('gaiops_delete_prompt_alias(NULL, ''a'')', 'name'), ('gaiops_delete_prompt_alias(''Greet_Prompt'', NULL)', 'alias'),
	('gaiops_rollback_prompt_alias(NULL, ''a'')', 'name'), ('gaiops_rollback_prompt_alias(''Greet_Prompt'', NULL)', 'alias'),
	('gaiops_protect_prompt_alias(NULL, ''a'', NULL)', 'name'), ('gaiops_protect_prompt_alias(''Greet_Prompt'', NULL, NULL)', 'alias')) AS v (call, argument);
SELECT is(pg_temp.raised(format('SELECT %s', call)), E'22023\nargument "reason" is too long\nIt has 10001 bytes; the limit is 10000.', call)
FROM unnest(ARRAY['gaiops_set_prompt_alias(''Greet_Prompt'', ''a'', 1, repeat(''x'', 10001))', 'gaiops_delete_prompt_alias(''Greet_Prompt'', ''a'', repeat(''x'', 10001))', 'gaiops_rollback_prompt_alias(''Greet_Prompt'', ''a'', repeat(''x'', 10001))']) AS call;
SELECT lives_ok($$ SELECT gaiops_set_prompt_alias('Greet_Prompt', 'a', 2, repeat('x', 10000)) $$, 'the longest reason');
SELECT gaiops_register_prompt('Deleted', 'x'), gaiops_register_prompt('Deleted', 'x'), gaiops_delete_prompt_version('Deleted', 1) \g /dev/null
SELECT is(pg_temp.raised(format('SELECT %s', call)), e, call)
FROM (VALUES
	('gaiops_set_prompt_alias(''Nobody'', ''a'', 1)', E'LM012\nprompt "Nobody" does not exist\nThere are prompts "Deleted", "Greet_Prompt".\nRegister it with gaiops_register_prompt().'),
	('gaiops_set_prompt_alias(''Deleted'', ''a'', 3)', E'LM012\nprompt "Deleted" has no version 3\nPrompt "Deleted" has version 2.'),
	('gaiops_set_prompt_alias(''Deleted'', ''a'', 1)', E'LM012\nprompt "Deleted" has no version 1\nPrompt "Deleted" has version 2.'),
	('gaiops_set_prompt_alias(''Deleted'', ''a'', 0)', E'LM012\nprompt "Deleted" has no version 0\nPrompt "Deleted" has version 2.'),
	('gaiops_delete_prompt_alias(''Deleted'', ''a'')', E'LM012\nprompt "Deleted" has no alias "a"\nPrompt "Deleted" has version 2.\nSet it with gaiops_set_prompt_alias().'),
	('gaiops_delete_prompt_alias(''Nobody'', ''a'')', E'LM012\nprompt "Nobody" does not exist\nThere are prompts "Deleted", "Greet_Prompt".\nRegister it with gaiops_register_prompt().'),
	('gaiops_rollback_prompt_alias(''Deleted'', ''a'')', E'LM012\nprompt "Deleted" has no alias "a"\nPrompt "Deleted" has version 2.\nSet it with gaiops_set_prompt_alias().'),
	('gaiops_protect_prompt_alias(''Nobody'', ''a'', NULL)', E'LM012\nprompt "Nobody" does not exist\nThere are prompts "Deleted", "Greet_Prompt".\nRegister it with gaiops_register_prompt().')) AS v (call, e);
SELECT is_empty($$ SELECT FROM gaiops.prompt_alias_history WHERE name IN ('Deleted', 'Nobody') $$, 'what was refused is no history');

-- Deleting.
SELECT is(gaiops_delete_prompt_alias('Greet_Prompt', 'staging', 'not needed'), 'prompts:/Greet_Prompt@staging', 'deleting an alias returns its URI');
SELECT matches(pg_temp.raised($$ SELECT gaiops_load_prompt('prompts:/Greet_Prompt@staging') $$), '^LM012\nprompt "Greet_Prompt" has no alias "staging"\n', 'it is not there');
SELECT is(pg_temp.moves('Greet_Prompt', 'staging'), ARRAY['3 to -: not needed', '- to 3'], 'its history is');
SELECT gaiops_set_prompt_alias('Greet_Prompt', 'staging', 2) \g /dev/null
SELECT is(pg_temp.moves('Greet_Prompt', 'staging'), ARRAY['- to 2', '3 to -: not needed', '- to 3'], 'and goes on when it is made again');

-- Taking moves back.
SELECT gaiops_set_prompt_alias('Greet_Prompt', 'back', v) FROM unnest(ARRAY[1, 2, 3]) AS v \g /dev/null
SELECT is(gaiops_rollback_prompt_alias('Greet_Prompt', 'back', 'rude'), 2, 'a rollback returns the version it goes back to');
SELECT is((gaiops_load_prompt('prompts:/Greet_Prompt@back')).version, 2, 'where it points to now');
SELECT is(pg_temp.moves('Greet_Prompt', 'back'), ARRAY['3 to 2: rude (undoes 2 to 3)', '2 to 3', '1 to 2', '- to 1'], 'it is a move of its own');
SELECT is(gaiops_rollback_prompt_alias('Greet_Prompt', 'back'), 1, 'called again it goes one further back');
SELECT is((pg_temp.moves('Greet_Prompt', 'back'))[1], '2 to 1 (undoes 1 to 2)', 'to before the move before that');
SELECT is(pg_temp.raised($$ SELECT gaiops_rollback_prompt_alias('Greet_Prompt', 'back') $$),
	E'55000\ncannot roll back alias "back" of prompt "Greet_Prompt"\nBefore its latest move that was not taken back it was not there. Its moves, the latest first: from 2 to 1 by rollback, from 3 to 2 by rollback, from 2 to 3, from 1 to 2, made at 1.\nMove it with gaiops_set_prompt_alias(), or delete it with gaiops_delete_prompt_alias().',
	'no further than where it was made');
SELECT gaiops_set_prompt_alias('Greet_Prompt', 'back', 4) \g /dev/null
SELECT is(gaiops_rollback_prompt_alias('Greet_Prompt', 'back'), 1, 'a move after a rollback is taken back first');
SELECT matches(pg_temp.raised($$ SELECT gaiops_rollback_prompt_alias('Greet_Prompt', 'back') $$), '^55000\n', 'and then there is nothing again');
SELECT gaiops_set_prompt_alias('Greet_Prompt', 'back', 5), gaiops_delete_prompt_alias('Greet_Prompt', 'back') \g /dev/null
SELECT is(gaiops_rollback_prompt_alias('Greet_Prompt', 'back', 'needed'), 5, 'a deletion is a move that can be taken back');
SELECT is((gaiops_load_prompt('prompts:/Greet_Prompt@back')).version, 5, 'the alias is there again');
SELECT is((pg_temp.moves('Greet_Prompt', 'back'))[1], '- to 5: needed (undoes 5 to -)', 'as the history says');
SELECT is(gaiops_rollback_prompt_alias('Greet_Prompt', 'back'), 1, 'and then the move before it');
SELECT matches(pg_temp.raised($$ SELECT gaiops_rollback_prompt_alias('Greet_Prompt', 'staging') $$),
	'\nBefore its latest move that was not taken back it was not there. Its moves, the latest first: made at 2, deleted from 3, made at 3.\n', 'an alias that was made anew goes back no further');
SELECT gaiops_set_prompt_alias('Greet_Prompt', 'lost', v) FROM unnest(ARRAY[1, 5, 2]) AS v \g /dev/null
SELECT gaiops_delete_prompt_version('Greet_Prompt', 5) \g /dev/null
SELECT is(pg_temp.raised($$ SELECT gaiops_rollback_prompt_alias('Greet_Prompt', 'lost') $$),
	E'55000\ncannot roll back alias "lost" of prompt "Greet_Prompt"\nIt would go back to version 5, which was deleted. Its moves, the latest first: from 5 to 2, from 1 to 5, made at 1.\nMove it with gaiops_set_prompt_alias(), or delete it with gaiops_delete_prompt_alias().', 'not to a version that was deleted');
SELECT gaiops_set_prompt_alias('Greet_Prompt', 'busy', 1 + v % 2) FROM generate_series(1, 12) AS v \g /dev/null
SELECT gaiops_rollback_prompt_alias('Greet_Prompt', 'busy') FROM generate_series(1, 11) \g /dev/null
SELECT is((SELECT count(*) FROM regexp_matches(pg_temp.raised($$ SELECT gaiops_rollback_prompt_alias('Greet_Prompt', 'busy') $$), 'by rollback', 'g')), 10::bigint, 'of a long history the last ten are told');
SELECT is((SELECT count(*) FROM gaiops.prompt_alias_history WHERE alias = 'busy'), 23::bigint, 'every move and every rollback is kept');
SELECT is((SELECT count(*) FROM (SELECT undoes FROM gaiops.prompt_alias_history WHERE undoes IS NOT NULL GROUP BY undoes HAVING count(*) > 1) AS t), 0::bigint, 'no move is taken back twice');

-- Prompts that follow an alias.
SELECT gaiops_register_prompt('Tone', t) FROM unnest(ARRAY['Kind.', 'Kinder.']) AS t \g /dev/null
SELECT gaiops_set_prompt_alias('Tone', 'production', 1) \g /dev/null
SELECT gaiops_register_prompt('Support', '{{> prompts:/Tone@production follow }} Support.') \g /dev/null
SELECT gaiops_register_prompt('Support', 'Support.') \g /dev/null
SELECT is(pg_temp.raised($$ SELECT gaiops_delete_prompt_alias('Tone', 'production') $$),
	E'2BP01\nalias "production" of prompt "Tone" is in use\nIt is followed by prompts:/Support/1.\nDelete these versions first, or move the alias instead.', 'an alias that a version follows is kept');
SELECT is((gaiops_load_prompt('prompts:/Tone@production')).version, 1, 'where it was');
SELECT gaiops_register_prompt('Tone', '[{"role": "user", "content": "x"}]'::jsonb) \g /dev/null
SELECT is(pg_temp.raised($$ SELECT gaiops_set_prompt_alias('Tone', 'production', 3) $$), E'LM013\nchat prompt "Tone" cannot be included\nIt is included by prompts:/Support/1.\nInclude text prompts only.', 'and is not moved to a chat prompt');
SELECT lives_ok($$ SELECT gaiops_set_prompt_alias('Tone', 'other', 3) $$, 'though others are');
SELECT gaiops_set_prompt_alias('Support', 'production', 2) \g /dev/null
SELECT is(gaiops_register_prompt('Tone', '{{> prompts:/Support@production follow }} Kindest.'), 4, 'a version that includes a follower of its alias is no circle yet');
SELECT is(gaiops_set_prompt_alias('Tone', 'production', 4), 'prompts:/Tone@production', 'nor when it is what is followed');
SELECT is(gaiops_format_prompt('prompts:/Support/1'), 'Support. Kindest. Support.', 'this is what it comes to');
SELECT is(pg_temp.raised($$ SELECT gaiops_set_prompt_alias('Support', 'production', 1) $$),
	E'LM013\nprompt "Support" would include itself\nprompts:/Support/1 includes prompts:/Tone/4 includes prompts:/Support/1.', 'but it cannot be closed');
SELECT is((gaiops_load_prompt('prompts:/Support@production')).version, 2, 'the alias is where it was');
SELECT gaiops_set_prompt_alias('Tone', 'production', 2), gaiops_set_prompt_alias('Support', 'production', 1) \g /dev/null
SELECT matches(pg_temp.raised($$ SELECT gaiops_rollback_prompt_alias('Tone', 'production') $$), '^LM013\nprompt "Tone" would include itself\n', 'not by a rollback either');
SELECT is((pg_temp.moves('Tone', 'production'))[1], '4 to 2', 'which is not in the history then');
SELECT is(gaiops_register_prompt('Self', 'x'), 1, 'a prompt');
SELECT gaiops_set_prompt_alias('Self', 'production', 1) \g /dev/null
SELECT is(gaiops_register_prompt('Self', '{{> prompts:/Self@production follow }}'), 2, 'that follows an alias of its own');
SELECT matches(pg_temp.raised($$ SELECT gaiops_set_prompt_alias('Self', 'production', 2) $$), '^LM013\nprompt "Self" would include itself\nprompts:/Self/2 includes prompts:/Self/2.', 'cannot have the alias itself');
SELECT gaiops_set_prompt_alias('Support', 'production', 2), gaiops_delete_prompt_version('Support', 1) \g /dev/null
SELECT is(gaiops_delete_prompt_alias('Tone', 'production'), 'prompts:/Tone@production', 'a deleted version follows nothing');
SELECT is(pg_temp.raised($$ SELECT gaiops_delete_prompt_alias('Support', 'production') $$), E'2BP01\nalias "production" of prompt "Support" is in use\nIt is followed by prompts:/Tone/4.\nDelete these versions first, or move the alias instead.', 'one that is not keeps it');

-- Rights and protection.
CREATE ROLE gaiops_test_viewer;
CREATE ROLE gaiops_test_user;
CREATE ROLE gaiops_test_admin;
CREATE ROLE gaiops_test_release;
CREATE ROLE "gaiops_test_Röle";
CREATE ROLE gaiops_test_releaser IN ROLE gaiops_test_release;
SELECT gaiops_grant('gaiops_test_viewer', 'viewer'), gaiops_grant('gaiops_test_user', 'user'), gaiops_grant('gaiops_test_releaser', 'user'), gaiops_grant('gaiops_test_admin', 'admin') \g /dev/null
CREATE FUNCTION pg_temp.as_owner(version integer) RETURNS text LANGUAGE sql SECURITY DEFINER AS $$ SELECT gaiops_set_prompt_alias('Greet_Prompt', 'production', version) $$;
SET ROLE gaiops_test_viewer;
SELECT matches(pg_temp.raised(format('SELECT %s', call)), '^42501\npermission denied for function gaiops_', 'a viewer: ' || call)
FROM unnest(ARRAY['gaiops_set_prompt_alias(''Greet_Prompt'', ''a'', 1)', 'gaiops_delete_prompt_alias(''Greet_Prompt'', ''a'')', 'gaiops_rollback_prompt_alias(''Greet_Prompt'', ''a'')', 'gaiops_protect_prompt_alias(''Greet_Prompt'', ''a'', NULL)']) AS call;
SET ROLE gaiops_test_user;
SELECT is(gaiops_set_prompt_alias('Greet_Prompt', 'users', 1), 'prompts:/Greet_Prompt@users', 'a user moves aliases');
SELECT is(gaiops_set_prompt_alias('Greet_Prompt', 'users', 2), 'prompts:/Greet_Prompt@users', 'and again');
SELECT is(gaiops_rollback_prompt_alias('Greet_Prompt', 'users'), 1, 'and takes that back');
SELECT is(gaiops_delete_prompt_alias('Greet_Prompt', 'users'), 'prompts:/Greet_Prompt@users', 'and deletes them');
SELECT is((SELECT array_agg(DISTINCT moved_by) FROM gaiops.prompt_alias_history WHERE alias = 'users'), ARRAY['gaiops_test_user'::name], 'who it was is on record');
SELECT matches(pg_temp.raised($$ SELECT gaiops_protect_prompt_alias('Greet_Prompt', 'production', ARRAY['gaiops_test_user']) $$), '^42501\npermission denied for function gaiops_protect_prompt_alias', 'but does not protect them');
RESET ROLE;
SELECT is(pg_temp.raised(format('SELECT gaiops_protect_prompt_alias(''Greet_Prompt'', ''production'', %s)', roles)), E'22023\nargument "roles" must name 1 to 100 different roles\nGive NULL to let everybody who may move aliases move this one.', 'roles ' || roles)
FROM unnest(ARRAY['''{}''', 'ARRAY[NULL]', 'ARRAY[''gaiops_test_user'', NULL]', 'ARRAY[''gaiops_test_user'', ''gaiops_test_user'']', '(SELECT array_agg(''r'' || i) FROM generate_series(1, 101) AS i)', 'ARRAY[[''gaiops_test_user'', ''gaiops_test_admin'']]']) AS roles;
SELECT is(pg_temp.raised(format('SELECT gaiops_protect_prompt_alias(''Greet_Prompt'', ''production'', %L)', roles)), format(E'42704\nrole "%s" does not exist\nGive names of roles as they are in pg_roles, without quotes.', unknown), 'roles ' || roles)
FROM (VALUES ('{gaiops_test_user,nobody1,nobody2}', 'nobody1'), ('{public}', 'public'), ('{GAIOPS_TEST_USER}', 'GAIOPS_TEST_USER'), ('{""}', '')) AS v (roles, unknown);
SELECT is_empty('SELECT FROM gaiops.protected_prompt_aliases', 'nothing that was refused is stored');
SET ROLE gaiops_test_admin;
SELECT is(gaiops_protect_prompt_alias('Greet_Prompt', 'production', ARRAY['gaiops_test_release', 'gaiops_test_Röle']), 'prompts:/Greet_Prompt@production', 'protecting returns the URI');
SELECT is(gaiops_protect_prompt_alias('Greet_Prompt', 'future', ARRAY['gaiops_test_release']), 'prompts:/Greet_Prompt@future', 'the alias need not be there yet');
RESET ROLE;
SELECT row_eq($$ SELECT roles, protected_by, protected_at = now() FROM gaiops.protected_prompt_aliases WHERE alias = 'production' $$, ROW(ARRAY['gaiops_test_release', 'gaiops_test_Röle'], 'gaiops_test_admin'::name, true), 'who did it and when is kept');
SELECT is(pg_temp.moves('Greet_Prompt', 'production'), ARRAY['1 to 3: better', '- to 1'], 'it is no move');
SET ROLE gaiops_test_user;
SELECT is(pg_temp.raised(format('SELECT %s', call)),
	E'42501\npermission denied to move alias "production" of prompt "Greet_Prompt"\nOnly members of "gaiops_test_release", "gaiops_test_Röle" may move it.\nAsk one of them, or a role that may call gaiops_protect_prompt_alias().', call)
FROM unnest(ARRAY['gaiops_set_prompt_alias(''Greet_Prompt'', ''production'', 2)', 'gaiops_set_prompt_alias(''Greet_Prompt'', ''production'', 3)', 'gaiops_delete_prompt_alias(''Greet_Prompt'', ''production'')',
	'gaiops_rollback_prompt_alias(''Greet_Prompt'', ''production'')']) AS call;
SELECT matches(pg_temp.raised($$ SELECT gaiops_set_prompt_alias('Greet_Prompt', 'future', 1) $$), '^42501\n', 'nor may it be made by others');
SELECT lives_ok($$ SELECT gaiops_set_prompt_alias('Greet_Prompt', 'staging', 1) $$, 'another alias may be moved');
SELECT is(pg_temp.as_owner(3), 'prompts:/Greet_Prompt@production', 'a function of somebody who may move it does, whoever calls it');
SET ROLE gaiops_test_admin;
SELECT matches(pg_temp.raised($$ SELECT gaiops_set_prompt_alias('Greet_Prompt', 'production', 2) $$), '^42501\n', 'not even an admin moves it');
SET ROLE gaiops_test_releaser;
SELECT is(gaiops_set_prompt_alias('Greet_Prompt', 'production', 2), 'prompts:/Greet_Prompt@production', 'a member of one of the roles does');
SELECT is(gaiops_rollback_prompt_alias('Greet_Prompt', 'production'), 3, 'and takes it back');
SELECT is(gaiops_set_prompt_alias('Greet_Prompt', 'future', 1), 'prompts:/Greet_Prompt@future', 'and makes one');
SELECT is(gaiops_delete_prompt_alias('Greet_Prompt', 'future'), 'prompts:/Greet_Prompt@future', 'and deletes it');
RESET ROLE;
SELECT is(gaiops_set_prompt_alias('Greet_Prompt', 'production', 2), 'prompts:/Greet_Prompt@production', 'a superuser is a member of every role');
REVOKE gaiops_test_release FROM gaiops_test_releaser;
SET ROLE gaiops_test_releaser;
SELECT matches(pg_temp.raised($$ SELECT gaiops_set_prompt_alias('Greet_Prompt', 'production', 1) $$), '^42501\n', 'who is no member any more does not');
RESET ROLE;
-- A member that can neither become the role nor has what it has, as who made it without being a superuser.
SELECT :SERVER_VERSION_NUM >= 160000 AS grants_have_options \gset
\if :grants_have_options
GRANT gaiops_test_release TO gaiops_test_releaser WITH INHERIT FALSE, SET FALSE;
SET ROLE gaiops_test_releaser;
SELECT matches(pg_temp.raised($$ SELECT gaiops_set_prompt_alias('Greet_Prompt', 'production', 1) $$), '^42501\n', 'nor who is a member in name only');
RESET ROLE;
GRANT gaiops_test_release TO gaiops_test_releaser WITH SET TRUE;
SET ROLE gaiops_test_releaser;
SELECT is(gaiops_set_prompt_alias('Greet_Prompt', 'production', 2), 'prompts:/Greet_Prompt@production', 'who can become one does');
RESET ROLE;
\endif
DROP ROLE gaiops_test_release;
SET ROLE gaiops_test_releaser;
SELECT matches(pg_temp.raised($$ SELECT gaiops_set_prompt_alias('Greet_Prompt', 'production', 1) $$), '\nOnly members of "gaiops_test_release", "gaiops_test_Röle" may move it', 'a role that was dropped lets nobody in');
RESET ROLE;
SELECT gaiops_protect_prompt_alias('Greet_Prompt', 'production', ARRAY['gaiops_test_Röle']) \g /dev/null
SAVEPOINT nobody_left;
DROP ROLE "gaiops_test_Röle";
SELECT is(gaiops_set_prompt_alias('Greet_Prompt', 'production', 3), 'prompts:/Greet_Prompt@production', 'but a superuser, whoever else is left');
ROLLBACK TO nobody_left;
SET ROLE gaiops_test_admin;
SELECT is(gaiops_protect_prompt_alias('Greet_Prompt', 'production', ARRAY['gaiops_test_user']), 'prompts:/Greet_Prompt@production', 'other roles take the place of those before');
SET ROLE gaiops_test_user;
SELECT is(gaiops_set_prompt_alias('Greet_Prompt', 'production', 1), 'prompts:/Greet_Prompt@production', 'a role that is named itself');
SET ROLE gaiops_test_admin;
SELECT is(gaiops_protect_prompt_alias('Greet_Prompt', alias, NULL), 'prompts:/Greet_Prompt@' || alias, 'protection of ' || alias || ' is lifted') FROM unnest(ARRAY['production', 'future', 'never_was']) AS alias;
SET ROLE gaiops_test_releaser;
SELECT lives_ok($$ SELECT gaiops_set_prompt_alias('Greet_Prompt', 'production', 2), gaiops_delete_prompt_alias('Greet_Prompt', 'production') $$, 'everybody may again');
RESET ROLE;
SELECT is_empty('SELECT FROM gaiops.protected_prompt_aliases', 'nothing is protected');
SELECT gaiops_register_prompt('Again', 'x'), gaiops_protect_prompt_alias('Again', 'production', ARRAY['gaiops_test_user']), gaiops_delete_prompt('Again'), gaiops_register_prompt('Again', 'x') \g /dev/null
SET ROLE gaiops_test_releaser;
SELECT matches(pg_temp.raised($$ SELECT gaiops_set_prompt_alias('Again', 'production', 2) $$), '^42501\n', 'protection outlives the deletion of the prompt');
RESET ROLE;

-- Read-only transactions.
SET TRANSACTION READ ONLY;
SELECT is((gaiops_load_prompt('prompts:/Greet_Prompt@staging')).version, 1, 'aliases can be read');
SELECT is(pg_temp.raised(format('SELECT %s', call)), format(E'25006\ncannot execute %s() in a read-only transaction', split_part(call, '(', 1)), call)
FROM unnest(ARRAY['gaiops_set_prompt_alias(''Greet_Prompt'', ''staging'', 2)', 'gaiops_delete_prompt_alias(''Greet_Prompt'', ''staging'')', 'gaiops_rollback_prompt_alias(''Greet_Prompt'', ''staging'')', 'gaiops_protect_prompt_alias(''Greet_Prompt'', ''staging'', NULL)']) AS call;

SELECT * FROM finish();
ROLLBACK;
