CREATE OR REPLACE FUNCTION gaiops.normalize_provider(name text)
RETURNS text
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'gaiops_normalize_provider';
COMMENT ON FUNCTION gaiops.normalize_provider(text) IS
	'Takes a provider by any of its names; returns the one its prices are filed under';

-- The same as the constraint on gaiops.prices, to be asked before a write.
CREATE OR REPLACE FUNCTION gaiops.is_price(price numeric)
RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$ SELECT price >= 0 AND price < 1e12 AND scale(price) <= 30 $$;
COMMENT ON FUNCTION gaiops.is_price(numeric) IS 'Takes a number; returns whether gaiops.prices can hold it';

CREATE OR REPLACE FUNCTION gaiops.check_price_key(provider text, model text, effective_from timestamptz)
RETURNS void
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF provider IS NULL OR model IS NULL OR effective_from IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'null_value_not_allowed',
			MESSAGE = 'provider, model and effective_from of a price must not be null';
	ELSIF btrim(provider) = '' OR length(provider) > 100 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'provider must have 1 to 100 characters';
	ELSIF btrim(model) = '' OR length(model) > 400 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'model must have 1 to 400 characters';
	ELSIF effective_from = 'infinity' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'a price with effective_from infinity would never be in force';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_price_key(text, text, timestamptz) IS
	'Takes what a price is filed under; raises if that cannot be';

CREATE OR REPLACE FUNCTION gaiops.inner_set_price(
	provider text,
	model text,
	input numeric,
	output numeric,
	cached_input numeric,
	cache_write numeric,
	reasoning numeric,
	per_call numeric,
	effective_from timestamptz,
	source text)
RETURNS integer
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	kinds CONSTANT text[] := ARRAY['input', 'output', 'cached_input', 'cache_write', 'reasoning', 'call'];
	given CONSTANT numeric[] := ARRAY[input, output, cached_input, cache_write, reasoning, per_call];
	refused text;
	n integer;
BEGIN
	PERFORM check_price_key(provider, model, effective_from);

	IF num_nonnulls(input, output, cached_input, cache_write, reasoning, per_call) = 0 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'no price was given',
			HINT = 'Give at least one of input, output, cached_input, cache_write, reasoning (US dollars per million '
				'tokens) and per_call (US dollars per call).';
	END IF;

	SELECT format('%s is %s.', g.kind, g.price) INTO refused
	FROM unnest(kinds, given) AS g(kind, price)
	WHERE NOT is_price(g.price)
	LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'price is out of range',
			DETAIL = refused,
			HINT = 'A price is a number of US dollars from 0 to below 1e12 with at most 30 decimals.';
	END IF;

	INSERT INTO prices AS p (provider, model, kind, price, effective_from, builtin, source,
		created_at, created_by, imported)
	SELECT normalize_provider(provider), model, g.kind, g.price, effective_from, false, source,
		now(), gaiops.caller(), false
	FROM unnest(kinds, given) AS g(kind, price)
	WHERE g.price IS NOT NULL
	ON CONFLICT ON CONSTRAINT prices_pkey DO UPDATE
	SET price = excluded.price, source = excluded.source, imported = excluded.imported,
		created_at = excluded.created_at, created_by = excluded.created_by;
	GET DIAGNOSTICS n = ROW_COUNT;
	RETURN n;
END
$$;
COMMENT ON FUNCTION gaiops.inner_set_price(
	text, text, numeric, numeric, numeric, numeric, numeric, numeric, timestamptz, text) IS
	'Takes the arguments of gaiops_set_price() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_set_price(
	provider text,
	model text,
	input numeric DEFAULT NULL,
	output numeric DEFAULT NULL,
	cached_input numeric DEFAULT NULL,
	cache_write numeric DEFAULT NULL,
	reasoning numeric DEFAULT NULL,
	per_call numeric DEFAULT NULL,
	effective_from timestamptz DEFAULT pg_catalog.now(),
	source text DEFAULT NULL)
RETURNS integer
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_set_price(
	text, text, numeric, numeric, numeric, numeric, numeric, numeric, timestamptz, text) IS
	'Takes a model and its prices in US dollars, per million tokens and per call, from a time on; '
	'returns how many were set';

-- One entry of LiteLLM's price map may be wrong without the others being so:
-- it is left out whole, as half of a model's prices would give a wrong cost.
CREATE OR REPLACE FUNCTION gaiops.read_price_map(price_map jsonb)
RETURNS TABLE (provider text, model text, kind text, price numeric, entry text, others text[], disagree boolean)
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
		SELECT e.*, normalize_provider(coalesce(e.v ->> 'litellm_provider',
				CASE WHEN e.suffix IS NOT NULL THEN e.prefix END)) AS provider
		FROM entry AS e
		WHERE e.mode IS NULL OR e.mode IN ('chat', 'completion', 'embedding', 'moderation', 'rerank', 'responses')
	), filed AS (
		SELECT n.key, n.provider, n.v, n.mode,
			n.suffix IS NOT NULL AND normalize_provider(n.prefix) = n.provider AS is_prefixed,
			CASE WHEN n.suffix IS NOT NULL AND normalize_provider(n.prefix) = n.provider
				THEN n.suffix ELSE n.key END AS model
		FROM named AS n
	), quoted AS (
		SELECT f.key, f.provider, f.model, f.is_prefixed, q.kind, q.cost,
			CASE WHEN jsonb_typeof(q.cost) = 'number' THEN
				trim_scale(q.cost::numeric * CASE WHEN q.kind = 'call' THEN 1 ELSE 1000000 END) END AS price
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
		WHERE q.cost IS NOT NULL AND q.cost <> 'null'
			AND f.provider <> '' AND length(f.provider) <= 100
			AND btrim(f.model) <> '' AND length(f.model) <= 400
	), usable AS (
		SELECT q.key, q.provider, q.model, q.is_prefixed, jsonb_object_agg(q.kind, q.price) AS prices,
			max(q.price) = 0 AS is_free
		FROM quoted AS q
		GROUP BY q.key, q.provider, q.model, q.is_prefixed
		HAVING bool_and(coalesce(is_price(q.price), false))
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
			DETAIL = format('Prices are taken from %s.', list_some(models)),
			HINT = 'The entries that were left out are in "collisions" of the result. '
				'Use gaiops_set_price() where another price is right.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.notice_collisions(jsonb) IS
	'Takes the collisions of an import; returns nothing, and says in a notice which of them have entries that disagree';

CREATE OR REPLACE FUNCTION gaiops.inner_import_prices(
	prices gaiops.ordered_json,
	effective_from timestamptz,
	source text,
	OUT models integer,
	OUT written integer,
	OUT skipped integer,
	OUT collisions jsonb)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	since CONSTANT timestamptz := effective_from;
	origin CONSTANT text := source;
	price_map CONSTANT jsonb := prices;
	used integer;
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
	PERFORM check_price_key('any', 'any', since);

	WITH offered AS MATERIALIZED (
		SELECT * FROM read_price_map(price_map)
	), changed AS (
		INSERT INTO gaiops.prices (provider, model, kind, price, effective_from, builtin, source,
			created_at, created_by, imported)
		SELECT o.provider, o.model, o.kind, o.price, since, false, origin,
			now(), gaiops.caller(), true
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

	SELECT count(*) - used INTO skipped
	FROM jsonb_object_keys(price_map) AS k(key)
	WHERE k.key <> 'sample_spec';
	PERFORM notice_collisions(collisions);
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

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_get_cost(
	provider text,
	model text,
	input_tokens bigint DEFAULT NULL,
	output_tokens bigint DEFAULT NULL,
	cached_input_tokens bigint DEFAULT NULL,
	cache_write_tokens bigint DEFAULT NULL,
	reasoning_tokens bigint DEFAULT NULL,
	at timestamptz DEFAULT pg_catalog.now())
RETURNS numeric
LANGUAGE C STABLE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'gaiops_get_cost';
COMMENT ON FUNCTION pg_catalog.gaiops_get_cost(text, text, bigint, bigint, bigint, bigint, bigint, timestamptz) IS
	'Takes a model and the tokens of a call; returns its exact cost in US dollars at the prices of that time, '
	'or NULL if that is unknown';

CREATE OR REPLACE FUNCTION gaiops.price_attempt(
	provider text,
	model text,
	response_model text,
	input_tokens bigint,
	output_tokens bigint,
	cached_input_tokens bigint,
	cache_write_tokens bigint,
	reasoning_tokens bigint,
	at timestamptz,
	OUT cost numeric,
	OUT priced_model text)
LANGUAGE C STABLE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'gaiops_price_attempt';
COMMENT ON FUNCTION gaiops.price_attempt(text, text, text, bigint, bigint, bigint, bigint, bigint, timestamptz) IS
	'Takes what is on record of an attempt; returns its exact cost in US dollars at the prices of that time '
	'and which of the two models was priced, or NULL if that is unknown';

-- The lock keeps prices as they are until this commits and admits one
-- repricing at a time, so that no difference is counted twice.  Calls only read
-- prices and go on.
CREATE OR REPLACE FUNCTION gaiops.inner_reprice(from_time timestamptz, to_time timestamptz)
RETURNS bigint
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	n bigint;
BEGIN
	IF from_time IS NULL OR to_time IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'null_value_not_allowed',
			MESSAGE = 'from_time and to_time must not be null',
			HINT = 'Use -infinity or infinity for no bound.';
	ELSIF from_time > to_time THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'from_time must not be after to_time';
	END IF;

	LOCK TABLE gaiops.prices IN SHARE ROW EXCLUSIVE MODE;

	WITH priced AS MATERIALIZED (
		SELECT s.trace_id, s.span_id, s.start_time, s.cost AS old_cost,
			price_attempt(s.provider, s.model, s.response_model, s.input_tokens, s.output_tokens,
				s.cached_input_tokens, s.cache_write_tokens, s.reasoning_tokens, s.start_time) AS new
		FROM gaiops.spans AS s
		WHERE s.start_time >= from_time AND s.start_time < to_time
			AND s.attempt IS NOT NULL
			-- An answer that could not be read has no cost without its tokens, and one that
			-- 0.1.0 recorded was not counted as unpriced.
			AND (s.status = 'OK' OR s.input_tokens IS NOT NULL OR s.output_tokens IS NOT NULL)
	), renewed AS (
		UPDATE gaiops.spans AS s
		SET cost = (p.new).cost, priced_model = (p.new).priced_model
		FROM priced AS p
		WHERE s.trace_id = p.trace_id AND s.span_id = p.span_id AND s.start_time = p.start_time
			AND s.start_time >= from_time AND s.start_time < to_time
			AND (p.new).cost IS NOT NULL
			AND ((p.new).cost IS DISTINCT FROM p.old_cost OR (p.new).priced_model IS DISTINCT FROM s.priced_model)
		RETURNING s.start_time, s.experiment, s.purpose, s.endpoint, s.provider, s.model,
			s.prompt_name, s.prompt_version, p.old_cost, s.cost AS new_cost
	), changed AS (
		SELECT * FROM renewed AS r WHERE r.new_cost IS DISTINCT FROM r.old_cost
	), noted AS (
		INSERT INTO gaiops.usage_deltas (hour, experiment, purpose, endpoint, provider, model,
			prompt_name, prompt_version, calls, attempts, errors, unknown, input_tokens, output_tokens,
			cached_input_tokens, reasoning_tokens, cost, unpriced, latency_buckets, latency_counts)
		SELECT date_trunc('hour', c.start_time, 'UTC'), c.experiment, c.purpose, c.endpoint, c.provider, c.model,
			c.prompt_name, c.prompt_version, 0, 0, 0, 0, 0, 0, 0, 0,
			sum(c.new_cost - coalesce(c.old_cost, 0)), -count(*) FILTER (WHERE c.old_cost IS NULL), '{}', '{}'
		FROM changed AS c
		GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
	)
	SELECT count(*) INTO n FROM changed;
	RETURN n;
END
$$;
COMMENT ON FUNCTION gaiops.inner_reprice(timestamptz, timestamptz) IS
	'Takes the arguments of gaiops_reprice() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_reprice(from_time timestamptz, to_time timestamptz)
RETURNS bigint
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_reprice(timestamptz, timestamptz) IS
	'Takes a time range, the end excluded; recomputes the cost of the calls that began in it by the prices on file '
	'for their time, and returns how many costs changed';
