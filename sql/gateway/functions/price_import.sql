-- Prices from LiteLLM's price map.

CREATE OR REPLACE FUNCTION gaiops.price_map_entries(price_map jsonb)
RETURNS TABLE (entry text, provider text, model text, is_prefixed boolean, kind text, price numeric)
LANGUAGE sql IMMUTABLE STRICT
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	WITH entry AS (
		SELECT e.key,
			split_part(e.key, '/', 1) AS prefix,
			substr(e.key, nullif(strpos(e.key, '/'), 0) + 1) AS suffix,
			e.value AS v,
			e.value ->> 'mode' AS mode
		FROM jsonb_each(price_map) AS e
		WHERE e.key <> 'sample_spec' AND jsonb_typeof(e.value) = 'object'
	), named AS (
		SELECT e.*, gaiops.normalize_provider(coalesce(e.v ->> 'litellm_provider',
				CASE WHEN e.suffix IS NOT NULL THEN e.prefix END)) AS provider
		FROM entry AS e
		WHERE e.mode IS NULL OR e.mode IN ('chat', 'completion', 'embedding', 'moderation', 'rerank', 'responses')
	), filed AS (
		SELECT n.key, n.provider, n.v, n.mode,
			n.suffix IS NOT NULL AND gaiops.normalize_provider(n.prefix) = n.provider AS is_prefixed,
			CASE WHEN n.suffix IS NOT NULL AND gaiops.normalize_provider(n.prefix) = n.provider
				THEN n.suffix ELSE n.key END AS model
		FROM named AS n
	)
	SELECT f.key, f.provider, f.model, f.is_prefixed, q.kind,
		-- Floating point leaves digits behind, as in 3.9999999999999996e-07.  What would
		-- be nothing without its last ones is left as it is, and is no price.
		coalesce(nullif(trim_scale(round(p.given, 12)), 0), p.given)
	FROM filed AS f
	CROSS JOIN LATERAL (VALUES
		('input', f.v -> 'input_cost_per_token'),
		-- an embedding has no output, whether the map says so or not
		('output', coalesce(f.v -> 'output_cost_per_token',
			CASE WHEN f.mode = 'embedding' AND f.v ? 'input_cost_per_token' THEN '0'::jsonb END)),
		('cached_input', f.v -> 'cache_read_input_token_cost'),
		-- 0 says that writing costs nothing extra, not that it is free
		('cache_write', nullif(f.v -> 'cache_creation_input_token_cost', '0')),
		('reasoning', f.v -> 'output_cost_per_reasoning_token'),
		('call', coalesce(f.v -> 'input_cost_per_query', f.v -> 'input_cost_per_request'))
	) AS q(kind, cost)
	CROSS JOIN LATERAL (
		SELECT CASE WHEN jsonb_typeof(q.cost) = 'number' THEN
			trim_scale(q.cost::numeric * CASE WHEN q.kind = 'call' THEN 1 ELSE 1000000 END) END) AS p (given)
	WHERE q.cost IS NOT NULL AND q.cost <> 'null'
		AND f.provider <> '' AND length(f.provider) <= 100
		AND btrim(f.model) <> '' AND length(f.model) <= 400
$$;
COMMENT ON FUNCTION gaiops.price_map_entries(jsonb) IS
	'Takes LiteLLM''s price map; returns what its entries say of prices, each filed under its provider and model, '
	'and whether the entry has the provider before the model; a price has 12 decimals at most, '
	'and is NULL if it is no number';

-- One entry of LiteLLM's price map may be wrong without the others being so:
-- it is left out whole, as half of a model's prices would give a wrong cost.
CREATE OR REPLACE FUNCTION gaiops.read_price_map(price_map jsonb)
RETURNS TABLE (provider text, model text, kind text, price numeric, entry text, others text[], disagree boolean)
LANGUAGE sql IMMUTABLE STRICT
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	WITH usable AS (
		SELECT q.entry AS key, q.provider, q.model, q.is_prefixed, jsonb_object_agg(q.kind, q.price) AS prices,
			max(q.price) = 0 AS is_free
		FROM gaiops.price_map_entries(price_map) AS q
		GROUP BY q.entry, q.provider, q.model, q.is_prefixed
		HAVING bool_and(coalesce(gaiops.is_price(q.price), false))
	), ranked AS (
		-- Several entries of one model: what costs something is never priced by
		-- an offer for nothing; and of an entry with the provider before the
		-- model and one without, the map keeps the former up to date.
		SELECT u.*,
			row_number() OVER (same ORDER BY u.is_free, u.is_prefixed DESC, u.key) AS rank,
			array_agg(u.key) OVER (same ORDER BY u.is_free, u.is_prefixed DESC, u.key
				ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS keys,
			min(u.prices::text) OVER same <> max(u.prices::text) OVER same AS disagree
		FROM usable AS u
		WINDOW same AS (PARTITION BY u.provider, u.model)
	)
	SELECT r.provider, r.model, p.kind, p.price::numeric, r.key, r.keys[2:], r.disagree
	FROM ranked AS r
	CROSS JOIN LATERAL jsonb_each_text(r.prices) AS p(kind, price)
	WHERE r.rank = 1
$$;
COMMENT ON FUNCTION gaiops.read_price_map(jsonb) IS
	'Takes LiteLLM''s price map; returns the prices in it as gaiops.prices has them, '
	'the entry that each model''s are from, the other entries of that model, and whether these say something else';

CREATE OR REPLACE FUNCTION gaiops.notice_collisions(collisions jsonb)
RETURNS void
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	models text[];
BEGIN
	SELECT array_agg(format('entry "%s" for %s of %s', c ->> 'taken', c ->> 'model', c ->> 'provider') ORDER BY place)
		INTO models
	FROM jsonb_array_elements(collisions) WITH ORDINALITY AS e(c, place)
	WHERE (c ->> 'disagree')::boolean;
	IF models IS NOT NULL THEN
		RAISE NOTICE USING
			MESSAGE = CASE cardinality(models) WHEN 1 THEN '1 model has several entries with different prices'
				ELSE format('%s models have several entries with different prices', cardinality(models)) END,
			DETAIL = format('Prices are taken from %s.', gaiops.list_some(models)),
			HINT = 'The entries that were left out are in "collisions" of the result. '
				'Use gaiops_set_price() where another price is right.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.notice_collisions(jsonb) IS
	'Takes the collisions of an import; returns nothing, and says in a notice which of them have entries that disagree';

CREATE OR REPLACE FUNCTION gaiops.check_price_map(price_map jsonb)
RETURNS void
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF price_map IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'null_value_not_allowed',
			MESSAGE = 'prices to import must not be null';
	ELSIF jsonb_typeof(price_map) <> 'object' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'prices to import must be a JSON object',
			DETAIL = format('It is of type %s.', jsonb_typeof(price_map)),
			HINT = 'The layout is that of LiteLLM''s model_prices_and_context_window.json: an object by model name.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_price_map(jsonb) IS 'Takes prices to be imported; raises unless they are an object';

CREATE OR REPLACE FUNCTION gaiops.inner_import_prices(
	prices gaiops.ordered_json, effective_from timestamptz, source text, OUT models integer, OUT written integer,
	OUT skipped integer, OUT collisions jsonb)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	since CONSTANT timestamptz := gaiops.price_start(effective_from);
	origin CONSTANT text := source;
	price_map CONSTANT jsonb := prices;
	used integer;
BEGIN
	PERFORM gaiops.check_price_map(price_map);
	PERFORM gaiops.check_price_key('any', 'any', since);
	WITH offered AS MATERIALIZED (
		SELECT * FROM gaiops.read_price_map(price_map)
	), changed AS (
		INSERT INTO gaiops.prices (provider, model, kind, price, effective_from, builtin, source,
			created_at, created_by, imported)
		SELECT o.provider, o.model, o.kind, o.price, since, false, origin, now(), gaiops.caller(), true
		FROM offered AS o
		LEFT JOIN LATERAL (
			SELECT p.price, p.imported
			FROM gaiops.prices AS p
			WHERE p.provider = o.provider AND p.model = o.model AND p.kind = o.kind
				AND NOT p.builtin AND p.effective_from <= since
			ORDER BY p.effective_from DESC
			LIMIT 1
		) AS known ON true
		-- of a price of 0.1.0 nobody knows whether it was imported: now it was
		WHERE known.price IS DISTINCT FROM o.price OR known.imported IS NULL
		ON CONFLICT ON CONSTRAINT prices_pkey DO UPDATE
		SET price = excluded.price, source = excluded.source, imported = excluded.imported,
			created_at = excluded.created_at, created_by = excluded.created_by
		RETURNING 1
	), taken AS (
		SELECT DISTINCT o.provider, o.model, o.entry, o.others, o.disagree FROM offered AS o
	)
	SELECT count(*), coalesce(sum(1 + cardinality(t.others)), 0), (SELECT count(*) FROM changed),
		coalesce(jsonb_agg(jsonb_build_object('provider', t.provider, 'model', t.model, 'taken', t.entry,
			'left_out', t.others, 'disagree', t.disagree) ORDER BY t.provider, t.model)
			FILTER (WHERE t.others <> '{}'), '[]')
	INTO models, used, written, collisions
	FROM taken AS t;
	IF models = 0 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'there is no price in what was to be imported',
			HINT = 'The layout is that of LiteLLM''s model_prices_and_context_window.json: an object by model name.';
	END IF;
	skipped := (SELECT count(*) FROM jsonb_object_keys(price_map) AS k (key) WHERE k.key <> 'sample_spec') - used;
	PERFORM gaiops.notice_collisions(collisions);
END
$$;
COMMENT ON FUNCTION gaiops.inner_import_prices(gaiops.ordered_json, timestamptz, text) IS
	'Takes the arguments of gaiops_import_prices() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_import_prices(
	prices gaiops.ordered_json,
	effective_from timestamptz DEFAULT pg_catalog.now(),
	source text DEFAULT NULL,
	OUT models integer,
	OUT written integer,
	OUT skipped integer,
	OUT collisions jsonb)
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_import_prices(gaiops.ordered_json, timestamptz, text) IS
	'Takes prices in the layout of LiteLLM''s price map; returns how many models have prices there, how many prices '
	'were new and are now on file, how many entries had none to take, and which models several entries are for';
