\set QUIET on
SET client_min_messages = warning;
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();

\ir ../../lib/raised.sql

-- The same of gaiops_create_endpoint() with a good name and URL and these arguments.
CREATE FUNCTION pg_temp.refused(arguments text) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.raised(format('SELECT gaiops_create_endpoint(''refused'', ''https://gateway.example/v1'', %s)', arguments))
$$;

-- How the function may be called is fixed.
SELECT is(p.oid::regprocedure::text || ' ' || p.prorettype::regtype, e.signature, e.signature)
FROM (VALUES
	('gaiops_create_endpoint(text,text,text,text,text,gaiops.ordered_json,gaiops.ordered_json,interval,interval,integer,bigint,text) text'),
	('gaiops_alter_endpoint(text,text,text,text,text,gaiops.ordered_json,gaiops.ordered_json,interval,interval,integer,bigint,text) text'),
	('gaiops_drop_endpoint(text) text')) AS e (signature)
LEFT JOIN pg_proc AS p ON p.proname = split_part(e.signature, '(', 1);
SELECT is(p.proargnames, ARRAY['name', 'url', 'model', 'secret', 'provider', 'params', 'headers', 'connect_timeout', 'timeout', 'max_retries', 'max_response_bytes', 'description'], p.proname || ' names its arguments')
FROM pg_proc AS p WHERE p.proname IN ('gaiops_create_endpoint', 'gaiops_alter_endpoint');

-- Making one.
SELECT lives_ok($$ SELECT gaiops_create_secret('test-key', 'sk-test') $$, 'a secret for the tests');
SELECT is(gaiops_create_endpoint('llm-test', url => 'http://127.0.0.1:4010/v1', model => 'gpt-4.1-mini', secret => 'test-key'), 'llm-test', 'creating returns the name');
SELECT row_eq(
	$$ SELECT url, model, provider, secret, params::text, headers, connect_timeout, timeout, max_retries, max_response_bytes, description FROM gaiops.endpoints WHERE name = 'llm-test' $$,
	ROW('http://127.0.0.1:4010/v1'::text, 'gpt-4.1-mini'::text, 'openai'::text, 'test-key'::text COLLATE "C", '{}'::text, '{}'::jsonb, '5 s'::interval, '60 s'::interval, 2, 16777216::bigint, NULL::text),
	'what is not given has the documented default');
SELECT row_eq(
	$$ SELECT created_by, updated_by, created_at = now(), updated_at = now() FROM gaiops.endpoints WHERE name = 'llm-test' $$,
	ROW(current_user, current_user, true, true), 'who made it and when is kept');
SELECT gaiops_create_endpoint('nulls', 'https://gateway.example/v1', params => NULL, headers => NULL, connect_timeout => NULL, timeout => NULL, max_retries => NULL, max_response_bytes => NULL, model => '', secret => '', provider => '', description => '') AS made \gset
SELECT row_eq(
	$$ SELECT model, provider, secret, params::text, headers, connect_timeout, timeout, max_retries, max_response_bytes, description FROM gaiops.endpoints WHERE name = 'nulls' $$,
	ROW(NULL::text, 'openai'::text, NULL::text COLLATE "C", '{}'::text, '{}'::jsonb, '5 s'::interval, '60 s'::interval, 2, 16777216::bigint, NULL::text),
	'NULL and an empty text are the default too');
SELECT lives_ok($$ SELECT gaiops_create_endpoint('limits-low', 'https://gateway.example', connect_timeout => '1 ms', timeout => '1 ms', max_retries => 0, max_response_bytes => 1024) $$, 'lowest limits');
SELECT lives_ok($$ SELECT gaiops_create_endpoint(repeat('x', 255), 'https://gateway.example', connect_timeout => '1 h', timeout => '1 h', max_retries => 10, max_response_bytes => 1073741824) $$, 'highest limits');
SELECT gaiops_create_endpoint('day', 'https://gateway.example', timeout => '1 day -23:59:30') AS made \gset
SELECT is((SELECT timeout::text FROM gaiops.endpoints WHERE name = 'day'), '00:00:30', 'an interval of days and hours is stored as seconds');

-- What needs no network.
SELECT gaiops_create_endpoint('echo', 'builtin:echo') AS made \gset
SELECT row_eq($$ SELECT model, provider FROM gaiops.endpoints WHERE name = 'echo' $$, ROW('builtin-echo'::text, 'builtin'::text), 'builtin:echo says what it is');
SELECT is(gaiops.endpoint_url('builtin:echo'), 'builtin:echo', 'builtin:echo is posted nowhere');
SELECT matches(pg_temp.raised($$ SELECT gaiops_create_endpoint('echo2', 'builtin:other') $$), '^22023\n', 'there is no other builtin');

-- Provider by host.
SELECT is(gaiops.provider_of_url(url), provider, url) FROM (VALUES
	('https://api.openai.com/v1', 'openai'),
	('http://127.0.0.1:4010/v1', 'openai'),
	('http://[::1]:4010/v1', 'openai'),
	('https://litellm.example:4000/v1', 'openai'),
	('https://me.openai.azure.com/openai/deployments/x?api-version=1', 'azure.ai.openai'),
	('https://me.services.ai.azure.com/models', 'azure.ai.inference'),
	('https://api.anthropic.com/v1', 'anthropic'),
	('https://API.Anthropic.com:443/v1', 'anthropic'),
	('https://api.anthropic.com.evil.example/v1', 'openai'),
	('https://evil.example/api.anthropic.com', 'openai'),
	('https://bedrock-runtime.us-east-1.amazonaws.com/openai/v1', 'aws.bedrock'),
	('https://api.cohere.ai/compatibility/v1', 'cohere'),
	('https://generativelanguage.googleapis.com/v1beta/openai/', 'gcp.gemini'),
	('https://europe-west1-aiplatform.googleapis.com/v1', 'gcp.vertex_ai'),
	('https://api.mistral.ai/v1', 'mistral_ai'),
	('https://codestral.mistral.ai/v1', 'codestral'),
	('https://bedrock-mantle.us-east-1.api.aws/v1', 'bedrock_mantle'),
	('https://api.deepseek.com', 'deepseek'),
	('https://api.groq.com/openai/v1', 'groq'),
	('https://api.perplexity.ai', 'perplexity'),
	('https://api.x.ai/v1', 'x_ai'),
	('builtin:echo', 'builtin')) AS v (url, provider);
SELECT gaiops_create_endpoint('named', 'https://gateway.example/v1', provider => 'groq') AS made \gset
SELECT is((SELECT provider FROM gaiops.endpoints WHERE name = 'named'), 'groq', 'a provider that is given is taken');

-- Where requests go.
SELECT is(gaiops.endpoint_url(url), wanted, url) FROM (VALUES
	('https://api.openai.com/v1', 'https://api.openai.com/v1/chat/completions'),
	('https://gateway.example/gateway/mlflow/v1', 'https://gateway.example/gateway/mlflow/v1/chat/completions')) AS v (url, wanted);

-- Refused before anything is stored.
SELECT is(pg_temp.raised($$ SELECT gaiops_create_endpoint('llm-test', 'https://gateway.example/v1') $$),
	E'42710\nendpoint "llm-test" already exists\nChange it with gaiops_alter_endpoint().', 'a name that is taken');
SELECT is(pg_temp.raised(format('SELECT gaiops_create_endpoint(%L, %L)', name, 'https://gateway.example/v1')),
	format(E'22023\ninvalid name "%s" of an endpoint\nA name has 1 to 255 letters, digits, underscores, dots and hyphens.', left(name, 255)),
	'name ' || to_json(left(name, 20)))
FROM unnest(ARRAY['', ' ', 'a b', 'a/b', E'a\n', 'ä', 'a;b', repeat('x', 256)]) AS name;
SELECT is(pg_temp.raised($$ SELECT gaiops_create_endpoint(NULL, 'https://gateway.example/v1') $$), E'22004\nargument "name" must not be null', 'no name');
SELECT is(pg_temp.raised($$ SELECT gaiops_create_endpoint('refused', NULL) $$), E'22004\nargument "url" must not be null', 'no URL');
SELECT matches(pg_temp.raised(format('SELECT gaiops_create_endpoint(%L, %L)', 'refused', url)), '^22023\n', 'URL ' || to_json(url))
FROM unnest(ARRAY['', 'gateway.example', 'ftp://gateway.example', 'file:///etc/passwd', 'https://', 'https://user:password@gateway.example/v1',
	'http://gateway.example/v1', E'https://gateway.example/\r\nX: y', 'builtin:Echo', ' https://gateway.example']) AS url;
SELECT is(pg_temp.refused($$ secret => 'nobody' $$), E'42704\nsecret "nobody" does not exist\nCreate it with gaiops_create_secret().', 'a secret that does not exist');
SELECT matches(pg_temp.refused('model => repeat(''m'', 401)'), '^22023\nendpoint "refused" is not acceptable\nA model has', 'a long model');
SELECT matches(pg_temp.refused($$ model => E'a\nb' $$), '^22023\n.*\nA model has', 'a model with a line feed');
SELECT matches(pg_temp.refused($$ provider => 'open ai' $$), '^22023\n.*\nA provider has', 'a provider with a space');

SELECT is(pg_temp.refused($$ params => '[]' $$), E'22023\nargument "params" must be a JSON object\nIt is of type array.\nFor example {"temperature": 0.2, "max_tokens": 500}.', 'params must be an object');
SELECT is(pg_temp.refused($$ params => '{"model": "m"}' $$), E'22023\nargument "params" must not have the key "model"\nThe model and the messages are not parameters of an endpoint.\nUse the argument "model".', 'params without model');
SELECT matches(pg_temp.refused($$ params => '{"messages": []}' $$), '^22023\nargument "params" must not have the key "messages"', 'params without messages');
SELECT is(pg_temp.refused(format('params => %L', p)), E'0A000\nstreamed answers are not supported yet\nLeave out "stream", or give false.', 'params ' || p)
FROM unnest(ARRAY['{"stream": true}', '{"stream": 1}', '{"str\u0065am": "yes"}']) AS p;
SELECT lives_ok(format('SELECT gaiops_create_endpoint(%L, ''https://gateway.example/v1'', params => %L)', 'stream-' || n, p), 'params ' || p)
FROM unnest(ARRAY['{"stream": false}', '{"stream": null}']) WITH ORDINALITY AS t (p, n);
SELECT is(pg_temp.refused($$ params => '{"a": {"b": 1, "b": 2}}' $$), E'22030\nJSON object has the member "b" twice\nThe object is $.a.\nLeave out one of them: who reads it may take either.', 'params with a member twice');
SELECT lives_ok($$ SELECT gaiops_create_endpoint('params', 'https://gateway.example/v1', params => '{"temperature": 0, "unheard_of": {"model": 1}}') $$, 'params that nobody has heard of');

SELECT matches(pg_temp.refused($$ headers => '"x"' $$), '^22023\nargument "headers" must be a JSON object\nIt is of type string.', 'headers must be an object');
SELECT matches(pg_temp.refused(format('headers => jsonb_build_object(%L, ''v'')', name)),
	'^22023\nheader ".*" is not acceptable\nThis header is set by the server.', 'header ' || name)
FROM unnest(ARRAY['Content-Type', 'content-length', 'HOST', 'Transfer-Encoding', 'connection', 'traceparent', 'Idempotency-Key', 'Accept', 'Expect']) AS name;
SELECT is(pg_temp.refused($$ headers => '{"Authorization": "Bearer sk-clear"}' $$),
	E'22023\nheader "Authorization" is not acceptable\nA key is given by the argument "secret", which names a secret.', 'Authorization is for the secret');
SELECT matches(pg_temp.refused(format('headers => jsonb_build_object(%L, ''v'')', name)), '^22023\n.*\nThe name of a header', 'header name ' || to_json(name))
FROM unnest(ARRAY['', 'a b', 'a:b', 'ä', E'a\nb', '(a)', repeat('x', 256)]) AS name;
SELECT matches(pg_temp.refused(format('headers => jsonb_build_object(''x-a'', %L::jsonb)', value)), '^22023\n.*\nThe value of a header must be a string', format('header value %s', value))
FROM unnest(ARRAY['1', 'null', 'true', '{}', '[]']) AS value;
SELECT matches(pg_temp.refused(format('headers => jsonb_build_object(''x-a'', %L::text)', value)), '^22023\n.*\nThe value of a header must not', 'header value ' || to_json(value))
FROM unnest(ARRAY[E'a\r\nX-B: c', E'a\tb', E'\u007f', E'\u0085', '', ' ', ' a', 'a ']) AS value;
SELECT matches(pg_temp.refused($$ headers => jsonb_build_object('x-a', repeat('x', 8193)) $$), '^22023\n.*\nThe value of a header has at most', 'a long header value');
SELECT unalike(pg_temp.refused($$ headers => E'{"x-a": "sk-clear\\n"}' $$), '%sk-clear%', 'a value that is refused is not repeated');
SELECT matches(pg_temp.refused($$ headers => '{"X-A": "1", "x-a": "2"}' $$), '^22023\n.*\nIt is there twice', 'a header in upper and lower case');
SELECT is(pg_temp.refused($$ headers => '{"api-key": "secret:nobody"}' $$), E'42704\nsecret "nobody" does not exist\nCreate it with gaiops_create_secret().', 'a header of a secret that does not exist');
SELECT lives_ok($$ SELECT gaiops_create_endpoint('portkey', 'https://api.portkey.ai/v1', headers => '{"x-portkey-api-key": "secret:test-key", "x-portkey-provider": "openai"}') $$, 'headers, one with a secret');

SELECT matches(pg_temp.refused(format('%s => %L', argument, value)), format(E'^22023\nargument "%s" is out of range\nIt is .*; it must be from', argument), format('%s %s', argument, value))
FROM (VALUES ('timeout', '0'), ('timeout', '-1 s'), ('timeout', '0.9 ms'), ('timeout', '1 h 1 ms'), ('timeout', '1 month'),
	('connect_timeout', '0'), ('connect_timeout', '2 h'), ('max_retries', '-1'), ('max_retries', '11'),
	('max_response_bytes', '1023'), ('max_response_bytes', '1073741825')) AS v (argument, value);
SELECT is((SELECT count(*) FROM gaiops.endpoints WHERE name = 'refused'), 0::bigint, 'nothing that was refused is stored');

-- Changing one.
SELECT is(gaiops_alter_endpoint('llm-test'), 'llm-test', 'altering returns the name');
SELECT row_eq(
	$$ SELECT url, model, provider, secret, params::text, headers, connect_timeout, timeout, max_retries, max_response_bytes, description FROM gaiops.endpoints WHERE name = 'llm-test' $$,
	ROW('http://127.0.0.1:4010/v1'::text, 'gpt-4.1-mini'::text, 'openai'::text, 'test-key'::text COLLATE "C", '{}'::text, '{}'::jsonb, '5 s'::interval, '60 s'::interval, 2, 16777216::bigint, NULL::text),
	'NULL leaves everything as it is');
SELECT gaiops_alter_endpoint('llm-test', url => 'https://api.mistral.ai/v1', model => 'mistral-small', secret => '', params => '{"seed": 1}', headers => '{"x-a": "b"}', connect_timeout => '1 s', timeout => '2 s', max_retries => 0, max_response_bytes => 2048, description => 'd') AS made \gset
SELECT row_eq(
	$$ SELECT url, model, provider, secret, params::text, headers, connect_timeout, timeout, max_retries, max_response_bytes, description FROM gaiops.endpoints WHERE name = 'llm-test' $$,
	ROW('https://api.mistral.ai/v1'::text, 'mistral-small'::text, 'mistral_ai'::text, NULL::text COLLATE "C", '{"seed": 1}'::text, '{"x-a": "b"}'::jsonb, '1 s'::interval, '2 s'::interval, 0, 2048::bigint, 'd'::text),
	'everything can be changed, the provider follows the URL, and an empty text removes the secret');
SELECT gaiops_alter_endpoint('llm-test', model => '', description => '', provider => 'mine') AS made \gset
SELECT row_eq($$ SELECT model, provider, description FROM gaiops.endpoints WHERE name = 'llm-test' $$, ROW(NULL::text, 'mine'::text, NULL::text), 'an empty text removes model and description');
SELECT gaiops_alter_endpoint('llm-test', url => 'https://api.groq.com/openai/v1') AS made \gset
SELECT is((SELECT provider FROM gaiops.endpoints WHERE name = 'llm-test'), 'mine', 'a provider that was given does not follow the URL');
SELECT gaiops_alter_endpoint('llm-test', provider => '') AS made \gset
SELECT is((SELECT provider FROM gaiops.endpoints WHERE name = 'llm-test'), 'groq', 'an empty provider is derived again');
SELECT gaiops_alter_endpoint('echo', url => 'https://gateway.example/v1') AS made \gset
SELECT row_eq($$ SELECT model, provider FROM gaiops.endpoints WHERE name = 'echo' $$, ROW(NULL::text, 'openai'::text), 'the echo model does not go to a gateway');
SELECT gaiops_alter_endpoint('echo', url => 'builtin:echo') AS made \gset
SELECT row_eq($$ SELECT model, provider FROM gaiops.endpoints WHERE name = 'echo' $$, ROW('builtin-echo'::text, 'builtin'::text), 'and comes back');
SELECT gaiops_alter_endpoint('echo', model => '') AS made \gset
SELECT is((SELECT model FROM gaiops.endpoints WHERE name = 'echo'), 'builtin-echo', 'and cannot be removed');
SELECT is(pg_temp.raised($$ SELECT gaiops_alter_endpoint('llm-test', params => '{"model": 1}', max_retries => 5) $$) LIKE '22023%', true, 'altering checks as creating does');
SELECT is((SELECT max_retries FROM gaiops.endpoints WHERE name = 'llm-test'), 0, 'and changes nothing then');
SELECT is(pg_temp.raised('SELECT gaiops_alter_endpoint(NULL)'), E'22004\nargument "name" must not be null', 'altering without a name');
UPDATE gaiops.endpoints SET created_by = 'somebody', created_at = '2020-01-01', updated_by = 'somebody', updated_at = '2020-01-01' WHERE name = 'llm-test';
SELECT gaiops_alter_endpoint('llm-test') AS made \gset
SELECT row_eq($$ SELECT created_by, created_at, updated_by, updated_at = now() FROM gaiops.endpoints WHERE name = 'llm-test' $$,
	ROW('somebody'::name, '2020-01-01'::timestamptz, current_user, true), 'altering says who and when, and leaves who made it');

-- A key does not go elsewhere unseen: it is given again with a new scheme, host or port.
SELECT count(gaiops_create_secret(name, 'sk-moved')) AS made FROM unnest(ARRAY['moved-1', 'moved-2', 'moved-3']) AS name \gset
CREATE FUNCTION pg_temp.moved(arguments text, base text DEFAULT 'https://Gateway.example/v1') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text;
BEGIN
	PERFORM gaiops_create_endpoint('moved', base, secret => 'moved-1', headers => '{"x-a": "secret:moved-2", "x-b": "clear"}');
	EXECUTE format('SELECT gaiops_alter_endpoint(''moved'', %s)', arguments);
	SELECT concat_ws(' ', coalesce(e.secret, '-'), e.headers) INTO result FROM gaiops.endpoints AS e WHERE e.name = 'moved';
	PERFORM gaiops_drop_endpoint('moved');
	RETURN result;
END
$$;
SELECT is(pg_temp.moved(format('url => %L', url)), 'moved-1 {"x-a": "secret:moved-2", "x-b": "clear"}', 'secrets stay with ' || url)
FROM (VALUES ('https://gateway.example/v1'), ('https://gateway.example:443/v2?a=b'), ('HTTPS://GATEWAY.EXAMPLE'), ('https://gateway.example:/chat/completions')) AS v (url);
SET LOCAL client_min_messages = error;
SELECT is(pg_temp.moved(format('url => %L', url)), '- {"x-b": "clear"}', 'secrets do not go to ' || url)
FROM (VALUES ('https://evil.example/v1'), ('https://gateway.example:8443/v1'), ('https://gateway.example./v1'), ('https://gateway.example.evil.example/v1'),
	('http://127.0.0.1/v1'), ('https://[::1]/v1'), ('builtin:echo')) AS v (url);
SELECT is(pg_temp.moved($$url => 'http://127.0.0.1:4010/v1'$$, 'https://127.0.0.1:4010/v1'), '- {"x-b": "clear"}', 'nor to another scheme');
SELECT is(pg_temp.moved($$url => 'https://evil.example'$$, 'builtin:echo'), '- {"x-b": "clear"}', 'nor from builtin:echo to a host');
SELECT is(pg_temp.moved($$url => 'https://evil.example', secret => 'moved-1'$$), 'moved-1 {"x-b": "clear"}', 'a secret that is given again goes there');
SELECT is(pg_temp.moved($$url => 'https://evil.example', secret => 'moved-3'$$), 'moved-3 {"x-b": "clear"}', 'so does another one');
SELECT is(pg_temp.moved($$url => 'https://evil.example', headers => '{"x-c": "secret:moved-2"}'$$), '- {"x-c": "secret:moved-2"}', 'so do headers');
SELECT is(pg_temp.moved($$url => 'https://evil.example', secret => 'moved-1', headers => '{"x-a": "secret:moved-2"}'$$), 'moved-1 {"x-a": "secret:moved-2"}', 'so do both');
SELECT is(pg_temp.moved($$url => 'https://evil.example', secret => ''$$), '- {"x-b": "clear"}', 'and none that is removed');
SELECT is(pg_temp.moved($$model => 'other', description => 'd'$$), 'moved-1 {"x-a": "secret:moved-2", "x-b": "clear"}', 'another change takes none away');
SET LOCAL client_min_messages = warning;
SELECT gaiops_create_endpoint('moved', 'https://gateway.example', secret => 'moved-1') AS made \gset
SELECT matches(pg_temp.raised($$ SELECT gaiops_alter_endpoint('moved', url => 'ftp://evil.example') $$), '^22023', 'a URL that is refused');
SELECT is((SELECT secret FROM gaiops.endpoints WHERE name = 'moved'), 'moved-1', 'takes none away');
SELECT gaiops_drop_endpoint('moved') AS made \gset

-- Secrets in use.
SELECT gaiops_create_secret('used', 'sk-used') AS made \gset
SELECT gaiops_alter_endpoint('llm-test', secret => 'used') AS made \gset
SELECT is(pg_temp.raised($$ SELECT gaiops_drop_secret('used') $$),
	E'2BP01\nsecret "used" is used by endpoints\nIt is sent by "llm-test".\nGive them another secret, or none, with gaiops_alter_endpoint() first.', 'a secret in use is kept');
SELECT gaiops_alter_endpoint('llm-test', secret => '', headers => '{"api-key": "secret:used"}') AS made \gset
SELECT gaiops_alter_endpoint('named', secret => 'used') AS made \gset
SELECT matches(pg_temp.raised($$ SELECT gaiops_drop_secret('used') $$), '\nIt is sent by "llm-test", "named".\n', 'in a header too');
SELECT gaiops_alter_endpoint('llm-test', headers => '{"api-key": "secret:used2"}') FROM (SELECT gaiops_create_secret('used2', 'sk-used')) AS s \gset
SELECT gaiops_drop_endpoint('named') AS made \gset
SELECT lives_ok($$ SELECT gaiops_drop_secret('used') $$, 'a secret that is not used any more can be dropped');

-- Dropping one.
SELECT is(gaiops_drop_endpoint('llm-test'), 'llm-test', 'dropping returns the name');
SELECT is((SELECT count(*) FROM gaiops.endpoints WHERE name = 'llm-test'), 0::bigint, 'and it is gone');
DELETE FROM gaiops.endpoints;
SELECT is(pg_temp.raised($$ SELECT gaiops_drop_endpoint('llm-test') $$), E'LM009\nendpoint "llm-test" does not exist\nThere are no endpoints.\nCreate it with gaiops_create_endpoint().', 'no endpoint of that name, nor any other');
SELECT count(gaiops_create_endpoint('e' || to_char(i, 'FM00'), 'builtin:echo')) FROM generate_series(1, 10) AS i \gset
SELECT is(pg_temp.raised($$ SELECT gaiops_alter_endpoint('llm-test') $$), E'LM009\nendpoint "llm-test" does not exist\nKnown endpoints: "e01", "e02", "e03", "e04", "e05", "e06", "e07", "e08", "e09", "e10".\nCreate it with gaiops_create_endpoint().', 'the error names what exists');
SELECT gaiops_create_endpoint('e00', 'builtin:echo') AS made \gset
SELECT matches(pg_temp.raised($$ SELECT gaiops_drop_endpoint('llm-test') $$), '\nKnown endpoints: "e00", .*"e09" and 1 more.\n', 'but no more than ten');
SELECT is(pg_temp.raised('SELECT gaiops_drop_endpoint(NULL)'), E'22004\nargument "name" must not be null', 'dropping without a name');

-- Who did it, however the function was reached.
CREATE ROLE gaiops_test_admin;
SELECT gaiops_grant('gaiops_test_admin', 'admin') AS made \gset
CREATE FUNCTION pg_temp.as_owner() RETURNS text LANGUAGE sql SECURITY DEFINER AS $$ SELECT gaiops_alter_endpoint('e00') $$;
SET ROLE gaiops_test_admin;
SELECT gaiops_create_endpoint('mine', 'builtin:echo') AS made \gset
SELECT is((SELECT created_by FROM gaiops.endpoints WHERE name = 'mine'), 'gaiops_test_admin', 'the role in force is the one on record');
SELECT pg_temp.as_owner() AS made \gset
SELECT is((SELECT updated_by FROM gaiops.endpoints WHERE name = 'e00'), SESSION_USER, 'which is its owner in a function that runs as that');
RESET ROLE;

-- A caller's own objects are not used in place of ours.
CREATE SCHEMA gaiops_test_trap;
CREATE FUNCTION gaiops_test_trap.lower(text) RETURNS text LANGUAGE sql AS 'SELECT ''trapped''';
CREATE FUNCTION gaiops_test_trap.now() RETURNS timestamptz LANGUAGE sql AS 'SELECT ''2000-01-01''::timestamptz';
CREATE TEMP TABLE endpoints (name text);
SET LOCAL search_path = gaiops_test_trap, pg_temp, pg_catalog, public;
SELECT pg_catalog.gaiops_create_endpoint('trap', 'https://API.anthropic.com/v1') AS made \gset
SET LOCAL search_path = public;
SELECT row_eq($$ SELECT provider, created_at = pg_catalog.now() FROM gaiops.endpoints WHERE name = 'trap' $$, ROW('anthropic'::text, true), 'a hostile search_path changes nothing');

SELECT is((SELECT count(*) FROM pg_attribute WHERE attrelid = 'gaiops.endpoints'::regclass AND attnum > 0 AND col_description(attrelid, attnum) IS NULL), 0::bigint, 'every column has a comment');
SELECT ok('gaiops.endpoints'::regclass = ANY (e.extconfig), 'endpoints are dumped') FROM pg_extension AS e WHERE e.extname = 'genaiops';

SELECT * FROM finish();
ROLLBACK;
