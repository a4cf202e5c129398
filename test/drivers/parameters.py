"""What drivers of Python do with a parameter where gaiops.ordered_json is taken, and
with Ctrl-C.

Prints a line per driver and way of writing it: the order that reached the model,
or the error.  The server is that of the environment, PGHOST and so on.
"""
import asyncio
import json
import os
import signal
import threading
import time

TEXT = '[{"role": "user", "content": "Hi", "z": 1.0, "a": 2}]'
VALUE = json.loads(TEXT)
ASKED = "SELECT p.inputs::text FROM gaiops.span_payloads AS p WHERE p.kind = 'request' ORDER BY p.start_time DESC LIMIT 1"
URL = os.environ["DATABASE_URL"]


def say(driver, way, outcome):
    kept = '"z": 1.0, "a": 2' in outcome
    print(f"{driver:14} {way:28} {'kept' if kept else outcome.splitlines()[0][:90]}")


def psycopg_tries():
    import psycopg
    from psycopg.types.json import Json, Jsonb

    with psycopg.connect(URL, autocommit=True) as connection:
        for binding in ("", "::json"):
            for name, value in (("str", TEXT), ("Json", Json(VALUE)), ("Jsonb", Jsonb(VALUE))):
                try:
                    connection.execute(f"SELECT gaiops_chat('echo', messages => %s{binding})", [value])
                    outcome = connection.execute(ASKED).fetchone()[0]
                except Exception as error:
                    outcome = str(error)
                say("psycopg", f"{name} as $1{binding}", outcome)


def psycopg2_tries():
    import psycopg2
    from psycopg2.extras import Json

    connection = psycopg2.connect(URL)
    connection.autocommit = True
    cursor = connection.cursor()
    for binding in ("", "::json"):
        for name, value in (("str", TEXT), ("Json", Json(VALUE)), ("list of dict", VALUE)):
            try:
                cursor.execute(f"SELECT gaiops_chat('echo', messages => %s{binding})", [value])
                cursor.execute(ASKED)
                outcome = cursor.fetchone()[0]
            except Exception as error:
                outcome = str(error)
            say("psycopg2", f"{name} as $1{binding}", outcome)


def pg8000_tries():
    import pg8000.native

    connection = pg8000.native.Connection(os.environ["PGUSER"], host=os.environ["PGHOST"], port=int(os.environ["PGPORT"]),
                                          database=os.environ["PGDATABASE"])
    for binding in ("", "::json"):
        for name, value in (("str", TEXT), ("dict", VALUE)):
            try:
                connection.run(f"SELECT gaiops_chat('echo', messages => (:m){binding})", m=value)
                outcome = connection.run(ASKED)[0][0]
            except Exception as error:
                outcome = str(error)
            say("pg8000", f"{name} as $1{binding}", outcome)


async def asyncpg_tries():
    import asyncpg

    for codec in (False, True):
        connection = await asyncpg.connect(URL)
        if codec:
            await connection.set_type_codec("ordered_json", schema="gaiops", encoder=str, decoder=str, format="text")
        for binding in ("", "::json", "::text"):
            try:
                await connection.fetch(f"SELECT gaiops_chat('echo', messages => $1{binding})", TEXT)
                outcome = await connection.fetchval(ASKED)
            except Exception as error:
                outcome = str(error)
            say("asyncpg", f"str as $1{binding}{' with codec' if codec else ''}", outcome)
        await connection.close()


LAST = """SELECT status || ' ' || coalesce(error_class, '') FROM gaiops.spans WHERE endpoint = 'llm-dev' ORDER BY start_time DESC LIMIT 1"""


def when_under_way(then):
    """Waits until a call is under way, beside the caller, and does something."""
    import psycopg

    def wait():
        with psycopg.connect(URL, autocommit=True) as connection:
            while not connection.execute("SELECT count(*) FROM gaiops.calls_in_flight").fetchone()[0]:
                time.sleep(0.05)
        then()

    threading.Thread(target=wait).start()


def interrupted(driver, connection):
    """What Ctrl-C does: whether the call is on record with its answer."""
    when_under_way(lambda: os.kill(os.getpid(), signal.SIGINT))
    cursor = connection.cursor()
    try:
        cursor.execute("SELECT gaiops_chat('llm-dev', 'slow:4000')")
    except KeyboardInterrupt:
        pass
    cursor.execute(LAST)
    say(driver, "Ctrl-C", cursor.fetchone()[0])


def interrupted_tries():
    import psycopg
    import psycopg2

    interrupted("psycopg", psycopg.connect(URL, autocommit=True))
    connection = psycopg2.connect(URL)
    connection.autocommit = True
    interrupted("psycopg2", connection)


async def cancelled_task():
    import psycopg

    connection = await psycopg.AsyncConnection.connect(URL, autocommit=True)
    task = asyncio.ensure_future(connection.execute("SELECT gaiops_chat('llm-dev', 'slow:8000')"))
    loop = asyncio.get_running_loop()
    when_under_way(lambda: loop.call_soon_threadsafe(task.cancel))
    try:
        await task
    except asyncio.CancelledError:
        pass
    say("psycopg", "cancelled task", (await (await connection.execute(LAST)).fetchone())[0])
    await connection.close()


psycopg_tries()
psycopg2_tries()
pg8000_tries()
asyncio.run(asyncpg_tries())
asyncio.run(cancelled_task())
interrupted_tries()
