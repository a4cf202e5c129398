"""Reads every view that the user may read, whole, with the tool that is named, in the
way of doc/from-tools.md; says which it cannot read, and where costs are not exact."""
import os
import sys
import warnings
from decimal import Decimal

import psycopg
from sqlalchemy import create_engine

warnings.simplefilter("ignore")
URL = os.environ["DATABASE_URL"]
MONEY = 38, 18
COLUMNS = """
    SELECT a.attrelid::regclass::text, a.attname, a.atttypid::regtype::text
    FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
    WHERE c.relnamespace = 'gaiops'::regnamespace AND c.relkind = 'v' AND a.attnum > 0
        AND has_table_privilege(c.oid, 'SELECT') ORDER BY a.attrelid, a.attnum"""


def query(view, columns, as_text):
    """A query of all columns, those of some types as text."""
    return "SELECT " + ", ".join(f"{name}::text" if kind in as_text else name for name, kind in columns) + f" FROM {view}"


def pandas_costs(view, columns):
    import pandas

    frame = pandas.read_sql(query(view, columns, []), create_engine(URL.replace("://", "+psycopg://")), coerce_float=False)
    return frame["cost"].dropna() if "cost" in frame else []


def polars_costs(frame):
    import polars

    assert not any(kind == polars.Object for kind in frame.dtypes), frame.schema
    return frame["cost"].drop_nulls() if "cost" in frame.columns else []


def sqlalchemy_costs(view, columns):
    import polars

    engine = create_engine(URL.replace("://", "+psycopg://"))
    return polars_costs(polars.read_database(query(view, columns, ["uuid", "jsonb"]), engine, infer_schema_length=None))


def connectorx_costs(view, columns):
    import polars

    costs = polars_costs(polars.read_database_uri(query(view, columns, ["numeric"]), URL))
    return costs.cast(polars.Decimal(*MONEY)) if len(costs) else costs


def adbc_costs(view, columns):
    import polars

    costs = polars_costs(polars.read_database_uri(query(view, columns, []), URL, engine="adbc"))
    return costs.ext.storage().cast(polars.Decimal(*MONEY)) if len(costs) else costs


def duckdb_costs(view, columns):
    import duckdb

    connection = duckdb.connect()
    connection.execute("LOAD postgres")
    connection.execute(f"ATTACH '{URL}' AS llm (TYPE postgres, READ_ONLY)")
    names = [name for name, _ in columns]
    rows = connection.sql(f"SELECT {', '.join(names)} FROM llm.{view}").fetchall()
    return [row[names.index("cost")] for row in rows if row[names.index("cost")] is not None] if "cost" in names else []


costs_of = globals()[sys.argv[1] + "_costs"]
views = {}
with psycopg.connect(URL) as psql:
    for view, name, kind in psql.execute(COLUMNS).fetchall():
        views.setdefault(view, []).append((name, kind))
    found = False
    for view, columns in views.items():
        try:
            got = sum(costs_of(view, columns), Decimal(0))
        except BaseException as error:
            found = True
            print(view, "cannot be read:", str(error).splitlines()[0][:150])
            continue
        if ("cost", "numeric") in columns:
            right = psql.execute(f"SELECT coalesce(sum(cost), 0) FROM {view}").fetchone()[0]
            if got != right:
                found = True
                print(view, "costs", got, "and not", right)
if not found:
    print("all views are read")
