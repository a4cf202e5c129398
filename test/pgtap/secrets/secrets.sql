-- The contract of gaiops_create_secret() and its kin: rights, names, values.
BEGIN;
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;

SELECT plan(63);

-- What there is.
SELECT has_table('gaiops_private', 'secrets', 'there is a table of secrets');
SELECT col_is_pk('gaiops_private', 'secrets', 'name', 'the name is the key');
SELECT function_returns('pg_catalog', 'gaiops_create_secret', ARRAY['text', 'text'], 'text');
SELECT function_returns('pg_catalog', 'gaiops_create_secret_from_file', ARRAY['text', 'text'], 'text');
SELECT function_returns('pg_catalog', 'gaiops_alter_secret', ARRAY['text', 'text'], 'text');
SELECT function_returns('pg_catalog', 'gaiops_alter_secret_from_file', ARRAY['text', 'text'], 'text');
SELECT function_returns('pg_catalog', 'gaiops_drop_secret', ARRAY['text'], 'void');
SELECT function_returns('pg_catalog', 'gaiops_rotate_master_key', ARRAY[]::text[], 'text');
SELECT is_definer('pg_catalog', 'gaiops_list_secrets', ARRAY[]::text[]);
SELECT is_empty($$
	SELECT p.proname FROM pg_proc AS p
	WHERE p.proname ~ '^gaiops_.*(secret|master_key)'
	AND (obj_description(p.oid, 'pg_proc') IS NULL OR p.proisstrict OR p.provolatile = 'i')$$,
	'every function is described, looks at NULLs itself and is not immutable');
SELECT is_empty($$
	SELECT a.attname FROM pg_attribute AS a
	WHERE a.attrelid = 'gaiops_private.secrets'::regclass AND a.attnum > 0
	AND col_description(a.attrelid, a.attnum) IS NULL$$,
	'every column is described');
SELECT ok('gaiops_private.secrets'::regclass = ANY (e.extconfig), 'secrets are dumped')
FROM pg_extension AS e WHERE e.extname = 'genaiops';

-- Nobody else sees the table.
CREATE ROLE gaiops_test_nobody;
SELECT table_privs_are('gaiops_private', 'secrets', 'gaiops_test_nobody', ARRAY[]::text[]);

-- Not even with a careless grant.
CREATE ROLE gaiops_test_careless;
GRANT USAGE ON SCHEMA gaiops, gaiops_private TO gaiops_test_careless;
GRANT ALL ON ALL TABLES IN SCHEMA gaiops, gaiops_private TO gaiops_test_careless;
SELECT gaiops_grant('gaiops_test_careless', 'admin') \g /dev/null
SELECT gaiops_create_secret('careless', 'sk-careless') \g /dev/null
SELECT isnt_empty('SELECT FROM gaiops_private.secrets', 'the owner sees secrets');
GRANT ALL ON gaiops_private.secrets TO gaiops_test_careless;
SET ROLE gaiops_test_careless;
SELECT is_empty('SELECT FROM gaiops_private.secrets', 'a role that was granted the table sees no secret');
SELECT throws_ok($$INSERT INTO gaiops_private.secrets (name, kind, reference, created_by) VALUES ('test.env', 'env', 'PATH', 'x')$$, '42501', NULL, 'and stores none');
SELECT isnt_empty('SELECT FROM gaiops_list_secrets()', 'but lists them by right');
RESET ROLE;

-- A secret from beginning to end.
SELECT is(gaiops_create_secret('test.key_1-A', 'sk-first'), 'test.key_1-A', 'creating returns the name');
SELECT is(kind, 'sealed', 'a value is sealed') FROM gaiops_private.secrets WHERE name = 'test.key_1-A';
SELECT matches(key_id, '^[0-9a-f]{16}$', 'under a key of the ring') FROM gaiops_private.secrets WHERE name = 'test.key_1-A';
SELECT is(octet_length(sealed), 41 + octet_length('sk-first'), 'the box has a version, a nonce and a tag')
FROM gaiops_private.secrets WHERE name = 'test.key_1-A';
SELECT ok(position('sk-first'::bytea IN sealed) = 0, 'the value is not in the box') FROM gaiops_private.secrets WHERE name = 'test.key_1-A';
SELECT is(created_by, current_user::name, 'the creator is on record') FROM gaiops_private.secrets WHERE name = 'test.key_1-A';
SELECT throws_ok($$SELECT gaiops_create_secret('test.key_1-A', 'sk-other')$$,
	'42710', 'secret "test.key_1-A" already exists');
CREATE TEMP TABLE before AS SELECT * FROM gaiops_private.secrets;
SELECT is(gaiops_alter_secret('test.key_1-A', 'sk-first'), 'test.key_1-A', 'altering returns the name');
SELECT isnt(s.sealed, b.sealed, 'the same value never makes the same box')
FROM gaiops_private.secrets AS s JOIN before AS b USING (name) WHERE s.name = 'test.key_1-A';
SELECT results_eq($$SELECT name, kind, reference FROM gaiops_list_secrets() WHERE name ~ '^test'$$,
	$$VALUES ('test.key_1-A', 'sealed', NULL::text)$$, 'the list shows it');
SELECT isnt(gaiops_rotate_master_key(), b.key_id, 'rotation makes another key') FROM before AS b WHERE b.name = 'test.key_1-A';
SELECT isnt(s.key_id, b.key_id, 'and seals anew under it')
FROM gaiops_private.secrets AS s JOIN before AS b USING (name) WHERE s.name = 'test.key_1-A';
SELECT lives_ok($$SELECT gaiops_drop_secret('test.key_1-A')$$, 'it can be dropped');
SELECT throws_ok($$SELECT gaiops_drop_secret('test.key_1-A')$$,
	'42704', 'secret "test.key_1-A" does not exist');
SELECT throws_ok($$SELECT gaiops_alter_secret('test.key_1-A', 'x')$$,
	'42704', 'secret "test.key_1-A" does not exist');
SELECT throws_ok($$SELECT gaiops_alter_secret_from_file('test.key_1-A', 'PG_VERSION')$$,
	'42704', 'secret "test.key_1-A" does not exist');

-- Names.
SELECT throws_ok(format('SELECT gaiops_create_secret(%L, %L)', n, 'sk'), '42602',
	'this cannot be the name of a secret', 'no name: ' || left(n, 10))
FROM (VALUES (''), ('a b'), ('a/b'), ('a"b'), (E'a\nb'), ('é'), (repeat('x', 256))) AS v(n);
SELECT lives_ok(format('SELECT gaiops_create_secret(%L, %L)', repeat('x', 255), 'sk'), 'the longest name');

-- Values.
SELECT throws_ok(format('SELECT gaiops_create_secret(%L, %L)', 'test.bad', v), '22023',
	'secret "test.bad" cannot have this value', 'no value of ' || length(v))
FROM (VALUES (''), (' b'), ('a '), (E'ab\n'), (E'a\tbc'), (E'abcd\x7f'), ('abcdeé'), (repeat('x', 16385))) AS t(v);
SELECT lives_ok(format('SELECT gaiops_create_secret(%L, %L)', 'test.long', repeat('x', 16384)), 'the longest value');
SELECT lives_ok($$SELECT gaiops_create_secret('test.login', 'Basic YWRtaW46cGFzc3dvcmQ=')$$, 'a value with a space inside');

-- NULLs.
SELECT throws_ok($$SELECT gaiops_create_secret(NULL, 'x')$$, '22004', 'argument "name" must not be null');
SELECT throws_ok($$SELECT gaiops_create_secret('x', NULL)$$, '22004', 'argument "value" must not be null');
SELECT throws_ok($$SELECT gaiops_alter_secret_from_file('x', NULL)$$, '22004', 'argument "path" must not be null');
SELECT throws_ok($$SELECT gaiops_drop_secret(NULL)$$, '22004', 'argument "name" must not be null');

-- References.
SELECT throws_ok($$SELECT gaiops_create_secret('test.env', 'env:GAIOPS-NO')$$, '22023', NULL, 'no variable has such a name');
SELECT throws_ok($$SELECT gaiops_create_secret('test.env', 'env:GAIOPS_NO_SUCH_VARIABLE')$$, 'LM011',
	'could not open secret "test.env"', 'a reference has to lead somewhere');
SELECT throws_ok($$SELECT gaiops_create_secret('test.file', 'file:PG_VERSION')$$, '22023', NULL, 'a path has to be absolute');
GRANT EXECUTE ON FUNCTION gaiops_create_secret(text, text), gaiops_create_secret_from_file(text, text) TO gaiops_test_nobody;
SET ROLE gaiops_test_nobody;
SELECT throws_ok($$SELECT gaiops_create_secret('test.env', 'env:PATH')$$, '42501', NULL, 'the environment is for superusers');
SELECT throws_ok($$SELECT gaiops_create_secret_from_file('test.file', 'PG_VERSION')$$, '42501', NULL, 'files are for those who may read them');
SELECT is(gaiops_create_secret('test.theirs', 'sk-theirs'), 'test.theirs', 'who has EXECUTE needs no right on the table');
RESET ROLE;
GRANT pg_read_server_files TO gaiops_test_nobody;
SET ROLE gaiops_test_nobody;
SELECT is(gaiops_create_secret_from_file('test.file', 'PG_VERSION'), 'test.file', 'a reader of files may seal one');
RESET ROLE;
SELECT results_eq($$SELECT name, created_by FROM gaiops_list_secrets() WHERE name IN ('test.file', 'test.theirs')$$,
	$$VALUES ('test.file', 'gaiops_test_nobody'::name), ('test.theirs', 'gaiops_test_nobody')$$,
	'the creator is the caller');

SELECT * FROM finish();
ROLLBACK;
