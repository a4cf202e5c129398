-- Review queues: making and dropping them, and what is put into them.  Taking
-- items out is in reviews.sql, answering in review_answers.sql.
--
-- Whoever puts items into a queue, claims one or answers it, locks the queue's row
-- FOR KEY SHARE, and before anything else: so no item outlives the queue, and
-- whoever drops it has waited for all of them before he touches an item.

CREATE OR REPLACE FUNCTION gaiops.raise_unknown_review_queue(queue text)
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	known text[] := ARRAY(SELECT format('"%s"', s.queue) FROM gaiops.review_settings AS s ORDER BY s.queue);
BEGIN
	RAISE EXCEPTION USING
		ERRCODE = 'undefined_object',
		MESSAGE = format('review queue "%s" does not exist', left(queue, 255)),
		DETAIL = CASE cardinality(known)
			WHEN 0 THEN 'There are no review queues.'
			ELSE format('There is %s.', gaiops.list_some(known)) END,
		HINT = 'Create it with gaiops_create_review_queue().';
END
$$;
COMMENT ON FUNCTION gaiops.raise_unknown_review_queue(text) IS
	'Takes a name; raises that there is no such review queue, and says what there is';

CREATE OR REPLACE FUNCTION gaiops.lock_review_queue(queue text)
RETURNS gaiops.review_settings
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	settings gaiops.review_settings;
BEGIN
	PERFORM gaiops.check_given('queue', queue);
	SELECT s.* INTO settings FROM gaiops.review_settings AS s WHERE s.queue = lock_review_queue.queue FOR KEY SHARE;
	IF NOT FOUND THEN
		PERFORM gaiops.raise_unknown_review_queue(queue);
	END IF;
	RETURN settings;
END
$$;
COMMENT ON FUNCTION gaiops.lock_review_queue(text) IS
	'Takes a review queue by name, keeps it from being dropped until the transaction ends, '
	'and returns its row; raises unless it exists';

CREATE OR REPLACE FUNCTION gaiops.check_review_schemas(schemas text[])
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	wanted text;
BEGIN
	PERFORM gaiops.check_given('schemas', schemas);
	IF array_ndims(schemas) IS DISTINCT FROM 1 OR cardinality(schemas) > 20 OR array_position(schemas, NULL) IS NOT NULL
		OR (SELECT count(DISTINCT s) FROM unnest(schemas) AS s) <> cardinality(schemas)
	THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'argument "schemas" must name 1 to 20 different label schemas',
			HINT = 'For example ARRAY[''correctness'', ''groundedness''].';
	END IF;
	-- One that is being dropped is waited for, and then gone.
	PERFORM FROM gaiops.label_schemas AS s WHERE s.name = ANY (schemas) ORDER BY s.name FOR KEY SHARE;
	FOREACH wanted IN ARRAY schemas LOOP
		IF (gaiops.label_schema(wanted)).name IS NULL THEN
			RAISE EXCEPTION USING
				ERRCODE = 'undefined_object',
				MESSAGE = format('label schema "%s" does not exist', left(wanted, 255)),
				HINT = 'Create it with gaiops_create_label_schema().';
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION gaiops.check_review_schemas(text[]) IS
	'Takes the label schemas of a new review queue, keeps them from being dropped until the transaction ends, '
	'and returns nothing; raises unless they exist and are different';

CREATE OR REPLACE FUNCTION gaiops.check_review_settings(
	name text, reviewers_per_item integer, reviewers text[], description text)
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_name('a review queue', name);
	PERFORM gaiops.check_given('reviewers_per_item', reviewers_per_item);
	PERFORM gaiops.check_range('reviewers_per_item', reviewers_per_item, 1, 100);
	IF reviewers IS NOT NULL THEN
		PERFORM gaiops.check_roles('reviewers', reviewers,
			'Give NULL to let everybody who has the right "user" review.');
	END IF;
	PERFORM gaiops.check_size('description', description, 10000);
END
$$;
COMMENT ON FUNCTION gaiops.check_review_settings(text, integer, text[], text) IS
	'Takes the arguments of a new review queue but for its schemas and returns nothing; raises unless it may have them';

CREATE OR REPLACE FUNCTION gaiops.inner_create_review_queue(
	name text, schemas text[], reviewers_per_item integer, reviewers text[], description text)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_writable('gaiops_create_review_queue');
	PERFORM gaiops.check_review_settings(name, reviewers_per_item, reviewers, description);
	PERFORM gaiops.check_review_schemas(schemas);
	INSERT INTO gaiops.review_settings (queue, description, schemas, reviewers_per_item,
		reviewers, created_at, created_by)
		VALUES (name, nullif(description, ''), schemas, reviewers_per_item, reviewers, now(), gaiops.caller())
		ON CONFLICT DO NOTHING;	-- raises if the snapshot does not show the other row
	IF NOT FOUND THEN
		PERFORM gaiops.raise_duplicate('review queue', name,
			'Choose another name, or drop it with gaiops_drop_review_queue().');
	END IF;
	RETURN name;
END
$$;
COMMENT ON FUNCTION gaiops.inner_create_review_queue(text, text[], integer, text[], text) IS
	'Takes the arguments of gaiops_create_review_queue() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_create_review_queue(
	name text, schemas text[], reviewers_per_item integer DEFAULT 1, reviewers text[] DEFAULT NULL,
	description text DEFAULT NULL)
RETURNS text
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_create_review_queue(text, text[], integer, text[], text) IS
	'Takes a name, the label schemas that reviewers are asked for, how many reviewers each item wants, '
	'the roles whose members may review, NULL for all, and a description, makes the review queue and returns its name';

CREATE OR REPLACE FUNCTION gaiops.inner_drop_review_queue(name text)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_writable('gaiops_drop_review_queue');
	PERFORM gaiops.check_given('name', name);
	IF current_setting('transaction_isolation') IN ('repeatable read', 'serializable') THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_transaction_state',
			MESSAGE = format('cannot drop a review queue at isolation level %s',
				upper(current_setting('transaction_isolation'))),
			DETAIL = 'What others have put into it since the transaction began would not be seen.',
			HINT = 'Drop it at READ COMMITTED.';
	END IF;
	-- Locks the row as FOR UPDATE does.
	DELETE FROM gaiops.review_settings AS s WHERE s.queue = name;
	IF NOT FOUND THEN
		PERFORM gaiops.raise_unknown_review_queue(name);
	END IF;
	DELETE FROM gaiops.review_items AS i WHERE i.queue = name;
	DELETE FROM gaiops.review_claims AS c WHERE c.queue = name;
	RETURN name;
END
$$;
COMMENT ON FUNCTION gaiops.inner_drop_review_queue(text) IS
	'Takes the arguments of gaiops_drop_review_queue() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_drop_review_queue(name text)
RETURNS text
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_drop_review_queue(text) IS
	'Takes a review queue, removes it with its items and claims and returns its name; '
	'the assessments that came of it stay';

-- Numbers are in the order of the array; rows are put in by the trace, so that
-- two who put in the same ones do not wait for each other.
CREATE OR REPLACE FUNCTION gaiops.inner_enqueue_review(queue text, trace_ids uuid[])
RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	settings gaiops.review_settings;
	entered integer;
BEGIN
	PERFORM gaiops.check_writable('gaiops_enqueue_review');
	settings := gaiops.lock_review_queue(queue);
	PERFORM gaiops.check_given('trace_ids', trace_ids);
	PERFORM gaiops.check_elements('trace_ids', trace_ids);
	PERFORM gaiops.check_traces(trace_ids);
	WITH fresh AS (
		SELECT t.trace_id, min(t.n) AS n
		FROM unnest(trace_ids) WITH ORDINALITY AS t (trace_id, n)
		WHERE NOT EXISTS (SELECT FROM gaiops.review_items AS i
			WHERE i.queue = settings.queue AND i.trace_id = t.trace_id)
		GROUP BY t.trace_id ORDER BY min(t.n)
	), numbered AS MATERIALIZED (
		SELECT nextval('gaiops.review_items_item_seq') AS item, f.trace_id FROM fresh AS f
	)
	INSERT INTO gaiops.review_items (item, queue, trace_id, wanted, place, enqueued_at, enqueued_by)
		SELECT n.item, settings.queue, n.trace_id, settings.reviewers_per_item, n.item, now(), gaiops.caller()
		FROM numbered AS n ORDER BY n.trace_id
		ON CONFLICT DO NOTHING;
	GET DIAGNOSTICS entered = ROW_COUNT;
	RETURN entered;
END
$$;
COMMENT ON FUNCTION gaiops.inner_enqueue_review(text, uuid[]) IS
	'Takes the arguments of gaiops_enqueue_review() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_enqueue_review(queue text, trace_ids uuid[])
RETURNS integer
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_enqueue_review(text, uuid[]) IS
	'Takes a review queue and traces, puts in those that are not in it yet, in this order, '
	'and returns how many these were; raises unless all traces are known';
