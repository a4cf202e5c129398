#!/bin/bash
# Behind a 500 of Starlette's own, uvicorn closes the connection without a word.
#
# When a handler raises, Starlette answers 500 and raises again, and uvicorn then
# closes the connection. But the answer was sent by then, without "Connection:
# close", so by HTTP/1.1 the client may go on using the connection: its next
# request is lost, and looks like a server that is down. A handler that returns a
# 500 does not do this. It holds for everything made with FastAPI, as the gateways
# of models are, whose 500 is just what a client tries again after at once.
#
# Seen with starlette 1.10.0 and uvicorn 0.54.0 from PyPI, on Python 3.11:
#
#   returned: 500, Connection None, then 200
#   raised: 500, Connection None, then a closed connection
#
# A client does well to put a connection away on which it got a 500. Needs python3
# with venv.

set -euo pipefail

seen="returned: 500, Connection None, then 200
raised: 500, Connection None, then a closed connection"

dir=$(mktemp -d)
pids=()
clean_up() { kill "${pids[@]}" 2>/dev/null || true; rm -rf "$dir"; }
trap clean_up EXIT
cd "$dir"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check starlette==1.10.0 uvicorn==0.54.0

cat >app.py <<'END'
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

async def ok(request):
    return PlainTextResponse("ok")

async def returned(request):
    return PlainTextResponse("Internal Server Error", status_code=500)

async def raised(request):
    raise RuntimeError("on purpose")

app = Starlette(routes=[Route("/ok", ok), Route("/returned", returned), Route("/raised", raised)])
END

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
venv/bin/uvicorn app:app --host 127.0.0.1 --port "$port" --log-level critical 2>server.log & pids+=($!)

cat >client.py <<'END'
import http.client, sys, time

def connect():
    for _ in range(100):
        connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=10)
        try:
            connection.connect()
            return connection
        except ConnectionRefusedError:
            time.sleep(0.1)
    sys.exit("the server does not come up")

for path in "returned", "raised":
    connection = connect()
    connection.auto_open = 0        # never a second connection behind our back
    connection.request("GET", "/" + path)
    first = connection.getresponse()
    first.read()
    time.sleep(0.5)
    try:
        connection.request("GET", "/ok")
        then = connection.getresponse().status
    except ConnectionError:
        then = "a closed connection"
    print(f"{path}: {first.status}, Connection {first.getheader('connection')}, then {then}")
END
now=$(venv/bin/python client.py "$port")

echo "$now"
if [ "$now" != "$seen" ]; then
	echo "no longer as seen" >&2
	exit 1
fi
