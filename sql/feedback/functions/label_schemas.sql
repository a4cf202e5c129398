-- What feedback of a name may be.

CREATE OR REPLACE FUNCTION gaiops.label_schema(name text)
RETURNS gaiops.label_schemas
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT s.* FROM gaiops.label_schemas AS s WHERE s.name = label_schema.name ORDER BY s.builtin LIMIT 1
$$;
COMMENT ON FUNCTION gaiops.label_schema(text) IS
	'Takes a name and returns the label schema of that name; NULL if there is none';

-- A model that is asked for one word may end its line.
CREATE OR REPLACE FUNCTION gaiops.trim_space(word text)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN btrim(word, E' \t\n\r\f\v');
COMMENT ON FUNCTION gaiops.trim_space(text) IS
	'Takes a text and returns it without the blanks, tabs and ends of lines around it';

-- Whatever a pass_fail schema calls them.
CREATE OR REPLACE FUNCTION gaiops.word_verdict(word text)
RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT CASE
		WHEN lower(gaiops.trim_space(word)) IN ('true', 'yes', 'pass', '1') THEN true
		WHEN lower(gaiops.trim_space(word)) IN ('false', 'no', 'fail', '0') THEN false
	END
$$;
COMMENT ON FUNCTION gaiops.word_verdict(text) IS
	'Takes a word and returns whether it means that something passes or fails; NULL if neither';

CREATE OR REPLACE FUNCTION gaiops.fit_pass_fail(s gaiops.label_schemas, value jsonb)
RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT to_jsonb(CASE lower(gaiops.trim_space(w.word))
		WHEN lower(gaiops.trim_space(s.labels[1])) THEN true
		WHEN lower(gaiops.trim_space(s.labels[2])) THEN false
		ELSE gaiops.word_verdict(w.word) END)
	FROM (SELECT CASE
		WHEN jsonb_typeof(value) IN ('string', 'boolean') THEN value #>> '{}'
		WHEN value = '1' THEN '1'
		WHEN value = '0' THEN '0' END) AS w (word)
$$;
COMMENT ON FUNCTION gaiops.fit_pass_fail(gaiops.label_schemas, jsonb) IS
	'Takes a pass_fail schema and a value and returns it as a JSON boolean; NULL if it is none';

-- In the order of the schema, so that equal choices are equal values.
CREATE OR REPLACE FUNCTION gaiops.fit_categories(s gaiops.label_schemas, value jsonb)
RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT CASE WHEN s.multiple THEN coalesce(fitting.labels, '[]') ELSE given.chosen -> 0 END
	FROM (
			SELECT CASE
				WHEN jsonb_typeof(value) = 'array' THEN value
				WHEN jsonb_typeof(value) = 'string' AND NOT to_jsonb(s.labels) @> value
					THEN jsonb_build_array(gaiops.trim_space(value #>> '{}'))
				ELSE jsonb_build_array(value) END
		) AS given (chosen),
		LATERAL (
			SELECT jsonb_agg(l.label ORDER BY l.n) FROM unnest(s.labels) WITH ORDINALITY AS l (label, n)
			WHERE given.chosen @> jsonb_build_array(l.label)) AS fitting (labels)
	WHERE (s.multiple OR jsonb_typeof(value) = 'string') AND to_jsonb(s.labels) @> given.chosen
$$;
COMMENT ON FUNCTION gaiops.fit_categories(gaiops.label_schemas, jsonb) IS
	'Takes a schema of categories and a value and returns it as a label or, where several can be chosen, '
	'as an array of labels; NULL if it is none';

CREATE OR REPLACE FUNCTION gaiops.fit_number(s gaiops.label_schemas, value jsonb)
RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT to_jsonb(trim_scale(n.number))
	FROM (SELECT CASE
		WHEN jsonb_typeof(value) = 'number'
			OR jsonb_typeof(value) = 'string'
				AND gaiops.trim_space(value #>> '{}')
					~ '^[-+]?([0-9]{1,100}([.][0-9]{0,100})?|[.][0-9]{1,100})([eE][-+]?[0-9]{1,2})?$'
		THEN (value #>> '{}')::numeric END) AS n (number)
	WHERE n.number >= coalesce(s.minimum, n.number) AND n.number <= coalesce(s.maximum, n.number)
$$;
COMMENT ON FUNCTION gaiops.fit_number(gaiops.label_schemas, jsonb) IS
	'Takes a schema of numbers and a value and returns it as a JSON number; NULL if it is none, or out of bounds';

CREATE OR REPLACE FUNCTION gaiops.fit_text(s gaiops.label_schemas, value jsonb)
RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT value
	WHERE jsonb_typeof(value) = 'string'
		AND char_length(value #>> '{}') <= coalesce(s.max_length, char_length(value #>> '{}'))
$$;
COMMENT ON FUNCTION gaiops.fit_text(gaiops.label_schemas, jsonb) IS
	'Takes a schema of texts and a value and returns it if it is a text that is not too long; NULL otherwise';

CREATE OR REPLACE FUNCTION gaiops.describe_label_schema(s gaiops.label_schemas)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT CASE s.kind
		WHEN 'pass_fail' THEN 'true or false, also written '
			|| CASE WHEN s.labels = ARRAY['yes', 'no'] THEN ''
				ELSE format('"%s" or "%s", ', s.labels[1], s.labels[2]) END
			|| 'yes or no, pass or fail, or 1 or 0'
		WHEN 'categories' THEN CASE WHEN s.multiple THEN 'an array of any of ' ELSE 'one of ' END || (
			SELECT gaiops.list_some(array_agg(format('"%s"', l.label) ORDER BY l.n))
				FROM unnest(s.labels) WITH ORDINALITY AS l (label, n))
		WHEN 'number' THEN CASE
			WHEN s.minimum IS NULL AND s.maximum IS NULL THEN 'a number'
			WHEN s.maximum IS NULL THEN format('a number of at least %s', s.minimum)
			WHEN s.minimum IS NULL THEN format('a number of at most %s', s.maximum)
			ELSE format('a number from %s to %s', s.minimum, s.maximum) END
		ELSE 'a text' || coalesce(' of at most ' || s.max_length || ' characters', '')
	END
$$;
COMMENT ON FUNCTION gaiops.describe_label_schema(gaiops.label_schemas) IS
	'Takes a label schema and returns in words what it allows';

CREATE OR REPLACE FUNCTION gaiops.check_label(name text, value jsonb)
RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	s CONSTANT gaiops.label_schemas := gaiops.label_schema(name);
	fit jsonb;
BEGIN
	IF s.name IS NULL THEN
		RETURN value;
	END IF;
	fit := CASE s.kind
		WHEN 'pass_fail' THEN gaiops.fit_pass_fail(s, value)
		WHEN 'categories' THEN gaiops.fit_categories(s, value)
		WHEN 'number' THEN gaiops.fit_number(s, value)
		ELSE gaiops.fit_text(s, value) END;
	IF fit IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('value of "%s" does not fit its label schema', name),
			DETAIL = format('It is %s; allowed is %s.', coalesce(left(value::text, 100), 'NULL'),
				gaiops.describe_label_schema(s)),
			HINT = CASE WHEN s.multiple AND jsonb_typeof(value) = 'string' AND value #>> '{}' ~ E'^\\s*\\['
				THEN 'A text is taken as it is: write ''["…"]''::jsonb for an array.'
				ELSE 'What is allowed for each name is in gaiops.label_schemas.' END;
	END IF;
	RETURN fit;
END
$$;
COMMENT ON FUNCTION gaiops.check_label(text, jsonb) IS
	'Takes the name of feedback and its value and returns the value as it is stored: '
	'as the label schema of that name has it, or as it is if there is none; raises if it does not fit';

CREATE OR REPLACE FUNCTION gaiops.check_schema_kind(kind text)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	IF kind NOT IN ('pass_fail', 'categories', 'number', 'text') THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('unknown kind of label schema: "%s"', left(kind, 100)),
			HINT = 'The kinds are pass_fail, categories, number and text.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_schema_kind(text) IS
	'Takes the kind of a label schema and returns nothing; raises unless there is such a kind';

CREATE OR REPLACE FUNCTION gaiops.check_schema_arguments(s gaiops.label_schemas)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	alien text;
BEGIN
	PERFORM gaiops.check_schema_kind(s.kind);
	SELECT a.argument INTO alien
		FROM (VALUES
			(1, 'labels', s.labels IS NOT NULL, ARRAY['pass_fail', 'categories']),
			(2, 'multiple', s.multiple, ARRAY['categories']),
			(3, 'ordered', s.ordered, ARRAY['categories']),
			(4, 'minimum', s.minimum IS NOT NULL, ARRAY['number']),
			(5, 'maximum', s.maximum IS NOT NULL, ARRAY['number']),
			(6, 'max_length', s.max_length IS NOT NULL, ARRAY['text'])) AS a (n, argument, is_given, kinds)
		WHERE a.is_given AND s.kind <> ALL (a.kinds)
		ORDER BY a.n LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('argument "%s" is not for label schemas of kind %s', alien, s.kind),
			HINT = 'Labels are for pass_fail and categories, "multiple" and "ordered" for categories, '
				'"minimum" and "maximum" for number, "max_length" for text.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_schema_arguments(gaiops.label_schemas) IS
	'Takes a label schema as it was given and returns nothing; raises unless there is such a kind, '
	'and everything given is for it';

CREATE OR REPLACE FUNCTION gaiops.schema_labels_problem(kind text, labels text[])
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT CASE
		WHEN kind NOT IN ('pass_fail', 'categories') THEN NULL
		WHEN array_ndims(labels) IS DISTINCT FROM 1 OR kind = 'pass_fail' AND cardinality(labels) <> 2
			OR cardinality(labels) NOT BETWEEN 2 AND 100
		THEN CASE kind WHEN 'pass_fail' THEN 'A pass_fail schema has two: what true is called, and what false is.'
			ELSE 'Categories are 2 to 100.' END
		WHEN EXISTS (SELECT FROM unnest(labels) AS l WHERE l IS NULL OR char_length(l) NOT BETWEEN 1 AND 64)
		THEN 'A label has 1 to 64 characters.'
		WHEN (SELECT count(DISTINCT CASE kind WHEN 'pass_fail' THEN lower(gaiops.trim_space(l)) ELSE l END)
			FROM unnest(labels) AS l) < cardinality(labels)
		THEN 'No two of them may be alike.'
		WHEN kind = 'pass_fail' AND (gaiops.word_verdict(labels[1]) IS FALSE OR gaiops.word_verdict(labels[2]))
		THEN 'The first is what true is called, the second what false is; these say the opposite.'
	END
$$;
COMMENT ON FUNCTION gaiops.schema_labels_problem(text, text[]) IS
	'Takes the kind of a label schema and its labels and returns what is wrong with them; NULL if nothing is';

CREATE OR REPLACE FUNCTION gaiops.check_schema_bounds(s gaiops.label_schemas)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	infinite record;
BEGIN
	SELECT b.argument, b.bound INTO infinite
		FROM (VALUES (1, 'minimum', s.minimum), (2, 'maximum', s.maximum)) AS b (n, argument, bound)
		WHERE b.bound::text IN ('NaN', 'Infinity', '-Infinity')
		ORDER BY b.n LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('argument "%s" must be finite', infinite.argument),
			DETAIL = format('It is %s.', infinite.bound),
			HINT = 'Leave out a bound that there is not.';
	END IF;
	IF s.minimum >= s.maximum THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'argument "minimum" must be less than "maximum"',
			DETAIL = format('They are %s and %s.', s.minimum, s.maximum);
	END IF;
	IF s.max_length < 1 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'argument "max_length" must be at least 1';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_schema_bounds(gaiops.label_schemas) IS
	'Takes a label schema and returns nothing; raises unless its bounds are finite and in order, and its length is one';

CREATE OR REPLACE FUNCTION gaiops.check_schema_limits(s gaiops.label_schemas)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	IF gaiops.schema_labels_problem(s.kind, s.labels) IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('invalid labels of label schema "%s"', s.name),
			DETAIL = gaiops.schema_labels_problem(s.kind, s.labels);
	END IF;
	PERFORM gaiops.check_schema_bounds(s);
END
$$;
COMMENT ON FUNCTION gaiops.check_schema_limits(gaiops.label_schemas) IS
	'Takes a label schema and returns nothing; raises unless its labels, bounds and length make sense';

CREATE OR REPLACE FUNCTION gaiops.find_feedback_author(name text, other_than name)
RETURNS text LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_find_feedback_author';
COMMENT ON FUNCTION gaiops.find_feedback_author(text, name) IS
	'Takes a name of feedback and a role and returns another role that has given feedback of that name by now, '
	'whatever the snapshot of the transaction; NULL if there is none';

-- What others say would be refused from then on: that is for who answers for all.
CREATE OR REPLACE FUNCTION gaiops.check_label_name(name text)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	own CONSTANT name := gaiops.caller();
	other text;
BEGIN
	IF has_function_privilege(own, 'gaiops.admin_right()'::regprocedure, 'EXECUTE') THEN
		RETURN;
	END IF;
	other := gaiops.find_feedback_author(name, own);
	IF other IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'insufficient_privilege',
			MESSAGE = format('permission denied to create label schema "%s"', name),
			DETAIL = format('Others give feedback of that name, such as "%s", '
				'and a label schema would have it checked.', other),
			HINT = 'Take another name, or have a role with the right "admin" create it.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_label_name(text) IS
	'Takes the name of a new label schema and returns nothing; raises if others have given feedback of that name '
	'and the role in force has not the right "admin"';

CREATE OR REPLACE FUNCTION gaiops.store_label_schema(s gaiops.label_schemas)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	is_builtin CONSTANT boolean := EXISTS (SELECT FROM gaiops.label_schemas AS b WHERE b.name = s.name AND b.builtin);
BEGIN
	s.builtin := false;
	s.created_at := now();
	s.created_by := gaiops.caller();
	IF NOT is_builtin THEN
		-- Waits for another that makes it at the same time.
		INSERT INTO gaiops.label_schemas SELECT (s).* ON CONFLICT DO NOTHING;
	END IF;
	IF is_builtin OR NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'duplicate_object',
			MESSAGE = format('label schema "%s" already exists', s.name),
			DETAIL = CASE WHEN is_builtin THEN 'It comes with genaiops.' ELSE 'It was created in this database.' END,
			HINT = 'A label schema is not changed: take another name, or drop it with gaiops_drop_label_schema() '
				'unless it comes with genaiops.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.store_label_schema(gaiops.label_schemas) IS
	'Takes a label schema, stores it and returns nothing; raises if there is one of that name';

CREATE OR REPLACE FUNCTION gaiops.inner_create_label_schema(
	name text, kind text, instruction text, labels text[], multiple boolean, ordered boolean, minimum numeric,
	maximum numeric, max_length integer)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	s gaiops.label_schemas;
BEGIN
	PERFORM gaiops.check_writable('gaiops_create_label_schema');
	PERFORM gaiops.check_name('feedback', name, 250);
	PERFORM gaiops.check_given('kind', kind);
	PERFORM gaiops.check_size('instruction', instruction, 10000);
	s.name := name;
	s.kind := kind;
	s.instruction := nullif(instruction, '');
	-- Its elements are counted from 1, whatever the array says.
	s.labels := labels[:];
	s.multiple := coalesce(multiple, false);
	s.ordered := coalesce(ordered, false);
	s.minimum := minimum;
	s.maximum := maximum;
	s.max_length := max_length;
	PERFORM gaiops.check_schema_arguments(s);
	IF kind = 'pass_fail' THEN
		s.labels := coalesce(s.labels, ARRAY['yes', 'no']);
	END IF;
	PERFORM gaiops.check_schema_limits(s);
	PERFORM gaiops.check_label_name(name);
	PERFORM gaiops.store_label_schema(s);
	RETURN name;
END
$$;
COMMENT ON FUNCTION gaiops.inner_create_label_schema(
	text, text, text, text[], boolean, boolean, numeric, numeric, integer) IS
	'Takes the arguments of gaiops_create_label_schema() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_create_label_schema(
	name text,
	kind text,
	instruction text DEFAULT NULL,
	labels text[] DEFAULT NULL,
	multiple boolean DEFAULT false,
	ordered boolean DEFAULT false,
	minimum numeric DEFAULT NULL,
	maximum numeric DEFAULT NULL,
	max_length integer DEFAULT NULL)
RETURNS text
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_create_label_schema(
	text, text, text, text[], boolean, boolean, numeric, numeric, integer) IS
	'Takes the name of feedback, what kind it is (pass_fail, categories, number or text), '
	'what reviewers are told and what is allowed, has feedback of that name checked from now on, and returns the name';

CREATE OR REPLACE FUNCTION gaiops.find_schema_queue(name text)
RETURNS text LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_find_schema_queue';
COMMENT ON FUNCTION gaiops.find_schema_queue(text) IS
	'Takes the name of a label schema and returns a review queue that asks for it by now, '
	'whatever the snapshot of the transaction; NULL if there is none';

CREATE OR REPLACE FUNCTION gaiops.raise_undroppable_schema(name text)
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	IF (gaiops.label_schema(name)).builtin THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('cannot drop label schema "%s"', name),
			DETAIL = 'It comes with genaiops.';
	END IF;
	RAISE EXCEPTION USING
		ERRCODE = 'undefined_object',
		MESSAGE = format('label schema "%s" does not exist', name);
END
$$;
COMMENT ON FUNCTION gaiops.raise_undroppable_schema(text) IS
	'Takes a name that no label schema of this database has; raises that it comes with genaiops, or that there is none';

CREATE OR REPLACE FUNCTION gaiops.inner_drop_label_schema(name text)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	dropped CONSTANT text := name;
	queue text;
BEGIN
	PERFORM gaiops.check_writable('gaiops_drop_label_schema');
	PERFORM gaiops.check_given('name', name);
	-- A queue that is created with it at the same time holds its row.
	DELETE FROM gaiops.label_schemas AS s WHERE s.name = dropped AND NOT s.builtin;
	IF NOT FOUND THEN
		PERFORM gaiops.raise_undroppable_schema(dropped);
	END IF;
	queue := gaiops.find_schema_queue(dropped);
	IF queue IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'dependent_objects_still_exist',
			MESSAGE = format('label schema "%s" is in use', dropped),
			DETAIL = format('Review queue "%s" asks for it.', queue),
			HINT = 'Drop the queue with gaiops_drop_review_queue() first.';
	END IF;
	RETURN name;
END
$$;
COMMENT ON FUNCTION gaiops.inner_drop_label_schema(text) IS
	'Takes the arguments of gaiops_drop_label_schema() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_drop_label_schema(name text)
RETURNS text
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_drop_label_schema(text) IS
	'Takes the name of a label schema, has feedback of that name checked no more, and returns the name; '
	'raises if it came with the extension, or while a review queue asks for it';
