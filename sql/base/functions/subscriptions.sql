-- Tables that a subscription fills from another database.

CREATE OR REPLACE FUNCTION gaiops.subscription_of(filled regclass)
RETURNS text
LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'gaiops_subscription_of';
COMMENT ON FUNCTION gaiops.subscription_of(regclass) IS
	'Takes a table; returns the name of a subscription of this database that fills it, or NULL';

CREATE OR REPLACE FUNCTION gaiops.refuse_subscribed()
RETURNS trigger
LANGUAGE c AS 'MODULE_PATHNAME', 'gaiops_refuse_subscribed';
COMMENT ON FUNCTION gaiops.refuse_subscribed() IS
	'Trigger function: raises where a subscription fills the table, unless it is that which writes';
