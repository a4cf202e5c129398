-- Items and claims are each gone over once, whatever the queues.  Claims that are
-- not answered are few; those whose lease is over, and which nobody took back yet,
-- count as taken back.
CREATE OR REPLACE VIEW gaiops.review_queues WITH (security_invoker = true) AS
	SELECT s.queue, s.description, s.schemas, s.reviewers_per_item, s.reviewers::text[],
		coalesce(i.items, 0) AS items,
		coalesce(i.untouched, 0) + coalesce(u.untouched, 0) AS untouched,
		coalesce(u.in_review, 0) AS in_review,
		coalesce(c.reviews, 0) AS reviews,
		coalesce(i.taken, 0) - coalesce(u.taken, 0) AS complete,
		coalesce(c.declined, 0) AS declined,
		s.created_at, s.created_by::text COLLATE "default"
	FROM gaiops.review_settings AS s
	LEFT JOIN (
		SELECT i.queue, count(*) AS items,
			count(*) FILTER (WHERE i.wanted = s.reviewers_per_item) AS untouched,
			count(*) FILTER (WHERE i.wanted = 0) AS taken
		FROM gaiops.review_items AS i JOIN gaiops.review_settings AS s ON s.queue = i.queue
		GROUP BY i.queue
	) AS i ON i.queue = s.queue
	LEFT JOIN (
		SELECT c.queue, count(*) FILTER (WHERE c.state = 'submitted') AS reviews,
			count(*) FILTER (WHERE c.state = 'declined') AS declined
		FROM gaiops.review_claims AS c
		GROUP BY c.queue
	) AS c ON c.queue = s.queue
	LEFT JOIN (
		SELECT o.queue, sum(o.running)::bigint AS in_review,
			count(*) FILTER (WHERE i.wanted = 0) AS taken,
			count(*) FILTER (WHERE o.over > 0 AND i.wanted + o.over = s.reviewers_per_item) AS untouched
		FROM (
			SELECT c.queue, c.item, count(*) FILTER (WHERE c.lease_until >= statement_timestamp()) AS running,
				count(*) FILTER (WHERE c.lease_until < statement_timestamp()) AS over
			FROM gaiops.review_claims AS c
			WHERE c.state = 'claimed'
			GROUP BY c.queue, c.item
		) AS o
		JOIN gaiops.review_items AS i ON i.item = o.item
		JOIN gaiops.review_settings AS s ON s.queue = o.queue
		GROUP BY o.queue
	) AS u ON u.queue = s.queue;
COMMENT ON VIEW gaiops.review_queues IS 'One row per review queue with how far it has come';
COMMENT ON COLUMN gaiops.review_queues.queue IS 'Name of the queue';
COMMENT ON COLUMN gaiops.review_queues.description IS 'What it is for; NULL if not said';
COMMENT ON COLUMN gaiops.review_queues.schemas IS 'Label schemas that reviewers are asked for, by name';
COMMENT ON COLUMN gaiops.review_queues.reviewers_per_item IS 'How many reviewers each item wants';
COMMENT ON COLUMN gaiops.review_queues.reviewers IS 'Database roles whose members may review; NULL if all may';
COMMENT ON COLUMN gaiops.review_queues.items IS 'Items put in';
COMMENT ON COLUMN gaiops.review_queues.untouched IS 'Items that nobody has reviewed and nobody is at';
COMMENT ON COLUMN gaiops.review_queues.in_review IS 'Claims that are not answered and whose lease runs';
COMMENT ON COLUMN gaiops.review_queues.reviews IS 'Claims that were answered';
COMMENT ON COLUMN gaiops.review_queues.complete IS 'Items with all reviews they want';
COMMENT ON COLUMN gaiops.review_queues.declined IS 'Claims that were declined';
COMMENT ON COLUMN gaiops.review_queues.created_at IS 'When it was created';
COMMENT ON COLUMN gaiops.review_queues.created_by IS 'Database role that created it';
