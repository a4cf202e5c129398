-- What happens in a subscriber.  Triggers that are ENABLE REPLICA fire for rows that
-- arrive, all others for statements of this database alone.

-- Numbers go on from there when the subscriber takes the publisher's place.
CREATE OR REPLACE FUNCTION gaiops.follow_sequence()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	arrived CONSTANT bigint := to_jsonb(NEW) ->> TG_ARGV[1];
BEGIN
	IF arrived > coalesce(pg_sequence_last_value(TG_ARGV[0]::regclass), 0) THEN
		PERFORM setval(TG_ARGV[0]::regclass, arrived);
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION gaiops.follow_sequence() IS
	'Trigger function: takes a sequence and a column, and advances the sequence to the number that has arrived there; '
	'returns NULL';

-- Several publishers may have used one experiment.
CREATE OR REPLACE FUNCTION gaiops.accept_experiment()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	IF EXISTS (SELECT FROM gaiops.experiment_names AS e WHERE e.name = NEW.name) THEN
		RETURN NULL;
	END IF;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION gaiops.accept_experiment() IS
	'Trigger function: returns NULL for an experiment that arrives and is known, as of another publisher';

-- They may also have tagged one trace: what was said last holds.
CREATE OR REPLACE FUNCTION gaiops.accept_trace_tag()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	DELETE FROM gaiops.trace_tags AS t
	WHERE t.trace_id = NEW.trace_id AND t.key = NEW.key AND t.updated_at <= NEW.updated_at;
	IF EXISTS (SELECT FROM gaiops.trace_tags AS t WHERE t.trace_id = NEW.trace_id AND t.key = NEW.key) THEN
		RETURN NULL;
	END IF;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION gaiops.accept_trace_tag() IS
	'Trigger function: has a tag that arrives take the place of an older one, as of another publisher; '
	'returns NULL if there is a newer one';

-- Or had calls in one trace: it is shown by the first that arrives.
CREATE OR REPLACE FUNCTION gaiops.accept_joined_trace()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	IF EXISTS (SELECT FROM gaiops.joined_traces AS j WHERE j.trace_id = NEW.trace_id) THEN
		RETURN NULL;
	END IF;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION gaiops.accept_joined_trace() IS
	'Trigger function: returns NULL for what joined a trace that is known, as of another publisher';

-- What says that the trace is shown by it says so in vain where another one is, or none is known yet,
-- since tables are copied in any order.
CREATE OR REPLACE FUNCTION gaiops.accept_entry()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	IF NOT EXISTS (
		SELECT FROM gaiops.joined_traces AS j WHERE (j.trace_id, j.span_id) = (NEW.trace_id, NEW.span_id))
	THEN
		NEW.entry_start_time := NULL;
	END IF;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION gaiops.accept_entry() IS
	'Trigger function: returns the span that arrives, without when its trace entered the database '
	'unless gaiops.joined_traces names the span';

CREATE OR REPLACE TRIGGER accept_experiment BEFORE INSERT ON gaiops.experiment_names
	FOR EACH ROW EXECUTE FUNCTION gaiops.accept_experiment();
ALTER TABLE gaiops.experiment_names ENABLE REPLICA TRIGGER accept_experiment;
COMMENT ON TRIGGER accept_experiment ON gaiops.experiment_names IS
	'In a subscriber, leaves out what another publisher has sent';

CREATE OR REPLACE TRIGGER accept_trace_tag BEFORE INSERT ON gaiops.trace_tags
	FOR EACH ROW EXECUTE FUNCTION gaiops.accept_trace_tag();
ALTER TABLE gaiops.trace_tags ENABLE REPLICA TRIGGER accept_trace_tag;
COMMENT ON TRIGGER accept_trace_tag ON gaiops.trace_tags IS
	'In a subscriber, has what is newer take the place of what another publisher has sent';

CREATE OR REPLACE TRIGGER accept_joined_trace BEFORE INSERT ON gaiops.joined_traces
	FOR EACH ROW EXECUTE FUNCTION gaiops.accept_joined_trace();
ALTER TABLE gaiops.joined_traces ENABLE REPLICA TRIGGER accept_joined_trace;
COMMENT ON TRIGGER accept_joined_trace ON gaiops.joined_traces IS
	'In a subscriber, leaves out what joined a trace that another publisher has sent';

CREATE OR REPLACE TRIGGER accept_entry BEFORE INSERT OR UPDATE ON gaiops.spans
	FOR EACH ROW WHEN (NEW.is_entry AND NEW.entry_start_time = NEW.start_time)
	EXECUTE FUNCTION gaiops.accept_entry();
ALTER TABLE gaiops.spans ENABLE REPLICA TRIGGER accept_entry;
COMMENT ON TRIGGER accept_entry ON gaiops.spans IS
	'In a subscriber, has no more than one span say that its trace is shown by it';

CREATE OR REPLACE TRIGGER follow_sequence AFTER INSERT ON gaiops.prompt_alias_history
	FOR EACH ROW EXECUTE FUNCTION gaiops.follow_sequence('gaiops.prompt_alias_history_id_seq', 'id');
ALTER TABLE gaiops.prompt_alias_history ENABLE REPLICA TRIGGER follow_sequence;
COMMENT ON TRIGGER follow_sequence ON gaiops.prompt_alias_history IS 'In a subscriber, advances the sequence';

CREATE OR REPLACE TRIGGER follow_sequence AFTER INSERT OR UPDATE OF place ON gaiops.review_items
	FOR EACH ROW EXECUTE FUNCTION gaiops.follow_sequence('gaiops.review_items_item_seq', 'place');
ALTER TABLE gaiops.review_items ENABLE REPLICA TRIGGER follow_sequence;
COMMENT ON TRIGGER follow_sequence ON gaiops.review_items IS 'In a subscriber, advances the sequence';

-- That of statements does not fire for rows that arrive.
CREATE OR REPLACE TRIGGER note_arrival AFTER INSERT OR UPDATE OR DELETE ON gaiops.prices
	FOR EACH ROW EXECUTE FUNCTION gaiops.note_change();
ALTER TABLE gaiops.prices ENABLE REPLICA TRIGGER note_arrival;
COMMENT ON TRIGGER note_arrival ON gaiops.prices IS 'In a subscriber, has every session look again';

DO $$
DECLARE
	published regclass;
BEGIN
	FOR published IN SELECT p.published FROM gaiops.published_tables(true) AS p LOOP
		EXECUTE pg_catalog.format('CREATE OR REPLACE TRIGGER refuse_subscribed BEFORE INSERT OR UPDATE OR DELETE ON %s '
			'FOR EACH STATEMENT EXECUTE FUNCTION gaiops.refuse_subscribed()', published);
		EXECUTE pg_catalog.format('COMMENT ON TRIGGER refuse_subscribed ON %s IS %L', published,
			'Refuses to write what a subscription fills');
	END LOOP;
END
$$;
