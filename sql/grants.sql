-- Last in every script: nothing is for PUBLIC, rights reach what is new, and new
-- tables have row-level security.
DO $$ BEGIN PERFORM gaiops.settle_policies(); PERFORM gaiops.settle_grants(); END $$;
