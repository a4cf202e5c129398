-- Review queues.  An item's row has how many reviewers it still wants, so that
-- claiming one is a walk through an index of those that want any, in the order of
-- their places.  An item that is given back gets a place at the end: whatever a
-- reviewer has passed by stays behind him.

CREATE TABLE gaiops.review_settings (
	queue               text COLLATE "C" PRIMARY KEY CHECK (queue <> '' AND octet_length(queue) <= 255),
	description         text,
	schemas             text[] NOT NULL,
	reviewers_per_item  integer NOT NULL CHECK (reviewers_per_item BETWEEN 1 AND 100),
	reviewers           text[],
	created_at          timestamptz NOT NULL,
	created_by          name NOT NULL
);
COMMENT ON TABLE gaiops.review_settings IS 'Review queues as they were created; read gaiops.review_queues';
COMMENT ON COLUMN gaiops.review_settings.queue IS 'Name of the queue';
COMMENT ON COLUMN gaiops.review_settings.description IS 'What it is for; NULL if not said';
COMMENT ON COLUMN gaiops.review_settings.schemas IS 'Label schemas that reviewers are asked for, by name';
COMMENT ON COLUMN gaiops.review_settings.reviewers_per_item IS 'How many reviewers each item wants';
COMMENT ON COLUMN gaiops.review_settings.reviewers IS 'Database roles whose members may review; NULL if all may';
COMMENT ON COLUMN gaiops.review_settings.created_at IS 'When it was created';
COMMENT ON COLUMN gaiops.review_settings.created_by IS 'Database role that created it';
SELECT pg_catalog.pg_extension_config_dump('gaiops.review_settings', '');

CREATE SEQUENCE gaiops.review_items_item_seq AS bigint;
COMMENT ON SEQUENCE gaiops.review_items_item_seq IS 'Numbers of review items, and their places in the queue';
SELECT pg_catalog.pg_extension_config_dump('gaiops.review_items_item_seq', '');

CREATE TABLE gaiops.review_items (
	item         bigint PRIMARY KEY,
	queue        text COLLATE "C" NOT NULL,
	trace_id     uuid NOT NULL,
	wanted       integer NOT NULL CHECK (wanted >= 0),
	place        bigint NOT NULL,
	enqueued_at  timestamptz NOT NULL,
	enqueued_by  name NOT NULL,
	UNIQUE (queue, trace_id)
);
CREATE INDEX review_items_wanted_idx ON gaiops.review_items (queue, place) WHERE wanted > 0;
COMMENT ON TABLE gaiops.review_items IS 'Traces that are to be reviewed, once per queue';
COMMENT ON COLUMN gaiops.review_items.item IS 'Number of the item';
COMMENT ON COLUMN gaiops.review_items.queue IS 'Review queue by name';
COMMENT ON COLUMN gaiops.review_items.trace_id IS 'Trace to review';
COMMENT ON COLUMN gaiops.review_items.wanted IS
	'How many reviewers it still wants: those that have it, and those that are done, not counted';
COMMENT ON COLUMN gaiops.review_items.place IS
	'Its place in the queue, lowest first: its number, or a later one since it was given back';
COMMENT ON COLUMN gaiops.review_items.enqueued_at IS 'When it was put into the queue';
COMMENT ON COLUMN gaiops.review_items.enqueued_by IS 'Database role that did so';
SELECT pg_catalog.pg_extension_config_dump('gaiops.review_items', '');

CREATE TABLE gaiops.review_claims (
	item         bigint NOT NULL,
	reviewer     text COLLATE "C" NOT NULL CHECK (reviewer <> ''),
	queue        text COLLATE "C" NOT NULL,
	place        bigint NOT NULL,
	state        text NOT NULL CHECK (state IN ('claimed', 'lapsed', 'submitted', 'declined')),
	claimed_at   timestamptz NOT NULL,
	lease_until  timestamptz NOT NULL,
	finished_at  timestamptz,
	reason       text,
	turn         integer NOT NULL DEFAULT 1 CHECK (turn > 0),
	role         name,
	outer_role   name,
	released_by  name,
	PRIMARY KEY (item, reviewer)
);
CREATE INDEX review_claims_lease_idx ON gaiops.review_claims (queue, lease_until) WHERE state = 'claimed';
CREATE INDEX review_claims_reviewer_idx ON gaiops.review_claims (queue, reviewer, place);
CREATE INDEX review_claims_held_idx ON gaiops.review_claims (queue, reviewer, lease_until) WHERE state = 'claimed';
COMMENT ON TABLE gaiops.review_claims IS 'Who has taken which item of a review queue, and what became of it';
COMMENT ON COLUMN gaiops.review_claims.item IS 'Item that was taken';
COMMENT ON COLUMN gaiops.review_claims.reviewer IS
	'Who took it: a database role, or whom a role that may speak for others named';
COMMENT ON COLUMN gaiops.review_claims.queue IS 'Queue of the item';
COMMENT ON COLUMN gaiops.review_claims.place IS 'Place of the item when it was taken';
COMMENT ON COLUMN gaiops.review_claims.state IS
	'claimed, also when the lease is over and nobody has taken the item; '
	'lapsed once somebody has, or an admin has taken it back, submitted or declined';
COMMENT ON COLUMN gaiops.review_claims.claimed_at IS 'When it was taken';
COMMENT ON COLUMN gaiops.review_claims.lease_until IS 'From when the item may go to others, unless it is submitted';
COMMENT ON COLUMN gaiops.review_claims.finished_at IS 'When it was submitted or declined; NULL before';
COMMENT ON COLUMN gaiops.review_claims.reason IS 'Why it was declined; NULL if not said';
COMMENT ON COLUMN gaiops.review_claims.turn IS 'Number of the claim among those of the reviewer in the queue';
COMMENT ON COLUMN gaiops.review_claims.role IS
	'Database role that claimed, submitted or declined it last; NULL before 0.2.0';
COMMENT ON COLUMN gaiops.review_claims.outer_role IS
	'Role in force outside of every SECURITY DEFINER function then; NULL before 0.2.0';
COMMENT ON COLUMN gaiops.review_claims.released_by IS
	'Database role that took it back with gaiops_release_review(), at lease_until; NULL if none did';
SELECT pg_catalog.pg_extension_config_dump('gaiops.review_claims', '');
