"""What PostgreSQL lets each of two roles do, whatever our code tries: the one that serves, and the one that works.

Who serves adds to the audit trail and can neither change nor remove any of it, nor what proves an erasure; it reads and
makes keys and destroys none. The worker does all that the policy asks for, and changes no table's shape. Both roles exist
already; the owner of the tables, who migrates, grants.
"""

import re
from collections.abc import Mapping
from typing import Literal

from models.database import Name, dialect, own_connection

Part = Literal["serving", "working"]
EVERYTHING = "SELECT, INSERT, UPDATE, DELETE"
READ = "SELECT"
USUAL: Mapping[Name, Mapping[Part, str]] = {
    "default": {"serving": EVERYTHING, "working": EVERYTHING},
    "keystore": {"serving": READ, "working": EVERYTHING},
}
UNUSUAL: Mapping[tuple[Part, str], str] = {
    ("serving", "event"): "SELECT, INSERT",
    ("serving", "checkpoint"): READ,
    ("serving", "certificate"): READ,
    ("serving", "tombstone"): READ,
    ("serving", "backup"): READ,
    ("serving", "publication"): "SELECT, INSERT",  # a published version never changes
    ("serving", "beat"): READ,
    ("serving", "lease"): READ,
    ("serving", "person_key"): "SELECT, INSERT",
    ("serving", "erasure_probe"): "",
    ("serving", "keystore_mark"): "SELECT, UPDATE (id)",  # to lock it while a key is wrapped, not to change the mark
    ("serving", "schema_migration"): READ,
    ("working", "schema_migration"): READ,
}
MAY = "SELECT has_parameter_privilege('session_replication_role', 'SET WITH GRANT OPTION') AS may"
ROLE = re.compile(r"[a-z_][a-z0-9_]{0,62}")


class CannotGrant(Exception):
    """Nothing can be granted; the text is one sentence."""


async def grant(roles: Mapping[Part, str]) -> bool:
    """Give the roles these rights on every table, and take away any others. Raises CannotGrant.

    False: all but one. Only a superuser lets the worker erase without a foreign key's question for every row (erase.py).
    """
    for name in roles.values():
        if not ROLE.fullmatch(name):
            raise CannotGrant(f"{name} is no name for a role: lower-case letters, digits and underscores")
    for database in USUAL:
        if dialect(database) != "postgres":
            raise CannotGrant("SQLite knows no roles: who can read its file can read all of it")
        async with own_connection(database) as connection:
            rows = await connection.execute_query_dict("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            for part, role in roles.items():
                statements = [
                    f'REVOKE ALL ON ALL TABLES IN SCHEMA public FROM "{role}"',
                    f'REVOKE CREATE ON SCHEMA public FROM PUBLIC, "{role}"',
                    f'GRANT USAGE ON SCHEMA public TO "{role}"',
                    f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO "{role}"',
                ]
                for table in sorted(row["tablename"] for row in rows):
                    rights = UNUSUAL.get((part, table), USUAL[database][part])
                    if rights:
                        statements.append(f'GRANT {rights} ON "{table}" TO "{role}"')
                await connection.execute_script("; ".join(statements))
    async with own_connection("default") as connection:
        if not (await connection.execute_query_dict(MAY))[0]["may"]:
            return False
        for part, role in roles.items():
            give, to = ("GRANT", "TO") if part == "working" else ("REVOKE", "FROM")
            await connection.execute_script(f'{give} SET ON PARAMETER session_replication_role {to} "{role}"')
    return True
