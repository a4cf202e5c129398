-- Prices: exact costs, what is unknown, which price is in force, imports,
-- refusals, repricing.  Everything is rolled back.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT plan(146);

-- Text, so that 0.1 and 0.10 differ: costs are compared to the last digit.
CREATE FUNCTION pg_temp.cost(provider text, model text, input bigint, output bigint,
	cached bigint DEFAULT NULL, written bigint DEFAULT NULL, reasoning bigint DEFAULT NULL,
	at timestamptz DEFAULT '2030-06-01 00:00+00') RETURNS text LANGUAGE sql
AS $$ SELECT pg_catalog.gaiops_get_cost(provider, model, input, output, cached, written, reasoning, at)::text $$;

-- Catalogue ------------------------------------------------------------------

SELECT cmp_ok((SELECT count(DISTINCT (provider, model)) FROM gaiops.prices WHERE builtin), '>=', 60::bigint,
	'the catalogue has the main models');
SELECT is_empty($$ SELECT provider, model, kind FROM gaiops.prices
	WHERE builtin AND (source IS NULL OR source = '') $$, 'every price of the catalogue has a source');
SELECT is_empty($$ SELECT provider FROM gaiops.prices WHERE provider <> gaiops.normalize_provider(provider) $$,
	'providers of the catalogue are filed under the names they are looked up by');
SELECT is_empty($$ SELECT provider, model FROM gaiops.prices WHERE builtin AND kind <> 'call'
	GROUP BY 1, 2, effective_from HAVING NOT 'input' = ANY (array_agg(kind)) OR NOT 'output' = ANY (array_agg(kind)) $$,
	'a model of the catalogue has both input and output prices');
SELECT is_empty($$ SELECT i.provider, i.model FROM gaiops.prices i JOIN gaiops.prices c USING (provider, model, effective_from, builtin)
	WHERE builtin AND i.kind = 'input' AND c.kind = 'cached_input' AND c.price > i.price $$,
	'cached input of the catalogue costs no more than input');
SELECT is(pg_temp.cost('openai', 'gpt-4.1-mini', 1000000, 1000000, 1000000), '1.7',
	'gpt-4.1-mini: a million cached input and a million output tokens');
SELECT is(pg_temp.cost('builtin', 'echo', 12, 5), '0', 'the built-in echo is free');
SELECT is(pg_temp.cost('builtin', 'gpt-4.1-mini', 12, 5), '0', 'the built-in echo is free by any name');
SELECT is(pg_temp.cost('anthropic', 'claude-sonnet-5', 1000000, 0, at => '2026-08-15 00:00+00'), '2',
	'an introductory price holds until its end');
SELECT is(pg_temp.cost('anthropic', 'claude-sonnet-5', 1000000, 0, at => '2026-09-01 00:00+00'), '3',
	'and the standard price from then on');
SELECT is(pg_temp.cost('cohere', 'rerank-v3.5', NULL, NULL), '0.002', 'a reranker is paid by the call');

-- Exact arithmetic -----------------------------------------------------------

SELECT is(gaiops_set_price('acme', 'm', input => 0.4, output => 1.6, cached_input => 0.1, cache_write => 0.5,
	reasoning => 3, per_call => 0.01, effective_from => '2030-01-01 00:00+00', source => 'contract'), 6,
	'gaiops_set_price() returns the number of prices set');
SELECT is(pg_temp.cost('acme', 'm', 0, 0), '0.01', 'no tokens: the call alone');
SELECT is(pg_temp.cost('acme', 'm', 1, 0), '0.0100004', 'one input token');
SELECT is(pg_temp.cost('acme', 'm', 0, 1), '0.0100016', 'one output token');
SELECT is(pg_temp.cost('acme', 'm', 1000, 500, 200, 0, 100), '0.01128',
	'cached and reasoning tokens are parts, not additions: 800 x 0.4 + 200 x 0.1 + 400 x 1.6 + 100 x 3');
SELECT is(pg_temp.cost('acme', 'm', 1000, 500, 200, 300, 100), '0.01131',
	'tokens written to a cache are a part of the input, too');
SELECT is(pg_temp.cost('acme', 'm', 1000, 0, 1000), '0.0101', 'all of the input cached');
SELECT is(pg_temp.cost('acme', 'm', 1000, 500, NULL, NULL, NULL), '0.0112',
	'unknown parts count as none');
SELECT is(gaiops_set_price('acme', 'tiny', input => 0.000000000001, output => 999999999999.999999), 2,
	'prices may have 12 decimals and 12 digits');
SELECT is(pg_temp.cost('acme', 'tiny', 1, 0), '0.000000000000000001', 'and lose none of them');
SELECT is(pg_temp.cost('acme', 'tiny', 3, 7), '6999999.999999999993000003', 'nor in a sum');
SELECT is(pg_temp.cost('acme', 'tiny', 0, 9223372036854775807), '9223372036854775797776627.963145224193',
	'nor with the largest count there is');
SELECT gaiops_set_price('acme', 'plain', input => 0.3, output => 0.9) AS set \gset
SELECT is(pg_temp.cost('acme', 'plain', 10, 10, 4, 4, 4), '0.000012',
	'kinds without a price cost what input and output do');
SELECT is((SELECT sum(gaiops_get_cost('acme', 'plain', 1, 1, at => '2030-06-01'))::text FROM generate_series(1, 1000)),
	'0.0012000', 'a sum of costs is exact');
SELECT is(gaiops_get_cost('acme', 'plain', 100, 100), 0.00012, 'by default a cost is at the prices of now');

-- Unknown is NULL ------------------------------------------------------------

SELECT is(pg_temp.cost('acme', 'no such model', 1, 1), NULL, 'no price: unknown');
SELECT is(pg_temp.cost('nobody', 'm', 1, 1), NULL, 'no price of that provider: unknown');
SELECT is(pg_temp.cost('acme', NULL, 1, 1), NULL, 'no model: unknown');
SELECT is(pg_temp.cost('acme', 'm', 1, 1, at => NULL), NULL, 'no time: unknown');
SELECT is(pg_temp.cost('acme', 'm', NULL, 1), NULL, 'unknown input: unknown');
SELECT is(pg_temp.cost('acme', 'm', 1, NULL), NULL, 'unknown output: unknown');
SELECT is(pg_temp.cost('acme', 'm', 1, 1, at => '2029-12-31 23:59:59.999999+00'), NULL, 'before any price: unknown');
SELECT is(pg_temp.cost('acme', 'm', 10, 10, 11), NULL, 'more cached than input: unknown');
SELECT is(pg_temp.cost('acme', 'm', 10, 10, 6, 6), NULL, 'more cached and written than input: unknown');
SELECT is(pg_temp.cost('acme', 'm', 10, 10, reasoning => 11), NULL, 'more reasoning than output: unknown');
SELECT is(pg_temp.cost('acme', 'm', 9223372036854775807, 0, 9223372036854775807, 9223372036854775807), NULL,
	'nor does that overflow');
SELECT gaiops_set_price('acme', 'input only', input => 1) AS set \gset
SELECT is(pg_temp.cost('acme', 'input only', 5, 1), NULL, 'output was used and has no price: unknown');
SELECT is(pg_temp.cost('acme', 'input only', 5, 0), '0.000005', 'none was used: known');
SELECT gaiops_set_price('acme', 'output only', output => 1, cached_input => 1) AS set \gset
SELECT is(pg_temp.cost('acme', 'output only', 5, 1, 4), NULL, 'input was used and has no price: unknown');
SELECT is(pg_temp.cost('acme', 'output only', 4, 1, 4), '0.000005', 'all of it was of a kind with a price: known');
SELECT gaiops_set_price('acme', 'flat', per_call => 0.25) AS set \gset
SELECT is(pg_temp.cost('acme', 'flat', 5, 1), '0.25', 'a price per call and no other is the whole cost');
SELECT is(pg_temp.cost('acme', 'flat', NULL, NULL), '0.25', 'whatever the counts');
SELECT gaiops_set_price('acme', 'free', input => 0, output => 0) AS set \gset
SELECT is(pg_temp.cost('acme', 'free', 5, 1), '0', 'a price of 0 is a price');
SELECT is(pg_temp.cost('acme', 'free', NULL, NULL), '0', 'nothing is paid for any number of tokens at 0');
SELECT gaiops_set_price('acme', 'free', reasoning => 1) AS set \gset
SELECT is(pg_temp.cost('acme', 'free', 5, NULL), NULL, 'unless a part of them has a price');

-- Which price is in force ----------------------------------------------------

SELECT gaiops_set_price('acme', 'm', input => 4, effective_from => '2030-05-01 00:00+00') AS set \gset
SELECT is(pg_temp.cost('acme', 'm', 1000000, 0, at => '2030-04-30 23:59:59.999999+00'), '0.41', 'the old price until the new one');
SELECT is(pg_temp.cost('acme', 'm', 1000000, 0, at => '2030-05-01 00:00+00'), '4.01', 'the new one from its very moment');
SELECT is(pg_temp.cost('acme', 'm', 0, 1000000), '1.61', 'a kind that was not given keeps its price');
SELECT is(gaiops_set_price('acme', 'm', input => 5, effective_from => '2030-05-01 00:00+00'), 1, 'the same again corrects');
SELECT is(pg_temp.cost('acme', 'm', 1000000, 0), '5.01', 'and the correction holds');
SELECT is((SELECT count(*) FROM gaiops.prices WHERE provider = 'acme' AND model = 'm' AND kind = 'input'), 2::bigint,
	'in the place of what it corrects');
SELECT is((SELECT created_by FROM gaiops.prices WHERE provider = 'acme' AND model = 'm' AND kind = 'call'),
	session_user::name, 'who set a price is on file');

INSERT INTO gaiops.prices VALUES
	('acme', 'both', 'input', 1, '2030-01-01 00:00+00', true, 'catalogue', now(), CURRENT_USER),
	('acme', 'both', 'output', 1, '2030-01-01 00:00+00', true, 'catalogue', now(), CURRENT_USER),
	('acme', 'both', 'input', 9, '2030-03-01 00:00+00', true, 'catalogue', now(), CURRENT_USER);
SELECT gaiops_set_price('acme', 'both', input => 2, effective_from => '2030-02-01 00:00+00') AS set \gset
SELECT is(pg_temp.cost('acme', 'both', 1000000, 0, at => '2030-01-15 00:00+00'), '1', 'the catalogue until the user''s own price');
SELECT is(pg_temp.cost('acme', 'both', 1000000, 0, at => '2030-02-15 00:00+00'), '2', 'the user''s own price from then on');
SELECT is(pg_temp.cost('acme', 'both', 1000000, 0), '2', 'even over a later catalogue');
SELECT is(pg_temp.cost('acme', 'both', 0, 1000000), '1', 'and the catalogue for a kind the user did not give');
SELECT gaiops_set_price('acme', 'both', input => 3, effective_from => '2030-01-01 00:00+00') AS set \gset
SELECT is(pg_temp.cost('acme', 'both', 1000000, 0, at => '2030-01-15 00:00+00'), '3', 'at the same time the user''s wins');
SELECT is((SELECT price FROM gaiops.prices WHERE provider = 'acme' AND model = 'both' AND kind = 'input'
	AND builtin AND effective_from = '2030-01-01 00:00+00'), 1::numeric, 'and leaves the catalogue as it was');

-- Names ----------------------------------------------------------------------

SELECT is(pg_temp.cost('openai', 'gpt-4.1-mini-2025-04-14', 1000000, 0), '0.4', 'a dated name has the price of the plain one');
SELECT is(pg_temp.cost('anthropic', 'claude-haiku-4-5-20251001', 1000000, 0), '1', 'also with the date in one piece');
SELECT is(pg_temp.cost('openai', 'gpt-4o-2024-05-13', 1000000, 0), '5', 'unless it has its own');
SELECT is(pg_temp.cost('openai', 'gpt-4.1-mini-2025', 1, 1), NULL, 'a year is no date');
SELECT is(pg_temp.cost('openai', 'gpt-4.1-mini-12345678', 1, 1), NULL, 'nor are eight digits that begin no year');
SELECT is(pg_temp.cost('OpenAI', 'gpt-4.1-mini', 1000000, 0), '0.4', 'case of the provider does not matter');
SELECT is(pg_temp.cost('azure', 'gpt-4.1-mini', 1000000, 0), '0.4', 'LiteLLM''s name of a provider does as well');
SELECT is(pg_temp.cost('litellm', 'openai/gpt-4.1-mini', 1000000, 0), '0.4', 'behind a gateway, the provider in the model''s name');
SELECT is(pg_temp.cost(NULL, 'anthropic/claude-haiku-4-5-20251001', 1000000, 0), '1', 'also without a provider');
SELECT is(pg_temp.cost('litellm', 'openrouter/google/gemini-2.5-pro', 1000000, 0), '1.25', 'also behind two');
SELECT is(pg_temp.cost('groq', 'openai/gpt-oss-120b', 1000000, 0), '0.15', 'a host''s own price for a name with a slash');
SELECT is(pg_temp.cost('together_ai', 'openai/gpt-4.1-mini', 1, 1), NULL, 'a host does not charge what another provider does');
SELECT is(pg_temp.cost('litellm', '/gpt-4.1-mini', 1, 1), NULL, 'nothing before the slash');
SELECT is(pg_temp.cost('litellm', 'openai/', 1, 1), NULL, 'nothing after it');

-- Refusals -------------------------------------------------------------------

SELECT throws_ok($$ SELECT gaiops_set_price('acme', 'm') $$, '22023', 'no price was given');
SELECT throws_ok($$ SELECT gaiops_set_price('acme', 'm', input => -0.01) $$, '22023', 'price is out of range', 'negative');
SELECT throws_ok($$ SELECT gaiops_set_price('acme', 'm', output => 'NaN') $$, '22023', 'price is out of range', 'NaN');
SELECT throws_ok($$ SELECT gaiops_set_price('acme', 'm', per_call => 'Infinity') $$, '22023', 'price is out of range', 'infinite');
SELECT throws_ok($$ SELECT gaiops_set_price('acme', 'm', input => 1, cache_write => 1e-31) $$, '22023', 'price is out of range', 'too fine');
SELECT throws_ok($$ SELECT gaiops_set_price(NULL, 'm', input => 1) $$, '22004', NULL, 'no provider');
SELECT throws_ok($$ SELECT gaiops_set_price('acme', ' ', input => 1) $$, '22023', NULL, 'no model');
SELECT throws_ok($$ SELECT gaiops_set_price('acme', repeat('m', 401), input => 1) $$, '22023', NULL, 'too long a model');
SELECT throws_ok($$ SELECT gaiops_set_price('acme', 'm', input => 1, effective_from => NULL) $$, '22004', NULL, 'no time');
SELECT throws_ok($$ SELECT gaiops_set_price('acme', 'm', input => 1, effective_from => 'infinity') $$, '22023', NULL, 'never');
SELECT throws_ok($$ SELECT gaiops_get_cost('acme', 'm', -1, 0) $$, '22023', 'number of tokens must not be negative');

-- Rights ---------------------------------------------------------------------

CREATE ROLE prices_test_role;
GRANT EXECUTE ON FUNCTION gaiops_set_price(text, text, numeric, numeric, numeric, numeric, numeric, numeric, timestamptz, text),
	gaiops_get_cost(text, text, bigint, bigint, bigint, bigint, bigint, timestamptz) TO prices_test_role;
SET LOCAL ROLE prices_test_role;
SELECT gaiops_set_price('acme', 'theirs', input => 1, output => 1) AS set, gaiops_get_cost('acme', 'm', 1, 1, at => '2030-01-01') AS cost \gset
RESET ROLE;
SELECT is(:'set' || ' ' || :'cost', '2 0.010002', 'a role needs EXECUTE alone');
SELECT is((SELECT created_by FROM gaiops.prices WHERE provider = 'acme' AND model = 'theirs' AND kind = 'input'),
	'prices_test_role'::name, 'the role in force is on file');
SELECT ok(NOT has_table_privilege('prices_test_role', 'gaiops.prices', 'INSERT, UPDATE, DELETE, TRUNCATE'), 'and cannot write the table');

-- Import ---------------------------------------------------------------------

SELECT results_eq($$ SELECT models, written, skipped FROM gaiops_import_prices($j$ {
	"sample_spec": {"input_cost_per_token": 0, "litellm_provider": "one of them", "mode": "chat"},
	"imp-1": {"litellm_provider": "xai", "mode": "chat", "input_cost_per_token": 4e-07, "output_cost_per_token": 1.6e-06,
		"cache_read_input_token_cost": 1e-07, "cache_creation_input_token_cost": 5e-07, "output_cost_per_reasoning_token": 3.3333333333e-06},
	"mistral/imp-2": {"litellm_provider": "mistral", "input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06, "cache_creation_input_token_cost": 0},
	"groq/openai/imp-3": {"litellm_provider": "groq", "mode": "chat", "input_cost_per_token": 1e-06, "output_cost_per_token": null},
	"imp-4": {"litellm_provider": "deepseek", "input_cost_per_token": 9e-06, "output_cost_per_token": 9e-06},
	"deepseek/imp-4": {"litellm_provider": "deepseek", "input_cost_per_token": 1e-06, "output_cost_per_token": 1e-06},
	"imp-5": {"litellm_provider": "cohere", "mode": "rerank", "input_cost_per_token": 0, "output_cost_per_token": 0, "input_cost_per_query": 0.002},
	"imp-6": {"litellm_provider": "openai", "mode": "image_generation", "input_cost_per_token": 1e-06},
	"imp-7": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": -1, "output_cost_per_token": 1e-06},
	"imp-8": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": "4e-07", "output_cost_per_token": 1e-06},
	"imp-9": {"litellm_provider": "openai", "mode": "chat", "max_tokens": 5},
	"imp-10": {"input_cost_per_token": 1e-06, "mode": "chat"},
	"imp-11": {"litellm_provider": "voyage", "input_cost_per_token": 1e-07, "mode": "embedding"},
	"last_updated": "2030-01-01"
	} $j$, '2030-01-01 00:00+00', 'test') $$,
	$$ VALUES (6, 15, 6) $$, 'an import says what it took and what not');
SELECT set_eq($$ SELECT provider, model, kind, price FROM gaiops.prices WHERE source = 'test' $$,
	$$ VALUES ('x_ai', 'imp-1', 'input', 0.4), ('x_ai', 'imp-1', 'output', 1.6), ('x_ai', 'imp-1', 'cached_input', 0.1),
		('x_ai', 'imp-1', 'cache_write', 0.5), ('x_ai', 'imp-1', 'reasoning', 3.3333333333),
		('mistral_ai', 'imp-2', 'input', 1), ('mistral_ai', 'imp-2', 'output', 2),
		('groq', 'openai/imp-3', 'input', 1),
		('deepseek', 'imp-4', 'input', 1), ('deepseek', 'imp-4', 'output', 1),
		('cohere', 'imp-5', 'input', 0), ('cohere', 'imp-5', 'output', 0), ('cohere', 'imp-5', 'call', 0.002),
		('voyage', 'imp-11', 'input', 0.1), ('voyage', 'imp-11', 'output', 0) $$,
	'exactly, under OpenTelemetry''s names of providers');
SELECT results_eq($$ SELECT models, written, skipped FROM gaiops_import_prices(
	'{"imp-1": {"litellm_provider": "xai", "input_cost_per_token": 4e-07, "output_cost_per_token": 2e-06}}', '2030-02-01 00:00+00') $$,
	$$ VALUES (1, 1, 0) $$, 'the next import writes only what is new');
-- What LiteLLM 1.110.2 has in its price map, in part (model_prices_and_context_window_backup.json
-- of the package, prices alone): Mistral's free trial and its paid service, two
-- services of AWS and two entries of one model there, regions of Azure, names with dates.
SELECT jsonb_object_agg(entry, jsonb_build_object('litellm_provider', service, 'mode', 'chat',
	'input_cost_per_token', input, 'output_cost_per_token', output)) AS map
FROM (VALUES
	('codestral/codestral-latest', 'codestral', 0, 0),
	('text-completion-codestral/codestral-latest', 'text-completion-codestral', 0, 0),
	('mistral/codestral-latest', 'mistral', 3e-07, 9e-07),
	('bedrock_mantle/openai.gpt-6-sol', 'bedrock_mantle', 2.2e-06, 1.1e-05),
	('openai.gpt-6-sol', 'bedrock_converse', 2e-06, 1e-05),
	('global.anthropic.claude-haiku-4-5-20251001-v1:0', 'bedrock_converse', 1e-06, 5e-06),
	('us.anthropic.claude-haiku-4-5-20251001-v1:0', 'bedrock_converse', 1.1e-06, 5.5e-06),
	('gemini/gemini-exp-1206', 'gemini', 0, 0),
	('gemini-exp-1206', 'gemini', 3e-07, 2.5e-06),
	('deepseek/deepseek-chat', 'deepseek', 2.8e-07, 4.2e-07),
	('deepseek-chat', 'deepseek', 2.8e-07, 4.2e-07),
	('azure/gpt-4o-2024-11-20', 'azure', 2.5e-06, 1e-05),
	('azure/eu/gpt-4o-2024-11-20', 'azure', 2.75e-06, 1.1e-05),
	('gpt-4o', 'openai', 2.5e-06, 1e-05),
	('gpt-4o-2024-05-13', 'openai', 5e-06, 1.5e-05)) AS m(entry, service, input, output) \gset
SELECT models, written, skipped, collisions FROM gaiops_import_prices(:'map', '2030-01-01 00:00+00', 'collisions') \gset
SELECT is(:'models' || ' ' || :'written' || ' ' || :'skipped', '12 24 0', 'entries of one model count as one model');
SELECT set_eq($$ SELECT provider, model, price FROM gaiops.prices WHERE source = 'collisions' AND kind = 'input' $$,
	$$ VALUES ('codestral', 'codestral-latest', 0), ('mistral_ai', 'codestral-latest', 0.3),
		('bedrock_mantle', 'openai.gpt-6-sol', 2.2), ('aws.bedrock', 'openai.gpt-6-sol', 2),
		('aws.bedrock', 'global.anthropic.claude-haiku-4-5-20251001-v1:0', 1), ('aws.bedrock', 'us.anthropic.claude-haiku-4-5-20251001-v1:0', 1.1),
		('gcp.gemini', 'gemini-exp-1206', 0.3), ('deepseek', 'deepseek-chat', 0.28),
		('azure.ai.openai', 'gpt-4o-2024-11-20', 2.5), ('azure.ai.openai', 'eu/gpt-4o-2024-11-20', 2.75),
		('openai', 'gpt-4o', 2.5), ('openai', 'gpt-4o-2024-05-13', 5) $$, 'each service, region and date has a row of its own');
SELECT is(:'collisions'::jsonb, '[
	{"provider": "codestral", "model": "codestral-latest", "taken": "codestral/codestral-latest",
		"left_out": ["text-completion-codestral/codestral-latest"], "disagree": false},
	{"provider": "deepseek", "model": "deepseek-chat", "taken": "deepseek/deepseek-chat", "left_out": ["deepseek-chat"], "disagree": false},
	{"provider": "gcp.gemini", "model": "gemini-exp-1206", "taken": "gemini-exp-1206", "left_out": ["gemini/gemini-exp-1206"], "disagree": true}]'::jsonb,
	'every collision is reported, and nothing that is free prices what is not');
SELECT is(pg_temp.cost('mistral', 'codestral-latest', 1000000, 0), '0.3', 'the paid service');
SELECT is(pg_temp.cost('codestral', 'codestral-latest', 1000000, 0), '0', 'the free trial');
SELECT is(pg_temp.cost('litellm', 'codestral/codestral-latest', 1000000, 0), '0', 'also behind a gateway');
SELECT is(pg_temp.cost('bedrock', 'openai.gpt-6-sol', 1000000, 0), '2', 'Bedrock');
SELECT is(pg_temp.cost('litellm', 'bedrock_mantle/openai.gpt-6-sol', 1000000, 0), '2.2', 'its other service');
SELECT is((SELECT DISTINCT imported FROM gaiops.prices WHERE source = 'collisions'), true, 'it is on file what was imported');
SELECT is((SELECT DISTINCT imported FROM gaiops.prices WHERE provider = 'acme' AND NOT builtin), false, 'and what was set');
SELECT is(collisions, '[]', 'no collision: an empty list') FROM gaiops_import_prices(
	'{"imp-1": {"litellm_provider": "xai", "input_cost_per_token": 4e-07}}', '2030-02-02 00:00+00');

SELECT throws_ok($$ SELECT gaiops_import_prices('[]') $$, '22023', 'prices to import must be a JSON object');
SELECT throws_ok($$ SELECT gaiops_import_prices('{"a": 1}') $$, '22023', 'there is no price in what was to be imported');
\ir ../../lib/raised.sql
SELECT is(pg_temp.raised($$ SELECT gaiops_import_prices('{"m": {"litellm_provider": "xai", "input_cost_per_token": 1}, "n": {}, "m": {"litellm_provider": "xai", "input_cost_per_token": 2}}') $$),
	E'22030\nJSON object has the member "m" twice\nIt is in the outermost object.\nLeave out one of them: who reads it may take either.', 'a model given twice is not priced by the last');
SELECT is(models, 1, 'json is taken') FROM gaiops_import_prices('{"imp-1": {"litellm_provider": "xai", "input_cost_per_token": 4e-07}}'::json);
SELECT is(models, 1, 'jsonb is taken') FROM gaiops_import_prices('{"imp-1": {"litellm_provider": "xai", "input_cost_per_token": 4e-07}}'::jsonb);
SELECT is(models, 1, 'text is taken') FROM gaiops_import_prices('{"imp-1": {"litellm_provider": "xai", "input_cost_per_token": 4e-07}}'::text);
SELECT throws_ok($$ SELECT gaiops_import_prices(NULL) $$, '22004', 'prices to import must not be null');

-- Dump -----------------------------------------------------------------------

SELECT is((SELECT c.condition COLLATE "default" FROM pg_extension e, unnest(e.extconfig, e.extcondition) AS c(rel, condition)
	WHERE e.extname = 'genaiops' AND c.rel = 'gaiops.prices'::regclass), 'WHERE NOT builtin',
	'the catalogue is not dumped');

-- Repricing ------------------------------------------------------------------

INSERT INTO gaiops.spans (trace_id, span_id, name, span_type, status, purpose, experiment, endpoint, provider, model, response_model,
	session_role, role, is_entry, attempt, input_tokens, output_tokens, cached_input_tokens, cost, start_time)
SELECT gen_random_uuid(), s.span_id, 'chat', 'CHAT_MODEL', s.status, 'application', 'reprice', 'e', 'acme', s.model, s.response_model,
	'r', 'r', true, s.attempt, s.input, s.output, s.cached, s.cost, s.start_time
FROM (VALUES
	('known', 'OK', 'r', NULL, 1, 1000, 10, 500, 7.5, '2031-01-01 00:20+00'::timestamptz),
	('unpriced', 'OK', 'r', NULL, 1, 1000, 10, NULL, NULL, '2031-01-01 00:40+00'),
	('answered by', 'OK', 'alias', 'r-2031-01-01', 1, 1000, 10, 0, NULL, '2031-01-01 00:50+00'),
	('same', 'OK', 'r', NULL, 1, 0, 1, 0, 0.000002, '2031-01-01 00:55+00'),
	('no answer', 'ERROR', 'r', NULL, 1, NULL, NULL, NULL, NULL, '2031-01-01 00:55+00'),
	('no price', 'OK', 'other', NULL, 1, 10, 10, 0, 1.25, '2031-01-01 00:56+00'),
	('no call', 'OK', 'r', NULL, NULL, 10, 10, 0, NULL, '2031-01-01 00:57+00'),
	('too early', 'OK', 'r', NULL, 1, 10, 10, 0, NULL, '2030-12-31 23:59:59+00'),
	('too late', 'OK', 'r', NULL, 1, 10, 10, 0, NULL, '2031-01-01 01:00+00')
) AS s(span_id, status, model, response_model, attempt, input, output, cached, cost, start_time);
SELECT gaiops_set_price('acme', 'r', input => 1, output => 2, cached_input => 0.5, effective_from => '2030-12-01 00:00+00') AS set \gset
-- a zone whose hours are not those of UTC
SET LOCAL TimeZone = 'Asia/Kolkata';
SELECT is(gaiops_reprice('2031-01-01 00:00+00', '2031-01-01 01:00+00'), 3::bigint, 'repricing says how many costs changed');
SELECT results_eq($$ SELECT span_id, cost FROM gaiops.spans WHERE experiment = 'reprice' ORDER BY start_time, span_id $$,
	$$ VALUES ('too early', NULL), ('known', 0.00077), ('unpriced', 0.00102), ('answered by', 0.00102),
		('no answer', NULL), ('same', 0.000002), ('no price', 1.25), ('no call', NULL), ('too late', NULL) $$,
	'by the prices of the time, the end excluded, and forgets nothing it cannot replace');
SELECT set_eq($$ SELECT hour, model, calls, attempts, input_tokens, cost, unpriced FROM gaiops.usage_deltas WHERE experiment = 'reprice' $$,
	$$ VALUES ('2031-01-01 00:00+00'::timestamptz, 'r', 0::bigint, 0::bigint, 0::bigint, 0.00179 - 7.5, -1::bigint),
		('2031-01-01 00:00+00', 'alias', 0, 0, 0, 0.00102, -1) $$,
	'and the usage moves by the difference');
SELECT is(gaiops_reprice('2031-01-01 00:00+00', '2031-01-01 01:00+00'), 0::bigint, 'done again, it changes nothing');
SELECT is((SELECT count(*) FROM gaiops.usage_deltas WHERE experiment = 'reprice'), 2::bigint, 'and notes nothing');
-- Which of two models is priced -------------------------------------------------

SELECT gaiops_import_prices('{"acme/big": {"litellm_provider": "acme", "input_cost_per_token": 10e-06, "output_cost_per_token": 0},
	"acme/small": {"litellm_provider": "acme", "input_cost_per_token": 1e-06, "output_cost_per_token": 0},
	"acme/big-2030-01-01": {"litellm_provider": "acme", "input_cost_per_token": 12e-06, "output_cost_per_token": 0},
	"acme/big:free": {"litellm_provider": "acme", "input_cost_per_token": 0, "output_cost_per_token": 0},
	"acme/us.big": {"litellm_provider": "acme", "input_cost_per_token": 11e-06, "output_cost_per_token": 0}}', '2030-01-01 00:00+00') AS i \gset
SELECT gaiops_set_price('acme', n, input => p, output => 0, effective_from => '2030-01-01 00:00+00')
FROM (VALUES ('mine', 5), ('mine-2030-01-01', 6), ('yours', 7)) AS v(n, p) \g /dev/null
SELECT is((p).cost::text || ' ' || (p).priced_model, wanted, format('asked for %s, %s answered: %s', asked, coalesce(answering, 'nobody says who'), why))
FROM (VALUES
	('big', 'big', '10 big', 'no choice'),
	('big', NULL, '10 big', 'no choice'),
	(NULL, 'big', '10 big', 'no choice'),
	('big', 'small', '1 small', 'the provider charges for what answered'),
	('big', 'big-2030-01-01', '12 big-2030-01-01', 'the date is more exact'),
	('big', 'big-2029-01-01', '10 big-2029-01-01', 'a date without a price is no other model'),
	('big:free', 'big', '0 big:free', 'the variant is more exact'),
	('us.big', 'big', '11 us.big', 'the region is more exact'),
	('bigger', 'big', '10 big', 'letters in common say nothing'),
	('big', 'nobody', '10 big', 'the other has no price'),
	('nobody', 'big', '10 big', 'the other has no price'),
	('nobody', 'no one', NULL, 'none has a price'),
	('mine', 'small', '5 mine', 'a price was set for that name'),
	('small', 'mine', '5 mine', 'a price was set for that name'),
	('mine', 'yours', '5 mine', 'both were set, and this was asked for'),
	('mine', 'mine-2030-01-01', '6 mine-2030-01-01', 'both were set, and this is more exact'),
	('mine', 'big-2030-01-01', '5 mine', 'a price was set for that name')
) AS v(asked, answering, wanted, why)
CROSS JOIN LATERAL (SELECT gaiops.price_attempt('acme', asked, answering, 1000000, 1, NULL, NULL, NULL, '2030-06-01 00:00+00') AS p OFFSET 0) AS c;
SELECT is(gaiops.is_other_model(asked, answering), wanted, format('%s and %s', asked, answering))
FROM (VALUES
	('gpt-4o', 'gpt-4o', false), ('gpt-4o', 'gpt-4o-2024-08-06', false), ('gpt-4o-2024-05-13', 'gpt-4o', false),
	('openrouter/openai/gpt-4o', 'gpt-4o-2024-08-06', false), ('GPT-4o', 'gpt-4o', false), ('claude-x@20250219', 'claude-x', false),
	('gpt-4o', 'gpt-4o-mini', true), ('llm-dev', 'gpt-4o', true), ('openai/gpt-4o', 'azure/gpt-4.1', true), ('gpt-4o', NULL, NULL)
) AS v(asked, answering, wanted);

INSERT INTO gaiops.spans (trace_id, span_id, name, span_type, status, purpose, experiment, provider, model, response_model,
	session_role, role, is_entry, attempt, input_tokens, output_tokens, cost, priced_model, start_time)
SELECT gen_random_uuid(), 'chosen', 'chat', 'CHAT_MODEL', 'OK', 'application', 'chosen', 'acme', 'big', 'small',
	'r', 'r', true, 1, 1000000, 1, s.cost, s.priced_model, '2031-02-01 00:30+00'
FROM (VALUES (NULL, NULL), (10, 'big'), (1, 'small'), (1, NULL)) AS s(cost, priced_model);
SELECT is(gaiops_reprice('2031-02-01 00:00+00', '2031-02-01 01:00+00'), 2::bigint, 'repricing chooses as recording does');
SELECT results_eq($$ SELECT DISTINCT cost, priced_model FROM gaiops.spans WHERE experiment = 'chosen' $$, $$ VALUES (1::numeric, 'small') $$,
	'and says what it chose');
SELECT results_eq($$ SELECT substituted FROM gaiops.traces WHERE experiment = 'chosen' $$, ARRAY[1, 1, 1, 1]::bigint[], 'traces show that another model answered');

SELECT throws_ok($$ SELECT gaiops_reprice('2031-01-02', '2031-01-01') $$, '22023', 'from_time must not be after to_time');
SELECT throws_ok($$ SELECT gaiops_reprice('2031-01-02', NULL) $$, '22004', 'from_time and to_time must not be null');

SELECT * FROM finish();
ROLLBACK;
