#!/bin/bash
# polars cuts the digits of a decimal off that the first hundred rows do not need.
#
# Of rows of Python, such as those that a cursor returns, polars makes columns after a
# look at the first hundred. What does not fit then is an error for most types: a text
# in a column of numbers, a number of another kind. A Decimal is not: the column gets
# the scale of the first hundred, and of all others the digits that are more are gone,
# without a word. So it is with polars.read_database() and any driver that returns
# Decimal for numeric: real costs after a hundred round ones come to nothing.
#
# Seen with polars 2.1.0 from PyPI, on Python 3.11:
#
#   all rows: 50.00001200
#   by itself: 50.0, scale 1
#   looking at all rows: 50.00001200, scale 8
#
# Give infer_schema_length=None, or a schema; in SQL, cast to numeric of a scale, which
# drivers then keep. Needs python3 with venv.

set -euo pipefail

seen="all rows: 50.00001200
by itself: 50.0, scale 1
looking at all rows: 50.00001200, scale 8"

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install --quiet --disable-pip-version-check polars==2.1.0

now=$("$dir/venv/bin/python" - <<'END'
from decimal import Decimal
import polars

rows = [(Decimal("0.5"),)] * 100 + [(Decimal("0.00000012"),)] * 100
print("all rows:", sum(row[0] for row in rows))
for name, more in ("by itself", {}), ("looking at all rows", {"infer_schema_length": None}):
    column = polars.DataFrame(rows, schema=["cost"], orient="row", **more)["cost"]
    print(f"{name}: {column.sum()}, scale {column.dtype.scale}")
END
)

echo "$now"
if [ "$now" != "$seen" ]; then
	echo "no longer as seen" >&2
	exit 1
fi
