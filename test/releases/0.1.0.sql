--
-- PostgreSQL database dump
--

\restrict UvhnDL6PDBMmnub8Qt7eDTdtxU5LIO9ygqFsZrzLtue6ezIlzeIwCthzu65Twhf

-- Dumped from database version 15.20 (Debian 15.20-0+deb12u1)
-- Dumped by pg_dump version 15.20 (Debian 15.20-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: genaiops; Type: EXTENSION; Schema: -; Owner: -
--

CREATE EXTENSION IF NOT EXISTS genaiops WITH SCHEMA pg_catalog;


--
-- Name: EXTENSION genaiops; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON EXTENSION genaiops IS 'LLM operations in the database: gateway calls, traces, prompts, evaluation';


--
-- Name: ask(text); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.ask(text) RETURNS text
    LANGUAGE sql
    AS $_$ SELECT gaiops_chat('echo', $1) $_$;


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: span_payloads_2024_02_29; Type: TABLE; Schema: gaiops; Owner: -
--

CREATE TABLE gaiops.span_payloads_2024_02_29 (
    trace_id uuid NOT NULL,
    span_id text NOT NULL,
    kind text NOT NULL,
    start_time timestamp with time zone NOT NULL,
    inputs jsonb,
    body text,
    body_bytes bytea,
    body_length bigint,
    body_sha256 bytea,
    attributes jsonb,
    metadata jsonb,
    events jsonb
);


--
-- Name: TABLE span_payloads_2024_02_29; Type: COMMENT; Schema: gaiops; Owner: -
--

COMMENT ON TABLE gaiops.span_payloads_2024_02_29 IS 'Rows of gaiops.span_payloads from 2024-02-29 00:00:00+00 to 2024-03-01 00:00:00+00, the latter excluded';


--
-- Name: span_payloads_2026_11_30; Type: TABLE; Schema: gaiops; Owner: -
--

CREATE TABLE gaiops.span_payloads_2026_11_30 (
    trace_id uuid NOT NULL,
    span_id text NOT NULL,
    kind text NOT NULL,
    start_time timestamp with time zone NOT NULL,
    inputs jsonb,
    body text,
    body_bytes bytea,
    body_length bigint,
    body_sha256 bytea,
    attributes jsonb,
    metadata jsonb,
    events jsonb
);


--
-- Name: TABLE span_payloads_2026_11_30; Type: COMMENT; Schema: gaiops; Owner: -
--

COMMENT ON TABLE gaiops.span_payloads_2026_11_30 IS 'Rows of gaiops.span_payloads from 2026-11-30 00:00:00+00 to 2026-12-01 00:00:00+00, the latter excluded';


--
-- Name: span_payloads_2026_12_01; Type: TABLE; Schema: gaiops; Owner: -
--

CREATE TABLE gaiops.span_payloads_2026_12_01 (
    trace_id uuid NOT NULL,
    span_id text NOT NULL,
    kind text NOT NULL,
    start_time timestamp with time zone NOT NULL,
    inputs jsonb,
    body text,
    body_bytes bytea,
    body_length bigint,
    body_sha256 bytea,
    attributes jsonb,
    metadata jsonb,
    events jsonb
);


--
-- Name: TABLE span_payloads_2026_12_01; Type: COMMENT; Schema: gaiops; Owner: -
--

COMMENT ON TABLE gaiops.span_payloads_2026_12_01 IS 'Rows of gaiops.span_payloads from 2026-12-01 00:00:00+00 to 2026-12-02 00:00:00+00, the latter excluded';


--
-- Name: span_payloads_2026_12_02; Type: TABLE; Schema: gaiops; Owner: -
--

CREATE TABLE gaiops.span_payloads_2026_12_02 (
    trace_id uuid NOT NULL,
    span_id text NOT NULL,
    kind text NOT NULL,
    start_time timestamp with time zone NOT NULL,
    inputs jsonb,
    body text,
    body_bytes bytea,
    body_length bigint,
    body_sha256 bytea,
    attributes jsonb,
    metadata jsonb,
    events jsonb
);


--
-- Name: TABLE span_payloads_2026_12_02; Type: COMMENT; Schema: gaiops; Owner: -
--

COMMENT ON TABLE gaiops.span_payloads_2026_12_02 IS 'Rows of gaiops.span_payloads from 2026-12-02 00:00:00+00 to 2026-12-03 00:00:00+00, the latter excluded';


--
-- Name: span_payloads_2026_12_03; Type: TABLE; Schema: gaiops; Owner: -
--

CREATE TABLE gaiops.span_payloads_2026_12_03 (
    trace_id uuid NOT NULL,
    span_id text NOT NULL,
    kind text NOT NULL,
    start_time timestamp with time zone NOT NULL,
    inputs jsonb,
    body text,
    body_bytes bytea,
    body_length bigint,
    body_sha256 bytea,
    attributes jsonb,
    metadata jsonb,
    events jsonb
);


--
-- Name: TABLE span_payloads_2026_12_03; Type: COMMENT; Schema: gaiops; Owner: -
--

COMMENT ON TABLE gaiops.span_payloads_2026_12_03 IS 'Rows of gaiops.span_payloads from 2026-12-03 00:00:00+00 to 2026-12-04 00:00:00+00, the latter excluded';


--
-- Name: spans_2024_02; Type: TABLE; Schema: gaiops; Owner: -
--

CREATE TABLE gaiops.spans_2024_02 (
    trace_id uuid NOT NULL,
    span_id text NOT NULL,
    parent_span_id text,
    name text NOT NULL,
    span_type text NOT NULL,
    status text NOT NULL,
    error_class text,
    error_message text,
    purpose text NOT NULL,
    experiment text NOT NULL,
    run_id uuid,
    endpoint text,
    target text,
    provider text,
    model text,
    response_model text,
    response_id text,
    finish_reason text,
    prompt_name text,
    prompt_version integer,
    prompt_hash text,
    session_id text,
    user_id text,
    session_role name NOT NULL,
    role name NOT NULL,
    application_name text,
    client_addr inet,
    is_entry boolean NOT NULL,
    attempt integer,
    http_status integer,
    input_tokens bigint,
    output_tokens bigint,
    cached_input_tokens bigint,
    cache_write_tokens bigint,
    reasoning_tokens bigint,
    cost numeric,
    start_time timestamp with time zone NOT NULL,
    latency_ms double precision,
    gateway_ms double precision,
    time_to_first_token_ms double precision
);


--
-- Name: TABLE spans_2024_02; Type: COMMENT; Schema: gaiops; Owner: -
--

COMMENT ON TABLE gaiops.spans_2024_02 IS 'Rows of gaiops.spans from 2024-02-01 00:00:00+00 to 2024-03-01 00:00:00+00, the latter excluded';


--
-- Name: spans_2026_11; Type: TABLE; Schema: gaiops; Owner: -
--

CREATE TABLE gaiops.spans_2026_11 (
    trace_id uuid NOT NULL,
    span_id text NOT NULL,
    parent_span_id text,
    name text NOT NULL,
    span_type text NOT NULL,
    status text NOT NULL,
    error_class text,
    error_message text,
    purpose text NOT NULL,
    experiment text NOT NULL,
    run_id uuid,
    endpoint text,
    target text,
    provider text,
    model text,
    response_model text,
    response_id text,
    finish_reason text,
    prompt_name text,
    prompt_version integer,
    prompt_hash text,
    session_id text,
    user_id text,
    session_role name NOT NULL,
    role name NOT NULL,
    application_name text,
    client_addr inet,
    is_entry boolean NOT NULL,
    attempt integer,
    http_status integer,
    input_tokens bigint,
    output_tokens bigint,
    cached_input_tokens bigint,
    cache_write_tokens bigint,
    reasoning_tokens bigint,
    cost numeric,
    start_time timestamp with time zone NOT NULL,
    latency_ms double precision,
    gateway_ms double precision,
    time_to_first_token_ms double precision
);


--
-- Name: TABLE spans_2026_11; Type: COMMENT; Schema: gaiops; Owner: -
--

COMMENT ON TABLE gaiops.spans_2026_11 IS 'Rows of gaiops.spans from 2026-11-01 00:00:00+00 to 2026-12-01 00:00:00+00, the latter excluded';


--
-- Name: spans_2026_12; Type: TABLE; Schema: gaiops; Owner: -
--

CREATE TABLE gaiops.spans_2026_12 (
    trace_id uuid NOT NULL,
    span_id text NOT NULL,
    parent_span_id text,
    name text NOT NULL,
    span_type text NOT NULL,
    status text NOT NULL,
    error_class text,
    error_message text,
    purpose text NOT NULL,
    experiment text NOT NULL,
    run_id uuid,
    endpoint text,
    target text,
    provider text,
    model text,
    response_model text,
    response_id text,
    finish_reason text,
    prompt_name text,
    prompt_version integer,
    prompt_hash text,
    session_id text,
    user_id text,
    session_role name NOT NULL,
    role name NOT NULL,
    application_name text,
    client_addr inet,
    is_entry boolean NOT NULL,
    attempt integer,
    http_status integer,
    input_tokens bigint,
    output_tokens bigint,
    cached_input_tokens bigint,
    cache_write_tokens bigint,
    reasoning_tokens bigint,
    cost numeric,
    start_time timestamp with time zone NOT NULL,
    latency_ms double precision,
    gateway_ms double precision,
    time_to_first_token_ms double precision
);


--
-- Name: TABLE spans_2026_12; Type: COMMENT; Schema: gaiops; Owner: -
--

COMMENT ON TABLE gaiops.spans_2026_12 IS 'Rows of gaiops.spans from 2026-12-01 00:00:00+00 to 2027-01-01 00:00:00+00, the latter excluded';


--
-- Name: costs; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.costs AS
 SELECT t.trace_id,
    s.cost
   FROM (gaiops.traces t
     JOIN gaiops.spans s USING (trace_id));


--
-- Name: span_payloads_2024_02_29; Type: TABLE ATTACH; Schema: gaiops; Owner: -
--

ALTER TABLE ONLY gaiops.span_payloads ATTACH PARTITION gaiops.span_payloads_2024_02_29 FOR VALUES FROM ('2024-02-29 00:00:00+00') TO ('2024-03-01 00:00:00+00');


--
-- Name: span_payloads_2026_11_30; Type: TABLE ATTACH; Schema: gaiops; Owner: -
--

ALTER TABLE ONLY gaiops.span_payloads ATTACH PARTITION gaiops.span_payloads_2026_11_30 FOR VALUES FROM ('2026-11-30 00:00:00+00') TO ('2026-12-01 00:00:00+00');


--
-- Name: span_payloads_2026_12_01; Type: TABLE ATTACH; Schema: gaiops; Owner: -
--

ALTER TABLE ONLY gaiops.span_payloads ATTACH PARTITION gaiops.span_payloads_2026_12_01 FOR VALUES FROM ('2026-12-01 00:00:00+00') TO ('2026-12-02 00:00:00+00');


--
-- Name: span_payloads_2026_12_02; Type: TABLE ATTACH; Schema: gaiops; Owner: -
--

ALTER TABLE ONLY gaiops.span_payloads ATTACH PARTITION gaiops.span_payloads_2026_12_02 FOR VALUES FROM ('2026-12-02 00:00:00+00') TO ('2026-12-03 00:00:00+00');


--
-- Name: span_payloads_2026_12_03; Type: TABLE ATTACH; Schema: gaiops; Owner: -
--

ALTER TABLE ONLY gaiops.span_payloads ATTACH PARTITION gaiops.span_payloads_2026_12_03 FOR VALUES FROM ('2026-12-03 00:00:00+00') TO ('2026-12-04 00:00:00+00');


--
-- Name: spans_2024_02; Type: TABLE ATTACH; Schema: gaiops; Owner: -
--

ALTER TABLE ONLY gaiops.spans ATTACH PARTITION gaiops.spans_2024_02 FOR VALUES FROM ('2024-02-01 00:00:00+00') TO ('2024-03-01 00:00:00+00');


--
-- Name: spans_2026_11; Type: TABLE ATTACH; Schema: gaiops; Owner: -
--

ALTER TABLE ONLY gaiops.spans ATTACH PARTITION gaiops.spans_2026_11 FOR VALUES FROM ('2026-11-01 00:00:00+00') TO ('2026-12-01 00:00:00+00');


--
-- Name: spans_2026_12; Type: TABLE ATTACH; Schema: gaiops; Owner: -
--

ALTER TABLE ONLY gaiops.spans ATTACH PARTITION gaiops.spans_2026_12 FOR VALUES FROM ('2026-12-01 00:00:00+00') TO ('2027-01-01 00:00:00+00');


--
-- Data for Name: assessment_deletions; Type: TABLE DATA; Schema: gaiops; Owner: -
--

COPY gaiops.assessment_deletions (assessment_id, deleted_at, deleted_by) FROM stdin;
01a22c4d-efc2-7ddd-bca6-0cbe33077aa7	2026-11-30 11:53:54.883095+00	postgres
\.


--
-- Data for Name: dataset_changes; Type: TABLE DATA; Schema: gaiops; Owner: -
--

COPY gaiops.dataset_changes (dataset, revision, records_before, transaction, created_at, created_by) FROM stdin;
golden	1	0	765	2026-11-30 11:53:54.775138+00	postgres
golden	2	1	766	2026-11-30 11:53:54.78593+00	postgres
golden	3	1	767	2026-11-30 11:53:54.789945+00	postgres
\.


--
-- Data for Name: dataset_record_versions; Type: TABLE DATA; Schema: gaiops; Owner: -
--

COPY gaiops.dataset_record_versions (dataset, record_id, revision, is_deleted, change, key, inputs, expectations, outputs, tags, split, source, created_at, created_by, updated_at, updated_by) FROM stdin;
golden	9b24ecae-4d16-8b56-b606-05ff26a6d4b2	1	f	1	\N	{"a": 1.0, "question": "2+2?"}	{"expected_response": "4"}	"5"	{"level": "easy"}	\N	\N	2026-11-30 11:53:54.775138+00	postgres	2026-11-30 11:53:54.775138+00	postgres
golden	9b24ecae-4d16-8b56-b606-05ff26a6d4b2	2	f	0	\N	{"a": 1.0, "question": "2+2?"}	{"expected_response": "four"}	"5"	{"level": "easy"}	\N	\N	2026-11-30 11:53:54.775138+00	postgres	2026-11-30 11:53:54.78593+00	postgres
golden	ed924cea-5d65-88d0-ac1b-ae1b0d1e8993	3	f	1	\N	{"message": "Wörter, \\"Zitate\\", \\\\ und 中文"}	{}	"Wörter, \\"Zitate\\", \\\\ und 中文"	{}	\N	{"params": {"seed": 7, "top_p": 0.90}, "span_id": "69f69d263b7b124e", "trace_id": "01a22c4d-eeaa-77b3-9d83-389ab936fcaf", "session_id": "s"}	2026-11-30 11:53:54.789945+00	postgres	2026-11-30 11:53:54.789945+00	postgres
golden	774303a8-adb6-848f-bf36-4c5a8c9b3c43	3	f	1	\N	{"in": [1, 2]}	{}	{"out": null}	{}	\N	{"span_id": "8988226b18d23d79", "trace_id": "01a22c4d-eed3-7181-bd84-198102046304"}	2026-11-30 11:53:54.789945+00	postgres	2026-11-30 11:53:54.789945+00	postgres
golden	b926d302-33c8-81b2-b3e7-06b159c95a29	3	f	1	\N	{"who": "Ann", "message": "Hi"}	{}	"Hi"	{}	\N	{"prompt": "prompts:/greet/1", "span_id": "099ca9339a0f068c", "trace_id": "01a22c4d-ef45-7b62-a3b5-06d0bde2d63a"}	2026-11-30 11:53:54.789945+00	postgres	2026-11-30 11:53:54.789945+00	postgres
\.


--
-- Data for Name: dataset_settings; Type: TABLE DATA; Schema: gaiops; Owner: -
--

COPY gaiops.dataset_settings (name, description, tags, revision, created_at, created_by, updated_at, updated_by) FROM stdin;
golden	about	{"a": "b"}	3	2026-11-30 11:53:54.774027+00	postgres	2026-11-30 11:53:54.789945+00	postgres
\.


--
-- Data for Name: endpoints; Type: TABLE DATA; Schema: gaiops; Owner: -
--

COPY gaiops.endpoints (name, url, model, provider, secret, params, headers, connect_timeout, timeout, max_retries, max_response_bytes, description, created_at, created_by, updated_at, updated_by) FROM stdin;
echo	builtin:echo	builtin-echo	builtin	\N	{"max_tokens": 100, "temperature": 0.50}	{"x-team": "search"}	00:00:05	00:01:00	2	16777216	\N	2026-11-30 11:53:54.561851+00	postgres	2026-11-30 11:53:54.561851+00	postgres
closed	http://127.0.0.1:9/v1	gpt-4.1-mini	openai	\N	{}	{}	00:00:05	00:01:00	0	16777216	\N	2026-11-30 11:53:54.566124+00	postgres	2026-11-30 11:53:54.566124+00	postgres
\.


--
-- Data for Name: experiment_details; Type: TABLE DATA; Schema: gaiops; Owner: -
--

COPY gaiops.experiment_details (experiment, description, goal, owner, tags, updated_at, updated_by) FROM stdin;
Released	about	goal	owner	{"team": "search"}	2026-11-30 11:53:54.597964+00	postgres
\.


--
-- Data for Name: experiment_names; Type: TABLE DATA; Schema: gaiops; Owner: -
--

COPY gaiops.experiment_names (name, created_at, created_by) FROM stdin;
Released	2026-11-30 11:53:54.572174+00	postgres
\.


--
-- Data for Name: human_assessments; Type: TABLE DATA; Schema: gaiops; Owner: -
--

COPY gaiops.human_assessments (assessment_id, trace_id, span_id, session_id, experiment, name, kind, value, rationale, source_type, source_id, run_id, overrides, metadata, idempotency_key, created_at, created_by) FROM stdin;
01a22c4d-efaf-7b50-8bef-2bf054fe5468	01a22c4d-eeaa-77b3-9d83-389ab936fcaf	\N	\N	Released	tone	feedback	"cold"	\N	HUMAN	postgres	\N	\N	\N	\N	2026-11-30 11:53:54.862984+00	postgres
01a22c4d-efbb-7f52-9884-aedf7d0771eb	01a22c4d-eeaa-77b3-9d83-389ab936fcaf	\N	\N	Released	tone	feedback	"warm"	by a person	HUMAN	postgres	\N	01a22c4d-efaf-7b50-8bef-2bf054fe5468	\N	\N	2026-11-30 11:53:54.87563+00	postgres
01a22c4d-efbe-7d25-99c8-7cfb625b745a	01a22c4d-eeaa-77b3-9d83-389ab936fcaf	\N	\N	Released	stars	feedback	4	\N	HUMAN	postgres	\N	\N	\N	\N	2026-11-30 11:53:54.878394+00	postgres
01a22c4d-efbe-70ba-98b4-f17c68a74f33	01a22c4d-eeaa-77b3-9d83-389ab936fcaf	\N	\N	Released	note	feedback	"4"	\N	HUMAN	postgres	\N	\N	\N	\N	2026-11-30 11:53:54.878907+00	postgres
01a22c4d-efc2-7ddd-bca6-0cbe33077aa7	01a22c4d-eeaa-77b3-9d83-389ab936fcaf	\N	\N	Released	thumbs	feedback	true	\N	HUMAN	postgres	\N	\N	\N	\N	2026-11-30 11:53:54.882265+00	postgres
01a22c4d-efc6-7bf8-b8a7-b062e586e9bd	\N	\N	s	Released	expected_facts	expectation	["It is released."]	\N	HUMAN	postgres	\N	\N	\N	\N	2026-11-30 11:53:54.886288+00	postgres
01a22c4d-efd6-769b-97a7-8fbdbd5817b6	01a22c4d-eeaa-77b3-9d83-389ab936fcaf	\N	\N	Released	thumbs	feedback	true	\N	HUMAN	ann	\N	\N	{"review_item": 1, "review_queue": "q"}	\N	2026-11-30 11:53:54.902442+00	postgres
\.


--
-- Data for Name: intents; Type: TABLE DATA; Schema: gaiops; Owner: -
--

COPY gaiops.intents (trace_id, span_id, parent_span_id, name, span_type, purpose, experiment, run_id, endpoint, target, provider, model, prompt_name, prompt_version, prompt_hash, session_id, user_id, session_role, role, application_name, client_addr, is_entry, attempt, start_time, pid, incarnation) FROM stdin;
\.


--
-- Data for Name: label_schemas; Type: TABLE DATA; Schema: gaiops; Owner: -
--

COPY gaiops.label_schemas (name, kind, instruction, labels, multiple, ordered, minimum, maximum, max_length, builtin, created_at, created_by) FROM stdin;
tone	categories	\N	{warm,cold}	f	f	\N	\N	\N	f	2026-11-30 11:53:54.858979+00	postgres
\.


--
-- Data for Name: machine_assessments; Type: TABLE DATA; Schema: gaiops; Owner: -
--

COPY gaiops.machine_assessments (assessment_id, trace_id, span_id, session_id, experiment, name, kind, value, rationale, source_type, source_id, run_id, overrides, metadata, idempotency_key, created_at, created_by) FROM stdin;
6d88289d-8ace-8bc9-9558-f75273d285cb	01a22c4d-eeaa-77b3-9d83-389ab936fcaf	\N	\N	Released	tone	feedback	"warm"	\N	LLM_JUDGE	judge	\N	\N	\N	k	2026-11-30 11:53:54.870187+00	postgres
\.


--
-- Data for Name: open_runs; Type: TABLE DATA; Schema: gaiops; Owner: -
--

COPY gaiops.open_runs (run_id, incarnation) FROM stdin;
\.


--
-- Data for Name: prices; Type: TABLE DATA; Schema: gaiops; Owner: -
--

COPY gaiops.prices (provider, model, kind, price, effective_from, builtin, source, created_at, created_by) FROM stdin;
example	tiny	input	0.125	2020-01-01 00:00:00+00	f	\N	2026-11-30 11:53:54.570071+00	postgres
example	tiny	output	0.25	2020-01-01 00:00:00+00	f	\N	2026-11-30 11:53:54.570071+00	postgres
\.


--
-- Data for Name: prompt_alias_history; Type: TABLE DATA; Schema: gaiops; Owner: -
--

COPY gaiops.prompt_alias_history (id, name, alias, from_version, to_version, reason, undoes, moved_at, moved_by) FROM stdin;
1	greet	production	\N	1	\N	\N	2026-11-30 11:53:54.725966+00	postgres
2	chat	production	\N	1	\N	\N	2026-11-30 11:53:54.725966+00	postgres
3	greet	production	1	2	shorter	\N	2026-11-30 11:53:54.739438+00	postgres
\.


--
-- Data for Name: prompt_aliases; Type: TABLE DATA; Schema: gaiops; Owner: -
--

COPY gaiops.prompt_aliases (name, alias, version, updated_at, updated_by) FROM stdin;
chat	production	1	2026-11-30 11:53:54.725966+00	postgres
greet	production	2	2026-11-30 11:53:54.739438+00	postgres
\.


--
-- Data for Name: prompt_contents; Type: TABLE DATA; Schema: gaiops; Owner: -
--

COPY gaiops.prompt_contents (name, version, kind, template, messages, response_format, model_config, syntax, variables, content_hash, commit_message, created_at, created_by, words) FROM stdin;
greet	1	text	Be polite to {{ who }}.	\N	{"type": "json_schema", "json_schema": {"name": "x", "schema": {"type": "object", "properties": {"a": {"type": "number"}, "why": {"type": "string"}}}}}	{"max_tokens": 50, "temperature": 0.20}	gaiops	{who}	d0b45ec8ca54e19d1fd28941a5b0573fa2c0c321d6a5a6bcbcda35e2b2b8a632	first	2026-11-30 11:53:54.675118+00	postgres	'be':5C 'first':4B 'greet':1A,2A,3A 'polite':6C 'to':7C 'who':8C
greet	2	text	Be short with {{ who }}.	\N	\N	\N	gaiops	{who}	627e3a29a27e4fdef1754b67a7335592566d8f86eaad2cafd91c1e472eddffc3	\N	2026-11-30 11:53:54.699289+00	postgres	'be':4C 'greet':1A,2A,3A 'short':5C 'who':7C 'with':6C
chat	1	chat	\N	[{"role": "system", "content": "You help {{ who }}."}, {"role": "user", "content": "{{ question }}"}]	\N	\N	gaiops	{who,question}	cde774b94b8dd08d94c85ddf46585bb871317e0e32ab58d52cf99b7b9fbf563f	\N	2026-11-30 11:53:54.707816+00	postgres	'chat':1A,2A,3A 'help':5C 'question':7C 'who':6C 'you':4C
\.


--
-- Data for Name: prompt_deletions; Type: TABLE DATA; Schema: gaiops; Owner: -
--

COPY gaiops.prompt_deletions (name, version, deleted_at, deleted_by) FROM stdin;
\.


--
-- Data for Name: prompt_includes; Type: TABLE DATA; Schema: gaiops; Owner: -
--

COPY gaiops.prompt_includes (name, version, "position", included_name, included_version, alias, follow) FROM stdin;
\.


--
-- Data for Name: prompt_numbers; Type: TABLE DATA; Schema: gaiops; Owner: -
--

COPY gaiops.prompt_numbers (name, version, token, drawn_at) FROM stdin;
greet	1	5b5643ac-f73f-4cf9-839e-46faf42d655b	2026-11-30 11:53:54.683385+00
greet	2	42186e7d-658a-459f-900a-c351c56742ae	2026-11-30 11:53:54.700551+00
chat	1	cc80734d-84fe-4dcf-976f-decf0f5c9f9d	2026-11-30 11:53:54.709251+00
\.


--
-- Data for Name: prompt_tags; Type: TABLE DATA; Schema: gaiops; Owner: -
--

COPY gaiops.prompt_tags (name, key, value, updated_at, updated_by) FROM stdin;
\.


--
-- Data for Name: prompt_version_tags; Type: TABLE DATA; Schema: gaiops; Owner: -
--

COPY gaiops.prompt_version_tags (name, version, key, value, updated_at, updated_by) FROM stdin;
greet	1	kind	text	2026-11-30 11:53:54.675118+00	postgres
greet	1	tested	yes	2026-11-30 11:53:54.749927+00	postgres
\.


--
-- Data for Name: protected_prompt_aliases; Type: TABLE DATA; Schema: gaiops; Owner: -
--

COPY gaiops.protected_prompt_aliases (name, alias, roles, protected_at, protected_by) FROM stdin;
greet	production	{admin_role}	2026-11-30 11:53:54.746095+00	postgres
\.


--
-- Data for Name: rejected_records; Type: TABLE DATA; Schema: gaiops; Owner: -
--

COPY gaiops.rejected_records (rejected_at, record, trace_id, span_id, sqlstate, message) FROM stdin;
2026-11-30 11:53:54.969875+00	spans	\N	\N	22000	of old
\.


--
-- Data for Name: review_claims; Type: TABLE DATA; Schema: gaiops; Owner: -
--

COPY gaiops.review_claims (item, reviewer, queue, place, state, claimed_at, lease_until, finished_at, reason, turn) FROM stdin;
1	ann	q	1	submitted	2026-11-30 11:53:54.894195+00	2026-11-30 12:23:54.894195+00	2026-11-30 11:53:54.903002+00	\N	1
1	bob	q	1	claimed	2026-11-30 11:53:54.906091+00	2026-11-30 12:23:54.906091+00	\N	\N	1
\.


--
-- Data for Name: review_items; Type: TABLE DATA; Schema: gaiops; Owner: -
--

COPY gaiops.review_items (item, queue, trace_id, wanted, place, enqueued_at, enqueued_by) FROM stdin;
1	q	01a22c4d-eeaa-77b3-9d83-389ab936fcaf	0	1	2026-11-30 11:53:54.890071+00	postgres
\.


--
-- Data for Name: review_settings; Type: TABLE DATA; Schema: gaiops; Owner: -
--

COPY gaiops.review_settings (queue, description, schemas, reviewers_per_item, reviewers, created_at, created_by) FROM stdin;
q	\N	{thumbs}	2	\N	2026-11-30 11:53:54.890071+00	postgres
\.


--
-- Data for Name: run_ends; Type: TABLE DATA; Schema: gaiops; Owner: -
--

COPY gaiops.run_ends (run_id, status, end_time) FROM stdin;
01a22c4d-ef8e-7391-be58-f24172d79c59	FINISHED	2026-11-30 11:53:54.85423+00
\.


--
-- Data for Name: run_inputs; Type: TABLE DATA; Schema: gaiops; Owner: -
--

COPY gaiops.run_inputs (run_id, dataset, revision, logged_at) FROM stdin;
01a22c4d-ef8e-7391-be58-f24172d79c59	golden	3	2026-11-30 11:53:54.846299+00
\.


--
-- Data for Name: run_metrics; Type: TABLE DATA; Schema: gaiops; Owner: -
--

COPY gaiops.run_metrics (run_id, key, step, value, logged_at) FROM stdin;
01a22c4d-ef8e-7391-be58-f24172d79c59	m	0	0.1	2026-11-30 11:53:54.842123+00
\.


--
-- Data for Name: run_params; Type: TABLE DATA; Schema: gaiops; Owner: -
--

COPY gaiops.run_params (run_id, key, value, logged_at) FROM stdin;
01a22c4d-ef8e-7391-be58-f24172d79c59	p	1	2026-11-30 11:53:54.838795+00
\.


--
-- Data for Name: run_starts; Type: TABLE DATA; Schema: gaiops; Owner: -
--

COPY gaiops.run_starts (run_id, name, experiment, parent_run_id, session_role, role, application_name, pid, incarnation, start_time) FROM stdin;
01a22c4d-ef8e-7391-be58-f24172d79c59	released run	Released	\N	postgres	postgres	psql	26886	ccae3b0d-b8a8-a646-3773-1ce608215383	2026-11-30 11:53:54.830231+00
\.


--
-- Data for Name: run_tags; Type: TABLE DATA; Schema: gaiops; Owner: -
--

COPY gaiops.run_tags (run_id, key, value, updated_at) FROM stdin;
01a22c4d-ef8e-7391-be58-f24172d79c59	a	b	2026-11-30 11:53:54.830235+00
\.


--
-- Data for Name: secrets; Type: TABLE DATA; Schema: gaiops; Owner: -
--

COPY gaiops.secrets (name, kind, sealed, key_id, reference, created_at, updated_at, created_by) FROM stdin;
\.


--
-- Data for Name: span_payloads_2024_02_29; Type: TABLE DATA; Schema: gaiops; Owner: -
--

COPY gaiops.span_payloads_2024_02_29 (trace_id, span_id, kind, start_time, inputs, body, body_bytes, body_length, body_sha256, attributes, metadata, events) FROM stdin;
01a22c4d-eeaa-77b3-9d83-389ab936fcaf	69f69d263b7b124e	request	2024-02-29 23:59:59.999999+00	{"params": {"seed": 7, "top_p": 0.90}, "message": "Wörter, \\"Zitate\\", \\\\ und 中文"}	{"seed": 7, "model": "builtin-echo", "top_p": 0.90, "messages": [{"role": "user", "content": "Wörter, \\"Zitate\\", \\\\ und 中文"}], "max_tokens": 100, "temperature": 0.50}	\N	\N	\N	\N	{"a": null, "n": 1.50}	\N
\.


--
-- Data for Name: span_payloads_2026_11_30; Type: TABLE DATA; Schema: gaiops; Owner: -
--

COPY gaiops.span_payloads_2026_11_30 (trace_id, span_id, kind, start_time, inputs, body, body_bytes, body_length, body_sha256, attributes, metadata, events) FROM stdin;
01a22c4d-eeaa-77b3-9d83-389ab936fcaf	69f69d263b7b124e	request	2026-11-30 11:53:54.602984+00	{"params": {"seed": 7, "top_p": 0.90}, "message": "Wörter, \\"Zitate\\", \\\\ und 中文"}	{"seed": 7, "model": "builtin-echo", "top_p": 0.90, "messages": [{"role": "user", "content": "Wörter, \\"Zitate\\", \\\\ und 中文"}], "max_tokens": 100, "temperature": 0.50}	\N	\N	\N	\N	{"a": null, "n": 1.50}	\N
01a22c4d-eeaa-77b3-9d83-389ab936fcaf	69f69d263b7b124e	response	2026-11-30 11:53:54.602984+00	\N	{"id": "echo-1153c3e6", "object": "chat.completion", "model": "builtin-echo", "choices": [{"index": 0, "message": {"role": "assistant", "content": "Wörter, \\"Zitate\\", \\\\ und 中文"}, "finish_reason": "stop"}], "usage": {"prompt_tokens": 43, "completion_tokens": 7, "total_tokens": 50}}	\N	\N	\N	\N	\N	\N
01a22c4d-eec2-77a2-83c0-612a9c75768e	1dbfac3e3134ac9f	request	2026-11-30 11:53:54.626708+00	{"message": "nobody listens"}	{"model": "gpt-4.1-mini", "messages": [{"role": "user", "content": "nobody listens"}]}	\N	\N	\N	\N	\N	\N
01a22c4d-eed3-7181-bd84-198102046304	8988226b18d23d79	request	2026-11-30 11:53:54.64305+00	{"in": [1, 2]}	\N	\N	\N	\N	\N	\N	\N
01a22c4d-eed3-7181-bd84-198102046304	eb4f36b1aa652dfd	request	2026-11-30 11:53:54.644663+00	{"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}]}	{"model": "builtin-echo", "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}], "max_tokens": 100, "temperature": 0.50}	\N	\N	\N	\N	\N	\N
01a22c4d-eed3-7181-bd84-198102046304	eb4f36b1aa652dfd	response	2026-11-30 11:53:54.644663+00	\N	{"id": "echo-8700b919", "object": "chat.completion", "model": "builtin-echo", "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"}], "usage": {"prompt_tokens": 39, "completion_tokens": 1, "total_tokens": 40}}	\N	\N	\N	\N	\N	\N
01a22c4d-eed3-7181-bd84-198102046304	8988226b18d23d79	response	2026-11-30 11:53:54.64305+00	{"out": null}	\N	\N	\N	\N	\N	\N	\N
01a22c4d-ef45-7b62-a3b5-06d0bde2d63a	099ca9339a0f068c	request	2026-11-30 11:53:54.757945+00	{"prompt": "prompts:/greet/1", "message": "Hi", "variables": {"who": "Ann"}}	{"model": "builtin-echo", "messages": [{"role": "system", "content": "Be polite to Ann."}, {"role": "user", "content": "Hi"}], "max_tokens": 50, "temperature": 0.20, "response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": {"type": "object", "properties": {"a": {"type": "number"}, "why": {"type": "string"}}}}}}	\N	\N	\N	{"gaiops.prompt.uri": "prompts:/greet/1"}	\N	\N
01a22c4d-ef45-7b62-a3b5-06d0bde2d63a	099ca9339a0f068c	response	2026-11-30 11:53:54.757945+00	\N	{"id": "echo-13335d05", "object": "chat.completion", "model": "builtin-echo", "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"}], "usage": {"prompt_tokens": 84, "completion_tokens": 1, "total_tokens": 85}}	\N	\N	\N	\N	\N	\N
\.


--
-- Data for Name: span_payloads_2026_12_01; Type: TABLE DATA; Schema: gaiops; Owner: -
--

COPY gaiops.span_payloads_2026_12_01 (trace_id, span_id, kind, start_time, inputs, body, body_bytes, body_length, body_sha256, attributes, metadata, events) FROM stdin;
\.


--
-- Data for Name: span_payloads_2026_12_02; Type: TABLE DATA; Schema: gaiops; Owner: -
--

COPY gaiops.span_payloads_2026_12_02 (trace_id, span_id, kind, start_time, inputs, body, body_bytes, body_length, body_sha256, attributes, metadata, events) FROM stdin;
\.


--
-- Data for Name: span_payloads_2026_12_03; Type: TABLE DATA; Schema: gaiops; Owner: -
--

COPY gaiops.span_payloads_2026_12_03 (trace_id, span_id, kind, start_time, inputs, body, body_bytes, body_length, body_sha256, attributes, metadata, events) FROM stdin;
\.


--
-- Data for Name: span_payloads_default; Type: TABLE DATA; Schema: gaiops; Owner: -
--

COPY gaiops.span_payloads_default (trace_id, span_id, kind, start_time, inputs, body, body_bytes, body_length, body_sha256, attributes, metadata, events) FROM stdin;
01a22c4d-eeaa-77b3-9d83-389ab936fcaf	69f69d263b7b124e	request	2019-01-01 00:00:00+00	{"params": {"seed": 7, "top_p": 0.90}, "message": "Wörter, \\"Zitate\\", \\\\ und 中文"}	{"seed": 7, "model": "builtin-echo", "top_p": 0.90, "messages": [{"role": "user", "content": "Wörter, \\"Zitate\\", \\\\ und 中文"}], "max_tokens": 100, "temperature": 0.50}	\N	\N	\N	\N	{"a": null, "n": 1.50}	\N
\.


--
-- Data for Name: spans_2024_02; Type: TABLE DATA; Schema: gaiops; Owner: -
--

COPY gaiops.spans_2024_02 (trace_id, span_id, parent_span_id, name, span_type, status, error_class, error_message, purpose, experiment, run_id, endpoint, target, provider, model, response_model, response_id, finish_reason, prompt_name, prompt_version, prompt_hash, session_id, user_id, session_role, role, application_name, client_addr, is_entry, attempt, http_status, input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, reasoning_tokens, cost, start_time, latency_ms, gateway_ms, time_to_first_token_ms) FROM stdin;
01a22c4d-eeaa-77b3-9d83-389ab936fcaf	69f69d263b7b124e	\N	chat builtin-echo	CHAT_MODEL	OK	\N	\N	application	Released	\N	echo	builtin/builtin-echo	builtin	builtin-echo	builtin-echo	echo-1153c3e6	stop	\N	\N	\N	s	u	postgres	postgres	psql	\N	t	1	200	43	7	\N	\N	\N	0.000000000000000001	2024-02-29 23:59:59.999999+00	10.324	0	\N
\.


--
-- Data for Name: spans_2026_11; Type: TABLE DATA; Schema: gaiops; Owner: -
--

COPY gaiops.spans_2026_11 (trace_id, span_id, parent_span_id, name, span_type, status, error_class, error_message, purpose, experiment, run_id, endpoint, target, provider, model, response_model, response_id, finish_reason, prompt_name, prompt_version, prompt_hash, session_id, user_id, session_role, role, application_name, client_addr, is_entry, attempt, http_status, input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, reasoning_tokens, cost, start_time, latency_ms, gateway_ms, time_to_first_token_ms) FROM stdin;
01a22c4d-eeaa-77b3-9d83-389ab936fcaf	69f69d263b7b124e	\N	chat builtin-echo	CHAT_MODEL	OK	\N	\N	application	Released	\N	echo	builtin/builtin-echo	builtin	builtin-echo	builtin-echo	echo-1153c3e6	stop	\N	\N	\N	s	u	postgres	postgres	psql	\N	t	1	200	43	7	\N	\N	\N	0	2026-11-30 11:53:54.602984+00	10.324	0	\N
01a22c4d-eec2-77a2-83c0-612a9c75768e	1dbfac3e3134ac9f	\N	chat gpt-4.1-mini	CHAT_MODEL	ERROR	unreachable	could not reach endpoint "closed": Failed to connect to 127.0.0.1 port 9 after 0 ms: Couldn't connect to server.	application	Released	\N	closed	openai/gpt-4.1-mini	openai	gpt-4.1-mini	\N	\N	\N	\N	\N	\N	\N	\N	postgres	postgres	psql	\N	t	1	\N	\N	\N	\N	\N	\N	\N	2026-11-30 11:53:54.626708+00	3.523	0	\N
01a22c4d-eed3-7181-bd84-198102046304	eb4f36b1aa652dfd	8988226b18d23d79	chat builtin-echo	CHAT_MODEL	OK	\N	\N	application	Released	\N	echo	builtin/builtin-echo	builtin	builtin-echo	builtin-echo	echo-8700b919	stop	\N	\N	\N	\N	\N	postgres	postgres	psql	\N	f	1	200	39	1	\N	\N	\N	0	2026-11-30 11:53:54.644663+00	13.734	0	\N
01a22c4d-eed3-7181-bd84-198102046304	8988226b18d23d79	\N	outer	AGENT	OK	\N	\N	application	Released	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	postgres	postgres	psql	\N	t	\N	\N	\N	\N	\N	\N	\N	\N	2026-11-30 11:53:54.64305+00	23.176	\N	\N
01a22c4d-ef45-7b62-a3b5-06d0bde2d63a	099ca9339a0f068c	\N	chat builtin-echo	CHAT_MODEL	OK	\N	\N	application	Released	\N	echo	builtin/builtin-echo	builtin	builtin-echo	builtin-echo	echo-13335d05	stop	greet	1	d0b45ec8ca54e19d1fd28941a5b0573fa2c0c321d6a5a6bcbcda35e2b2b8a632	\N	\N	postgres	postgres	psql	\N	t	1	200	84	1	\N	\N	\N	0	2026-11-30 11:53:54.757945+00	12.11	0	\N
\.


--
-- Data for Name: spans_2026_12; Type: TABLE DATA; Schema: gaiops; Owner: -
--

COPY gaiops.spans_2026_12 (trace_id, span_id, parent_span_id, name, span_type, status, error_class, error_message, purpose, experiment, run_id, endpoint, target, provider, model, response_model, response_id, finish_reason, prompt_name, prompt_version, prompt_hash, session_id, user_id, session_role, role, application_name, client_addr, is_entry, attempt, http_status, input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, reasoning_tokens, cost, start_time, latency_ms, gateway_ms, time_to_first_token_ms) FROM stdin;
\.


--
-- Data for Name: spans_default; Type: TABLE DATA; Schema: gaiops; Owner: -
--

COPY gaiops.spans_default (trace_id, span_id, parent_span_id, name, span_type, status, error_class, error_message, purpose, experiment, run_id, endpoint, target, provider, model, response_model, response_id, finish_reason, prompt_name, prompt_version, prompt_hash, session_id, user_id, session_role, role, application_name, client_addr, is_entry, attempt, http_status, input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, reasoning_tokens, cost, start_time, latency_ms, gateway_ms, time_to_first_token_ms) FROM stdin;
01a22c4d-eeaa-77b3-9d83-389ab936fcaf	69f69d263b7b124e	\N	chat builtin-echo	CHAT_MODEL	OK	\N	\N	application	Released	\N	echo	builtin/builtin-echo	builtin	builtin-echo	builtin-echo	echo-1153c3e6	stop	\N	\N	\N	s	u	postgres	postgres	psql	\N	t	1	200	43	7	\N	\N	\N	0.000000000000000001	2019-01-01 00:00:00+00	10.324	0	\N
\.


--
-- Data for Name: trace_tags; Type: TABLE DATA; Schema: gaiops; Owner: -
--

COPY gaiops.trace_tags (trace_id, key, value, updated_at) FROM stdin;
01a22c4d-eeaa-77b3-9d83-389ab936fcaf	kind	first	2026-11-30 11:53:54.60299+00
\.


--
-- Data for Name: usage_deltas; Type: TABLE DATA; Schema: gaiops; Owner: -
--

COPY gaiops.usage_deltas (hour, experiment, purpose, endpoint, provider, model, prompt_name, prompt_version, calls, attempts, errors, unknown, input_tokens, output_tokens, cached_input_tokens, reasoning_tokens, cost, unpriced, latency_buckets, latency_counts, first_start, last_start) FROM stdin;
2026-11-30 11:00:00+00	Released	application	echo	builtin	builtin-echo	\N	\N	1	1	0	0	43	7	0	0	0	0	{164}	{1}	2026-11-30 11:53:54.602984+00	2026-11-30 11:53:54.602984+00
2026-11-30 11:00:00+00	Released	application	closed	openai	gpt-4.1-mini	\N	\N	1	1	1	0	0	0	0	0	0	0	{139}	{1}	2026-11-30 11:53:54.626708+00	2026-11-30 11:53:54.626708+00
2026-11-30 11:00:00+00	Released	application	echo	builtin	builtin-echo	\N	\N	1	1	0	0	39	1	0	0	0	0	{170}	{1}	2026-11-30 11:53:54.644663+00	2026-11-30 11:53:54.644663+00
2026-11-30 11:00:00+00	Released	application	echo	builtin	builtin-echo	greet	1	1	1	0	0	84	1	0	0	0	0	{167}	{1}	2026-11-30 11:53:54.757945+00	2026-11-30 11:53:54.757945+00
\.


--
-- Name: prompt_alias_history_id_seq; Type: SEQUENCE SET; Schema: gaiops; Owner: -
--

SELECT pg_catalog.setval('gaiops.prompt_alias_history_id_seq', 3, true);


--
-- Name: review_items_item_seq; Type: SEQUENCE SET; Schema: gaiops; Owner: -
--

SELECT pg_catalog.setval('gaiops.review_items_item_seq', 1, true);


--
-- Name: span_payloads_2024_02_29 span_payloads_2024_02_29_pkey; Type: CONSTRAINT; Schema: gaiops; Owner: -
--

ALTER TABLE ONLY gaiops.span_payloads_2024_02_29
    ADD CONSTRAINT span_payloads_2024_02_29_pkey PRIMARY KEY (trace_id, span_id, kind);


--
-- Name: span_payloads_2026_11_30 span_payloads_2026_11_30_pkey; Type: CONSTRAINT; Schema: gaiops; Owner: -
--

ALTER TABLE ONLY gaiops.span_payloads_2026_11_30
    ADD CONSTRAINT span_payloads_2026_11_30_pkey PRIMARY KEY (trace_id, span_id, kind);


--
-- Name: span_payloads_2026_12_01 span_payloads_2026_12_01_pkey; Type: CONSTRAINT; Schema: gaiops; Owner: -
--

ALTER TABLE ONLY gaiops.span_payloads_2026_12_01
    ADD CONSTRAINT span_payloads_2026_12_01_pkey PRIMARY KEY (trace_id, span_id, kind);


--
-- Name: span_payloads_2026_12_02 span_payloads_2026_12_02_pkey; Type: CONSTRAINT; Schema: gaiops; Owner: -
--

ALTER TABLE ONLY gaiops.span_payloads_2026_12_02
    ADD CONSTRAINT span_payloads_2026_12_02_pkey PRIMARY KEY (trace_id, span_id, kind);


--
-- Name: span_payloads_2026_12_03 span_payloads_2026_12_03_pkey; Type: CONSTRAINT; Schema: gaiops; Owner: -
--

ALTER TABLE ONLY gaiops.span_payloads_2026_12_03
    ADD CONSTRAINT span_payloads_2026_12_03_pkey PRIMARY KEY (trace_id, span_id, kind);


--
-- Name: spans_2024_02 spans_2024_02_pkey; Type: CONSTRAINT; Schema: gaiops; Owner: -
--

ALTER TABLE ONLY gaiops.spans_2024_02
    ADD CONSTRAINT spans_2024_02_pkey PRIMARY KEY (trace_id, span_id);


--
-- Name: spans_2026_11 spans_2026_11_pkey; Type: CONSTRAINT; Schema: gaiops; Owner: -
--

ALTER TABLE ONLY gaiops.spans_2026_11
    ADD CONSTRAINT spans_2026_11_pkey PRIMARY KEY (trace_id, span_id);


--
-- Name: spans_2026_12 spans_2026_12_pkey; Type: CONSTRAINT; Schema: gaiops; Owner: -
--

ALTER TABLE ONLY gaiops.spans_2026_12
    ADD CONSTRAINT spans_2026_12_pkey PRIMARY KEY (trace_id, span_id);


--
-- Name: spans_2024_02_session_id_start_time_idx; Type: INDEX; Schema: gaiops; Owner: -
--

CREATE INDEX spans_2024_02_session_id_start_time_idx ON gaiops.spans_2024_02 USING btree (session_id, start_time) WHERE (session_id IS NOT NULL);


--
-- Name: spans_2024_02_start_time_idx; Type: INDEX; Schema: gaiops; Owner: -
--

CREATE INDEX spans_2024_02_start_time_idx ON gaiops.spans_2024_02 USING btree (start_time);


--
-- Name: spans_2026_11_session_id_start_time_idx; Type: INDEX; Schema: gaiops; Owner: -
--

CREATE INDEX spans_2026_11_session_id_start_time_idx ON gaiops.spans_2026_11 USING btree (session_id, start_time) WHERE (session_id IS NOT NULL);


--
-- Name: spans_2026_11_start_time_idx; Type: INDEX; Schema: gaiops; Owner: -
--

CREATE INDEX spans_2026_11_start_time_idx ON gaiops.spans_2026_11 USING btree (start_time);


--
-- Name: spans_2026_12_session_id_start_time_idx; Type: INDEX; Schema: gaiops; Owner: -
--

CREATE INDEX spans_2026_12_session_id_start_time_idx ON gaiops.spans_2026_12 USING btree (session_id, start_time) WHERE (session_id IS NOT NULL);


--
-- Name: spans_2026_12_start_time_idx; Type: INDEX; Schema: gaiops; Owner: -
--

CREATE INDEX spans_2026_12_start_time_idx ON gaiops.spans_2026_12 USING btree (start_time);


--
-- Name: span_payloads_2024_02_29; Type: ROW SECURITY; Schema: gaiops; Owner: -
--

ALTER TABLE gaiops.span_payloads_2024_02_29 ENABLE ROW LEVEL SECURITY;

--
-- Name: span_payloads_2026_11_30; Type: ROW SECURITY; Schema: gaiops; Owner: -
--

ALTER TABLE gaiops.span_payloads_2026_11_30 ENABLE ROW LEVEL SECURITY;

--
-- Name: span_payloads_2026_12_01; Type: ROW SECURITY; Schema: gaiops; Owner: -
--

ALTER TABLE gaiops.span_payloads_2026_12_01 ENABLE ROW LEVEL SECURITY;

--
-- Name: span_payloads_2026_12_02; Type: ROW SECURITY; Schema: gaiops; Owner: -
--

ALTER TABLE gaiops.span_payloads_2026_12_02 ENABLE ROW LEVEL SECURITY;

--
-- Name: span_payloads_2026_12_03; Type: ROW SECURITY; Schema: gaiops; Owner: -
--

ALTER TABLE gaiops.span_payloads_2026_12_03 ENABLE ROW LEVEL SECURITY;

--
-- Name: spans_2024_02; Type: ROW SECURITY; Schema: gaiops; Owner: -
--

ALTER TABLE gaiops.spans_2024_02 ENABLE ROW LEVEL SECURITY;

--
-- Name: spans_2026_11; Type: ROW SECURITY; Schema: gaiops; Owner: -
--

ALTER TABLE gaiops.spans_2026_11 ENABLE ROW LEVEL SECURITY;

--
-- Name: spans_2026_12; Type: ROW SECURITY; Schema: gaiops; Owner: -
--

ALTER TABLE gaiops.spans_2026_12 ENABLE ROW LEVEL SECURITY;

--
-- Name: span_payloads_2024_02_29 viewers; Type: POLICY; Schema: gaiops; Owner: -
--

CREATE POLICY viewers ON gaiops.span_payloads_2024_02_29 FOR SELECT USING (( SELECT has_function_privilege(('gaiops.viewer_right()'::regprocedure)::oid, 'EXECUTE'::text) AS has_function_privilege));


--
-- Name: span_payloads_2026_11_30 viewers; Type: POLICY; Schema: gaiops; Owner: -
--

CREATE POLICY viewers ON gaiops.span_payloads_2026_11_30 FOR SELECT USING (( SELECT has_function_privilege(('gaiops.viewer_right()'::regprocedure)::oid, 'EXECUTE'::text) AS has_function_privilege));


--
-- Name: span_payloads_2026_12_01 viewers; Type: POLICY; Schema: gaiops; Owner: -
--

CREATE POLICY viewers ON gaiops.span_payloads_2026_12_01 FOR SELECT USING (( SELECT has_function_privilege(('gaiops.viewer_right()'::regprocedure)::oid, 'EXECUTE'::text) AS has_function_privilege));


--
-- Name: span_payloads_2026_12_02 viewers; Type: POLICY; Schema: gaiops; Owner: -
--

CREATE POLICY viewers ON gaiops.span_payloads_2026_12_02 FOR SELECT USING (( SELECT has_function_privilege(('gaiops.viewer_right()'::regprocedure)::oid, 'EXECUTE'::text) AS has_function_privilege));


--
-- Name: span_payloads_2026_12_03 viewers; Type: POLICY; Schema: gaiops; Owner: -
--

CREATE POLICY viewers ON gaiops.span_payloads_2026_12_03 FOR SELECT USING (( SELECT has_function_privilege(('gaiops.viewer_right()'::regprocedure)::oid, 'EXECUTE'::text) AS has_function_privilege));


--
-- Name: spans_2024_02 viewers; Type: POLICY; Schema: gaiops; Owner: -
--

CREATE POLICY viewers ON gaiops.spans_2024_02 FOR SELECT USING (( SELECT has_function_privilege(('gaiops.viewer_right()'::regprocedure)::oid, 'EXECUTE'::text) AS has_function_privilege));


--
-- Name: spans_2026_11 viewers; Type: POLICY; Schema: gaiops; Owner: -
--

CREATE POLICY viewers ON gaiops.spans_2026_11 FOR SELECT USING (( SELECT has_function_privilege(('gaiops.viewer_right()'::regprocedure)::oid, 'EXECUTE'::text) AS has_function_privilege));


--
-- Name: spans_2026_12 viewers; Type: POLICY; Schema: gaiops; Owner: -
--

CREATE POLICY viewers ON gaiops.spans_2026_12 FOR SELECT USING (( SELECT has_function_privilege(('gaiops.viewer_right()'::regprocedure)::oid, 'EXECUTE'::text) AS has_function_privilege));


--
-- Name: SCHEMA gaiops; Type: ACL; Schema: -; Owner: -
--

GRANT USAGE ON SCHEMA gaiops TO viewer_role;
GRANT USAGE ON SCHEMA gaiops TO user_role;
GRANT USAGE ON SCHEMA gaiops TO admin_role;
GRANT USAGE ON SCHEMA gaiops TO analyst;


--
-- Name: TYPE latency_histogram; Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON TYPE gaiops.latency_histogram TO viewer_role;
GRANT ALL ON TYPE gaiops.latency_histogram TO user_role;
GRANT ALL ON TYPE gaiops.latency_histogram TO admin_role;


--
-- Name: FUNCTION admin_grant(); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.admin_grant() TO admin_role;


--
-- Name: FUNCTION admin_right(); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.admin_right() TO admin_role;


--
-- Name: FUNCTION agreement_on(name text); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.agreement_on(name text) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.agreement_on(name text) TO user_role;
GRANT ALL ON FUNCTION gaiops.agreement_on(name text) TO admin_role;


--
-- Name: FUNCTION answer_message(expectations jsonb); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.answer_message(expectations jsonb) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.answer_message(expectations jsonb) TO user_role;
GRANT ALL ON FUNCTION gaiops.answer_message(expectations jsonb) TO admin_role;


--
-- Name: FUNCTION answer_outputs(body text); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.answer_outputs(body text) TO user_role;
GRANT ALL ON FUNCTION gaiops.answer_outputs(body text) TO admin_role;


--
-- Name: FUNCTION answer_text(body text); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.answer_text(body text) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.answer_text(body text) TO user_role;
GRANT ALL ON FUNCTION gaiops.answer_text(body text) TO admin_role;


--
-- Name: TABLE human_assessments; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.human_assessments TO viewer_role;
GRANT SELECT ON TABLE gaiops.human_assessments TO user_role;
GRANT SELECT ON TABLE gaiops.human_assessments TO admin_role;


--
-- Name: FUNCTION call_manner(given jsonb); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.call_manner(given jsonb) TO user_role;
GRANT ALL ON FUNCTION gaiops.call_manner(given jsonb) TO admin_role;


--
-- Name: FUNCTION call_question(given jsonb); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.call_question(given jsonb) TO user_role;
GRANT ALL ON FUNCTION gaiops.call_question(given jsonb) TO admin_role;


--
-- Name: FUNCTION chat_line(inputs jsonb, expectations jsonb); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.chat_line(inputs jsonb, expectations jsonb) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.chat_line(inputs jsonb, expectations jsonb) TO user_role;
GRANT ALL ON FUNCTION gaiops.chat_line(inputs jsonb, expectations jsonb) TO admin_role;


--
-- Name: FUNCTION check_elements(argument text, elements anyarray); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.check_elements(argument text, elements anyarray) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.check_elements(argument text, elements anyarray) TO user_role;
GRANT ALL ON FUNCTION gaiops.check_elements(argument text, elements anyarray) TO admin_role;


--
-- Name: TABLE endpoints; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.endpoints TO viewer_role;
GRANT SELECT ON TABLE gaiops.endpoints TO user_role;
GRANT SELECT ON TABLE gaiops.endpoints TO admin_role;


--
-- Name: FUNCTION check_given(argument text, value anyelement); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.check_given(argument text, value anyelement) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.check_given(argument text, value anyelement) TO user_role;
GRANT ALL ON FUNCTION gaiops.check_given(argument text, value anyelement) TO admin_role;


--
-- Name: FUNCTION check_mlflow_schema(schema text); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.check_mlflow_schema(schema text) TO admin_role;


--
-- Name: TABLE prompt_contents; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.prompt_contents TO viewer_role;
GRANT SELECT ON TABLE gaiops.prompt_contents TO user_role;
GRANT SELECT ON TABLE gaiops.prompt_contents TO admin_role;


--
-- Name: TABLE review_settings; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.review_settings TO viewer_role;
GRANT SELECT ON TABLE gaiops.review_settings TO user_role;
GRANT SELECT ON TABLE gaiops.review_settings TO admin_role;


--
-- Name: FUNCTION check_runs(run_ids uuid[]); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.check_runs(run_ids uuid[]) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.check_runs(run_ids uuid[]) TO user_role;
GRANT ALL ON FUNCTION gaiops.check_runs(run_ids uuid[]) TO admin_role;


--
-- Name: TABLE label_schemas; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.label_schemas TO viewer_role;
GRANT SELECT ON TABLE gaiops.label_schemas TO user_role;
GRANT SELECT ON TABLE gaiops.label_schemas TO admin_role;


--
-- Name: FUNCTION check_seen_traces(trace_ids uuid[]); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.check_seen_traces(trace_ids uuid[]) TO user_role;
GRANT ALL ON FUNCTION gaiops.check_seen_traces(trace_ids uuid[]) TO admin_role;


--
-- Name: FUNCTION check_size(argument text, value text, most integer); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.check_size(argument text, value text, most integer) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.check_size(argument text, value text, most integer) TO user_role;
GRANT ALL ON FUNCTION gaiops.check_size(argument text, value text, most integer) TO admin_role;


--
-- Name: FUNCTION content_part_layout(part jsonb); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.content_part_layout(part jsonb) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.content_part_layout(part jsonb) TO user_role;
GRANT ALL ON FUNCTION gaiops.content_part_layout(part jsonb) TO admin_role;


--
-- Name: FUNCTION dataset_size(dataset text, revision integer); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.dataset_size(dataset text, revision integer) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.dataset_size(dataset text, revision integer) TO user_role;
GRANT ALL ON FUNCTION gaiops.dataset_size(dataset text, revision integer) TO admin_role;


--
-- Name: FUNCTION export_alias_history(prompt text); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.export_alias_history(prompt text) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.export_alias_history(prompt text) TO user_role;
GRANT ALL ON FUNCTION gaiops.export_alias_history(prompt text) TO admin_role;


--
-- Name: FUNCTION export_prompt(prompt text, highest_number integer); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.export_prompt(prompt text, highest_number integer) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.export_prompt(prompt text, highest_number integer) TO user_role;
GRANT ALL ON FUNCTION gaiops.export_prompt(prompt text, highest_number integer) TO admin_role;


--
-- Name: FUNCTION export_prompt_versions(prompt text); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.export_prompt_versions(prompt text) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.export_prompt_versions(prompt text) TO user_role;
GRANT ALL ON FUNCTION gaiops.export_prompt_versions(prompt text) TO admin_role;


--
-- Name: TABLE review_items; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.review_items TO viewer_role;
GRANT SELECT ON TABLE gaiops.review_items TO user_role;
GRANT SELECT ON TABLE gaiops.review_items TO admin_role;


--
-- Name: FUNCTION find_traces(trace_ids uuid[]); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.find_traces(trace_ids uuid[]) TO user_role;
GRANT ALL ON FUNCTION gaiops.find_traces(trace_ids uuid[]) TO admin_role;


--
-- Name: FUNCTION fit_categories(s gaiops.label_schemas, value jsonb); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.fit_categories(s gaiops.label_schemas, value jsonb) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.fit_categories(s gaiops.label_schemas, value jsonb) TO user_role;
GRANT ALL ON FUNCTION gaiops.fit_categories(s gaiops.label_schemas, value jsonb) TO admin_role;


--
-- Name: FUNCTION fit_number(s gaiops.label_schemas, value jsonb); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.fit_number(s gaiops.label_schemas, value jsonb) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.fit_number(s gaiops.label_schemas, value jsonb) TO user_role;
GRANT ALL ON FUNCTION gaiops.fit_number(s gaiops.label_schemas, value jsonb) TO admin_role;


--
-- Name: FUNCTION fit_pass_fail(s gaiops.label_schemas, value jsonb); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.fit_pass_fail(s gaiops.label_schemas, value jsonb) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.fit_pass_fail(s gaiops.label_schemas, value jsonb) TO user_role;
GRANT ALL ON FUNCTION gaiops.fit_pass_fail(s gaiops.label_schemas, value jsonb) TO admin_role;


--
-- Name: FUNCTION fold_traces(target text, trace_ids uuid[], accept_outputs boolean, OUT n integer, OUT record jsonb, OUT fallback jsonb, OUT problem text); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.fold_traces(target text, trace_ids uuid[], accept_outputs boolean, OUT n integer, OUT record jsonb, OUT fallback jsonb, OUT problem text) TO user_role;
GRANT ALL ON FUNCTION gaiops.fold_traces(target text, trace_ids uuid[], accept_outputs boolean, OUT n integer, OUT record jsonb, OUT fallback jsonb, OUT problem text) TO admin_role;


--
-- Name: FUNCTION given_object(given jsonb, key text); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.given_object(given jsonb, key text) TO user_role;
GRANT ALL ON FUNCTION gaiops.given_object(given jsonb, key text) TO admin_role;


--
-- Name: FUNCTION has_right("right" text); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.has_right("right" text) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.has_right("right" text) TO user_role;
GRANT ALL ON FUNCTION gaiops.has_right("right" text) TO admin_role;


--
-- Name: FUNCTION histogram_mean(histogram gaiops.latency_histogram); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.histogram_mean(histogram gaiops.latency_histogram) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.histogram_mean(histogram gaiops.latency_histogram) TO user_role;
GRANT ALL ON FUNCTION gaiops.histogram_mean(histogram gaiops.latency_histogram) TO admin_role;


--
-- Name: FUNCTION import_mlflow_prompt(prompt text, workspace text, tags jsonb, sources jsonb); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.import_mlflow_prompt(prompt text, workspace text, tags jsonb, sources jsonb) TO admin_role;


--
-- Name: FUNCTION incarnation(); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.incarnation() TO viewer_role;
GRANT ALL ON FUNCTION gaiops.incarnation() TO user_role;
GRANT ALL ON FUNCTION gaiops.incarnation() TO admin_role;


--
-- Name: FUNCTION inputs_text(inputs jsonb); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.inputs_text(inputs jsonb) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.inputs_text(inputs jsonb) TO user_role;
GRANT ALL ON FUNCTION gaiops.inputs_text(inputs jsonb) TO admin_role;


--
-- Name: FUNCTION is_cut(document jsonb); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.is_cut(document jsonb) TO user_role;
GRANT ALL ON FUNCTION gaiops.is_cut(document jsonb) TO admin_role;


--
-- Name: FUNCTION is_older_trace(trace_id uuid, start_time timestamp with time zone, other_trace_id uuid, other_start_time timestamp with time zone); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.is_older_trace(trace_id uuid, start_time timestamp with time zone, other_trace_id uuid, other_start_time timestamp with time zone) TO user_role;
GRANT ALL ON FUNCTION gaiops.is_older_trace(trace_id uuid, start_time timestamp with time zone, other_trace_id uuid, other_start_time timestamp with time zone) TO admin_role;


--
-- Name: FUNCTION join_objects(objects jsonb[]); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.join_objects(objects jsonb[]) TO user_role;
GRANT ALL ON FUNCTION gaiops.join_objects(objects jsonb[]) TO admin_role;


--
-- Name: FUNCTION label_schema(name text); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.label_schema(name text) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.label_schema(name text) TO user_role;
GRANT ALL ON FUNCTION gaiops.label_schema(name text) TO admin_role;


--
-- Name: TABLE review_claims; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.review_claims TO viewer_role;
GRANT SELECT ON TABLE gaiops.review_claims TO user_role;
GRANT SELECT ON TABLE gaiops.review_claims TO admin_role;


--
-- Name: TABLE dataset_settings; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.dataset_settings TO viewer_role;
GRANT SELECT ON TABLE gaiops.dataset_settings TO user_role;
GRANT SELECT ON TABLE gaiops.dataset_settings TO admin_role;


--
-- Name: FUNCTION measure_agreement(units integer[], raters integer[], ratings double precision[], level text, counted double precision, OUT n integer, OUT kappa double precision, OUT kappa_low double precision, OUT kappa_high double precision, OUT alpha double precision, OUT alpha_low double precision, OUT alpha_high double precision, OUT correlation double precision, OUT correlation_low double precision, OUT correlation_high double precision, OUT prevalence double precision); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.measure_agreement(units integer[], raters integer[], ratings double precision[], level text, counted double precision, OUT n integer, OUT kappa double precision, OUT kappa_low double precision, OUT kappa_high double precision, OUT alpha double precision, OUT alpha_low double precision, OUT alpha_high double precision, OUT correlation double precision, OUT correlation_low double precision, OUT correlation_high double precision, OUT prevalence double precision) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.measure_agreement(units integer[], raters integer[], ratings double precision[], level text, counted double precision, OUT n integer, OUT kappa double precision, OUT kappa_low double precision, OUT kappa_high double precision, OUT alpha double precision, OUT alpha_low double precision, OUT alpha_high double precision, OUT correlation double precision, OUT correlation_low double precision, OUT correlation_high double precision, OUT prevalence double precision) TO user_role;
GRANT ALL ON FUNCTION gaiops.measure_agreement(units integer[], raters integer[], ratings double precision[], level text, counted double precision, OUT n integer, OUT kappa double precision, OUT kappa_low double precision, OUT kappa_high double precision, OUT alpha double precision, OUT alpha_low double precision, OUT alpha_high double precision, OUT correlation double precision, OUT correlation_low double precision, OUT correlation_high double precision, OUT prevalence double precision) TO admin_role;


--
-- Name: FUNCTION merge_traces(target text, records jsonb[], fallbacks jsonb[], OUT "position" integer, OUT action text, OUT problem text); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.merge_traces(target text, records jsonb[], fallbacks jsonb[], OUT "position" integer, OUT action text, OUT problem text) TO user_role;
GRANT ALL ON FUNCTION gaiops.merge_traces(target text, records jsonb[], fallbacks jsonb[], OUT "position" integer, OUT action text, OUT problem text) TO admin_role;


--
-- Name: FUNCTION message_layout(message jsonb); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.message_layout(message jsonb) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.message_layout(message jsonb) TO user_role;
GRANT ALL ON FUNCTION gaiops.message_layout(message jsonb) TO admin_role;


--
-- Name: FUNCTION message_text(message jsonb); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.message_text(message jsonb) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.message_text(message jsonb) TO user_role;
GRANT ALL ON FUNCTION gaiops.message_text(message jsonb) TO admin_role;


--
-- Name: FUNCTION messages_problem(messages jsonb); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.messages_problem(messages jsonb) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.messages_problem(messages jsonb) TO user_role;
GRANT ALL ON FUNCTION gaiops.messages_problem(messages jsonb) TO admin_role;


--
-- Name: FUNCTION place_value(value jsonb, scale text, s gaiops.label_schemas); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.place_value(value jsonb, scale text, s gaiops.label_schemas) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.place_value(value jsonb, scale text, s gaiops.label_schemas) TO user_role;
GRANT ALL ON FUNCTION gaiops.place_value(value jsonb, scale text, s gaiops.label_schemas) TO admin_role;


--
-- Name: FUNCTION preview(whole text); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.preview(whole text) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.preview(whole text) TO user_role;
GRANT ALL ON FUNCTION gaiops.preview(whole text) TO admin_role;


--
-- Name: FUNCTION prompt_layout(version jsonb); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.prompt_layout(version jsonb) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.prompt_layout(version jsonb) TO user_role;
GRANT ALL ON FUNCTION gaiops.prompt_layout(version jsonb) TO admin_role;


--
-- Name: FUNCTION prompt_search_condition(kind text, key text, value text); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.prompt_search_condition(kind text, key text, value text) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.prompt_search_condition(kind text, key text, value text) TO user_role;
GRANT ALL ON FUNCTION gaiops.prompt_search_condition(kind text, key text, value text) TO admin_role;


--
-- Name: FUNCTION prompt_search_conditions(query text, OUT joined text, OUT conditions text, OUT fit text, OUT words text); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.prompt_search_conditions(query text, OUT joined text, OUT conditions text, OUT fit text, OUT words text) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.prompt_search_conditions(query text, OUT joined text, OUT conditions text, OUT fit text, OUT words text) TO user_role;
GRANT ALL ON FUNCTION gaiops.prompt_search_conditions(query text, OUT joined text, OUT conditions text, OUT fit text, OUT words text) TO admin_role;


--
-- Name: FUNCTION prompt_search_fit(n integer, kind text, key text, value text, OUT joined text, OUT fit text); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.prompt_search_fit(n integer, kind text, key text, value text, OUT joined text, OUT fit text) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.prompt_search_fit(n integer, kind text, key text, value text, OUT joined text, OUT fit text) TO user_role;
GRANT ALL ON FUNCTION gaiops.prompt_search_fit(n integer, kind text, key text, value text, OUT joined text, OUT fit text) TO admin_role;


--
-- Name: FUNCTION prompt_search_query(words text); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.prompt_search_query(words text) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.prompt_search_query(words text) TO user_role;
GRANT ALL ON FUNCTION gaiops.prompt_search_query(words text) TO admin_role;


--
-- Name: FUNCTION prompt_search_statement(query text, OUT statement text, OUT words tsquery); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.prompt_search_statement(query text, OUT statement text, OUT words tsquery) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.prompt_search_statement(query text, OUT statement text, OUT words tsquery) TO user_role;
GRANT ALL ON FUNCTION gaiops.prompt_search_statement(query text, OUT statement text, OUT words tsquery) TO admin_role;


--
-- Name: FUNCTION prompt_search_terms(query text, OUT term text, OUT kind text, OUT key text, OUT value text); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.prompt_search_terms(query text, OUT term text, OUT kind text, OUT key text, OUT value text) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.prompt_search_terms(query text, OUT term text, OUT kind text, OUT key text, OUT value text) TO user_role;
GRANT ALL ON FUNCTION gaiops.prompt_search_terms(query text, OUT term text, OUT kind text, OUT key text, OUT value text) TO admin_role;


--
-- Name: FUNCTION prompt_sections(version jsonb); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.prompt_sections(version jsonb) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.prompt_sections(version jsonb) TO user_role;
GRANT ALL ON FUNCTION gaiops.prompt_sections(version jsonb) TO admin_role;


--
-- Name: FUNCTION prompt_snippet(template text, messages jsonb, wanted text); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.prompt_snippet(template text, messages jsonb, wanted text) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.prompt_snippet(template text, messages jsonb, wanted text) TO user_role;
GRANT ALL ON FUNCTION gaiops.prompt_snippet(template text, messages jsonb, wanted text) TO admin_role;


--
-- Name: FUNCTION proxy_right(); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.proxy_right() TO admin_role;


--
-- Name: FUNCTION question_messages(inputs jsonb); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.question_messages(inputs jsonb) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.question_messages(inputs jsonb) TO user_role;
GRANT ALL ON FUNCTION gaiops.question_messages(inputs jsonb) TO admin_role;


--
-- Name: FUNCTION raise_unfit_trace(trace uuid, problem text); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.raise_unfit_trace(trace uuid, problem text) TO user_role;
GRANT ALL ON FUNCTION gaiops.raise_unfit_trace(trace uuid, problem text) TO admin_role;


--
-- Name: FUNCTION raise_unknown_dataset(name text); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.raise_unknown_dataset(name text) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.raise_unknown_dataset(name text) TO user_role;
GRANT ALL ON FUNCTION gaiops.raise_unknown_dataset(name text) TO admin_role;


--
-- Name: FUNCTION raise_unknown_prompt(name text, version integer); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.raise_unknown_prompt(name text, version integer) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.raise_unknown_prompt(name text, version integer) TO user_role;
GRANT ALL ON FUNCTION gaiops.raise_unknown_prompt(name text, version integer) TO admin_role;


--
-- Name: FUNCTION rating_number(value numeric); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.rating_number(value numeric) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.rating_number(value numeric) TO user_role;
GRANT ALL ON FUNCTION gaiops.rating_number(value numeric) TO admin_role;


--
-- Name: FUNCTION ratings(name text); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.ratings(name text) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.ratings(name text) TO user_role;
GRANT ALL ON FUNCTION gaiops.ratings(name text) TO admin_role;


--
-- Name: FUNCTION read_json(body text); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.read_json(body text) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.read_json(body text) TO user_role;
GRANT ALL ON FUNCTION gaiops.read_json(body text) TO admin_role;


--
-- Name: FUNCTION record_context(inputs jsonb); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.record_context(inputs jsonb) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.record_context(inputs jsonb) TO user_role;
GRANT ALL ON FUNCTION gaiops.record_context(inputs jsonb) TO admin_role;


--
-- Name: FUNCTION record_id(inputs jsonb, key text); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.record_id(inputs jsonb, key text) TO user_role;
GRANT ALL ON FUNCTION gaiops.record_id(inputs jsonb, key text) TO admin_role;


--
-- Name: FUNCTION record_line(inputs jsonb, expectations jsonb, outputs jsonb, tags jsonb, key text, split text, source jsonb); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.record_line(inputs jsonb, expectations jsonb, outputs jsonb, tags jsonb, key text, split text, source jsonb) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.record_line(inputs jsonb, expectations jsonb, outputs jsonb, tags jsonb, key text, split text, source jsonb) TO user_role;
GRANT ALL ON FUNCTION gaiops.record_line(inputs jsonb, expectations jsonb, outputs jsonb, tags jsonb, key text, split text, source jsonb) TO admin_role;


--
-- Name: FUNCTION record_problem(record jsonb); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.record_problem(record jsonb) TO user_role;
GRANT ALL ON FUNCTION gaiops.record_problem(record jsonb) TO admin_role;


--
-- Name: FUNCTION record_question(inputs jsonb); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.record_question(inputs jsonb) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.record_question(inputs jsonb) TO user_role;
GRANT ALL ON FUNCTION gaiops.record_question(inputs jsonb) TO admin_role;


--
-- Name: FUNCTION record_traces(target text, record_ids uuid[], OUT record_id uuid, OUT trace_id uuid, OUT start_time timestamp with time zone); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.record_traces(target text, record_ids uuid[], OUT record_id uuid, OUT trace_id uuid, OUT start_time timestamp with time zone) TO user_role;
GRANT ALL ON FUNCTION gaiops.record_traces(target text, record_ids uuid[], OUT record_id uuid, OUT trace_id uuid, OUT start_time timestamp with time zone) TO admin_role;


--
-- Name: FUNCTION request_attributes(request jsonb); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.request_attributes(request jsonb) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.request_attributes(request jsonb) TO user_role;
GRANT ALL ON FUNCTION gaiops.request_attributes(request jsonb) TO admin_role;


--
-- Name: FUNCTION retrieved_context(outputs jsonb); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.retrieved_context(outputs jsonb) TO user_role;
GRANT ALL ON FUNCTION gaiops.retrieved_context(outputs jsonb) TO admin_role;


--
-- Name: FUNCTION retrieved_document(document jsonb, OUT id jsonb, OUT content text); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.retrieved_document(document jsonb, OUT id jsonb, OUT content text) TO user_role;
GRANT ALL ON FUNCTION gaiops.retrieved_document(document jsonb, OUT id jsonb, OUT content text) TO admin_role;


--
-- Name: FUNCTION reviewed_contents(trace_id uuid, OUT inputs jsonb, OUT outputs jsonb); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.reviewed_contents(trace_id uuid, OUT inputs jsonb, OUT outputs jsonb) TO user_role;
GRANT ALL ON FUNCTION gaiops.reviewed_contents(trace_id uuid, OUT inputs jsonb, OUT outputs jsonb) TO admin_role;


--
-- Name: FUNCTION take_dataset(target text); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.take_dataset(target text) TO user_role;
GRANT ALL ON FUNCTION gaiops.take_dataset(target text) TO admin_role;


--
-- Name: FUNCTION take_review(queue text, lease interval, reviewer text, OUT item bigint, OUT trace_id uuid, OUT schemas jsonb, OUT lease_until timestamp with time zone); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.take_review(queue text, lease interval, reviewer text, OUT item bigint, OUT trace_id uuid, OUT schemas jsonb, OUT lease_until timestamp with time zone) TO user_role;
GRANT ALL ON FUNCTION gaiops.take_review(queue text, lease interval, reviewer text, OUT item bigint, OUT trace_id uuid, OUT schemas jsonb, OUT lease_until timestamp with time zone) TO admin_role;


--
-- Name: FUNCTION trace_contents(trace_ids uuid[], OUT trace_id uuid, OUT span_id text, OUT start_time timestamp with time zone, OUT answer_span_id text, OUT session_id text, OUT prompt text, OUT is_call boolean, OUT is_ok boolean, OUT given jsonb, OUT outputs jsonb, OUT retrieved jsonb, OUT problem text); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.trace_contents(trace_ids uuid[], OUT trace_id uuid, OUT span_id text, OUT start_time timestamp with time zone, OUT answer_span_id text, OUT session_id text, OUT prompt text, OUT is_call boolean, OUT is_ok boolean, OUT given jsonb, OUT outputs jsonb, OUT retrieved jsonb, OUT problem text) TO user_role;
GRANT ALL ON FUNCTION gaiops.trace_contents(trace_ids uuid[], OUT trace_id uuid, OUT span_id text, OUT start_time timestamp with time zone, OUT answer_span_id text, OUT session_id text, OUT prompt text, OUT is_call boolean, OUT is_ok boolean, OUT given jsonb, OUT outputs jsonb, OUT retrieved jsonb, OUT problem text) TO admin_role;


--
-- Name: FUNCTION trace_entries(trace_ids uuid[], OUT trace_id uuid, OUT span_id text, OUT start_time timestamp with time zone, OUT is_entry boolean, OUT attempt integer, OUT session_id text, OUT prompt text, OUT answer_span_id text, OUT answer_time timestamp with time zone, OUT status text, OUT is_open boolean); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.trace_entries(trace_ids uuid[], OUT trace_id uuid, OUT span_id text, OUT start_time timestamp with time zone, OUT is_entry boolean, OUT attempt integer, OUT session_id text, OUT prompt text, OUT answer_span_id text, OUT answer_time timestamp with time zone, OUT status text, OUT is_open boolean) TO user_role;
GRANT ALL ON FUNCTION gaiops.trace_entries(trace_ids uuid[], OUT trace_id uuid, OUT span_id text, OUT start_time timestamp with time zone, OUT is_entry boolean, OUT attempt integer, OUT session_id text, OUT prompt text, OUT answer_span_id text, OUT answer_time timestamp with time zone, OUT status text, OUT is_open boolean) TO admin_role;


--
-- Name: FUNCTION trace_expectations(trace_ids uuid[], entry_span_ids text[], answer_span_ids text[], OUT trace_id uuid, OUT expectations jsonb); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.trace_expectations(trace_ids uuid[], entry_span_ids text[], answer_span_ids text[], OUT trace_id uuid, OUT expectations jsonb) TO user_role;
GRANT ALL ON FUNCTION gaiops.trace_expectations(trace_ids uuid[], entry_span_ids text[], answer_span_ids text[], OUT trace_id uuid, OUT expectations jsonb) TO admin_role;


--
-- Name: FUNCTION trace_inputs(given jsonb, is_call boolean, retrieved jsonb); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.trace_inputs(given jsonb, is_call boolean, retrieved jsonb) TO user_role;
GRANT ALL ON FUNCTION gaiops.trace_inputs(given jsonb, is_call boolean, retrieved jsonb) TO admin_role;


--
-- Name: FUNCTION trace_records(trace_ids uuid[], OUT trace_id uuid, OUT start_time timestamp with time zone, OUT record jsonb, OUT answer jsonb, OUT problem text); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.trace_records(trace_ids uuid[], OUT trace_id uuid, OUT start_time timestamp with time zone, OUT record jsonb, OUT answer jsonb, OUT problem text) TO user_role;
GRANT ALL ON FUNCTION gaiops.trace_records(trace_ids uuid[], OUT trace_id uuid, OUT start_time timestamp with time zone, OUT record jsonb, OUT answer jsonb, OUT problem text) TO admin_role;


--
-- Name: FUNCTION trace_retrievals(trace_ids uuid[], entry_span_ids text[], OUT trace_id uuid, OUT outputs jsonb); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.trace_retrievals(trace_ids uuid[], entry_span_ids text[], OUT trace_id uuid, OUT outputs jsonb) TO user_role;
GRANT ALL ON FUNCTION gaiops.trace_retrievals(trace_ids uuid[], entry_span_ids text[], OUT trace_id uuid, OUT outputs jsonb) TO admin_role;


--
-- Name: FUNCTION trace_source(trace_id uuid, span_id text, session_id text, prompt text, params jsonb); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.trace_source(trace_id uuid, span_id text, session_id text, prompt text, params jsonb) TO user_role;
GRANT ALL ON FUNCTION gaiops.trace_source(trace_id uuid, span_id text, session_id text, prompt text, params jsonb) TO admin_role;


--
-- Name: FUNCTION unified_diff(from_text text, to_text text, from_label text, to_label text); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.unified_diff(from_text text, to_text text, from_label text, to_label text) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.unified_diff(from_text text, to_text text, from_label text, to_label text) TO user_role;
GRANT ALL ON FUNCTION gaiops.unified_diff(from_text text, to_text text, from_label text, to_label text) TO admin_role;


--
-- Name: FUNCTION user_grant(); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.user_grant() TO user_role;


--
-- Name: FUNCTION user_right(); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.user_right() TO user_role;
GRANT ALL ON FUNCTION gaiops.user_right() TO admin_role;


--
-- Name: FUNCTION viewer_grant(); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.viewer_grant() TO viewer_role;


--
-- Name: FUNCTION viewer_right(); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.viewer_right() TO viewer_role;
GRANT ALL ON FUNCTION gaiops.viewer_right() TO user_role;
GRANT ALL ON FUNCTION gaiops.viewer_right() TO admin_role;


--
-- Name: FUNCTION wanted_words(query tsquery); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.wanted_words(query tsquery) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.wanted_words(query tsquery) TO user_role;
GRANT ALL ON FUNCTION gaiops.wanted_words(query tsquery) TO admin_role;


--
-- Name: FUNCTION word_verdict(word text); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.word_verdict(word text) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.word_verdict(word text) TO user_role;
GRANT ALL ON FUNCTION gaiops.word_verdict(word text) TO admin_role;


--
-- Name: FUNCTION gaiops_add_traces(dataset text, trace_ids uuid[], accept_outputs boolean, OUT inserted integer, OUT updated integer, OUT unchanged integer); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_add_traces(dataset text, trace_ids uuid[], accept_outputs boolean, OUT inserted integer, OUT updated integer, OUT unchanged integer) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_add_traces(dataset text, trace_ids uuid[], accept_outputs boolean, OUT inserted integer, OUT updated integer, OUT unchanged integer) TO admin_role;


--
-- Name: FUNCTION gaiops_alter_endpoint(name text, url text, model text, secret text, provider text, params jsonb, headers jsonb, connect_timeout interval, timeout interval, max_retries integer, max_response_bytes bigint, description text); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_alter_endpoint(name text, url text, model text, secret text, provider text, params jsonb, headers jsonb, connect_timeout interval, timeout interval, max_retries integer, max_response_bytes bigint, description text) TO admin_role;


--
-- Name: FUNCTION gaiops_alter_experiment(name text, description text, goal text, owner text, tags jsonb); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_alter_experiment(name text, description text, goal text, owner text, tags jsonb) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_alter_experiment(name text, description text, goal text, owner text, tags jsonb) TO admin_role;


--
-- Name: FUNCTION gaiops_alter_secret(name text, value text); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_alter_secret(name text, value text) TO admin_role;


--
-- Name: FUNCTION gaiops_alter_secret_from_file(name text, path text); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_alter_secret_from_file(name text, path text) TO admin_role;


--
-- Name: FUNCTION gaiops_chat(model text, messages jsonb, prompt text, variables jsonb, system text, params jsonb, session_id text, user_id text, tags jsonb, metadata jsonb, timeout interval, on_error text); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_chat(model text, messages jsonb, prompt text, variables jsonb, system text, params jsonb, session_id text, user_id text, tags jsonb, metadata jsonb, timeout interval, on_error text) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_chat(model text, messages jsonb, prompt text, variables jsonb, system text, params jsonb, session_id text, user_id text, tags jsonb, metadata jsonb, timeout interval, on_error text) TO admin_role;


--
-- Name: FUNCTION gaiops_chat(model text, message text, prompt text, variables jsonb, system text, params jsonb, session_id text, user_id text, tags jsonb, metadata jsonb, timeout interval, on_error text); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_chat(model text, message text, prompt text, variables jsonb, system text, params jsonb, session_id text, user_id text, tags jsonb, metadata jsonb, timeout interval, on_error text) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_chat(model text, message text, prompt text, variables jsonb, system text, params jsonb, session_id text, user_id text, tags jsonb, metadata jsonb, timeout interval, on_error text) TO admin_role;


--
-- Name: FUNCTION gaiops_chat_completion(request jsonb); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_chat_completion(request jsonb) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_chat_completion(request jsonb) TO admin_role;


--
-- Name: FUNCTION gaiops_claim_review(queue text, lease interval, reviewer text); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_claim_review(queue text, lease interval, reviewer text) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_claim_review(queue text, lease interval, reviewer text) TO admin_role;


--
-- Name: FUNCTION gaiops_compare_run_metrics(run_ids uuid[]); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_compare_run_metrics(run_ids uuid[]) TO viewer_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_compare_run_metrics(run_ids uuid[]) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_compare_run_metrics(run_ids uuid[]) TO admin_role;


--
-- Name: FUNCTION gaiops_create_dataset(name text, description text, tags jsonb); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_create_dataset(name text, description text, tags jsonb) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_create_dataset(name text, description text, tags jsonb) TO admin_role;


--
-- Name: FUNCTION gaiops_create_endpoint(name text, url text, model text, secret text, provider text, params jsonb, headers jsonb, connect_timeout interval, timeout interval, max_retries integer, max_response_bytes bigint, description text); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_create_endpoint(name text, url text, model text, secret text, provider text, params jsonb, headers jsonb, connect_timeout interval, timeout interval, max_retries integer, max_response_bytes bigint, description text) TO admin_role;


--
-- Name: FUNCTION gaiops_create_experiment(name text, description text, goal text, owner text, tags jsonb); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_create_experiment(name text, description text, goal text, owner text, tags jsonb) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_create_experiment(name text, description text, goal text, owner text, tags jsonb) TO admin_role;


--
-- Name: FUNCTION gaiops_create_label_schema(name text, kind text, instruction text, labels text[], multiple boolean, ordered boolean, minimum numeric, maximum numeric, max_length integer); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_create_label_schema(name text, kind text, instruction text, labels text[], multiple boolean, ordered boolean, minimum numeric, maximum numeric, max_length integer) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_create_label_schema(name text, kind text, instruction text, labels text[], multiple boolean, ordered boolean, minimum numeric, maximum numeric, max_length integer) TO admin_role;


--
-- Name: FUNCTION gaiops_create_review_queue(name text, schemas text[], reviewers_per_item integer, reviewers text[], description text); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_create_review_queue(name text, schemas text[], reviewers_per_item integer, reviewers text[], description text) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_create_review_queue(name text, schemas text[], reviewers_per_item integer, reviewers text[], description text) TO admin_role;


--
-- Name: FUNCTION gaiops_create_secret(name text, value text); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_create_secret(name text, value text) TO admin_role;


--
-- Name: FUNCTION gaiops_create_secret_from_file(name text, path text); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_create_secret_from_file(name text, path text) TO admin_role;


--
-- Name: FUNCTION gaiops_current_run(); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_current_run() TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_current_run() TO admin_role;


--
-- Name: TABLE dataset_record_versions; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.dataset_record_versions TO viewer_role;
GRANT SELECT ON TABLE gaiops.dataset_record_versions TO user_role;
GRANT SELECT ON TABLE gaiops.dataset_record_versions TO admin_role;


--
-- Name: TABLE dataset_records; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.dataset_records TO viewer_role;
GRANT SELECT ON TABLE gaiops.dataset_records TO user_role;
GRANT SELECT ON TABLE gaiops.dataset_records TO admin_role;


--
-- Name: FUNCTION gaiops_dataset_records(dataset text, revision integer, split text); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_dataset_records(dataset text, revision integer, split text) TO viewer_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_dataset_records(dataset text, revision integer, split text) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_dataset_records(dataset text, revision integer, split text) TO admin_role;


--
-- Name: FUNCTION gaiops_decline_review(item bigint, reason text, reviewer text); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_decline_review(item bigint, reason text, reviewer text) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_decline_review(item bigint, reason text, reviewer text) TO admin_role;


--
-- Name: FUNCTION gaiops_delete_feedback(assessment_id uuid); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_delete_feedback(assessment_id uuid) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_delete_feedback(assessment_id uuid) TO admin_role;


--
-- Name: FUNCTION gaiops_delete_prompt(name text); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_delete_prompt(name text) TO admin_role;


--
-- Name: FUNCTION gaiops_delete_prompt_alias(name text, alias text, reason text); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_delete_prompt_alias(name text, alias text, reason text) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_delete_prompt_alias(name text, alias text, reason text) TO admin_role;


--
-- Name: FUNCTION gaiops_delete_prompt_tag(name text, key text); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_delete_prompt_tag(name text, key text) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_delete_prompt_tag(name text, key text) TO admin_role;


--
-- Name: FUNCTION gaiops_delete_prompt_version(name text, version integer); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_delete_prompt_version(name text, version integer) TO admin_role;


--
-- Name: FUNCTION gaiops_delete_prompt_version_tag(name text, version integer, key text); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_delete_prompt_version_tag(name text, version integer, key text) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_delete_prompt_version_tag(name text, version integer, key text) TO admin_role;


--
-- Name: FUNCTION gaiops_delete_records(dataset text, record_ids uuid[]); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_delete_records(dataset text, record_ids uuid[]) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_delete_records(dataset text, record_ids uuid[]) TO admin_role;


--
-- Name: FUNCTION gaiops_diff_prompt(name text, from_version integer, to_version integer); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_diff_prompt(name text, from_version integer, to_version integer) TO viewer_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_diff_prompt(name text, from_version integer, to_version integer) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_diff_prompt(name text, from_version integer, to_version integer) TO admin_role;


--
-- Name: FUNCTION gaiops_disagreements(name text); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_disagreements(name text) TO viewer_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_disagreements(name text) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_disagreements(name text) TO admin_role;


--
-- Name: FUNCTION gaiops_drop_dataset(name text); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_drop_dataset(name text) TO admin_role;


--
-- Name: FUNCTION gaiops_drop_endpoint(name text); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_drop_endpoint(name text) TO admin_role;


--
-- Name: FUNCTION gaiops_drop_label_schema(name text); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_drop_label_schema(name text) TO admin_role;


--
-- Name: FUNCTION gaiops_drop_review_queue(name text); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_drop_review_queue(name text) TO admin_role;


--
-- Name: FUNCTION gaiops_drop_secret(name text); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_drop_secret(name text) TO admin_role;


--
-- Name: FUNCTION gaiops_end_run(status text, run_id uuid); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_end_run(status text, run_id uuid) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_end_run(status text, run_id uuid) TO admin_role;


--
-- Name: FUNCTION gaiops_end_span(span_id text, outputs jsonb, status text, attributes jsonb); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_end_span(span_id text, outputs jsonb, status text, attributes jsonb) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_end_span(span_id text, outputs jsonb, status text, attributes jsonb) TO admin_role;


--
-- Name: FUNCTION gaiops_enqueue_review(queue text, trace_ids uuid[]); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_enqueue_review(queue text, trace_ids uuid[]) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_enqueue_review(queue text, trace_ids uuid[]) TO admin_role;


--
-- Name: FUNCTION gaiops_export_dataset(dataset text, format text, revision integer, split text); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_export_dataset(dataset text, format text, revision integer, split text) TO viewer_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_export_dataset(dataset text, format text, revision integer, split text) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_export_dataset(dataset text, format text, revision integer, split text) TO admin_role;


--
-- Name: FUNCTION gaiops_export_prompts(names text[]); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_export_prompts(names text[]) TO viewer_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_export_prompts(names text[]) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_export_prompts(names text[]) TO admin_role;


--
-- Name: FUNCTION gaiops_format_messages(uri text, variables jsonb, allow_partial boolean); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_format_messages(uri text, variables jsonb, allow_partial boolean) TO viewer_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_format_messages(uri text, variables jsonb, allow_partial boolean) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_format_messages(uri text, variables jsonb, allow_partial boolean) TO admin_role;


--
-- Name: FUNCTION gaiops_format_prompt(uri text, variables jsonb, allow_partial boolean); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_format_prompt(uri text, variables jsonb, allow_partial boolean) TO viewer_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_format_prompt(uri text, variables jsonb, allow_partial boolean) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_format_prompt(uri text, variables jsonb, allow_partial boolean) TO admin_role;


--
-- Name: FUNCTION gaiops_get_cost(provider text, model text, input_tokens bigint, output_tokens bigint, cached_input_tokens bigint, cache_write_tokens bigint, reasoning_tokens bigint, at timestamp with time zone); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_get_cost(provider text, model text, input_tokens bigint, output_tokens bigint, cached_input_tokens bigint, cache_write_tokens bigint, reasoning_tokens bigint, at timestamp with time zone) TO viewer_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_get_cost(provider text, model text, input_tokens bigint, output_tokens bigint, cached_input_tokens bigint, cache_write_tokens bigint, reasoning_tokens bigint, at timestamp with time zone) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_get_cost(provider text, model text, input_tokens bigint, output_tokens bigint, cached_input_tokens bigint, cache_write_tokens bigint, reasoning_tokens bigint, at timestamp with time zone) TO admin_role;


--
-- Name: FUNCTION gaiops_grant(role text, "right" text); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_grant(role text, "right" text) TO admin_role;


--
-- Name: FUNCTION gaiops_import_dataset(dataset text, lines text, keep_good boolean); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_import_dataset(dataset text, lines text, keep_good boolean) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_import_dataset(dataset text, lines text, keep_good boolean) TO admin_role;


--
-- Name: FUNCTION gaiops_import_mlflow_prompts(schema text); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_import_mlflow_prompts(schema text) TO admin_role;


--
-- Name: FUNCTION gaiops_import_prices(prices jsonb, effective_from timestamp with time zone, source text, OUT models integer, OUT written integer, OUT skipped integer); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_import_prices(prices jsonb, effective_from timestamp with time zone, source text, OUT models integer, OUT written integer, OUT skipped integer) TO admin_role;


--
-- Name: FUNCTION gaiops_import_prompts(document jsonb); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_import_prompts(document jsonb) TO admin_role;


--
-- Name: FUNCTION gaiops_last_trace_id(); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_last_trace_id() TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_last_trace_id() TO admin_role;


--
-- Name: FUNCTION gaiops_list_secrets(OUT name text, OUT kind text, OUT key_id text, OUT reference text, OUT created_at timestamp with time zone, OUT updated_at timestamp with time zone, OUT created_by name); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_list_secrets(OUT name text, OUT kind text, OUT key_id text, OUT reference text, OUT created_at timestamp with time zone, OUT updated_at timestamp with time zone, OUT created_by name) TO admin_role;


--
-- Name: TABLE prompt_aliases; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.prompt_aliases TO viewer_role;
GRANT SELECT ON TABLE gaiops.prompt_aliases TO user_role;
GRANT SELECT ON TABLE gaiops.prompt_aliases TO admin_role;


--
-- Name: TABLE prompt_deletions; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.prompt_deletions TO viewer_role;
GRANT SELECT ON TABLE gaiops.prompt_deletions TO user_role;
GRANT SELECT ON TABLE gaiops.prompt_deletions TO admin_role;


--
-- Name: TABLE prompt_includes; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.prompt_includes TO viewer_role;
GRANT SELECT ON TABLE gaiops.prompt_includes TO user_role;
GRANT SELECT ON TABLE gaiops.prompt_includes TO admin_role;


--
-- Name: TABLE prompt_version_tags; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.prompt_version_tags TO viewer_role;
GRANT SELECT ON TABLE gaiops.prompt_version_tags TO user_role;
GRANT SELECT ON TABLE gaiops.prompt_version_tags TO admin_role;


--
-- Name: TABLE prompt_versions; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.prompt_versions TO viewer_role;
GRANT SELECT ON TABLE gaiops.prompt_versions TO user_role;
GRANT SELECT ON TABLE gaiops.prompt_versions TO admin_role;


--
-- Name: FUNCTION gaiops_load_prompt(uri text); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_load_prompt(uri text) TO viewer_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_load_prompt(uri text) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_load_prompt(uri text) TO admin_role;


--
-- Name: FUNCTION gaiops_log_expectation(trace_id uuid, name text, value anyelement, rationale text, source_type text, source_id text, span_id text, session_id text, metadata jsonb, idempotency_key text); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_log_expectation(trace_id uuid, name text, value anyelement, rationale text, source_type text, source_id text, span_id text, session_id text, metadata jsonb, idempotency_key text) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_log_expectation(trace_id uuid, name text, value anyelement, rationale text, source_type text, source_id text, span_id text, session_id text, metadata jsonb, idempotency_key text) TO admin_role;


--
-- Name: FUNCTION gaiops_log_expectation(trace_id uuid, name text, value text, rationale text, source_type text, source_id text, span_id text, session_id text, metadata jsonb, idempotency_key text); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_log_expectation(trace_id uuid, name text, value text, rationale text, source_type text, source_id text, span_id text, session_id text, metadata jsonb, idempotency_key text) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_log_expectation(trace_id uuid, name text, value text, rationale text, source_type text, source_id text, span_id text, session_id text, metadata jsonb, idempotency_key text) TO admin_role;


--
-- Name: FUNCTION gaiops_log_feedback(trace_id uuid, name text, value anyelement, rationale text, source_type text, source_id text, span_id text, session_id text, metadata jsonb, idempotency_key text); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_log_feedback(trace_id uuid, name text, value anyelement, rationale text, source_type text, source_id text, span_id text, session_id text, metadata jsonb, idempotency_key text) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_log_feedback(trace_id uuid, name text, value anyelement, rationale text, source_type text, source_id text, span_id text, session_id text, metadata jsonb, idempotency_key text) TO admin_role;


--
-- Name: FUNCTION gaiops_log_feedback(trace_id uuid, name text, value text, rationale text, source_type text, source_id text, span_id text, session_id text, metadata jsonb, idempotency_key text); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_log_feedback(trace_id uuid, name text, value text, rationale text, source_type text, source_id text, span_id text, session_id text, metadata jsonb, idempotency_key text) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_log_feedback(trace_id uuid, name text, value text, rationale text, source_type text, source_id text, span_id text, session_id text, metadata jsonb, idempotency_key text) TO admin_role;


--
-- Name: FUNCTION gaiops_log_input(dataset text, revision integer, run_id uuid); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_log_input(dataset text, revision integer, run_id uuid) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_log_input(dataset text, revision integer, run_id uuid) TO admin_role;


--
-- Name: FUNCTION gaiops_log_metric(key text, value double precision, step bigint, run_id uuid); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_log_metric(key text, value double precision, step bigint, run_id uuid) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_log_metric(key text, value double precision, step bigint, run_id uuid) TO admin_role;


--
-- Name: FUNCTION gaiops_log_metrics(metrics jsonb, step bigint, run_id uuid); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_log_metrics(metrics jsonb, step bigint, run_id uuid) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_log_metrics(metrics jsonb, step bigint, run_id uuid) TO admin_role;


--
-- Name: FUNCTION gaiops_log_param(key text, value anyelement, run_id uuid); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_log_param(key text, value anyelement, run_id uuid) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_log_param(key text, value anyelement, run_id uuid) TO admin_role;


--
-- Name: FUNCTION gaiops_log_param(key text, value text, run_id uuid); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_log_param(key text, value text, run_id uuid) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_log_param(key text, value text, run_id uuid) TO admin_role;


--
-- Name: FUNCTION gaiops_merge_record(dataset text, inputs jsonb, expectations jsonb, outputs jsonb, tags jsonb, key text, split text); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_merge_record(dataset text, inputs jsonb, expectations jsonb, outputs jsonb, tags jsonb, key text, split text) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_merge_record(dataset text, inputs jsonb, expectations jsonb, outputs jsonb, tags jsonb, key text, split text) TO admin_role;


--
-- Name: FUNCTION gaiops_merge_records(dataset text, records jsonb, OUT inserted integer, OUT updated integer, OUT unchanged integer); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_merge_records(dataset text, records jsonb, OUT inserted integer, OUT updated integer, OUT unchanged integer) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_merge_records(dataset text, records jsonb, OUT inserted integer, OUT updated integer, OUT unchanged integer) TO admin_role;


--
-- Name: FUNCTION gaiops_override_feedback(assessment_id uuid, value anyelement, rationale text, source_id text); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_override_feedback(assessment_id uuid, value anyelement, rationale text, source_id text) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_override_feedback(assessment_id uuid, value anyelement, rationale text, source_id text) TO admin_role;


--
-- Name: FUNCTION gaiops_override_feedback(assessment_id uuid, value text, rationale text, source_id text); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_override_feedback(assessment_id uuid, value text, rationale text, source_id text) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_override_feedback(assessment_id uuid, value text, rationale text, source_id text) TO admin_role;


--
-- Name: FUNCTION gaiops_percentile(histogram gaiops.latency_histogram, p double precision); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_percentile(histogram gaiops.latency_histogram, p double precision) TO viewer_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_percentile(histogram gaiops.latency_histogram, p double precision) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_percentile(histogram gaiops.latency_histogram, p double precision) TO admin_role;


--
-- Name: FUNCTION gaiops_prompt_variables(uri text); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_prompt_variables(uri text) TO viewer_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_prompt_variables(uri text) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_prompt_variables(uri text) TO admin_role;


--
-- Name: FUNCTION gaiops_protect_prompt_alias(name text, alias text, roles text[]); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_protect_prompt_alias(name text, alias text, roles text[]) TO admin_role;


--
-- Name: FUNCTION gaiops_register_prompt(name text, messages jsonb, commit_message text, tags jsonb, response_format jsonb, model_config jsonb, if_changed boolean); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_register_prompt(name text, messages jsonb, commit_message text, tags jsonb, response_format jsonb, model_config jsonb, if_changed boolean) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_register_prompt(name text, messages jsonb, commit_message text, tags jsonb, response_format jsonb, model_config jsonb, if_changed boolean) TO admin_role;


--
-- Name: FUNCTION gaiops_register_prompt(name text, template text, commit_message text, tags jsonb, response_format jsonb, model_config jsonb, if_changed boolean); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_register_prompt(name text, template text, commit_message text, tags jsonb, response_format jsonb, model_config jsonb, if_changed boolean) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_register_prompt(name text, template text, commit_message text, tags jsonb, response_format jsonb, model_config jsonb, if_changed boolean) TO admin_role;


--
-- Name: FUNCTION gaiops_reprice(from_time timestamp with time zone, to_time timestamp with time zone); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_reprice(from_time timestamp with time zone, to_time timestamp with time zone) TO admin_role;


--
-- Name: FUNCTION gaiops_revoke(role text, "right" text); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_revoke(role text, "right" text) TO admin_role;


--
-- Name: FUNCTION gaiops_rollback_prompt_alias(name text, alias text, reason text); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_rollback_prompt_alias(name text, alias text, reason text) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_rollback_prompt_alias(name text, alias text, reason text) TO admin_role;


--
-- Name: FUNCTION gaiops_rotate_master_key(); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_rotate_master_key() TO admin_role;


--
-- Name: FUNCTION gaiops_run_maintenance(); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_run_maintenance() TO admin_role;


--
-- Name: FUNCTION gaiops_search_prompts(query text, max_results integer); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_search_prompts(query text, max_results integer) TO viewer_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_search_prompts(query text, max_results integer) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_search_prompts(query text, max_results integer) TO admin_role;


--
-- Name: FUNCTION gaiops_set_experiment(name text, is_local boolean); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_set_experiment(name text, is_local boolean) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_set_experiment(name text, is_local boolean) TO admin_role;


--
-- Name: FUNCTION gaiops_set_price(provider text, model text, input numeric, output numeric, cached_input numeric, cache_write numeric, reasoning numeric, per_call numeric, effective_from timestamp with time zone, source text); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_set_price(provider text, model text, input numeric, output numeric, cached_input numeric, cache_write numeric, reasoning numeric, per_call numeric, effective_from timestamp with time zone, source text) TO admin_role;


--
-- Name: FUNCTION gaiops_set_prompt_alias(name text, alias text, version integer, reason text); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_set_prompt_alias(name text, alias text, version integer, reason text) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_set_prompt_alias(name text, alias text, version integer, reason text) TO admin_role;


--
-- Name: FUNCTION gaiops_set_prompt_tag(name text, key text, value text); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_set_prompt_tag(name text, key text, value text) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_set_prompt_tag(name text, key text, value text) TO admin_role;


--
-- Name: FUNCTION gaiops_set_prompt_version_tag(name text, version integer, key text, value text); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_set_prompt_version_tag(name text, version integer, key text, value text) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_set_prompt_version_tag(name text, version integer, key text, value text) TO admin_role;


--
-- Name: FUNCTION gaiops_set_run_tag(key text, value text, run_id uuid); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_set_run_tag(key text, value text, run_id uuid) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_set_run_tag(key text, value text, run_id uuid) TO admin_role;


--
-- Name: FUNCTION gaiops_set_trace_tag(trace_id uuid, key text, value text); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_set_trace_tag(trace_id uuid, key text, value text) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_set_trace_tag(trace_id uuid, key text, value text) TO admin_role;


--
-- Name: FUNCTION gaiops_split_dataset(dataset text, fractions jsonb, seed integer); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_split_dataset(dataset text, fractions jsonb, seed integer) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_split_dataset(dataset text, fractions jsonb, seed integer) TO admin_role;


--
-- Name: FUNCTION gaiops_start_run(name text, tags jsonb, parent_run_id uuid, is_local boolean); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_start_run(name text, tags jsonb, parent_run_id uuid, is_local boolean) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_start_run(name text, tags jsonb, parent_run_id uuid, is_local boolean) TO admin_role;


--
-- Name: FUNCTION gaiops_start_span(name text, span_type text, inputs jsonb, attributes jsonb); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_start_span(name text, span_type text, inputs jsonb, attributes jsonb) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_start_span(name text, span_type text, inputs jsonb, attributes jsonb) TO admin_role;


--
-- Name: FUNCTION gaiops_status(); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_status() TO viewer_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_status() TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_status() TO admin_role;


--
-- Name: FUNCTION gaiops_submit_review(item bigint, answers jsonb, reviewer text); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_submit_review(item bigint, answers jsonb, reviewer text) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_submit_review(item bigint, answers jsonb, reviewer text) TO admin_role;


--
-- Name: FUNCTION gaiops_trace_id_hex(trace_id uuid); Type: ACL; Schema: pg_catalog; Owner: -
--

GRANT ALL ON FUNCTION pg_catalog.gaiops_trace_id_hex(trace_id uuid) TO viewer_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_trace_id_hex(trace_id uuid) TO user_role;
GRANT ALL ON FUNCTION pg_catalog.gaiops_trace_id_hex(trace_id uuid) TO admin_role;


--
-- Name: FUNCTION histogram_sum(gaiops.latency_histogram); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.histogram_sum(gaiops.latency_histogram) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.histogram_sum(gaiops.latency_histogram) TO user_role;
GRANT ALL ON FUNCTION gaiops.histogram_sum(gaiops.latency_histogram) TO admin_role;


--
-- Name: FUNCTION histogram_sum(integer[], bigint[]); Type: ACL; Schema: gaiops; Owner: -
--

GRANT ALL ON FUNCTION gaiops.histogram_sum(integer[], bigint[]) TO viewer_role;
GRANT ALL ON FUNCTION gaiops.histogram_sum(integer[], bigint[]) TO user_role;
GRANT ALL ON FUNCTION gaiops.histogram_sum(integer[], bigint[]) TO admin_role;


--
-- Name: TABLE machine_assessments; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.machine_assessments TO viewer_role;
GRANT SELECT ON TABLE gaiops.machine_assessments TO user_role;
GRANT SELECT ON TABLE gaiops.machine_assessments TO admin_role;


--
-- Name: TABLE agreement; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.agreement TO viewer_role;
GRANT SELECT ON TABLE gaiops.agreement TO user_role;
GRANT SELECT ON TABLE gaiops.agreement TO admin_role;


--
-- Name: TABLE intents; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.intents TO viewer_role;
GRANT SELECT ON TABLE gaiops.intents TO user_role;
GRANT SELECT ON TABLE gaiops.intents TO admin_role;


--
-- Name: TABLE spans; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.spans TO viewer_role;
GRANT SELECT ON TABLE gaiops.spans TO user_role;
GRANT SELECT ON TABLE gaiops.spans TO admin_role;
GRANT SELECT ON TABLE gaiops.spans TO analyst;


--
-- Name: TABLE all_spans; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.all_spans TO viewer_role;
GRANT SELECT ON TABLE gaiops.all_spans TO user_role;
GRANT SELECT ON TABLE gaiops.all_spans TO admin_role;


--
-- Name: TABLE assessment_deletions; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.assessment_deletions TO viewer_role;
GRANT SELECT ON TABLE gaiops.assessment_deletions TO user_role;
GRANT SELECT ON TABLE gaiops.assessment_deletions TO admin_role;


--
-- Name: TABLE assessments; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.assessments TO viewer_role;
GRANT SELECT ON TABLE gaiops.assessments TO user_role;
GRANT SELECT ON TABLE gaiops.assessments TO admin_role;


--
-- Name: TABLE calls_in_flight; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.calls_in_flight TO viewer_role;
GRANT SELECT ON TABLE gaiops.calls_in_flight TO user_role;
GRANT SELECT ON TABLE gaiops.calls_in_flight TO admin_role;


--
-- Name: TABLE dataset_changes; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.dataset_changes TO viewer_role;
GRANT SELECT ON TABLE gaiops.dataset_changes TO user_role;
GRANT SELECT ON TABLE gaiops.dataset_changes TO admin_role;


--
-- Name: TABLE dataset_revisions; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.dataset_revisions TO viewer_role;
GRANT SELECT ON TABLE gaiops.dataset_revisions TO user_role;
GRANT SELECT ON TABLE gaiops.dataset_revisions TO admin_role;


--
-- Name: TABLE datasets; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.datasets TO viewer_role;
GRANT SELECT ON TABLE gaiops.datasets TO user_role;
GRANT SELECT ON TABLE gaiops.datasets TO admin_role;


--
-- Name: TABLE experiment_details; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.experiment_details TO viewer_role;
GRANT SELECT ON TABLE gaiops.experiment_details TO user_role;
GRANT SELECT ON TABLE gaiops.experiment_details TO admin_role;


--
-- Name: TABLE experiment_names; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.experiment_names TO viewer_role;
GRANT SELECT ON TABLE gaiops.experiment_names TO user_role;
GRANT SELECT ON TABLE gaiops.experiment_names TO admin_role;


--
-- Name: TABLE experiments; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.experiments TO viewer_role;
GRANT SELECT ON TABLE gaiops.experiments TO user_role;
GRANT SELECT ON TABLE gaiops.experiments TO admin_role;


--
-- Name: TABLE open_runs; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.open_runs TO viewer_role;
GRANT SELECT ON TABLE gaiops.open_runs TO user_role;
GRANT SELECT ON TABLE gaiops.open_runs TO admin_role;


--
-- Name: TABLE prices; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.prices TO viewer_role;
GRANT SELECT ON TABLE gaiops.prices TO user_role;
GRANT SELECT ON TABLE gaiops.prices TO admin_role;


--
-- Name: TABLE prompt_alias_history; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.prompt_alias_history TO viewer_role;
GRANT SELECT ON TABLE gaiops.prompt_alias_history TO user_role;
GRANT SELECT ON TABLE gaiops.prompt_alias_history TO admin_role;


--
-- Name: TABLE prompt_numbers; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.prompt_numbers TO viewer_role;
GRANT SELECT ON TABLE gaiops.prompt_numbers TO user_role;
GRANT SELECT ON TABLE gaiops.prompt_numbers TO admin_role;


--
-- Name: TABLE prompt_tags; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.prompt_tags TO viewer_role;
GRANT SELECT ON TABLE gaiops.prompt_tags TO user_role;
GRANT SELECT ON TABLE gaiops.prompt_tags TO admin_role;


--
-- Name: TABLE usage_deltas; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.usage_deltas TO viewer_role;
GRANT SELECT ON TABLE gaiops.usage_deltas TO user_role;
GRANT SELECT ON TABLE gaiops.usage_deltas TO admin_role;


--
-- Name: TABLE prompt_usage; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.prompt_usage TO viewer_role;
GRANT SELECT ON TABLE gaiops.prompt_usage TO user_role;
GRANT SELECT ON TABLE gaiops.prompt_usage TO admin_role;


--
-- Name: TABLE prompts; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.prompts TO viewer_role;
GRANT SELECT ON TABLE gaiops.prompts TO user_role;
GRANT SELECT ON TABLE gaiops.prompts TO admin_role;


--
-- Name: TABLE protected_prompt_aliases; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.protected_prompt_aliases TO viewer_role;
GRANT SELECT ON TABLE gaiops.protected_prompt_aliases TO user_role;
GRANT SELECT ON TABLE gaiops.protected_prompt_aliases TO admin_role;


--
-- Name: TABLE rejected_records; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.rejected_records TO viewer_role;
GRANT SELECT ON TABLE gaiops.rejected_records TO user_role;
GRANT SELECT ON TABLE gaiops.rejected_records TO admin_role;


--
-- Name: TABLE review_queues; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.review_queues TO viewer_role;
GRANT SELECT ON TABLE gaiops.review_queues TO user_role;
GRANT SELECT ON TABLE gaiops.review_queues TO admin_role;


--
-- Name: TABLE run_ends; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.run_ends TO viewer_role;
GRANT SELECT ON TABLE gaiops.run_ends TO user_role;
GRANT SELECT ON TABLE gaiops.run_ends TO admin_role;


--
-- Name: TABLE run_inputs; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.run_inputs TO viewer_role;
GRANT SELECT ON TABLE gaiops.run_inputs TO user_role;
GRANT SELECT ON TABLE gaiops.run_inputs TO admin_role;


--
-- Name: TABLE run_metrics; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.run_metrics TO viewer_role;
GRANT SELECT ON TABLE gaiops.run_metrics TO user_role;
GRANT SELECT ON TABLE gaiops.run_metrics TO admin_role;


--
-- Name: TABLE run_params; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.run_params TO viewer_role;
GRANT SELECT ON TABLE gaiops.run_params TO user_role;
GRANT SELECT ON TABLE gaiops.run_params TO admin_role;


--
-- Name: TABLE run_starts; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.run_starts TO viewer_role;
GRANT SELECT ON TABLE gaiops.run_starts TO user_role;
GRANT SELECT ON TABLE gaiops.run_starts TO admin_role;


--
-- Name: TABLE run_tags; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.run_tags TO viewer_role;
GRANT SELECT ON TABLE gaiops.run_tags TO user_role;
GRANT SELECT ON TABLE gaiops.run_tags TO admin_role;


--
-- Name: TABLE runs; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.runs TO viewer_role;
GRANT SELECT ON TABLE gaiops.runs TO user_role;
GRANT SELECT ON TABLE gaiops.runs TO admin_role;


--
-- Name: TABLE sessions; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.sessions TO viewer_role;
GRANT SELECT ON TABLE gaiops.sessions TO user_role;
GRANT SELECT ON TABLE gaiops.sessions TO admin_role;


--
-- Name: TABLE span_payloads; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.span_payloads TO viewer_role;
GRANT SELECT ON TABLE gaiops.span_payloads TO user_role;
GRANT SELECT ON TABLE gaiops.span_payloads TO admin_role;


--
-- Name: TABLE span_contents; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.span_contents TO viewer_role;
GRANT SELECT ON TABLE gaiops.span_contents TO user_role;
GRANT SELECT ON TABLE gaiops.span_contents TO admin_role;


--
-- Name: TABLE trace_tags; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.trace_tags TO viewer_role;
GRANT SELECT ON TABLE gaiops.trace_tags TO user_role;
GRANT SELECT ON TABLE gaiops.trace_tags TO admin_role;


--
-- Name: TABLE traces; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.traces TO viewer_role;
GRANT SELECT ON TABLE gaiops.traces TO user_role;
GRANT SELECT ON TABLE gaiops.traces TO admin_role;
GRANT SELECT ON TABLE gaiops.traces TO analyst;


--
-- Name: TABLE usage_hourly; Type: ACL; Schema: gaiops; Owner: -
--

GRANT SELECT ON TABLE gaiops.usage_hourly TO viewer_role;
GRANT SELECT ON TABLE gaiops.usage_hourly TO user_role;
GRANT SELECT ON TABLE gaiops.usage_hourly TO admin_role;


--
-- Name: TABLE costs; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT ON TABLE public.costs TO analyst;


--
-- PostgreSQL database dump complete
--

\unrestrict UvhnDL6PDBMmnub8Qt7eDTdtxU5LIO9ygqFsZrzLtue6ezIlzeIwCthzu65Twhf

