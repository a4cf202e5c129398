-- What the value of feedback or of an expectation is, however it was given.

-- In JSON they are texts, and only the type tells them from other texts.
CREATE OR REPLACE FUNCTION gaiops.infinite_number(value jsonb, type oid)
RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	t pg_type;
BEGIN
	IF NOT jsonb_path_exists(value, '$.** ? (@ == "NaN" || @ == "Infinity" || @ == "-Infinity")') THEN
		RETURN NULL;
	END IF;
	SELECT * INTO t FROM pg_type AS p WHERE p.oid = type;
	WHILE t.typbasetype <> 0 LOOP
		SELECT * INTO t FROM pg_type AS p WHERE p.oid = t.typbasetype;
	END LOOP;
	RETURN CASE
		WHEN t.typcategory = 'N' THEN value #>> '{}'
		-- An array of more dimensions has arrays as elements.
		WHEN t.typcategory = 'A' AND jsonb_typeof(value) = 'array' THEN (
			SELECT min(gaiops.infinite_number(e, CASE jsonb_typeof(e) WHEN 'array' THEN t.oid ELSE t.typelem END))
				FROM jsonb_array_elements(value) AS e)
		WHEN t.typrelid <> 0 THEN (
			SELECT min(gaiops.infinite_number(value -> a.attname, a.atttypid)) FROM pg_attribute AS a
			WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped)
	END;
END
$$;
COMMENT ON FUNCTION gaiops.infinite_number(jsonb, oid) IS
	'Takes a value as JSON and its type and returns a number in it that JSON does not have, '
	'such as NaN; NULL if there is none';

CREATE OR REPLACE FUNCTION gaiops.assessment_value(value anyelement)
RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
SET datestyle = 'ISO'
SET intervalstyle = 'postgres'
SET bytea_output = 'hex'
SET extra_float_digits = 1
AS $$
DECLARE
	stored CONSTANT jsonb := to_jsonb(value);
	infinite CONSTANT text := gaiops.infinite_number(stored, pg_typeof(value));
BEGIN
	IF infinite IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = CASE jsonb_typeof(stored) WHEN 'string' THEN 'argument "value" must be a finite number'
				ELSE 'argument "value" must not contain a number that is not finite' END,
			DETAIL = format(
				CASE jsonb_typeof(stored) WHEN 'string' THEN 'It is %s.' ELSE 'It contains %s.' END, infinite);
	END IF;
	RETURN stored;
END
$$;
COMMENT ON FUNCTION gaiops.assessment_value(anyelement) IS
	'Takes a value of any type and returns it as JSON, converted as the role in force; '
	'raises if it is or contains a number that JSON does not have';

CREATE OR REPLACE FUNCTION gaiops.wanted_expectation(name text, value jsonb)
RETURNS text LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'gaiops_wanted_expectation';
COMMENT ON FUNCTION gaiops.wanted_expectation(text, jsonb) IS
	'Takes the name of an expectation and its value; returns what the value should have been, in words, '
	'if scorers read it, NULL if it is that or they do not';

-- As the scorers read them.  JSON in quotes is a text, which is easily overlooked.
CREATE OR REPLACE FUNCTION gaiops.check_expectation(name text, value jsonb)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	wanted CONSTANT text := gaiops.wanted_expectation(name, value);
BEGIN
	IF wanted IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('value of "%s" must be %s', name, wanted),
			DETAIL = format('It is %s.', left(value::text, 100)),
			HINT = CASE
				WHEN jsonb_typeof(value) <> 'string'
					THEN 'Scorers and judges read it so; take another name for anything else.'
				WHEN gaiops.wanted_expectation(name, '["…"]') IS NULL
					THEN 'A text is taken as it is: write ''["…"]''::jsonb for an array.'
				ELSE 'A text is taken as it is: write ''[{"…": …}]''::jsonb for an array of objects.' END;
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_expectation(text, jsonb) IS
	'Takes the name of an expectation and its value and returns nothing; '
	'raises if it is one that scorers read and the value is not of the type they read';

-- Drivers send what is typed nowhere as text, whatever it was in their language.  What
-- jsonb does not hold, such as 1e999999, stays a text, and so does {}, which may be an
-- object or an array.
CREATE OR REPLACE FUNCTION gaiops.text_value(value text)
RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF value IN ('true', 'false')
		OR length(value) <= 1000 AND value ~ '^-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][-+]?[0-9]{1,4})?$'
	THEN
		RETURN value::jsonb;
	END IF;
	IF value ~ '^([[].*[]]|[{].*[}])$' AND value !~ '^[{][[:space:]]*[}]$' THEN
		BEGIN
			RETURN value::jsonb;
		EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
			NULL;
		END;
	END IF;
	RETURN to_jsonb(value);
END
$$;
COMMENT ON FUNCTION gaiops.text_value(text) IS
	'Takes a text and returns as JSON the boolean, number, array or object that it is, exactly as JSON writes one, '
	'or else the text; {} is a text';

-- What a driver makes of a list when nobody says the type.
CREATE OR REPLACE FUNCTION gaiops.refuse_array_text(name text, value text)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	elements text[];
BEGIN
	IF value !~ '^[{].*[}]$' THEN
		RETURN;
	END IF;
	BEGIN
		elements := value::text[];
	EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
		RETURN;
	END;
	RAISE EXCEPTION USING
		ERRCODE = 'invalid_parameter_value',
		MESSAGE = format('value of "%s" is a text that reads as an array', name),
		DETAIL = CASE elements WHEN '{}' THEN format('It is %s, which may also be an object.', left(value, 100))
			ELSE format('It is %s.', left(value, 100)) END,
		HINT = CASE
			WHEN value ~ E'^[{]\\s*'''
				THEN 'In JSON quotes are double: give {"…": …}, and cast the parameter, as in $3::jsonb.'
			-- What may be no text.
			WHEN gaiops.wanted_expectation(name, '"…"') IS NOT NULL THEN 'Cast the parameter, as in $3::text[].'
			WHEN elements = '{}'
				THEN 'Cast the parameter, as in $3::text[] or $3::jsonb, or give to_jsonb(''…''::text) for a text.'
			ELSE 'Cast the parameter, as in $3::text[], or give to_jsonb(''…''::text) for a text.' END;
END
$$;
COMMENT ON FUNCTION gaiops.refuse_array_text(text, text) IS
	'Takes the name of an assessment and its value, a text, and returns nothing; '
	'raises if the value is an array in braces, as PostgreSQL writes one';

-- What was stored as it was given stays so when a label schema of its name appears.
CREATE OR REPLACE FUNCTION gaiops.feedback_value(given gaiops.human_assessments, is_text boolean)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	plain CONSTANT jsonb := CASE WHEN is_text THEN gaiops.text_value(given.value #>> '{}') ELSE given.value END;
	label_schema CONSTANT gaiops.label_schemas := gaiops.label_schema(given.name);
	stored jsonb;
BEGIN
	IF given.idempotency_key IS NOT NULL THEN
		stored := ((gaiops.find_assessment(given.assessment_id)).assessment).value;
		IF stored IN (given.value, plain) THEN
			RETURN stored;
		END IF;
	END IF;
	-- A label may be written as an array is.
	IF label_schema.name IS NOT NULL
		AND (is_text AND label_schema.multiple AND given.value #>> '{}' <> ALL (label_schema.labels)) IS NOT TRUE
	THEN
		RETURN gaiops.check_label(given.name, given.value);
	END IF;
	IF is_text AND jsonb_typeof(plain) = 'string' THEN
		PERFORM gaiops.refuse_array_text(given.name, plain #>> '{}');
	END IF;
	RETURN gaiops.check_label(given.name, plain);
END
$$;
COMMENT ON FUNCTION gaiops.feedback_value(gaiops.human_assessments, boolean) IS
	'Takes feedback as it was given, and whether its value was given as text, and returns the value as it is stored; '
	'raises if it does not fit its label schema, or there is none and it is a text that reads as an array';
