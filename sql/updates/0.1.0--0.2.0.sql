-- From 0.1.0 to 0.2.0: what is not made anew by each update.

-- Answers: what their columns say now.
COMMENT ON COLUMN gaiops.spans.finish_reason IS 'Why the model stopped, such as stop, length or tool_calls; no_content when it answered nothing, whatever it gave';
