-- A price is a fact with a date: what was true at the time of a call stays on
-- file, and a new price is a new row.  "builtin" is part of the key so that a
-- row of the user's never stands where an install script puts one of ours: the
-- dump of a database has the user's rows alone, and is loaded after ours.
CREATE TABLE gaiops.prices (
	provider        text NOT NULL CHECK (provider <> '' AND length(provider) <= 100),
	model           text NOT NULL CHECK (model <> '' AND length(model) <= 400),
	kind            text NOT NULL
		CHECK (kind IN ('input', 'output', 'cached_input', 'cache_write', 'reasoning', 'call')),
	price           numeric NOT NULL CHECK (price >= 0 AND price < 1e12 AND scale(price) <= 30),
	effective_from  timestamptz NOT NULL CHECK (isfinite(effective_from)),
	builtin         boolean NOT NULL,
	source          text,
	created_at      timestamptz NOT NULL,
	created_by      name NOT NULL,
	imported        boolean,
	PRIMARY KEY (provider, model, kind, builtin, effective_from)
);
COMMENT ON TABLE gaiops.prices IS
	'Prices in US dollars by provider, model and kind of token, each from a time on; '
	'written by gaiops_set_price() and gaiops_import_prices()';
COMMENT ON COLUMN gaiops.prices.provider IS 'Provider, named as in OpenTelemetry gen_ai.provider.name';
COMMENT ON COLUMN gaiops.prices.model IS 'Model, as the provider names it';
COMMENT ON COLUMN gaiops.prices.kind IS
	'input, output, cached_input, cache_write or reasoning: per million tokens; call: per call';
COMMENT ON COLUMN gaiops.prices.price IS 'US dollars per million tokens, or per call; exact';
COMMENT ON COLUMN gaiops.prices.effective_from IS
	'Start of its validity, which lasts until the next row of the same kind; '
	'1970-01-01 UTC where it has always been valid';
COMMENT ON COLUMN gaiops.prices.builtin IS
	'Whether it came with the extension; such rows are not dumped, and any price of the user''s own '
	'that is in force wins over them';
COMMENT ON COLUMN gaiops.prices.source IS 'Where the figure is from';
COMMENT ON COLUMN gaiops.prices.created_at IS 'When it was put on file';
COMMENT ON COLUMN gaiops.prices.created_by IS 'Database role that put it on file';
COMMENT ON COLUMN gaiops.prices.imported IS
	'Whether it is from a list that was imported; NULL if that is not known, and then it counts as set';
SELECT pg_catalog.pg_extension_config_dump('gaiops.prices', 'WHERE NOT builtin');
