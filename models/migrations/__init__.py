"""How the tables came to be: plain SQL, one file per step, database and dialect, applied by a small runner of our own.

Tortoise's migrations rebuild a SQLite table with foreign keys on (a parent's children are deleted), lose its indexes,
and take no lock. The rules here:

- ``main/`` and ``keystore/`` hold ``NNNN_what.sqlite.sql`` and ``NNNN_what.postgres.sql``, always both.
- A released file never changes; a further step is a new file.
- Every statement ends with ';' at the end of a line. No BEGIN, COMMIT or PRAGMA, and nothing that PostgreSQL refuses in
  a transaction: each file is applied in one, together with its mark in ``schema_migration``.
- SQLite rebuilds a table in this order: create ``x_new``, copy, drop ``x``, rename, create every index again. Foreign
  keys are off meanwhile and checked before the commit.
- The end is what the models generate, indexes included, and no row is lost: tests/models/test_migrations.py shows it.
"""

from models.migrations.describe import schema_of
from models.migrations.runner import MigrationChanged, ReferencesBroken, SchemaTooNew, migrate, pending

__all__ = ["MigrationChanged", "ReferencesBroken", "SchemaTooNew", "migrate", "pending", "schema_of"]
