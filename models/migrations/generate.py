"""Write ``0001_initial`` anew from the models, until it is released: ``python -m models.migrations.generate``."""

import asyncio
import re

from tortoise.connection import get_connection
from tortoise.utils import get_schema_sql

from models.database import close_databases, open_databases
from models.migrations.runner import FOLDERS, HERE

# Nothing is connected to: only the dialect matters.
NOWHERE = {"sqlite": "sqlite:///nowhere", "postgres": "postgres://nobody@localhost/nowhere"}
HEAD = "-- Made by `python -m models.migrations.generate`; never changed once it is released.\n\n"

COMMENT = re.compile(r" /\*.*?\*/|^COMMENT ON .*\n?", re.MULTILINE)  # docstrings change, these files do not


async def initial_sql() -> dict[str, str]:
    """The first migration's files by path: what Tortoise generates for the models. Opens and closes the databases."""
    files = {}
    for kind, url in NOWHERE.items():
        await open_databases(f"{url}-main", f"{url}-keystore")
        try:
            for database, room in FOLDERS.items():
                sql = get_schema_sql(get_connection(database), safe=False)
                spaced = COMMENT.sub("", sql).replace("CREATE TABLE", "\nCREATE TABLE").strip()
                files[f"{room}/0001_initial.{kind}.sql"] = f"{HEAD}{spaced}\n"
        finally:
            await close_databases()
    return files


def write() -> None:
    """Overwrite the files, unless a second migration says that the first was released."""
    if later := sorted(file.name for file in HERE.glob("*/000[2-9]_*.sql")):
        raise SystemExit(f"0001_initial is released, since there is {later[0]}: write a new migration instead.")
    for path, sql in asyncio.run(initial_sql()).items():
        (HERE / path).parent.mkdir(exist_ok=True)
        (HERE / path).write_text(sql, encoding="utf-8")


if __name__ == "__main__":
    write()
