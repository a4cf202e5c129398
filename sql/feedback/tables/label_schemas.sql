-- What feedback of a name may be.  As in gaiops.prices, "builtin" is part of the
-- key so that the user's rows can be restored beside ours; names are unique by
-- what the functions do.
CREATE TABLE gaiops.label_schemas (
	name         text COLLATE "C" NOT NULL CHECK (name <> '' AND octet_length(name) <= 255),
	kind         text NOT NULL CHECK (kind IN ('pass_fail', 'categories', 'number', 'text')),
	instruction  text,
	labels       text[],
	multiple     boolean NOT NULL,
	ordered      boolean NOT NULL,
	minimum      numeric,
	maximum      numeric,
	max_length   integer,
	builtin      boolean NOT NULL,
	created_at   timestamptz NOT NULL,
	created_by   name NOT NULL,
	PRIMARY KEY (name, builtin)
);
COMMENT ON TABLE gaiops.label_schemas IS 'What feedback of a name may be, and how people are asked for it';
COMMENT ON COLUMN gaiops.label_schemas.name IS 'Name, which is that of the feedback';
COMMENT ON COLUMN gaiops.label_schemas.kind IS 'pass_fail, categories, number or text';
COMMENT ON COLUMN gaiops.label_schemas.instruction IS 'What reviewers are told; NULL if nothing';
COMMENT ON COLUMN gaiops.label_schemas.labels IS
	'pass_fail: what true and false are called, in this order; categories: what can be chosen; NULL for others';
COMMENT ON COLUMN gaiops.label_schemas.multiple IS 'Whether several categories can be chosen at once';
COMMENT ON COLUMN gaiops.label_schemas.ordered IS
	'Whether the categories go from low to high, so that near ones nearly agree';
COMMENT ON COLUMN gaiops.label_schemas.minimum IS 'Least number; NULL if there is none';
COMMENT ON COLUMN gaiops.label_schemas.maximum IS 'Greatest number; NULL if there is none';
COMMENT ON COLUMN gaiops.label_schemas.max_length IS 'Most characters of a text; NULL if there is no such limit';
COMMENT ON COLUMN gaiops.label_schemas.builtin IS 'Whether it came with the extension; such rows are not dumped';
COMMENT ON COLUMN gaiops.label_schemas.created_at IS 'When it was created';
COMMENT ON COLUMN gaiops.label_schemas.created_by IS 'Database role that created it';
SELECT pg_catalog.pg_extension_config_dump('gaiops.label_schemas', 'WHERE NOT builtin');

INSERT INTO gaiops.label_schemas (name, kind, instruction, labels, multiple, ordered, minimum, maximum,
	builtin, created_at, created_by)
SELECT l.name, l.kind, l.instruction, l.labels, false, false, l.minimum, l.maximum, true, pg_catalog.now(), CURRENT_USER
FROM (VALUES
	('thumbs', 'pass_fail', 'Is this a good answer?', ARRAY['up', 'down'], NULL::numeric, NULL::numeric),
	('correctness', 'pass_fail', 'Does the answer say what is expected, and nothing that is wrong?',
		ARRAY['yes', 'no'], NULL, NULL),
	('groundedness', 'pass_fail', 'Does everything the answer says rest on the given sources?',
		ARRAY['yes', 'no'], NULL, NULL),
	('intent_resolution', 'number',
		'How well does the answer do what the user wanted, from 1 (not at all) to 5 (fully)?', NULL, 1, 5)
) AS l (name, kind, instruction, labels, minimum, maximum);
