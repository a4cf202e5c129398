-- Sessions remember endpoints and prices; a change of these tables, whoever makes
-- it, has them look again when it is committed.
CREATE FUNCTION gaiops.note_change()
RETURNS trigger
LANGUAGE c AS 'MODULE_PATHNAME', 'gaiops_note_change';
COMMENT ON FUNCTION gaiops.note_change() IS
	'Trigger that has every session look again at endpoints, secrets and prices; returns nothing';

CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON gaiops.endpoints
	FOR EACH STATEMENT EXECUTE FUNCTION gaiops.note_change();
ALTER TABLE gaiops.endpoints ENABLE ALWAYS TRIGGER note_change;
COMMENT ON TRIGGER note_change ON gaiops.endpoints IS 'Has every session look again';

CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON gaiops_private.secrets
	FOR EACH STATEMENT EXECUTE FUNCTION gaiops.note_change();
ALTER TABLE gaiops_private.secrets ENABLE ALWAYS TRIGGER note_change;
COMMENT ON TRIGGER note_change ON gaiops_private.secrets IS 'Has every session look again';

CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON gaiops.prices
	FOR EACH STATEMENT EXECUTE FUNCTION gaiops.note_change();
ALTER TABLE gaiops.prices ENABLE ALWAYS TRIGGER note_change;
COMMENT ON TRIGGER note_change ON gaiops.prices IS 'Has every session look again';
