
CREATE TABLE mlflow.alembic_version (
    version_num character varying(32) NOT NULL
);

CREATE TABLE mlflow.model_version_tags (
    key character varying(250) NOT NULL,
    value text,
    name character varying(256) NOT NULL,
    version integer NOT NULL,
    workspace character varying(63) DEFAULT 'default'::character varying NOT NULL
);

CREATE TABLE mlflow.model_versions (
    name character varying(256) NOT NULL,
    version integer NOT NULL,
    creation_time bigint,
    last_updated_time bigint,
    description character varying(5000),
    user_id character varying(256),
    current_stage character varying(20),
    source character varying(500),
    run_id character varying(32),
    status character varying(20),
    status_message character varying(500),
    run_link character varying(500),
    storage_location character varying(500),
    workspace character varying(63) DEFAULT 'default'::character varying NOT NULL
);

CREATE TABLE mlflow.registered_model_aliases (
    alias character varying(256) NOT NULL,
    version integer NOT NULL,
    name character varying(256) NOT NULL,
    workspace character varying(63) DEFAULT 'default'::character varying NOT NULL
);

CREATE TABLE mlflow.registered_model_tags (
    key character varying(250) NOT NULL,
    value character varying(5000),
    name character varying(256) NOT NULL,
    workspace character varying(63) DEFAULT 'default'::character varying NOT NULL
);

CREATE TABLE mlflow.registered_models (
    name character varying(256) NOT NULL,
    creation_time bigint,
    last_updated_time bigint,
    description character varying(5000),
    workspace character varying(63) DEFAULT 'default'::character varying NOT NULL
);

INSERT INTO mlflow.alembic_version VALUES ('dc11669786a5');

INSERT INTO mlflow.model_version_tags VALUES ('team', 'support', 'Greet_Prompt', 1, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('lang', 'en', 'Greet_Prompt', 1, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'Greet_Prompt', 1, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('_mlflow_prompt_type', 'text', 'Greet_Prompt', 1, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.text', 'You are a polite assistant for {{ company }}.', 'Greet_Prompt', 1, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'Greet_Prompt', 2, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('_mlflow_prompt_type', 'text', 'Greet_Prompt', 2, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.text', 'A version with a slip for {{ company }}.', 'Greet_Prompt', 2, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('team', 'care', 'Greet_Prompt', 3, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'Greet_Prompt', 3, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('_mlflow_prompt_type', 'text', 'Greet_Prompt', 3, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.text', 'You are a polite assistant for {{company}}. Greet {{ user.name }}.
', 'Greet_Prompt', 3, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('_mlflow_prompt_model_config', '{"provider": "openai", "model_name": "gpt-4.1-mini", "temperature": 0.2, "max_tokens": 300, "stop_sequences": ["END"]}', 'Greet_Prompt', 3, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'Greet_Prompt', 4, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('_mlflow_prompt_type', 'text', 'Greet_Prompt', 4, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.text', 'A last one, deleted too.', 'Greet_Prompt', 4, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('reviewed', 'yes', 'Greet_Prompt', 3, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'Chat_Prompt', 1, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('_mlflow_prompt_type', 'chat', 'Chat_Prompt', 1, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.text', '[{"role": "system", "content": "You are a {{ style }} assistant."}, {"role": "user", "content": "{{question}}"}]', 'Chat_Prompt', 1, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('_mlflow_prompt_response_format', '{"description": "A response format, given as a class.", "properties": {"score": {"title": "Score", "type": "integer"}, "why": {"title": "Why", "type": "string"}}, "required": ["score", "why"], "title": "Verdict", "type": "object"}', 'Chat_Prompt', 1, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('_mlflow_prompt_model_config', '{"model_name": "gpt-4.1-mini", "temperature": 0.5, "stop_sequences": ["###"], "seed": 7}', 'Chat_Prompt', 1, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'Chat_Prompt', 2, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('_mlflow_prompt_type', 'chat', 'Chat_Prompt', 2, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.text', '[{"role": "system", "content": "{% if style %}Be {{ style }}.{% endif %}"}, {"role": "user", "content": "{{question}}"}]', 'Chat_Prompt', 2, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('_mlflow_prompt_response_format', '{"type": "json_object"}', 'Chat_Prompt', 2, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'Chat_Prompt', 3, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('_mlflow_prompt_type', 'chat', 'Chat_Prompt', 3, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.text', '[{"role": "system", "content": "Say {{{word}}}, {{word|upper}} and {{ word }}."}, {"role": "user", "content": "{{question}}"}]', 'Chat_Prompt', 3, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'Chat_Prompt', 4, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('_mlflow_prompt_type', 'chat', 'Chat_Prompt', 4, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.text', '[{"role": "user", "name": "ann", "content": "{{question}}"}, {"role": "assistant", "content": "Wait."}]', 'Chat_Prompt', 4, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'Chat_Prompt', 5, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('_mlflow_prompt_type', 'chat', 'Chat_Prompt', 5, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.text', '[{"role": "user", "content": [{"type": "text", "text": "Look: {{question}}"}]}]', 'Chat_Prompt', 5, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'Chat_Prompt', 6, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('_mlflow_prompt_type', 'chat', 'Chat_Prompt', 6, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.text', '[{"role": "system", "content": "{% set a = 1 %}{{ a }}"}, {"role": "user", "content": "{{question}}"}]', 'Chat_Prompt', 6, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'Jinja.Prompt', 1, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('_mlflow_prompt_type', 'text', 'Jinja.Prompt', 1, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.text', 'Dear {{ name }},{% for item in items %} {{ loop.index }}. {{ item | upper }}{% else %} nothing{% endfor %}
', 'Jinja.Prompt', 1, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'Jinja.Prompt', 2, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('_mlflow_prompt_type', 'text', 'Jinja.Prompt', 2, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.text', '{% if vip and not late %}Welcome back.{% endif %}', 'Jinja.Prompt', 2, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'Jinja.Prompt', 3, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('_mlflow_prompt_type', 'text', 'Jinja.Prompt', 3, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.text', '{% set greeting = ''Hi'' %}{{ greeting }} {{ name }}', 'Jinja.Prompt', 3, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'Jinja.Prompt', 4, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('_mlflow_prompt_type', 'text', 'Jinja.Prompt', 4, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.text', '{% if items %}{{ items | sum }}{% endif %}', 'Jinja.Prompt', 4, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'Jinja.Prompt', 5, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('_mlflow_prompt_type', 'text', 'Jinja.Prompt', 5, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.text', '{{> prompts:/Tone }}{% if name %}{{ name }}{% endif %}', 'Jinja.Prompt', 5, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'text-prompt', 1, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('_mlflow_prompt_type', 'text', 'text-prompt', 1, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.text', '{{ x | upper }} and {{x}}', 'text-prompt', 1, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'text-prompt', 2, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('_mlflow_prompt_type', 'text', 'text-prompt', 2, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.text', '{{{x}}}', 'text-prompt', 2, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'text-prompt', 3, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('_mlflow_prompt_type', 'text', 'text-prompt', 3, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.text', '{{1x}} and {{x}}', 'text-prompt', 3, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'text-prompt', 4, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('_mlflow_prompt_type', 'text', 'text-prompt', 4, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.text', '{# kept #}{{x}}', 'text-prompt', 4, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'text-prompt', 5, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('_mlflow_prompt_type', 'text', 'text-prompt', 5, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.text', 'a stray {{ and {{x}}', 'text-prompt', 5, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'text-prompt', 6, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('_mlflow_prompt_type', 'text', 'text-prompt', 6, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.text', 'a stray {% and {{x}}', 'text-prompt', 6, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'text-prompt', 7, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('_mlflow_prompt_type', 'text', 'text-prompt', 7, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.text', '{{ items.0 }} and {{x}}', 'text-prompt', 7, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'text-prompt', 8, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('_mlflow_prompt_type', 'text', 'text-prompt', 8, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.text', '{{> prompts:/Tone }} and {{x}}', 'text-prompt', 8, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'text-prompt', 9, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('_mlflow_prompt_type', 'text', 'text-prompt', 9, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.text', 'a lone }} and %} and {{x}}', 'text-prompt', 9, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'text-prompt', 10, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('_mlflow_prompt_type', 'text', 'text-prompt', 10, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.text', '{{ x }} and {{x}}', 'text-prompt', 10, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'text-prompt', 11, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('_mlflow_prompt_type', 'text', 'text-prompt', 11, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.text', '{{ none }} and {{ true }} and {{x}}', 'text-prompt', 11, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'text-prompt', 12, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('_mlflow_prompt_type', 'text', 'text-prompt', 12, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.text', '{{
	x
}}', 'text-prompt', 12, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn', 1, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('_mlflow_prompt_type', 'text', 'nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn', 1, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.text', 'too long a name', 'nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn', 1, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'forgotten', 1, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('_mlflow_prompt_type', 'text', 'forgotten', 1, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.text', 'all of it is deleted', 'forgotten', 1, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('team', 'models', 'Some_Model', 1, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'text-prompt', 13, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('_mlflow_prompt_type', 'text', 'text-prompt', 13, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.text', '{{ x }} {{ y.z }}', 'text-prompt', 13, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'text-prompt', 14, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('_mlflow_prompt_type', 'text', 'text-prompt', 14, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.text', '{{x
|upper}} {{{{x}}}} {{ x.}} {{.x}} {{}} {{ x y }} {{größe}}', 'text-prompt', 14, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'text-prompt', 15, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('_mlflow_prompt_type', 'text', 'text-prompt', 15, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.text', '', 'text-prompt', 15, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('sprache', '日本語', 'uebersetzung', 1, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('leer', '', 'uebersetzung', 1, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'uebersetzung', 1, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('_mlflow_prompt_type', 'text', 'uebersetzung', 1, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.text', 'Übersetze „{{ satz }}“ ins 日本語 🙂.\n', 'uebersetzung', 1, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('_mlflow_prompt_model_config', '{"temperature": 0.3, "model": "gpt-4.1"}', 'uebersetzung', 1, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'dotted.name-1_2', 1, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('_mlflow_prompt_type', 'text', 'dotted.name-1_2', 1, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.text', '[{"a": {{ x }}}]', 'dotted.name-1_2', 1, 'default');

INSERT INTO mlflow.model_versions VALUES ('Greet_Prompt', 1, 1795705865619, 1795705865619, 'first', NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('Greet_Prompt', 3, 1795705865672, 1795705865672, 'names the user', NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('Greet_Prompt', 2, 1795705865655, 1795705865784, NULL, NULL, 'Deleted_Internal', 'REDACTED-SOURCE-PATH', 'REDACTED-RUN-ID', 'READY', NULL, 'REDACTED-RUN-LINK', 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('Greet_Prompt', 4, 1795705865692, 1795705865789, NULL, NULL, 'Deleted_Internal', 'REDACTED-SOURCE-PATH', 'REDACTED-RUN-ID', 'READY', NULL, 'REDACTED-RUN-LINK', 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('Chat_Prompt', 1, 1795705865799, 1795705865799, 'chat', NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('Chat_Prompt', 2, 1795705865820, 1795705865820, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('Chat_Prompt', 3, 1795705865836, 1795705865836, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('Chat_Prompt', 4, 1795705865854, 1795705865854, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('Chat_Prompt', 5, 1795705865869, 1795705865869, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('Chat_Prompt', 6, 1795705865887, 1795705865887, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('Jinja.Prompt', 1, 1795705865911, 1795705865911, 'a loop', NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('Jinja.Prompt', 2, 1795705865924, 1795705865924, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('Jinja.Prompt', 3, 1795705865940, 1795705865940, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('Jinja.Prompt', 4, 1795705865955, 1795705865955, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('Jinja.Prompt', 5, 1795705865970, 1795705865970, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('text-prompt', 1, 1795705866005, 1795705866005, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('text-prompt', 2, 1795705866022, 1795705866022, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('text-prompt', 3, 1795705866043, 1795705866043, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('text-prompt', 4, 1795705866060, 1795705866060, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('text-prompt', 5, 1795705866075, 1795705866075, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('text-prompt', 6, 1795705866089, 1795705866089, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('text-prompt', 7, 1795705866103, 1795705866103, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('text-prompt', 8, 1795705866121, 1795705866121, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('text-prompt', 9, 1795705866141, 1795705866141, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('text-prompt', 10, 1795705866157, 1795705866157, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('text-prompt', 11, 1795705866172, 1795705866172, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('text-prompt', 12, 1795705866186, 1795705866186, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('text-prompt', 13, 1795705866201, 1795705866201, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('text-prompt', 14, 1795705866219, 1795705866219, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('text-prompt', 15, 1795705866235, 1795705866235, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('uebersetzung', 1, 1795705866252, 1795705866252, 'zweisprachig 🙂', NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn', 1, 1795705866276, 1795705866276, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('dotted.name-1_2', 1, 1795705866293, 1795705866293, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('forgotten', 1, 1795705866314, 1795705866351, NULL, NULL, 'Deleted_Internal', 'REDACTED-SOURCE-PATH', 'REDACTED-RUN-ID', 'READY', NULL, 'REDACTED-RUN-LINK', 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('Some_Model', 1, 1795705866369, 1795705866369, NULL, NULL, 'None', 'nowhere', NULL, 'READY', NULL, NULL, 'nowhere', 'default');

INSERT INTO mlflow.registered_model_aliases VALUES ('production', 3, 'Greet_Prompt', 'default');
INSERT INTO mlflow.registered_model_aliases VALUES ('champion', 3, 'Greet_Prompt', 'default');
INSERT INTO mlflow.registered_model_aliases VALUES ('größte', 3, 'Greet_Prompt', 'default');
INSERT INTO mlflow.registered_model_aliases VALUES ('old', 1, 'Greet_Prompt', 'default');
INSERT INTO mlflow.registered_model_aliases VALUES ('production', 1, 'Chat_Prompt', 'default');
INSERT INTO mlflow.registered_model_aliases VALUES ('production', 3, 'Jinja.Prompt', 'default');
INSERT INTO mlflow.registered_model_aliases VALUES ('production', 1, 'Some_Model', 'default');

INSERT INTO mlflow.registered_model_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'Greet_Prompt', 'default');
INSERT INTO mlflow.registered_model_tags VALUES ('lang', 'en', 'Greet_Prompt', 'default');
INSERT INTO mlflow.registered_model_tags VALUES ('_mlflow_experiment_ids', ',0,', 'Greet_Prompt', 'default');
INSERT INTO mlflow.registered_model_tags VALUES ('team', 'care', 'Greet_Prompt', 'default');
INSERT INTO mlflow.registered_model_tags VALUES ('owner', 'Zoë', 'Greet_Prompt', 'default');
INSERT INTO mlflow.registered_model_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'Chat_Prompt', 'default');
INSERT INTO mlflow.registered_model_tags VALUES ('_mlflow_experiment_ids', ',0,', 'Chat_Prompt', 'default');
INSERT INTO mlflow.registered_model_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'Jinja.Prompt', 'default');
INSERT INTO mlflow.registered_model_tags VALUES ('_mlflow_experiment_ids', ',0,', 'Jinja.Prompt', 'default');
INSERT INTO mlflow.registered_model_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'text-prompt', 'default');
INSERT INTO mlflow.registered_model_tags VALUES ('_mlflow_experiment_ids', ',0,', 'text-prompt', 'default');
INSERT INTO mlflow.registered_model_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'uebersetzung', 'default');
INSERT INTO mlflow.registered_model_tags VALUES ('sprache', '日本語', 'uebersetzung', 'default');
INSERT INTO mlflow.registered_model_tags VALUES ('leer', '', 'uebersetzung', 'default');
INSERT INTO mlflow.registered_model_tags VALUES ('_mlflow_experiment_ids', ',0,', 'uebersetzung', 'default');
INSERT INTO mlflow.registered_model_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn', 'default');
INSERT INTO mlflow.registered_model_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'dotted.name-1_2', 'default');
INSERT INTO mlflow.registered_model_tags VALUES ('_mlflow_experiment_ids', ',0,', 'nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn', 'default');
INSERT INTO mlflow.registered_model_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'forgotten', 'default');
INSERT INTO mlflow.registered_model_tags VALUES ('_mlflow_experiment_ids', ',0,', 'dotted.name-1_2', 'default');
INSERT INTO mlflow.registered_model_tags VALUES ('team', 'nobody', 'forgotten', 'default');
INSERT INTO mlflow.registered_model_tags VALUES ('_mlflow_experiment_ids', ',0,', 'forgotten', 'default');
INSERT INTO mlflow.registered_model_tags VALUES ('team', 'models', 'Some_Model', 'default');

INSERT INTO mlflow.registered_models VALUES ('Greet_Prompt', 1795705865608, 1795705865789, 'first', 'default');
INSERT INTO mlflow.registered_models VALUES ('Chat_Prompt', 1795705865795, 1795705865887, 'chat', 'default');
INSERT INTO mlflow.registered_models VALUES ('Jinja.Prompt', 1795705865909, 1795705865970, 'a loop', 'default');
INSERT INTO mlflow.registered_models VALUES ('text-prompt', 1795705866001, 1795705866235, NULL, 'default');
INSERT INTO mlflow.registered_models VALUES ('uebersetzung', 1795705866249, 1795705866252, 'zweisprachig 🙂', 'default');
INSERT INTO mlflow.registered_models VALUES ('nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn', 1795705866273, 1795705866276, NULL, 'default');
INSERT INTO mlflow.registered_models VALUES ('dotted.name-1_2', 1795705866288, 1795705866293, NULL, 'default');
INSERT INTO mlflow.registered_models VALUES ('forgotten', 1795705866310, 1795705866351, NULL, 'default');
INSERT INTO mlflow.registered_models VALUES ('Some_Model', 1795705866366, 1795705866369, NULL, 'default');

ALTER TABLE ONLY mlflow.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);

ALTER TABLE ONLY mlflow.model_versions
    ADD CONSTRAINT model_version_pk PRIMARY KEY (workspace, name, version);

ALTER TABLE ONLY mlflow.model_version_tags
    ADD CONSTRAINT model_version_tag_pk PRIMARY KEY (workspace, key, name, version);

ALTER TABLE ONLY mlflow.registered_model_aliases
    ADD CONSTRAINT registered_model_alias_pk PRIMARY KEY (workspace, name, alias);

ALTER TABLE ONLY mlflow.registered_models
    ADD CONSTRAINT registered_model_pk PRIMARY KEY (workspace, name);

ALTER TABLE ONLY mlflow.registered_model_tags
    ADD CONSTRAINT registered_model_tag_pk PRIMARY KEY (workspace, key, name);

CREATE INDEX idx_model_version_tags_workspace_name_version ON mlflow.model_version_tags USING btree (workspace, name, version);

CREATE INDEX idx_registered_model_tags_workspace_name ON mlflow.registered_model_tags USING btree (workspace, name);

CREATE INDEX idx_registered_models_workspace ON mlflow.registered_models USING btree (workspace);

ALTER TABLE ONLY mlflow.model_version_tags
    ADD CONSTRAINT fk_model_version_tags_model_versions FOREIGN KEY (workspace, name, version) REFERENCES mlflow.model_versions(workspace, name, version) ON UPDATE CASCADE;

ALTER TABLE ONLY mlflow.model_versions
    ADD CONSTRAINT fk_model_versions_registered_models FOREIGN KEY (workspace, name) REFERENCES mlflow.registered_models(workspace, name) ON UPDATE CASCADE;

ALTER TABLE ONLY mlflow.registered_model_aliases
    ADD CONSTRAINT fk_registered_model_aliases_registered_models FOREIGN KEY (workspace, name) REFERENCES mlflow.registered_models(workspace, name) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY mlflow.registered_model_tags
    ADD CONSTRAINT fk_registered_model_tags_registered_models FOREIGN KEY (workspace, name) REFERENCES mlflow.registered_models(workspace, name) ON UPDATE CASCADE;

