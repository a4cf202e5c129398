#!/bin/bash
# One of the two chat routes of MLflow's gateway makes a refusal an empty answer.
#
# A tracking server takes the same request at /gateway/openai/v1 and, as in MLflow's
# own examples, at /gateway/mlflow/v1. The second reads the answer into a model of
# its own, whose message has a member "refusal", and writes that out as null. What
# is left of a refusal is a message with nothing in it and finish_reason "stop", so
# that nobody can tell it from a model that had nothing to say. The log
# probabilities that the request asked for are gone as well.
#
# Seen with mlflow 3.17.2 from PyPI, on Python 3.11:
#
#   openai: stop, {"content": null, "refusal": "I cannot help with that.", "role": "assistant"}, with logprobs
#   mlflow: stop, {"content": null, "refusal": null, "role": "assistant", "tool_calls": null}, without logprobs
#
# Needs python3 with venv, and some minutes for what mlflow depends on.

set -euo pipefail

seen='openai: stop, {"content": null, "refusal": "I cannot help with that.", "role": "assistant"}, with logprobs
mlflow: stop, {"content": null, "refusal": null, "role": "assistant", "tool_calls": null}, without logprobs'

dir=$(mktemp -d)
pids=()
clean_up() { kill "${pids[@]}" 2>/dev/null || true; wait; rm -rf "$dir"; }
trap clean_up EXIT
cd "$dir"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check 'mlflow[gateway]==3.17.2'

# The model may be on this machine, and be asked by plain HTTP.
export MLFLOW_GATEWAY_API_BASE_ALLOW_PRIVATE_IPS=true MLFLOW_GATEWAY_API_BASE_ALLOWED_SCHEMES=http
export MLFLOW_CRYPTO_KEK_PASSPHRASE=of-no-importance MLFLOW_SERVER_ENABLE_JOB_EXECUTION=false
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
venv/bin/mlflow server --host 127.0.0.1 --port "$port" --workers 1 \
	--backend-store-uri "sqlite:///$dir/mlflow.db" >server.log 2>&1 & pids+=($!)

cat >try.py <<'END'
import json
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer

import mlflow
from mlflow.entities import GatewayEndpointModelConfig, GatewayModelLinkageType
from mlflow.tracking._tracking_service.utils import _get_store

server_url = f"http://127.0.0.1:{sys.argv[1]}"
answer = {
    "id": "1", "object": "chat.completion", "created": 1, "model": "m",
    "choices": [{
        "index": 0,
        "message": {"role": "assistant", "content": None, "refusal": "I cannot help with that."},
        "logprobs": {"content": None, "refusal": [{"token": "I", "logprob": -0.5, "bytes": [73], "top_logprobs": []}]},
        "finish_reason": "stop",
    }],
    "usage": {"prompt_tokens": 9, "completion_tokens": 6, "total_tokens": 15},
}


class Model(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def wait_for(url):
    for _ in range(600):
        try:
            return urllib.request.urlopen(url).read()
        except OSError:
            time.sleep(0.2)
    sys.exit("the server does not come up")


def ask(route):
    request = {"model": "llm", "logprobs": True, "messages": [{"role": "user", "content": "How is it done?"}]}
    response = urllib.request.urlopen(urllib.request.Request(
        f"{server_url}/gateway/{route}/v1/chat/completions",
        json.dumps(request).encode(), {"Content-Type": "application/json"}))
    return json.load(response)["choices"][0]


model = HTTPServer(("127.0.0.1", 0), Model)
threading.Thread(target=model.serve_forever, daemon=True).start()
wait_for(f"{server_url}/health")
mlflow.set_tracking_uri(server_url)
store = _get_store()
secret = store.create_gateway_secret(
    "key", {"api_key": "none"}, provider="openai",
    auth_config={"api_base": f"http://127.0.0.1:{model.server_port}/v1"})
definition = store.create_gateway_model_definition("model", secret.secret_id, "openai", "m")
store.create_gateway_endpoint("llm", [GatewayEndpointModelConfig(
    model_definition_id=definition.model_definition_id, linkage_type=GatewayModelLinkageType.PRIMARY, weight=1.0)])

for route in "openai", "mlflow":
    choice = ask(route)
    message = json.dumps(choice["message"], sort_keys=True)
    logprobs = "with" if choice.get("logprobs") else "without"
    print(f'{route}: {choice["finish_reason"]}, {message}, {logprobs} logprobs')
END
now=$(venv/bin/python -W ignore try.py "$port" 2>try.log) || { cat server.log try.log >&2; exit 1; }

echo "$now"
if [ "$now" != "$seen" ]; then
	echo "no longer as seen" >&2
	exit 1
fi
