-- A registry of 1,000 prompts with five versions each, and a plain table with as
-- many templates.  Every prompt has an alias, which is not the latest version.
DO $$
DECLARE
	prompt text;
BEGIN
	FOR i IN 1 .. 1000 LOOP
		prompt := CASE i WHEN 500 THEN 'Greet_Prompt' ELSE pg_catalog.format('Prompt_%s', i) END;
		FOR v IN 1 .. 5 LOOP
			PERFORM pg_catalog.gaiops_register_prompt(prompt,
				pg_catalog.format('You are a polite assistant for {{ company }}. Rule %s of %s.', v, i),
				commit_message => pg_catalog.format('version %s', v));
		END LOOP;
		PERFORM pg_catalog.gaiops_set_prompt_alias(prompt, 'production', 3);
	END LOOP;
END
$$;

CREATE TABLE bench.prompts (
	name      text COLLATE "C" PRIMARY KEY,
	template  text NOT NULL
);
INSERT INTO bench.prompts
	SELECT c.name, c.template FROM gaiops.prompt_contents AS c WHERE c.version = 3;
VACUUM ANALYZE;
