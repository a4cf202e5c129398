-- Costs of the past at the prices on file.

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

CREATE OR REPLACE FUNCTION gaiops.check_repriced_time(from_time timestamptz, to_time timestamptz)
RETURNS void
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
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
END
$$;
COMMENT ON FUNCTION gaiops.check_repriced_time(timestamptz, timestamptz) IS
	'Takes a time range; raises unless both ends are given and in order';

-- The lock keeps prices as they are until this commits and admits one
-- repricing at a time, so that no difference is counted twice.  Calls only read
-- prices and go on.
CREATE OR REPLACE FUNCTION gaiops.inner_reprice(from_time timestamptz, to_time timestamptz)
RETURNS bigint
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, gaiops, pg_temp
SET jit = off
AS $$
DECLARE
	n bigint;
BEGIN
	PERFORM gaiops.check_repriced_time(from_time, to_time);
	-- A span that maintenance moves meanwhile would not be found in either place.
	PERFORM gaiops.lock_registry('moving rows');
	LOCK TABLE gaiops.prices IN SHARE ROW EXCLUSIVE MODE;
	WITH priced AS MATERIALIZED (
		SELECT s.trace_id, s.span_id, s.start_time, s.cost AS old_cost,
			gaiops.price_attempt(s.provider, s.model, s.response_model, s.input_tokens, s.output_tokens,
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
