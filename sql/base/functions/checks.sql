-- What arguments may be, whatever the function.

CREATE OR REPLACE FUNCTION gaiops.check_given(argument text, value anyelement)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF value IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'null_value_not_allowed',
			MESSAGE = format('argument "%s" must not be null', argument);
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_given(text, anyelement) IS
	'Takes an argument''s name and value and returns nothing; raises if it is NULL';

CREATE OR REPLACE FUNCTION gaiops.check_elements(argument text, elements anyarray)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF EXISTS (SELECT FROM unnest(elements) AS e WHERE e IS NULL) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'null_value_not_allowed',
			MESSAGE = format('argument "%s" must not contain nulls', argument);
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_elements(text, anyarray) IS
	'Takes an argument''s name and its value, an array or NULL, and returns nothing; '
	'raises if one of its elements is NULL';

CREATE OR REPLACE FUNCTION gaiops.raise_duplicate(what text, name text, remedy text DEFAULT NULL)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF remedy IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'duplicate_object',
			MESSAGE = format('%s "%s" already exists', what, name);
	END IF;
	RAISE EXCEPTION USING
		ERRCODE = 'duplicate_object',
		MESSAGE = format('%s "%s" already exists', what, name),
		HINT = remedy;
END
$$;
COMMENT ON FUNCTION gaiops.raise_duplicate(text, text, text) IS
	'Takes what is there already, its name, and what to do about it, or NULL; raises that it is';

CREATE OR REPLACE FUNCTION gaiops.check_size(argument text, value text, most integer)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF octet_length(value) > most THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('argument "%s" is too long', argument),
			DETAIL = format('It has %s bytes; the limit is %s.', octet_length(value), most);
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_size(text, text, integer) IS
	'Takes an argument''s name, its value or NULL, and the most bytes it may have '
	'and returns nothing; raises if it has more';

CREATE OR REPLACE FUNCTION gaiops.check_range(argument text, value integer, lowest integer, highest integer)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF value NOT BETWEEN lowest AND highest THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('argument "%s" is out of range', argument),
			DETAIL = format('It is %s; it must be from %s to %s.', value, lowest, highest);
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_range(text, integer, integer, integer) IS
	'Takes an argument''s name, its value or NULL, and the least and the most that it may be and returns nothing; '
	'raises if it is less or more';

CREATE OR REPLACE FUNCTION gaiops.check_object(argument text, value jsonb, example text)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF jsonb_typeof(value) <> 'object' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('argument "%s" must be a JSON object', argument),
			DETAIL = format('It is of type %s.', jsonb_typeof(value)),
			HINT = format('For example %s.', example);
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_object(text, jsonb, text) IS
	'Takes an argument''s name, its value or NULL, and an example and returns nothing; raises if it is no object';

CREATE OR REPLACE FUNCTION gaiops.check_writable(called text)
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF current_setting('transaction_read_only')::boolean THEN
		RAISE EXCEPTION USING
			ERRCODE = 'read_only_sql_transaction',
			MESSAGE = format('cannot execute %s() in a read-only transaction', called);
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_writable(text) IS
	'Takes the name of the function that was called and returns nothing; raises in a read-only transaction';

CREATE OR REPLACE FUNCTION gaiops.check_roles(argument text, roles text[], remedy text)
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	unknown text;
BEGIN
	IF array_ndims(roles) IS DISTINCT FROM 1 OR cardinality(roles) > 100 OR array_position(roles, NULL) IS NOT NULL
		OR (SELECT count(DISTINCT r) FROM unnest(roles) AS r) <> cardinality(roles)
	THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('argument "%s" must name 1 to 100 different roles', argument),
			HINT = remedy;
	END IF;
	SELECT r INTO unknown FROM unnest(roles) WITH ORDINALITY AS n (r, number)
		WHERE NOT EXISTS (SELECT FROM pg_roles AS p WHERE p.rolname = n.r)
		ORDER BY n.number LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_object',
			MESSAGE = format('role "%s" does not exist', unknown),
			HINT = 'Give names of roles as they are in pg_roles, without quotes.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_roles(text, text[], text) IS
	'Takes an argument''s name, its value and what to give instead of none and returns nothing; '
	'raises unless it names roles that exist and are different';

CREATE OR REPLACE FUNCTION gaiops.check_name(named text, name text, most integer DEFAULT 255)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_given('name', name);
	IF octet_length(name) NOT BETWEEN 1 AND most THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('name of %s must have 1 to %s bytes', named, most),
			DETAIL = format('It has %s.', octet_length(name));
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_name(text, text, integer) IS
	'Takes what is named, a name, and the most bytes it may have and returns nothing; raises if it has none or more';

-- Run by its caller: a type of a user's own has a cast of his own.  JSON is a scalar if
-- what it holds is one.  A row without a type of its own is a pseudo-type.
CREATE OR REPLACE FUNCTION gaiops.base_type(type oid)
RETURNS oid
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	WITH RECURSIVE below AS (
		SELECT t.oid, t.typbasetype FROM pg_type AS t WHERE t.oid = type
		UNION ALL
		SELECT t.oid, t.typbasetype FROM below AS b JOIN pg_type AS t ON t.oid = b.typbasetype
	)
	SELECT oid FROM below WHERE typbasetype = 0
$$;
COMMENT ON FUNCTION gaiops.base_type(oid) IS
	'Takes a type and returns the one that it is a domain over, through as many domains as there are, or itself';

CREATE OR REPLACE FUNCTION gaiops.scalar_text(value anyelement)
RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
SET datestyle = 'ISO'
SET intervalstyle = 'postgres'
SET bytea_output = 'hex'
SET extra_float_digits = 1
AS $$
DECLARE
	t pg_type;
	plain jsonb;
BEGIN
	SELECT p.* INTO t FROM pg_type AS p WHERE p.oid = gaiops.base_type(pg_typeof(value));
	IF t.oid IN ('json'::regtype, 'jsonb'::regtype, 'gaiops.ordered_json'::regtype) THEN
		plain := to_jsonb(value);
	END IF;
	IF t.typcategory IN ('A', 'C', 'P') OR jsonb_typeof(plain) IN ('array', 'object', 'null') THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'argument "value" must be a single value',
			DETAIL = format('It is of type %s.',
				coalesce('JSON ' || jsonb_typeof(plain), format_type(pg_typeof(value), NULL))),
			HINT = 'Give it as text, or each of its values by itself.';
	END IF;
	RETURN CASE WHEN plain IS NULL THEN value::text ELSE plain #>> '{}' END;
END
$$;
COMMENT ON FUNCTION gaiops.scalar_text(anyelement) IS
	'Takes a value of any type and returns it as a cast to text writes it, converted as the role in force; '
	'raises if it is an array, a row, or JSON that is more than a string, a number or a boolean';

-- As many as the views show, which so never fail for them.
CREATE OR REPLACE FUNCTION gaiops.check_room(owner text, things text, others bigint)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF others >= 1000 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'program_limit_exceeded',
			MESSAGE = format('%s has too many %s', owner, things),
			DETAIL = 'It can have 1000.',
			HINT = 'Delete some that nobody needs.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_room(text, text, bigint) IS
	'Takes what is to have one more of something, in words, of what, and how many others it has and returns nothing; '
	'raises if these are as many as it can have';

CREATE OR REPLACE FUNCTION gaiops.list_some(items text[])
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT array_to_string(items[:10], ', ')
		|| CASE WHEN cardinality(items) > 10 THEN format(' and %s more', cardinality(items) - 10) ELSE '' END
$$;
COMMENT ON FUNCTION gaiops.list_some(text[]) IS 'Takes a list and returns it in words, no more than ten of it';
