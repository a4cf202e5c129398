// The model server of the demo and the tests: aimock with the fixtures beside
// this file, and rules for what fixtures cannot say. It never calls anybody.
//
//   node model-server.mjs [--port N] [--or-any] [--port-file FILE]
//
// --port 0, the default, takes a free port; --or-any takes a free one where the
// given one is in use. The port is written to FILE once requests are served.
//
// What the last user message asks for (README.md of this directory):
//   say:TEXT          TEXT is the answer
//   usage:IN,OUT      the answer "ok" with that usage
//   slow:MS           the answer "ok", that many milliseconds late
//   status:CODE       an error with that status
//   anything else     "Echo: " and the message
// What a judge is asked gets a verdict (judge.mjs).

import { renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";
import { LLMock } from "@copilotkit/aimock";
import { readJudgeRequest, verdict } from "./judge.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({
	options: {
		port: { type: "string", default: "0" },
		"or-any": { type: "boolean", default: false },
		"port-file": { type: "string" },
	},
});

function lastUserText(request) {
	const message = request.messages.filter((m) => m.role === "user").pop();
	const content = message?.content ?? "";
	if (!Array.isArray(content)) return String(content);
	return content.map((part) => part.text ?? "").join("");
}

async function answer(request) {
	const judged = readJudgeRequest(request.messages);
	if (judged !== null) return { content: JSON.stringify(verdict(judged)) };
	const text = lastUserText(request);
	const [, verb, rest] = /^(say|usage|slow|status):([^]*)$/.exec(text) ?? [];

	switch (verb) {
		case "say":
			return { content: rest };
		case "usage": {
			const [input, output] = rest.split(",").map(Number);
			return { content: "ok", usage: { prompt_tokens: input, completion_tokens: output } };
		}
		case "slow":
			await sleep(Number(rest));
			return { content: "ok" };
		case "status":
			return {
				status: Number(rest),
				retryAfter: 1,
				error: { message: `the model server was asked for status ${rest}`, type: "server_error" },
			};
		default:
			return { content: `Echo: ${text}` };
	}
}

async function start(port) {
	const mock = new LLMock({ port, host: "127.0.0.1", journalMaxEntries: 0, logLevel: "warn" });
	mock.loadFixtureDir(join(here, "fixtures"));
	mock.addFixture({ match: { endpoint: "chat" }, response: answer });
	return new URL(await mock.start()).port;
}

let port;
try {
	port = await start(Number(options.port));
} catch (error) {
	if (error.code !== "EADDRINUSE" || !options["or-any"]) throw error;
	port = await start(0);
}
if (options["port-file"]) {
	writeFileSync(`${options["port-file"]}.new`, `${port}\n`);
	renameSync(`${options["port-file"]}.new`, options["port-file"]);
}
console.log(`listening on http://127.0.0.1:${port}`);
