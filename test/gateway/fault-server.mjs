// A gateway that misbehaves in the way its URL asks for, and keeps a journal.
//
//   node fault-server.mjs [--port N] [--port-file FILE] [--key FILE --cert FILE]
//
// An endpoint whose base URL is
//
//   http://127.0.0.1:PORT/fault/NAME[,OPTION=VALUE...]/v1
//
// gets the fault NAME for every request; faults.mjs lists them. The option "id"
// means nothing and keeps two users of a fault that counts its requests apart.
//
//   GET    /journal   every request, in order of arrival: entered when its
//                     headers have come, with "body" and "outcome" added later
//   DELETE /journal   forget them, and the counts
//   GET    /health
//
// With --key and --cert it speaks TLS, and plain HTTP on a second port, for the
// journal. FILE gets the port, or both. It never calls anybody.

import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { parseArgs } from "node:util";
import { faults } from "./faults.mjs";

const BODY_KEPT = 64 * 1024;

const { values: options } = parseArgs({
	options: {
		port: { type: "string", default: "0" },
		"port-file": { type: "string" },
		key: { type: "string" },
		cert: { type: "string" },
	},
});

let journal = [];
let counts = new Map();
let connections = 0;

function parseFault(url) {
	const [, spec] = /^\/fault\/([^/]+)\//.exec(url) ?? [];
	if (spec === undefined) return null;
	const [name, ...pairs] = spec.split(",").map(decodeURIComponent);
	const option = Object.fromEntries(pairs.map((pair) => [pair.split("=", 1)[0], pair.slice(pair.indexOf("=") + 1)]));
	const count = (counts.get(spec) ?? 0) + 1;
	counts.set(spec, count);
	return { name, option, count };
}

function enter(request, fault) {
	const entry = {
		number: journal.length + 1,
		time: Date.now(),
		connection: request.socket.number,
		method: request.method,
		path: request.url,
		fault: fault?.name ?? null,
		traceparent: request.headers.traceparent ?? null,
		headers: request.headers,
		body: null,
		body_bytes: 0,
		outcome: "open",
	};
	journal.push(entry);
	return entry;
}

async function readBody(request, entry) {
	const chunks = [];
	for await (const chunk of request) chunks.push(chunk);
	const body = Buffer.concat(chunks);
	entry.body_bytes = body.length;
	entry.body = body.subarray(0, BODY_KEPT).toString();
	return body;
}

function sendJson(response, status, value) {
	response.writeHead(status, { "Content-Type": "application/json" });
	response.end(JSON.stringify(value));
}

function control(request, response) {
	if (request.url === "/health") return sendJson(response, 200, { status: "ok" });
	if (request.url !== "/journal") return sendJson(response, 404, { error: { message: "no such path" } });
	if (request.method === "DELETE") {
		journal = [];
		counts = new Map();
	}
	return sendJson(response, 200, journal);
}

async function serve(request, response) {
	const fault = parseFault(request.url);
	if (fault === null) return control(request, response);
	const entry = enter(request, fault);
	response.on("close", () => {
		entry.outcome = response.writableFinished ? "answered" : "broken off";
	});
	const act = faults[fault.name];
	if (act === undefined) return sendJson(response, 404, { error: { message: `no fault "${fault.name}"` } });
	const body = await readBody(request, entry);
	return act({ request, response, body, option: fault.option, count: fault.count });
}

function onRequest(request, response) {
	serve(request, response).catch((error) => {
		// A client that goes away in mid-request is what half of the tests do.
		if (error.code !== "ECONNRESET") console.error(error);
		response.destroy();
	});
}

function listen(server, port) {
	server.keepAliveTimeout = 60_000;
	server.on("request", onRequest);
	return new Promise((resolve, reject) => {
		server.on("error", reject);
		server.listen(port, "127.0.0.1", () => resolve(server.address().port));
	});
}

function countConnections(server, event) {
	return server.on(event, (socket) => {
		socket.number = ++connections;
		socket.on("error", () => {});
	});
}

const ports = [];
if (options.key) {
	const files = { key: readFileSync(options.key), cert: readFileSync(options.cert) };
	ports.push(await listen(countConnections(createSecureServer(files), "secureConnection"), Number(options.port)));
	ports.push(await listen(createServer(), 0));
} else {
	ports.push(await listen(countConnections(createServer(), "connection"), Number(options.port)));
}
if (options["port-file"]) {
	writeFileSync(`${options["port-file"]}.new`, `${ports.join(" ")}\n`);
	renameSync(`${options["port-file"]}.new`, options["port-file"]);
}
console.log(`listening on ${ports.join(" and ")}`);
