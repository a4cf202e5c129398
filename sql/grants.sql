-- Last in every script: nothing is for PUBLIC, and rights reach what is new.
DO $$ BEGIN PERFORM gaiops.settle_grants(); END $$;
