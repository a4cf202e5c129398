#!/bin/bash
# Portkey's gateway leaves tools and schemas out of a request, and says nothing.
#
# It knows for each provider which parameters there are, and sends on only those.
# One and the same request, of which all that is beside model and messages is
# documented by the provider, reaches DeepSeek without its tools, and Mistral
# without the schema that the answer is to have. The caller gets 200 and an answer
# in prose, as if the model had chosen not to call a tool.
#
# Seen with @portkey-ai/gateway 1.15.2 from npm, on Node.js 20:
#
#   openai: messages model response_format tools
#   deepseek: messages model response_format
#   mistral-ai: messages model tools
#   moonshot: messages model
#
# To look at what a model is sent, give a server of your own as custom host, as
# is done here. Needs node, npm and curl.

set -euo pipefail

version=1.15.2
seen="openai: messages model response_format tools
deepseek: messages model response_format
mistral-ai: messages model tools
moonshot: messages model"

dir=$(mktemp -d)
pids=()
clean_up() { kill "${pids[@]}" 2>/dev/null || true; rm -rf "$dir"; }
trap clean_up EXIT
cd "$dir"

npm init -y >npm.log
npm install --silent --no-audit --no-fund "@portkey-ai/gateway@$version" >>npm.log 2>&1

# A model server that answers with the names of the members it was sent.
cat >model.mjs <<'END'
import { createServer } from "node:http";
const server = createServer(async (request, response) => {
	let body = "";
	for await (const chunk of request) body += chunk;
	const content = Object.keys(JSON.parse(body)).sort().join(" ");
	response.setHeader("Content-Type", "application/json");
	response.end(JSON.stringify({
		id: "1", object: "chat.completion", created: 1, model: "m",
		choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
		usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
	}));
}).listen(0, "127.0.0.1", () => console.log(server.address().port));
END
node model.mjs >model.port & pids+=($!)
until [ -s model.port ]; do sleep 0.1; done
port=$(node -e 'const s = require("net").createServer().listen(0, () => { console.log(s.address().port); s.close(); })')
node node_modules/@portkey-ai/gateway/build/start-server.js --port="$port" --headless >gateway.log 2>&1 & pids+=($!)
curl --silent --retry 30 --retry-delay 1 --retry-connrefused --output root "http://127.0.0.1:$port/"

request='{"model": "m", "messages": [{"role": "user", "content": "What is the weather in Oslo?"}],
	"tools": [{"type": "function", "function": {"name": "weather", "parameters": {"type": "object"}}}],
	"response_format": {"type": "json_object"}}'
now=$(for provider in openai deepseek mistral-ai moonshot; do
	printf '%s: ' "$provider"
	curl --silent --fail "http://127.0.0.1:$port/v1/chat/completions" --json "$request" \
		--header "Authorization: Bearer none" --header "x-portkey-provider: $provider" \
		--header "x-portkey-custom-host: http://127.0.0.1:$(cat model.port)/v1" |
		node -e 'let t = ""; process.stdin.on("data", (d) => t += d).on("end", () => console.log(JSON.parse(t).choices[0].message.content))'
done)

echo "$now"
if [ "$now" != "$seen" ]; then
	echo "no longer as seen" >&2
	exit 1
fi
