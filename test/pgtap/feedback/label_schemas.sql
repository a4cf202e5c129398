-- Label schemas: what they may be, and what feedback of their names may be.
\set QUIET on
SET client_min_messages = warning;
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();

\ir ../../lib/raised.sql

-- What the functions are.
SELECT is(p.oid::regprocedure::text || ' ' || p.prorettype::regtype, e.signature, e.signature)
FROM (VALUES
	('gaiops_create_label_schema(text,text,text,text[],boolean,boolean,numeric,numeric,integer) text'),
	('gaiops_drop_label_schema(text) text')) AS e (signature)
LEFT JOIN pg_proc AS p ON p.proname = split_part(e.signature, '(', 1);
SELECT is(p.proargnames, e.names, p.proname || ' names its arguments')
FROM pg_proc AS p JOIN (VALUES
	('gaiops_create_label_schema', ARRAY['name', 'kind', 'instruction', 'labels', 'multiple', 'ordered', 'minimum', 'maximum', 'max_length']),
	('gaiops_drop_label_schema', ARRAY['name'])) AS e (name, names) ON p.proname = e.name;

-- Those that are there.
SELECT results_eq($$ SELECT name, kind, labels, minimum, maximum, multiple, ordered FROM gaiops.label_schemas WHERE builtin ORDER BY name $$,
	$$ VALUES ('correctness' COLLATE "C", 'pass_fail', '{yes,no}'::text[], NULL::numeric, NULL::numeric, false, false), ('groundedness', 'pass_fail', '{yes,no}', NULL, NULL, false, false),
		('intent_resolution', 'number', NULL, 1, 5, false, false), ('thumbs', 'pass_fail', '{up,down}', NULL, NULL, false, false) $$, 'thumbs, correctness, groundedness and intent_resolution are ready');
SELECT ok(bool_and(instruction <> ''), 'each tells reviewers what is asked') FROM gaiops.label_schemas WHERE builtin;

-- Creating.
SELECT is(gaiops_create_label_schema('safe', 'pass_fail', 'Is it safe?'), 'safe', 'pass_fail');
SELECT is(gaiops_create_label_schema('grade', 'pass_fail', labels => '{Gut,Schlecht}'), 'grade', 'pass_fail with names of its own');
SELECT is(gaiops_create_label_schema('tone', 'categories', labels => '{cold,neutral,warm}', ordered => true), 'tone', 'categories');
SELECT is(gaiops_create_label_schema('flaws', 'categories', NULL, '{too long,rude,"off topic"}', multiple => true), 'flaws', 'categories, of which many can be chosen');
SELECT is(gaiops_create_label_schema('size', 'categories', labels => '[3:4]={small,large}'), 'size', 'categories of an array that begins anywhere');
SELECT is(gaiops_create_label_schema('mark', 'pass_fail', labels => '[0:1]={" in","out "}'), 'mark', 'so do what true and false are called');
SELECT is(gaiops_create_label_schema('score', 'number', minimum => 0, maximum => 1), 'score', 'number with bounds');
SELECT is(gaiops_create_label_schema('cost', 'number', minimum => 0), 'cost', 'number with one bound');
SELECT is(gaiops_create_label_schema('delta', 'number', maximum => 0.5), 'delta', 'number with the other');
SELECT is(gaiops_create_label_schema('any number', 'number', ''), 'any number', 'number without');
SELECT is(gaiops_create_label_schema('remark', 'text', max_length => 5), 'remark', 'text with a length');
SELECT is(gaiops_create_label_schema('essay', 'text', multiple => NULL, ordered => NULL), 'essay', 'text without');
SELECT is(gaiops_create_label_schema(repeat('ä', 125), 'text'), repeat('ä', 125), 'a long name');
SELECT is((SELECT labels FROM gaiops.label_schemas WHERE name = 'safe'), '{yes,no}', 'true and false are called yes and no unless said');
SELECT is((SELECT labels FROM gaiops.label_schemas WHERE name = 'size')::text, '{small,large}', 'labels are counted from 1');
SELECT is((SELECT instruction FROM gaiops.label_schemas WHERE name = 'any number'), NULL, 'an empty instruction is none');
SELECT results_eq($$ SELECT DISTINCT builtin, created_by, created_at = now() FROM gaiops.label_schemas WHERE NOT builtin $$, $$ VALUES (false, current_user::name, true) $$, 'who and when is kept');
SELECT is((gaiops.label_schema('tone')).labels, '{cold,neutral,warm}', 'gaiops.label_schema() finds one');
SELECT is((gaiops.label_schema('Tone')).name, NULL, 'by its exact name');
SELECT is((gaiops.label_schema(NULL)).name, NULL, 'and none by NULL');
SELECT lives_ok(format('SELECT gaiops_create_label_schema(%L, ''categories'', labels => %L)', 'n' || cardinality(labels), labels), cardinality(labels) || ' categories')
FROM (VALUES ('{a,b}'::text[]), (ARRAY(SELECT repeat('x', 61) || n FROM generate_series(1, 100) AS n)), ('{a,A,"a "}')) AS v (labels);

-- What is refused.
SELECT is(pg_temp.raised(format('SELECT gaiops_create_label_schema(%s)', arguments)), problem, left(arguments, 60))
FROM (VALUES
	('NULL, ''text''', E'22004\nargument "name" must not be null'),
	('''x'', NULL', E'22004\nargument "kind" must not be null'),
	(''''', ''text''', E'22023\nname of feedback must have 1 to 250 bytes\nIt has 0.'),
	('repeat(''ä'', 126), ''text''', E'22023\nname of feedback must have 1 to 250 bytes\nIt has 252.'),
	('''x'', ''stars''', E'22023\nunknown kind of label schema: "stars"\nThe kinds are pass_fail, categories, number and text.'),
	('''x'', ''text'', repeat(''x'', 10001)', E'22023\nargument "instruction" is too long\nIt has 10001 bytes; the limit is 10000.'),
	('''tone'', ''text''', E'42710\nlabel schema "tone" already exists\nIt was created in this database.\nA label schema is not changed: take another name, or drop it with gaiops_drop_label_schema() unless it comes with genaiops.'),
	('''thumbs'', ''text''', E'42710\nlabel schema "thumbs" already exists\nIt comes with genaiops.\nA label schema is not changed: take another name, or drop it with gaiops_drop_label_schema() unless it comes with genaiops.'),
	('''x'', ''number'', minimum => 5, maximum => 1', E'22023\nargument "minimum" must be less than "maximum"\nThey are 5 and 1.'),
	('''x'', ''number'', minimum => 1, maximum => 1.0', E'22023\nargument "minimum" must be less than "maximum"\nThey are 1 and 1.0.'),
	('''x'', ''number'', minimum => ''-Infinity''', E'22023\nargument "minimum" must be finite\nIt is -Infinity.\nLeave out a bound that there is not.'),
	('''x'', ''number'', maximum => ''NaN''', E'22023\nargument "maximum" must be finite\nIt is NaN.\nLeave out a bound that there is not.'),
	('''x'', ''number'', minimum => 1, maximum => ''Infinity''', E'22023\nargument "maximum" must be finite\nIt is Infinity.\nLeave out a bound that there is not.'),
	('''x'', ''text'', max_length => 0', E'22023\nargument "max_length" must be at least 1')) AS v (arguments, problem);
SELECT is(pg_temp.raised(format('SELECT gaiops_create_label_schema(''x'', %L, %s)', kind, argument)),
	format(E'22023\nargument "%s" is not for label schemas of kind %s\nLabels are for pass_fail and categories, "multiple" and "ordered" for categories, "minimum" and "maximum" for number, "max_length" for text.', split_part(argument, ' ', 1), kind), kind || ': ' || argument)
FROM (VALUES
	('number', 'labels => ''{a,b}'''), ('text', 'labels => ''{a,b}'''),
	('pass_fail', 'multiple => true'), ('number', 'multiple => true'), ('text', 'multiple => true'),
	('pass_fail', 'ordered => true'), ('number', 'ordered => true'), ('text', 'ordered => true'),
	('pass_fail', 'minimum => 1'), ('categories', 'minimum => 1'), ('text', 'minimum => 1'),
	('pass_fail', 'maximum => 1'), ('categories', 'maximum => 1'), ('text', 'maximum => 1'),
	('pass_fail', 'max_length => 1'), ('categories', 'max_length => 1'), ('number', 'max_length => 1')) AS v (kind, argument);
SELECT is(pg_temp.raised(format('SELECT gaiops_create_label_schema(''x'', %L, labels => %L)', kind, labels)), E'22023\ninvalid labels of label schema "x"\n' || problem, format('%s %s', kind, left(labels::text, 40)))
FROM (VALUES
	('categories', NULL::text[], 'Categories are 2 to 100.'), ('categories', '{}', 'Categories are 2 to 100.'), ('categories', '{a}', 'Categories are 2 to 100.'),
	('categories', '{{a,b},{c,d}}', 'Categories are 2 to 100.'), ('categories', ARRAY(SELECT n::text FROM generate_series(1, 101) AS n), 'Categories are 2 to 100.'),
	('categories', '{a,b,a}', 'No two of them may be alike.'), ('categories', '{a,NULL}', 'A label has 1 to 64 characters.'), ('categories', '{a,""}', 'A label has 1 to 64 characters.'),
	('categories', ARRAY['a', repeat('ä', 65)], 'A label has 1 to 64 characters.'),
	('pass_fail', '{a}', 'A pass_fail schema has two: what true is called, and what false is.'), ('pass_fail', '{a,b,c}', 'A pass_fail schema has two: what true is called, and what false is.'),
	('pass_fail', '{A,a}', 'No two of them may be alike.'), ('pass_fail', '{a,"a "}', 'No two of them may be alike.'),
	('pass_fail', '{no,yes}', 'The first is what true is called, the second what false is; these say the opposite.'),
	('pass_fail', '{Fail,other}', 'The first is what true is called, the second what false is; these say the opposite.'),
	('pass_fail', '{other,TRUE}', 'The first is what true is called, the second what false is; these say the opposite.')) AS v (kind, labels, problem);

-- What feedback comes to.
SELECT is(gaiops.check_label(name, value::jsonb), expected::jsonb, format('%s: %s is %s', name, value, expected))
FROM (VALUES
	('safe', 'true', 'true'), ('safe', 'false', 'false'), ('safe', '1', 'true'), ('safe', '0', 'false'), ('safe', '1.0', 'true'), ('safe', '"1"', 'true'), ('safe', '"0"', 'false'),
	('safe', '"yes"', 'true'), ('safe', '"No"', 'false'), ('safe', '"TRUE"', 'true'), ('safe', '"false"', 'false'), ('safe', '"Pass"', 'true'), ('safe', '"fail"', 'false'),
	('grade', '"gut"', 'true'), ('grade', '"SCHLECHT"', 'false'), ('grade', '"yes"', 'true'), ('grade', '"fail"', 'false'), ('grade', 'true', 'true'),
	('thumbs', '"up"', 'true'), ('thumbs', '"Down"', 'false'), ('correctness', '"yes"', 'true'), ('groundedness', '"no"', 'false'),
	('safe', '"yes\n"', 'true'), ('safe', '"\r\n no\t"', 'false'), ('grade', '"gut\n"', 'true'), ('tone', '"warm\n"', '"warm"'), ('flaws', '" rude\n"', '["rude"]'), ('score', '"0.5\n"', '0.5'),
	('safe', '"Yes "', 'true'), ('safe', '" 0"', 'false'), ('grade', '" gut "', 'true'), ('mark', '"in"', 'true'), ('mark', '" OUT "', 'false'), ('size', '"large"', '"large"'),
	('tone', '"warm"', '"warm"'), ('flaws', '["off topic", "too long"]', '["too long", "off topic"]'), ('flaws', '"rude"', '["rude"]'),
	('flaws', '["rude", "rude"]', '["rude"]'), ('flaws', '[]', '[]'),
	('score', '0.5', '0.5'), ('score', '"0.50"', '0.5'), ('score', '0', '0'), ('score', '1.0', '1'), ('score', '"1e-1"', '0.1'), ('intent_resolution', '"4"', '4'),
	('cost', '1e10', '10000000000'), ('delta', '-7', '-7'), ('delta', '"-0.5"', '-0.5'), ('any number', '"+3"', '3'), ('any number', '" 4 "', '4'), ('any number', '".5e1"', '5'), ('any number', '"-.5"', '-0.5'), ('any number', '"7."', '7'),
	('remark', '"äöüßñ"', '"äöüßñ"'), ('remark', '""', '""'), ('essay', '"{}"', '"{}"'),
	('no schema', '{"a": [1.0]}', '{"a": [1.0]}'), ('no schema', '"yes"', '"yes"')) AS v (name, value, expected);
SELECT is(gaiops.check_label('score', '0.50')::text, '0.5', 'a number has no zeros at its end');
SELECT is(gaiops.check_label('no schema', '0.50')::text, '0.50', 'without a schema it is as it was given');
SELECT is(pg_temp.raised(format('SELECT gaiops.check_label(%L, %L)', name, value)),
	format(E'22023\nvalue of "%s" does not fit its label schema\nIt is %s; allowed is %s.\nWhat is allowed for each name is in gaiops.label_schemas.', name, coalesce(value, 'NULL'), allowed), format('%s: %s', name, value))
FROM (VALUES
	('safe', '"maybe"', 'true or false, also written yes or no, pass or fail, or 1 or 0'), ('safe', '2', 'true or false, also written yes or no, pass or fail, or 1 or 0'),
	('safe', '[true]', 'true or false, also written yes or no, pass or fail, or 1 or 0'), ('thumbs', '"sideways"', 'true or false, also written "up" or "down", yes or no, pass or fail, or 1 or 0'),
	('safe', 'null', 'true or false, also written yes or no, pass or fail, or 1 or 0'), ('safe', NULL, 'true or false, also written yes or no, pass or fail, or 1 or 0'),
	('tone', '"Warm"', 'one of "cold", "neutral", "warm"'), ('tone', '["warm"]', 'one of "cold", "neutral", "warm"'), ('tone', 'true', 'one of "cold", "neutral", "warm"'), ('tone', NULL, 'one of "cold", "neutral", "warm"'),
	('flaws', '["rude", "other"]', 'an array of any of "too long", "rude", "off topic"'), ('flaws', '"other"', 'an array of any of "too long", "rude", "off topic"'),
	('flaws', '[["rude"]]', 'an array of any of "too long", "rude", "off topic"'), ('flaws', '{"rude": true}', 'an array of any of "too long", "rude", "off topic"'), ('flaws', 'null', 'an array of any of "too long", "rude", "off topic"'),
	('score', '1.01', 'a number from 0 to 1'), ('score', '-0.01', 'a number from 0 to 1'), ('score', '"0.5%"', 'a number from 0 to 1'), ('score', '"NaN"', 'a number from 0 to 1'), ('score', '""', 'a number from 0 to 1'),
	('score', 'true', 'a number from 0 to 1'), ('intent_resolution', '6', 'a number from 1 to 5'), ('intent_resolution', '"0"', 'a number from 1 to 5'),
	('cost', '-1', 'a number of at least 0'), ('delta', '1', 'a number of at most 0.5'), ('any number', '"1e999"', 'a number'), ('any number', '"."', 'a number'), ('any number', '"1 2"', 'a number'), ('any number', '" "', 'a number'), ('any number', '[1]', 'a number'), ('any number', NULL, 'a number'),
	('remark', '"äöüßñx"', 'a text of at most 5 characters'), ('remark', '7', 'a text of at most 5 characters'), ('essay', 'null', 'a text')) AS v (name, value, allowed);
SELECT is(pg_temp.raised($$ SELECT gaiops.check_label('flaws', to_jsonb('["rude"]'::text)) $$),
	E'22023\nvalue of "flaws" does not fit its label schema\nIt is "[\\"rude\\"]"; allowed is an array of any of "too long", "rude", "off topic".\nA text is taken as it is: write ''["…"]''::jsonb for an array.', 'JSON in quotes is a text, and the hint says so');

-- What a driver bound as a text.
SELECT gaiops_create_label_schema('odd', 'categories', labels => '{4,"[\"rude\"]","{a,b}",rude}', multiple => true) \g /dev/null
CREATE FUNCTION pg_temp.given(name text, value text) RETURNS text LANGUAGE sql AS $$
	SELECT gaiops.feedback_value(jsonb_populate_record(NULL::gaiops.human_assessments, jsonb_build_object('name', name, 'value', value)), true)::text $$;
SELECT is(pg_temp.given(name, value), expected, format('untyped for %s: %s', name, value))
FROM (VALUES ('flaws', '["rude", "too long"]', '["too long", "rude"]'), ('flaws', 'rude', '["rude"]'), ('flaws', '[]', '[]'), ('odd', '4', '["4"]'), ('odd', '["rude"]', '["[\"rude\"]"]'),
	('odd', '{a,b}', '["{a,b}"]'), ('odd', '["rude", "4"]', '["4", "rude"]'), ('tone', 'warm', '"warm"'), ('essay', '["a"]', '"[\"a\"]"'), ('essay', '{a,b}', '"{a,b}"'), ('safe', 'true', 'true'), ('score', '0.5', '0.5')) AS v (name, value, expected);
SELECT is(pg_temp.raised(format('SELECT pg_temp.given(%L, %L)', name, value)), problem, format('untyped for %s: %s', name, value))
FROM (VALUES ('flaws', '{rude,"too long"}', E'22023\nvalue of "flaws" is a text that reads as an array\nIt is {rude,"too long"}.\nCast the parameter, as in $3::text[], or give to_jsonb(''…''::text) for a text.'),
	('flaws', '["rude", "other"]', E'22023\nvalue of "flaws" does not fit its label schema\nIt is ["rude", "other"]; allowed is an array of any of "too long", "rude", "off topic".\nWhat is allowed for each name is in gaiops.label_schemas.'),
	('tone', '["warm"]', E'22023\nvalue of "tone" does not fit its label schema\nIt is "[\\"warm\\"]"; allowed is one of "cold", "neutral", "warm".\nWhat is allowed for each name is in gaiops.label_schemas.')) AS v (name, value, problem);

-- Dropping.
INSERT INTO gaiops.review_settings VALUES ('weekly', NULL, '{thumbs,tone}', 1, NULL, now(), current_user);
SELECT is(pg_temp.raised(format('SELECT gaiops_drop_label_schema(%L)', name)), problem, 'dropping ' || coalesce(name, 'NULL'))
FROM (VALUES
	(NULL, E'22004\nargument "name" must not be null'),
	('nobody', E'42704\nlabel schema "nobody" does not exist'),
	('thumbs', E'55000\ncannot drop label schema "thumbs"\nIt comes with genaiops.'),
	('tone', E'2BP01\nlabel schema "tone" is in use\nReview queue "weekly" asks for it.\nDrop the queue with gaiops_drop_review_queue() first.')) AS v (name, problem);
DELETE FROM gaiops.review_settings;
SELECT is(gaiops_drop_label_schema('tone'), 'tone', 'dropping returns the name');
SELECT is(gaiops.check_label('tone', '"Warm"'), '"Warm"', 'and values of that name are checked no more');
SELECT is(gaiops_create_label_schema('tone', 'text'), 'tone', 'the name can be taken anew');

-- Who may.
CREATE ROLE gaiops_test_viewer;
CREATE ROLE gaiops_test_user;
CREATE ROLE gaiops_test_admin;
SELECT gaiops_grant('gaiops_test_viewer', 'viewer'), gaiops_grant('gaiops_test_user', 'user'), gaiops_grant('gaiops_test_admin', 'admin') \g /dev/null
GRANT gaiops_test_viewer, gaiops_test_user, gaiops_test_admin TO current_user;
SET ROLE gaiops_test_viewer;
SELECT is((gaiops.label_schema('thumbs')).kind, 'pass_fail', 'viewers read label schemas');
SELECT is(pg_temp.raised($$ SELECT gaiops_create_label_schema('v', 'text') $$), E'42501\npermission denied for function gaiops_create_label_schema\nHave an administrator give the role the right to it with gaiops_grant(): "viewer" reads, "user" calls and writes, "admin" may do all.', 'and make none');
SET ROLE gaiops_test_user;
SELECT is(gaiops_create_label_schema('u', 'text'), 'u', 'users make them');
SELECT is((SELECT created_by FROM gaiops.label_schemas WHERE name = 'u'), 'gaiops_test_user', 'under their role');
SELECT is(pg_temp.raised($$ SELECT gaiops_drop_label_schema('u') $$), E'42501\npermission denied for function gaiops_drop_label_schema\nHave an administrator give the role the right to it with gaiops_grant(): "viewer" reads, "user" calls and writes, "admin" may do all.', 'and drop none');
SET ROLE gaiops_test_admin;
SELECT is(gaiops_drop_label_schema('u'), 'u', 'administrators do');
RESET ROLE;
SET transaction_read_only = on;
SELECT is(pg_temp.raised($$ SELECT gaiops_create_label_schema('r', 'text') $$), E'25006\ncannot execute gaiops_create_label_schema() in a read-only transaction', 'not in a read-only transaction');
SELECT is(pg_temp.raised($$ SELECT gaiops_drop_label_schema('safe') $$), E'25006\ncannot execute gaiops_drop_label_schema() in a read-only transaction', 'nor dropped');

SELECT * FROM finish();
ROLLBACK;
