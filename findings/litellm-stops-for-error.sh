#!/bin/bash
# LiteLLM makes a finished answer of one that failed.
#
# A server that loses its model in mid-answer can say so in an answer with status
# 200, and OpenRouter documents that it does: finish_reason "error", and an error
# object beside the half text. LiteLLM hands this on as finish_reason "stop", which
# is what a whole answer has. The error is in provider_specific_fields of the
# choice, where nothing makes one look.
#
# Seen with litellm 1.108.7 from PyPI, on Python 3.11; its proxy does the same:
#
#   sent: error, "The answer is", {"code": 502, "message": "the model's host went away"}
#   got: stop, "The answer is"
#   beside it: {"error": {"code": 502, "message": "the model's host went away"}, "native_finish_reason": "error"}
#
# So native_finish_reason in there is what tells. Needs python3 with venv.

set -euo pipefail

seen='sent: error, "The answer is", {"code": 502, "message": "the model'\''s host went away"}
got: stop, "The answer is"
beside it: {"error": {"code": 502, "message": "the model'\''s host went away"}, "native_finish_reason": "error"}'

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check litellm==1.108.7

cat >try.py <<'END'
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import litellm

ERROR = {"code": 502, "message": "the model's host went away"}
CHOICE = {
    "index": 0,
    "message": {"role": "assistant", "content": "The answer is"},
    "finish_reason": "error",
    "error": ERROR,
}
ANSWER = {
    "id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [CHOICE],
    "usage": {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12},
}


class Model(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        body = json.dumps(ANSWER).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


server = HTTPServer(("127.0.0.1", 0), Model)
threading.Thread(target=server.serve_forever, daemon=True).start()
response = litellm.completion(
    model="openai/m",
    messages=[{"role": "user", "content": "What is the answer?"}],
    api_base=f"http://127.0.0.1:{server.server_port}/v1",
    api_key="none",
)
choice = response.choices[0]
print(f'sent: error, "{CHOICE["message"]["content"]}", {json.dumps(ERROR)}')
print(f'got: {choice.finish_reason}, "{choice.message.content}"')
print("beside it:", json.dumps(choice.provider_specific_fields, sort_keys=True))
END
now=$(LITELLM_LOCAL_MODEL_COST_MAP=True venv/bin/python -W ignore try.py 2>try.log) || { cat try.log >&2; exit 1; }

echo "$now"
if [ "$now" != "$seen" ]; then
	echo "no longer as seen" >&2
	exit 1
fi
