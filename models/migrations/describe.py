"""What a database really holds, in a form that two databases of one dialect can be compared by."""

from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient

Schema = dict[str, dict[str, Any]]

COLUMNS = """
    SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, NOT a.attnotnull AS nullable,
           COALESCE(i.indisprimary, false) AS pk, pg_get_expr(d.adbin, d.adrelid) AS "default"
    FROM pg_attribute a
    LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary AND a.attnum = ANY (i.indkey)
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped"""
INDEXES = """
    SELECT CASE WHEN k.oid IS NULL THEN c.relname END AS name, i.indisunique AS is_unique,
           pg_get_expr(i.indpred, i.indrelid) AS predicate,
           (SELECT replace(string_agg(pg_get_indexdef(i.indexrelid, n, true), ',' ORDER BY n), '"', '')
            FROM generate_series(1, i.indnkeyatts) n) AS columns
    FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid
    LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.contype IN ('p', 'u')
    WHERE i.indrelid = $1::regclass"""
FOREIGN_KEYS = """
    SELECT pg_get_constraintdef(oid) AS definition FROM pg_constraint
    WHERE conrelid = $1::regclass AND contype = 'f'"""


async def schema_of(connection: BaseDBAsyncClient) -> Schema:
    """Every table but the migrations' own, each with ``columns``, ``indexes`` and ``foreign_keys``.

    Columns are (type, null, pk, default) by name; their order does not matter. Indexes are (name, columns, unique,
    predicate), sorted; those that stand for a key or a constraint have no name, since databases call them as they like.
    """
    if connection.capabilities.dialect == "postgres":
        query, describe = "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()", _postgres_table
    else:
        query, describe = "SELECT name FROM sqlite_master WHERE type = 'table'", _sqlite_table
    names = sorted(row["name"] for row in await connection.execute_query_dict(query))
    ours = [name for name in names if name != "schema_migration" and not name.startswith("sqlite_")]
    return {name: await describe(connection, name) for name in ours}


async def _sqlite_table(connection: BaseDBAsyncClient, table: str) -> dict[str, Any]:
    async def ask(pragma: str, about: str) -> list[dict[str, Any]]:
        return await connection.execute_query_dict(f"SELECT * FROM pragma_{pragma}(?)", [about])  # noqa: S608

    indexes = []
    for index in await ask("index_list", table):
        parts = [part for part in await ask("index_xinfo", index["name"]) if part["key"]]
        columns = ",".join(f"{part['name']}{' DESC' if part['desc'] else ''}" for part in parts)
        name = index["name"] if index["origin"] == "c" else None
        indexes.append((name, columns, bool(index["unique"]), "partial" if index["partial"] else None))
    keys = await ask("foreign_key_list", table)
    return {
        "columns": {
            column["name"]: (column["type"], not column["notnull"], bool(column["pk"]), column["dflt_value"])
            for column in await ask("table_info", table)
        },
        "indexes": sorted(indexes, key=str),
        "foreign_keys": sorted(
            f"FOREIGN KEY ({key['from']}) REFERENCES {key['table']}({key['to']}) ON DELETE {key['on_delete']}"
            for key in keys
        ),
    }


async def _postgres_table(connection: BaseDBAsyncClient, table: str) -> dict[str, Any]:
    async def ask(query: str) -> list[dict[str, Any]]:
        return await connection.execute_query_dict(query, [f'"{table}"'])

    indexes = [(row["name"], row["columns"], row["is_unique"], row["predicate"]) for row in await ask(INDEXES)]
    return {
        "columns": {
            row["name"]: (row["type"], row["nullable"], row["pk"], row["default"]) for row in await ask(COLUMNS)
        },
        "indexes": sorted(indexes, key=str),
        "foreign_keys": sorted(row["definition"] for row in await ask(FOREIGN_KEYS)),
    }
