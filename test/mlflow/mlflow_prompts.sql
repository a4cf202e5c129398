
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
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'text-prompt', 10, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('_mlflow_prompt_type', 'text', 'text-prompt', 10, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.text', '{{ x }} and {{x}}', 'text-prompt', 10, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'text-prompt', 11, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('_mlflow_prompt_type', 'text', 'text-prompt', 11, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.text', '{{ none }} and {{ true }} and {{x}}', 'text-prompt', 11, 'default');
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
INSERT INTO mlflow.model_version_tags VALUES ('_mlflow_prompt_model_config', '{"temperature": 0.3}', 'uebersetzung', 1, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'dotted.name-1_2', 1, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('_mlflow_prompt_type', 'text', 'dotted.name-1_2', 1, 'default');
INSERT INTO mlflow.model_version_tags VALUES ('mlflow.prompt.text', '[{"a": {{ x }}}]', 'dotted.name-1_2', 1, 'default');

INSERT INTO mlflow.model_versions VALUES ('Greet_Prompt', 1, 1795705712029, 1795705712029, 'first', NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('Greet_Prompt', 3, 1795705712073, 1795705712073, 'names the user', NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('Greet_Prompt', 2, 1795705712056, 1795705712166, NULL, NULL, 'Deleted_Internal', 'REDACTED-SOURCE-PATH', 'REDACTED-RUN-ID', 'READY', NULL, 'REDACTED-RUN-LINK', 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('Greet_Prompt', 4, 1795705712083, 1795705712169, NULL, NULL, 'Deleted_Internal', 'REDACTED-SOURCE-PATH', 'REDACTED-RUN-ID', 'READY', NULL, 'REDACTED-RUN-LINK', 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('Chat_Prompt', 1, 1795705712176, 1795705712176, 'chat', NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('Chat_Prompt', 2, 1795705712190, 1795705712190, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('Chat_Prompt', 3, 1795705712207, 1795705712207, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('Chat_Prompt', 4, 1795705712223, 1795705712223, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('Chat_Prompt', 5, 1795705712235, 1795705712235, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('Chat_Prompt', 6, 1795705712247, 1795705712247, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('Jinja.Prompt', 1, 1795705712266, 1795705712266, 'a loop', NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('Jinja.Prompt', 2, 1795705712278, 1795705712278, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('Jinja.Prompt', 3, 1795705712292, 1795705712292, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('Jinja.Prompt', 4, 1795705712306, 1795705712306, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('Jinja.Prompt', 5, 1795705712319, 1795705712319, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('text-prompt', 1, 1795705712338, 1795705712338, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('text-prompt', 2, 1795705712350, 1795705712350, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('text-prompt', 3, 1795705712360, 1795705712360, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('text-prompt', 4, 1795705712374, 1795705712374, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('text-prompt', 5, 1795705712385, 1795705712385, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('text-prompt', 6, 1795705712398, 1795705712398, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('text-prompt', 7, 1795705712410, 1795705712410, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('text-prompt', 8, 1795705712422, 1795705712422, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('text-prompt', 9, 1795705712434, 1795705712434, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('text-prompt', 10, 1795705712444, 1795705712444, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('text-prompt', 11, 1795705712456, 1795705712456, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('text-prompt', 12, 1795705712470, 1795705712470, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('text-prompt', 13, 1795705712482, 1795705712482, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('text-prompt', 14, 1795705712493, 1795705712493, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('text-prompt', 15, 1795705712504, 1795705712504, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('uebersetzung', 1, 1795705712516, 1795705712516, 'zweisprachig 🙂', NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn', 1, 1795705712533, 1795705712533, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('dotted.name-1_2', 1, 1795705712546, 1795705712546, NULL, NULL, 'None', 'dummy-source', NULL, 'READY', NULL, NULL, 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('forgotten', 1, 1795705712558, 1795705712576, NULL, NULL, 'Deleted_Internal', 'REDACTED-SOURCE-PATH', 'REDACTED-RUN-ID', 'READY', NULL, 'REDACTED-RUN-LINK', 'dummy-source', 'default');
INSERT INTO mlflow.model_versions VALUES ('Some_Model', 1, 1795705712587, 1795705712587, NULL, NULL, 'None', 'nowhere', NULL, 'READY', NULL, NULL, 'nowhere', 'default');

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
INSERT INTO mlflow.registered_model_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn', 'default');
INSERT INTO mlflow.registered_model_tags VALUES ('_mlflow_experiment_ids', ',0,', 'uebersetzung', 'default');
INSERT INTO mlflow.registered_model_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'dotted.name-1_2', 'default');
INSERT INTO mlflow.registered_model_tags VALUES ('_mlflow_experiment_ids', ',0,', 'nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn', 'default');
INSERT INTO mlflow.registered_model_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'forgotten', 'default');
INSERT INTO mlflow.registered_model_tags VALUES ('_mlflow_experiment_ids', ',0,', 'dotted.name-1_2', 'default');
INSERT INTO mlflow.registered_model_tags VALUES ('team', 'nobody', 'forgotten', 'default');
INSERT INTO mlflow.registered_model_tags VALUES ('_mlflow_experiment_ids', ',0,', 'forgotten', 'default');
INSERT INTO mlflow.registered_model_tags VALUES ('team', 'models', 'Some_Model', 'default');

INSERT INTO mlflow.registered_models VALUES ('Greet_Prompt', 1795705712021, 1795705712169, 'first', 'default');
INSERT INTO mlflow.registered_models VALUES ('Chat_Prompt', 1795705712173, 1795705712247, 'chat', 'default');
INSERT INTO mlflow.registered_models VALUES ('Jinja.Prompt', 1795705712264, 1795705712319, 'a loop', 'default');
INSERT INTO mlflow.registered_models VALUES ('text-prompt', 1795705712336, 1795705712504, NULL, 'default');
INSERT INTO mlflow.registered_models VALUES ('uebersetzung', 1795705712513, 1795705712516, 'zweisprachig 🙂', 'default');
INSERT INTO mlflow.registered_models VALUES ('nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn', 1795705712531, 1795705712533, NULL, 'default');
INSERT INTO mlflow.registered_models VALUES ('dotted.name-1_2', 1795705712543, 1795705712546, NULL, 'default');
INSERT INTO mlflow.registered_models VALUES ('forgotten', 1795705712555, 1795705712576, NULL, 'default');
INSERT INTO mlflow.registered_models VALUES ('Some_Model', 1795705712586, 1795705712587, NULL, 'default');

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

