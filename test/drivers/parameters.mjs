// What drivers of Node do with a parameter where gaiops.ordered_json is taken, and with
// a limit of time of their own: as parameters.py does.
import pg from 'pg';
import postgres from 'postgres';

const text = '[{"role": "user", "content": "Hi", "z": 1.0, "a": 2}]';
const value = JSON.parse(text);
const asked = "SELECT p.inputs::text AS inputs FROM gaiops.span_payloads AS p WHERE p.kind = 'request' ORDER BY p.start_time DESC LIMIT 1";

// Numbers of JavaScript have no spelling: what counts of an object is its order.
function say(driver, way, outcome) {
	const kept = /"z": ?1(\.0)?, ?"a": ?2/.test(outcome);
	console.log(driver.padEnd(14), way.padEnd(28), kept ? 'kept' : outcome.split('\n')[0].slice(0, 90));
}

const client = new pg.Client();
await client.connect();
for (const binding of ['', '::json'])
	for (const [name, given] of [['string', text], ['JSON.stringify', JSON.stringify(value)]]) {
		let outcome;
		try {
			await client.query(`SELECT gaiops_chat('echo', messages => $1${binding})`, [given]);
			outcome = (await client.query(asked)).rows[0].inputs;
		} catch (error) {
			outcome = error.message;
		}
		say('node-postgres', `${name} as $1${binding}`, outcome);
	}
await client.end();

const hurried = new pg.Client({ query_timeout: 3000 });
await hurried.connect();
const failure = await hurried.query("SELECT gaiops_chat('llm-dev', 'slow:8000')").catch((error) => error.message);
const other = new pg.Client();
await other.connect();
const { rows } = await other.query('SELECT count(*) FROM gaiops.calls_in_flight');
say('node-postgres', 'query_timeout', `${failure}, under way: ${rows[0].count}`);
await other.end();
await hurried.end();

const sql = postgres({ max: 1 });
for (const binding of ['', '::json', '::text'])
	for (const [name, given] of [['string', text], ['object', value]]) {
		let outcome;
		try {
			await sql.unsafe(`SELECT gaiops_chat('echo', messages => $1${binding})`, [given]);
			outcome = (await sql.unsafe(asked))[0].inputs;
		} catch (error) {
			outcome = error.message;
		}
		say('postgres.js', `${name} as $1${binding}`, outcome);
	}
await sql.end();
