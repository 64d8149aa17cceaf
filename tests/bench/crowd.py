"""Many more customers by a few statements: each row of a customer's is there again for everybody else.

The copies weigh what the rows they were made of weigh, and stand between them. Nobody asks for them: their sealed bytes and
their keys do not open. The requests among them have ended, so that the office's queue is as long as before.
"""

from collections.abc import Iterator
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models import keystore, tables
from tests.postgres import Postgres

OWNED_BY = ("customer_id", "person_id")
ALSO = ("customer", "event")
ENDED = {"rights_request": {"status": "'FULFILLED'", "ended_at": "received_at"}}
AS_UUID, AS_DIGEST, AS_WORD = "md5({0}::text || c)::uuid", "sha256({0} || c::text::bytea)", "left(md5({0} || c), 16)"
KEEP = """
CREATE TEMP TABLE dropped AS
    SELECT conrelid::regclass::text AS belongs, contype AS kind, conname AS name, pg_get_constraintdef(oid) AS made
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype IN ('p', 'u', 'f')
    UNION ALL
    SELECT tablename, 'i', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
    AND indexname NOT IN (SELECT conname FROM pg_constraint);
DO $$ DECLARE one record; BEGIN
    FOR one IN SELECT * FROM dropped ORDER BY position(kind IN 'fpui') LOOP
        IF one.kind = 'i' THEN EXECUTE format('DROP INDEX %I', one.name);
        ELSE EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', one.belongs, one.name); END IF;
    END LOOP; END $$;
"""
RESTORE = """
SET maintenance_work_mem = '1GB';
DO $$ DECLARE one record; BEGIN
    FOR one IN SELECT * FROM dropped ORDER BY position(kind IN 'puif') LOOP
        IF one.kind = 'i' THEN EXECUTE one.made;
        ELSE EXECUTE format(
            'ALTER TABLE %s ADD CONSTRAINT %I %s %s', one.belongs, one.name, one.made,
            CASE one.kind WHEN 'f' THEN 'NOT VALID' ELSE '' END); END IF;
    END LOOP; END $$;
"""
"""Indexes are built when all rows are there: a row at a time would take many times as long. What refers to what is true of
copies as it was of the rows they were made of, and not looked at again."""


def gather(postgres: Postgres, name: str, times: int) -> None:
    """Everybody ``times`` times over, in the two databases of this name."""
    for database, room in ((f"{name}_main", tables), (f"{name}_keystore", keystore)):
        filled = [_filled(table, times - 1) for table in _of_customers(room)]
        postgres.sql("\n".join([KEEP, *filled, RESTORE]), database)
        postgres.sql("ANALYZE", database)


def _of_customers(room: Any) -> Iterator[type[Model]]:
    for table in vars(room).values():
        if isinstance(table, type) and issubclass(table, Model) and table._meta.db_table:
            names = table._meta.fields_db_projection
            if table._meta.db_table in ALSO or any(one in names for one in OWNED_BY):
                yield table


def _filled(table: type[Model], copies: int) -> str:
    name, columns = table._meta.db_table, list(table._meta.fields_db_projection)
    shown = ", ".join(f'"{one}"' for one in columns)
    made = ", ".join(_copied(table, one) for one in columns)
    return (
        f'CREATE TEMP TABLE held AS SELECT * FROM "{name}"; TRUNCATE "{name}"; '
        f'INSERT INTO "{name}" ({shown}) SELECT {made} FROM held, generate_series(0, {copies}) c; DROP TABLE held;'
    )


def _copied(table: type[Model], column: str) -> str:
    field, ended = table._meta.fields_map[column], ENDED.get(table._meta.db_table, {})
    own = f'held."{column}"'
    if column in ended:
        made = ended[column]
    elif isinstance(field, fields.UUIDField):
        made = AS_UUID.format(own)
    elif isinstance(field, tables.sealed.Digest):
        made = AS_DIGEST.format(own)
    elif field.unique and isinstance(field, fields.CharField):
        made = AS_WORD.format(own)
    elif field.unique:
        made = "NULL"
    else:
        return own
    return f"CASE WHEN c = 0 THEN {own} ELSE {made} END"
