-- Setting prices, and what a call costs at them.

CREATE OR REPLACE FUNCTION gaiops.normalize_provider(name text)
RETURNS text
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'gaiops_normalize_provider';
COMMENT ON FUNCTION gaiops.normalize_provider(text) IS
	'Takes a provider by any of its names; returns the one its prices are filed under';

-- Narrower than the constraint on gaiops.prices, which holds those of 0.1.0: so costs have 18
-- decimals at most, as in the views, since there are 10^6 tokens to a price.
CREATE OR REPLACE FUNCTION gaiops.is_price(price numeric)
RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$ SELECT price >= 0 AND price < 1e12 AND scale(price) <= 12 $$;
COMMENT ON FUNCTION gaiops.is_price(numeric) IS 'Takes a number; returns whether it can be a price';

-- Many tools know no time before all others.
CREATE OR REPLACE FUNCTION gaiops.price_start(effective_from timestamptz)
RETURNS timestamptz
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$ SELECT CASE WHEN effective_from = '-infinity' THEN to_timestamp(0) ELSE effective_from END $$;
COMMENT ON FUNCTION gaiops.price_start(timestamptz) IS
	'Takes the time that a price is valid from; returns what is put on file: 1970-01-01 UTC for -infinity';

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

CREATE OR REPLACE FUNCTION gaiops.check_prices(kinds text[], given numeric[])
RETURNS void
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	refused text;
BEGIN
	IF num_nonnulls(VARIADIC given) = 0 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'no price was given',
			HINT = 'Give at least one of input, output, cached_input, cache_write, reasoning '
				'(US dollars per million tokens) and per_call (US dollars per call).';
	END IF;
	SELECT format('%s is %s.', g.kind, g.price) INTO refused
		FROM unnest(kinds, given) AS g (kind, price)
		WHERE NOT gaiops.is_price(g.price)
		LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'price is out of range',
			DETAIL = refused,
			HINT = 'A price is a number of US dollars from 0 to below 1e12 with at most 12 decimals.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_prices(text[], numeric[]) IS
	'Takes kinds of prices and a price or NULL for each; raises unless one is given and all can be';

CREATE OR REPLACE FUNCTION gaiops.inner_set_price(
	provider text, model text, input numeric, output numeric, cached_input numeric, cache_write numeric,
	reasoning numeric, per_call numeric, effective_from timestamptz, source text)
RETURNS integer
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	kinds CONSTANT text[] := ARRAY['input', 'output', 'cached_input', 'cache_write', 'reasoning', 'call'];
	given CONSTANT numeric[] := ARRAY[input, output, cached_input, cache_write, reasoning, per_call];
	n integer;
BEGIN
	PERFORM gaiops.check_price_key(provider, model, effective_from);
	PERFORM gaiops.check_prices(kinds, given);
	INSERT INTO gaiops.prices AS p (provider, model, kind, price, effective_from, builtin, source,
		created_at, created_by, imported)
	SELECT gaiops.normalize_provider(provider), model, g.kind, g.price, gaiops.price_start(effective_from), false,
		source, now(), gaiops.caller(), false
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
