"""What tools that rest on SQLAlchemy, as Superset does, do with a schema: list its tables and
views, ask for their columns, and show a row of each.  Says what fails."""
import os
import warnings

from sqlalchemy import create_engine, inspect, text
from sqlalchemy.types import NullType

# A few columns of tables have a type that it does not know, and warns of.
warnings.simplefilter("ignore")
engine = create_engine(os.environ["DATABASE_URL"].replace("://", "+psycopg://"))
inspector = inspect(engine)
views = inspector.get_view_names("gaiops")
names = inspector.get_table_names("gaiops") + views
problems = [] if {"spans", "traces"} <= set(names) else ["some are not listed"]
for name in names:
    try:
        columns = inspector.get_columns(name, "gaiops")
        problems += [f"{name}.{c['name']} has no type" for c in columns if name in views and isinstance(c["type"], NullType)]
        with engine.connect() as connection:
            connection.execute(text(f'SELECT {", ".join(c["name"] for c in columns)} FROM gaiops.{name} LIMIT 1')).fetchall()
    except Exception as error:
        problems.append(f"{name}: {str(error).splitlines()[0]}")
engine.dispose()
print("\n".join(problems) or "all that is listed is shown")
