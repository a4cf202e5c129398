-- Juries: several judges whose verdicts are one.

-- A jury that is built of deleted judges would be one of what is hidden.
CREATE OR REPLACE FUNCTION gaiops.jury_members(
	names text[], OUT name text, OUT version integer, OUT value_type text, OUT choices jsonb,
	OUT threshold double precision, OUT direction text)
RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 3
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	wanted text;
BEGIN
	FOREACH wanted IN ARRAY names LOOP
		SELECT j.name, j.version, j.value_type, j.choices, j.threshold, j.direction
			INTO name, version, value_type, choices, threshold, direction
			FROM gaiops.judges AS j WHERE j.name = wanted AND j.rule IS NULL;
		IF NOT FOUND THEN
			RAISE EXCEPTION USING
				ERRCODE = 'undefined_object',
				MESSAGE = format('there is no judge "%s" for a jury', left(wanted, 100)),
				HINT = 'Judges are listed in gaiops.judges; those that have a rule are juries themselves.';
		END IF;
		RETURN NEXT;
	END LOOP;
END
$$;
COMMENT ON FUNCTION gaiops.jury_members(text[]) IS
	'Takes names of judges and returns what gaiops.judges has of them, in that order; raises if one is no judge';

CREATE OR REPLACE FUNCTION gaiops.check_jury(judges text[], rule text)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_given('judges', judges);
	PERFORM gaiops.check_given('rule', rule);
	PERFORM gaiops.check_elements('judges', judges);
	IF array_ndims(judges) IS DISTINCT FROM 1 OR cardinality(judges) NOT BETWEEN 2 AND 20
		OR (SELECT count(DISTINCT j) FROM unnest(judges) AS j) < cardinality(judges) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'argument "judges" is not acceptable',
			DETAIL = 'It must be an array of 2 to 20 different names.';
	END IF;
	IF rule NOT IN ('majority', 'mean') THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'argument "rule" is not acceptable',
			DETAIL = 'It must be "majority" or "mean".';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_jury(text[], text) IS
	'Takes the arguments of gaiops_create_jury() and returns nothing; '
	'raises unless they have the form that they should';

-- Verdicts that mean different things have no majority and no mean.
CREATE OR REPLACE FUNCTION gaiops.jury_of(judges text[], rule text)
RETURNS gaiops.judge_versions
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	jury gaiops.judge_versions;
	n integer;
BEGIN
	SELECT min(m.value_type), (array_agg(m.choices))[1]::json, min(m.direction), array_agg(m.name),
			array_agg(m.version),
			CASE WHEN count(m.threshold) = count(*) AND min(m.threshold) = max(m.threshold) THEN min(m.threshold) END,
			count(DISTINCT (m.value_type, m.choices, m.direction))
		INTO jury.value_type, jury.choices, jury.direction, jury.members, jury.member_versions, jury.threshold, n
		FROM gaiops.jury_members(judges) AS m;
	IF n > 1 OR (rule = 'majority') <> (jury.value_type IN ('yes_no', 'choice')) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'these judges do not make a jury',
			DETAIL = CASE WHEN n > 1 THEN 'They differ in what they say: in value type, choices or direction.'
				ELSE format('The rule "%s" is not for what they say, %s.', rule, jury.value_type) END,
			HINT = 'A majority is of judges that say yes or no or make a choice, a mean of those that give numbers.';
	END IF;
	jury.rule := rule;
	RETURN jury;
END
$$;
COMMENT ON FUNCTION gaiops.jury_of(text[], text) IS
	'Takes names of judges and a rule, and returns what gaiops.judge_versions has of their jury, '
	'without name, version, time and role; raises if they cannot be one';

CREATE OR REPLACE FUNCTION gaiops.inner_create_jury(name text, judges text[], rule text)
RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	created gaiops.judge_versions;
BEGIN
	PERFORM gaiops.check_writable('gaiops_create_jury');
	PERFORM gaiops.check_name_form('judge', name);
	PERFORM gaiops.check_jury(judges, rule);
	created := gaiops.jury_of(judges, rule);
	created.name := name;
	RETURN gaiops.insert_judge(created);
END
$$;
COMMENT ON FUNCTION gaiops.inner_create_jury(text, text[], text) IS
	'Takes the arguments of gaiops_create_jury() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_create_jury(name text, judges text[], rule text DEFAULT 'majority')
RETURNS integer
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_create_jury(text, text[], text) IS
	'Takes a name, judges, and what is made of their verdicts, majority or mean; stores the next version of that jury, '
	'of the versions that the judges have now, and returns its number; raises if they say different things, '
	'or the name is that of something else that scores';
