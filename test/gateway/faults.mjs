// The faults of fault-server.mjs, and the right answers that aimock cannot give.
// Each is called with { request, response, body, option, count }: body is the
// request's, option what the URL gave after the name, count how many requests
// this very URL has had, this one included.

import { gzipSync } from "node:zlib";
import { setTimeout as sleep } from "node:timers/promises";
import { judge, readJudgeRequest } from "./judge.mjs";

const MEGABYTE = 1024 * 1024;

const number = (value, otherwise) => (value === undefined ? otherwise : Number(value));

function completion(message, more = {}) {
	return {
		id: "chatcmpl-fault",
		object: "chat.completion",
		created: 1700000000,
		model: "fault-model",
		choices: [{ index: 0, message: { role: "assistant", ...message }, finish_reason: "stop" }],
		usage: { prompt_tokens: 7, completion_tokens: 5, total_tokens: 12 },
		...more,
	};
}

const OK = completion({ content: "OK from the fault server." });
const OK_TEXT = JSON.stringify(OK);

function send(response, body, { status = 200, type = "application/json", headers = {} } = {}) {
	const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body);
	response.writeHead(status, { "Content-Type": type, "Content-Length": bytes.length, ...headers });
	response.end(bytes);
}

const sendOk = (response) => send(response, OK_TEXT);
const sendJson = (response, value, how) => send(response, JSON.stringify(value), how);

function sendError(response, status, message, headers = {}, type = "invalid_request_error") {
	sendJson(response, { error: { message, type, param: null, code: null } }, { status, headers });
}

// text with the answer's content replaced by a raw JSON string.
const withRawContent = (raw) => OK_TEXT.replace('"OK from the fault server."', () => raw);

// JSON as other libraries write it: "slashes" as \/ (PHP), or "unicode", what is
// no letter or digit as \uXXXX.
function jsonInStyle(value, style) {
	const text = JSON.stringify(value);
	if (style === "slashes") return text.replaceAll("/", "\\/");
	if (style !== "unicode") return text;
	const escaped = (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;
	return text.replace(/"((?:[^"\\]|\\.)*)"/g, (string) => `"${JSON.parse(string).replace(/[^A-Za-z0-9]/g, escaped)}"`);
}

// An answer written to the socket itself, whatever HTTP says of it.
function sendRaw(response, bytes) {
	const { socket } = response;
	socket.write(bytes);
	return socket;
}

// Fail the first "times" requests of this URL, then answer.
function failFirst({ option, count }, fail, succeed) {
	return count <= number(option.times, 1) ? fail() : succeed();
}

async function writeAll(response, chunk, times) {
	for (let i = 0; i < times && !response.destroyed; i++) {
		if (!response.write(chunk)) await new Promise((go) => { response.once("drain", go); response.once("close", go); });
	}
}

export const faults = {
	// Right answers.

	ok: ({ response }) => sendOk(response),

	// name=: the model that answers, or else another one each time: m1, m2 and so on.
	model: ({ response, option, count }) => sendJson(response, { ...OK, model: option.name ?? `m${count}` }),

	// ms=: before the headers.
	async slow({ response, option }) {
		await sleep(number(option.ms, 1000));
		sendOk(response);
	},

	// n=: that many choices.
	choices({ response, option }) {
		const choices = Array.from({ length: number(option.n, 3) }, (_, index) => ({
			index,
			message: { role: "assistant", content: `Choice ${index}.` },
			finish_reason: index === 0 ? "stop" : "length",
		}));
		sendJson(response, { ...OK, choices });
	},

	refusal: ({ response }) => sendJson(response, completion({ content: null, refusal: "I cannot help with that." })),

	tools({ response }) {
		const call = (id, city) => ({ id, type: "function", function: { name: "get_weather", arguments: JSON.stringify({ city }) } });
		const answer = completion({ content: null, tool_calls: [call("call_1", "Paris"), call("call_2", "Oslo")] });
		answer.choices[0].finish_reason = "tool_calls";
		sendJson(response, answer);
	},

	logprobs({ response }) {
		const answer = completion({ content: "Yes" });
		answer.choices[0].logprobs = {
			content: [{ token: "Yes", logprob: -0.25, bytes: [89, 101, 115], top_logprobs: [{ token: "No", logprob: -1.5, bytes: [78, 111] }] }],
			refusal: null,
		};
		sendJson(response, answer);
	},

	// mode=, result=, rationale=: a judge, see judge.mjs; later=: an honest one from that request on.
	// refuses=: members of a request, with + between, that it does not take; silent= says not which.
	// ms=: before it answers.
	async judge({ response, body, option, count }) {
		await sleep(number(option.ms, 0));
		const request = JSON.parse(body.toString());
		const refused = (option.refuses ?? "").split("+").filter((name) => name in request);
		if (refused.length > 0) {
			const said = option.silent ? "Bad request." : `Unsupported parameter: '${refused[0]}' is not supported with this model.`;
			return sendError(response, 400, said);
		}
		const asked = readJudgeRequest(request.messages);
		if (asked === null) return sendOk(response);
		const mode = count >= number(option.later, Infinity) ? undefined : option.mode;
		return sendJson(response, completion({ content: judge(asked, { ...option, mode }) }, { model: request.model }));
	},

	parts: ({ response }) => sendJson(response, completion({ content: [{ type: "text", text: "Part one, " }, { type: "text", text: "part two." }] })),

	// input=, output=, cached=, cache_write=, reasoning=: every kind of token.
	usage({ response, option }) {
		const input = number(option.input, 1000);
		const output = number(option.output, 200);
		sendJson(response, completion({ content: "Counted." }, {
			usage: {
				prompt_tokens: input,
				completion_tokens: output,
				total_tokens: input + output,
				prompt_tokens_details: { cached_tokens: number(option.cached, 600), cache_write_tokens: number(option.cache_write, 0) },
				completion_tokens_details: { reasoning_tokens: number(option.reasoning, 50) },
			},
		}));
	},

	// What was received comes back as the answer's content. style=: how JSON writes it.
	mirror: ({ response, body, option }) => send(response, jsonInStyle(completion({ content: body.toString() }), option.style)),

	// Answers that are no answers.

	"no-usage": ({ response }) => sendJson(response, { ...OK, usage: undefined }),
	"null-usage": ({ response }) => sendJson(response, { ...OK, usage: null }),
	"negative-usage": ({ response }) => sendJson(response, { ...OK, usage: { prompt_tokens: -7, completion_tokens: -5 } }),
	// value=: 1e300 unless told.
	"huge-usage": ({ response, option }) => send(response, OK_TEXT.replace('"prompt_tokens":7', `"prompt_tokens":${option.value ?? "1e300"}`)),
	// json=: the usage as it is to be. text=: the answer.
	"raw-usage": ({ response, option }) => send(response, JSON.stringify(completion({ content: option.text ?? "Counted." })).replace(/"usage":\{.*\}\}$/, () => `"usage":${option.json}}`)),
	"empty-choices": ({ response }) => sendJson(response, { ...OK, choices: [] }),
	"no-choices": ({ response }) => sendJson(response, { ...OK, choices: undefined }),
	// json=: the first choice, or with in=content its content, as it is to be;
	// "none": without it.
	choice: ({ response, option }) => send(response, option.in === "content"
		? OK_TEXT.replace('"content":"OK from the fault server."', option.json === "none" ? '"x":1' : `"content":${option.json}`)
		: OK_TEXT.replace(/"choices":\[.*?\}\]/, () => `"choices":${option.json}`)),
	// reason=, null content.
	"no-content": ({ response, option }) => {
		const answer = completion({ content: null });
		answer.choices[0].finish_reason = option.reason ?? "stop";
		sendJson(response, answer);
	},
	"null-content": ({ response }) => sendJson(response, completion({ content: null })),
	"error-200": ({ response }) => sendJson(response, { error: { message: "the model is overloaded", type: "overloaded_error" } }),
	// An error inside a 200: code=, type=, message=; where=: "body" alone, "beside"
	// choices, in the "choice", or as a "text" beside choices.
	"error-in-200"({ response, option }) {
		const code = /^\d+$/.test(option.code ?? "") ? Number(option.code) : option.code;
		const error = { message: option.message ?? "it failed", code, type: option.type };
		const choice = { ...OK.choices[0], finish_reason: "error" };
		const bodies = {
			body: { error },
			beside: { ...OK, error },
			text: { ...OK, error: error.message },
			choice: { ...OK, choices: [{ ...choice, error }] },
			reason: { ...OK, choices: [choice] },
			second: { ...OK, choices: [OK.choices[0], { ...choice, index: 1, error }] },
		};
		sendJson(response, bodies[option.where ?? "body"], { status: number(option.status, 200) });
	},
	// What says that there is no error.
	"no-error": ({ response, option }) => send(response, OK_TEXT.replace(/^{/, `{"error":${option.value ?? "null"},`)),
	"error-in-200-then-ok": (at) => failFirst(at, () => faults["error-in-200"](at), () => sendOk(at.response)),
	"empty-body": ({ response }) => send(response, ""),
	array: ({ response }) => send(response, "[]"),
	html: ({ response }) => send(response, "<html><body>Welcome to the proxy</body></html>", { type: "text/html" }),
	"html-type": ({ response }) => send(response, OK_TEXT, { type: "text/html" }),
	"truncated-json": ({ response }) => send(response, OK_TEXT.slice(0, -40)),
	"trailing-garbage": ({ response }) => send(response, `${OK_TEXT} and more`),
	"nul-escape": ({ response }) => send(response, withRawContent('"before\\u0000after"')),
	"nul-byte": ({ response }) => send(response, withRawContent('"before\u0000after"')),
	"bad-utf8": ({ response }) => send(response, Buffer.concat(withRawContent('"before|after"').split("|").flatMap((part, i) => (i ? [Buffer.from([0xff, 0xc3, 0x28]), Buffer.from(part)] : [Buffer.from(part)])))),
	bom: ({ response }) => send(response, `\ufeff${OK_TEXT}`),
	// An infinite log probability, as Python writes it.
	"nan-elsewhere": ({ response }) => send(response, OK_TEXT.replace('"finish_reason"', '"logprobs":{"content":[{"logprob":-Infinity},{"logprob":NaN}]},"finish_reason"')),
	"lone-surrogate": ({ response }) => send(response, withRawContent('"before\\ud800after"')),
	nan: ({ response }) => send(response, OK_TEXT.replace('"prompt_tokens":7', '"prompt_tokens":NaN')),
	infinity: ({ response }) => send(response, OK_TEXT.replace('"prompt_tokens":7', '"prompt_tokens":-Infinity')),

	// levels=: nested that deep, in a member nobody knows.
	deep({ response, option }) {
		const levels = number(option.levels, 1000);
		send(response, OK_TEXT.replace(/^{/, `{"x":${"[".repeat(levels)}${"]".repeat(levels)},`));
	},

	// bytes=: a right answer of about that size.
	async big({ response, option }) {
		const [head, tail] = withRawContent('"|"').split("|");
		const bytes = number(option.bytes, 100 * MEGABYTE);
		const chunk = Buffer.alloc(64 * 1024, "a");
		response.writeHead(200, { "Content-Type": "application/json" });
		response.write(head);
		await writeAll(response, chunk, Math.ceil(bytes / chunk.length));
		response.end(tail);
	},

	// bytes=: gzip that swells to that size, whatever the client accepts.
	bomb({ response, option }) {
		const [head, tail] = withRawContent('"|"').split("|");
		const bytes = number(option.bytes, 200 * MEGABYTE);
		const packed = gzipSync(Buffer.concat([Buffer.from(head), Buffer.alloc(bytes, "a"), Buffer.from(tail)]), { level: 9 });
		send(response, packed, { headers: { "Content-Encoding": "gzip" } });
	},

	// Members one after the other, as servers that compress in pieces send them.
	"gzip-members": ({ response }) => send(response, Buffer.concat([gzipSync(OK_TEXT.slice(0, 100)), gzipSync(OK_TEXT.slice(100)), gzipSync("")]), { headers: { "Content-Encoding": "gzip" } }),
	"gzip-padded": ({ response }) => send(response, Buffer.concat([gzipSync(OK_TEXT), Buffer.alloc(16)]), { headers: { "Content-Encoding": "gzip" } }),
	"gzip-cut": ({ response }) => send(response, gzipSync(OK_TEXT).subarray(0, -20), { headers: { "Content-Encoding": "gzip" } }),
	"gzip-damaged": ({ response }) => send(response, Buffer.from(OK_TEXT), { headers: { "Content-Encoding": "gzip" } }),
	"odd-encoding": ({ response }) => send(response, Buffer.from(OK_TEXT), { headers: { "Content-Encoding": "x-odd" } }),
	// An answer that swells in its second member. bytes=.
	"bomb-members": ({ response, option }) => send(response, Buffer.concat([gzipSync(OK_TEXT), gzipSync(Buffer.alloc(number(option.bytes, 200 * MEGABYTE), "a"))]), { headers: { "Content-Encoding": "gzip" } }),
	gzip: ({ response }) => send(response, gzipSync(OK_TEXT), { headers: { "Content-Encoding": "gzip" } }),

	// Broken transfers.

	// The connection ends in the middle of a body whose length was told.
	truncated({ response }) {
		response.writeHead(200, { "Content-Type": "application/json", "Content-Length": OK_TEXT.length });
		response.write(OK_TEXT.slice(0, 40), () => response.destroy());
	},

	"truncated-chunked"({ response }) {
		response.writeHead(200, { "Content-Type": "application/json" });
		response.write(OK_TEXT.slice(0, 40), () => response.destroy());
	},

	reset: ({ response }) => response.socket.resetAndDestroy?.() ?? response.destroy(),

	"reset-in-body"({ response }) {
		response.writeHead(200, { "Content-Type": "application/json", "Content-Length": OK_TEXT.length });
		response.write(OK_TEXT.slice(0, 40), () => setTimeout(() => response.socket?.resetAndDestroy?.() ?? response.destroy(), 50));
	},

	"no-answer": ({ response }) => response.destroy(),
	"bad-status-line": ({ response }) => sendRaw(response, "HELLO I AM NOT HTTP\r\n\r\n").end(),

	// Answers, keeps the connection, and closes it ms= later without a word.
	stale({ response, option }) {
		const { socket } = response;
		response.on("finish", () => setTimeout(() => socket.destroy(), number(option.ms, 0)));
		sendOk(response);
	},

	// Answers the first request of a connection and resets it at the second.
	"stale-at-reuse"({ response }) {
		const { socket } = response;
		socket.served = (socket.served ?? 0) + 1;
		if (socket.served > 1) return socket.resetAndDestroy?.() ?? response.destroy();
		return sendOk(response);
	},

	// Fails the first request, with code= (500 unless told), and closes its connection
	// without a word when another request comes by it.
	"fail-then-closed"({ response, option, count }) {
		const { socket } = response;
		if (socket.failed) return response.destroy();
		if (count > 1) return sendOk(response);
		socket.failed = true;
		return sendError(response, number(option.code, 500), "internal error", {}, "server_error");
	},

	// Waiting. ms=: how long, 30 s unless told.

	async hang({ response, option }) {
		await sleep(number(option.ms, 30_000));
		if (!response.destroyed) sendOk(response);
	},

	async "hang-in-body"({ response, option }) {
		response.writeHead(200, { "Content-Type": "application/json", "Content-Length": OK_TEXT.length });
		response.write(OK_TEXT.slice(0, 40));
		await sleep(number(option.ms, 30_000));
		if (!response.destroyed) response.end(OK_TEXT.slice(40));
	},

	// A byte every ms=, 100 unless told.
	async drip({ response, option }) {
		response.writeHead(200, { "Content-Type": "application/json", "Content-Length": OK_TEXT.length });
		for (const byte of OK_TEXT) {
			if (response.destroyed) return;
			response.write(byte);
			await sleep(number(option.ms, 100));
		}
		response.end();
	},

	async "drip-headers"({ response, option }) {
		const { socket } = response;
		const head = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${OK_TEXT.length}\r\n\r\n`;
		for (const byte of head + OK_TEXT) {
			if (socket.destroyed) return;
			socket.write(byte);
			await sleep(number(option.ms, 100));
		}
		socket.end();
	},

	// Statuses.

	// code=, after= (Retry-After), message=: that error.
	status({ response, option }) {
		const headers = option.after === undefined ? {} : { "Retry-After": option.after };
		sendError(response, number(option.code, 500), option.message ?? `status ${option.code}`, headers);
	},

	400: ({ response }) => sendError(response, 400, "max_tokens is too large: 1000000"),
	408: ({ response }) => sendError(response, 408, "request timeout", {}, "timeout_error"),
	413: ({ response }) => sendError(response, 413, "request too large"),
	429: ({ response, option }) => sendError(response, 429, "rate limit reached", { "Retry-After": option.after ?? "1" }, "rate_limit_error"),
	500: ({ response }) => sendError(response, 500, "internal error", {}, "server_error"),
	503: ({ response }) => sendError(response, 503, "overloaded", {}, "server_error"),
	"500-html": ({ response }) => send(response, "<html><h1>502 Bad Gateway</h1></html>", { status: 500, type: "text/html" }),
	"500-empty": ({ response }) => send(response, "", { status: 500 }),

	// A gateway that gives the key back in its message. style=: how JSON writes it. cut=: ends
	// that many bytes into it.
	"401-with-key": ({ request, response, option }) => {
		const error = { message: `Incorrect API key provided: ${request.headers.authorization}`, type: "invalid_request_error" };
		const text = jsonInStyle({ error }, option.style);
		send(response, option.cut ? text.slice(0, text.indexOf("Bearer ") + "Bearer ".length + number(option.cut)) : text, { status: 401 });
	},

	// All headers of the request as the answer. style=: how JSON writes it.
	headers: ({ request, response, option }) =>
		send(response, jsonInStyle(completion({ content: JSON.stringify(request.headers) }), option.style)),

	// A message with control characters, a line break and 10 kB.
	"400-dirty": ({ response }) => sendError(response, 400, `line one\nline two\u0007\u001b[31m red ${"x".repeat(10_000)}`),

	// times=: that many failures, one unless told; then the answer.
	"429-then-ok": (at) => failFirst(at, () => faults[429](at), () => sendOk(at.response)),
	// times=: that many failures, then nothing: code=, 429 unless told.
	"fail-then-hang": (at) => failFirst(at, () => sendError(at.response, number(at.option.code, 429), "come back later", { "Retry-After": "0" }), () => faults.hang(at)),
	// A 429 that says in the header "name=" for how long, "value=", once.
	"wait-then-ok": (at) => failFirst(at, () => sendError(at.response, number(at.option.code, 429), "come back later", { [at.option.name]: at.option.value, ...(at.option.none ? { [at.option.none]: "0" } : {}) }), () => sendOk(at.response)),
	// The same, but those after it are slow, as with "ms=".
	"429-then-slow": (at) => failFirst(at, () => faults[429](at), () => faults.slow(at)),
	"503-then-ok": (at) => failFirst(at, () => faults[503](at), () => sendOk(at.response)),
	"408-then-ok": (at) => failFirst(at, () => faults[408](at), () => sendOk(at.response)),
	"reset-then-ok": (at) => failFirst(at, () => faults.reset(at), () => sendOk(at.response)),

	// code=, to=: a redirect, by default to a place that would answer.
	redirect({ response, option }) {
		send(response, "", { status: number(option.code, 301), headers: { Location: option.to ?? "/fault/ok,id=redirected/v1/chat/completions" } });
	},

	// bytes=: headers of that size in all.
	"big-headers"({ response, option }) {
		const count = Math.ceil(number(option.bytes, 400 * 1024) / 4096);
		const headers = Object.fromEntries(Array.from({ length: count }, (_, i) => [`X-Padding-${i}`, "p".repeat(4080)]));
		send(response, OK_TEXT, { headers });
	},
};
