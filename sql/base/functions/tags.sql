-- Tags, whatever it is that has them.

CREATE OR REPLACE FUNCTION gaiops.tag_limits(OUT given integer, OUT key_bytes integer, OUT value_bytes integer)
RETURNS record LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'gaiops_tag_limits';
COMMENT ON FUNCTION gaiops.tag_limits() IS
	'Takes nothing; returns how many tags one call may give, and the most bytes of a key and of a value';

CREATE OR REPLACE FUNCTION gaiops.check_tag(key text, value text)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	most CONSTANT record := gaiops.tag_limits();
BEGIN
	PERFORM gaiops.check_given('key', key);
	PERFORM gaiops.check_given('value', value);
	IF octet_length(key) NOT BETWEEN 1 AND most.key_bytes THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('key of a tag must have 1 to %s bytes', most.key_bytes),
			DETAIL = format('It has %s.', octet_length(key));
	END IF;
	IF octet_length(value) > most.value_bytes THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('value of tag "%s" is too long', key),
			DETAIL = format('It has %s bytes; the limit is %s.', octet_length(value), most.value_bytes);
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_tag(text, text) IS
	'Takes the key and the value of a tag and returns nothing; '
	'raises if one of them is NULL or of a length it may not have';

CREATE OR REPLACE FUNCTION gaiops.read_tags(tags jsonb, OUT key text, OUT value text)
RETURNS SETOF record
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE ROWS 10
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	most CONSTANT record := gaiops.tag_limits();
	tag record;
BEGIN
	PERFORM gaiops.check_object('tags', tags, '{"team": "support"}');
	IF (SELECT count(*) FROM jsonb_object_keys(tags)) > most.given THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'argument "tags" has too many tags',
			DETAIL = format('It has %s; the limit is %s.', (SELECT count(*) FROM jsonb_object_keys(tags)), most.given);
	END IF;
	FOR tag IN SELECT t.key, t.value FROM jsonb_each(tags) AS t LOOP
		IF jsonb_typeof(tag.value) NOT IN ('string', 'number', 'boolean') THEN
			RAISE EXCEPTION USING
				ERRCODE = 'invalid_parameter_value',
				MESSAGE = format('value of tag "%s" must be a string, a number or a boolean', left(tag.key, 255)),
				DETAIL = format('It is of type %s.', jsonb_typeof(tag.value));
		END IF;
		key := tag.key;
		value := tag.value #>> '{}';
		PERFORM gaiops.check_tag(key, value);
		RETURN NEXT;
	END LOOP;
END
$$;
COMMENT ON FUNCTION gaiops.read_tags(jsonb) IS
	'Takes tags as an object, or NULL, and returns each with its value as text; raises unless all are acceptable';

CREATE OR REPLACE FUNCTION gaiops.raise_unknown_tag(what text, key text, known text[])
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	more CONSTANT text := CASE WHEN cardinality(known) > 10 THEN ' and others' END;
BEGIN
	RAISE EXCEPTION USING
		ERRCODE = 'undefined_object',
		MESSAGE = format('%s has no tag "%s"', what, left(key, 255)),
		DETAIL = CASE cardinality(known)
			WHEN 0 THEN 'It has no tags.'
			ELSE format('It has "%s"%s.', array_to_string(known[:10], '", "'), more) END;
END
$$;
COMMENT ON FUNCTION gaiops.raise_unknown_tag(text, text, text[]) IS
	'Takes what was to have a tag, in words, the key, and the keys of the tags it has, '
	'and raises that it has none of that key';
