-- From 0.1.0 to 0.2.0: what is not made anew by each update.

-- Answers: what their columns say now.
COMMENT ON COLUMN gaiops.spans.finish_reason IS 'Why the model stopped, such as stop, length or tool_calls; no_content when it answered nothing, whatever it gave';
-- Who counts is the role in force; the one outside of SECURITY DEFINER functions is
-- on record beside it.
ALTER TABLE gaiops.human_assessments ADD COLUMN outer_role name;
ALTER TABLE gaiops.machine_assessments ADD COLUMN outer_role name;
ALTER TABLE gaiops.assessment_deletions ADD COLUMN outer_role name;
ALTER TABLE gaiops.prompt_alias_history ADD COLUMN outer_role name;
ALTER TABLE gaiops.review_claims ADD COLUMN role name, ADD COLUMN outer_role name;
COMMENT ON COLUMN gaiops.human_assessments.outer_role IS 'Role in force outside of every SECURITY DEFINER function then; NULL before 0.2.0';
COMMENT ON COLUMN gaiops.machine_assessments.outer_role IS 'Role in force outside of every SECURITY DEFINER function then; NULL before 0.2.0';
COMMENT ON COLUMN gaiops.assessment_deletions.outer_role IS 'Role in force outside of every SECURITY DEFINER function then; NULL before 0.2.0';
COMMENT ON COLUMN gaiops.review_claims.outer_role IS 'Role in force outside of every SECURITY DEFINER function then; NULL before 0.2.0';
COMMENT ON COLUMN gaiops.prompt_alias_history.outer_role IS 'Role in force outside of every SECURITY DEFINER function then; NULL before 0.2.0 and where it was imported';
COMMENT ON COLUMN gaiops.review_claims.role IS 'Database role that claimed, submitted or declined it last; NULL before 0.2.0';

-- Prices: which model was priced, and whether a price was set or imported.
ALTER TABLE gaiops.spans ADD COLUMN priced_model text;
COMMENT ON COLUMN gaiops.spans.priced_model IS 'Model whose prices gave the cost, the one asked for or the one that answered; NULL if the cost is unknown or of 0.1.0';
ALTER TABLE gaiops.prices ADD COLUMN imported boolean;
COMMENT ON COLUMN gaiops.prices.imported IS 'Whether it is from a list that was imported; NULL if that is not known, and then it counts as set';
DROP FUNCTION gaiops.read_price_map(jsonb);
DROP FUNCTION pg_catalog.gaiops_import_prices(jsonb, timestamptz, text);

-- A value that was given as text is told from JSON.
DROP FUNCTION gaiops.complete_assessment(gaiops.human_assessments);
DROP FUNCTION gaiops.log_assessment(text, uuid, text, jsonb, text, text, text, text, text, jsonb, text);
DROP FUNCTION gaiops.override_assessment(uuid, jsonb, text, text);
-- Claims of reviewers that an admin takes back, and how many one holds.
ALTER TABLE gaiops.review_claims ADD COLUMN released_by name;
CREATE INDEX review_claims_held_idx ON gaiops.review_claims (queue, reviewer, lease_until) WHERE state = 'claimed';
COMMENT ON COLUMN gaiops.review_claims.state IS 'claimed, also when the lease is over and nobody has taken the item; lapsed once somebody has, or an admin has taken it back, submitted or declined';
COMMENT ON COLUMN gaiops.review_claims.released_by IS 'Database role that took it back with gaiops_release_review(), at lease_until; NULL if none did';
-- Every table has row-level security: gaiops.secrets for nobody, the others for viewers.
ALTER TABLE gaiops.secrets ENABLE ROW LEVEL SECURITY;
DO $$
DECLARE
	name text;
BEGIN
	FOREACH name IN ARRAY ARRAY['endpoints', 'prices', 'prompt_alias_history', 'prompt_aliases', 'prompt_contents',
		'prompt_deletions', 'prompt_includes', 'prompt_numbers', 'prompt_tags', 'prompt_version_tags',
		'protected_prompt_aliases']
	LOOP
		EXECUTE pg_catalog.format('ALTER TABLE gaiops.%I ENABLE ROW LEVEL SECURITY', name);
		EXECUTE pg_catalog.format($policy$
			CREATE POLICY viewers ON gaiops.%I FOR SELECT USING (
				(SELECT pg_catalog.has_function_privilege('gaiops.viewer_right()'::pg_catalog.regprocedure, 'EXECUTE')))
			$policy$, name);
		EXECUTE pg_catalog.format('COMMENT ON POLICY viewers ON gaiops.%I IS %L', name,
			'Rows are for roles with the right "viewer"');
	END LOOP;
END
$$;
