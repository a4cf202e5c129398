\echo Use "CREATE EXTENSION genaiops" to load this file. \quit

SET LOCAL search_path TO pg_catalog, pg_temp;
-- Names are compared as they are written without quotes.
SET LOCAL quote_all_identifiers = off;

